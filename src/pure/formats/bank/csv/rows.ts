/** A row of a bank's table as an entry. */
import { type Decimal, decimal, type PlainDate } from "../../../kernel/index.ts";
import { type DateStyle, localDate, localDecimal, type NumberStyle } from "../../text/notation.ts";
import type { CsvRecord } from "../../table/csv.ts";
import { addDecimals, type BankEntry, type EntryStatus, negateDecimal, type StatementAmount } from "../statement.ts";
import { accountParts } from "../details/details.ts";
import { returnReason } from "../details/returns.ts";
import { detailsOf } from "../details/styles.ts";
import { NOBODY } from "../parties.ts";
import type { BankColumns, BankField } from "./columns.ts";

export interface RowStyle {
  readonly columns: BankColumns;
  readonly numbers: NumberStyle;
  readonly dates: DateStyle;
  /** Debits of a column of their own are written with a minus. */
  readonly debitNegative: boolean;
  /** Balances follow only when the fee of a row is taken from its amount. */
  readonly feeApart: boolean;
  /** Currency of rows that name none. */
  readonly currency: string | null;
}

/** Of several columns the first that says something. */
export const cellOf = (columns: BankColumns, record: CsvRecord, field: BankField): string => {
  for (const index of columns.get(field) ?? []) {
    const cell = (record.cells[index] ?? "").trim();
    if (cell !== "") return cell;
  }
  return "";
};

const DEBIT = /^(s|d|dr|db|debit|dbit|debet|soll|af|-|−|belastung|lastschrift|ausgang|debito)$/i;
const CREDIT = /^(h|c|k|cr|cred|credit|crdt|kredit|haben|bij|\+|gutschrift|eingang|credito)$/i;

export const isDebit = (text: string): boolean => DEBIT.test(text);
export const isSign = (text: string): boolean => DEBIT.test(text) || CREDIT.test(text);

/** `12,50 S`, `12,50-`, `H 12,50`, `+12,50`, `12,50 CR`: number without mark, and what the mark says. */
function marked(text: string): { readonly number: string; readonly debit: boolean | null } {
  if (text.length > 60) return { number: text, debit: null };
  const bare = text.replace(/\s*(EUR|CHF|USD|GBP|SEK|NOK|DKK|PLN|€|\$|£)\s*/gi, "");
  const behind = /^(.*\d[.,]?)\s*(S|H|D|C|CR|DR|DB|K)$/i.exec(bare) ?? /^()(.*)$/.exec("");
  const front = /^(S|H|D|C|CR|DR)\s*([+-]?\d.*)$/i.exec(bare);
  const mark = behind?.[1] ? (behind[2] ?? "") : (front?.[1] ?? "");
  const number = behind?.[1] ? behind[1] : (front?.[2] ?? bare);
  return { number, debit: mark === "" ? null : DEBIT.test(mark) };
}

/** For finding a column's number style. */
export const bareNumber = (text: string): string => marked(text).number;

/** Signed: negative takes money away. Null for an empty cell or what is no amount. */
export function signedAmount(text: string, style: NumberStyle): Decimal | null {
  const { number, debit } = marked(text);
  if (number.trim() === "") return null;
  const read = localDecimal(number.replace(/^\+/, ""), style);
  // Whole numbers and `1.000` in a column that nothing decides: a point is then taken for what machines write.
  const value = read.ok ? read.value : style === "unknown" ? machine(number) : null;
  if (!value || debit === null) return value;
  const size = value.digits < 0n ? negateDecimal(value) : value;
  return debit ? negateDecimal(size) : size;
}

