/** Orders of a customer with what happened to them. */
import type { CreditorRef, Day, Id, Instant, Money, Said } from "./basics.ts";

export type OrderEventKind =
  | "ordered"
  | "shipped"
  | "delivered"
  | "return_announced"
  | "returned"
  | "returned_in_part"
  | "refused"
  | "cancelled"
  | "withdrawn";
export interface OrderEvent {
  readonly id: Id;
  readonly kind: OrderEventKind;
  readonly on: Day;
  readonly receivedAt: Instant;
  readonly said: Said;
  readonly amount: Money | null;
  /** The dunning waits because of it, up to this day. */
  readonly holdsUntil: Day | null;
}
export interface Order {
  readonly id: Id;
  readonly number: string;
  readonly creditor: CreditorRef;
  readonly orderedOn: Day | null;
  readonly amount: Money | null;
  readonly state: Said;
  readonly events: readonly OrderEvent[];
  /** Invoices and credit notes that name it. */
  readonly items: readonly { readonly id: Id; readonly number: string; readonly open: Money }[];
  /** A credit note should be there by now. */
  readonly creditNoteOverdue: boolean;
}
