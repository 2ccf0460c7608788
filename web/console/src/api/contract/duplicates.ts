/** Two files that may be one person. */
import type { CustomerRef, Day, Id, Instant, Money, Said } from "./basics.ts";
import type { Reason } from "./money-in.ts";

export type Certainty = "sure" | "likely" | "possible";
export type PairState = "open" | "merged" | "household" | "different";
export interface DuplicateRow {
  readonly id: Id;
  readonly left: CustomerRef;
  readonly right: CustomerRef;
  /** 0 to 100. */
  readonly score: number;
  readonly certainty: Certainty;
  /** The strongest ones, in words. */
  readonly reasons: readonly Said[];
  readonly open: readonly Money[];
  readonly state: PairState;
  readonly foundAt: Instant;
  readonly decidedBy: string | null;
  readonly decidedAt: Instant | null;
}
/** `label.code`: name, address, email, phone, account, birth_date, customer_number, representative, … */
export interface PairField {
  readonly label: Said;
  readonly left: readonly string[];
  readonly right: readonly string[];
  readonly agreement: "same" | "similar" | "different" | "one_side";
}
export interface PairSide {
  readonly customer: CustomerRef;
  readonly kind: "consumer" | "business";
  readonly since: Day | null;
  readonly open: readonly Money[];
  readonly items: number;
  readonly messages: number;
  readonly stage: Said | null;
  readonly held: boolean;
}
export interface DuplicatePair extends DuplicateRow {
  readonly sides: readonly [left: PairSide, right: PairSide];
  readonly fields: readonly PairField[];
  readonly why: readonly Reason[];
  /** Whose number and file should stay. */
  readonly survivor: Id;
  /** What a merge will do, one sentence each (items move, the stricter consent wins, holds are united). */
  readonly effects: readonly Said[];
  readonly mayDecide: boolean;
  /** A merge can be undone; null: nothing to undo. */
  readonly mayUndo: boolean;
}
/** `survivor` is needed for `merge`. */
export interface PairDecision {
  readonly act: "merge" | "household" | "different";
  readonly survivor?: Id;
}
/** Shown on the customer's page. */
export interface Related {
  /** This file was merged into another. */
  readonly mergedInto: CustomerRef | null;
  readonly merged: readonly { readonly customer: CustomerRef; readonly at: Instant; readonly pairId: Id | null }[];
  readonly household: readonly CustomerRef[];
  /** Open proposals with this customer. */
  readonly duplicates: readonly { readonly pairId: Id; readonly other: CustomerRef; readonly certainty: Certainty }[];
}
