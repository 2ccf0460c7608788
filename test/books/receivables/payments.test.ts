/** Money on items: whose debt it pays, earlier value dates, returns, money on account. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  balanceByComponent,
  casesOf,
  keepCases,
  post,
  postingsOf,
  previewPayment,
  receivablesOf,
  reverseBooking,
  settleOnAccount,
} from "../../../src/books/receivables/index.ts";
import { EUR, expectOk } from "../../../src/pure/kernel/index.ts";
import { type Books, day, openBooks } from "../books.ts";
import { ledgerOf } from "./ledger.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.drop());
const { newCustomer, item, pay, openOf } = ledgerOf(() => books);

describe("payments", () => {
  test("designated first, then due before not due, the rest on account", async () => {
    const customerId = await newCustomer();
    const a = await item(customerId, 10_000n);
    const b = await item(customerId, 5_000n);
    const later = await item(customerId, 7_000n, { dueOn: day("2026-09-01") });
    const preview = await books.act((act) =>
      previewPayment(act, {
        customerId, creditorId: books.creditorId, amountMinor: 6_000n, currency: EUR, valueOn: day("2026-04-01"), designated: [b],
      }),
    ); // biome-ignore format: one line
    expect(await openOf(customerId)).toEqual({ [a]: 10_000n, [b]: 5_000n, [later]: 7_000n });
    const booked = await pay(customerId, 6_000n, "2026-04-01", [b]);
    expect(booked.allocations).toEqual(preview);
    expect(await openOf(customerId)).toEqual({ [a]: 9_000n, [b]: 0n, [later]: 7_000n });
    await pay(customerId, 20_000n, "2026-04-02");
    expect(await openOf(customerId)).toEqual({ [a]: 0n, [b]: 0n, [later]: 0n, account: -4_000n });
  });

  test("an earlier value date takes its place: later allocations are reversed and posted anew", async () => {
    const customerId = await newCustomer();
    const a = await item(customerId, 10_000n, { aroseOn: day("2026-02-01") });
    const b = await item(customerId, 10_000n, { aroseOn: day("2026-02-02") });
    const late = await pay(customerId, 10_000n, "2026-04-10");
    expect(late.allocations).toMatchObject([{ receivableId: a, amountMinor: 10_000n }]);
    const early = await pay(customerId, 6_000n, "2026-04-01");
    expect(early.allocations).toMatchObject([{ receivableId: a, amountMinor: 6_000n }]);
    expect(await openOf(customerId)).toEqual({ [a]: 0n, [b]: 4_000n });
    const postings = await books.act((act) => postingsOf(act, customerId));
    expect(postings.filter((one) => one.reverses !== undefined)).toHaveLength(1);
    expect(postings.filter((one) => one.bookingId === late.bookingId).reduce((sum, p) => sum + p.amountMinor, 0n)).toBe(
      -10_000n,
    );
    expect((await books.act((act) => receivablesOf(act, customerId)))[0]?.settledOn).toBe("2026-04-10");
  });

  test("a return opens the item again and the case with the next round; a correction leaves no trace in value", async () => {
    const customerId = await newCustomer();
    const a = await item(customerId, 4_990n);
    await books.act((act) => keepCases(act, [customerId], day("2026-06-01")));
    expect(await books.act((act) => casesOf(act, [customerId]))).toMatchObject([{ state: "open", round: 1 }]);
    const { bookingId } = await pay(customerId, 4_990n, "2026-04-01");
    expect(await books.act((act) => casesOf(act, [customerId]))).toMatchObject([
      { state: "closed", closedOn: "2026-06-01" },
    ]);
    expectOk(
      await books.act((act) =>
        reverseBooking(act, customerId, bookingId, { valueOn: day("2026-04-07"), kind: "return" }),
      ),
    );
    expect(await openOf(customerId)).toEqual({ [a]: 4_990n });
    expect(await books.act((act) => casesOf(act, [customerId]))).toMatchObject([{ state: "open", round: 2 }]);
    expect(await books.act((act) => balanceByComponent(act, customerId, day("2026-04-03")))).toMatchObject([
      { totalMinor: 0n },
    ]);
    expect(
      await books.act((act) =>
        reverseBooking(act, customerId, bookingId, { valueOn: day("2026-04-07"), kind: "return" }),
      ),
    ).toMatchObject({ ok: false, error: { code: "booking_already_reversed" } });

    const wrong = await pay(customerId, 1_000n, "2026-04-20");
    const right = await pay(customerId, 4_990n, "2026-04-21");
    expect(await openOf(customerId)).toEqual({ [a]: 0n, account: -1_000n });
    expectOk(
      await books.act((act) =>
        reverseBooking(act, customerId, wrong.bookingId, { valueOn: day("2026-05-01"), kind: "correction" }),
      ),
    );
    expect(await openOf(customerId)).toEqual({ [a]: 0n, account: 0n });
    expect(await books.act((act) => balanceByComponent(act, customerId, day("2026-04-20")))).toMatchObject([
      { totalMinor: 4_990n },
    ]);
    expect(right.allocations.map((one) => one.amountMinor)).toEqual([3_990n, 1_000n]);
  });

  test("a cost taken back frees what was paid on it", async () => {
    const customerId = await newCustomer();
    const a = await item(customerId, 1_000n);
    const bookingId = await books.act(async (act) => {
      const id = act.tx.newId();
      await post(
        act,
        [
          {
            customerId,
            receivableId: a,
            kind: "cost",
            component: "dunning_cost",
            amountMinor: 250n,
            currency: EUR,
            valueOn: day("2026-04-01"),
          },
        ],
        id,
      );
      return id;
    });
    await pay(customerId, 1_000n, "2026-04-09");
    expect(await openOf(customerId)).toEqual({ [a]: 250n });
    expectOk(
      await books.act((act) =>
        reverseBooking(act, customerId, bookingId, { valueOn: day("2026-05-01"), kind: "correction" }),
      ),
    );
    expect(await openOf(customerId)).toEqual({ [a]: 0n });
  });

  test("credit notes and money on account are settled by transfers, and a return undoes what it took", async () => {
    const customerId = await newCustomer();
    await item(customerId, 300n, { itemKind: "credit_note" });
    const paid = await pay(customerId, 1_000n, "2026-03-02");
    const a = await item(customerId, 2_000n);
    await books.act((act) => keepCases(act, [customerId], day("2026-06-01")));
    expect(await books.act((act) => settleOnAccount(act, customerId, day("2026-03-10")))).toHaveLength(1);
    expect((await openOf(customerId))[a]).toBe(700n);
    expect((await openOf(customerId))["account"]).toBe(0n);
    expect(await books.act((act) => settleOnAccount(act, customerId, day("2026-03-10")))).toEqual([]);
    expectOk(
      await books.act((act) =>
        reverseBooking(act, customerId, paid.bookingId, { valueOn: day("2026-03-20"), kind: "return" }),
      ),
    );
    expect((await openOf(customerId))[a]).toBe(1_700n);
    expect((await openOf(customerId))["account"]).toBe(0n);
  });
});

describe("settlements", () => {
  test("a settlement with an earlier value date pushes later money on account, which is made then", async () => {
    const customerId = await newCustomer();
    const a = await item(customerId, 1_000n);
    await pay(customerId, 600n, "2026-04-10", [a]);
    await item(customerId, 700n, { itemKind: "credit_note" });
    expect(await books.act((act) => settleOnAccount(act, customerId, day("2026-04-01")))).toHaveLength(1);
    expect((await openOf(customerId))[a]).toBe(0n);
    expect((await openOf(customerId))["account"]).toBe(-300n);
  });
});
