/**
 * What pursuing a claim may cost the customer: RVG (also the limit for collection agencies, § 13e RDG) and GKG.
 * What a creditor may charge without either stands in `fees.ts`. Amounts are euro cents, rounded half up (§ 2 II RVG).
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
import { VAT_RATES } from "./data/vat-rates.ts";

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

/** A charge of a fee table: `base` is the value the fee is taken of, `source` the table in force on the day. */
const tableCharge = (
  law: string,
  rate: string | null,
  base: bigint,
  sum: bigint,
  schedules: readonly FeeSchedule[],
  on: PlainDate,
): Charge => {
  const schedule = inForce(schedules, on);
  const source = schedule ? `${schedule.law}, ab ${schedule.validFrom}` : "";
  return { law, ...(rate === null ? {} : { rate }), base, from: on, to: on, sum, source, provisional: false };
};

/** VV 7002: a fifth of the fees of one matter, at most 20 euros. */
const postage = (fees: bigint): bigint => minMinor(roundHalfUp(fees, 5n), 2000n);
/**
 * § 27 I UStG: the rate of the day the service ended. That day is not known to a mandate, so today's rate is taken.
 */
const VAT_NOW = VAT_RATES.at(-1) ?? { percent: 19n, source: "§ 12 I UStG" };
/** VV 7008: owed by the customer only where the creditor can't deduct input tax. */
const valueAddedTax = (net: bigint, creditorDeductsInputTax: boolean): bigint =>
  creditorDeductsInputTax ? 0n : roundHalfUp(net * VAT_NOW.percent, 100n);
const taxCharge = (net: bigint, vat: bigint, on: PlainDate): Charge[] =>
  vat === 0n
    ? []
    : [
        {
          law: "VV 7008 RVG, § 12 I UStG",
          rate: String(VAT_NOW.percent),
          base: net,
          from: on,
          to: on,
          sum: vat,
          source: VAT_NOW.source,
          provisional: false,
        },
      ];

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
  const { claim, mandateOn } = question;
  const of = (law: string, rate: string | null, base: bigint, sum: bigint): Charge =>
    tableCharge(law, rate, base, sum, RVG_SCHEDULES, mandateOn);
  const charges = [
    of("VV 2300, § 13 RVG, § 13e RDG", rateText(question.rate), claim, vv2300),
    of("VV 7002 RVG", null, vv2300, vv7002),
    ...taxCharge(net, vat, mandateOn),
  ];
  return ok({ charges, vv2300, vv7002, net, vat, total: net + vat });
}

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
  const { claim, mandateOn } = question;
  const of = (law: string, share: string | null, base: bigint, sum: bigint): Charge =>
    tableCharge(law, share, base, sum, RVG_SCHEDULES, mandateOn);
  const charges = [
    of("VV 2300, § 13 RVG, § 13e RDG", rateText(question.rate), claim, vv2300),
    of("VV 1000 Nr. 2, § 31b RVG", rateText(rate), vv1000Value, vv1000),
    of("VV 7002 RVG", null, vv2300 + vv1000, vv7002),
    ...taxCharge(net, vat, mandateOn),
  ];
  return ok({ charges, vv2300, vv1000, vv1000Value, vv7002, net, vat, total: net + vat });
}

/** Court fee of the Mahnbescheid: 0.5 (KV 1100 GKG), at least the minimum. Errors: see `CostFailure`. */
export function courtDunningFee(claim: bigint, filedOn: PlainDate): Result<Charge, CostFailure> {
  const full = gkgFee(claim, filedOn);
  if (!full.ok) return full;
  const minimum: DatedAmount | null = inForce(KV_1100_MINIMUM, filedOn);
  const sum = maxMinor(roundHalfUp(full.value, 2n), minimum?.amount ?? 0n);
  return ok(tableCharge("KV 1100, § 34 GKG", "0.5", claim, sum, GKG_SCHEDULES, filedOn));
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
  const { claim, on } = question;
  const of = (law: string, rate: string | null, base: bigint, sum: bigint): Charge =>
    tableCharge(law, rate, base, sum, RVG_SCHEDULES, on);
  const charges: Charge[] = [of("VV 3305 RVG", "1.0", claim, vv3305)];
  if (vv3308 > 0n) charges.push(of("VV 3308 RVG", "0.5", claim, vv3308));
  if (credited > 0n) charges.push(of("Vorbem. 3 IV VV RVG", null, claim, -credited));
  charges.push(of("VV 7002 RVG", null, vv3305 + vv3308, vv7002), ...taxCharge(net, vat, on), court.value);
  return ok({ charges, vv3305, vv3308, vv7002, credited, courtFee, net, vat, total: net + vat + courtFee });
}
