/** Default interest of one item over its movements: what it is on a day, and how much of it is posted. */
import { expectOk, maxDate, type PlainDate } from "../../../pure/kernel/index.ts";
import { type Charge as LawCharge, type Interest, interest, interestRateOf } from "../../../pure/law/index.ts";
import type { PayableItem, PostingKind } from "../model.ts";
import type { Movement, Rules } from "../replay.ts";

/** What a movement is in the history of its item, on whose file it may have been made. */
export const kindOf = (movement: Pick<Movement, "kind" | "movedKind">): PostingKind =>
  movement.movedKind ?? movement.kind;

/** How default interest came about from the first day of default on, and how much of it is posted. */
export interface InterestCourse {
  /** Of the whole time, rounded once; its segments show days, rate and principal. */
  readonly whole: Interest;
  /** Minor units posted so far; what was posted too much makes it exceed the whole. */
  readonly postedMinor: bigint;
  readonly from: PlainDate;
  /** Principal that stands on the last day. */
  readonly base: bigint;
}

/**
 * Default interest up to and including `lastDay` (§ 288 BGB), rounded once over the whole time; undefined when there is
 * none or the creditor's rule leaves it out. `defaultSince` is the first day that bears it.
 */
export function interestCourse(
  item: PayableItem,
  movements: readonly Movement[],
  lastDay: PlainDate,
  rules: Pick<Rules, "interest">,
): InterestCourse | undefined {
  const from = item.defaultSince;
  if (rules.interest === "never" || from === undefined || from > lastDay || item.itemKind !== "invoice")
    return undefined;
  const posted = movements.filter((movement) => kindOf(movement) === "interest");
  if (rules.interest === "when_claimed" && posted.length === 0) return undefined;
  const principal = principalHistory(movements, from, lastDay);
  if (principal.every(({ minor }) => minor === 0n)) return undefined;
  const rate = interestRateOf({
    consumerInvolved: item.customerKind === "consumer",
    paymentForGoodsOrServices: item.paymentClaim,
    obligationArose: item.aroseOn,
  });
  return {
    whole: expectOk(interest({ principal, rate, firstDay: from, lastDay, unknownBaseRate: "provisional" })),
    postedMinor: posted.reduce((total, movement) => total + movement.amountMinor, 0n),
    from,
    base: principal.at(-1)?.minor ?? 0n,
  };
}

/** Ground of the posting by which a write-off is taken back for money that came after it. */
export const PAID_AFTER_WRITE_OFF = "paid_after_write_off";

/**
 * A person wrote off all that stood of the claim (a residual that went with a payment has a ground). Money that came
 * afterwards takes back no more than it pays.
 */
function givenUp(movements: readonly Movement[]): boolean {
  const principal = movements.filter(
    ({ component, ground }) => component === "principal" && ground !== PAID_AFTER_WRITE_OFF,
  );
  return principal.some(
    (one) =>
      kindOf(one) === "write_off" &&
      one.ground === undefined &&
      principal.reduce((sum, { valueOn, amountMinor }) => sum + (valueOn <= one.valueOn ? amountMinor : 0n), 0n) <= 0n,
  );
}

/**
 * The part of `interestCourse` that is not posted yet; undefined when there is none. What was not posted of a claim that
 * was given up was given up with it.
 */
export function accruedInterest(
  ...question: Parameters<typeof interestCourse>
): (LawCharge & { readonly provisional: boolean; readonly from: PlainDate; readonly base: bigint }) | undefined {
  const [, movements] = question;
  if (givenUp(movements)) return undefined;
  const course = interestCourse(...question);
  if (course === undefined || course.whole.sum <= course.postedMinor) return undefined;
  const { whole, postedMinor, from, base } = course;
  return { ...whole.charge, sum: whole.sum - postedMinor, provisional: whole.provisional, from, base };
}

/** Principal by the day from which it stands; a payment counts from its value date on. */
function principalHistory(
  movements: readonly Movement[],
  from: PlainDate,
  to: PlainDate,
): { from: PlainDate; minor: bigint }[] {
  const changes = new Map<PlainDate, bigint>([[from, 0n]]);
  for (const movement of movements) {
    if (movement.component !== "principal" || movement.valueOn > to) continue;
    const day = maxDate(movement.valueOn, from);
    changes.set(day, (changes.get(day) ?? 0n) + movement.amountMinor);
  }
  let minor = 0n;
  return [...changes.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([day, change]) => {
      minor += change;
      return { from: day, minor: minor > 0n ? minor : 0n };
    });
}
