/**
 * Orders act on items: holds, due dates, tasks. Nothing is remembered but the events: what should be is derived from them
 * and brought about, so it can be done again at any time (when events, items or credit notes come, in a run, by the sweep).
 */
import {
  type CreditorId,
  type Currency,
  type CustomerId,
  dateIn,
  deterministicUuid,
  type PlainDate,
  type ReceivableId,
  type Uuid,
} from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { arrayOf, rowsOf, sql } from "../../../platform/database/index.ts";
import { touch } from "../../../platform/jobs/index.ts";
import { creditor } from "../../customers/index.ts";
import {
  attachWaiting,
  type EventOutcome,
  type Order,
  type OrderEventInput,
  orderKey,
  ordersOf,
  takeOrderEvents,
  withOrders,
} from "../../orders/index.ts";
import { type Consequence, consequenceOf, type Credit, type DeliveryGround, deliveryRules } from "./rules.ts";

/** Author of these holds, and who lifts them; one that a person lifted stays lifted. */
const AUTHOR = "system:orders";

/** Id of the hold an event (hex of its key) places on an item. */
export const orderHoldId = (receivableId: ReceivableId, ground: DeliveryGround, eventKey: string): Uuid =>
  deterministicUuid("order_hold", receivableId, ground, eventKey);

interface ItemRow {
  readonly customer_id: CustomerId;
  readonly receivable_id: ReceivableId;
  readonly creditor_id: CreditorId;
  readonly item_kind: "invoice" | "credit_note";
  readonly order_number: string | null;
  readonly currency: Currency;
  readonly issued_on: PlainDate;
  readonly due_on: PlainDate;
  readonly term_from_delivery: number | null;
  readonly delivered_on: PlainDate | null;
  readonly open_total: bigint;
  readonly credited: bigint;
  readonly credited_on: PlainDate | null;
}

interface Wanted extends Consequence {
  readonly item: ItemRow;
  readonly order: Order | undefined;
}

/**
 * Brings holds, due dates and tasks of these customers in line with their orders. Few statements, whatever their number;
 * one when none of them has orders. Returns the customers whose rows changed, who are touched.
 * @param day business date; the creditor's own today when not given
 */
export async function keepDeliveries(
  act: Act,
  customerIds: readonly CustomerId[],
  day?: PlainDate,
): Promise<CustomerId[]> {
  if (customerIds.length === 0) return [];
  const { tx } = act;
  // A hold of ours whose orders are gone (a merge was taken back) is one to lift.
  const concerned = await tx.rows<{ customer_id: CustomerId }>(sql`
    select customer_id from hold
     where customer_id = any(${arrayOf("uuid", customerIds)}) and author = ${AUTHOR} and lifted_at is null
    union
    select customer_id from receivable
     where customer_id = any(${arrayOf("uuid", customerIds)}) and term_from_delivery is not null and delivered_on is null`);
  const ids = [...new Set([...(await withOrders(act, customerIds)), ...concerned.map((row) => row.customer_id)])];
  if (ids.length === 0) return [];
  const wanted = await consequences(act, ids, day);
  const changed = new Set<CustomerId>([
    ...(await moveDueDates(act, wanted)),
    ...(await keepHolds(act, ids, wanted)),
    ...(await keepTasks(act, ids, wanted, day)),
  ]);
  await touch(tx, ...changed);
  return [...changed];
}

/** What each item with an order, or with a term from delivery, deserves. */
async function consequences(act: Act, ids: readonly CustomerId[], day: PlainDate | undefined): Promise<Wanted[]> {
  const orders = await ordersOf(act, ids);
  const rows = await act.tx.rows<ItemRow>(sql`
    select r.customer_id, r.receivable_id, r.creditor_id, r.item_kind, r.order_number, r.currency, r.issued_on, r.due_on,
           r.term_from_delivery, r.delivered_on, r.open_total, coalesce(p.credited, 0)::bigint as credited, p.credited_on
      from receivable r
      left join lateral (
        select -sum(amount_minor) as credited, max(value_on) as credited_on from posting p
         where p.customer_id = r.customer_id and p.receivable_id = r.receivable_id and coalesce(p.moved_kind, p.kind) = 'credit') p on true
     where r.customer_id = any(${arrayOf("uuid", ids)}) and r.item_kind <> 'on_account'`);
  const byCustomer = new Map<CustomerId, ItemRow[]>();
  for (const row of rows) byCustomer.set(row.customer_id, [...(byCustomer.get(row.customer_id) ?? []), row]);
  const wanted: Wanted[] = [];
  for (const [customerId, items] of byCustomer)
    for (const item of items) {
      if (item.item_kind !== "invoice") continue;
      const key = item.order_number === null ? "" : orderKey(item.order_number);
      const order = orders
        .get(customerId)
        ?.find((one) => one.creditorId === item.creditor_id && one.numberKey === key && key !== "");
      if (order === undefined && item.term_from_delivery === null) continue;
      const of = await creditor(act, item.creditor_id);
      const consequence = consequenceOf(
        { issuedOn: item.issued_on, termFromDelivery: item.term_from_delivery ?? undefined },
        order?.events ?? [],
        creditsOf(item, items, order),
        deliveryRules(of.settings),
        day ?? dateIn(act.tx.now, of.zone),
      );
      // What is paid needs no pause and no credit note to be dunned rightly.
      wanted.push({ item, order, ...(item.open_total > 0n ? consequence : {}) });
    }
  return wanted;
}

