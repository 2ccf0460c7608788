/**
 * Booking many payments at once: one read, one pure allocation a payment, one write a table. What is played is the same
 * as for a single payment (`Play`), so the result is the same; only what the ordinary case doesn't need is not read:
 * nothing is booked with a later value date, so no booking is allocated anew.
 *
 * Measured in groups of 1,000 on two cores: about 0.1 ms a payment, where one after the other took 6 ms.
 */
import {
  type CreditorId,
  type CustomerId,
  dateIn,
  type PlainDate,
  type ReceivableId,
} from "../../../pure/kernel/index.ts";
import { type Act, actorName } from "../../../platform/access/index.ts";
import { arrayOf, rowsOf, sql } from "../../../platform/database/index.ts";
import { touch } from "../../../platform/jobs/index.ts";
import { brandOf, type Creditor, creditor, lockCustomers } from "../../customers/index.ts";
import { keepCases } from "../cases.ts";
import { post } from "../ledger.ts";
import type { PaymentInput, Receivable } from "../model.ts";
import {
  allocations,
  bookPayment,
  type BookedPayment,
  type EventRow,
  eventOf,
  onAccountId,
  paymentEvent,
  rulesOf,
  scopeOf,
} from "../payments.ts";
import { type BookingEvent, compareEvents, type Movement, Play, type Rules, standing } from "../replay.ts";
import { readPostings, readReceivables } from "../store.ts";

/** Open items of customers, read in this transaction after the customers were locked. */
export type OpenOf = ReadonlyMap<CustomerId, readonly Receivable[]>;

interface Draft {
  readonly index: number;
  readonly input: PaymentInput;
  readonly event: BookingEvent;
  readonly creditor: Creditor;
  readonly rules: Rules;
  readonly items: readonly Receivable[];
}

/**
 * Books payments of many customers as `bookPayment` does one after the other, in the order given for each customer;
 * results in that order. Locks the customers in the order of their ids. What is not ordinary (a booking with a later
 * place in the order of value dates, a second payment of one customer) is booked one by one.
 * `open`: open items, when the caller has read them under the lock already.
 */
export async function bookPayments(
  act: Act,
  inputs: readonly PaymentInput[],
  open?: OpenOf,
): Promise<readonly BookedPayment[]> {
  const [only, another] = inputs;
  if (!only) return [];
  if (!another) return [await bookPayment(act, only)];
  await lockCustomers(
    act,
    inputs.map(({ customerId }) => customerId),
  );
  const seen = new Set<CustomerId>();
  const first = inputs.map(({ customerId }) => !seen.has(customerId) && seen.add(customerId));
  const creditors = new Map<CreditorId, Creditor>();
  for (const { creditorId } of inputs)
    if (!creditors.has(creditorId)) creditors.set(creditorId, await creditor(act, creditorId));

  const events = inputs.map((input) => paymentEvent(act, input));
  const displaced = await displacing(act, inputs, events);
  const ordinary = inputs.flatMap((_, index) => (first[index] && !displaced.has(index) ? [index] : []));
  const items = open ?? (await openItemsOf(act, inputs));
  const drafts = ordinary.flatMap((index): Draft[] => {
    const [input, event] = [inputs[index], events[index]];
    const of = input && creditors.get(input.creditorId);
    if (!input || !event || !of) return [];
    const own = (items.get(input.customerId) ?? []).filter(
      (item) => item.creditorId === input.creditorId && item.currency === input.currency,
    );
    return [{ index, input, event, creditor: of, rules: rulesOf(of), items: own }];
  });

  const results: BookedPayment[] = [];
  const booked = await bookOrdinary(act, drafts);
  drafts.forEach(({ index }, at) => {
    const result = booked[at];
    if (result) results[index] = result;
  });
  for (const [index, input] of inputs.entries()) results[index] ??= await bookPayment(act, input);
  return results;
}

