/**
 * Open items as a table: one row an invoice that is not paid, with its customer. Columns by name or mapping
 * (`column-mapping.ts`). Every row becomes an item or a failure with its place; a bad row never spoils its neighbours.
 */
import {
  type Currency,
  currency as currencyOf,
  type Decimal,
  EUR,
  type Failure,
  fail,
  type Money,
  moneyFromDecimal,
  ok,
  type PlainDate,
  type Result,
} from "../../kernel/index.ts"; // prettier-ignore
import type { ReadWarning } from "../bank/statement.ts";
import { type Iban, iban as ibanOf } from "../code/iban.ts";
import { type Discount, discountsInColumn } from "../invoice/payment-terms.ts";
import { localDate, localDecimal } from "../text/notation.ts";
import type { ColumnMapping } from "./column-mapping.ts";
import type { CsvRecord, CsvTable } from "./csv.ts";
import type { OpenItemField } from "./item-headers.ts";

export type OpenItemFailure = Failure<
  | "columns_differ"
  | "field_missing"
  | "field_too_long"
  | "amount_invalid"
  | "amount_ambiguous"
  | "amount_too_precise"
  | "amount_too_large"
  | "date_invalid"
  | "date_ambiguous"
  | "currency_unknown"
  | "kind_unknown"
  | "yes_no_unknown"
  | "columns_missing"
>; // prettier-ignore

export interface OpenItem {
  /** Line of the file where the row starts. */
  readonly line: number;
  readonly customerNumber: string;
  /** Null when the file doesn't say. */
  readonly kind: "consumer" | "business" | null;
  readonly firstName: string | null;
  readonly name: string | null;
  readonly company: string | null;
  readonly street: string | null;
  readonly postcode: string | null;
  readonly city: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
  readonly state: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly language: string | null;
  readonly iban: Iban | null;
  readonly brand: string | null;
  readonly invoiceNumber: string;
  readonly orderNumber: string | null;
  readonly issueDate: PlainDate | null;
  readonly dueDate: PlainDate;
  /** § 286 II BGB: the day was agreed by contract. Null when the file doesn't say. */
  readonly dueDateAgreed: boolean | null;
  /** § 286 III BGB: the invoice told the consumer about default after 30 days. */
  readonly notice30Days: boolean | null;
  readonly claimKind: string | null;
  /** Days to pay from delivery (§ 286 II Nr. 2 BGB); the due date is then provisional. */
  readonly termFromDelivery: number | null;
  /** Skonto; empty when none is given. */
  readonly discounts: readonly Discount[];
  /** Exactly as written. */
  readonly stated: Decimal;
  /** What is open; negative for a credit. */
  readonly amount: Money;
  readonly warnings: readonly ReadWarning[];
}

const TEXT_MAX = 300;

const COUNTRIES: Readonly<Record<string, string>> = {
  deutschland: "DE",
  germany: "DE",
  d: "DE",
  brd: "DE",
  osterreich: "AT",
  austria: "AT",
  a: "AT",
  schweiz: "CH",
  switzerland: "CH",
  niederlande: "NL",
  netherlands: "NL",
  frankreich: "FR",
  france: "FR",
  belgien: "BE",
  belgium: "BE",
  luxemburg: "LU",
  luxembourg: "LU",
  italien: "IT",
  italy: "IT",
  spanien: "ES",
  spain: "ES",
  polen: "PL",
  poland: "PL",
  danemark: "DK",
  denmark: "DK",
}; // prettier-ignore
const KINDS: Readonly<Record<string, "consumer" | "business">> = {
  consumer: "consumer",
  privat: "consumer",
  privatkunde: "consumer",
  private: "consumer",
  b2c: "consumer",
  verbraucher: "consumer",
  person: "consumer",
  business: "business",
  gewerbe: "business",
  geschaftskunde: "business",
  firma: "business",
  company: "business",
  b2b: "business",
  unternehmer: "business",
  unternehmen: "business",
}; // prettier-ignore
const YES_NO: Readonly<Record<string, boolean>> = {
  yes: true,
  ja: true,
  true: true,
  wahr: true,
  "1": true,
  j: true,
  y: true,
  x: true,
  no: false,
  nein: false,
  false: false,
  falsch: false,
  "0": false,
  n: false,
}; // prettier-ignore

