/** Credit balances, refunds, and the payment files they leave with. */
import { z } from "@hono/zod-openapi";
import { creditorRef, customerRef, day, id, instant, money, said } from "./basics.ts";

export const payerAccount = z.strictObject({ iban: z.string(), holder: z.string().nullable() });
export const refundState = z.enum(["proposed", "agreed_once", "approved", "in_file", "refused", "withdrawn"]);
export const refundAct = z.enum(["approve", "refuse", "withdraw"]);

export const creditBalance = z
  .strictObject({
    id,
    customer: customerRef,
    creditor: creditorRef,
    amount: money,
    since: day,
    ageDays: z.number().int(),
    cause: said,
    account: payerAccount.nullable(),
    owed: money,
    refund: z.strictObject({ id, state: refundState }).nullable(),
    mayPropose: z.boolean(),
  })
  .openapi("CreditBalance");

export const newRefund = z.strictObject({
  customerId: id,
  itemId: id,
  amount: money,
  reason: z.string().max(500).nullable(),
});
export const refundDecision = z.strictObject({ act: refundAct });

export const refund = z
  .strictObject({
    id,
    customer: customerRef,
    creditor: creditorRef,
    amount: money,
    account: payerAccount,
    state: refundState,
    reason: z.string().nullable(),
    proposedBy: z.string(),
    proposedAt: instant,
    firstApprovedBy: z.string().nullable(),
    approvedBy: z.string().nullable(),
    fileId: id.nullable(),
    acts: z.array(refundAct),
    mayNot: said.nullable(),
  })
  .openapi("Refund");

export const newRefundFile = z.strictObject({ creditorId: id });
export const refundFile = z
  .strictObject({
    id,
    creditor: creditorRef,
    account: z.string(),
    refunds: z.number().int(),
    sum: money,
    createdAt: instant,
    createdBy: z.string(),
  })
  .openapi("RefundFile");
