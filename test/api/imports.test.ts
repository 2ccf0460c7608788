import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type {
  BankEntry,
  BankEntryRow,
  ImportJob,
  ImportPreview,
  List,
  StatementRow,
} from "../../web/console/src/api/contract.ts";
import { type ApiHouse, openApi, type Person, refusal } from "./api.ts";
import { openItemsFile, statementFile } from "./files.ts";

let house: ApiHouse;
let agent: Person;
let auditor: Person;
const uploads = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith("kulanz-upload-"));
let before: string[];

beforeAll(async () => {
  // A folder of our own: other tests upload at the same time.
  process.env["TMPDIR"] = mkdtempSync(join(tmpdir(), "kulanz-imports-"));
  before = uploads();
  house = await openApi();
  agent = await house.person("agent");
  auditor = await house.person("auditor");
});
afterAll(async () => {
  await house.drop();
  rmSync(process.env["TMPDIR"] ?? "", { recursive: true, force: true });
});

function formOf(name: string, content: string, fields: Readonly<Record<string, string>> = {}): FormData {
  const form = new FormData();
  form.set("file", new File([content], name));
  for (const [key, value] of Object.entries(fields)) form.set(key, value);
  return form;
}

async function importWhole(
  name: string,
  content: string,
  fields: Readonly<Record<string, string>> = {},
): Promise<ImportJob> {
  const started = await house.call("POST /imports", { as: agent, raw: formOf(name, content, fields) });
  expect(started.status, await started.clone().text()).toBe(202);
  const { id } = (await started.json()) as ImportJob;
  await (await house.call(`GET /imports/${id}/events`, { as: agent })).text();
  return house.get<ImportJob>(`GET /imports/${id}`, { as: agent });
}

const ITEMS = openItemsFile([
  "K-1;Erika;Musterfrau;Heidestraße 17;51147;Köln;erika@musterfrau.example;R-100;01.05.2026;15.05.2026;1.190,00",
  "K-2;=2+5;Böse;Weg 1;51147;Köln;;R-101;01.05.2026;15.05.2026;20,00",
]);

test("a table is looked at: guessed mapping, samples, first rows; nothing is stored", async () => {
  const answer = await house.call("POST /imports/preview", { as: agent, raw: formOf("posten.csv", ITEMS) });
  const preview = (await answer.json()) as ImportPreview;
  expect(preview.result).toMatchObject({ status: "ok", records: 2, imported: null });
  expect(preview.mapping?.columns.map((column) => column.target)).toContain("amount");
  expect(preview.mapping?.rows[0]).toMatchObject({ amount: "1190.00", due_date: "2026-05-15", city: "Köln" });
  expect([preview.needsCreditor, preview.mapping?.missing]).toEqual([false, []]);
  expect((await house.get<List<unknown>>("GET /customers", { as: agent })).total).toBe(0);
});

test("a person's correction counts and is remembered", async () => {
  const table = "Nummer;Wer;Beleg;Wann;Wieviel\r\nK-9;Muster;R-900;03/04/2026;1,234.50\r\n";
  const choice = {
    columns: [
      { column: 0, target: "customer_number" },
      { column: 1, target: "name" },
      { column: 2, target: "invoice_number" },
      { column: 3, target: "due_date" },
      { column: 4, target: "amount" },
    ],
    decimal: ".",
    dateFormat: "MM/DD/YYYY",
    remember: true,
  };
  const look = async (mapping?: unknown): Promise<ImportPreview> =>
    (await (
      await house.call("POST /imports/preview", {
        as: agent,
        raw: formOf("x.csv", table, mapping === undefined ? {} : { mapping: JSON.stringify(mapping) }),
      })
    ).json()) as ImportPreview;
  const seen = await look(choice);
  expect(seen.mapping?.rows[0]).toMatchObject({ due_date: "2026-03-04", amount: "1234.50" });
  expect(seen.mapping?.columns.every((column) => column.source === "person")).toBe(true);
  expect((await importWhole("x.csv", table, { mapping: JSON.stringify(choice) })).state).toBe("done");
  expect((await look()).mapping?.columns[0]?.source).toBe("remembered");
});

