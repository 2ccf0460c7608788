import { type ChildProcess, fork, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { silentLogger } from "../../src/platform/config/index.ts";
import { type EmbeddedDatabase, startEmbedded } from "../../src/platform/database/index.ts";
import type { Failure } from "../../src/pure/kernel/index.ts";

// Several real starts each, on a disk that may be busy.
vi.setConfig({ testTimeout: 120_000 });
const root = process.getuid?.() === 0;
const folders: string[] = [];
const servers: EmbeddedDatabase[] = [];
const children: ChildProcess[] = [];
/** As `mktemp -d` makes it: closed to everybody else. */
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "kulanz-embedded-"));
  folders.push(folder);
  return folder;
}
/** A copy of a folder on which a first start was made: that takes 2 s, a copy none. */
let prepared: string | undefined;
async function usedFolder(): Promise<string> {
  if (prepared === undefined) {
    prepared = mkdtempSync(join(tmpdir(), "kulanz-embedded-"));
    const first = await startEmbedded({ ...options, folder: prepared });
    if (!first.ok) throw new Error(JSON.stringify(first.error));
    await first.value.stop();
  }
  const folder = newFolder();
  spawnSync("cp", ["-a", `${prepared}/.`, folder]);
  return folder;
}
afterAll(() => {
  if (prepared !== undefined) rmSync(prepared, { recursive: true, force: true });
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const server of servers.splice(0)) await server.stop();
  for (const folder of folders.splice(0)) {
    // An orphan of a killed child: a new start takes it over, then it can be stopped.
    if (existsSync(join(folder, "pg18/postmaster.pid"))) await (await start(folder)).stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

const options = { chance: randomBytes, log: silentLogger };
async function start(folder: string): Promise<EmbeddedDatabase> {
  const started = await startEmbedded({ ...options, folder });
  if (!started.ok) throw new Error(JSON.stringify(started.error));
  servers.push(started.value);
  return started.value;
}
async function stopAll(): Promise<void> {
  for (const server of servers.splice(0)) await server.stop();
}

async function query(url: string, ...texts: string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  client.on("error", () => {});
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const text of texts) rows = (await client.query(text)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

type Said = { url: string; pid: number; error?: Failure };
async function startChild(folder: string): Promise<{ child: ChildProcess; said: Said }> {
  const child = fork(join(import.meta.dirname, "embedded_process.ts"), [folder], {
    execArgv: ["--import", join(import.meta.dirname, "../support/typescript.js")],
  });
  children.push(child);
  return { child, said: await new Promise<Said>((done) => child.once("message", (message) => done(message as Said))) };
}

describe("the embedded database", () => {
  it("starts on an empty folder, keeps its data and its secrets", async () => {
    const folder = newFolder();
    const first = await start(folder);
    await query(first.url, "create table kept (n int)", "insert into kept values (1)");
    const shown = await query(
      first.url,
      `select name, setting from pg_settings where name in ('fsync', 'listen_addresses', 'unix_socket_directories',
        'max_wal_size', 'random_page_cost', 'synchronous_commit', 'server_encoding') order by name`,
    );
    expect(Object.fromEntries(shown.map((row) => [row["name"], row["setting"]]))).toEqual({
      fsync: "on",
      listen_addresses: "127.0.0.1",
      max_wal_size: "4096",
      random_page_cost: "1.1",
      server_encoding: "UTF8",
      synchronous_commit: "on",
      unix_socket_directories: "",
    });
    for (const file of readdirSync(first.keysFolder))
      expect(statSync(join(first.keysFolder, file)).mode & 0o777).toBe(0o600);
    expect(statSync(first.keysFolder).mode & 0o777).toBe(0o700);
    const wrong = first.url.replace(/:[^:@]+@/, ":wrong@");
    await expect(query(wrong, "select 1")).rejects.toThrow(/password authentication failed/);
    await stopAll();
    await expect(query(first.url, "select 1")).rejects.toThrow();
    const second = await start(folder);
    expect(await query(second.url, "select n from kept")).toEqual([{ n: 1 }]);
  });

  it("refuses a second start on the folder, from this process and another", async () => {
    const folder = await usedFolder();
    await start(folder);
    const again = await startEmbedded({ ...options, folder });
    expect(again.ok ? undefined : again.error.code).toBe("already_running");
    const { said } = await startChild(folder);
    expect(said.error?.code).toBe("already_running");
    expect(said.error?.where).toBe(folder);
    await stopAll();
    await start(folder);
  });

  it("lets one of two that start at the same moment win", async () => {
    const folder = newFolder();
    const both = await Promise.all([startChild(folder), startChild(folder)]);
    expect(both.map(({ said }) => said.error?.code ?? "started").sort()).toEqual(["already_running", "started"]);
  });

  it("takes over the server of a killed process; no connection of that one goes on writing", async () => {
    const folder = await usedFolder();
    const { child, said } = await startChild(folder);
    await query(said.url, "create table kept (n int)", "insert into kept values (1)");
    const left = new pg.Client(said.url);
    const dropped = new Promise((done) => left.on("error", done));
    await left.connect();
    child.kill("SIGKILL");
    await new Promise((done) => child.once("exit", done));
    expect(await query(said.url, "select n from kept")).toEqual([{ n: 1 }]);
    const server = await start(folder);
    await dropped;
    expect(server.pid).not.toBe(said.pid);
    expect(await query(server.url, "select n from kept")).toEqual([{ n: 1 }]);
  });

  it("takes the server along when its process ends without a stop", async () => {
    const folder = await usedFolder();
    const { child } = await startChild(folder);
    child.send("exit");
    await new Promise((done) => child.once("exit", done));
    await vi.waitFor(() => expect(existsSync(join(folder, "pg18/postmaster.pid"))).toBe(false), 20_000);
  });

  it("recovers what was acknowledged when server and process were killed", async () => {
    const folder = await usedFolder();
    const { child, said } = await startChild(folder);
    await query(said.url, "create table kept (n int)");
    const writer = new pg.Client(said.url);
    writer.on("error", () => {});
    await writer.connect();
    let acknowledged = 0;
    const writing = (async () => {
      for (let n = 1; ; n += 1) {
        await writer.query("insert into kept values ($1)", [n]);
        acknowledged = n;
      }
    })().catch(() => {});
    await pause(300);
    process.kill(said.pid, "SIGKILL");
    child.kill("SIGKILL");
    await writing;
    const server = await start(folder);
    const [row] = await query(server.url, "select count(*)::int as count, coalesce(max(n), 0) as last from kept");
    expect(acknowledged).toBeGreaterThan(10);
    expect(row?.["last"]).toBeGreaterThanOrEqual(acknowledged);
    expect(row?.["count"]).toBe(row?.["last"]);
  });

  it("is not fooled by a left-over file that names a process of somebody else", async () => {
    const folder = await usedFolder();
    await start(folder);
    await stopAll();
    writeFileSync(
      join(folder, "pg18/postmaster.pid"),
      `${process.pid}\n${folder}/pg18\n1\n5432\n\n127.0.0.1\n\nready   \n`,
    );
    const server = await start(folder);
    expect(await query(server.url, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("starts again after being killed in the middle of its first set-up", async () => {
    const folder = newFolder();
    mkdirSync(join(folder, "keys"));
    mkdirSync(join(folder, "pg18.new"));
    writeFileSync(join(folder, "pg18.new/PG_VERSION"), "18\n");
    expect(await query((await start(folder)).url, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("tells when its end was not asked for", async () => {
    const folder = await usedFolder();
    const ended = new Promise<void>((done) => {
      void startEmbedded({ ...options, folder, onEnd: done }).then((started) => {
        if (!started.ok) throw new Error(started.error.code);
        servers.push(started.value);
        process.kill(started.value.pid, "SIGINT");
      });
    });
    await ended;
  });

  it("says what is missing when the password file was taken away", async () => {
    const folder = await usedFolder();
    await start(folder);
    await stopAll();
    renameSync(join(folder, "keys/postgres-password"), join(folder, "moved"));
    const refused = await startEmbedded({ ...options, folder });
    expect(refused.ok ? undefined : refused.error.code).toBe("database_secret_missing");
    renameSync(join(folder, "moved"), join(folder, "keys/postgres-password"));
    await start(folder);
  });

  it("says which file it could not use as a folder", async () => {
    const folder = newFolder();
    writeFileSync(join(folder, "file"), "");
    const refused = await startEmbedded({ ...options, folder: join(folder, "file") });
    expect(refused.ok ? undefined : refused.error).toMatchObject({
      code: "data_folder_not_writable",
      where: join(folder, "file"),
    });
  });
});

describe.runIf(root)("as root", () => {
  it("works below a folder that is closed to others, in the ways the machine allows", async () => {
    const path = process.env["PATH"] ?? "";
    const tools = newFolder();
    const ways: string[] = [];
    // All tools; then only some of them, as on a machine that lacks or forbids the others.
    for (const without of [[], ["setpriv"], ["setpriv", "unshare"]]) {
      const closed = newFolder();
      writeFileSync(join(closed, "somebody-elses"), "");
      const folder = join(closed, "data");
      for (const tool of ["setpriv", "unshare"]) {
        rmSync(join(tools, tool), { force: true });
        if (without.includes(tool)) writeFileSync(join(tools, tool), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
      }
      process.env["PATH"] = `${tools}:${path}`;
      try {
        const started = await startEmbedded({ ...options, folder });
        if (started.ok) {
          servers.push(started.value);
          expect(await query(started.value.url, "select 1 as one")).toEqual([{ one: 1 }]);
          ways.push(String(statSync(join(folder, "pg18")).uid));
          await stopAll();
          expect(await query((await start(folder)).url, "select 2 as two")).toEqual([{ two: 2 }]);
          await stopAll();
        } else {
          expect(started.error).toMatchObject({ code: "data_folder_not_reachable", where: folder });
          ways.push("refused");
        }
      } finally {
        process.env["PATH"] = path;
      }
      expect(statSync(closed).mode & 0o777).toBe(0o700);
    }
    expect(ways.at(-1)).toBe("refused");
    expect(ways[0]).not.toBe("0");
  });

  it("works as a normal user on the same machine", async () => {
    const folder = newFolder();
    chmodSync(folder, 0o700);
    spawnSync("chown", ["65534:65534", folder]);
    const script = join(import.meta.dirname, "embedded_process.ts");
    const child = fork(script, [folder], {
      execArgv: ["--import", join(import.meta.dirname, "../support/typescript.js")],
      uid: 65534,
      gid: 65534,
      env: { PATH: process.env["PATH"], HOME: folder },
    });
    children.push(child);
    const said = await new Promise<Said>((done) => child.once("message", (message) => done(message as Said)));
    expect(said.error).toBeUndefined();
    expect(readFileSync(`/proc/${said.pid}/status`, "utf8")).toMatch(/^Uid:\s+65534/m);
    expect(await query(said.url, "select 1 as one")).toEqual([{ one: 1 }]);
    child.send("stop");
    await new Promise((done) => child.once("exit", done));
  });
});
