import { spawn } from "node:child_process";
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { customerFile, findCustomersBy } from "../../src/books/customers/index.ts";
import { importedFiles, importFile, previewFile, rememberMapping } from "../../src/books/intake/index.ts";
import { document, documentsOf, receivablesOf } from "../../src/books/receivables/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { readCsv } from "../../src/pure/formats/index.ts";
import { type CustomerId, expectOk, seededRandom } from "../../src/pure/kernel/index.ts";
import { camt053 } from "./banking-files.ts";
import { type Books, makeCreditor, openBooks, SYSTEM } from "./books.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.drop());

const put = (name: string, content: Buffer | string, more: object = {}) =>
  importFile(books.platform, books.tenantId, SYSTEM, { name, content: Buffer.from(content), ...more });
const customerBy = async (number: string): Promise<CustomerId> => {
  const id = (await books.act((act) => findCustomersBy(act, "customer_number", [number]))).get(number)?.[0];
  if (!id) throw new Error(`no customer ${number}`);
  return id;
};

const ubl = (
  number: string,
  more: { id?: string; due?: string; credit?: boolean; payable?: string } = {},
) => `<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0</cbc:CustomizationID>
<cbc:ID>${number}</cbc:ID><cbc:IssueDate>2026-03-01</cbc:IssueDate>${more.due === "" ? "" : `<cbc:DueDate>${more.due ?? "2026-03-15"}</cbc:DueDate>`}
<cbc:InvoiceTypeCode>${more.credit ? "381" : "380"}</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cac:OrderReference><cbc:ID>B-${number}</cbc:ID></cac:OrderReference>
<cac:AccountingSupplierParty><cac:Party><cac:PartyName><cbc:Name>Blumenhof</cbc:Name></cac:PartyName><cac:PartyLegalEntity><cbc:RegistrationName>Blumenhof Versand GmbH</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>
<cac:AccountingCustomerParty><cac:Party>
${more.id ? `<cac:PartyIdentification><cbc:ID>${more.id}</cbc:ID></cac:PartyIdentification>` : ""}
<cac:PostalAddress><cbc:StreetName>Lindenallee 4</cbc:StreetName><cbc:CityName>Bonn</cbc:CityName><cbc:PostalZone>53111</cbc:PostalZone><cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
<cac:PartyLegalEntity><cbc:RegistrationName>Wiesengrund Gärtnerei GmbH</cbc:RegistrationName></cac:PartyLegalEntity>
<cac:Contact><cbc:ElectronicMail>rechnung@wiesengrund.example</cbc:ElectronicMail></cac:Contact></cac:Party></cac:AccountingCustomerParty>
<cac:PaymentMeans><cbc:PaymentMeansCode>58</cbc:PaymentMeansCode><cac:PayeeFinancialAccount><cbc:ID>DE02120300000000202051</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>
<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount><cbc:TaxExclusiveAmount currencyID="EUR">100.00</cbc:TaxExclusiveAmount><cbc:TaxInclusiveAmount currencyID="EUR">119.00</cbc:TaxInclusiveAmount><cbc:PayableAmount currencyID="EUR">${more.payable ?? "119.00"}</cbc:PayableAmount></cac:LegalMonetaryTotal>
</Invoice>`;