test("items and a statement come in, once; the payment is booked and can be undone", async () => {
  expect(await importWhole("posten.csv", ITEMS)).toMatchObject({
    state: "done",
    result: { imported: { new: 2, known: 0 } },
  });
  expect(await importWhole("nochmal.csv", ITEMS)).toMatchObject({
    state: "done",
    result: { imported: { new: 0, known: 2 } },
  });
  const file = statementFile("DE02120300000000202051", [
    ["Erika Musterfrau", "Rechnung R-100", "1190.00"],
    ["Niemand", "Spende", "3.00"],
  ]);
  const job = await importWhole("auszug.xml", file);
  expect([job.state, job.matched]).toEqual(["done", { automatic: 1, proposed: 0, unmatched: 1 }]);
  const booked = await house.get<List<BankEntryRow>>("GET /bank/entries?view=booked", { as: agent });
  expect(booked.rows.map((row) => [row.payer, row.customer?.number, row.automatic])).toEqual([
    ["Erika Musterfrau", "K-1", true],
  ]);
  expect((await house.get<List<BankEntryRow>>("GET /bank/entries?q=spende", { as: agent })).total).toBe(1);
  const id = booked.rows[0]?.id;
  const undone = await house.get<BankEntry>(`POST /bank/entries/${id}/reopen`, { as: agent });
  expect(undone).toMatchObject({ view: "proposed", booked: [] });
  expect(await refusal(await house.call(`POST /bank/entries/${id}/reopen`, { as: agent }))).toEqual([
    409,
    "already_done",
  ]);
  const [customer] = (await house.get<List<{ id: string }>>("GET /customers?q=K-1", { as: agent })).rows;
  const items = await house.get<List<{ id: string }>>(`GET /customers/${customer?.id}/items`, { as: agent });
  const distribution = (amount: string) => ({
    customerId: customer?.id,
    items: [{ itemId: items.rows[0]?.id, amount: { amount, currency: "EUR" } }],
  });
  expect(
    await refusal(await house.call(`POST /bank/entries/${id}/book`, { as: agent, body: distribution("5.00") })),
  ).toEqual([422, "distribution_not_possible"]);
  const again = await house.get(`POST /bank/entries/${id}/book`, { as: agent, body: distribution("1190.00") });
  expect(again).toMatchObject({ booked: [{ number: "R-100", amount: { amount: "1190.00" } }] });
  const statements = await house.get<List<StatementRow>>("GET /bank/statements", { as: agent });
  expect(statements.rows).toMatchObject([{ file: "auszug.xml", reconciles: true, credits: { amount: "1193.00" } }]);
});

test("hostile files are refused with their place, and leave nothing behind", async () => {
  const bomb = `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">&c;</Document>`;
  for (const [name, content] of [
    ["bomb.xml", bomb],
    ["cut.xml", statementFile("DE02120300000000202051", [["A", "b", "1.00"]], "7").slice(0, 700)],
    ["nothing.csv", ""],
    ["../../../../etc/cron.d/evil.xml", "<html>"],
    ["binary.pdf", "\u0000\u0001\u0002%PDF"],
  ] as const) {
    const job = await importWhole(name, content);
    expect(job.state, name).toBe("failed");
    expect(job.result?.error?.where, name).toMatch(/./);
    expect(job.file, name).not.toContain("/");
  }
  expect(uploads()).toEqual(before);
});