const word = (text: string): string =>
  text
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .trim();
/** A table look-up that never finds what every object has (`constructor`). */
const lookUp = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

class Row {
  readonly warnings: ReadWarning[] = [];
  private readonly record: CsvRecord;
  private readonly columns: ReadonlyMap<OpenItemField, number>;

  constructor(record: CsvRecord, columns: ReadonlyMap<OpenItemField, number>) {
    this.record = record;
    this.columns = columns;
  }
  text(field: OpenItemField): string | null {
    const column = this.columns.get(field);
    return (column === undefined ? null : this.record.cells[column]?.trim()) || null;
  }
  /** `line/column`, both from 1. */
  where(field: OpenItemField): string {
    const column = this.columns.get(field);
    return column === undefined ? `${this.record.line}` : `${this.record.line}/${column + 1}`;
  }
  failed<Code extends OpenItemFailure["code"]>(
    field: OpenItemField,
    code: Code,
    message: string,
  ): { ok: false; error: Failure<Code> } {
    return fail("invalid", code, `${field}: ${message}`, this.where(field));
  }
  warn(field: OpenItemField, code: string, message: string): null {
    this.warnings.push({ code, message: `${field}: ${message}`, where: this.where(field) });
    return null;
  }
}

function yesNo(row: Row, field: OpenItemField): Result<boolean | null, OpenItemFailure> {
  const text = row.text(field);
  if (text === null) return ok(null);
  const value = lookUp(YES_NO, word(text));
  return value === undefined ? row.failed(field, "yes_no_unknown", "The value is neither yes nor no.") : ok(value);
}

function moneyOf(
  row: Row,
  mapping: ColumnMapping,
  usual: Currency,
): Result<{ stated: Decimal; amount: Money }, OpenItemFailure> {
  const code = row.text("currency");
  const unit = code === null ? ok(usual) : currencyOf(code === "€" ? "EUR" : code.toUpperCase());
  if (!unit.ok) return row.failed("currency", "currency_unknown", "The value is not an ISO 4217 currency code.");
  const stated = localDecimal(row.text("amount") ?? "", mapping.numberStyle);
  if (!stated.ok)
    return row.failed(
      "amount",
      stated.error.code === "amount_ambiguous" ? "amount_ambiguous" : "amount_invalid",
      stated.error.message,
    );
  const amount = moneyFromDecimal(stated.value, unit.value);
  if (!amount.ok) return row.failed("amount", amount.error.code, amount.error.message);
  return ok({ stated: stated.value, amount: amount.value });
}

function dayOf(
  row: Row,
  field: "issue_date" | "due_date",
  mapping: ColumnMapping,
): Result<PlainDate | null, OpenItemFailure> {
  const text = row.text(field);
  if (text === null) return ok(null);
  const day = localDate(text, mapping.dateStyle);
  return day.ok
    ? day
    : row.failed(field, day.error.code === "date_ambiguous" ? "date_ambiguous" : "date_invalid", day.error.message);
}

function ibanIn(row: Row): Iban | null {
  const text = row.text("iban");
  if (text === null) return null;
  const read = ibanOf(text);
  return read.ok ? read.value : row.warn("iban", "iban_invalid", `${read.error.message} It was left out.`);
}

function emailIn(row: Row): string | null {
  const text = row.text("email");
  if (text === null || /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/.test(text)) return text;
  return row.warn("email", "email_invalid", "The value is not an e-mail address. It was left out.");
}

function countryIn(row: Row): string | null {
  const text = row.text("country");
  if (text === null) return null;
  const known = lookUp(COUNTRIES, word(text)) ?? (/^[a-z]{2}$/i.test(text) ? text.toUpperCase() : null);
  return (
    known ?? row.warn("country", "country_unknown", "The value is not a two-letter country code. It was left out.")
  );
}

function termIn(row: Row): number | null {
  const text = row.text("term_from_delivery");
  if (text === null) return null;
  if (/^\d{1,3}$/.test(text) && Number(text) <= 365) return Number(text);
  return row.warn("term_from_delivery", "term_invalid", "The value is no number of days up to 365. It was left out.");
}

function discountsOf(row: Row): readonly Discount[] {
  const text = row.text("discount_terms");
  if (text === null) return [];
  const read = discountsInColumn(text);
  if (read === undefined)
    row.warn(
      "discount_terms",
      "discount_unreadable",
      "The value is no discount such as 2% 10 (days). It was left out.",
    );
  return read ?? [];
}

