/** Orders with their events, as others read them. */
import type { CreditorId, Currency, CustomerId, Instant, PlainDate, Uuid } from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import { arrayOf, sql } from "../../platform/database/index.ts";
import { filesOf } from "../customers/index.ts";
import { inOrder, type Order, type OrderEvent, type OrderEventKind } from "./model.ts";

interface EventRow {
  readonly customer_id: CustomerId;
  readonly order_id: Uuid;
  readonly creditor_id: CreditorId;
  readonly number: string;
  readonly number_key: string;
  readonly event_key: Buffer;
  readonly kind: OrderEventKind;
  readonly happened_on: PlainDate;
  readonly happened_at: Instant | null;
  readonly amount_minor: bigint | null;
  readonly currency: Currency | null;
  readonly reference: string | null;
  readonly recorded_at: Instant;
}

/**
 * Orders of customers with their events in the order of time. Those of files that were merged into a customer are the
 * customer's, as long as the merge stands; an order that both files know is one. Customers without orders are missing.
 */
export async function ordersOf(act: Act, customerIds: readonly CustomerId[]): Promise<Map<CustomerId, Order[]>> {
  const files = await filesOf(act, customerIds);
  const rows = await act.tx.rows<EventRow>(sql`
    select o.customer_id, o.order_id, o.creditor_id, o.number, o.number_key, e.event_key, e.kind, e.happened_on,
           e.happened_at, e.amount_minor, e.currency, e.reference, e.recorded_at
      from customer_order o join order_event e on e.customer_id = o.customer_id and e.order_id = o.order_id
     where o.customer_id = any(${arrayOf("uuid", [...new Set([...files.values()].flat())])}) and o.tenant_id = ${act.tx.tenantId}
     order by o.created_at, o.order_id`);
  const byFile = new Map<CustomerId, EventRow[]>();
  for (const row of rows) {
    const list = byFile.get(row.customer_id);
    if (list) list.push(row);
    else byFile.set(row.customer_id, [row]);
  }
  const found = new Map<CustomerId, Order[]>();
  for (const [customerId, of] of files) {
    const orders = united(
      customerId,
      of.flatMap((file) => byFile.get(file) ?? []),
    );
    if (orders.length > 0) found.set(customerId, orders);
  }
  return found;
}

/** Which of these customers have orders, or had them merged into their file. */
export async function withOrders(act: Act, customerIds: readonly CustomerId[]): Promise<CustomerId[]> {
  const files = await filesOf(act, customerIds);
  const rows = await act.tx.rows<{ customer_id: CustomerId }>(sql`
    select distinct customer_id from customer_order
     where customer_id = any(${arrayOf("uuid", [...new Set([...files.values()].flat())])}) and tenant_id = ${act.tx.tenantId}`);
  const having = new Set(rows.map((row) => row.customer_id));
  return [...files].flatMap(([customerId, of]) => (of.some((file) => having.has(file)) ? [customerId] : []));
}

function united(customerId: CustomerId, rows: readonly EventRow[]): Order[] {
  const orders = new Map<string, Order & { events: OrderEvent[] }>();
  for (const row of rows) {
    const key = `${row.creditor_id} ${row.number_key}`;
    let order = orders.get(key);
    if (!order)
      orders.set(
        key,
        (order = {
          orderId: row.order_id,
          customerId,
          creditorId: row.creditor_id,
          number: row.number,
          numberKey: row.number_key,
          events: [],
        }),
      );
    order.events.push({
      kind: row.kind,
      happenedOn: row.happened_on,
      recordedAt: row.recorded_at,
      key: row.event_key.toString("hex"),
      ...(row.happened_at !== null && { happenedAt: row.happened_at }),
      ...(row.amount_minor !== null && { amountMinor: row.amount_minor }),
      ...(row.currency !== null && { currency: row.currency }),
      ...(row.reference !== null && { reference: row.reference }),
    });
  }
  return [...orders.values()].map((order) => ({ ...order, events: inOrder(order.events) }));
}
