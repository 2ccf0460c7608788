/**
 * Money that came in, in groups: whom all of them point to is asked at once, the customers are locked at once, and what
 * is sure is written at once. A customer's second payment of a group is judged after the first is booked, in a second
 * wave; what is left after some waves stays new for the next group.
 */
import { type CreditorId, type CustomerId, dateIn, type Uuid } from "../../../pure/kernel/index.ts";
import { payoutNamedIn, type SettlementMapping } from "../../../pure/formats/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { changeEntries, type Entry, type EntryPayload, lockEntry, openEntryPayloads } from "../../banking/index.ts";
import { creditor, lockCustomers, lockFreeCustomers } from "../../customers/index.ts";
import { byName, gather, type Gathered, point, type Pointed, weigh, withClaims } from "../gather.ts";
import type { Blocker, Candidate, Judgement, Reason } from "../model.ts";
import { scoreOf } from "../model.ts";
import type { KnownName } from "../names.ts";
import type { Shape } from "../references.ts";
import { matchingOf } from "../judging/settings.ts";
import { modelOf } from "../learning/retrain.ts";
import { judge, type Judging, PROPOSAL_MIN } from "../score.ts";
import { createTasks, type TaskInput } from "../../receivables/index.ts";
import { ownMappingsOf } from "../settlement/mappings.ts";
import { paymentsOf, readShapes } from "../store.ts";
import { bookedElsewhere, noteSeen } from "./seen.ts";
import { type Proposed, withWrittenOff } from "./written-off.ts";
import { type Booked, bookEntries, type Decided, type Proposal, proposalOf } from "../writing.ts";

export type Outcome = "booked" | "proposed" | "unmatched";

export interface OpenedEntry {
  readonly entry: Entry;
  readonly payload: EntryPayload;
}

/** A third payment of one customer in a group of a thousand is rare; more waves cost every group their reads. */
const WAVES = 3;

/**
 * Matches credits; returns an outcome for each that was decided, and the bookings made. `patient`: waits for customers
 * that another transaction holds, instead of leaving their entries for later.
 */
export async function matchCredits(
  act: Act,
  entries: readonly OpenedEntry[],
  shapes: ReadonlyMap<CreditorId, readonly Shape[]>,
  bookings: Booked[],
  patient: boolean,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const names = new Map<CustomerId, readonly KnownName[]>();
  const pointed = await point(act, entries, shapes);
  const wanted = [...new Set(pointed.flatMap(({ bookable }) => bookable))];
  const held = patient ? await lockCustomers(act, wanted).then(() => wanted) : await lockFreeCustomers(act, wanted);
  const mine = new Set(held);
  // Whose customer another group holds stays new and comes with the next group.
  let left: readonly Pointed[] = pointed.filter(({ bookable }) => bookable.every((id) => mine.has(id)));
  for (let wave = 0; wave < WAVES && left.length > 0; wave += 1)
    left = await matchWave(act, left, names, bookings, outcomes);
  return outcomes;
}

/** One wave; returns what has to wait because a customer it may be of was booked to in this wave. */
async function matchWave(
  act: Act,
  pointed: readonly Pointed[],
  names: Map<CustomerId, readonly KnownName[]>,
  bookings: Booked[],
  outcomes: Outcome[],
): Promise<readonly Pointed[]> {
  const { gathered, open } = await gather(act, pointed, names);
  const judgements = await judgeAll(act, gathered);
  await judgeByName(act, pointed, names, judgements);
  const busy = new Set<CustomerId>();
  const decided: Decided[] = [];
  const proposed: Proposed[] = [];
  const seen: { readonly entry: Entry; readonly proposal: Proposal }[] = [];
  const later: Pointed[] = [];
  const own = await ownMappingsOf(act, creditorsOf(pointed));
  for (const [index, one] of pointed.entries()) {
    const judgement = judgements[index];
    if (!judgement) continue;
    if (one.customers.some((id) => busy.has(id))) {
      // Whoever comes behind a payment that waits must wait too, or they would change places.
      for (const id of one.bookable) busy.add(id);
      later.push(one);
      continue;
    }
    const { entry, payload } = one;
    const { candidates } = judgement;
    const best = candidates[0];
    const blockers = blockersOf(one, judgement, own.get(entry.creditorId));
    if (best && blockers.length === 0) {
      busy.add(best.customerId);
      if (await bookedElsewhere(act, entry.creditorId)) {
        seen.push({ entry, proposal: proposalOf(best) });
        continue;
      }
      const credits = (open.get(best.customerId) ?? []).some(({ openTotal }) => openTotal < 0n);
      decided.push({ entry, payload, decision: decisionOf(best, credits) });
      continue;
    }
    proposed.push({ entry, proposals: proposalsOf({ candidates, blockers }), named: namedOf(one) });
  }
  bookings.push(...(await bookEntries(act, decided, open)));
  const named = await withWrittenOff(act, proposed);
  await propose(act, named);
  await tellOfDuplicates(act, named);
  await noteSeen(act, seen);
  for (const _ of decided) outcomes.push("booked");
  for (const _ of seen) outcomes.push("proposed");
  for (const { proposals } of proposed) outcomes.push(proposals.length > 0 ? "proposed" : "unmatched");
  return later;
}

