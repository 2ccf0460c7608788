import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, daysBetween, expectOk, type PlainDate } from "../../src/pure/kernel/index.ts";
import {
  account, answerInterest, answerLedger, BASE_RATE_KNOWN_UNTIL, type InterestQuestion, interest, interestRateOf,
} from "../../src/pure/law/index.ts"; // biome-ignore format: one line
import { lawFile, sharedLaw, skipped } from "./shared.ts";

const day = (text: string): PlainDate => text as PlainDate;
const asked = (from: string, to: string, more: Partial<InterestQuestion> = {}): InterestQuestion => ({
  principal: [{ from: day(from), minor: 100_000n }],
  rate: "consumer",
  firstDay: day(from),
  lastDay: day(to),
  ...more,
});

describe("default interest", () => {
  test("the charge shows paragraph, rates, days and sum", () => {
    expect(expectOk(interest(asked("2025-03-01", "2025-08-31"))).charge).toEqual({
      law: "§ 288 I BGB, § 247 BGB",
      rate: "7.27, 6.27",
      days: 184,
      base: 100_000n,
      from: "2025-03-01",
      to: "2025-08-31",
      sum: 3495n,
      source: "Basiszinssatz 2.27 % (2025-03-01), 1.27 % (2025-07-01)",
      provisional: false,
    });
    const pending = expectOk(interest(asked("2026-08-01", "2026-08-31", { rate: "business", pendingAtCourt: true })));
    expect(pending.charge.law).toBe("§ 291, § 288 II BGB, § 247 BGB");
    expect(pending.charge.rate).toBe("10.52");
  });

  test("a full year never costs more than the yearly rate with act/act", () => {
    const year = expectOk(interest(asked("2020-01-01", "2020-12-31")));
    expect(year.sum).toBe(4120n); // 5 − 0.88 per cent of 1,000.00
    expect(expectOk(interest(asked("2020-01-01", "2020-12-31", { dayCount: "act/365" }))).sum).toBe(4131n);
  });

  test("a principal that changes splits the days", () => {
    const result = expectOk(
      interest(
        asked("2026-08-01", "2026-08-31", {
          principal: [
            { from: day("2026-08-01"), minor: 100_000n },
            { from: day("2026-08-11"), minor: 40_000n },
          ],
        }),
      ),
    );
    expect(result.segments.map(({ from, to, days, principal }) => [from, to, days, principal])).toEqual([
      ["2026-08-01", "2026-08-10", 10, 100_000n],
      ["2026-08-11", "2026-08-31", 21, 40_000n],
    ]);
    expect(result.sum).toBe(329n); // (1000·10 + 400·21) · 6.52 % / 365 = 3.2868…
  });

  test("fixed rates rest on no base rate", () => {
    const result = expectOk(interest(asked("2030-01-01", "2030-12-31", { rate: "statutory" })));
    expect(result).toMatchObject({ sum: 4000n, provisional: false, charge: { law: "§ 246 BGB", rate: "4" } });
    expect(result.segments[0]?.basePercent).toBeNull();
  });

  test("no base rate: refused, or marked as provisional when asked for", () => {
    const beyond = addDays(BASE_RATE_KNOWN_UNTIL, 5);
    const from = addDays(BASE_RATE_KNOWN_UNTIL, -4);
    expect(interest(asked(from, beyond))).toMatchObject({ ok: false, error: { code: "base_rate_unknown" } });
    const guess = expectOk(interest(asked(from, beyond, { unknownBaseRate: "provisional" })));
    expect(guess.provisional).toBe(true);
    expect(guess.segments.map(({ provisional, days }) => [provisional, days])).toEqual([
      [false, 5],
      [true, 5],
    ]);
    expect(interest(asked("2001-12-31", "2002-01-05", { unknownBaseRate: "provisional" }))).toMatchObject({
      error: { code: "base_rate_unknown" },
    });
  });

  test.each<[string, Partial<InterestQuestion>, string]>([
    ["reversed", { lastDay: day("2026-07-01") }, "interest_days_reversed"],
    ["negative", { principal: [{ from: day("2026-08-01"), minor: -1n }] }, "principal_negative"],
    ["missing", { principal: [{ from: day("2026-08-02"), minor: 1n }] }, "principal_missing"],
  ])("refused: %s", (_name, more, code) => {
    expect(interest(asked("2026-08-01", "2026-08-31", more))).toMatchObject({ ok: false, error: { code } });
  });

  test("nothing owed needs no base rate", () => {
    const from = addDays(BASE_RATE_KNOWN_UNTIL, -9);
    const principal = [
      { from, minor: 100n },
      { from: addDays(from, 5), minor: 0n },
    ];
    const result = expectOk(interest(asked(from, addDays(from, 400), { principal })));
    expect(result).toMatchObject({ days: 401, provisional: false });
    expect(result.segments.at(-1)).toMatchObject({ principal: 0n, basePercent: null });
  });

  test("no days, no interest", () => {
    expect(expectOk(interest(asked("2026-08-01", "2026-07-31")))).toMatchObject({ sum: 0n, days: 0, segments: [] });
  });

  test.each([
    [{ consumerInvolved: false, paymentForGoodsOrServices: true, obligationArose: day("2020-01-01") }, "business"],
    [
      { consumerInvolved: false, paymentForGoodsOrServices: true, obligationArose: day("2014-07-28") },
      "business_before_2014",
    ],
    [{ consumerInvolved: false, paymentForGoodsOrServices: true, obligationArose: day("2014-07-29") }, "business"],
    [{ consumerInvolved: false, paymentForGoodsOrServices: false, obligationArose: null }, "consumer"],
    [{ consumerInvolved: null, paymentForGoodsOrServices: true, obligationArose: null }, "consumer"],
    [{ consumerInvolved: true, paymentForGoodsOrServices: true, obligationArose: null }, "consumer"],
  ] as const)("rate of %j is %s", (claim, rate) => {
    expect(interestRateOf(claim)).toBe(rate);
  });

  test("segments cover every day once, and any split of the days adds up exactly", () => {
    const ratio = (question: InterestQuestion): [bigint, bigint] => {
      const { exact } = expectOk(interest(question));
      return [exact.numerator, exact.denominator];
    };
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 8700 }),
        fc.integer({ min: 0, max: 400 }),
        fc.integer({ min: 0, max: 400 }),
        fc.bigInt({ min: 0n, max: 10_000_000_000n }),
        fc.constantFrom("act/act", "act/365", "act/360"),
        (start, first, second, minor, dayCount) => {
          const from = addDays(day("2002-01-01"), start);
          const middle = addDays(from, first);
          const to = addDays(middle, second);
          if (to > BASE_RATE_KNOWN_UNTIL) return;
          const more = { principal: [{ from, minor }], dayCount } as const;
          const whole = expectOk(interest(asked(from, to, more)));
          expect(whole.days).toBe(daysBetween(from, to) + 1);
          let next = from;
          for (const segment of whole.segments) {
            expect(segment.from).toBe(next);
            next = addDays(segment.to, 1);
          }
          expect(next).toBe(addDays(to, 1));
          const [an, ad] = ratio(asked(from, addDays(middle, -1), more));
          const [bn, bd] = ratio(asked(middle, to, more));
          expect((an * bd + bn * ad) * whole.exact.denominator).toBe(whole.exact.numerator * ad * bd);
        },
      ),
    );
  });

  test.skipIf(!sharedLaw)(`base rates as in the table${skipped}`, () => {
    for (const { validFrom, validTo, basePercent } of lawFile("base_rates.json").halfYears)
      for (const date of [validFrom, validTo])
        expect(expectOk(interest(asked(date, date))).segments[0]?.basePercent).toBe(basePercent);
  });
});

