/**
 * The composition root: the only place that takes the real clock and chance, reads the environment, and puts adapters
 * into ports. Everything else is handed what it needs.
 */
import { randomBytes, randomFillSync } from "node:crypto";
import { join } from "node:path";
import process from "node:process";
import { ok, type Result, type TenantId } from "./pure/kernel/index.ts";
import { packageRoot } from "./platform/config/index.ts";
import {
  createDatabase,
  type EmbeddedDatabase,
  joinEmbedded,
  keepErasures,
  migrate,
  startEmbedded,
} from "./platform/database/index.ts";
import { loadMasterKeys, openVault } from "./platform/sealed/index.ts";
import { installJobs, startLiveness, startWorker, type Worker } from "./platform/jobs/index.ts";
import { createHttpApp, createRateLimiter, type HttpServer, startHttpServer } from "./platform/http/index.ts";
import { addTelemetry, type Metrics, platformChecks, processMetrics } from "./platform/telemetry/index.ts";
import { accessTasks, type Gate, type Platform, SESSION_RULES } from "./platform/access/index.ts";
import {
  createComposer,
  createLetterPrinter,
  letterFolder,
  localOutbox,
  type Outbox,
  outboxTasks,
  type PrintParts,
  smtpChannel,
} from "./outreach/messaging/index.ts";
import { duplicateTasks, FIND_DUPLICATES } from "./books/duplicates/index.ts";
import { matchingTasks } from "./books/matching/index.ts";
import { intakeTasks, openAlarms } from "./books/intake/index.ts";
import { reconciliationTasks } from "./books/reconciliation/index.ts";
import { measureUnmatched } from "./books/banking/index.ts";
import { dunningTasks } from "./outreach/dunning/index.ts";
import { apiRoutes } from "./doors/api/index.ts";
import { portalRoutes, portalTasks } from "./doors/portal/index.ts";
import { consoleRoutes } from "./doors/console/index.ts";
import { type OpenOptions, type Program, runCommandLine, type Store } from "./doors/cli/index.ts";

/** Files that should be there and are not, for whoever watches: counts by kind, over all tenants. */
function measureAlarms(metrics: Metrics, platform: Platform): void {
  const open = metrics.gauge("kulanz_file_alarms", "Open alarms of files that are missing or were refused, by kind.");
  metrics.collect(async () => {
    const now = await openAlarms(platform).catch(() => undefined);
    for (const [kind, count] of now ?? []) open.set(count, { kind });
  });
}

