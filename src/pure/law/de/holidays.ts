/** Public holidays of the German states and working days in the sense of § 193 BGB. */
import {
  addDays, easterSunday, type Failure, fail, ok, type PlainDate, type Result, weekday, yearOf,
} from "../../kernel/index.ts"; // biome-ignore format: one line
import { HOLIDAY_RULES, type HolidayRule, ONE_OFF_HOLIDAYS, type State, STATES } from "./data/holiday-rules.ts";

export interface Holiday {
  readonly date: PlainDate;
  /** German name. */
  readonly name: string;
}

/** A German state by its ISO 3166-2 code without `DE-`. Errors: `state_unknown`. */
export function germanState(text: string): Result<State, Failure<"state_unknown">> {
  const code = text.toUpperCase().replace(/^DE-/, "");
  const state = STATES.find((one) => one === code);
  return state === undefined
    ? fail("invalid", "state_unknown", `"${text.slice(0, 20)}" is not a German state (BW, BY, … TH).`, "state")
    : ok(state);
}

/** `dayOfYear(2026, "10-03")`; the year has four digits. */
const dayOfYear = (year: number, monthAndDay: string): PlainDate =>
  `${String(year).padStart(4, "0")}-${monthAndDay}` as PlainDate;

/** The Wednesday before 23 November. */
function repentanceDay(year: number): PlainDate {
  const last = dayOfYear(year, "11-22");
  return addDays(last, -((weekday(last) + 4) % 7));
}

function dateOf(rule: HolidayRule, year: number): PlainDate {
  if ("day" in rule.on) return dayOfYear(year, rule.on.day);
  if ("easter" in rule.on) return addDays(easterSunday(year), rule.on.easter);
  return repentanceDay(year);
}

const holds = (states: "all" | readonly State[], state: State | null): boolean =>
  states === "all" || (state !== null && states.includes(state));

const years = new Map<string, ReadonlyMap<PlainDate, string>>();
function holidaysByDate(year: number, state: State | null): ReadonlyMap<PlainDate, string> {
  const key = `${year} ${state ?? ""}`;
  let known = years.get(key);
  if (!known) {
    const found: [PlainDate, string][] = [];
    for (const rule of HOLIDAY_RULES)
      if (holds(rule.states, state) && year >= (rule.since ?? 0)) found.push([dateOf(rule, year), rule.name]);
    for (const one of ONE_OFF_HOLIDAYS)
      if (holds(one.states, state) && one.date.startsWith(`${year}-`)) found.push([one.date as PlainDate, one.name]);
    known = new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)));
    years.set(key, known);
  }
  return known;
}

/**
 * Statutory holidays of a year, by date. `state` null: only those that hold in all of Germany.
 * Proven for 2020 to 2035; outside, today's rules are applied to other years.
 */
export const holidays = (year: number, state: State | null): readonly Holiday[] =>
  [...holidaysByDate(year, state)].map(([date, name]) => ({ date, name }));

/** Name of the holiday, or null. */
export const holidayOn = (date: PlainDate, state: State | null): string | null =>
  holidaysByDate(yearOf(date), state).get(date) ?? null;

/** § 193 BGB: neither Saturday nor Sunday nor a holiday acknowledged by the state at the place of performance. */
export const isWorkingDay = (date: PlainDate, state: State | null): boolean =>
  weekday(date) < 6 && holidayOn(date, state) === null;

/** § 193 BGB: the day itself if it is a working day, else the next one. */
export function nextWorkingDay(date: PlainDate, state: State | null): PlainDate {
  let day = date;
  while (!isWorkingDay(day, state)) day = addDays(day, 1);
  return day;
}
