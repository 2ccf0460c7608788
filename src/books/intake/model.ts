/** What intake takes and tells. The element of a file is the contract's (`pure/formats`, import report). */
import type { FileReport, MappingCorrection, SettlementMapping } from "../../pure/formats/index.ts";
import type { KnownEntry } from "../banking/index.ts";
import type { ListKind, ListOptions } from "./leading/lists.ts";
import type { CreditorId, Currency, Instant, PlainDate, Uuid } from "../../pure/kernel/index.ts";

/** Bytes, or a way to read them from the start: files are read twice, once to know them, once to take them in. */
export type Content = Uint8Array | (() => AsyncIterable<Uint8Array>);

export interface FileInput {
  /** Shown in reports; kept sealed. Never used to find out what the file is. */
  readonly name: string;
  readonly content: Content;
  /** For files that don't say whose money it is. */
  readonly creditorId?: CreditorId;
  /** For statements that don't name their account. */
  readonly account?: string;
  /** Corrects what was guessed of the columns; remembered for files with the same header. */
  readonly mapping?: MappingCorrection;
  /** Currency of rows that name none (EUR). */
  readonly currency?: Currency;
  /** Mappings of settlement files beside those that ship; those the creditor has set when not given. */
  readonly settlements?: readonly SettlementMapping[];
  /** A list of open items: `snapshot` is all there is, `delta` some of it; the creditor's setting when not said. */
  readonly list?: ListKind;
  /** Business date a list speaks of; today when not said. */
  readonly asOf?: PlainDate;
  /** A person has looked at what vanishes with this snapshot. */
  readonly confirmed?: NonNullable<ListOptions["confirmed"]>;
}

export interface ImportAcknowledgement {
  readonly kind: "statement imported" | "invoice imported" | "items imported";
  /** Id of the import. */
  readonly id: string;
  readonly at: Instant;
}

export interface ImportOptions {
  /** Called after the commit, once a file that brought something new. */
  readonly onAck?: (ack: ImportAcknowledgement) => void;
  /** Called once a file that stands in the books, with the id of the import that brought it, now or before. */
  readonly onStored?: (importId: Uuid) => void;
  /** Bytes read of the file so far, every megabyte or so. */
  readonly progress?: (bytes: number) => void;
}

/** What `import_file` keeps of a report: no file name, no seller, buyer or text. */
export type StoredReport = Pick<FileReport, "format" | "status" | "statements" | "records" | "imported"> & {
  readonly warnings: number;
  readonly invoices: number;
  /** Entries of a bank file that another file had brought before. */
  readonly knownEntries?: readonly KnownEntry[];
};

export const storedReport = (report: FileReport, knownEntries: readonly KnownEntry[]): StoredReport => ({
  format: report.format,
  status: report.status,
  statements: report.statements,
  records: report.records,
  imported: report.imported,
  warnings: report.warnings.length,
  invoices: report.invoices.length,
  ...(knownEntries.length > 0 ? { knownEntries } : {}),
});
