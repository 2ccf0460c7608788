/**
 * A DATEV file as rows with named columns, https://developer.datev.de/de/file-format/details/datev-format. Windows-1252 or
 * UTF-8, semicolons. Rows whose quotation marks don't close are told and read past: a record is a line here, so that one
 * broken row never swallows the rest.
 */
import { fail, ok, type Result } from "../../kernel/index.ts";
import type { ReadWarning } from "../bank/statement.ts";
import { CSV_LIMITS, type CsvFailure, type CsvRecord, csvRecords } from "../table/csv.ts";
import { decodeText } from "../text/encoding.ts";
import { type DatevFailure, type DatevHeader, readDatevHeader } from "./header.ts";

export interface DatevFile {
  readonly header: DatevHeader;
  readonly encoding: string;
  readonly columns: readonly string[];
  /** Rows under the headline, also those that can't be understood. */
  readonly records: readonly CsvRecord[];
  readonly warnings: readonly ReadWarning[];
}

const BROKEN_MAX = 100;

function* lenientRecords(text: string, warnings: ReadWarning[]): Generator<Result<CsvRecord, CsvFailure>> {
  let rest = text;
  let before = 0;
  for (let broken = 0; ; broken += 1) {
    let failed: CsvFailure | null = null;
    for (const record of csvRecords(rest, ";")) {
      if (record.ok) yield ok({ line: before + record.value.line, cells: record.value.cells });
      else failed = record.error;
    }
    if (failed === null) return;
    if (!failed.code.startsWith("csv_quote") || broken >= BROKEN_MAX) {
      yield { ok: false, error: failed };
      return;
    }
    const line = Number(failed.where?.split(":")[0] ?? 1);
    const lines = rest.split(/\r\n|\n|\r/, line);
    warnings.push({
      code: failed.code,
      message: "The quotation marks of a row don't match; it was not understood.",
      where: `${before + line}:1`,
    });
    yield ok({ line: before + line, cells: (lines.at(-1) ?? "").split(";") });
    let at = 0;
    for (let passed = 0; passed < line && at < rest.length; passed += 1) {
      const end = /\r\n|\n|\r/g;
      end.lastIndex = at;
      const found = end.exec(rest);
      at = found ? found.index + found[0].length : rest.length;
    }
    rest = rest.slice(at);
    before += line;
  }
}

/** Errors: `DatevFailure`, and `CsvFailure` for sizes; `where` is `line:column`. */
export function readDatevFile(bytes: Uint8Array): Result<DatevFile, DatevFailure | CsvFailure> {
  if (bytes.length > CSV_LIMITS.bytesMax)
    return fail("too_large", "csv_too_large", `The file is larger than ${CSV_LIMITS.bytesMax} bytes.`);
  const { text, encoding } = decodeText(bytes);
  if (text.includes("\0")) return fail("invalid", "csv_binary", "The file is not text: it has zero bytes.", "1:1");
  const warnings: ReadWarning[] = [];
  const rows: CsvRecord[] = [];
  for (const record of lenientRecords(text, warnings)) {
    if (!record.ok) return record;
    rows.push(record.value);
  }
  const [first, headline, ...records] = rows;
  if (!first) return fail("invalid", "datev_empty", "The file has no rows.", "1:1");
  const header = readDatevHeader(first.cells, warnings);
  if (!header.ok) return header;
  if (!headline) return fail("invalid", "datev_columns_missing", "The file has no line with column names.", "2:1");
  return ok({
    header: header.value,
    encoding,
    columns: headline.cells.map((cell) => cell.trim()),
    records,
    warnings,
  });
}

/** Names are compared without case, spaces, dots and brackets: `Kunden-/Lief.-Nr.`, `Zusatzinformation- Inhalt 1`. */
const bare = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** Index of the first column with one of the names; -1 when there is none. A `*` at the end stands for anything. */
export function columnNamed(columns: readonly string[], ...names: readonly string[]): number {
  const given = columns.map(bare);
  for (const name of names) {
    const open = name.endsWith("*");
    const wanted = bare(name);
    const found = given.findIndex((column) => (open ? column.startsWith(wanted) : column === wanted));
    if (found >= 0) return found;
  }
  return -1;
}
