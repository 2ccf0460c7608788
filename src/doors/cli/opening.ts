import {
  createLogger,
  type Environment,
  type LogLevel,
  readSettings,
  type SettingName,
  type Settings,
} from "../../platform/config/index.ts";
import { listTenants } from "../../platform/access/index.ts";
import { type Chance, type Clock, fail, ok, type Result, type TenantId } from "../../pure/kernel/index.ts";
import { creditors } from "../../books/customers/index.ts";
import { withAct } from "../../platform/access/index.ts";
import type { CreditorId } from "../../pure/kernel/index.ts";
import type { Invocation, Options } from "./command.ts";
import type { OpenOptions, OpenProgram, OpenStore, Program } from "./program.ts";

/** What `main.ts` hands to the command line. */
export interface Surroundings {
  readonly environment: Environment;
  readonly now: Clock;
  readonly chance: Chance;
  readonly openProgram: OpenProgram;
  /** The database alone, migrated, without keys: for a restore. */
  readonly openStore: OpenStore;
}

/** Options of every command that opens the database. */
export const DATABASE_OPTIONS: Options = {
  data: { type: "string" },
  tenant: { type: "string" },
};

const GIVEN: readonly (readonly [option: string, setting: SettingName])[] = [
  ["data", "KULANZ_DATA"],
  ["port", "KULANZ_PORT"],
];

export function settingsOf({ environment }: Surroundings, invocation: Invocation): Result<Settings> {
  const given: Partial<Record<SettingName, string>> = {};
  for (const [option, setting] of GIVEN) {
    const value = invocation.text(option);
    if (value !== undefined) given[setting] = value;
  }
  return readSettings(environment, given);
}

const INTERRUPTED = fail(
  "unavailable",
  "interrupted",
  "Stopped on request. The transaction under way was ended; what was committed stays, and the command can be given again.",
);

/** What a command that stays running waits for; any other is ended by it. */
export type Stop = AbortSignal;

/**
 * Opens the program, runs, and closes it again whatever happens. Ctrl C and SIGTERM close it too: after the transaction under way, or, when
 * `patient`, once the work that was handed the signal has come to its own end. A second one ends the process.
 */
export async function withProgram<T>(
  surroundings: Surroundings,
  invocation: Invocation,
  {
    patient = false,
    quietest,
    ...options
  }: Omit<OpenOptions, "settings" | "log"> & {
    readonly quietest?: LogLevel;
    readonly patient?: boolean;
  },
  work: (program: Program, stop: Stop) => Promise<Result<T>>,
): Promise<Result<T>> {
  const settings = settingsOf(surroundings, invocation);
  if (!settings.ok) return settings;
  // Commands report by their output; the log is for what goes wrong.
  const level = quietest ?? (surroundings.environment["KULANZ_LOG_LEVEL"] ? settings.value.logLevel : "warn");
  const log = createLogger({ level, now: surroundings.now, write: (line) => invocation.terminal.error(line) });
  const { stop, ignore } = stopOnSignal();
  try {
    const opened = await surroundings.openProgram({ ...options, settings: settings.value, log });
    if (!opened.ok) return opened;
    try {
      if (stop.aborted && !patient) return INTERRUPTED;
      const working = work(opened.value, stop);
      if (patient) return await working;
      // Closing waits for the transaction under way, so that nothing is half done; what would follow it fails unheard.
      working.catch(() => {});
      return await Promise.race([working, aborted(stop)]);
    } finally {
      await opened.value.close();
    }
  } finally {
    ignore();
  }
}

const aborted = (stop: Stop): Promise<typeof INTERRUPTED> =>
  new Promise((answer) => stop.addEventListener("abort", () => answer(INTERRUPTED), { once: true }));

function stopOnSignal(): { readonly stop: Stop; ignore(): void } {
  const stopped = new AbortController();
  const onSignal = (): void => {
    if (stopped.signal.aborted) process.exit(1);
    stopped.abort();
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, onSignal);
  return {
    stop: stopped.signal,
    ignore: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}

/** The tenant a command works for: the named one, or the only one there is. */
export async function tenantOf(program: Program, invocation: Invocation): Promise<Result<TenantId>> {
  const all = await listTenants(program.platform.database);
  const named = invocation.text("tenant");
  if (named !== undefined)
    return all.includes(named as TenantId)
      ? ok(named as TenantId)
      : fail("not_found", "tenant_unknown", "There is no tenant with this id.", "--tenant");
  const [only, second] = all;
  if (only === undefined)
    return fail(
      "conflict",
      "not_set_up",
      "There is no tenant yet. Run `kulanz init`, or `kulanz demo` to look around.",
    );
  if (second !== undefined)
    return fail("invalid", "usage", "There are several tenants: name one with --tenant ID.", "--tenant");
  return ok(only);
}

/** The creditor a command names by id or by (part of) its name; undefined when it names none. */
export async function creditorNamed(
  program: Program,
  tenantId: TenantId,
  name: string | undefined,
): Promise<Result<CreditorId | undefined>> {
  if (name === undefined) return ok(undefined);
  const all = await withAct(program.platform, tenantId, { kind: "system", id: "cli" }, creditors);
  const hits = all.filter((one) => one.creditorId === name || one.name.toLowerCase().includes(name.toLowerCase()));
  if (hits.length === 1) return ok(hits[0]?.creditorId);
  return fail(
    "not_found",
    "creditor_unknown",
    `${hits.length === 0 ? "No" : "More than one"} creditor goes by this name.`,
    "--creditor",
  );
}
