/**
 * From evidence to candidates with points and reasons, and the rule when the best one books by itself. A wrong automatic
 * match is worse than ten proposals, so points only sort; booking needs one of four rules and no blocker at all.
 *
 * Points: an item's RF reference 60, its number 50, digits only 30, similar 15; an account known for nobody else 30,
 * shared 12, known for others only −30; the amount of one item, of those named or of all 25 (22 for all, 12 for some set,
 * 6 for part or more, 10 when several items have it); full name 15, family name 8, contradiction −25; customer number 15.
 */
import type { ReceivableId } from "../../pure/kernel/index.ts";
import type {
  Blocker,
  Candidate,
  Evidence,
  Fit,
  Judgement,
  OpenItem,
  PaymentFacts,
  Reason,
  ReasonCode,
} from "./model.ts";
import { featuresOf, type MatchModel, probabilityOf } from "./learning/model.ts";
import { SHIPPED } from "./learning/shipped.ts";
import {
  concessionsOf,
  discountOf,
  meansSeveral,
  setsOf,
  settleAll,
  settles,
  spread,
  sumOf,
  type Tolerance,
  withinTolerance,
} from "./judging/amounts.ts";
import { namesSimilar } from "./judging/similar.ts";
import type { Quality } from "./references.ts";

/** Points by which the best must lead the next one. */
export const RUNNER_UP_GAP = 20;
/** Candidates below are no proposal: one weak sign alone. */
export const PROPOSAL_MIN = 25;

const QUALITY_POINTS: Readonly<Record<Quality, number>> = { structured: 60, exact: 50, digits: 30, similar: 15 };
const QUALITY_RANK: Readonly<Record<Quality, number>> = { structured: 3, exact: 2, digits: 1, similar: 0 };
const FIT_POINTS: Readonly<Record<Fit, number>> = { item: 25, items: 25, all: 22, subset: 12, part: 6, over: 6 };
const QUALITY_REASONS = {
  structured: "reference",
  exact: "number",
  digits: "number_digits",
  similar: "number_similar",
} as const satisfies Record<Quality, ReasonCode>;
const FIT_REASONS = {
  item: "amount_item",
  items: "amount_items",
  all: "amount_all",
  subset: "amount_items",
  part: "amount_part",
  over: "amount_over",
} as const satisfies Record<Fit, ReasonCode>;
const sure = (quality: Quality | undefined | null): boolean => quality === "structured" || quality === "exact";

interface Draft {
  readonly items: readonly OpenItem[];
  readonly fit: Fit;
}

/** What this customer may have meant with the amount; named items first. `several`: the text says it pays more than one. */
function draftsOf(
  evidence: Evidence,
  qualities: ReadonlyMap<ReceivableId, Quality>,
  amount: bigint,
  several: boolean,
): Draft[] {
  const drafts: Draft[] = [];
  const add = (items: readonly OpenItem[], fit: Fit): void => {
    // Each item is one object, and a draft has it once.
    const same = (draft: Draft): boolean =>
      draft.items.length === items.length && items.every((item) => draft.items.includes(item));
    if (!drafts.some(same)) drafts.push({ items, fit });
  };
  const payable = evidence.items.filter((item) => item.payable && item.openMinor > 0n);
  const oldestFirst = [...payable].sort((a, b) => (a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : 0));
  const namedBy = (test: (quality: Quality | undefined) => boolean): OpenItem[] =>
    oldestFirst.filter((item) => qualities.has(item.receivableId) && test(qualities.get(item.receivableId)));
  const named = namedBy(() => true);
  const namedSurely = namedBy(sure);

  for (const set of [named, namedSurely]) if (settleAll(set, amount)) add(set, set.length === 1 ? "item" : "items");
  // Whoever names what they pay may take less discount than they could.
  const missing = sumOf(namedSurely) - amount;
  if (missing > 0n && missing <= discountOf(namedSurely).most)
    add(namedSurely, namedSurely.length === 1 ? "item" : "items");
  // Of a bundle's items with this amount the oldest is meant, as by law (§ 366 II BGB).
  const bundled = (item: OpenItem): boolean => evidence.bundle?.has(item.receivableId) === true;
  const twin = named.find((item) => bundled(item) && settles(item, amount));
  const meant = (item: OpenItem): boolean => settles(item, amount) && (item === twin || !bundled(item));
  for (const item of named) if (meant(item)) add([item], "item");
  const single = oldestFirst.filter(meant);
  for (const item of single) add([item], "item");
  const net = evidence.items.reduce((sum, item) => sum + item.openMinor, 0n);
  const all = oldestFirst.length > 1 && (settleAll(oldestFirst, amount) || net === amount);
  if (all || (oldestFirst.length === 1 && net === amount && drafts.length === 0)) add(oldestFirst, "all");
  // A bundle's other amounts pay its oldest items; some set of the same sum is chance.
  if ((drafts.length === 0 || several) && !named.some(bundled)) {
    const having = several && namedSurely.length > 0 ? namedSurely : [];
    for (const set of setsOf(oldestFirst, amount, several, having)) add(set, "subset");
  }
  const target = namedSurely.length > 0 ? namedSurely : named;
  const fitting = drafts.some((draft) => draft.fit === "all" || draft.items.every((item) => target.includes(item)));
  if (target.length > 0 && !fitting) {
    add(target, amount < sumOf(target) ? "part" : "over");
  } else if (target.length === 0 && drafts.length === 0 && oldestFirst.length > 0) {
    add(oldestFirst, amount < sumOf(oldestFirst) ? "part" : "over");
  }
  // Everything the text names is paid already: paid twice, and nothing else of this customer is meant.
  const surely = [...qualities].filter(([, quality]) => sure(quality));
  const allPaid = surely.length > 0 && surely.every(([id]) => !payable.some((item) => item.receivableId === id));
  if (allPaid || (drafts.length === 0 && qualities.size > 0)) add([], "over");
  return drafts;
}

