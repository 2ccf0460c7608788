/** Payment advices: a payer says which invoices a payment is for, and what was deducted. */
import { type Decimal, formatDecimal, type PlainDate } from "../../kernel/index.ts";
import { addDecimals, equalDecimals, negateDecimal, type ReadWarning, ZERO } from "../bank/statement.ts";

export interface AdviceLine {
  /** Line of the file, or number of the segment. */
  readonly line: number;
  /** Number of the invoice or credit note. */
  readonly document: string;
  /** What is paid for it; negative for a credit note that is set off. */
  readonly amount: Decimal;
  /** Skonto and other deductions from what was asked; null when the file says nothing of it. */
  readonly deduction: Decimal | null;
}

export interface PaymentAdvice {
  readonly number: string | null;
  /** Of the payment, else of the advice. */
  readonly date: PlainDate | null;
  readonly currency: string | null;
  /** Stated, else the sum of the lines. */
  readonly total: Decimal;
  /** The lines add up to the stated total; null when none is stated. */
  readonly reconciles: boolean | null;
  readonly payer: string | null;
  readonly lines: readonly AdviceLine[];
}

export interface PaymentAdvices {
  readonly format: "REMADV" | "CSV advice";
  readonly advices: readonly PaymentAdvice[];
  readonly records: number;
  readonly warnings: readonly ReadWarning[];
}

/** An advice with its sum checked; a difference is told, not refused. */
export function checkedAdvice(
  parts: Omit<PaymentAdvice, "total" | "reconciles"> & { readonly stated: Decimal | null },
  warnings: ReadWarning[],
  where: string,
): PaymentAdvice {
  const { stated, ...rest } = parts;
  const sum = rest.lines.reduce((so, { amount }) => addDecimals(so, amount), ZERO);
  const reconciles = stated === null ? null : equalDecimals(stated, sum);
  if (reconciles === false)
    warnings.push({
      code: "advice_does_not_add_up",
      message: `The lines of an advice differ from its total by ${formatDecimal(addDecimals(stated ?? ZERO, negateDecimal(sum)))}.`,
      where,
    });
  return { ...rest, total: stated ?? sum, reconciles };
}
