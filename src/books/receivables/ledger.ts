/** Posting and reading the ledger (invariant 2). */
import type {
  CreditorId,
  Currency,
  CustomerId,
  Failure,
  PlainDate,
  ReceivableId,
  Result,
  Uuid,
} from "../../pure/kernel/index.ts";
import { type Act, actorName } from "../../platform/access/index.ts";
import { arrayOf, rowsOf, sql } from "../../platform/database/index.ts";
import { findByTokens } from "../../platform/sealed/index.ts";
import { type CustomerHit, searchCustomers } from "../customers/index.ts";
import type { Component, OpenAmounts, PayableItem, Posting, PostingInput, Receivable } from "./model.ts";
import { NOTHING_OPEN, readPayable, readPostings, readReceivables, sumOf } from "./store.ts";

/**
 * Posts: one statement inserts the postings and keeps the open amounts and `settled_on` of their receivables.
 * `bookingId`: one for all, or given by each posting. Returns the ids in the order of the input.
 * Throws on an amount of zero, an unknown receivable or another currency (bugs of the caller).
 */
export async function post(
  { tx, actor }: Act,
  postings: readonly (PostingInput & { readonly bookingId?: Uuid })[],
  bookingId: Uuid,
): Promise<Uuid[]> {
  if (postings.length === 0) return [];
  const ids = postings.map(() => tx.newId<Uuid>());
  // `settled_on` is the last value date on which the balance moved: a payment and its reversal on one date cancel out.
  const updated = await tx.execute(sql`
    with given as (
      select * from ${rowsOf("g", {
        customer_id: ["uuid", postings.map((p) => p.customerId)],
        posting_id: ["uuid", ids],
        receivable_id: ["uuid", postings.map((p) => p.receivableId)],
        booking_id: ["uuid", postings.map((p) => p.bookingId ?? bookingId)],
        kind: ["text", postings.map((p) => p.kind)],
        component: ["text", postings.map((p) => p.component)],
        amount_minor: ["int8", postings.map((p) => p.amountMinor)],
        currency: ["text", postings.map((p) => p.currency)],
        value_on: ["date", postings.map((p) => p.valueOn)],
        reverses: ["uuid", postings.map((p) => p.reverses)],
        ground: ["text", postings.map((p) => p.ground)],
        moved_kind: ["text", postings.map((p) => p.movedKind)],
      })}
    ), inserted as (
      insert into posting (customer_id, posting_id, tenant_id, receivable_id, booking_id, kind, component, amount_minor,
                           currency, value_on, booked_at, reverses, ground, actor, moved_kind)
      select g.customer_id, g.posting_id, ${tx.tenantId}::uuid, g.receivable_id, g.booking_id, g.kind, g.component,
             g.amount_minor, g.currency, g.value_on, ${tx.now}::timestamptz, g.reverses, g.ground, ${actorName(actor)}, g.moved_kind
      from given g
    ), sums as (
      select customer_id, receivable_id, count(*) as postings, sum(amount_minor) as total,
             coalesce(sum(amount_minor) filter (where component = 'principal'), 0) as principal,
             coalesce(sum(amount_minor) filter (where component = 'interest'), 0) as interest,
             coalesce(sum(amount_minor) filter (where component = 'dunning_cost'), 0) as dunning_cost,
             coalesce(sum(amount_minor) filter (where component = 'collection_cost'), 0) as collection_cost,
             array_agg(value_on) as days, array_agg(amount_minor) as amounts
      from given group by customer_id, receivable_id
    )
    update receivable r set
      open_principal = r.open_principal + s.principal, open_interest = r.open_interest + s.interest,
      open_dunning_cost = r.open_dunning_cost + s.dunning_cost,
      open_collection_cost = r.open_collection_cost + s.collection_cost,
      settled_on = case when r.open_total + s.total = 0 then (
        select max(m.value_on) from (
          select v.value_on from (
            select p.value_on, p.amount_minor from posting p
            where p.customer_id = r.customer_id and p.receivable_id = r.receivable_id
            union all
            select g.value_on, g.amount_minor from unnest(s.days, s.amounts) as g (value_on, amount_minor)
          ) v group by v.value_on having sum(v.amount_minor) <> 0) m) end
    from sums s where r.customer_id = s.customer_id and r.receivable_id = s.receivable_id and r.tenant_id = ${tx.tenantId}`);
  const items = new Set(postings.map((p) => p.receivableId)).size;
  if (updated !== items) throw new Error(`postings for ${items} receivables met ${updated}`);
  return ids;
}

