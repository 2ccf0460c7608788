/**
 * Matching by itself: takes new entries in small groups, each group one transaction, so that a stop loses nothing and a
 * second start goes on. Entries another matcher holds are skipped; customers are locked in the order of their ids.
 */
import type { CreditorId, CustomerId, Instant, TenantId, Uuid } from "../../pure/kernel/index.ts";
import { type Act, type Actor, appendAudit, type Platform, withAct } from "../../platform/access/index.ts";
import { findByTokens } from "../../platform/sealed/index.ts";
import {
  changeEntry,
  type Entry,
  type EntryFilter,
  type EntryPayload,
  lockEntry,
  lockNewEntries,
  openEntryPayloads,
} from "../banking/index.ts";
import { lockCustomer } from "../customers/index.ts";
import { bookEntry, bookReturn, type Booked, proposalOf, type Proposal } from "./booking.ts";
import { gather, type Gathered, itemsFor, weigh, withClaims } from "./gather.ts";
import { type Judgement, type Reason, scoreOf } from "./model.ts";
import { judge, PROPOSAL_MIN } from "./score.ts";
import type { Shape } from "./references.ts";
import { type Match, matchById, PAYMENT_KINDS, paymentsOf, readShapes } from "./store.ts";

export interface Acknowledgement {
  readonly kind: "payment booked";
  readonly id: string;
  readonly at: Instant;
}

export interface MatchOptions {
  /** Called after the commit that booked a payment, once each. */
  readonly onAck?: (ack: Acknowledgement) => void;
  /** Called after each group with the counts so far. */
  readonly progress?: (counts: MatchCounts) => void;
}

export interface MatchCounts {
  readonly booked: number;
  readonly proposed: number;
  readonly unmatched: number;
}

/** Entries of one transaction: enough to share the reads, few enough that customers are locked for a moment only. */
const GROUP = 40;
/** A deadlock or serialisation failure is tried again this often. */
const ATTEMPTS = 5;

type Outcome = "booked" | "proposed" | "unmatched";

/** Matches all new entries of a filter. Safe to run twice, at the same time too: an entry is decided once. */
export async function matchEntries(
  platform: Platform,
  tenantId: TenantId,
  actor: Actor,
  filter: Omit<EntryFilter, "status" | "limit" | "offset">,
  options: MatchOptions = {},
): Promise<MatchCounts> {
  const counts = { booked: 0, proposed: 0, unmatched: 0 };
  const shapes = new Map<CreditorId, readonly Shape[]>();
  for (;;) {
    const outcomes = await again(() =>
      withAct(platform, tenantId, actor, (act) => matchGroup(act, filter, shapes, options)),
    );
    if (outcomes.length === 0) return counts;
    for (const outcome of outcomes) counts[outcome] += 1;
    options.progress?.({ ...counts });
  }
}

async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      // 40P01 deadlock, 40001 serialisation: the server chose this transaction to give way.
      const code = (error as { code?: string }).code;
      if (attempt >= ATTEMPTS || (code !== "40P01" && code !== "40001")) throw error;
    }
  }
}

async function matchGroup(
  act: Act,
  filter: EntryFilter,
  shapes: Map<CreditorId, readonly Shape[]>,
  options: MatchOptions,
): Promise<Outcome[]> {
  const locked = await lockNewEntries(act, filter, GROUP);
  const first = locked[0];
  if (!first) return [];
  // A return locks a customer we don't know yet, so it goes alone; entries not taken stay new.
  const firstReturn = locked.findIndex(({ direction }) => direction === "debit");
  const taken = firstReturn === 0 ? [first] : firstReturn > 0 ? locked.slice(0, firstReturn) : locked;
  const payloads = await openEntryPayloads(act, taken);
  const entries: { entry: Entry; payload: EntryPayload }[] = [];
  for (const entry of taken) {
    const payload = payloads.get(entry.entryId);
    if (!payload) throw new Error(`the payload of entry ${entry.entryId} does not open`);
    entries.push({ entry, payload });
  }
  for (const { creditorId } of taken)
    if (!shapes.has(creditorId)) shapes.set(creditorId, await readShapes(act, creditorId));

  const bookings: Booked[] = [];
  const outcomes: Outcome[] = [];
  if (firstReturn === 0) {
    const [only] = entries;
    if (only) outcomes.push(await matchReturn(act, only, shapes, bookings));
  } else outcomes.push(...(await matchCredits(act, entries, shapes, bookings)));

  const count = (outcome: Outcome): number => outcomes.filter((one) => one === outcome).length;
  await appendAudit(act, {
    act: "match.batch",
    details: {
      booked: count("booked"),
      proposed: count("proposed"),
      unmatched: count("unmatched"),
      matches: bookings.map(({ matchId }) => matchId),
    },
  });
  const { now } = act.tx;
  for (const { matchId } of bookings)
    act.tx.afterCommit(() => options.onAck?.({ kind: "payment booked", id: matchId, at: now }));
  return outcomes;
}

