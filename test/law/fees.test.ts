import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, expectOk, type PlainDate } from "../../src/pure/kernel/index.ts";
import {
  type DunningFeeQuestion, dunningFee, dunningFees, LETTER_COST_WARNING, letterFee, LUMP_SUM, type LumpSumQuestion,
  lumpSum, lumpSums, NO_LETTER_FEE, returnCost, type ReturnCostQuestion,
} from "../../src/pure/law/index.ts"; // biome-ignore format: one line

const day = (text: string): PlainDate => text as PlainDate;

describe("own fee for a notice", () => {
  const letter: DunningFeeQuestion = {
    channel: "letter",
    inDefaultBefore: true,
    on: day("2026-11-02"),
    inDefaultFrom: day("2026-10-01"),
    disputed: false,
    fee: { amount: 95n, proof: "Tarif Deutsche Post 2025, Rechnung Papier", since: null },
  };

  test("a letter sent in default costs what it cost; the charge shows law, day and proof", () => {
    expect(dunningFee(letter)).toEqual({
      ok: true,
      value: {
        charge: {
          law: "§§ 280 I, II, 286 BGB",
          from: "2026-11-02",
          to: "2026-11-02",
          sum: 95n,
          source: "Tarif Deutsche Post 2025, Rechnung Papier",
          provisional: false,
        },
        warnings: [],
      },
    });
  });
  test("up to 1.20 without a warning, above with one", () => {
    const warnings = (amount: bigint) =>
      expectOk(dunningFee({ ...letter, fee: { ...letter.fee, amount } })).warnings.length;
    expect([warnings(LETTER_COST_WARNING), warnings(LETTER_COST_WARNING + 1n)]).toEqual([0, 1]);
  });
  test.each<[string, Partial<DunningFeeQuestion>, string]>([
    ["an e-mail", { channel: "email" }, "fee_electronic"],
    ["a text message", { channel: "sms" }, "fee_electronic"],
    ["the notice that creates default", { inDefaultBefore: false }, "fee_creates_default"],
    ["no default known", { inDefaultFrom: null }, "fee_before_default"],
    ["the day before default", { inDefaultFrom: day("2026-11-03") }, "fee_before_default"],
    ["a disputed claim", { disputed: true }, "fee_disputed"],
    ["the default setting", { fee: NO_LETTER_FEE }, "fee_not_set"],
    ["no proof", { fee: { ...letter.fee, proof: " " } }, "letter_cost_unproven"],
    ["before the setting holds", { fee: { ...letter.fee, since: day("2026-11-03") } }, "fee_not_yet"],
    ["a negative amount", { fee: { ...letter.fee, amount: -1n } }, "amount_negative"],
  ])("refused: %s", (_name, more, code) => {
    expect(dunningFee({ ...letter, ...more })).toMatchObject({ ok: false, error: { code } });
  });

  test("the setting: one letter's cost, proven; nothing that grows with time or claim", () => {
    expect(expectOk(letterFee({}))).toEqual(NO_LETTER_FEE);
    expect(expectOk(letterFee({ amount: 95n, proof: "Tarif", since: day("2026-01-01") }))).toEqual({
      amount: 95n,
      proof: "Tarif",
      since: "2026-01-01",
    });
    for (const field of ["perMonth", "percent", "perStage", "flat"])
      expect(letterFee({ amount: 1n, proof: "x", [field]: 1 })).toMatchObject({
        error: { code: "fee_over_time_forbidden", where: field },
      });
    expect(letterFee({ amount: 1n, proof: "x", staff: 2n })).toMatchObject({ error: { code: "fee_field_unknown" } });
    expect(letterFee({ amount: 1n })).toMatchObject({ error: { code: "letter_cost_unproven" } });
    expect(letterFee({ amount: -1n })).toMatchObject({ error: { code: "amount_negative" } });
  });

  test("a row of notices: only letters, only in default", () => {
    const notices = [
      { channel: "letter", inDefaultBefore: false },
      { channel: "email", inDefaultBefore: true },
      { channel: "letter", inDefaultBefore: true },
    ];
    expect(expectOk(dunningFees(notices, 150n))).toEqual({
      sums: [0n, 0n, 150n],
      total: 150n,
      costShouldBeProven: true,
    });
    expect(expectOk(dunningFees(notices, 120n)).costShouldBeProven).toBe(false);
    expect(dunningFees(notices, -1n)).toMatchObject({ error: { code: "amount_negative" } });
  });

  test("property: never a fee without default, never one for an electronic notice, never more than the proven cost", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("letter", "email", "sms", "whatsapp", "call"),
        fc.boolean(),
        fc.option(fc.integer({ min: -400, max: 400 })),
        fc.bigInt({ min: 0n, max: 500n }),
        (channel, inDefaultBefore, offset, amount) => {
          const inDefaultFrom = offset === null ? null : addDays(letter.on, offset);
          const fee = { ...letter.fee, amount };
          const answer = dunningFee({ ...letter, channel, inDefaultBefore, inDefaultFrom, fee });
          const due = channel === "letter" && inDefaultBefore && offset !== null && offset <= 0 && amount > 0n;
          expect(answer.ok).toBe(due);
          if (answer.ok) expect(answer.value.charge.sum).toBe(amount);
        },
      ),
    );
  });
});

