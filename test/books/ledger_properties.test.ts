/** Random histories on the real database: no cent is lost, and the order in which money arrives doesn't matter. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  bookPayment,
  COMPONENTS,
  openItems,
  post,
  postingsOf,
  type Receivable,
  receivablesOf,
  reverseBooking,
  setDefault,
  settleOnAccount,
  takeReceivables,
} from "../../src/books/receivables/index.ts";
import type { Act } from "../../src/platform/access/index.ts";
import {
  addDays,
  type CustomerId,
  EUR,
  expectOk,
  type PlainDate,
  type ReceivableId,
  type Uuid,
} from "../../src/pure/kernel/index.ts";
import { type Books, day, itemInput, makeCreditor, makeCustomer, openBooks } from "./books.ts";

const RUNS = process.env["KULANZ_SOAK"] ? 1_000 : 40;
/** The full count takes minutes. */
const LONG = 1_800_000;
const FIRST = day("2025-03-01");
const on = (offset: number): PlainDate => addDays(FIRST, offset);

let books: Books;
/** A creditor that counts interest from the first day of default, so that allocation depends on value dates. */
let strict: Pick<Books, "creditorId" | "brandId">;
let count = 0;
beforeAll(async () => {
  books = await openBooks();
  strict = await books.act((act) => makeCreditor(act, "DE75512108001245126199", "strict", { interest: "always" }));
});
afterAll(() => books.drop());

interface Item {
  readonly amount: bigint;
  readonly due: number;
  readonly arose: number;
  readonly defaulted: boolean;
}
const cents = fc.bigInt({ min: 1n, max: 200_000n });
/** Often enough to settle what is named. */
const give = fc.oneof(fc.constant(0n), fc.bigInt({ min: 1n, max: 100_000n }));
const itemOf: fc.Arbitrary<Item> = fc.record({
  amount: cents,
  due: fc.integer({ min: 0, max: 60 }),
  arose: fc.integer({ min: 0, max: 2 }),
  defaulted: fc.boolean(),
});

/** Items of a new customer, in the order of the input. */
async function open(
  act: Act,
  items: readonly Item[],
): Promise<{ customerId: CustomerId; ids: readonly ReceivableId[] }> {
  count += 1;
  const customerId = await makeCustomer(act, books, `P-${count}`);
  const taken = await takeReceivables(
    act,
    items.map((item, index) =>
      itemInput(strict, customerId, `P-${count}-${index}`, item.amount, {
        issuedOn: on(item.arose - 10),
        aroseOn: on(item.arose - 10),
        dueOn: on(item.due),
      }),
    ),
  );
  await setDefault(
    act,
    items.flatMap((item, index) => {
      const receivableId = taken.new[index];
      return item.defaulted && receivableId ? [{ customerId, receivableId, since: on(item.due + 1) }] : [];
    }),
  );
  return { customerId, ids: taken.new };
}

const pay = (
  act: Act,
  customerId: CustomerId,
  amountMinor: bigint,
  offset: number,
  designated: readonly ReceivableId[],
  give = 0n,
) =>
  bookPayment(act, {
    customerId,
    creditorId: strict.creditorId,
    amountMinor,
    currency: EUR,
    valueOn: on(offset),
    designated,
    concessions: [...new Set(designated)].map((receivableId, index) => ({
      receivableId,
      kind: index === 0 ? "discount" : "write_off",
      minor: give,
      ground: "test",
    })),
  });