/** All receivables of a customer, settled ones too. */
export async function receivablesOf(act: Act, customerId: CustomerId): Promise<Receivable[]> {
  return readReceivables(act, sql`r.customer_id = ${customerId}`);
}

/** Certain receivables of one customer; unknown ids are missing. */
export async function receivables(
  act: Act,
  customerId: CustomerId,
  ids: readonly ReceivableId[],
): Promise<Receivable[]> {
  return readReceivables(act, sql`r.customer_id = ${customerId} and r.receivable_id = any(${ids}::uuid[])`);
}

/** What is open (also credit notes and money on account, below zero) of many customers, one statement. */
export async function openItems(act: Act, customerIds: readonly CustomerId[]): Promise<Map<CustomerId, Receivable[]>> {
  const found = new Map<CustomerId, Receivable[]>(customerIds.map((id) => [id, []]));
  for (const item of await readReceivables(act, sql`r.customer_id = any(${customerIds}::uuid[]) and r.open_total <> 0`))
    found.get(item.customerId)?.push(item);
  return found;
}

/** The same with what payments are matched by and allocated to. */
export async function payableItems(
  act: Act,
  customerIds: readonly CustomerId[],
): Promise<Map<CustomerId, PayableItem[]>> {
  const found = new Map<CustomerId, PayableItem[]>(customerIds.map((id) => [id, []]));
  const ids = arrayOf("uuid", customerIds);
  for (const item of await readPayable(act, sql`r.customer_id = any(${ids}) and r.open_total <> 0`))
    found.get(item.customerId)?.push(item);
  return found;
}

/** Postings of a customer, oldest booking first. */
export async function postingsOf(act: Act, customerId: CustomerId): Promise<Posting[]> {
  return readPostings(act, sql`p.customer_id = ${customerId}`);
}

/** What bookings (of one customer or of several) do now: the sum of their postings by receivable and component, without those that cancel out. */
export async function allocationsOf(
  act: Act,
  customerId: CustomerId | readonly CustomerId[],
  bookingIds: readonly Uuid[],
): Promise<Map<Uuid, { receivableId: ReceivableId; number: string; onAccount: boolean; amountMinor: bigint }[]>> {
  const rows = await act.tx.rows<{
    booking_id: Uuid;
    receivable_id: ReceivableId;
    number: string;
    on_account: boolean;
    amount: bigint;
  }>(sql`
    select p.booking_id, p.receivable_id, r.number, r.item_kind = 'on_account' as on_account,
           (-sum(p.amount_minor))::bigint as amount
    from posting p join receivable r on r.customer_id = p.customer_id and r.receivable_id = p.receivable_id
    where p.customer_id = any(${[customerId].flat()}::uuid[]) and p.booking_id = any(${bookingIds}::uuid[]) and p.kind = 'payment'
    group by p.booking_id, p.receivable_id, r.number, r.item_kind, r.due_on
    having sum(p.amount_minor) <> 0 order by r.due_on, r.number`);
  const found = new Map<
    Uuid,
    { receivableId: ReceivableId; number: string; onAccount: boolean; amountMinor: bigint }[]
  >();
  for (const row of rows) {
    const list = found.get(row.booking_id) ?? [];
    list.push({
      receivableId: row.receivable_id,
      number: row.number,
      onAccount: row.on_account,
      amountMinor: row.amount,
    });
    found.set(row.booking_id, list);
  }
  return found;
}