/**
 * Credits for an order: posted on its item, credit notes that name the order, and credit notes that name none but are
 * over exactly what a return was over.
 */
function creditsOf(item: ItemRow, items: readonly ItemRow[], order: Order | undefined): Credit[] {
  const key = item.order_number === null ? undefined : orderKey(item.order_number);
  const returned = new Set(
    order?.events.flatMap((event) => (event.amountMinor === undefined ? [] : [event.amountMinor])),
  );
  return items.flatMap((one): Credit[] => {
    if (one.credited <= 0n || one.creditor_id !== item.creditor_id || one.currency !== item.currency) return [];
    if (one === item) return [{ on: one.credited_on ?? one.issued_on, amountMinor: one.credited }];
    if (one.item_kind !== "credit_note") return [];
    const names = one.order_number === null ? returned.has(one.credited) : orderKey(one.order_number) === key;
    return names ? [{ on: one.issued_on, amountMinor: one.credited }] : [];
  });
}

/** A term that runs from delivery: the due date is set, moved, or moved back when a later delivery is reported. */
async function moveDueDates(act: Act, wanted: readonly Wanted[]): Promise<CustomerId[]> {
  const moved = wanted.flatMap(({ item, delivery }) =>
    delivery && (delivery.on !== item.delivered_on || delivery.dueOn !== item.due_on) ? [{ item, delivery }] : [],
  );
  if (moved.length === 0) return [];
  // Default that rested on the old day is no default; the next notice, or the calendar, begins it anew.
  const rows = await act.tx.rows<{ customer_id: CustomerId }>(sql`
    update receivable r
       set due_on = m.due_on, delivered_on = m.delivered_on,
           default_since = case when r.default_since <= m.due_on then null else r.default_since end,
           default_ground = case when r.default_since <= m.due_on then null else r.default_ground end
      from ${rowsOf("m", {
        customer_id: ["uuid", moved.map(({ item }) => item.customer_id)],
        receivable_id: ["uuid", moved.map(({ item }) => item.receivable_id)],
        due_on: ["date", moved.map(({ delivery }) => delivery.dueOn)],
        delivered_on: ["date", moved.map(({ delivery }) => delivery.on)],
      })}
     where r.customer_id = m.customer_id and r.receivable_id = m.receivable_id
    returning r.customer_id`);
  return rows.map((row) => row.customer_id);
}

interface WantedHold {
  readonly holdId: Uuid;
  readonly item: ItemRow;
  readonly ground: DeliveryGround;
  readonly startsOn: PlainDate;
  readonly endsOn: PlainDate;
}

/** Places, moves and lifts holds; the id is made from item, ground and event, so doing it twice is doing it once. */
async function keepHolds(act: Act, ids: readonly CustomerId[], wanted: readonly Wanted[]): Promise<CustomerId[]> {
  const { tx } = act;
  const holds = wanted.flatMap(({ item, hold }): WantedHold[] =>
    hold ? [{ ...hold, item, holdId: orderHoldId(item.receivable_id, hold.ground, hold.eventKey) }] : [],
  );
  const lifted = await tx.rows<{ customer_id: CustomerId }>(sql`
    update hold h set lifted_at = ${tx.now}, lifted_by = ${AUTHOR}
     where h.customer_id = any(${arrayOf("uuid", ids)}) and h.author = ${AUTHOR} and h.lifted_at is null
       and not exists (
         select from ${rowsOf("w", {
           customer_id: ["uuid", holds.map(({ item }) => item.customer_id)],
           hold_id: ["uuid", holds.map((hold) => hold.holdId)],
         })} where w.customer_id = h.customer_id and w.hold_id = h.hold_id)
    returning h.customer_id`);
  if (holds.length === 0) return lifted.map((row) => row.customer_id);
  const written = await tx.rows<{ customer_id: CustomerId }>(sql`
    insert into hold as h (customer_id, hold_id, tenant_id, receivable_id, ground, author, starts_on, ends_on, created_at)
    select w.customer_id, w.hold_id, ${tx.tenantId}::uuid, w.receivable_id, w.ground, ${AUTHOR}, w.starts_on, w.ends_on,
           ${tx.now}::timestamptz
      from ${rowsOf("w", {
        customer_id: ["uuid", holds.map(({ item }) => item.customer_id)],
        hold_id: ["uuid", holds.map((hold) => hold.holdId)],
        receivable_id: ["uuid", holds.map(({ item }) => item.receivable_id)],
        ground: ["text", holds.map((hold) => hold.ground)],
        starts_on: ["date", holds.map((hold) => hold.startsOn)],
        ends_on: ["date", holds.map((hold) => hold.endsOn)],
      })}
    on conflict (customer_id, hold_id) do update
       set starts_on = excluded.starts_on, ends_on = excluded.ends_on, lifted_at = null, lifted_by = null
     where (h.lifted_at is null or h.lifted_by = ${AUTHOR})
       and (h.starts_on, h.ends_on, h.lifted_at is null) is distinct from (excluded.starts_on, excluded.ends_on, true)
    returning h.customer_id`);
  return [...lifted, ...written].map((row) => row.customer_id);
}

