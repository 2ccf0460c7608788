/** Orders: events in from shops, and a customer's orders with what happened to them. */
import { z } from "@hono/zod-openapi";
import {
  type Order,
  type OrderEvent,
  type OrderEventInput,
  orderKey,
  ordersOf,
  stateOf,
} from "../../../../books/orders/index.ts";
import { holdsOf, orderHoldId, receivablesOf, recordOrderEvents, tasks } from "../../../../books/receivables/index.ts";
import type { Act } from "../../../../platform/access/index.ts";
import {
  type CreditorId,
  type CustomerId,
  currency,
  dateIn,
  deterministicUuid,
  type Failure,
  fail,
  moneyFromText,
  ok,
  type PlainDate,
  type Result,
} from "../../../../pure/kernel/index.ts";
import { creditors } from "../../../../books/customers/index.ts";
import { arranged, listRoute } from "../../list.ts";
import { creditorRefs } from "../../names.ts";
import { type Api, route } from "../../route.ts";
import { moneyOf, moneyText, say } from "../../said/index.ts";
import { id, type Language } from "../../schema/basics.ts";
import * as schema from "../../schema/checking.ts";
import { opened } from "../customer-acts.ts";

type NewEvent = z.infer<typeof schema.newOrderEvent>;
/** Of one call; a day of a large shop is a file. */
const EVENTS = 5_000;

export function orderRoutes(api: Api): void {
  route(
    api,
    {
      method: "post",
      path: "/orders/events",
      permission: "intake.import",
      summary: "What happened to orders; each event once, in any order, before or after its invoice",
      body: z.array(schema.newOrderEvent).min(1).max(EVENTS),
      answer: schema.orderEventsTaken,
    },
    ({ act, body }) =>
      act(async (one) => {
        const known = (await creditors(one)).filter(({ closedAt }) => closedAt === undefined);
        const read = body.map((event, index) => inputOf(event, index, known));
        const inputs = read.flatMap((each) => (each.ok ? [each.value] : []));
        const outcomes = await recordOrderEvents(one, inputs);
        let at = 0;
        const results = read.map((each, index) => {
          const outcome = each.ok ? outcomes[at++] : { state: "refused" as const, failure: each.error };
          if (outcome?.state !== "refused") return { state: outcome?.state ?? "waiting" };
          const { code, message, where } = outcome.failure;
          return { state: "refused" as const, error: { code, message, where: placeOf(index, where) } };
        });
        const count = (state: string): number => results.filter((each) => each.state === state).length;
        return ok({
          new: count("new"),
          known: count("known"),
          waiting: count("waiting"),
          refused: count("refused"),
          results,
        });
      }),
  );
  listRoute(
    api,
    {
      path: "/customers/{customerId}/orders",
      permission: "customer.read",
      summary: "A customer's orders with what happened to them, newest first",
      params: z.strictObject({ customerId: id }),
      filters: {},
      row: schema.order,
      columns: ["number", "creditor", "orderedOn", "amount", "state", "creditNoteOverdue"],
    },
    ({ act, params, query, language }) =>
      act((one) =>
        opened(one, params.customerId, async (customerId) => {
          const shown = await ordersShown(one, customerId, language);
          return arranged(
            shown.filter(({ creditor }) => query.creditor === undefined || creditor.id === query.creditor),
            query,
          );
        }),
      ),
  );
}

/** `3: field`, from 1, whatever the room that refused counted. */
const placeOf = (index: number, where: string | undefined): string =>
  `${index + 1}: ${where?.replace(/^\d+: /, "") ?? "event"}`;

