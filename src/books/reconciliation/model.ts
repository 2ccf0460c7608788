/**
 * The daily reconciliation: ERP, ledger and bank of a creditor, to the cent. A *difference* is what nothing explains; a
 * *step* is what is explained (a waiver the ERP does not know yet, money that no item has claimed).
 */
import type { CreditorId, Currency, CustomerId, PlainDate, ReceivableId } from "../../pure/kernel/index.ts";

export type DifferenceKind =
  /** An item is open with another amount there. */
  | "amount_differs"
  /** Open here, not in the last list. */
  | "not_listed"
  /** The stored balance of an item is not the sum of its postings. */
  | "balance_differs"
  /** A match without its entry: the entry is lost. */
  | "entry_lost"
  /** A statement brought more than is there, or of another sum. */
  | "entries_missing"
  /** An entry says it is booked and has no match. */
  | "entry_without_match"
  | "match_differs"
  /** The postings of a payment are not the money that came. */
  | "booking_differs"
  /** The balances of two statements don't meet: one between them is missing. */
  | "statement_gap"
  /** A statement does not add up by itself. */
  | "statement_broken";

export interface Difference {
  readonly kind: DifferenceKind;
  /** The same place is the same difference on another day. */
  readonly place: string;
  readonly currency: Currency;
  readonly customerId?: CustomerId;
  readonly receivableId?: ReceivableId;
  /** Signed minor units: in the ERP's list or at the bank; and here. */
  readonly theirsMinor: bigint | null;
  readonly oursMinor: bigint | null;
  /** Numbers, days, ids; never a name. */
  readonly facts: Readonly<Record<string, string | number>>;
}

export type StepCode =
  | "waived_not_booked_there"
  | "younger_than_list"
  | "booked_since_list"
  | "not_matched"
  | "set_aside"
  | "seen"
  | "bank_charges"
  | "provider_fees";

export interface Step {
  readonly code: StepCode;
  readonly minor: bigint;
  readonly count: number;
}

export interface Side {
  readonly minor: bigint | null;
  readonly count: number | null;
  readonly asOf: PlainDate | null;
}

export type ReconciliationState = "equal" | "different" | "waiting";

/** `left + Σ steps + difference = right`. */
export interface Comparison {
  readonly kind: "erp_ledger" | "bank_ledger";
  readonly state: ReconciliationState;
  readonly left: Side;
  readonly right: Side;
  readonly steps: readonly Step[];
  readonly differenceMinor: bigint | null;
}

/** One creditor and currency on one day. */
export interface Reconciliation {
  readonly creditorId: CreditorId;
  readonly day: PlainDate;
  readonly currency: Currency;
  readonly leads: "erp" | "kulanz" | "portal";
  readonly state: ReconciliationState;
  readonly comparisons: readonly Comparison[];
  readonly differences: readonly Difference[];
}

export const differenceOf = ({ theirsMinor, oursMinor }: Pick<Difference, "theirsMinor" | "oursMinor">): bigint =>
  (oursMinor ?? 0n) - (theirsMinor ?? 0n);

/** Compares to the cent; `waiting` when one side is not there. */
export function comparison(
  kind: Comparison["kind"],
  left: Side,
  right: Side,
  steps: readonly Step[],
  different: boolean,
): Comparison {
  const shown = steps.filter(({ minor, count }) => minor !== 0n || count !== 0);
  if (left.minor === null || right.minor === null)
    return { kind, state: different ? "different" : "waiting", left, right, steps: [], differenceMinor: null };
  const explained = shown.reduce((sum, { minor }) => sum + minor, 0n);
  const differenceMinor = right.minor - left.minor - explained;
  const state = different || differenceMinor !== 0n ? "different" : "equal";
  return { kind, state, left, right, steps: shown, differenceMinor };
}
