/**
 * Which column of a table is which field of an open item. The contract's own names need no mapping; other headers are
 * matched by German and English synonyms, then by what stands in the column. A guess carries its confidence and is meant
 * to be shown and corrected; `confirmedMapping` takes the correction.
 */
import { type Failure, fail, ok, type Result } from "../../kernel/index.ts";
import { iban } from "../code/iban.ts";
import { type DateStyle, dateStyleOf, localDate, type NumberStyle, numberStyleOf } from "../text/notation.ts";
import type { CsvTable } from "./csv.ts";

export const OPEN_ITEM_FIELDS = [
  "customer_number",
  "kind",
  "first_name",
  "name",
  "company",
  "street",
  "postcode",
  "city",
  "country",
  "state",
  "email",
  "phone",
  "language",
  "iban",
  "brand",
  "invoice_number",
  "order_number",
  "issue_date",
  "due_date",
  "due_date_agreed",
  "notice_30_days",
  "claim_kind",
  "amount",
  "currency",
  "term_from_delivery",
  "discount_terms",
] as const; // prettier-ignore
export type OpenItemField = (typeof OPEN_ITEM_FIELDS)[number];

export interface ColumnGuess {
  /** 0 for the first. */
  readonly column: number;
  readonly header: string;
  readonly field: OpenItemField | null;
  /** 1: the contract's own name; 0: nothing known about the column. */
  readonly confidence: number;
}

export interface ColumnMapping {
  readonly columns: readonly ColumnGuess[];
  readonly numberStyle: NumberStyle;
  readonly dateStyle: DateStyle;
  /**
   * Required fields that no column gives, or only by a weak guess, which a person has to confirm first
   * (`name` stands for name or company).
   */
  readonly missing: readonly OpenItemField[];
}

const SYNONYMS: Readonly<Record<OpenItemField, readonly string[]>> = {
  customer_number: [
    "kundennummer",
    "kundennr",
    "kdnr",
    "kundenid",
    "kunde nr",
    "debitor",
    "debitorennummer",
    "debitornr",
    "debitorenkonto",
    "personenkonto",
    "customer no",
    "customer id",
    "client number",
    "account number",
    "konto",
    "kontonummer",
  ],
  kind: ["kundenart", "kundentyp", "customer type", "customer kind", "b2b b2c"],
  first_name: ["vorname", "first name", "given name", "firstname"],
  name: [
    "nachname",
    "familienname",
    "last name",
    "lastname",
    "surname",
    "kunde",
    "kundenname",
    "customer name",
    "customer",
    "name 1",
    "name1",
    "empfanger",
  ],
  company: ["firma", "firmenname", "unternehmen", "organisation", "company name", "organization"],
  street: [
    "strasse",
    "strasse hausnummer",
    "strasse und hausnummer",
    "anschrift",
    "adresse",
    "address",
    "street address",
    "address line 1",
    "address 1",
  ],
  postcode: ["plz", "postleitzahl", "zip", "zip code", "postal code", "zipcode"],
  city: ["ort", "stadt", "wohnort", "town"],
  country: ["land", "landercode", "lkz", "country code", "laenderkennzeichen", "landerkennzeichen"],
  state: ["bundesland", "region", "province", "kanton"],
  email: ["e mail", "mail", "emailadresse", "e mail adresse", "email address"],
  phone: ["telefon", "tel", "telefonnummer", "handy", "mobil", "mobile", "phone number", "rufnummer"],
  language: ["sprache", "lang", "sprachcode"],
  iban: ["bankverbindung", "bankkonto", "bank account"],
  brand: ["marke", "shop", "mandant"],
  invoice_number: [
    "rechnungsnummer",
    "rechnungsnr",
    "rechnung",
    "rechnung nr",
    "re nr",
    "renr",
    "belegnummer",
    "belegnr",
    "beleg",
    "belegfeld 1",
    "belegfeld1",
    "rgnr",
    "rg nr",
    "invoice",
    "invoice no",
    "invoice id",
    "document number",
    "document no",
    "bill number",
  ],
  order_number: [
    "bestellnummer",
    "bestellnr",
    "auftragsnummer",
    "auftragsnr",
    "auftrag",
    "order",
    "order no",
    "order id",
    "purchase order",
  ],
  issue_date: [
    "rechnungsdatum",
    "belegdatum",
    "datum",
    "rechnung vom",
    "invoice date",
    "document date",
    "date",
    "issued",
    "issue date",
  ],
  due_date: [
    "falligkeit",
    "falligkeitsdatum",
    "fallig",
    "fallig am",
    "fallig seit",
    "zahlbar bis",
    "zahlungsziel datum",
    "due",
    "due on",
    "payment due",
    "due date",
    "nettofalligkeit",
  ],
  due_date_agreed: ["falligkeit vereinbart", "kalendermassig bestimmt"],
  notice_30_days: ["hinweis 30 tage", "30 tage hinweis", "verzugshinweis"],
  claim_kind: ["forderungsart", "anspruchsart", "claim type"],
  amount: [
    "betrag",
    "offener betrag",
    "offen",
    "offener posten",
    "restbetrag",
    "saldo",
    "op betrag",
    "rechnungsbetrag",
    "bruttobetrag",
    "brutto",
    "summe",
    "open amount",
    "amount due",
    "outstanding",
    "balance",
    "amount open",
    "gross amount",
    "total",
    "betrag eur",
    "amount eur",
    "forderung",
  ],
  term_from_delivery: [
    "tage ab lieferung",
    "frist ab lieferung",
    "zahlungsziel ab lieferung",
    "zahlbar nach lieferung",
    "days from delivery",
  ],
  discount_terms: ["skonto", "skontobedingung", "skontobedingungen", "zahlungsbedingung", "discount", "cash discount"],
  currency: ["wahrung", "wkz", "waehrung", "wkz umsatz", "curr", "currency code"],
}; // prettier-ignore

