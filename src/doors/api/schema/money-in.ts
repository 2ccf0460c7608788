import { z } from "@hono/zod-openapi";
import { creditorRef, customerRef, day, id, instant, money, progress, said } from "./basics.ts";
import { entryPayout } from "./matching.ts";

export const entryView = z.enum(["proposed", "unmatched", "booked", "returned"]);
export const bankEntryRow = z
  .strictObject({
    id,
    account: z.string(),
    payer: z.string().nullable(),
    remittance: z.string(),
    amount: money,
    bookedOn: day,
    valueOn: day,
    view: entryView,
    score: z.number().int().nullable(),
    customer: customerRef.nullable(),
    automatic: z.boolean().nullable(),
    probability: z.number().optional(),
    sure: said.optional(),
  })
  .openapi("BankEntryRow");
export const spokenReason = z.strictObject({ speaks: z.enum(["for", "against"]), said });
export const proposal = z.strictObject({
  rank: z.number().int(),
  score: z.number().int(),
  customer: customerRef,
  title: said,
  detail: said,
  reasons: z.array(spokenReason),
  lines: z.array(
    z.strictObject({
      itemId: id.nullable(),
      number: z.string().nullable(),
      dueOn: day.nullable(),
      open: money,
      now: money,
    }),
  ),
  remainsOpen: money,
  onAccount: money,
  law: said.nullable(),
  next: said.nullable(),
});
const learned = z.strictObject({ accountId: z.string(), customer: customerRef, said });
export const bankEntry = bankEntryRow
  .extend({
    payerIban: z.string().nullable(),
    endToEndId: z.string().nullable(),
    statementId: z.string(),
    marks: z.array(z.strictObject({ from: z.number().int(), to: z.number().int() })),
    proposals: z.array(proposal),
    booked: z.array(z.strictObject({ customer: customerRef, number: z.string().nullable(), amount: money })),
    bookedBy: z.string().nullable(),
    bookedAt: instant.nullable(),
    automaticLead: z.number().int(),
    learned: z.array(learned).optional(),
    payout: entryPayout.optional(),
    mayBook: z.boolean(),
  })
  .openapi("BankEntry");
export const booking = z.strictObject({
  proposal: z.number().int().min(0).max(20).optional(),
  customerId: id.optional(),
  items: z
    .array(z.strictObject({ itemId: id, amount: money }))
    .max(500)
    .optional(),
});
export const booked = z.strictObject({
  entryId: id,
  booked: z.array(z.strictObject({ number: z.string().nullable(), amount: money })),
  undoUntil: instant.nullable(),
  learned: z.array(learned).optional(),
});
const count = z.number().int();
export const bankSummary = z.strictObject({
  counts: z.strictObject({ proposed: count, unmatched: count, booked: count, returned: count }),
  statements: count,
  sinceDay: day,
  entriesSince: count,
  automaticSince: count,
  undoneSince: count,
  learning: z.strictObject({ decisions: count, version: count, since: instant.nullable() }).optional(),
});
export const statementRow = z
  .strictObject({
    /** Fingerprint of the statement, hexadecimal. */
    id: z.string(),
    account: z.string(),
    bank: z.string().nullable(),
    creditor: creditorRef,
    number: z.string().nullable(),
    from: day,
    to: day,
    opening: money,
    closing: money,
    credits: money,
    debits: money,
    entries: count,
    reconciles: z.boolean(),
    importedAt: instant,
    file: z.string(),
  })
  .openapi("StatementRow");

export const importResult = z
  .strictObject({
    file: z.string(),
    format: z.string(),
    status: z.enum(["ok", "partial", "refused"]),
    error: z.strictObject({ code: z.string(), message: z.string(), where: z.string() }).nullable(),
    warnings: z.array(z.string()),
    statements: z.array(
      z.strictObject({
        account: z.string(),
        currency: z.string(),
        opening: z.string(),
        closing: z.string(),
        entries: count,
        booked: count,
        transactions: count,
        sumCredit: z.string(),
        sumDebit: z.string(),
        reconciles: z.boolean(),
      }),
    ),
    invoices: z.array(
      z.strictObject({
        number: z.string(),
        issueDate: day.nullable(),
        dueDate: day.nullable(),
        currency: z.string(),
        total: z.string(),
        payable: z.string(),
        buyer: z.string().nullable(),
      }),
    ),
    records: count,
    imported: z.strictObject({ new: count, known: count }).nullable(),
  })
  .openapi("ImportResult");
export const csvMapping = z.strictObject({
  delimiter: z.string(),
  encoding: z.string(),
  decimal: z.enum([",", "."]),
  dateFormat: z.string(),
  columns: z.array(
    z.strictObject({
      column: count,
      header: z.string(),
      samples: z.array(z.string()),
      target: z.string().nullable(),
      source: z.enum(["known", "remembered", "guessed", "person", "none"]),
    }),
  ),
  targets: z.array(z.strictObject({ name: z.string(), required: z.boolean() })),
  missing: z.array(z.string()),
  rows: z.array(z.record(z.string(), z.string())),
});
const snapshotPreview = z.strictObject({
  kind: z.enum(["snapshot", "delta"]),
  added: count,
  changed: count,
  unchanged: count,
  vanished: count,
  vanishedAmounts: z.array(money),
  share: z.number(),
  limit: z.number(),
  mustConfirm: z.boolean(),
});
export const importPreview = z
  .strictObject({
    result: importResult,
    mapping: csvMapping.nullable(),
    needsCreditor: z.boolean(),
    snapshot: snapshotPreview.optional(),
  })
  .openapi("ImportPreview");
export const mappingChoice = z.strictObject({
  columns: z
    .array(z.strictObject({ column: z.number().int().min(0).max(10_000), target: z.string().max(60).nullable() }))
    .max(2_000),
  decimal: z.enum([",", "."]).optional(),
  dateFormat: z.string().max(20).optional(),
  remember: z.boolean().optional(),
});
export const importJob = z
  .strictObject({
    id,
    file: z.string(),
    format: z.string(),
    state: z.enum(["waiting", "reading", "matching", "done", "failed"]),
    progress,
    at: instant,
    by: z.string(),
    result: importResult.nullable(),
    matched: z.strictObject({ automatic: count, proposed: count, unmatched: count }).nullable(),
  })
  .openapi("ImportJob");
export type ImportJob = z.infer<typeof importJob>;
export type ImportResult = z.infer<typeof importResult>;
export type MappingChoice = z.infer<typeof mappingChoice>;
export type BankEntryRow = z.infer<typeof bankEntryRow>;
export type EntryView = z.infer<typeof entryView>;
