import { z } from "@hono/zod-openapi";
import { customerRef, day, id, money, said } from "./basics.ts";

const count = z.number().int();
export const sureGroup = z
  .strictObject({ kind: said, entries: count, sums: z.array(money), probability: z.number() })
  .openapi("SureGroup");
export const bookSure = z.strictObject({ kind: z.string().max(60), entryIds: z.array(id).min(1).max(500) });
export const entryIds = z.strictObject({ entryIds: z.array(id).min(1).max(500) });
export const batchDone = z
  .strictObject({ done: z.array(id), left: z.array(z.strictObject({ entryId: id, why: said })) })
  .openapi("BatchDone");
export const unmatchedAgeing = z
  .strictObject({
    currency: z.string(),
    entries: count,
    amount: money,
    oldest: day.nullable(),
    bands: z.array(z.strictObject({ fromDay: count, toDay: count.nullable(), entries: count, amount: money })),
  })
  .openapi("UnmatchedAgeing");

const paymentOnce = z.strictObject({
  entryId: id.nullable(),
  on: day,
  amount: money,
  account: z.string(),
  remittance: z.string(),
});
const twiceAct = z.enum(["refund", "set_off", "keep"]);
export const twiceDecision = z.strictObject({ act: twiceAct });
export const duplicatePayment = z
  .strictObject({
    id,
    customer: customerRef,
    number: z.string().nullable(),
    amount: money,
    first: paymentOnce,
    second: paymentOnce,
    why: said,
    state: z.enum(["open", "refund_proposed", "set_off", "kept"]),
    acts: z.array(twiceAct),
  })
  .openapi("DuplicatePayment");
