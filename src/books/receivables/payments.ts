/** Booking money: payments, returns, corrections, settlements. Each locks its customer first. */
import {
  type CreditorId,
  type Currency,
  type CustomerId,
  dateIn,
  type Failure,
  fail,
  ok,
  type PlainDate,
  type ReceivableId,
  type Result,
  type Uuid,
} from "../../pure/kernel/index.ts";
import { type Act, actorName } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import { touch } from "../../platform/jobs/index.ts";
import { brandOf, type Creditor, creditor, lockCustomer } from "../customers/index.ts";
import { keepCases } from "./cases.ts";
import { post } from "./ledger.ts";
import type { Allocation, Concession, PaymentInput } from "./model.ts";
import { type BookingEvent, compareEvents, type InterestMode, type Rules, standing } from "./replay.ts";
import { tellPartners, tellPartnersBack } from "./paying/partner.ts";
import { type Change, onAccountId, type Outcome, outcomeOf, partsOf, type Scope, scopeOf } from "./paying/outcome.ts";
import { NOTHING_OPEN, readPostings, readReceivables } from "./store.ts";

/** What a creditor has set: interest `when_claimed` and the statutory order (§ 367 I BGB) unless stated otherwise. */
export function rulesOf(of: Pick<Creditor, "settings" | "country">): Rules {
  const { interest, allocationOrder } = of.settings as { interest?: InterestMode; allocationOrder?: Rules["order"] };
  // Interest is German law; a creditor elsewhere gets none until its law is built in.
  return {
    interest: of.country === "DE" ? (interest ?? "when_claimed") : "never",
    order: allocationOrder ?? "statutory",
  };
}

export interface EventRow {
  readonly booking_id: Uuid;
  readonly kind: BookingEvent["kind"];
  readonly amount_minor: bigint;
  readonly value_on: PlainDate;
  readonly designated: readonly ReceivableId[];
  readonly returns: Uuid | null;
  readonly concessions: readonly ConcessionRow[] | null;
}

interface ConcessionRow {
  readonly item: ReceivableId;
  readonly kind: Concession["kind"];
  readonly minor: string;
  readonly ground: string;
}

export const concessionRows = (concessions: readonly Concession[] = []): readonly ConcessionRow[] | null =>
  concessions.length === 0
    ? null
    : concessions.map(({ receivableId, kind, minor, ground }) => ({
        item: receivableId,
        kind,
        minor: `${minor}`,
        ground,
      }));

const concessionsOf = (rows: EventRow["concessions"]): Pick<BookingEvent, "concessions"> =>
  rows === null
    ? {}
    : {
        concessions: rows.map(({ item, kind, minor, ground }) => ({
          receivableId: item,
          kind,
          minor: BigInt(minor),
          ground,
        })),
      };

/** Bookings that count, from a value date on, and payments that those return, and settlements that those may undo. */
async function readEvents({ tx }: Act, scope: Scope, from: PlainDate): Promise<BookingEvent[]> {
  const rows = await tx.rows<EventRow>(sql`
    select b.booking_id, b.kind, b.amount_minor, b.value_on, b.designated, b.returns, b.concessions from booking b
    where b.customer_id = ${scope.customerId} and b.creditor_id = ${scope.creditorId}
      and b.currency = ${scope.currency} and b.withdrawn_at is null
      and (b.value_on >= ${from} or b.kind = 'settlement' or b.booking_id in (
        select l.returns from booking l where l.customer_id = ${scope.customerId} and l.value_on >= ${from}))`);
  return rows.map(eventOf).sort(compareEvents);
}

export const eventOf = (row: EventRow): BookingEvent => ({
  bookingId: row.booking_id,
  kind: row.kind,
  amountMinor: row.amount_minor,
  valueOn: row.value_on,
  designated: row.designated,
  ...(row.returns === null ? {} : { returns: row.returns }),
  ...concessionsOf(row.concessions),
});

