/**
 * Letters as PDF/A-3b. Typst runs in a process of its own that is killed when a letter takes too long; a letter that
 * fails does not take its neighbours with it. Equal input gives equal bytes: the moment of creation is handed in.
 * Measured (2 shared cores, busy): 29 ms of processor time a letter, of which 12 measure which type size keeps it to one page.
 */
import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { packageRoot } from "../../../platform/config/index.ts";
import { type Failure, fail, type Instant, ok, type Result } from "../../../pure/kernel/index.ts";
import type { LetterData } from "./letter.ts";
import type { StatementPaper } from "../statement/paper.ts";

export type LetterFailure = Failure<"letter_not_printed" | "letter_timeout" | "printer_closed">;

export interface LetterPrinter {
  /** One PDF a letter, in the order given. */
  renderLetters(letters: readonly LetterData[], createdAt: Instant): Promise<Result<Uint8Array, LetterFailure>[]>;
  /**
   * One PDF with all letters, for the printer room; each counts its own pages. `duplex`: each starts on a front side.
   * Keep a batch to some hundred letters: 200 took 6 s and, for that time, 900 MB.
   */
  renderBatch(
    letters: readonly LetterData[],
    createdAt: Instant,
    options?: { duplex?: boolean },
  ): Promise<Result<Uint8Array, LetterFailure>>;
  /** Statements of account of one customer as one PDF; each counts its own pages. */
  renderStatements(
    statements: readonly StatementPaper[],
    createdAt: Instant,
  ): Promise<Result<Uint8Array, LetterFailure>>;
  /** The pages as one SVG, for a preview on screen. */
  preview(letter: LetterData): Promise<Result<string, LetterFailure>>;
  close(): void;
} // prettier-ignore

interface Job {
  readonly template: "letter" | "statement";
  readonly form: "pdf" | "svg";
  readonly data: string;
  readonly duplex: boolean;
  readonly createdAt: number;
  readonly letters: number;
  readonly extraMs: number;
}
interface Answer {
  readonly id: number;
  readonly bytes?: Uint8Array;
  readonly problem?: string;
}

const folder = join(packageRoot, "src/outreach/messaging/rendering");
/** Hundreds of times what a letter takes (20 to 60 ms); a batch gets a second more a letter. */
const TIMEOUT_MS = 20_000;
const TIMEOUT_PER_LETTER_MS = 1_000;

function fontFolders(): string[] {
  const fonts = dirname(createRequire(import.meta.url).resolve("@expo-google-fonts/source-sans-3/package.json"));
  return ["400Regular", "600SemiBold"].map((weight) => join(fonts, weight));
}

/** @param options.timeoutMs milliseconds after which a letter (or batch) is given up and its process killed. */
export function createLetterPrinter(options: { timeoutMs?: number } = {}): LetterPrinter {
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  let child: ChildProcess | null = null;
  let closed = false;
  let id = 0;
  let queue: Promise<unknown> = Promise.resolve();

  function start(): ChildProcess {
    const started = fork(join(folder, "letter-process.js"), [folder, ...fontFolders()], {
      serialization: "advanced", // bytes travel as bytes
      execArgv: [],
      env: {}, // nothing of ours is its business
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    started.on("exit", () => {
      if (child === started) child = null;
    });
    return started;
  }

  function once(job: Job): Promise<Result<Uint8Array, LetterFailure>> {
    if (closed) return Promise.resolve(fail("unavailable", "printer_closed", "The letter printer is closed."));
    child ??= start();
    const worker = child;
    const number = ++id;
    return new Promise((resolve) => {
      const done = (result: Result<Uint8Array, LetterFailure>): void => {
        clearTimeout(timer);
        worker.off("message", onMessage);
        worker.off("exit", onExit);
        worker.unref();
        worker.channel?.unref();
        resolve(result);
      };
      const timer = setTimeout(() => {
        worker.kill("SIGKILL");
        if (child === worker) child = null;
        done(fail("unavailable", "letter_timeout", `The letter was not ready after ${timeoutMs + job.extraMs} ms.`));
      }, timeoutMs + job.extraMs);
      const onMessage = (answer: Answer): void => {
        if (answer.id !== number) return;
        if (answer.bytes) done(ok(answer.bytes));
        // The compiler's own words may quote the letter: they stay inside.
        else done(fail("invalid", "letter_not_printed", "The letter could not be set."));
      };
      const onExit = (): void =>
        done(fail("unavailable", "letter_not_printed", "The process that sets letters ended."));
      worker.ref();
      worker.channel?.ref();
      worker.on("message", onMessage);
      worker.once("exit", onExit);
      worker.send({ id: number, ...job });
    });
  }

  /** One after the other: the process has one thread. */
  function run(job: Job): Promise<Result<Uint8Array, LetterFailure>> {
    const result = queue.then(() => once(job));
    queue = result;
    return result;
  }

  const seconds = (at: Instant): number => Math.floor(at.getTime() / 1000);
  return {
    renderLetters: (letters, createdAt) =>
      Promise.all(
        letters.map((letter) =>
          run({
            template: "letter",
            form: "pdf",
            data: JSON.stringify([letter]),
            duplex: false,
            createdAt: seconds(createdAt),
            letters: 1,
            extraMs: 0,
          }),
        ),
      ),
    renderBatch: (letters, createdAt, { duplex = false } = {}) =>
      letters.length === 0
        ? Promise.resolve(fail("invalid", "letter_not_printed", "There is no letter in this batch."))
        : run({
            template: "letter",
            form: "pdf",
            data: JSON.stringify(letters),
            duplex,
            createdAt: seconds(createdAt),
            letters: letters.length,
            extraMs: letters.length * TIMEOUT_PER_LETTER_MS,
          }),
    renderStatements: (statements, createdAt) =>
      statements.length === 0
        ? Promise.resolve(fail("invalid", "letter_not_printed", "There is no statement to print."))
        : run({
            template: "statement",
            form: "pdf",
            data: JSON.stringify(statements),
            duplex: false,
            createdAt: seconds(createdAt),
            letters: statements.length,
            extraMs: statements.length * TIMEOUT_PER_LETTER_MS,
          }),
    async preview(letter) {
      const result = await run({
        template: "letter",
        form: "svg",
        data: JSON.stringify([letter]),
        duplex: false,
        createdAt: 0,
        letters: 1,
        extraMs: 0,
      });
      return result.ok ? ok(Buffer.from(result.value).toString("utf8")) : result;
    },
    close() {
      closed = true;
      child?.kill("SIGKILL");
      child = null;
    },
  };
}
