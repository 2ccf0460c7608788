/**
 * Booking many payments at once: one read, one pure allocation a payment, one write a table. What is played is the same
 * as for a single payment (`Play`), so the result is the same. In the ordinary case nothing booked comes behind the
 * payment in the order of value dates, and the balances tell all; else the accounts concerned are read whole.
 *
 * Measured in groups of 1,000 on two cores: about 0.1 ms a payment, where one after the other took 6 ms.
 */
import type { BrandId, CreditorId, CustomerId, PlainDate, ReceivableId } from "../../../pure/kernel/index.ts";
import { dateIn } from "../../../pure/kernel/index.ts";
import { type Act, actorName } from "../../../platform/access/index.ts";
import { arrayOf, rowsOf, sql } from "../../../platform/database/index.ts";
import { touch } from "../../../platform/jobs/index.ts";
import { brandOf, creditor, lockCustomers } from "../../customers/index.ts";
import { keepCases } from "../cases.ts";
import { post } from "../ledger.ts";
import type { PayableItem, PaymentInput, Posting } from "../model.ts";
import {
  allocations,
  type BookedPayment,
  concessionRows,
  type EventRow,
  eventOf,
  paymentEvent,
  rulesOf,
} from "../payments.ts";
import { type BookingEvent, compareEvents, type Movement, Play, type Rules, standing } from "../replay.ts";
import { readPayable, readPostings } from "../store.ts";
import { tellPartners } from "./partner.ts";
import { type Change, onAccountId, type Outcome, outcomeOf, partsOf, type Scope, scopeOf } from "./outcome.ts";

/** Open items of customers, read in this transaction after the customers were locked. */
export type OpenOf = ReadonlyMap<CustomerId, readonly PayableItem[]>;

interface Draft {
  readonly input: PaymentInput;
  readonly event: BookingEvent;
  readonly scope: Scope;
  /** The item that takes what no invoice has claimed; a hash, so made once. */
  readonly account: ReceivableId;
  readonly rules: Rules;
  readonly items: readonly PayableItem[];
}

/**
 * Books payments of many customers as `bookPayment` does one after the other, in the order given for each customer;
 * results in that order. Locks the customers in the order of their ids. A second payment of one customer is booked
 * after the first, in another round. `open`: open items, when the caller has read them under the lock already.
 */
export async function bookPayments(
  act: Act,
  inputs: readonly PaymentInput[],
  open?: OpenOf,
): Promise<readonly BookedPayment[]> {
  if (!open)
    await lockCustomers(
      act,
      inputs.map(({ customerId }) => customerId),
    );
  const results: BookedPayment[] = [];
  let known = open;
  for (let left = [...inputs.keys()]; left.length > 0; known = undefined) {
    const seen = new Set<CustomerId>();
    const later: number[] = [];
    const round: number[] = [];
    for (const index of left) {
      const customerId = inputs[index]?.customerId;
      if (customerId === undefined || seen.has(customerId)) later.push(index);
      else round.push(index);
      if (customerId !== undefined) seen.add(customerId);
    }
    const booked = await bookRound(
      act,
      round.flatMap((index) => inputs[index] ?? []),
      known,
    );
    round.forEach((index, at) => {
      const result = booked[at];
      if (result) results[index] = result;
    });
    left = later;
  }
  return results;
}

/** Payments of as many customers. */
async function bookRound(act: Act, inputs: readonly PaymentInput[], open?: OpenOf): Promise<BookedPayment[]> {
  const rules = new Map<CreditorId, Rules>();
  for (const { creditorId } of inputs)
    if (!rules.has(creditorId)) rules.set(creditorId, rulesOf(await creditor(act, creditorId)));
  const events = inputs.map((input) => paymentEvent(act, input));
  const displaced = await displacing(act, inputs, events);
  const items = open ?? (await openItemsOf(act, inputs));
  const drafts = inputs.flatMap((input, index): Draft[] => {
    const [event, of] = [events[index], rules.get(input.creditorId)];
    if (!event || !of) return [];
    const own = (items.get(input.customerId) ?? []).filter(
      (item) => item.creditorId === input.creditorId && item.currency === input.currency,
    );
    const scope = scopeOf(input);
    return [{ input, event, scope, account: onAccountId(scope), rules: of, items: own }];
  });
  const ordinary = await playOrdinary(
    act,
    drafts.filter((_, index) => !displaced.has(index)),
  );
  const displacements = await playDisplacing(
    act,
    drafts.filter((_, index) => displaced.has(index)),
  );
  const outcomes = drafts.map((draft) => {
    const outcome = ordinary.get(draft) ?? displacements.get(draft);
    if (!outcome) throw new Error("a payment was not played");
    return outcome;
  });
  return write(act, drafts, outcomes);
}