/** Taken from the system in larger pieces: a call for each seal and id was a tenth of a large import. */
const POOL_BYTES = 8192;
const pool = new Uint8Array(POOL_BYTES);
let used = POOL_BYTES;
function chance(bytes: number): Uint8Array {
  if (bytes > POOL_BYTES / 8) return randomBytes(bytes);
  if (used + bytes > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  // A copy (a Buffer's `slice` would be a window into the pool).
  const taken = Uint8Array.prototype.slice.call(pool, used, used + bytes);
  // What was handed out is not kept here: keys are made of it.
  pool.fill(0, used, used + bytes);
  used += bytes;
  return taken;
}
const realClock = (): Date => new Date();

interface OpenedStore extends Store {
  readonly keysFolder: string;
}

/** The database, started or joined, and migrated. */
async function openStore({
  settings,
  log,
  now = realClock,
  beside,
}: Omit<OpenOptions, "acknowledge">): Promise<Result<OpenedStore>> {
  let embedded: EmbeddedDatabase | null = null;
  if (settings.databaseUrl === undefined) {
    let started: Result<EmbeddedDatabase> = await startEmbedded({
      folder: settings.dataFolder,
      chance,
      log,
      // Without its database the process can only mislead: whoever supervises it starts both again.
      onEnd: () => process.exit(1),
    });
    if (!started.ok && started.error.code === "already_running" && beside) started = joinEmbedded(settings.dataFolder);
    if (!started.ok) return started;
    embedded = started.value;
  }
  const url = settings.databaseUrl ?? embedded?.url ?? "";
  const close = async (): Promise<void> => {
    await embedded?.stop();
  };
  const migrated = await migrate({ url, now, log });
  if (!migrated.ok) {
    await close();
    return migrated;
  }
  await installJobs({ url, log });
  return ok({ url, keysFolder: embedded?.keysFolder ?? join(settings.dataFolder, "keys"), close });
}

/** Failures: those of settings, embedded database, migrations, keys; each names its place. */
async function openProgram({
  settings,
  log,
  now = realClock,
  acknowledge,
  beside,
}: OpenOptions): Promise<Result<Program>> {
  const store = await openStore({ settings, log, now, ...(beside !== undefined && { beside }) });
  if (!store.ok) return store;
  const { url: databaseUrl, keysFolder } = store.value;
  const failed = async <T>(result: Result<T>): Promise<Result<T>> => {
    await store.value.close();
    return result;
  };
  const masterKeys = await loadMasterKeys(
    {
      folder: keysFolder,
      ...(settings.masterKey !== undefined && { text: settings.masterKey }),
      ...(settings.masterKeyFile !== undefined && { file: settings.masterKeyFile }),
    },
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
  // The list outlives the database: a backup from before an erasure is restored rightly.
  if (settings.databaseUrl === undefined) await keepErasures(database, settings.dataFolder);
  for (const name of settings.unknown) log.warn("setting_unknown", { setting: name });
  const liveness = await startLiveness({ url: databaseUrl, now: realClock, chance, log });
  const printer = createLetterPrinter();
  const smtp = settings.smtpUrl === undefined ? null : smtpChannel(settings.smtpUrl);
  let publicUrl = settings.publicUrl;
  const printOf = (tenantId: TenantId): PrintParts => ({
    platform,
    tenantId,
    printer,
    publicUrl: () => publicUrl,
    letterFolder: settings.letterFolder,
  });
  const outboxOf = (tenantId: TenantId): Outbox => ({
    platform,
    worker: liveness.workerId,
    isAlive: (worker) => liveness.isAlive(worker),
    channels: { email: smtp ?? localOutbox(platform, tenantId), letter: letterFolder(settings.letterFolder) },
    composer: createComposer(printOf(tenantId)),
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
    printOf,
    async startWeb(port = settings.port) {
      const app = createHttpApp({
        log,
        now,
        chance,
        observe: measures.observe,
        https: publicUrl.startsWith("https:"),
        largeBodies: ["/api/v1/imports"],
      });
      measureUnmatched(measures.metrics, platform);
      measureAlarms(measures.metrics, platform);
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
        settings: { publicUrl, smtp: smtp !== null, trustedProxies: settings.trustedProxies },
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
        tasks: [
          ...outboxTasks({ platform, outboxOf, printOf }),
          ...dunningTasks({ platform }),
          ...intakeTasks({ platform }),
          ...reconciliationTasks({ platform }),
          ...duplicateTasks({ platform }),
          ...matchingTasks({ platform, seed: () => Buffer.from(chance(4)).readUInt32LE() }),
          ...accessTasks({ platform, limiter: createRateLimiter(database, vault.value) }),
          ...portalTasks({ platform }),
        ],
        cron: [
          { task: "outbox.leave", match: "* * * * *" },
          { task: "intake.fetch", match: "*/5 * * * *" },
          { task: "reconciliation.daily", match: "30 3 * * *", backfillSeconds: 86_400 },
          { task: "access.sweep", match: "17 * * * *" },
          { task: "facts.sweep", match: "43 3 * * *", backfillSeconds: 43_200 },
          { task: "portal.sweep", match: "37 * * * *" },
          { task: "matching.learn", match: "19 4 * * *", backfillSeconds: 86_400 },
          { task: "matching.review", match: "29 4 * * *", backfillSeconds: 86_400 },
          { task: FIND_DUPLICATES, match: "47 1 * * *" },
        ],
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
        await store.value.close();
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
  openProgram,
  openStore,
});
