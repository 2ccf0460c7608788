/**
 * Booking payouts: when the credit on the bank account and the provider's file are both here, whichever came first, the
 * credit is booked line by line: payments gross to their items, refunds and chargebacks as returns, fees kept as a fact.
 * One transaction a payout; what is booked already is not booked again, and lines that became bookable meanwhile are.
 */
import type { TenantId, Uuid } from "../../../pure/kernel/index.ts";
import { addDays, dateIn } from "../../../pure/kernel/index.ts";
import { type Act, type Actor, appendAudit, type Platform, withAct } from "../../../platform/access/index.ts";
import { type Entry, entries, lockEntry, openEntryPayloads, settleEntry } from "../../banking/index.ts";
import { creditor, lockCustomers } from "../../customers/index.ts";
import { bookPayments, createTasks, findReceivables, placeHold, type TaskInput } from "../../receivables/index.ts";
import { again } from "../automatic/again.ts";
import { bookedElsewhere } from "../automatic/seen.ts";
import type { Booked } from "../writing.ts";
import { payoutFit } from "./model.ts";
import { type LineItems, planPayment, type PlannedPayment, sides } from "./plan.ts";
import { bookReturns, keepLineMatches, payloadOfLine } from "./returns.ts";
import {
  changeLines,
  changePayout,
  type LineChange,
  lockPayout,
  namedItems,
  type Payout,
  partialPayouts,
  payoutCandidates,
  type PayoutLine,
  payoutLines,
  settledOf,
} from "./store.ts";

/** Books what can be booked of all payouts of a tenant. Safe to run twice, at the same time too. */
export async function settlePayouts(
  platform: Platform,
  tenantId: TenantId,
  actor: Actor,
  booked: (bookings: readonly Booked[], act: Act) => void = () => {},
): Promise<void> {
  const pairs = await withAct(platform, tenantId, actor, async (act) => [
    ...(await pairPayouts(act)),
    ...(await partialPayouts(act)),
  ]);
  for (const { fingerprint, entryId } of pairs)
    await again(() =>
      withAct(platform, tenantId, actor, async (act) => booked(await settlePayout(act, fingerprint, entryId), act)),
    );
}

/** Payouts and entries that belong together: the best pairs first, each at most once; of equal ones none. */
async function pairPayouts(act: Act): Promise<{ fingerprint: Buffer; entryId: Uuid }[]> {
  const candidates = await payoutCandidates(act);
  if (candidates.length === 0) return [];
  const entryIds = [...new Set(candidates.map(({ entryId }) => entryId))];
  const found = await entries(act, { entryIds, limit: entryIds.length });
  const byId = new Map(found.map((entry) => [entry.entryId, entry]));
  const payloads = await openEntryPayloads(act, found);
  const fits = candidates
    .flatMap(({ payout, entryId }) => {
      const [entry, payload] = [byId.get(entryId), payloads.get(entryId)];
      const fit = entry && payload ? payoutFit(payout, { bookedOn: entry.bookedOn, payload }) : 0;
      return fit > 0
        ? [{ fingerprint: payout.fingerprint, key: payout.fingerprint.toString("hex"), entryId, fit }]
        : [];
    })
    .sort((a, b) => b.fit - a.fit || (a.key + a.entryId < b.key + b.entryId ? -1 : 1));
  const taken = new Set<string>();
  const pairs: { fingerprint: Buffer; entryId: Uuid }[] = [];
  for (const one of fits) {
    if (taken.has(one.key) || taken.has(one.entryId)) continue;
    // Two payouts that fit an entry alike: which of them it paid can't be told yet.
    const alike = fits.filter(({ entryId, fit, key }) => entryId === one.entryId && fit === one.fit && !taken.has(key));
    const others = fits.filter(({ entryId, fit, key }) => key === one.key && fit === one.fit && !taken.has(entryId));
    if (alike.length > others.length) continue;
    taken.add(one.key).add(one.entryId);
    pairs.push({ fingerprint: one.fingerprint, entryId: one.entryId });
  }
  return pairs;
}

const SETTLED_SCORE = 100;

