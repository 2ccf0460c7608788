/**
 * The element that `kulanz import --dry-run --json` prints for a file. Amounts as in the file, exact, without trailing
 * zeros beyond two places; sums by direction over all entries; `reconciles` over booked entries, null without balances.
 */
import { type Decimal, type Failure, formatDecimal } from "../kernel/index.ts";
import type { ReadWarning, StatementHeader, StatementTotals } from "./bank/statement.ts";
import type { InvoiceDocument } from "./invoice/document.ts";
import type { ColumnMapping } from "./table/column-mapping.ts";

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
export const WARNINGS_MAX = 100;

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
