/** Skonto: read from documents and lists, taken within its term, given back with the payment. */
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  bookPayment,
  discountOn,
  discountTermsOf,
  receivablesOf,
  reverseBooking,
} from "../../src/books/receivables/index.ts";
import { discountsInColumn } from "../../src/pure/formats/index.ts";
import { addDays, EUR, expectOk } from "../../src/pure/kernel/index.ts";
import { type Books, day, makeCustomer, makeItem, openBooks } from "./books.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.drop());

test.each([
  ["2% 10", [[10, "2.00"]]],
  ["2 % 10 Tage netto 30", [[10, "2.00"]]],
  [
    "3,5 % 8 Tage; 2 % 14 Tage",
    [
      [8, "3.50"],
      [14, "2.00"],
    ],
  ],
  ["2/10 net 30", [[10, "2.00"]]],
  ["#SKONTO#TAGE=7#PROZENT=2.25#", [[7, "2.25"]]],
  ["netto 30 Tage", []],
])("discount in a column: %s", (text, wanted) => {
  const terms = discountTermsOf(discountsInColumn(text) ?? [], EUR);
  expect(terms.map(({ days, percent }) => [days, percent])).toEqual(wanted);
});
test("what is no discount is said to be unreadable", () => {
  expect(discountsInColumn("5 %")).toBeUndefined();
  expect(discountsInColumn("auf Anfrage")).toBeUndefined();
});

test("the best term that is not over counts, rounded either way", () => {
  const item = {
    issuedOn: day("2026-03-01"),
    open: { principal: 11_999n, interest: 0n, dunning_cost: 0n, collection_cost: 0n },
    discountTerms: [
      { days: 7, percent: "3.00", base: 11_999n },
      { days: 14, percent: "2.00", base: 11_999n },
    ],
  };
  const on = (offset: number) => discountOn(item, addDays(day("2026-03-01"), offset), 2);
  expect(on(9)).toMatchObject({ least: 359n, most: 360n });
  expect(on(10)).toMatchObject({ least: 239n, most: 240n });
  expect(on(17)).toBeUndefined();
});

test("given where it settles what is named, as a posting of its own; gone with a return, smaller with other money", async () => {
  const customerId = await books.act((act) => makeCustomer(act, books, "S-1"));
  const item = await books.act((act) => makeItem(act, books, customerId, "S-1-1", 10_000n));
  const pay = (amountMinor: bigint, on: string, designated = [item], minor = 200n) =>
    books.act((act) =>
      bookPayment(act, {
        customerId,
        creditorId: books.creditorId,
        amountMinor,
        currency: EUR,
        valueOn: day(on),
        designated,
        concessions: [{ receivableId: item, kind: "discount", minor, ground: "skonto 2.00 % 10 d" }],
      }),
    );
  const open = async () =>
    (await books.act((act) => receivablesOf(act, customerId))).find((one) => one.receivableId === item)?.openTotal;
  const { bookingId } = await pay(9_800n, "2026-03-10");
  expect(await open()).toBe(0n);
  // Money that came before finds the item still open: nothing more is missing than it leaves.
  const before = await pay(100n, "2026-03-05", [item], 0n);
  expect(await open()).toBe(0n);
  expectOk(
    await books.act((act) =>
      reverseBooking(act, customerId, before.bookingId, { valueOn: day("2026-03-05"), kind: "correction" }),
    ),
  );
  expect(await open()).toBe(0n);
  expectOk(
    await books.act((act) =>
      reverseBooking(act, customerId, bookingId, { valueOn: day("2026-03-12"), kind: "return" }),
    ),
  );
  expect(await open()).toBe(10_000n);
  // Less than payment and discount together settle nothing: a part payment, and the discount is kept back.
  await pay(9_700n, "2026-03-15");
  expect(await open()).toBe(300n);
});
