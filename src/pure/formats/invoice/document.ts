/**
 * What an invoice says, whatever its syntax: the semantic model of EN 16931-1 (business terms BT-…, groups BG-…),
 * https://docs.peppol.eu/poacc/billing/3.0/bis/ and https://xeinkauf.de/xrechnung/. Only what receivables need; no tax
 * breakdown and no lines beyond their count. Amounts are exact decimals as written.
 */
import { type Decimal, decimal, FailureError, type PlainDate, plainDate } from "../../kernel/index.ts";
import { placeOf, textOf, type XmlNode } from "../text/xml.ts";
import type { ReadWarning } from "../bank/statement.ts";
import type { Contradictions } from "./arithmetic.ts";

export type InvoiceSyntax = "UBL Invoice" | "UBL CreditNote" | "CII";

export interface Identifier {
  readonly id: string;
  readonly scheme: string | null;
}

export interface InvoiceAddress {
  readonly street: string | null;
  /** Second and third line. */
  readonly additional: readonly string[];
  readonly postcode: string | null;
  readonly city: string | null;
  readonly region: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
}

export interface InvoiceParty {
  /** BT-27, BT-44. */
  readonly name: string | null;
  /** BT-28, BT-45. */
  readonly tradingName: string | null;
  /** BT-29, BT-46; the buyer's is the customer number the seller gave. */
  readonly identifiers: readonly Identifier[];
  /** BT-30, BT-47 (commercial register). */
  readonly legalId: Identifier | null;
  /** BT-31, BT-48. */
  readonly vatId: string | null;
  /** BT-32 (Steuernummer). */
  readonly taxNumber: string | null;
  /** BT-34, BT-49; scheme `EM` is an e-mail address. */
  readonly electronicAddress: Identifier | null;
  readonly contactName: string | null;
  readonly phone: string | null;
  /** Of the contact, else the electronic address when it is one. */
  readonly email: string | null;
  readonly address: InvoiceAddress;
}

export interface InvoiceDocument extends Contradictions {
  readonly syntax: InvoiceSyntax;
  /** BT-24, the rule set the document claims to follow. */
  readonly customization: string | null;
  /** BT-1. */
  readonly number: string;
  /** BT-3, UNTDID 1001: 380 invoice, 381 credit note, 384 correction, 389 self-billed, 326 part, …; null when not written. */
  readonly type: string | null;
  /** A credit note by root element or type: its amounts are owed to the customer. */
  readonly creditNote: boolean;
  /** BT-2. */
  readonly issueDate: PlainDate | null;
  /** BT-9. Null also when the due date stands only in the prose of `terms`. */
  readonly dueDate: PlainDate | null;
  /** Every due date stated, in order; several where a discount has its own day. See `agreedDueDate`. */
  readonly dueDates: readonly PlainDate[];
  /** BT-5. */
  readonly currency: string;
  /** BT-109. */
  readonly net: Decimal | null;
  /** BT-112. */
  readonly total: Decimal;
  /** BT-113. */
  readonly prepaid: Decimal | null;
  /** BT-115; total less prepaid when not written (with a warning). */
  readonly payable: Decimal;
  /** BT-81, UNTDID 4461: 30 and 58 transfer, 49 and 59 direct debit, 48 and 54 card. */
  readonly paymentMeans: string | null;
  /** BT-84, without spaces; not checked, may be a national account number. */
  readonly iban: string | null;
  readonly bic: string | null;
  /** BT-83. */
  readonly remittance: string | null;
  /** BT-89. */
  readonly mandate: string | null;
  /** BT-20, with `#SKONTO#` lines as written. */
  readonly terms: string | null;
  readonly seller: InvoiceParty;
  readonly buyer: InvoiceParty;
  /** BT-10 (Leitweg-ID). */
  readonly buyerReference: string | null;
  /** BT-13. */
  readonly orderReference: string | null;
  /** BT-12. */
  readonly contractReference: string | null;
  /** BT-25: the invoices this one corrects or credits. */
  readonly preceding: readonly string[];
  /** BT-72. */
  readonly deliveredOn: PlainDate | null;
  readonly lines: number;
  readonly warnings: readonly ReadWarning[];
}

/** A syntax reader gives these; `invoice.ts` checks and completes them. */
export interface InvoiceParts
  extends Omit<InvoiceDocument, "number" | "dueDate" | "currency" | "total" | "payable" | "warnings"> {
  readonly number: string | null;
  readonly currency: string | null;
  readonly total: Decimal | null;
  readonly payable: Decimal | null;
}

export type Warn = (warning: ReadWarning) => void;

/** Null when absent; refuses what is not a number. */
export function amountOf(node: XmlNode | undefined): Decimal | null {
  const text = textOf(node);
  if (!node || text === null) return null;
  const read = decimal(text.replace(/^([+-]?)\./, "$10.").replace(/\.$/, ""));
  if (read.ok) return read.value;
  throw new FailureError({
    kind: "invalid",
    code: "invoice_amount_invalid",
    message: `The content of ${node.name} is not an amount.`,
    where: placeOf(node),
  });
}

/** `2026-01-31`, `20260131` (UN/CEFACT format 102) or either with a time; null with a warning when it is no day. */
export function dayOf(node: XmlNode | undefined, warn: Warn): PlainDate | null {
  const text = textOf(node);
  if (!node || text === null) return null;
  const day = plainDate(text.replace(/^(\d{4})(\d{2})(\d{2})(?!\d).*$/, "$1-$2-$3").slice(0, 10));
  if (day.ok) return day.value;
  warn({
    code: "date_invalid",
    message: `${node.name} holds no day of the calendar; it was left out.`,
    where: placeOf(node),
  });
  return null;
}

export function identifierOf(node: XmlNode | undefined): Identifier | null {
  const id = textOf(node);
  return id === null ? null : { id, scheme: node?.attributes["schemeID"]?.trim() || null };
}

export const emailOf = (electronic: Identifier | null): string | null =>
  electronic && (electronic.scheme === "EM" || electronic.scheme === null) && electronic.id.includes("@")
    ? electronic.id
    : null;
