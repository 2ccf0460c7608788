/** Which accounts the money of a credit balance came from, and how much of it from each: a refund goes to no other. */
import type { CustomerId, ReceivableId } from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { sql } from "../../../platform/database/index.ts";
import { type EntryPayload, PAYMENT_KIND } from "../model.ts";
import type { RefundAccount } from "./model.ts";
import { accountOf, REFUND_ACCOUNT } from "./store.ts";

export interface Origin {
  readonly account: RefundAccount;
  /** Minor units that came from it and were not given back to it. */
  readonly minor: bigint;
}

/** Of the payments that left money on this item, the latest first. Those of files merged into the customer's are not seen. */
export async function originsOf(act: Act, customerId: CustomerId, receivableId: ReceivableId): Promise<Origin[]> {
  const { tx, vault } = act;
  const seal = await vault.forCustomer(tx, customerId);
  const payments = await tx.rows<{ payload_sealed: Buffer; minor: bigint }>(sql`
    select m.payload_sealed, (-sum(p.amount_minor))::bigint as minor
    from match m join booking k on k.customer_id = m.customer_id and k.booking_id = m.booking_id
    join posting p on p.customer_id = m.customer_id and p.booking_id = m.booking_id
    where m.customer_id = ${customerId} and p.receivable_id = ${receivableId} and m.state = 'booked' and m.amount_minor > 0
    group by m.match_id, m.payload_sealed, k.value_on having sum(p.amount_minor) < 0
    order by k.value_on desc, m.match_id desc`);
  const back = await tx.rows<{ account_sealed: Buffer; minor: bigint }>(sql`
    select account_sealed, amount_minor as minor from refund
    where customer_id = ${customerId} and receivable_id = ${receivableId} and booking_id is not null and returned_on is null`);
  const origins = new Map<string, Origin>();
  for (const { payload_sealed: sealed, minor } of payments) {
    const text = seal.openText("records", PAYMENT_KIND, sealed);
    const account = text.ok ? accountOf(JSON.parse(text.value) as EntryPayload) : null;
    if (!account) continue;
    const known = origins.get(account.iban);
    origins.set(account.iban, { account: known?.account ?? account, minor: (known?.minor ?? 0n) + minor });
  }
  for (const { account_sealed: sealed, minor } of back) {
    const text = seal.openText("records", REFUND_ACCOUNT, sealed);
    const known = text.ok ? origins.get((JSON.parse(text.value) as RefundAccount).iban) : undefined;
    if (known) origins.set(known.account.iban, { ...known, minor: known.minor - minor });
  }
  return [...origins.values()];
}
