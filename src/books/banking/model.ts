/**
 * Bank statements and their entries as the bank wrote them. A row of `bank_entry` is one transaction: a batch entry
 * gives one row a transaction, an entry without details one row. Who paid and what was written is sealed (`payload`);
 * amounts, dates and directions are plain.
 */
import { createHash, hash } from "node:crypto";
import {
  type BankEntry,
  type BankTransaction,
  isBooked,
  type StatementAmount,
  type StatementHeader,
} from "../../pure/formats/index.ts";
import {
  type CreditorId,
  type Currency,
  currency as currencyOf,
  type CustomerId,
  type Decimal,
  type Failure,
  fail,
  moneyFromDecimal,
  ok,
  type PlainDate,
  type Result,
  type Uuid,
} from "../../pure/kernel/index.ts";

export type EntryStatus = "new" | "booked" | "proposed" | "unmatched" | "set_aside";
export type Direction = "credit" | "debit";

/** Kind under which payer data is sealed, here and in `match`. */
export const PAYMENT_KIND = "payment";

/** What the bank says of payer and purpose; sealed under the statement's key until the match. */
export interface EntryPayload {
  readonly payerName: string | null;
  readonly payerIban: string | null;
  readonly ultimatePayer: string | null;
  readonly payeeName: string | null;
  readonly payeeIban: string | null;
  /** Unstructured lines, in order. */
  readonly remittance: readonly string[];
  readonly creditorReferences: readonly string[];
  readonly documentNumbers: readonly string[];
  readonly endToEndId: string | null;
  readonly mandateId: string | null;
  readonly transactionId: string | null;
  readonly bankReference: string | null;
  readonly returnCode: string | null;
  readonly returnText: string | null;
  /** Minor units as text: what the payer ordered, before charges; for a return the original amount. */
  readonly instructedMinor: string | null;
  /** Minor units as text: what the bank took with the entry. */
  readonly chargesMinor: string;
}

/** A row of `bank_entry`. Amounts are minor units, never negative; `direction` says the side. */
export interface Entry {
  readonly fingerprint: Buffer;
  readonly entryId: Uuid;
  readonly statementFingerprint: Buffer;
  readonly fileFingerprint: Buffer;
  readonly creditorId: CreditorId;
  /** Position in the file, from 1; a batch entry's transactions share it. */
  readonly entryNumber: number;
  /** From 1; 0 for an entry without details. */
  readonly transactionNumber: number;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly direction: Direction;
  readonly isReturn: boolean;
  readonly bookedOn: PlainDate;
  readonly valueOn: PlainDate;
  readonly payloadSealed: Buffer | null;
  readonly status: EntryStatus;
  readonly customerId: CustomerId | null;
  readonly score: number | null;
  /** At most three; made and read by room `matching`. */
  readonly proposals: readonly unknown[];
  /** Minor units that lines of a provider's payout account for, fees included; below zero for a debit. Null: no payout. */
  readonly settledMinor: bigint | null;
}

/** A transaction before it has a fingerprint. */
export interface DraftEntry {
  readonly entryNumber: number;
  readonly transactionNumber: number;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly direction: Direction;
  readonly isReturn: boolean;
  readonly bookedOn: PlainDate;
  readonly valueOn: PlainDate;
  readonly payload: EntryPayload;
  /** Of a detail of a batch: what the whole batch moved; below zero: out of the account. */
  readonly batchMinor: bigint | null;
}

export type EntryFailure = Failure<"entry_amount_refused" | "entry_currency_missing" | "entry_date_missing">;

/** Sub-families of ISO 20022 bank transaction codes for money that goes back: unpaid, reversed, cancelled, returned. */
const RETURN_CODES = /-(UPDD|PRDD|RCDD|RRTN|ARET|UPCT)$/;
/** Geschäftsvorfallcodes of the German banks: 108 and 109 Rückbelastung of a direct debit. */
const RETURN_BUSINESS_CODES = /(^|\+)(108|109)(\+|$)/;

/**
 * True for a booking that takes an earlier one back: a debit undoes money that came in (Rücklastschrift, cancelled
 * payment), a credit undoes money that went out (a refund whose account was closed).
 */
