/**
 * What every bank file says, whatever its format: statements with balances and entries, entries with transactions.
 * Amounts are exact decimals as written; signs are never folded into them: `credit` says the direction.
 */
import type { Decimal, Failure, PlainDate } from "../../kernel/index.ts";

export interface StatementAmount {
  /** As written; negative only where the file itself wrote a minus. */
  readonly amount: Decimal;
  /** As written, normally ISO 4217; null when the file names none. */
  readonly currency: string | null;
}

export interface AccountReference {
  /** Without spaces, upper case; not checked (test banks and old files write invalid ones). */
  readonly iban: string | null;
  /** Account number of another kind. */
  readonly other: string | null;
}

export interface StatementAccount extends AccountReference {
  readonly currency: string | null;
  readonly name: string | null;
  readonly owner: string | null;
  readonly bic: string | null;
}

export interface Balance extends StatementAmount {
  /** ISO 20022 code (OPBD, PRCD, OPAV, CLBD, ITBD, CLAV, …) or the bank's own. */
  readonly code: string;
  readonly credit: boolean;
  readonly date: PlainDate | null;
}

/** Booked, announced, or without effect on the balance. `none`: the file says nothing, which means booked. */
export type EntryStatus = "booked" | "pending" | "information" | "future" | "none" | "unknown";
export const isBooked = (status: EntryStatus): boolean => status === "booked" || status === "none";

export interface TransactionCode {
  /** ISO 20022 domain, family, sub-family: `PMNT-RCDT-ESCT`. */
  readonly domain: string | null;
  /** The bank's own, in Germany `NTRF+166+…` (Geschäftsvorfallcode). */
  readonly proprietary: string | null;
}

export interface TransactionParty extends AccountReference {
  readonly name: string | null;
  readonly bic: string | null;
  readonly postcode: string | null;
  readonly city: string | null;
  readonly country: string | null;
}

export interface ReturnReason {
  /** External code (AC04, AM04, MD06, MS03, …) or the bank's own. */
  readonly code: string | null;
  readonly text: string | null;
}

export interface BankTransaction {
  /** Amount in the account's currency; null when only the entry has one. */
  readonly amount: StatementAmount | null;
  /** What the payer ordered, before charges or conversion; for a return, the original amount. */
  readonly instructed: StatementAmount | null;
  /** Null when the transaction does not say: the entry's direction holds. */
  readonly credit: boolean | null;
  /** `NOTPROVIDED` is given as null. */
  readonly endToEndId: string | null;
  readonly instructionId: string | null;
  readonly transactionId: string | null;
  readonly mandateId: string | null;
  readonly bankReference: string | null;
  /** Structured creditor references as written (RF, Swiss QR, …). */
  readonly creditorReferences: readonly string[];
  /** Numbers of documents named in structured remittance. */
  readonly documentNumbers: readonly string[];
  /** Unstructured lines, in order. */
  readonly remittance: readonly string[];
  /** Who paid. */
  readonly payer: TransactionParty;
  readonly ultimatePayer: string | null;
  /** Who was paid. */
  readonly payee: TransactionParty;
  readonly ultimatePayee: string | null;
  readonly purpose: string | null;
  readonly code: TransactionCode;
  readonly returned: ReturnReason | null;
  readonly additionalText: string | null;
}

export interface BankEntry extends StatementAmount {
  /** 1 for the first of the statement. */
  readonly index: number;
  /** Line of the file where it starts. */
  readonly line: number;
  readonly credit: boolean;
  /** The booking takes an earlier one back; `credit` is already its own direction. */
  readonly reversal: boolean;
  readonly status: EntryStatus;
  readonly bookedOn: PlainDate | null;
  readonly valueOn: PlainDate | null;
  readonly reference: string | null;
  readonly bankReference: string | null;
  readonly code: TransactionCode;
  /** Charges the bank took with this entry (return fees). */
  readonly charges: readonly (StatementAmount & { readonly credit: boolean })[];
  readonly additionalText: string | null;
  readonly transactions: readonly BankTransaction[];
}