const creditorsOf = (pointed: readonly Pointed[]): CreditorId[] => pointed.map(({ entry }) => entry.creditorId);

/** All that keeps the best candidate from being acted on without a person. */
function blockersOf(
  { entry, payload, bookable }: Pointed,
  { candidates, blockers }: Judgement,
  own: readonly SettlementMapping[] = [],
): Blocker[] {
  const all = [...blockers];
  // A refund that came back is our own money, whatever its text says: only a person books it to a customer.
  if (entry.isReturn) all.push("money_came_back");
  // A provider's payout is many customers' money; it is booked by its lines.
  if (payoutNamedIn([payload.payerName, payload.ultimatePayer], { own })) all.push("payout_of_provider");
  // Only a customer that was locked before its items were read.
  const [best] = candidates;
  if (best && !bookable.includes(best.customerId) && all.length === 0) all.push("no_rule");
  return all;
}

/** Items whose number or reference stands in the text, whoever has them. */
const namedOf = ({ pointing }: Pointed): Proposed["named"] => [...pointing.receivables.values()].flat();

/** What is named is paid already, and the same amount was booked to this customer before: a task asks what to do with it. */
async function tellOfDuplicates(
  act: Act,
  proposed: readonly { readonly entry: Entry; readonly proposals: readonly Proposal[] }[],
): Promise<void> {
  const twice = proposed.flatMap(({ entry, proposals: [best] }) =>
    best?.reasons.some(({ code }) => code === "item_settled") &&
    best.items.every(({ receivableId }) => receivableId === null)
      ? [{ entry, customerId: best.customerId }]
      : [],
  );
  const tasks: TaskInput[] = [];
  for (const { entry, customerId } of twice) {
    const [earlier] = await paymentsOf(act, [customerId], [entry.amountMinor], entry.currency);
    if (!earlier) continue;
    const { zone } = await creditor(act, entry.creditorId);
    tasks.push({
      customerId,
      kind: "duplicate_payment",
      amountMinor: entry.amountMinor,
      currency: entry.currency,
      facts: { entryId: entry.entryId, matchId: earlier.matchId },
      dueOn: dateIn(act.tx.now, zone),
    });
  }
  await createTasks(act, tasks);
}

function decisionOf(best: Candidate, credits: boolean): Decided["decision"] {
  const sure = best.quality === "structured" || best.quality === "exact";
  const evidence = best.reasons.map(({ code }) => code);
  return {
    customerId: best.customerId,
    designated: best.items.flatMap(({ receivableId }) => (receivableId === null ? [] : [receivableId])),
    score: scoreOf(best),
    reasons: best.reasons,
    concessions: best.concessions,
    features: best.features.map((value) => Math.round(value * 1_000) / 1_000),
    learn:
      sure &&
      evidence.includes("name_agrees") &&
      !evidence.includes("account_shared") &&
      !evidence.includes("account_known"),
    net: best.fit === "all" && credits,
  };
}

/** By what this creditor's payments are judged: its threshold and tolerance. */
async function judgingOf(act: Act, creditorId: CreditorId): Promise<Judging> {
  const { threshold, tolerance } = matchingOf(await creditor(act, creditorId));
  return { model: await modelOf(act, creditorId), threshold, ...(tolerance && { tolerance }) };
}

/** Judges by the balances; where that leaves a question, also by what the items may be claimed at on the value date. */
async function judgeAll(act: Act, gathered: readonly Gathered[]): Promise<Judgement[]> {
  const judgings = new Map<CreditorId, Judging>();
  for (const { entry } of gathered)
    if (!judgings.has(entry.creditorId)) judgings.set(entry.creditorId, await judgingOf(act, entry.creditorId));
  const judged = (one: Gathered): Judgement => {
    const { payment, evidences } = weigh(one);
    return judge(payment, evidences, judgings.get(one.entry.creditorId));
  };
  const judgements = gathered.map(judged);
  const asked = gathered.flatMap((one, index) => (answered(judgements[index]) ? [] : [{ one, index }]));
  const claimed = await withClaims(
    act,
    asked.map(({ one }) => one),
  );
  for (const [at, one] of claimed.entries()) {
    const before = asked[at];
    if (before && one !== before.one) judgements[before.index] = judged(one);
  }
  return judgements;
}