async function judgeWithClaims(act: Act, gathered: Gathered): Promise<Judgement> {
  const { payment, evidences } = weigh(gathered);
  const plain = judge(payment, evidences);
  if (plain.candidates.length === 0 || plain.blockers.length === 0) {
    const fit = plain.candidates[0]?.fit;
    if (fit !== "part" && fit !== "over") return plain;
  }
  const weighed = weigh(await withClaims(act, gathered));
  return judge(weighed.payment, weighed.evidences);
}

async function matchCredits(
  act: Act,
  entries: readonly { entry: Entry; payload: EntryPayload }[],
  shapes: ReadonlyMap<CreditorId, readonly Shape[]>,
  bookings: Booked[],
): Promise<Outcome[]> {
  const gathered = await gather(act, entries, shapes);
  const judged: { of: Gathered; judgement: Judgement }[] = [];
  for (const of of gathered) judged.push({ of, judgement: await judgeWithClaims(act, of) });
  const winners = judged.flatMap(({ judgement }) =>
    judgement.blockers.length === 0 ? (judgement.candidates[0]?.customerId ?? []) : [],
  );
  for (const customerId of [...new Set(winners)].sort()) await lockCustomer(act, customerId);

  const outcomes: Outcome[] = [];
  for (const { of, judgement } of judged) {
    let { candidates, blockers } = judgement;
    // A refund that came back is our own money, whatever its text says: only a person books it to a customer.
    if (of.entry.isReturn) blockers = [...blockers, "money_came_back"];
    const winner = candidates[0]?.customerId;
    if (winner !== undefined && blockers.length === 0) {
      // Under the lock, and after what this group booked before: the balance may be another one now.
      const { entry } = of;
      const items = (await itemsFor(act, [winner]))(winner, entry.creditorId, entry.currency);
      const answers = { ...of.answers, items: new Map([...of.answers.items, [winner, items]]) };
      ({ candidates, blockers } = await judgeWithClaims(act, { ...of, answers }));
      if (candidates[0]?.customerId !== winner && blockers.length === 0) blockers = ["runner_up_close"];
    }
    const best = candidates[0];
    if (best && blockers.length === 0) {
      const sure = best.quality === "structured" || best.quality === "exact";
      const evidence = best.reasons.map(({ code }) => code);
      bookings.push(
        await bookEntry(act, of.entry, of.payload, {
          customerId: best.customerId,
          designated: best.items.flatMap(({ receivableId }) => (receivableId === null ? [] : [receivableId])),
          score: scoreOf(best),
          reasons: best.reasons,
          learn:
            sure &&
            evidence.includes("name_agrees") &&
            !evidence.includes("account_shared") &&
            !evidence.includes("account_known"),
          net: best.fit === "all",
        }),
      );
      outcomes.push("booked");
      continue;
    }
    const proposals = proposalsOf({ candidates, blockers });
    await propose(act, of.entry, proposals);
    outcomes.push(proposals.length > 0 ? "proposed" : "unmatched");
  }
  return outcomes;
}

function proposalsOf({ candidates, blockers }: Judgement): Proposal[] {
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
  const [gathered] = await gather(act, [{ entry, payload }], shapes);
  if (!gathered) return;
  const judgement = await judgeWithClaims(act, gathered);
  const candidates = judgement.candidates.filter(({ points }) => points >= PROPOSAL_MIN);
  await propose(act, entry, proposalsOf({ ...judgement, candidates }));
}

