import { describe, expect, test } from "vitest";
import {
  answerAllocation,
  answerCosts,
  answerDefault,
  answerGarnishment,
  answerInterest,
  answerLedger,
  answerLimitation,
} from "../../src/pure/law/index.ts";
import { question, sharedLaw, skipped, vectorsOf } from "./shared.ts";

const FILES = [
  ["interest_vectors.json", "vectors", answerInterest],
  ["interest_vectors.json", "ledgerVectors", answerLedger],
  ["default_start_vectors.json", "vectors", answerDefault],
  ["allocation_vectors.json", "vectors", answerAllocation],
  ["limitation_vectors.json", "vectors", answerLimitation],
  ["cost_vectors.json", "vectors", answerCosts],
] as const;

describe.skipIf(!sharedLaw)(`law vectors${skipped}`, () => {
  for (const [file, list, answer] of FILES) {
    const vectors = vectorsOf(file, list);
    test(`${file} ${list} is not empty`, () => expect(vectors.length).toBeGreaterThan(0));
    test.each(vectors.map((vector) => [vector.id, vector] as const))(`${file} %s`, (_id, vector) => {
      const answered = answer(question(vector));
      expect(answered).toStrictEqual(vector.expected);
      expect(JSON.stringify(answered)).toBe(JSON.stringify(vector.expected)); // the order of the fields, too
    });
  }

  test.each(vectorsOf("garnishment_vectors.json").map((vector) => [vector.id, vector] as const))(
    "garnishment_vectors.json %s",
    (_id, { expectedGarnishable, ...asked }) => {
      expect(answerGarnishment(asked)).toStrictEqual({ garnishable: expectedGarnishable });
    },
  );
});