/** Judges anew, with all customers of the payer's name, what rests on it or found nobody who has it. */
async function judgeByName(
  act: Act,
  pointed: readonly Pointed[],
  names: Map<CustomerId, readonly KnownName[]>,
  judgements: Judgement[],
): Promise<void> {
  const asking = [...judgements.entries()].filter(([, judgement]) => judgement.asksNames).map(([index]) => index);
  const before = asking
    .flatMap((index) => pointed[index] ?? [])
    .filter(({ pointing }) => pointing.nameHits.length === 0);
  const named = await byName(act, before, true);
  const places = new Map(pointed.map((one, index) => [one.entry, index] as const));
  const found = named.filter((one, at) => one !== before[at]);
  const { gathered } = await gather(act, found, names);
  const again = await judgeAll(act, gathered);
  for (const [at, one] of found.entries()) {
    const [place, judgement] = [places.get(one.entry), again[at]];
    if (place !== undefined && judgement) judgements[place] = judgement;
  }
}

function answered(judgement: Judgement | undefined): boolean {
  const best = judgement?.candidates[0];
  if (!judgement || !best) return true;
  return judgement.blockers.length === 0 && best.fit !== "part" && best.fit !== "over";
}

export function proposalsOf({ candidates, blockers }: Pick<Judgement, "candidates" | "blockers">): Proposal[] {
  return candidates.slice(0, 3).map((candidate, index) => {
    const proposal = proposalOf(candidate);
    // Why it waits for a person stands with the best one.
    const open = blockers
      .filter((code) => code !== "no_rule" || blockers.length === 1)
      .map((code): Reason => ({ code }));
    const more = open.filter(({ code }) => !proposal.reasons.some((reason) => reason.code === code));
    return index === 0 ? { ...proposal, reasons: [...proposal.reasons, ...more] } : proposal;
  });
}

/** After an undo: what it may be for is proposed anew, and only proposed. Anything but an unmatched credit stays as it is. */
export async function proposeAgain(act: Act, entryId: Uuid): Promise<void> {
  const entry = await lockEntry(act, entryId);
  const payload = entry && (await openEntryPayloads(act, [entry])).get(entryId);
  if (!payload || entry.status !== "unmatched" || entry.direction !== "credit") return;
  const shapes = new Map([[entry.creditorId, await readShapes(act, entry.creditorId)]]);
  const [judgement] = await judgeOnly(act, [{ entry, payload }], shapes);
  if (!judgement) return;
  const candidates = judgement.candidates.filter(({ points }) => points >= PROPOSAL_MIN);
  const proposals = proposalsOf({ ...judgement, candidates });
  await propose(act, await withWrittenOff(act, [{ entry, proposals, named: judgement.named }]));
}

/** Judges credits by the same rules and books nothing; in the order given. */
export async function judgeOnly(
  act: Act,
  entries: readonly OpenedEntry[],
  shapes: ReadonlyMap<CreditorId, readonly Shape[]>,
): Promise<(Judgement & Pick<Proposed, "named">)[]> {
  if (entries.length === 0) return [];
  const pointed = await point(act, entries, shapes);
  const names = new Map<CustomerId, readonly KnownName[]>();
  const { gathered } = await gather(act, pointed, names);
  const judgements = await judgeAll(act, gathered);
  await judgeByName(act, pointed, names, judgements);
  const own = await ownMappingsOf(act, creditorsOf(pointed));
  return pointed.map((one, index) => {
    const judgement = judgements[index];
    if (!judgement) throw new Error("an entry was not judged");
    const blockers = blockersOf(one, judgement, own.get(one.entry.creditorId));
    return { ...judgement, blockers, named: namedOf(one) };
  });
}

export async function propose(
  act: Act,
  proposed: readonly { readonly entry: Entry; readonly proposals: readonly Proposal[] }[],
): Promise<void> {
  await changeEntries(
    act,
    proposed.map(({ entry, proposals }) => ({
      fingerprint: entry.fingerprint,
      status: proposals.length > 0 ? "proposed" : "unmatched",
      customerId: null,
      score: proposals[0]?.score ?? null,
      proposals,
    })),
  );
}
