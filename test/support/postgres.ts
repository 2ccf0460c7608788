/**
 * One throw-away PostgreSQL for a whole test run, and in it one migrated template database. Nothing starts before the
 * first test file asks (it writes `wanted`), so runs of pure tests stay quick. With KULANZ_TEST_DATABASE_URL that
 * server is used instead (its login must be allowed to create databases and roles), with KULANZ_TEST_POSTGRES (a folder
 * with `initdb` and `postgres`) one started from those programs.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startEmbedded } from "../../src/platform/database/index.ts";
import { silentLogger } from "../../src/platform/config/index.ts";
import { expectOk } from "../../src/pure/kernel/index.ts";
import { installedPrograms, startInstalled } from "./installed.ts";
import { administer, databaseUrl, makeTemplate, type TestServer } from "./server.ts";

declare module "vitest" {
  interface ProvidedContext {
    testServerFolder: string;
  }
}

export default function setup(project: TestProject): () => Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "kulanz-test-"));
  // As root the server runs under another account, which must get through to `data`.
  chmodSync(folder, 0o711);
  project.provide("testServerFolder", folder);
  let running: Promise<() => Promise<void>> | undefined;
  const timer = setInterval(() => {
    if (running !== undefined || !existsSync(join(folder, "wanted"))) return;
    clearInterval(timer);
    running = start(folder);
    running.catch((error: Error) => writeFileSync(join(folder, "failed"), error.stack ?? error.message));
  }, 20);
  return async () => {
    clearInterval(timer);
    const stop = await running?.catch(() => undefined);
    await stop?.();
    rmSync(folder, { recursive: true, force: true });
  };
}

async function start(folder: string): Promise<() => Promise<void>> {
  const given = process.env["KULANZ_TEST_DATABASE_URL"];
  const prefix = `kulanz_test_${randomBytes(4).toString("hex")}`;
  if (given) {
    await publish(folder, { url: given, prefix });
    return async () => {
      for (const row of await administer(given, "select datname from pg_database where datname like $1", [
        `${prefix}%`,
      ]))
        await administer(given, `drop database if exists ${String(row["datname"])} with (force)`);
    };
  }
  if (process.env["KULANZ_TEST_POSTGRES"]) {
    const programs = installedPrograms();
    if (programs === undefined) throw new Error("KULANZ_TEST_POSTGRES has no initdb");
    const server = await startInstalled(programs);
    await publish(folder, { url: server.url, prefix });
    return () => server.stop();
  }
  const options = { folder: join(folder, "data"), chance: randomBytes, log: silentLogger, throwAway: true };
  const server = expectOk(await startEmbedded(options));
  const guard = watchOver(server.pid, folder);
  await publish(folder, { url: databaseUrl(server.url, "postgres"), prefix });
  return async () => {
    guard();
    await server.stop();
  };
}

async function publish(folder: string, server: TestServer): Promise<void> {
  await makeTemplate(server);
  writeFileSync(join(folder, "ready.tmp"), JSON.stringify(server), { mode: 0o600 });
  renameSync(join(folder, "ready.tmp"), join(folder, "ready"));
}

/** When this process is killed its end of the pipe closes; the shell then ends the server and clears the folder. */
function watchOver(pid: number, folder: string): () => void {
  const script = 'read line; kill -INT "$1"; sleep 2; kill -KILL "$1" 2>/dev/null; rm -rf "$2"';
  const shell = spawn("/bin/sh", ["-c", script, "sh", String(pid), folder], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  shell.unref();
  return () => void shell.kill("SIGKILL");
}
