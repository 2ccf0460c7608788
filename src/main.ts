/**
 * The composition root: the only place that takes the real clock and chance, reads the environment, and puts adapters
 * into ports. Everything else is handed what it needs.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import process from "node:process";
import { ok, type Result, type TenantId } from "./pure/kernel/index.ts";
import { createLogger, packageRoot } from "./platform/config/index.ts";
import { createDatabase, type EmbeddedDatabase, migrate, startEmbedded } from "./platform/database/index.ts";
import { loadMasterKeys, openVault } from "./platform/sealed/index.ts";
import { installJobs, startLiveness, startWorker, type Worker } from "./platform/jobs/index.ts";
import { createHttpApp, createRateLimiter, type HttpServer, startHttpServer } from "./platform/http/index.ts";
import { addTelemetry, platformChecks, processMetrics } from "./platform/telemetry/index.ts";
import { type Gate, type Platform, SESSION_RULES } from "./platform/access/index.ts";
import {
  createComposer,
  createLetterPrinter,
  letterFolder,
  localOutbox,
  type Outbox,
  outboxTasks,
  smtpChannel,
} from "./outreach/messaging/index.ts";
import { dunningTasks } from "./outreach/dunning/index.ts";
import { apiRoutes } from "./doors/api/index.ts";
import { portalRoutes } from "./doors/portal/index.ts";
import { consoleRoutes } from "./doors/console/index.ts";
import { type OpenOptions, type Program, runCommandLine } from "./doors/cli/index.ts";

const chance = (bytes: number): Uint8Array => randomBytes(bytes);
const realClock = (): Date => new Date();

/** Failures: those of settings, embedded database, migrations, keys; each names its place. */
async function openProgram({ settings, log, now = realClock, acknowledge }: OpenOptions): Promise<Result<Program>> {
  let embedded: EmbeddedDatabase | null = null;
  if (settings.databaseUrl === undefined) {
    const started = await startEmbedded({ folder: settings.dataFolder, chance, log });
    if (!started.ok) return started;
    embedded = started.value;
  }
  const databaseUrl = settings.databaseUrl ?? embedded?.url ?? "";
  const keysFolder = embedded?.keysFolder ?? join(settings.dataFolder, "keys");
  const failed = async <T>(result: Result<T>): Promise<Result<T>> => {
    await embedded?.stop();
    return result;
  };

  const migrated = await migrate({ url: databaseUrl, now, log });
  if (!migrated.ok) return failed(migrated);
  await installJobs({ url: databaseUrl, log });
  const masterKeys = await loadMasterKeys(
    { text: settings.masterKey, file: settings.masterKeyFile, folder: keysFolder },
    chance,
  );
  if (!masterKeys.ok) return failed(masterKeys);
  const database = createDatabase({ url: databaseUrl, now, chance, log, poolSize: settings.databaseConnections });
  const vault = await openVault(database, masterKeys.value, chance);
  if (!vault.ok) {
    await database.close();
    return failed(vault);
  }
  const platform: Platform = { database, vault: vault.value };
  const liveness = await startLiveness({ url: databaseUrl, now: realClock, chance, log });
  const printer = createLetterPrinter();
  const smtp = settings.smtpUrl === undefined ? null : smtpChannel(settings.smtpUrl);
  let publicUrl = settings.publicUrl;
  const outboxOf = (tenantId: TenantId): Outbox => ({
    platform,
    worker: liveness.workerId,
    isAlive: (worker) => liveness.isAlive(worker),
    channels: { email: smtp ?? localOutbox(platform, tenantId), letter: letterFolder(settings.letterFolder) },
    composer: createComposer({ printer, publicUrl: () => publicUrl }),
    ...(acknowledge && { acknowledge }),
  });

  let server: HttpServer | null = null;
  let worker: Worker | null = null;
  const measures = processMetrics();
  let closing: Promise<void> | null = null;
  const program: Program = {
    settings,
    log,
    now,
    chance,
    platform,
    databaseUrl,
    keysFolder: settings.masterKey === undefined && settings.masterKeyFile === undefined ? keysFolder : null,
    liveness,
    outboxOf,
    async startWeb(port = settings.port) {
      const app = createHttpApp({
        log,
        now,
        chance,
        observe: measures.observe,
        https: publicUrl.startsWith("https:"),
        largeBodies: ["/api/v1/imports"],
      });
      addTelemetry(app, measures.metrics, platformChecks(database, vault.value));
      const gate: Gate = { platform, rules: SESSION_RULES, publicUrl };
      const rateLimiter = createRateLimiter(database, vault.value);
      const shared = {
        platform,
        gate,
        outboxOf,
        now,
        chance,
        log,
        printer,
        rateLimiter,
        settings: { publicUrl, smtp: smtp !== null },
      };
      app.route("/api/v1", apiRoutes(shared));
      app.route("/p", portalRoutes(shared));
      app.route("/", consoleRoutes({ folder: join(packageRoot, "dist/console") }));
      const started = await startHttpServer({ fetch: app.fetch as never, port, host: settings.host, log });
      if (!started.ok) return started;
      server = started.value;
      // A port chosen by the system is known only now.
      if (settings.port === 0 && publicUrl === "http://localhost:0") publicUrl = `http://localhost:${server.port}`;
      return ok(server.port);
    },
    async startWorker() {
      worker = await startWorker({
        url: databaseUrl,
        log,
        liveness,
        tasks: [...outboxTasks({ platform, outboxOf }), ...dunningTasks({ platform })],
        cron: [{ task: "outbox.leave", match: "* * * * *" }],
        concurrency: settings.workers,
      });
    },
    close() {
      closing ??= (async () => {
        await server?.stop();
        await worker?.stop();
        measures.stop();
        smtp?.close();
        printer.close();
        await liveness.stop();
        await database.close();
        await embedded?.stop();
      })();
      return closing;
    },
  };
  return ok(program);
}

process.exitCode = await runCommandLine({
  args: process.argv.slice(2),
  environment: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  now: realClock,
  chance,
  createLogger,
  openProgram,
});
