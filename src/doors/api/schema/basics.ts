/** Shapes every route shares; the console's contract (`web/console/src/api/contract.ts`) says the same as types. */
import { z } from "@hono/zod-openapi";

export const money = z
  .strictObject({
    amount: z.string().regex(/^-?\d{1,18}(\.\d{1,4})?$/),
    currency: z.string().regex(/^[A-Z]{3}$/),
  })
  .openapi("Money");
export const day = z.iso.date();
export const instant = z.iso.datetime();
export const id = z.uuid();
export const language = z.enum(["de", "en"]);
export const role = z.enum(["admin", "manager", "agent", "auditor"]);
export const channel = z.enum(["email", "letter", "sms", "phone", "portal"]);
export const tone = z.enum(["friendly", "factual", "firm"]);
export const said = z
  .strictObject({ code: z.string(), text: z.string(), values: z.record(z.string(), z.string()).optional() })
  .openapi("Said");
export const customerRef = z.strictObject({ id, number: z.string(), name: z.string() }).openapi("CustomerRef");
export const creditorRef = z.strictObject({ id, name: z.string() }).openapi("CreditorRef");
export const progress = z.strictObject({ done: z.number(), total: z.number().nullable() });

export type Money = z.infer<typeof money>;
export type Said = z.infer<typeof said>;
export type Language = z.infer<typeof language>;
export type CustomerRef = z.infer<typeof customerRef>;
export type CreditorRef = z.infer<typeof creditorRef>;

/** What every list takes; its own filters come besides. An unknown parameter is refused. */
export const listQuery = {
  q: z.string().max(200).optional(),
  sort: z
    .string()
    .regex(/^-?[a-zA-Z]{1,40}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(500).optional(),
  offset: z.coerce.number().int().min(0).max(100_000_000).optional(),
  creditor: z.uuid().optional(),
} as const;
export const creditorQuery = z.strictObject({ creditor: z.uuid().optional() });
export const yesNo = z.enum(["yes", "no"]).optional();

export const listOf = <Row extends z.ZodType>(row: Row) =>
  z.strictObject({ rows: z.array(row), total: z.number().int(), sums: z.array(money).optional() });
