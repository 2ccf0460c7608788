/** `kulanz doctor`, `backup`, `restore`, `scale-out`: looking after an installation. */
import { access, constants, statfs } from "node:fs/promises";
import { connect } from "node:net";
import {
  backupDatabase,
  keepErasures,
  readErasures,
  restoreDatabase,
  scaleOutPlan,
  sql,
} from "../../platform/database/index.ts";
import { listTenants } from "../../platform/access/index.ts";
import { dateIn, ok, type Result } from "../../pure/kernel/index.ts";
import { type TableState, tableStates } from "../../pure/law/index.ts";
import { createLogger } from "../../platform/config/index.ts";
import { type Command, type Invocation, type Output, usage } from "./command.ts";
import { settingsOf, type Surroundings, withProgram } from "./opening.ts";
import type { Program } from "./program.ts";

interface Check {
  readonly name: string;
  readonly state: "ok" | "warning" | "failed";
  readonly text: string;
}

export function careCommands(surroundings: Surroundings): Command[] {
  return [
    {
      name: "doctor",
      group: "care",
      summary: "Is everything in order? Database, clock, legal tables, channels, keys, disk",
      usage: "[--json]",
      options: { data: { type: "string" } },
      run: (invocation) =>
        withProgram(surroundings, invocation, { beside: true }, async (program) => {
          const checks = await examine(program, surroundings);
          const failed = checks.some((check) => check.state === "failed");
          const mark = { ok: "✓", warning: "!", failed: "✗" };
          return ok({
            json: { ok: !failed, checks },
            text: `${checks.map((check) => `${mark[check.state]} ${check.name.padEnd(16)} ${check.text}`).join("\n")}\n`,
            failed,
          });
        }),
    },
    {
      name: "backup",
      group: "care",
      summary: "Copy everything but the master key into one file",
      usage: "FILE [--json]",
      files: "one",
      options: { data: { type: "string" } },
      run: async (invocation) => {
        const [file] = invocation.positionals;
        if (file === undefined) return usage("Name the file to write.", "FILE");
        return withProgram(surroundings, invocation, { beside: true }, async (program) => {
          const { databaseUrl: url, now, log, platform, settings } = program;
          await keepErasures(platform.database, settings.dataFolder);
          const report = await backupDatabase({ url, file, now, log });
          return report.ok
            ? ok({
                json: { file, ...report.value },
                text: `${report.value.rows} rows of ${report.value.tables} tables in ${file}. The master key is not in it: keep a copy of it apart.\n`,
              })
            : report;
        });
      },
    },
    {
      name: "restore",
      group: "care",
      summary: "Fill an empty installation from a backup",
      usage: "FILE [--json]",
      files: "one",
      options: { data: { type: "string" } },
      run: (invocation) => restoreCommand(surroundings, invocation),
    },
    {
      name: "scale-out",
      group: "care",
      summary: "The statements that spread the tables over a Citus cluster",
      usage: "--plan [--json]",
      options: { plan: { type: "boolean" } },
      run: (invocation) => {
        if (!invocation.flag("plan"))
          return Promise.resolve(usage("Give --plan: the statements are printed, not run.", "--plan"));
        const plan = scaleOutPlan();
        const text = plan.map(({ name, statements }) => `-- ${name}\n${statements.trim()}\n`).join("\n");
        return Promise.resolve(ok({ json: plan, text }));
      },
    },
  ];
}

async function restoreCommand(surroundings: Surroundings, invocation: Invocation): Promise<Result<Output>> {
  const [file] = invocation.positionals;
  if (file === undefined) return usage("Name the backup file.", "FILE");
  const settings = settingsOf(surroundings, invocation);
  if (!settings.ok) return settings;
  const log = createLogger({ level: "warn", now: surroundings.now, write: (line) => invocation.terminal.error(line) });
  // The database alone: a vault would make keys of its own in what must be empty.
  const store = await surroundings.openStore({ settings: settings.value, log });
  if (!store.ok) return store;
  try {
    const erasures = await readErasures(settings.value.dataFolder);
    const report = await restoreDatabase({ url: store.value.url, file, log, erasures });
    if (!report.ok) return report;
    const { tables, rows, createdAt, erased } = report.value;
    return ok({
      json: report.value,
      text: `${rows} rows of ${tables} tables as of ${createdAt}; ${erased} erased keys stay erased. It opens with the master key it was made under.\n`,
    });
  } finally {
    await store.value.close();
  }
}

