/**
 * Plain dates (no zone) for law and value dates; instants (UTC) for everything that happened.
 * Clock and zone are always handed in (invariant 10).
 */
import { type Failure, fail, ok, type Result } from "./result.ts";

declare const dateBrand: unique symbol;
/** `YYYY-MM-DD`, proleptic Gregorian, 0001-01-01 to 9999-12-31. Compares correctly as a string. */
export type PlainDate = string & { readonly [dateBrand]: true };
/** A moment, UTC. */
export type Instant = Date;
/** IANA zone name such as `Europe/Berlin`. */
export type Zone = string;
/** Gives the present moment. `main.ts` alone makes a real one. */
export type Clock = () => Instant;

const DAY_MS = 86_400_000;

/** Days since 1970-01-01. */
export function toEpochDay(date: PlainDate): number {
  return Math.round(Date.UTC(+date.slice(0, 4), +date.slice(5, 7) - 1, +date.slice(8, 10)) / DAY_MS);
}
export function fromEpochDay(day: number): PlainDate {
  return new Date(day * DAY_MS).toISOString().slice(0, 10) as PlainDate;
}

/** Refuses what the calendar doesn't have (2026-02-30) instead of rolling over. */
export function plainDate(text: string): Result<PlainDate, Failure<"date_invalid">> {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && text >= "0100-01-01") {
    const date = text as PlainDate;
    if (fromEpochDay(toEpochDay(date)) === text) return ok(date);
  }
  return fail("invalid", "date_invalid", `"${text.slice(0, 40)}" is not a date of the calendar (YYYY-MM-DD).`);
}

export const addDays = (date: PlainDate, days: number): PlainDate => fromEpochDay(toEpochDay(date) + days);
/** `to − from` in days. */
export const daysBetween = (from: PlainDate, to: PlainDate): number => toEpochDay(to) - toEpochDay(from);
/** 1 = Monday … 7 = Sunday (ISO 8601). */
export const weekday = (date: PlainDate): number => ((((toEpochDay(date) + 3) % 7) + 7) % 7) + 1;
export const isLeapYear = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
export const yearOf = (date: PlainDate): number => +date.slice(0, 4);
export const minDate = (a: PlainDate, b: PlainDate): PlainDate => (a < b ? a : b);
export const maxDate = (a: PlainDate, b: PlainDate): PlainDate => (a > b ? a : b);

/** § 188 II, III BGB: the day of the same number, or the month's last when it has none. */
export function addMonths(date: PlainDate, months: number): PlainDate {
  const index = yearOf(date) * 12 + (+date.slice(5, 7) - 1) + months;
  const year = Math.floor(index / 12);
  const month = index - year * 12;
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return fromEpochDay(Math.round(Date.UTC(year, month, Math.min(+date.slice(8, 10), lastDay)) / DAY_MS));
}

/** Easter Sunday (Gauss, Lichtenberg form; Gregorian calendar). */
export function easterSunday(year: number): PlainDate {
  const k = Math.floor(year / 100);
  const m = 15 + Math.floor((3 * k + 3) / 4) - Math.floor((8 * k + 13) / 25);
  const s = 2 - Math.floor((3 * k + 3) / 4);
  const a = year % 19;
  const d = (19 * a + m) % 30;
  const r = Math.floor((d + Math.floor(a / 11)) / 29);
  const og = 21 + d - r;
  const sz = 7 - ((year + Math.floor(year / 4) + s) % 7);
  const oe = 7 - ((og - sz) % 7);
  return addDays(`${String(year).padStart(4, "0")}-03-01` as PlainDate, og + oe - 1);
}

const formatters = new Map<Zone, Intl.DateTimeFormat>();
function formatterOf(zone: Zone): Intl.DateTimeFormat {
  let formatter = formatters.get(zone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    }); // prettier-ignore
    formatters.set(zone, formatter);
  }
  return formatter;
}

export interface LocalTime {
  readonly date: PlainDate;
  /** 0 to 23. */
  readonly hour: number;
  readonly minute: number;
}

/** Wall clock of a moment in a zone. */
export function localTime(at: Instant, zone: Zone): LocalTime {
  const part: Record<string, string> = {};
  for (const { type, value } of formatterOf(zone).formatToParts(at)) part[type] = value;
  return {
    date: `${part["year"]}-${part["month"]}-${part["day"]}` as PlainDate,
    hour: +(part["hour"] ?? 0),
    minute: +(part["minute"] ?? 0),
  };
}

export const dateIn = (at: Instant, zone: Zone): PlainDate => localTime(at, zone).date;

/** The moment at which a zone's clock shows `date hour:minute`; in a gap (start of summer time) the first moment after it. */
export function instantAt(date: PlainDate, hour: number, minute: number, zone: Zone): Instant {
  const wall = toEpochDay(date) * DAY_MS + (hour * 60 + minute) * 60_000;
  const offsetAt = (ms: number): number => {
    const local = localTime(new Date(ms), zone);
    return (
      toEpochDay(local.date) * DAY_MS + (local.hour * 60 + local.minute) * 60_000 - Math.floor(ms / 60_000) * 60_000
    );
  };
  const first = wall - offsetAt(wall);
  const second = wall - offsetAt(first);
  return new Date(first + offsetAt(first) === wall ? first : Math.max(first, second));
}

export function isZone(zone: string): boolean {
  try {
    formatterOf(zone);
    return true;
  } catch {
    return false;
  }
}
