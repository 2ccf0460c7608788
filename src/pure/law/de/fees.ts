/**
 * What a creditor may charge for its own dunning: the material cost of a letter, the 40 euros of § 288 V BGB and the
 * bank's fee for a failed debit. Each is a charge or a refusal that names the rule; the default of every one is nothing.
 * There is no fee by the month, by the stage or by the size of a claim (OLG Hamburg 15 U 14/21): none can be written
 * down here. Amounts are euro cents.
 */
import { type Failure, fail, maxMinor, minMinor, ok, type PlainDate, type Result } from "../../kernel/index.ts";
import type { Charge } from "../country.ts";

/** What courts accept for a letter without more (OLG München 29 U 634/11); above it the proof is looked at. */
export const LETTER_COST_WARNING = 120n;

const FEE_LAW = "§§ 280 I, II, 286 BGB";

/** A creditor's setting: what one letter costs it in paper, print, envelope and postage, no staff, no software. */
export interface LetterFee {
  readonly amount: bigint;
  /** How the cost is proven: a bill, a tariff. */
  readonly proof: string;
  /** First day on which it may be charged; null: at once. */
  readonly since: PlainDate | null;
}
/** Nothing: the default of every creditor. */
export const NO_LETTER_FEE: LetterFee = { amount: 0n, proof: "", since: null };

/** Fields that would make a fee grow with time, stage or claim. */
const FORBIDDEN_FIELDS = ["perMonth", "perWeek", "perDay", "perYear", "perStage", "percent", "share", "rate", "flat"];

/**
 * Reads a creditor's setting. A fee has an amount, a proof and a first day, nothing else.
 * Errors: `fee_over_time_forbidden`, `fee_field_unknown`, `amount_negative`, `letter_cost_unproven`.
 */
export function letterFee(
  setting: Readonly<Record<string, unknown>> & Partial<LetterFee>,
): Result<
  LetterFee,
  Failure<"fee_over_time_forbidden" | "fee_field_unknown" | "amount_negative" | "letter_cost_unproven">
> {
  for (const field of Object.keys(setting)) {
    if (FORBIDDEN_FIELDS.includes(field))
      return fail("invalid", "fee_over_time_forbidden", "A fee is the cost of one letter, never a flat rate.", field);
    if (!["amount", "proof", "since"].includes(field))
      return fail("invalid", "fee_field_unknown", "A letter's fee has an amount, a proof and a first day.", field);
  }
  const fee = { ...NO_LETTER_FEE, ...setting };
  if (fee.amount < 0n) return fail("invalid", "amount_negative", "A fee can't be negative.", "amount");
  if (fee.amount > 0n && fee.proof.trim() === "")
    return fail("invalid", "letter_cost_unproven", "State how the cost of a letter is proven.", "proof");
  return ok({ amount: fee.amount, proof: fee.proof, since: fee.since });
}

/** One notice, as it leaves. */
export interface Notice {
  readonly channel: string;
  /** Whether the customer was in default before this notice: one that only causes default is free. */
  readonly inDefaultBefore: boolean;
}

export type FeeRefusal = Failure<
  | "fee_not_set"
  | "fee_not_yet"
  | "fee_before_default"
  | "fee_creates_default"
  | "fee_electronic"
  | "fee_disputed"
  | "letter_cost_unproven"
  | "amount_negative"
>;

/** Why a notice is free whatever the creditor set; null: a letter sent in default. */
function freeNotice({ channel, inDefaultBefore }: Notice): Failure<"fee_electronic" | "fee_creates_default"> | null {
  if (channel !== "letter")
    return {
      kind: "invalid",
      code: "fee_electronic",
      message: "An electronic notice costs nothing (BGH VIII ZR 95/18).",
      where: "channel",
    };
  if (!inDefaultBefore)
    return {
      kind: "invalid",
      code: "fee_creates_default",
      message: "The notice that creates default is free (§ 286 BGB): the damage must come from the default.",
      where: "inDefaultBefore",
    };
  return null;
}

export interface DunningFeeQuestion extends Notice {
  /** Day the notice leaves. */
  readonly on: PlainDate;
  /** First day of default as known before this notice; null: none. */
  readonly inDefaultFrom: PlainDate | null;
  /** A claim under dispute bears no fee while it is looked at. */
  readonly disputed: boolean;
  readonly fee: LetterFee;
}
export interface DunningFee {
  readonly charge: Charge;
  /** `letter_cost_above_accepted`: more than courts accept without proof; a person looks at it. */
  readonly warnings: readonly "letter_cost_above_accepted"[];
}

