/**
 * Receivables, their append-only postings, cases, holds and tasks.
 * Amounts are minor units of the row's currency; positive means the customer owes more.
 */
import type {
  BrandId,
  CaseId,
  CreditorId,
  Currency,
  CustomerId,
  Instant,
  PlainDate,
  ReceivableId,
  Uuid,
} from "../../pure/kernel/index.ts";
import type { CustomerKind } from "../customers/index.ts";

/** Part of a claim. A write-off, discount or payment is a *kind* of posting on one of these. */
export type Component = "principal" | "interest" | "dunning_cost" | "collection_cost";
export const COMPONENTS: readonly Component[] = ["principal", "interest", "dunning_cost", "collection_cost"];

export type PostingKind =
  | "claim" // an invoice arises
  | "payment"
  | "return" // a payment went back
  | "credit" // a credit note
  | "discount" // Skonto
  | "write_off"
  | "interest"
  | "cost"
  | "transfer" // between two receivables of one customer: on account, merge
  | "adjustment"; // what a later file says of the item: nobody paid, credited or waived anything

/** `on_account` collects money that no invoice has claimed yet; its balance is negative. */
export type ItemKind = "invoice" | "credit_note" | "on_account";

export interface Posting {
  readonly postingId: Uuid;
  readonly receivableId: ReceivableId;
  /** Postings of one act share it. */
  readonly bookingId: Uuid;
  readonly kind: PostingKind;
  readonly component: Component;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly valueOn: PlainDate;
  readonly bookedAt: Instant;
  readonly reverses?: Uuid;
  readonly ground?: string;
  readonly actor: string;
  /** Of a transfer between two files that were merged: what kind of movement it carries on. */
  readonly movedKind?: PostingKind;
}

/** What is to be posted; ids and times are given by the ledger. */
export interface PostingInput {
  readonly customerId: CustomerId;
  readonly receivableId: ReceivableId;
  readonly kind: PostingKind;
  readonly component: Component;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly valueOn: PlainDate;
  readonly reverses?: Uuid;
  readonly ground?: string;
  readonly movedKind?: PostingKind;
}

export type OpenAmounts = Readonly<Record<Component, bigint>>;

/** What an import states of an item. A credit note has a positive `amountMinor` too; its posting is negative. */
export interface ReceivableInput {
  readonly customerId: CustomerId;
  /** The file whose number was stated, where it was merged into the customer's: taken back, the item goes there. */
  readonly filedUnder?: CustomerId;
  readonly creditorId: CreditorId;
  readonly brandId: BrandId;
  readonly itemKind: "invoice" | "credit_note";
  readonly number: string;
  readonly orderNumber?: string;
  readonly claimKind: string;
  readonly paymentClaim: boolean;
  readonly customerKind: CustomerKind;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly issuedOn: PlainDate;
  readonly aroseOn: PlainDate;
  readonly dueOn: PlainDate;
  readonly dueDateAgreed: boolean;
  readonly notice30Days: boolean;
  readonly directDebit: boolean;
  readonly discountTerms?: readonly DiscountTerm[];
  /** Days to pay from delivery, as agreed (§ 286 II Nr. 2 BGB): `dueOn` is moved when the delivery is known. */
  readonly termFromDelivery?: number;
  readonly sourceFile?: Buffer;
}

/** Skonto: what may be taken off when paid so many days after the issue date. */
export interface DiscountTerm {
  readonly days: number;
  /** Decimal text, e.g. `2.00`. */
  readonly percent: string;
  /** Minor units it is taken of; absent: the item's amount. */
  readonly base?: bigint;
}

export interface Receivable extends Omit<ReceivableInput, "itemKind" | "amountMinor" | "filedUnder"> {
  readonly receivableId: ReceivableId;
  readonly itemKind: ItemKind;
  readonly caseId?: CaseId;
  /** RF reference (ISO 11649) customers are asked to use. */
  readonly paymentReference: string;
  readonly open: OpenAmounts;
  readonly openTotal: bigint;
  readonly assignedOn?: PlainDate;
  /** The delivery its due date was counted from. */
  readonly deliveredOn?: PlainDate;
  readonly defaultSince?: PlainDate;
  readonly defaultGround?: string;
  readonly stage?: string;
  readonly stageOn?: PlainDate;
  readonly settledOn?: PlainDate;
}

/** What of an item says which payments may be for it, and how they are allocated. */
export type PayableItem = Pick<
  Receivable,
  | "customerId"
  | "receivableId"
  | "creditorId"
  | "brandId"
  | "caseId"
  | "itemKind"
  | "number"
  | "claimKind"
  | "paymentClaim"
  | "customerKind"
  | "currency"
  | "issuedOn"
  | "aroseOn"
  | "dueOn"
  | "assignedOn"
  | "open"
  | "openTotal"
  | "defaultSince"
  | "discountTerms"
>;

