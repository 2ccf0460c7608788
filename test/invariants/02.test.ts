/** Invariant 2: postings are append-only; the stored balance is theirs; the order of arrival does not matter. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { bookPayment, postingsOf, receivablesOf, reverseBooking } from "../../src/books/receivables/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { type CustomerId, EUR, expectOk, type Uuid } from "../../src/pure/kernel/index.ts";
import { type Books, day, makeCustomer, makeItem, openBooks } from "../books/books.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.drop());

let count = 0;
const newCustomer = () => books.act((act) => makeCustomer(act, books, `C-${(count += 1)}`));
const pay = (customerId: CustomerId, amountMinor: bigint, on: string) =>
  books.act((act) =>
    bookPayment(act, {
      customerId,
      creditorId: books.creditorId,
      amountMinor,
      currency: EUR,
      valueOn: day(on),
      designated: [],
    }),
  );
/** Open amount by number of the item. */
const open = async (customerId: CustomerId) =>
  Object.fromEntries((await books.act((act) => receivablesOf(act, customerId))).map((r) => [r.number, r.openTotal]));

test("a posting can't be changed or removed, not even by the owner of the table", async () => {
  const customerId = await newCustomer();
  await books.act((act) => makeItem(act, books, customerId, "A-1", 5000n));
  for (const change of [
    sql`update posting set amount_minor = 1 where customer_id = ${customerId}`,
    sql`delete from posting where customer_id = ${customerId}`,
  ]) {
    await expect(books.kulanz.database.owner((tx) => tx.execute(change))).rejects.toThrow(/append-only/);
    await expect(books.kulanz.database.tenant(books.tenantId, (tx) => tx.execute(change))).rejects.toThrow(
      /permission denied|append-only/,
    );
  }
});

test("a balance that is not the sum of its postings does not commit, on either side", async () => {
  const customerId = await newCustomer();
  const receivableId = await books.act((act) => makeItem(act, books, customerId, "A-2", 5000n));
  const changes = [
    sql`update receivable set open_principal = open_principal - 1 where customer_id = ${customerId}`,
    sql`insert into posting (customer_id, posting_id, tenant_id, receivable_id, booking_id, kind, component, amount_minor,
          currency, value_on, booked_at, actor)
        values (${customerId}, ${receivableId}, ${books.tenantId}, ${receivableId}, ${receivableId}, 'payment', 'principal',
          -1, 'EUR', '2026-04-01', '2026-04-01T00:00:00Z', 'test')`,
  ];
  for (const change of changes)
    await expect(books.kulanz.database.tenant(books.tenantId, (tx) => tx.execute(change))).rejects.toThrow(
      /differs from its postings/,
    );
  expect(await open(customerId)).toEqual({ "A-2": 5000n });
});

test("a new item needs its postings; another tenant's item takes none; what is made good in time commits", async () => {
  const customerId = await newCustomer();
  const receivableId = await books.act((act) => makeItem(act, books, customerId, "A-2b", 5000n));
  const posting = (amount: number) => sql`
    insert into posting (customer_id, posting_id, tenant_id, receivable_id, booking_id, kind, component, amount_minor,
      currency, value_on, booked_at, actor)
    select ${customerId}, gen_random_uuid(), kulanz_tenant(), ${receivableId}, ${receivableId}, 'payment', 'principal',
      ${amount}, 'EUR', '2026-04-01', '2026-04-01T00:00:00Z', 'test'`;
  const balance = (by: number) =>
    sql`update receivable set open_principal = open_principal + ${by} where receivable_id = ${receivableId}`;
  const copy = sql`
    insert into receivable (customer_id, receivable_id, tenant_id, creditor_id, brand_id, item_kind, number,
      payment_reference, claim_kind, customer_kind, currency, issued_on, arose_on, due_on, open_principal, created_at)
    select customer_id, gen_random_uuid(), tenant_id, creditor_id, brand_id, item_kind, 'A-2c', '', claim_kind,
      customer_kind, currency, issued_on, arose_on, due_on, 1, created_at from receivable where receivable_id = ${receivableId}`;
  const run = (...changes: (typeof copy)[]) =>
    books.kulanz.database.tenant(books.tenantId, async (tx) => {
      for (const change of changes) await tx.execute(change);
    });
  const stranger = await books.kulanz.createTenant("Fremde GmbH");
  await expect(run(copy)).rejects.toThrow(/differs from its postings/);
  await expect(books.kulanz.database.tenant(stranger, (tx) => tx.execute(posting(-1)))).rejects.toThrow(
    /differs from its postings/,
  );
  await expect(run(balance(-7), posting(-6))).rejects.toThrow(/differs from its postings/);
  await expect(run(posting(-6), balance(-7), balance(0))).rejects.toThrow(/differs from its postings/);
  await expect(run(balance(1), balance(-1), balance(-2), balance(1), balance(0))).rejects.toThrow(
    /differs from its postings/,
  );
  await run(balance(-7), posting(-3), posting(-4));
  await run(posting(-3), balance(-3));
  expect(await open(customerId)).toEqual({ "A-2b": 4990n });
});

test("a correction is a reversal: the old postings stay and sum to nothing with the new", async () => {
  const customerId = await newCustomer();
  await books.act((act) => makeItem(act, books, customerId, "A-3", 5000n));
  const { bookingId } = await pay(customerId, 2000n, "2026-04-01");
  const before = await books.act((act) => postingsOf(act, customerId));
  expectOk(
    await books.act((act) =>
      reverseBooking(act, customerId, bookingId, { valueOn: day("2026-04-03"), kind: "correction" }),
    ),
  );
  const after = await books.act((act) => postingsOf(act, customerId));
  const kept = new Set<Uuid>(after.map((posting) => posting.postingId));
  expect(before.every((posting) => kept.has(posting.postingId))).toBe(true);
  expect(after.filter((p) => p.bookingId === bookingId).reduce((sum, p) => sum + p.amountMinor, 0n)).toBe(0n);
  expect(after.filter((p) => p.reverses !== undefined)).toHaveLength(1);
  expect(await open(customerId)).toEqual({ "A-3": 5000n });
});

test("a payment with an earlier value date takes its place: same balances in whatever order money arrives", async () => {
  const payments = [
    [3000n, "2026-04-01"],
    [2500n, "2026-04-10"],
    [1000n, "2026-04-20"],
  ] as const;
  const orders = [
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
  ];
  const results = [];
  for (const order of orders) {
    const customerId = await newCustomer();
    await books.act((act) =>
      makeItem(act, books, customerId, `old ${order.join("")}`, 4000n, { dueOn: day("2026-03-01") }),
    );
    await books.act((act) =>
      makeItem(act, books, customerId, `new ${order.join("")}`, 4000n, { dueOn: day("2026-03-20") }),
    );
    for (const index of order) {
      const [amount, on] = payments[index] ?? [0n, ""];
      await pay(customerId, amount, on);
    }
    const items = await books.act((act) => receivablesOf(act, customerId));
    results.push(items.map((r) => [r.number.slice(0, 3), r.open, r.settledOn]).sort());
  }
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).toEqual(results[0]);
});
