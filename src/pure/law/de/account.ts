/**
 * One claim over time: interest (§ 288 BGB) runs, payments are allocated on their value date (§§ 367, 497 III BGB).
 * Amounts are minor units. The value date of a payment bears interest on the reduced principal only.
 */
import { addDays, type Failure, fail, ok, type PlainDate, type Result } from "../../kernel/index.ts";
import { allocateWithin, type Components } from "./allocation.ts";
import { type DayCount, type Interest, type InterestRate, interest } from "./interest.ts";

export interface AccountQuestion {
  readonly principal: bigint;
  /** Costs open from the start; they bear no interest. */
  readonly costs: bigint;
  readonly rate: InterestRate;
  /** First day that bears interest. */
  readonly firstInterestDay: PlainDate;
  /** The statement counts interest up to and including this day. */
  readonly asOf: PlainDate;
  readonly payments: readonly { readonly on: PlainDate; readonly amount: bigint }[];
  /** `consumer_loan`: § 497 III 1 BGB. */
  readonly order: "statutory" | "consumer_loan" | "principal_first";
  readonly dayCount?: DayCount;
  readonly unknownBaseRate?: "refuse" | "provisional";
}

export interface AccountLine {
  readonly on: PlainDate;
  readonly payment: bigint;
  /** Interest of the stretch since the line before, rounded once; null: no days or no principal. */
  readonly accrued: Interest | null;
  readonly paid: Components;
  readonly overpayment: bigint;
  readonly open: Components;
}

export interface Account {
  readonly lines: readonly AccountLine[];
  readonly asOf: PlainDate;
  /** Interest of the stretch after the last payment. */
  readonly accrued: Interest | null;
  readonly open: Components;
  readonly total: bigint;
  readonly provisional: boolean;
}

const WITHIN = {
  statutory: "costs_interest_principal",
  consumer_loan: "costs_principal_interest",
  principal_first: "principal_costs_interest",
} as const;

/**
 * Statement of a claim as of a day. Payments are taken by value date; equal dates keep their order.
 * Each stretch of interest is rounded once, when a payment is allocated or the statement is made (§ 289 S. 1 BGB:
 * open interest never joins the principal).
 * Errors: `payment_after_statement`, `amount_negative` and those of `interest`.
 */
export function account(question: AccountQuestion): Result<Account, Failure> {
  const { principal, costs, asOf } = question;
  const payments = [...question.payments].sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
  if (principal < 0n || costs < 0n || payments.some(({ amount }) => amount < 0n))
    return fail("invalid", "amount_negative", "Principal, costs and payments can't be negative.");
  if ((payments.at(-1)?.on ?? asOf) > asOf)
    return fail(
      "invalid",
      "payment_after_statement",
      `A payment lies after ${asOf}, the day of the statement.`,
      "payments",
    );

  let open: Components = { costs, interest: 0n, principal };
  let accruesFrom = question.firstInterestDay;
  let provisional = false;

  /** Adds interest up to and including `lastDay`. */
  const accrue = (lastDay: PlainDate): Result<Interest | null, Failure> => {
    if (lastDay < accruesFrom || open.principal === 0n) return ok(null);
    const stretch = interest({
      principal: [{ from: accruesFrom, minor: open.principal }],
      rate: question.rate,
      firstDay: accruesFrom,
      lastDay,
      ...(question.dayCount === undefined ? {} : { dayCount: question.dayCount }),
      ...(question.unknownBaseRate === undefined ? {} : { unknownBaseRate: question.unknownBaseRate }),
    });
    if (!stretch.ok) return stretch;
    open = { ...open, interest: open.interest + stretch.value.sum };
    provisional ||= stretch.value.provisional;
    accruesFrom = addDays(lastDay, 1);
    return stretch;
  };

  const lines: AccountLine[] = [];
  for (const { on, amount } of payments) {
    const accrued = accrue(addDays(on, -1));
    if (!accrued.ok) return accrued;
    const { paid, rest } = allocateWithin(open, amount, WITHIN[question.order]);
    open = {
      costs: open.costs - paid.costs,
      interest: open.interest - paid.interest,
      principal: open.principal - paid.principal,
    };
    lines.push({ on, payment: amount, accrued: accrued.value, paid, overpayment: rest, open });
  }
  const accrued = accrue(asOf);
  if (!accrued.ok) return accrued;
  const total = open.costs + open.interest + open.principal;
  return ok({ lines, asOf, accrued: accrued.value, open, total, provisional });
}