export function takesBack(entry: BankEntry, transaction: BankTransaction | undefined): boolean {
  if (entry.reversal || transaction?.returned) return true;
  return [transaction?.code, entry.code].some(
    (code) => RETURN_CODES.test(code?.domain ?? "") || RETURN_BUSINESS_CODES.test(code?.proprietary ?? ""),
  );
}

function minorOf(
  amount: StatementAmount,
  fallback: string | null,
): Result<{ minor: bigint; currency: Currency }, EntryFailure> {
  const code = currencyOf(amount.currency ?? fallback ?? "");
  if (!code.ok) return fail("invalid", "entry_currency_missing", "The entry has no currency.");
  const money = moneyFromDecimal(amount.amount, code.value);
  if (!money.ok) return fail("invalid", "entry_amount_refused", money.error.message);
  return ok(money.value);
}

/** Minor units of a stated amount; null when there is none, or none that can be booked. */
export function minorOrNull(value: Decimal | null, code: string | null): bigint | null {
  if (value === null || code === null) return null;
  const money = moneyFromDecimal(value, code as Currency);
  return money.ok ? money.value.minor : null;
}

function payloadOf(entry: BankEntry, transaction: BankTransaction | undefined, code: Currency): EntryPayload {
  const minorText = (amount: StatementAmount | null | undefined): string | null => {
    if (!amount || (amount.currency !== null && amount.currency !== code)) return null;
    const money = moneyFromDecimal(amount.amount, code);
    return money.ok ? money.value.minor.toString() : null;
  };
  const charges = entry.charges.reduce((sum, charge) => sum + BigInt(charge.credit ? 0 : (minorText(charge) ?? 0)), 0n);
  const texts = transaction?.remittance ?? [];
  const fallback = [transaction?.additionalText, entry.additionalText].filter(
    (text) => text !== null && text !== undefined,
  );
  return {
    payerName: transaction?.payer.name ?? null,
    payerIban: transaction?.payer.iban ?? null,
    ultimatePayer: transaction?.ultimatePayer ?? null,
    payeeName: transaction?.payee.name ?? null,
    payeeIban: transaction?.payee.iban ?? null,
    remittance: texts.length > 0 ? texts : fallback,
    creditorReferences: transaction?.creditorReferences ?? [],
    documentNumbers: transaction?.documentNumbers ?? [],
    endToEndId: transaction?.endToEndId ?? null,
    mandateId: transaction?.mandateId ?? null,
    transactionId: transaction?.transactionId ?? null,
    bankReference: transaction?.bankReference ?? entry.bankReference,
    returnCode: transaction?.returned?.code ?? null,
    returnText: transaction?.returned?.text ?? null,
    instructedMinor: minorText(transaction?.instructed),
    chargesMinor: charges.toString(),
  };
}

const absolute = (minor: bigint): bigint => (minor < 0n ? -minor : minor);

/**
 * Credits an entry announces: told before they are booked, and never booked for it. None for anything else, and none
 * where the announcement can't be read: the booking will say it again.
 */
export function announcedIn(
  statement: StatementHeader,
  entry: BankEntry,
  entryNumber: number,
  fallbackDate: PlainDate | null,
): readonly DraftEntry[] {
  if (entry.status !== "pending") return [];
  const told = transactionsOf(statement, entry, entryNumber, fallbackDate);
  if (!told.ok) return [];
  return told.value.filter((one) => one.direction === "credit" && !one.isReturn && one.amountMinor > 0n);
}

/** The transactions of a booked entry (see `transactionsOf`); none for one that is announced only. */
export function draftsOf(
  statement: StatementHeader,
  entry: BankEntry,
  entryNumber: number,
  fallbackDate: PlainDate | null,
): Result<readonly DraftEntry[], EntryFailure> {
  return isBooked(entry.status) ? transactionsOf(statement, entry, entryNumber, fallbackDate) : ok([]);
}

/**
 * The transactions of an entry. When the details don't carry the entry's whole amount, the entry stays one row, because
 * that is what moved on the account.
 * Failures: `entry_amount_refused` (more decimals than the currency has), `entry_currency_missing`, `entry_date_missing`.
 */
