/**
 * CSV, RFC 4180 (https://www.rfc-editor.org/rfc/rfc4180), as programs write it: comma, semicolon, tab or bar; UTF-8 with
 * or without mark, UTF-16, Windows-1252; LF, CRLF or CR; Excel's `sep=;` line. Text is kept as it is, formulas too:
 * they are harmless as data and neutralised by `csvCell` when written.
 */
import { type Failure, fail, ok, type Result } from "../../kernel/index.ts";
import { decodeText } from "../text/encoding.ts";

export type CsvFailure = Failure<
  | "csv_empty"
  | "csv_binary"
  | "csv_too_large"
  | "csv_too_many_rows"
  | "csv_too_many_columns"
  | "csv_field_too_long"
  | "csv_quote_open"
  | "csv_quote_misplaced"
>; // prettier-ignore

export interface CsvLimits {
  readonly bytesMax: number;
  readonly rowsMax: number;
  readonly columnsMax: number;
  readonly fieldCharsMax: number;
}
export const CSV_LIMITS: CsvLimits = {
  bytesMax: 256 * 1_048_576,
  rowsMax: 5_000_000,
  columnsMax: 512,
  fieldCharsMax: 100_000,
};

export type Delimiter = "," | ";" | "\t" | "|";
const DELIMITERS: readonly Delimiter[] = [";", ",", "\t", "|"];

export interface CsvRecord {
  /** Line on which the record starts, 1 for the first of the file. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface CsvTable {
  readonly encoding: string;
  readonly delimiter: Delimiter;
  readonly header: readonly string[];
  readonly headerLine: number;
  readonly records: readonly CsvRecord[];
}

/** Where in its text a record stands. */
interface PlacedRecord extends CsvRecord {
  readonly from: number;
  readonly to: number;
}

/** Records of a text; empty lines are left out. A failure is the last thing given. */
export function* csvRecords(
  text: string,
  delimiter: Delimiter,
  limits: CsvLimits = CSV_LIMITS,
): Generator<Result<CsvRecord, CsvFailure>> {
  for (const record of placedRecords(text, delimiter, limits)) {
    if (!record.ok) return yield record;
    const { line, cells } = record.value;
    yield ok({ line, cells });
  }
}

/** A record whose cells are cut out when they are asked for: a list of a million items is its text and little more. */
class KeptRecord implements CsvRecord {
  readonly line: number;
  private readonly of: CsvText;
  private readonly from: number;
  private readonly to: number;

  constructor(of: CsvText, { line, from, to }: PlacedRecord) {
    this.of = of;
    this.line = line;
    this.from = from;
    this.to = to;
  }

  get cells(): readonly string[] {
    return this.of.cellsAt(this.from, this.to);
  }
}

class CsvText {
  private readonly text: string;
  private readonly delimiter: Delimiter;
  private readonly limits: CsvLimits;
  /** Those asked for last: a row is read field by field. */
  private last: { readonly from: number; readonly cells: readonly string[] } | undefined;

  constructor(text: string, delimiter: Delimiter, limits: CsvLimits) {
    this.text = text;
    this.delimiter = delimiter;
    this.limits = limits;
  }

