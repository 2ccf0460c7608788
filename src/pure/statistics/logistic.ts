/**
 * Logistic regression, trained by Newton's method (iteratively reweighted least squares) with a ridge penalty. Small and
 * deterministic: equal rows in equal order give equal weights on every machine with IEEE 754 doubles.
 */

/** Rows of features side by side (`rows × width`), and what came true (0 or 1). */
export interface Examples {
  readonly width: number;
  readonly features: Float64Array;
  readonly labels: Uint8Array;
}

const ITERATIONS = 40;
const ENOUGH = 1e-9;

export const sigmoid = (score: number): number =>
  score >= 0 ? 1 / (1 + Math.exp(-score)) : Math.exp(score) / (1 + Math.exp(score));

/** Weights times features, from `at` on in a longer array. */
export function scoreOf(weights: ArrayLike<number>, features: ArrayLike<number>, at = 0): number {
  let score = 0;
  for (let index = 0; index < weights.length; index += 1) score += (weights[index] ?? 0) * (features[at + index] ?? 0);
  return score;
}

/**
 * Weights that fit the examples best under `ridge` (above zero keeps them finite where a feature decides alone). The
 * caller puts a constant feature where it wants an intercept. `prior`: weights the penalty pulls towards instead of zero.
 */
export function trainLogistic(examples: Examples, ridge: number, prior?: ArrayLike<number>): Float64Array {
  const { width, features, labels } = examples;
  const weights = Float64Array.from({ length: width }, (_, index) => prior?.[index] ?? 0);
  for (let iteration = 0; iteration < ITERATIONS; iteration += 1) {
    const gradient = new Float64Array(width);
    const hessian = new Float64Array(width * width);
    for (let row = 0; row < labels.length; row += 1) {
      const at = row * width;
      const probability = sigmoid(scoreOf(weights, features, at));
      const error = (labels[row] ?? 0) - probability;
      const curvature = Math.max(probability * (1 - probability), 1e-12);
      for (let i = 0; i < width; i += 1) {
        const value = features[at + i] ?? 0;
        if (value === 0) continue;
        gradient[i] = (gradient[i] ?? 0) + error * value;
        for (let j = 0; j <= i; j += 1)
          hessian[i * width + j] = (hessian[i * width + j] ?? 0) + curvature * value * (features[at + j] ?? 0);
      }
    }
    for (let i = 0; i < width; i += 1) {
      gradient[i] = (gradient[i] ?? 0) - ridge * ((weights[i] ?? 0) - (prior?.[i] ?? 0));
      hessian[i * width + i] = (hessian[i * width + i] ?? 0) + ridge;
    }
    const step = solve(hessian, gradient);
    let moved = 0;
    for (let i = 0; i < width; i += 1) {
      // Far steps of separable data are walked in pieces.
      const change = Math.max(-4, Math.min(4, step[i] ?? 0));
      weights[i] = (weights[i] ?? 0) + change;
      moved = Math.max(moved, Math.abs(change));
    }
    if (moved < ENOUGH) break;
  }
  return weights;
}

/** Solves `matrix · x = right` for a symmetric positive matrix of which the lower half is given (Cholesky). */
function solve(matrix: Float64Array, right: Float64Array): Float64Array {
  const width = right.length;
  const lower = new Float64Array(matrix);
  for (let i = 0; i < width; i += 1)
    for (let j = 0; j <= i; j += 1) {
      let sum = lower[i * width + j] ?? 0;
      for (let k = 0; k < j; k += 1) sum -= (lower[i * width + k] ?? 0) * (lower[j * width + k] ?? 0);
      lower[i * width + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (lower[j * width + j] ?? 1);
    }
  const x = new Float64Array(right);
  for (let i = 0; i < width; i += 1) {
    for (let k = 0; k < i; k += 1) x[i] = (x[i] ?? 0) - (lower[i * width + k] ?? 0) * (x[k] ?? 0);
    x[i] = (x[i] ?? 0) / (lower[i * width + i] ?? 1);
  }
  for (let i = width - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < width; k += 1) x[i] = (x[i] ?? 0) - (lower[k * width + i] ?? 0) * (x[k] ?? 0);
    x[i] = (x[i] ?? 0) / (lower[i * width + i] ?? 1);
  }
  return x;
}