/** The task "credit note overdue", once an event; done by itself when the credit note comes. */
async function keepTasks(
  act: Act,
  ids: readonly CustomerId[],
  wanted: readonly Wanted[],
  day: PlainDate | undefined,
): Promise<CustomerId[]> {
  const { tx } = act;
  const overdue = wanted.flatMap(({ item, order, creditNoteOverdue: of }) =>
    of && order
      ? [{ item, order, of, taskId: deterministicUuid("credit_note_overdue", item.receivable_id, of.eventKey) }]
      : [],
  );
  const done = await tx.rows<{ customer_id: CustomerId }>(sql`
    update task t set state = 'done', decided_by = ${AUTHOR}, decided_at = ${tx.now}
     where t.customer_id = any(${arrayOf("uuid", ids)}) and t.kind = 'credit_note_overdue' and t.state = 'open'
       and t.created_by = ${AUTHOR} and t.task_id <> all(${arrayOf(
         "uuid",
         overdue.map((one) => one.taskId),
       )})
    returning t.customer_id`);
  if (overdue.length === 0) return done.map((row) => row.customer_id);
  const days = new Map<CreditorId, PlainDate>();
  for (const { item } of overdue)
    days.set(item.creditor_id, day ?? dateIn(tx.now, (await creditor(act, item.creditor_id)).zone));
  const made = await tx.rows<{ customer_id: CustomerId }>(sql`
    insert into task (customer_id, task_id, tenant_id, receivable_id, kind, amount_minor, currency, facts, due_on, created_by,
                      created_at)
    select w.customer_id, w.task_id, ${tx.tenantId}::uuid, w.receivable_id, 'credit_note_overdue', w.amount_minor,
           w.currency, w.facts, w.due_on, ${AUTHOR}, ${tx.now}::timestamptz
      from ${rowsOf("w", {
        customer_id: ["uuid", overdue.map(({ item }) => item.customer_id)],
        task_id: ["uuid", overdue.map((one) => one.taskId)],
        receivable_id: ["uuid", overdue.map(({ item }) => item.receivable_id)],
        amount_minor: ["int8", overdue.map(({ of }) => of.amountMinor)],
        currency: ["text", overdue.map(({ item, of }) => (of.amountMinor === undefined ? null : item.currency))],
        facts: ["jsonb", overdue.map(({ order, of }) => ({ order: order.number, event: of.kind, day: of.since }))],
        due_on: ["date", overdue.map(({ item }) => days.get(item.creditor_id))],
      })}
    on conflict (customer_id, task_id) do nothing
    returning customer_id`);
  return [...done, ...made].map((row) => row.customer_id);
}

/**
 * Takes order events in and lets them act at once. One outcome an event, in their order; a refused one never spoils its
 * neighbours. Failures inside the outcomes: those of `takeOrderEvents`.
 */
export async function recordOrderEvents(act: Act, inputs: readonly OrderEventInput[]): Promise<EventOutcome[]> {
  const outcomes = await takeOrderEvents(act, inputs);
  const customers = new Set(outcomes.flatMap((outcome) => (outcome.state === "new" ? [outcome.customerId] : [])));
  await keepDeliveries(act, [...customers]);
  return outcomes;
}

/** What new items mean: events that waited for their orders are attached, and the orders act on the items. */
export async function meetOrders(
  act: Act,
  items: readonly { readonly customerId: CustomerId; readonly orderNumber?: string }[],
): Promise<void> {
  const numbers = items.flatMap((item) => (item.orderNumber === undefined ? [] : [item.orderNumber]));
  if (numbers.length > 0) await attachWaiting(act, numbers);
  await keepDeliveries(act, [...new Set(items.map((item) => item.customerId))]);
}
