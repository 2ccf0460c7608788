/**
 * Money that is the customer's: on account after an overpayment, or from a credit note. It goes back only to the account
 * it came from, after people have agreed (invariant 12), and leaves as a payment file.
 */
import type {
  CreditorId,
  Currency,
  CustomerId,
  Instant,
  PlainDate,
  ReceivableId,
  Uuid,
} from "../../../pure/kernel/index.ts";

export interface RefundAccount {
  readonly iban: string;
  readonly holder: string | null;
}

export type RefundState = "proposed" | "agreed_once" | "approved" | "in_file" | "refused" | "withdrawn";

export interface Refund {
  readonly customerId: CustomerId;
  /** That of its task. */
  readonly refundId: Uuid;
  readonly creditorId: CreditorId;
  readonly receivableId: ReceivableId;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  /** Null once the customer is erased. */
  readonly account: RefundAccount | null;
  readonly reason: string | null;
  readonly state: RefundState;
  readonly proposedBy: string;
  readonly proposedAt: Instant;
  readonly firstApprovedBy: string | null;
  readonly decidedBy: string | null;
  readonly fileId: Uuid | null;
  readonly paidOn: PlainDate | null;
}

/** An item below zero: money that rests with the creditor. */
export interface CreditBalance {
  readonly receivableId: ReceivableId;
  readonly customerId: CustomerId;
  readonly creditorId: CreditorId;
  /** Minor units, above zero. */
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly since: PlainDate;
  readonly ageDays: number;
  readonly cause: "overpaid" | "credit_note";
  readonly account: RefundAccount | null;
  /** Minor units the same customer owes the same creditor. */
  readonly owedMinor: bigint;
  readonly refund: { readonly refundId: Uuid; readonly state: RefundState } | null;
}

export interface RefundFile {
  readonly fileId: Uuid;
  readonly creditorId: CreditorId;
  readonly account: string;
  readonly currency: Currency;
  readonly refunds: number;
  readonly sumMinor: bigint;
  readonly executionOn: PlainDate;
  readonly createdBy: string;
  readonly createdAt: Instant;
  readonly fetchedAt: Instant | null;
}

const PREFIX = "KR";
/** What stands in the payment file and comes back on the statement. */
export const endToEndOf = (refundId: Uuid): string => `${PREFIX}${refundId.replaceAll("-", "").toUpperCase()}`;

/** The refund an end-to-end id names; undefined for any other. */
export function refundOfEndToEnd(endToEndId: string | null): Uuid | undefined {
  const match = /^KR([0-9A-F]{8})([0-9A-F]{4})([0-9A-F]{4})([0-9A-F]{4})([0-9A-F]{12})$/i.exec(endToEndId ?? "");
  return match ? (match.slice(1).join("-").toLowerCase() as Uuid) : undefined;
}

/** The refund that a booking names as its end-to-end id, or in its text as banks do when money comes back; else null. */
export function refundReferenceIn(payload: {
  readonly endToEndId: string | null;
  readonly remittance: readonly string[];
}): string | null {
  if (refundOfEndToEnd(payload.endToEndId) !== undefined) return payload.endToEndId;
  const text = payload.remittance.join("");
  if (!/KR/i.test(text)) return null;
  return /KR[0-9A-F]{32}(?![0-9A-F])/i.exec(text.replace(/\s+/g, ""))?.[0] ?? null;
}
