/**
 * Which column of a table is which field of an open item. The contract's own names need no mapping; other headers are
 * matched by German and English synonyms, then by what stands in the column. A guess carries its confidence and is meant
 * to be shown and corrected; `confirmedMapping` takes the correction.
 */
import { type Failure, fail, ok, type Result } from "../../kernel/index.ts";
import { iban } from "../code/iban.ts";
import { type DateStyle, dateStyleOf, localDate, type NumberStyle, numberStyleOf } from "../text/notation.ts";
import type { CsvTable } from "./csv.ts";
import { ITEM_HEADERS, OPEN_ITEM_FIELDS, type OpenItemField } from "./item-headers.ts";

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
  const score = headerScore(header, [field.replaceAll("_", " "), ...ITEM_HEADERS[field]]);
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

/**
 * A known header that stands over two columns: which of them holds what is owed, nobody can tell but a person, by `#3`.
 * Place `line/column` of the second. Headers that mean nothing to us may repeat.
 */
function columnTwice(
  table: CsvTable,
  guessed: readonly ColumnGuess[],
  correction: MappingCorrection,
): ReturnType<typeof fail<"column_twice">> | null {
  const decided = new Set(Object.keys(correction.columns ?? {}));
  const open = guessed.filter(({ column }) => !decided.has(`#${column + 1}`));
  for (const { column, header, field } of guessed) {
    if (field === null || nameScore(header, field) === 0) continue;
    const other = open.find((one) => one.column !== column && normalised(one.header) === normalised(header));
    // The person chose this column, or left the other one out, by its number.
    if (!other || decided.has(`#${column + 1}`)) continue;
    return fail(
      "invalid",
      "column_twice",
      `Two columns are called "${header.slice(0, 60)}" (${field}). Take one away, or assign the columns by number, such as #${column + 1}.`,
      `${table.headerLine}/${Math.max(column, other.column) + 1}`,
    );
  }
  return null;
}

/**
 * The guess with a person's corrections, which win over everything guessed.
 * Errors: those of the correction, and `column_twice` for a known header over two columns that no correction tells apart.
 */
export function confirmedMapping(
  table: CsvTable,
  correction: MappingCorrection,
): Result<
  ColumnMapping,
  Failure<"mapping_column_unknown" | "mapping_field_unknown" | "mapping_field_twice" | "column_twice">
> {
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
  const guessed = guessMapping(table).columns;
  const twice = columnTwice(table, guessed, correction);
  if (twice) return twice;
  const columns = guessed.map((guess): ColumnGuess => {
    const field = wanted.get(guess.column);
    if (field !== undefined) return { ...guess, field, confidence: 1 };
    return guess.field !== null && set.includes(guess.field) ? { ...guess, field: null, confidence: 0 } : guess;
  });
  return ok(styled(table, columns, correction));
}
