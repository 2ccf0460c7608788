/** The same figures by other ways of counting: day by day, from the published tables, by hand. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addDays, addMonths, daysBetween, EUR, expectOk, formatMinor, isLeapYear, moneyFromText, type PlainDate, yearOf,
} from "../../src/pure/kernel/index.ts"; // biome-ignore format: one line
import {
  answerAllocation, answerCosts, answerDefault, answerGarnishment, answerInterest, answerLedger, answerLimitation,
  limitation, type LimitationFacts, type Suspension,
} from "../../src/pure/law/index.ts"; // biome-ignore format: one line
import { lawFile, sharedLaw, skipped } from "./shared.ts";

const day = (text: string): PlainDate => text as PlainDate;
const cents = (text: string): bigint => expectOk(moneyFromText(text, EUR)).minor;
const dayFrom = (first: string, last: string) =>
  fc.integer({ min: 0, max: daysBetween(day(first), day(last)) }).map((days) => addDays(day(first), days));

describe.skipIf(!sharedLaw)(`default interest, day by day${skipped}`, () => {
  const halfYears: { validFrom: string; validTo: string; basePercent: string }[] =
    lawFile("base_rates.json").halfYears ?? [];
  const MARGIN = { consumer: 500n, b2b: 900n, b2b_old: 800n };
  const YEAR_DAYS = { "act/365": () => 365n, "act/act": (year: number) => (isLeapYear(year) ? 366n : 365n), "act/360": () => 360n }; // biome-ignore format: one line

  test("sums, days and segments are those of the single days", () => {
    fc.assert(
      fc.property(
        dayFrom("2002-01-01", "2026-12-31"),
        fc.integer({ min: 0, max: 1500 }),
        fc.constantFrom("consumer" as const, "b2b" as const, "b2b_old" as const),
        fc.bigInt({ min: 1n, max: 10_000_000n }),
        (from, length, kind, principal) => {
          const until = addDays(from, length);
          const to = until > "2026-12-31" ? day("2026-12-31") : until;
          const whole = 365n * 366n * 360n;
          const sums = { "act/365": 0n, "act/act": 0n, "act/360": 0n };
          const segments = new Map<string, number>();
          for (let on = from; on <= to; on = addDays(on, 1)) {
            const base = halfYears.find(({ validFrom, validTo }) => validFrom <= on && on <= validTo)?.basePercent;
            const points = cents(base ?? "") + MARGIN[kind];
            for (const count of ["act/365", "act/act", "act/360"] as const)
              sums[count] += (principal * points * whole) / YEAR_DAYS[count](yearOf(on));
            const key = `${yearOf(on)} ${Number(base)}`;
            segments.set(key, (segments.get(key) ?? 0) + 1);
          }
          const rounded = (sum: bigint) => formatMinor((2n * sum + 10_000n * whole) / (20_000n * whole), EUR);
          expect(
            answerInterest({
              principal: formatMinor(principal, EUR), firstInterestDay: from, lastInterestDay: to, debtorKind: kind,
            }), // biome-ignore format: one line
          ).toMatchObject({
            days: daysBetween(from, to) + 1,
            interest: Object.fromEntries(Object.entries(sums).map(([count, sum]) => [count, rounded(sum)])),
            segments: [...segments].map(([key, days]) => ({ days, basePercent: key.split(" ")[1] })),
          });
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("limitation, day by day", () => {
  const arose = day("2023-06-01");
  /** Each day that is not suspended uses up one of the days of the three years; a day after the end suspends nothing. */
  function byDays(suspensions: readonly Suspension[]): PlainDate {
    let left = daysBetween(day("2024-01-01"), day("2027-01-01"));
    let on = day("2024-01-01");
    while (left > 0) {
      const today = on;
      if (!suspensions.some(({ from, to }) => from <= today && today <= to)) left -= 1;
      on = addDays(on, 1);
    }
    return addDays(on, -1);
  }
  test("suspensions in any order, overlapping, before, across and after the end", () => {
    const span = fc.tuple(fc.integer({ min: 0, max: 1600 }), fc.integer({ min: 0, max: 250 }));
    fc.assert(
      fc.property(fc.array(span, { maxLength: 6 }), (spans) => {
        const suspensions = spans.map(([start, length]) => {
          const from = addDays(arose, start);
          return { kind: "other" as const, from, to: addDays(from, length) };
        });
        const facts: LimitationFacts = { kind: "regular", arose, knowledge: arose, suspensions, restarts: [] };
        const { nominalEnd } = expectOk(limitation(facts));
        expect(nominalEnd).toBe(byDays(suspensions));
      }),
    );
  });
  test("a new start is counted from the day itself, never by year ends", () => {
    fc.assert(
      fc.property(dayFrom("2024-01-01", "2026-12-31"), (on) => {
        const facts: LimitationFacts = { kind: "regular", arose, knowledge: arose, suspensions: [], restarts: [on] };
        expect(expectOk(limitation(facts)).nominalEnd).toBe(addMonths(on, 36));
      }),
    );
  });
});

