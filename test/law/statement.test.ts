/** The sentences of `kulanz law …` name the law that was used. */
import { expect, test } from "vitest";
import { answerInterest, answerLimitation } from "../../src/pure/law/index.ts";
import { lawStatement } from "../../src/doors/cli/statements.ts";

const asked = { principal: "1000.00", firstInterestDay: "2024-01-01", lastInterestDay: "2024-12-31" };

test.each([
  ["consumer", /five percentage points .*§ 288 \(1\) BGB/],
  ["unknown", /five percentage points/],
  ["b2b", /nine percentage points .*§ 288 \(2\) BGB/],
  ["b2b_old", /eight percentage points .*Art\. 229 § 34 EGBGB/],
  ["mortgage_consumer_loan", /§ 497 \(4\) BGB/],
  ["statutory", /§ 246 BGB[\s\S]* none /],
  ["merchant_due", /§§ 352, 353 HGB/],
])("interest of kind %s", (debtorKind, words) => {
  const element = { ...asked, debtorKind };
  const said = lawStatement("interest", element, answerInterest(element));
  expect(said).toMatch(words);
  expect(said).not.toContain("not given");
});

test("a new start of limitation is named", () => {
  const element = { input: { claimArose: "2023-06-01", restarts: [{ kind: "partPayment", date: "2025-05-10" }] } };
  expect(lawStatement("limitation", element, answerLimitation(element))).toMatch(/2025-05-10 \(§ 212 BGB\)/);
});
