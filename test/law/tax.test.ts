import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectOk, type PlainDate } from "../../src/pure/kernel/index.ts";
import {
  considerationChanged, TAX_RULES, type TaxCorrection, taxOf, taxRuleOf, taxWithin, vatRateOn,
} from "../../src/pure/law/index.ts"; // biome-ignore format: one line

const day = (text: string): PlainDate => text as PlainDate;
const TODAY = day("2026-11-22");

describe("tax of a component", () => {
  test.each([
    ["principal", "consideration"],
    ["interest", "damages"],
    ["dunning_fee", "damages"],
    ["lump_sum", "damages"],
    ["return_fee", "damages"],
    ["collection_cost", "damages"],
    ["court_cost", "outlay"],
    ["plan_fee", "service"],
  ])("%s: %s", (component, code) => {
    expect(expectOk(taxRuleOf(component))).toMatchObject({ component, code });
  });
  test("each rule names law and source, and there is one a component", () => {
    for (const { law, source } of TAX_RULES) expect(`${law}|${source}`).toMatch(/§ .*\|./);
    expect(new Set(TAX_RULES.map(({ component }) => component)).size).toBe(TAX_RULES.length);
  });
  test("damages bear none, a plan's fee bears the rate of its day", () => {
    expect(expectOk(taxOf("interest", 4_000n, TODAY))).toMatchObject({ net: 4_000n, tax: 0n, percent: null });
    expect(expectOk(taxOf("plan_fee", 1_190n, TODAY))).toMatchObject({ net: 1_000n, tax: 190n, percent: 19n });
    expect(expectOk(taxOf("plan_fee", 1_160n, day("2020-12-31")))).toMatchObject({ tax: 160n, percent: 16n });
    expect(expectOk(taxOf("plan_fee", 1_190n, day("2021-01-01")))).toMatchObject({ tax: 190n, percent: 19n });
  });
  test("errors are values", () => {
    expect(taxRuleOf("toString")).toMatchObject({ error: { code: "tax_component_unknown" } });
    expect(vatRateOn(day("2006-12-31"))).toMatchObject({ error: { code: "vat_rate_unknown" } });
  });
});

describe("§ 17 UStG", () => {
  const changed = (change: Parameters<typeof considerationChanged>[0]["change"], gross: bigint, percent = 19n) =>
    expectOk(considerationChanged({ change, on: TODAY, gross, percent }));

  test("what is waived lowers the tax in the period of the change, at the invoice's rate", () => {
    expect(changed("waived", 11_900n)).toEqual({
      change: "waived", on: TODAY, gross: -11_900n, net: -10_000n, tax: -1_900n, percent: 19n, law: "§ 17 I 1 UStG",
    }); // biome-ignore format: short
    expect(changed("settled", 10_700n, 7n).tax).toBe(-700n);
    expect(changed("reward", 500n, 0n).tax).toBe(0n);
    expect(changed("uncollectible", 100n).law).toBe("§ 17 II Nr. 1 S. 1 UStG");
  });
  test("paid after all: back again, never more than was corrected", () => {
    const before = [changed("uncollectible", 11_900n)];
    const back = { change: "paid_after_all" as const, on: TODAY, percent: 19n, before };
    expect(expectOk(considerationChanged({ ...back, gross: 11_900n }))).toMatchObject({
      gross: 11_900n,
      tax: 1_900n,
      law: "§ 17 II Nr. 1 S. 2 UStG",
    });
    expect(considerationChanged({ ...back, gross: 11_901n })).toMatchObject({ error: { code: "reversal_too_large" } });
    expect(considerationChanged({ ...back, gross: 1n, percent: 7n })).toMatchObject({
      error: { code: "nothing_to_reverse" },
    });
    expect(considerationChanged({ ...back, gross: -1n })).toMatchObject({ error: { code: "amount_negative" } });
    expect(considerationChanged({ ...back, gross: 1n, percent: 119n })).toMatchObject({
      error: { code: "vat_rate_invalid" },
    });
  });
  test("property: corrections and the money that comes after all cancel to the cent, however it is split", () => {
    const amount = fc.bigInt({ min: 0n, max: 1_000_000n });
    fc.assert(
      fc.property(
        fc.array(amount, { minLength: 1, maxLength: 5 }),
        fc.array(amount, { maxLength: 6 }),
        fc.constantFrom(0n, 7n, 19n),
        (waived, paid, percent) => {
          const all: TaxCorrection[] = waived.map((gross) => changed("waived", gross, percent));
          const left = (): bigint => -all.reduce((sum, one) => sum + one.gross, 0n);
          for (const wish of [...paid, 10n ** 12n]) {
            const gross = wish < left() ? wish : left();
            if (left() === 0n) break;
            all.push(
              expectOk(considerationChanged({ change: "paid_after_all", on: TODAY, gross, percent, before: all })),
            );
          }
          for (const one of all) expect(one.net + one.tax).toBe(one.gross);
          expect(all.reduce((sum, one) => sum + one.gross, 0n)).toBe(0n);
          expect(all.reduce((sum, one) => sum + one.tax, 0n)).toBe(0n);
        },
      ),
    );
  });
  test("tax within a gross amount", () => {
    expect([taxWithin(119n, 19n), taxWithin(107n, 7n), taxWithin(1n, 19n), taxWithin(100n, 0n)]).toEqual([
      19n,
      7n,
      0n,
      0n,
    ]);
  });
});
