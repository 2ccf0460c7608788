/** Payment advices as CSV: a row a document, with the advice's number in each or in the first of its rows. */
import { type Decimal, type Failure, fail, ok, type Result } from "../../kernel/index.ts";
import { addDecimals, negateDecimal, type ReadWarning } from "../bank/statement.ts";
import { type CsvFailure, type CsvRecord, readCsv } from "../table/csv.ts";
import { dateStyleOf, localDate, localDecimal, numberStyleOf } from "../text/notation.ts";
import { type AdviceLine, checkedAdvice, type PaymentAdvice, type PaymentAdvices } from "./model.ts";

export type AdviceTableFailure = Failure<"advice_columns_missing" | "advice_without_lines">;

type Field = "number" | "date" | "payer" | "document" | "amount" | "asked" | "deduction" | "total" | "currency";

/** Names of columns, compared without case and signs. */
const NAMES: Readonly<Record<Field, readonly string[]>> = {
  number: [
    "advice number",
    "advice no",
    "advice",
    "payment advice",
    "payment advice number",
    "remittance number",
    "remittance advice",
    "remittance advice number",
    "avis",
    "avisnummer",
    "avis-nr",
    "avisnr",
    "zahlungsavis",
    "zahlungsavisnummer",
    "zahlungsavis-nr",
    "avisreferenz",
    "numéro d'avis",
    "avis de paiement",
  ],
  date: [
    "advice date",
    "payment date",
    "value date",
    "date",
    "zahlungsdatum",
    "zahldatum",
    "avisdatum",
    "datum",
    "valuta",
    "ausführungsdatum",
  ],
  payer: [
    "payer",
    "payer name",
    "customer",
    "sender",
    "zahler",
    "zahlungspflichtiger",
    "absender",
    "auftraggeber",
    "kunde",
  ],
  document: [
    "invoice number",
    "invoice",
    "invoice no",
    "document",
    "document number",
    "document no",
    "reference",
    "rechnungsnummer",
    "rechnung",
    "rechnungs-nr",
    "rechnungsnr",
    "beleg",
    "belegnummer",
    "belegnr",
    "beleg-nr",
    "re-nr",
    "facture",
  ],
  amount: [
    "amount paid",
    "paid amount",
    "payment amount",
    "net amount",
    "amount",
    "zahlbetrag",
    "zahlungsbetrag",
    "gezahlt",
    "bezahlt",
    "nettobetrag",
    "betrag",
    "montant",
  ],
  asked: ["invoice amount", "gross amount", "rechnungsbetrag", "bruttobetrag"],
  deduction: [
    "deduction",
    "deductions",
    "discount",
    "cash discount",
    "abzug",
    "abzüge",
    "skonto",
    "skontobetrag",
    "kürzung",
    "minderung",
    "escompte",
  ],
  total: ["total", "total amount", "advice total", "gesamtbetrag", "avisbetrag", "summe", "gesamt"],
  currency: ["currency", "währung", "whg", "devise"],
}; // prettier-ignore

const bare = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

function placesOf(columns: readonly string[]): Readonly<Record<Field, number>> {
  const given = columns.map(bare);
  const place = (names: readonly string[]): number => {
    for (const name of names) {
      const found = given.indexOf(bare(name));
      if (found >= 0) return found;
    }
    return -1;
  };
  return Object.fromEntries(Object.entries(NAMES).map(([field, names]) => [field, place(names)])) as Record<
    Field,
    number
  >;
} // prettier-ignore

/** A table that names an advice, a document and an amount is one; open items name no advice. */
export function isAdviceTable(columns: readonly string[]): boolean {
  const { number, document, amount, asked } = placesOf(columns);
  return number >= 0 && document >= 0 && (amount >= 0 || asked >= 0);
}

interface Group {
  readonly first: CsvRecord;
  readonly lines: AdviceLine[];
  total: Decimal | null;
}

/** Errors: `CsvFailure`, `AdviceTableFailure`. Rows that can't be read are told and left out. */
export function readAdviceTable(bytes: Uint8Array): Result<PaymentAdvices, AdviceTableFailure | CsvFailure> {
  const table = readCsv(bytes);
  if (!table.ok) return table;
  const { header, records } = table.value;
  if (!isAdviceTable(header))
    return fail("invalid", "advice_columns_missing", "The table names no advice, document or amount.", "1:1");
  const places = placesOf(header);
  const cell = (record: CsvRecord, field: Field): string => record.cells[places[field]]?.trim() ?? "";
  const all = (field: Field): string[] => records.map((record) => cell(record, field));
  const numbers = numberStyleOf([...all("amount"), ...all("asked"), ...all("deduction"), ...all("total")]);
  const dates = dateStyleOf(all("date"));
  const warnings: ReadWarning[] = [];
  const amount = (record: CsvRecord, field: Field): Decimal | null => {
    const text = cell(record, field);
    if (text === "") return null;
    const read = localDecimal(text, numbers);
    if (read.ok) return read.value;
    warnings.push({ code: read.error.code, message: read.error.message, where: `${record.line}:${places[field] + 1}` });
    return null;
  };
  const groups = new Map<string, Group>();
  let number = "";
  for (const record of records) {
    number = cell(record, "number") || number;
    const key = JSON.stringify([number, cell(record, "currency")]);
    const group = groups.get(key) ?? { first: record, lines: [], total: null };
    groups.set(key, group);
    group.total ??= amount(record, "total");
    const document = cell(record, "document");
    if (document === "") continue;
    const [asked, stated, deduction] = [amount(record, "asked"), amount(record, "amount"), amount(record, "deduction")];
    const paid = stated ?? (asked && deduction ? addDecimals(asked, negateDecimal(absolute(deduction))) : asked);
    if (paid === null) {
      warnings.push({
        code: "advice_amount_invalid",
        message: "A document of the advice has no amount; it was left out.",
        where: `${record.line}:1`,
      });
      continue;
    }
    const difference = asked && stated ? addDecimals(asked, negateDecimal(stated)) : null;
    group.lines.push({
      line: record.line,
      document,
      amount: paid,
      deduction: deduction ? absolute(deduction) : difference,
    });
  }
  const advices: PaymentAdvice[] = [...groups.values()]
    .filter(({ lines }) => lines.length > 0)
    .map(({ first, lines, total }) => {
      const day = localDate(cell(first, "date"), dates);
      const code = cell(first, "currency").toUpperCase();
      return checkedAdvice(
        {
          number: cell(first, "number") || null,
          date: day.ok ? day.value : null,
          currency: /^[A-Z]{3}$/.test(code) ? code : null,
          payer: cell(first, "payer") || null,
          lines,
          stated: total,
        },
        warnings,
        `${first.line}:1`,
      );
    });
  if (advices.length === 0)
    return fail("invalid", "advice_without_lines", "The advice names no documents with amounts.", "2:1");
  return ok({ format: "CSV advice", advices, records: records.length, warnings });
}

/** Deductions are written with and without a minus. */
const absolute = (value: Decimal): Decimal => (value.digits < 0n ? negateDecimal(value) : value);
