/** Orders in the books: events in, once each, before or after the invoice, and what they do to items. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attachWaiting, type OrderEventInput, ordersOf } from "../../src/books/orders/index.ts";
import {
  holdsOf,
  keepDeliveries,
  liftHold,
  receivablesOf,
  recordOrderEvents,
  tasks,
} from "../../src/books/receivables/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { EUR, expectOk } from "../../src/pure/kernel/index.ts";
import { type Books, day, makeCustomer, makeItem, openBooks } from "../books/books.ts";

let b: Books;
beforeAll(async () => {
  b = await openBooks();
});
afterAll(() => b.drop());

const event = (
  orderNumber: string,
  kind: OrderEventInput["kind"],
  on: string,
  more: Partial<OrderEventInput> = {},
): OrderEventInput => ({ creditorId: b.creditorId, orderNumber, kind, happenedOn: day(on), ...more });
const holds = async (customerId: Parameters<typeof holdsOf>[1][number]) =>
  ((await b.act((act) => holdsOf(act, [customerId]))).get(customerId) ?? []).map((one) => [one.ground, one.endsOn]);

describe("events in", () => {
  test("before the customer is known they wait, and are attached when the invoice comes", async () => {
    const sent = [event("W-1", "delivered", "2026-05-04"), event("W-1", "return_announced", "2026-05-28")];
    expect((await b.act((act) => recordOrderEvents(act, sent))).map((one) => one.state)).toEqual([
      "waiting",
      "waiting",
    ]);
    // Again: kept once.
    await b.act((act) => recordOrderEvents(act, sent));
    const [{ count } = { count: 0n }] = await b.act((act) =>
      act.tx.rows<{ count: bigint }>(sql`select count(*) as count from order_event_waiting`),
    );
    expect(count).toBe(2n);
    const customerId = await b.act(async (act) => {
      const id = await makeCustomer(act, b, "W1");
      await makeItem(act, b, id, "RE-W1", 5000n, { orderNumber: "w 1" });
      return id;
    });
    expect(await holds(customerId)).toEqual([["return_announced", "2026-06-11"]]);
    expect((await b.act((act) => recordOrderEvents(act, sent))).map((one) => one.state)).toEqual(["known", "known"]);
    expect((await b.act((act) => ordersOf(act, [customerId]))).get(customerId)?.[0]?.events).toHaveLength(2);
    expect(await b.act((act) => attachWaiting(act))).toEqual([]);
  });

  test("by the customer's number the order is known before its invoice; the same id is the same event", async () => {
    const customerId = await b.act((act) => makeCustomer(act, b, "W2"));
    const first = event("W-2", "shipped", "2026-05-30", { customerNumber: "W2", eventId: "e-1" });
    const again = event("W-2", "shipped", "2026-05-31", { eventId: "e-1" });
    const outcomes = await b.act((act) =>
      recordOrderEvents(act, [first, again, event("W-2", "ordered", "2026-05-29")]),
    );
    expect(outcomes.map((one) => one.state)).toEqual(["new", "known", "new"]);
    const [order] = (await b.act((act) => ordersOf(act, [customerId]))).get(customerId) ?? [];
    expect(order?.events.map((one) => [one.kind, one.happenedOn])).toEqual([
      ["ordered", "2026-05-29"],
      ["shipped", "2026-05-30"],
    ]);
    await b.act((act) => makeItem(act, b, customerId, "RE-W2", 5000n, { orderNumber: "W-2" }));
    expect(await holds(customerId)).toEqual([["not_delivered", "2026-06-09"]]);
  });

  test("a bad event never spoils its neighbours", async () => {
    const outcomes = await b.act((act) =>
      recordOrderEvents(act, [
        event("---", "shipped", "2026-05-30"),
        event("W-3", "returned", "2026-05-30", { amountMinor: 0n, currency: EUR }),
        event("W-3", "returned", "2026-05-30", { reference: "an Erika Muster" }),
        event("W-3", "shipped", "2026-05-30"),
      ]),
    );
    expect(outcomes.map((one) => (one.state === "refused" ? one.failure.code : one.state))).toEqual([
      "order_number_invalid",
      "amount_not_positive",
      "reference_invalid",
      "waiting",
    ]);
  });

  test("an order number that two customers' items name is nobody's", async () => {
    await b.act(async (act) => {
      await makeItem(act, b, await makeCustomer(act, b, "W4a"), "RE-W4a", 100n, { orderNumber: "SHARED" });
      await makeItem(act, b, await makeCustomer(act, b, "W4b"), "RE-W4b", 100n, { orderNumber: "SHARED" });
    });
    const [outcome] = await b.act((act) => recordOrderEvents(act, [event("SHARED", "cancelled", "2026-05-30")]));
    expect(outcome?.state).toBe("waiting");
  });
});

describe("effects", () => {
  test("a term from delivery: the due date moves, back too when a later delivery is reported, and pauses end", async () => {
    const customerId = await b.act(async (act) => {
      const id = await makeCustomer(act, b, "T1");
      await makeItem(act, b, id, "RE-T1", 5000n, {
        orderNumber: "T-1",
        termFromDelivery: 14,
        issuedOn: day("2026-05-20"),
        dueOn: day("2026-05-20"),
      });
      return id;
    });
    expect(await holds(customerId)).toEqual([["not_delivered", "2026-06-19"]]);
    const dueOn = async () => (await b.act((act) => receivablesOf(act, customerId)))[0]?.dueOn;
    await b.act((act) => recordOrderEvents(act, [event("T-1", "delivered", "2026-05-25")]));
    expect([await dueOn(), await holds(customerId)]).toEqual(["2026-06-08", []]);
    await b.act((act) => recordOrderEvents(act, [event("T-1", "delivered", "2026-05-28")]));
    expect(await dueOn()).toBe("2026-06-11");
    // Late news of the first parcel changes nothing.
    await b.act((act) => recordOrderEvents(act, [event("T-1", "shipped", "2026-05-22")]));
    expect([await dueOn(), await holds(customerId)]).toEqual(["2026-06-11", []]);
  });

  test("goods came back: held, a task when the credit note is late, both end when it comes", async () => {
    const customerId = await b.act(async (act) => {
      const id = await makeCustomer(act, b, "R1");
      await makeItem(act, b, id, "RE-R1", 5000n, { orderNumber: "R-1" });
      return id;
    });
    const part = { amountMinor: 2000n, currency: EUR } as const;
    await b.act((act) =>
      recordOrderEvents(act, [event("R-1", "delivered", "2026-05-10"), event("R-1", "returned", "2026-05-28", part)]),
    );
    expect(await holds(customerId)).toEqual([["returned", "2026-07-27"]]);
    const open = () => b.act((act) => tasks(act, { customerId, kind: "credit_note_overdue" }));
    expect(await open()).toEqual([]);
    await b.act((act) => keepDeliveries(act, [customerId], day("2026-06-05")));
    await b.act((act) => keepDeliveries(act, [customerId], day("2026-06-06")));
    expect(await open()).toMatchObject([
      { amountMinor: 2000n, facts: { order: "R-1", event: "returned", day: "2026-05-28" } },
    ]);
    // The credit note names no order, but is over exactly what came back.
    await b.act((act) =>
      makeItem(act, b, customerId, "GS-R1", 2000n, {
        itemKind: "credit_note",
        issuedOn: day("2026-06-07"),
        dueOn: day("2026-06-07"),
      }),
    );
    expect([await holds(customerId), await open()]).toEqual([[], []]);
  });

  test("a pause that a person lifted stays lifted", async () => {
    const customerId = await b.act(async (act) => {
      const id = await makeCustomer(act, b, "L1");
      await makeItem(act, b, id, "RE-L1", 5000n, { orderNumber: "L-1" });
      await recordOrderEvents(act, [event("L-1", "withdrawn", "2026-05-28")]);
      return id;
    });
    const [hold] = (await b.act((act) => holdsOf(act, [customerId]))).get(customerId) ?? [];
    expectOk(await b.act((act) => liftHold(act, customerId, hold?.holdId ?? "")));
    await b.act((act) => keepDeliveries(act, [customerId]));
    expect(await holds(customerId)).toEqual([]);
    await b.act((act) => recordOrderEvents(act, [event("L-1", "cancelled", "2026-05-30")]));
    expect(await holds(customerId)).toEqual([["cancelled", "2026-07-29"]]);
  });

  test("what is done twice is done once: a second sweep changes nothing", async () => {
    const ids = await b.act(async (act) =>
      (await act.tx.rows<{ customer_id: never }>(sql`select customer_id from customer`)).map((row) => row.customer_id),
    );
    await b.act((act) => keepDeliveries(act, ids, day("2026-06-10")));
    expect(await b.act((act) => keepDeliveries(act, ids, day("2026-06-10")))).toEqual([]);
  });
});
