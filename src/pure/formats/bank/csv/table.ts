/** Where the table of a bank's CSV begins, and what stands in front of it. */
import { type CsvLimits, csvRecords, type Delimiter } from "../../table/csv.ts";
import { type BankColumns, bankColumns } from "./columns.ts";

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
  return null;
}

/** `Konto: DE02…`, `IBAN;DE02…`, `Kontonummer:;"1234"`. */
export function accountInFront({ preamble }: BankTable): string | null {
  const text = preamble.map((cells) => cells.join(" ").slice(0, 500)).join("\n");
  const iban = /(?<![A-Z0-9])([A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?)(?![A-Z0-9])/.exec(text)?.[1];
  if (iban && iban.replace(/\s/g, "").length >= 15) return iban.replace(/\s/g, "");
  return (
    /(?:konto(?:nummer)?|account(?: number)?|rekening(?:nummer)?|compte)\D{0,12}([\d/ -]{5,24}\d)/i
      .exec(text)?.[1]
      ?.trim() ?? null
  );
}

export const currencyInFront = ({ preamble, header }: BankTable): string | null => {
  const text = [...preamble.map((cells) => cells.join(" ")), header.join(" ")].join(" ").slice(0, 5_000);
  return /\b(EUR|CHF|USD|GBP|SEK|NOK|DKK|PLN|CZK|HUF)\b/.exec(text)?.[1] ?? (text.includes("€") ? "EUR" : null);
};
