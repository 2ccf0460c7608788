/**
 * Orders and what happened to them. Words: an *order* is one order number at one creditor; an *event* is one thing that
 * happened to it, on a day; the *state* is what all events say together in the order of their days, so events may arrive
 * late, twice and in any order.
 */
import type { CreditorId, Currency, CustomerId, Failure, Instant, PlainDate, Uuid } from "../../pure/kernel/index.ts";

export const ORDER_EVENT_KINDS = [
  "ordered",
  "shipped",
  "refused", // not taken in at the door
  "delivered",
  "withdrawn", // § 355 BGB
  "return_announced",
  "returned", // goods came back: an amount for a part of them, none for all
  "cancelled",
] as const; // prettier-ignore
/** In the order in which they happen on one day. */
export type OrderEventKind = (typeof ORDER_EVENT_KINDS)[number];

export interface OrderEventInput {
  readonly creditorId: CreditorId;
  readonly orderNumber: string;
  readonly kind: OrderEventKind;
  readonly happenedOn: PlainDate;
  /** Where the sender knows the moment; it orders events of one day. */
  readonly happenedAt?: Instant;
  /** Of what came back; absent: all of it. Above zero. */
  readonly amountMinor?: bigint;
  readonly currency?: Currency;
  /** A code of the sender: return, parcel, invoice number. */
  readonly reference?: string;
  readonly customerNumber?: string;
  /** The sender's own id of the event: the same id is the same event. Without it the content is. */
  readonly eventId?: string;
}

export interface OrderEvent {
  readonly kind: OrderEventKind;
  readonly happenedOn: PlainDate;
  readonly happenedAt?: Instant;
  readonly amountMinor?: bigint;
  readonly currency?: Currency;
  readonly reference?: string;
  readonly recordedAt: Instant;
  /** Hex of its key: the same event has the same one. */
  readonly key: string;
}

export interface Order {
  readonly orderId: Uuid;
  readonly customerId: CustomerId;
  readonly creditorId: CreditorId;
  readonly number: string;
  /** Letters and digits of the number alone, upper case. */
  readonly numberKey: string;
  /** As `inOrder` puts them. */
  readonly events: readonly OrderEvent[];
}

/** `waiting`: its order is not known yet; it is kept and attached when the order's invoice comes (`known`: it waited before). */
export type EventOutcome =
  | { readonly state: "new" | "known"; readonly customerId: CustomerId }
  | { readonly state: "waiting"; readonly known: boolean }
  | { readonly state: "refused"; readonly failure: Failure };

/** One spelling an order number: `B-2026/0042` and `b 20260042` are the same order. */
export const orderKey = (number: string): string =>
  number
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, "");

const RANK: Readonly<Record<OrderEventKind, number>> = Object.fromEntries(
  ORDER_EVENT_KINDS.map((kind, index) => [kind, index]),
) as Record<OrderEventKind, number>;

/**
 * Events by day; within a day by their moments where all of the day have one, else as things happen. (A moment can't
 * order events against those without one: three of them could then stand in a circle.)
 */
export function inOrder(events: readonly OrderEvent[]): OrderEvent[] {
  const vague = new Set(events.filter((event) => event.happenedAt === undefined).map((event) => event.happenedOn));
  return events.toSorted((a, b) => {
    if (a.happenedOn !== b.happenedOn) return a.happenedOn < b.happenedOn ? -1 : 1;
    const [x, y] = [a.happenedAt?.getTime() ?? 0, b.happenedAt?.getTime() ?? 0];
    if (!vague.has(a.happenedOn) && x !== y) return x - y;
    if (a.kind !== b.kind) return RANK[a.kind] - RANK[b.kind];
    return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
  });
}

export type OrderState =
  | "open"
  | "shipped"
  | "delivered"
  | "returning"
  | "returned"
  | "refused"
  | "cancelled"
  | "withdrawn";

const STATES: Readonly<Record<OrderEventKind, OrderState>> = {
  ordered: "open",
  shipped: "shipped",
  refused: "refused",
  delivered: "delivered",
  withdrawn: "withdrawn",
  return_announced: "returning",
  returned: "returned",
  cancelled: "cancelled",
};

/** What the last event says. */
export const stateOf = (events: readonly OrderEvent[]): OrderState => {
  const last = events.at(-1);
  return last === undefined ? "open" : STATES[last.kind];
};
