/** What the garden shop's program knows of its orders: dispatch, delivery, goods that came back. */
import { addDays, EUR, formatMinor, maxDate, type PlainDate } from "../../../pure/kernel/index.ts";
import { FIRST_DAY, type SampleItem, soloists } from "./items.ts";

/** Days on which the shop hands over events; a file holds what happened before its day. */
export const ORDER_DAYS = ["2026-10-05", "2026-10-19", "2026-11-02", "2026-11-12"] as PlainDate[];

interface SampleEvent {
  readonly orderNumber: string;
  readonly event: string;
  readonly on: PlainDate;
  readonly amountMinor?: bigint;
  readonly reference?: string;
}

/** Goods that come back, by the number of days after delivery. */
const STORIES: readonly ((item: SampleItem, delivered: PlainDate, index: number) => SampleEvent[])[] = [
  // All of it came back, and the credit note did not come.
  ({ orderNumber = "" }, delivered, index) => [
    { orderNumber, event: "return_announced", on: addDays(delivered, 3), reference: `RT-${5_210 + index}` },
    { orderNumber, event: "returned", on: addDays(delivered, 8), reference: `RT-${5_210 + index}` },
  ],
  // A part of it.
  ({ orderNumber = "", amountMinor }, delivered, index) => [
    { orderNumber, event: "return_announced", on: addDays(delivered, 2), reference: `RT-${5_210 + index}` },
    {
      orderNumber,
      event: "returned",
      on: addDays(delivered, 9),
      amountMinor: amountMinor / 3n,
      reference: `RT-${5_210 + index}`,
    },
  ],
  ({ orderNumber = "" }, delivered) => [{ orderNumber, event: "refused", on: addDays(delivered, 1) }],
  // Announced shortly before the six weeks end.
  ({ orderNumber = "" }, delivered, index) => [
    {
      orderNumber,
      event: "return_announced",
      on: maxDate(delivered, "2026-11-09" as PlainDate),
      reference: `RT-${5_210 + index}`,
    },
  ],
];

export function makeOrderEvents(items: readonly SampleItem[]): SampleEvent[] {
  const shop = items.filter(({ creditor, orderNumber }) => creditor === "garden" && orderNumber !== undefined);
  const alone = new Set(soloists(items, "garden"));
  const stories = shop
    .filter(
      (item) => item.via === "csv" && item.behaviour === "never" && item.dueDate > "2026-10-07" && !alone.has(item),
    )
    .slice(0, STORIES.length); // prettier-ignore
  return shop
    .filter(({ issueDate }) => issueDate >= addDays(FIRST_DAY, -30))
    .flatMap((item) => {
      const orderNumber = item.orderNumber ?? "";
      const delivered = addDays(item.issueDate, 2);
      const story = stories.indexOf(item);
      return [
        { orderNumber, event: "shipped", on: item.issueDate },
        ...(story === 2 ? [] : [{ orderNumber, event: "delivered", on: delivered }]),
        ...(story < 0 ? [] : (STORIES[story]?.(item, delivered, story) ?? [])),
      ];
    })
    .sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : a.orderNumber < b.orderNumber ? -1 : 1));
}

/** Events of the days before `until`, from `from` on. */
export function orderTable(events: readonly SampleEvent[], from: PlainDate, until: PlainDate): Buffer {
  const rows = events
    .filter(({ on }) => on >= from && on < until)
    .map(({ orderNumber, event, on, amountMinor, reference = "" }) => {
      const amount = amountMinor === undefined ? "" : formatMinor(amountMinor, EUR);
      return `${orderNumber},${event},${on},${amount},${amount && "EUR"},${reference}\n`;
    });
  return Buffer.from(`order_number,event,date,amount,currency,reference\n${rows.join("")}`, "utf8");
}