/** A charge shows its law (invariant 11). */
export interface Charge {
  readonly component: Component;
  readonly amountMinor: bigint;
  /** e.g. `§ 288 Abs. 1 BGB` */
  readonly paragraph: string;
  readonly ratePercent?: string;
  readonly baseMinor?: bigint;
  readonly days?: number;
  readonly from?: PlainDate;
  readonly to?: PlainDate;
  /** The base rate of some day is not known yet. */
  readonly provisional: boolean;
}

/** What may be claimed of one receivable on a day: postings by value date plus interest the law gives. */
export interface Claim {
  readonly receivableId: ReceivableId;
  readonly on: PlainDate;
  readonly currency: Currency;
  readonly open: OpenAmounts;
  /** Interest up to the day that is not posted yet, contained in `total`. */
  readonly charges: readonly Charge[];
  readonly totalMinor: bigint;
}

export interface Case {
  readonly caseId: CaseId;
  readonly customerId: CustomerId;
  readonly creditorId: CreditorId;
  readonly currency: Currency;
  /** Short number people can say on the phone. */
  readonly number: string;
  readonly state: "open" | "closed" | "handed_over";
  readonly stage?: string;
  readonly stageOn?: PlainDate;
  readonly round: number;
  readonly openedOn: PlainDate;
  readonly closedOn?: PlainDate;
}

/** Why nothing may be sent now. Whole customer when neither case nor receivable is named. */
export type HoldGround =
  | "claimed_paid" // "I have paid"
  | "pending_payment"
  | "dispute"
  | "callback"
  | "promise"
  | "insolvency"
  | "deceased"
  | "minor"
  | "guardianship"
  | "vulnerable"
  | "representative"
  | "return_announced" // what orders tell, see `deliveries`
  | "returned"
  | "refused"
  | "cancelled"
  | "withdrawn"
  | "not_delivered"
  | "goodwill"
  | "hardship"
  | "other"
  | "manual";

export interface Hold {
  readonly holdId: Uuid;
  readonly caseId?: CaseId;
  readonly receivableId?: ReceivableId;
  readonly ground: HoldGround;
  readonly author: string;
  readonly startsOn: PlainDate;
  /** Without an end it stands on the review list. */
  readonly endsOn?: PlainDate;
  readonly comment?: string;
  readonly createdAt: Instant;
  readonly liftedAt?: Instant;
  readonly liftedBy?: string;
}

export const holdIsActive = (hold: Pick<Hold, "startsOn" | "endsOn" | "liftedAt">, day: PlainDate): boolean =>
  hold.liftedAt === undefined && hold.startsOn <= day && (hold.endsOn === undefined || hold.endsOn >= day);

export type TaskKind =
  | "callback"
  | "dispute"
  | "claimed_paid" // the hold ended and no money came: ask
  | "parked_message"
  | "hand_over" // proposal (invariant 12)
  | "write_off" // proposal (invariant 12)
  | "overpayment"
  | "unreachable"
  | "finding" // the item fails a check before dunning
  | "credit_note_overdue" // goods came back, the credit note did not come
  | "vanished_item" // missing from the ERP's snapshot
  | "difference" // reconciliation
  | "refund" // proposal (invariant 12): to the account the money came from
  | "duplicate_payment"
  | "match_review" // one of the monthly sample of automatic matches
  | "tell_partner"; // the customer paid us what is with a collection partner, or assigned

export interface Task {
  readonly taskId: Uuid;
  readonly customerId: CustomerId;
  readonly caseId?: CaseId;
  readonly receivableId?: ReceivableId;
  readonly kind: TaskKind;
  readonly state: "open" | "done" | "approved" | "refused";
  readonly amountMinor?: bigint;
  readonly currency?: Currency;
  readonly text?: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly dueOn: PlainDate;
  readonly createdBy: string;
  readonly createdAt: Instant;
  readonly firstApprovedBy?: string;
  readonly decidedBy?: string;
  readonly decidedAt?: Instant;
}

/** What a payment may leave unpaid of the principal of an item it names: Skonto, or a residual within tolerance. */
export interface Concession {
  readonly receivableId: ReceivableId;
  readonly kind: "discount" | "write_off";
  /** At most, minor units; only what is missing is given. */
  readonly minor: bigint;
  /** The term or rule it rests on. */
  readonly ground: string;
}

export interface PaymentInput {
  readonly customerId: CustomerId;
  readonly creditorId: CreditorId;
  readonly brandId?: BrandId;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly valueOn: PlainDate;
  /** Receivables the customer named (§ 366 I BGB), in the order named; empty: statutory order. */
  readonly designated: readonly ReceivableId[];
  /** What may be left unpaid of the designated items when that settles all of them (Skonto, tolerance). */
  readonly concessions?: readonly Concession[];
}

/** Where a payment went; what no item took stays on account (`receivableId` of the on-account item, `onAccount: true`). */
export interface Allocation {
  readonly receivableId: ReceivableId;
  readonly number: string;
  readonly byComponent: OpenAmounts;
  readonly amountMinor: bigint;
  readonly onAccount: boolean;
}
