/**
 * Tables without a header (ABN AMRO, ASN, Triodos and old Rabobank files, Raiffeisen and BAWAG in Austria): what a column
 * is shows in its cells. Nothing is guessed: among several columns of amounts, only balances that follow decide.
 */
import { type Decimal } from "../../../kernel/index.ts";
import { type CsvRecord, csvRecords, type Delimiter } from "../../table/csv.ts";
import { type DateStyle, dateStyleOf, localDate, localDecimal, numberStyleOf } from "../../text/notation.ts";
import { isIban } from "../details/details.ts";
import { addDecimals, equalDecimals, negateDecimal } from "../statement.ts";
import type { BankColumns, BankField } from "./columns.ts";
import { isDebit, isSign } from "./rows.ts";

/** Rows looked at; the others are read as these say. */
const ROWS = 200;

export interface BareTable {
  readonly columns: BankColumns;
  readonly width: number;
}

/** Rows by column, from the first: an empty text has none, and a table of one width is all that counts. */
function columnsOf(text: string, delimiter: Delimiter): string[][] | null {
  const rows: CsvRecord[] = [];
  for (const record of csvRecords(text, delimiter)) {
    // The end of the sample may be cut.
    if (!record.ok || rows.length >= ROWS) break;
    rows.push(record.value);
  }
  const width = rows[0]?.cells.length ?? 0;
  if (width < 5 || width > 60) return null;
  const whole = rows.filter(({ cells }) => cells.length === width);
  // The last row may be cut.
  if (whole.length < rows.length - 1 || whole.length === 0) return null;
  return Array.from({ length: width }, (_, index) => whole.map(({ cells }) => (cells[index] ?? "").trim()));
}

const filled = (cells: readonly string[]): string[] => cells.filter((cell) => cell !== "");
const every = (cells: readonly string[], test: (cell: string) => boolean): boolean => {
  const written = filled(cells);
  return written.length > 0 && written.every(test);
};
const compact = (cell: string): string => cell.replace(/\s+/g, "").toUpperCase();

function daysOf(cells: readonly string[], european: boolean): boolean {
  const style = dateStyleOf(cells);
  const read: DateStyle = style === "unknown" && european ? "day_first" : style;
  return every(cells, (cell) => cell.length <= 10 && localDate(cell, read).ok && /^(\d{8}$|\d{1,4}[./-])/.test(cell));
}

