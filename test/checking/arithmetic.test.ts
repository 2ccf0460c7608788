/** Whether invoices add up, and what becomes of one that does not. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { findings } from "../../src/books/checking/index.ts";
import { importFile } from "../../src/books/intake/index.ts";
import { readInvoiceFile } from "../../src/pure/formats/index.ts";
import { expectOk } from "../../src/pure/kernel/index.ts";
import { type Books, openBooks, SYSTEM } from "../books/books.ts";

interface Stated {
  readonly lines?: readonly string[];
  readonly lineTotal?: string;
  readonly net?: string;
  readonly tax?: string;
  readonly total?: string;
  readonly prepaid?: string;
  readonly payable?: string;
}

const ubl = ({
  lines = ["60.00", "40.00"],
  lineTotal = "100.00",
  net = "100.00",
  tax = "19.00",
  total = "119.00",
  prepaid,
  payable = "119.00",
}: Stated): string => `<?xml version="1.0"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"><ID>R-1</ID><IssueDate>2026-05-01</IssueDate><DueDate>2026-05-15</DueDate>
<InvoiceTypeCode>380</InvoiceTypeCode><DocumentCurrencyCode>EUR</DocumentCurrencyCode>
<AccountingCustomerParty><Party><PartyIdentification><ID>10001</ID></PartyIdentification><PostalAddress><StreetName>Weg 1</StreetName><CityName>Köln</CityName><PostalZone>50667</PostalZone><Country><IdentificationCode>DE</IdentificationCode></Country></PostalAddress><PartyLegalEntity><RegistrationName>Erika Muster</RegistrationName></PartyLegalEntity></Party></AccountingCustomerParty>
<TaxTotal><TaxAmount currencyID="EUR">${tax}</TaxAmount></TaxTotal><TaxTotal><TaxAmount currencyID="SEK">999.00</TaxAmount></TaxTotal>
<LegalMonetaryTotal><LineExtensionAmount currencyID="EUR">${lineTotal}</LineExtensionAmount><TaxExclusiveAmount currencyID="EUR">${net}</TaxExclusiveAmount><TaxInclusiveAmount currencyID="EUR">${total}</TaxInclusiveAmount>${prepaid === undefined ? "" : `<PrepaidAmount currencyID="EUR">${prepaid}</PrepaidAmount>`}<PayableAmount currencyID="EUR">${payable}</PayableAmount></LegalMonetaryTotal>
${lines.map((line) => `<InvoiceLine><LineExtensionAmount currencyID="EUR">${line}</LineExtensionAmount></InvoiceLine>`).join("")}</Invoice>`;

const failing = (stated: Stated) => expectOk(readInvoiceFile(Buffer.from(ubl(stated)))).sumsThatFail;

test.each<[string, Stated, string[]]>([
  ["one that adds up", {}, []],
  ["two hundredths are rounding", { total: "119.02", payable: "119.02" }, []],
  ["three are not", { total: "119.03", payable: "119.03" }, ["BT-112"]],
  ["a line is missing", { lines: ["60.00"] }, ["BT-106"]],
  ["net is not the lines", { net: "90.00", total: "109.00", payable: "109.00" }, ["BT-109"]],
  ["prepaid is taken off", { prepaid: "19.00", payable: "100.00" }, []],
  ["prepaid is forgotten", { prepaid: "19.00" }, ["BT-115"]],
])("%s", (_, stated, expected) => {
  expect(failing(stated)).toEqual(expected);
});

let b: Books;
beforeAll(async () => {
  b = await openBooks();
});
afterAll(() => b.drop());

test("imported, it is taken in and held back by a finding; a corrected one resolves it", async () => {
  const put = (stated: Stated) =>
    importFile(b.platform, b.tenantId, SYSTEM, { name: "r.xml", content: Buffer.from(ubl(stated)) });
  const open = async () => (await b.act((act) => findings(act, { state: "open" }, { limit: 10 }))).rows;
  expect((await put({ tax: "16.00" })).error).toBeUndefined();
  expect(await open()).toMatchObject([{ rule: "arithmetic", severity: "blocking", facts: { place: "BT-112" } }]);
  expect((await put({})).error).toBeUndefined();
  expect(await open()).toEqual([]);
});
