import { describe, expect, test } from "vitest";
import type { PlainDate } from "../../src/pure/kernel/index.ts";
import { answerDefault, type DefaultFacts, defaultStart } from "../../src/pure/law/index.ts";

const day = (text: string): PlainDate => text as PlainDate;
const FACTS: DefaultFacts = {
  dueDate: day("2026-09-15"),
  dueDateAgreed: false,
  customerKind: "consumer",
  state: "NW",
  invoiceReceived: null,
  notice30Days: false,
};

describe("start of default", () => {
  test("a day only printed on the invoice starts nothing: a notice is needed", () => {
    expect(defaultStart(FACTS)).toEqual({ start: null, noticeNeeded: true, grounds: [] });
  });

  test("the earliest ground counts", () => {
    const { start, grounds, noticeNeeded } = defaultStart({
      ...FACTS,
      customerKind: "business",
      invoiceReceived: day("2026-09-01"),
      noticeReceived: day("2026-10-01"),
    });
    expect(start).toEqual({
      ground: "notice",
      law: "§ 286 I 1, § 187 I BGB",
      lastDayToPay: null,
      inDefaultFrom: "2026-10-01",
      firstInterestDay: "2026-10-02",
    });
    expect(grounds.map(({ ground }) => ground)).toEqual(["notice", "thirty_days"]);
    expect(noticeNeeded).toBe(false);
  });

  test.each<[string, Partial<DefaultFacts>, string | null]>([
    ["agreed day", { dueDateAgreed: true }, "2026-09-16"],
    ["agreed Sunday", { dueDateAgreed: true, dueDate: day("2026-09-20") }, "2026-09-22"],
    ["agreed holiday of the state", { dueDateAgreed: true, dueDate: day("2025-10-31"), state: "SN" }, "2025-11-04"],
    ["30 days, consumer without the note", { invoiceReceived: day("2026-09-01") }, null],
    ["30 days, consumer with it", { invoiceReceived: day("2026-09-20"), notice30Days: true }, "2026-10-21"],
    [
      "30 days count from the due date when it is later",
      { invoiceReceived: day("2026-09-01"), notice30Days: true },
      "2026-10-16",
    ],
    ["30 days ending on a Saturday", { customerKind: "business", invoiceReceived: day("2026-09-17") }, "2026-10-20"],
    [
      "business, arrival of the invoice unknown",
      { customerKind: "business", performanceReceived: day("2026-09-01") },
      "2026-10-16",
    ],
    ["notice before the due date", { noticeReceived: day("2026-09-14") }, null],
    ["notice on the due date", { noticeReceived: day("2026-09-15") }, "2026-09-16"],
    ["notice with a deadline", { noticeReceived: day("2026-09-20"), noticeDeadline: day("2026-09-30") }, "2026-10-01"],
    ["deadline on a Sunday", { noticeReceived: day("2026-09-20"), noticeDeadline: day("2026-10-04") }, "2026-10-06"],
    ["refusal before the due date", { refusalReceived: day("2026-09-01") }, "2026-09-16"],
    ["refusal after it", { refusalReceived: day("2026-09-20") }, "2026-09-21"],
    ["not responsible (§ 286 IV)", { dueDateAgreed: true, customerResponsible: false }, null],
  ])("%s", (_name, facts, expected) => {
    expect(defaultStart({ ...FACTS, ...facts }).start?.firstInterestDay ?? null).toBe(expected);
  });

  test.each([
    [{ rule: "calendar", input: { dueDate: "2026-02-30" } }, "date_invalid", "input.dueDate"],
    [{ rule: "calendar", input: {} }, "field_missing", "input.dueDate"],
    [{ rule: "moon", input: { dueDate: "2026-02-03" } }, "default_rule_unknown", "rule"],
    [{ rule: "calendar", input: { dueDate: "2026-02-03", state: "XX" } }, "state_unknown", "input.state"],
    [
      { rule: "calendar", input: { dueDate: "2026-02-03", customerCountry: "AT" } },
      "law_country_unsupported",
      "customerCountry",
    ],
    [{ rule: "calendar", input: { dueDate: "9999-12-31" } }, "date_out_of_range", "input.dueDate"],
    ["text", "object_expected", "element"],
    [null, "object_expected", "element"],
  ])("what can't be computed is an error in its place: %j", (element, code, where) => {
    expect(answerDefault(element)).toEqual({ error: { code, message: expect.any(String), where } });
  });
});