/** Amounts of a column, empty cells as null; null when a cell is something else, or no cell has decimals. */
function amountsOf(cells: readonly string[]): (Decimal | null)[] | null {
  if (!cells.some((cell) => /[.,]\d{1,2}$/.test(cell)) || !every(cells, (cell) => /^[+-]?[\d.,' ]+$/.test(cell)))
    return null;
  const style = numberStyleOf(cells);
  const values: (Decimal | null)[] = [];
  for (const cell of cells) {
    const read = cell === "" ? null : localDecimal(cell.replace(/^\+/, ""), style);
    if (read?.ok === false) return null;
    values.push(read?.ok ? read.value : null);
  }
  return values;
}

type Amounts = readonly (readonly [index: number, values: readonly (Decimal | null)[]])[];

/** Whether balance follows on balance by the amounts, in one direction or the other. */
function follows(amounts: readonly (Decimal | null)[], balances: readonly (Decimal | null)[]): boolean {
  if (amounts.length < 2 || [...amounts, ...balances].includes(null)) return false;
  const at = (values: readonly (Decimal | null)[], index: number): Decimal => values[index] ?? { digits: 0n, scale: 0 };
  const steps = amounts.slice(1).map((_, index) => index + 1);
  return (
    steps.every((index) =>
      equalDecimals(addDecimals(at(balances, index - 1), at(amounts, index)), at(balances, index)),
    ) ||
    steps.every((index) =>
      equalDecimals(addDecimals(at(balances, index), at(amounts, index - 1)), at(balances, index - 1)),
    )
  );
}

/** Amount and balance; null when the columns of amounts leave it open. */
function moneyColumns(found: Amounts, signs: readonly string[] | null): Map<BankField, number> | null {
  const [only] = found;
  if (found.length === 1 && only) return new Map([["amount", only[0]]]);
  const signed = found.map(
    ([index, values]) =>
      [
        index,
        values,
        signs === null
          ? values
          : values.map((value, row) => (value && isDebit(signs[row] ?? "") ? negateDecimal(value) : value)),
      ] as const,
  );
  for (const [amount, , booked] of signed)
    for (const [before, earlier] of found)
      for (const [after, later] of found) {
        if (amount === before || amount === after || before === after) continue;
        const fits = booked.every((value, row) => {
          const [from, to] = [earlier[row], later[row]];
          return value && from && to && equalDecimals(addDecimals(from, value), to);
        });
        // A sum does not say which of its two parts is the balance: the next row does, or the place.
        const placed = booked.length > 1 ? follows(booked, later) : after === before + 1 && amount > after;
        if (fits && placed) return moneyAt(amount, after);
      }
  for (const [amount, , booked] of signed)
    for (const [balance, values] of found)
      if (amount !== balance && follows(booked, values)) return moneyAt(amount, balance);
  // The balance before an entry may be all that is written.
  for (const [amount, , booked] of signed)
    for (const [before, values] of found) {
      if (amount === before || booked.includes(null) || values.includes(null)) continue;
      const after = values.map((value, row) => addDecimals(value ?? NOTHING, booked[row] ?? NOTHING));
      if (follows(booked, after)) return new Map<BankField, number>([["amount", amount]]);
    }
  return null;
}

const moneyAt = (amount: number, balance: number): Map<BankField, number> =>
  new Map<BankField, number>([
    ["amount", amount],
    ["balance", balance],
  ]);

const NOTHING: Decimal = { digits: 0n, scale: 0 };

/** Null when the text is no bank's table without header. */
export function bareTable(text: string, delimiter: Delimiter): BareTable | null {
  const cells = columnsOf(text, delimiter);
  if (!cells) return null;
  const columns = new Map<BankField, number[]>();
  const add = (field: BankField, index: number): unknown =>
    columns.has(field) ? columns.get(field)?.push(index) : columns.set(field, [index]);
  const free = new Set(cells.keys());
  const take = (field: BankField, test: (column: readonly string[]) => boolean, most = 1): void => {
    for (const index of [...free])
      if ((columns.get(field)?.length ?? 0) < most && test(cells[index] ?? [])) {
        add(field, index);
        free.delete(index);
      }
  };
  const ibans = cells.filter((column) => every(column, (cell) => isIban(compact(cell))));
  const european = ibans.length > 0 || every(cells.find((column) => every(column, isCurrency)) ?? [], isCurrency);
  const days = [...free].filter((index) => daysOf(cells[index] ?? [], european));
  for (const index of days) free.delete(index);
  const [booked, value] = daysInOrder(days, cells);
  if (booked === undefined) return null;
  add("booked", booked);
  if (value !== undefined) add("value", value);
  take("currency", (column) => every(column, isCurrency));
  for (const index of [...free]) if (every(cells[index] ?? [], isCurrency)) free.delete(index);
  take("sign", (column) => every(column, isSign));
  const [sign] = columns.get("sign") ?? [];
  const amounts = [...free].flatMap((index) => {
    const read = amountsOf(cells[index] ?? []);
    return read ? [[index, read] as const] : [];
  });
  const money = moneyColumns(amounts, sign === undefined ? null : (cells[sign] ?? []));
  if (!money) return null;
  for (const [field, index] of money) add(field, index);
  for (const [index] of amounts) free.delete(index);
  takeAccounts(cells, free, add, Math.min(...days));
  takeTexts(cells, free, add);
  return isBank(columns, cells) && columns.has("remittance") ? { columns, width: cells.length } : null;
}

const STAMP = /^\d{1,2}[./-]\d{1,2}[./-]\d{2,4} \d/;

/** Lists of open items have days and amounts too; balances, one's own account or the time of booking only a bank's. */
function isBank(columns: BankColumns, cells: readonly (readonly string[])[]): boolean {
  if (columns.has("balance")) return true;
  const stamped = cells.some((column) => every(column, (cell) => STAMP.test(cell)));
  return columns.has("value") && (columns.has("own_account") || (columns.has("currency") && stamped));
}

const CURRENCIES = /^(EUR|CHF|USD|GBP|SEK|NOK|DKK|PLN|CZK|HUF|RON|BGN|ISK|JPY|CAD|AUD)$/;
const isCurrency = (cell: string): boolean => CURRENCIES.test(cell);

/** Booking before value date; Rabobank's old files have it the other way round, with the day of booking far behind. */
function daysInOrder(days: readonly number[], cells: readonly (readonly string[])[]): readonly number[] {
  const [first, ...others] = days;
  const last = others.at(-1);
  if (first === undefined || last === undefined) return days;
  const value = others.find((index) => (cells[index] ?? []).some((cell, row) => cell !== (cells[first] ?? [])[row]));
  const marks = (cells[first + 1] ?? []).every((cell) => /^[CD]$/.test(cell));
  return marks ? [last, first] : [first, value ?? last];
}

/** One's own account is the first and the same in all rows; the other's may be empty. */
function takeAccounts(
  cells: readonly (readonly string[])[],
  free: Set<number>,
  add: (field: BankField, index: number) => unknown,
  firstDay: number,
): void {
  const accounts = [...free].filter((index) => {
    const column = cells[index] ?? [];
    return (
      every(column, (cell) => isIban(compact(cell))) ||
      // Old account numbers, in front of the days only: elsewhere they are numbers of anything.
      (index < firstDay && every(column, (cell) => /^\d{6,12}$/.test(cell)))
    );
  });
  const own = accounts.find((index) => {
    const column = cells[index] ?? [];
    return column.every((cell) => cell !== "" && cell === column[0]) && (accounts.length > 1 || index === 0);
  });
  if (own !== undefined) add("own_account", own);
  for (const index of accounts) {
    free.delete(index);
    if (index !== own) add("account", index);
  }
}

/** The longest text is what the payment says; a shorter one in front of it the name. Codes are left. */
function takeTexts(
  cells: readonly (readonly string[])[],
  free: ReadonlySet<number>,
  add: (field: BankField, index: number) => unknown,
): void {
  const isText = (column: readonly string[]): boolean =>
    filled(column).some((cell) => /\p{L}{3}/u.test(cell) && cell.length > 4) &&
    !every(column, (cell) => STAMP.test(cell));
  const texts = [...free].filter((index) => isText(cells[index] ?? []));
  const [first, ...others] = texts;
  if (first === undefined) return;
  if (others.length === 0) return void add("remittance", first);
  add("name", first);
  for (const index of others) add("remittance", index);
}
