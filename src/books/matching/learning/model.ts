/**
 * How probable a candidate is: logistic regression over its evidence, calibrated on payments held out. The weights that
 * ship were trained on payments with a known truth; a creditor's own decisions train further ones (`retrain.ts`).
 */
import { type Calibration, calibrated, scoreOf, sigmoid } from "../../../pure/statistics/index.ts";
import type { Candidate, Evidence, PaymentFacts } from "../model.ts";

export interface MatchModel {
  readonly version: string;
  /** Which list of features the weights are for. */
  readonly features: number;
  readonly weights: readonly number[];
  readonly calibration: Calibration;
}

/** Raised whenever the list below changes: weights and examples of another list are not used. */
export const FEATURE_VERSION = 1;

const FEATURES: readonly ((candidate: Candidate, evidence: Evidence, around: Around) => boolean | number)[] = [
  () => 1,
  ({ quality }) => quality === "structured",
  ({ quality }) => quality === "exact",
  ({ quality }) => quality === "digits",
  ({ quality }) => quality === "similar",
  (_, { account }) => account === "only",
  (_, { account }) => account === "shared",
  (_, { account }) => account === "elsewhere",
  (_, { name }) => name === "full",
  (_, { name }) => name === "family",
  (_, { name }) => name === "contradicts",
  ({ fit }) => fit === "item" || fit === "items",
  ({ fit }) => fit === "all",
  ({ fit }) => fit === "subset",
  ({ fit }) => fit === "part",
  ({ fit }) => fit === "over",
  (_, { customerNumber }) => customerNumber,
  ({ quality, fit }) => (quality === "exact" || quality === "structured") && (fit === "item" || fit === "items"),
  ({ quality }, { account }) => (quality === "exact" || quality === "digits") && account === "only",
  ({ quality }, { name }) => (quality === "exact" || quality === "digits") && name === "full",
  ({ quality, fit }, { account }) => quality === null && account === "only" && (fit === "item" || fit === "all"),
  ({ items }) => items.every(({ receivableId }) => receivableId === null),
  (candidate, _, { best }) => candidate !== best,
  // Whoever is behind by much is no rival.
  ({ points }, _, { best, next }) =>
    Math.max(0, 60 - Math.abs(points - (best?.points === points ? next : (best?.points ?? 0)))) / 60,
  (_, evidence, { named }) => named && evidence.named.size === 0,
  (_, __, { unknown }) => unknown,
];

interface Around {
  readonly best: Candidate | undefined;
  /** Points of the second best. */
  readonly next: number;
  /** The text names an item of somebody. */
  readonly named: boolean;
  /** The text names a number nobody has. */
  readonly unknown: boolean;
}

/** Evidence of each candidate as numbers; candidates sorted, best first. */
export function featuresOf(
  payment: PaymentFacts,
  evidences: readonly Evidence[],
  candidates: readonly Candidate[],
): number[][] {
  const byCustomer = new Map(evidences.map((evidence) => [evidence.customerId, evidence] as const));
  const around: Around = {
    best: candidates[0],
    next: candidates[1]?.points ?? 0,
    named: evidences.some(({ named }) => named.size > 0),
    unknown: payment.unknownNumbers.length > 0,
  };
  return candidates.map((candidate) => {
    const evidence = byCustomer.get(candidate.customerId);
    return FEATURES.map((feature) => (evidence ? Number(feature(candidate, evidence, around)) : 0));
  });
}

export const probabilityOf = (model: MatchModel, features: readonly number[]): number =>
  calibrated(model.calibration, sigmoid(scoreOf(model.weights, features)));
