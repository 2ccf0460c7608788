/** Reads files of every known kind and says what is in them: `kulanz import --dry-run`. */
import { type Currency, EUR, type Failure, FailureError, type Result } from "../kernel/index.ts";
import { readAdvices } from "./advice/read.ts";
import { ARCHIVE_LIMITS } from "./archive/archive.ts";
import { archiveMembers } from "./archive/members.ts";
import type { ReadWarning } from "./bank/statement.ts";
import { readPaymentStatus } from "./bank/pain/pain-status.ts";
import { readStatements, type StatementFormat } from "./bank/read.ts";
import { datevCustomers } from "./datev/customers.ts";
import { readDatevFile } from "./datev/file.ts";
import { DATEV_CATEGORIES, datevFormat } from "./datev/header.ts";
import { datevReceivables } from "./datev/receivables.ts";
import { DETECT_BYTES, type DetectedFormat, detectFormat } from "./detect.ts";
import {
  fileReport,
  type FileReport,
  invoiceReport,
  mappingReport,
  statementReport,
  type StatementReport,
  WARNINGS_MAX,
  warningText,
} from "./import-report.ts";
import { INVOICE_LIMITS } from "./invoice/invoice.ts";
import { readInvoiceFile } from "./invoice/pdf/read.ts";
import type { SettlementMapping } from "./settlement/mapping.ts";
import { readSettlement } from "./settlement/read.ts";
import { confirmedMapping, type MappingCorrection } from "./table/column-mapping.ts";
import { CSV_LIMITS, readCsv } from "./table/csv.ts";
import { readOpenItems } from "./table/open-items.ts";
import { orderEventColumns, readOrderEvents } from "./table/order-events.ts";

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

interface Peeked {
  readonly head: Uint8Array;
  /** There is nothing behind the head. */
  readonly whole: boolean;
  readonly all: () => AsyncGenerator<Uint8Array>;
  /** Closes the source when the rest is not wanted. */
  readonly stop: () => Promise<unknown>;
}

/** The beginning of a stream, and the whole stream again. */
async function peek(chunks: Chunks, bytes: number): Promise<Peeked> {
  const iterator = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  const taken: Uint8Array[] = [];
  let length = 0;
  let whole = false;
  while (length < bytes && !whole) {
    const next = await iterator.next();
    whole = next.done === true;
    if (next.done !== true) {
      taken.push(next.value);
      length += next.value.length;
    }
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      yield* taken.splice(0);
      if (whole) return;
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { head: Buffer.concat(taken), whole, all, stop: async () => iterator.return?.() };
}

async function gathered(chunks: Chunks, bytesMax: number): Promise<Uint8Array | null> {
  const taken: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > bytesMax) return null;
    taken.push(chunk);
  }
  return Buffer.concat(taken);
}
const tooLarge = (bytesMax: number): Failure => ({
  kind: "too_large",
  code: "file_too_large",
  message: `The file is larger than ${bytesMax} bytes.`,
});

async function statementsReport(file: string, detected: StatementFormat, chunks: Chunks): Promise<FileReport> {
  const statements: StatementReport[] = [];
  const warnings: string[] = [];
  let version = detected.format;
  let error: Failure | undefined;
  for await (const event of readStatements(detected, chunks)) {
    if (event.kind === "format") version = event.format;
    else if (event.kind === "statement_end") statements.push(statementReport(event.statement, event.totals));
    else if (event.kind === "warning") warnings.push(warningText(event.warning));
    else if (event.kind === "failed") error = event.error;
  }
  // A statement file is taken whole or not at all: a missing half would look like missing payments.
  return error
    ? fileReport(file, { format: version, warnings, error })
    : fileReport(file, { format: version, warnings, statements });
}

