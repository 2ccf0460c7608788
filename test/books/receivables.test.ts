import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  balanceByComponent,
  bookPayment,
  casesOf,
  claimOn,
  findReceivables,
  holdsOf,
  holdsToReview,
  keepCases,
  liftHold,
  openItems,
  placeHold,
  post,
  postingsOf,
  postInterest,
  previewPayment,
  receivablesOf,
  reverseBooking,
  setAssigned,
  setDefault,
  settleOnAccount,
  takeReceivables,
} from "../../src/books/receivables/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { type CustomerId, EUR, expectOk, type ReceivableId } from "../../src/pure/kernel/index.ts";
import { type Books, day, itemInput, makeCustomer, makeItem, openBooks } from "./books.ts";

let books: Books;
let count = 0;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.drop());

const newCustomer = (): Promise<CustomerId> => books.act((act) => makeCustomer(act, books, `R-${(count += 1)}`));
const item = (customerId: CustomerId, amount: bigint, more = {}): Promise<ReceivableId> =>
  books.act((act) => makeItem(act, books, customerId, `RE-${(count += 1)}`, amount, more));
const pay = (customerId: CustomerId, amountMinor: bigint, valueOn: string, designated: ReceivableId[] = []) =>
  books.act((act) =>
    bookPayment(act, {
      customerId, creditorId: books.creditorId, amountMinor, currency: EUR, valueOn: day(valueOn), designated,
    }),
  ); // biome-ignore format: one line
const openOf = async (customerId: CustomerId): Promise<Record<string, bigint>> =>
  Object.fromEntries(
    (await books.act((act) => receivablesOf(act, customerId))).map((one) => [
      one.itemKind === "on_account" ? "account" : one.receivableId,
      one.openTotal,
    ]),
  );

describe("taking in", () => {
  test("the second import is known and changes nothing; another amount is told", async () => {
    const customerId = await newCustomer();
    const inputs = [
      itemInput(books, customerId, "T-1", 10_000n, { orderNumber: "B 77/1" }),
      itemInput(books, customerId, "T-2", 5_000n, { itemKind: "credit_note" }),
      itemInput(books, customerId, "T-1", 10_000n),
    ];
    const first = await books.act((act) => takeReceivables(act, inputs));
    expect(first).toMatchObject({ known: 1, refused: [], differing: [] });
    expect(first.new).toHaveLength(2);
    const second = await books.act((act) =>
      takeReceivables(act, [...inputs, itemInput(books, customerId, "T-2", 4_000n, { itemKind: "credit_note" })]),
    );
    expect(second).toMatchObject({ new: [], known: 4, refused: [], differing: [3] });
    const items = await books.act((act) => receivablesOf(act, customerId));
    expect(items.map((one) => [one.number, one.open.principal])).toEqual([
      ["T-1", 10_000n],
      ["T-2", -5_000n],
    ]);
    expect(items[0]?.paymentReference).toMatch(/^RF\d{17}$/);
    const hits = await books.act((act) =>
      findReceivables(act, ["t 1", "B-77-1", items[0]?.paymentReference ?? "", "nothing"]),
    );
    expect([...hits.values()].flat().map((hit) => hit.receivableId)).toEqual(Array(3).fill(items[0]?.receivableId));
  });

  test("bad items are refused alone, with their place", async () => {
    const [customerId, other] = [await newCustomer(), await newCustomer()];
    await books.act((act) => makeItem(act, books, other, "U-1", 100n));
    const taken = await books.act((act) =>
      takeReceivables(act, [
        itemInput(books, customerId, "U-2", 0n),
        itemInput(books, customerId, "U-3", 100n, { dueOn: day("2026-02-01") }),
        itemInput(books, customerId, "U-1", 100n),
        itemInput(books, customerId, "U-4", 100n),
      ]),
    );
    expect(taken.new).toHaveLength(1);
    expect(taken.refused.map(({ index, failure }) => [index, failure.code])).toEqual([
      [0, "amount_not_positive"],
      [1, "dates_disordered"],
      [2, "receivable_of_other_customer"],
    ]);
  });
});

