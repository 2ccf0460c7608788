/**
 * What a batch of bookings says about customers: movements on customer accounts, and the items they leave open.
 * Customer accounts (Debitoren) have one digit more than general ledger accounts and start with 1 to 6.
 */
import { type Decimal, maxDate, minDate, type PlainDate } from "../../kernel/index.ts";
import { addDecimals, type ReadWarning, ZERO } from "../bank/statement.ts";
import { type DatevBooking, datevBookings, effectOn } from "./bookings.ts";
import type { DatevFile } from "./file.ts";

/** Invoice and credit go against revenue, a payment against bank or cash; `other` where the chart doesn't tell. */
export type DatevMovementKind = "invoice" | "credit" | "payment" | "payment_back" | "other";

export interface DatevMovement {
  readonly line: number;
  readonly customerAccount: string;
  readonly contraAccount: string;
  readonly kind: DatevMovementKind;
  /** Belegfeld 1. */
  readonly invoiceNumber: string | null;
  readonly bookedOn: PlainDate | null;
  readonly dueOn: PlainDate | null;
  /** Positive: the customer owes more. */
  readonly amount: Decimal;
  readonly currency: string | null;
  readonly text: string | null;
  readonly reversal: boolean;
}

/** One invoice of one customer over all its bookings in the batch. */
export interface DatevOpenItem {
  readonly customerAccount: string;
  readonly invoiceNumber: string;
  readonly currency: string | null;
  readonly issuedOn: PlainDate | null;
  readonly dueOn: PlainDate | null;
  /** Sum of invoices and credits. */
  readonly claimed: Decimal;
  /** What is left; zero when it is settled, negative when the customer has a credit. */
  readonly open: Decimal;
  readonly bookings: number;
  /** Line of its first booking. */
  readonly line: number;
}

export const isCustomerAccount = (account: string, accountLength: number): boolean =>
  account.length === accountLength + 1 && /^[1-6]/.test(account);

/** First digits of revenue and of money by chart of accounts (SKR 03, SKR 04). */
const CHARTS: Readonly<Record<string, { readonly revenue: RegExp; readonly money: RegExp }>> = {
  "03": { revenue: /^8/, money: /^1[0-3]/ },
  "04": { revenue: /^4/, money: /^1[68]/ },
};

function kindOf(contra: string, chart: string | null, length: number, increases: boolean): DatevMovementKind {
  const ranges = chart === null ? undefined : CHARTS[chart];
  // Short numbers are long ones without their leading zeros.
  const account = contra.padStart(length, "0");
  if (!ranges || account.length !== length) return "other";
  if (ranges.revenue.test(account)) return increases ? "invoice" : "credit";
  if (ranges.money.test(account)) return increases ? "payment_back" : "payment";
  return "other";
}

function movementOf(
  booking: DatevBooking,
  side: "account" | "contraAccount",
  chart: string | null,
  length: number,
): DatevMovement {
  const amount = effectOn(side, booking);
  const contraAccount = booking[side === "account" ? "contraAccount" : "account"];
  // A reversal is of the kind it takes back.
  const increases = amount.digits >= 0n !== booking.reversal;
  return {
    line: booking.line,
    customerAccount: booking[side],
    contraAccount,
    kind: kindOf(contraAccount, chart, length, increases),
    invoiceNumber: booking.document,
    bookedOn: booking.bookedOn,
    dueOn: booking.dueOn,
    amount,
    currency: booking.currency,
    text: booking.text,
    reversal: booking.reversal,
  };
} // prettier-ignore

export interface DatevReceivables {
  readonly movements: readonly DatevMovement[];
  readonly items: readonly DatevOpenItem[];
  /** Movements without a number in Belegfeld 1: they belong to the customer, but to no item. */
  readonly withoutNumber: number;
  /** All rows, understood or not. */
  readonly records: number;
  readonly failed: number;
  readonly warnings: readonly ReadWarning[];
}

const orNull = (pick: typeof minDate, a: PlainDate | null, b: PlainDate | null): PlainDate | null =>
  a === null ? b : b === null ? a : pick(a, b);

/** Movements and items of the customer accounts. A batch whose header has no account length is taken as four digits. */
export function datevReceivables(file: DatevFile): DatevReceivables {
  const length = file.header.accountLength ?? 4;
  const { chart } = file.header;
  const movements: DatevMovement[] = [];
  const warnings: ReadWarning[] = [...file.warnings];
  const items = new Map<string, DatevOpenItem>();
  let failed = 0;
  let withoutNumber = 0;
  for (const { booking, warning } of datevBookings(file)) {
    if (warning) warnings.push(warning);
    if (booking === null) {
      failed += 1;
      continue;
    }
    for (const side of ["account", "contraAccount"] as const)
      if (isCustomerAccount(booking[side], length)) movements.push(movementOf(booking, side, chart, length));
  }
  for (const movement of movements) {
    const { invoiceNumber, customerAccount, currency, amount, kind } = movement;
    if (invoiceNumber === null) {
      withoutNumber += 1;
      continue;
    }
    const key = JSON.stringify([customerAccount, invoiceNumber, currency]);
    const before = items.get(key);
    const claims = kind === "invoice" || kind === "credit" || (kind === "other" && amount.digits > 0n);
    items.set(key, {
      customerAccount,
      invoiceNumber,
      currency,
      issuedOn: claims ? orNull(minDate, before?.issuedOn ?? null, movement.bookedOn) : (before?.issuedOn ?? null),
      dueOn: claims ? orNull(maxDate, before?.dueOn ?? null, movement.dueOn) : (before?.dueOn ?? null),
      claimed: addDecimals(before?.claimed ?? ZERO, claims ? amount : ZERO),
      open: addDecimals(before?.open ?? ZERO, amount),
      bookings: (before?.bookings ?? 0) + 1,
      line: before?.line ?? movement.line,
    });
  }
  return { movements, items: [...items.values()], withoutNumber, records: file.records.length, failed, warnings };
}