/** Reads what a change touches, plays the bookings from there on and says what is to be posted. */
async function replay(act: Act, scope: Scope, rules: Rules, change: Change): Promise<Outcome> {
  const known = await readEvents(act, scope, change.from);
  const { undone, kept, designated } = partsOf(known, change);
  const items = await readReceivables(
    act,
    sql`r.customer_id = ${scope.customerId} and r.creditor_id = ${scope.creditorId} and r.currency = ${scope.currency}
      and (r.open_total <> 0 or r.receivable_id = any(${[...designated, onAccountId(scope)]}::uuid[])
        or r.receivable_id = any(${(change.fixed ?? []).map((posting) => posting.receivableId)}::uuid[])
        or r.receivable_id in (select p.receivable_id from posting p
          where p.customer_id = ${scope.customerId} and p.booking_id = any(${[...undone, ...kept]}::uuid[])))`,
  );
  const ids = items.map((item) => item.receivableId);
  const postings = await readPostings(
    act,
    sql`p.customer_id = ${scope.customerId} and p.receivable_id = any(${ids}::uuid[])`,
  );
  return outcomeOf({ scope, rules, known, items, postings }, change);
}

async function insertBooking({ tx, actor }: Act, scope: Scope, event: BookingEvent): Promise<void> {
  await tx.execute(sql`
    insert into booking (customer_id, booking_id, tenant_id, kind, creditor_id, currency, amount_minor, value_on,
                         designated, returns, concessions, actor, booked_at)
    values (${scope.customerId}, ${event.bookingId}, ${tx.tenantId}, ${event.kind}, ${scope.creditorId},
            ${scope.currency}, ${event.amountMinor.toString()}::bigint, ${event.valueOn}::date,
            ${event.designated}::uuid[], ${event.returns ?? null}::uuid,
            ${JSON.stringify(concessionRows(event.concessions))}::text::jsonb, ${actorName(actor)}, ${tx.now})`);
}

/** Makes the on-account item when postings need it. */
async function ensureOnAccount(
  act: Act,
  scope: Scope,
  outcome: Outcome,
  day: PlainDate,
  brandId: PaymentInput["brandId"],
): Promise<void> {
  const account = onAccountId(scope);
  if (!outcome.postings.some((posting) => posting.receivableId === account)) return;
  if (outcome.items.some((item) => item.receivableId === account)) return;
  const brand = brandId ?? outcome.items[0]?.brandId ?? (await brandOf(act, scope.creditorId));
  await act.tx.execute(sql`
    insert into receivable (customer_id, receivable_id, tenant_id, creditor_id, brand_id, item_kind, number,
                            payment_reference, claim_kind, customer_kind, currency, issued_on, arose_on, due_on, created_at)
    select c.customer_id, ${account}, c.tenant_id, ${scope.creditorId}, ${brand}, 'on_account', '', '', 'on_account', c.kind,
           ${scope.currency}, ${day}::date, ${day}::date, ${day}::date, ${act.tx.now}
    from customer c where c.customer_id = ${scope.customerId}
    on conflict (customer_id, receivable_id) do nothing`);
}

async function write(
  act: Act,
  scope: Scope,
  outcome: Outcome,
  booking: Pick<BookingEvent, "bookingId" | "valueOn">,
  brandId?: PaymentInput["brandId"],
): Promise<void> {
  await ensureOnAccount(act, scope, outcome, booking.valueOn, brandId);
  await post(act, outcome.postings, booking.bookingId);
  const { zone } = await creditor(act, scope.creditorId);
  await keepCases(act, [scope.customerId], dateIn(act.tx.now, zone));
  await touch(act.tx, scope.customerId);
}

/** Allocation by item, from movements of a payment. */
export function allocations(scope: Scope, outcome: Pick<Outcome, "movements" | "items">): Allocation[] {
  const account = onAccountId(scope);
  const byItem = new Map<ReceivableId, Allocation>();
  for (const movement of outcome.movements) {
    if (movement.kind !== "payment") continue;
    const known = byItem.get(movement.receivableId);
    const before = known?.byComponent ?? NOTHING_OPEN;
    const amount = -movement.amountMinor;
    byItem.set(movement.receivableId, {
      receivableId: movement.receivableId,
      number: outcome.items.find((item) => item.receivableId === movement.receivableId)?.number ?? "",
      byComponent: { ...before, [movement.component]: before[movement.component] + amount },
      amountMinor: (known?.amountMinor ?? 0n) + amount,
      onAccount: movement.receivableId === account,
    });
  }
  return [...byItem.values()];
}

export function paymentEvent(act: Act, input: PaymentInput): BookingEvent {
  if (input.amountMinor <= 0n) throw new Error("a payment must be above zero");
  return {
    bookingId: act.tx.newId<Uuid>(),
    kind: "payment",
    amountMinor: input.amountMinor,
    valueOn: input.valueOn,
    designated: [...new Set(input.designated)],
    ...(input.concessions && input.concessions.length > 0 && { concessions: input.concessions }),
  };
}

