/** What holds for every input: splitting interest, allocation, costs, limitation, and that no function ever throws. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, expectOk, type PlainDate, roundHalfUp } from "../../src/pure/kernel/index.ts";
import {
  account, affordableInstalment, allocate, bureauBlockers, collectionCosts, type CollectionQuestion, courtBars,
  courtDunningCosts, courtDunningSuspension, courtTerms, defaultStart, dunningFee, garnishment, instalmentPlanCosts,
  interest, type InterestRate, isWorkingDay, limitation, type LimitationFacts, lumpSum, nextWorkingDay, paymentTerm,
  returnCost, STATES, tableStates, taxOf,
} from "../../src/pure/law/index.ts"; // biome-ignore format: one line

const day = (text: string): PlainDate => text as PlainDate;
const RATES: readonly InterestRate[] = [
  "consumer", "business", "business_before_2014", "consumer_mortgage", "statutory", "merchants_due",
]; // biome-ignore format: one line
const from2002 = (most: number) => fc.integer({ min: 0, max: most }).map((days) => addDays(day("2002-01-01"), days));
const cents = (max: bigint) => fc.bigInt({ min: 0n, max });

test("splitting a period never changes interest by more than a cent a split", () => {
  fc.assert(
    fc.property(
      from2002(8000),
      fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 }),
      cents(100_000_000n),
      fc.constantFrom(...RATES),
      fc.constantFrom("act/act", "act/365", "act/360"),
      (start, lengths, minor, rate, dayCount) => {
        const of = (firstDay: PlainDate, lastDay: PlainDate) =>
          expectOk(
            interest({
              principal: [{ from: firstDay, minor }],
              rate,
              firstDay,
              lastDay,
              dayCount,
              unknownBaseRate: "provisional",
            }),
          );
        let next = start;
        let sum = 0n;
        for (const length of lengths) {
          sum += of(next, addDays(next, length - 1)).sum;
          next = addDays(next, length);
        }
        const whole = of(start, addDays(next, -1));
        const difference = sum - whole.sum;
        expect((difference < 0n ? -difference : difference) <= BigInt(lengths.length - 1)).toBe(true);
        expect(whole.sum).toBe(roundHalfUp(whole.exact.numerator, whole.exact.denominator));
      },
    ),
  );
});

test("allocation never makes or loses a cent and never exceeds what is open, over any row of payments", () => {
  const claim = fc.record({
    costs: cents(3_000n),
    interest: cents(3_000n),
    principal: cents(50_000n),
    kind: fc.constantFrom("ordinary" as const, "consumer_loan" as const),
  });
  fc.assert(
    fc.property(
      fc.array(claim, { minLength: 1, maxLength: 5 }),
      fc.array(fc.tuple(cents(60_000n), fc.array(fc.constantFrom("0", "1", "2", "x"), { maxLength: 3 })), {
        maxLength: 5,
      }),
      (parts, payments) => {
        let claims = parts.map((part, index) => ({
          ...part, id: String(index), due: index % 2 === 0, securityRank: 0, burdenRank: 0, arose: day("2026-01-01"),
        })); // biome-ignore format: short
        const openOf = (): bigint => claims.reduce((sum, one) => sum + one.costs + one.interest + one.principal, 0n);
        for (const [payment, ids] of payments) {
          const before = openOf();
          const result = expectOk(allocate(claims, payment, ids.length > 0 ? { ids } : null, "statutory"));
          claims = claims.map((one, index) => ({ ...one, ...result.open[index] }));
          expect(before - openOf() + result.overpayment).toBe(payment);
          expect(result.overpayment === 0n || openOf() === 0n).toBe(true);
          for (const one of claims) expect(one.costs >= 0n && one.interest >= 0n && one.principal >= 0n).toBe(true);
        }
      },
    ),
  );
});

test("costs never fall when the claim rises inside one table", () => {
  const mandate = fc.constantFrom(
    "2013-08-01",
    "2020-12-31",
    "2021-01-01",
    "2021-09-30",
    "2021-10-01",
    "2025-05-31",
    "2025-06-01",
  );
  const claim = fc.oneof(
    cents(10_000n),
    cents(200_000n),
    cents(100_000_000n),
    fc.constantFrom(5_000n, 5_001n, 50_000n, 50_001n),
  );
  fc.assert(
    fc.property(
      claim,
      claim,
      mandate,
      fc.constantFrom(50n, 90n, 130n),
      fc.boolean(),
      fc.boolean(),
      (a, b, on, rate, deducts, undisputed) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        const question = (value: bigint): CollectionQuestion => ({
        claim: value, rate, mandateOn: day(on), creditorDeductsInputTax: deducts, undisputed,
      }); // biome-ignore format: short
        const court = (value: bigint, credited: boolean) =>
          expectOk(
            courtDunningCosts({
            claim: value, on: day(on), creditorDeductsInputTax: deducts, enforcementOrder: true,
            creditedCollection: credited ? { rate, undisputed } : null,
          }), // biome-ignore format: short
          ).total;
        const collection = (value: bigint): bigint => expectOk(collectionCosts(question(value))).total;
        for (const cost of [
          collection,
          (value: bigint) => expectOk(instalmentPlanCosts(question(value))).total,
          (value: bigint) => court(value, false),
          // What is credited rises with the collection fee: only the sum of both never falls.
          (value: bigint) => collection(value) + court(value, true),
        ])
          expect(cost(low) <= cost(high)).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});

const suspension = fc
  .tuple(
    fc.integer({ min: -100, max: 1500 }),
    fc.integer({ min: 0, max: 250 }),
    fc.constantFrom("negotiation" as const, "other" as const),
  )
  .map(([start, length, kind]) => {
    const from = addDays(day("2023-06-01"), start);
    return { kind, from, to: addDays(from, length) };
  });
const regular = fc.record({
  kind: fc.constant("regular" as const),
  arose: fc.integer({ min: -2000, max: 400 }).map((days) => addDays(day("2023-06-01"), days)),
  knowledge: fc.constant(null as PlainDate | null),
  suspensions: fc.array(suspension, { maxLength: 4 }),
  restarts: fc.array(
    fc.integer({ min: 0, max: 1500 }).map((days) => addDays(day("2023-06-01"), days)),
    { maxLength: 3 },
  ),
});
const facts = fc.tuple(regular, fc.option(fc.integer({ min: 0, max: 900 }))).map(
  ([one, known]): Extract<LimitationFacts, { kind: "regular" }> => ({
    ...one,
    knowledge: known === null ? null : addDays(one.arose, known),
  }),
);

describe("limitation", () => {
  test("never ends before the day to file that it computes, and a filing on that day suspends it", () => {
    fc.assert(
      fc.property(facts, (one) => {
        const { nominalEnd, lastDayToFile } = expectOk(limitation(one));
        expect(lastDayToFile >= nominalEnd && isWorkingDay(lastDayToFile, null)).toBe(true);
        for (let on = nominalEnd; on < lastDayToFile; on = addDays(on, 1)) expect(isWorkingDay(on, null)).toBe(false);
        const filed = (on: PlainDate) => {
          const order = courtDunningSuspension(on, on, on);
          const after = expectOk(limitation({ ...one, suspensions: [...one.suspensions, order] })).nominalEnd;
          return { order, after };
        };
        const inTime = filed(lastDayToFile);
        expect(inTime.after > inTime.order.to).toBe(true);
        expect(filed(addDays(lastDayToFile, 1)).after).toBe(nominalEnd);
      }),
    );
  });
  test("facts in another order give the same end", () => {
    fc.assert(
      fc.property(facts, (one) => {
        const turned = { ...one, suspensions: one.suspensions.toReversed(), restarts: one.restarts.toReversed() };
        expect(limitation(turned)).toEqual(limitation(one));
      }),
    );
  });
});

describe("every function answers every valid input, and names what it refuses", () => {
  const date = fc.integer({ min: -700_000, max: 380_000 }).map((days) => addDays(day("2026-01-01"), days));
  const nearly = fc.oneof(date, from2002(9500));
  const amount = fc.oneof(cents(10_000_000n), fc.bigInt(), fc.constantFrom(-1n, 0n, 10n ** 30n));
  const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0.5, -1, 2.5, 2026.5, Number.NaN, Infinity));
  const state = fc.option(fc.constantFrom(...STATES));
  const rate = fc.constantFrom(...RATES);
  const named = (answer: unknown): void => {
    const result = answer as { ok: boolean; error?: { code: string; message: string } };
    if (!result.ok)
      expect(result.error).toMatchObject({ code: expect.stringMatching(/^[a-z0-9_]+$/), message: expect.any(String) });
  };
  const runs = { numRuns: 150 };

  test("interest and account", () => {
    const lastDay = day("9999-12-31");
    const lastOfAll = fc.constant(lastDay);
    const from = day("9999-12-30");
    const toTheEnd = interest({ principal: [{ from, minor: 1n }], rate: "statutory", firstDay: from, lastDay });
    expect(expectOk(toTheEnd).days).toBe(2);
    fc.assert(
      fc.property(
        nearly,
        fc.oneof({ weight: 20, arbitrary: nearly }, { weight: 1, arbitrary: lastOfAll }),
        amount,
        rate,
        fc.boolean(),
        (a, b, minor, kind, provisional) => {
          const unknownBaseRate = provisional ? "provisional" : "refuse";
          named(interest({ principal: [{ from: a, minor }], rate: kind, firstDay: a, lastDay: b, unknownBaseRate }));
          named(
            account({
              principal: minor,
              costs: minor,
              rate: kind,
              firstInterestDay: a,
              asOf: b,
              payments: [{ on: a, amount: minor }],
              order: "statutory",
              unknownBaseRate,
            }),
          );
        },
      ),
      runs,
    );
  });
  test("costs, fees, tax, affordability", () => {
    fc.assert(
      fc.property(amount, amount, nearly, number, fc.boolean(), (minor, other, on, count, flag) => {
        const question = { claim: minor, rate: other, mandateOn: on, creditorDeductsInputTax: flag, undisputed: flag };
        named(collectionCosts(question));
        named(instalmentPlanCosts(question));
        named(
          courtDunningCosts({
            claim: minor,
            on,
            creditorDeductsInputTax: flag,
            enforcementOrder: flag,
            creditedCollection: { rate: other, undisputed: flag },
          }),
        );
        named(
          dunningFee({
            channel: "letter",
            inDefaultBefore: flag,
            inDefaultFrom: on,
            on,
            disputed: false,
            fee: { amount: minor, proof: "x", since: on },
          }),
        );
        named(
          lumpSum({
            setting: "on",
            customerKind: "business",
            paymentForGoodsOrServices: true,
            obligationArose: on,
            on,
            inDefaultFrom: on,
            chargedBefore: false,
            disputed: false,
            legalCostsClaimed: minor,
          }),
        );
        named(
          returnCost({
            setting: "responsible",
            on,
            bankCharged: minor,
            claimed: other,
            customerResponsible: null,
            source: "x",
          }),
        );
        named(taxOf("plan_fee", minor, on));
        for (const known of [on, day("2026-11-22")]) named(garnishment(minor, count, known));
        named(
          affordableInstalment({ consent: true, netMonthly: minor, dependants: count, protectedAccount: flag, on }),
        );
        named(
          courtBars({
            currency: "EUR",
            counterPerformanceOpen: flag,
            publicServiceNeeded: flag,
            consumerCredit: { contractOn: on, yearlyRate: minor },
          }),
        );
        named(paymentTerm(on, count, null));
      }),
      runs,
    );
  });
  test("default, limitation, terms and tables", () => {
    fc.assert(
      fc.property(nearly, fc.option(nearly), state, number, fc.boolean(), (on, other, place, year, flag) => {
        defaultStart({
          dueDate: other,
          dueDateAgreed: flag,
          customerKind: flag ? "consumer" : "business",
          state: place,
          invoiceReceived: on,
          notice30Days: flag,
          noticeReceived: other,
          noticeDeadline: on,
          refusalReceived: other,
        });
        named(
          limitation({
            kind: "regular",
            arose: on,
            knowledge: other,
            suspensions: [{ kind: "negotiation", from: on, to: other ?? on }],
            restarts: [on],
          }),
        );
        named(limitation({ kind: "titled", final: on, suspensions: [], restarts: other === null ? [] : [other] }));
        named(limitation({ kind: "interest_after_title", accrualYear: year }));
        expect(nextWorkingDay(on, place) >= on).toBe(true);
        courtTerms(on, place);
        bureauBlockers({
          dueOn: on,
          remindersReceived: other === null ? [] : [other],
          toldOn: other,
          disputed: flag,
          today: on,
        });
        expect(tableStates(on)).toHaveLength(7);
      }),
      runs,
    );
  });
});
