/**
 * Limitation (Verjährung): §§ 195 to 217 BGB, § 167 ZPO. The claim is time-barred from the day after `nominalEnd`;
 * the creditor may still ask, the customer may refuse (§ 214 BGB), so nothing is dunned then without a person.
 */
import {
  addDays, addMonths, daysBetween, type Failure, fail, maxDate, minDate, ok, type PlainDate, type Result, yearOf,
} from "../../kernel/index.ts"; // biome-ignore format: one line
import { nextWorkingDay } from "./holidays.ts";

export interface Suspension {
  /** `negotiation`: at least three months remain after its end (§ 203 S. 2 BGB). */
  readonly kind: "negotiation" | "court_dunning" | "other";
  /** First and last suspended day, both counted (§ 209 BGB). */
  readonly from: PlainDate;
  readonly to: PlainDate;
}

export type LimitationFacts =
  | {
      readonly kind: "regular";
      readonly arose: PlainDate;
      /** Day the creditor knew of claim and customer; null: not yet, only the ten-year limit runs. */
      readonly knowledge: PlainDate | null;
      readonly suspensions: readonly Suspension[];
      /** Acknowledgements (part payment, interest, security) and acts of enforcement: § 212 I BGB. */
      readonly restarts: readonly PlainDate[];
    }
  | {
      readonly kind: "titled";
      /** Day the title became final (§§ 197 I Nr. 3, 201 BGB). */
      readonly final: PlainDate;
      readonly suspensions: readonly Suspension[];
      readonly restarts: readonly PlainDate[];
    }
  /** Recurring interest that falls due after the title: § 197 II BGB. */
  | { readonly kind: "interest_after_title"; readonly accrualYear: number };

export interface Limitation {
  /** Last day of the period. */
  readonly nominalEnd: PlainDate;
  /** `nominalEnd` moved by § 193 BGB for acts that need a filing; nationwide holidays only, the court may sit anywhere. */
  readonly lastDayToFile: PlainDate;
  readonly law: string;
}

interface Period {
  /** First day that counts. */
  readonly start: PlainDate;
  readonly end: PlainDate;
}

/**
 * § 209 BGB: suspended days inside the running period are added to its end; overlapping ones count once. A filing is in
 * time on the working day to which § 193 BGB moves the end, so it suspends from there.
 */
function extended(period: Period, suspensions: readonly Suspension[]): PlainDate {
  let end = period.end;
  let counted = addDays(period.start, -1);
  for (const { kind, from, to } of [...suspensions].sort((a, b) => (a.from < b.from ? -1 : 1))) {
    const first = maxDate(from, addDays(counted, 1));
    const inTime = kind === "court_dunning" ? nextWorkingDay(end, null) : end;
    if (from > inTime || to < period.start) continue; // after the end nothing is left to suspend (§ 214 BGB)
    if (from > end) end = inTime;
    if (first <= to) {
      end = addDays(end, daysBetween(first, to) + 1);
      counted = to;
    }
    if (kind === "negotiation") end = maxDate(end, addMonths(to, 3));
  }
  return end;
}

/** § 212 I BGB: the last restart that fell into the running period starts it anew, from the next day, to the day. */
function restarted(
  period: Period,
  months: number,
  restarts: readonly PlainDate[],
  suspensions: readonly Suspension[],
): PlainDate {
  let running = period;
  for (const day of [...restarts].sort()) {
    const before = suspensions.filter(({ from }) => from <= day);
    if (day < running.start || day > extended(running, before)) continue;
    running = { start: addDays(day, 1), end: addMonths(day, months) };
  }
  return extended(running, suspensions);
}

/** From here on a period of 30 years, with what suspends it, still ends within the calendar. */
const LAST_DAY = "2999-12-31" as PlainDate;
const yearEnd = (year: number): PlainDate => `${String(year).padStart(4, "0")}-12-31` as PlainDate;
const REGULAR_YEARS = 3;
const LIMIT_MONTHS = 120;
const TITLE_MONTHS = 360;

/**
 * Last day of the limitation period and last day to file.
 * Of the days the claim arose and was known, the later counts (§ 199 I BGB).
 * Errors: `suspension_reversed`, `year_invalid`, `date_out_of_range` (the end would lie beyond the calendar).
 */
