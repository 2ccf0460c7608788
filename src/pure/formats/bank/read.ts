/** One door to all readers of bank statements: whatever the file's syntax, the same events come out. */
import { readCamt } from "./camt.ts";
import { readBankCsv } from "./csv/bank-csv.ts";
import { readMt } from "./mt/mt.ts";
import { readOfx } from "./ofx/ofx.ts";
import type { StatementEvent } from "./statement.ts";

/** How a statement is written, which decides who reads it. */
export type StatementSyntax = "camt" | "mt" | "ofx" | "csv";

export interface StatementFormat {
  readonly kind: "statement";
  readonly syntax: StatementSyntax;
  /** `camt.053.001.08`, `camt.053` (version unknown), `MT940`, `MT942`, `OFX`, `CSV`. */
  readonly format: string;
}

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * Reads a bank statement of any supported kind chunk by chunk; never throws on content. The first event is `format`, the
 * last `end` or `failed`; entries before a failure have already been given, so that a caller who stores them must do so
 * in a transaction it can roll back. Errors: those of the readers, each with `where` = `line:column`.
 */
export function readStatements(
  detected: StatementFormat,
  chunks: Chunks,
): AsyncGenerator<StatementEvent, void, undefined> {
  switch (detected.syntax) {
    case "camt":
      return readCamt(chunks);
    case "mt":
      return readMt(chunks, detected.format);
    case "ofx":
      return readOfx(chunks);
    case "csv":
      return readBankCsv(chunks);
  }
}