/** Places of payments that take their place before something that is booked already. */
async function displacing(
  { tx }: Act,
  inputs: readonly PaymentInput[],
  events: readonly BookingEvent[],
): Promise<Set<number>> {
  const rows = await tx.rows<EventRow & { index: number }>(sql`
    select i.index, b.booking_id, b.kind, b.amount_minor, b.value_on, b.designated, b.returns, b.concessions
    from ${rowsOf("i", {
      index: ["int4", inputs.map((_, index) => index)],
      customer_id: ["uuid", inputs.map((input) => input.customerId)],
      creditor_id: ["uuid", inputs.map((input) => input.creditorId)],
      currency: ["text", inputs.map((input) => input.currency)],
      value_on: ["date", inputs.map((input) => input.valueOn)],
    })}
    join booking b on b.customer_id = i.customer_id and b.creditor_id = i.creditor_id and b.currency = i.currency
      and b.withdrawn_at is null and b.value_on >= i.value_on
    where b.tenant_id = ${tx.tenantId} and b.customer_id = any(${arrayOf("uuid", [
      ...new Set(inputs.map((input) => input.customerId)),
    ])})`);
  const found = new Set<number>();
  for (const row of rows) {
    const event = events[row.index];
    if (event && compareEvents(eventOf(row), event) > 0) found.add(row.index);
  }
  return found;
}

/** What is booked behind them is allocated anew: their whole accounts are read, three statements for all. */
async function playDisplacing(act: Act, drafts: readonly Draft[]): Promise<Map<Draft, Outcome>> {
  const outcomes = new Map<Draft, Outcome>();
  if (drafts.length === 0) return outcomes;
  const { tx } = act;
  const rows = await tx.rows<EventRow & { index: number }>(sql`
    select i.index, b.booking_id, b.kind, b.amount_minor, b.value_on, b.designated, b.returns, b.concessions
    from ${rowsOf("i", {
      index: ["int4", drafts.map((_, index) => index)],
      customer_id: ["uuid", drafts.map(({ scope }) => scope.customerId)],
      creditor_id: ["uuid", drafts.map(({ scope }) => scope.creditorId)],
      currency: ["text", drafts.map(({ scope }) => scope.currency)],
      value_on: ["date", drafts.map(({ event }) => event.valueOn)],
    })}
    join booking b on b.customer_id = i.customer_id and b.creditor_id = i.creditor_id and b.currency = i.currency
      and b.withdrawn_at is null and (b.value_on >= i.value_on or b.kind = 'settlement' or b.booking_id in (
        select l.returns from booking l where l.customer_id = i.customer_id and l.value_on >= i.value_on))
    where b.tenant_id = ${tx.tenantId} and b.customer_id = any(${arrayOf("uuid", [
      ...new Set(drafts.map(({ scope }) => scope.customerId)),
    ])})`);
  const known = drafts.map((): BookingEvent[] => []);
  for (const row of rows) known[row.index]?.push(eventOf(row));
  for (const list of known) list.sort(compareEvents);
  const changes = drafts.map(({ event }): Change => ({ add: event, from: event.valueOn }));
  const parts = changes.map((change, index) => partsOf(known[index] ?? [], change));
  const customers = arrayOf("uuid", [...new Set(drafts.map(({ scope }) => scope.customerId))]);
  const bookings = arrayOf(
    "uuid",
    parts.flatMap(({ undone, kept }) => [...undone, ...kept]),
  );
  const named = arrayOf("uuid", [
    ...parts.flatMap(({ designated }) => designated),
    ...drafts.map(({ account }) => account),
  ]);
  const items = await readPayable(
    act,
    sql`r.customer_id = any(${customers}) and (r.open_total <> 0 or r.receivable_id = any(${named})
      or (r.customer_id, r.receivable_id) in (select p.customer_id, p.receivable_id from posting p
        where p.customer_id = any(${customers}) and p.booking_id = any(${bookings})))`,
  );
  const postings = await postingsOf(act, items);
  const byCustomer = grouped(items);
  for (const [index, draft] of drafts.entries()) {
    const { scope, rules } = draft;
    const change = changes[index];
    if (!change) continue;
    const own = (byCustomer.get(scope.customerId) ?? []).filter(
      (item) => item.creditorId === scope.creditorId && item.currency === scope.currency,
    );
    outcomes.set(
      draft,
      outcomeOf(
        {
          scope,
          rules,
          known: known[index] ?? [],
          items: own,
          postings: own.flatMap(({ receivableId }) => postings.get(receivableId) ?? []),
        },
        change,
      ),
    );
  }
  return outcomes;
}