describe("account of a claim", () => {
  const ledger = (more: object) =>
    answerLedger({
      input: { principal: "1000.00", kind: "consumer", start: "2025-03-01", end: "2025-12-31", payments: [], ...more },
    });

  test("payments are taken by value date; one after the statement is refused", () => {
    const unsorted = ledger({
      payments: [
        ["2025-09-01", "50.00"],
        ["2025-05-01", "100.00"],
      ],
    });
    expect(unsorted).toMatchObject({ log: [{ date: "2025-05-01" }, { date: "2025-09-01" }] });
    expect(ledger({ payments: [["2026-01-01", "1.00"]] })).toMatchObject({
      error: { code: "payment_after_statement" },
    });
    expect(ledger({ payments: [["2025-09-01", "1.001"]] })).toMatchObject({
      error: { code: "amount_too_precise", where: "input.payments[0].amount" },
    });
  });

  test("a claim paid before default never bears interest", () => {
    expect(ledger({ payments: [["2025-02-01", "1000.00"]], end: "2040-01-01" })).toMatchObject({
      final: { total: "0.00", openInterest: "0.00" },
    });
  });

  test("what is paid and what is open always makes the whole", () => {
    const amount = fc.bigInt({ min: 0n, max: 200_000n });
    fc.assert(
      fc.property(
        amount,
        amount,
        fc.array(fc.record({ offset: fc.integer({ min: 0, max: 600 }), amount }), { maxLength: 6 }),
        fc.constantFrom("statutory", "consumer_loan", "principal_first"),
        (principal, costs, paid, order) => {
          const first = day("2024-06-01");
          const result = expectOk(
            account({
              principal, costs, rate: "consumer", firstInterestDay: first, asOf: addDays(first, 700), order,
              payments: paid.map((one) => ({ on: addDays(first, one.offset), amount: one.amount })),
            }), // biome-ignore format: short
          );
          const interestSum =
            result.lines.reduce((sum, line) => sum + (line.accrued?.sum ?? 0n), 0n) + (result.accrued?.sum ?? 0n);
          const received = paid.reduce((sum, one) => sum + one.amount, 0n);
          const over = result.lines.reduce((sum, line) => sum + line.overpayment, 0n);
          expect(principal + costs + interestSum).toBe(result.total + received - over);
          for (const part of Object.values(result.open)) expect(part >= 0n).toBe(true);
        },
      ),
    );
  });
});

test.each([
  [{ principal: 100, firstInterestDay: "2024-01-01", lastInterestDay: "2024-02-01" }, "text_expected", "principal"],
  [
    { principal: "-1.00", firstInterestDay: "2024-01-01", lastInterestDay: "2024-02-01" },
    "amount_negative",
    "principal",
  ],
  [{ principal: "1e3", firstInterestDay: "2024-01-01", lastInterestDay: "2024-02-01" }, "decimal_invalid", "principal"],
  [
    { principal: "1.00", firstInterestDay: "2024-01-01", lastInterestDay: "2024-02-01", debtorKind: "king" },
    "customer_kind_unknown",
    "debtorKind",
  ],
  [
    { principal: "1.00", firstInterestDay: "2026-12-01", lastInterestDay: "2027-01-01", debtorKind: "b2b" },
    "base_rate_unknown",
    "lastDay",
  ],
  [{ principal: "1.00", country: "CH" }, "law_country_unsupported", "creditorCountry"],
])("answerInterest refuses %j", (element, code, where) => {
  expect(answerInterest(element)).toEqual({ error: { code, message: expect.any(String), where } });
});
