/**
 * What matching weighs: a payment as the bank wrote it, the customers it may be of, and what each could have paid.
 * Amounts are minor units of one currency. Reasons are codes with values; `reasons.ts` puts them into words.
 */
import type { CustomerId, PlainDate, ReceivableId } from "../../pure/kernel/index.ts";
import type { Concession, DiscountOn } from "../receivables/index.ts";
import type { NameAgreement } from "./names.ts";
import type { Quality } from "./references.ts";

export interface OpenItem {
  readonly receivableId: ReceivableId;
  readonly number: string;
  /** Posted balance; 0 when settled, negative for a credit note or money on account. */
  readonly openMinor: bigint;
  /** With interest up to the value date, when that differs: what a notice may have asked for. */
  readonly claimMinor?: bigint;
  /** Skonto that may be taken on the value date. */
  readonly discount?: DiscountOn;
  readonly dueOn: PlainDate;
  /** First day of default: only from then on an item may be claimed at more than its balance. */
  readonly defaultSince?: PlainDate;
  readonly payable: boolean;
}

/** Whose account it was paid from, as far as we know it. */
export type AccountEvidence =
  | "only" // known for this customer alone
  | "shared" // known for this customer and others
  | "elsewhere" // known, but not for this customer
  | "none";

/** One customer a payment may be of, with everything that points there. */
export interface Evidence {
  readonly customerId: CustomerId;
  readonly items: readonly OpenItem[];
  /** Items of this customer whose number stands in the text. */
  readonly named: ReadonlyMap<ReceivableId, Quality>;
  /** Items of the one RF reference that stands for several of this customer alone: what a message asked for at once. */
  readonly bundle?: ReadonlySet<ReceivableId>;
  readonly account: AccountEvidence;
  readonly name: NameAgreement;
  readonly customerNumber: boolean;
}

export interface PaymentFacts {
  readonly amountMinor: bigint;
  /** Numbers of this creditor's kind in the text that no item has. */
  readonly unknownNumbers: readonly string[];
  /** Unstructured lines, for numbers with one or two characters wrong. */
  readonly lines: readonly string[];
}

export type ReasonCode =
  | "reference" // structured RF reference of the item
  | "number" // number in the text
  | "number_digits" // its digits only
  | "number_similar"
  | "account_known"
  | "account_shared"
  | "amount_item" // exactly one item
  | "amount_items" // exactly the items named, or a set of items
  | "amount_all"
  | "amount_part"
  | "amount_over"
  | "discount_taken"
  | "residual_waived"
  | "name_agrees"
  | "name_family"
  | "customer_number"
  | "return_of" // undoes an earlier match
  | "by_hand"
  | "payout_line" // a payment in a provider's payout
  | "payout_rest" // what is left of a payment that went back in part
  | "advice" // a payment advice says so
  | "case_handed_over" // booked, but it is a collection partner's business too
  | Blocker;

/** Why a candidate is not booked by itself. */
export type Blocker =
  | "no_rule" // nothing that is unambiguous by itself
  | "name_contradicts"
  | "account_contradicts"
  | "number_of_another" // the text names another customer's item
  | "number_of_other_item" // … or another item of this customer
  | "number_unknown" // … or an item we don't know
  | "amount_of_other_item"
  | "name_of_several" // it rests on a name that others have too
  | "item_settled"
  | "item_written_off"
  | "item_assigned"
  | "payout_of_provider" // the payer pays out for many customers
  | "money_came_back" // a payment of ours that was returned
  | "below_threshold" // less probable than the creditor wants it
  | "runner_up_close";

export interface Reason {
  readonly code: ReasonCode;
  /** A number, an amount; never a name. */
  readonly value?: string;
}

export interface ProposedItem {
  readonly receivableId: ReceivableId | null;
  readonly number: string | null;
  readonly amountMinor: bigint;
}

export type Fit = "item" | "items" | "all" | "subset" | "part" | "over";

export interface Candidate {
  readonly customerId: CustomerId;
  /** In the order they are to be paid; what stays on account has no number. */
  readonly items: readonly ProposedItem[];
  /** What is given to settle them: Skonto, a residual within tolerance. */
  readonly concessions: readonly Concession[];
  readonly fit: Fit;
  /** Weakest quality among the items, when all of them are named. */
  readonly quality: Quality | null;
  /** What sorts while judging; the score shown is the probability. */
  readonly points: number;
  /** Its evidence as numbers. */
  readonly features: readonly number[];
  /** That this is what was paid, 0 to 1, calibrated. */
  readonly probability: number;
  readonly reasons: readonly Reason[];
}

export interface Judgement {
  readonly candidates: readonly Candidate[];
  /** Empty when the first candidate may be booked by itself. */
  readonly blockers: readonly Blocker[];
  /** Who else has the payer's name would tell more: it rests on the name, or speaks against everybody found so far. */
  readonly asksNames: boolean;
}

/** Probability in hundredths. */
export const scoreOf = (candidate: Pick<Candidate, "probability">): number => Math.round(100 * candidate.probability);
