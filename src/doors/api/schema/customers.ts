import { z } from "@hono/zod-openapi";
import { channel, creditorRef, customerRef, day, id, instant, language, money, said } from "./basics.ts";

const component = z.enum(["principal", "interest", "dunning_cost", "collection_cost"]);
const kind = z.enum(["consumer", "business"]);

export const customerRow = customerRef
  .extend({
    kind,
    town: z.string().nullable(),
    street: z.string().nullable(),
    open: money,
    overdue: money,
    oldestDue: day.nullable(),
    stage: z.string().nullable(),
    held: z.boolean(),
    restricted: z.boolean(),
    hit: said.optional(),
  })
  .openapi("CustomerRow");
export const blocker = z.strictObject({
  ground: said,
  basis: said.nullable(),
  until: day.nullable(),
  holdId: id.nullable(),
});
export const item = z
  .strictObject({
    id,
    number: z.string(),
    orderNumber: z.string().nullable(),
    kind: z.enum(["invoice", "credit_note", "on_account"]),
    claimKind: z.string(),
    creditor: creditorRef,
    brand: z.string(),
    issuedOn: day.nullable(),
    dueOn: day,
    inDefaultSince: day.nullable(),
    state: z.enum(["open", "paid", "written_off", "handed_over", "credited"]),
    original: money,
    components: z.partialRecord(component, money),
    open: money,
    stage: z.string().nullable(),
    assigned: z.boolean(),
    documentId: id.nullable(),
  })
  .openapi("Item");
export const posting = z.strictObject({
  id,
  valueOn: day,
  bookedAt: instant,
  kind: z.enum([
    "claim",
    "payment",
    "return",
    "credit",
    "discount",
    "write_off",
    "interest",
    "cost",
    "transfer",
    "adjustment",
  ]),
  component,
  amount: money,
  ground: z.string().nullable(),
  reverses: id.nullable(),
});
export const itemDetail = item
  .extend({
    postings: z.array(posting),
    claim: z.array(z.strictObject({ label: said, law: z.string().nullable(), amount: money })),
  })
  .openapi("ItemDetail");
export const timelineEntry = z.strictObject({
  id: z.string(),
  when: z.enum(["past", "now", "planned"]),
  on: day,
  at: instant.nullable(),
  title: said,
  detail: said.nullable(),
  strong: z.boolean(),
  messageId: id.nullable(),
  itemId: id.nullable(),
});
export const contactPoint = z.strictObject({
  id,
  channel,
  value: z.string(),
  verifiedAt: instant.nullable(),
  usable: z.boolean(),
  problem: said.nullable(),
  consent: z.enum(["contract", "given", "withdrawn"]),
  consentSource: z.string().nullable(),
  consentAt: instant.nullable(),
});
export const party = z.strictObject({
  id,
  role: z.enum(["customer", "payer", "delivery", "representative"]),
  representativeKind: z.enum(["lawyer", "debt_adviser", "guardian", "parent", "heir", "administrator"]).nullable(),
  name: z.string(),
  address: z.array(z.string()),
  from: day.nullable(),
  until: day.nullable(),
  writeOnlyTo: z.boolean(),
  sees: z.array(z.string()),
  proof: z.string().nullable(),
  contactPoints: z.array(contactPoint),
});
export const hold = z
  .strictObject({
    id,
    ground: z.string(),
    note: z.string().nullable(),
    itemId: id.nullable(),
    author: z.string(),
    from: day,
    until: day.nullable(),
    endedAt: instant.nullable(),
  })
  .openapi("Hold");
export const note = z.strictObject({ id, text: z.string(), author: z.string(), at: instant });
export const customer = customerRef
  .extend({
    kind,
    language,
    group: z.string().nullable(),
    since: day.nullable(),
    restricted: z.boolean(),
    creditors: z.array(creditorRef),
    reachableBy: z.array(channel),
    stage: said.nullable(),
    open: z.array(money),
    unallocated: z.array(money),
    counts: z.strictObject({
      items: z.number().int(),
      messages: z.number().int(),
      parties: z.number().int(),
      documents: z.number().int(),
    }),
    items: z.array(item),
    explained: z.array(said),
    blockers: z.array(blocker),
    mayWriteFrom: day.nullable(),
    next: z.strictObject({ stage: said, channel, on: day, reasons: z.array(said) }).nullable(),
    waiting: z.array(z.strictObject({ id, kind: z.string(), step: said, dueOn: day })),
    timeline: z.array(timelineEntry),
    holds: z.array(hold),
    parties: z.array(party),
    notes: z.array(note),
  })
  .openapi("Customer");
