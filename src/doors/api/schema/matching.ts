import { z } from "@hono/zod-openapi";
import { creditorRef, customerRef, day, id, money, said } from "./basics.ts";

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

export const payoutId = z.string().regex(/^[0-9a-f]{64}$/);
export const payoutState = z.enum(["waiting", "partial", "settled", "set_aside"]);
export const payoutRow = z
  .strictObject({
    id: payoutId,
    creditor: creditorRef,
    provider: z.string(),
    reference: z.string().nullable(),
    paidOn: day.nullable(),
    amount: money,
    state: payoutState,
    said,
    lines: count,
    openLines: count,
    /** Net of lines that wait for a person. */
    open: money,
  })
  .openapi("PayoutRow");
/** `paid + returned + fees = net`, which is the bank's amount where the payout is booked. */
export const payoutSums = z
  .strictObject({ paid: money, returned: money, fees: money, net: money, open: money, setAside: money })
  .openapi("PayoutSums");
const lineAct = z.enum(["book", "fee", "set_aside", "undo"]);
const payoutAct = z.enum(["book", "set_aside", "take_up", "undo"]);
export const payoutLine = z
  .strictObject({
    number: count,
    kind: said,
    doneOn: day.nullable(),
    orderNumber: z.string().nullable(),
    invoiceNumber: z.string().nullable(),
    reference: z.string().nullable(),
    gross: money,
    fee: money,
    net: money,
    state: z.enum(["open", "booked", "fee", "set_aside"]),
    said,
    customer: customerRef.nullable(),
    acts: z.array(lineAct),
  })
  .openapi("PayoutLine");
export const payoutDetail = payoutRow
  .extend({
    sums: payoutSums,
    entryId: id.nullable(),
    entryLines: z.array(payoutLine),
    /** Bank entries of this amount that are nobody's yet. */
    candidates: z.array(
      z.strictObject({ entryId: id, bookedOn: day, payer: z.string().nullable(), remittance: z.string() }),
    ),
    acts: z.array(payoutAct),
  })
  .openapi("Payout");
export const payoutDecision = z.discriminatedUnion("act", [
  z.strictObject({ act: z.literal("book"), entryId: id.nullable() }),
  z.strictObject({ act: z.enum(["set_aside", "take_up", "undo"]) }),
]);
export const payoutLineDecision = z.discriminatedUnion("act", [
  z.strictObject({ act: z.literal("book"), customerId: id, items: z.array(id).max(100).default([]) }),
  z.strictObject({ act: z.enum(["fee", "set_aside", "undo"]) }),
]);
/** Of a bank entry that is a payout. */
export const entryPayout = z
  .strictObject({
    id: payoutId,
    provider: z.string(),
    reference: z.string().nullable(),
    said,
    sums: payoutSums,
    openLines: count,
    lines: count,
  }) // prettier-ignore
  .openapi("EntryPayout");

/** A mapping as `docs/formats.md` describes it; checked piece by piece, so that a mistake is told with its place. */
const mapping = z.record(z.string(), z.unknown());
export const settlementMappingsOf = z
  .strictObject({
    creditor: creditorRef,
    own: z.array(mapping),
    shipped: z.array(z.strictObject({ id: z.string(), provider: z.string(), layout: z.string() })),
  })
  .openapi("SettlementMappings");
export const settlementMappingsPut = z.strictObject({ mappings: z.array(mapping).max(50) });
