import type { Channel, CreditorRef, CustomerRef, Day, Id, Instant, Language, Money, Said } from "./basics.ts";

export type Component = "principal" | "interest" | "dunning_cost" | "collection_cost";

/** Row of the list and of the search. */
export interface CustomerRow extends CustomerRef {
  readonly kind: "consumer" | "business";
  readonly town: string | null;
  readonly street: string | null;
  readonly open: Money;
  readonly overdue: Money;
  readonly oldestDue: Day | null;
  readonly stage: string | null;
  readonly held: boolean;
  readonly restricted: boolean;
  /** Search only: what matched, e.g. `invoice_number` and the part of the value. */
  readonly hit?: Said;
}

export interface Blocker {
  readonly ground: Said;
  /** Rule or law it rests on, e.g. `§ 286 Abs. 1 BGB`, `strategy: gap of 14 days`. */
  readonly basis: Said | null;
  /** Last day it holds; null: without end, stands on the review list. */
  readonly until: Day | null;
  readonly holdId: Id | null;
}

export interface Item {
  readonly id: Id;
  readonly number: string;
  readonly orderNumber: string | null;
  readonly kind: "invoice" | "credit_note" | "on_account";
  readonly claimKind: string;
  readonly creditor: CreditorRef;
  readonly brand: string;
  readonly issuedOn: Day | null;
  readonly dueOn: Day;
  readonly inDefaultSince: Day | null;
  readonly state: "open" | "paid" | "written_off" | "handed_over" | "credited";
  readonly original: Money;
  readonly components: Readonly<Partial<Record<Component, Money>>>;
  readonly open: Money;
  readonly stage: string | null;
  readonly assigned: boolean;
  readonly documentId: Id | null;
}
export interface Posting {
  readonly id: Id;
  readonly valueOn: Day;
  readonly bookedAt: Instant;
  readonly kind:
    | "claim"
    | "payment"
    | "return"
    | "credit"
    | "discount"
    | "write_off"
    | "interest"
    | "cost"
    | "transfer"
    | "adjustment";
  readonly component: Component;
  /** Positive: owed more; negative: owed less. */
  readonly amount: Money;
  /** Paragraph or rule a charge rests on. */
  readonly ground: string | null;
  readonly reverses: Id | null;
}
/** An amount opened to its calculation. */
export interface ItemDetail extends Item {
  readonly postings: readonly Posting[];
  readonly claim: readonly { readonly label: Said; readonly law: string | null; readonly amount: Money }[];
}

export interface TimelineEntry {
  readonly id: Id;
  /** Planned entries have no instant and lie in the future. */
  readonly when: "past" | "now" | "planned";
  readonly on: Day;
  readonly at: Instant | null;
  readonly title: Said;
  readonly detail: Said | null;
  /** Acts of the customer and payments stand out. */
  readonly strong: boolean;
  readonly messageId: Id | null;
  readonly itemId: Id | null;
}

export interface ContactPoint {
  readonly id: Id;
  readonly channel: Channel;
  readonly value: string;
  readonly verifiedAt: Instant | null;
  readonly usable: boolean;
  readonly problem: Said | null;
  readonly consent: "contract" | "given" | "withdrawn";
  readonly consentSource: string | null;
  readonly consentAt: Instant | null;
}
export interface Party {
  readonly id: Id;
  readonly role: "customer" | "payer" | "delivery" | "representative";
  readonly representativeKind: "lawyer" | "debt_adviser" | "guardian" | "parent" | "heir" | "administrator" | null;
  readonly name: string;
  readonly address: readonly string[];
  readonly from: Day | null;
  readonly until: Day | null;
  readonly writeOnlyTo: boolean;
  readonly sees: readonly string[];
  readonly proof: string | null;
  readonly contactPoints: readonly ContactPoint[];
}
export interface Hold {
  readonly id: Id;
  readonly ground: string;
  readonly note: string | null;
  readonly itemId: Id | null;
  readonly author: string;
  readonly from: Day;
  readonly until: Day | null;
  readonly endedAt: Instant | null;
}
export interface Customer extends CustomerRef {
  readonly kind: "consumer" | "business";
  readonly language: Language;
  readonly group: string | null;
  readonly since: Day | null;
  readonly restricted: boolean;
  readonly creditors: readonly CreditorRef[];
  readonly reachableBy: readonly Channel[];
  readonly stage: Said | null;
  readonly open: readonly Money[];
  readonly unallocated: readonly Money[];
  readonly counts: {
    readonly items: number;
    readonly messages: number;
    readonly parties: number;
    readonly documents: number;
  };
  /** Open items, by component, with the sentences of law that explain interest and cost. */
  readonly items: readonly Item[];
  readonly explained: readonly Said[];
  readonly blockers: readonly Blocker[];
  /** First day on which nothing stands against writing; null: unknown or nothing due. */
  readonly mayWriteFrom: Day | null;
  readonly next: {
    readonly stage: Said;
    readonly channel: Channel;
    readonly on: Day;
    readonly reasons: readonly Said[];
  } | null;
  /** What waits for a person, most urgent first (worklist). */
  readonly waiting: readonly { readonly id: Id; readonly kind: string; readonly step: Said; readonly dueOn: Day }[];
  readonly timeline: readonly TimelineEntry[];
  readonly holds: readonly Hold[];
  readonly parties: readonly Party[];
  readonly notes: readonly { readonly id: Id; readonly text: string; readonly author: string; readonly at: Instant }[];
}
export interface NewHold {
  readonly ground: string;
  readonly until: Day | null;
  readonly itemId: Id | null;
  readonly note: string | null;
}
/** A write-off is a proposal until a person with the limit agrees (worklist, kind `write_off`). */
export interface WriteOffProposal {
  readonly itemId: Id;
  readonly amount: Money;
  readonly reason: string;
}
export interface Document {
  readonly id: Id;
  readonly kind: "invoice" | "letter" | "upload" | "proof";
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly at: Instant;
  readonly itemId: Id | null;
}