export interface BookedPayment {
  readonly bookingId: Uuid;
  readonly allocations: readonly Allocation[];
  /** What rests on account more than before, be it money of this payment or of another that it displaced. */
  readonly onAccountMinor: bigint;
  /** What went to items that are with a collection partner or assigned; a task says so. */
  readonly partnerMinor: bigint;
}

/**
 * Books a payment: designated items first (§ 366 I BGB), then the statutory order (§§ 366 II, 367 BGB), the rest on
 * account. When later value dates are booked already, those bookings are allocated anew in this transaction. Keeps the
 * cases. `amountMinor` must be above zero; the currency is the items'. Many at once: `bookPayments`.
 */
export async function bookPayment(act: Act, input: PaymentInput): Promise<BookedPayment> {
  await lockCustomer(act, input.customerId);
  const of = await creditor(act, input.creditorId);
  const event = paymentEvent(act, input);
  const scope = scopeOf(input);
  const outcome = await replay(act, scope, rulesOf(of), { add: event, from: input.valueOn });
  await insertBooking(act, scope, event);
  await write(act, scope, outcome, event, input.brandId);
  const rest = outcome.postings.filter((posting) => posting.receivableId === onAccountId(scope));
  const onAccountMinor = -rest.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  const { bookingId } = event;
  const parts = allocations(scope, outcome);
  const day = dateIn(act.tx.now, of.zone);
  const paid = { customerId: scope.customerId, bookingId, allocations: parts, items: outcome.items, day };
  const [partnerMinor = 0n] = await tellPartners(act, [paid]);
  return { bookingId, allocations: parts, onAccountMinor, partnerMinor };
}

/** What `bookPayment` would do now; nothing is written or locked. */
export async function previewPayment(act: Act, input: PaymentInput): Promise<readonly Allocation[]> {
  const rules = rulesOf(await creditor(act, input.creditorId));
  const scope = scopeOf(input);
  return allocations(scope, await replay(act, scope, rules, { add: paymentEvent(act, input), from: input.valueOn }));
}

/**
 * Reverses a booking. `return`: a payment went back (Rücklastschrift) on `valueOn`; it stays in the history.
 * `correction`: the booking never was; its postings are undone on their own value dates (`valueOn` is not used) and
 * what came later is allocated anew. Works for payments and settlements, and (correction) for charges, credits and
 * write-offs posted under one booking id.
 * Failures: `booking_not_found`, `booking_already_reversed`, `booking_not_a_payment`.
 */
export async function reverseBooking(
  act: Act,
  customerId: CustomerId,
  bookingId: Uuid,
  how: { readonly valueOn: PlainDate; readonly kind: "return" | "correction" },
): Promise<Result<{ readonly bookingId: Uuid }, Failure>> {
  await lockCustomer(act, customerId);
  const booking = await act.tx.one<EventRow & { creditor_id: CreditorId; currency: Currency; over: boolean }>(sql`
    select b.booking_id, b.kind, b.amount_minor, b.value_on, b.designated, b.returns, b.concessions, b.creditor_id, b.currency,
           b.withdrawn_at is not null or exists (select from booking r where r.customer_id = b.customer_id
             and r.returns = b.booking_id and r.withdrawn_at is null) as over
    from booking b where b.customer_id = ${customerId} and b.booking_id = ${bookingId}`);
  if (!booking) return how.kind === "return" ? notFound() : reverseCharges(act, customerId, bookingId);
  if (booking.over) return fail("conflict", "booking_already_reversed", "This booking was reversed before.");
  const scope: Scope = { customerId, creditorId: booking.creditor_id, currency: booking.currency };
  const of = await creditor(act, scope.creditorId);
  if (how.kind === "return") {
    if (booking.kind !== "payment") return fail("invalid", "booking_not_a_payment", "Only a payment can go back.");
    const event: BookingEvent = {
      bookingId: act.tx.newId<Uuid>(),
      kind: "return",
      amountMinor: booking.amount_minor,
      valueOn: how.valueOn < booking.value_on ? booking.value_on : how.valueOn,
      designated: [],
      returns: bookingId,
    };
    const outcome = await replay(act, scope, rulesOf(of), { add: event, from: booking.value_on });
    await insertBooking(act, scope, event);
    await write(act, scope, outcome, event);
    await tellPartnersBack(act, customerId, bookingId, dateIn(act.tx.now, of.zone));
    return ok({ bookingId: event.bookingId });
  }
  const remove: BookingEvent = {
    bookingId,
    kind: booking.kind,
    amountMinor: booking.amount_minor,
    valueOn: booking.value_on,
    designated: booking.designated,
    ...(booking.returns === null ? {} : { returns: booking.returns }),
    ...concessionsOf(booking.concessions),
  };
  const outcome = await replay(act, scope, rulesOf(of), { remove, from: booking.value_on });
  await act.tx.execute(sql`
    update booking set withdrawn_at = ${act.tx.now} where customer_id = ${customerId} and booking_id = ${bookingId}`);
  await write(act, scope, outcome, remove);
  await tellPartnersBack(act, customerId, bookingId, dateIn(act.tx.now, of.zone));
  return ok({ bookingId });
}

