/**
 * Booking lines of a payout: payments gross to their items, refunds and chargebacks as returns, fees kept as a fact. What
 * is accounted for is written to the payout and its entry.
 */
import { type Currency, dateIn, type PlainDate, type Uuid } from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { type Entry, settleEntry } from "../../banking/index.ts";
import { creditor, lockCustomers } from "../../customers/index.ts";
import { bookPayments, createTasks, findReceivables, type TaskInput } from "../../receivables/index.ts";
import type { Reason } from "../model.ts";
import type { Booked } from "../writing.ts";
import { namedItems } from "./items.ts";
import { type LineItems, planPayment, type PlannedPayment, sides } from "./plan.ts";
import { bookReturns, keepLineMatches, payloadOfLine } from "./returns.ts";
import { changeLines, changePayout, type LineChange, type Payout, type PayoutLine, settledOf } from "./store.ts";

/** What a payout is booked from: its bank entry; a payout of nothing has none and stands for itself. */
export interface Source {
  readonly fingerprint: Buffer;
  readonly entryId: Uuid | null;
  readonly currency: Currency;
  readonly valueOn: PlainDate;
}

export async function sourceOf(act: Act, payout: Payout, entry: Entry | undefined): Promise<Source> {
  if (entry) return entry;
  const { fingerprint, currency } = payout;
  const today = dateIn(act.tx.now, (await creditor(act, payout.creditorId)).zone);
  return { fingerprint, entryId: null, currency, valueOn: payout.valueOn ?? payout.paidOn ?? today };
}

/** Books what can be booked of these lines and says of the rest why it is open. */
export async function bookLines(
  act: Act,
  of: { readonly payout: Payout; readonly source: Source },
  lines: readonly PayoutLine[],
  items: ReadonlyMap<number, LineItems>,
): Promise<readonly Booked[]> {
  const { payout, source } = of;
  const { payments, returns, fees, unknown } = sides(lines);
  const changes: LineChange[] = [
    ...fees.map(({ lineNumber }): LineChange => ({ lineNumber, state: "fee", reason: null, booked: null })),
    ...unknown.map((line) => openChange(line, "kind_unknown")),
  ];
  const left = new Map();
  const planned: PlannedPayment[] = [];
  for (const line of payments) {
    const plan = planPayment(line, items.get(line.lineNumber) ?? [], left);
    if (typeof plan === "string") changes.push(openChange(line, plan));
    else planned.push(plan);
  }
  const bookings = await bookPlanned(act, of, planned);
  // Refunds of this payout's own payments must find them.
  await changeLines(act, payout.fingerprint, changes);
  const returned = await bookReturns(act, { payout, source, returns, items });
  await changeLines(act, payout.fingerprint, returned.changes);
  return [...bookings, ...returned.bookings];
}

const SETTLED_SCORE = 100;

/** Writes what lines account for to the payout and its entry; returns how many are open. */
export async function account(act: Act, payout: Payout, source: Source): Promise<number> {
  const { minor, open } = await settledOf(act, payout.fingerprint);
  await changePayout(act, payout.fingerprint, {
    state: open === 0 ? "settled" : "partial",
    entryFingerprint: source.entryId === null ? null : source.fingerprint,
    valueOn: source.valueOn,
  });
  if (source.entryId !== null)
    await settleEntry(act, source.fingerprint, {
      settledMinor: minor,
      status: open === 0 ? "booked" : "unmatched",
      score: open === 0 ? SETTLED_SCORE : null,
    });
  return open;
}

const openChange = (line: PayoutLine, reason: LineChange["reason"]): LineChange => ({
  lineNumber: line.lineNumber,
  state: "open",
  reason,
  booked: null,
});

/** Items by line: those of the invoice number, else those of the order. All customers of them are locked first. */
export async function itemsOf(act: Act, payout: Payout, lines: readonly PayoutLine[]): Promise<Map<number, LineItems>> {
  const numbers = new Set(lines.flatMap(({ texts }) => [texts?.invoiceNumber ?? [], texts?.orderNumber ?? []].flat()));
  const hits = await findReceivables(act, [...numbers]);
  const ids = [...new Map([...hits.values()].flat().map((hit) => [hit.receivableId, hit])).values()];
  const before = await namedItems(act, payout, ids);
  await lockCustomers(act, [...new Set(before.map(({ customerId }) => customerId))]);
  // Read again under the lock: what was open may have been paid.
  const items = await namedItems(act, payout, before);
  const named = (number: string | null): LineItems => {
    const wanted = new Set((number === null ? [] : (hits.get(number) ?? [])).map(({ receivableId }) => receivableId));
    return items.filter(({ receivableId }) => wanted.has(receivableId));
  };
  return new Map(
    lines.map(({ lineNumber, texts }) => {
      const invoices = named(texts?.invoiceNumber ?? null);
      return [lineNumber, invoices.length > 0 ? invoices : named(texts?.orderNumber ?? null)];
    }),
  );
}

/** Who paid the provider has paid on that day, not on the day the provider passes it on. */
const valueOf = (line: PayoutLine, entry: Source): PlainDate =>
  line.doneOn !== null && line.doneOn < entry.valueOn ? line.doneOn : entry.valueOn;

/** Payments as planned, `reasons` beside the numbers; the lines are booked then. */
export async function bookPlanned(
  act: Act,
  { payout, source }: { readonly payout: Payout; readonly source: Source },
  planned: readonly PlannedPayment[],
  reasons: readonly Reason[] = [],
): Promise<readonly Booked[]> {
  if (planned.length === 0) return [];
  const { creditorId, currency } = payout;
  const payments = await bookPayments(
    act,
    planned.map(({ line, customerId, designated }) => ({
      customerId,
      creditorId,
      amountMinor: line.grossMinor,
      currency,
      valueOn: valueOf(line, source),
      designated,
    })),
  );
  const bookings = planned.map(({ customerId }, index): Booked => {
    const payment = payments[index];
    if (!payment) throw new Error("a line was not booked");
    return {
      matchId: act.tx.newId<Uuid>(),
      bookingId: payment.bookingId,
      customerId,
      allocations: payment.allocations,
    };
  });
  await keepLineMatches(
    act,
    source,
    planned.map(({ line, numbers }, index) => ({
      booked: bookings[index] as Booked,
      lineNumber: line.lineNumber,
      amountMinor: line.grossMinor,
      reasons: [...reasons, ...numbers.slice(0, 3).map((value) => ({ code: "payout_line" as const, value }))],
      payload: payloadOfLine(payout, line),
    })),
  );
  await changeLines(
    act,
    payout.fingerprint,
    planned.map(({ line, customerId }, index): LineChange => {
      const matchId = (bookings[index] as Booked).matchId;
      return { lineNumber: line.lineNumber, state: "booked", reason: null, booked: { customerId, matchId } };
    }),
  );
  const { zone } = await creditor(act, creditorId);
  const dueOn = dateIn(act.tx.now, zone);
  const tasks = payments.flatMap(({ onAccountMinor }, index): TaskInput[] => {
    const made = bookings[index];
    if (onAccountMinor <= 0n || !made) return [];
    const facts = { ...(source.entryId !== null && { entryId: source.entryId }), matchId: made.matchId };
    return [{ customerId: made.customerId, kind: "overpayment", amountMinor: onAccountMinor, currency, facts, dueOn }];
  });
  await createTasks(act, tasks);
  return bookings;
}