describe("electronic invoices", () => {
  test("customer, item and sealed original; the second time nothing changes", async () => {
    const file = ubl("XR-1", { id: "K-4711" });
    const report = await put("xr.xml", file);
    expect(report).toMatchObject({
      format: "UBL Invoice",
      status: "ok",
      imported: { new: 1, known: 0 },
      invoices: [{ number: "XR-1", payable: "119.00" }],
    });
    expect(await put("other name.xml", file)).toMatchObject({ status: "ok", imported: { new: 0, known: 1 } });
    expect(await put("again.xml", `${file}\n`)).toMatchObject({ status: "ok", imported: { new: 0, known: 1 } });
    const customerId = await customerBy("K-4711");
    const [item] = await books.act((act) => receivablesOf(act, customerId));
    expect(item).toMatchObject({
      number: "XR-1",
      orderNumber: "B-XR-1",
      openTotal: 11_900n,
      dueOn: "2026-03-15",
      customerKind: "business",
    });
    const whole = expectOk(await books.act((act) => customerFile(act, customerId)));
    expect(whole.identity).toMatchObject({
      company: "Wiesengrund Gärtnerei GmbH",
      addresses: [{ street: "Lindenallee 4", postcode: "53111", city: "Bonn" }],
    });
    const documents = await books.act((act) => documentsOf(act, customerId));
    expect(documents).toHaveLength(1);
    const opened = expectOk(await books.act((act) => document(act, customerId, documents[0]?.documentId ?? "")));
    expect(opened.bytes.toString()).toBe(file);
  });
  test("without a customer number the same buyer gets the same one; a credit note owes the customer", async () => {
    expect((await put("a.xml", ubl("XR-2", { due: "" }))).warnings.join()).toContain("due date");
    expect((await put("b.xml", ubl("XR-3", { credit: true }))).imported).toEqual({ new: 1, known: 0 });
    const rows = await books.kulanz.database.owner((tx) =>
      tx.rows<{ customer_id: CustomerId; number: string; item_kind: string }>(sql`
        select r.customer_id, c.number, r.item_kind from receivable r join customer c using (customer_id)
        where r.number in ('XR-2', 'XR-3') order by r.number`),
    );
    expect(rows.map(({ item_kind }) => item_kind)).toEqual(["invoice", "credit_note"]);
    expect(rows[0]?.customer_id).toBe(rows[1]?.customer_id);
    expect(rows[0]?.number).toMatch(/^E-\d{12}$/);
  });
  test("refused with a reason and nothing stored", async () => {
    expect(await put("zero.xml", ubl("XR-9", { payable: "0.00" }))).toMatchObject({
      status: "ok",
      imported: { new: 0, known: 0 },
    });
    const before = await books.act((act) => importedFiles(act));
    expect(
      await put("bomb.xml", `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>${ubl("XR-10").slice(39)}`),
    ).toMatchObject({ status: "refused" });
    expect(await put("cut.xml", ubl("XR-11").slice(0, 900))).toMatchObject({ status: "refused" });
    expect(await books.act((act) => importedFiles(act))).toHaveLength(before.length);
  });
});

const HEADER =
  "customer_number;first_name;name;company;street;postcode;city;email;invoice_number;issue_date;due_date;amount;currency";
const line = (customer: string, invoice: string, amount: string, name = "Muster"): string =>
  `${customer};Erika;${name};;Heide 1;50667;Köln;${customer.toLowerCase()}@post.example;${invoice};2026-03-01;2026-03-15;${amount};EUR`;