function candidateOf(
  evidence: Evidence,
  draft: Draft,
  qualities: ReadonlyMap<ReceivableId, Quality>,
  { amountMinor: amount }: PaymentFacts,
  tolerance: Tolerance | undefined,
  { several, rank }: { readonly several: boolean; readonly rank: number },
): Candidate {
  const reasons: Reason[] = [];
  let points = 0;
  const own =
    draft.items.length > 0 ? draft.items.map((item) => qualities.get(item.receivableId)) : [...qualities.values()];
  const present = own.filter((quality) => quality !== undefined);
  const best = present.reduce<Quality | null>(
    (a, b) => (a === null || QUALITY_RANK[b] > QUALITY_RANK[a] ? b : a),
    null,
  );
  const weakest = present.reduce<Quality | null>(
    (a, b) => (a === null || QUALITY_RANK[b] < QUALITY_RANK[a] ? b : a),
    null,
  );
  // All items at once are named by any of them; a set of items needs each.
  // "RE-1 and others" names a set by one of its items.
  const byOne = draft.fit === "all" || (draft.fit === "subset" && several);
  const quality = byOne ? best : present.length === own.length ? weakest : null;
  if (quality !== null) {
    points += QUALITY_POINTS[quality];
    for (const item of evidence.items) {
      const found = qualities.get(item.receivableId);
      if (found === undefined || (draft.items.length > 0 && !draft.items.includes(item))) continue;
      if (reasons.length < 10) reasons.push({ code: QUALITY_REASONS[found], value: item.number });
    }
  }
  const twins =
    draft.fit === "item" && quality === null
      ? evidence.items.filter((item) => item.payable && settles(item, amount)).length
      : 1;
  points += twins > 1 ? 10 : FIT_POINTS[draft.fit];
  // Several sets: the smallest, then the oldest first.
  if (draft.fit === "subset") points += (several ? 6 : 0) - rank;
  if (draft.items.length > 0) reasons.push({ code: FIT_REASONS[draft.fit] });
  const waived =
    draft.fit === "part" && quality !== null && sure(quality) && withinTolerance(draft.items, amount, tolerance);
  const concessions = concessionsOf(draft.items, amount, waived);
  if (concessions.some(({ kind }) => kind === "discount")) reasons.push({ code: "discount_taken" });
  if (concessions.some(({ kind }) => kind === "write_off")) reasons.push({ code: "residual_waived" });
  if (evidence.account === "only") {
    points += 30;
    reasons.push({ code: "account_known" });
  } else if (evidence.account === "shared") {
    points += 12;
    reasons.push({ code: "account_shared" });
  } else if (evidence.account === "elsewhere") {
    points -= 30;
    reasons.push({ code: "account_contradicts" });
  }
  if (evidence.name === "full") {
    points += 15;
    reasons.push({ code: "name_agrees" });
  } else if (evidence.name === "family") {
    points += 8;
    reasons.push({ code: "name_family" });
  } else if (evidence.name === "contradicts") {
    points -= 25;
    reasons.push({ code: "name_contradicts" });
  }
  if (evidence.customerNumber) {
    points += 15;
    reasons.push({ code: "customer_number" });
  }
  return {
    customerId: evidence.customerId,
    items: spread(draft.items, amount, concessions),
    concessions,
    fit: draft.fit,
    quality,
    points,
    features: [],
    probability: 0,
    reasons,
  };
}

