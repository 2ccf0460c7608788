/** Terms set in a message, and the hours in which a customer may be contacted. */
import {
  addDays, type Failure, fail, type Instant, instantAt, isZone, localTime, ok, type PlainDate, type Result, weekday,
  type Zone,
} from "../../kernel/index.ts"; // biome-ignore format: one line
import type { State } from "./data/holiday-rules.ts";
import { holidayOn, nextWorkingDay } from "./holidays.ts";

export interface PaymentTerm {
  /** Last day to pay, a working day at the customer's place. */
  readonly lastDay: PlainDate;
  /** The day before it was moved by § 193 BGB. */
  readonly nominalDay: PlainDate;
  /** The holiday, `weekend`, or null when it was not moved. */
  readonly movedBecause: string | null;
  readonly law: string;
}

/**
 * Term of a message: the day it leaves plus at least `days` days (§ 187 I BGB: the day itself doesn't count),
 * moved to a working day of the customer's state (§ 193 BGB). Errors: `term_invalid` (no whole number, negative).
 */
export function paymentTerm(
  dispatchedOn: PlainDate,
  days: number,
  state: State | null,
): Result<PaymentTerm, Failure<"term_invalid">> {
  if (!Number.isSafeInteger(days) || days < 0 || days > 3650)
    return fail("invalid", "term_invalid", "A payment term is a whole number of days from 0 to 3650.", "days");
  const nominalDay = addDays(dispatchedOn, days);
  const lastDay = nextWorkingDay(nominalDay, state);
  const movedBecause = lastDay === nominalDay ? null : (holidayOn(nominalDay, state) ?? "weekend");
  return ok({ lastDay, nominalDay, movedBecause, law: "§§ 187 I, 188 I, 193 BGB" });
}

/** When contact is allowed, by the customer's clock. */
export interface ContactHours {
  /** Minutes after midnight; `from` is allowed, `to` no longer. */
  readonly fromMinute: number;
  readonly toMinute: number;
  /** ISO weekdays, 1 = Monday. */
  readonly weekdays: readonly number[];
  readonly onHolidays: boolean;
}

/** Messages: Monday to Saturday, 8 to 20 (the product's rule, § 4a UWG in mind; no statute fixes hours). */
export const MESSAGE_HOURS: ContactHours = {
  fromMinute: 8 * 60,
  toMinute: 20 * 60,
  weekdays: [1, 2, 3, 4, 5, 6],
  onHolidays: false,
};
/** Calls: Monday to Friday, 8 to 20. */
export const CALL_HOURS: ContactHours = { ...MESSAGE_HOURS, weekdays: [1, 2, 3, 4, 5] };

export type ContactAnswer =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      readonly reason: "quiet_hours" | "weekday" | "holiday";
      /** First moment from which contact is allowed again. */
      readonly nextAt: Instant;
    };

/** A year without a single allowed day is a setting that forbids contact for good. */
const SEARCH_DAYS = 366;

/**
 * Whether a customer may be contacted at a moment, by their zone and the holidays of their state,
 * and if not, from when. Errors: `zone_unknown`, `contact_hours_empty`.
 */
export function contactAllowed(
  at: Instant,
  zone: Zone,
  state: State | null,
  hours: ContactHours = MESSAGE_HOURS,
): Result<ContactAnswer, Failure<"zone_unknown" | "contact_hours_empty">> {
  if (!isZone(zone)) return fail("invalid", "zone_unknown", `"${zone.slice(0, 40)}" is not a time zone.`, "zone");
  const now = localTime(at, zone);
  const minute = now.hour * 60 + now.minute;
  const closed = (date: PlainDate): "weekday" | "holiday" | null =>
    !hours.weekdays.includes(weekday(date))
      ? "weekday"
      : !hours.onHolidays && holidayOn(date, state) !== null
        ? "holiday"
        : null;
  const today = closed(now.date);
  if (today === null && minute >= hours.fromMinute && minute < hours.toMinute) return ok({ allowed: true });
  const reason = today ?? "quiet_hours";
  if (hours.fromMinute < hours.toMinute) {
    for (let ahead = minute < hours.fromMinute ? 0 : 1; ahead <= SEARCH_DAYS; ahead += 1) {
      const date = addDays(now.date, ahead);
      if (closed(date) !== null) continue;
      const nextAt = instantAt(date, Math.floor(hours.fromMinute / 60), hours.fromMinute % 60, zone);
      return ok({ allowed: false, reason, nextAt });
    }
  }
  return fail("invalid", "contact_hours_empty", "The contact hours leave no time for contact.", "hours");
}
