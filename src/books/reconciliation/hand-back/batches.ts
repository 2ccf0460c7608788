/** Batches: made in one transaction, written as files as often as one likes, always the same. */
import { writeDatevBookings } from "../../../pure/formats/index.ts";
import {
  type CreditorId,
  type Failure,
  fail,
  formatMinor,
  money,
  ok,
  type PlainDate,
  type Result,
  type Uuid,
} from "../../../pure/kernel/index.ts";
import { type Act, appendAudit } from "../../../platform/access/index.ts";
import { type Creditor, creditor } from "../../customers/index.ts";
import { fiscalYearOf, type HandBackKind, handBackSettings, linesOf, missingAccounts } from "./model.ts";
import {
  batchLines,
  type HandBackBatch,
  handBackBatches,
  insertBatch,
  lockHandBack,
  pendingPostings,
} from "./store.ts";

export interface PendingHandBack {
  readonly creditorId: CreditorId;
  readonly postings: number;
  readonly byKind: HandBackBatch["byKind"];
  readonly oldest: PlainDate | null;
  /** Kinds without an account: no batch can be made. */
  readonly missing: readonly HandBackKind[];
}

/** What the next batch would hold. */
export async function pendingHandBack(act: Act, of: Creditor): Promise<PendingHandBack> {
  const settings = handBackSettings(of);
  const pending = await pendingPostings(act, of.creditorId, settings.payments);
  const sums = new Map<
    string,
    { kind: HandBackKind; currency: (typeof pending)[number]["currency"]; count: number; minor: bigint }
  >();
  for (const { kind, currency, amountMinor } of pending) {
    const key = `${kind} ${currency}`;
    const sum = sums.get(key) ?? { kind, currency, count: 0, minor: 0n };
    sums.set(key, { ...sum, count: sum.count + 1, minor: sum.minor + amountMinor });
  }
  return {
    creditorId: of.creditorId,
    postings: pending.length,
    byKind: [...sums.values()],
    oldest: pending.map(({ valueOn }) => valueOn).sort()[0] ?? null,
    missing: missingAccounts(
      pending.map(({ kind }) => kind),
      settings,
    ),
  };
}

/**
 * Batches that wait to be fetched: those made before and never fetched, and new ones of everything pending, one a fiscal
 * year and currency. Failure `hand_back_accounts_missing`.
 */
export async function handBack(act: Act, creditorId: CreditorId): Promise<Result<HandBackBatch[], Failure>> {
  await lockHandBack(act, creditorId);
  const of = await creditor(act, creditorId);
  const settings = handBackSettings(of);
  const pending = await pendingPostings(act, creditorId, settings.payments);
  const groups = new Map<string, typeof pending>();
  for (const posting of pending) {
    const key = `${fiscalYearOf(posting.valueOn, settings.fiscalYearMonth)} ${posting.currency}`;
    groups.set(key, [...(groups.get(key) ?? []), posting]);
  }
  for (const key of [...groups.keys()].sort()) {
    const lines = linesOf(groups.get(key) ?? [], settings);
    if (!lines.ok) return lines;
    const batchId = await insertBatch(act, creditorId, lines.value);
    await appendAudit(act, { act: "hand_back.batch_made", subject: batchId, details: { lines: lines.value.length } });
  }
  const all = await handBackBatches(act, { creditorId });
  return ok(all.filter(({ fetchedAt, lines }) => fetchedAt === null && lines > 0).reverse());
}

export type HandBackFormat = "datev" | "csv";

export interface HandBackFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

const cell = (text: string): string => (/[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** A batch as a file; the same batch is the same file. Failures: `batch_not_found`, `datev_not_set_up`, those of the writer. */
export async function handBackFile(
  act: Act,
  batchId: Uuid,
  format: HandBackFormat,
): Promise<Result<HandBackFile, Failure>> {
  const [batch] = await handBackBatches(act, { batchId });
  if (!batch) return fail("not_found", "batch_not_found", "There is no such batch.", batchId);
  const lines = await batchLines(act, batchId);
  const of = await creditor(act, batch.creditorId);
  const name = `kulanz-${String(batch.number).padStart(5, "0")}`;
  if (format === "csv") {
    const header =
      "batch,line,posting_id,value_date,customer_number,invoice_number,kind,component,amount,currency,account,contra_account,tax_key,text";
    const rows = lines.map((line) =>
      [
        `${batch.number}`,
        `${line.lineNumber}`,
        line.postingId,
        line.valueOn,
        line.customerNumber,
        line.number,
        line.kind,
        line.component,
        formatMinor(line.amountMinor, line.currency),
        line.currency,
        line.account,
        line.contraAccount,
        line.taxKey,
        line.text,
      ]
        .map(cell)
        .join(","),
    );
    return ok({
      name: `${name}.csv`,
      mediaType: "text/csv; charset=utf-8",
      bytes: Buffer.from([header, ...rows, ""].join("\r\n")),
    });
  }
  const { datev, fiscalYearMonth } = handBackSettings(of);
  const [first] = lines;
  if (!datev)
    return fail(
      "conflict",
      "datev_not_set_up",
      "Consultant and client number are not set for this creditor.",
      "handBack.datev",
    );
  if (!first) return fail("conflict", "batch_empty", "Nothing is left in this batch.", batchId);
  const written = writeDatevBookings(
    {
      ...datev,
      fiscalYearStart: fiscalYearOf(first.valueOn, fiscalYearMonth),
      from: batch.from,
      to: batch.to,
      label: `Kulanz ${batch.number}`,
      currency: first.currency,
      createdAt: batch.createdAt,
      zone: of.zone,
    },
    lines.map((line) => ({
      amount: money(line.amountMinor < 0n ? -line.amountMinor : line.amountMinor, line.currency),
      side: line.amountMinor > 0n ? ("S" as const) : ("H" as const),
      account: line.account,
      contraAccount: line.contraAccount,
      taxKey: line.taxKey === "" ? null : line.taxKey,
      bookedOn: line.valueOn,
      document: line.number === "" ? null : line.number,
      text: line.text,
    })),
  );
  if (!written.ok) return written;
  return ok({ name: `EXTF_${name}.csv`, mediaType: "text/csv; charset=windows-1252", bytes: written.value.bytes });
}
