/**
 * Booking payouts by themselves: when the entry on the bank account and the provider's file are both here, whichever came
 * first, the entry is booked line by line; a payout of nothing once its file is complete. One transaction a payout; what
 * is booked already is not booked again, and lines that became bookable meanwhile are.
 */
import { addDays, dateIn, type TenantId, type Uuid } from "../../../pure/kernel/index.ts";
import { type Act, type Actor, appendAudit, type Platform, withAct } from "../../../platform/access/index.ts";
import { type Entry, entries, lockEntry, openEntryPayloads, settleEntry } from "../../banking/index.ts";
import { creditor } from "../../customers/index.ts";
import { placeHold } from "../../receivables/index.ts";
import { again } from "../automatic/again.ts";
import { bookedElsewhere } from "../automatic/seen.ts";
import type { Booked } from "../writing.ts";
import { account, bookLines, itemsOf, type Source, sourceOf } from "./booking.ts";
import { ownMappingsOf } from "./mappings.ts";
import { payoutFit } from "./model.ts";
import { type LineItems, sides } from "./plan.ts";
import {
  changePayout,
  lockPayout,
  type Payout,
  payoutCandidates,
  type PayoutLine,
  payoutLines,
  payoutsToBook,
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
    ...(await payoutsToBook(act)),
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
  const own = await ownMappingsOf(
    act,
    candidates.map(({ payout }) => payout.creditorId),
  );
  const fits = candidates
    .flatMap(({ payout, entryId }) => {
      const [entry, payload] = [byId.get(entryId), payloads.get(entryId)];
      const fit = entry && payload ? payoutFit(payout, { ...entry, payload }, own.get(payout.creditorId)) : 0;
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

/** One payout; nothing when it was settled meanwhile or its entry is somebody's. */
async function settlePayout(act: Act, fingerprint: Buffer, entryId: Uuid | null): Promise<readonly Booked[]> {
  const payout = await lockPayout(act, fingerprint);
  const entry = payout && entryId !== null ? await lockEntry(act, entryId) : undefined;
  if (!payout || payout.state === "settled" || payout.state === "set_aside" || !payout.reconciles) return [];
  if (payout.amountMinor !== 0n && (!entry || !mayPair(payout, entry))) return [];
  const source = await sourceOf(act, payout, entry);
  // What a person took back stays open for a person.
  const lines = (await payoutLines(act, fingerprint, "open")).filter(({ reason }) => reason !== "undone");
  const { payments, returns } = sides(lines);
  const items = await itemsOf(act, payout, [...payments, ...returns]);
  if (await bookedElsewhere(act, payout.creditorId)) {
    await noteSeenLines(act, payout, source, payments, items);
    return [];
  }
  const all = await bookLines(act, { payout, source }, lines, items);
  const open = await account(act, payout, source);
  if (all.length > 0 || payout.state === "waiting")
    await appendAudit(act, {
      act: "payout.settled",
      subject: source.entryId ?? fingerprint.toString("hex"),
      details: { provider: payout.provider, booked: all.length, open, matches: all.map(({ matchId }) => matchId) },
    });
  return all;
}

/** An entry is a payout's: its own already, or nobody's, of the same amount on the right side. */
export function mayPair(payout: Payout, entry: Entry): boolean {
  const mine =
    payout.entryFingerprint === null ? entry.settledMinor === null : payout.entryFingerprint.equals(entry.fingerprint); // prettier-ignore
  const signed = entry.direction === "credit" ? entry.amountMinor : -entry.amountMinor;
  const free =
    ["new", "proposed", "unmatched"].includes(entry.status) ||
    (entry.direction === "debit" && entry.status === "set_aside" && !entry.isReturn);
  return (
    mine &&
    free &&
    signed === payout.amountMinor &&
    entry.creditorId === payout.creditorId &&
    entry.currency === payout.currency
  ); // prettier-ignore
}

/** Days until the ERP's list must have followed. */
const SEEN_DAYS = 7;

/** Where another system leads, the money is booked there: dunning of what the payout paid waits. */
async function noteSeenLines(
  act: Act,
  payout: Payout,
  source: Source,
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
  if (source.entryId === null)
    await changePayout(act, payout.fingerprint, { state: "set_aside", entryFingerprint: null, valueOn: null });
  else await settleEntry(act, source.fingerprint, { settledMinor: null, status: "set_aside", score: null });
  await appendAudit(act, {
    act: "payout.seen",
    subject: source.entryId ?? payout.fingerprint.toString("hex"),
    details: { provider: payout.provider },
  });
}
