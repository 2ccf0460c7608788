import { FailureError, type Clock } from "../../pure/kernel/index.ts";

/**
 * What a log line may carry besides its event. The set is closed, so that a name, an address or a text of a customer
 * can't slip in; a field of another name is dropped (invariant 13).
 */
const logFields = [
  "tenant",
  "creditor",
  "customer",
  "receivable",
  "message",
  "run",
  "import",
  "statement",
  "user",
  "job",
  "task",
  "worker",
  "request",
  "method",
  "route",
  "status",
  "role",
  "channel",
  "provider",
  "kind",
  "code",
  "where",
  "setting",
  "migration",
  "port",
  "pid",
  "signal",
  "attempt",
  "count",
  "total",
  "date",
  "version",
  "duration_ms",
  "size_bytes",
] as const;
export type LogField = (typeof logFields)[number];
export type LogFields = { readonly [Field in LogField]?: string | number | bigint | boolean | null | undefined } & {
  /** Only its class, code and stack frames are written, never its message: messages quote values. */
  readonly error?: unknown;
};
export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof logLevels)[number];

/** `event` is a fixed snake_case word, never a composed text. */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  readonly now: Clock;
  /** Takes one line with its end; standard error when not given. */
  readonly write?: (line: string) => void;
}

const allowed: ReadonlySet<string> = new Set(logFields);

/** One JSON object a line: `at`, `level`, `event`, then the fields. */
export function createLogger({ level, now, write = (line) => void process.stderr.write(line) }: LoggerOptions): Logger {
  const least = logLevels.indexOf(level);
  const at = (name: LogLevel) => {
    if (logLevels.indexOf(name) < least) return () => {};
    return (event: string, fields: LogFields = {}): void => {
      const line: Record<string, unknown> = { at: now().toISOString(), level: name, event: wordOf(event) };
      for (const [field, value] of Object.entries(fields)) {
        if (field === "error") line["error"] = describeError(value);
        else if (allowed.has(field) && value !== undefined) line[field] = plain(value);
      }
      write(`${JSON.stringify(line)}\n`);
    };
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** For tests and commands whose answer is their only output. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };

const wordOf = (event: string): string => (/^[a-z][a-z0-9_.]{0,60}$/.test(event) ? event : "unnamed_event");

function plain(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "string") return value.slice(0, 200);
  return typeof value === "number" || typeof value === "boolean" || value === null ? value : typeof value;
}

/** Class, code and place of an error; PostgreSQL's table and constraint names are schema, not data. */
export function describeError(error: unknown): Record<string, unknown> {
  if (error instanceof FailureError)
    return {
      name: "Failure",
      kind: error.failure.kind,
      code: error.failure.code,
      where: error.failure.where,
      stack: framesOf(error),
    };
  if (!(error instanceof Error)) return { name: typeof error };
  const more = error as Error & { code?: unknown; table?: unknown; constraint?: unknown };
  const named: Record<string, unknown> = { name: error.name };
  for (const key of ["code", "table", "constraint"] as const) {
    const value = more[key];
    if (typeof value === "string" && /^[\w.-]{1,80}$/.test(value)) named[key] = value;
  }
  return { ...named, stack: framesOf(error) };
}

/** Frames by their strict form and after the message, which could imitate one. */
function framesOf(error: Error): readonly string[] {
  const stack = error.stack ?? "";
  const start = error.message === "" ? 0 : stack.indexOf(error.message);
  return stack
    .slice(start < 0 ? stack.length : start + error.message.length)
    .split("\n")
    .filter((line) => /^\s+at (?:[\w.<>$#[\] ]+ \()?(?:file:\/\/|node:|\/)[^()]*:\d+:\d+\)?$/.test(line))
    .slice(0, 8)
    .map((line) => line.trim().replace(/(?:file:\/\/)?\/[^\s()]*?\/(src|dist|test|node_modules)\//, "$1/"));
}
