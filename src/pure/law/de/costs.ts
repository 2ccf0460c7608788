/**
 * What pursuing a claim may cost the customer: RVG (also the limit for collection agencies, § 13e RDG), GKG,
 * the lump sum of § 288 V BGB, own dunning fees. Amounts are euro cents; fees are rounded half up (§ 2 II RVG).
 */
import {
  type Failure,
  fail,
  maxMinor,
  minMinor,
  ok,
  type PlainDate,
  type Result,
  roundHalfUp,
} from "../../kernel/index.ts";
import type { Charge } from "../country.ts";
import {
  type DatedAmount, type FeeSchedule, GKG_SCHEDULES, KV_1100_MINIMUM, RVG_MINIMUM_FEE, RVG_SCHEDULES,
  SMALL_CLAIM_FEES, SMALL_CLAIM_LIMIT,
} from "./data/fees.ts"; // biome-ignore format: one line

export type CostFailure = Failure<"fee_schedule_unknown" | "fee_rate_invalid" | "amount_negative">;

/** The entry in force on a day; entries are sorted by `validFrom`. */
const inForce = <Dated extends { readonly validFrom: string }>(
  entries: readonly Dated[],
  on: PlainDate,
): Dated | null => entries.findLast(({ validFrom }) => validFrom <= on) ?? null;

/** 1.0 fee of a value: the first step, then a sum for each further started step. */
function valueFee(schedule: FeeSchedule, value: bigint): bigint {
  let fee = schedule.upTo500;
  let reached = 50_000n;
  for (const { upTo, perStarted, add } of [...schedule.steps, { upTo: null, ...schedule.above }]) {
    if (value <= reached) break;
    const within = upTo === null ? value : minMinor(value, upTo);
    fee += add * ((within - reached + perStarted - 1n) / perStarted);
    reached = within;
  }
  return fee;
}

function scheduled(
  schedules: readonly FeeSchedule[],
  value: bigint,
  on: PlainDate,
  law: string,
): Result<bigint, CostFailure> {
  if (value < 0n) return fail("invalid", "amount_negative", "The value of a claim can't be negative.", "claim");
  const schedule = inForce(schedules, on);
  return schedule
    ? ok(valueFee(schedule, value))
    : fail(
        "unavailable",
        "fee_schedule_unknown",
        `The fees of ${law} before ${schedules[0]?.validFrom} are not known.`,
        "date",
      );
}

/** 1.0 fee of § 13 I RVG for a mandate given on a day (§ 60 RVG). Errors: `fee_schedule_unknown`, `amount_negative`. */
export const rvgFee = (value: bigint, mandateOn: PlainDate): Result<bigint, CostFailure> =>
  scheduled(RVG_SCHEDULES, value, mandateOn, "§ 13 RVG");
/** 1.0 fee of § 34 GKG for proceedings filed on a day (§ 71 GKG). Errors: `fee_schedule_unknown`, `amount_negative`. */
export const gkgFee = (value: bigint, filedOn: PlainDate): Result<bigint, CostFailure> =>
  scheduled(GKG_SCHEDULES, value, filedOn, "§ 34 GKG");

/** A fee rate in hundredths: 90 is 0.9. */
export type FeeRate = bigint;
const rateText = (rate: FeeRate): string => {
  const hundredths = String(rate % 100n).padStart(2, "0");
  return `${rate / 100n}.${hundredths.endsWith("0") ? hundredths.slice(0, 1) : hundredths}`;
};
/** A share of the 1.0 fee; no fee is less than 15 euros (§ 13 III RVG). */
const feeAt = (rate: FeeRate, full: bigint): bigint => maxMinor(roundHalfUp(full * rate, 100n), RVG_MINIMUM_FEE);

/** VV 7002: a fifth of the fees of one matter, at most 20 euros. */
const postage = (fees: bigint): bigint => minMinor(roundHalfUp(fees, 5n), 2000n);
/** VV 7008: owed by the customer only where the creditor can't deduct input tax. */
const valueAddedTax = (net: bigint, creditorDeductsInputTax: boolean): bigint =>
  creditorDeductsInputTax ? 0n : roundHalfUp(net * 19n, 100n);

/** Geschäftsgebühr of VV 2300: 0.5 to 2.5; collecting an undisputed claim at most 1.3 (note II to VV 2300, since 2021-10-01). */
function collectionFee(
  claim: bigint,
  rate: FeeRate,
  mandateOn: PlainDate,
  undisputed: boolean,
): Result<bigint, CostFailure> {
  const full = rvgFee(claim, mandateOn);
  if (!full.ok) return full;
  const limit = undisputed && mandateOn >= "2021-10-01" ? 130n : 250n;
  if (rate <= 0n || rate > limit)
    return fail("invalid", "fee_rate_invalid", `VV 2300 allows at most a ${rateText(limit)} fee here.`, "rate");
  const small = undisputed && claim <= SMALL_CLAIM_LIMIT ? inForce(SMALL_CLAIM_FEES, mandateOn) : null;
  return ok(feeAt(rate, small?.amount ?? full.value));
}