/** Places of payments behind which something is booked already. */
async function displacing(
  { tx }: Act,
  inputs: readonly PaymentInput[],
  events: readonly BookingEvent[],
): Promise<Set<number>> {
  const rows = await tx.rows<EventRow & { index: number }>(sql`
    select i.index, b.booking_id, b.kind, b.amount_minor, b.value_on, b.designated, b.returns
    from ${rowsOf("i", {
      index: ["int4", inputs.map((_, index) => index)],
      customer_id: ["uuid", inputs.map((input) => input.customerId)],
      creditor_id: ["uuid", inputs.map((input) => input.creditorId)],
      currency: ["text", inputs.map((input) => input.currency)],
      value_on: ["date", inputs.map((input) => input.valueOn)],
    })}
    join booking b on b.customer_id = i.customer_id and b.creditor_id = i.creditor_id and b.currency = i.currency
      and b.withdrawn_at is null and b.value_on >= i.value_on
    where b.tenant_id = ${tx.tenantId}`);
  const found = new Set<number>();
  for (const row of rows) {
    const event = events[row.index];
    if (event && compareEvents(eventOf(row), event) > 0) found.add(row.index);
  }
  return found;
}

async function openItemsOf(act: Act, inputs: readonly PaymentInput[]): Promise<OpenOf> {
  const ids = inputs.map(({ customerId }) => customerId);
  const found = new Map<CustomerId, Receivable[]>();
  for (const item of await readReceivables(
    act,
    sql`r.customer_id = any(${arrayOf("uuid", ids)}) and r.open_total <> 0`,
  )) {
    const list = found.get(item.customerId);
    if (list) list.push(item);
    else found.set(item.customerId, [item]);
  }
  return found;
}

/**
 * Whether the stored balance says all that allocating needs. With interest or costs posted, or interest that may have
 * accrued, the postings and their value dates are needed besides.
 */
function plain(item: Receivable, valueOn: PlainDate, rules: Rules): boolean {
  const { open, defaultSince } = item;
  if (open.interest !== 0n || open.dunning_cost !== 0n || open.collection_cost !== 0n) return false;
  return defaultSince === undefined || rules.interest === "never" || defaultSince >= valueOn;
}

async function histories(act: Act, drafts: readonly Draft[]): Promise<Map<ReceivableId, Movement[]>> {
  const found = new Map<ReceivableId, Movement[]>();
  const read: Receivable[] = [];
  for (const { input, items, rules } of drafts)
    for (const item of items)
      if (plain(item, input.valueOn, rules))
        found.set(item.receivableId, [
          {
            receivableId: item.receivableId,
            kind: "claim",
            component: "principal",
            amountMinor: item.open.principal,
            valueOn: item.issuedOn,
          },
        ]);
      else read.push(item);
  if (read.length === 0) return found;
  const customers = arrayOf("uuid", [...new Set(read.map(({ customerId }) => customerId))]);
  const ids = arrayOf(
    "uuid",
    read.map(({ receivableId }) => receivableId),
  );
  const postings = await readPostings(act, sql`p.customer_id = any(${customers}) and p.receivable_id = any(${ids})`);
  for (const posting of standing(postings)) {
    const list = found.get(posting.receivableId);
    if (list) list.push(posting);
    else found.set(posting.receivableId, [posting]);
  }
  return found;
}

