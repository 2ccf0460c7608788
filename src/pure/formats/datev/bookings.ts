/**
 * Buchungsstapel (category 21): https://developer.datev.de/de/file-format/details/datev-format/format-description/booking-batch.
 * Amounts belong to `account`: `S` debits it and credits the contra account, `H` the other way round.
 */
import { addDays, addMonths, type Decimal, type PlainDate, plainDate } from "../../kernel/index.ts";
import { negateDecimal, type ReadWarning } from "../bank/statement.ts";
import type { CsvRecord } from "../table/csv.ts";
import { localDecimal } from "../text/notation.ts";
import { columnNamed, type DatevFile } from "./file.ts";
import type { DatevHeader } from "./header.ts";

export interface DatevBooking {
  readonly line: number;
  /** As written, without sign in files that keep to the rules. */
  readonly amount: Decimal;
  /** Soll or Haben of `account`. */
  readonly side: "S" | "H";
  readonly currency: string | null;
  /** Without leading zeros. */
  readonly account: string;
  readonly contraAccount: string;
  /** BU-Schlüssel: correction and tax key. */
  readonly taxKey: string | null;
  readonly bookedOn: PlainDate | null;
  /** Belegfeld 1: the invoice's number. */
  readonly document: string | null;
  /** Belegfeld 2 as written: a due date (TTMMJJ) or anything else. */
  readonly document2: string | null;
  /** Column Fälligkeit, else Belegfeld 2 when it is a day. */
  readonly dueOn: PlainDate | null;
  /** Discount that was taken (Skonto). */
  readonly discount: Decimal | null;
  readonly text: string | null;
  /** Generalumkehr: takes an earlier booking back on its own side. */
  readonly reversal: boolean;
}

/** What a row did not say right; the row is left out, its neighbours are not. */
export interface BookingRow {
  readonly line: number;
  readonly booking: DatevBooking | null;
  readonly warning: ReadWarning | null;
}

type Field =
  | "amount"
  | "side"
  | "currency"
  | "account"
  | "contraAccount"
  | "taxKey"
  | "date"
  | "document"
  | "document2"
  | "discount"
  | "text"
  | "due"
  | "reversal"; // prettier-ignore

/** Names of the column by version, and its place where the names are unknown. */
const COLUMNS: Readonly<Record<Field, { readonly names: readonly string[]; readonly index: number | null }>> = {
  amount: { names: ["Umsatz (ohne Soll/Haben-Kz)", "Umsatz", "Umsatz (mit Soll/Haben-Kz)", "Umsatz*"], index: 0 },
  side: { names: ["Soll/Haben-Kennzeichen", "S/H", "Soll/Haben*"], index: 1 },
  currency: { names: ["WKZ Umsatz", "WKZ"], index: 2 },
  account: { names: ["Konto", "Kontonummer"], index: 6 },
  contraAccount: { names: ["Gegenkonto (ohne BU-Schlüssel)", "Gegenkonto*"], index: 7 },
  taxKey: { names: ["BU-Schlüssel", "BU-Schluessel", "BU*"], index: 8 },
  date: { names: ["Belegdatum", "Datum"], index: 9 },
  document: { names: ["Belegfeld 1"], index: 10 },
  document2: { names: ["Belegfeld 2"], index: 11 },
  discount: { names: ["Skonto"], index: 12 },
  text: { names: ["Buchungstext"], index: 13 },
  due: { names: ["Fälligkeit", "Faelligkeit"], index: null },
  reversal: { names: ["Generalumkehr (GU)", "Generalumkehr*"], index: null },
};

function placesOf(columns: readonly string[]): Readonly<Record<Field, number>> {
  const named = Object.fromEntries(
    Object.entries(COLUMNS).map(([field, { names }]) => [field, columnNamed(columns, ...names)]),
  ) as Record<Field, number>;
  // A headline in another language or none: the order is fixed, so the place decides.
  if (named.amount < 0 && named.account < 0)
    for (const field of Object.keys(COLUMNS) as Field[]) named[field] = COLUMNS[field].index ?? -1;
  return named;
}

const dayOf = (year: number, month: string, day: string): PlainDate | null => {
  const read = plainDate(`${String(year).padStart(4, "0")}-${month}-${day}`);
  return read.ok ? read.value : null;
};

