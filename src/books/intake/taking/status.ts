/** pain.002: which of our payments and debits a bank refused. */
import {
  type FileReport,
  fileReport,
  readPaymentStatus,
  type ReadWarning,
  warningText,
} from "../../../pure/formats/index.ts";
import {
  currency as currencyOf,
  dateIn,
  type Failure,
  moneyFromDecimal,
  ok,
  type Result,
} from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { undoRejected } from "../../matching/index.ts";

interface StatusTaken {
  readonly records: number;
  readonly warnings: readonly ReadWarning[];
  /** Refused payments and debits. */
  readonly rejected: number;
  /** Of those, payments that had been booked and are undone now. */
  readonly undone: number;
}

/** Failures of the reader. */
async function takeStatus(act: Act, pieces: AsyncIterable<Uint8Array>): Promise<Result<StatusTaken, Failure>> {
  const counts = { records: 0, rejected: 0, undone: 0 };
  const warnings: ReadWarning[] = [];
  for await (const event of readPaymentStatus(pieces)) {
    if (event.kind === "failed") return { ok: false, error: event.error };
    if (event.kind === "warning") warnings.push(event.warning);
    if (event.kind !== "status") continue;
    counts.records += 1;
    const { status, level, endToEndId, amount } = event.status;
    if (status !== "RJCT" || level !== "payment") continue;
    counts.rejected += 1;
    const code = currencyOf(amount?.currency ?? "EUR");
    const money = amount && code.ok ? moneyFromDecimal(amount.amount, code.value) : undefined;
    if (endToEndId === null || !money?.ok) continue;
    const { minor, currency } = money.value;
    const rejected = { endToEndId, amountMinor: minor, currency };
    if (await undoRejected(act, rejected, dateIn(act.tx.now, "Europe/Berlin"))) counts.undone += 1;
  }
  return ok({ ...counts, warnings });
}

/** The element of a status file: each status is a record, each payment undone is new. Failures of the reader. */
export async function takeStatusFile(
  act: Act,
  name: string,
  format: string,
  pieces: AsyncIterable<Uint8Array>,
): Promise<Result<FileReport, Failure>> {
  const taken = await takeStatus(act, pieces);
  if (!taken.ok) return taken;
  const { records, warnings, undone } = taken.value;
  return ok(
    fileReport(name, {
      format,
      records,
      warnings: warnings.map(warningText),
      imported: { new: undone, known: 0 },
    }),
  );
}