export const newHold = z.strictObject({
  ground: z.enum([
    "claimed_paid",
    "dispute",
    "callback",
    "goodwill",
    "hardship",
    "insolvency",
    "deceased",
    "minor",
    "other",
    "promise",
    "guardianship",
    "vulnerable",
    "representative",
    "manual",
  ]),
  until: day.nullable(),
  itemId: id.nullable(),
  note: z.string().max(2000).nullable(),
});
export const newNote = z.strictObject({ text: z.string().min(1).max(5000) });
export const made = z.strictObject({ id });
export const writeOffProposal = z.strictObject({ itemId: id, amount: money, reason: z.string().min(1).max(2000) });
export const customerDocument = z
  .strictObject({
    id,
    kind: z.enum(["invoice", "letter", "upload", "proof"]),
    name: z.string(),
    mediaType: z.string(),
    bytes: z.number().int(),
    at: instant,
    itemId: id.nullable(),
  })
  .openapi("Document");

const amounts = z.strictObject({
  principal: money,
  interest: money,
  dunning_cost: money,
  collection_cost: money,
});
const columns = z.array(z.string());
export const accountStatement = z
  .strictObject({
    creditor: creditorRef,
    currency: z.string(),
    asOf: day,
    provisional: z.boolean(),
    lawUnsupported: z.boolean(),
    open: amounts,
    /** Interest up to the day that is not posted yet; contained in `total`. */
    accrued: money,
    total: money,
    sums: z.array(z.strictObject({ label: z.string(), amount: money })),
    columns,
    interestColumns: columns,
    items: z.array(
      z.strictObject({
        id,
        title: z.string(),
        facts: z.string(),
        kind: z.enum(["invoice", "credit_note", "on_account"]),
        number: z.string(),
        orderNumber: z.string().nullable(),
        issuedOn: day,
        dueOn: day,
        inDefaultSince: day.nullable(),
        assignedOn: day.nullable(),
        movements: z.array(
          z.strictObject({
            on: day,
            kind: posting.shape.kind,
            title: z.string(),
            note: z.string(),
            law: z.string().nullable(),
            change: amounts,
            amount: money,
            openAfter: money,
          }),
        ),
        interest: z
          .strictObject({
            law: z.string(),
            dayCount: z.enum(["act/act", "act/365", "act/360"]),
            segments: z.array(
              z.strictObject({
                from: day,
                to: day,
                days: z.number().int(),
                /** Per cent a year; the base rate in it, null where the rate rests on none. */
                rate: z.string(),
                baseRate: z.string().nullable(),
                rateText: z.string(),
                principal: money,
                /** Two places more than the currency has: rounded once, over the whole. */
                exact: z.string(),
                provisional: z.boolean(),
              }),
            ),
            whole: money,
            posted: money,
            accrued: money,
            provisional: z.boolean(),
            lines: z.array(z.string()),
          })
          .nullable(),
        noInterest: said.nullable(),
        open: amounts,
        accrued: money,
        total: money,
      }),
    ),
    payments: z.array(
      z.strictObject({
        on: day,
        title: z.string(),
        amount: money,
        parts: z.array(
          z.strictObject({
            itemId: id,
            number: z.string(),
            onAccount: z.boolean(),
            paid: amounts,
            law: z.string().nullable(),
            text: z.string(),
          }),
        ),
      }),
    ),
    notes: z.array(z.string()),
  })
  .openapi("AccountStatement");
export const statementOfAccount = z
  .strictObject({ customer: customerRef, asOf: day, statements: z.array(accountStatement) })
  .openapi("StatementOfAccount");
export const statementQuery = z.strictObject({
  asOf: day.optional(),
  creditor: id.optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
});

export const workKind = z.enum([
  "callback",
  "dispute",
  "claimed_paid",
  "parked_message",
  "hand_over",
  "write_off",
  "overpayment",
  "finding",
  "credit_note_overdue",
  "vanished_item",
  "difference",
  "refund",
  "duplicate_payment",
  "match_review",
  "tell_partner",
  "unreachable",
  "approval",
  "hold_review",
]);
export const workAct = z.enum([
  "done",
  "later",
  "approve",
  "refuse",
  "left",
  "send_again",
  "drop",
  "end_hold",
  "refund",
  "set_off",
  "keep",
  "right",
  "wrong",
]);
export const workItem = z
  .strictObject({
    id,
    kind: workKind,
    customer: customerRef.nullable(),
    creditor: creditorRef.nullable(),
    step: said,
    why: said,
    open: money.nullable(),
    dueOn: day,
    dueAt: instant.nullable(),
    acts: z.array(workAct),
    messageId: id.nullable(),
    agreedBy: z.string().nullable(),
    evidence: z.array(said),
    mayDo: z.array(said),
    latest: z.strictObject({ text: z.string(), source: said, at: instant }).nullable(),
  })
  .openapi("WorkItem");
export const workDecision = z.strictObject({
  act: workAct,
  until: day.nullable(),
  note: z.string().max(2000).nullable(),
});
export type WorkKind = z.infer<typeof workKind>;
export type WorkAct = z.infer<typeof workAct>;
export type WorkItem = z.infer<typeof workItem>;
export type Item = z.infer<typeof item>;
export type TimelineEntry = z.infer<typeof timelineEntry>;
