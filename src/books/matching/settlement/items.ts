/** What lines of payouts are about: items by their number, and payments that stand. */
import type { CustomerId, ReceivableId, Uuid } from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { rowsOf, sql } from "../../../platform/database/index.ts";
import type { Payout } from "./store.ts";

export interface NamedItem {
  readonly customerId: CustomerId;
  readonly receivableId: ReceivableId;
  readonly number: string;
  readonly openMinor: bigint;
  readonly assigned: boolean;
}

/** Invoices of a creditor and currency, oldest due first. */
export async function namedItems(
  { tx }: Act,
  of: Pick<Payout, "creditorId" | "currency">,
  ids: readonly { readonly customerId: CustomerId; readonly receivableId: ReceivableId }[],
): Promise<NamedItem[]> {
  if (ids.length === 0) return [];
  const rows = await tx.rows<{
    customer_id: CustomerId;
    receivable_id: ReceivableId;
    number: string;
    open_total: bigint;
    assigned: boolean;
  }>(sql`
    select r.customer_id, r.receivable_id, r.number, r.open_total, r.assigned_on is not null as assigned
    from ${rowsOf("i", {
      customer_id: ["uuid", ids.map((id) => id.customerId)],
      receivable_id: ["uuid", ids.map((id) => id.receivableId)],
    })} join receivable r on r.customer_id = i.customer_id and r.receivable_id = i.receivable_id
    where r.tenant_id = ${tx.tenantId} and r.creditor_id = ${of.creditorId} and r.currency = ${of.currency}
      and r.item_kind = 'invoice'
    order by r.due_on, r.number, r.receivable_id`);
  return rows.map((row) => ({
    customerId: row.customer_id,
    receivableId: row.receivable_id,
    number: row.number,
    openMinor: row.open_total,
    assigned: row.assigned,
  }));
}

/** Booked payments of the provider's transactions: which match stands for each key (as hex). */
export async function paymentsByKey(
  { tx }: Act,
  keys: readonly Buffer[],
): Promise<Map<string, { customerId: CustomerId; matchId: Uuid }[]>> {
  const found = new Map<string, { customerId: CustomerId; matchId: Uuid }[]>();
  if (keys.length === 0) return found;
  const rows = await tx.rows<{ reference_key: Buffer; customer_id: CustomerId; match_id: Uuid }>(sql`
    select l.reference_key, l.customer_id, l.match_id from payout_line l
    where l.tenant_id = ${tx.tenantId} and l.reference_key = any(${[...keys]}::bytea[]) and l.state = 'booked'
      and l.gross_minor > 0 order by l.payout_fingerprint, l.line_number`);
  for (const row of rows) {
    const key = row.reference_key.toString("hex");
    found.set(key, [...(found.get(key) ?? []), { customerId: row.customer_id, matchId: row.match_id }]);
  }
  return found;
}

/** Payments that stand and were meant for one of these items. */
export async function paymentsForItems(
  { tx }: Act,
  items: readonly NamedItem[],
): Promise<{ customerId: CustomerId; matchId: Uuid; amountMinor: bigint }[]> {
  const rows = await tx.rows<{ customer_id: CustomerId; match_id: Uuid; amount_minor: bigint }>(sql`
    select m.customer_id, m.match_id, m.amount_minor from match m
    join booking b on b.customer_id = m.customer_id and b.booking_id = m.booking_id
    where m.customer_id = any(${items.map(({ customerId }) => customerId)}::uuid[]) and m.tenant_id = ${tx.tenantId}
      and m.state = 'booked' and m.amount_minor > 0 and b.kind = 'payment' and b.withdrawn_at is null
      and b.designated && ${items.map(({ receivableId }) => receivableId)}::uuid[]`);
  return rows.map((row) => ({ customerId: row.customer_id, matchId: row.match_id, amountMinor: row.amount_minor }));
}
