import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectOk, type PlainDate } from "../../src/pure/kernel/index.ts";
import { type AffordabilityQuestion, affordableInstalment, garnishment } from "../../src/pure/law/index.ts";

const TODAY = "2026-11-22" as PlainDate;
const asked = (more: Partial<AffordabilityQuestion> = {}): AffordabilityQuestion => ({
  consent: true,
  netMonthly: 200_000n,
  dependants: 0,
  protectedAccount: false,
  on: TODAY,
  ...more,
});

describe("affordable instalment", () => {
  // (2,000 − 1,587.40) · 0.7 = 288.82; the protected account keeps 1,590.00
  test.each<[string, Partial<AffordabilityQuestion>, bigint, bigint]>([
    ["no dependants", {}, 28_800n, 158_740n],
    ["with a protected account", { protectedAccount: true }, 28_800n, 159_000n],
    ["just above the free amount", { netMonthly: 159_500n }, 100n, 158_740n],
    ["the same with a protected account", { netMonthly: 159_050n, protectedAccount: true }, 0n, 159_000n],
    ["one dependant", { netMonthly: 250_000n, dependants: 1 }, 15_700n, 218_482n],
    [
      "one dependant, protected account",
      { netMonthly: 250_000n, dependants: 1, protectedAccount: true },
      15_700n,
      218_742n,
    ],
    ["nothing to spare", { netMonthly: 120_000n }, 0n, 158_740n],
  ])("%s", (_name, more, instalment, protectedPay) => {
    expect(expectOk(affordableInstalment(asked(more)))).toMatchObject({ instalment, protectedPay });
  });

  test("without consent nothing is computed", () => {
    const without = { ...asked(), consent: false } as unknown as AffordabilityQuestion;
    expect(affordableInstalment(without)).toMatchObject({ ok: false, error: { code: "consent_missing" } });
  });
  test.each<[Partial<AffordabilityQuestion>, string]>([
    [{ netMonthly: -1n }, "net_pay_negative"],
    [{ dependants: 0.5 }, "dependants_invalid"],
    [{ dependants: -1 }, "dependants_invalid"],
    [{ dependants: Number.NaN }, "dependants_invalid"],
    [{ on: "2027-07-01" as PlainDate }, "garnishment_period_unknown"],
  ])("%o is refused", (more, code) => {
    expect(affordableInstalment(asked(more))).toMatchObject({ error: { code } });
  });

  test("property: never out of protected pay; more dependants never afford more", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 900_000n }),
        fc.integer({ min: 0, max: 8 }),
        fc.boolean(),
        (netMonthly, dependants, protectedAccount) => {
          const one = expectOk(affordableInstalment(asked({ netMonthly, dependants, protectedAccount })));
          expect(
            one.instalment >= 0n && one.instalment <= expectOk(garnishment(netMonthly, dependants, TODAY)).garnishable,
          ).toBe(true);
          if (one.instalment > 0n) expect(netMonthly - one.instalment >= one.protectedPay).toBe(true);
          const more = expectOk(
            affordableInstalment(asked({ netMonthly, dependants: dependants + 1, protectedAccount })),
          );
          expect(more.instalment <= one.instalment).toBe(true);
        },
      ),
    );
  });
});