function machine(text: string): Decimal | null {
  const read = decimal(text.replace(/[\s']/g, "").replace(/^\+/, "").slice(0, 60));
  return read.ok ? read.value : null;
}

const ZERO: Decimal = { digits: 0n, scale: 0 };

/** The booking of a row, signed; null when the row has none. */
export function rowAmount(record: CsvRecord, style: RowStyle): Decimal | null {
  const amount = writtenAmount(record, style);
  const fee = amount && style.feeApart ? signedAmount(cellOf(style.columns, record, "fee"), style.numbers) : null;
  return amount && fee ? addDecimals(amount, fee.digits < 0n ? fee : negateDecimal(fee)) : amount;
}

function writtenAmount(record: CsvRecord, style: RowStyle): Decimal | null {
  const { columns, numbers } = style;
  const cell = (field: BankField): string => cellOf(columns, record, field);
  if (columns.has("amount") && cell("amount") !== "") {
    const value = signedAmount(cell("amount"), numbers);
    const sign = cell("sign");
    if (!value || sign === "") return value;
    const size = value.digits < 0n ? negateDecimal(value) : value;
    return DEBIT.test(sign) ? negateDecimal(size) : CREDIT.test(sign) ? size : value;
  }
  const credit = signedAmount(cell("credit"), numbers);
  const debit = signedAmount(cell("debit"), numbers);
  if (!credit && !debit) return null;
  const taken = debit ?? ZERO;
  return addDecimals(credit ?? ZERO, style.debitNegative ? taken : negateDecimal(taken));
}

export function rowDate(text: string, style: DateStyle): PlainDate | null {
  const read = localDate(text, style);
  if (read.ok) return read.value;
  // Some banks leave the year out of the value date, or write 30 February.
  const interest = /^(29|30)\.02\.(\d{4})$/.exec(text.trim());
  if (!interest) return null;
  const last = localDate(`29.02.${interest[2]}`, style);
  const before = last.ok ? last : localDate(`28.02.${interest[2]}`, style);
  return before.ok ? before.value : null;
}

const PENDING =
  /vorgemerkt|offen|venter|vantande|väntande|pending|vormerk|in behandeling|reserved|reserviert|authori[sz]ed|erwartet|reserverat|reservert|reserveret|en attente|katevaraus/i;

/** The word where a day should be, of what is announced only. */
export const isPendingDay = (text: string): boolean => !/\d/.test(text) && PENDING.test(text);

/** Nordic banks list what is reserved among the entries; it has no balance yet. */
const RESERVED = /^(reservation\b|reserverat|reserv(ert|eret)\b|skyddat belopp|katevaraus)/i;

function statusOf(text: string): EntryStatus {
  if (PENDING.test(text)) return "pending";
  if (/declined|failed|reverted|cancel|storniert|abgelehnt/i.test(text)) return "information";
  return "none";
}

export function rowEntry(record: CsvRecord, index: number, signed: Decimal, style: RowStyle): BankEntry {
  const { columns, numbers, dates } = style;
  const cell = (field: BankField): string | null => cellOf(columns, record, field).replace(/\s+/g, " ") || null;
  const value = rowDate(cell("value") ?? "", dates);
  const booked = rowDate(cell("booked") ?? "", dates) ?? value;
  const currency = /^[A-Z]{3}$/i.test(cell("currency") ?? "")
    ? (cell("currency")?.toUpperCase() ?? null)
    : style.currency;
  const texts = (columns.get("remittance") ?? [])
    .map((column) => (record.cells[column] ?? "").replace(/<br\s*\/?>/gi, "\n"))
    .flatMap((text) => text.split(/\r\n|\n|\r/))
    .map((text) => text.trim())
    .filter((text) => text !== "");
  const details = detailsOf(texts, currency);
  const bookingText = cell("booking_text") ?? details.bookingText;
  const credit = signed.digits > 0n || (signed.digits === 0n && !DEBIT.test(cell("sign") ?? ""));
  const amountOf = (field: BankField): StatementAmount | null => {
    const read = signedAmount(cell(field) ?? "", numbers);
    return read && read.digits !== 0n ? { amount: read.digits < 0n ? negateDecimal(read) : read, currency } : null;
  };
  const charges = amountOf("charges") ?? amountOf("return_charges") ?? details.charges;
  const text = `${bookingText ?? ""} ${details.remittance.join(" ")}`;
  const isReturn =
    details.returned !== null ||
    (!credit &&
      /r(ü|ue|u)cklastschrift|retoure|r(ü|ue)ckbelastung|direct debit return|returned direct debit|storno|stornering/i.test(
        bookingText ?? "",
      ));
  const paysUs = credit !== isReturn;
  const account = accountParts(
    (cell("account") ?? cell(paysUs ? "payer_account" : "payee_account"))?.replace(/^'|'$/g, "") ?? null,
  );
  const own = paysUs ? "payer" : "payee";
  // A table with payees alone means the other party by it, whoever pays.
  const alone = columns.has("payer") ? null : cell("payee");
  const party = {
    ...NOBODY,
    name: nameOf(cell("name")) ?? cell(own) ?? alone ?? details.name,
    iban: account.iban ?? details.iban,
    other: account.account ?? (account.iban === null && details.iban === null ? details.account : null),
    bic: cell("bic") ?? details.bic,
  };
  const code = { domain: null, proprietary: details.businessCode ?? bookingText?.slice(0, 60) ?? null };
  return {
    amount: signed.digits < 0n ? negateDecimal(signed) : signed,
    currency,
    index,
    line: record.line,
    credit,
    reversal: false,
    status:
      columns.has("balance") && cell("balance") === null && RESERVED.test(texts[0] ?? "")
        ? "pending"
        : statusOf(cell("status") ?? ""),
    bookedOn: booked,
    valueOn: value ?? booked,
    reference: cell("reference"),
    bankReference: cell("reference"),
    code,
    charges: charges ? [{ ...charges, credit: false }] : [],
    additionalText: bookingText,
    transactions: [
      {
        amount: null,
        instructed: amountOf("original_amount") ?? details.instructed,
        credit: null,
        endToEndId: given(cell("end_to_end")) ?? details.endToEndId,
        instructionId: details.instructionId,
        transactionId: null,
        mandateId: given(cell("mandate")) ?? details.mandateId,
        bankReference: cell("reference"),
        creditorReferences: details.creditorReference === null ? [] : [details.creditorReference],
        documentNumbers: [],
        remittance: details.remittance,
        payer: paysUs ? party : NOBODY,
        ultimatePayer: details.ultimatePayer,
        payee: paysUs ? NOBODY : party,
        ultimatePayee: details.ultimatePayee,
        purpose: details.purpose,
        code,
        returned: isReturn ? (returnReason(details.returned?.extension, text) ?? { code: null, text: null }) : null,
        additionalText: null,
      },
    ],
  };
}

/** Swiss tables write the address behind the name. */
const nameOf = (text: string | null): string | null => text?.split(";")[0]?.trim() || null;
const given = (text: string | null): string | null =>
  text === null || /^(not ?provided|nonref)$/i.test(text) ? null : text;
