/**
 * Default interest: §§ 247, 288, 289, 291, 497 IV BGB. Exact in rationals, rounded once.
 *
 * No statute fixes the day count. `act/act` is the default (366 days in leap years): a full year never costs more
 * than the yearly rate. The day a payment is credited bears no interest on what was paid: the caller ends a stretch
 * on the day before, which never overcharges.
 */
import {
  addDays, daysBetween, type Failure, fail, isLeapYear, minDate, ok, type PlainDate, type Result, roundHalfUp,
  yearOf,
} from "../../kernel/index.ts"; // biome-ignore format: one line
import type { Charge } from "../country.ts";
import { BASE_RATES } from "./data/base-rates.ts";

export type DayCount = "act/act" | "act/365" | "act/360";

/** Which rate a claim bears. */
export type InterestRate =
  | "consumer" // § 288 I: a consumer takes part, or the claim is no Entgeltforderung
  | "business" // § 288 II: no consumer takes part and the claim is an Entgeltforderung
  | "business_before_2014" // § 288 II old: the obligation arose before 2014-07-29
  | "consumer_mortgage" // § 497 IV
  | "statutory" // § 246
  | "merchants_due"; // §§ 352, 353 HGB, from the due date

/** Hundredths of a percentage point, over the base rate or fixed. */
const RATES: Readonly<
  Record<InterestRate, { readonly law: string; readonly points: bigint; readonly overBase: boolean }>
> = {
  consumer: { law: "§ 288 I BGB", points: 500n, overBase: true },
  business: { law: "§ 288 II BGB", points: 900n, overBase: true },
  business_before_2014: { law: "§ 288 II BGB a.F., Art. 229 § 34 EGBGB", points: 800n, overBase: true },
  consumer_mortgage: { law: "§ 497 IV BGB", points: 250n, overBase: true },
  statutory: { law: "§ 246 BGB", points: 400n, overBase: false },
  merchants_due: { law: "§§ 352, 353 HGB", points: 500n, overBase: false },
};

/**
 * Rate of a claim from what is known about it; what is not known is decided for the customer (§ 288 I BGB).
 * `obligationArose`: the day the contract was made, not the day of default (Art. 229 § 34 EGBGB).
 */
export function interestRateOf(claim: {
  readonly consumerInvolved: boolean | null;
  readonly paymentForGoodsOrServices: boolean | null;
  readonly obligationArose: PlainDate | null;
}): InterestRate {
  if (claim.consumerInvolved !== false || claim.paymentForGoodsOrServices !== true) return "consumer";
  return claim.obligationArose !== null && claim.obligationArose < "2014-07-29" ? "business_before_2014" : "business";
}

/** `numerator / denominator`, in lowest terms, denominator positive. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

function gcd(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a < 0n ? -a : a;
}
export function rational(numerator: bigint, denominator: bigint): Rational {
  const divisor = gcd(numerator, denominator);
  return divisor === 0n
    ? { numerator: 0n, denominator: 1n }
    : { numerator: numerator / divisor, denominator: denominator / divisor };
}
const plus = (a: Rational, b: Rational): Rational =>
  rational(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);

/** `-0.88`, `10.7`, `4` from hundredths. */
export function formatHundredths(value: bigint): string {
  const size = value < 0n ? -value : value;
  const text = `${size / 100n}.${String(size % 100n).padStart(2, "0")}`.replace(/\.?0+$/, "");
  return value < 0n ? `-${text}` : text;
}

const HUNDREDTHS = BASE_RATES.map(({ validFrom, validTo, percent }) => {
  const negative = percent.startsWith("-");
  const [whole = "0", fraction = ""] = percent.replace("-", "").split(".");
  const value = BigInt(`${whole}${fraction.padEnd(2, "0")}`);
  return { from: validFrom as PlainDate, to: validTo as PlainDate, points: negative ? -value : value };
});