describe("open items", () => {
  test("good rows come in, bad ones are told with their line; the second time nothing changes", async () => {
    const file = [
      HEADER,
      line("C-1", "OP-1", "49.90"),
      line("C-1", "OP-2", "abc"),
      line("C-2", "OP-3", "=1+2"),
      line("C-2", "OP-4", "-20.00", "<b>Fett</b>"),
    ].join("\n");
    const report = await put("op.csv", file);
    expect(report).toMatchObject({ format: "csv", status: "partial", records: 2, imported: { new: 2, known: 0 } });
    expect(report.warnings.length).toBeGreaterThanOrEqual(2);
    expect(await put("op.csv", file)).toMatchObject({ imported: { new: 0, known: 2 } });
    expect(
      await put("op2.csv", `${HEADER}\r\n${line("C-1", "OP-1", "49.90")}\r\n${line("C-1", "OP-5", "1.00")}`),
    ).toMatchObject({ status: "ok", imported: { new: 1, known: 1 } });
    const items = await books.act(async (act) => receivablesOf(act, await customerBy("C-2")));
    expect(items[0]).toMatchObject({ number: "OP-4", itemKind: "credit_note", openTotal: -2000n });
  });
  test("a mapping is guessed, corrected, remembered", async () => {
    const file = (number: string) =>
      `Kd-Nr.;Nachname;Beleg;Fällig am;Wert offen\nC-7;Ohnesorg;${number};15.03.2026;1.234,50\n`;
    const guess = await previewFile({ name: "x.csv", content: Buffer.from(file("M-1")) });
    expect(guess.mapping?.map(({ column }) => column)).toEqual([
      "Kd-Nr.",
      "Nachname",
      "Beleg",
      "Fällig am",
      "Wert offen",
    ]);
    const columns = {
      "Kd-Nr.": "customer_number",
      Nachname: "name",
      Beleg: "invoice_number",
      "Fällig am": "due_date",
      "Wert offen": "amount",
    } as const;
    expect(await put("x.csv", file("M-1"), { mapping: { columns } })).toMatchObject({
      status: "ok",
      imported: { new: 1, known: 0 },
    });
    expect(await put("y.csv", file("M-2"))).toMatchObject({ status: "ok", imported: { new: 1, known: 0 } });
    const items = await books.act(async (act) => receivablesOf(act, await customerBy("C-7")));
    expect(items.map(({ number, openTotal }) => [number, openTotal])).toEqual([
      ["M-1", 123_450n],
      ["M-2", 123_450n],
    ]);
    const table = expectOk(readCsv(Buffer.from("A;B\n1;2\n")));
    expect(await books.act((act) => rememberMapping(act, table, { columns: { C: "amount" } }))).toMatchObject({
      ok: false,
    });
  });
  test("no row readable, unknown brand, several creditors: refused with a reason, nothing stored", async () => {
    expect(await put("b.csv", `${HEADER};brand\n${line("C-8", "OP-8", "5.00")};nobody`)).toMatchObject({
      status: "refused",
      error: { code: "brand_unknown" },
    });
    expect(await put("c.csv", `foo;bar\n1;2`)).toMatchObject({ status: "refused" });
    const own = await openBooks();
    await own.act((act) => makeCreditor(act, "DE75512108001245126199", "second"));
    const content = Buffer.from(`${HEADER}\n${line("C-9", "OP-9", "5.00")}`);
    expect(await importFile(own.platform, own.tenantId, SYSTEM, { name: "d.csv", content })).toMatchObject({
      status: "refused",
      error: { code: "creditor_unknown" },
    });
    expect(
      await importFile(own.platform, own.tenantId, SYSTEM, { name: "d.csv", content, creditorId: own.creditorId }),
    ).toMatchObject({ imported: { new: 1 } });
    await own.drop();
  });
});

