/** Whether a probability means what it says, and making it so. */

/** Steps of a rising function: up to which raw probability which probability was seen. Both lists rise. */
export interface Calibration {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/**
 * Isotonic regression (pool adjacent violators): the rising steps closest to what came true. Each pool is drawn to its
 * raw mean by one example right and one wrong, so that nothing seen a few times is certain.
 */
export function calibrate(raw: ArrayLike<number>, labels: ArrayLike<number>): Calibration {
  const order = Array.from({ length: raw.length }, (_, index) => index).sort(
    (a, b) => (raw[a] ?? 0) - (raw[b] ?? 0) || a - b,
  );
  const pools: { raw: number; right: number; count: number }[] = [];
  for (const index of order) {
    pools.push({ raw: raw[index] ?? 0, right: labels[index] ?? 0, count: 1 });
    for (;;) {
      const [before, last] = [pools.at(-2), pools.at(-1)];
      if (!before || !last || before.right / before.count < last.right / last.count) break;
      pools.splice(-2, 2, {
        raw: before.raw + last.raw,
        right: before.right + last.right,
        count: before.count + last.count,
      });
    }
  }
  return {
    from: pools.map((pool) => pool.raw / pool.count),
    to: pools.map((pool) => (pool.right + (2 * pool.raw) / pool.count) / (pool.count + 2)),
  };
}

/** Between two steps along a line; outside the nearest step. Without steps the raw probability itself. */
export function calibrated({ from, to }: Calibration, raw: number): number {
  if (from.length === 0) return raw;
  let above = from.findIndex((step) => step >= raw);
  if (above < 0) above = from.length;
  if (above === 0) return to[0] ?? raw;
  if (above === from.length) return to.at(-1) ?? raw;
  const [left, right, low, high] = [from[above - 1] ?? 0, from[above] ?? 1, to[above - 1] ?? 0, to[above] ?? 1];
  return right === left ? high : low + ((high - low) * (raw - left)) / (right - left);
}

/** Mean log loss in nats; a certainty that fails costs as much as one in a billion. */
export function logLoss(probabilities: ArrayLike<number>, labels: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < labels.length; index += 1) {
    const probability = Math.min(1 - 1e-9, Math.max(1e-9, probabilities[index] ?? 0.5));
    sum -= Math.log(labels[index] ? probability : 1 - probability);
  }
  return labels.length === 0 ? 0 : sum / labels.length;
}

/** Expected calibration error over ten bins: how far stated and seen shares lie apart, weighted by size. */
export function calibrationError(probabilities: ArrayLike<number>, labels: ArrayLike<number>): number {
  const bins = Array.from({ length: 10 }, () => ({ count: 0, stated: 0, seen: 0 }));
  for (let index = 0; index < labels.length; index += 1) {
    const probability = probabilities[index] ?? 0;
    const bin = bins[Math.min(9, Math.floor(probability * 10))];
    if (!bin) continue;
    bin.count += 1;
    bin.stated += probability;
    bin.seen += labels[index] ?? 0;
  }
  return bins.reduce((sum, bin) => sum + Math.abs(bin.stated - bin.seen), 0) / Math.max(1, labels.length);
}