export interface StatementHeader {
  /** 1 for the first of the file. */
  readonly index: number;
  readonly id: string | null;
  readonly sequence: string | null;
  readonly createdAt: string | null;
  readonly account: StatementAccount;
  /** The account's own; `totals.currency` also looks at entries and balances. */
  readonly currency: string | null;
  readonly balances: readonly Balance[];
}

export interface StatementTotals {
  /** The account's, else the first entry's, else the first balance's. */
  readonly currency: string | null;
  /** Negative for a debit balance; null when the file has none. */
  readonly opening: Decimal | null;
  readonly closing: Decimal | null;
  readonly entries: number;
  readonly booked: number;
  readonly transactions: number;
  readonly sumCredit: Decimal;
  readonly sumDebit: Decimal;
  /** opening + booked credits − booked debits = closing; null when a balance is missing. */
  readonly reconciles: boolean | null;
}

export interface ReadWarning {
  readonly code: string;
  /** A sentence, without personal data. */
  readonly message: string;
  readonly where?: string;
}

/** Events of a bank file in file order. After `failed` nothing comes; without it, `end` is the last. */
export type StatementEvent =
  | { readonly kind: "format"; readonly format: string }
  | { readonly kind: "statement"; readonly statement: StatementHeader }
  | { readonly kind: "entry"; readonly entry: BankEntry }
  | { readonly kind: "statement_end"; readonly statement: StatementHeader; readonly totals: StatementTotals }
  | { readonly kind: "warning"; readonly warning: ReadWarning }
  | { readonly kind: "end" }
  | { readonly kind: "failed"; readonly error: Failure };

export const ZERO: Decimal = { digits: 0n, scale: 0 };
export const negateDecimal = (value: Decimal): Decimal => ({ digits: -value.digits, scale: value.scale });
export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { digits: a.digits * 10n ** BigInt(scale - a.scale) + b.digits * 10n ** BigInt(scale - b.scale), scale };
}
export const equalDecimals = (a: Decimal, b: Decimal): boolean => addDecimals(a, negateDecimal(b)).digits === 0n;

/** Warning for a statement whose balances and entries don't add up: it is taken in and told. `index` from 1. */
export const statementUnbalanced = (index: number): StatementEvent => ({
  kind: "warning",
  warning: {
    code: "statement_does_not_reconcile",
    message: `Statement ${index}: opening balance and booked entries do not add up to the closing balance.`,
  },
});

/** Keeps the sums of a statement while its entries stream by. */
export class StatementSums {
  private entries = 0;
  private booked = 0;
  private transactions = 0;
  private sumCredit = ZERO;
  private sumDebit = ZERO;
  private bookedNet = ZERO;
  private currency: string | null = null;

  add(entry: BankEntry): void {
    this.entries += 1;
    this.transactions += entry.transactions.length;
    this.currency ??= entry.currency;
    if (entry.credit) this.sumCredit = addDecimals(this.sumCredit, entry.amount);
    else this.sumDebit = addDecimals(this.sumDebit, entry.amount);
    if (!isBooked(entry.status)) return;
    this.booked += 1;
    this.bookedNet = addDecimals(this.bookedNet, entry.credit ? entry.amount : negateDecimal(entry.amount));
  }

  totals(statement: StatementHeader, opening: Decimal | null, closing: Decimal | null): StatementTotals {
    const { entries, booked, transactions, sumCredit, sumDebit } = this;
    const reconciles = opening && closing ? equalDecimals(addDecimals(opening, this.bookedNet), closing) : null;
    return {
      currency: statement.currency ?? this.currency ?? statement.balances[0]?.currency ?? null,
      opening,
      closing,
      entries,
      booked,
      transactions,
      sumCredit,
      sumDebit,
      reconciles,
    }; // prettier-ignore
  }
}
