/** `samples/plan.json`: which file arrives at which creditor on which day, and what people do in the six weeks. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { packageRoot } from "../../platform/config/index.ts";
import type { PlainDate } from "../../pure/kernel/index.ts";

const day = z.iso.date().transform((text) => text as PlainDate);
const key = z.enum(["garden", "utility"]);
/** The fixed steps of a day, wall clock of the creditors. Files come at 07:00, the runs are at 09:00. */
const at = z.enum(["09:00", "12:00", "18:00"]);
const customer = z.string();
/** A customer behind the link of the newest message; the postcode opens the door. */
const visitor = { on: day, at, creditor: key, customer, postcode: z.string() };

const actSchema = z.discriminatedUnion("act", [
  z.strictObject({ ...visitor, act: z.literal("open_pay_page") }),
  /** `true`: the money is on its way and stands in a later statement. */
  z.strictObject({ ...visitor, act: z.literal("i_have_paid"), true: z.boolean() }),
  z.strictObject({
    ...visitor,
    act: z.literal("call_me"),
    /** Hours of one of the portal's call windows, on the first day it offers. */
    from: z.number().int(),
    to: z.number().int(),
    phone: z.string(),
  }),
  z.strictObject({
    ...visitor,
    act: z.literal("something_is_wrong"),
    reason: z.enum(["damaged", "returned", "not_received", "wrong_amount", "not_ordered", "other"]),
    words: z.string(),
  }),
  z.strictObject({
    on: day,
    at,
    creditor: key,
    customer,
    act: z.literal("place_hold"),
    until: day,
    comment: z.string(),
  }),
  z.strictObject({ on: day, at, creditor: key, customer, act: z.literal("lift_hold") }),
  /** An agent goes through a statement and confirms proposals that name exactly the invoices it was for. */
  z.strictObject({
    on: day,
    at,
    creditor: key,
    act: z.literal("review_statement"),
    file: z.string(),
    truth: z.array(z.strictObject({ entry: z.number().int().min(1), numbers: z.array(z.string()).min(1) })),
  }),
]);

export const planSchema = z.strictObject({
  firstDay: day,
  lastDay: day,
  arrivals: z.array(z.strictObject({ on: day, creditor: key, file: z.string() })),
  acts: z.array(actSchema),
});
export type DemoPlan = z.infer<typeof planSchema>;
export type DemoAct = z.infer<typeof actSchema>;
export type ActTime = z.infer<typeof at>;

export const samplesFolder = join(packageRoot, "samples");

export const readPlan = (): DemoPlan =>
  planSchema.parse(JSON.parse(readFileSync(join(samplesFolder, "plan.json"), "utf8")));
