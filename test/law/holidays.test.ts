import Holidays from "date-holidays";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, type PlainDate, weekday } from "../../src/pure/kernel/index.ts";
import {
  germanState, holidayOn, holidays, isWorkingDay, nextWorkingDay, type State, STATES,
} from "../../src/pure/law/index.ts"; // biome-ignore format: one line
import { lawFile, sharedLaw, skipped } from "./shared.ts";

const day = (text: string): PlainDate => text as PlainDate;
const dates = (year: number, state: State | null): string[] => holidays(year, state).map(({ date }) => date);
const YEARS = Array.from({ length: 16 }, (_, index) => 2020 + index);

describe("holidays of the German states", () => {
  test.each(STATES)("%s 2020 to 2035 as date-holidays has them", (state) => {
    const oracle = new Holidays("DE", state);
    for (const year of YEARS) {
      const expected = oracle
        .getHolidays(year)
        .filter(({ type }) => type === "public")
        .map(({ date }) => date.slice(0, 10));
      expect(dates(year, state), `${state} ${year}`).toEqual([...new Set(expected)].sort());
    }
  });

  test.skipIf(!sharedLaw)(`as the table of the years 2024 to 2028${skipped}`, () => {
    const table: Record<string, Record<State, string[]>> = lawFile("holidays.json").states;
    for (const [year, byState] of Object.entries(table))
      for (const state of STATES) expect(dates(+year, state), `${state} ${year}`).toEqual(byState[state]);
    expect(Object.keys(table)).toHaveLength(5);
  });

  test("one-off holidays of Berlin", () => {
    expect(holidayOn(day("2025-05-08"), "BE")).toBe("80. Jahrestag der Befreiung");
    expect(holidayOn(day("2025-05-08"), "BB")).toBeNull();
    expect(holidayOn(day("2028-06-17"), "BE")).not.toBeNull();
    expect(holidayOn(day("2026-05-08"), "BE")).toBeNull();
  });

  test("nationwide: nine days, and the Reformation Day of 2017", () => {
    for (const year of YEARS) expect(dates(year, null)).toHaveLength(9);
    expect(dates(2017, null)).toContain("2017-10-31");
  });

  test.each([
    ["2026-08-15", "NW", "2026-08-17"], // Saturday
    ["2026-08-15", "SL", "2026-08-17"], // Saturday and Assumption Day
    ["2026-04-03", "BE", "2026-04-07"], // Good Friday to Easter Monday
    ["2025-10-31", "NW", "2025-10-31"],
    ["2025-10-31", "SN", "2025-11-03"], // Reformation Day, Friday
    ["2024-10-31", "BY", "2024-10-31"],
    ["2024-11-01", "BY", "2024-11-04"], // All Saints, Friday
    ["2026-11-18", "SN", "2026-11-19"], // Buß- und Bettag
    ["2026-12-24", "BY", "2026-12-24"], // no statutory holiday
    ["2026-12-25", null, "2026-12-28"],
  ] as const)("%s in %s moves to %s", (date, state, expected) => {
    expect(nextWorkingDay(day(date), state)).toBe(expected);
  });

  test("the next working day is one, and the first from the day on", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5843 }), fc.constantFrom(null, ...STATES), (offset, state) => {
        const date = addDays(day("2020-01-01"), offset);
        const next = nextWorkingDay(date, state);
        expect(isWorkingDay(next, state)).toBe(true);
        for (let one = date; one < next; one = addDays(one, 1))
          expect(weekday(one) > 5 || holidayOn(one, state) !== null).toBe(true);
      }),
    );
  });

  test("states are read with and without country; others are refused", () => {
    expect(germanState("DE-NW")).toEqual({ ok: true, value: "NW" });
    expect(germanState("by")).toEqual({ ok: true, value: "BY" });
    expect(germanState("ZH")).toMatchObject({ ok: false, error: { code: "state_unknown", where: "state" } });
  });
});
