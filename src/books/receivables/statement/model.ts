/**
 * Statement of account (Forderungsaufstellung): what is asked of a customer by one creditor in one currency as of a day,
 * and how each cent of it came about. Amounts are minor units; positive means the customer owes more.
 */
import type {
  BrandId,
  CreditorId,
  Currency,
  CustomerId,
  PlainDate,
  ReceivableId,
  Uuid,
} from "../../../pure/kernel/index.ts";
import type { DayCount, InterestSegment } from "../../../pure/law/index.ts";
import type { ItemKind, OpenAmounts, PostingKind } from "../model.ts";

/** Why no interest is counted on an item. */
export type NoInterest =
  | "law_country_unsupported" // creditor or customer elsewhere: never computed by German law
  | "not_in_default"
  | "not_claimed" // no message has asked for it yet (creditor's rule)
  | "renounced" // the creditor's rule: never
  | "given_up" // a person wrote the claim off; money that came afterwards pays no more than itself
  | "nothing_to_bear"; // no principal stood while in default, or no invoice

/** One act on one item: what it did to each component, and what was open after it. */
export interface StatementMovement {
  readonly bookingId: Uuid;
  readonly on: PlainDate;
  readonly kind: PostingKind;
  readonly change: OpenAmounts;
  readonly amountMinor: bigint;
  /** Paragraph it rests on, in legal notation; absent where it is a fact and not a charge or an allocation. */
  readonly law?: string;
  readonly openAfter: OpenAmounts;
}

/** Interest from the first day of default up to the day of the statement. */
export interface StatementInterest {
  readonly law: string;
  /** Stretches in which a principal stood; each is exact, the sum is rounded once. */
  readonly segments: readonly InterestSegment[];
  readonly dayCount: DayCount;
  readonly wholeMinor: bigint;
  /** Contained in the movements already. */
  readonly postedMinor: bigint;
  /** Of the whole, not posted yet; part of the item's total. */
  readonly accruedMinor: bigint;
  /** The base rate of some day is not published yet. */
  readonly provisional: boolean;
}

export interface StatementItem {
  readonly receivableId: ReceivableId;
  readonly kind: ItemKind;
  readonly number: string;
  readonly orderNumber?: string;
  readonly issuedOn: PlainDate;
  readonly dueOn: PlainDate;
  readonly defaultSince?: PlainDate;
  /** Paragraph and fact default rests on. */
  readonly defaultGround?: string;
  readonly assignedOn?: PlainDate;
  readonly movements: readonly StatementMovement[];
  readonly interest: StatementInterest | { readonly none: NoInterest };
  /** By value date, posted. */
  readonly open: OpenAmounts;
  readonly accruedMinor: bigint;
  readonly totalMinor: bigint;
}

/** Where one payment went, item by item; the parts add up to the payment. */
export interface StatementPayment {
  readonly bookingId: Uuid;
  readonly on: PlainDate;
  readonly amountMinor: bigint;
  readonly parts: readonly {
    readonly receivableId: ReceivableId;
    readonly number: string;
    readonly onAccount: boolean;
    /** Paid of each component, positive. */
    readonly paid: OpenAmounts;
    readonly law?: string;
  }[];
}

export interface StatementOfAccount {
  /** The file that leads; items of files merged into it are included. */
  readonly customerId: CustomerId;
  readonly creditorId: CreditorId;
  /** Of the newest item: whose paper it is printed on. */
  readonly brandId: BrandId;
  readonly currency: Currency;
  readonly asOf: PlainDate;
  /** Items on which something is open on the day; what is settled moves no sum. The oldest due first. */
  readonly items: readonly StatementItem[];
  /** Payments that paid something on these items, by value date. */
  readonly payments: readonly StatementPayment[];
  readonly open: OpenAmounts;
  readonly accruedMinor: bigint;
  readonly totalMinor: bigint;
  readonly provisional: boolean;
  /** Creditor or customer is in a country whose law is not built in: no interest is counted. */
  readonly lawUnsupported: boolean;
}
