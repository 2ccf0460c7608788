/**
 * What a command is: pure declaration plus one function. Exit 0 done, 1 refused or failed, 2 wrong usage; an error is one
 * JSON line on stderr; `--json` puts one document on stdout and nothing else there (CONTRACT).
 */
import { parseArgs, type ParseArgsConfig } from "node:util";
import { type Failure, fail, ok, type Result } from "../../pure/kernel/index.ts";

export type Options = NonNullable<ParseArgsConfig["options"]>;

export interface Terminal {
  out(text: string): void;
  error(text: string): void;
  /** Whole standard input as text. */
  input(): Promise<string>;
  readonly inIsTerminal: boolean;
  readonly outIsTerminal: boolean;
  readonly errorIsTerminal: boolean;
}

export interface Invocation {
  readonly terminal: Terminal;
  readonly json: boolean;
  readonly positionals: readonly string[];
  /** Values of options that were given. */
  text(name: string): string | undefined;
  flag(name: string): boolean;
}

/** Heading of the overview a command stands under. */
export type Group = "start" | "facts" | "run" | "law" | "care" | "bench";

export interface Command {
  /** `law interest`, `import`. */
  readonly name: string;
  readonly group: Group;
  readonly summary: string;
  /** After the name, e.g. `FILE… [--dry-run]`. */
  readonly usage: string;
  readonly options: Options;
  /** How many words without a dash it takes (none). */
  readonly files?: "one" | "many";
  /** Returns what is printed: with `--json` as JSON, else as `text`. */
  run(invocation: Invocation): Promise<Result<Output>>;
}

/** Names of files and what stands in them may hold what steers a terminal. */
export const harmless = (text: string): string => text.replace(/[^\P{Cc}\n]/gu, "\ufffd");

export interface Output {
  /** Undefined: what was to be said is printed already. */
  readonly json: unknown;
  readonly text?: string;
  /** Exit 1 although there is output (e.g. one of several files was refused). */
  readonly failed?: boolean;
}

const COMMON: Options = { json: { type: "boolean" }, help: { type: "boolean" } };

export function readInvocation(
  command: Command,
  args: readonly string[],
  terminal: Terminal,
): Result<Invocation, Failure<"usage">> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...COMMON, ...command.options },
      allowPositionals: true,
      strict: true,
    });
    const text = (name: string): string | undefined => {
      const value = values[name];
      return typeof value === "string" ? value : undefined;
    };
    const extra = positionals[command.files === "many" ? Number.POSITIVE_INFINITY : command.files === "one" ? 1 : 0];
    if (extra !== undefined)
      return usage(`"${extra.slice(0, 40)}" is not expected here. ${help(command)}`, command.name);
    return ok({ terminal, json: values["json"] === true, positionals, text, flag: (name) => values[name] === true });
  } catch (error) {
    // The first sentence says what is wrong; the rest is advice that does not fit every command.
    const [reason = ""] = error instanceof Error ? error.message.split(/\. |\n/) : [];
    return usage(`${reason.replace(/\.$/, "") || "The options are not valid"}. ${help(command)}`, command.name);
  }
}

const help = ({ name }: Command): string => `See \`kulanz ${name} --help\`.`;

export const usageLine = (command: Command): string => `kulanz ${command.name} ${command.usage}`.trimEnd();

/** Wrong usage of a command: exit 2. */
export const usage = (message: string, where?: string) => fail("invalid", "usage", message, where);

export function errorLine({ code, message, where }: Failure): string {
  return `${JSON.stringify({ error: { code, message, ...(where !== undefined && { where }) } })}\n`;
}

/** Long work: a bar on a terminal, a line each tenth otherwise. */
export function progressOn(terminal: Terminal, label: string): (done: number, total: number) => void {
  let shown = -1;
  return (done, total) => {
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const percent = `${Math.floor(share * 100)} %`;
    if (terminal.errorIsTerminal) {
      const filled = Math.round(share * 30);
      terminal.error(`\r${label} ${"█".repeat(filled)}${"░".repeat(30 - filled)} ${percent}${share === 1 ? "\n" : ""}`);
      return;
    }
    const tenth = Math.floor(share * 10);
    if (tenth === shown) return;
    shown = tenth;
    terminal.error(`${label}: ${percent}\n`);
  };
}
