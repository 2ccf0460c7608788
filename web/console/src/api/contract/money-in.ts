import type { CreditorRef, CustomerRef, Day, Id, Instant, Money, Progress, Said } from "./basics.ts";
import type { EntryPayout } from "./matching.ts";
import type { SnapshotPreview } from "./sources.ts";

/** `returned`: direct debits and transfers that came back, whatever their status. `unmatched` includes set-aside. */
export type EntryView = "proposed" | "unmatched" | "booked" | "returned";
export interface BankEntryRow {
  readonly id: Id;
  readonly account: string;
  readonly payer: string | null;
  readonly remittance: string;
  readonly amount: Money;
  readonly bookedOn: Day;
  readonly valueOn: Day;
  readonly view: EntryView;
  /** Best proposal, 0 to 100. */
  readonly score: number | null;
  readonly customer: CustomerRef | null;
  readonly automatic: boolean | null;
  /** Calibrated chance that the best proposal is right, 0 to 1; absent while no model has weighed it. */
  readonly probability?: number;
  /** Sure enough to be booked together with others of the same kind (`SureGroup`). */
  readonly sure?: Said;
}
export interface Reason {
  readonly speaks: "for" | "against";
  readonly said: Said;
}
/** What booking this proposal does, computed by the server (§§ 366, 367 BGB). */
export interface AllocationLine {
  readonly itemId: Id | null;
  readonly number: string | null;
  readonly dueOn: Day | null;
  readonly open: Money;
  readonly now: Money;
}
export interface Proposal {
  readonly rank: number;
  readonly score: number;
  /** Calibrated, 0 to 1. */
  readonly probability?: number;
  readonly customer: CustomerRef;
  readonly title: Said;
  readonly detail: Said;
  readonly reasons: readonly Reason[];
  readonly lines: readonly AllocationLine[];
  readonly remainsOpen: Money;
  /** What is too much and stays on account. */
  readonly onAccount: Money;
  readonly law: Said | null;
  readonly next: Said | null;
}
export interface BankEntry extends BankEntryRow {
  readonly payerIban: string | null;
  readonly endToEndId: string | null;
  readonly statementId: Id;
  /** Parts of the remittance text that matched: character offsets. */
  readonly marks: readonly { readonly from: number; readonly to: number }[];
  readonly proposals: readonly Proposal[];
  readonly booked: readonly {
    readonly customer: CustomerRef;
    readonly number: string | null;
    readonly amount: Money;
  }[];
  readonly bookedBy: string | null;
  readonly bookedAt: Instant | null;
  /** From this score on Kulanz books by itself. */
  readonly automaticLead: number;
  /** Set per creditor: the probability from which on Kulanz books by itself, 0 to 1. */
  readonly threshold?: number;
  /** What this match taught. */
  readonly learned?: readonly Learned[];
  /** A provider's payout: what its lines come to. */
  readonly payout?: EntryPayout;
  readonly mayBook: boolean;
}
/** Said after booking: "Konto gemerkt für …", with the way to forget it (`POST /bank/accounts/{accountId}/forget`). */
export interface Learned {
  readonly accountId: string;
  readonly customer: CustomerRef;
  readonly said: Said;
}
/** Either one of the proposals, or a person's own distribution; what is left stays on account of `customerId`. */
export interface Booking {
  readonly proposal?: number;
  readonly customerId?: Id;
  readonly items?: readonly { readonly itemId: Id; readonly amount: Money }[];
}
export interface Booked {
  readonly entryId: Id;
  readonly booked: readonly { readonly number: string | null; readonly amount: Money }[];
  readonly undoUntil: Instant | null;
  readonly learned?: readonly Learned[];
}
export interface BankSummary {
  readonly counts: Readonly<Record<EntryView, number>>;
  readonly statements: number;
  readonly sinceDay: Day;
  readonly entriesSince: number;
  readonly automaticSince: number;
  readonly undoneSince: number;
  /** Decisions matching learned from, and the weights in use (0: those that ship). */
  readonly learning?: { readonly decisions: number; readonly version: number; readonly since: Instant | null };
}
export interface StatementRow {
  readonly id: Id;
  readonly account: string;
  readonly bank: string | null;
  readonly creditor: CreditorRef;
  readonly number: string | null;
  readonly from: Day;
  readonly to: Day;
  readonly opening: Money;
  readonly closing: Money;
  readonly credits: Money;
  readonly debits: Money;
  readonly entries: number;
  readonly reconciles: boolean;
  readonly importedAt: Instant;
  readonly file: string;
}

/** One element of `kulanz import --json`, as CONTRACT says, in the shape of the API. */
export interface ImportResult {
  readonly file: string;
  readonly format: string;
  readonly status: "ok" | "partial" | "refused";
  readonly error: { readonly code: string; readonly message: string; readonly where: string } | null;
  readonly warnings: readonly string[];
  readonly statements: readonly {
    readonly account: string;
    readonly currency: string;
    readonly opening: string;
    readonly closing: string;
    readonly entries: number;
    readonly booked: number;
    readonly transactions: number;
    readonly sumCredit: string;
    readonly sumDebit: string;
    readonly reconciles: boolean;
  }[];
  readonly invoices: readonly {
    readonly number: string;
    readonly issueDate: Day | null;
    readonly dueDate: Day | null;
    readonly currency: string;
    readonly total: string;
    readonly payable: string;
    readonly buyer: string | null;
  }[];
  readonly records: number;
  readonly imported: { readonly new: number; readonly known: number } | null;
}
/** How columns of a CSV become fields. `target` null: the column is not read. */
export interface MappingColumn {
  readonly column: number;
  readonly header: string;
  readonly samples: readonly string[];
  readonly target: string | null;
  /** How the target was found: `known` name, `remembered`, `guessed`, `person`, or not at all. */
  readonly source: "known" | "remembered" | "guessed" | "person" | "none";
}
export interface CsvMapping {
  readonly delimiter: string;
  readonly encoding: string;
  readonly decimal: "," | ".";
  readonly dateFormat: string;
  readonly columns: readonly MappingColumn[];
  /** All targets there are; `required` ones must be mapped before the import. */
  readonly targets: readonly { readonly name: string; readonly required: boolean }[];
  readonly missing: readonly string[];
  /** What the first rows become under this mapping (target → value). */
  readonly rows: readonly Readonly<Record<string, string>>[];
}
/**
 * `POST /imports/preview`, multipart: `file`, `creditor` (id, optional), `mapping` (JSON of `MappingChoice`,
 * optional). Nothing is stored; the console sends the file again to import it.
 */
export interface ImportPreview {
  readonly result: ImportResult;
  readonly mapping: CsvMapping | null;
  /** The creditor is needed and can't be told from the file. */
  readonly needsCreditor: boolean;
  /** For lists of open items: what a full list would close. */
  readonly snapshot?: SnapshotPreview;
}
export interface MappingChoice {
  readonly columns: readonly { readonly column: number; readonly target: string | null }[];
  readonly decimal?: "," | ".";
  readonly dateFormat?: string;
  readonly remember?: boolean;
}
/** `POST /imports` takes the same form and answers 202 with this; events or polling tell the rest. */
export interface ImportJob {
  readonly id: Id;
  readonly file: string;
  readonly format: string;
  readonly state: "waiting" | "reading" | "matching" | "done" | "failed";
  readonly progress: Progress;
  readonly at: Instant;
  readonly by: string;
  readonly result: ImportResult | null;
  /** What matching did with the entries of a statement. */
  readonly matched: { readonly automatic: number; readonly proposed: number; readonly unmatched: number } | null;
}