export interface CollectionQuestion {
  /** Principal only: interest and costs as secondary claims don't count (§ 43 I GKG, § 23 I RVG). */
  readonly claim: bigint;
  readonly rate: FeeRate;
  readonly mandateOn: PlainDate;
  readonly creditorDeductsInputTax: boolean;
  readonly undisputed: boolean;
}
export interface LegalCosts {
  /** Each fee with its number of the Vergütungsverzeichnis or Kostenverzeichnis. */
  readonly charges: readonly Charge[];
  readonly net: bigint;
  readonly vat: bigint;
  readonly total: bigint;
}
export interface CollectionCosts extends LegalCosts {
  readonly vv2300: bigint;
  readonly vv7002: bigint;
}

/** Cost of collection out of court. Errors: see `CostFailure`. */
export function collectionCosts(question: CollectionQuestion): Result<CollectionCosts, CostFailure> {
  const fee = collectionFee(question.claim, question.rate, question.mandateOn, question.undisputed);
  if (!fee.ok) return fee;
  const vv2300 = fee.value;
  const vv7002 = postage(vv2300);
  const net = vv2300 + vv7002;
  const vat = valueAddedTax(net, question.creditorDeductsInputTax);
  const charges = [
    { law: "VV 2300, § 13 RVG, § 13e RDG", rate: rateText(question.rate), sum: vv2300 },
    { law: "VV 7002 RVG", sum: vv7002 },
    ...taxCharge(vat),
  ];
  return ok({ charges, vv2300, vv7002, net, vat, total: net + vat });
}

const taxCharge = (vat: bigint): Charge[] => (vat === 0n ? [] : [{ law: "VV 7008 RVG", rate: "19", sum: vat }]);

export interface InstalmentPlanCosts extends CollectionCosts {
  readonly vv1000: bigint;
  /** Value of the agreement: half of the claim, before 2021-10-01 a fifth (§ 31b RVG). */
  readonly vv1000Value: bigint;
}

/** Collection that ends in an instalment plan: Einigungsgebühr VV 1000 Nr. 2 on top. Errors: see `CostFailure`. */
export function instalmentPlanCosts(question: CollectionQuestion): Result<InstalmentPlanCosts, CostFailure> {
  const collection = collectionFee(question.claim, question.rate, question.mandateOn, question.undisputed);
  if (!collection.ok) return collection;
  const today = question.mandateOn >= "2021-10-01";
  const vv1000Value = roundHalfUp(question.claim, today ? 2n : 5n);
  const rate = today ? 70n : 150n;
  const full = rvgFee(vv1000Value, question.mandateOn);
  if (!full.ok) return full;
  const vv2300 = collection.value;
  const vv1000 = feeAt(rate, full.value);
  const vv7002 = postage(vv2300 + vv1000);
  const net = vv2300 + vv1000 + vv7002;
  const vat = valueAddedTax(net, question.creditorDeductsInputTax);
  const charges = [
    { law: "VV 2300, § 13 RVG, § 13e RDG", rate: rateText(question.rate), sum: vv2300 },
    { law: "VV 1000 Nr. 2, § 31b RVG", rate: rateText(rate), sum: vv1000 },
    { law: "VV 7002 RVG", sum: vv7002 },
    ...taxCharge(vat),
  ];
  return ok({ charges, vv2300, vv1000, vv1000Value, vv7002, net, vat, total: net + vat });
}

/** Court fee of the Mahnbescheid: 0.5 (KV 1100 GKG), at least the minimum. Errors: see `CostFailure`. */
export function courtDunningFee(claim: bigint, filedOn: PlainDate): Result<Charge, CostFailure> {
  const full = gkgFee(claim, filedOn);
  if (!full.ok) return full;
  const minimum: DatedAmount | null = inForce(KV_1100_MINIMUM, filedOn);
  return ok({
    law: "KV 1100, § 34 GKG",
    rate: "0.5",
    sum: maxMinor(roundHalfUp(full.value, 2n), minimum?.amount ?? 0n),
  });
}

