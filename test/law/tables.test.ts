import { expect, test } from "vitest";
import { addDays, type PlainDate } from "../../src/pure/kernel/index.ts";
import { BASE_RATE_KNOWN_UNTIL, legalTables } from "../../src/pure/law/index.ts";
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
