/** Approved refunds leave in a payment file; the statement later says that they were paid, or came back. */
import { createHash } from "node:crypto";
import { writeCreditTransfers } from "../../../pure/formats/index.ts";
import {
  type CreditorId,
  type CustomerId,
  dateIn,
  EUR,
  type Failure,
  fail,
  ok,
  type PlainDate,
  type Result,
  type Uuid,
} from "../../../pure/kernel/index.ts";
import { type Act, actorName, appendAudit } from "../../../platform/access/index.ts";
import { arrayOf, sql } from "../../../platform/database/index.ts";
import { touch } from "../../../platform/jobs/index.ts";
import { creditor, lockCustomer } from "../../customers/index.ts";
import { keepCases, post, receivables, reverseBooking } from "../../receivables/index.ts";
import { endToEndOf, type RefundFile, refundOfEndToEnd } from "./model.ts";
import { refundFiles, refunds } from "./store.ts";

/** Refunds of one file. */
const REFUNDS_MAX = 10_000;

/**
 * Puts all approved refunds of a creditor into one payment file and books them as paid out. One whose money has been
 * used meanwhile stays approved and waits. Failures: `creditor_account_missing`, `no_refunds` (none can be paid).
 */
export async function createRefundFile(act: Act, creditorId: CreditorId): Promise<Result<RefundFile, Failure>> {
  const { tx, actor } = act;
  const of = await creditor(act, creditorId);
  const account = of.accounts.find(({ isDefault }) => isDefault) ?? of.accounts[0];
  if (!account)
    return fail("conflict", "creditor_account_missing", "The creditor has no account to pay from.", "creditor");
  const day = dateIn(tx.now, of.zone);
  const approved = (await refunds(act, { state: "approved", creditorId }, REFUNDS_MAX)).sort((a, b) =>
    a.customerId < b.customerId ? -1 : a.customerId > b.customerId ? 1 : a.refundId < b.refundId ? -1 : 1,
  );
  const fileId = tx.newId<Uuid>();
  const paid: { refundId: Uuid; customerId: CustomerId; bookingId: Uuid; amountMinor: bigint }[] = [];
  for (const refund of approved) {
    const { customerId, refundId, receivableId, amountMinor, currency } = refund;
    if (refund.account === null) continue;
    await lockCustomer(act, customerId);
    const [item] = await receivables(act, customerId, [receivableId]);
    const [still] = await refunds(act, { refundId, state: "approved" });
    if (!still || !item || item.openTotal > -amountMinor) continue;
    const bookingId = tx.newId<Uuid>();
    await post(
      act,
      [
        {
          customerId,
          receivableId,
          kind: "return",
          component: "principal",
          amountMinor,
          currency,
          valueOn: day,
          ground: "refund",
        },
      ],
      bookingId,
    ); // prettier-ignore
    await keepCases(act, [customerId], day);
    paid.push({ refundId, customerId, bookingId, amountMinor });
  }
  if (paid.length === 0) return fail("conflict", "no_refunds", "There is no approved refund to pay.", "creditor");
  const sum = paid.reduce((total, { amountMinor }) => total + amountMinor, 0n);
  await tx.execute(sql`
    insert into refund_file (tenant_id, file_id, creditor_id, account, currency, refunds, sum_minor, execution_on,
                             created_by, created_at)
    values (${tx.tenantId}, ${fileId}, ${creditorId}, ${account.iban}, ${EUR}, ${paid.length}, ${sum.toString()}::bigint,
            ${day}::date, ${actorName(actor)}, ${tx.now})`);
  await tx.execute(sql`
    update refund f set file_id = ${fileId}, booking_id = x.booking_id
    from unnest(${paid.map((one) => one.customerId)}::uuid[], ${paid.map((one) => one.refundId)}::uuid[],
                ${paid.map((one) => one.bookingId)}::uuid[]) as x (customer_id, refund_id, booking_id)
    where f.customer_id = x.customer_id and f.refund_id = x.refund_id`);
  await touch(tx, ...new Set(paid.map(({ customerId }) => customerId)));
  await appendAudit(act, { act: "refund.file", subject: fileId, details: { refunds: paid.length } });
  const [file] = await refundFiles(act, { fileId });
  if (!file) throw new Error("the payment file was not kept");
  return ok(file);
}

/**
 * The file as pain.001, the same bytes each time; who takes it first is kept. Failures: `refund_file_not_found`,
 * `erased` (a payee's account is gone).
 */
