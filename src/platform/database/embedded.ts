/**
 * A real PostgreSQL 18 as our child, on 127.0.0.1, with its data in `DIR/pg18`.
 *
 * Who starts it holds the folder's lock. A server that is found running under a free lock has lost its parent
 * (`kill -9`): it is stopped and started again, so that no connection of the lost process tree can go on writing.
 * Nothing acknowledged is lost by that: a commit waits for the disk (fsync on).
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { type Chance, type Failure, fail, ok, type Result } from "../../pure/kernel/index.ts";
import type { Logger } from "../config/index.ts";
import { findPrograms, type Programs, type ProgramsFailure, programEnvironment } from "./binaries.ts";
import { type DataFolder, type FolderFailure, lockFolder, openFolder } from "./folder.ts";

export interface EmbeddedOptions {
  /** The data folder DIR. */
  readonly folder: string;
  readonly chance: Chance;
  readonly log: Logger;
  /** For tests: no fsync, nothing lasts. */
  readonly throwAway?: boolean;
  /** More settings of postgresql.conf. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** The server ended without `stop`. */
  readonly onEnd?: () => void;
}

export interface EmbeddedDatabase {
  /** With the login's password; for the database `kulanz`. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** `DIR/keys`, where the other secrets go. */
  readonly keysFolder: string;
  /** Fast shutdown, then the folder is free. */
  readonly stop: () => Promise<void>;
}

export type EmbeddedFailure =
  | FolderFailure
  | ProgramsFailure
  | Failure<"already_running" | "database_secret_missing" | "postgres_start_failed">;