/** Last day whose base rate is known; from the next day on interest is refused or provisional. */
export const BASE_RATE_KNOWN_UNTIL: PlainDate = HUNDREDTHS.at(-1)?.to ?? ("0100-01-01" as PlainDate);

export interface DayRate {
  /** Last day on which this base rate surely holds. */
  readonly to: PlainDate;
  /** Hundredths of a per cent. */
  readonly points: bigint;
  readonly known: boolean;
}
/** Base rate of a day (§ 247 BGB), the last known one where none is published yet; null: before the table. */
export function baseRateOn(day: PlainDate): DayRate | null {
  const first = HUNDREDTHS[0];
  const last = HUNDREDTHS.at(-1);
  if (!first || !last || day < first.from) return null;
  if (day > last.to) return { to: "9999-12-31" as PlainDate, points: last.points, known: false };
  // Half-years follow one another without a gap, so the place of a day can be counted.
  const half = (yearOf(day) - yearOf(first.from)) * 2 + (day.slice(5) >= "07-01" ? 1 : 0);
  const found = HUNDREDTHS[half];
  return found ? { to: found.to, points: found.points, known: true } : null;
}

export interface InterestSegment {
  /** First and last day, both counted. */
  readonly from: PlainDate;
  readonly to: PlainDate;
  readonly days: number;
  /** Minor units. */
  readonly principal: bigint;
  /** Per cent; null where the rate does not rest on the base rate, or nothing is owed and none is published. */
  readonly basePercent: string | null;
  readonly ratePercent: string;
  /** Calendar days of the year: 365 or 366. */
  readonly yearDays: number;
  /** The base rate of these days is not published yet; the last known one was used. */
  readonly provisional: boolean;
  /** Exact interest in minor units by the day count asked for. */
  readonly exact: Rational;
}

export interface Interest {
  /** What the message shows: paragraph, rates in their order, days, sum. */
  readonly charge: Charge;
  readonly segments: readonly InterestSegment[];
  readonly days: number;
  readonly dayCount: DayCount;
  /** Minor units, before rounding. */
  readonly exact: Rational;
  /** Minor units, rounded half up once over all segments. */
  readonly sum: bigint;
  readonly provisional: boolean;
}

export interface InterestQuestion {
  /** Principal in minor units by the day from which it stands (sorted, first not after `firstDay`). Never interest: § 289 S. 1 BGB. */
  readonly principal: readonly { readonly from: PlainDate; readonly minor: bigint }[];
  readonly rate: InterestRate;
  /** First and last day that bear interest, both counted; a last day just before the first means no days. */
  readonly firstDay: PlainDate;
  readonly lastDay: PlainDate;
  readonly dayCount?: DayCount;
  /** § 291 BGB (claim pending at court) instead of § 288 BGB; the rate is the same. */
  readonly pendingAtCourt?: boolean;
  /** Days whose base rate isn't published yet: refused, or counted at the last known rate and marked. Default: refuse. */
  readonly unknownBaseRate?: "refuse" | "provisional";
}

/**
 * Interest over a stretch of days, split at year ends, changes of the base rate and changes of the principal.
 * Errors: `interest_days_reversed`, `principal_negative`, `principal_missing`, `base_rate_unknown`.
 */
export function interest(
  question: InterestQuestion,
): Result<
  Interest,
  Failure<"interest_days_reversed" | "principal_negative" | "principal_missing" | "base_rate_unknown">