export async function refundFileContent(act: Act, fileId: Uuid): Promise<Result<string, Failure>> {
  const { tx } = act;
  const [file] = await refundFiles(act, { fileId });
  if (!file) return fail("not_found", "refund_file_not_found", "There is no such payment file.", fileId);
  const of = await creditor(act, file.creditorId);
  const list = await refunds(act, { fileId }, REFUNDS_MAX);
  if (list.some(({ account }) => account === null))
    return fail("not_found", "erased", "An account of this file was erased.", fileId);
  list.sort((a, b) => (a.refundId < b.refundId ? -1 : 1));
  const own = of.accounts.find(({ iban }) => iban === file.account);
  const text = writeCreditTransfers({
    messageId: `KR-${createHash("sha256").update(fileId).digest("hex").slice(0, 30).toUpperCase()}`,
    createdAt: file.createdAt.toISOString().replace(/\.\d+Z$/, "Z"),
    executionOn: file.executionOn,
    payer: own?.accountHolder || of.name,
    iban: file.account,
    bic: own?.bic ?? null,
    currency: file.currency,
    transfers: list.map(({ refundId, amountMinor, account }) => ({
      endToEndId: endToEndOf(refundId),
      amountMinor,
      payee: account?.holder ?? "",
      iban: account?.iban ?? "",
      text: `Erstattung ${of.name}`,
    })),
  });
  await tx.execute(sql`
    update refund_file set fetched_by = ${actorName(act.actor)}, fetched_at = ${tx.now}
    where tenant_id = ${tx.tenantId} and file_id = ${fileId} and fetched_at is null`);
  await appendAudit(act, { act: "refund.file_fetched", subject: fileId });
  return ok(text);
}

export interface RefundMoved {
  /** Of the entry; null when a status file says so (pain.002). */
  readonly fingerprint: Buffer | null;
  readonly endToEndId: string | null;
  readonly amountMinor: bigint;
  /** The debit of the refund; else the credit by which it came back. */
  readonly paid: boolean;
  readonly on: PlainDate;
}

interface RefundKey {
  readonly customer_id: CustomerId;
  readonly refund_id: Uuid;
  readonly amount_minor: bigint;
  readonly booking_id: Uuid;
  readonly returned: boolean;
}

/**
 * What the bank says of our refunds: paid, or sent back or refused, which makes it a credit balance again. How many
 * came back now; the money of one that was refused before is set aside when the statement brings it.
 */
export async function settleRefunds(act: Act, moved: readonly RefundMoved[]): Promise<number> {
  const named = moved.flatMap((one) => {
    const refundId = refundOfEndToEnd(one.endToEndId);
    return refundId === undefined ? [] : [{ ...one, refundId }];
  });
  if (named.length === 0) return 0;
  const { tx } = act;
  let back = 0;
  const rows = await tx.rows<RefundKey>(sql`
    select customer_id, refund_id, amount_minor, booking_id, returned_on is not null as returned from refund
    where tenant_id = ${tx.tenantId} and booking_id is not null
      and refund_id = any(${arrayOf(
        "uuid",
        named.map(({ refundId }) => refundId),
      )}) order by customer_id`);
  const returned = new Set(rows.flatMap((row) => (row.returned ? [row.refund_id] : [])));
  for (const row of rows)
    for (const one of named) {
      if (one.refundId !== row.refund_id || one.amountMinor !== row.amount_minor) continue;
      if (one.paid)
        await tx.execute(sql`
          update refund set paid_on = ${one.on}::date where customer_id = ${row.customer_id} and refund_id = ${row.refund_id}`);
      else {
        if (!returned.has(row.refund_id)) {
          await reverseBooking(act, row.customer_id, row.booking_id, { valueOn: one.on, kind: "correction" });
          await tx.execute(sql`
            update refund set returned_on = ${one.on}::date
            where customer_id = ${row.customer_id} and refund_id = ${row.refund_id}`);
          await appendAudit(act, { act: "refund.came_back", subject: row.refund_id });
          returned.add(row.refund_id);
          back += 1;
        }
        // Our own money, accounted for: nobody's payment.
        if (one.fingerprint !== null)
          await tx.execute(sql`
            update bank_entry set status = 'set_aside' where fingerprint = ${one.fingerprint} and tenant_id = ${tx.tenantId}`);
      }
    }
  return back;
}