async function propose(act: Act, entry: Entry, proposals: readonly Proposal[]): Promise<void> {
  await changeEntry(act, entry.fingerprint, {
    status: proposals.length > 0 ? "proposed" : "unmatched",
    customerId: null,
    score: proposals[0]?.score ?? null,
    proposals,
  });
}

/**
 * Money that went back (Rücklastschrift). The original is a standing match of the same amount found by end-to-end id,
 * mandate, or numbers in the text; the bank's fee may be in the amount. Only one that is the only one is undone by itself.
 */
async function matchReturn(
  act: Act,
  { entry, payload }: { entry: Entry; payload: EntryPayload },
  shapes: ReadonlyMap<CreditorId, readonly Shape[]>,
  bookings: Booked[],
): Promise<Outcome> {
  const amounts = new Set([entry.amountMinor]);
  if (payload.instructedMinor !== null) amounts.add(BigInt(payload.instructedMinor));
  const charges = BigInt(payload.chargesMinor);
  if (charges > 0n && charges < entry.amountMinor) amounts.add(entry.amountMinor - charges);

  const byId = async (kind: string, value: string | null): Promise<Match[]> => {
    if (value === null) return [];
    const hits = (await findByTokens(act, kind, [value])).get(value) ?? [];
    const matches: Match[] = [];
    for (const hit of hits.slice(0, 50)) {
      const match = await matchById(act, hit.customerId, hit.objectId as Uuid);
      if (match?.state === "booked" && match.currency === entry.currency && amounts.has(match.amountMinor))
        matches.push(match);
    }
    return matches;
  };
  const [gathered] = await gather(act, [{ entry, payload }], shapes);
  const owners = new Map<CustomerId, Reason>();
  for (const { token } of gathered?.questions.references ?? [])
    for (const { customerId } of gathered?.answers.receivables.get(token) ?? [])
      owners.set(customerId, { code: "number", value: token });
  // In a return the customer may stand on either side of the entry.
  const otherSide = payload.payeeIban === null ? [] : await gatherHolders(act, payload.payeeIban);
  const holders = [...(gathered?.answers.accountHolders ?? []), ...otherSide];
  const byReference =
    owners.size > 0 && owners.size <= 20 ? await paymentsOf(act, [...owners.keys()], [...amounts], entry.currency) : [];
  const byAccount =
    holders.length > 0 && holders.length <= 20 ? await paymentsOf(act, holders, [...amounts], entry.currency) : [];

  const ways: readonly {
    readonly matches: readonly Match[];
    readonly score: number;
    readonly reasons: readonly Reason[];
    readonly auto: boolean;
  }[] = [
    {
      matches: await byId(PAYMENT_KINDS.endToEnd, payload.endToEndId),
      score: 100,
      reasons: [{ code: "reference" }, { code: "amount_item" }],
      auto: true,
    },
    {
      matches: await byId(PAYMENT_KINDS.mandate, payload.mandateId),
      score: 90,
      reasons: [{ code: "amount_item" }],
      auto: true,
    },
    { matches: byReference, score: 80, reasons: [...owners.values()].slice(0, 3), auto: true },
    { matches: byAccount, score: 50, reasons: [{ code: "account_known" }, { code: "amount_item" }], auto: false },
  ];
  for (const { matches, score, reasons, auto } of ways) {
    const [only, another] = matches;
    if (!only) continue;
    if (auto && !another) {
      const booked = await bookReturn(act, entry, payload, only, { score, reasons });
      if (booked.ok) {
        bookings.push(booked.value);
        return "booked";
      }
    }
    await propose(
      act,
      entry,
      matches.slice(0, 3).map(
        (match): Proposal => ({
          customerId: match.customerId,
          score: Math.min(score, 60),
          items: [{ receivableId: null, number: null, amountMinor: (-match.amountMinor).toString() }],
          reasons: [{ code: "return_of", value: match.matchId }, ...reasons],
          returnOf: match.matchId,
        }),
      ),
    ); // prettier-ignore
    return "proposed";
  }
  await propose(act, entry, []);
  return "unmatched";
}

async function gatherHolders(act: Act, iban: string): Promise<CustomerId[]> {
  return ((await findByTokens(act, "iban", [iban])).get(iban) ?? []).map(({ customerId }) => customerId);
}
