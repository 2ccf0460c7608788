/** Booking many payments at once does what booking them one after the other does. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Act } from "../../src/platform/access/index.ts";
import {
  balanceByComponent,
  bookPayment,
  bookPayments,
  casesOf,
  type PaymentInput,
  post,
  postingsOf,
  receivablesOf,
  setDefault,
  takeReceivables,
} from "../../src/books/receivables/index.ts";
import { addDays, type CustomerId, EUR, type ReceivableId, type Uuid } from "../../src/pure/kernel/index.ts";
import { type Books, day, itemInput, makeCustomer, openBooks } from "./books.ts";

let books: Books;
let always: Books;
beforeAll(async () => {
  books = await openBooks();
  always = await openBooks({ settings: { interest: "always" } });
});
afterAll(async () => {
  await books.drop();
  await always.drop();
});

const START = day("2026-03-01");
const item = fc.record({
  amount: fc.integer({ min: 1, max: 20_000 }),
  due: fc.integer({ min: 0, max: 60 }),
  credit: fc.boolean(),
  inDefault: fc.boolean(),
  cost: fc.option(fc.record({ amount: fc.integer({ min: 100, max: 500 }), day: fc.integer({ min: 0, max: 80 }) })),
});
const payment = fc.record({
  customer: fc.integer({ min: 0, max: 3 }),
  amount: fc.integer({ min: 1, max: 40_000 }),
  day: fc.integer({ min: 10, max: 70 }),
  designated: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 2 }),
});
const ledgers = fc.record({
  customers: fc.array(fc.array(item, { minLength: 1, maxLength: 4 }), { minLength: 4, maxLength: 4 }),
  before: fc.array(payment, { maxLength: 4 }),
  together: fc.array(payment, { minLength: 2, maxLength: 8 }),
});
type Ledgers = typeof ledgers extends fc.Arbitrary<infer Shape> ? Shape : never;

let count = 0;
/** The same ledger again: customers, items, charges and earlier payments; returns the payments to book together. */
async function makeLedger(
  act: Act,
  of: Books,
  world: Ledgers,
): Promise<{ customers: CustomerId[]; inputs: PaymentInput[] }> {
  const customers: CustomerId[] = [];
  const items: ReceivableId[][] = [];
  for (const list of world.customers) {
    const customerId = await makeCustomer(act, of, `B-${(count += 1)}`);
    customers.push(customerId);
    const taken = await takeReceivables(
      act,
      list.map((one, index) =>
        itemInput(of, customerId, `N${count}-${index}`, BigInt(one.amount), {
          itemKind: one.credit && index > 0 ? "credit_note" : "invoice",
          dueOn: addDays(START, one.due),
        }),
      ),
    );
    const ids = [...taken.new];
    items.push(ids);
    for (const [index, one] of list.entries()) {
      const receivableId = ids[index];
      if (!receivableId || (one.credit && index > 0)) continue;
      if (one.inDefault) await setDefault(act, [{ customerId, receivableId, since: addDays(START, one.due + 1) }]);
      if (one.cost)
        await post(
          act,
          [
            {
              customerId,
              receivableId,
              kind: "cost",
              component: "dunning_cost",
              amountMinor: BigInt(one.cost.amount),
              currency: EUR,
              valueOn: addDays(START, one.cost.day),
            },
          ],
          act.tx.newId<Uuid>(),
        );
    }
  }
  const inputs = (list: Ledgers["before"]): PaymentInput[] =>
    list.map((one) => ({
      customerId: customers[one.customer] ?? ("" as CustomerId),
      creditorId: of.creditorId,
      amountMinor: BigInt(one.amount),
      currency: EUR,
      valueOn: addDays(START, one.day),
      designated: one.designated.flatMap((index) => items[one.customer]?.[index] ?? []),
    }));
  for (const input of inputs(world.before)) await bookPayment(act, input);
  return { customers, inputs: inputs(world.together) };
}

/** What can be seen of a ledger, without ids. */
async function seen(act: Act, customers: readonly CustomerId[]) {
  const all = [];
  for (const customerId of customers) {
    const items = await receivablesOf(act, customerId);
    const numberOf = new Map(items.map((one) => [one.receivableId, one.number.replace(/^N\d+/, "N")]));
    const standing = new Map<string, bigint>();
    for (const one of await postingsOf(act, customerId)) {
      const key = [numberOf.get(one.receivableId), one.kind, one.component, one.valueOn].join(" ");
      standing.set(key, (standing.get(key) ?? 0n) + one.amountMinor);
    }
    all.push({
      items: items.map((one) => [
        numberOf.get(one.receivableId),
        one.itemKind,
        one.open,
        one.settledOn,
        one.caseId !== undefined,
      ]),
      postings: [...standing].filter(([, amount]) => amount !== 0n).sort(([a], [b]) => (a < b ? -1 : 1)),
      cases: (await casesOf(act, [customerId])).map(({ state, round }) => [state, round]),
      balance: (await balanceByComponent(act, customerId)).map(({ byComponent }) => byComponent),
    });
  }
  return all;
}

const RUNS = process.env["KULANZ_SOAK"] ? 1_000 : 8;

test.each([
  ["interest when claimed", () => books],
  ["interest always", () => always],
] as const)("ledgers, postings, cases and what rests on account are equal: %s", { timeout: 900_000 }, async (_, of) => {
  await fc.assert(
    fc.asyncProperty(ledgers, async (world) => {
      const one = await of().act(async (act) => {
        const { customers, inputs } = await makeLedger(act, of(), world);
        const results = [];
        for (const input of inputs) results.push(await bookPayment(act, input));
        return { customers, results };
      });
      const many = await of().act(async (act) => {
        const { customers, inputs } = await makeLedger(act, of(), world);
        return { customers, results: await bookPayments(act, inputs) };
      });
      const parts = (results: typeof many.results): unknown =>
        results.map(({ allocations, onAccountMinor }) => [
          onAccountMinor,
          allocations.map(({ amountMinor, byComponent, onAccount }) => [amountMinor, byComponent, onAccount]),
        ]);
      expect(parts(many.results)).toEqual(parts(one.results));
      const [first, second] = await of().act(async (act) => [
        await seen(act, one.customers),
        await seen(act, many.customers),
      ]);
      expect(second).toEqual(first);
    }),
    { numRuns: RUNS, seed: Number(process.env["KULANZ_SEED"] ?? 20261122) },
  );
});
