/** From items and postings to the statement of account: pure. */
import type { BrandId, CreditorId, Currency, CustomerId, PlainDate, ReceivableId } from "../../../pure/kernel/index.ts";
import { type OpenAmounts, COMPONENTS, type Posting, type Receivable } from "../model.ts";
import { accruedInterest, interestCourse, kindOf } from "../paying/interest.ts";
import { type Rules, standing } from "../replay.ts";
import { NOTHING_OPEN, sumOf } from "../store.ts";
import type {
  NoInterest,
  StatementInterest,
  StatementItem,
  StatementMovement,
  StatementOfAccount,
  StatementPayment,
} from "./model.ts";

export interface StatementFacts {
  readonly customerId: CustomerId;
  readonly creditorId: CreditorId;
  readonly brandId: BrandId;
  readonly currency: Currency;
  readonly asOf: PlainDate;
  /** One row an item (an item that moved between files has one in each: the one that holds it). */
  readonly items: readonly Receivable[];
  /** Postings of all files, any value date. */
  readonly postings: readonly Posting[];
  readonly rules: Rules;
  readonly lawUnsupported: boolean;
  /** Items that are stated; all when left out. */
  readonly only?: readonly ReceivableId[];
}

/** The statement of one customer, creditor and currency as of a day (inclusive), by value dates. */
export function composeStatement(facts: StatementFacts): StatementOfAccount {
  const { asOf, rules } = facts;
  const byItem = new Map<ReceivableId, Posting[]>(facts.items.map((item) => [item.receivableId, []]));
  const counting = withoutMoves(standing(facts.postings)).filter(({ valueOn }) => valueOn <= asOf);
  for (const posting of counting) byItem.get(posting.receivableId)?.push(posting);
  const items: StatementItem[] = [];
  let open = NOTHING_OPEN;
  let accruedMinor = 0n;
  for (const item of [...facts.items].sort(oldestFirst)) {
    if (facts.only?.includes(item.receivableId) === false) continue;
    const one = itemOf(item, byItem.get(item.receivableId) ?? [], asOf, rules, facts.lawUnsupported);
    open = plus(open, one.open);
    accruedMinor += one.accruedMinor;
    if (one.accruedMinor !== 0n || COMPONENTS.some((part) => one.open[part] !== 0n)) items.push(one);
  }
  return {
    customerId: facts.customerId,
    creditorId: facts.creditorId,
    brandId: facts.brandId,
    currency: facts.currency,
    asOf,
    items,
    payments: paymentsOf(counting, facts.items, new Set(items.map((item) => item.receivableId))),
    open,
    accruedMinor,
    totalMinor: sumOf(open) + accruedMinor,
    provisional: items.some(({ interest }) => "provisional" in interest && interest.provisional),
    lawUnsupported: facts.lawUnsupported,
  };
}

/** What stays when an item has gone from one file to another is its history, not the pairs of transfers that carry it. */
function withoutMoves(postings: readonly Posting[]): Posting[] {
  const keyOf = (one: Posting): string => `${one.receivableId}|${kindOf(one)}|${one.component}|${one.valueOn}`;
  const moves = new Map<string, bigint>();
  for (const one of postings)
    if (one.movedKind !== undefined) moves.set(keyOf(one), (moves.get(keyOf(one)) ?? 0n) + one.amountMinor);
  return postings.filter((one) => one.movedKind === undefined || moves.get(keyOf(one)) !== 0n);
}

function itemOf(
  item: Receivable,
  own: readonly Posting[],
  asOf: PlainDate,
  rules: Rules,
  lawUnsupported: boolean,
): StatementItem {
  const movements = movementsOf(own);
  const open = movements.at(-1)?.openAfter ?? NOTHING_OPEN;
  const interest = lawUnsupported ? ({ none: "law_country_unsupported" } as const) : interestOf(item, own, asOf, rules);
  const accruedMinor = "none" in interest ? 0n : interest.accruedMinor;
  return {
    receivableId: item.receivableId,
    kind: item.itemKind,
    number: item.number,
    issuedOn: item.issuedOn,
    dueOn: item.dueOn,
    movements,
    interest,
    open,
    accruedMinor,
    totalMinor: sumOf(open) + accruedMinor,
    ...(item.orderNumber !== undefined && { orderNumber: item.orderNumber }),
    ...(item.defaultSince !== undefined && { defaultSince: item.defaultSince }),
    ...(item.defaultGround !== undefined && { defaultGround: item.defaultGround }),
    ...(item.assignedOn !== undefined && { assignedOn: item.assignedOn }),
  };
}

