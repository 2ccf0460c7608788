export { endToEndOf, type CreditBalance, type Refund, type RefundFile, type RefundState } from "./model.ts";
export { createRefundFile, refundFileContent, settleRefunds } from "./paying.ts";
export { decideRefund, type NewRefund, proposeRefund, type RefundAct } from "./proposing.ts";
export { creditBalances, refundFiles, refunds } from "./store.ts";
