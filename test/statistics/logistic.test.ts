import { describe, expect, test } from "vitest";
import { seededRandom } from "../../src/pure/kernel/index.ts";
import {
  calibrate,
  calibrated,
  calibrationError,
  logLoss,
  scoreOf,
  sigmoid,
  trainLogistic,
} from "../../src/pure/statistics/index.ts";

const TRUE = [-1, 2, -0.5];
function sample(seed: number, rows: number) {
  const random = seededRandom(seed);
  const features = new Float64Array(rows * 3);
  const labels = new Uint8Array(rows);
  for (let row = 0; row < rows; row += 1) {
    features.set([1, random.next() * 2 - 1, random.next() * 4], row * 3);
    labels[row] = random.next() < sigmoid(scoreOf(TRUE, features, row * 3)) ? 1 : 0;
  }
  return { width: 3, features, labels };
}

describe("logistic regression", () => {
  test("finds the weights that made the data, and the same ones each time", () => {
    const examples = sample(7, 40_000);
    const weights = trainLogistic(examples, 0.01);
    weights.forEach((weight, index) => expect(weight).toBeCloseTo(TRUE[index] ?? 0, 0.5));
    expect([...trainLogistic(examples, 0.01)]).toEqual([...weights]);
  });

  test("stays finite where one feature decides alone", () => {
    const weights = trainLogistic(
      { width: 2, features: Float64Array.of(1, 0, 1, 1, 1, 0, 1, 1), labels: Uint8Array.of(0, 1, 0, 1) },
      0.1,
    );
    expect([...weights].every(Number.isFinite)).toBe(true);
    expect(sigmoid(scoreOf(weights, [1, 1]))).toBeGreaterThan(0.8);
  });

  test("a strong penalty keeps what was known before", () => {
    const prior = [0.5, -3, 1];
    trainLogistic(sample(3, 50), 1e9, prior).forEach((weight, index) =>
      expect(weight).toBeCloseTo(prior[index] ?? 0, 4),
    );
  });
});

describe("calibration", () => {
  test("makes an overconfident score honest on rows it has not seen", () => {
    const [fit, held] = [sample(11, 20_000), sample(12, 20_000)];
    const raw = ({ features, labels }: typeof fit): number[] =>
      [...labels].map((_, row) => sigmoid(3 * scoreOf(TRUE, features, row * 3)));
    const steps = calibrate(raw(fit), fit.labels);
    const before = raw(held);
    const after = before.map((one) => calibrated(steps, one));
    expect(calibrationError(before, held.labels)).toBeGreaterThan(0.05);
    expect(calibrationError(after, held.labels)).toBeLessThan(0.015);
    expect(logLoss(after, held.labels)).toBeLessThan(logLoss(before, held.labels));
    for (let index = 1; index < steps.to.length; index += 1)
      expect(calibrated(steps, index / steps.to.length)).toBeGreaterThanOrEqual(
        calibrated(steps, (index - 1) / steps.to.length) - 0.2,
      );
  });

  test("nothing seen a few times is certain", () => {
    const steps = calibrate([0.2, 0.9, 0.9], [0, 1, 1]);
    expect(calibrated(steps, 1)).toBeLessThan(1);
    expect(calibrated(steps, 0)).toBeGreaterThan(0);
    expect(calibrated({ from: [], to: [] }, 0.3)).toBe(0.3);
  });
});
