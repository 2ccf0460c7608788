/** The shipped model: trained here with `KULANZ_TRAIN=1` on made payments, and measured on others. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { evidenceOf, questionsOf } from "../../src/books/matching/evidence.ts";
import {
  FEATURE_VERSION,
  featuresOf,
  type MatchModel,
  probabilityOf,
} from "../../src/books/matching/learning/model.ts";
import { SHIPPED } from "../../src/books/matching/learning/shipped.ts";
import { judge } from "../../src/books/matching/score.ts";
import { seededRandom } from "../../src/pure/kernel/index.ts";
import {
  calibrate,
  calibrationError,
  logLoss,
  scoreOf,
  sigmoid,
  trainLogistic,
} from "../../src/pure/statistics/index.ts";
import { drawPayments, makeWorld, NUMBER_STYLES } from "./matching-generator-two.ts";

/** Candidates of made payments as features, with whether each is right. */
function examples(seed: number, payments: number): { features: number[][]; labels: number[] } {
  const features: number[][] = [];
  const labels: number[] = [];
  for (const [index, style] of NUMBER_STYLES.entries()) {
    const random = seededRandom(seed + index);
    const world = makeWorld(random, payments * 3, style);
    for (const drawn of drawPayments(random, world, payments)) {
      const questions = questionsOf(drawn.payment, world.shapes);
      const { payment, evidences } = evidenceOf(
        drawn.payment,
        questions,
        world.answers(drawn.payment, drawn.settled, true),
      );
      const { candidates } = judge(payment, evidences);
      for (const [at, values] of featuresOf(payment, evidences, candidates).entries()) {
        const candidate = candidates[at];
        if (!candidate) continue;
        const ids = candidate.items.flatMap(({ receivableId }) => receivableId ?? []);
        const right =
          candidate.customerId === drawn.customerId &&
          (drawn.noise === "twice"
            ? ids.length === 0
            : ids.length === drawn.items.length && ids.every((id) => drawn.items.includes(id)));
        features.push(values);
        labels.push(right ? 1 : 0);
      }
    }
  }
  return { features, labels };
}

test.runIf(process.env["KULANZ_TRAIN"])("trains the shipped model", { timeout: 900_000 }, () => {
  const [fit, held] = [examples(1000, 8_000), examples(2000, 8_000)];
  const width = fit.features[0]?.length ?? 0;
  const weights = trainLogistic(
    { width, features: Float64Array.from(fit.features.flat()), labels: Uint8Array.from(fit.labels) },
    1,
  );
  const rounded = [...weights].map((weight) => Number(weight.toFixed(4)));
  const raw = held.features.map((row) => sigmoid(scoreOf(rounded, row)));
  const steps = calibrate(raw, held.labels);
  const model: MatchModel = {
    version: "shipped-1",
    features: FEATURE_VERSION,
    weights: rounded,
    calibration: { from: steps.from.map((x) => Number(x.toFixed(6))), to: steps.to.map((x) => Number(x.toFixed(6))) },
  };
  writeFileSync(
    join(import.meta.dirname, "../../src/books/matching/learning/shipped.ts"),
    `/** Made by \`KULANZ_TRAIN=1 npx vitest run test/books/matching-model.test.ts\`; not edited by hand. */\nimport type { MatchModel } from "./model.ts";\n\nexport const SHIPPED: MatchModel = ${JSON.stringify(model)};\n`,
  );
});

describe("the shipped model", () => {
  test("says how probable a candidate is, on payments it has not seen", { timeout: 120_000 }, () => {
    const { features, labels } = examples(Number(process.env["KULANZ_SEED"] ?? 3000), 2_000);
    const probabilities = features.map((row) => probabilityOf(SHIPPED, row));
    expect(SHIPPED.features).toBe(FEATURE_VERSION);
    expect(calibrationError(probabilities, labels)).toBeLessThan(0.02);
    expect(logLoss(probabilities, labels)).toBeLessThan(0.1);
  });
});
