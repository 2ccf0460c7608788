/**
 * What `decide` sees and says. No identity in either (invariant 7): ids, amounts, dates and behaviour.
 * Everything is plain data that survives JSON, so that a stored decision replays (invariant 6).
 *
 * Words: *situation* = what is known of one case on a business date; *blocker* = why nothing may be sent now;
 * *candidate* = one treatment that was weighed; *choice* = the treatment taken.
 */
import type { CaseId, CreditorId, CustomerId, PlainDate, ReceivableId } from "../../pure/kernel/index.ts";
import type { BankData } from "../../books/checking/index.ts";
import type { Blocker, ContactFacts, ContactRules, MessageChannel } from "../messaging/index.ts";
import type { Tone } from "./strategy.ts";

export interface SituationItem {
  readonly receivableId: ReceivableId;
  readonly itemKind: "invoice" | "credit_note" | "on_account";
  readonly dueOn: PlainDate;
  /** Minor units as a decimal string; negative for credits. */
  readonly openMinor: string;
  /** Last stage this item was told of. */
  readonly stage?: string;
  readonly stageOn?: PlainDate;
  readonly assigned: boolean;
  readonly directDebit: boolean;
  readonly brandId: string;
  /** Rules of open blocking findings; missing: none. */
  readonly findings?: readonly string[];
}

/** One customer, creditor and currency on one business date. */
export interface Situation {
  readonly customerId: CustomerId;
  readonly creditorId: CreditorId;
  readonly caseId: CaseId;
  readonly currency: string;
  readonly businessDate: PlainDate;
  readonly customerKind: "consumer" | "business";
  readonly customerCountry: string;
  readonly creditorCountry: string;
  /** Federal state and zone: working days and contact hours. */
  readonly state?: string;
  readonly zone: string;
  readonly toneCeiling: Tone;
  readonly items: readonly SituationItem[];
  readonly contact: ContactFacts;
  readonly contactRules: ContactRules;
  /** Until then we promised to do nothing (term of the last ask of this case). */
  readonly peaceUntil?: PlainDate;
  /** How far the creditor's bank data reaches, and how old it may be; missing: nothing is set. */
  readonly bankData?: BankData;
  /** How often each stage was asked in this case: the next round of a stage is one more. */
  readonly asksByStage: Readonly<Record<string, number>>;
  /** A hand-over proposal waits for a person. */
  readonly handOverProposed: boolean;
  /** The creditor named whom it hands over to, so its final notice announces it; missing in old decisions: it did. */
  readonly announcesHandOver?: boolean;
  /** What a person said to the hand-over since it was last announced. */
  readonly handOverDecided?: "approved" | "refused";
}

/** Scores and propensities of `learning`, once there are any. An empty advice leaves the strategy's order alone. */
export interface Advice {
  readonly modelVersion?: string;
  readonly reasons: readonly string[];
}
export const NO_ADVICE: Advice = { reasons: [] };

export interface Candidate {
  readonly channel: MessageChannel;
  readonly tone: Tone;
  readonly allowed: boolean;
  /** Why not, where it is not. */
  readonly ground?: string;
}

export interface Choice {
  readonly channel?: MessageChannel;
  readonly tone?: Tone;
  readonly brandId?: string;
  readonly receivableIds: readonly ReceivableId[];
  /** Stage of each item after this contact; younger items stay on their own ladder. */
  readonly itemStages: Readonly<Record<string, string>>;
  readonly round?: number;
  readonly termDays?: number;
  readonly needsApproval?: boolean;
  readonly effect?: "none" | "default" | "announcement" | "hand_over";
}

export interface Decision {
  readonly outcome: "contact" | "wait" | "blocked";
  /** The stage that is taken (contact), stands in wait of its day, or is blocked. */
  readonly stage?: string;
  readonly blockers: readonly Blocker[];
  readonly candidates: readonly Candidate[];
  readonly choice: Choice;
  /** First day on which the outcome can be another one without a new fact; undefined: none is in sight. */
  readonly nextOn?: PlainDate;
  readonly nextStage?: string;
}