function inputOf(
  event: NewEvent,
  index: number,
  known: readonly { readonly creditorId: CreditorId; readonly zone: string }[],
): Result<OrderEventInput, Failure> {
  const creditor =
    event.creditorId === undefined && known.length === 1
      ? known[0]
      : known.find(({ creditorId }) => creditorId === event.creditorId);
  if (!creditor)
    return fail("invalid", "creditor_unknown", "Name the creditor of the order.", `${index + 1}: creditorId`);
  const moment = event.on.length > 10 ? new Date(event.on) : undefined;
  const code = event.amount === undefined ? undefined : currency(event.amount.currency);
  if (code && !code.ok) return code;
  const amount = event.amount && code ? moneyFromText(event.amount.amount, code.value) : undefined;
  if (amount && !amount.ok) return amount;
  if (event.event === "returned_in_part" && amount === undefined)
    return fail("invalid", "amount_missing", "A part needs its amount.", `${index + 1}: amount`);
  return ok({
    creditorId: creditor.creditorId,
    orderNumber: event.orderNumber,
    kind: event.event === "returned_in_part" ? "returned" : event.event,
    happenedOn: moment ? dateIn(moment, creditor.zone) : (event.on as PlainDate),
    ...(moment && { happenedAt: moment }),
    ...(amount && { amountMinor: amount.value.minor, currency: amount.value.currency }),
    ...(event.reference !== undefined && { reference: event.reference }),
    ...(event.customerNumber !== undefined && { customerNumber: event.customerNumber }),
    ...(event.eventId !== undefined && { eventId: event.eventId }),
  });
}

async function ordersShown(
  act: Act,
  customerId: CustomerId,
  language: Language,
): Promise<z.infer<typeof schema.order>[]> {
  const orders = (await ordersOf(act, [customerId])).get(customerId) ?? [];
  const items = await receivablesOf(act, customerId);
  const holds = new Map(
    ((await holdsOf(act, [customerId])).get(customerId) ?? []).map((hold) => [hold.holdId, hold.endsOn] as const),
  );
  const overdue = new Set(
    (await tasks(act, { customerId, kind: "credit_note_overdue" })).map((task) => String(task.facts["order"])),
  );
  const refs = await creditorRefs(act);
  const own = (order: Order) =>
    items.filter(
      (item) =>
        item.creditorId === order.creditorId &&
        item.orderNumber !== undefined &&
        orderKey(item.orderNumber) === order.numberKey,
    );
  const until = (order: Order, event: OrderEvent): PlainDate | null => {
    const ground =
      event.kind === "ordered" || event.kind === "shipped" || event.kind === "delivered" ? "not_delivered" : event.kind;
    return (
      own(order)
        .flatMap((item) => holds.get(orderHoldId(item.receivableId, ground, event.key)) ?? [])
        .sort()
        .at(-1) ?? null
    );
  };
  const shown = orders.map((order) => {
    const ordered = order.events.find((event) => event.kind === "ordered");
    return {
      id: order.orderId,
      number: order.number,
      creditor: refs.get(order.creditorId) ?? { id: order.creditorId, name: "" },
      orderedOn: ordered?.happenedOn ?? null,
      amount: ordered ? moneyIn(ordered) : null,
      state: say(language, `order_state_${stateOf(order.events)}`),
      events: order.events.map((event) => {
        const part = event.kind === "returned" && event.amountMinor !== undefined;
        const kind: NewEvent["event"] = part ? "returned_in_part" : event.kind;
        return {
          id: deterministicUuid("order_event", order.orderId, event.key),
          kind,
          on: event.happenedOn,
          receivedAt: event.recordedAt.toISOString(),
          said: say(
            language,
            `order_${kind}`,
            event.amountMinor === undefined ? {} : { amount: moneyText(event.amountMinor, event.currency ?? "EUR") },
          ),
          amount: moneyIn(event),
          holdsUntil: until(order, event),
        };
      }),
      items: own(order).map((item) => ({
        id: item.receivableId,
        number: item.number,
        open: moneyOf(item.openTotal, item.currency),
      })),
      creditNoteOverdue: overdue.has(order.number),
    };
  });
  const newest = (one: (typeof shown)[number]): string => one.orderedOn ?? one.events.at(-1)?.on ?? "";
  return shown.toSorted((a, b) => (newest(a) === newest(b) ? 0 : newest(a) < newest(b) ? 1 : -1));
}

const moneyIn = (event: OrderEvent) =>
  event.amountMinor === undefined ? null : moneyOf(event.amountMinor, event.currency ?? "EUR");
