/** What a creditor has set for matching (`settings.matching`). */
import type { Creditor } from "../../customers/index.ts";
import type { Tolerance } from "./amounts.ts";

export interface MatchingSettings {
  /** Probability below which nothing is booked by itself, 0.5 to 1. */
  readonly threshold: number;
  /** Share of a month's automatic matches put up for review, 0 to 1. */
  readonly reviewShare: number;
  /** Days after a Skonto term within which the discount still counts: transfers take a day or two. */
  readonly discountDays: number;
  /** Bank days that announced money holds the dunning, from the day it is expected on (1 to 10). */
  readonly announcedDays: number;
  /** What of a named item may be left unpaid and is written off; absent: nothing, as long as the creditor wants nothing else. */
  readonly tolerance?: Tolerance;
}

const THRESHOLD = 0.95;
const REVIEW_SHARE = 0.01;
const DISCOUNT_DAYS = 3;
const ANNOUNCED_DAYS = 3;
/** Of the open amount, where a creditor sets only how many minor units. */
const TOLERANCE_SHARE = 0.02;

const within = (value: unknown, least: number, most: number): number | undefined =>
  typeof value === "number" && value >= least && value <= most ? value : undefined;

/** Settings with their defaults; what is out of range counts as not set. */
export function matchingOf({ settings }: Pick<Creditor, "settings">): MatchingSettings {
  const { matching = {} } = settings as { matching?: Readonly<Record<string, unknown>> };
  const minor = within(matching["toleranceMinor"], 1, 10_000);
  const tolerated = minor !== undefined && Number.isInteger(minor) ? BigInt(minor) : undefined;
  const share = within(matching["toleranceShare"], 0, 1) ?? TOLERANCE_SHARE;
  return {
    threshold: within(matching["threshold"], 0.5, 1) ?? THRESHOLD,
    reviewShare: within(matching["reviewShare"], 0, 1) ?? REVIEW_SHARE,
    discountDays: Math.floor(within(matching["discountDays"], 0, 30) ?? DISCOUNT_DAYS),
    announcedDays: Math.floor(within(matching["announcedDays"], 1, 10) ?? ANNOUNCED_DAYS),
    ...(tolerated !== undefined && { tolerance: { amountMinor: tolerated, share } }),
  };
}