test("forms that are none are refused", async () => {
  const post = (raw: string, type: string) =>
    house.call("POST /imports", { as: agent, raw, headers: { "content-type": type } });
  expect(await refusal(await post("x", "text/plain"))).toEqual([422, "form_malformed"]);
  expect(await refusal(await post("--b\r\n\r\n", "multipart/form-data; boundary=b"))).toEqual([422, "form_malformed"]);
  const cut = '--b\r\ncontent-disposition: form-data; name="file"; filename="a.xml"\r\n\r\nhalf of it';
  expect(await refusal(await post(cut, "multipart/form-data; boundary=b"))).toEqual([422, "form_malformed"]);
  const none = '--b\r\ncontent-disposition: form-data; name="creditor"\r\n\r\n\r\n--b--\r\n';
  expect(await refusal(await post(none, "multipart/form-data; boundary=b"))).toEqual([422, "file_missing"]);
  expect(
    await refusal(
      await house.call("POST /imports", {
        as: agent,
        raw: formOf("a.csv", ITEMS, { creditor: house.outreach.brandId }),
      }),
    ),
  ).toEqual([404, "creditor_unknown"]);
  expect(
    await refusal(await house.call("POST /imports", { as: agent, raw: formOf("a.csv", ITEMS, { mapping: "{" }) })),
  ).toEqual([422, "mapping_malformed"]);
  expect(await refusal(await house.call("POST /imports", { as: auditor, raw: formOf("a.csv", ITEMS) }))).toEqual([
    403,
    "not_allowed",
  ]);
  expect(uploads()).toEqual(before);
});

/** The files of a ZIP by its central directory (APPNOTE 4.3.12). */
function unzip(bytes: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  const end = bytes.lastIndexOf(Buffer.from("PK\u0005\u0006", "latin1"));
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [packed, size, nameLength] = [
      bytes.readUInt32LE(at + 20),
      bytes.readUInt32LE(at + 24),
      bytes.readUInt16LE(at + 28),
    ];
    const local = bytes.readUInt32LE(at + 42);
    const name = bytes.toString("utf8", at + 46, at + 46 + nameLength);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const text = inflateRawSync(bytes.subarray(start, start + packed)).toString("utf8");
    expect(Buffer.byteLength(text), name).toBe(size);
    files.set(name, text);
    at += 46 + nameLength;
  }
  return files;
}

test("lists come as CSV and as a workbook that opens, without a formula in either", async () => {
  const csv = await house.call("GET /customers/export?format=csv&sort=number", { as: agent });
  expect(csv.headers.get("content-disposition")).toBe('attachment; filename="customers.csv"');
  const text = Buffer.from(await csv.arrayBuffer()).toString("utf8");
  expect(text.split("\r\n")[0]).toBe(
    "\uFEFFNumber;Name;Kind;Street;Town;Open;Currency;Overdue;Currency;Oldest due date;Stage;Hold",
  );
  expect(text).toContain("'=2+5 Böse");
  const xlsx = await house.call("GET /customers/export?format=xlsx", { as: agent });
  const files = unzip(Buffer.from(await xlsx.arrayBuffer()));
  expect([...files.keys()]).toContain("xl/workbook.xml");
  const sheet = files.get("xl/worksheets/sheet1.xml") ?? "";
  const { readXmlTree } = await import("../../src/pure/formats/text/xml.ts");
  for (const [name, xml] of files)
    expect(
      readXmlTree(Buffer.from(xml), { depthMax: 20, pieceCharsMax: 1_000_000, bytesMax: 10_000_000 }).ok,
      name,
    ).toBe(true);
  expect(sheet).toContain('<t xml:space="preserve">=2+5 Böse</t>');
  expect(sheet).not.toContain("<f>");
  expect(sheet).toMatch(/<v>20<\/v>/);
  for (const path of house.table.filter(
    (one) => one.path.endsWith("/export") && !one.path.includes("{") && !/^\/(audit|users|api-keys)\//.test(one.path),
  ))
    for (const format of ["csv", "xlsx"])
      expect((await house.call(`GET ${path.path}?format=${format}`, { as: agent })).status, path.path).toBe(200);
});
