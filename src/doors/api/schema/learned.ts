import { z } from "@hono/zod-openapi";
import { customerRef, day, id, instant, said } from "./basics.ts";
import { bankEntryRow, spokenReason } from "./money-in.ts";

const count = z.number().int();
export const knownAccount = z
  .strictObject({
    accountId: z.string(),
    customer: customerRef,
    iban: z.string().nullable(),
    relation: z.enum(["own", "pays_for", "shared"]),
    learned: said,
    learnedAt: instant,
    lastPaidOn: day.nullable(),
    payments: count,
    forgottenAt: instant.nullable(),
  })
  .openapi("KnownAccount");
const verdict = z.enum(["right", "wrong"]).nullable();
export const reviewVerdict = z.strictObject({ verdict });
export const reviewRow = z
  .strictObject({
    id,
    entry: bankEntryRow,
    numbers: z.array(z.string()),
    probability: z.number().nullable(),
    reasons: z.array(spokenReason),
    verdict,
    decidedBy: z.string().nullable(),
    decidedAt: instant.nullable(),
  })
  .openapi("ReviewRow");
export const matchReview = z
  .strictObject({
    month: z.string(),
    months: z.array(z.string()),
    automatic: count,
    decided: count,
    wrong: count,
    errorRate: z.strictObject({ low: z.number(), high: z.number() }).nullable(),
    rows: z.array(reviewRow),
  })
  .openapi("MatchReview");
