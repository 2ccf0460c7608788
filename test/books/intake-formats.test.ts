import { afterAll, beforeAll, expect, test } from "vitest";
import { entries } from "../../src/books/banking/index.ts";
import { takeCustomers } from "../../src/books/customers/index.ts";
import { importFile, matchesOfFile, previewFile } from "../../src/books/intake/index.ts";
import { matchEntries } from "../../src/books/matching/index.ts";
import { casesOf, receivablesOf } from "../../src/books/receivables/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { type CustomerId, expectOk } from "../../src/pure/kernel/index.ts";
import { zipOf } from "../formats/archive/zip-maker.ts";
import { camt053 } from "./banking-files.ts";
import { type Books, customerInput, makeItem, openBooks, SYSTEM } from "./books.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.drop());

const take = (name: string, content: Buffer) => importFile(books.platform, books.tenantId, SYSTEM, { name, content });
const MT = [
  ":20:STARTUMS",
  ":25:12030000/0000202051",
  ":28C:1/1",
  ":60F:C260401EUR1000,00",
  ":61:2604010401C12,50NTRFNONREF//B1",
  ":86:166?00GUTSCHRIFT?20SVWZ+RE-0000009?32ANNA ALBRECHT",
  ":62F:C260401EUR1012,50",
  "-",
  "",
].join("\r\n");
const statement = camt053({
  id: "S9",
  date: "2026-04-02",
  payments: [{ amount: "20.00", name: "Bernd Busch", text: "RE-0000010" }],
});

test("MT940: by Bankleitzahl and Kontonummer it is the creditor's account; the dry run says the same", async () => {
  const report = await take("day.sta", Buffer.from(MT));
  expect(report).toMatchObject({ status: "ok", format: "MT940", imported: { new: 1, known: 0 } });
  expect({ ...(await previewFile({ name: "day.sta", content: Buffer.from(MT) })), imported: report.imported }).toEqual(
    report,
  );
  const again = await take("copy.sta", Buffer.from(MT.replaceAll("\r\n", "\n")));
  expect(again.imported).toEqual({ new: 0, known: 1 });
});

test("a ZIP is taken in with all its files; its entries are found by its name; a broken file refuses all of it", async () => {
  const zip = zipOf([
    { name: "a.xml", bytes: statement },
    { name: "b.sta", bytes: Buffer.from(MT) },
  ]);
  const report = await take("month.zip", zip);
  expect(report).toMatchObject({ status: "ok", imported: { new: 1, known: 1 } });
  const preview = await previewFile({ name: "month.zip", content: zip });
  expect(preview.statements).toEqual(report.statements);
  expect(preview.format).toEqual(report.format);
  expect(expectOk(await books.act((act) => matchesOfFile(act, "month.zip")))).toHaveLength(1);
  expect((await take("month.zip", zip)).imported).toEqual({ new: 0, known: 2 });
  expect((await take("a.xml", statement)).imported).toEqual({ new: 0, known: 1 });

  const before = await books.act((act) => entries(act, {}));
  const fresh = camt053({ id: "S10", date: "2026-04-03", payments: [{ amount: "1.00" }] });
  const bad = zipOf([
    { name: "good.xml", bytes: fresh },
    { name: "cut.xml", bytes: statement.subarray(0, 700) },
  ]);
  const refused = await take("bad.zip", bad);
  expect(refused.status).toBe("refused");
  expect(refused.error?.where).toMatch(/^bad\.zip\/cut\.xml/);
  expect(refused).toEqual(await previewFile({ name: "bad.zip", content: bad }));
  expect(await books.act((act) => entries(act, {}))).toEqual(before);
  expect((await books.act((act) => act.tx.rows(sql`select from import_file where format = 'ZIP'`))).length).toBe(0);
});

test("a debit that the bank refused (pain.002) undoes its payment and reopens the case", async () => {
  const customerId = await books.act(async (act): Promise<CustomerId> => {
    const taken = (await takeCustomers(act, [customerInput(books, "P-1", { firstName: "Paul", name: "Pause" })])).get(
      "P-1",
    );
    if (!taken) throw new Error("not taken");
    await makeItem(act, books, taken.customerId, "RE-0000077", 3_000n);
    return taken.customerId;
  });
  await take(
    "debits.xml",
    camt053({
      id: "S11",
      date: "2026-04-04",
      payments: [{ amount: "30.00", name: "Paul Pause", text: "RE-0000077", endToEndId: "DD-77" }],
    }),
  );
  await matchEntries(books.platform, books.tenantId, SYSTEM, {});
  expect((await books.act((act) => receivablesOf(act, customerId)))[0]?.openTotal).toBe(0n);
  const status = (id: string): Buffer =>
    Buffer.from(
      `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr><MsgId>${id}</MsgId><CreDtTm>2026-04-05T08:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>OUT1</OrgnlMsgId><OrgnlMsgNmId>pain.008.001.08</OrgnlMsgNmId></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>B1</OrgnlPmtInfId><TxInfAndSts><OrgnlEndToEndId>DD-77</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf><OrgnlTxRef><Amt><InstdAmt Ccy="EUR">30.00</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>`,
    );
  const report = await take("status.xml", status("ST1"));
  expect(report).toMatchObject({ status: "ok", records: 1, imported: { new: 1, known: 0 } });
  expect((await books.act((act) => receivablesOf(act, customerId)))[0]?.openTotal).toBe(3_000n);
  expect((await books.act((act) => casesOf(act, [customerId]))).map(({ state }) => state)).toContain("open");
  expect((await take("status2.xml", status("ST2"))).imported).toEqual({ new: 0, known: 0 });
});
