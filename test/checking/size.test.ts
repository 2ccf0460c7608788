/** Set-based: time a check takes of many items. 100,000 with KULANZ_SOAK=1, a sample else. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkItems } from "../../src/books/checking/index.ts";
import { takeCustomers } from "../../src/books/customers/index.ts";
import { takeReceivables } from "../../src/books/receivables/index.ts";
import type { CustomerId } from "../../src/pure/kernel/index.ts";
import { type Books, customerInput, itemInput, openBooks } from "../books/books.ts";

const ITEMS = process.env["KULANZ_SOAK"] === "1" ? 100_000 : 5_000;
let b: Books;
beforeAll(async () => {
  b = await openBooks();
});
afterAll(() => b.drop());

test(`${ITEMS} items are checked in seconds, and again in less`, { timeout: 300_000 }, async () => {
  const ids: CustomerId[] = [];
  for (let from = 0; from < ITEMS; from += 5_000)
    await b.act(async (act) => {
      const numbers = Array.from({ length: 5_000 }, (_, index) => `N${from + index}`);
      const taken = await takeCustomers(
        act,
        numbers.map((number) => customerInput(b, number)),
      );
      const customers = numbers.map((number) => taken.get(number)?.customerId as CustomerId);
      ids.push(...customers);
      // One in a hundred twice.
      await takeReceivables(act, [
        ...customers.map((id, index) =>
          itemInput(b, id, `RE-${from + index}`, 5_000n, { orderNumber: `O-${from + index}` }),
        ),
        ...customers.flatMap((id, index) =>
          index % 100 === 0 ? [itemInput(b, id, `RE ${from + index}`, 5_000n)] : [],
        ),
      ]);
    });
  const timed = async (): Promise<[number, unknown]> => {
    const start = performance.now();
    const counts = await b.act((act) => checkItems(act, ids));
    return [performance.now() - start, counts];
  };
  const [first, found] = await timed();
  const [again, nothing] = await timed();
  const load = readFileSync("/proc/loadavg", "utf8").split(" ")[0];
  console.info(`${ITEMS} items: first check ${Math.round(first)} ms, again ${Math.round(again)} ms (load ${load})`);
  expect(found).toEqual({ found: ITEMS / 100, resolved: 0 });
  expect(nothing).toEqual({ found: 0, resolved: 0 });
  expect(first).toBeLessThan(ITEMS * 0.4);
  expect(again).toBeLessThan(ITEMS * 0.2);
});
