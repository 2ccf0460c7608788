/** Reconciliation of a large portfolio: time and differences. The whole size with `KULANZ_SOAK=1`. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { writePortfolio } from "../../src/doors/bench/portfolio.ts";
import { reconcileTenant } from "../../src/books/reconciliation/index.ts";
import { tasks } from "../../src/books/receivables/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { type Books, day, SYSTEM } from "../books/books.ts";
import { openLed } from "./setting.ts";

const ITEMS = process.env["KULANZ_SOAK"] === "1" ? 300_000 : 6_000;
const WRONG_EVERY = 150;

let books: Books;
beforeAll(async () => {
  books = await openLed("erp");
  await writePortfolio(books.platform.database, books, ITEMS);
  await books.act(async ({ tx }) => {
    const listId = tx.newId();
    await tx.execute(sql`
      insert into open_item_list (tenant_id, list_id, creditor_id, file_fingerprint, kind, as_of, state, name_sealed, options,
                                  items, open_before, vanished, share_limit, created_by, created_at)
      values (${tx.tenantId}, ${listId}, ${books.creditorId}, ''::bytea, 'snapshot', '2026-10-31', 'applied', ''::bytea, '{}',
              ${ITEMS}, ${ITEMS}, 0, 0.2, 'system:test', ${tx.now})`);
    // Each so many-th is listed at a cent more than it is here.
    await tx.execute(sql`
      insert into listed_item (customer_id, receivable_id, tenant_id, creditor_id, list_id, listed_on, listed_minor, currency)
      select customer_id, receivable_id, tenant_id, creditor_id, ${listId}::uuid, '2026-10-31',
             open_total + case when substr(number, 4)::int % ${WRONG_EVERY} = 0 then 1 else 0 end, currency
      from receivable`);
  });
  await books.platform.database.owner((tx) => tx.execute(sql`analyze`));
}, 600_000);
afterAll(() => books.drop());

test("every item is compared, each fault is one difference and one task, and the next night nothing is new", async () => {
  const seconds: number[] = [];
  for (const on of ["2026-11-01", "2026-11-02"]) {
    const begun = performance.now();
    const [report] = await reconcileTenant(books.platform, books.tenantId, SYSTEM, { day: day(on) });
    seconds.push((performance.now() - begun) / 1000);
    expect(report?.differences).toHaveLength(Math.floor(ITEMS / WRONG_EVERY));
    expect(report?.comparisons.find(({ kind }) => kind === "erp_ledger")?.left.count).toBe(ITEMS);
  }
  const open = await books.act((act) => tasks(act, { kind: "difference", limit: 10_000 }));
  expect(open).toHaveLength(Math.floor(ITEMS / WRONG_EVERY));
  if (process.env["KULANZ_SOAK"] === "1")
    console.log(`${ITEMS} items: ${seconds.map((one) => one.toFixed(1)).join(" s, ")} s`);
  // About 2 s a hundred thousand items and night; the first also makes the tasks.
  expect(Math.max(...seconds)).toBeLessThan(5 + ITEMS / 5_000);
}, 300_000);
