/** Findings, rules of the checks before dunning, and orders. */
import { z } from "@hono/zod-openapi";
import { ORDER_EVENT_KINDS } from "../../../books/orders/index.ts";
import { SEVERITIES } from "../../../books/checking/index.ts";
import { creditorRef, customerRef, day, id, instant, money, said } from "./basics.ts";

export const severity = z.enum(SEVERITIES);
export const findingState = z.enum(["open", "fixed", "dismissed"]);
const itemRef = z.strictObject({ id, number: z.string(), open: money });

export const finding = z
  .strictObject({
    id,
    rule: said,
    severity,
    state: findingState,
    creditor: creditorRef,
    customer: customerRef.nullable(),
    item: itemRef.nullable(),
    said,
    advice: said,
    foundAt: instant,
    dueOn: day.nullable(),
    decidedBy: z.string().nullable(),
    decidedAt: instant.nullable(),
    note: z.string().nullable(),
    mayDecide: z.boolean(),
  })
  .openapi("Finding");
export const findingDecision = z.strictObject({
  act: z.enum(["fixed", "dismiss"]),
  reason: z.string().max(1000).nullable(),
});
export const findingCount = z.strictObject({ rule: said, severity, open: z.number().int() });

export const checkRule = z
  .strictObject({
    key: z.string(),
    name: said,
    explains: said,
    on: z.boolean(),
    severity,
    parameters: z.array(
      z.strictObject({ name: z.string(), said, value: z.number(), min: z.number(), max: z.number() }),
    ),
    open: z.number().int(),
    changedBy: z.string().nullable(),
    changedAt: instant.nullable(),
  })
  .openapi("CheckRule");
export const checkRuleChange = z.strictObject({
  creditorId: id,
  on: z.boolean().optional(),
  severity: severity.optional(),
  parameters: z.record(z.string().max(40), z.number()).optional(),
});
export const checkRules = z.strictObject({ creditor: creditorRef, rules: z.array(checkRule), mayChange: z.boolean() });

/** `returned_in_part`: came back with an amount. */
const shownKind = z.enum([...ORDER_EVENT_KINDS, "returned_in_part"]);
export const orderEvent = z.strictObject({
  id,
  kind: shownKind,
  on: day,
  receivedAt: instant,
  said,
  amount: money.nullable(),
  holdsUntil: day.nullable(),
});
export const order = z
  .strictObject({
    id,
    number: z.string(),
    creditor: creditorRef,
    orderedOn: day.nullable(),
    amount: money.nullable(),
    state: said,
    events: z.array(orderEvent),
    items: z.array(itemRef),
    creditNoteOverdue: z.boolean(),
  })
  .openapi("Order");

/** One event as a shop sends it. The same `eventId`, or without one the same content, is the same event. */
export const newOrderEvent = z
  .strictObject({
    orderNumber: z.string().min(1).max(60),
    event: shownKind,
    /** The day, or the moment with its zone. */
    on: z.union([day, z.iso.datetime({ offset: true })]),
    amount: money.optional(),
    reference: z.string().max(60).optional(),
    customerNumber: z.string().max(60).optional(),
    eventId: z.string().min(1).max(200).optional(),
    /** Where there are several. */
    creditorId: id.optional(),
  })
  .openapi("NewOrderEvent");
export const orderEventsTaken = z
  .strictObject({
    new: z.number().int(),
    known: z.number().int(),
    /** Their orders are not known yet; they are kept and attached when the invoice comes. */
    waiting: z.number().int(),
    refused: z.number().int(),
    /** In the order of the call. */
    results: z.array(
      z.strictObject({
        state: z.enum(["new", "known", "waiting", "refused"]),
        error: z.strictObject({ code: z.string(), message: z.string(), where: z.string() }).optional(),
      }),
    ),
  })
  .openapi("OrderEventsTaken");