describe("each file once and whole", () => {
  test("no report, name or text of a file stands open in the database", async () => {
    await put(
      "Quintessa Planted.xml",
      camt053({ id: "S5", payments: [{ amount: "1.00", name: "Quintessa Planted" }] }),
    );
    const rows = await books.kulanz.database.owner((tx) =>
      tx.rows<{ t: string }>(sql`select f::text as t from import_file f`),
    );
    expect(JSON.stringify(rows)).not.toMatch(/Quintessa|Wiesengrund|Muster/);
  });
  test("the same file eight times at once is taken in once, and acknowledged once", async () => {
    const content = camt053({
      id: "S77",
      payments: Array.from({ length: 30 }, (_, index) => ({ amount: "1.00", text: `t${index}` })),
    });
    const acks: string[] = [];
    const reports = await Promise.all(
      Array.from({ length: 8 }, () =>
        importFile(
          books.platform,
          books.tenantId,
          SYSTEM,
          { name: "p.xml", content },
          { onAck: ({ kind }) => acks.push(kind) },
        ),
      ),
    );
    expect(reports.filter(({ imported }) => imported?.new === 30)).toHaveLength(1);
    expect(reports.filter(({ imported }) => imported?.known === 30)).toHaveLength(7);
    expect(acks).toEqual(["statement imported"]);
  });
  test("cut anywhere or with bytes changed: never thrown, refused with a place or taken in, nothing left of what was refused", async () => {
    const random = seededRandom(11);
    const sources = [
      camt053({
        id: "S66",
        payments: [
          { amount: "1.00", name: "Ida Test", text: "Müller & Söhne", rf: "RF18539007547034" },
          { amount: "2.00", more: [{ amount: "3.00" }] },
        ],
      }),
      Buffer.from(ubl("XF-1", { id: "K-66" })),
      Buffer.from(`${HEADER}\n${line("C-66", "OF-1", "49.90")}\n`),
    ];
    const rounds = process.env["KULANZ_SOAK"] ? 2_000 : 60;
    for (let round = 0; round < rounds; round += 1) {
      const bytes = Buffer.from(sources[round % sources.length] ?? "");
      const cut = random.next() < 0.5;
      if (!cut)
        for (let times = 1 + random.integer(6); times > 0; times -= 1)
          bytes[random.integer(bytes.length)] = random.integer(256);
      const content = cut ? bytes.subarray(0, random.integer(bytes.length)) : bytes;
      const before = (await books.act((act) => importedFiles(act))).length;
      const report = await put(`fuzz-${round}`, content);
      const after = (await books.act((act) => importedFiles(act))).length;
      if (report.status === "refused") {
        expect(after).toBe(before);
        expect(report.error?.where).toContain("fuzz-");
      }
    }
  });
  test("killed at any moment, a file is in or not at all; what was acknowledged is in", {
    timeout: 180_000,
  }, async () => {
    const own = await openBooks();
    const folder = mkdtempSync(join(tmpdir(), "kulanz-kill-"));
    const random = seededRandom(7);
    const ENTRIES = 8_000;
    let acknowledged = 0;
    let stored = 0;
    const kills = process.env["KULANZ_SOAK"] ? 20 : 5;
    for (let round = 1; round <= kills; round += 1) {
      const path = join(folder, `${round}.xml`);
      const payments = Array.from({ length: ENTRIES }, (_, index) => ({
        amount: "1.00",
        name: "Ida Test",
        text: `r${round} t${index}`,
        bankReference: `R${round}-${index}`,
      }));
      writeFileSync(path, camt053({ id: `S${round}`, payments }));
      const child = spawn(
        process.execPath,
        ["--import", resolve("test/support/typescript.js"), resolve("test/books/intake-process.ts")],
        {
          env: {
            ...process.env,
            URL_OF_DATABASE: own.kulanz.url,
            MASTER_KEY: own.kulanz.vaultMasterKey.toString("hex"),
            TENANT: own.tenantId,
            FILE: path,
          },
          stdio: ["ignore", "pipe", "inherit"],
        },
      );
      let output = "";
      child.stdout.on("data", (chunk: Buffer) => {
        output += chunk.toString();
      });
      const ended = new Promise<void>((done) => child.once("exit", () => done()));
      while (!output.includes("started") && child.exitCode === null) await pause(5);
      // The last round is left alone: it shows that the import works here.
      if (round < kills) {
        await pause(50 + random.integer(1_600));
        child.kill("SIGKILL");
      }
      await ended;
      const file = await own.act((act) => importedFiles(act)).then((all) => all.length);
      const rows = await own.kulanz.database.owner((tx) =>
        tx.one<{ n: bigint }>(sql`select count(*) as n from bank_entry`),
      );
      expect(Number(rows?.n) % ENTRIES).toBe(0);
      expect(Number(rows?.n) / ENTRIES).toBe(file);
      if (output.includes("statement imported")) {
        acknowledged += 1;
        expect(file).toBe(stored + 1);
      }
      stored = file;
      const again = await importFile(own.platform, own.tenantId, SYSTEM, {
        name: `${round}.xml`,
        content: () => createReadStream(path),
      });
      expect((again.imported?.new ?? 0) + (again.imported?.known ?? 0)).toBe(ENTRIES);
      stored = await own.act((act) => importedFiles(act)).then((all) => all.length);
      expect(stored).toBe(round);
    }
    expect(acknowledged).toBeGreaterThan(0);
    rmSync(folder, { recursive: true });
    await own.drop();
  });
});
