/**
 * Settlement files of payment providers and payment advices of payers: kept as facts; matching books them when the bank's
 * credit is here, whichever comes first.
 */
import {
  type FileReport,
  limitedWarnings,
  readAdvices,
  readSettlement,
  reportFile,
} from "../../../pure/formats/index.ts";
import { EUR, type Failure, ok, type Result } from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { ownMappings, takeAdvices, takeSettlement } from "../../matching/index.ts";
import { creditorNamed, readBooks } from "../creditors.ts";
import type { FileInput } from "../model.ts";

/** With the mappings of settlement files that the creditor has set, by which a file is known. */
export async function withSettlements(act: Act, input: FileInput): Promise<FileInput> {
  if (input.settlements) return input;
  const of = creditorNamed(await readBooks(act), input.creditorId);
  return of.ok ? { ...input, settlements: ownMappings(of.value) } : input;
}

/** The element of a settlement file; each line of a payout is new or known. Failures of the reader, `creditor_unknown`. */
export async function takeSettlementFile(
  act: Act,
  name: string,
  input: FileInput,
  bytes: Buffer,
  fingerprint: Buffer,
): Promise<Result<FileReport, Failure>> {
  const of = creditorNamed(await readBooks(act), input.creditorId);
  const { settlements = [] } = input;
  const read = readSettlement(bytes, settlements);
  if (!read.ok) return read;
  if (!of.ok) return of;
  const { creditorId } = of.value;
  const currency = input.currency ?? EUR;
  const taken = await takeSettlement(act, read.value, { creditorId, fileFingerprint: fingerprint, currency });
  const report = await reportFile(name, [bytes], { settlements });
  return ok({
    ...report,
    status: taken.failed > 0 ? "partial" : report.status,
    warnings: limitedWarnings([...report.warnings, ...taken.warnings]),
    imported: { new: taken.new, known: taken.known },
  });
}

/** The element of a payment advice; each line is new or known. Failures of the reader, `creditor_unknown`. */
export async function takeAdviceFile(
  act: Act,
  name: string,
  input: FileInput,
  bytes: Buffer,
  fingerprint: Buffer,
): Promise<Result<FileReport, Failure>> {
  const read = readAdvices(bytes);
  if (!read.ok) return read;
  const of = creditorNamed(await readBooks(act), input.creditorId);
  if (!of.ok) return of;
  const { creditorId } = of.value;
  const currency = input.currency ?? EUR;
  const taken = await takeAdvices(act, read.value, { creditorId, fileFingerprint: fingerprint, currency });
  const report = await reportFile(name, [bytes]);
  const left = "An advice has amounts or a currency that can't be booked; it was left out.";
  return ok({
    ...report,
    status: taken.failed > 0 ? "partial" : report.status,
    warnings: limitedWarnings([...report.warnings, ...(taken.failed > 0 ? [left] : [])]),
    imported: { new: taken.new, known: taken.known },
  });
}
