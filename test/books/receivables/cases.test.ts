/** Cases and holds: when they open, who is left alone. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  casesOf,
  holdsOf,
  holdsToReview,
  keepCases,
  liftHold,
  placeHold,
  receivablesOf,
  setAssigned,
} from "../../../src/books/receivables/index.ts";
import { sql } from "../../../src/platform/database/index.ts";
import { expectOk } from "../../../src/pure/kernel/index.ts";
import { type Books, day, openBooks } from "../books.ts";
import { ledgerOf } from "./ledger.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.drop());
const { newCustomer, item } = ledgerOf(() => books);

describe("cases and holds", () => {
  test("a case opens when something is overdue, not when credit covers it, and further items join", async () => {
    const customerId = await newCustomer();
    const a = await item(customerId, 1_000n);
    await books.act((act) => keepCases(act, [customerId], day("2026-03-15")));
    expect(await books.act((act) => casesOf(act, [customerId]))).toEqual([]);
    const credit = await item(customerId, 1_000n, { itemKind: "credit_note" });
    await books.act((act) => keepCases(act, [customerId], day("2026-03-16")));
    expect(await books.act((act) => casesOf(act, [customerId]))).toEqual([]);
    const b = await item(customerId, 500n);
    await item(customerId, 500n, { dueOn: day("2026-08-01") });
    const { opened } = await books.act((act) => keepCases(act, [customerId], day("2026-03-16")));
    expect(opened).toHaveLength(1);
    const items = await books.act((act) => receivablesOf(act, customerId));
    expect(
      items
        .filter((one) => one.caseId === opened[0])
        .map((one) => one.receivableId)
        .sort(),
    ).toEqual([a, b].sort());
    expect(items.find((one) => one.receivableId === credit)?.caseId).toBeUndefined();
    const [first] = await books.act((act) => casesOf(act, [customerId]));
    expect(first?.number).toMatch(/^[1-9]\d{8}$/);
    expect(await books.act((act) => keepCases(act, [customerId], day("2026-03-16")))).toEqual({
      opened: [],
      closed: [],
    });
  });

  test("a payment and an import that find the customer overdue at the same moment open one case", async () => {
    const customerId = await newCustomer();
    await item(customerId, 1_000n);
    const keep = () => books.act((act) => keepCases(act, [customerId], day("2026-06-01")));
    const done = await Promise.all([keep(), keep(), keep(), keep()]);
    expect(done.flatMap(({ opened }) => opened)).toHaveLength(1);
    expect(await books.act((act) => casesOf(act, [customerId]))).toHaveLength(1);
    expect((await books.act((act) => receivablesOf(act, customerId)))[0]?.caseId).toBe(
      done.flatMap(({ opened }) => opened)[0],
    );
    const numbers = await books.act((act) =>
      act.tx.rows(sql`select from directory_entry where customer_id = ${customerId} and kind = 'case_number'`),
    );
    expect(numbers).toHaveLength(1);
  });

  test("assigned items open no case", async () => {
    const customerId = await newCustomer();
    const a = await item(customerId, 1_000n);
    await books.act((act) => setAssigned(act, customerId, a, day("2026-03-02")));
    await books.act((act) => keepCases(act, [customerId], day("2026-06-01")));
    expect(await books.act((act) => casesOf(act, [customerId]))).toEqual([]);
  });

  test("holds are placed, reviewed and lifted", async () => {
    const customerId = await newCustomer();
    const holdId = expectOk(
      await books.act((act) =>
        placeHold(act, {
          customerId,
          ground: "dispute",
          startsOn: day("2026-06-01"),
          comment: "Ware kam zerbrochen an",
        }),
      ),
    );
    expect((await books.act((act) => holdsOf(act, [customerId]))).get(customerId)).toMatchObject([
      { holdId, ground: "dispute" },
    ]);
    expect((await books.act((act) => holdsToReview(act))).find((hold) => hold.holdId === holdId)?.comment).toBe(
      "Ware kam zerbrochen an",
    );
    expectOk(await books.act((act) => liftHold(act, customerId, holdId)));
    expect((await books.act((act) => holdsOf(act, [customerId]))).get(customerId)).toEqual([]);
    expect(await books.act((act) => liftHold(act, customerId, holdId))).toMatchObject({
      error: { code: "hold_not_found" },
    });
    expect(
      await books.act((act) =>
        placeHold(act, { customerId, ground: "manual", startsOn: day("2026-06-02"), endsOn: day("2026-06-01") }),
      ),
    ).toMatchObject({ error: { code: "hold_reversed" } });
  });
});
