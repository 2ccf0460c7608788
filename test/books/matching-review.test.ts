import { afterAll, beforeAll, expect, test } from "vitest";
import { importFile } from "../../src/books/intake/index.ts";
import { drawReview, matchEntries } from "../../src/books/matching/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { ibanOf, personOf } from "../../src/doors/bench/house.ts";
import { statementFrom } from "../../src/doors/bench/statement.ts";
import { type Books, day, openBooks, SYSTEM } from "./books.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks({ settings: { matching: { reviewShare: 0.2 } } });
  const numbers = Array.from({ length: 20 }, (_, index) => index + 1);
  const list = numbers.map((n) => {
    const { firstName, name } = personOf(n);
    return `K${n},${firstName},${name},${ibanOf(n)},RE-${String(n).padStart(7, "0")},2026-03-01,2026-03-15,${10 + n}.00,EUR`;
  });
  const content = Buffer.from(
    `customer_number,first_name,name,iban,invoice_number,issue_date,due_date,amount,currency\n${list.join("\n")}\n`,
  );
  await importFile(books.platform, books.tenantId, SYSTEM, { name: "items.csv", content });
  const payments = numbers.map((n) => ({
    cents: 1000 + 100 * n,
    payer: `${personOf(n).firstName} ${personOf(n).name}`,
    iban: ibanOf(n),
    text: `RE-${String(n).padStart(7, "0")}`,
  }));
  await importFile(books.platform, books.tenantId, SYSTEM, {
    name: "bank.xml",
    content: () => statementFrom(payments),
  });
  await matchEntries(books.platform, books.tenantId, SYSTEM, {});
});
afterAll(() => books.drop());

test("a share of the month's automatic matches is put up for review, once", async () => {
  const month = await books.act(async (act) => day(`${act.tx.now.toISOString().slice(0, 7)}-01`));
  const draw = () => books.act((act) => drawReview(act, books.creditorId, month, 5));
  expect(await draw()).toBe(4);
  expect(await draw()).toBeUndefined();
  const tasks = await books.act((act) =>
    act.tx.rows<{ match: string }>(sql`select facts->>'matchId' as match from task where kind = 'match_review'`),
  );
  expect(new Set(tasks.map(({ match }) => match)).size).toBe(4);
});
