/**
 * Bookings out as an EXTF Buchungsstapel (version 700, format 13), for DATEV Rechnungswesen and what imports it:
 * https://developer.datev.de/de/file-format/details/datev-format. Windows-1252, CRLF, texts in quotation marks, numbers bare.
 */
import {
  addDays,
  addMonths,
  type Currency,
  type Failure,
  formatDecimal,
  type Instant,
  localTime,
  type Money,
  ok,
  placesOf,
  type PlainDate,
  type Result,
  type Zone,
} from "../../kernel/index.ts";
import type { ReadWarning } from "../bank/statement.ts";
import { encodeWindows1252 } from "../text/windows-1252.ts";
import { BOOKING_COLUMNS, BOOKING_FORMAT_VERSION } from "./columns.ts";

export interface DatevBatch {
  /** Beraternummer, 1001 to 9999999. */
  readonly consultant: number;
  /** Mandantennummer, 1 to 99999. */
  readonly client: number;
  /** First day of the fiscal year that the bookings lie in. */
  readonly fiscalYearStart: PlainDate;
  /** Digits of general ledger accounts, 4 to 8. */
  readonly accountLength: number;
  /** First and last day of the bookings; inside the fiscal year. */
  readonly from: PlainDate;
  readonly to: PlainDate;
  /** What the bookkeeper sees in the list of batches; 30 characters. */
  readonly label: string;
  readonly currency: Currency;
  /** Chart of accounts; null: as set for the client. */
  readonly chart: "03" | "04" | null;
  readonly createdAt: Instant;
  readonly zone: Zone;
}

export interface DatevPosting {
  /** Above zero; in the batch's currency. */
  readonly amount: Money;
  /** `S` debits `account` and credits `contraAccount`, `H` the other way round. */
  readonly side: "S" | "H";
  readonly account: string;
  readonly contraAccount: string;
  /** BU-Schlüssel (tax key), up to four digits; null where the account decides. */
  readonly taxKey: string | null;
  readonly bookedOn: PlainDate;
  /** Belegfeld 1: invoice number, up to 36 characters. */
  readonly document: string | null;
  /** Buchungstext; cut after 60 characters. */
  readonly text: string;
  /** Column Fälligkeit. */
  readonly dueOn?: PlainDate | null;
  /** Generalumkehr: takes an earlier posting back on its own side. */
  readonly reversal?: boolean;
}

export type DatevWriteFailure = Failure<
  | "datev_batch_empty"
  | "datev_batch_too_large"
  | "datev_consultant_invalid"
  | "datev_client_invalid"
  | "datev_account_length_invalid"
  | "datev_period_invalid"
  | "datev_amount_invalid"
  | "datev_currency_differs"
  | "datev_account_invalid"
  | "datev_tax_key_invalid"
  | "datev_date_outside_period"
  | "datev_document_too_long"
>;

export interface DatevFileOut {
  readonly bytes: Uint8Array;
  readonly records: number;
  /** What was written otherwise than given: `where` is the posting, 1 for the first. */
  readonly warnings: readonly ReadWarning[];
}

/** DATEV takes no more bookings in one file. */
const DATEV_BOOKINGS_MAX = 99_999;

const COLUMN: ReadonlyMap<string, number> = new Map(BOOKING_COLUMNS.map((name, index) => [name, index]));
const compact = (day: PlainDate): string => day.replaceAll("-", "");
const dayFirst = (day: PlainDate): string => `${day.slice(8, 10)}${day.slice(5, 7)}${day.slice(0, 4)}`;
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const plain = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();

function createdAt({ createdAt: at, zone }: DatevBatch): string {
  const { date, hour, minute } = localTime(at, zone);
  const rest = `${at.getUTCSeconds()}`.padStart(2, "0") + `${at.getUTCMilliseconds()}`.padStart(3, "0");
  return `${compact(date)}${`${hour}`.padStart(2, "0")}${`${minute}`.padStart(2, "0")}${rest}`;
}

function headerLine(batch: DatevBatch): string {
  const fields = Array.from({ length: 31 }, () => "");
  const put = (position: number, value: string): void => {
    fields[position - 1] = value;
  };
  put(1, quoted("EXTF"));
  put(2, "700");
  put(3, "21");
  put(4, quoted("Buchungsstapel"));
  put(5, `${BOOKING_FORMAT_VERSION}`);
  put(6, createdAt(batch));
  put(8, quoted("KU"));
  put(9, quoted("Kulanz"));
  put(10, quoted(""));
  put(11, `${batch.consultant}`);
  put(12, `${batch.client}`);
  put(13, compact(batch.fiscalYearStart));
  put(14, `${batch.accountLength}`);
  put(15, compact(batch.from));
  put(16, compact(batch.to));
  put(17, quoted(plain(batch.label).slice(0, 30)));
  put(18, quoted(""));
  put(19, "1");
  put(20, "0");
  // Not fixed (Festschreibung): the bookkeeper looks at it first.
  put(21, "0");
  put(22, quoted(batch.currency));
  put(24, quoted(""));
  put(27, quoted(batch.chart ?? ""));
  put(30, quoted(""));
  put(31, quoted(""));
  return fields.join(";");
}

