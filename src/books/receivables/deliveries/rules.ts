/**
 * What the events of an order mean for its items. Pure: from events, credits and the creditor's numbers to the pause an
 * item deserves, its due date, and whether a credit note is overdue.
 *
 * A part that came back holds the whole item, not only its amount: until the credit note is booked nobody knows what is
 * owed (value of the goods, postage, wear), and a demand that is clearly too high puts nobody in default. The pause has an
 * end, and the task "credit note overdue" comes long before it.
 */
import { addDays, maxDate, type PlainDate } from "../../../pure/kernel/index.ts";
import type { OrderEvent, OrderEventKind } from "../../orders/index.ts";
import type { HoldGround } from "../model.ts";

/** Days, set per creditor (`creditor.settings.deliveries`); 0 switches a pause off. */
export interface DeliveryRules {
  /** Return announced: time to send (§ 355 III BGB gives 14 days) and to be noticed at the warehouse. */
  readonly returnAnnouncedDays: number;
  /** Goods are back: until the credit note, at most so long. */
  readonly returnedDays: number;
  readonly refusedDays: number;
  readonly cancelledDays: number;
  /** Withdrawn (§ 355 BGB): 14 days to send back, 14 to settle (§ 357 I BGB). */
  readonly withdrawnDays: number;
  /** Shipped: who hears nothing of a delivery takes it for delivered after so long. */
  readonly shippedDays: number;
  /** Ordered and not shipped; also how long an item whose term runs from delivery waits for the news of it. */
  readonly orderedDays: number;
  /** A credit note should be there so many days after goods came back or an order was called off. */
  readonly creditNoteDays: number;
}

export const DELIVERY_RULES: DeliveryRules = {
  returnAnnouncedDays: 14,
  returnedDays: 60,
  refusedDays: 60,
  cancelledDays: 60,
  withdrawnDays: 28,
  shippedDays: 10,
  orderedDays: 30,
  creditNoteDays: 7,
};

/** The creditor's numbers over the defaults; what is no whole number from 0 to 365 is passed over. */
export function deliveryRules(settings: Readonly<Record<string, unknown>>): DeliveryRules {
  const given = settings["deliveries"];
  if (typeof given !== "object" || given === null) return DELIVERY_RULES;
  const numbers = Object.entries(given).filter(
    ([name, value]) => name in DELIVERY_RULES && Number.isInteger(value) && value >= 0 && value <= 365,
  );
  return { ...DELIVERY_RULES, ...Object.fromEntries(numbers) };
}

export type DeliveryGround = Extract<
  HoldGround,
  "return_announced" | "returned" | "refused" | "cancelled" | "withdrawn" | "not_delivered"
>;

/** A credit note, or a credit posted on the item; above zero. */
export interface Credit {
  readonly on: PlainDate;
  readonly amountMinor: bigint;
}

export interface DeliveredItem {
  readonly issuedOn: PlainDate;
  readonly termFromDelivery?: number | undefined;
}

export interface Consequence {
  readonly hold?: {
    readonly ground: DeliveryGround;
    readonly startsOn: PlainDate;
    readonly endsOn: PlainDate;
    /** Of the event it rests on; empty: of the item itself. */
    readonly eventKey: string;
  };
  /** Where the term runs from delivery and the delivery is known. */
  readonly delivery?: { readonly on: PlainDate; readonly dueOn: PlainDate };
  /** Goods are back or the order is off, and the credit note should be there. */
  readonly creditNoteOverdue?: {
    readonly since: PlainDate;
    readonly kind: OrderEventKind;
    readonly eventKey: string;
    /** What should be credited; undefined: all of it. */
    readonly amountMinor?: bigint;
  };
}

const lastOf = (events: readonly OrderEvent[], ...kinds: readonly OrderEventKind[]): number =>
  events.findLastIndex((event) => kinds.includes(event.kind));

/** Events after which a credit is due: all returns, and what calls the whole off unless something newer lifts it. */
function causesOf(events: readonly OrderEvent[]): OrderEvent[] {
  const standing = (kind: OrderEventKind, ...lifted: readonly OrderEventKind[]): OrderEvent[] => {
    const index = lastOf(events, kind);
    const event = events[index];
    return event && lastOf(events, ...lifted) < index ? [event] : [];
  };
  const sent = lastOf(events, "shipped", "delivered") >= 0;
  return [
    ...events.filter((event) => event.kind === "returned"),
    ...standing("refused", "shipped", "delivered"),
    ...standing("cancelled", "ordered", "shipped", "delivered"),
    // What was sent has to come back first: then the return counts.
    ...(sent ? [] : standing("withdrawn", "ordered")),
  ];
}

