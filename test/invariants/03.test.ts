/** Invariant 3: every import is idempotent, and the caller is told so. */
import { Hono } from "hono";
import { afterAll, beforeAll, expect, test } from "vitest";
import { importFile } from "../../src/books/intake/index.ts";
import { matchEntries } from "../../src/books/matching/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { type HttpEnv, idempotent } from "../../src/platform/http/index.ts";
import { camt053 } from "../books/banking-files.ts";
import { type Books, openBooks, SYSTEM } from "../books/books.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.drop());

const put = (name: string, content: Buffer | string) =>
  importFile(books.platform, books.tenantId, SYSTEM, { name, content: Buffer.from(content) });
const ITEMS =
  "customer_number;first_name;name;street;postcode;city;email;invoice_number;issue_date;due_date;amount;currency\n";
const item = (customer: string, number: string, amount: string): string =>
  `${customer};Erika;Muster;Heide 1;50667;Köln;${customer}@post.example;${number};2026-03-01;2026-03-15;${amount};EUR\n`;

/** Everything that says what is true, without times. */
async function truth(): Promise<unknown> {
  const counts = [
    sql`select count(*)::integer as n, sum(amount_minor)::bigint as sum from posting`,
    sql`select count(*)::integer as n, sum(open_total)::bigint as sum from receivable`,
    sql`select count(*)::integer as n, sum(amount_minor)::bigint as sum from bank_entry`,
    sql`select count(*)::integer as n, sum(amount_minor)::bigint as sum from match`,
    sql`select count(*)::integer as n from customer`,
    sql`select count(*)::integer as n from statement`,
    sql`select count(*)::integer as n from contact_point`,
    sql`select count(*)::integer as n from directory_entry`,
  ];
  return books.kulanz.database.tenant(books.tenantId, async (tx) => {
    const found = [];
    for (const count of counts) found.push(await tx.one(count));
    return found;
  });
}

const match = () => matchEntries(books.platform, books.tenantId, SYSTEM, {});
const paid = {
  amount: "49.90",
  name: "Erika Muster",
  iban: "DE89370400440532013000",
  text: "RE-7001",
  bankReference: "B-1",
};
const other = { amount: "10.00", name: "Paul Probe", text: "ohne Nummer", bankReference: "B-2" };

test("the same file twice, and the same rows in another file", async () => {
  const file = ITEMS + item("C-1", "RE-7001", "49.90") + item("C-2", "RE-7002", "20.00");
  expect(await put("a.csv", file)).toMatchObject({ imported: { new: 2, known: 0 } });
  const before = await truth();
  expect(await put("b.csv", file)).toMatchObject({ imported: { new: 0, known: 2 } });
  expect(await put("c.csv", `${file}\n`)).toMatchObject({ imported: { new: 0, known: 2 } });
  expect(await truth()).toEqual(before);
});

test("the same entry in two statements is booked once, and told as known", async () => {
  expect(await put("one.xml", camt053({ id: "S1", payments: [paid, other] }))).toMatchObject({
    imported: { new: 2, known: 0 },
  });
  expect(await match()).toMatchObject({ booked: 1 });
  const before = await truth();
  expect(await put("one again.xml", camt053({ id: "S1", payments: [paid, other] }))).toMatchObject({
    imported: { new: 0, known: 2 },
  });
  // Written differently: another line end makes another file with the same entries.
  expect(await put("two.xml", camt053({ id: "S1", payments: [paid, other] }, "\r\n"))).toMatchObject({
    imported: { new: 0, known: 2 },
  });
  expect(await match()).toEqual({ booked: 0, proposed: 0, unmatched: 0 });
  expect(await truth()).toEqual(before);
});

test("the same file by two imports at the same moment comes in once", async () => {
  const file = ITEMS + item("C-3", "RE-7003", "5.00");
  const both = await Promise.all([put("x.csv", file), put("y.csv", file)]);
  expect(both.map((report) => report.imported?.new ?? 0).sort()).toEqual([0, 1]);
});

test("the same call with the same Idempotency-Key works once and gets the same answer", async () => {
  let worked = 0;
  const app = new Hono<HttpEnv>();
  app.use(idempotent({ ...books.platform, callerOf: () => ({ tenantId: books.tenantId, name: "key:1" }) }));
  app.post("/things", (context) => context.json({ made: (worked += 1) }, 201));
  const call = () =>
    app.request("/things", { method: "POST", body: "{}", headers: { "idempotency-key": "abcdefgh-1" } });
  const [first, second] = [await call(), await call()];
  expect([first.status, second.status]).toEqual([201, 201]);
  expect(await second.json()).toEqual(await first.json());
  expect(second.headers.get("idempotent-replay")).toBe("true");
  expect(worked).toBe(1);
});
