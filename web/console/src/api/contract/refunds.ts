/** Money that is the customer's: credit balances and refunds to the account it came from. */
import type { CreditorRef, CustomerRef, Day, Id, Instant, Money, Said } from "./basics.ts";

/** The account money came from; a refund goes to no other. `iban` is shortened (`DE•• •••• 3000`). */
export interface PayerAccount {
  readonly iban: string;
  readonly holder: string | null;
}
export interface CreditBalance {
  /** Id of the item that holds it (on account, credit note). */
  readonly id: Id;
  readonly customer: CustomerRef;
  readonly creditor: CreditorRef;
  readonly amount: Money;
  readonly since: Day;
  readonly ageDays: number;
  readonly cause: Said;
  /** Null: not known, so it can't be refunded by Kulanz. */
  readonly account: PayerAccount | null;
  /** What the same customer owes the same creditor. */
  readonly owed: Money;
  readonly refund: { readonly id: Id; readonly state: RefundState } | null;
  readonly mayPropose: boolean;
}
/** `agreed_once`: the first of four eyes. `in_file`: stands in a payment file. */
export type RefundState = "proposed" | "agreed_once" | "approved" | "in_file" | "refused" | "withdrawn";
export interface NewRefund {
  readonly customerId: Id;
  readonly itemId: Id;
  readonly amount: Money;
  readonly reason: string | null;
}
export interface Refund {
  readonly id: Id;
  readonly customer: CustomerRef;
  readonly creditor: CreditorRef;
  readonly amount: Money;
  readonly account: PayerAccount;
  readonly state: RefundState;
  readonly reason: string | null;
  readonly proposedBy: string;
  readonly proposedAt: Instant;
  readonly firstApprovedBy: string | null;
  readonly approvedBy: string | null;
  readonly fileId: Id | null;
  readonly acts: readonly RefundAct[];
  /** Why this user may not approve it (own proposal, limit). */
  readonly mayNot: Said | null;
}
export type RefundAct = "approve" | "refuse" | "withdraw";
/** A pain.001 with approved refunds: `GET /refund-files/{fileId}/pain.xml`. */
export interface RefundFile {
  readonly id: Id;
  readonly creditor: CreditorRef;
  readonly account: string;
  readonly refunds: number;
  readonly sum: Money;
  readonly createdAt: Instant;
  readonly createdBy: string;
}