/**
 * The creditor's own fee for one notice: what the letter cost, once the customer is in default
 * (§§ 280 I, II, 286 BGB; OLG München 29 U 634/11, AG Stuttgart 3 C 22/21). Errors: see `FeeRefusal`.
 */
export function dunningFee(question: DunningFeeQuestion): Result<DunningFee, FeeRefusal> {
  const { on, inDefaultFrom, fee } = question;
  const refused = freeNotice(question);
  if (refused) return { ok: false, error: refused };
  if (inDefaultFrom === null || inDefaultFrom > on)
    return fail("invalid", "fee_before_default", `On ${on} the customer is not in default (§ 286 BGB).`, "on");
  if (question.disputed) return fail("conflict", "fee_disputed", "A disputed claim bears no fee.", "disputed");
  if (fee.amount < 0n) return fail("invalid", "amount_negative", "A fee can't be negative.", "fee.amount");
  if (fee.amount === 0n) return fail("conflict", "fee_not_set", "The creditor charges no fee for letters.", "fee");
  if (fee.proof.trim() === "")
    return fail("invalid", "letter_cost_unproven", "The cost of a letter is not proven.", "fee.proof");
  if (fee.since !== null && on < fee.since)
    return fail("conflict", "fee_not_yet", `The creditor's fee holds from ${fee.since} on.`, "fee.since");
  return ok({
    charge: { law: FEE_LAW, from: on, to: on, sum: fee.amount, source: fee.proof, provisional: false },
    warnings: fee.amount > LETTER_COST_WARNING ? ["letter_cost_above_accepted"] : [],
  });
}

export interface DunningFees {
  /** What each notice may cost, in their order. */
  readonly sums: readonly bigint[];
  readonly total: bigint;
  /** The cost of a letter is above what courts accept without proof. */
  readonly costShouldBeProven: boolean;
}

/** What a row of notices may cost at most, at a cost per letter taken as proven. Errors: `amount_negative`. */
export function dunningFees(
  notices: readonly Notice[],
  costPerLetter: bigint,
): Result<DunningFees, Failure<"amount_negative">> {
  if (costPerLetter < 0n)
    return fail("invalid", "amount_negative", "The cost of a letter can't be negative.", "costPerLetter");
  const sums = notices.map((notice) => (freeNotice(notice) === null ? costPerLetter : 0n));
  return ok({
    sums,
    total: sums.reduce((sum, one) => sum + one, 0n),
    costShouldBeProven: costPerLetter > LETTER_COST_WARNING,
  });
}

/** Verzugspauschale (§ 288 V 1 BGB), euro cents. */
export const LUMP_SUM = 4000n;
/** § 288 V holds for obligations that arose from this day on (Art. 229 § 34 EGBGB). */
const LUMP_SUM_SINCE = "2014-07-29";

export interface LumpSums {
  readonly lumpSum: bigint;
  /** What legal costs add: the lump sum is credited against them (§ 288 V 3 BGB). */
  readonly furtherLegalCosts: bigint;
  readonly total: bigint;
}

/** 40 euros a late invoice or instalment (EuGH C-370/21), never from a consumer. Errors: `amount_negative`, `count_invalid`. */
export function lumpSums(
  customerKind: "consumer" | "business",
  latePayments: number,
  legalCosts: bigint,
): Result<LumpSums, Failure<"amount_negative" | "count_invalid">> {
  if (legalCosts < 0n) return fail("invalid", "amount_negative", "Legal costs can't be negative.", "legalCosts");
  if (!Number.isSafeInteger(latePayments) || latePayments < 0)
    return fail("invalid", "count_invalid", "Late payments are counted in whole numbers from 0 on.", "latePayments");
  const sum = customerKind === "business" ? LUMP_SUM * BigInt(latePayments) : 0n;
  const furtherLegalCosts = maxMinor(0n, legalCosts - sum);
  return ok({ lumpSum: sum, furtherLegalCosts, total: sum + furtherLegalCosts });
}

export interface LumpSumQuestion {
  /** The creditor's setting; off unless a person switched it on. */
  readonly setting: "off" | "on";
  readonly customerKind: "consumer" | "business" | null;
  /** Entgeltforderung: payment for goods or services; null: unknown. */
  readonly paymentForGoodsOrServices: boolean | null;
  /** Day the obligation arose; null: unknown. */
  readonly obligationArose: PlainDate | null;
  readonly on: PlainDate;
  readonly inDefaultFrom: PlainDate | null;
  /** It was charged on this claim before. */
  readonly chargedBefore: boolean;
  readonly disputed: boolean;
  /** Costs of legal pursuit already claimed as damages: the lump sum is credited against them. */
  readonly legalCostsClaimed: bigint;
}
export type LumpSumRefusal = Failure<
  | "lump_sum_off"
  | "lump_sum_consumer"
  | "lump_sum_no_payment_claim"
  | "lump_sum_before_2014"
  | "lump_sum_before_default"
  | "lump_sum_repeated"
  | "lump_sum_disputed"
  | "lump_sum_credited"
  | "amount_negative"