/** What must hold at any time: stored balance = postings; nothing but interest was added that was not put in. */
async function checkLedger(act: Act, customerId: CustomerId, expected: bigint): Promise<void> {
  const [items, postings] = [await receivablesOf(act, customerId), await postingsOf(act, customerId)];
  for (const item of items)
    for (const component of COMPONENTS) {
      const own = postings.filter((one) => one.receivableId === item.receivableId && one.component === component);
      expect(item.open[component]).toBe(own.reduce((sum, one) => sum + one.amountMinor, 0n));
    }
  const interest = postings.filter((one) => one.kind === "interest").reduce((sum, one) => sum + one.amountMinor, 0n);
  // What payments were given goes with them: with none standing there is none.
  const given = postings
    .filter((one) => one.kind === "discount" || one.kind === "write_off")
    .reduce((sum, one) => sum + one.amountMinor, 0n);
  expect(given).toBeLessThanOrEqual(0n);
  expect(items.reduce((sum, item) => sum + item.openTotal, 0n)).toBe(expected + interest + given);
  for (const item of items) {
    if (item.itemKind === "invoice")
      for (const component of COMPONENTS) expect(item.open[component]).toBeGreaterThanOrEqual(0n);
    if (item.itemKind === "on_account") expect(item.openTotal).toBeLessThanOrEqual(0n);
  }
  // A reversal mirrors what it reverses, on the same value date and in the same booking, and does so once.
  const byId = new Map(postings.map((one) => [one.postingId, one]));
  for (const one of postings.filter((posting) => posting.reverses !== undefined)) {
    const reversed = byId.get(one.reverses ?? "");
    expect(reversed).toMatchObject({ amountMinor: -one.amountMinor, valueOn: one.valueOn, bookingId: one.bookingId });
  }
}

type Command =
  | { readonly do: "claim"; readonly item: Item }
  | { readonly do: "credit"; readonly amount: bigint }
  | { readonly do: "cost"; readonly amount: bigint; readonly on: number; readonly pick: number }
  | {
      readonly do: "pay";
      readonly amount: bigint;
      readonly give: bigint;
      readonly on: number;
      readonly picks: readonly number[];
    }
  | { readonly do: "return" | "correct"; readonly pick: number; readonly on: number }
  | { readonly do: "settle"; readonly on: number };
const offset = fc.integer({ min: 0, max: 90 });
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant("claim" as const), item: itemOf }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("credit" as const), amount: cents }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("cost" as const),
      amount: fc.bigInt({ min: 1n, max: 500n }),
      on: offset,
      pick: fc.nat(9),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("pay" as const),
      amount: cents,
      give,
      on: offset,
      picks: fc.array(fc.nat(9), { maxLength: 2 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom("return" as const, "correct" as const), pick: fc.nat(9), on: offset }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("settle" as const), on: offset }) },
);

describe("any history", () => {
  test(
    "keeps postings, stored balances and the sum of what was claimed and paid together, to the cent",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(itemOf, { minLength: 1, maxLength: 3 }),
          fc.array(command, { maxLength: 12 }),
          async (items, commands) => {
            const { customerId, ids } = await books.act((act) => open(act, items));
            const known = [...ids];
            let expected = items.reduce((sum, item) => sum + item.amount, 0n);
            const payments: { bookingId: Uuid; amount: bigint }[] = [];
            for (const step of commands)
              await books.act(async (act) => {
                if (step.do === "claim" || step.do === "credit") {
                  count += 1;
                  const credit = step.do === "credit";
                  const amount = credit ? step.amount : step.item.amount;
                  const input = itemInput(strict, customerId, `N-${count}`, amount, {
                    itemKind: credit ? "credit_note" : "invoice",
                  });
                  const taken = await takeReceivables(act, [input]);
                  if (!credit) known.push(...taken.new);
                  expected += credit ? -amount : amount;
                } else if (step.do === "cost") {
                  const receivableId = known[step.pick % known.length];
                  if (!receivableId) return;
                  expected += step.amount;
                  await post(
                    act,
                    [
                      {
                        customerId,
                        receivableId,
                        kind: "cost",
                        component: "dunning_cost",
                        amountMinor: step.amount,
                        currency: EUR,
                        valueOn: on(step.on),
                      },
                    ],
                    act.tx.newId(),
                  );
                } else if (step.do === "pay") {
                  const designated = step.picks.flatMap((pick) => known[pick % known.length] ?? []);
                  const { bookingId, allocations } = await pay(
                    act,
                    customerId,
                    step.amount,
                    step.on,
                    designated,
                    step.give,
                  );
                  expect(allocations.reduce((sum, part) => sum + part.amountMinor, 0n)).toBe(step.amount);
                  payments.push({ bookingId, amount: step.amount });
                  expected -= step.amount;
                } else if (step.do === "settle") await settleOnAccount(act, customerId, on(step.on));
                else {
                  const [payment] = payments.splice(step.pick % Math.max(payments.length, 1), 1);
                  if (!payment) return;
                  const kind = step.do === "return" ? "return" : "correction";
                  expectOk(await reverseBooking(act, customerId, payment.bookingId, { valueOn: on(step.on), kind }));
                  expected += payment.amount;
                }
              });
            await books.act((act) => checkLedger(act, customerId, expected));
          },
        ),
        { numRuns: RUNS, seed: 7, endOnFailure: true },
      );
    },
    LONG,
  );
});