/** Whether the credits cover what the causes ask for; a cause without an amount is covered by any credit since. */
function covered(causes: readonly OrderEvent[], events: readonly OrderEvent[], credits: readonly Credit[]): boolean {
  const first = events.find((event) => !["ordered", "shipped", "delivered"].includes(event.kind));
  const counting = credits.filter((credit) => first === undefined || credit.on >= first.happenedOn);
  const sum = counting.reduce((total, credit) => total + credit.amountMinor, 0n);
  if (causes.some((cause) => cause.amountMinor === undefined)) return sum > 0n;
  return sum >= causes.reduce((total, cause) => total + (cause.amountMinor ?? 0n), 0n);
}

/** @param events of the item's order as `inOrder` puts them; none: the order is not known */
export function consequenceOf(
  item: DeliveredItem,
  events: readonly OrderEvent[],
  credits: readonly Credit[],
  rules: DeliveryRules,
  day: PlainDate,
): Consequence {
  const delivered = events[lastOf(events, "delivered")];
  const delivery =
    delivered !== undefined && item.termFromDelivery !== undefined
      ? { delivery: { on: delivered.happenedOn, dueOn: addDays(delivered.happenedOn, item.termFromDelivery) } }
      : {};
  const causes = causesOf(events);
  const cause = causes.reduce<OrderEvent | undefined>(
    (latest, one) => (latest === undefined || one.happenedOn >= latest.happenedOn ? one : latest),
    undefined,
  );
  if (cause !== undefined && !covered(causes, events, credits)) {
    const amounts = causes.every((one) => one.amountMinor !== undefined)
      ? { amountMinor: causes.reduce((total, one) => total + (one.amountMinor ?? 0n), 0n) }
      : {};
    const overdueFrom = addDays(cause.happenedOn, rules.creditNoteDays);
    return {
      ...delivery,
      ...paused(cause.kind as DeliveryGround, cause, daysOf(cause.kind, rules)),
      ...(overdueFrom < day && {
        creditNoteOverdue: { since: cause.happenedOn, kind: cause.kind, eventKey: cause.key, ...amounts },
      }),
    };
  }
  const announced = lastOf(events, "return_announced");
  const announcement = events[announced];
  if (announcement && lastOf(events, "returned") < announced && !coveredSince(announcement, credits))
    return { ...delivery, ...paused("return_announced", announcement, rules.returnAnnouncedDays) };
  const withdrawnAt = lastOf(events, "withdrawn");
  const withdrawal = events[withdrawnAt];
  if (withdrawal && lastOf(events, "ordered", "returned") < withdrawnAt && !coveredSince(withdrawal, credits))
    return { ...delivery, ...paused("withdrawn", withdrawal, rules.withdrawnDays) };
  // Who sends something back has had it; what was called off and credited is not waited for.
  const arrived = delivered !== undefined || cause !== undefined || lastOf(events, "return_announced", "returned") >= 0;
  return { ...delivery, ...(arrived ? {} : notDelivered(item, events, rules)) };
}

const coveredSince = (event: OrderEvent, credits: readonly Credit[]): boolean =>
  credits.some((credit) => credit.on >= event.happenedOn && credit.amountMinor >= (event.amountMinor ?? 1n));

/** Nothing is to be paid before it is delivered (§ 320 BGB), as far as we can know of it. */
function notDelivered(
  item: DeliveredItem,
  events: readonly OrderEvent[],
  rules: DeliveryRules,
): Pick<Consequence, "hold"> {
  const shipped = events[lastOf(events, "shipped")];
  if (shipped) return paused("not_delivered", shipped, rules.shippedDays);
  const ordered = events[lastOf(events, "ordered")];
  if (ordered)
    return paused(
      "not_delivered",
      ordered,
      rules.orderedDays,
      item.termFromDelivery === undefined ? undefined : item.issuedOn,
    );
  if (item.termFromDelivery === undefined || rules.orderedDays === 0) return {};
  const endsOn = addDays(item.issuedOn, rules.orderedDays);
  return { hold: { ground: "not_delivered", startsOn: item.issuedOn, endsOn, eventKey: "" } };
}

function paused(
  ground: DeliveryGround,
  event: OrderEvent,
  days: number,
  notBefore?: PlainDate,
): Pick<Consequence, "hold"> {
  if (days === 0) return {};
  const from = notBefore === undefined ? event.happenedOn : maxDate(event.happenedOn, notBefore);
  return { hold: { ground, startsOn: event.happenedOn, endsOn: addDays(from, days), eventKey: event.key } };
}

function daysOf(kind: OrderEventKind, rules: DeliveryRules): number {
  if (kind === "returned") return rules.returnedDays;
  if (kind === "refused") return rules.refusedDays;
  return kind === "cancelled" ? rules.cancelledDays : rules.withdrawnDays;
}
