/** Where the table of a bank's CSV begins, and what stands in front of it. */
import { type CsvLimits, csvRecords, type Delimiter } from "../../table/csv.ts";
import { decodeText, singleByteTexts } from "../../text/encoding.ts";
import { bareTable } from "./bare.ts";
import { type BankColumns, type BankField, bankColumns } from "./columns.ts";
import { cellOf, isSign } from "./rows.ts";

export const BANK_CSV_LIMITS: CsvLimits = {
  bytesMax: 96 * 1_048_576,
  rowsMax: 2_000_000,
  columnsMax: 512,
  fieldCharsMax: 100_000,
};

export interface BankTable {
  readonly delimiter: Delimiter;
  /** Line of the header. */
  readonly line: number;
  readonly header: readonly string[];
  readonly columns: BankColumns;
  /** Cells of the rows in front of the header. */
  readonly preamble: readonly (readonly string[])[];
}

/** Rows looked at for the notation of days and amounts. */
export const SAMPLE_ROWS = 20_000;

const DELIMITERS: readonly Delimiter[] = [";", ",", "\t", "|"];
/** Rows in front of the header: name of the account, period, balance, empty lines. */
const PREAMBLE_MAX = 30;

/** Null when the text is no bank statement. `head` is the beginning of the file, at least the header. */
export function bankTable(head: string): BankTable | null {
  const named = /^sep=([,;|\t])\r?\n/i.exec(head);
  for (const delimiter of DELIMITERS) {
    const preamble: (readonly string[])[] = [];
    for (const record of csvRecords(head, delimiter, BANK_CSV_LIMITS)) {
      if (!record.ok || preamble.length > PREAMBLE_MAX) break;
      const { cells, line } = record.value;
      const columns = bankColumns(cells);
      if (columns)
        return {
          delimiter,
          line,
          header: cells.map((cell) => cell.trim()),
          columns,
          preamble: named ? preamble.slice(1) : preamble,
        }; // prettier-ignore
      preamble.push(cells);
    }
  }
  for (const delimiter of DELIMITERS) {
    const bare = bareTable(head, delimiter);
    if (bare)
      return {
        delimiter,
        line: 0,
        header: Array.from({ length: bare.width }, () => ""),
        columns: bare.columns,
        preamble: [],
      }; // prettier-ignore
  }
  return null;
}

/** Beginning of a file by which its encoding is told. */
const HEAD_BYTES = 65_536;

/**
 * A bank's table from its bytes. Single bytes say nothing of their alphabet: of those that banks use, the one that makes
 * sense of most headers and puts no signs inside of words (Windows-1252 first).
 */
export function bankText(bytes: Uint8Array): string {
  const { text, encoding } = decodeText(bytes);
  if (encoding !== "windows-1252") return text;
  const head = singleByteTexts(bytes.subarray(0, HEAD_BYTES));
  const [best] = head
    .map((one) => ({ ...one, known: bankTable(one.text)?.columns.size ?? 0 }))
    .sort((a, b) => b.known - a.known || a.misfits - b.misfits);
  return best === undefined || best.encoding === encoding ? text : new TextDecoder(best.encoding).decode(bytes);
}

/** `Konto: DE02…`, `IBAN;DE02…`, `Kontonummer:;"1234"`. */
export function accountInFront({ preamble }: BankTable): string | null {
  const text = preamble.map((cells) => cells.join(" ").slice(0, 500)).join("\n");
  const iban = /(?<![A-Z0-9])([A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?)(?![A-Z0-9])/.exec(text)?.[1];
  if (iban && iban.replace(/\s/g, "").length >= 15) return iban.replace(/\s/g, "");
  return (
    /(?:konto(?:nummer)?|account(?: number)?|rekening(?:nummer)?|compte|numer rachunku)\D{0,20}(?!\s*\d\d?[/-]\d\d?[/-]\d)([\d/ -]{5,33}\d)/i
      .exec(text)?.[1]
      ?.trim() ?? null
  );
}

export const currencyInFront = ({ preamble, header }: BankTable): string | null => {
  const text = [...preamble.map((cells) => cells.join(" ")), header.join(" ")].join(" ").slice(0, 5_000);
  return /\b(EUR|CHF|USD|GBP|SEK|NOK|DKK|PLN|CZK|HUF)\b/.exec(text)?.[1] ?? (/€|\beuros?\b/i.test(text) ? "EUR" : null);
};

/** `Valuta` is a day in Germany and Italy, a currency in the North: the first row that has it decides. */
export function withCurrency(table: BankTable, text: string): BankTable {
  const { columns, delimiter, line } = table;
  if (!columns.has("value") || !columns.has("booked") || columns.has("currency")) return table;
  for (const record of csvRecords(text, delimiter, BANK_CSV_LIMITS)) {
    if (!record.ok) break;
    const cell = record.value.line > line ? cellOf(columns, record.value, "value") : "";
    if (cell === "") continue;
    if (!/^[A-Z]{3}$/.test(cell)) break;
    return {
      ...table,
      columns: new Map([...columns].map(([field, at]) => [field === "value" ? "currency" : field, at])),
    };
  }
  return table;
}

/** An account in front of the days that is the same in all rows is one's own, unless the table names that elsewhere. */
export function withOwnAccount(table: BankTable, text: string): BankTable {
  const { columns } = table;
  const [account, ...more] = columns.get("account") ?? [];
  const days = [...(columns.get("booked") ?? []), ...(columns.get("value") ?? [])];
  if (account === undefined || more.length > 0 || columns.has("own_account") || account > Math.min(...days))
    return table;
  let own: string | null = null;
  for (const record of csvRecords(text, table.delimiter, BANK_CSV_LIMITS)) {
    if (!record.ok) break;
    const { cells, line } = record.value;
    if (line <= table.line || cells.length < table.header.length) continue;
    const cell = (cells[account] ?? "").trim();
    if (cell === "" || (own !== null && own !== cell)) return table;
    own = cell;
  }
  if (own === null) return table;
  const entries = [...columns].filter(([field]) => field !== "account");
  return { ...table, columns: new Map<BankField, readonly number[]>([...entries, ["own_account", [account]]]) };
}

/** Banks leave the header of the marks (`S`, `H`, `+`, `-`) empty, or call it as they please. */
export function withSign(table: BankTable, text: string): BankTable {
  const { columns, header } = table;
  if (columns.has("sign") || !columns.has("amount")) return table;
  const used = new Set([...columns.values()].flat());
  const open = header.map((_, index) => index).filter((index) => !used.has(index));
  const marks = new Map(open.map((index) => [index, 0]));
  let rows = 0;
  for (const record of csvRecords(text, table.delimiter, BANK_CSV_LIMITS)) {
    if (!record.ok || rows > SAMPLE_ROWS) break;
    if (record.value.line <= table.line) continue;
    rows += 1;
    for (const [index, count] of marks) {
      const cell = (record.value.cells[index] ?? "").trim();
      if (cell !== "" && !isSign(cell)) marks.delete(index);
      else if (cell !== "") marks.set(index, count + 1);
    }
    if (marks.size === 0) return table;
  }
  const [best] = [...marks].filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a);
  return best ? { ...table, columns: new Map<BankField, readonly number[]>([...columns, ["sign", [best[0]]]]) } : table;
}
