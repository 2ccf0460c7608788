/** The command line: finds the command, runs it, prints, and says by its exit code how it went. */
import type { Readable, Writable } from "node:stream";
import { type Failure, FailureError, fail, type Result } from "../../pure/kernel/index.ts";
import { ANSWER_COMMANDS } from "./answers.ts";
import { benchCommands } from "./benches.ts";
import { careCommands } from "./care.ts";
import { type Command, errorLine, readInvocation, type Terminal, usageLine } from "./command.ts";
import { factCommands } from "./facts.ts";
import type { Surroundings } from "./opening.ts";
import { runCommands } from "./runs.ts";
import { serviceCommands } from "./service.ts";
import { setUpCommands } from "./set-up.ts";

export type { OpenOptions, OpenStore, Program, Store } from "./program.ts";

export interface CommandLine extends Surroundings {
  readonly args: readonly string[];
  readonly stdin: Readable;
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
    ...runCommands(surroundings),
    ...ANSWER_COMMANDS,
    ...careCommands(surroundings),
    ...benchCommands(surroundings),
  ];
}

export async function runCommandLine(line: CommandLine): Promise<number> {
  const terminal: Terminal = {
    out: (text) => void line.stdout.write(text),
    error: (text) => void line.stderr.write(text),
    input: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of line.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
      return Buffer.concat(chunks).toString("utf8");
    },
    outIsTerminal: line.stdout.isTTY === true,
    errorIsTerminal: line.stderr.isTTY === true,
  };
  const commands = allCommands(line);
  const refuse = (failure: Failure): number => {
    terminal.error(errorLine(failure));
    return failure.code === "usage" ? WRONG_USAGE : REFUSED;
  };
  const [first, second] = line.args;
  if (first === undefined || first === "--help" || first === "help") {
    terminal.out(overview(commands));
    return first === undefined ? WRONG_USAGE : DONE;
  }
  const command =
    commands.find((one) => one.name === `${first} ${second ?? ""}`) ?? commands.find((one) => one.name === first);
  if (!command)
    return refuse(
      fail("invalid", "usage", `There is no command "${first.slice(0, 40)}". See \`kulanz help\`.`, "command").error,
    );
  const args = line.args.slice(command.name.split(" ").length);
  if (args.includes("--help")) {
    terminal.out(`${command.summary}\n\n  ${usageLine(command)}\n`);
    return DONE;
  }
  const invocation = readInvocation(command, args, terminal);
  if (!invocation.ok) return refuse(invocation.error);
  const result = await command.run(invocation.value).catch((error: unknown) => unexpected(error));
  if (!result.ok) return refuse(result.error);
  const { json, text, failed } = result.value;
  if (invocation.value.json) {
    if (json !== undefined) terminal.out(`${JSON.stringify(json, null, terminal.outIsTerminal ? 2 : 0)}\n`);
  } else terminal.out(text ?? `${JSON.stringify(json, null, 2)}\n`);
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

const overview = (commands: readonly Command[]): string =>
  [
    "Kulanz: receivables management that customers come back from.",
    "",
    ...commands.map((command) => `  kulanz ${command.name.padEnd(18)} ${command.summary}`),
    "",
    "Each command: kulanz COMMAND --help. Settings: docs/settings.md.",
    "",
  ].join("\n");
