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

type FileGiven = readonly [name: string, input: FileInput, bytes: Buffer, fingerprint: Buffer];

/** The element of a settlement file; each line of a payout is new or known. Failures of the reader, `creditor_unknown`. */
export const takeSettlementFile = (act: Act, ...file: FileGiven): Promise<Result<FileReport, Failure>> =>
  takeFacts(act, file, (bytes, { settlements = [] }) => readSettlement(bytes, settlements), takeSettlement);

/** The element of a payment advice; each line is new or known. Failures of the reader, `creditor_unknown`. */
export const takeAdviceFile = (act: Act, ...file: FileGiven): Promise<Result<FileReport, Failure>> =>
  takeFacts(
    act,
    file,
    (bytes) => readAdvices(bytes),
    async (...facts) => {
      const taken = await takeAdvices(...facts);
      const left = "An advice has amounts or a currency that can't be booked; it was left out.";
      return { ...taken, warnings: taken.failed > 0 ? [left] : [] };
    },
  );

type Origin = Parameters<typeof takeSettlement>[2];

/** Reads, keeps under the creditor's name, and tells. */
async function takeFacts<Facts>(
  act: Act,
  [name, input, bytes, fingerprint]: FileGiven,
  read: (bytes: Buffer, input: FileInput) => Result<Facts, Failure>,
  keep: (
    act: Act,
    facts: Facts,
    origin: Origin,
  ) => Promise<{ new: number; known: number; failed: number; warnings: readonly string[] }>,
): Promise<Result<FileReport, Failure>> {
  const facts = read(bytes, input);
  if (!facts.ok) return facts;
  const of = creditorNamed(await readBooks(act), input.creditorId);
  if (!of.ok) return of;
  const { creditorId } = of.value;
  const taken = await keep(act, facts.value, {
    creditorId,
    fileFingerprint: fingerprint,
    currency: input.currency ?? EUR,
  });
  const report = await reportFile(name, [bytes], { settlements: input.settlements ?? [] });
  return ok({
    ...report,
    status: taken.failed > 0 ? "partial" : report.status,
    warnings: limitedWarnings([...report.warnings, ...taken.warnings]),
    imported: { new: taken.new, known: taken.known },
  });
}
