/** SQL of orders: events in, once each, attached to their customer or kept until the order is known. */
import {
  type CreditorId,
  type Currency,
  type CustomerId,
  type Failure,
  fail,
  type Instant,
  type PlainDate,
  type Uuid,
} from "../../pure/kernel/index.ts";
import { type Act, actorName } from "../../platform/access/index.ts";
import { arrayOf, rowsOf, sql } from "../../platform/database/index.ts";
import { touch } from "../../platform/jobs/index.ts";
import { findByTokens, putDirectoryEntries } from "../../platform/sealed/index.ts";
import { findCustomersBy, survivorsOf } from "../customers/index.ts";
import { type EventOutcome, type OrderEventInput, type OrderEventKind, orderKey } from "./model.ts";

/** The kind under which an item's order number stands in the directory (room `receivables`). */
const ITEM_REFERENCE = "reference";
const ORDER_NUMBER = "order_number";
/** A code, not prose: nothing here may name a person. */
const CODE = /^[\p{L}\p{N}][\p{L}\p{N}._/#:+-]{0,59}$/u;

function refusal(input: OrderEventInput, index: number): Failure | undefined {
  const at = (field: string): string => `${index + 1}: ${field}`;
  if (orderKey(input.orderNumber) === "" || input.orderNumber.trim().length > 60)
    return fail(
      "invalid",
      "order_number_invalid",
      "An order number has letters or digits, at most 60.",
      at("orderNumber"),
    ).error;
  if (input.amountMinor !== undefined && input.amountMinor <= 0n)
    return fail("invalid", "amount_not_positive", "The amount of an event must be above zero.", at("amount")).error;
  if ((input.amountMinor === undefined) !== (input.currency === undefined))
    return fail("invalid", "currency_missing", "An amount needs its currency.", at("currency")).error;
  if (input.reference !== undefined && !CODE.test(input.reference))
    return fail(
      "invalid",
      "reference_invalid",
      "A reference is a code without spaces, at most 60 characters.",
      at("reference"),
    ).error;
  return undefined;
}

interface Keyed {
  readonly index: number;
  readonly input: OrderEventInput;
  /** Of the event: the same one is taken once. */
  readonly eventKey: Buffer;
  /** Of its order. */
  readonly orderOf: string;
}

const orderValue = (creditorId: CreditorId, key: string): string => `${creditorId}:${key}`;

/** Keys of events: by the sender's id, else by content; one creditor's ids never meet another's. */
async function keyed(
  act: Act,
  inputs: readonly OrderEventInput[],
  taken: (index: number) => boolean,
): Promise<Keyed[]> {
  const seal = await act.vault.forTenant(act.tx);
  return inputs.flatMap((input, index) => {
    if (!taken(index)) return [];
    const orderOf = orderValue(input.creditorId, orderKey(input.orderNumber));
    const content = [
      orderOf,
      input.kind,
      input.happenedAt?.toISOString() ?? input.happenedOn,
      input.amountMinor?.toString() ?? "",
      input.currency ?? "",
      input.reference ?? "",
    ];
    const value = input.eventId === undefined ? content.join("\n") : `${input.creditorId}\nid\n${input.eventId.trim()}`;
    return [{ index, input, eventKey: seal.lookupToken("order_event", value), orderOf }];
  });
}

/**
 * Takes events in, set-based; each is new, known, waiting for its order, or refused (`order_number_invalid`,
 * `amount_not_positive`, `currency_missing`, `reference_invalid`), in the order of the input. The order is found by its
 * number, else by the customer's number, else by an item that names it. Customers of new events are touched.
 */
export async function takeOrderEvents(act: Act, inputs: readonly OrderEventInput[]): Promise<EventOutcome[]> {
  const outcomes: EventOutcome[] = inputs.map((input, index) => {
    const failure = refusal(input, index);
    return failure ? { state: "refused", failure } : { state: "waiting", known: false };
  });
  const events = await keyed(act, inputs, (index) => outcomes[index]?.state !== "refused");
  const owners = await ownersOf(
    act,
    events.map(({ input }) => input),
  );
  // Written where the order is; the file that leads answers for it.
  const leads = await survivorsOf(act, [...new Set(owners.values())]);
  const leadOf = (orderOf: string): CustomerId => leads.get(owners.get(orderOf) as CustomerId) as CustomerId;
  const attached = events.filter(({ orderOf }) => owners.has(orderOf));
  const written = await attach(
    act,
    attached.map((event) => ({ ...event, customerId: owners.get(event.orderOf) as CustomerId })),
  );
  const seen = new Set<string>();
  for (const { index, eventKey, orderOf } of attached) {
    const key = eventKey.toString("hex");
    const customerId = leadOf(orderOf);
    // Twice in one call is once new and once known.
    outcomes[index] = { state: written.has(key) && !seen.has(key) ? "new" : "known", customerId };
    seen.add(key);
  }
  const waiting = events.filter(({ orderOf }) => !owners.has(orderOf));
  const kept = await keepWaiting(act, waiting);
  for (const { index, eventKey } of waiting) {
    const key = eventKey.toString("hex");
    outcomes[index] = { state: "waiting", known: !kept.has(key) || seen.has(key) };
    seen.add(key);
  }
  await touch(
    act.tx,
    ...new Set(
      attached.filter(({ eventKey }) => written.has(eventKey.toString("hex"))).map(({ orderOf }) => leadOf(orderOf)),
    ),
  );
  return outcomes;
}

/** Whose order it is, by `creditor:key`; missing: nobody knows. */
async function ownersOf(act: Act, inputs: readonly OrderEventInput[]): Promise<Map<string, CustomerId>> {
  const owners = new Map<string, CustomerId>();
  const values = [...new Set(inputs.map((input) => orderValue(input.creditorId, orderKey(input.orderNumber))))];
  for (const [value, hits] of await findByTokens(act, ORDER_NUMBER, values))
    if (hits[0]) owners.set(value, hits[0].customerId);
  const open = inputs.filter((input) => !owners.has(orderValue(input.creditorId, orderKey(input.orderNumber))));
  if (open.length === 0) return owners;
  for (const [value, customerId] of await ownersByItem(act, open)) owners.set(value, customerId);
  const named = open.filter((input) => (input.customerNumber?.trim() ?? "") !== "");
  const numbers = [...new Set(named.map((input) => input.customerNumber?.trim() ?? ""))];
  const known = await findCustomersBy(act, "customer_number", numbers);
  for (const input of named) {
    const value = orderValue(input.creditorId, orderKey(input.orderNumber));
    const customerId = known.get(input.customerNumber?.trim() ?? "")?.[0];
    if (customerId !== undefined && !owners.has(value)) owners.set(value, customerId);
  }
  return owners;
}

/** Items that name the order: what the directory finds, checked on the item itself. Several customers: nobody. */
async function ownersByItem(
  act: Act,
  inputs: readonly Pick<OrderEventInput, "creditorId" | "orderNumber">[],
): Promise<Map<string, CustomerId>> {
  const hits = await findByTokens(act, ITEM_REFERENCE, [
    ...new Set(inputs.map((input) => orderKey(input.orderNumber))),
  ]);
  const found = [...hits.values()].flat();
  const owners = new Map<string, CustomerId>();
  if (found.length === 0) return owners;
  const rows = await act.tx.rows<{ customer_id: CustomerId; creditor_id: CreditorId; order_number: string }>(sql`
    select r.customer_id, r.creditor_id, r.order_number
      from ${rowsOf("h", {
        customer_id: ["uuid", found.map((hit) => hit.customerId)],
        receivable_id: ["uuid", found.map((hit) => hit.objectId)],
      })}
      join receivable r on r.customer_id = h.customer_id and r.receivable_id = h.receivable_id
     where r.order_number is not null`);
  const several = new Set<string>();
  for (const row of rows) {
    const value = orderValue(row.creditor_id, orderKey(row.order_number));
    const before = owners.get(value);
    if (before !== undefined && before !== row.customer_id) several.add(value);
    owners.set(value, row.customer_id);
  }
  for (const value of several) owners.delete(value);
  return owners;
}

type Owned = Keyed & { readonly customerId: CustomerId };

/** Writes events of known customers, their orders first. Returns the keys (hex) of those that are new. */
async function attach(act: Act, events: readonly Owned[]): Promise<Set<string>> {
  if (events.length === 0) return new Set();
  const { tx } = act;
  const orders = new Map(events.map((event) => [event.orderOf, event]));
  const given = [...orders.values()].map(({ customerId, input }) => ({
    customerId,
    creditorId: input.creditorId,
    number: input.orderNumber.trim(),
    key: orderKey(input.orderNumber),
    orderId: tx.newId<Uuid>(),
  }));
  await tx.execute(sql`
    insert into customer_order (customer_id, order_id, tenant_id, creditor_id, number, number_key, created_at)
    select o.customer_id, o.order_id, ${tx.tenantId}::uuid, o.creditor_id, o.number, o.number_key, ${tx.now}::timestamptz
      from ${rowsOf("o", {
        customer_id: ["uuid", given.map((one) => one.customerId)],
        order_id: ["uuid", given.map((one) => one.orderId)],
        creditor_id: ["uuid", given.map((one) => one.creditorId)],
        number: ["text", given.map((one) => one.number)],
        number_key: ["text", given.map((one) => one.key)],
      })}
    on conflict (customer_id, creditor_id, number_key) do nothing`);
  const ids = await tx.rows<{
    order_id: Uuid;
    customer_id: CustomerId;
    creditor_id: CreditorId;
    number_key: string;
  }>(sql`
    select c.order_id, c.customer_id, c.creditor_id, c.number_key
      from ${rowsOf("o", {
        customer_id: ["uuid", given.map((one) => one.customerId)],
        creditor_id: ["uuid", given.map((one) => one.creditorId)],
        number_key: ["text", given.map((one) => one.key)],
      })}
      join customer_order c on c.customer_id = o.customer_id and c.creditor_id = o.creditor_id and c.number_key = o.number_key`);
  const orderIds = new Map(ids.map((row) => [orderValue(row.creditor_id, row.number_key), row.order_id]));
  await putDirectoryEntries(
    act,
    ids.map((row) => ({
      kind: ORDER_NUMBER,
      value: orderValue(row.creditor_id, row.number_key),
      customerId: row.customer_id,
      objectId: row.order_id,
    })),
  );
  const rows = events.map((event) => ({ ...event, orderId: orderIds.get(event.orderOf) as Uuid }));
  const column = <T>(pick: (input: OrderEventInput) => T): T[] => rows.map(({ input }) => pick(input));
  const written = await tx.rows<{ event_key: Buffer }>(sql`
    insert into order_event (customer_id, order_id, event_key, tenant_id, kind, happened_on, happened_at, amount_minor,
                             currency, reference, recorded_by, recorded_at)
    select e.customer_id, e.order_id, e.event_key, ${tx.tenantId}::uuid, e.kind, e.happened_on, e.happened_at,
           e.amount_minor, e.currency, e.reference, ${actorName(act.actor)}, ${tx.now}::timestamptz
      from ${rowsOf("e", {
        customer_id: ["uuid", rows.map((row) => row.customerId)],
        order_id: ["uuid", rows.map((row) => row.orderId)],
        event_key: ["bytea", rows.map((row) => row.eventKey)],
        kind: ["text", column((input) => input.kind)],
        happened_on: ["date", column((input) => input.happenedOn)],
        happened_at: ["timestamptz", column((input) => input.happenedAt)],
        amount_minor: ["int8", column((input) => input.amountMinor)],
        currency: ["text", column((input) => input.currency)],
        reference: ["text", column((input) => input.reference)],
      })}
    on conflict do nothing returning event_key`);
  return new Set(written.map((row) => row.event_key.toString("hex")));
}

/** Returns the keys (hex) of those that did not wait before. */
async function keepWaiting(act: Act, events: readonly Keyed[]): Promise<Set<string>> {
  if (events.length === 0) return new Set();
  const { tx } = act;
  const seal = await act.vault.forTenant(tx);
  const column = <T>(pick: (input: OrderEventInput) => T): T[] => events.map(({ input }) => pick(input));
  const written = await tx.rows<{ event_key: Buffer }>(sql`
    insert into order_event_waiting (token, event_key, tenant_id, creditor_id, order_number, kind, happened_on, happened_at,
                                     amount_minor, currency, reference, recorded_by, recorded_at)
    select e.token, e.event_key, ${tx.tenantId}::uuid, e.creditor_id, e.order_number, e.kind, e.happened_on, e.happened_at,
           e.amount_minor, e.currency, e.reference, ${actorName(act.actor)}, ${tx.now}::timestamptz
      from ${rowsOf("e", {
        token: ["bytea", events.map(({ input }) => seal.lookupToken(ITEM_REFERENCE, orderKey(input.orderNumber)))],
        event_key: ["bytea", events.map((event) => event.eventKey)],
        creditor_id: ["uuid", column((input) => input.creditorId)],
        order_number: ["text", column((input) => input.orderNumber.trim())],
        kind: ["text", column((input) => input.kind)],
        happened_on: ["date", column((input) => input.happenedOn)],
        happened_at: ["timestamptz", column((input) => input.happenedAt)],
        amount_minor: ["int8", column((input) => input.amountMinor)],
        currency: ["text", column((input) => input.currency)],
        reference: ["text", column((input) => input.reference)],
      })}
    on conflict do nothing returning event_key`);
  return new Set(written.map((row) => row.event_key.toString("hex")));
}

interface WaitingRow {
  readonly token: Buffer;
  readonly event_key: Buffer;
  readonly creditor_id: CreditorId;
  readonly order_number: string;
  readonly kind: OrderEventKind;
  readonly happened_on: PlainDate;
  readonly happened_at: Instant | null;
  readonly amount_minor: bigint | null;
  readonly currency: Currency | null;
  readonly reference: string | null;
}

/**
 * Attaches events that waited for an order that is known now: of these order numbers, or (a sweep) of all. Two statements
 * when nothing waits. Returns the customers they belong to.
 */
export async function attachWaiting(act: Act, orderNumbers?: readonly string[]): Promise<CustomerId[]> {
  const { tx } = act;
  const any = await tx.one(sql`select 1 as one from order_event_waiting where tenant_id = ${tx.tenantId} limit 1`);
  if (!any) return [];
  const seal = await act.vault.forTenant(tx);
  const tokens =
    orderNumbers === undefined
      ? null
      : [...new Set(orderNumbers.map(orderKey))].map((key) => seal.lookupToken(ITEM_REFERENCE, key));
  // Only those somebody has an entry for; what is found is then checked on the item itself.
  const rows = await tx.rows<WaitingRow>(sql`
    select w.token, w.event_key, w.creditor_id, w.order_number, w.kind, w.happened_on, w.happened_at, w.amount_minor,
           w.currency, w.reference
      from order_event_waiting w
     where w.tenant_id = ${tx.tenantId} and exists (select from directory_entry d where d.token = w.token)
       and ${tokens === null ? sql`true` : sql`w.token = any(${arrayOf("bytea", tokens)})`}`);
  const owners = await ownersByItem(
    act,
    rows.map((row) => ({ creditorId: row.creditor_id, orderNumber: row.order_number })),
  );
  const ready = rows.flatMap((row, index): (Owned & { token: Buffer })[] => {
    const orderOf = orderValue(row.creditor_id, orderKey(row.order_number));
    const customerId = owners.get(orderOf);
    if (customerId === undefined) return [];
    const input: OrderEventInput = {
      creditorId: row.creditor_id,
      orderNumber: row.order_number,
      kind: row.kind,
      happenedOn: row.happened_on,
      ...(row.happened_at !== null && { happenedAt: row.happened_at }),
      ...(row.amount_minor !== null && { amountMinor: row.amount_minor }),
      ...(row.currency !== null && { currency: row.currency }),
      ...(row.reference !== null && { reference: row.reference }),
    };
    return [{ index, input, eventKey: row.event_key, orderOf, customerId, token: row.token }];
  });
  if (ready.length === 0) return [];
  await attach(act, ready);
  await tx.execute(sql`
    delete from order_event_waiting w using ${rowsOf("r", {
      token: ["bytea", ready.map((row) => row.token)],
      event_key: ["bytea", ready.map((row) => row.eventKey)],
    })} where w.token = r.token and w.event_key = r.event_key and w.tenant_id = ${tx.tenantId}`);
  const customerIds = [...new Set(ready.map((row) => row.customerId))];
  await touch(tx, ...customerIds);
  return customerIds;
}
