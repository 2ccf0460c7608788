/** Unmatched money as metrics: by currency and age, zero once it is gone, no names. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { entries, measureUnmatched } from "../../src/books/banking/index.ts";
import { importFile } from "../../src/books/intake/index.ts";
import { leaveOpen, matchEntries } from "../../src/books/matching/index.ts";
import { createMetrics } from "../../src/platform/telemetry/index.ts";
import { addDays, dateIn, expectOk } from "../../src/pure/kernel/index.ts";
import { camt053 } from "./banking-files.ts";
import { type Books, openBooks, SYSTEM } from "./books.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.drop());

test("credits nobody is found for are counted by age until a person looks at them", async () => {
  const metrics = createMetrics();
  measureUnmatched(metrics, books.platform);
  const shown = async () => (await metrics.text()).split("\n").filter((line) => line.startsWith("kulanz_unmatched_"));
  expect(await shown()).toEqual([]);
  const today = await books.act((act) => Promise.resolve(dateIn(act.tx.now, "UTC")));
  const payments = [
    { amount: "7.00", name: "Nora Niemand", text: "Spende", bookedOn: addDays(today, -1) },
    { amount: "3.50", name: "Nora Niemand", text: "Spende", bookedOn: addDays(today, -2) },
    { amount: "9.00", name: "Otto Ohne", text: "Beitrag", bookedOn: addDays(today, -40) },
    { amount: "8.00", name: "Lieferant", text: "Strom", credit: false, bookedOn: today },
  ];
  const content = camt053({ id: "S1", date: today, payments });
  expect((await importFile(books.platform, books.tenantId, SYSTEM, { name: "s.xml", content })).status).toBe("ok");
  await matchEntries(books.platform, books.tenantId, SYSTEM, {});
  expect((await shown()).sort()).toEqual([
    'kulanz_unmatched_entries{age="0-7",currency="EUR"} 2',
    'kulanz_unmatched_entries{age="31-90",currency="EUR"} 1',
    'kulanz_unmatched_minor{age="0-7",currency="EUR"} 1050',
    'kulanz_unmatched_minor{age="31-90",currency="EUR"} 900',
  ]);
  const old = (await books.act((act) => entries(act, {}))).find(({ amountMinor }) => amountMinor === 900n);
  expectOk(await books.act((act) => leaveOpen(act, old?.entryId ?? "")));
  expect(await shown()).toContain('kulanz_unmatched_entries{age="31-90",currency="EUR"} 0');
});