/** The rule a candidate meets, if any; see the head of this file and `docs/matching.md`. */
function meetsRule(candidate: Candidate, evidence: Evidence, amount: bigint): boolean {
  const exact = candidate.fit === "item" || candidate.fit === "items" || candidate.fit === "all";
  const named = candidate.quality;
  // A family name alone says little: with frequent names a mistyped number meets one of the same name, and an amount
  // out of a price list, a few times in a hundred thousand payments.
  const backed = evidence.account === "only" || evidence.name === "full";
  // 1 The RF reference of the item or of several: check digits make a slip of the pen improbable, whatever the amount.
  if (named === "structured" && (exact || candidate.fit === "part" || candidate.fit === "over")) return true;
  // 2 A number and the amount of what is named, or of everything; from a bank that gives no names, all digits and letters.
  if (named === "exact" && exact) return backed || evidence.name === "unknown";
  if (named === "digits" && exact) return backed;
  // 3 A number, another amount, and the payer is known.
  if (named === "exact" && (candidate.fit === "part" || candidate.fit === "over")) return backed;
  // 4 An account that is this customer's alone and the amount of exactly one item or of all.
  const twins = evidence.items.filter((item) => item.payable && settles(item, amount)).length;
  const oneOrAll = candidate.fit === "all" || (candidate.fit === "item" && twins === 1);
  return evidence.account === "only" && evidence.name !== "family" && oneOrAll;
}

/** A number with an amount of its own, and nothing but the name besides: a slip of the pen may meet a namesake. */
const restsOnName = (best: Candidate, evidence: Evidence): boolean =>
  best.quality === "exact" &&
  (best.fit === "part" || best.fit === "over") &&
  evidence.account !== "only" &&
  evidence.name === "full";

function blockersOf(
  candidates: readonly Candidate[],
  evidences: readonly Evidence[],
  qualitiesOf: ReadonlyMap<Evidence, ReadonlyMap<ReceivableId, Quality>>,
  payment: PaymentFacts,
): Blocker[] {
  const [best, next] = candidates;
  const evidence = evidences.find(({ customerId }) => customerId === best?.customerId);
  if (!best || !evidence) return ["no_rule"];
  const blockers: Blocker[] = [];
  const chosen = new Set(best.items.map((item) => item.receivableId));
  const own = qualitiesOf.get(evidence) ?? new Map<ReceivableId, Quality>();

  if (!meetsRule(best, evidence, payment.amountMinor)) blockers.push("no_rule");
  if (evidence.name === "contradicts" && !(evidence.account === "only" && sure(best.quality)))
    blockers.push("name_contradicts");
  if (evidence.account === "elsewhere") blockers.push("account_contradicts");
  if (restsOnName(best, evidence) && evidences.some((other) => other !== evidence && other.name === "full"))
    blockers.push("name_of_several");

  const item = (id: ReceivableId): OpenItem | undefined =>
    evidence.items.find(({ receivableId }) => receivableId === id);
  // Two numbers and the exact amount of one of them is an answer; any other amount leaves a question.
  const answered = sure(best.quality) && (best.fit === "item" || best.fit === "items");
  // A reference of several is no choice among them: the money reaches as far as it does, and the settled ones don't count.
  const bundle = best.items.some(({ receivableId }) => receivableId !== null && evidence.bundle?.has(receivableId));
  const spared = (id: ReceivableId): boolean =>
    bundle && evidence.bundle?.has(id) === true && item(id)?.payable !== false;
  for (const [id, quality] of own) {
    if (!sure(quality) || chosen.has(id) || answered || spared(id)) continue;
    if ((item(id)?.openMinor ?? 0n) <= 0n) blockers.push("item_settled");
    else blockers.push("number_of_other_item");
    if (item(id)?.payable === false) blockers.push("item_assigned");
  }
  if (best.items.some(({ receivableId }) => receivableId !== null && item(receivableId)?.payable === false))
    blockers.push("item_assigned");

  const namesAnother = evidences.some(
    (other) =>
      other !== evidence &&
      other.items.some(
        ({ receivableId, openMinor, claimMinor }) =>
          sure(other.named.get(receivableId)) &&
          // A number that is almost ours may be a slip; with the other item's amount it is not.
          (best.quality === null || openMinor === payment.amountMinor || claimMinor === payment.amountMinor),
      ),
  );
  if (namesAnother && !sure(best.quality)) blockers.push("number_of_another");
  if (best.quality === null && payment.unknownNumbers.length > 0) blockers.push("number_unknown");
  if (
    (best.fit === "part" || best.fit === "over") &&
    best.quality !== "structured" &&
    candidates.some(
      (other) => other !== best && other.customerId === best.customerId && other.fit !== "part" && other.fit !== "over",
    )
  )
    blockers.push("amount_of_other_item");
  if (next && best.points - next.points < RUNNER_UP_GAP) blockers.push("runner_up_close");
  return [...new Set(blockers)];
}