/** `3101` (TTMM) in the period or the fiscal year; `902` lost its zero in a spreadsheet. */
function bookingDay(text: string, header: DatevHeader): PlainDate | null {
  const digits = /^\d{3}$/.test(text) ? `0${text}` : text;
  const full = /^(\d{2})(\d{2})(\d{4})$/.exec(digits);
  if (full) return dayOf(Number(full[3]), full[2] ?? "", full[1] ?? "");
  const short = /^(\d{2})(\d{2})$/.exec(digits);
  const start = header.from ?? header.fiscalYearStart;
  if (!short || !start) return null;
  const last = header.to ?? addDays(addMonths(start, 12), -1);
  const year = Number(start.slice(0, 4));
  const days = [year, year + 1, year - 1].map((one) => dayOf(one, short[2] ?? "", short[1] ?? ""));
  return days.find((day) => day !== null && day >= start && day <= last) ?? days.find((day) => day !== null) ?? null;
}

/** `31012026`, `310126`, `2026-01-31`, `31.01.2026`; anything else is no day. */
export function datevDay(text: string): PlainDate | null {
  const match = /^(\d{2})\.?(\d{2})\.?(\d{4}|\d{2})$/.exec(text.trim());
  if (match) {
    const year = match[3] ?? "";
    return dayOf(year.length === 2 ? 2000 + Number(year) : Number(year), match[2] ?? "", match[1] ?? "");
  }
  const read = plainDate(text.trim());
  return read.ok ? read.value : null;
}

const accountOf = (text: string): string | null => (/^\d{1,10}$/.test(text) ? text.replace(/^0+(?=\d)/, "") : null);

/** Keys 20 to 29 and the column of its own mean Generalumkehr. */
const isReversal = (mark: string, taxKey: string): boolean => /^(1|G|GU|J|X)$/i.test(mark) || /^2\d$/.test(taxKey);

/** Every row of the batch as a booking, or what is wrong with it. */
export function* datevBookings(file: DatevFile): Generator<BookingRow> {
  const places = placesOf(file.columns);
  const { header } = file;
  const cell = (record: CsvRecord, field: Field): string => record.cells[places[field]]?.trim() ?? "";
  for (const record of file.records) {
    const { line } = record;
    const refused = (code: string, field: Field, message: string): BookingRow => ({
      line,
      booking: null,
      warning: { code, message, where: `${line}:${Math.max(places[field], 0) + 1}` },
    });
    const amount = localDecimal(cell(record, "amount"), "comma");
    if (!amount.ok) {
      yield refused("datev_amount_invalid", "amount", "The amount of a booking is not a number; it was left out.");
      continue;
    }
    const side = cell(record, "side").toUpperCase();
    if (side !== "S" && side !== "H") {
      yield refused("datev_side_invalid", "side", "A booking is neither debit (S) nor credit (H); it was left out.");
      continue;
    }
    const account = accountOf(cell(record, "account"));
    const contraAccount = accountOf(cell(record, "contraAccount"));
    if (account === null || contraAccount === null) {
      yield refused("datev_account_invalid", "account", "An account of a booking is not a number; it was left out.");
      continue;
    }
    const taxKey = cell(record, "taxKey");
    const date = cell(record, "date");
    const bookedOn = bookingDay(date, header);
    const discount = cell(record, "discount");
    const taken = discount === "" ? null : localDecimal(discount, "comma");
    const document2 = cell(record, "document2");
    yield {
      line,
      booking: {
        line,
        amount: amount.value,
        side,
        currency: cell(record, "currency") || header.currency,
        account,
        contraAccount,
        taxKey: taxKey || null,
        bookedOn,
        document: cell(record, "document") || null,
        document2: document2 || null,
        dueOn: datevDay(cell(record, "due")) ?? datevDay(document2),
        discount: taken?.ok ? taken.value : null,
        text: cell(record, "text") || null,
        reversal: isReversal(cell(record, "reversal"), taxKey),
      },
      warning:
        bookedOn === null
          ? {
              code: "datev_date_invalid",
              message: "The date of a booking is no day of its period; it was left empty.",
              where: `${line}:${Math.max(places.date, 0) + 1}`,
            }
          : null,
    };
  }
}

/** What a booking does to one account: positive debits it. A reversal undoes on its own side. */
export function effectOn(account: "account" | "contraAccount", booking: DatevBooking): Decimal {
  const debit = (booking.side === "S") === (account === "account");
  return debit === booking.reversal ? negateDecimal(booking.amount) : booking.amount;
}