>;

/**
 * The 40 euros for one claim, less the costs of legal pursuit already claimed (§ 288 V 3 BGB). What is not known about
 * customer and claim is decided for the customer. Errors: see `LumpSumRefusal`.
 */
export function lumpSum(question: LumpSumQuestion): Result<Charge, LumpSumRefusal> {
  const { on, inDefaultFrom, legalCostsClaimed } = question;
  if (question.setting !== "on")
    return fail("conflict", "lump_sum_off", "The creditor charges no lump sum.", "setting");
  if (question.customerKind !== "business")
    return fail("invalid", "lump_sum_consumer", "A consumer never owes the lump sum (§ 288 V 1 BGB).", "customerKind");
  if (question.paymentForGoodsOrServices !== true)
    return fail(
      "invalid",
      "lump_sum_no_payment_claim",
      "The lump sum needs a claim for goods or services (§ 288 V 1 BGB).",
      "paymentForGoodsOrServices",
    );
  if (question.obligationArose === null || question.obligationArose < LUMP_SUM_SINCE)
    return fail(
      "invalid",
      "lump_sum_before_2014",
      `The lump sum holds for obligations from ${LUMP_SUM_SINCE} on (Art. 229 § 34 EGBGB).`,
      "obligationArose",
    );
  if (inDefaultFrom === null || inDefaultFrom > on)
    return fail("invalid", "lump_sum_before_default", `On ${on} the customer is not in default (§ 286 BGB).`, "on");
  if (question.chargedBefore)
    return fail("conflict", "lump_sum_repeated", "The lump sum is owed once a claim.", "chargedBefore");
  if (question.disputed)
    return fail("conflict", "lump_sum_disputed", "A disputed claim bears no lump sum.", "disputed");
  if (legalCostsClaimed < 0n)
    return fail("invalid", "amount_negative", "Legal costs can't be negative.", "legalCostsClaimed");
  const sum = LUMP_SUM - minMinor(LUMP_SUM, legalCostsClaimed);
  if (sum === 0n)
    return fail(
      "conflict",
      "lump_sum_credited",
      "Claimed costs already cover it (§ 288 V 3 BGB).",
      "legalCostsClaimed",
    );
  return ok({ law: "§ 288 V BGB", from: on, to: on, sum, source: "§ 288 V 1 BGB; EuGH C-370/21", provisional: false });
}

export interface ReturnCostQuestion {
  /** The creditor's setting. */
  readonly setting: "responsible" | "never";
  readonly on: PlainDate;
  /** What the bank charged by its own entry; null: not stated. */
  readonly bankCharged: bigint | null;
  /** What the creditor wants to claim; never more than the bank charged. Absent: all of it. */
  readonly claimed?: bigint;
  /** Whether the reason lies with the customer; null: none is stated, then fault is presumed (§ 280 I 2 BGB). */
  readonly customerResponsible: boolean | null;
  /** Where the bank's charge is on record. */
  readonly source: string;
}
export type ReturnCostRefusal = Failure<
  "return_cost_off" | "return_cost_unknown" | "return_not_customers" | "return_cost_above_bank" | "amount_negative"
>;

/** The bank's own charge for a failed debit, handed on as damage (§§ 280, 286 BGB); no flat rate, nothing on top. Errors: see `ReturnCostRefusal`. */
export function returnCost(question: ReturnCostQuestion): Result<Charge, ReturnCostRefusal> {
  const { on, bankCharged, source } = question;
  if (question.setting === "never")
    return fail("conflict", "return_cost_off", "The creditor does not hand the bank's charge on.", "setting");
  if (bankCharged === null || bankCharged === 0n)
    return fail("invalid", "return_cost_unknown", "The bank stated no charge for this return.", "bankCharged");
  const sum = question.claimed ?? bankCharged;
  if (bankCharged < 0n || sum <= 0n)
    return fail("invalid", "amount_negative", "A cost handed on is more than nothing.", "claimed");
  if (sum > bankCharged)
    return fail("invalid", "return_cost_above_bank", "A return costs what the bank charged, no more.", "claimed");
  if (question.customerResponsible === false)
    return fail("invalid", "return_not_customers", "The reason does not lie with the customer.", "customerResponsible");
  return ok({ law: FEE_LAW, base: bankCharged, from: on, to: on, sum, source, provisional: false });
}