export interface CourtDunningQuestion {
  readonly claim: bigint;
  /** Day of mandate and filing. */
  readonly on: PlainDate;
  readonly creditorDeductsInputTax: boolean;
  /** Vollstreckungsbescheid, too (VV 3308). */
  readonly enforcementOrder: boolean;
  /** Geschäftsgebühr already charged: half of it, at most 0.75, is credited (Vorbem. 3 IV VV RVG); null: none. */
  readonly creditedCollection: { readonly rate: FeeRate; readonly undisputed: boolean } | null;
}
export interface CourtDunningCosts extends LegalCosts {
  readonly vv3305: bigint;
  readonly vv3308: bigint;
  readonly vv7002: bigint;
  readonly credited: bigint;
  readonly courtFee: bigint;
}

/** Court dunning procedure with a representative. Errors: see `CostFailure`. */
export function courtDunningCosts(question: CourtDunningQuestion): Result<CourtDunningCosts, CostFailure> {
  const full = rvgFee(question.claim, question.on);
  if (!full.ok) return full;
  const court = courtDunningFee(question.claim, question.on);
  if (!court.ok) return court;
  const vv3305 = feeAt(100n, full.value);
  const vv3308 = question.enforcementOrder ? feeAt(50n, full.value) : 0n;
  let credited = 0n;
  if (question.creditedCollection) {
    const { rate, undisputed } = question.creditedCollection;
    const collection = collectionFee(question.claim, rate, question.on, undisputed);
    if (!collection.ok) return collection;
    const most = roundHalfUp(full.value * 75n, 100n);
    credited = minMinor(vv3305, minMinor(roundHalfUp(collection.value, 2n), most));
  }
  // The flat rate is taken from the fees before crediting: what is credited arose all the same.
  const vv7002 = postage(vv3305 + vv3308);
  const net = vv3305 + vv3308 - credited + vv7002;
  const vat = valueAddedTax(net, question.creditorDeductsInputTax);
  const courtFee = court.value.sum;
  const charges: Charge[] = [{ law: "VV 3305 RVG", rate: "1.0", sum: vv3305 }];
  if (vv3308 > 0n) charges.push({ law: "VV 3308 RVG", rate: "0.5", sum: vv3308 });
  if (credited > 0n) charges.push({ law: "Vorbem. 3 IV VV RVG", sum: -credited });
  charges.push({ law: "VV 7002 RVG", sum: vv7002 }, ...taxCharge(vat), court.value);
  return ok({ charges, vv3305, vv3308, vv7002, credited, courtFee, net, vat, total: net + vat + courtFee });
}

/** More than this for a letter should be proven (project's warning, OLG München 29 U 634/11). */
export const LETTER_COST_WARNING = 120n;

export interface Notice {
  readonly channel: string;
  /** Whether the customer was in default before this notice: one that only causes default is free. */
  readonly inDefaultBefore: boolean;
}
export interface DunningFees {
  readonly charges: readonly Charge[];
  readonly total: bigint;
  /** The cost of a letter is above what courts accept without proof. */
  readonly costShouldBeProven: boolean;
}

/**
 * Own dunning fees: material cost of letters sent in default, nothing for electronic notices
 * (§§ 280 I, II, 286 BGB; BGH VIII ZR 95/18; AG Stuttgart 3 C 22/21). Errors: `amount_negative`.
 */
export function dunningFees(notices: readonly Notice[], costPerLetter: bigint): Result<DunningFees, CostFailure> {
  if (costPerLetter < 0n)
    return fail("invalid", "amount_negative", "The cost of a letter can't be negative.", "costPerLetter");
  const charges = notices.map(({ channel, inDefaultBefore }) => ({
    law: "§§ 280 I, II, 286 BGB",
    sum: channel === "letter" && inDefaultBefore ? costPerLetter : 0n,
  }));
  return ok({
    charges,
    total: charges.reduce((sum, charge) => sum + charge.sum, 0n),
    costShouldBeProven: costPerLetter > LETTER_COST_WARNING,
  });
}

export interface LumpSum {
  /** Verzugspauschale (§ 288 V BGB): 40 euros for each late payment, never from a consumer. */
  readonly charge: Charge;
  /** What legal costs add: the lump sum is credited against them (§ 288 V 3 BGB). */
  readonly furtherLegalCosts: bigint;
  readonly total: bigint;
}

/** 40 euros a late invoice or instalment, EuGH C-370/21. Errors: `amount_negative`. */
export function lumpSum(
  customerKind: "consumer" | "business",
  latePayments: number,
  legalCosts: bigint,
): Result<LumpSum, CostFailure> {
  if (legalCosts < 0n) return fail("invalid", "amount_negative", "Legal costs can't be negative.", "legalCosts");
  const sum = customerKind === "business" ? 4000n * BigInt(latePayments) : 0n;
  const furtherLegalCosts = maxMinor(0n, legalCosts - sum);
  return ok({ charge: { law: "§ 288 V BGB", sum }, furtherLegalCosts, total: sum + furtherLegalCosts });
}
