import { describe, expect, test } from "vitest";
import { addDays, type PlainDate } from "../../src/pure/kernel/index.ts";
import { BASE_RATE_KNOWN_UNTIL, legalTables, tableStates } from "../../src/pure/law/index.ts";
import { BASE_RATE_SOURCES, BASE_RATES } from "../../src/pure/law/de/data/base-rates.ts";
import { GARNISHMENT_PERIODS } from "../../src/pure/law/de/data/garnishment-periods.ts";

test.each([
  ["base rates", BASE_RATES],
  ["garnishment", GARNISHMENT_PERIODS],
])("%s: the periods follow one another without a gap", (_name, periods) => {
  for (const [index, { validFrom }] of periods.entries()) {
    const before = periods[index - 1];
    if (before) expect(validFrom).toBe(addDays(before.validTo as PlainDate, 1));
  }
});

test("base rates: two half-years a year, two decimal places at most, a source each", () => {
  for (const { validFrom, validTo, percent, sources } of BASE_RATES) {
    expect(`${validFrom.slice(5)} ${validTo.slice(5)}`).toMatch(/^(01-01 06-30|07-01 12-31)$/);
    expect(validFrom.slice(0, 4)).toBe(validTo.slice(0, 4));
    expect(percent).toMatch(/^-?\d+(\.\d{1,2})?$/);
    expect(sources.length).toBeGreaterThan(0);
    for (const source of sources) expect(BASE_RATE_SOURCES).toHaveProperty(source);
  }
});

test("every table says from when until when it is known", () => {
  expect(legalTables().find(({ name }) => name === "base_rate")).toMatchObject({
    knownFrom: "2002-01-01",
    knownUntil: BASE_RATE_KNOWN_UNTIL,
    unconfirmed: ["2026-07-01"],
  });
  for (const { knownFrom, knownUntil } of legalTables()) {
    expect(knownFrom).toMatch(/^\d{4}-\d\d-\d\d$/);
    if (knownUntil !== null) expect(knownUntil > knownFrom).toBe(true);
  }
});

describe("how long the tables hold", () => {
  const stateOf = (name: string, on: string) => tableStates(on as PlainDate).find(({ table }) => table.name === name);

  test.each([
    ["base_rate", "2026-11-16", "known", 45],
    ["base_rate", "2026-11-17", "expires_soon", 44],
    ["base_rate", "2026-12-31", "expires_soon", 0],
    ["base_rate", "2027-01-01", "expired", -1],
    ["garnishment", "2027-06-30", "expires_soon", 0],
    ["garnishment", "2027-07-01", "expired", -1],
    ["holidays", "2035-12-31", "expires_soon", 0],
    ["rvg", "2027-11-22", "expires_soon", 0],
    ["rvg", "2027-11-23", "expired", -1],
  ])("%s on %s: %s, %i days", (name, on, state, days) => {
    expect(stateOf(name, on)).toMatchObject({ state, days, basis: name === "rvg" ? "review" : "data" });
  });

  test("soonest end first; every table says source and day of review", () => {
    const states = tableStates("2026-11-22" as PlainDate);
    expect(states.map(({ days }) => days)).toEqual(states.map(({ days }) => days).toSorted((a, b) => a - b));
    expect(states).toHaveLength(legalTables().length);
    for (const { table } of states) {
      expect(table.source).not.toBe("");
      expect(table.reviewedOn).toMatch(/^\d{4}-\d\d-\d\d$/);
    }
  });

  test("a figure published otherwise is listed with both", () => {
    expect(stateOf("base_rate", "2026-11-22")?.table.differences).toMatchObject([
      { entry: "2026-07-01", ours: "1.52", published: "1.27" },
    ]);
    for (const { differences } of legalTables())
      for (const { ours, published, where, because } of differences) {
        expect(ours).not.toBe(published);
        expect(where && because).not.toBe("");
      }
  });
});
