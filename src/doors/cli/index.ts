/** The command line: finds the command, runs it, prints, and says by its exit code how it went. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { packageRoot } from "../../platform/config/index.ts";
import { type Failure, FailureError, fail, type Result } from "../../pure/kernel/index.ts";
import { ANSWER_COMMANDS } from "./answers.ts";
import { benchCommands } from "./benches.ts";
import { careCommands } from "./care.ts";
import { checkCommands } from "./checks/findings.ts";
import {
  type Command,
  errorLine,
  type Group,
  harmless,
  readInvocation,
  type Terminal,
  usage,
  usageLine,
} from "./command.ts";
import { duplicateCommands } from "./customers/duplicates.ts";
import { statementCommands } from "./customers/statement.ts";
import { factCommands } from "./facts.ts";
import { creditorCommands } from "./leading/creditor.ts";
import { leadingCommands } from "./leading/daily.ts";
import type { Surroundings } from "./opening.ts";
import { refundCommands } from "./money/refunds.ts";
import { runCommands } from "./runs.ts";
import { serviceCommands } from "./service.ts";
import { setUpCommands } from "./set-up.ts";

export type { OpenOptions, OpenStore, Program, Store } from "./program.ts";

export interface CommandLine extends Surroundings {
  readonly args: readonly string[];
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
}

const DONE = 0;
const REFUSED = 1;
const WRONG_USAGE = 2;

export function allCommands(surroundings: Surroundings): Command[] {
  return [
    ...serviceCommands(surroundings),
    ...setUpCommands(surroundings),
    ...factCommands(surroundings),
    ...creditorCommands(surroundings),
    ...leadingCommands(surroundings),
    ...refundCommands(surroundings),
    ...checkCommands(surroundings),
    ...duplicateCommands(surroundings),
    ...statementCommands(surroundings),
    ...runCommands(surroundings),
    ...ANSWER_COMMANDS,
    ...careCommands(surroundings),
    ...benchCommands(surroundings),
  ];
}

export async function runCommandLine(line: CommandLine): Promise<number> {
  // Who reads us may stop reading (`kulanz matches | head`): then the rest is for nobody.
  for (const stream of [line.stdout, line.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  const terminal: Terminal = {
    out: (text) => void line.stdout.write(text),
    error: (text) => void line.stderr.write(text),
    input: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of line.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
      return Buffer.concat(chunks).toString("utf8");
    },
    inIsTerminal: line.stdin.isTTY === true,
    outIsTerminal: line.stdout.isTTY === true,
    errorIsTerminal: line.stderr.isTTY === true,
  };
  const commands = allCommands(line);
  const refuse = (failure: Failure): number => {
    terminal.error(errorLine(failure));
    return failure.code === "usage" ? WRONG_USAGE : REFUSED;
  };
  const [first, second] = line.args;
  if (first === undefined) {
    terminal.error(overview(commands));
    return WRONG_USAGE;
  }
  if (first === "--version") {
    const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string };
    terminal.out(`${version}\n`);
    return DONE;
  }
  if (first === "--help" || first === "-h" || first === "help") {
    const named = commands.filter(({ name }) => `${name} `.startsWith(`${line.args.slice(1).join(" ")} `));
    const [only] = named;
    terminal.out(second !== undefined && only && named.length === 1 ? helpOf(only) : overview(commands));
    return DONE;
  }
  const command =
    commands.find((one) => one.name === `${first} ${second ?? ""}`) ?? commands.find((one) => one.name === first);
  if (!command) {
    const family = commands.filter(({ name }) => name.startsWith(`${first} `));
    if (family.length > 0 && (second === "--help" || second === "-h")) {
      terminal.out(overview(family));
      return DONE;
    }
    const message =
      family.length > 0
        ? `Name one of: ${family.map(({ name }) => `kulanz ${name}`).join(", ")}.`
        : `There is no command "${first.slice(0, 40)}". See \`kulanz help\`.`;
    return refuse(usage(message, "command").error);
  }
  const args = line.args.slice(command.name.split(" ").length);
  const dashes = args.indexOf("--");
  if ((dashes < 0 ? args : args.slice(0, dashes)).some((word) => word === "--help" || word === "-h")) {
    terminal.out(helpOf(command));
    return DONE;
  }
  const invocation = readInvocation(command, args, terminal);
  if (!invocation.ok) return refuse(invocation.error);
  const result = await command.run(invocation.value).catch((error: unknown) => unexpected(error));
  if (!result.ok) return refuse(result.error);
  const { json, text, failed } = result.value;
  if (invocation.value.json) {
    if (json !== undefined) terminal.out(`${JSON.stringify(json, null, terminal.outIsTerminal ? 2 : 0)}\n`);
  } else terminal.out(harmless(text ?? `${JSON.stringify(json, null, 2)}\n`));
  return failed ? REFUSED : DONE;
}

/** A bug or a broken machine. Messages of errors may quote values, so only class, code and the places in our code are told. */
function unexpected(error: unknown): Result<never> {
  if (error instanceof FailureError) return { ok: false, error: error.failure };
  const { name, code, stack } =
    error instanceof Error ? (error as Error & { code?: string }) : { name: "unknown", stack: "", code: undefined };
  const frames = (stack ?? "")
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 4)
    .map((line) => line.trim().replace(/^at /, ""));
  return fail(
    "unavailable",
    "unexpected",
    `Something broke (${name}${code === undefined ? "" : ` ${code}`}). Nothing was half done; please report it with the places.`,
    frames.join(" < "),
  );
}

const HEADINGS: Readonly<Record<Group, string>> = {
  start: "Start",
  facts: "Facts in",
  run: "The run",
  law: "What the law says (no database is opened)",
  care: "Looking after it",
  bench: "Benchmarks (on a folder of their own)",
};

function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 2;
  const parts = (Object.keys(HEADINGS) as Group[]).flatMap((group) => {
    const members = commands.filter((command) => command.group === group);
    return members.length === 0
      ? []
      : [HEADINGS[group], ...members.map(({ name, summary }) => `  kulanz ${name.padEnd(width)}${summary}`), ""];
  });
  return [
    "Kulanz: receivables management that customers come back from.",
    "",
    ...parts,
    "Each command: kulanz COMMAND --help. With --json: one JSON document. Settings: docs/settings.md.",
    "",
  ].join("\n");
}

const helpOf = (command: Command): string => `${command.summary}\n\n  ${usageLine(command)}\n`;
