/** Matching in the console: what is sure, what was learned, the monthly sample, unmatched money, payments made twice. */
import type { CreditorRef, CustomerRef, Day, Id, Instant, Money, Said } from "./basics.ts";
import type { BankEntryRow, Reason } from "./money-in.ts";

/**
 * Proposals that are sure for the same reason and may be booked in one act. `kind.code` is stable and filters
 * `GET /bank/entries?sure=<code>`: the preview of what `POST /bank/book-sure` would do.
 */
export interface SureGroup {
  readonly kind: Said;
  readonly entries: number;
  readonly sums: readonly Money[];
  /** Lowest probability in the group, 0 to 1. */
  readonly probability: number;
}
/** `entryIds` are those the person saw (at most 500); what is no longer sure, or no longer proposed, is left. */
export interface BookSure {
  readonly kind: string;
  readonly entryIds: readonly Id[];
}
export interface BatchDone {
  readonly done: readonly Id[];
  readonly left: readonly { readonly entryId: Id; readonly why: Said }[];
}

/** An account that matching knows a customer by. `accountId` is its keyed fingerprint, hexadecimal. */
export interface KnownAccount {
  readonly accountId: string;
  readonly customer: CustomerRef;
  /** Shown shortened (`DE•• •••• 3000`), null where only the fingerprint is kept. */
  readonly iban: string | null;
  /** `own`: of the customer; `pays_for`: of somebody who pays for them; `shared`: known for several customers. */
  readonly relation: "own" | "pays_for" | "shared";
  readonly learned: Said;
  readonly learnedAt: Instant;
  readonly lastPaidOn: Day | null;
  readonly payments: number;
  readonly forgottenAt: Instant | null;
}

/** One automatic match put up for review. */
export interface ReviewRow {
  readonly id: Id;
  readonly entry: BankEntryRow;
  /** Where it was booked: numbers of the items, empty for money on account. */
  readonly numbers: readonly string[];
  readonly probability: number | null;
  readonly reasons: readonly Reason[];
  readonly verdict: "right" | "wrong" | null;
  readonly decidedBy: string | null;
  readonly decidedAt: Instant | null;
}
/** The sample of a month (`YYYY-MM`), drawn at random from what was booked automatically. */
export interface MatchReview {
  readonly month: string;
  /** Months that have a sample, newest first. */
  readonly months: readonly string[];
  readonly automatic: number;
  readonly decided: number;
  readonly wrong: number;
  /** 95 % interval (Wilson) of the share that was wrong, 0 to 1; null until something is decided. */
  readonly errorRate: { readonly low: number; readonly high: number } | null;
  readonly rows: readonly ReviewRow[];
}

/** Credits that have no receivable yet, by days since they were booked; one element a currency. */
export interface UnmatchedAgeing {
  readonly currency: string;
  readonly entries: number;
  readonly amount: Money;
  readonly oldest: Day | null;
  /** In order, without gaps; `toDay` null: and older. Filters `GET /bank/entries?view=unmatched&agefrom=&ageto=`. */
  readonly bands: readonly {
    readonly fromDay: number;
    readonly toDay: number | null;
    readonly entries: number;
    readonly amount: Money;
  }[];
}

export interface PaymentOnce {
  readonly entryId: Id | null;
  readonly on: Day;
  readonly amount: Money;
  readonly account: string;
  readonly remittance: string;
}
/** The same claim paid twice. `id` is the task's. */
export interface DuplicatePayment {
  readonly id: Id;
  readonly customer: CustomerRef;
  readonly number: string | null;
  readonly amount: Money;
  readonly first: PaymentOnce;
  readonly second: PaymentOnce;
  readonly why: Said;
  readonly state: "open" | "refund_proposed" | "set_off" | "kept";
  readonly acts: readonly DuplicatePaymentAct[];
}
/** `refund`: proposes it (four eyes decide); `set_off`: pays other open items; `keep`: stays as credit. */
export type DuplicatePaymentAct = "refund" | "set_off" | "keep";

/** What a provider or marketplace paid out at once. `id`: 64 hexadecimal digits. */
export interface PayoutRow {
  readonly id: string;
  readonly creditor: CreditorRef;
  readonly provider: string;
  readonly reference: string | null;
  readonly paidOn: Day | null;
  readonly amount: Money;
  readonly state: PayoutState;
  readonly said: Said;
  readonly lines: number;
  readonly openLines: number;
  /** Net of lines that wait for a person. */
  readonly open: Money;
}
export type PayoutState = "waiting" | "partial" | "settled" | "set_aside";
/** `paid + returned + fees = net`: the bank's amount, to the cent. */
export interface PayoutSums {
  readonly paid: Money;
  readonly returned: Money;
  readonly fees: Money;
  readonly net: Money;
  readonly open: Money;
  readonly setAside: Money;
}
export interface Payout extends PayoutRow {
  readonly sums: PayoutSums;
  readonly entryId: Id | null;
  readonly entryLines: readonly PayoutLine[];
  /** Bank entries of this amount that are nobody's yet. */
  readonly candidates: readonly {
    readonly entryId: Id;
    readonly bookedOn: Day;
    readonly payer: string | null;
    readonly remittance: string;
  }[];
  readonly acts: readonly PayoutAct[];
}
export interface PayoutLine {
  readonly number: number;
  readonly kind: Said;
  readonly doneOn: Day | null;
  readonly orderNumber: string | null;
  readonly invoiceNumber: string | null;
  readonly reference: string | null;
  readonly gross: Money;
  readonly fee: Money;
  readonly net: Money;
  readonly state: "open" | "booked" | "fee" | "set_aside";
  readonly said: Said;
  readonly customer: CustomerRef | null;
  readonly acts: readonly PayoutLineAct[];
}
export type PayoutAct = "book" | "set_aside" | "take_up" | "undo";
export type PayoutLineAct = "book" | "fee" | "set_aside" | "undo";
/** `book` without an entry: a payout of nothing. */
export type PayoutDecision =
  | { readonly act: "book"; readonly entryId: Id | null }
  | { readonly act: "set_aside" | "take_up" | "undo" };
export type PayoutLineDecision =
  | { readonly act: "book"; readonly customerId: Id; readonly items?: readonly Id[] }
  | { readonly act: "fee" | "set_aside" | "undo" };
/** Of a bank entry that is a payout. */
export interface EntryPayout {
  readonly id: string;
  readonly provider: string;
  readonly reference: string | null;
  readonly said: Said;
  readonly sums: PayoutSums;
  readonly openLines: number;
  readonly lines: number;
}
