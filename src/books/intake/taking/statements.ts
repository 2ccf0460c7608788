/** Bank statements of every kind: streamed into room `banking`, and told. */
import {
  type FileReport,
  fileReport,
  readStatements,
  type StatementEvent,
  type StatementFormat,
  statementReport,
  type StatementReport,
  warningText,
} from "../../../pure/formats/index.ts";
import { type Failure, ok, type Result } from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { keepBrought, type KnownEntry, storeStatements } from "../../banking/index.ts";
import { creditorOfStatement } from "../creditors.ts";
import type { FileInput } from "../model.ts";

/** Throws `FailureError` on what the readers refuse and on an unknown account: the transaction must roll back. */
export async function takeStatements(
  act: Act,
  name: string,
  input: FileInput,
  format: StatementFormat,
  fingerprint: Buffer,
  pieces: AsyncIterable<Uint8Array>,
  knownEntries: KnownEntry[],
): Promise<Result<FileReport, Failure>> {
  const statements: StatementReport[] = [];
  const warnings: string[] = [];
  let version = format.format;
  async function* watched(): AsyncGenerator<StatementEvent> {
    for await (const event of readStatements(format, pieces)) {
      if (event.kind === "format") version = event.format;
      else if (event.kind === "statement_end") statements.push(statementReport(event.statement, event.totals));
      else if (event.kind === "warning") warnings.push(warningText(event.warning));
      yield event;
    }
  }
  const file = {
    fingerprint,
    creditorOf: (account: string) => creditorOfStatement(act, account, input.creditorId),
    ...(input.account === undefined ? {} : { account: input.account.replace(/\s/g, "").toUpperCase() }),
  };
  // Statements that don't add up are taken in and told; what can't be booked is left out and told.
  const stored = await storeStatements(act, file, watched());
  await keepBrought(act, fingerprint);
  knownEntries.push(...stored.known);
  const left = stored.warnings.some(({ code }) => code !== "statement_overlaps");
  return ok(
    fileReport(name, {
      format: version,
      status: left ? "partial" : "ok",
      statements,
      warnings: [...warnings, ...stored.warnings.map(warningText)],
      imported: { new: stored.newEntries, known: stored.knownEntries },
    }),
  );
}
