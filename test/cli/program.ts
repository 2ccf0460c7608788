/** The real program as a process of its own: what a shell sees of it. */
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { Readable, Writable } from "node:stream";
import { runCommandLine } from "../../src/doors/cli/index.ts";

export const ROOT = path.resolve(import.meta.dirname, "../..");
export const SAMPLES = path.join(ROOT, "samples");

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Given {
  /** What stands on standard input; nothing when not given. */
  readonly input?: string | undefined;
  readonly env?: Record<string, string>;
  readonly cwd?: string;
}

/** No setting of the machine reaches the program but those a test gives. */
function environment(env: Record<string, string>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(KULANZ_|DATABASE_URL$)/.test(name));
  return { ...Object.fromEntries(own), ...env };
}

export function start(args: readonly string[], { input, env = {}, cwd = ROOT }: Given = {}): ChildProcess {
  const child = spawn(
    process.execPath,
    ["--import", path.join(ROOT, "test/support/typescript.js"), path.join(ROOT, "src/main.ts"), ...args],
    { cwd, env: environment(env), stdio: ["pipe", "pipe", "pipe"] },
  );
  // A program that refuses its options does not read on.
  child.stdin?.on("error", () => {});
  child.stdin?.end(input ?? "");
  return child;
}

export async function ended(child: ChildProcess): Promise<Ended> {
  let out = "";
  let err = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (err += text));
  const code = await new Promise<number | null>((done) => child.once("close", done));
  return { code, out, err };
}

export const kulanz = (args: readonly string[], given?: Given): Promise<Ended> => ended(start(args, given));

/**
 * The command line within this process, for long tables of cases that open no database: a second of start-up less for
 * each. That the process itself does the same is shown by some of each kind.
 */
export async function called(args: readonly string[], { input, env = {} }: Given = {}): Promise<Ended> {
  const written = { out: "", err: "" };
  const into = (name: "out" | "err"): Writable =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        written[name] += chunk.toString();
        done();
      },
    });
  const opened = (): never => {
    throw new Error("a database was opened");
  };
  const code = await runCommandLine({
    args,
    environment: env,
    stdin: Readable.from([Buffer.from(input ?? "")]),
    stdout: into("out"),
    stderr: into("err"),
    now: () => new Date("2026-11-22T10:00:00Z"),
    chance: opened,
    openProgram: opened,
    openStore: opened,
  });
  return { code, ...written };
}

/** The error a command ended with: the last line of stderr, and its only one that is an error. */
export function errorOf({ err }: Ended): { code: string; message: string; where?: string } {
  const lines = err.trimEnd().split("\n");
  const errors = lines.filter((line) => line.startsWith('{"error"'));
  if (errors.length !== 1 || errors[0] !== lines.at(-1)) throw new Error(`not one error line, at the end:\n${err}`);
  return (JSON.parse(errors[0] ?? "") as { error: { code: string; message: string; where?: string } }).error;
}

/** Standard output as the one JSON document it is. */
export function json<T>({ out, err, code }: Ended): T {
  try {
    return JSON.parse(out) as T;
  } catch {
    throw new Error(`exit ${code}, not one JSON document: ${out.slice(0, 500)}\n${err.slice(-1500)}`);
  }
}

/** As many at a time as the machine has cores to spare. */
export async function inTurn<T, R>(all: readonly T[], work: (one: T) => Promise<R>, atOnce = 2): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < all.length; index = next++) results[index] = await work(all[index] as T);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return results;
}
