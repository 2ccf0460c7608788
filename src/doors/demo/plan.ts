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

const actSchema = z.discriminatedUnion("act", [
  z.strictObject({ on: day, at, creditor: key, customer, act: z.literal("open_pay_page") }),
  /** `true`: the money is on its way and stands in a later statement. */
  z.strictObject({ on: day, at, creditor: key, customer, act: z.literal("i_have_paid"), true: z.boolean() }),
  z.strictObject({ on: day, at, creditor: key, customer, act: z.literal("call_me"), window: z.string() }),
  z.strictObject({ on: day, at, creditor: key, customer, act: z.literal("something_is_wrong"), text: z.string() }),
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
  /** An agent looks at a proposal of the statement and confirms it, if these invoices are among what is proposed. */
  z.strictObject({
    on: day,
    at,
    creditor: key,
    act: z.literal("confirm_proposal"),
    file: z.string(),
    entry: z.number().int().min(1),
    numbers: z.array(z.string()).min(1),
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
