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

/**
 * Garnishable part of net pay by the amounts in force on a day; dependants beyond the fifth don't count.
 * Errors: `garnishment_period_unknown`, `net_pay_negative`.
 */
export function garnishment(
  netPay: bigint,
  dependants: number,
  on: PlainDate,
  span: PaySpan = "monthly",
): Result<Garnishment, Failure<"garnishment_period_unknown" | "net_pay_negative">> {
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