export interface ReferenceHit {
  readonly customerId: CustomerId;
  readonly receivableId: ReceivableId;
}

/** Who has this invoice number, order number or RF reference; separators and case don't matter. */
export async function findReceivables(
  act: Act,
  references: readonly string[],
): Promise<Map<string, readonly ReferenceHit[]>> {
  const found = new Map<string, readonly ReferenceHit[]>();
  for (const [reference, hits] of await findByTokens(act, "reference", references))
    found.set(
      reference,
      hits.map((hit) => ({ customerId: hit.customerId, receivableId: hit.objectId as ReceivableId })),
    );
  return found;
}

/** Customers with one open item or a netted total of exactly this amount (minor units). */
export async function customersOwing({ tx }: Act, amountMinor: bigint, limit: number): Promise<CustomerId[]> {
  const rows = await tx.rows<{ customer_id: CustomerId }>(sql`
    select distinct r.customer_id from receivable r
    where r.tenant_id = ${tx.tenantId} and r.open_total <> 0 and r.open_total = ${amountMinor.toString()}::bigint
    limit ${limit}`);
  return rows.map((row) => row.customer_id);
}

export interface Balance {
  readonly creditorId: CreditorId;
  readonly currency: Currency;
  readonly byComponent: OpenAmounts;
  readonly totalMinor: bigint;
}

/** Balance by creditor, currency and component, netted; `asOf`: by value date up to and including that day. */
export async function balanceByComponent({ tx }: Act, customerId: CustomerId, asOf?: PlainDate): Promise<Balance[]> {
  const rows = await tx.rows<{ creditor_id: CreditorId; currency: Currency; component: Component; amount: bigint }>(sql`
    select r.creditor_id, p.currency, p.component, sum(p.amount_minor)::bigint as amount
    from posting p join receivable r on r.customer_id = p.customer_id and r.receivable_id = p.receivable_id
    where p.customer_id = ${customerId} and (${asOf ?? null}::date is null or p.value_on <= ${asOf ?? null}::date)
    group by r.creditor_id, p.currency, p.component order by r.creditor_id, p.currency`);
  const balances = new Map<string, { creditorId: CreditorId; currency: Currency; byComponent: OpenAmounts }>();
  for (const row of rows) {
    const key = `${row.creditor_id} ${row.currency}`;
    const known = balances.get(key);
    const byComponent = { ...(known?.byComponent ?? NOTHING_OPEN), [row.component]: row.amount };
    balances.set(key, { creditorId: row.creditor_id, currency: row.currency, byComponent });
  }
  return [...balances.values()].map((balance) => ({ ...balance, totalMinor: sumOf(balance.byComponent) }));
}

/** `119,00`, `1.190,00 €`, `EUR 119.00`: an amount with two decimal places, wherever it stands in the text. */
const AMOUNT = /(?<![\d.,-])(?:EUR|€)?\s?(\d{1,3}(?:[.' ]\d{3})+|\d{1,9})[.,](\d{2})(?![\d.,-])\s?(?:€|EUR)?/iu;

/**
 * Searches by any word, number or reference, and by amount when the text has one (an open item of exactly that amount,
 * minor units of two places). Failures as `searchCustomers`.
 */
export async function findCustomers(
  act: Act,
  text: string,
  limit: number,
): Promise<Result<readonly CustomerHit[], Failure>> {
  const found = AMOUNT.exec(text);
  if (found) {
    const minor = BigInt(`${(found[1] ?? "").replace(/\D/g, "")}${found[2] ?? ""}`);
    const among: readonly CustomerId[] = await customersOwing(act, minor, 200);
    const rest = text.replace(found[0], " ").trim();
    if (among.length > 0 || rest === "") return searchCustomers(act, { text: rest, among }, limit);
  }
  return searchCustomers(act, { text }, limit);
}
