import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, expectOk, type PlainDate } from "../../src/pure/kernel/index.ts";
import {
  answerLimitation, courtDunningSuspension, isWorkingDay, limitation, limitationStanding, type LimitationFacts, type Suspension,
} from "../../src/pure/law/index.ts"; // biome-ignore format: one line

const day = (text: string): PlainDate => text as PlainDate;
type Regular = Extract<LimitationFacts, { kind: "regular" }>;
const FACTS: Regular = {
  kind: "regular",
  arose: day("2023-06-01"),
  knowledge: day("2023-06-01"),
  suspensions: [],
  restarts: [],
};
const other = (from: string, to: string): Suspension => ({ kind: "other", from: day(from), to: day(to) });
const endOf = (facts: Partial<Regular>): string => expectOk(limitation({ ...FACTS, ...facts })).nominalEnd;

describe("limitation", () => {
  test.each<[string, Partial<Regular>, string]>([
    ["three years from the end of the year", {}, "2026-12-31"],
    ["ten years at most, to the day", { knowledge: day("2031-01-01") }, "2033-06-01"],
    ["not known yet: ten years", { knowledge: null }, "2033-06-01"],
    [
      "negotiations near the end leave three months",
      { suspensions: [{ kind: "negotiation", from: day("2026-12-20"), to: day("2027-01-10") }] },
      "2027-04-10",
    ],
    [
      "overlapping suspensions count once",
      { suspensions: [other("2025-01-01", "2025-01-31"), other("2025-01-11", "2025-02-10")] },
      "2027-02-10",
    ],
    [
      "one inside another",
      { suspensions: [other("2025-01-01", "2025-01-31"), other("2025-01-05", "2025-01-08")] },
      "2027-01-31",
    ],
    [
      "one that only fits into the time the first one won",
      { suspensions: [other("2026-12-01", "2026-12-31"), other("2027-01-15", "2027-01-20")] },
      "2027-02-06",
    ],
    ["one across the end", { suspensions: [other("2026-12-31", "2027-06-30")] }, "2027-07-01"],
    ["a restart before the period runs changes nothing", { restarts: [day("2023-10-01")] }, "2026-12-31"],
    ["a restart after the end changes nothing (§ 214 II)", { restarts: [day("2027-01-01")] }, "2026-12-31"],
    ["a restart on the last day counts", { restarts: [day("2026-12-31")] }, "2029-12-31"],
    [
      "a restart in time won by a suspension",
      { restarts: [day("2027-01-20")], suspensions: [other("2025-01-01", "2025-01-31")] },
      "2030-01-20",
    ],
    [
      "a suspension running at the restart holds the new period",
      { restarts: [day("2024-06-01")], suspensions: [other("2024-05-01", "2024-06-11")] },
      "2027-06-11",
    ],
  ])("%s", (_name, facts, expected) => {
    expect(endOf(facts)).toBe(expected);
  });

  test("a titled claim starts its 30 years anew with an act of enforcement", () => {
    const titled: LimitationFacts = {
      kind: "titled",
      final: day("2025-03-17"),
      suspensions: [],
      restarts: [day("2030-05-02")],
    };
    expect(expectOk(limitation(titled))).toMatchObject({
      nominalEnd: "2060-05-02",
      law: "§§ 197 I Nr. 3, 201, 212 I BGB",
    });
  });

  test("court dunning suspends from the filing only if served soon (§ 167 ZPO)", () => {
    expect(courtDunningSuspension(day("2025-12-15"), day("2025-12-29"), day("2026-01-12"))).toEqual({
      kind: "court_dunning", from: "2025-12-15", to: "2026-07-12",
    }); // biome-ignore format: short
    expect(courtDunningSuspension(day("2025-12-15"), day("2026-02-20"), day("2026-02-20")).from).toBe("2026-02-20");
    const late = [{ kind: "courtDunning", filed: "2026-12-15", served: "2027-03-01", lastAct: "2027-03-01" }];
    expect(answerLimitation({ input: { claimArose: "2023-06-01", suspensions: late } })).toMatchObject({
      nominalEnd: "2026-12-31",
    });
  });

  test("property: a suspension never shortens, filing never falls on a day off", () => {
    const range = fc.tuple(fc.integer({ min: 0, max: 1500 }), fc.integer({ min: 0, max: 200 }));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 5 }), range, (ranges, more) => {
        const suspended = (list: readonly (readonly [number, number])[]) =>
          list.map(([from, length]) => ({
            kind: "other" as const,
            from: addDays(FACTS.arose, from),
            to: addDays(FACTS.arose, from + length),
          }));
        const before = endOf({ suspensions: suspended(ranges) });
        const after = expectOk(limitation({ ...FACTS, suspensions: suspended([...ranges, more]) }));
        expect(after.nominalEnd >= before).toBe(true);
        expect(isWorkingDay(after.lastDayToFile, null)).toBe(true);
      }),
    );
  });

  test.each([
    [
      { input: { claimArose: "2023-06-01", suspensions: [{ from: "2024-02-01", to: "2024-01-01" }] } },
      "suspension_reversed",
    ],
    [{ input: { claimArose: "2023-06-01", suspensions: [{ from: "2024-02-01" }] } }, "field_missing"],
    [{ input: { kind: "eternal" } }, "limitation_kind_unknown"],
    [{ input: { kind: "interestAfterTitle", accrualYear: 20261 } }, "year_invalid"],
    [{ input: {} }, "field_missing"],
  ])("%j is refused", (element, code) => {
    expect(answerLimitation(element)).toMatchObject({ error: { code } });
  });
});

test.each([
  ["2026-09-01", "running", 121, null],
  ["2026-09-02", "ending", 120, 120],
  ["2026-11-01", "ending", 60, 60],
  ["2026-11-02", "ending", 59, 60],
  ["2026-12-01", "ending", 30, 30],
  ["2026-12-31", "ending", 0, 30],
  ["2027-01-01", "time_barred", -1, null],
])("on %s: %s, %i days", (on, state, days, warning) => {
  const end = expectOk(limitation(FACTS));
  expect(limitationStanding(end, day(on))).toEqual({ state, days, warning });
});

test("time-barred is the day after the last day to file, not after the nominal end", () => {
  const end = expectOk(limitation({ ...FACTS, arose: day("2019-06-01"), knowledge: day("2019-06-01") }));
  expect(end).toMatchObject({ nominalEnd: "2022-12-31", lastDayToFile: "2023-01-02" });
  expect(limitationStanding(end, day("2023-01-02")).state).toBe("ending");
  expect(limitationStanding(end, day("2023-01-03")).state).toBe("time_barred");
});