function interestOf(
  item: Receivable,
  own: readonly Posting[],
  asOf: PlainDate,
  rules: Rules,
): StatementInterest | { readonly none: NoInterest } {
  const course = interestCourse(item, own, asOf, rules);
  if (course === undefined) return { none: reasonOf(item, own, asOf, rules) };
  const { whole, postedMinor } = course;
  const accruedMinor = accruedInterest(item, own, asOf, rules)?.sum ?? 0n;
  // What was not posted of a claim that was given up is not asked for, so there is nothing to work out.
  if (accruedMinor === 0n && whole.sum > postedMinor) return { none: "given_up" };
  return {
    law: whole.charge.law,
    segments: whole.segments.filter(({ principal }) => principal > 0n),
    dayCount: whole.dayCount,
    wholeMinor: whole.sum,
    postedMinor,
    accruedMinor,
    provisional: whole.provisional,
  };
}

function reasonOf(item: Receivable, own: readonly Posting[], asOf: PlainDate, rules: Rules): NoInterest {
  if (item.itemKind !== "invoice") return "nothing_to_bear";
  if (item.defaultSince === undefined || item.defaultSince > asOf) return "not_in_default";
  if (rules.interest === "never") return "renounced";
  const claimed = own.some((one) => kindOf(one) === "interest");
  return rules.interest === "when_claimed" && !claimed ? "not_claimed" : "nothing_to_bear";
}

/** A claim before what was done to it; a charge before the payment that pays it. */
const RANK: Readonly<Partial<Record<string, number>>> = { claim: 0, credit: 0, interest: 1, cost: 1 };

function movementsOf(own: readonly Posting[]): StatementMovement[] {
  const acts = new Map<string, Posting[]>();
  for (const one of own) {
    const key = `${one.valueOn}|${RANK[kindOf(one)] ?? 2}|${one.bookedAt.toISOString()}|${one.bookingId}|${kindOf(one)}`;
    const list = acts.get(key);
    if (list) list.push(one);
    else acts.set(key, [one]);
  }
  let openAfter = NOTHING_OPEN;
  return [...acts.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, postings]) => {
      const [first] = postings;
      const change = postings.reduce(added, NOTHING_OPEN);
      // What cancels out within one act has done nothing.
      if (!first || COMPONENTS.every((part) => change[part] === 0n)) return [];
      openAfter = plus(openAfter, change);
      return [
        {
          bookingId: first.bookingId,
          on: first.valueOn,
          kind: kindOf(first),
          change,
          amountMinor: sumOf(change),
          openAfter,
          ...lawOf(postings),
        },
      ];
    });
}

function paymentsOf(
  postings: readonly Posting[],
  items: readonly Receivable[],
  shown: ReadonlySet<ReceivableId>,
): StatementPayment[] {
  const numbers = new Map(items.map((item) => [item.receivableId, item]));
  const bookings = new Map<string, Posting[]>();
  for (const one of postings) {
    if (kindOf(one) !== "payment") continue;
    const key = `${one.valueOn}|${one.bookedAt.toISOString()}|${one.bookingId}`;
    const list = bookings.get(key);
    if (list) list.push(one);
    else bookings.set(key, [one]);
  }
  return [...bookings.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, own]) => {
      const [first] = own;
      if (!first || !own.some((one) => shown.has(one.receivableId))) return [];
      const parts = [...new Set(own.map((one) => one.receivableId))].map((receivableId) => {
        const here = own.filter((one) => one.receivableId === receivableId);
        const item = numbers.get(receivableId);
        return {
          receivableId,
          number: item?.number ?? "",
          onAccount: item?.itemKind === "on_account",
          paid: negated(here.reduce(added, NOTHING_OPEN)),
          ...lawOf(here),
        };
      });
      const amountMinor = parts.reduce((sum, { paid }) => sum + sumOf(paid), 0n);
      return [{ bookingId: first.bookingId, on: first.valueOn, amountMinor, parts }];
    });
}

/** Grounds that are rules of ours (a tolerance, a Skonto) are no law. */
function lawOf(postings: readonly Posting[]): { readonly law?: string } {
  const laws = [...new Set(postings.flatMap(({ ground }) => (ground?.includes("§") ? [ground] : [])))];
  return laws.length === 0 ? {} : { law: laws.join("; ") };
}

const added = (sum: OpenAmounts, { component, amountMinor }: Posting): OpenAmounts => ({
  ...sum,
  [component]: sum[component] + amountMinor,
});
const combined = (of: (part: (typeof COMPONENTS)[number]) => bigint): OpenAmounts => ({
  principal: of("principal"),
  interest: of("interest"),
  dunning_cost: of("dunning_cost"),
  collection_cost: of("collection_cost"),
});
const plus = (a: OpenAmounts, b: OpenAmounts): OpenAmounts => combined((part) => a[part] + b[part]);
const negated = (a: OpenAmounts): OpenAmounts => combined((part) => -a[part]);

/** Money on account comes last. */
const oldestFirst = (a: Receivable, b: Receivable): number => {
  const key = (item: Receivable): string =>
    `${item.itemKind === "on_account" ? 1 : 0}|${item.dueOn}|${item.number}|${item.receivableId}`;
  return key(a) < key(b) ? -1 : 1;
};
