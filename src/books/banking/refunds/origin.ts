/** Which accounts the money of a credit balance came from, and how much of it from each: a refund goes to no other. */
import type { CustomerId, ReceivableId } from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { sql } from "../../../platform/database/index.ts";
import { filesOfOne } from "../../customers/index.ts";
import { type EntryPayload, PAYMENT_KIND } from "../model.ts";
import type { RefundAccount } from "./model.ts";
import { accountOf, REFUND_ACCOUNT } from "./store.ts";

export interface Origin {
  readonly account: RefundAccount;
  /** Minor units that came from it and were not given back to it. */
  readonly minor: bigint;
}

/**
 * Of the payments that left money on this item, the latest first. Payments of a file merged into the customer's stayed
 * there; what they left on account moved to the customer's account.
 */
export async function originsOf(act: Act, customerId: CustomerId, receivableId: ReceivableId): Promise<Origin[]> {
  const { tx, vault } = act;
  const files = await filesOfOne(act, customerId);
  // The item itself, and accounts of merged files whose money came to it.
  const held = sql`(select r.customer_id, r.receivable_id from receivable i join receivable r
      on r.receivable_id = i.receivable_id or (i.item_kind = 'on_account' and r.item_kind = 'on_account'
        and r.creditor_id = i.creditor_id and r.currency = i.currency)
    where i.customer_id = ${customerId} and i.receivable_id = ${receivableId} and r.customer_id = any(${files}::uuid[]))`;
  const payments = await tx.rows<{ customer_id: CustomerId; payload_sealed: Buffer; minor: bigint }>(sql`
    select m.customer_id, m.payload_sealed, (-sum(p.amount_minor))::bigint as minor
    from match m join booking k on k.customer_id = m.customer_id and k.booking_id = m.booking_id
    join posting p on p.customer_id = m.customer_id and p.booking_id = m.booking_id
    where (p.customer_id, p.receivable_id) in ${held} and m.state = 'booked' and m.amount_minor > 0
    group by m.customer_id, m.match_id, m.payload_sealed, k.value_on having sum(p.amount_minor) < 0
    order by k.value_on desc, m.match_id desc`);
  const back = await tx.rows<{ customer_id: CustomerId; account_sealed: Buffer; minor: bigint }>(sql`
    select f.customer_id, f.account_sealed, f.amount_minor as minor from refund f
    where (f.customer_id, f.receivable_id) in ${held} and f.booking_id is not null and f.returned_on is null`);
  const seals = await vault.forCustomers(tx, files);
  const opened = (file: CustomerId, kind: string, sealed: Buffer): unknown => {
    const text = seals.get(file)?.openText("records", kind, sealed);
    return text?.ok ? JSON.parse(text.value) : undefined;
  };
  const origins = new Map<string, Origin>();
  for (const { customer_id: file, payload_sealed: sealed, minor } of payments) {
    const payload = opened(file, PAYMENT_KIND, sealed) as EntryPayload | undefined;
    const account = payload && accountOf(payload);
    if (!account) continue;
    const known = origins.get(account.iban);
    origins.set(account.iban, { account: known?.account ?? account, minor: (known?.minor ?? 0n) + minor });
  }
  for (const { customer_id: file, account_sealed: sealed, minor } of back) {
    const account = opened(file, REFUND_ACCOUNT, sealed) as RefundAccount | undefined;
    const known = account && origins.get(account.iban);
    if (known) origins.set(known.account.iban, { ...known, minor: known.minor - minor });
  }
  return [...origins.values()];
}