async function bookOrdinary(act: Act, drafts: readonly Draft[]): Promise<BookedPayment[]> {
  if (drafts.length === 0) return [];
  const history = await histories(act, drafts);
  const played = drafts.map((draft) => {
    const { items, rules, event } = draft;
    const scope = scopeOf(draft.input);
    const account = onAccountId(scope);
    const before = items.flatMap(({ receivableId }) => history.get(receivableId) ?? []);
    const movements = new Play({ items, onAccountId: account, rules }, before, new Map()).play(event);
    const rest = movements.find(({ receivableId }) => receivableId === account);
    return { ...draft, scope, account, movements, onAccountMinor: rest ? -rest.amountMinor : 0n };
  });
  await insertBookings(act, drafts);
  await ensureAccounts(act, played);
  const postings = played.flatMap(({ movements, scope, event }) =>
    movements.map((movement) => ({ ...movement, ...scope, bookingId: event.bookingId })),
  );
  const [head] = drafts;
  if (head) await post(act, postings, head.event.bookingId);
  // The business date is the creditor's.
  const byDay = new Map<PlainDate, CustomerId[]>();
  for (const { input, creditor: of } of drafts) {
    const day = dateIn(act.tx.now, of.zone);
    byDay.set(day, [...(byDay.get(day) ?? []), input.customerId]);
  }
  for (const [day, ids] of byDay) await keepCases(act, ids, day);
  await touch(act.tx, ...drafts.map(({ input }) => input.customerId));
  return played.map(({ event, scope, movements, items, onAccountMinor }) => ({
    bookingId: event.bookingId,
    allocations: allocations(scope, { movements, items }),
    onAccountMinor,
  }));
}

async function insertBookings({ tx, actor }: Act, drafts: readonly Draft[]): Promise<void> {
  await tx.execute(sql`
    insert into booking (customer_id, booking_id, tenant_id, kind, creditor_id, currency, amount_minor, value_on,
                         designated, actor, booked_at)
    select b.customer_id, b.booking_id, ${tx.tenantId}::uuid, 'payment', b.creditor_id, b.currency, b.amount_minor,
           b.value_on, b.designated::uuid[], ${actorName(actor)}::text, ${tx.now}::timestamptz
    from ${rowsOf("b", {
      customer_id: ["uuid", drafts.map(({ input }) => input.customerId)],
      booking_id: ["uuid", drafts.map(({ event }) => event.bookingId)],
      creditor_id: ["uuid", drafts.map(({ input }) => input.creditorId)],
      currency: ["text", drafts.map(({ input }) => input.currency)],
      amount_minor: ["int8", drafts.map(({ event }) => event.amountMinor)],
      value_on: ["date", drafts.map(({ event }) => event.valueOn)],
      designated: ["text", drafts.map(({ event }) => `{${event.designated.join(",")}}`)],
    })}`);
}

/** The items that take money no invoice has claimed, where some are needed and not there yet. */
async function ensureAccounts(
  act: Act,
  played: readonly (Draft & { readonly account: ReceivableId; readonly onAccountMinor: bigint })[],
): Promise<void> {
  const needed = played.filter(
    ({ onAccountMinor, items, account }) =>
      onAccountMinor > 0n && !items.some(({ receivableId }) => receivableId === account),
  );
  if (needed.length === 0) return;
  const brands = new Map<CreditorId, Awaited<ReturnType<typeof brandOf>>>();
  for (const { input } of needed)
    if (!brands.has(input.creditorId)) brands.set(input.creditorId, await brandOf(act, input.creditorId));
  const { tx } = act;
  await tx.execute(sql`
    insert into receivable (customer_id, receivable_id, tenant_id, creditor_id, brand_id, item_kind, number,
                            payment_reference, claim_kind, customer_kind, currency, issued_on, arose_on, due_on, created_at)
    select c.customer_id, a.receivable_id, c.tenant_id, a.creditor_id, a.brand_id, 'on_account', '', '', 'on_account',
           c.kind, a.currency, a.day, a.day, a.day, ${tx.now}::timestamptz
    from ${rowsOf("a", {
      customer_id: ["uuid", needed.map(({ input }) => input.customerId)],
      receivable_id: ["uuid", needed.map(({ account }) => account)],
      creditor_id: ["uuid", needed.map(({ input }) => input.creditorId)],
      brand_id: [
        "uuid",
        needed.map(({ input, items }) => input.brandId ?? items[0]?.brandId ?? brands.get(input.creditorId)),
      ],
      currency: ["text", needed.map(({ input }) => input.currency)],
      day: ["date", needed.map(({ event }) => event.valueOn)],
    })}
    join customer c on c.customer_id = a.customer_id
    on conflict (customer_id, receivable_id) do nothing`);
}