describe("by hand", () => {
  test.each<[string, object, object]>([
    // 500.00 · 8.12 % · 184/365 = 20.4668…; · 8.62 % · 182/366 = 21.4322…
    ["across a change on 1 January", { principal: "500.00", firstInterestDay: "2023-07-01", lastInterestDay: "2024-06-30", debtorKind: "consumer" }, { days: 366, interest: { "act/act": "41.90" } }],
    // 1,000.00 · 4.27 % · 31/366: the base rate is negative, the sum is not
    ["negative base rate", { principal: "1000.00", firstInterestDay: "2016-03-01", lastInterestDay: "2016-03-31", debtorKind: "consumer" }, { segments: [{ basePercent: "-0.83", ratePercent: "4.17", yearDays: 366, days: 31 }], interest: { "act/act": "3.53" } }],
    ["the first published half-year", { principal: "1000.00", firstInterestDay: "2002-01-01", lastInterestDay: "2002-01-01", debtorKind: "b2b_old" }, { segments: [{ basePercent: "2.57", ratePercent: "10.57" }], interest: { "act/365": "0.29" } }],
    ["the day before it", { principal: "1000.00", firstInterestDay: "2001-12-31", lastInterestDay: "2002-01-01", debtorKind: "consumer" }, { error: { code: "base_rate_unknown" } }],
    ["after the last published half-year", { principal: "1000.00", firstInterestDay: "2026-12-31", lastInterestDay: "2027-01-01", debtorKind: "consumer" }, { error: { code: "base_rate_unknown" } }],
    ["the same, provisional", { principal: "36500.00", firstInterestDay: "2027-01-01", lastInterestDay: "2027-01-01", debtorKind: "consumer", provisional: true }, { provisional: true, interest: { "act/act": "6.52" } }],
    ["reversed", { principal: "1.00", firstInterestDay: "2026-02-02", lastInterestDay: "2026-01-31", debtorKind: "consumer" }, { error: { code: "interest_days_reversed" } }],
    ["an amount as a number", { principal: 1000, firstInterestDay: "2026-02-02", lastInterestDay: "2026-02-03" }, { error: { code: "text_expected", where: "principal" } }],
    ["a third decimal place", { principal: "1.005", firstInterestDay: "2026-02-02", lastInterestDay: "2026-02-03" }, { error: { code: "amount_too_precise", where: "principal" } }],
    ["a currency that is none", { principal: "1.00", currency: "euro", firstInterestDay: "2026-02-02", lastInterestDay: "2026-02-03" }, { error: { code: "currency_unknown", where: "currency" } }],
  ])("interest: %s", (_name, element, expected) => expect(answerInterest(element)).toMatchObject(expected)); // biome-ignore format: one case a line

  test.each<[string, object, object]>([
    // 100 days until 11 April at 6.27 %: 17.18 on 1,000.00; nothing falls due on the day of payment itself
    ["two payments on one day", { principal: "1000.00", kind: "consumer", start: "2026-01-01", end: "2026-04-11", payments: [["2026-04-11", "10.00"], ["2026-04-11", "20.00"]] }, { log: [{ interestAccrued: "17.18", toInterest: "10.00", toPrincipal: "0.00" }, { interestAccrued: "0.00", toInterest: "7.18", toPrincipal: "12.82" }], final: { openInterest: "0.17", openPrincipal: "987.18" } }],
    ["paid before default: no interest ever", { principal: "100.00", kind: "consumer", start: "2026-03-01", end: "2026-06-30", payments: [["2026-02-01", "100.00"]] }, { log: [{ interestAccrued: "0.00", toPrincipal: "100.00" }], final: { total: "0.00" } }],
    ["paid on the first day of default", { principal: "100.00", kind: "consumer", start: "2026-03-01", end: "2026-06-30", payments: [["2026-03-01", "100.00"]] }, { log: [{ interestAccrued: "0.00", overpayment: "0.00" }], final: { total: "0.00" } }],
    ["costs bear no interest", { principal: "0.00", costs: "50.00", kind: "consumer", start: "2026-01-01", end: "2026-12-31", payments: [] }, { final: { openCosts: "50.00", openInterest: "0.00", total: "50.00" } }],
    // 90 days at 10.27 % are 25.32, 91 days 25.60: each stretch is rounded once
    ["open interest bears none (§ 289)", { principal: "1000.00", kind: "b2b", start: "2026-01-01", end: "2026-06-30", payments: [["2026-04-01", "0.00"]] }, { log: [{ interestAccrued: "25.32" }], final: { openInterest: "50.92", openPrincipal: "1000.00" } }],
    ["a loan pays its principal before interest", { principal: "1000.00", kind: "consumer", order: "497", costs: "1.00", start: "2026-01-01", end: "2026-04-11", payments: [["2026-04-11", "1001.00"]] }, { log: [{ toCosts: "1.00", toPrincipal: "1000.00", toInterest: "0.00" }], final: { openInterest: "17.18", openPrincipal: "0.00" } }],
    ["a payment after the statement", { principal: "10.00", start: "2026-01-01", end: "2026-02-01", payments: [["2026-02-02", "1.00"]] }, { error: { code: "payment_after_statement" } }],
    ["a payment without amount", { principal: "10.00", start: "2026-01-01", end: "2026-02-01", payments: [["2026-01-02"]] }, { error: { code: "field_missing", where: "input.payments[0].amount" } }],
    ["a payment that is no pair", { principal: "10.00", start: "2026-01-01", end: "2026-02-01", payments: ["2026-01-02"] }, { error: { code: "object_expected", where: "input.payments[0]" } }],
  ])("ledger: %s", (_name, input, expected) => expect(answerLedger({ input })).toMatchObject(expected)); // biome-ignore format: one case a line

  test.each<[string, string, object, object]>([
    ["Sunday", "calendar", { dueDate: "2026-09-20", state: "NW" }, { lastDayToPay: "2026-09-21", firstDayOfDefault: "2026-09-22" }],
    ["Sunday that is Weltkindertag in Thuringia", "calendar", { dueDate: "2026-09-20", state: "TH" }, { lastDayToPay: "2026-09-21" }],
    ["Christmas Eve is a working day", "calendar", { dueDate: "2026-12-24", state: "BY" }, { lastDayToPay: "2026-12-24" }],
    ["Christmas Day, a Friday, to Monday", "calendar", { dueDate: "2026-12-25", state: "BY" }, { lastDayToPay: "2026-12-28", firstDayOfDefault: "2026-12-29" }],
    ["New Year's Eve is a working day", "calendar", { dueDate: "2025-12-31", state: "NW" }, { firstDayOfDefault: "2026-01-01" }],
    ["31 October in Saxony-Anhalt, a Saturday, then Sunday", "calendar", { dueDate: "2026-10-31", state: "ST" }, { lastDayToPay: "2026-11-02" }],
    ["the same in Bavaria", "calendar", { dueDate: "2026-10-31", state: "BY" }, { lastDayToPay: "2026-11-02" }],
    ["31 October 2025 in Brandenburg, a Friday", "calendar", { dueDate: "2025-10-31", state: "BB" }, { lastDayToPay: "2025-11-03", firstDayOfDefault: "2025-11-04" }],
    ["Corpus Christi in Hesse, none in Berlin", "calendar", { dueDate: "2026-06-04", state: "HE" }, { lastDayToPay: "2026-06-05" }],
    ["Corpus Christi in Berlin", "calendar", { dueDate: "2026-06-04", state: "BE" }, { lastDayToPay: "2026-06-04" }],
    ["no state: nationwide holidays only", "calendar", { dueDate: "2026-06-04" }, { lastDayToPay: "2026-06-04" }],
    ["8 May 2025 in Berlin alone", "calendar", { dueDate: "2025-05-08", state: "BE" }, { lastDayToPay: "2025-05-09" }],
    // 31 January + 30 days = 2 March (29 February in 2028: 1 March)
    ["30 days over February", "thirtyDays", { invoiceReceived: "2026-01-31", dueDate: "2026-01-15", consumer: false, state: "NW" }, { lastDayToPay: "2026-03-02", firstDayOfDefault: "2026-03-03" }],
    ["30 days over a leap day", "thirtyDays", { invoiceReceived: "2028-01-31", dueDate: "2028-01-31", consumer: false, state: "NW" }, { lastDayToPay: "2028-03-01" }],
    ["30 days from the later day", "thirtyDays", { invoiceReceived: "2026-03-03", dueDate: "2026-03-10", consumer: false, state: "NW" }, { lastDayToPay: "2026-04-09" }],
    ["30 days ending on a Saturday", "thirtyDays", { invoiceReceived: "2026-02-05", dueDate: "2026-02-05", consumer: false, state: "NW" }, { lastDayToPay: "2026-03-09", firstDayOfDefault: "2026-03-10" }],
    ["a consumer with the notice", "thirtyDays", { invoiceReceived: "2026-03-03", dueDate: "2026-03-03", consumer: true, specialNotice: true, state: "NW" }, { lastDayToPay: "2026-04-02", dunningNoticeNeeded: false }],
    ["a notice before the due date", "notice", { dueDate: "2026-06-01", noticeReceived: "2026-05-31", state: "NW" }, { inDefaultFrom: null, firstInterestDay: null }],
    ["a notice with a deadline on a Saturday", "notice", { dueDate: "2026-06-01", noticeReceived: "2026-06-09", deadlineInNotice: "2026-06-20", state: "NW" }, { inDefaultFrom: "2026-06-23", firstInterestDay: "2026-06-23" }],
    ["refusal before the due date", "refusal", { dueDate: "2026-06-20", refusalReceived: "2026-06-01" }, { inDefaultFrom: "2026-06-22", firstInterestDay: "2026-06-23" }],
    ["a day the calendar has not", "calendar", { dueDate: "2026-02-29" }, { error: { code: "date_invalid", where: "input.dueDate" } }],
    ["a state that is none", "calendar", { dueDate: "2026-02-20", state: "Bayern" }, { error: { code: "state_unknown", where: "input.state" } }],
    ["no day", "calendar", { state: "NW" }, { error: { code: "field_missing", where: "input.dueDate" } }],
  ])("default: %s", (_name, rule, input, expected) => {
    const agreed = rule === "calendar" ? { agreedInContract: true } : {};
    expect(answerDefault({ rule, input: { ...agreed, ...input } })).toMatchObject(expected);
  }); // biome-ignore format: one case a line

  const collection = { kind: "collection_2300", rate: "0.9", creditorDeductsInputTax: true, undisputed: true };
  test.each<[string, object, object]>([
    ["50.00 before the rule for small claims", { ...collection, claim: "50.00", mandateDate: "2021-09-30" }, { vv2300: "44.10" }],
    ["50.00 from its first day", { ...collection, claim: "50.00", mandateDate: "2021-10-01" }, { vv2300: "27.00", vv7002: "5.40", total: "32.40" }],
    ["500.00, last day of 2020's table", { ...collection, claim: "500.00", mandateDate: "2020-12-31" }, { vv2300: "40.50" }],
    ["500.00, first day of 2021's", { ...collection, claim: "500.00", mandateDate: "2021-01-01" }, { vv2300: "44.10" }],
    ["500.00, last day of 2021's", { ...collection, claim: "500.00", mandateDate: "2025-05-31" }, { vv2300: "44.10" }],
    ["500.00, first day of 2025's", { ...collection, claim: "500.00", mandateDate: "2025-06-01" }, { vv2300: "46.35" }],
    ["with value added tax", { ...collection, claim: "500.00", mandateDate: "2026-01-10", creditorDeductsInputTax: false }, { net: "55.62", vat: "10.57", total: "66.19" }],
    ["before the tables", { ...collection, claim: "500.00", mandateDate: "2013-07-31" }, { error: { code: "fee_schedule_unknown" } }],
    ["a rate that is no number", { ...collection, claim: "500.00", rate: "0,9", mandateDate: "2026-01-10" }, { error: { code: "fee_rate_invalid", where: "input.rate" } }],
    ["a rate above 1.3, undisputed", { ...collection, claim: "500.00", rate: "1.5", mandateDate: "2026-01-10" }, { error: { code: "fee_rate_invalid" } }],
    // half of 44.00 lies in the first step: 0.7 · 51.50; the fee of VV 2300 is that of a small claim
    ["a plan for a small claim", { kind: "collection_with_instalment_plan", claim: "44.00", rate2300: "0.9", mandateDate: "2026-01-10", creditorDeductsInputTax: true }, { vv2300: "28.35", vv1000_2: "36.05", valueForVV1000: "22.00", vv7002: "12.88", total: "77.28" }],
    ["a plan under the old rule: 1.5 of a fifth", { kind: "collection_with_instalment_plan", claim: "5000.00", rate2300: "1.3", mandateDate: "2021-09-30", creditorDeductsInputTax: true }, { vv1000_2: "132.00", valueForVV1000: "1000.00" }],
    ["a plan over a step", { kind: "collection_with_instalment_plan", claim: "1000.02", rate2300: "0.9", mandateDate: "2026-01-10", creditorDeductsInputTax: true }, { valueForVV1000: "500.01", vv1000_2: "65.10" }],
    ["court fee above the least", { kind: "gkg_1100", claim: "1000.01", filingDate: "2026-01-10" }, { courtFee: "41.00" }],
    ["court fee in 2013's table", { kind: "gkg_1100", claim: "500.00", filingDate: "2020-12-31" }, { courtFee: "32.00" }],
    // 40 + 3 · 21 + 8 · 22.50 + 5 · 30.50 + 5 · 40.50 + 10 · 140 + 10 · 210 + 210, half of it
    ["court fee of a claim of half a million and a cent", { kind: "gkg_1100", claim: "500000.01", filingDate: "2026-01-10" }, { courtFee: "2174.00" }],
    ["own fees without a list", { kind: "own_dunning", costPerLetter: "1.00" }, { error: { code: "field_missing", where: "input.notices" } }],
    ["lump sum and higher legal costs", { kind: "flat40", debtorConsumer: false, invoicesInDefault: 1, legalCosts: "100.00" }, { flat: "40.00", additionalLegalCosts: "60.00", total: "100.00" }],
    ["legal costs of a consumer stay", { kind: "flat40", debtorConsumer: true, invoicesInDefault: 1, legalCosts: "100.00" }, { flat: "0.00", total: "100.00" }],
    ["part of an invoice", { kind: "flat40", debtorConsumer: false, invoicesInDefault: 0.5 }, { error: { code: "count_invalid" } }],
  ])("costs: %s", (_name, input, expected) => expect(answerCosts({ input })).toMatchObject(expected)); // biome-ignore format: one case a line

  const claims = [
    { id: "A", principal: "100.00", interest: "2.00", costs: "3.00", arose: "2026-01-01" },
    { id: "B", principal: "50.00", arose: "2026-01-01" },
  ];
  test.each<[string, object, object]>([
    // 105.00 and 50.00 alike: 31.00 : 155.00 is a fifth of each
    ["pro rata over all components", { claims, payment: "31.00" }, { allocations: [{ costs: "3.00", interest: "2.00", principal: "16.00" }, { principal: "10.00" }] }],
    ["designated beyond what is open", { claims, payment: "60.00", debtorDesignation: ["B"] }, { allocations: [{ costs: "3.00", interest: "2.00", principal: "5.00" }, { principal: "50.00" }], overpayment: "0.00" }],
    ["designated twice counts once", { claims, payment: "60.00", debtorDesignation: ["B", "B"] }, { allocations: [{}, { principal: "50.00" }] }],
    ["nothing paid", { claims, payment: "0.00" }, { allocations: [{ principal: "0.00" }, { principal: "0.00" }], overpayment: "0.00" }],
    ["no claim: all is left over", { claims: [], payment: "1.00" }, { allocations: [], overpayment: "1.00" }],
    ["claims missing", { payment: "1.00" }, { error: { code: "field_missing", where: "input.claims" } }],
    ["an order that is none", { claims, payment: "1.00", order: "interest_first" }, { error: { code: "order_unknown" } }],
    ["a designation that is no list", { claims, payment: "1.00", debtorDesignation: "B" }, { error: { code: "list_expected" } }],
  ])("allocation: %s", (_name, input, expected) => expect(answerAllocation({ input })).toMatchObject(expected)); // biome-ignore format: one case a line

  const regular = { claimArose: "2023-06-01", knowledge: "2023-06-01" };
  test.each<[string, object, object]>([
    ["arisen on 31 December", { claimArose: "2022-12-31", knowledge: "2022-12-31" }, { nominalEnd: "2025-12-31", lastDayToFile: "2025-12-31" }],
    ["arisen a day later, on 1 January", { claimArose: "2023-01-01", knowledge: "2023-01-01" }, { nominalEnd: "2026-12-31" }],
    ["31 December on a Sunday, then New Year", { claimArose: "2020-05-01", knowledge: "2020-05-01" }, { nominalEnd: "2023-12-31", lastDayToFile: "2024-01-02" }],
    ["31 December on a Saturday", { claimArose: "2024-05-01", knowledge: "2025-01-01" }, { nominalEnd: "2028-12-31", lastDayToFile: "2029-01-02" }],
    ["ten years, from a leap day", { claimArose: "2024-02-29", knowledge: "2033-05-01" }, { nominalEnd: "2034-02-28" }],
    ["three months after talks", { ...regular, suspensions: [{ kind: "negotiation", from: "2026-12-01", to: "2026-12-20" }] }, { nominalEnd: "2027-03-20", lastDayToFile: "2027-03-22" }],
    ["three months end with the month", { ...regular, suspensions: [{ kind: "negotiation", from: "2026-11-25", to: "2026-11-30" }] }, { nominalEnd: "2027-02-28", lastDayToFile: "2027-03-01" }],
    ["acknowledged on the last of February", { ...regular, restarts: [{ kind: "acknowledgement", date: "2025-02-28" }] }, { nominalEnd: "2028-02-28" }],
    ["a new start while talks go on", { ...regular, suspensions: [{ kind: "negotiation", from: "2025-01-01", to: "2025-01-31" }], restarts: [{ date: "2025-01-10" }] }, { nominalEnd: "2028-01-31" }],
    ["order served within a month", { ...regular, suspensions: [{ kind: "courtDunning", filed: "2026-12-31", served: "2027-01-31", lastAct: "2027-01-31" }] }, { nominalEnd: "2027-08-01" }],
    ["a title of 29 February", { kind: "titled", titleFinal: "2024-02-29" }, { nominalEnd: "2054-02-28", lastDayToFile: "2054-03-02" }],
    ["a title acted on in its last year", { kind: "titled", titleFinal: "1996-01-15", restarts: [{ kind: "enforcement", date: "2026-01-15" }] }, { nominalEnd: "2056-01-15" }],
    ["a title acted on a day too late", { kind: "titled", titleFinal: "1996-01-15", restarts: [{ kind: "enforcement", date: "2026-01-16" }] }, { nominalEnd: "2026-01-15" }],
    ["interest after the title", { kind: "interestAfterTitle", accrualYear: 2024 }, { nominalEnd: "2027-12-31" }],
    ["a year in words", { kind: "interestAfterTitle", accrualYear: "2026" }, { error: { code: "count_invalid" } }],
  ])("limitation: %s", (_name, input, expected) => expect(answerLimitation({ input })).toMatchObject(expected)); // biome-ignore format: one case a line

  test.each<[string, object, object]>([
    ["nothing below the free amount", { netMonthly: "1587.39", dependants: 0, period: "2026-12-01" }, { garnishable: "0.00" }],
    // (2,000 − 1,587.40) · 0.7
    ["no dependants", { netMonthly: "2009.99", dependants: 0, period: "2026-07-01" }, { garnishable: "288.82" }],
    // (3,000 − 1,587.40 − 597.42 − 4 · 332.83) < 0
    ["five dependants", { netMonthly: "3000.00", dependants: 5, period: "2027-06-30" }, { garnishable: "0.00" }],
    // (4,000 − 3,516.14) · 0.1 = 48.386
    ["more than five count as five", { netMonthly: "4000.00", dependants: 9, period: "2026-07-01" }, { garnishable: "48.39" }],
    // cut at 4,866.30 → 4,860; (4,860 − 1,587.40) · 0.7 + 133.70
    ["above the cap all is taken", { netMonthly: "5000.00", dependants: 0, period: "2026-07-01" }, { garnishable: "2424.52" }],
    ["the last day of the old table", { netMonthly: "1587.40", dependants: 0, period: "2026-06-30" }, { garnishable: "17.50" }],
    ["a day beyond the tables", { netMonthly: "2000.00", dependants: 0, period: "2027-07-01" }, { error: { code: "garnishment_period_unknown" } }],
    ["half a dependant", { netMonthly: "2000.00", dependants: 0.5, period: "2026-07-01" }, { error: { code: "count_invalid" } }],
    ["no period", { netMonthly: "2000.00", dependants: 0 }, { error: { code: "field_missing", where: "period" } }],
  ])("garnishment: %s", (_name, element, expected) => expect(answerGarnishment(element)).toMatchObject(expected)); // biome-ignore format: one case a line
});
