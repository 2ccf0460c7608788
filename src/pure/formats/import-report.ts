/**
 * The element that `kulanz import --dry-run --json` prints for a file. Amounts as in the file, exact, without trailing
 * zeros beyond two places; sums by direction over all entries; `reconciles` over booked entries, null without balances.
 */
import { type Currency, type Decimal, EUR, type Failure, formatDecimal } from "../kernel/index.ts";
import { readStatements, type StatementFormat } from "./bank/read.ts";
import type { ReadWarning, StatementHeader, StatementTotals } from "./bank/statement.ts";
import { DETECT_BYTES, detectFormat } from "./detect.ts";
import type { InvoiceDocument } from "./invoice/document.ts";
import { INVOICE_LIMITS, readInvoice } from "./invoice/invoice.ts";
import { type ColumnMapping, confirmedMapping, type MappingCorrection } from "./table/column-mapping.ts";
import { CSV_LIMITS, readCsv } from "./table/csv.ts";
import { readOpenItems } from "./table/open-items.ts";

export interface StatementReport {
  readonly account: string | null;
  readonly currency: string | null;
  readonly opening: string | null;
  readonly closing: string | null;
  readonly entries: number;
  readonly booked: number;
  readonly transactions: number;
  readonly sumCredit: string;
  readonly sumDebit: string;
  readonly reconciles: boolean | null;
}

export interface InvoiceReport {
  readonly number: string;
  readonly type: string | null;
  readonly issueDate: string | null;
  readonly dueDate: string | null;
  readonly currency: string;
  readonly total: string;
  readonly prepaid: string | null;
  readonly payable: string;
  readonly iban: string | null;
  readonly remittance: string | null;
  readonly mandate: string | null;
  readonly seller: string | null;
  readonly buyer: string | null;
}

export interface FileReport {
  readonly file: string;
  readonly format: string | null;
  readonly status: "ok" | "refused" | "partial";
  readonly error?: { readonly code: string; readonly message: string; readonly where: string };
  readonly warnings: readonly string[];
  readonly statements: readonly StatementReport[];
  readonly invoices: readonly InvoiceReport[];
  /** Rows of a table that became records. */
  readonly records: number;
  /** How columns were understood, for tables. */
  readonly mapping?: readonly { readonly column: string; readonly field: string | null; readonly confidence: number }[];
  /** Null in a dry run. */
  readonly imported: { readonly new: number; readonly known: number } | null;
}

/** More of the same kind help nobody. */
const WARNINGS_MAX = 100;

const shown = (value: Decimal | null): string | null => (value === null ? null : formatDecimal(value));

export function statementReport(statement: StatementHeader, totals: StatementTotals): StatementReport {
  return {
    account: statement.account.iban ?? statement.account.other,
    currency: totals.currency,
    opening: shown(totals.opening),
    closing: shown(totals.closing),
    entries: totals.entries,
    booked: totals.booked,
    transactions: totals.transactions,
    sumCredit: formatDecimal(totals.sumCredit),
    sumDebit: formatDecimal(totals.sumDebit),
    reconciles: totals.reconciles,
  };
}

export function invoiceReport(invoice: InvoiceDocument): InvoiceReport {
  return {
    number: invoice.number,
    type: invoice.type,
    issueDate: invoice.issueDate,
    dueDate: invoice.dueDate,
    currency: invoice.currency,
    total: formatDecimal(invoice.total),
    prepaid: shown(invoice.prepaid),
    payable: formatDecimal(invoice.payable),
    iban: invoice.iban,
    remittance: invoice.remittance,
    mandate: invoice.mandate,
    seller: invoice.seller.name,
    buyer: invoice.buyer.name,
  };
}

export const mappingReport = (mapping: ColumnMapping): NonNullable<FileReport["mapping"]> =>
  mapping.columns.map(({ header, field, confidence }) => ({ column: header, field, confidence }));

const placed = (file: string, where: string | undefined): string => (where === undefined ? file : `${file}:${where}`);

/** `error` of a report: the place starts with the file. */
export const errorReport = (file: string, { code, message, where }: Failure): NonNullable<FileReport["error"]> => ({
  code,
  message,
  where: placed(file, where),
});

/** `message (line:column)`. */
export const warningText = ({ message, where }: ReadWarning | Failure): string =>
  where === undefined ? message : `${message} (${where})`;

export function limitedWarnings(warnings: readonly string[]): string[] {
  const more = warnings.length - WARNINGS_MAX;
  return more > 0 ? [...warnings.slice(0, WARNINGS_MAX), `${more} more warnings.`] : [...warnings];
}

type Parts = Partial<Omit<FileReport, "file" | "error">> & { readonly error?: Failure };

/** A report with empty places filled; `refused` when there is an error and nothing was readable. */
export function fileReport(file: string, parts: Parts): FileReport {
  const { error, ...rest } = parts;
  return {
    file,
    format: null,
    status: error ? "refused" : "ok",
    statements: [],
    invoices: [],
    records: 0,
    imported: null,
    ...rest,
    warnings: limitedWarnings(parts.warnings ?? []),
    ...(error ? { error: errorReport(file, error) } : {}),
  }; // prettier-ignore
}

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

function invoiceFileReport(file: string, format: string, bytes: Uint8Array): FileReport {
  const read = readInvoice(bytes);
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
  const mapping = confirmedMapping(table.value, correction);
  if (!mapping.ok) return fileReport(file, { format: "csv", error: mapping.error });
  const shownMapping = mappingReport(mapping.value);
  let records = 0;
  let failed: Failure | undefined;
  const warnings: string[] = [];
  for (const row of readOpenItems(table.value, mapping.value, usual)) {
    if (row.ok) {
      records += 1;
      if (warnings.length <= WARNINGS_MAX) warnings.push(...row.value.warnings.map(warningText));
    } else {
      failed ??= row.error;
      warnings.push(warningText(row.error));
    }
  }
  const found = { format: "csv", mapping: shownMapping, records, warnings };
  if (failed && records === 0) return fileReport(file, { ...found, warnings: warnings.slice(1), error: failed });
  return fileReport(file, { ...found, status: failed ? "partial" : "ok" });
}

export interface ReportOptions {
  readonly mapping?: MappingCorrection;
  /** Currency of rows that name none. */
  readonly currency?: Currency;
}

/** Reads a file and reports what is in it; stores nothing, never throws on content. `file` is the name to show. */
export async function reportFile(file: string, chunks: Chunks, options: ReportOptions = {}): Promise<FileReport> {
  const { head, whole, all, stop } = await peek(chunks, DETECT_BYTES);
  const detected = detectFormat(head, whole);
  if (!detected.ok) {
    await stop();
    return fileReport(file, { error: detected.error });
  }
  const { kind, format } = detected.value;
  if (detected.value.kind === "statement") return statementsReport(file, detected.value, all());
  const { bytesMax } = kind === "invoice" ? INVOICE_LIMITS : CSV_LIMITS;
  const bytes = await gathered(all(), bytesMax);
  if (!bytes) return fileReport(file, { format, error: tooLarge(bytesMax) });
  return kind === "invoice"
    ? invoiceFileReport(file, format, bytes)
    : openItemsReport(file, bytes, options.mapping ?? {}, options.currency ?? EUR);
}
