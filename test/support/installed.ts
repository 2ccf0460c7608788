/** The machine's own PostgreSQL, an older one than ours, where its programs are installed (Debian's layout). */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

export interface InstalledServer {
  /** Login that may create databases and roles. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Folder of the programs of the oldest version we support, or undefined. */
export function installedPrograms(): string | undefined {
  const named = process.env["KULANZ_TEST_POSTGRES"];
  return [named, "/usr/lib/postgresql/15/bin"].find((path) => path !== undefined && existsSync(join(path, "initdb")));
}

/** Starts a throw-away server from these programs. */
export async function startInstalled(programs: string): Promise<InstalledServer> {
  const folder = mkdtempSync(join(tmpdir(), "kulanz-installed-"));
  const ids = unprivileged();
  if (ids) chownSync(folder, ids.uid, ids.gid);
  const how = { ...ids, cwd: "/", env: { PATH: process.env["PATH"], LC_ALL: "C", TZ: "UTC" } };
  const data = join(folder, "data");
  const words = ["-D", data, "-U", "kulanz", "-E", "UTF8", "--locale=C.UTF-8", "--auth=trust", "--no-sync"];
  const made = spawnSync(join(programs, "initdb"), words, { ...how, encoding: "utf8" });
  if (made.status !== 0) throw new Error(made.stderr);
  const port = await freePort();
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    port,
    fsync: "off",
    full_page_writes: "off",
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child: ChildProcess = spawn(join(programs, "postgres"), ["-D", data, ...options], { ...how, stdio: "ignore" });
  const ready = (): boolean => {
    const file = join(data, "postmaster.pid");
    return existsSync(file) && readFileSync(file, "utf8").split("\n")[7]?.trim() === "ready";
  };
  while (!ready()) {
    if (child.exitCode !== null) throw new Error(`postgres ended with ${child.exitCode}`);
    await pause(20);
  }
  return {
    url: `postgres://kulanz@127.0.0.1:${port}/postgres`,
    stop: async () => {
      const ended = new Promise((done) => child.once("exit", done));
      child.kill("SIGINT");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const rows = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  const row = rows.find(([name]) => name === "postgres") ?? rows.find(([name]) => name === "nobody");
  return row && { uid: Number(row[2]), gid: Number(row[3]) };
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
