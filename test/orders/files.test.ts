/** Order events as tables: known by columns and words, German and English; imported once. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { importFile, previewFile } from "../../src/books/intake/index.ts";
import { ordersOf } from "../../src/books/orders/index.ts";
import { orderEventColumns, readCsv, readOrderEvents } from "../../src/pure/formats/index.ts";
import { EUR, expectOk } from "../../src/pure/kernel/index.ts";
import { type Books, makeCustomer, makeItem, openBooks, SYSTEM } from "../books/books.ts";

let b: Books;
beforeAll(async () => {
  b = await openBooks();
});
afterAll(() => b.drop());

const GERMAN = `Bestellnummer;Ereignis;Datum;Betrag;Währung;Retourennummer;Kundennummer
B-1;Bestellt;02.05.2026;;;;10001
B-1;Versandt;03.05.2026;;;;10001
B-1;Zugestellt;05.05.2026 14:10;;;;10001
B-1;Retoure angekündigt;08.05.2026;;;RT-77;10001
B-1;Teilretoure;12.05.2026;1.020,50;EUR;RT-77;10001
B-1;verloren;12.05.2026;;;;10001
B-9;Storniert;12.05.2026;;;für Erika Muster;
`;
const ENGLISH = `order_number,event,date,amount,currency,reference,customer_number,event_id
B-2,shipped,2026-05-03T08:00:00Z,,,,10001,a1
B-2,delivered,2026-05-05,,,,10001,a2
B-2,returned,2026-05-12,-20.00,EUR,,10001,a3
`;
const read = (text: string) => {
  const table = expectOk(readCsv(Buffer.from(text)));
  const columns = orderEventColumns(table);
  return columns && [...readOrderEvents(table, columns, EUR)].map((row) => (row.ok ? row.value : row.error.code));
};

test("columns and words are known in German and English; a bad row is told with its line", () => {
  expect(read(GERMAN)).toMatchObject([
    { event: "ordered", on: "2026-05-02", customerNumber: "10001" },
    { event: "shipped" },
    { event: "delivered", on: "2026-05-05", at: null },
    { event: "return_announced", reference: "RT-77" },
    { event: "returned", amount: { minor: 102_050n, currency: "EUR" } },
    "event_unknown",
    { event: "cancelled", reference: null, warnings: [{ code: "reference_left_out", where: "8" }] },
  ]);
  expect(read(ENGLISH)).toMatchObject([
    { event: "shipped", at: new Date("2026-05-03T08:00:00Z"), eventId: "a1" },
    { event: "delivered", eventId: "a2" },
    { event: "returned", amount: { minor: 2_000n } },
  ]);
});

test("what only looks like it is no table of events", () => {
  const items =
    "Kundennummer;Name;Rechnungsnummer;Bestellnummer;Status;Datum;Fälligkeit;Betrag\n1;A;R1;B1;Geliefert;01.05.2026;15.05.2026;10,00\n";
  expect(read(items)).toBeNull();
  expect(read("Bestellnummer;Status;Datum\nB1;rot;01.05.2026\n")).toBeNull();
  expect(read("Bestellnummer;Status;Betrag\nB1;Versandt;1,00\n")).toBeNull();
});

test("imported: attached, kept, refused row by row; the second time nothing changes", async () => {
  const customerId = await b.act(async (act) => {
    const id = await makeCustomer(act, b, "10001");
    await makeItem(act, b, id, "RE-1", 200_000n, { orderNumber: "B-1" });
    return id;
  });
  const preview = await previewFile({ name: "bestellungen.csv", content: Buffer.from(GERMAN) });
  expect(preview).toMatchObject({ status: "partial", records: 6, format: "csv" });
  expect(preview.mapping?.map(({ field }) => field)).toEqual([
    "order_number",
    "event",
    "date",
    "amount",
    "currency",
    "reference",
    "customer_number",
  ]);
  const put = (name: string, text: string) =>
    importFile(b.platform, b.tenantId, SYSTEM, { name, content: Buffer.from(text) });
  const first = await put("bestellungen.csv", GERMAN);
  expect(first).toMatchObject({ status: "partial", records: 6, imported: { new: 6, known: 0 } });
  expect(first.warnings.join("\n")).toContain("1 events name orders that are not known yet");
  const [order] = (await b.act((act) => ordersOf(act, [customerId]))).get(customerId) ?? [];
  expect(order?.events.map(({ kind }) => kind)).toEqual([
    "ordered",
    "shipped",
    "delivered",
    "return_announced",
    "returned",
  ]);
  expect((await put("nochmal.csv", GERMAN)).imported).toEqual({ new: 0, known: 6 });
  expect((await put("andere-zeilen.csv", GERMAN.replaceAll("\n", "\r\n"))).imported).toEqual({ new: 0, known: 6 });
});
