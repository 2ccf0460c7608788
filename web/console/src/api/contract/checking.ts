/** Checks before dunning: findings and the rules a manager reads and switches. */
import type { CreditorRef, CustomerRef, Day, Id, Instant, Money, Said } from "./basics.ts";

/** `blocking`: the item isn't dunned while it is open. */
export type Severity = "blocking" | "warning" | "hint";
export type FindingState = "open" | "fixed" | "dismissed";
export interface Finding {
  readonly id: Id;
  /** `code` is the rule's key. */
  readonly rule: Said;
  readonly severity: Severity;
  readonly state: FindingState;
  readonly creditor: CreditorRef;
  readonly customer: CustomerRef | null;
  readonly item: { readonly id: Id; readonly number: string; readonly open: Money } | null;
  /** What is wrong, with the values that show it. */
  readonly said: Said;
  /** What to do about it. */
  readonly advice: Said;
  readonly foundAt: Instant;
  readonly dueOn: Day | null;
  readonly decidedBy: string | null;
  readonly decidedAt: Instant | null;
  readonly note: string | null;
  readonly mayDecide: boolean;
}
/** `dismiss` needs a reason. `fixed` checks again: what is still wrong is found again (409 `still_wrong`). */
export interface FindingDecision {
  readonly act: "fixed" | "dismiss";
  readonly reason: string | null;
}
export interface FindingCount {
  readonly rule: Said;
  readonly severity: Severity;
  readonly open: number;
}

export interface CheckRule {
  readonly key: string;
  readonly name: Said;
  /** What it looks at and why, in a sentence or two. */
  readonly explains: Said;
  readonly on: boolean;
  readonly severity: Severity;
  /** Numbers a manager may set (days, share). */
  readonly parameters: readonly {
    readonly name: string;
    readonly said: Said;
    readonly value: number;
    readonly min: number;
    readonly max: number;
  }[];
  readonly open: number;
  readonly changedBy: string | null;
  readonly changedAt: Instant | null;
}
export interface CheckRuleChange {
  readonly creditorId: Id;
  readonly on?: boolean;
  readonly severity?: Severity;
  readonly parameters?: Readonly<Record<string, number>>;
}
export interface CheckRules {
  readonly creditor: CreditorRef;
  readonly rules: readonly CheckRule[];
  readonly mayChange: boolean;
}