/** By what a creditor's payments are judged. */
export interface Judging {
  readonly model: MatchModel;
  /** Probability below which nothing is booked by itself. */
  readonly threshold: number;
  /** What of a named item may be left unpaid; absent: nothing. */
  readonly tolerance?: Tolerance;
}

export const JUDGING: Judging = { model: SHIPPED, threshold: 0.95 };

/**
 * What goes before other candidates of the same customer, whatever the figures: what was paid twice stays on account;
 * a set when the text says it pays several; else the one item that has the amount.
 */
function putForward(shown: Candidate[], several: boolean): void {
  const rankOf = (one: Candidate): number => {
    if (one.items.every(({ receivableId }) => receivableId === null)) return sure(one.quality) ? 0 : 4;
    if (one.quality !== null && one.fit !== "subset" && one.fit !== "over") return 1;
    if (one.fit === "subset" || one.fit === "all") return several ? 1 : 3;
    return one.fit === "item" ? 2 : 4;
  };
  const places = new Map<string, number[]>();
  shown.forEach(({ customerId }, index) => places.set(customerId, [...(places.get(customerId) ?? []), index]));
  for (const own of places.values()) {
    const before = own.flatMap((index) => shown[index] ?? []);
    const after = [...before].sort((a, b) => rankOf(a) - rankOf(b));
    own.forEach((index, at) => {
      const one = after[at];
      if (one) shown[index] = one;
    });
  }
}

/**
 * Sorts what a payment may be for, best first, and says whether the best may be booked without a person.
 * Pure; equal input gives equal output (ties by customer and item id).
 */
export function judge(
  payment: PaymentFacts,
  evidences: readonly Evidence[],
  { model, threshold, tolerance }: Judging = JUDGING,
): Judgement {
  const qualitiesOf = new Map<Evidence, ReadonlyMap<ReceivableId, Quality>>();
  const sorted: Candidate[] = [];
  const several = meansSeveral(payment.lines);
  for (const evidence of evidences) {
    const qualities = new Map(evidence.named);
    // Compared only with the items of customers that something else points to.
    if (![...qualities.values()].some(sure))
      for (const item of evidence.items)
        if (
          item.payable &&
          item.openMinor > 0n &&
          !qualities.has(item.receivableId) &&
          namesSimilar(payment.lines, item.number)
        )
          qualities.set(item.receivableId, "similar");
    qualitiesOf.set(evidence, qualities);
    let rank = 0;
    for (const draft of draftsOf(evidence, qualities, payment.amountMinor, several)) {
      const place = { several, rank: draft.fit === "subset" ? rank++ : 0 };
      sorted.push(candidateOf(evidence, draft, qualities, payment, tolerance, place));
    }
  }
  const key = (candidate: Candidate): string =>
    `${candidate.customerId} ${candidate.items.map((i) => i.receivableId).join()}`;
  sorted.sort((a, b) => b.points - a.points || (key(a) < key(b) ? -1 : 1));
  const features = featuresOf(payment, evidences, sorted);
  const candidates = sorted.map((candidate, index) => ({
    ...candidate,
    features: features[index] ?? [],
    probability: probabilityOf(model, features[index] ?? []),
  }));
  const blockers = blockersOf(candidates, evidences, qualitiesOf, payment);
  const probability = candidates[0]?.probability;
  if (blockers.length === 0 && probability !== undefined && probability < threshold) blockers.push("below_threshold");
  // A number in the text is worth a look, whoever paid.
  const shown = candidates.filter((candidate) => candidate.points >= PROPOSAL_MIN || sure(candidate.quality));
  shown.sort((a, b) => b.probability - a.probability || b.points - a.points);
  putForward(shown, several);
  const evidence = evidences.find(({ customerId }) => customerId === candidates[0]?.customerId);
  const best = candidates[0];
  const asksNames =
    best && evidence && blockers.length === 0
      ? restsOnName(best, evidence)
      : evidences.every(({ name }) => name === "contradicts");
  return { candidates: blockers.length === 0 ? candidates : shown, blockers, asksNames };
}
