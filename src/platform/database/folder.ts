/** The data folder: `DIR/pg18` (PostgreSQL), `DIR/keys` (secrets, 0600), and the lock that keeps a second start out. */
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, realpathSync, statSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type Failure, fail, ok, type Result } from "../../pure/kernel/index.ts";

export interface DataFolder {
  /** Real path. */
  readonly path: string;
  readonly keys: string;
  readonly cluster: string;
}

export type FolderFailure = Failure<"data_folder_not_writable">;

/** Creates what is missing. Only `keys` is closed to all others: PostgreSQL's account must get through the rest. */
export function openFolder(folder: string): Result<DataFolder, FolderFailure> {
  const wanted = resolve(folder);
  try {
    mkdirSync(dirname(wanted), { recursive: true, mode: 0o755 });
    if (!existsSync(wanted)) mkdirSync(wanted, { mode: 0o711 });
    const path = realpathSync(wanted);
    const mine = readdirSync(path);
    const { mode, uid } = statSync(path);
    // A folder made by `mktemp -d` is closed to PostgreSQL's account. It is ours when it is empty or we filled it.
    if (process.getuid?.() === 0 && uid === 0 && (mine.length === 0 || mine.includes("keys")))
      chmodSync(path, (mode & 0o777) | 0o011);
    const keys = join(path, "keys");
    if (!existsSync(keys)) mkdirSync(keys, { mode: 0o700 });
    return ok({ path, keys, cluster: join(path, "pg18") });
  } catch (error) {
    const code = (error as { code?: string }).code ?? "error";
    return fail("unavailable", "data_folder_not_writable", `The data folder can't be used (${code}).`, wanted);
  }
}

const PATIENCE_MS = 1_500;

export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Held as long as this process lives, whatever ends it: a listening socket in Linux' abstract name space, which the
 * kernel takes away with the process. It holds within one network name space: two containers must not share a folder.
 * Error: `already_running`.
 */
export async function lockFolder(folder: DataFolder): Promise<Result<FolderLock, Failure<"already_running">>> {
  const name = `kulanz-${createHash("sha256").update(folder.path).digest("hex").slice(0, 32)}`;
  const address =
    process.platform === "linux"
      ? `\0${name}`
      : process.platform === "win32"
        ? `\\\\.\\pipe\\${name}`
        : join(tmpdir(), `${name}.sock`);
  // A process that was killed a moment ago may still be on its way out: only who stays is running.
  let server = await listen(address);
  for (let waited = 0; server === undefined && waited < PATIENCE_MS; waited += 100) {
    await new Promise((done) => setTimeout(done, 100));
    server = await listen(address);
  }
  if (server === undefined)
    return fail("conflict", "already_running", "Kulanz is already running on this data folder.", folder.path);
  return ok({ release: () => new Promise((done) => server.close(() => done())) });
}

function listen(address: string): Promise<Server | undefined> {
  return new Promise((done, failed) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", (error: Error & { code?: string }) =>
      error.code === "EADDRINUSE" ? done(undefined) : failed(error),
    );
    server.listen(address, () => done(server.unref()));
  });
}