export function limitation(
  facts: LimitationFacts,
): Result<Limitation, Failure<"suspension_reversed" | "year_invalid" | "date_out_of_range">> {
  const answer = (nominalEnd: PlainDate, law: string): Result<Limitation, never> =>
    ok({ nominalEnd, lastDayToFile: nextWorkingDay(nominalEnd, null), law });
  if (facts.kind === "interest_after_title") {
    const { accrualYear } = facts;
    if (!Number.isInteger(accrualYear) || accrualYear < 1000 || accrualYear > yearOf(LAST_DAY))
      return fail("invalid", "year_invalid", "The year in which interest accrued has four digits.", "accrualYear");
    return answer(yearEnd(accrualYear + REGULAR_YEARS), "§§ 197 II, 195, 199 I BGB");
  }

  const { suspensions, restarts } = facts;
  const start = facts.kind === "titled" ? facts.final : maxDate(facts.arose, facts.knowledge ?? facts.arose);
  if ([...suspensions.map(({ to }) => to), ...restarts].reduce(maxDate, start) > LAST_DAY)
    return fail("invalid", "date_out_of_range", `Periods are counted from days up to ${LAST_DAY}.`);
  if (suspensions.some(({ from, to }) => to < from))
    return fail("invalid", "suspension_reversed", "A suspension can't end before it starts.", "suspensions");
  const changes = `${suspensions.length > 0 ? ", 209" : ""}${restarts.length > 0 ? ", 212 I" : ""}`;
  if (facts.kind === "titled") {
    const period = { start: addDays(facts.final, 1), end: addMonths(facts.final, TITLE_MONTHS) };
    return answer(restarted(period, TITLE_MONTHS, restarts, suspensions), `§§ 197 I Nr. 3, 201${changes} BGB`);
  }
  const limitPeriod = { start: addDays(facts.arose, 1), end: addMonths(facts.arose, LIMIT_MONTHS) };
  const limit = restarted(limitPeriod, LIMIT_MONTHS, restarts, suspensions);
  if (facts.knowledge === null) return answer(limit, `§ 199 IV${changes} BGB`);
  const year = yearOf(maxDate(facts.arose, facts.knowledge));
  const period = { start: addDays(yearEnd(year), 1), end: yearEnd(year + REGULAR_YEARS) };
  const regular = restarted(period, REGULAR_YEARS * 12, restarts, suspensions);
  return answer(minDate(regular, limit), `§§ 195, 199 ${limit < regular ? "IV" : "I"}${changes} BGB`);
}

/**
 * § 204 I Nr. 3, II BGB, § 167 ZPO: a court dunning procedure suspends from the filing if served soon after
 * (within a month, § 691 II ZPO by analogy), else from service, until six months after the last procedural act.
 */
export function courtDunningSuspension(filed: PlainDate, served: PlainDate, lastAct: PlainDate): Suspension {
  const soon = served <= addMonths(filed, 1);
  return { kind: "court_dunning", from: soon ? filed : served, to: addMonths(maxDate(lastAct, served), 6) };
}

/** Days before the last day to file at which a person is told. */
export const LIMITATION_WARNINGS = [120, 60, 30] as const;

export interface LimitationStanding {
  /**
   * `time_barred`: the customer may refuse (§ 214 I BGB), so nothing is dunned by itself until a person decides; what
   * is paid all the same stays paid (§ 214 II BGB).
   */
  readonly state: "running" | "ending" | "time_barred";
  /** Days left to file, the last one not counted; less than nothing: days since. */
  readonly days: number;
  /** The warning that is due: the smallest one reached. Null: none yet, or too late. */
  readonly warning: (typeof LIMITATION_WARNINGS)[number] | null;
}

/** Where a claim stands on a day. No errors. */
export function limitationStanding({ lastDayToFile }: Limitation, on: PlainDate): LimitationStanding {
  const days = daysBetween(on, lastDayToFile);
  if (days < 0) return { state: "time_barred", days, warning: null };
  const warning = LIMITATION_WARNINGS.findLast((ahead) => days <= ahead) ?? null;
  return { state: warning === null ? "running" : "ending", days, warning };
}