async function examine(program: Program, surroundings: Surroundings): Promise<Check[]> {
  const today = dateIn(surroundings.now(), "Europe/Berlin");
  return [
    await databaseCheck(program, surroundings),
    ...tableStates(today).map(legalCheck),
    await mailCheck(program),
    await letterCheck(program),
    { name: "keys", state: "ok", text: `master key ${program.platform.vault.masterKeys.current.id} opens this data` },
    await diskCheck(program.settings.dataFolder),
  ];
}

async function databaseCheck(program: Program, { now }: Surroundings): Promise<Check> {
  const row = await program.platform.database.system((tx) =>
    tx.one<{ version: string; at: Date }>(
      sql`select current_setting('server_version') as version, clock_timestamp() as at`,
    ),
  );
  const tenants = (await listTenants(program.platform.database)).length;
  const apart = Math.abs((row?.at.getTime() ?? 0) - now().getTime());
  return {
    name: "database, clock",
    state: apart > 5_000 ? "failed" : "ok",
    text: `PostgreSQL ${row?.version}, ${tenants} tenant(s); clocks ${(apart / 1000).toFixed(1)} s apart`,
  };
}

function legalCheck({ table, state, until, days, basis }: TableState): Check {
  const missing = state === "expired" && basis === "data";
  const end = basis === "data" ? `known until ${until}` : `reviewed on ${table.reviewedOn}, again by ${until}`;
  const left = state === "known" ? "" : days < 0 ? ` (${-days} days ago)` : ` (${days} days left)`;
  const doubts = [
    ...(table.unconfirmed.length > 0 ? [`to be confirmed: ${table.unconfirmed.join(", ")}`] : []),
    ...table.differences.map(
      ({ entry, ours, published, where }) => `${entry}: ours ${ours}, published ${published} (${where})`,
    ),
  ];
  return {
    name: `law: ${table.name}`,
    state: missing ? "failed" : state === "known" ? "ok" : "warning",
    text: [`${table.law}, from ${table.knownFrom}, ${end}${left}`, ...doubts].join("; "),
  };
}

async function mailCheck({ settings }: Program): Promise<Check> {
  if (settings.smtpUrl === undefined)
    return { name: "mail", state: "warning", text: "no SMTP server set: mails stay in the local outbox" };
  const { hostname, port, protocol } = new URL(settings.smtpUrl);
  const reached = await new Promise<boolean>((answer) => {
    const socket = connect({
      host: hostname,
      port: Number(port || (protocol === "smtps:" ? 465 : 587)),
      timeout: 5_000,
    });
    const end = (there: boolean) => {
      socket.destroy();
      answer(there);
    };
    socket
      .once("connect", () => end(true))
      .once("error", () => end(false))
      .once("timeout", () => end(false));
  });
  return {
    name: "mail",
    state: reached ? "ok" : "failed",
    text: `${hostname} ${reached ? "answers" : "does not answer"}`,
  };
}

async function letterCheck({ settings }: Program): Promise<Check> {
  const folder = settings.letterFolder;
  const writable = await access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
  // The folder is made with the first letter; its parent must let us.
  return {
    name: "letters",
    state: writable ? "ok" : "warning",
    text: writable ? folder : `${folder} does not exist yet`,
  };
}

async function diskCheck(folder: string): Promise<Check> {
  const space = await statfs(folder).catch(() => null);
  if (space === null) return { name: "disk", state: "warning", text: `${folder} can't be examined` };
  const gigabytes = (space.bavail * space.bsize) / 2 ** 30;
  return {
    name: "disk",
    state: gigabytes < 1 ? "failed" : gigabytes < 5 ? "warning" : "ok",
    text: `${gigabytes.toFixed(1)} GiB free`,
  };
}