/** Number of an item among its customer's; nothing for money on account. */
const tail = (item: Receivable): string => item.number.split("-")[2] ?? "";

interface Payment {
  readonly amount: bigint;
  readonly give: bigint;
  readonly on: number;
  readonly picks: readonly number[];
  /** Days after the payment on which it goes back. */
  readonly returned: number | null;
}
const payment: fc.Arbitrary<Payment> = fc.record({
  amount: cents,
  give,
  on: fc.integer({ min: 0, max: 60 }),
  picks: fc.array(fc.nat(3), { maxLength: 2 }),
  returned: fc.option(fc.integer({ min: 0, max: 20 }), { freq: 4 }),
});

describe("order of arrival", () => {
  test(
    "payments and returns lead to the same items, components and days of settlement in any order",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(itemOf, { minLength: 1, maxLength: 4 }),
          fc.array(payment, { minLength: 2, maxLength: 5 }),
          fc.infiniteStream(fc.nat(99)),
          async (items, list, draws) => {
            // Amounts differ: two payments alike in day and amount are told apart by ids, and two customers have other ids.
            const payments = list.map((one, index) => ({ ...one, amount: one.amount * 8n + BigInt(index) }));
            const results: unknown[] = [];
            for (const shuffled of [false, true]) {
              const { customerId, ids } = await books.act((act) => open(act, items));
              const waiting = payments.map((one) => ({ one, bookingId: undefined as Uuid | undefined }));
              while (waiting.length > 0) {
                const index = shuffled ? (draws.next().value as number) % waiting.length : 0;
                const next = waiting[index];
                if (!next) break;
                const { one } = next;
                await books.act(async (act) => {
                  if (next.bookingId === undefined) {
                    const designated = one.picks.flatMap((pick) => ids[pick % ids.length] ?? []);
                    next.bookingId = (await pay(act, customerId, one.amount, one.on, designated, one.give)).bookingId;
                    if (one.returned !== null) return;
                  } else {
                    const valueOn = on(one.on + (one.returned ?? 0));
                    expectOk(await reverseBooking(act, customerId, next.bookingId, { valueOn, kind: "return" }));
                  }
                  waiting.splice(index, 1);
                });
              }
              const found = await books.act((act) => receivablesOf(act, customerId));
              const shown = (item: Receivable): unknown[] => [
                tail(item),
                item.open,
                item.openTotal === 0n ? item.settledOn : "",
              ];
              results.push(
                found
                  .filter((item) => item.itemKind === "invoice" || item.openTotal !== 0n)
                  .sort((a, b) => (tail(a) < tail(b) ? -1 : 1))
                  .map(shown),
              );
              const received = payments
                .filter((one) => one.returned === null)
                .reduce((sum, one) => sum + one.amount, 0n);
              await books.act((act) =>
                checkLedger(act, customerId, items.reduce((sum, item) => sum + item.amount, 0n) - received),
              );
            }
            expect(results[1]).toEqual(results[0]);
          },
        ),
        { numRuns: RUNS, seed: 11, endOnFailure: true },
      );
    },
    LONG,
  );

  test("payments of one customer at the same time wait for each other", async () => {
    const { customerId, ids } = await books.act((act) =>
      open(act, [{ amount: 1_000n, due: 0, arose: 0, defaulted: false }]),
    );
    await Promise.all([1, 2, 3, 4, 5].map((offset) => books.act((act) => pay(act, customerId, 300n, offset, ids))));
    const items = (await books.act((act) => openItems(act, [customerId]))).get(customerId);
    expect(items).toMatchObject([{ itemKind: "on_account", openTotal: -500n }]);
    await books.act((act) => checkLedger(act, customerId, -500n));
  });
});