describe("lump sum of § 288 V BGB", () => {
  const owed: LumpSumQuestion = {
    setting: "on",
    customerKind: "business",
    paymentForGoodsOrServices: true,
    obligationArose: day("2026-08-01"),
    on: day("2026-11-02"),
    inDefaultFrom: day("2026-10-01"),
    chargedBefore: false,
    disputed: false,
    legalCostsClaimed: 0n,
  };
  test("40 euros, less the costs already claimed", () => {
    expect(expectOk(lumpSum(owed))).toMatchObject({ law: "§ 288 V BGB", sum: LUMP_SUM, provisional: false });
    expect(expectOk(lumpSum({ ...owed, legalCostsClaimed: 2_500n })).sum).toBe(1_500n);
  });
  test.each<[string, Partial<LumpSumQuestion>, string]>([
    ["switched off, as it is by default", { setting: "off" }, "lump_sum_off"],
    ["a consumer", { customerKind: "consumer" }, "lump_sum_consumer"],
    ["a customer of unknown kind", { customerKind: null }, "lump_sum_consumer"],
    ["damages", { paymentForGoodsOrServices: false }, "lump_sum_no_payment_claim"],
    ["a claim of unknown kind", { paymentForGoodsOrServices: null }, "lump_sum_no_payment_claim"],
    ["an obligation of 28 July 2014", { obligationArose: day("2014-07-28") }, "lump_sum_before_2014"],
    ["not in default", { inDefaultFrom: null }, "lump_sum_before_default"],
    ["a day too early", { inDefaultFrom: day("2026-11-03") }, "lump_sum_before_default"],
    ["twice", { chargedBefore: true }, "lump_sum_repeated"],
    ["under dispute", { disputed: true }, "lump_sum_disputed"],
    ["covered by legal costs", { legalCostsClaimed: 4_000n }, "lump_sum_credited"],
    ["negative legal costs", { legalCostsClaimed: -1n }, "amount_negative"],
  ])("refused: %s", (_name, more, code) => {
    expect(lumpSum({ ...owed, ...more })).toMatchObject({ ok: false, error: { code } });
  });
  test("several late payments: never from a consumer; legal costs only beyond it", () => {
    expect(expectOk(lumpSums("consumer", 3, 5_000n))).toEqual({
      lumpSum: 0n,
      furtherLegalCosts: 5_000n,
      total: 5_000n,
    });
    expect(expectOk(lumpSums("business", 1, 10_000n))).toMatchObject({ furtherLegalCosts: 6_000n, total: 10_000n });
    expect(lumpSums("business", 1.5, 0n)).toMatchObject({ error: { code: "count_invalid" } });
  });
});

describe("cost of a return", () => {
  const returned: ReturnCostQuestion = {
    setting: "responsible",
    on: day("2026-11-02"),
    bankCharged: 350n,
    customerResponsible: true,
    source: "camt entry",
  };
  test("what the bank charged; without a stated reason fault is presumed", () => {
    expect(expectOk(returnCost(returned))).toMatchObject({ sum: 350n, base: 350n, source: "camt entry" });
    expect(expectOk(returnCost({ ...returned, customerResponsible: null, claimed: 300n })).sum).toBe(300n);
  });
  test.each<[string, Partial<ReturnCostQuestion>, string]>([
    ["the creditor bears it", { setting: "never" }, "return_cost_off"],
    ["nothing stated", { bankCharged: null }, "return_cost_unknown"],
    ["nothing charged", { bankCharged: 0n }, "return_cost_unknown"],
    ["more than the bank charged", { claimed: 351n }, "return_cost_above_bank"],
    ["another's fault", { customerResponsible: false }, "return_not_customers"],
    ["a negative charge", { bankCharged: -1n }, "amount_negative"],
  ])("refused: %s", (_name, more, code) => {
    expect(returnCost({ ...returned, ...more })).toMatchObject({ ok: false, error: { code } });
  });
});
