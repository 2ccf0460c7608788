/** A real SFTP server in this process, for one folder and one user; only what a client of ours asks for. */
import { createHash } from "node:crypto";
import { mkdirSync, openSync, closeSync, readdirSync, readSync, renameSync, statSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { join, normalize } from "node:path";

// The package has no types of its own; a test's server needs no more than this.
// biome-ignore lint/suspicious/noExplicitAny: see above
const { Server, utils } = createRequire(import.meta.url)("ssh2") as any;
const { STATUS_CODE, OPEN_MODE } = utils.sftp;

export interface SftpServer {
  readonly port: number;
  /** As `ssh-keygen -l` shows it. */
  readonly hostKey: string;
  /** Private key the user signs in with. */
  readonly userKey: string;
  close(): Promise<void>;
}

export async function startSftp(folder: string): Promise<SftpServer> {
  // One in some hundred of the library's own key pairs can't be read again.
  const pair = (): { private: string; public: string } => {
    for (;;) {
      const made = utils.generateKeyPairSync("ed25519");
      if (![made.private, made.public].some((key) => utils.parseKey(key) instanceof Error)) return made;
    }
  };
  const [host, user] = [pair(), pair()];
  const hostPublic: Buffer = utils.parseKey(host.public).getPublicSSH();
  const allowed: Buffer = utils.parseKey(user.public).getPublicSSH();
  const local = (path: string): string => join(folder, normalize(`/${path}`));
  // biome-ignore lint/suspicious/noExplicitAny: see above
  const clients = new Set<any>();
  // biome-ignore lint/suspicious/noExplicitAny: see above
  const server = new Server({ hostKeys: [host.private] }, (client: any) => {
    clients.add(client);
    client.on("error", () => {});
    // biome-ignore lint/suspicious/noExplicitAny: see above
    client.on("authentication", (context: any) => {
      if (context.method !== "publickey" || !context.key.data.equals(allowed)) return context.reject(["publickey"]);
      context.accept();
    });
    client.on("ready", () =>
      // biome-ignore lint/suspicious/noExplicitAny: see above
      client.on("session", (accept: any) => accept().on("sftp", (open: any) => serve(open(), local))),
    );
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    port: server.address().port,
    hostKey: `SHA256:${createHash("sha256").update(hostPublic).digest("base64").replace(/=+$/, "")}`,
    userKey: user.private,
    close: () =>
      new Promise((done) => {
        for (const client of clients) client.end();
        server.close(() => done());
      }),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: see above
function serve(sftp: any, local: (path: string) => string): void {
  const handles = new Map<number, { fd?: number; names?: string[]; path: string }>();
  let next = 0;
  const keep = (one: { fd?: number; names?: string[]; path: string }): Buffer => {
    const id = Buffer.alloc(4);
    id.writeUInt32BE((next += 1));
    handles.set(next, one);
    return id;
  };
  const of = (id: Buffer) => handles.get(id.readUInt32BE(0));
  const attrs = (path: string) => {
    const { mode, size, atimeMs, mtimeMs } = statSync(path);
    return { mode, size, uid: 0, gid: 0, atime: Math.floor(atimeMs / 1000), mtime: Math.floor(mtimeMs / 1000) };
  };
  const attempt = (request: number, work: () => void): void => {
    try {
      work();
    } catch {
      sftp.status(request, STATUS_CODE.NO_SUCH_FILE);
    }
  };
  sftp.on("OPENDIR", (request: number, path: string) =>
    attempt(request, () => sftp.handle(request, keep({ names: readdirSync(local(path)), path }))),
  );
  sftp.on("READDIR", (request: number, id: Buffer) => {
    const one = of(id);
    if (!one?.names) return sftp.status(request, STATUS_CODE.EOF);
    const { names, path } = one;
    delete one.names;
    sftp.name(
      request,
      names.map((filename) => ({ filename, longname: filename, attrs: attrs(join(local(path), filename)) })),
    );
  });
  for (const kind of ["STAT", "LSTAT"])
    sftp.on(kind, (request: number, path: string) => attempt(request, () => sftp.attrs(request, attrs(local(path)))));
  sftp.on("FSTAT", (request: number, id: Buffer) =>
    attempt(request, () => sftp.attrs(request, attrs(local(of(id)?.path ?? "")))),
  );
  sftp.on("OPEN", (request: number, path: string, flags: number) =>
    attempt(request, () =>
      sftp.handle(request, keep({ fd: openSync(local(path), flags & OPEN_MODE.WRITE ? "w" : "r"), path })),
    ),
  );
  sftp.on("READ", (request: number, id: Buffer, offset: number, length: number) => {
    const bytes = Buffer.alloc(length);
    const read = readSync(of(id)?.fd ?? -1, bytes, 0, length, offset);
    if (read === 0) sftp.status(request, STATUS_CODE.EOF);
    else sftp.data(request, bytes.subarray(0, read));
  });
  sftp.on("WRITE", (request: number, id: Buffer, offset: number, data: Buffer) => {
    writeSync(of(id)?.fd ?? -1, data, 0, data.length, offset);
    sftp.status(request, STATUS_CODE.OK);
  });
  sftp.on("FSETSTAT", (request: number) => sftp.status(request, STATUS_CODE.OK));
  sftp.on("CLOSE", (request: number, id: Buffer) => {
    const one = of(id);
    if (one?.fd !== undefined) closeSync(one.fd);
    sftp.status(request, STATUS_CODE.OK);
  });
  sftp.on("RENAME", (request: number, from: string, to: string) =>
    attempt(request, () => {
      renameSync(local(from), local(to));
      sftp.status(request, STATUS_CODE.OK);
    }),
  );
  sftp.on("MKDIR", (request: number, path: string) =>
    attempt(request, () => {
      mkdirSync(local(path));
      sftp.status(request, STATUS_CODE.OK);
    }),
  );
}
