/** What events mean: a table, and that the order of arrival never matters. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inOrder, ORDER_EVENT_KINDS, type OrderEvent, type OrderEventKind } from "../../src/books/orders/index.ts";
import { consequenceOf, DELIVERY_RULES, deliveryRules } from "../../src/books/receivables/deliveries/rules.ts";
import { addDays, type PlainDate } from "../../src/pure/kernel/index.ts";

const DAY = "2026-06-01" as PlainDate;
const on = (days: number): PlainDate => addDays(DAY, days);
const event = (kind: OrderEventKind, days: number, amount?: bigint): OrderEvent => ({
  kind,
  happenedOn: on(days),
  recordedAt: new Date(0),
  key: `${kind}${days}`,
  ...(amount !== undefined && { amountMinor: amount, currency: "EUR" as never }),
});
const of = (
  events: readonly OrderEvent[],
  today: number,
  credits: readonly [number, bigint][] = [],
  termFromDelivery?: number,
) =>
  consequenceOf(
    { issuedOn: DAY, termFromDelivery },
    inOrder(events),
    credits.map(([days, amountMinor]) => ({ on: on(days), amountMinor })),
    DELIVERY_RULES,
    on(today),
  );

describe("the pause an order gives its item", () => {
  const table: [string, OrderEvent[], [number, bigint][], string | undefined, number | undefined][] = [
    ["ordered", [event("ordered", 0)], [], "not_delivered", 30],
    ["shipped", [event("ordered", 0), event("shipped", 3)], [], "not_delivered", 13],
    ["delivered", [event("ordered", 0), event("shipped", 3), event("delivered", 5)], [], undefined, undefined],
    ["return announced", [event("delivered", 5), event("return_announced", 8)], [], "return_announced", 22],
    ["all came back", [event("delivered", 5), event("return_announced", 8), event("returned", 12)], [], "returned", 72],
    ["all came back, credited", [event("delivered", 5), event("returned", 12)], [[14, 100n]], undefined, undefined],
    ["a part came back", [event("delivered", 5), event("returned", 12, 30n)], [], "returned", 72],
    ["a part, credited too little", [event("delivered", 5), event("returned", 12, 30n)], [[13, 29n]], "returned", 72],
    ["a part, credited", [event("delivered", 5), event("returned", 12, 30n)], [[13, 30n]], undefined, undefined],
    ["an older credit is another matter", [event("returned", 12, 30n)], [[2, 30n]], "returned", 72],
    ["two parts, one credited", [event("returned", 12, 30n), event("returned", 14, 20n)], [[13, 30n]], "returned", 74],
    ["refused at the door", [event("shipped", 3), event("refused", 5)], [], "refused", 65],
    ["refused, then delivered", [event("refused", 5), event("delivered", 9)], [], undefined, undefined],
    ["refused, then sent again", [event("refused", 5), event("shipped", 7)], [], "not_delivered", 17],
    ["cancelled", [event("ordered", 0), event("cancelled", 2)], [], "cancelled", 62],
    ["cancelled, ordered again", [event("cancelled", 2), event("ordered", 3)], [], "not_delivered", 33],
    ["withdrawn after delivery", [event("delivered", 5), event("withdrawn", 9)], [], "withdrawn", 37],
    ["withdrawn before anything was sent", [event("ordered", 0), event("withdrawn", 2)], [], "withdrawn", 30],
    ["withdrawn and back", [event("delivered", 5), event("withdrawn", 9), event("returned", 12)], [], "returned", 72],
    [
      "announced again after a credited return",
      [event("returned", 12, 30n), event("return_announced", 20)],
      [[13, 30n]],
      "return_announced",
      34,
    ],
  ]; // prettier-ignore
  test.each(table)("%s", (_, events, credits, ground, until) => {
    const { hold } = of(events, 40, credits);
    expect(hold?.ground).toBe(ground);
    expect(hold?.endsOn).toBe(until === undefined ? undefined : on(until));
  });

  test("a term from delivery: the due date is counted from the last delivery; before, the item waits with an end", () => {
    expect(of([], 1, [], 14)).toEqual({
      hold: { ground: "not_delivered", startsOn: DAY, endsOn: on(30), eventKey: "" },
    });
    expect(of([event("delivered", 5)], 6, [], 14).delivery).toEqual({ on: on(5), dueOn: on(19) });
    expect(of([event("delivered", 5), event("delivered", 8)], 9, [], 14).delivery?.dueOn).toBe(on(22));
    expect(of([event("delivered", 5)], 6).delivery).toBeUndefined();
  });

  test("a credit note is overdue after its days, not before", () => {
    expect(of([event("returned", 12, 30n)], 19).creditNoteOverdue).toBeUndefined();
    expect(of([event("returned", 12, 30n)], 20).creditNoteOverdue).toMatchObject({ since: on(12), amountMinor: 30n });
    expect(of([event("returned", 12)], 20).creditNoteOverdue).not.toHaveProperty("amountMinor");
    expect(of([event("return_announced", 2)], 40).creditNoteOverdue).toBeUndefined();
  });

  test("numbers of the creditor: 0 switches a pause off, nonsense is passed over", () => {
    const rules = deliveryRules({
      deliveries: { orderedDays: 0, returnedDays: 7, shippedDays: -3, cancelledDays: "x" },
    });
    expect(rules).toEqual({ ...DELIVERY_RULES, orderedDays: 0, returnedDays: 7 });
    expect(consequenceOf({ issuedOn: DAY }, [event("ordered", 0)], [], rules, on(3))).toEqual({});
  });
});

test("whatever the order of arrival, the same comes out", () => {
  const events = fc.uniqueArray(
    fc.record({
      kind: fc.constantFrom(...ORDER_EVENT_KINDS),
      days: fc.integer({ min: 0, max: 6 }),
      minute: fc.option(fc.integer({ min: 0, max: 600 }), { nil: undefined }),
      amount: fc.option(fc.bigInt({ min: 1n, max: 50n }), { nil: undefined }),
    }),
    { maxLength: 8, selector: (one) => `${one.kind}${one.days}${one.minute}` },
  );
  fc.assert(
    fc.property(events, fc.integer(), (given, seed) => {
      const all = given.map((one) => ({
        ...event(one.kind, one.days, one.amount),
        key: `${one.kind}${one.days}${one.minute}`,
        ...(one.minute !== undefined && { happenedAt: new Date(Date.UTC(2026, 5, 1 + one.days, 0, one.minute)) }),
      }));
      const shuffled = all.toSorted((a, b) => hash(a.key, seed) - hash(b.key, seed));
      expect(of(shuffled, 30, [[4, 20n]], 10)).toEqual(of(all, 30, [[4, 20n]], 10));
    }),
  );
});

function hash(text: string, seed: number): number {
  let value = seed | 0;
  for (const letter of text) value = (Math.imul(value, 31) + letter.charCodeAt(0)) | 0;
  return value;
}
