/** Two files that may be one person, as the console's contract has them. */
import { z } from "@hono/zod-openapi";
import { customerRef, day, id, instant, money, said } from "./basics.ts";

export const certainty = z.enum(["sure", "likely", "possible"]);
export const pairState = z.enum(["open", "merged", "household", "different"]);
export const duplicateRow = z
  .strictObject({
    id,
    left: customerRef,
    right: customerRef,
    score: z.number().int(),
    certainty,
    reasons: z.array(said),
    open: z.array(money),
    state: pairState,
    foundAt: instant,
    decidedBy: z.string().nullable(),
    decidedAt: instant.nullable(),
  })
  .openapi("DuplicateRow");
export const duplicateList = z.strictObject({
  rows: z.array(duplicateRow),
  total: z.number().int(),
  sums: z.array(money).optional(),
  counts: z.strictObject({
    sure: z.number().int(),
    likely: z.number().int(),
    possible: z.number().int(),
  }),
});
const pairSide = z.strictObject({
  customer: customerRef,
  kind: z.enum(["consumer", "business"]),
  since: day.nullable(),
  open: z.array(money),
  items: z.number().int(),
  messages: z.number().int(),
  stage: said.nullable(),
  held: z.boolean(),
});
export const duplicatePair = z
  .strictObject({
    ...duplicateRow.shape,
    sides: z.tuple([pairSide, pairSide]),
    fields: z.array(
      z.strictObject({
        label: said,
        left: z.array(z.string()),
        right: z.array(z.string()),
        agreement: z.enum(["same", "similar", "different", "one_side"]),
      }),
    ),
    why: z.array(z.strictObject({ speaks: z.enum(["for", "against"]), said })),
    survivor: id,
    effects: z.array(said),
    mayDecide: z.boolean(),
    mayUndo: z.boolean(),
  })
  .openapi("DuplicatePair");
export const pairDecision = z.strictObject({
  act: z.enum(["merge", "household", "different"]),
  survivor: id.optional(),
});
export const related = z
  .strictObject({
    mergedInto: customerRef.nullable(),
    merged: z.array(z.strictObject({ customer: customerRef, at: instant, pairId: id.nullable() })),
    household: z.array(customerRef),
    duplicates: z.array(z.strictObject({ pairId: id, other: customerRef, certainty })),
  })
  .openapi("Related");