/** One payout; nothing when it was settled meanwhile or its entry is somebody's. */
async function settlePayout(act: Act, fingerprint: Buffer, entryId: Uuid): Promise<readonly Booked[]> {
  const payout = await lockPayout(act, fingerprint);
  const entry = payout && (await lockEntry(act, entryId));
  if (!payout || !entry || payout.state === "settled" || !payout.reconciles) return [];
  const mine =
    payout.entryFingerprint === null ? entry.settledMinor === null : payout.entryFingerprint.equals(entry.fingerprint); // prettier-ignore
  const free = entry.status === "new" || entry.status === "proposed" || entry.status === "unmatched";
  if (!mine || !free || entry.amountMinor !== payout.amountMinor || entry.direction !== "credit") return [];

  const lines = await payoutLines(act, fingerprint, "open");
  const { payments, returns, fees, unknown } = sides(lines);
  const items = await itemsOf(act, payout, [...payments, ...returns]);
  if (await bookedElsewhere(act, payout.creditorId)) {
    await noteSeenLines(act, payout, entry, payments, items);
    return [];
  }
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
  const bookings = await bookPlanned(act, payout, entry, planned);
  const booked = bookings.map(
    ({ customerId, matchId }, index): LineChange => ({
      lineNumber: planned[index]?.line.lineNumber ?? 0,
      state: "booked",
      reason: null,
      booked: { customerId, matchId },
    }),
  ); // prettier-ignore
  // Refunds of this payout's own payments must find them.
  await changeLines(act, fingerprint, [...changes, ...booked]);
  const returned = await bookReturns(act, { payout, entry, returns, items });
  await changeLines(act, fingerprint, returned.changes);

  const { minor, open } = await settledOf(act, fingerprint);
  await changePayout(act, fingerprint, open === 0 ? "settled" : "partial", entry);
  await settleEntry(act, entry.fingerprint, {
    settledMinor: minor,
    status: open === 0 ? "booked" : "unmatched",
    score: open === 0 ? SETTLED_SCORE : null,
  });
  const all = [...bookings, ...returned.bookings];
  if (all.length > 0 || payout.entryFingerprint === null)
    await appendAudit(act, {
      act: "payout.settled",
      subject: entry.entryId,
      details: { provider: payout.provider, booked: all.length, open, matches: all.map(({ matchId }) => matchId) },
    });
  return all;
}

const openChange = (line: PayoutLine, reason: LineChange["reason"]): LineChange => ({
  lineNumber: line.lineNumber,
  state: "open",
  reason,
  booked: null,
});

/** Items by line: those of the invoice number, else those of the order. All customers of them are locked first. */
async function itemsOf(act: Act, payout: Payout, lines: readonly PayoutLine[]): Promise<Map<number, LineItems>> {
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
const valueOf = (line: PayoutLine, entry: Entry): Entry["valueOn"] =>
  line.doneOn !== null && line.doneOn < entry.valueOn ? line.doneOn : entry.valueOn;

async function bookPlanned(
  act: Act,
  payout: Payout,
  entry: Entry,
  planned: readonly PlannedPayment[],
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
      valueOn: valueOf(line, entry),
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
    entry,
    planned.map(({ line, numbers }, index) => ({
      booked: bookings[index] as Booked,
      lineNumber: line.lineNumber,
      amountMinor: line.grossMinor,
      reasons: numbers.slice(0, 3).map((value) => ({ code: "payout_line" as const, value })),
      payload: payloadOfLine(payout, line),
    })),
  );
  const { zone } = await creditor(act, creditorId);
  const dueOn = dateIn(act.tx.now, zone);
  const tasks = payments.flatMap(({ onAccountMinor }, index): TaskInput[] => {
    const made = bookings[index];
    if (onAccountMinor <= 0n || !made) return [];
    const facts = { entryId: entry.entryId, matchId: made.matchId };
    return [{ customerId: made.customerId, kind: "overpayment", amountMinor: onAccountMinor, currency, facts, dueOn }];
  });
  await createTasks(act, tasks);
  return bookings;
}

/** Days until the ERP's list must have followed. */
const SEEN_DAYS = 7;

/** Where another system leads, the money is booked there: dunning of what the payout paid waits. */
async function noteSeenLines(
  act: Act,
  payout: Payout,
  entry: Entry,
  payments: readonly PayoutLine[],
  items: ReadonlyMap<number, LineItems>,
): Promise<void> {
  const { zone } = await creditor(act, payout.creditorId);
  const startsOn = dateIn(act.tx.now, zone);
  for (const line of payments) {
    const own = items.get(line.lineNumber) ?? [];
    if (new Set(own.map(({ customerId }) => customerId)).size !== 1) continue;
    for (const { customerId, receivableId } of own)
      await placeHold(act, {
        customerId,
        receivableId,
        ground: "pending_payment",
        startsOn,
        endsOn: addDays(startsOn, SEEN_DAYS),
      });
  }
  await settleEntry(act, entry.fingerprint, { settledMinor: null, status: "set_aside", score: null });
  await appendAudit(act, { act: "payout.seen", subject: entry.entryId, details: { provider: payout.provider } });
}