/** Each status is a record; nothing of it is booked. */
async function paymentStatusReport(file: string, format: string, chunks: Chunks): Promise<FileReport> {
  let records = 0;
  const warnings: string[] = [];
  for await (const event of readPaymentStatus(chunks)) {
    if (event.kind === "failed") return fileReport(file, { format, warnings, error: event.error });
    if (event.kind === "status") records += 1;
    else if (event.kind === "warning") warnings.push(warningText(event.warning));
  }
  return fileReport(file, { format, warnings, records });
}

function invoiceFileReport(file: string, format: string, bytes: Uint8Array): FileReport {
  const read = readInvoiceFile(bytes);
  if (!read.ok) return fileReport(file, { format, error: read.error });
  return fileReport(file, {
    format: read.value.syntax,
    warnings: read.value.warnings.map(warningText),
    invoices: [invoiceReport(read.value)],
  });
}

function openItemsReport(file: string, bytes: Uint8Array, correction: MappingCorrection, usual: Currency): FileReport {
  const table = readCsv(bytes);
  if (!table.ok) return fileReport(file, { format: "csv", error: table.error });
  const events = correction.columns === undefined ? orderEventColumns(table.value) : null;
  if (events) return rowsReport(file, readOrderEvents(table.value, events, usual), events.report);
  const mapping = confirmedMapping(table.value, correction);
  if (!mapping.ok) return fileReport(file, { format: "csv", error: mapping.error });
  return rowsReport(file, readOpenItems(table.value, mapping.value, usual), mappingReport(mapping.value));
}

function rowsReport(
  file: string,
  rows: Iterable<Result<{ readonly warnings: readonly ReadWarning[] }, Failure>>,
  mapping: NonNullable<FileReport["mapping"]>,
): FileReport {
  let records = 0;
  let failed: Failure | undefined;
  const warnings: string[] = [];
  for (const row of rows) {
    if (row.ok) {
      records += 1;
      if (warnings.length <= WARNINGS_MAX) warnings.push(...row.value.warnings.map(warningText));
    } else {
      failed ??= row.error;
      warnings.push(warningText(row.error));
    }
  }
  const found = { format: "csv", mapping, records, warnings };
  if (failed && records === 0) return fileReport(file, { ...found, warnings: warnings.slice(1), error: failed });
  return fileReport(file, { ...found, status: failed ? "partial" : "ok" });
}

export interface ReportOptions {
  readonly mapping?: MappingCorrection;
  /** Currency of rows that name none. */
  readonly currency?: Currency;
  /** Mappings of settlement files beside those that ship. */
  readonly settlements?: readonly SettlementMapping[];
}

/** DATEV: rows are counted in every kind of file; only bookings and customers mean something here. */
function datevReport(file: string, bytes: Uint8Array): FileReport {
  const read = readDatevFile(bytes);
  if (!read.ok) return fileReport(file, { format: "DATEV EXTF", error: read.error });
  const { header } = read.value;
  const found =
    header.category === DATEV_CATEGORIES.bookings
      ? datevReceivables(read.value)
      : header.category === DATEV_CATEGORIES.accounts
        ? datevCustomers(read.value)
        : null;
  const nothing = "This kind of DATEV file holds neither bookings nor customers; its rows were counted only.";
  return fileReport(file, {
    format: datevFormat(header),
    status:
      found && (found.failed > 0 || read.value.warnings.some(({ code }) => code.startsWith("csv_"))) ? "partial" : "ok",
    records: read.value.records.length,
    warnings: found ? found.warnings.map(warningText) : [nothing, ...read.value.warnings.map(warningText)],
  });
}

function settlementReport(
  file: string,
  format: string,
  bytes: Uint8Array,
  own: ReportOptions["settlements"],
): FileReport {
  const read = readSettlement(bytes, own);
  if (!read.ok) return fileReport(file, { format, error: read.error });
  const { records, warnings, open } = read.value;
  const later =
    open.length === 1
      ? "One line is not paid out in this file; it comes in with the payout that pays it."
      : `${open.length} lines are not paid out in this file; they come in with the payout that pays them.`;
  const told = [...warnings.map(warningText), ...(open.length > 0 ? [later] : [])];
  return fileReport(file, { format, records, warnings: told });
}