/** Open amounts before totals: what is left is what is owed. */
const OPEN_FIRST = /offen|rest|saldo|open|outstanding|balance|due/;

/** Lower case, no diacritics, words by single spaces: `Fällig am:` → `fallig am`. */
export const normalised = (header: string): string =>
  header
    .toLowerCase()
    .replaceAll("ß", "ss")
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .replace(/[^a-z0-9]+/g, " ")
    .trim();
const joined = (text: string): string => text.replaceAll(" ", "");

/** How well a header fits one of these names: 0.95 the same words, less for a part; whatever its case and diacritics. */
export function headerScore(header: string, names: readonly string[]): number {
  const words = normalised(header);
  if (words === "") return 0;
  if (names.some((name) => joined(name) === joined(words))) return 0.95;
  const parts = words.split(" ");
  if (names.some((name) => name.length >= 3 && parts.includes(name))) return 0.6;
  return names.some((name) => name.length >= 5 && joined(words).includes(joined(name))) ? 0.5 : 0;
}

function nameScore(header: string, field: OpenItemField): number {
  if (header.trim().toLowerCase() === field) return 1;
  const score = headerScore(header, [field.replaceAll("_", " "), ...SYNONYMS[field]]);
  return score === 0.95 && field === "amount" && OPEN_FIRST.test(normalised(header)) ? 0.97 : score;
}