/** The kinds of `task`, and two the server derives: messages that need approval, holds without end. */
export type WorkKind =
  | "callback"
  | "dispute"
  | "claimed_paid"
  | "parked_message"
  | "hand_over"
  | "write_off"
  | "overpayment"
  | "finding"
  | "credit_note_overdue"
  | "vanished_item"
  | "difference"
  | "refund"
  | "duplicate_payment"
  | "match_review"
  | "tell_partner"
  | "unreachable"
  | "approval"
  | "hold_review";
/**
 * `later` moves `dueOn`; `left`, `send_again`, `drop` decide a parked message; `end_hold` lifts the hold; `refund`,
 * `set_off`, `keep` decide what came twice; `right`, `wrong` a match of the sample.
 */
export type WorkAct =
  | "done"
  | "later"
  | "approve"
  | "refuse"
  | "left"
  | "send_again"
  | "drop"
  | "end_hold"
  | "refund"
  | "set_off"
  | "keep"
  | "right"
  | "wrong";
/** What waits for a person. `acts` are those this user may do, the advised one first. */
export interface WorkItem {
  readonly id: Id;
  readonly kind: WorkKind;
  readonly customer: CustomerRef | null;
  readonly creditor: CreditorRef | null;
  readonly step: Said;
  readonly why: Said;
  readonly open: Money | null;
  readonly dueOn: Day;
  readonly dueAt: Instant | null;
  readonly acts: readonly WorkAct[];
  readonly messageId: Id | null;
  /** First of four eyes has agreed. */
  readonly agreedBy: string | null;
  readonly evidence: readonly Said[];
  readonly mayDo: readonly Said[];
  readonly latest: { readonly text: string; readonly source: Said; readonly at: Instant } | null;
}
export interface WorkDecision {
  readonly act: WorkAct;
  readonly until: Day | null;
  readonly note: string | null;
}

/** Of one component each; positive means the customer owes more. */
export type ComponentAmounts = Readonly<Record<Component, Money>>;

export interface StatementMovement {
  readonly on: Day;
  readonly kind: Posting["kind"];
  readonly title: string;
  readonly note: string;
  readonly law: string | null;
  readonly change: ComponentAmounts;
  readonly amount: Money;
  readonly openAfter: Money;
}

export interface StatementInterest {
  readonly law: string;
  readonly dayCount: "act/act" | "act/365" | "act/360";
  readonly segments: readonly {
    readonly from: Day;
    readonly to: Day;
    readonly days: number;
    readonly rate: string;
    readonly baseRate: string | null;
    readonly rateText: string;
    readonly principal: Money;
    /** With two places more than the currency has. */
    readonly exact: string;
    readonly provisional: boolean;
  }[];
  readonly whole: Money;
  readonly posted: Money;
  readonly accrued: Money;
  readonly provisional: boolean;
  readonly lines: readonly string[];
}

export interface StatementItem {
  readonly id: Id;
  readonly title: string;
  readonly facts: string;
  readonly kind: Item["kind"];
  readonly number: string;
  readonly orderNumber: string | null;
  readonly issuedOn: Day;
  readonly dueOn: Day;
  readonly inDefaultSince: Day | null;
  readonly assignedOn: Day | null;
  readonly movements: readonly StatementMovement[];
  readonly interest: StatementInterest | null;
  readonly noInterest: Said | null;
  readonly open: ComponentAmounts;
  readonly accrued: Money;
  readonly total: Money;
}

/** One creditor and currency, as of a day. */
export interface AccountStatement {
  readonly creditor: CreditorRef;
  readonly currency: string;
  readonly asOf: Day;
  readonly provisional: boolean;
  readonly lawUnsupported: boolean;
  readonly open: ComponentAmounts;
  readonly accrued: Money;
  readonly total: Money;
  readonly sums: readonly { readonly label: string; readonly amount: Money }[];
  readonly columns: readonly string[];
  readonly interestColumns: readonly string[];
  readonly items: readonly StatementItem[];
  readonly payments: readonly {
    readonly on: Day;
    readonly title: string;
    readonly amount: Money;
    readonly parts: readonly {
      readonly itemId: Id;
      readonly number: string;
      readonly onAccount: boolean;
      readonly paid: ComponentAmounts;
      readonly law: string | null;
      readonly text: string;
    }[];
  }[];
  readonly notes: readonly string[];
}

export interface StatementOfAccount {
  readonly customer: CustomerRef;
  readonly asOf: Day;
  readonly statements: readonly AccountStatement[];
}
