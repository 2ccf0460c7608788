import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EUR, expectOk, moneyFromText, type PlainDate } from "../../src/pure/kernel/index.ts";
import {
  answerCosts, answerGarnishment, collectionCosts, courtDunningCosts, garnishment, gkgFee,
  instalmentPlanCosts, rvgFee,
} from "../../src/pure/law/index.ts"; // biome-ignore format: one line
import { lawFile, sharedLaw, skipped } from "./shared.ts";

const day = (text: string): PlainDate => text as PlainDate;
const cents = (text: string): bigint => expectOk(moneyFromText(text, EUR)).minor;
const TODAY = day("2026-11-22");

describe.skipIf(!sharedLaw)(`printed tables${skipped}`, () => {
  test.each([
    ["rvg.json", rvgFee],
    ["gkg.json", gkgFee],
  ] as const)("%s: the formula gives every row, from its first cent to its last", (file, fee) => {
    let rows = 0;
    for (const { validFrom, table } of lawFile(file).schedules) {
      let above = 1n;
      for (const { upTo, fee: printed } of table) {
        for (const value of [above, cents(upTo)])
          expect(expectOk(fee(value, day(validFrom))), `${validFrom} ${value}`).toBe(cents(printed));
        above = cents(upTo) + 1n;
        rows += 1;
      }
    }
    expect(rows).toBe(3 * 42);
  });

  test("garnishment: protected amounts and caps of all periods and spans", () => {
    for (const period of lawFile("pfaendung.json").periods)
      for (const span of ["monthly", "weekly", "daily"] as const) {
        const { base, firstDependant, secondToFifthEach, fullyGarnishableAbove } = period[span];
        const free = cents(base) + cents(firstDependant) + 2n * cents(secondToFifthEach);
        const at = (pay: bigint, dependants: number) =>
          expectOk(garnishment(pay, dependants, day(period.validFrom), span));
        expect(at(free, 3)).toMatchObject({ garnishable: 0n, protectedPay: free });
        const cap = cents(fullyGarnishableAbove);
        expect(at(cap + 12_345n, 0).garnishable).toBe(at(cap, 0).garnishable + 12_345n);
        expect(at(cap, 5)).toEqual(at(cap, 9));
      }
  });
});

describe("cost of pursuing a claim", () => {
  const question = { claim: 50_000n, rate: 90n, mandateOn: TODAY, creditorDeductsInputTax: true, undisputed: true };

  test("each charge names its law and rate, and the charges make the total", () => {
    const { charges, total } = expectOk(instalmentPlanCosts({ ...question, creditorDeductsInputTax: false }));
    expect(charges.map(({ law, rate }) => [law, rate])).toEqual([
      ["VV 2300, § 13 RVG, § 13e RDG", "0.9"],
      ["VV 1000 Nr. 2, § 31b RVG", "0.7"],
      ["VV 7002 RVG", undefined],
      ["VV 7008 RVG, § 12 I UStG", "19"],
    ]);
    expect(charges.reduce((sum, charge) => sum + charge.sum, 0n)).toBe(total);
  });

  test.each<[string, object, bigint]>([
    ["50.00 undisputed", { claim: 5_000n }, 2_835n],
    ["50.00 disputed", { claim: 5_000n, undisputed: false, rate: 130n }, 6_695n],
    ["50.00 before the rule for small claims", { claim: 5_000n, mandateOn: day("2021-09-30") }, 4_410n],
    ["last day of the old table", { mandateOn: day("2025-05-31") }, 4_410n],
    ["above 500,000", { claim: 55_000_001n }, 369_180n], // 0.9 · (3,752 + 2 · 175)
    ["never less than 15 euros", { claim: 5_000n, rate: 30n }, 1_500n],
  ])("VV 2300: %s", (_name, more, fee) => {
    expect(expectOk(collectionCosts({ ...question, ...more })).vv2300).toBe(fee);
  });

  test.each<[string, object, string]>([
    ["above 1.3 for an undisputed claim", { rate: 131n }, "fee_rate_invalid"],
    ["above 2.5", { rate: 251n, undisputed: false }, "fee_rate_invalid"],
    ["no rate", { rate: 0n }, "fee_rate_invalid"],
    ["before the tables", { mandateOn: day("2013-07-31") }, "fee_schedule_unknown"],
    ["negative", { claim: -1n }, "amount_negative"],
  ])("refused: %s", (_name, more, code) => {
    expect(collectionCosts({ ...question, ...more })).toMatchObject({ ok: false, error: { code } });
  });

  test("half of the collection fee is credited to the court procedure, at most 0.75", () => {
    const court = { claim: 100_000n, on: TODAY, creditorDeductsInputTax: true, enforcementOrder: true };
    const plain = expectOk(courtDunningCosts({ ...court, creditedCollection: null }));
    const credited = expectOk(courtDunningCosts({ ...court, creditedCollection: { rate: 90n, undisputed: true } }));
    expect(plain).toMatchObject({ vv3305: 9_300n, vv3308: 4_650n, vv7002: 2_000n, courtFee: 3_800n, credited: 0n });
    expect(credited.credited).toBe(4_185n);
    expect(plain.total - credited.total).toBe(4_185n);
    const most = expectOk(courtDunningCosts({ ...court, creditedCollection: { rate: 250n, undisputed: false } }));
    expect(most.credited).toBe(6_975n);
    expect(most.charges.reduce((sum, charge) => sum + charge.sum, 0n)).toBe(most.total);
  });

  test("property: a higher claim never has a lower fee", () => {
    const claim = fc.bigInt({ min: 1n, max: 100_000_000n });
    fc.assert(
      fc.property(claim, claim, fc.constantFrom(rvgFee, gkgFee), (a, b, fee) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        expect(expectOk(fee(low, TODAY)) <= expectOk(fee(high, TODAY))).toBe(true);
      }),
    );
  });

  test.each([
    [{ input: { kind: "bribe" } }, "cost_kind_unknown"],
    [{ input: { kind: "gkg_1100", claim: "300.00" } }, "field_missing"],
    [{ input: { kind: "own_dunning", notices: [{}] } }, "field_missing"],
    [{ input: { kind: "flat40", debtorConsumer: false, invoicesInDefault: -1 } }, "count_invalid"],
    [
      { input: { kind: "gkg_1100", claim: "300.00", filingDate: "2026-01-10", creditorCountry: "AT" } },
      "law_country_unsupported",
    ],
  ])("%j is refused", (element, code) => {
    expect(answerCosts(element)).toMatchObject({ error: { code } });
  });
});

describe("garnishment", () => {
  test("property: never more than the pay, and never less for more pay", () => {
    const pay = fc.bigInt({ min: 0n, max: 1_000_000n });
    fc.assert(
      fc.property(pay, pay, fc.integer({ min: 0, max: 8 }), (a, b, dependants) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        const of = (net: bigint): bigint => expectOk(garnishment(net, dependants, TODAY)).garnishable;
        expect(of(low) <= of(high)).toBe(true);
        expect(of(high) <= high).toBe(true);
      }),
    );
  });
  test("an unknown period is an error", () => {
    expect(answerGarnishment({ netMonthly: "2000.00", dependants: 0, period: "2027-07-01" })).toMatchObject({
      error: { code: "garnishment_period_unknown", where: "period" },
    });
    expect(answerGarnishment({ netMonthly: "2000.00", dependants: 1.5, period: "2026-07-01" })).toMatchObject({
      error: { code: "count_invalid" },
    });
  });
});
