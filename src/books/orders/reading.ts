/** Orders with their events, as others read them. */
import type { CreditorId, Currency, CustomerId, Instant, PlainDate, Uuid } from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import { arrayOf, sql } from "../../platform/database/index.ts";
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

/** Orders of customers with their events in the order of time; one statement. Customers without orders are missing. */
export async function ordersOf(act: Act, customerIds: readonly CustomerId[]): Promise<Map<CustomerId, Order[]>> {
  const rows = await act.tx.rows<EventRow>(sql`
    select o.customer_id, o.order_id, o.creditor_id, o.number, o.number_key, e.event_key, e.kind, e.happened_on,
           e.happened_at, e.amount_minor, e.currency, e.reference, e.recorded_at
      from customer_order o join order_event e on e.customer_id = o.customer_id and e.order_id = o.order_id
     where o.customer_id = any(${arrayOf("uuid", customerIds)}) and o.tenant_id = ${act.tx.tenantId}
     order by o.customer_id, o.created_at, o.order_id`);
  const byOrder = new Map<Uuid, Order & { events: OrderEvent[] }>();
  for (const row of rows) {
    let order = byOrder.get(row.order_id);
    if (!order)
      byOrder.set(
        row.order_id,
        (order = {
          orderId: row.order_id,
          customerId: row.customer_id,
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
  const found = new Map<CustomerId, Order[]>();
  for (const order of byOrder.values()) {
    found.set(order.customerId, [...(found.get(order.customerId) ?? []), { ...order, events: inOrder(order.events) }]);
  }
  return found;
}
