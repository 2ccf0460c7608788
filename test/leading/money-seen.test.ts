/** Where the ERP leads, money on the bank pauses dunning and moves no item. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { entries } from "../../src/books/banking/index.ts";
import { bookByHand, matchEntries } from "../../src/books/matching/index.ts";
import { holdsOf } from "../../src/books/receivables/index.ts";
import { entryLines, viewCounts } from "../../src/oversight/insight/index.ts";
import { camt053 } from "../books/banking-files.ts";
import { type Books, SYSTEM } from "../books/books.ts";
import { customerOf, list, openLed, openOf, put } from "./setting.ts";

let books: Books;
beforeAll(async () => {
  books = await openLed("erp");
});
afterAll(() => books.drop());

test("a payment with the number: the item stands as it is and is on hold for a while", async () => {
  await put(
    books,
    "list.csv",
    list([
      { number: "RE-1000001", amount: "40.00" },
      { number: "RE-1000002", amount: "50.00" },
    ]),
  );
  const file = camt053({ payments: [{ amount: "40.00", text: "RE-1000001", name: "Erika Musterfrau" }] });
  expect(await put(books, "bank.xml", file)).toMatchObject({ status: "ok" });
  await matchEntries(books.platform, books.tenantId, SYSTEM, {});
  expect(await openOf(books)).toEqual({ "RE-1000001": "4000", "RE-1000002": "5000" });
  const customerId = await customerOf(books);
  const holds = (await books.act((act) => holdsOf(act, [customerId]))).get(customerId) ?? [];
  expect(holds).toMatchObject([{ ground: "pending_payment", startsOn: "2026-06-01", endsOn: "2026-06-08" }]);
  const [entry] = await books.act((act) => entries(act, {}));
  expect(entry).toMatchObject({ status: "set_aside" });
  expect(await books.act((act) => bookByHand(act, entry?.entryId ?? "", customerId, []))).toMatchObject({
    ok: false,
    error: { code: "booked_elsewhere" },
  });
});

test("what comes back is information: the hold goes, nothing is booked, and nothing of it waits as unmatched", async () => {
  const file = camt053({
    id: "BACK",
    payments: [
      { amount: "40.00", credit: false, returnCode: "MD06", text: "RE-1000001", bankReference: "BACK-1" },
      { amount: "12.00", credit: false, returnCode: "AC04", text: "nobody knows", bankReference: "BACK-2" },
    ],
  });
  expect(await put(books, "back.xml", file)).toMatchObject({ status: "ok" });
  await matchEntries(books.platform, books.tenantId, SYSTEM, {});
  expect(await openOf(books)).toEqual({ "RE-1000001": "4000", "RE-1000002": "5000" });
  const customerId = await customerOf(books);
  expect((await books.act((act) => holdsOf(act, [customerId]))).get(customerId)).toEqual([]);
  const views = await books.act((act) => viewCounts(act, undefined));
  expect(views).toMatchObject({ unmatched: 0, proposed: 0, booked: 1, returned: 2 });
  const lines = await books.act((act) =>
    entryLines(
      act,
      { view: "returned" },
      { order: [{ column: "booked_on", descending: false }], limit: 10, offset: 0 },
    ),
  );
  expect(lines.rows.map(({ status, proposed_for }) => [status, proposed_for])).toEqual(
    expect.arrayContaining([
      ["set_aside", customerId],
      ["set_aside", null],
    ]),
  );
});