describe("the ledger", () => {
  test("postings can't be changed or removed", async () => {
    const customerId = await newCustomer();
    await item(customerId, 100n);
    for (const statement of [
      sql`update posting set amount_minor = 1 where customer_id = ${customerId}`,
      sql`delete from posting where customer_id = ${customerId}`,
    ]) {
      await expect(books.act((act) => act.tx.execute(statement))).rejects.toThrow(/permission denied/);
      await expect(books.kulanz.database.owner((tx) => tx.execute(statement))).rejects.toThrow(/append-only/);
    }
  });

  test("a balance that differs from its postings doesn't commit", async () => {
    const customerId = await newCustomer();
    const id = await item(customerId, 100n);
    await expect(
      books.act((act) =>
        act.tx.execute(sql`update receivable set open_principal = 1 where customer_id = ${customerId}`),
      ),
    ).rejects.toThrow(/differs from its postings/);
    await expect(
      books.act((act) =>
        act.tx.execute(sql`
        insert into posting (customer_id, posting_id, tenant_id, receivable_id, booking_id, kind, component, amount_minor,
                             currency, value_on, booked_at, actor)
        values (${customerId}, ${act.tx.newId()}, ${act.tx.tenantId}, ${id}, ${act.tx.newId()}, 'payment', 'principal', -1,
                'EUR', '2026-03-01', ${act.tx.now}, 'test')`),
      ),
    ).rejects.toThrow(/differs from its postings/);
    await expect(
      books.act((act) =>
        post(
          act,
          [
            {
              customerId,
              receivableId: id,
              kind: "cost",
              component: "dunning_cost",
              amountMinor: 1n,
              currency: "USD" as never,
              valueOn: day("2026-03-01"),
            },
          ],
          act.tx.newId(),
        ),
      ),
    ).rejects.toThrow(/differs from its postings/);
    expect(await openOf(customerId)).toEqual({ [id]: 100n });
  });

  test("posting keeps open amounts and the day of settlement", async () => {
    const customerId = await newCustomer();
    const id = await item(customerId, 1_000n);
    await books.act((act) =>
      post(
        act,
        [
          {
            customerId,
            receivableId: id,
            kind: "cost",
            component: "dunning_cost",
            amountMinor: 250n,
            currency: EUR,
            valueOn: day("2026-04-01"),
            ground: "§ 280 BGB",
          },
        ],
        act.tx.newId(),
      ),
    );
    expect(await books.act((act) => balanceByComponent(act, customerId))).toMatchObject([
      { byComponent: { principal: 1_000n, dunning_cost: 250n, interest: 0n, collection_cost: 0n }, totalMinor: 1_250n },
    ]);
    expect(await books.act((act) => balanceByComponent(act, customerId, day("2026-03-31")))).toMatchObject([
      { totalMinor: 1_000n },
    ]);
    await pay(customerId, 1_250n, "2026-04-09");
    const [settled] = await books.act((act) => receivablesOf(act, customerId));
    expect(settled).toMatchObject({ openTotal: 0n, settledOn: "2026-04-09" });
    expect((await books.act((act) => openItems(act, [customerId]))).get(customerId)).toEqual([]);
  });
});

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

describe("claims", () => {
  test("interest is shown with its law, posted when claimed, and then allocated against", async () => {
    const customerId = await newCustomer();
    const a = await item(customerId, 100_000n, {
      issuedOn: day("2025-02-01"),
      aroseOn: day("2025-02-01"),
      dueOn: day("2025-02-15"),
    });
    await books.act((act) =>
      setDefault(act, [{ customerId, receivableId: a, since: day("2025-03-01"), ground: "notice" }]),
    );
    const quiet = (await books.act((act) => claimOn(act, customerId, day("2025-08-31")))).get(a);
    expect(quiet).toMatchObject({ totalMinor: 100_000n, charges: [] });
    const shown = (await books.act((act) => claimOn(act, customerId, day("2025-08-31"), [a], "always"))).get(a);
    // law/interest_vectors.json led-001: 34.95 from 2025-03-01 up to and including 2025-08-31
    expect(shown).toMatchObject({
      totalMinor: 103_495n,
      charges: [{ amountMinor: 3_495n, days: 184, provisional: false }],
    });
    expect(shown?.charges[0]?.paragraph).toContain("§ 288 I BGB");

    await books.act((act) => postInterest(act, customerId, day("2025-08-31"), [a]));
    expect(await books.act((act) => postInterest(act, customerId, day("2025-08-31"), [a]))).toBeUndefined();
    expect((await books.act((act) => claimOn(act, customerId, day("2025-08-31")))).get(a)).toMatchObject({
      totalMinor: 103_495n,
      charges: [],
    });
    const { allocations } = await pay(customerId, 20_000n, "2025-09-01");
    expect(allocations).toMatchObject([{ byComponent: { interest: 3_495n, principal: 16_505n } }]);
    // Claimed once, interest goes on: on what is left of the principal only.
    const later = (await books.act((act) => claimOn(act, customerId, day("2025-12-31")))).get(a);
    expect(later?.open).toMatchObject({ principal: 83_495n, interest: 0n });
    expect(later?.charges).toHaveLength(1);
  });
});

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