function adviceReport(file: string, format: string, bytes: Uint8Array): FileReport {
  const read = readAdvices(bytes);
  if (!read.ok) return fileReport(file, { format, error: read.error });
  const { records, warnings } = read.value;
  return fileReport(file, { format, records, warnings: warnings.map(warningText) });
}

/** One element for the archive: all its files in order, and refused as a whole when one of them is. */
async function archiveReport(
  file: string,
  format: string,
  bytes: Uint8Array,
  options: ReportOptions,
): Promise<FileReport> {
  const members = archiveMembers(bytes);
  if (!members.ok) return fileReport(file, { format, error: members.error });
  const reports: FileReport[] = [];
  for (const { name, read } of members.value) {
    const place = name === "" ? file : `${file}/${name}`;
    const report = await memberReport(place, read(), options);
    if (report.error) {
      const { warnings, error } = report;
      return { ...fileReport(file, { format: report.format ?? format, warnings }), status: "refused", error };
    }
    reports.push(report);
  }
  return joinedReport(
    file,
    members.value.map(({ name }) => name),
    reports,
  );
}

/** One element for several files; `names` by which their warnings are told. */
export function joinedReport(file: string, names: readonly string[], reports: readonly FileReport[]): FileReport {
  const mapping = reports.find((one) => one.mapping)?.mapping;
  const named = names.length > 1;
  return fileReport(file, {
    format: [...new Set(reports.map((one) => one.format ?? ""))].join(", "),
    status: reports.some(({ status }) => status === "partial") ? "partial" : "ok",
    warnings: reports.flatMap(({ warnings }, index) =>
      named ? warnings.map((text) => `${names[index]}: ${text}`) : warnings,
    ),
    statements: reports.flatMap(({ statements }) => statements),
    invoices: reports.flatMap(({ invoices }) => invoices),
    records: reports.reduce((sum, { records }) => sum + records, 0),
    ...(mapping ? { mapping } : {}),
  });
}

/** A broken member shows itself while it is read. */
async function memberReport(place: string, chunks: Chunks, options: ReportOptions): Promise<FileReport> {
  try {
    return await reportFile(place, chunks, options);
  } catch (error) {
    if (error instanceof FailureError) return fileReport(place, { error: error.failure });
    throw error;
  }
}

/** Reads a file and reports what is in it; stores nothing, never throws on content. `file` is the name to show. */
export async function reportFile(file: string, chunks: Chunks, options: ReportOptions = {}): Promise<FileReport> {
  const { head, whole, all, stop } = await peek(chunks, DETECT_BYTES);
  const detected = detectFormat(head, whole, options.settlements);
  if (!detected.ok) {
    await stop();
    return fileReport(file, { error: detected.error });
  }
  const { kind, format } = detected.value;
  if (detected.value.kind === "statement") return statementsReport(file, detected.value, all());
  if (kind === "payment_status") return paymentStatusReport(file, format, all());
  const bytesMax = bytesMaxOf(kind);
  const bytes = await gathered(all(), bytesMax);
  if (!bytes) return fileReport(file, { format, error: tooLarge(bytesMax) });
  switch (kind) {
    case "invoice":
      return invoiceFileReport(file, format, bytes);
    case "datev":
      return datevReport(file, bytes);
    case "settlement":
      return settlementReport(file, format, bytes, options.settlements);
    case "advice":
      return adviceReport(file, format, bytes);
    case "archive":
      return archiveReport(file, format, bytes, options);
    default:
      return openItemsReport(file, bytes, options.mapping ?? {}, options.currency ?? EUR);
  }
}

function bytesMaxOf(kind: DetectedFormat["kind"]): number {
  if (kind === "invoice") return INVOICE_LIMITS.bytesMax;
  return kind === "archive" ? ARCHIVE_LIMITS.bytesMax : CSV_LIMITS.bytesMax;
}