  cellsAt(from: number, to: number): readonly string[] {
    if (this.last?.from !== from) {
      const [record] = placedRecords(this.text.slice(from, to), this.delimiter, this.limits);
      this.last = { from, cells: record?.ok ? record.value.cells : [] };
    }
    return this.last.cells;
  }
}

function* placedRecords(
  text: string,
  delimiter: Delimiter,
  limits: CsvLimits,
): Generator<Result<PlacedRecord, CsvFailure>> {
  let at = 0;
  let line = 1;
  let rows = 0;
  while (at < text.length) {
    const start = line;
    const from = at;
    const cells: string[] = [];
    let lineStart = at;
    let ended = false;
    while (!ended) {
      let cell: string;
      if (text[at] === '"') {
        const [quoteLine, quoteColumn] = [line, at - lineStart + 1];
        cell = "";
        at += 1;
        for (;;) {
          const quote = text.indexOf('"', at);
          if (quote < 0)
            return yield fail(
              "invalid",
              "csv_quote_open",
              "A quotation mark is opened and never closed.",
              `${quoteLine}:${quoteColumn}`,
            );
          cell += text.slice(at, quote);
          at = quote + 1;
          if (text[at] !== '"') break;
          cell += '"';
          at += 1;
        }
        for (const end of cell.matchAll(/\r\n|\n|\r/g)) {
          line += 1;
          lineStart = at - (cell.length - end.index);
        }
        while (text[at] === " " && delimiter !== ("\t" as Delimiter)) at += 1;
        if (at < text.length && text[at] !== delimiter && text[at] !== "\n" && text[at] !== "\r")
          return yield fail(
            "invalid",
            "csv_quote_misplaced",
            "Text follows a closing quotation mark.",
            `${line}:${Math.max(1, at - lineStart + 1)}`,
          );
      } else {
        let end = at;
        for (; end < text.length; end += 1) {
          const code = text.charCodeAt(end);
          if (code === 10 || code === 13 || text[end] === delimiter) break;
        }
        cell = text.slice(at, end);
        at = end;
      }
      if (cell.length > limits.fieldCharsMax)
        return yield fail(
          "too_large",
          "csv_field_too_long",
          `A field is longer than ${limits.fieldCharsMax} characters.`,
          `${start}:${cells.length + 1}`,
        );
      cells.push(cell);
      if (cells.length > limits.columnsMax)
        return yield fail(
          "too_large",
          "csv_too_many_columns",
          `A row has more than ${limits.columnsMax} columns.`,
          `${start}:1`,
        );
      if (text[at] === delimiter) at += 1;
      else ended = true;
    }
    const to = at;
    if (at < text.length) {
      at += text[at] === "\r" && text[at + 1] === "\n" ? 2 : 1;
      line += 1;
    }
    if (cells.every((cell) => cell.trim() === "")) continue;
    rows += 1;
    if (rows > limits.rowsMax)
      return yield fail(
        "too_large",
        "csv_too_many_rows",
        `The file has more than ${limits.rowsMax} rows.`,
        `${start}:1`,
      );
    yield ok({ line: start, cells, from, to });
  }
}

/** The delimiter that cuts the first rows most evenly; null when none gives two columns. */
export function detectDelimiter(text: string): Delimiter | null {
  const sample = text.slice(0, 65_536);
  let best: { delimiter: Delimiter; even: number; columns: number } | null = null;
  for (const delimiter of DELIMITERS) {
    const widths: number[] = [];
    for (const record of csvRecords(sample, delimiter)) {
      if (!record.ok || widths.length >= 50) break;
      widths.push(record.value.cells.length);
    }
    // The last row of a sample may be cut.
    if (widths.length > 1 && sample.length < text.length) widths.pop();
    const columns = widths[0] ?? 0;
    if (columns < 2) continue;
    const even = widths.filter((width) => width === columns).length / widths.length;
    if (!best || even > best.even + 0.1 || (even >= best.even - 0.1 && columns > best.columns))
      best = { delimiter, even, columns };
  }
  return best?.delimiter ?? null;
}

/** A whole file with its header. Errors: `CsvFailure`, `where` = `line:column` (character, or field for lengths). */
export function readCsv(
  bytes: Uint8Array,
  options: { readonly delimiter?: Delimiter; readonly limits?: CsvLimits } = {},
): Result<CsvTable, CsvFailure> {
  const limits = options.limits ?? CSV_LIMITS;
  if (bytes.length > limits.bytesMax)
    return fail("too_large", "csv_too_large", `The file is larger than ${limits.bytesMax} bytes.`);
  const { text, encoding } = decodeText(bytes);
  const zero = text.indexOf("\0");
  if (zero >= 0)
    return fail(
      "invalid",
      "csv_binary",
      "The file is not text: it has zero bytes.",
      `${text.slice(0, zero).split("\n").length}:1`,
    );
  const named = /^sep=([,;|\t])\r?\n/i.exec(text);
  const delimiter =
    options.delimiter ??
    (named?.[1] as Delimiter | undefined) ??
    detectDelimiter(named ? text.slice(named[0].length) : text) ??
    ",";
  const records: CsvRecord[] = [];
  const kept = new CsvText(text, delimiter, limits);
  for (const record of placedRecords(text, delimiter, limits)) {
    if (!record.ok) return record;
    records.push(new KeptRecord(kept, record.value));
  }
  if (named) records.shift();
  const header = records.shift();
  if (!header) return fail("invalid", "csv_empty", "The file has no rows.", "1:1");
  return ok({ encoding, delimiter, header: header.cells.map((cell) => cell.trim()), headerLine: header.line, records });
}

/**
 * One cell for a spreadsheet. Text that a spreadsheet would run as a formula (`=`, `+`, `-`, `@`, tab, return in front:
 * https://owasp.org/www-community/attacks/CSV_Injection) gets an apostrophe in front; plain numbers stay as they are.
 */
export function csvCell(value: string | number | bigint | null | undefined, delimiter: Delimiter = ";"): string {
  if (value === null || value === undefined) return "";
  let text = String(value);
  if (/^[\s\uFEFF]*[=+\-@＝＋－＠\t\r]/.test(text) && !/^[+-]?\d+([.,]\d+)?$/.test(text)) text = `'${text}`;
  return text.includes(delimiter) || /["\r\n]/.test(text) || text !== text.trim()
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}

/** Rows for spreadsheets: UTF-8 with mark (Excel needs it), CRLF, every cell neutralised. */
export function writeCsv(
  rows: Iterable<readonly (string | number | bigint | null | undefined)[]>,
  delimiter: Delimiter = ";",
): string {
  let text = "\uFEFF";
  for (const row of rows) text += `${row.map((cell) => csvCell(cell, delimiter)).join(delimiter)}\r\n`;
  return text;
}
