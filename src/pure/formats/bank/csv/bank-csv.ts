/**
 * Bank statements as tables: every bank has its own columns, none has a standard. Header, separator, encoding, number
 * and date notation are found out (see `columns.ts`, `../../text/notation.ts`); what stays ambiguous is refused. The
 * file is read whole, up to 96 MB, because a column's notation shows only over all its rows.
 */
import { type Decimal, type Failure, FailureError } from "../../../kernel/index.ts";
import { type CsvRecord, csvRecords } from "../../table/csv.ts";
import { localDate } from "../../text/notation.ts";
import {
  addDecimals,
  type Balance,
  equalDecimals,
  negateDecimal,
  type StatementEvent,
  type StatementHeader,
  StatementSums,
  statementUnbalanced,
} from "../statement.ts";
import { accountParts } from "../details/details.ts";
import { mtAccount } from "../mt/line.ts";
import { plainHeader } from "./columns.ts";
import { amountStyle, dayStyle } from "./notation.ts";
import { bareNumber, cellOf, isPendingDay, rowAmount, rowDate, rowEntry, type RowStyle, signedAmount } from "./rows.ts";
import {
  accountInFront,
  BANK_CSV_LIMITS,
  type BankTable,
  bankTable,
  bankText,
  currencyInFront,
  SAMPLE_ROWS,
  withCurrency,
  withOwnAccount,
  withSign,
} from "./table.ts";

export type BankCsvFailure = Failure<
  | "bank_csv_no_header"
  | "column_twice"
  | "bank_csv_row_invalid"
  | "bank_csv_date_ambiguous"
  | "bank_csv_amount_ambiguous"
  | "bank_csv_empty"
  | "bank_csv_cut_off"
  | "file_too_large"
>;

/** Each is read in a pass of its own. */
const STATEMENTS_MAX = 50;
/** Rows that sum up instead of booking. */
const SUMMARY =
  /^(umsatztotal|anfangssaldo|endsaldo|alter (konto)?(saldo|stand)|neuer (konto)?(saldo|stand)|kontostand.*|saldo.*|summe.*|gesamt.*|total.*|opening balance|closing balance|start balance|end balance|beginsaldo|eindsaldo)$/i; // prettier-ignore
const OPENING =
  /^#?(anfangssaldo|alter (konto)?(saldo|stand)|letzter kontostand|opening balance|beginsaldo|start balance|saldo początkowe|ingående saldo)/i; // prettier-ignore
const CLOSING =
  /^#?(endsaldo|schlusssaldo|neuer (konto)?(saldo|stand)|kontostand:?$|closing balance|eindsaldo|end balance|saldo końcowe|utgående saldo)/i; // prettier-ignore
const AMOUNTS = ["amount", "debit", "credit", "balance"] as const;

function refuse(code: string, message: string, where: string): never {
  throw new FailureError({ kind: "invalid", code, message, where });
}

const isEmpty = (value: Decimal | null): boolean => value === null || value.digits === 0n;

/** Two columns of one name that both may be what was paid: guessing would book the wrong one. */
function refuseTwice({ header, columns, line }: BankTable): void {
  for (const field of ["amount", "debit", "credit"] as const) {
    const [first = -1] = columns.get(field) ?? [];
    const name = plainHeader(header[first] ?? "");
    const second = header.findIndex((cell, column) => column !== first && plainHeader(cell) === name);
    if (name !== "" && second >= 0)
      refuse("column_twice", `Two columns are called "${name}": which one is the amount?`, `${line}:${second + 1}`);
  }
}

class BankCsv {
  private readonly text: string;
  private readonly table: BankTable;
  private readonly style: RowStyle;
  private readonly account: string | null;

  constructor(bytes: Uint8Array) {
    this.text = bankText(bytes);
    const table = bankTable(this.text);
    if (!table) refuse("bank_csv_no_header", "The table has no header with day and amount of bank entries.", "1:1");
    refuseTwice(table);
    this.table = withOwnAccount(withSign(withCurrency(table, this.text), this.text), this.text);
    this.style = this.styleOf();
    this.account = accountInFront(table);
  }

  /** Rows behind the header. */
  private *rows(): Generator<CsvRecord> {
    for (const record of csvRecords(this.text, this.table.delimiter, BANK_CSV_LIMITS)) {
      if (!record.ok) throw new FailureError(record.error);
      if (record.value.line > this.table.line) yield record.value;
    }
  }

  private *sample(): Generator<CsvRecord> {
    let rows = 0;
    for (const row of this.rows()) {
      rows += 1;
      if (rows > SAMPLE_ROWS) return;
      yield row;
    }
  }

