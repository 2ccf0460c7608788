/** Receivables: the ledger, cases, holds and tasks. */
export * from "./cases.ts";
export * from "./claims.ts";
export { keepDeliveries, orderHoldId, recordOrderEvents } from "./deliveries/keep.ts";
export { type DiscountOn, discountOn, discountTermsOf } from "./paying/discount.ts";
export * from "./documents.ts";
export * from "./holds.ts";
export * from "./ledger.ts";
export { applyCreditNote, type CreditNote, type CreditNoteApplied } from "./listed/credit-notes.ts";
export * from "./listed/lists.ts";
export * from "./listed/stated.ts";
export * from "./model.ts";
export * from "./moving/cases.ts";
export * from "./moving/items.ts";
export { type OpenOf, bookPayments } from "./paying/bulk.ts";
export {
  allocateAnew,
  bookPayment,
  type BookedPayment,
  previewPayment,
  reverseBooking,
  settleOnAccount,
} from "./payments.ts";
export { takeBackWriteOff, type WrittenOff, writtenOff } from "./paying/written-off.ts";
export { onAccountId } from "./paying/outcome.ts";
export type { InterestMode, Rules } from "./replay.ts";
export * from "./statement/model.ts";
export { statementsOfAccount, type StatementQuery } from "./statement/read.ts";
export * from "./take.ts";
export * from "./tasks.ts";