const notFound = () => fail("not_found", "booking_not_found", "There is no such booking.");

/** A charge, credit note or write-off that should not have been: whatever paid it is allocated anew. */
async function reverseCharges(
  act: Act,
  customerId: CustomerId,
  bookingId: Uuid,
): Promise<Result<{ readonly bookingId: Uuid }, Failure>> {
  const all = await readPostings(act, sql`p.customer_id = ${customerId} and p.booking_id = ${bookingId}`);
  if (all.length === 0) return notFound();
  const postings = standing(all);
  if (postings.length === 0) return fail("conflict", "booking_already_reversed", "This booking was reversed before.");
  const items = await readReceivables(
    act,
    sql`r.customer_id = ${customerId} and r.receivable_id = any(${postings.map((p) => p.receivableId)}::uuid[])`,
  );
  for (const creditorId of new Set(items.map((item) => item.creditorId))) {
    const own = new Map(
      items.filter((item) => item.creditorId === creditorId).map((item) => [item.receivableId, item]),
    );
    for (const currency of new Set([...own.values()].map((item) => item.currency))) {
      const fixed = postings.filter((posting) => own.get(posting.receivableId)?.currency === currency);
      const from = fixed.map((posting) => posting.valueOn).sort()[0];
      if (from === undefined) continue;
      const scope: Scope = { customerId, creditorId, currency };
      const of = await creditor(act, creditorId);
      const outcome = await replay(act, scope, rulesOf(of), { fixed, from });
      await write(act, scope, outcome, { bookingId, valueOn: from });
    }
  }
  return ok({ bookingId });
}

/**
 * Nets credit notes and money on account against open items of the same creditor and currency by transfer postings,
 * in the statutory order. For a person's wish or a rule; dunning needs only the arithmetic (`nettedTotal`).
 * Returns the bookings made, none when there is nothing to net.
 */
export async function settleOnAccount(act: Act, customerId: CustomerId, valueOn: PlainDate): Promise<readonly Uuid[]> {
  await lockCustomer(act, customerId);
  const scopes = await act.tx.rows<{ creditor_id: CreditorId; currency: Currency; credit: bigint }>(sql`
    select r.creditor_id, r.currency, (-sum(r.open_total) filter (where r.open_total < 0))::bigint as credit
    from receivable r where r.customer_id = ${customerId} and r.open_total <> 0
    group by r.creditor_id, r.currency having min(r.open_total) < 0 and max(r.open_total) > 0
    order by r.creditor_id, r.currency`);
  const made: Uuid[] = [];
  for (const { creditor_id, currency, credit } of scopes) {
    const scope: Scope = { customerId, creditorId: creditor_id, currency };
    const of = await creditor(act, creditor_id);
    const event: BookingEvent = {
      bookingId: act.tx.newId<Uuid>(),
      kind: "settlement",
      amountMinor: credit,
      valueOn,
      designated: [],
    };
    const outcome = await replay(act, scope, rulesOf(of), { add: event, from: valueOn });
    if (outcome.movements.length === 0) continue;
    await insertBooking(act, scope, event);
    await write(act, scope, outcome, event);
    made.push(event.bookingId);
  }
  return made;
}

/** After a claim was changed: payments from a value date on find their place again (an item that is owed less frees money). */
export async function allocateAnew(
  act: Act,
  of: Pick<PaymentInput, "customerId" | "creditorId" | "currency">,
  from: PlainDate,
): Promise<void> {
  await lockCustomer(act, of.customerId);
  const scope = scopeOf(of);
  const outcome = await replay(act, scope, rulesOf(await creditor(act, of.creditorId)), { from });
  if (outcome.postings.length > 0) await write(act, scope, outcome, { bookingId: act.tx.newId<Uuid>(), valueOn: from });
}
