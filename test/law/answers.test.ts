/** No input makes an answer throw: whatever can't be computed is `{"error":{code,message,where}}` in its place. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  answerAllocation, answerCosts, answerDefault, answerGarnishment, answerInterest, answerLedger, answerLimitation,
} from "../../src/pure/law/index.ts"; // biome-ignore format: one line

const VALID = {
  interest: [
    answerInterest,
    { principal: "100.00", firstInterestDay: "2024-01-01", lastInterestDay: "2024-02-01", debtorKind: "b2b" },
  ],
  ledger: [
    answerLedger,
    {
      principal: "100.00",
      kind: "consumer",
      start: "2024-01-01",
      end: "2024-02-01",
      payments: [["2024-01-05", "1.00"]],
      costs: "1.00",
      order: "497",
    },
  ],
  default: [
    answerDefault,
    { rule: "notice", dueDate: "2026-06-01", noticeReceived: "2026-06-09", deadlineInNotice: null, state: "NW" },
  ],
  allocation: [
    answerAllocation,
    {
      claims: [
        {
          id: "A",
          principal: "1.00",
          interest: "0.10",
          costs: "0.00",
          due: true,
          securityRank: 1,
          burdenRank: 1,
          arose: "2026-01-01",
          kind: "ordinary",
        },
      ],
      payment: "5.00",
      debtorDesignation: ["A"],
    },
  ],
  limitation: [
    answerLimitation,
    {
      claimArose: "2023-05-10",
      knowledge: "2023-05-10",
      suspensions: [{ kind: "negotiation", from: "2024-01-01", to: "2024-02-01" }],
      restarts: [{ date: "2024-05-01" }],
    },
  ],
  costs: [
    answerCosts,
    {
      kind: "collection_2300",
      claim: "50.00",
      rate: "0.5",
      mandateDate: "2025-06-15",
      creditorDeductsInputTax: false,
      undisputed: true,
    },
  ],
  garnishment: [answerGarnishment, { netMonthly: "2500.00", dependants: 1, period: "2026-07-01" }],
} as const;

const isAnswer = (value: unknown): void => {
  expect(typeof value).toBe("object");
  if (value !== null && typeof value === "object" && "error" in value)
    expect(value.error).toMatchObject({ code: expect.stringMatching(/^[a-z_]+$/), message: expect.any(String) });
  JSON.stringify(value); // no bigint slipped through
};

const odd = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    "",
    "0.00",
    "-1.00",
    "1e9",
    "0.001",
    "99999999999999999999999999999.99",
    "1899-12-31",
    "2899-12-31",
    "9999-12-31",
    "2024-02-30",
    "XX",
    "toString",
    "__proto__",
    null,
    [],
    {},
    [[]],
    [null],
    [{}],
    -1,
    1.5,
    1e308,
    true,
  ),
);

describe.each(Object.entries(VALID))("answer %s", (_name, [answer, valid]) => {
  test("answers the valid element, bare or under input", () => {
    expect(answer(valid)).not.toHaveProperty("error");
    expect(answer({ id: "x", input: valid })).toEqual(answer(valid));
    expect(answer({ ...valid, more: 1 })).toEqual(answer(valid));
  });
  test("any JSON value", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => isAnswer(answer(value))));
  });
  test("one or two fields replaced by anything", () => {
    const field = fc.constantFrom(...Object.keys(valid));
    fc.assert(
      fc.property(field, odd, field, odd, (first, a, second, b) =>
        isAnswer(answer({ ...valid, [first]: a, [second]: b })),
      ),
      { numRuns: 400 },
    );
  });
  test("another country is refused, whoever lives there", () => {
    for (const where of ["country", "customerCountry", "creditorCountry", "debtorCountry"])
      expect(answer({ ...valid, [where]: "AT" })).toMatchObject({ error: { code: "law_country_unsupported" } });
  });
});