function batchFailure(batch: DatevBatch, count: number): DatevWriteFailure | null {
  const invalid = (code: DatevWriteFailure["code"], message: string, where: string): DatevWriteFailure => ({
    kind: "invalid",
    code,
    message,
    where,
  });
  const lastDay = addDays(addMonths(batch.fiscalYearStart, 12), -1);
  if (count === 0) return invalid("datev_batch_empty", "There are no bookings to write.", "bookings");
  if (count > DATEV_BOOKINGS_MAX)
    return invalid("datev_batch_too_large", `A file holds at most ${DATEV_BOOKINGS_MAX} bookings.`, "bookings");
  if (!Number.isInteger(batch.consultant) || batch.consultant < 1_001 || batch.consultant > 9_999_999)
    return invalid("datev_consultant_invalid", "The consultant's number is 1001 to 9999999.", "consultant");
  if (!Number.isInteger(batch.client) || batch.client < 1 || batch.client > 99_999)
    return invalid("datev_client_invalid", "The client's number is 1 to 99999.", "client");
  if (![4, 5, 6, 7, 8].includes(batch.accountLength))
    return invalid("datev_account_length_invalid", "Account numbers have 4 to 8 digits.", "accountLength");
  if (batch.from < batch.fiscalYearStart || batch.to < batch.from || batch.to > lastDay)
    return invalid("datev_period_invalid", "The period lies in one fiscal year, from before to.", "from");
  return null;
}

const ACCOUNT = /^[1-9]\d*$/;

function postingFailure(posting: DatevPosting, batch: DatevBatch, place: string): DatevWriteFailure | null {
  const invalid = (code: DatevWriteFailure["code"], message: string): DatevWriteFailure => ({
    kind: "invalid",
    code,
    message,
    where: place,
  });
  if (posting.amount.currency !== batch.currency)
    return invalid("datev_currency_differs", `A booking is not in ${batch.currency}; each currency has its own file.`);
  if (posting.amount.minor <= 0n || posting.amount.minor >= 10n ** 12n)
    return invalid("datev_amount_invalid", "An amount is above zero and has at most ten digits before the comma.");
  for (const account of [posting.account, posting.contraAccount])
    if (!ACCOUNT.test(account) || account.length > batch.accountLength + 1)
      return invalid("datev_account_invalid", "An account is a number of the set length, or one digit more.");
  if (posting.taxKey !== null && !/^\d{1,4}$/.test(posting.taxKey))
    return invalid("datev_tax_key_invalid", "A tax key (BU-Schlüssel) has one to four digits.");
  if (posting.bookedOn < batch.from || posting.bookedOn > batch.to)
    return invalid("datev_date_outside_period", "A booking lies outside the period of the batch.");
  if ((posting.document ?? "").length > 36)
    return invalid("datev_document_too_long", "A document number has more than 36 characters; it is not cut.");
  return null;
}

/**
 * A file for one client, fiscal year and currency. Errors: `DatevWriteFailure`, `where` = `booking N` or the field of the
 * batch. Characters DATEV has no place for are replaced and told in `warnings`.
 */
export function writeDatevBookings(
  batch: DatevBatch,
  postings: readonly DatevPosting[],
): Result<DatevFileOut, DatevWriteFailure> {
  const refused = batchFailure(batch, postings.length);
  if (refused) return { ok: false, error: refused };
  const warnings: ReadWarning[] = [];
  const chunks: Uint8Array[] = [];
  const line = (text: string, place: string): void => {
    const { bytes, replaced } = encodeWindows1252(`${text}\r\n`);
    if (replaced > 0)
      warnings.push({
        code: "datev_text_replaced",
        message: `${replaced} characters that DATEV files have no place for were replaced.`,
        where: place,
      });
    chunks.push(bytes);
  };
  line(headerLine(batch), "label");
  line(BOOKING_COLUMNS.join(";"), "columns");
  for (const [index, posting] of postings.entries()) {
    const place = `booking ${index + 1}`;
    const failure = postingFailure(posting, batch, place);
    if (failure) return { ok: false, error: failure };
    const cells = Array.from({ length: BOOKING_COLUMNS.length }, () => "");
    const put = (name: string, value: string): void => {
      const column = COLUMN.get(name);
      if (column === undefined) throw new Error(`no column ${name}`);
      cells[column] = value;
    };
    const places = placesOf(batch.currency);
    const document = (posting.document ?? "").replace(/[^\w$&%*+\-/]/g, "-");
    if (document !== (posting.document ?? ""))
      warnings.push({
        code: "datev_document_replaced",
        message: "A document number has characters that DATEV refuses there; they became hyphens.",
        where: place,
      });
    const text = [...plain(posting.text)];
    if (text.length > 60)
      warnings.push({ code: "datev_text_cut", message: "A text was cut after 60 characters.", where: place });
    put(
      "Umsatz (ohne Soll/Haben-Kz)",
      formatDecimal({ digits: posting.amount.minor, scale: places }).replace(".", ","),
    );
    put("Soll/Haben-Kennzeichen", quoted(posting.side));
    put("WKZ Umsatz", quoted(batch.currency));
    put("Konto", posting.account);
    put("Gegenkonto (ohne BU-Schlüssel)", posting.contraAccount);
    put("BU-Schlüssel", quoted(posting.taxKey ?? ""));
    put("Belegdatum", dayFirst(posting.bookedOn).slice(0, 4));
    put("Belegfeld 1", quoted(document));
    put("Buchungstext", quoted(text.slice(0, 60).join("").trimEnd()));
    put("Festschreibung", "0");
    if (posting.dueOn) put("Fälligkeit", dayFirst(posting.dueOn));
    if (posting.reversal) put("Generalumkehr (GU)", quoted("1"));
    line(cells.join(";"), place);
  }
  return ok({ bytes: Buffer.concat(chunks), records: postings.length, warnings });
}