function transactionsOf(
  statement: StatementHeader,
  entry: BankEntry,
  entryNumber: number,
  fallbackDate: PlainDate | null,
): Result<readonly DraftEntry[], EntryFailure> {
  const whole = minorOf(entry, statement.currency);
  if (!whole.ok) return whole;
  const { currency } = whole.value;
  const bookedOn = entry.bookedOn ?? entry.valueOn ?? fallbackDate;
  if (bookedOn === null) return fail("invalid", "entry_date_missing", "The entry has neither booking nor value date.");
  const row = (
    transaction: BankTransaction | undefined,
    number: number,
    minor: bigint,
    credit: boolean,
  ): DraftEntry => ({
    entryNumber,
    transactionNumber: number,
    amountMinor: absolute(minor),
    currency,
    // A minus in the file turns the direction round.
    direction: credit === minor >= 0n ? "credit" : "debit",
    isReturn: takesBack(entry, transaction),
    bookedOn,
    valueOn: entry.valueOn ?? bookedOn,
    payload: payloadOf(entry, transaction, currency),
    batchMinor: null,
  });
  const only = entry.transactions.length === 1 ? entry.transactions[0] : undefined;
  if (entry.transactions.length <= 1) return ok([row(only, only ? 1 : 0, whole.value.minor, entry.credit)]);
  const rows: DraftEntry[] = [];
  let sum = 0n;
  for (const [index, transaction] of entry.transactions.entries()) {
    const amount = transaction.amount === null ? null : minorOf(transaction.amount, currency);
    if (!amount?.ok || amount.value.currency !== currency)
      return ok([row(undefined, 0, whole.value.minor, entry.credit)]);
    const credit = transaction.credit ?? entry.credit;
    sum += credit === entry.credit ? amount.value.minor : -amount.value.minor;
    rows.push(row(transaction, index + 1, amount.value.minor, credit));
  }
  if (sum !== whole.value.minor) return ok([row(undefined, 0, whole.value.minor, entry.credit)]);
  const batchMinor = entry.credit ? whole.value.minor : -whole.value.minor;
  return ok(rows.map((one) => ({ ...one, batchMinor })));
}

const NO_REFERENCE = /^(NONREF|NOTPROVIDED|0*)$/i;
const squeezed = (texts: readonly (string | null)[]): string => texts.join("").replace(/\s+/g, "").toUpperCase();

/**
 * What an entry's fingerprint is made of: the bank's reference with day, amount and direction, else its content. Line
 * breaks and spaces don't count, since each format breaks lines elsewhere.
 */
export function identityOf(account: string, draft: DraftEntry): string {
  const { payload } = draft;
  const reference =
    payload.bankReference !== null && !NO_REFERENCE.test(payload.bankReference) ? payload.bankReference : null;
  const always = [account, draft.bookedOn, draft.amountMinor.toString(), draft.currency, draft.direction];
  const rest =
    reference !== null
      ? ["reference", reference, payload.endToEndId, payload.transactionId]
      : [
          "content",
          draft.valueOn,
          payload.payerName,
          payload.payerIban,
          payload.payeeName,
          payload.payeeIban,
          payload.endToEndId,
          payload.transactionId,
          payload.mandateId,
          squeezed([...payload.creditorReferences, ...payload.remittance]),
        ]; // prettier-ignore
  return JSON.stringify([...always, ...rest]);
}

/** Account, amount, currency and direction: what every file that tells of an entry gives alike. */
export const movementOf = (account: string, minor: bigint, currency: string): string =>
  JSON.stringify([account, minor.toString(), currency]);

/** Hex of `sha256Of` over texts, in one go. */
export const fingerprintOf = (...parts: readonly string[]): string =>
  hash("sha256", parts.map((part) => `${part.length}:${part}`).join(""), "hex");

export function sha256Of(...parts: readonly (string | Uint8Array)[]): Buffer {
  const running = createHash("sha256");
  for (const part of parts) running.update(`${part.length}:`).update(part);
  return running.digest();
}
