/** What a bank sent, stored once and sealed. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { entries, openEntryPayload, statements } from "../../../src/books/banking/index.ts";
import { importFile, matchesOfFile } from "../../../src/books/intake/index.ts";
import { sql } from "../../../src/platform/database/index.ts";
import { expectOk } from "../../../src/pure/kernel/index.ts";
import { camt053, type TestPayment } from "../banking-files.ts";
import { type Books, openBooks, SYSTEM } from "../books.ts";
import { bankOf } from "./bank.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.drop());
const { freshTenant } = bankOf(() => books);

describe("statements", () => {
  test("an entry is stored once: same file, other line ends, overlapping statement, another bank message", async () => {
    const own = await freshTenant();
    const put = (name: string, content: Buffer) => importFile(own.platform, own.tenantId, SYSTEM, { name, content });
    const two: TestPayment[] = [
      { amount: "10.00", name: "Ida Test", text: "eins", bankReference: "A1" },
      { amount: "20.00", name: "Ida Test", text: "zwei", bankReference: null },
      { amount: "20.00", name: "Ida Test", text: "zwei", bankReference: null },
    ];
    const first = await put("a.xml", camt053({ id: "S1", payments: two }));
    expect(first.imported).toEqual({ new: 3, known: 0 });
    expect(first.statements[0]).toMatchObject({
      opening: "1000.00",
      closing: "1050.00",
      entries: 3,
      booked: 3,
      reconciles: true,
      sumCredit: "50.00",
    });
    expect((await put("b.xml", camt053({ id: "S1", payments: two }))).imported).toEqual({ new: 0, known: 3 });
    expect((await put("a.xml", camt053({ id: "S1", payments: two }, "\r\n"))).imported).toEqual({ new: 0, known: 3 });
    const overlapping = await put("c.xml", camt053({ id: "S2", payments: [...two, { amount: "5.00", text: "drei" }] }));
    expect(overlapping.imported).toEqual({ new: 1, known: 3 });
    expect(overlapping.warnings.join()).toContain("already there");
    const listed = expectOk(await own.act((act) => matchesOfFile(act, "c.xml")));
    expect(listed.map(({ entry, amount }) => [entry, amount])).toEqual([
      [1, "10.00"],
      [2, "20.00"],
      [3, "20.00"],
      [4, "5.00"],
    ]);
    expect(await own.act((act) => entries(act, {}))).toHaveLength(4);
    expect(await own.act((act) => statements(act, 10))).toHaveLength(2);
  });

  test("amounts that don't add up are taken in and told; what can't be booked is left out and told", async () => {
    const own = await freshTenant();
    const put = (name: string, content: Buffer) => importFile(own.platform, own.tenantId, SYSTEM, { name, content });
    const wrong = await put("a.xml", camt053({ id: "S1", closing: "1.00", payments: [{ amount: "10.00" }] }));
    expect(wrong).toMatchObject({ status: "ok", imported: { new: 1, known: 0 }, statements: [{ reconciles: false }] });
    expect(wrong.warnings.length).toBeGreaterThan(0);
    const bytes = camt053({ id: "S2", payments: [{ amount: "10.00", text: "gut" }, { amount: "11.00" }] });
    const precise = await put("b.xml", Buffer.from(bytes.toString().replace(/>11\.00</g, ">11.00123<")));
    expect(precise).toMatchObject({ status: "partial", imported: { new: 1 } });
    expect(
      (await put("c.xml", camt053({ id: "S3", payments: [{ amount: "3.00", status: "PDNG" }] }))).imported,
    ).toEqual({ new: 0, known: 0 });
  });

  test("payer data is sealed and opens; the unknown account and the cut file are refused and store nothing", async () => {
    const own = await freshTenant();
    const put = (name: string, content: Buffer) => importFile(own.platform, own.tenantId, SYSTEM, { name, content });
    await put(
      "a.xml",
      camt053({
        payments: [{ amount: "10.00", name: "Quintessa Planted", iban: "DE75512108001245126199", text: "Hallo Welt" }],
      }),
    );
    const [entry] = await own.act((act) => entries(act, {}));
    if (!entry) throw new Error("no entry");
    expect(expectOk(await own.act((act) => openEntryPayload(act, entry)))).toMatchObject({
      payerName: "Quintessa Planted",
      remittance: ["Hallo Welt"],
    });
    const dump = await own.kulanz.database.owner((tx) =>
      tx.rows<{ t: string }>(sql`select e::text || s::text as t from bank_entry e, statement s`),
    );
    expect(JSON.stringify(dump)).not.toMatch(/Quintessa|DE75512108001245126199|Hallo/);
    const foreign = await put("b.xml", camt053({ iban: "DE75512108001245126199", payments: [{ amount: "1.00" }] }));
    expect(foreign).toMatchObject({ status: "refused", error: { code: "account_unknown" }, imported: null });
    const bytes = camt053({ id: "S9", payments: [{ amount: "1.00" }, { amount: "2.00" }] });
    for (const cut of [0.3, 0.6, 0.9, 0.99]) {
      const report = await put("c.xml", bytes.subarray(0, Math.floor(bytes.length * cut)));
      expect(report.status).toBe("refused");
      expect(report.error?.where).toContain("c.xml");
    }
    expect(await own.act((act) => entries(act, {}))).toHaveLength(1);
  });

  test("a batch entry gives one row a transaction; details that don't add up leave the entry whole", async () => {
    const own = await freshTenant();
    const put = (name: string, content: Buffer) => importFile(own.platform, own.tenantId, SYSTEM, { name, content });
    const batch = camt053({ payments: [{ amount: "10.00", text: "a", more: [{ amount: "5.00", text: "b" }] }] });
    expect((await put("a.xml", batch)).imported).toEqual({ new: 2, known: 0 });
    const odd = batch
      .toString()
      .replace('<Amt Ccy="EUR">15.00</Amt>', '<Amt Ccy="EUR">16.00</Amt>')
      .replace(/BANKS1-1/g, "X");
    expect((await put("b.xml", Buffer.from(odd))).imported).toEqual({ new: 1, known: 0 });
    const rows = await own.act((act) => entries(act, {}));
    expect(rows.map(({ amountMinor, transactionNumber }) => [Number(amountMinor), transactionNumber]).sort()).toEqual(
      [
        [1000, 1],
        [1600, 0],
        [500, 2],
      ].sort(),
    );
  });
});
