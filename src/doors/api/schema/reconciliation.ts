/** The daily reconciliation, what vanished from a list, what is handed back. */
import { z } from "@hono/zod-openapi";
import { creditorRef, customerRef, day, id, instant, money, said } from "./basics.ts";

const state = z.enum(["equal", "different", "waiting"]);
const side = z.strictObject({
  said,
  amount: money.nullable(),
  count: z.number().int().nullable(),
  asOf: day.nullable(),
});
const comparison = z.strictObject({
  kind: z.enum(["erp_ledger", "bank_ledger"]),
  state,
  left: side,
  right: side,
  steps: z.array(z.strictObject({ said, amount: money, count: z.number().int() })),
  difference: money.nullable(),
});
const reconciliationRow = z.strictObject({
  creditor: creditorRef,
  currency: z.string(),
  leads: z.enum(["erp", "kulanz", "portal"]),
  state,
  comparisons: z.array(comparison),
  differences: z.number().int(),
});
export const reconciliation = z
  .strictObject({
    day,
    at: instant.nullable(),
    days: z.array(z.strictObject({ day, state: z.enum(["equal", "different", "waiting", "none"]) })),
    rows: z.array(reconciliationRow),
    vanished: z.number().int(),
  })
  .openapi("Reconciliation");

const differenceAct = z.enum(["take_theirs", "keep_ours", "done"]);
export const difference = z
  .strictObject({
    id,
    kind: said,
    creditor: creditorRef,
    customer: customerRef.nullable(),
    itemId: id.nullable(),
    number: z.string().nullable(),
    theirs: money.nullable(),
    ours: money.nullable(),
    difference: money,
    advice: said,
    since: day,
    state: z.enum(["open", "done"]),
    acts: z.array(differenceAct),
  })
  .openapi("Difference");
export const differenceDecision = z.strictObject({ act: differenceAct, note: z.string().max(1000).nullable() });

export const vanishedStop = z
  .strictObject({
    id,
    creditor: creditorRef,
    file: z.string(),
    at: instant,
    items: z.number().int(),
    amounts: z.array(money),
    of: z.number().int(),
    share: z.number(),
    limit: z.number(),
    state: z.enum(["waiting", "closed", "kept"]),
    decidedBy: z.string().nullable(),
    decidedAt: instant.nullable(),
    mayDecide: z.boolean(),
  })
  .openapi("VanishedStop");
export const vanishedItem = z.strictObject({
  itemId: id,
  customer: customerRef,
  number: z.string(),
  dueOn: day,
  open: money,
  lastSeenOn: day.nullable(),
  hint: said.nullable(),
});
export const vanishedDecision = z.strictObject({
  act: z.enum(["close", "keep"]),
  itemIds: z.array(id).max(100_000).optional(),
});

const sums = {
  postings: z.number().int(),
  sums: z.array(money),
  byKind: z.array(z.strictObject({ kind: said, postings: z.number().int(), amount: money })),
};
export const handbackPending = z
  .strictObject({ ...sums, creditor: creditorRef, oldest: day.nullable(), mayNot: said.nullable() })
  .openapi("HandbackPending");
export const handbackBatch = z
  .strictObject({
    ...sums,
    id,
    number: z.number().int(),
    creditor: creditorRef,
    from: day,
    to: day,
    createdAt: instant,
    createdBy: z.string(),
    takenAt: instant.nullable(),
  })
  .openapi("HandbackBatch");
