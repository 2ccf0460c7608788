/** The daily reconciliation, the safety stop for what vanished from the ERP's list, and what is handed back to it. */
import type { CreditorRef, CustomerRef, Day, Id, Instant, Money, Said } from "./basics.ts";

export type ReconciliationState = "equal" | "different" | "waiting";
export interface Side {
  readonly said: Said;
  /** Null: not there yet (no list, no statement). */
  readonly amount: Money | null;
  readonly count: number | null;
  readonly asOf: Day | null;
}
/**
 * Two sums that must agree. To the cent: `left + Σ steps + difference = right`; `steps` are what is explained
 * (a fee of ours not yet handed back, money that isn't matched yet), `difference` is what is not.
 */
export interface Comparison {
  readonly kind: "erp_ledger" | "bank_ledger";
  readonly state: ReconciliationState;
  readonly left: Side;
  readonly right: Side;
  readonly steps: readonly { readonly said: Said; readonly amount: Money; readonly count: number }[];
  readonly difference: Money | null;
}
/** One creditor and currency. */
export interface ReconciliationRow {
  readonly creditor: CreditorRef;
  readonly currency: string;
  readonly leads: "erp" | "kulanz" | "portal";
  readonly state: ReconciliationState;
  readonly comparisons: readonly Comparison[];
  readonly differences: number;
}
export interface Reconciliation {
  readonly day: Day;
  readonly at: Instant | null;
  /** The last 30 days, oldest first. */
  readonly days: readonly { readonly day: Day; readonly state: ReconciliationState | "none" }[];
  readonly rows: readonly ReconciliationRow[];
  /** Waits for a person. */
  readonly vanished: number;
}

export type DifferenceAct = "take_theirs" | "keep_ours" | "done";
/** A difference is a task; `id` is the task's. */
export interface Difference {
  readonly id: Id;
  readonly kind: Said;
  readonly creditor: CreditorRef;
  readonly customer: CustomerRef | null;
  readonly itemId: Id | null;
  readonly number: string | null;
  /** What stands in the ERP's list or on the bank statement. */
  readonly theirs: Money | null;
  readonly ours: Money | null;
  /** `ours − theirs`. */
  readonly difference: Money;
  readonly advice: Said;
  readonly since: Day;
  readonly state: "open" | "done";
  /** The advised one first. */
  readonly acts: readonly DifferenceAct[];
}

/** A snapshot in which more vanished than the limit: nothing of it is closed until a person has looked. */
export interface VanishedStop {
  readonly id: Id;
  readonly creditor: CreditorRef;
  readonly file: string;
  readonly at: Instant;
  readonly items: number;
  readonly amounts: readonly Money[];
  /** All items that were open before. */
  readonly of: number;
  /** 0 to 1. */
  readonly share: number;
  readonly limit: number;
  readonly state: "waiting" | "closed" | "kept";
  readonly decidedBy: string | null;
  readonly decidedAt: Instant | null;
  readonly mayDecide: boolean;
}
export interface VanishedItem {
  readonly itemId: Id;
  readonly customer: CustomerRef;
  readonly number: string;
  readonly dueOn: Day;
  readonly open: Money;
  readonly lastSeenOn: Day | null;
  /** What may explain it (a credit note came, money is on its way); null: nothing known. */
  readonly hint: Said | null;
}
/** `close`: they are settled in the ERP; with `itemIds` only these. `keep`: the file was incomplete. */
export interface VanishedDecision {
  readonly act: "close" | "keep";
  readonly itemIds?: readonly Id[];
}

/** Fees, interest and write-offs of ours as postings for the ERP. */
export interface HandbackSums {
  readonly postings: number;
  readonly sums: readonly Money[];
  readonly byKind: readonly { readonly kind: Said; readonly postings: number; readonly amount: Money }[];
}
export interface HandbackPending extends HandbackSums {
  readonly creditor: CreditorRef;
  readonly oldest: Day | null;
  /** Why no batch can be made (accounts or tax codes are not set); null: it can. */
  readonly mayNot: Said | null;
}
/** Files: `GET /handback/batches/{batchId}/file?format=datev|csv`. */
export interface HandbackBatch extends HandbackSums {
  readonly id: Id;
  readonly number: number;
  readonly creditor: CreditorRef;
  readonly from: Day;
  readonly to: Day;
  readonly createdAt: Instant;
  readonly createdBy: string;
  /** The ERP has it: said by a person or by the API. */
  readonly takenAt: Instant | null;
}
