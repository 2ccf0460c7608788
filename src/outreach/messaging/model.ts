/**
 * The outbox. `queued → leaving (attempt committed) → left | failed | unknown`; a message that is no longer right is
 * `dropped` with its reason; one that a person must look at is `parked`. None is lost, none leaves twice (invariant 5).
 */
import type {
  BrandId,
  CaseId,
  CreditorId,
  Currency,
  CustomerId,
  Instant,
  MessageId,
  PlainDate,
  ReceivableId,
  Uuid,
} from "../../pure/kernel/index.ts";
import type { MessageChannel } from "./contact/rules.ts";
import type { Tone } from "./templates/index.ts";

export type MessageState = "queued" | "leaving" | "left" | "failed" | "unknown" | "dropped" | "parked";
/** Grade of proof that a message arrived; `revoked` after a bounce or a returned letter. */
export type Evidence = "none" | "handed_over" | "accepted" | "portal_opened" | "registered" | "revoked";

export interface QueueInput {
  readonly messageId: MessageId;
  readonly customerId: CustomerId;
  readonly creditorId: CreditorId;
  readonly brandId: BrandId;
  readonly caseId: CaseId;
  /** Asks count against contact caps, answers don't. */
  readonly kind: "ask" | "answer";
  readonly templateKey: string;
  readonly stage?: string;
  readonly round: number;
  readonly channel: MessageChannel;
  readonly tone: Tone;
  readonly receivableIds: readonly ReceivableId[];
  readonly itemStages: Readonly<Record<string, string>>;
  readonly effect: "none" | "default" | "announcement";
  readonly termDays?: number;
  readonly needsApproval: boolean;
  readonly leaveAfter: Instant;
  readonly decisionTrigger?: string;
}

export interface Message {
  readonly messageId: MessageId;
  readonly customerId: CustomerId;
  readonly creditorId: CreditorId;
  readonly brandId: BrandId;
  readonly caseId: CaseId | null;
  /** Asks count against contact caps, answers don't. */
  readonly kind: "ask" | "answer";
  readonly templateKey: string;
  readonly templateVersion: number | null;
  readonly stage: string | null;
  readonly round: number;
  readonly channel: MessageChannel;
  readonly tone: Tone;
  readonly language: "de" | "en";
  readonly receivableIds: readonly ReceivableId[];
  readonly itemStages: Readonly<Record<string, string>>;
  readonly effect: "none" | "default" | "announcement";
  readonly termDays: number | null;
  readonly state: MessageState;
  readonly reason: string | null;
  readonly needsApproval: boolean;
  readonly leaveAfter: Instant;
  readonly queuedAt: Instant;
  readonly leftAt: Instant | null;
  readonly totalMinor: bigint | null;
  readonly currency: Currency | null;
  readonly paymentsUpTo: PlainDate | null;
  readonly termOn: PlainDate | null;
  readonly evidence: Evidence;
  readonly evidenceAt: Instant | null;
}

/** What leaves, as it was rendered; kept sealed with the message. */
export interface Rendering {
  readonly subject: string;
  readonly text: string;
  /** E-mail only. */
  readonly html?: string;
  /** Letter only: the PDF, base64. */
  readonly pdf?: string;
  /** E-mail only: the German text that counts in law, beside its translation. */
  readonly original?: string;
  /** E-mail address; a letter's address stands in its window. */
  readonly to?: string;
}

/** How an attempt ended. `unclear`: it may have left, so it is never repeated by itself. */
export type SendOutcome =
  | { readonly kind: "left"; readonly evidence: Evidence; readonly reference?: string }
  /** `address`: it is the address that the other side does not know. */
  | { readonly kind: "refused"; readonly reason: string; readonly permanent: boolean; readonly address?: boolean }
  | { readonly kind: "unclear"; readonly reason: string };

/** What a channel is given: a rendering and names that are the same on every attempt. */
export interface Parcel {
  readonly messageId: MessageId;
  readonly customerId: CustomerId;
  readonly brandId: BrandId;
  readonly rendering: Rendering;
  readonly from?: string;
  readonly replyTo?: string;
  readonly leavesOn: PlainDate;
}

export interface ChannelAdapter {
  /**
   * Sending the same parcel again leaves one message (deterministic file name, atomic rename; a row's key). Only then is
   * an attempt whose process died repeated.
   */
  readonly repeatable: boolean;
  send(parcel: Parcel): Promise<SendOutcome>;
}

export interface MessageRef {
  readonly customerId: CustomerId;
  readonly messageId: MessageId;
  readonly attempt?: Uuid;
}
