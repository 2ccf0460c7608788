/** Where files come from, and what is missing. */
import { z } from "@hono/zod-openapi";
import { creditorRef, day, id, instant, said } from "./basics.ts";

export const source = z
  .strictObject({
    id,
    kind: z.enum(["folder", "sftp"]),
    name: z.string(),
    place: z.string(),
    creditor: creditorRef.nullable(),
    state: z.enum(["ok", "late", "failing", "off"]),
    schedule: said,
    lastTriedAt: instant.nullable(),
    lastFile: z.strictObject({ name: z.string(), at: instant, importId: id.nullable() }).nullable(),
    error: said.nullable(),
    files: z.number().int(),
    refused: z.number().int(),
  })
  .openapi("Source");
const alarm = z.strictObject({
  id,
  level: z.enum(["problem", "notice"]),
  said,
  advice: said,
  since: instant,
  creditor: creditorRef.nullable(),
});
export const sources = z.strictObject({ sources: z.array(source), alarms: z.array(alarm), mayFetch: z.boolean() });
export const accountDays = z
  .strictObject({
    account: z.string(),
    creditor: creditorRef,
    currency: z.string(),
    lastStatementTo: day.nullable(),
    holdsDunning: z.boolean(),
    mayBeDaysOld: z.number().nullable(),
    missing: z.number().int(),
    days: z.array(
      z.strictObject({
        day,
        state: z.enum(["received", "missing", "partial", "closed", "excused", "expected", "before"]),
        entries: z.number().int(),
        statementId: z.string().nullable(),
      }),
    ),
  })
  .openapi("AccountDays");
export const excuse = z.strictObject({ account: z.string().max(40), day, excused: z.boolean() });
