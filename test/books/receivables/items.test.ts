/** What is owed: items taken in, the ledger, the claim on a day. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  balanceByComponent,
  claimOn,
  findReceivables,
  openItems,
  post,
  postInterest,
  receivablesOf,
  setDefault,
  takeReceivables,
} from "../../../src/books/receivables/index.ts";
import { sql } from "../../../src/platform/database/index.ts";
import { EUR } from "../../../src/pure/kernel/index.ts";
import { type Books, day, itemInput, makeItem, openBooks } from "../books.ts";
import { ledgerOf } from "./ledger.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.drop());
const { newCustomer, item, pay, openOf } = ledgerOf(() => books);

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