/** What the content says, from up to 200 values. */
function contentScore(values: readonly string[], field: OpenItemField): number {
  const share = (test: (value: string) => boolean): number =>
    values.length === 0 ? 0 : values.filter(test).length / values.length;
  const mostly = (test: (value: string) => boolean, score: number): number => (share(test) >= 0.9 ? score : 0);
  switch (field) {
    case "iban":
      return mostly((value) => iban(value).ok, 0.8);
    case "email":
      return mostly((value) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value), 0.8);
    case "currency":
      return mostly((value) => /^(EUR|CHF|USD|GBP|SEK|DKK|NOK|PLN|CZK)$/.test(value), 0.7);
    case "postcode":
      return mostly((value) => /^\d{5}$/.test(value), 0.3);
    case "due_date":
      return mostly((value) => localDate(value, "day_first").ok, 0.2);
    case "amount":
      return mostly((value) => /^-?[\d.,']+[.,]\d{2}(\s?(€|EUR))?-?$/.test(value), 0.4);
    default:
      return 0;
  }
}

/** Content that contradicts a name: a column called `Betrag` full of words is no amount. */
function contradicts(values: readonly string[], field: OpenItemField): boolean {
  if (values.length === 0) return false;
  const bad = (test: (value: string) => boolean): boolean => values.filter(test).length > values.length / 2;
  if (field === "amount") return bad((value) => !/\d/.test(value) || /[a-z]{4}/i.test(value));
  if (field === "due_date" || field === "issue_date")
    return bad((value) => !localDate(value, "day_first").ok && !localDate(value, "month_first").ok);
  if (field === "email") return bad((value) => !value.includes("@"));
  return false;
}

const valuesOf = (table: CsvTable, column: number | undefined): string[] => {
  if (column === undefined) return [];
  const values: string[] = [];
  for (const { cells } of table.records) {
    // What is guessed from needs its beginning only; patterns must stay cheap on hostile fields.
    const value = cells[column]?.slice(0, 200).trim();
    if (value) values.push(value);
  }
  return values;
};

/** Below it a guess for a required field is shown but not used until confirmed: a birthday is a date too. */
const SURE_ENOUGH = 0.5;

function missingOf(columns: readonly ColumnGuess[]): OpenItemField[] {
  const sure = new Set(columns.filter(({ confidence }) => confidence >= SURE_ENOUGH).map(({ field }) => field));
  const required: OpenItemField[] = ["customer_number", "invoice_number", "due_date", "amount"];
  const missing = required.filter((field) => !sure.has(field));
  return sure.has("name") || sure.has("company") ? missing : [...missing, "name"];
}

function styled(
  table: CsvTable,
  columns: readonly ColumnGuess[],
  styles: { numberStyle?: NumberStyle; dateStyle?: DateStyle },
): ColumnMapping {
  const columnOf = (field: OpenItemField): number | undefined => columns.find((guess) => guess.field === field)?.column;
  const days = [...valuesOf(table, columnOf("due_date")), ...valuesOf(table, columnOf("issue_date"))];
  return {
    columns,
    numberStyle: styles.numberStyle ?? numberStyleOf(valuesOf(table, columnOf("amount"))),
    dateStyle: styles.dateStyle ?? dateStyleOf(days),
    missing: missingOf(columns),
  };
}

/** Best guess: the surest pairs first, each field and column once. */
export function guessMapping(table: CsvTable): ColumnMapping {
  const pairs: { column: number; field: OpenItemField; score: number }[] = [];
  for (const [column, header] of table.header.entries()) {
    const sample = valuesOf({ ...table, records: table.records.slice(0, 200) }, column);
    for (const field of OPEN_ITEM_FIELDS) {
      const byName = nameScore(header, field);
      const score = byName === 1 ? 1 : contradicts(sample, field) ? 0 : Math.max(byName, contentScore(sample, field));
      if (score > 0) pairs.push({ column, field, score });
    }
  }
  pairs.sort((a, b) => b.score - a.score || a.column - b.column);
  const byColumn = new Map<number, { field: OpenItemField; score: number }>();
  const taken = new Set<OpenItemField>();
  for (const { column, field, score } of pairs) {
    if (byColumn.has(column) || taken.has(field)) continue;
    byColumn.set(column, { field, score });
    taken.add(field);
  }
  const columns = table.header.map((header, column): ColumnGuess => {
    const found = byColumn.get(column);
    return { column, header, field: found?.field ?? null, confidence: found?.score ?? 0 };
  });
  return styled(table, columns, {});
}

export interface MappingCorrection {
  /** Header (or `#3` for the third column) → field, or null to leave the column out. */
  readonly columns?: Readonly<Record<string, OpenItemField | null>>;
  readonly numberStyle?: NumberStyle;
  readonly dateStyle?: DateStyle;
}

/** The guess with a person's corrections, which win over everything guessed. */
export function confirmedMapping(
  table: CsvTable,
  correction: MappingCorrection,
): Result<ColumnMapping, Failure<"mapping_column_unknown" | "mapping_field_unknown" | "mapping_field_twice">> {
  const wanted = new Map<number, OpenItemField | null>();
  for (const [header, field] of Object.entries(correction.columns ?? {})) {
    const column = /^#\d+$/.test(header) ? Number(header.slice(1)) - 1 : table.header.indexOf(header);
    if (column < 0 || column >= table.header.length)
      return fail(
        "invalid",
        "mapping_column_unknown",
        "The mapping names a column the file does not have.",
        header.slice(0, 60),
      );
    if (field !== null && !OPEN_ITEM_FIELDS.includes(field))
      return fail(
        "invalid",
        "mapping_field_unknown",
        "The mapping names a field that open items do not have.",
        header.slice(0, 60),
      );
    wanted.set(column, field);
  }
  const set = [...wanted.values()].filter((field) => field !== null);
  if (new Set(set).size < set.length)
    return fail("invalid", "mapping_field_twice", "The mapping gives one field to two columns.");
  const columns = guessMapping(table).columns.map((guess): ColumnGuess => {
    const field = wanted.get(guess.column);
    if (field !== undefined) return { ...guess, field, confidence: 1 };
    return guess.field !== null && set.includes(guess.field) ? { ...guess, field: null, confidence: 0 } : guess;
  });
  return ok(styled(table, columns, correction));
}
