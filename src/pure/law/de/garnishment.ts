/**
 * Garnishable part of pay, § 850c ZPO. A creditor without a title can't garnish: Kulanz uses it only to keep
 * instalments out of the protected income. Amounts are minor units (cents).
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
import { GARNISHMENT_PERIODS } from "./data/garnishment-periods.ts";

export type PaySpan = "monthly" | "weekly" | "daily";

/** § 850c V 2 ZPO: net pay is rounded down to a multiple of this. */
const STEP: Readonly<Record<PaySpan, bigint>> = { monthly: 1000n, weekly: 250n, daily: 50n };
const DEPENDANTS_COUNTED = 5;

export interface Garnishment {
  readonly garnishable: bigint;
  /** Pay that is protected before the share of what lies above it. */
  readonly protectedPay: bigint;
  readonly law: string;
}

export type GarnishmentFailure = Failure<"garnishment_period_unknown" | "net_pay_negative" | "dependants_invalid">;

/**
 * Garnishable part of net pay by the amounts in force on a day; dependants beyond the fifth don't count.
 * Errors: `garnishment_period_unknown`, `net_pay_negative`, `dependants_invalid`.
 */
export function garnishment(
  netPay: bigint,
  dependants: number,
  on: PlainDate,
  span: PaySpan = "monthly",
): Result<Garnishment, GarnishmentFailure> {
  if (!Number.isSafeInteger(dependants) || dependants < 0)
    return fail("invalid", "dependants_invalid", "Dependants are counted in whole numbers from 0 on.", "dependants");
  if (netPay < 0n) return fail("invalid", "net_pay_negative", "Net pay can't be negative.", "netMonthly");
  const period = GARNISHMENT_PERIODS.find(({ validFrom, validTo }) => validFrom <= on && on <= validTo);
  if (!period)
    return fail(
      "unavailable",
      "garnishment_period_unknown",
      `The amounts of § 850c ZPO for ${on} are not known; known are ${GARNISHMENT_PERIODS[0]?.validFrom} to ${GARNISHMENT_PERIODS.at(-1)?.validTo}.`,
      "period",
    );
  const amounts = period[span];
  const counted = Math.min(dependants, DEPENDANTS_COUNTED);
  const further = BigInt(Math.max(0, counted - 1));
  const protectedPay = amounts.base + (counted > 0 ? amounts.firstDependant : 0n) + amounts.furtherDependant * further;
  const cut = minMinor(netPay, amounts.fullyGarnishableAbove);
  const rounded = cut - (cut % STEP[span]);
  // § 850c III ZPO: three tenths stay, two more for the first dependant, one more for each from the second to the fifth.
  const tenths = 7n - (counted > 0 ? 2n : 0n) - further;
  const share = roundHalfUp(maxMinor(0n, rounded - protectedPay) * tenths, 10n);
  const above = maxMinor(0n, netPay - amounts.fullyGarnishableAbove);
  return ok({ garnishable: share + above, protectedPay, law: `§ 850c ZPO, ${period.publication}` });
}

export interface AffordabilityQuestion {
  /** The customer said so, for this purpose: pay and dependants are not asked for without it (Art. 6 I a DSGVO). */
  readonly consent: true;
  /** Net pay of a month, as the customer states it. */
  readonly netMonthly: bigint;
  /** Persons the customer maintains by law. */
  readonly dependants: number;
  /** The customer's account is a P-Konto (§ 850k ZPO): what is protected there stays untouched, too. */
  readonly protectedAccount: boolean;
  readonly on: PlainDate;
}
export interface Affordability {
  /** At most this a month, whole euros: never out of what the law protects. */
  readonly instalment: bigint;
  readonly garnishable: bigint;
  /** Pay, or money on the protected account, that no instalment is taken of. */
  readonly protectedPay: bigint;
  readonly law: string;
}

/** § 899 I ZPO: the free amount of a protected account is rounded up to full ten euros. */
const ACCOUNT_STEP = 1000n;

/**
 * What instalment a customer can afford a month: the garnishable part of net pay, and with a protected account no more
 * than what lies above its free amount (§§ 899 I, 902 S. 1 Nr. 1 ZPO). A ceiling for an offer to the customer's good; it
 * decides nothing and is never stored with a score. Errors: `consent_missing` and those of `garnishment`.
 */
export function affordableInstalment(
  question: AffordabilityQuestion,
): Result<Affordability, GarnishmentFailure | Failure<"consent_missing">> {
  const { netMonthly, dependants, on } = question;
  // The type demands it already; a caller from outside the compiler is asked again.
  if ((question.consent as boolean) !== true)
    return fail("invalid", "consent_missing", "Pay is used with the customer's consent only.", "consent");
  const pay = garnishment(netMonthly, dependants, on);
  if (!pay.ok) return pay;
  const { garnishable, protectedPay, law } = pay.value;
  const euros = (amount: bigint): bigint => amount - (amount % 100n);
  if (!question.protectedAccount) return ok({ instalment: euros(garnishable), garnishable, protectedPay, law });
  const base = garnishment(0n, 0, on);
  if (!base.ok) return base;
  const unrounded = base.value.protectedPay;
  const credit = protectedPay - unrounded + ((unrounded + ACCOUNT_STEP - 1n) / ACCOUNT_STEP) * ACCOUNT_STEP;
  const free = maxMinor(0n, netMonthly - credit);
  return ok({
    instalment: euros(minMinor(garnishable, free)),
    garnishable,
    protectedPay: credit,
    law: `${law}, §§ 850k, 899 I, 902 ZPO`,
  });
}