function itemOf(
  record: CsvRecord,
  table: CsvTable,
  mapping: ColumnMapping,
  columns: ReadonlyMap<OpenItemField, number>,
  usual: Currency,
): Result<OpenItem, OpenItemFailure> {
  const { cells, line } = record;
  const extra = cells.slice(table.header.length).some((cell) => cell.trim() !== "");
  if (extra || cells.length < Math.max(...columns.values()) + 1)
    return fail(
      "invalid",
      "columns_differ",
      `The row has ${cells.length} columns, the header ${table.header.length}.`,
      `${line}`,
    );
  const long = cells.findIndex((cell) => cell.length > TEXT_MAX);
  if (long >= 0 && [...columns.values()].includes(long))
    return fail("too_large", "field_too_long", `A field is longer than ${TEXT_MAX} characters.`, `${line}/${long + 1}`);
  const row = new Row(record, columns);
  const customerNumber = row.text("customer_number");
  if (customerNumber === null) return row.failed("customer_number", "field_missing", "The value is missing.");
  const invoiceNumber = row.text("invoice_number");
  if (invoiceNumber === null) return row.failed("invoice_number", "field_missing", "The value is missing.");
  const [name, company] = [row.text("name"), row.text("company")];
  if (name === null && company === null)
    return row.failed("name", "field_missing", "Name and company are both missing.");
  if (row.text("amount") === null) return row.failed("amount", "field_missing", "The value is missing.");
  const money = moneyOf(row, mapping, usual);
  if (!money.ok) return money;
  const dueDate = dayOf(row, "due_date", mapping);
  if (!dueDate.ok) return dueDate;
  if (dueDate.value === null) return row.failed("due_date", "field_missing", "The value is missing.");
  const issueDate = dayOf(row, "issue_date", mapping);
  if (!issueDate.ok) return issueDate;
  const kindText = row.text("kind");
  const kind = kindText === null ? null : lookUp(KINDS, word(kindText));
  if (kind === undefined) return row.failed("kind", "kind_unknown", "The value is neither consumer nor business.");
  const dueDateAgreed = yesNo(row, "due_date_agreed");
  if (!dueDateAgreed.ok) return dueDateAgreed;
  const notice30Days = yesNo(row, "notice_30_days");
  if (!notice30Days.ok) return notice30Days;
  if (issueDate.value !== null && issueDate.value > dueDate.value)
    row.warn("due_date", "due_before_issue", "The due date is before the issue date.");
  return ok({
    line,
    customerNumber,
    kind,
    firstName: row.text("first_name"),
    name,
    company,
    street: row.text("street"),
    postcode: row.text("postcode"),
    city: row.text("city"),
    country: countryIn(row),
    state: row.text("state"),
    email: emailIn(row),
    phone: row.text("phone"),
    language: row.text("language")?.toLowerCase() ?? null,
    iban: ibanIn(row),
    brand: row.text("brand"),
    invoiceNumber,
    orderNumber: row.text("order_number"),
    issueDate: issueDate.value,
    dueDate: dueDate.value,
    dueDateAgreed: dueDateAgreed.value,
    notice30Days: notice30Days.value,
    claimKind: row.text("claim_kind")?.toLowerCase() ?? null,
    termFromDelivery: termIn(row),
    discounts: discountsOf(row),
    stated: money.value.stated,
    amount: money.value.amount,
    warnings: row.warnings,
  });
}

/**
 * Rows in file order, each an item or a failure with `where` = `line/column`. When required columns are missing, the only
 * result is the failure `columns_missing`. `usual` is the currency of rows that name none.
 */
export function* readOpenItems(
  table: CsvTable,
  mapping: ColumnMapping,
  usual: Currency = EUR,
): Generator<Result<OpenItem, OpenItemFailure>> {
  if (mapping.missing.length > 0) {
    yield fail(
      "invalid",
      "columns_missing",
      `No column was recognised for: ${mapping.missing.join(", ")}. Assign the columns by a mapping.`,
      `${table.headerLine}`,
    );
    return;
  }
  const columns = new Map<OpenItemField, number>();
  for (const { field, column } of mapping.columns) if (field !== null) columns.set(field, column);
  for (const record of table.records) yield itemOf(record, table, mapping, columns, usual);
}
