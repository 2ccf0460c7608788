/** Orders of two files that become one, and apart again. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { mergeCustomers, undoMerge } from "../../src/books/duplicates/index.ts";
import { ordersOf } from "../../src/books/orders/index.ts";
import { holdsOf, keepDeliveries, recordOrderEvents } from "../../src/books/receivables/index.ts";
import { type CustomerId, expectOk, type Uuid } from "../../src/pure/kernel/index.ts";
import { type Books, day, makeCustomer, makeItem, openBooks } from "../books/books.ts";

let b: Books;
let stays: CustomerId;
let goes: CustomerId;
let mergeId: Uuid;
beforeAll(async () => {
  b = await openBooks();
});
afterAll(() => b.drop());

const send = (orderNumber: string, kind: "delivered" | "return_announced" | "returned", on: string) =>
  b.act((act) => recordOrderEvents(act, [{ creditorId: b.creditorId, orderNumber, kind, happenedOn: day(on) }]));
const holds = async (id: CustomerId) =>
  ((await b.act((act) => holdsOf(act, [id]))).get(id) ?? []).map((one) => one.ground);
const orders = async (id: CustomerId) =>
  ((await b.act((act) => ordersOf(act, [id]))).get(id) ?? []).map((one) => [one.number, one.events.length]).sort();

test("after a merge the orders of both are the customer's, and go on holding the items that moved", async () => {
  [stays, goes] = await b.act(async (act) => {
    const one = await makeCustomer(act, b, "M1");
    const other = await makeCustomer(act, b, "M2");
    await makeItem(act, b, one, "RE-M1", 5000n, { orderNumber: "M-1" });
    await makeItem(act, b, other, "RE-M2", 7000n, { orderNumber: "M-2" });
    return [one, other] as const;
  });
  await send("M-1", "delivered", "2026-05-04");
  await send("M-2", "return_announced", "2026-05-28");
  expect(await holds(goes)).toEqual(["return_announced"]);
  mergeId = expectOk(await b.act((act) => mergeCustomers(act, stays, goes, [])));
  expect(await orders(stays)).toEqual([
    ["M-1", 1],
    ["M-2", 1],
  ]);
  await b.act((act) => keepDeliveries(act, [stays, goes]));
  expect([await holds(stays), await holds(goes)]).toEqual([["return_announced"], []]);
});

test("an event that comes afterwards finds its order and acts on the customer who stayed", async () => {
  expect(await send("M-2", "return_announced", "2026-05-28")).toMatchObject([{ state: "known" }]);
  expect(await send("M-2", "delivered", "2026-05-20")).toEqual([{ state: "new", customerId: stays }]);
  expect(await send("M-1", "return_announced", "2026-05-29")).toEqual([{ state: "new", customerId: stays }]);
  expect(await orders(stays)).toEqual([
    ["M-1", 2],
    ["M-2", 2],
  ]);
  expect(await holds(stays)).toEqual(["return_announced", "return_announced"]);
});

test("taken back, each file has its orders and its holds again, with what came meanwhile", async () => {
  expectOk(await b.act((act) => undoMerge(act, stays, mergeId, [])));
  await b.act((act) => keepDeliveries(act, [stays, goes]));
  expect([await orders(stays), await orders(goes)]).toEqual([[["M-1", 2]], [["M-2", 2]]]);
  expect([await holds(stays), await holds(goes)]).toEqual([["return_announced"], ["return_announced"]]);
});