async function postingsOf(act: Act, items: readonly PayableItem[]): Promise<Map<ReceivableId, Posting[]>> {
  const found = new Map<ReceivableId, Posting[]>();
  if (items.length === 0) return found;
  const customers = arrayOf("uuid", [...new Set(items.map(({ customerId }) => customerId))]);
  const ids = arrayOf(
    "uuid",
    items.map(({ receivableId }) => receivableId),
  );
  const postings = await readPostings(act, sql`p.customer_id = any(${customers}) and p.receivable_id = any(${ids})`);
  for (const posting of postings) {
    const list = found.get(posting.receivableId);
    if (list) list.push(posting);
    else found.set(posting.receivableId, [posting]);
  }
  return found;
}

async function openItemsOf(act: Act, inputs: readonly PaymentInput[]): Promise<OpenOf> {
  const ids = arrayOf(
    "uuid",
    inputs.map(({ customerId }) => customerId),
  );
  return grouped(await readPayable(act, sql`r.customer_id = any(${ids}) and r.open_total <> 0`));
}

function grouped(items: readonly PayableItem[]): Map<CustomerId, PayableItem[]> {
  const found = new Map<CustomerId, PayableItem[]>();
  for (const item of items) {
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
function plain(item: PayableItem, valueOn: PlainDate, rules: Rules): boolean {
  const { open, defaultSince } = item;
  if (open.interest !== 0n || open.dunning_cost !== 0n || open.collection_cost !== 0n) return false;
  return defaultSince === undefined || rules.interest === "never" || defaultSince >= valueOn;
}

/** Nothing comes behind them: open amounts tell what is owed, and postings only where interest or costs play a part. */
async function playOrdinary(act: Act, drafts: readonly Draft[]): Promise<Map<Draft, Outcome>> {
  const read = drafts.flatMap(({ event, items, rules }) => items.filter((item) => !plain(item, event.valueOn, rules)));
  const postings = await postingsOf(act, read);
  const outcomes = new Map<Draft, Outcome>();
  for (const draft of drafts) {
    const { event, items, rules, scope, account } = draft;
    const before = items.flatMap((item): readonly Movement[] =>
      plain(item, event.valueOn, rules)
        ? [
            {
              receivableId: item.receivableId,
              kind: "claim",
              component: "principal",
              amountMinor: item.open.principal,
              valueOn: item.issuedOn,
            },
          ]
        : standing(postings.get(item.receivableId) ?? []),
    );
    const movements = new Play({ items, onAccountId: account, rules }, before, new Map()).play(event);
    const booked = movements.map((movement) => ({ ...movement, ...scope, bookingId: event.bookingId }));
    outcomes.set(draft, { postings: booked, movements, items });
  }
  return outcomes;
}

async function write(act: Act, drafts: readonly Draft[], outcomes: readonly Outcome[]): Promise<BookedPayment[]> {
  const [head] = drafts;
  if (!head) return [];
  await insertBookings(act, drafts);
  await ensureAccounts(act, drafts, outcomes);
  await post(
    act,
    outcomes.flatMap(({ postings }) => postings),
    head.event.bookingId,
  );
  // The business date is the creditor's.
  const byDay = new Map<PlainDate, CustomerId[]>();
  const days = new Map<CreditorId, PlainDate>();
  for (const { scope } of drafts) {
    let day = days.get(scope.creditorId);
    if (day === undefined) {
      day = dateIn(act.tx.now, (await creditor(act, scope.creditorId)).zone);
      days.set(scope.creditorId, day);
    }
    const list = byDay.get(day);
    if (list) list.push(scope.customerId);
    else byDay.set(day, [scope.customerId]);
  }
  for (const [day, ids] of byDay) await keepCases(act, ids, day);
  await touch(act.tx, ...drafts.map(({ scope }) => scope.customerId));
  const booked = drafts.map(({ event, scope, account }, index) => {
    const outcome = outcomes[index] ?? { postings: [], movements: [], items: [] };
    const rest = outcome.postings.filter(({ receivableId }) => receivableId === account);
    return {
      customerId: scope.customerId,
      bookingId: event.bookingId,
      allocations: allocations(scope, outcome),
      onAccountMinor: -rest.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
      items: outcome.items,
      day: days.get(scope.creditorId) ?? event.valueOn,
    };
  });
  const partners = await tellPartners(act, booked);
  return booked.map(
    ({ bookingId, allocations: parts, onAccountMinor }, index): BookedPayment => ({
      bookingId,
      allocations: parts,
      onAccountMinor,
      partnerMinor: partners[index] ?? 0n,
    }),
  );
}

async function insertBookings({ tx, actor }: Act, drafts: readonly Draft[]): Promise<void> {
  await tx.execute(sql`
    insert into booking (customer_id, booking_id, tenant_id, kind, creditor_id, currency, amount_minor, value_on,
                         designated, concessions, actor, booked_at)
    select b.customer_id, b.booking_id, ${tx.tenantId}::uuid, 'payment', b.creditor_id, b.currency, b.amount_minor,
           b.value_on, b.designated::uuid[], b.concessions, ${actorName(actor)}::text, ${tx.now}::timestamptz
    from ${rowsOf("b", {
      customer_id: ["uuid", drafts.map(({ input }) => input.customerId)],
      booking_id: ["uuid", drafts.map(({ event }) => event.bookingId)],
      creditor_id: ["uuid", drafts.map(({ input }) => input.creditorId)],
      currency: ["text", drafts.map(({ input }) => input.currency)],
      amount_minor: ["int8", drafts.map(({ event }) => event.amountMinor)],
      value_on: ["date", drafts.map(({ event }) => event.valueOn)],
      designated: ["text", drafts.map(({ event }) => `{${event.designated.join(",")}}`)],
      concessions: ["jsonb", drafts.map(({ event }) => concessionRows(event.concessions) ?? undefined)],
    })}`);
}

/** The items that take money no invoice has claimed, where some are needed and not there yet. */
async function ensureAccounts(act: Act, drafts: readonly Draft[], outcomes: readonly Outcome[]): Promise<void> {
  const needed = drafts.flatMap(({ scope, account, input, event }, index) => {
    const { postings = [], items = [] } = outcomes[index] ?? {};
    const there = items.some(({ receivableId }) => receivableId === account);
    return there || !postings.some(({ receivableId }) => receivableId === account)
      ? []
      : [{ ...scope, account, brandId: input.brandId ?? items[0]?.brandId, day: event.valueOn }];
  });
  if (needed.length === 0) return;
  const brands = new Map<CreditorId, BrandId>();
  for (const { creditorId } of needed)
    if (!brands.has(creditorId)) brands.set(creditorId, await brandOf(act, creditorId));
  const { tx } = act;
  await tx.execute(sql`
    insert into receivable (customer_id, receivable_id, tenant_id, creditor_id, brand_id, item_kind, number,
                            payment_reference, claim_kind, customer_kind, currency, issued_on, arose_on, due_on, created_at)
    select c.customer_id, a.receivable_id, c.tenant_id, a.creditor_id, a.brand_id, 'on_account', '', '', 'on_account',
           c.kind, a.currency, a.day, a.day, a.day, ${tx.now}::timestamptz
    from ${rowsOf("a", {
      customer_id: ["uuid", needed.map((one) => one.customerId)],
      receivable_id: ["uuid", needed.map((one) => one.account)],
      creditor_id: ["uuid", needed.map((one) => one.creditorId)],
      brand_id: ["uuid", needed.map((one) => one.brandId ?? brands.get(one.creditorId))],
      currency: ["text", needed.map((one) => one.currency)],
      day: ["date", needed.map((one) => one.day)],
    })}
    join customer c on c.customer_id = a.customer_id
    on conflict (customer_id, receivable_id) do nothing`);
}
