/**
 * Two files that may be one person. *Mark* says how far a proposal may be trusted: `sure` pairs are one person in all but
 * a few of a thousand cases, `likely` ones should be looked at, `possible` ones are a hint.
 */
import { type CustomerId, deterministicUuid, type Instant, type Uuid } from "../../pure/kernel/index.ts";
import type { CustomerKind, Identity } from "../customers/index.ts";

export type Mark = "sure" | "likely" | "possible";
export const MARKS: readonly Mark[] = ["sure", "likely", "possible"];
/** A household is linked at most, never merged. */
export type Suggestion = "merge" | "household";
export type PairState = "open" | "merged" | "household" | "different";

/** What speaks for or against, strongest first; words by `reasonInWords`. */
export type ReasonCode =
  | "name_same"
  | "name_swapped"
  | "name_spelling"
  | "name_typo"
  | "name_short"
  | "name_initial"
  | "surname_differs"
  | "first_name_differs"
  | "first_name_close"
  | "first_name_missing"
  | "generation_differs"
  | "company_same"
  | "company_similar"
  | "company_differs"
  | "company_and_person"
  | "legal_form_differs"
  | "email_same"
  | "email_similar"
  | "email_differs"
  | "phone_same"
  | "phone_differs"
  | "account_same"
  | "account_differs"
  | "address_same"
  | "address_similar"
  | "address_differs"
  | "place_same"
  | "shared_by_many";

/** Which of the two stay after a decision, and what a comparison came to. */
export interface Comparison {
  readonly suggests: Suggestion;
  readonly mark: Mark;
  /** 0 to 100. */
  readonly score: number;
  readonly reasons: readonly ReasonCode[];
}

/** A file as it is compared: opened for the moment of the comparison, never stored. */
export interface Profile {
  readonly customerId: CustomerId;
  readonly kind: CustomerKind;
  readonly identity: Identity;
  /** Normalised, lower case. */
  readonly emails: readonly string[];
  /** E.164. */
  readonly phones: readonly string[];
  /** Keyed hashes: accounts are never stored in the clear. */
  readonly accounts: readonly string[];
}

export interface Proposal extends Comparison {
  readonly pairId: Uuid;
  /** The lesser id first. */
  readonly customerIds: readonly [CustomerId, CustomerId];
  readonly state: PairState;
  readonly foundAt: Instant;
  readonly decidedBy?: string;
  readonly decidedAt?: Instant;
}

/** The lesser id first: a pair is stored once. */
export const ordered = (a: CustomerId, b: CustomerId): readonly [CustomerId, CustomerId] => (a < b ? [a, b] : [b, a]);

export const pairIdOf = (a: CustomerId, b: CustomerId): Uuid =>
  deterministicUuid("duplicate_pair", ...ordered(a, b)) as Uuid;
