import { afterAll, beforeAll, expect, test } from "vitest";
import {
  addContactPoint,
  contactPointsOf,
  endContactPoint,
  findCustomersBy,
  markUndeliverable,
  markVerified,
  reachability,
} from "../../src/books/customers/index.ts";
import { type CustomerId, expectOk } from "../../src/pure/kernel/index.ts";
import { type Books, day, makeCustomer, openBooks } from "./books.ts";

let books: Books;
let customerId: CustomerId;
beforeAll(async () => {
  books = await openBooks();
  customerId = await books.act((act) => makeCustomer(act, books, "K-1"));
});
afterAll(() => books.drop());

const mails = async () =>
  (await books.act((act) => contactPointsOf(act, customerId))).filter((point) => point.channel === "email");
const usable = async () =>
  (await books.act((act) => reachability(act, customerId, day("2026-06-01")))).points.filter(
    (point) => point.channel === "email",
  );

test("a bounce takes an address out of use, a verification brings it back, an end removes it and its look-up", async () => {
  const id = expectOk(
    await books.act((act) => addContactPoint(act, customerId, { channel: "email", value: "Erika@kunde.example" })),
  );
  expect((await mails())[0]).toMatchObject({ value: "Erika@kunde.example" });
  expect((await mails())[0]?.verifiedAt).toBeUndefined();
  expectOk(await books.act((act) => markUndeliverable(act, customerId, id)));
  expect(await usable()).toEqual([]);
  expectOk(await books.act((act) => markVerified(act, customerId, id, "phone_call")));
  expect((await usable())[0]?.verifiedAt).toEqual(books.kulanz.now());

  const found = () => books.act((act) => findCustomersBy(act, "email", ["erika@kunde.example"]));
  expect((await found()).get("erika@kunde.example")).toEqual([customerId]);
  expectOk(await books.act((act) => endContactPoint(act, customerId, id)));
  expect(await mails()).toEqual([]);
  expect((await found()).get("erika@kunde.example") ?? []).toEqual([]);
});

test("an unknown contact point is told", async () => {
  expect(await books.act((act) => markVerified(act, customerId, customerId, "letter"))).toMatchObject({
    ok: false,
    error: { code: "contact_point_not_found" },
  });
});
