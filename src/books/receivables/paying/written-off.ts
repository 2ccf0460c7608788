/**
 * Money for a claim that was given up: the write-off is taken back by as much as was paid, and no more, so that the item
 * can take the payment and nothing falls due again.
 */
import { type CustomerId, minMinor, type PlainDate, type ReceivableId, type Uuid } from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { sql } from "../../../platform/database/index.ts";
import { lockCustomer } from "../../customers/index.ts";
import { post } from "../ledger.ts";
import type { Component, PostingInput } from "../model.ts";
import { readReceivables } from "../store.ts";
import { PAID_AFTER_WRITE_OFF } from "./interest.ts";

/** An item on which nothing is open because it was written off. */
export interface WrittenOff {
  readonly customerId: CustomerId;
  readonly receivableId: ReceivableId;
  readonly number: string;
  /** Minor units that are written off. */
  readonly minor: bigint;
}

/** Not the residual of a payment, which goes with that payment. */
const GIVEN_UP = sql`p.kind = 'write_off' and not exists (select from booking b
  where b.customer_id = p.customer_id and b.booking_id = p.booking_id)`;

/** Which of these items were written off, with nothing open on them. */
export async function writtenOff(
  { tx }: Act,
  items: readonly { readonly customerId: CustomerId; readonly receivableId: ReceivableId }[],
): Promise<WrittenOff[]> {
  if (items.length === 0) return [];
  const rows = await tx.rows<{
    customer_id: CustomerId;
    receivable_id: ReceivableId;
    number: string;
    minor: bigint;
  }>(sql`
    select r.customer_id, r.receivable_id, r.number, (-sum(p.amount_minor))::bigint as minor
    from receivable r join posting p on p.customer_id = r.customer_id and p.receivable_id = r.receivable_id
    where r.tenant_id = ${tx.tenantId} and r.customer_id = any(${[...new Set(items.map(({ customerId }) => customerId))]}::uuid[])
      and r.receivable_id = any(${items.map(({ receivableId }) => receivableId)}::uuid[]) and r.open_total = 0 and ${GIVEN_UP}
    group by r.customer_id, r.receivable_id, r.number having sum(p.amount_minor) < 0`);
  return rows.map((row) => ({
    customerId: row.customer_id,
    receivableId: row.receivable_id,
    number: row.number,
    minor: row.minor,
  }));
}

/**
 * Takes back the write-off of these items, as far as the money (minor units) reaches, in the order given; the principal
 * first. The id of that booking, which `reverseBooking` undoes; undefined when none of them is written off.
 */
export async function takeBackWriteOff(
  act: Act,
  customerId: CustomerId,
  items: readonly ReceivableId[],
  amountMinor: bigint,
  valueOn: PlainDate,
): Promise<Uuid | undefined> {
  if (items.length === 0) return undefined;
  const { tx } = act;
  await lockCustomer(act, customerId);
  const given = await tx.rows<{
    receivable_id: ReceivableId;
    component: Component;
    minor: bigint;
    last_on: PlainDate;
  }>(sql`
    select p.receivable_id, p.component, (-sum(p.amount_minor))::bigint as minor, max(p.value_on) as last_on
    from posting p join receivable r on r.customer_id = p.customer_id and r.receivable_id = p.receivable_id
    where p.customer_id = ${customerId} and p.receivable_id = any(${[...items]}::uuid[]) and r.open_total = 0
      and ${GIVEN_UP}
    group by p.receivable_id, p.component having sum(p.amount_minor) < 0
    order by p.component = 'principal' desc, p.component`);
  if (given.length === 0) return undefined;
  const read = await readReceivables(
    act,
    sql`r.customer_id = ${customerId} and r.receivable_id = any(${given.map((row) => row.receivable_id)}::uuid[])`,
  );
  const postings: PostingInput[] = [];
  let left = amountMinor;
  for (const receivableId of items)
    for (const row of given.filter((one) => one.receivable_id === receivableId)) {
      const item = read.find((one) => one.receivableId === receivableId);
      const minor = minMinor(left, row.minor);
      if (!item || minor <= 0n) continue;
      left -= minor;
      postings.push({
        customerId,
        receivableId,
        kind: "write_off",
        component: row.component,
        amountMinor: minor,
        currency: item.currency,
        // Money that was under way when the claim was given up: not before it was.
        valueOn: valueOn < row.last_on ? row.last_on : valueOn,
        ground: PAID_AFTER_WRITE_OFF,
      });
    }
  if (postings.length === 0) return undefined;
  const bookingId = tx.newId<Uuid>();
  await post(act, postings, bookingId);
  return bookingId;
}