export const SECRET = "postgres-password";
export const DATABASE = "kulanz";
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/**
 * Starts PostgreSQL on a folder, which is created when it is missing (first start some 2 s, later 0.2 s).
 * Errors: `already_running`, `data_folder_not_writable`, `data_folder_not_reachable`, `postgres_missing`,
 * `database_secret_missing` (the password file was taken away), `postgres_start_failed` (with the server's words).
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Result<EmbeddedDatabase, EmbeddedFailure>> {
  const folder = openFolder(options.folder);
  if (!folder.ok) return folder;
  const lock = await lockFolder(folder.value);
  if (!lock.ok) return lock;
  const started = await startLocked(folder.value, options).catch(async (error: unknown) => {
    await lock.value.release();
    throw error;
  });
  if (!started.ok) {
    await lock.value.release();
    return started;
  }
  const { stop, ...server } = started.value;
  return ok({
    ...server,
    stop: async () => {
      await stop();
      await lock.value.release();
    },
  });
}

async function startLocked(
  folder: DataFolder,
  options: EmbeddedOptions,
): Promise<Result<EmbeddedDatabase, EmbeddedFailure>> {
  const programs = findPrograms(folder.path, folder.cluster);
  if (!programs.ok) return programs;
  const prepared = existsSync(folder.cluster) ? ok(undefined) : initialise(folder, programs.value, options);
  if (!prepared.ok) return prepared;
  if (!existsSync(join(folder.keys, SECRET)))
    return fail(
      "unavailable",
      "database_secret_missing",
      "The password of the built-in database is not in the data folder. Put the file back, or restore a backup into a new folder.",
      join(folder.keys, SECRET),
    );
  const password = readFileSync(join(folder.keys, SECRET), "utf8").trim();
  await endOrphan(folder.cluster, options.log);

  let words = "";
  for (let attempt = 1; attempt <= 40; attempt += 1) {
    const server = await launch(folder.cluster, programs.value, options);
    if (server.child !== undefined) {
      const url = `postgres://${DATABASE}:${encodeURIComponent(password)}@127.0.0.1:${server.port}/${DATABASE}`;
      await createDatabaseOnce(url);
      return ok({
        url,
        port: server.port,
        pid: server.child.pid ?? 0,
        keysFolder: folder.keys,
        stop: stopper(server.child, options),
      });
    }
    words = server.words;
    // Left-over processes of a killed server end within moments; a port taken meanwhile is another one next time.
    if (!/still in use|already exists|could not bind|could not create any TCP/.test(words)) break;
    await pause(250);
  }
  return fail(
    "unavailable",
    "postgres_start_failed",
    `The built-in PostgreSQL does not start: ${lastWords(words)}`,
    folder.cluster,
  );
}

/** Made beside its place and moved there when it is whole, so that a kill in between leaves nothing half made. */
function initialise(
  folder: DataFolder,
  { native, ids, owner, prefix }: Programs,
  { chance, throwAway }: EmbeddedOptions,
): Result<void, EmbeddedFailure> {
  const fresh = `${folder.cluster}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  if (owner) chownSync(fresh, owner.uid, owner.gid);
  const password = Buffer.from(chance(24)).toString("base64url");
  writeFileSync(join(folder.keys, SECRET), `${password}\n`, { mode: 0o600 });
  // initdb reads the password as the unprivileged account, and by name only: a file of its own for a moment.
  const handed = join(tmpdir(), `kulanz-${Buffer.from(chance(12)).toString("hex")}`);
  writeFileSync(handed, `${password}\n`, { mode: 0o600, flag: "wx" });
  try {
    if (owner) chownSync(handed, owner.uid, owner.gid);
    const words = [...prefix, join(native, "bin/initdb"), "-D", fresh, "-U", DATABASE, "-E", "UTF8"];
    words.push("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions");
    // No sockets but TCP with a password, also for accounts of the same machine.
    words.push("--auth-local=reject", "--auth-host=scram-sha-256", `--pwfile=${handed}`);
    if (throwAway) words.push("--no-sync");
    const [program = "", ...rest] = words;
    const done = spawnSync(program, rest, { ...ids, cwd: "/", env: programEnvironment(), encoding: "utf8" });
    if (done.status !== 0)
      return fail(
        "unavailable",
        "postgres_start_failed",
        `initdb failed: ${lastWords(done.stderr ?? "")}`,
        folder.cluster,
      );
  } finally {
    rmSync(handed, { force: true });
  }
  renameSync(fresh, folder.cluster);
  return ok(undefined);
}

function settingsOf({ throwAway, settings }: EmbeddedOptions, port: number): Record<string, string | number> {
  const gigabytes = totalmem() / 2 ** 30;
  return {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    port,
    max_connections: 100,
    timezone: "UTC",
    log_timezone: "UTC",
    // Taken as it is touched. Measured on 60,000 payments of 180,000 items: 2 GB take a sixth of the server's work away.
    shared_buffers: gigabytes >= 16 ? "2GB" : gigabytes >= 8 ? "512MB" : "128MB",
    effective_cache_size: `${Math.max(512, Math.floor(gigabytes * 512))}MB`,
    work_mem: "16MB",
    maintenance_work_mem: "128MB",
    // Measured on a dunning run of a million items: with 1 GB one checkpoint a run, with 4 GB none.
    max_wal_size: "4GB",
    random_page_cost: 1.1,
    jit: "off",
    // Terse leaves out DETAIL, which quotes values of rows.
    log_error_verbosity: "terse",
    log_min_error_statement: "panic",
    log_checkpoints: "off",
    ...(throwAway
      ? { fsync: "off", synchronous_commit: "off", full_page_writes: "off", wal_level: "minimal", max_wal_senders: 0 }
      : {
          logging_collector: "on",
          log_filename: "postgres-%a.log",
          log_truncate_on_rotation: "on",
          log_rotation_age: "1d",
        }),
    ...settings,
  };
}

type Launched =
  | { readonly child: ChildProcess; readonly port: number }
  | { readonly child?: undefined; readonly words: string };

async function launch(cluster: string, { native, ids, prefix }: Programs, options: EmbeddedOptions): Promise<Launched> {
  const port = await freePort();
  const [program, ...words] = [...prefix, join(native, "bin/postgres"), "-D", cluster];
  for (const [name, value] of Object.entries(settingsOf(options, port))) words.push("-c", `${name}=${value}`);
  // Its own session: Ctrl-C on the terminal is for us, and we stop it in order.
  const child = spawn(program, words, {
    ...ids,
    cwd: "/",
    env: programEnvironment(),
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  // Its own session outlives ours: whatever ends this process (a second Ctrl-C, a bug) takes the server along.
  const endWithUs = (): void => void child.kill("SIGINT");
  process.once("exit", endWithUs);
  let said = "";
  let ended = false;
  child.stderr.on("data", (chunk: Buffer) => {
    said = `${said}${chunk.toString()}`.slice(-4000);
  });
  child.once("error", (error) => {
    said += error.message;
    ended = true;
    process.off("exit", endWithUs);
  });
  child.once("exit", () => {
    ended = true;
    process.off("exit", endWithUs);
  });
  // Recovery after a crash may take long; as long as the server lives, it is at work.
  while (!ended) {
    const [pid, , , , , , , status] = pidFile(cluster) ?? [];
    // After a crash the old file still says "ready": the first line must be our child.
    if (Number(pid) === child.pid && status?.trim() === "ready") {
      child.unref();
      (child.stderr as unknown as Socket).unref();
      return { child, port };
    }
    await pause(10);
  }
  await pause(20);
  return { words: said };
}

function stopper(child: ChildProcess, { log, onEnd }: EmbeddedOptions): () => Promise<void> {
  let wanted = false;
  const ended = new Promise<void>((done) => {
    child.once("exit", () => {
      done();
      if (wanted) return;
      log.error("postgres_ended");
      onEnd?.();
    });
  });
  return async () => {
    wanted = true;
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.ref();
    child.kill("SIGINT");
    const timer = setTimeout(() => child.kill("SIGQUIT"), 30_000);
    await ended;
    clearTimeout(timer);
  };
}

/** Stops the server of a process tree that is gone. */
async function endOrphan(cluster: string, log: Logger): Promise<void> {
  const [line] = pidFile(cluster) ?? [];
  const pid = Number(line);
  if (!Number.isInteger(pid) || pid <= 1) return;
  if (!isServerOf(pid, cluster)) {
    // The number belongs to somebody else by now; PostgreSQL would take it for a running server.
    if (process.platform === "linux") rmSync(join(cluster, "postmaster.pid"), { force: true });
    return;
  }
  log.warn("postgres_orphan_found", { pid });
  for (const [signal, seconds] of [
    ["SIGINT", 20],
    ["SIGQUIT", 20],
    ["SIGKILL", 5],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    for (let waited = 0; waited < seconds * 1000; waited += 20) {
      if (!isServerOf(pid, cluster)) return;
      await pause(20);
    }
  }
}

function isServerOf(pid: number, cluster: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and is another account's.
    if ((error as { code?: string }).code !== "EPERM") return false;
  }
  if (process.platform !== "linux") return true;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(cluster);
  } catch {
    return false;
  }
}

function pidFile(cluster: string): readonly string[] | undefined {
  try {
    return readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n");
  } catch {
    return undefined;
  }
}

async function createDatabaseOnce(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url.replace(/[^/]*$/, "postgres") });
  client.on("error", () => {});
  await client.connect();
  try {
    const present = await client.query("select from pg_database where datname = $1", [DATABASE]);
    if (present.rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer().once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => done(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** The server's last lines without their time stamps. */
const lastWords = (said: string): string =>
  said
    .trim()
    .split("\n")
    .slice(-3)
    .map((line) => line.replace(/^[\d-]+ [\d:.]+ UTC \[\d+\] /, ""))
    .join(" ")
    .slice(0, 500);