  private styleOf(): RowStyle {
    const { columns } = this.table;
    const numbers: string[] = [];
    const days: string[] = [];
    let debits = { negative: 0, positive: 0 };
    for (const row of this.sample()) {
      for (const field of AMOUNTS) {
        const cell = cellOf(columns, row, field);
        if (cell !== "") numbers.push(bareNumber(cell));
      }
      for (const field of ["booked", "value"] as const) days.push(cellOf(columns, row, field));
      const debit = cellOf(columns, row, "debit");
      if (/[1-9]/.test(debit))
        debits = /^\s*[-−(]|-\s*$/.test(debit)
          ? { ...debits, negative: debits.negative + 1 }
          : { ...debits, positive: debits.positive + 1 }; // prettier-ignore
    }
    const currency = currencyInFront(this.table);
    const style: RowStyle = {
      columns,
      numbers: amountStyle(numbers, this.table, currency),
      dates: dayStyle(days, this.table),
      debitNegative: debits.negative > 0 && debits.positive === 0,
      feeApart: false,
      currency,
    };
    return this.fitting(style);
  }

  /** Balances say what a minus in a column of debits means, and whether fees are part of the amounts. */
  private fitting(style: RowStyle): RowStyle {
    const { columns } = style;
    if (!columns.has("balance")) return style;
    const others: RowStyle[] = [];
    if (style.debitNegative) others.push({ ...style, debitNegative: false });
    if (columns.has("fee")) others.push({ ...style, feeApart: true });
    return others.find((other) => this.chain(other).breaks < this.chain(style).breaks) ?? style;
  }

  /** Whether each balance follows from the one before, and in which direction the rows run. */
  private chain(style: RowStyle): { readonly descending: boolean; readonly breaks: number } {
    const breaks = { up: 0, down: 0 };
    let before: { balance: Decimal; amount: Decimal } | null = null;
    for (const row of this.sample()) {
      const amount = rowAmount(row, style);
      const balance = signedAmount(cellOf(style.columns, row, "balance"), style.numbers);
      if (!amount || !balance) continue;
      if (before) {
        if (!equalDecimals(addDecimals(before.balance, amount), balance)) breaks.up += 1;
        if (!equalDecimals(addDecimals(balance, before.amount), before.balance)) breaks.down += 1;
      }
      before = { balance, amount };
    }
    return {
      descending: breaks.down < breaks.up || (breaks.down === breaks.up && this.newestFirst(style)),
      breaks: Math.min(breaks.up, breaks.down),
    }; // prettier-ignore
  }

  private newestFirst(style: RowStyle): boolean {
    let first: string | null = null;
    let last: string | null = null;
    for (const row of this.sample()) {
      const day = rowDate(cellOf(style.columns, row, "booked") || cellOf(style.columns, row, "value"), style.dates);
      first ??= day;
      last = day ?? last;
    }
    return first !== null && last !== null && first > last;
  }

  /** Account and currency of a row; rows of one statement share them. */
  private statementKey(row: CsvRecord): { readonly account: string | null; readonly currency: string | null } {
    const { columns } = this.style;
    const currency = cellOf(columns, row, "currency").toUpperCase();
    return {
      account: cellOf(columns, row, "own_account") || this.account,
      currency: /^[A-Z]{3}$/.test(currency) ? currency : this.style.currency,
    };
  }

  private isSummary(row: CsvRecord): boolean {
    return row.cells.some((cell) => SUMMARY.test(cell.trim().slice(0, 60)));
  }

  *events(): Generator<StatementEvent> {
    this.refuseCutOff();
    const statements = this.statements();
    let index = 0;
    for (const known of statements) {
      index += 1;
      const header = this.header(known, index);
      yield { kind: "statement", statement: header };
      const sums = new StatementSums();
      let entries = 0;
      for (const row of this.rows()) {
        const amount = this.bookingOf(row);
        if (!amount) continue;
        const key = this.statementKey(row);
        if (key.account !== known.account || key.currency !== known.currency) continue;
        entries += 1;
        const entry = rowEntry(row, entries, amount, this.style);
        if (entry.bookedOn === null) this.refuseDate(row);
        sums.add(entry);
        yield { kind: "entry", entry };
      }
      const totals = sums.totals(header, known.opening, known.closing);
      if (totals.reconciles === false) yield statementUnbalanced(index);
      yield { kind: "statement_end", statement: header, totals };
    }
    if (index === 0) refuse("bank_csv_empty", "The table has a header but no entries.", `${this.table.line}:1`);
    yield { kind: "end" };
  }

  private refuseDate(row: CsvRecord): never {
    const { columns, dates } = this.style;
    const read = localDate(cellOf(columns, row, "booked") || cellOf(columns, row, "value"), dates);
    const ambiguous = !read.ok && read.error.code === "date_ambiguous";
    refuse(
      ambiguous ? "bank_csv_date_ambiguous" : "bank_csv_row_invalid",
      ambiguous
        ? "Day and month can be told apart in no row, and the header's language does not say which comes first."
        : "The day of an entry can't be read.",
      `${row.line}:1`,
    );
  }

  /** A last row without line end that has fewer cells than the header was cut off. */
  private refuseCutOff(): void {
    if (/[\r\n]\s*$/.test(this.text.slice(-200))) return;
    let last: CsvRecord | undefined;
    for (const row of this.rows()) last = row;
    if (last && last.cells.length > 1 && last.cells.length < this.table.header.length && !this.isSummary(last))
      refuse(
        "bank_csv_cut_off",
        "The last row has fewer cells than the header: the file was cut off.",
        `${last.line}:1`,
      );
  }

  /** Amount of a row that books; null for sums and empty rows. */
  private bookingOf(row: CsvRecord): Decimal | null {
    const amount = rowAmount(row, this.style);
    const { columns } = this.style;
    const day = cellOf(columns, row, "booked") || cellOf(columns, row, "value");
    if (isPendingDay(day)) return null;
    if (amount && day !== "" && !this.isSummary(row)) return amount;
    if (amount === null && day !== "" && /\d/.test(day) && !this.isSummary(row)) {
      const written = AMOUNTS.slice(0, 3).some((field) => /\d/.test(cellOf(columns, row, field)));
      if (written) refuse("bank_csv_row_invalid", "The amount of an entry can't be read.", `${row.line}:1`);
      if (rowDate(day, this.style.dates)) refuse("bank_csv_row_invalid", "An entry has no amount.", `${row.line}:1`);
    }
    return null;
  }

  /** Statements of the file in order of appearance, with balances where the table has them. */
  private statements(): readonly KnownStatement[] {
    const { columns, numbers } = this.style;
    const found = new Map<
      string,
      KnownStatement & { first?: readonly [Decimal, Decimal]; last?: readonly [Decimal, Decimal] }
    >();
    const written = new Map<"opening" | "closing", Decimal>();
    for (const cells of this.table.preamble) this.summary(cells, written);
    for (const row of this.rows()) {
      const amount = this.bookingOf(row);
      if (!amount) {
        this.summary(row.cells, written);
        continue;
      }
      const key = this.statementKey(row);
      const name = JSON.stringify([key.account, key.currency]);
      const statement = found.get(name) ?? { ...key, opening: null, closing: null };
      found.set(name, statement);
      if (found.size > STATEMENTS_MAX)
        refuse(
          "bank_csv_row_invalid",
          `The table has more than ${STATEMENTS_MAX} accounts and currencies.`,
          `${row.line}:1`,
        );
      const balance = signedAmount(cellOf(columns, row, "balance"), numbers);
      if (!balance) continue;
      statement.first ??= [balance, amount];
      statement.last = [balance, amount];
    }
    const { descending } = columns.has("balance") ? this.chain(this.style) : { descending: false };
    return [...found.values()].map((statement) => {
      const [early, late] = descending ? [statement.last, statement.first] : [statement.first, statement.last];
      const only = found.size === 1;
      return {
        account: statement.account,
        currency: statement.currency,
        opening: early
          ? addDecimals(early[0], negateDecimal(early[1]))
          : only
            ? (written.get("opening") ?? null)
            : null,
        closing: late ? late[0] : only ? (written.get("closing") ?? null) : null,
      };
    });
  }

  /** What is written of balances in front of the header and behind the rows. */
  private summary(cells: readonly string[], written: Map<"opening" | "closing", Decimal>): void {
    const [label = ""] = cells.map((cell) => cell.trim()).filter((cell) => cell !== "");
    const side = OPENING.test(label.slice(0, 100)) ? "opening" : CLOSING.test(label.slice(0, 100)) ? "closing" : null;
    const amounts = cells
      .filter((cell) => /\d[.,]\d{1,2}(?!\d|[.,/-])/.test(cell))
      .map((cell) => signedAmount(cell, this.style.numbers)); // prettier-ignore
    const amount = amounts.findLast((value) => value !== null);
    if (side && amount && !isEmpty(amount)) written.set(side, amount);
  }

  private header({ account, currency, opening, closing }: KnownStatement, index: number): StatementHeader {
    const read = mtAccount(account ?? "");
    // A name (`Main account`) tells accounts apart, but is no number.
    const other = read.iban === null && /\d/.test(account ?? "") ? accountParts(account).account : null;
    const balances: Balance[] = [];
    for (const [code, value] of [
      ["OPBD", opening],
      ["CLBD", closing],
    ] as const)
      if (value)
        balances.push({
          code,
          amount: value.digits < 0n ? negateDecimal(value) : value,
          credit: value.digits >= 0n,
          currency,
          date: null,
        }); // prettier-ignore
    return {
      index,
      id: null,
      sequence: null,
      createdAt: null,
      account: { iban: read.iban, other, currency, name: null, owner: null, bic: null },
      currency,
      balances,
    };
  }
}

interface KnownStatement {
  readonly account: string | null;
  readonly currency: string | null;
  readonly opening: Decimal | null;
  readonly closing: Decimal | null;
}

/** Reads a bank's table; see `readStatements`. */
export async function* readBankCsv(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<StatementEvent, void, undefined> {
  yield { kind: "format", format: "CSV" };
  const taken: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > BANK_CSV_LIMITS.bytesMax) {
      const message = `The file is larger than ${BANK_CSV_LIMITS.bytesMax} bytes.`;
      yield { kind: "failed", error: { kind: "too_large", code: "file_too_large", message, where: "1:1" } };
      return;
    }
    taken.push(chunk);
  }
  try {
    // Emptied, so that the text alone is held while it is read.
    yield* new BankCsv(Buffer.concat(taken.splice(0))).events();
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    yield { kind: "failed", error: error.failure };
  }
}