> {
  const { firstDay, lastDay, principal } = question;
  const dayCount = question.dayCount ?? "act/act";
  const rule = RATES[question.rate];
  if (daysBetween(firstDay, lastDay) < -1)
    return fail(
      "invalid",
      "interest_days_reversed",
      `Interest can't end on ${lastDay} before it starts on ${firstDay}.`,
    );
  const segments: InterestSegment[] = [];
  let index = 0;
  for (let day = firstDay; day <= lastDay; ) {
    while ((principal[index + 1]?.from ?? "9999-99-99") <= day) index += 1;
    const stands = principal[index];
    if (stands === undefined || stands.from > day)
      return fail("invalid", "principal_missing", `No principal is known on ${day}.`, "principal");
    if (stands.minor < 0n)
      return fail("invalid", "principal_negative", "A principal that bears interest can't be negative.", "principal");
    const published = rule.overBase ? baseRateOn(day) : null;
    // A fixed rate needs no base rate, nor do days on which nothing is owed.
    const needed = rule.overBase && (stands.minor > 0n || published?.known === true);
    const base: DayRate | null = needed ? published : { to: lastDay, points: 0n, known: true };
    if (base === null || (!base.known && question.unknownBaseRate !== "provisional"))
      return fail(
        "unavailable",
        "base_rate_unknown",
        `The base rate (§ 247 BGB) of ${day} is not known; known are ${HUNDREDTHS[0]?.from} to ${BASE_RATE_KNOWN_UNTIL}.`,
        "lastDay",
      );
    const year = yearOf(day);
    let to = minDate(lastDay, minDate(base.to, `${day.slice(0, 4)}-12-31` as PlainDate));
    const change = principal[index + 1];
    if (change) to = minDate(to, addDays(change.from, -1));
    const previous = segments.at(-1);
    const points = base.points + rule.points;
    const segment = {
      to,
      principal: stands.minor,
      basePercent: needed ? formatHundredths(base.points) : null,
      ratePercent: formatHundredths(points),
      yearDays: isLeapYear(year) ? 366 : 365,
      provisional: !base.known,
    };
    // A new half-year with the same base rate is no new segment.
    const same =
      previous !== undefined &&
      yearOf(previous.from) === year &&
      previous.basePercent === segment.basePercent &&
      previous.principal === segment.principal &&
      previous.provisional === segment.provisional;
    const from: PlainDate = same ? previous.from : day;
    if (same) segments.pop();
    const days = daysBetween(from, to) + 1;
    const divisor = dayCount === "act/act" ? segment.yearDays : dayCount === "act/365" ? 365 : 360;
    const exact = rational(stands.minor * points * BigInt(days), 10_000n * BigInt(divisor));
    segments.push({ from, days, ...segment, exact });
    if (to === lastDay) break; // the calendar may end here
    day = addDays(to, 1);
  }
  const exact = segments.reduce((sum, segment) => plus(sum, segment.exact), rational(0n, 1n));
  const days = segments.reduce((sum, segment) => sum + segment.days, 0);
  const sum = roundHalfUp(exact.numerator, exact.denominator);
  const law = question.pendingAtCourt ? `§ 291, ${rule.law}` : rule.law;
  const rate = [...new Set(segments.map((segment) => segment.ratePercent))].join(", ");
  const provisional = segments.some((segment) => segment.provisional);
  const base = segments.at(-1)?.principal;
  const charge: Charge = {
    law: rule.overBase ? `${law}, § 247 BGB` : law,
    ...(rate === "" ? {} : { rate }),
    days,
    ...(base === undefined ? {} : { base, from: firstDay, to: lastDay }),
    sum,
    source: rule.overBase ? baseRatesUsed(segments) : rule.law,
    provisional,
  };
  return ok({ charge, segments, days, dayCount, exact, sum, provisional });
}

/** `Basiszinssatz 3.62 % (2024-01-01)`, one for each rate used, with the first day it was used for. */
function baseRatesUsed(segments: readonly InterestSegment[]): string {
  const used = new Map<string, PlainDate>();
  for (const { basePercent, from } of segments) {
    const key = basePercent ?? "";
    if (key !== "" && !used.has(key)) used.set(key, from);
  }
  return ["Basiszinssatz", [...used].map(([percent, from]) => `${percent} % (${from})`).join(", ")].join(" ").trim();
}
