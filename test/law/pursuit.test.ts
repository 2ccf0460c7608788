import { describe, expect, test } from "vitest";
import { expectOk, type PlainDate } from "../../src/pure/kernel/index.ts";
import {
  type BureauFacts, bureauBlockers, chargingLaw, courtBars, type CourtClaim, courtTerms, FIRST_LETTER_ITEMS,
  firstLetterAllowed, oneCostOwner, oppositionUntil, type Undertaking, undertakingAllowed,
} from "../../src/pure/law/index.ts"; // biome-ignore format: one line

const day = (text: string): PlainDate => text as PlainDate;

describe("court dunning procedure", () => {
  test("two weeks to object, six months to go on; ends move to a working day", () => {
    expect(courtTerms(day("2026-04-02"), "NW")).toMatchObject({
      objectionUntil: "2026-04-16", enforcementFrom: "2026-04-17", enforcementUntil: "2026-10-02",
    }); // biome-ignore format: short
    // 24 December + 14 days = 7 January; 31 August + 6 months = 28 February, a Sunday
    expect(courtTerms(day("2026-12-24"), "BW").objectionUntil).toBe("2027-01-07");
    expect(courtTerms(day("2026-08-31"), "NW").enforcementUntil).toBe("2027-03-01");
    expect(courtTerms(day("2026-04-03"), "NW").enforcementUntil).toBe("2026-10-05"); // 3 October, a Saturday
    expect(oppositionUntil(day("2026-12-11"), "NW")).toBe("2026-12-28"); // Christmas Day, then a weekend
  });

  const open: CourtClaim = {
    currency: "EUR", counterPerformanceOpen: false, publicServiceNeeded: false, consumerCredit: null,
  }; // biome-ignore format: short
  test("all bars are named, not only the first", () => {
    expect(expectOk(courtBars(open))).toEqual([]);
    const contractOn = day("2026-08-01"); // base rate 1.52
    expect(expectOk(courtBars({ ...open, consumerCredit: { contractOn, yearlyRate: 1352n } }))).toEqual([]);
    expect(
      expectOk(
        courtBars({
          currency: "CHF", counterPerformanceOpen: true, publicServiceNeeded: true,
          consumerCredit: { contractOn, yearlyRate: 1353n },
        }), // biome-ignore format: short
      ).map(({ name }) => name),
    ).toEqual(["currency", "consumer_credit_rate", "counter_performance_open", "public_service"]);
    expect(courtBars({ ...open, consumerCredit: { contractOn: day("2027-01-01"), yearlyRate: 1n } })).toMatchObject({
      error: { code: "base_rate_unknown" },
    });
  });
});

describe("report to a bureau", () => {
  const allowed: BureauFacts = {
    dueOn: day("2026-09-01"),
    remindersReceived: [day("2026-10-20"), day("2026-09-10")],
    toldOn: day("2026-10-20"),
    disputed: false,
    today: day("2026-10-20"),
  };
  const names = (more: Partial<BureauFacts>) => bureauBlockers({ ...allowed, ...more }).map(({ name }) => name);
  test("two reminders, four weeks after the first, told before, due, undisputed", () => {
    expect(names({})).toEqual([]);
    expect(names({ disputed: true })).toEqual(["disputed"]);
    expect(names({ remindersReceived: [day("2026-09-10")] })).toEqual(["two_reminders"]);
    expect(names({ toldOn: null })).toEqual(["not_told"]);
    expect(names({ toldOn: day("2026-10-21") })).toEqual(["not_told"]);
    expect(names({ dueOn: day("2026-10-21") })).toEqual(["not_due", "two_reminders"]);
    expect(names({ remindersReceived: [day("2026-08-20"), day("2026-09-10")] })).toEqual(["two_reminders"]);
  });
  test("four weeks are 28 days; the blocker says until when", () => {
    const remindersReceived = [day("2026-09-10"), day("2026-09-20")];
    const told = { remindersReceived, toldOn: day("2026-09-20") };
    expect(names({ ...told, today: day("2026-10-08") })).toEqual([]);
    expect(bureauBlockers({ ...allowed, ...told, today: day("2026-10-07") })).toMatchObject([
      { name: "four_weeks", until: "2026-10-08" },
    ]);
  });
});

describe("collecting for others", () => {
  test("own claims need nothing; an agency its registration and a complete first letter", () => {
    expect(firstLetterAllowed({ mode: "own", registration: null, stated: [] }).ok).toBe(true);
    const agency = { mode: "agency" as const, registration: "R 1", stated: FIRST_LETTER_ITEMS };
    expect(firstLetterAllowed(agency).ok).toBe(true);
    expect(firstLetterAllowed({ ...agency, registration: " " })).toMatchObject({
      error: { code: "registration_missing" },
    });
    for (const item of FIRST_LETTER_ITEMS)
      expect(firstLetterAllowed({ ...agency, stated: FIRST_LETTER_ITEMS.filter((one) => one !== item) })).toMatchObject(
        { error: { code: "first_letter_incomplete", message: expect.stringContaining(item) } },
      );
  });

  const plan: Undertaking = {
    kind: "instalments", cost: 500n, costNoticeOn: day("2026-11-01"), warnedOfAcknowledgement: false,
  }; // biome-ignore format: short
  test.each<[string, Partial<Undertaking>, string | null]>([
    ["a plan with its cost stated", {}, null],
    ["a plan that costs nothing", { cost: 0n, costNoticeOn: null }, null],
    ["a plan whose cost was not stated", { costNoticeOn: null }, "cost_notice_missing"],
    ["a deferral whose cost was not stated", { kind: "deferral", costNoticeOn: null }, "cost_notice_missing"],
    ["an acknowledgement without warning", { kind: "acknowledgement" }, "acknowledgement_warning_missing"],
    ["an acknowledgement with warning", { kind: "acknowledgement", warnedOfAcknowledgement: true }, null],
    ["a negative cost", { cost: -1n }, "amount_negative"],
  ])("%s", (_name, more, code) => {
    const answer = undertakingAllowed({ ...plan, ...more });
    expect(answer.ok ? null : answer.error.code).toBe(code);
  });

  test("agency and lawyer: the cost of one, unless the dispute came in between", () => {
    const costs = { agency: 5_562n, lawyer: 8_000n, lawyerAlone: 9_000n, disputedAfterAgency: false };
    expect(expectOk(oneCostOwner(costs))).toBe(9_000n);
    expect(expectOk(oneCostOwner({ ...costs, lawyer: 0n }))).toBe(5_562n);
    expect(expectOk(oneCostOwner({ ...costs, disputedAfterAgency: true }))).toBe(13_562n);
    expect(oneCostOwner({ ...costs, agency: -1n })).toMatchObject({ error: { code: "amount_negative" } });
  });
});

describe("which country's law", () => {
  test("Germany's, and no other country is charged by it", () => {
    expect(expectOk(chargingLaw("DE", "DE")).country).toBe("DE");
    for (const country of ["AT", "CH", "FR", "de", "", "XX"]) {
      expect(chargingLaw("DE", country)).toMatchObject({
        error: { code: "law_country_unsupported", where: "customerCountry" },
      });
      expect(chargingLaw(country, "DE")).toMatchObject({
        error: { code: "law_country_unsupported", where: "creditorCountry" },
      });
    }
  });
});
