/** Whether invoices add up, and what becomes of one that does not. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { findings } from "../../src/books/checking/index.ts";
import { importFile } from "../../src/books/intake/index.ts";
import { isVatId, readInvoiceFile } from "../../src/pure/formats/index.ts";
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
  /** base, tax, percent. */
  readonly rates?: readonly (readonly [string, string, string])[];
  /** Quantity, price, for so many, allowance of the first line. */
  readonly priced?: readonly [string, string, string, string];
  readonly vatId?: string;
}

const partsOf = ([quantity, price, per, allowance]: NonNullable<Stated["priced"]>): string =>
  `<InvoicedQuantity unitCode="C62">${quantity}</InvoicedQuantity><AllowanceCharge><ChargeIndicator>false</ChargeIndicator><Amount>${allowance}</Amount></AllowanceCharge><Price><PriceAmount>${price}</PriceAmount><BaseQuantity>${per}</BaseQuantity></Price>`;

const ubl = ({
  lines = ["60.00", "40.00"],
  lineTotal = "100.00",
  net = "100.00",
  tax = "19.00",
  total = "119.00",
  prepaid,
  payable = "119.00",
  rates = [],
  priced,
  vatId = "DE123456789",
}: Stated): string => `<?xml version="1.0"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"><ID>R-1</ID><IssueDate>2026-05-01</IssueDate><DueDate>2026-05-15</DueDate>
<InvoiceTypeCode>380</InvoiceTypeCode><DocumentCurrencyCode>EUR</DocumentCurrencyCode>
<AccountingSupplierParty><Party><PartyTaxScheme><CompanyID>${vatId}</CompanyID><TaxScheme><ID>VAT</ID></TaxScheme></PartyTaxScheme></Party></AccountingSupplierParty>
<AccountingCustomerParty><Party><PartyIdentification><ID>10001</ID></PartyIdentification><PostalAddress><StreetName>Weg 1</StreetName><CityName>Köln</CityName><PostalZone>50667</PostalZone><Country><IdentificationCode>DE</IdentificationCode></Country></PostalAddress><PartyLegalEntity><RegistrationName>Erika Muster</RegistrationName></PartyLegalEntity></Party></AccountingCustomerParty>
<TaxTotal><TaxAmount currencyID="EUR">${tax}</TaxAmount>${rates.map(([base, amount, percent]) => `<TaxSubtotal><TaxableAmount>${base}</TaxableAmount><TaxAmount>${amount}</TaxAmount><TaxCategory><Percent>${percent}</Percent></TaxCategory></TaxSubtotal>`).join("")}</TaxTotal><TaxTotal><TaxAmount currencyID="SEK">999.00</TaxAmount></TaxTotal>
<LegalMonetaryTotal><LineExtensionAmount currencyID="EUR">${lineTotal}</LineExtensionAmount><TaxExclusiveAmount currencyID="EUR">${net}</TaxExclusiveAmount><TaxInclusiveAmount currencyID="EUR">${total}</TaxInclusiveAmount>${prepaid === undefined ? "" : `<PrepaidAmount currencyID="EUR">${prepaid}</PrepaidAmount>`}<PayableAmount currencyID="EUR">${payable}</PayableAmount></LegalMonetaryTotal>
${lines.map((line, index) => `<InvoiceLine><LineExtensionAmount currencyID="EUR">${line}</LineExtensionAmount>${index === 0 && priced ? partsOf(priced) : ""}</InvoiceLine>`).join("")}</Invoice>`;

const failing = (stated: Stated) => expectOk(readInvoiceFile(Buffer.from(ubl(stated)))).sumsThatFail;

test.each<[string, Stated, string[]]>([
  ["one that adds up", {}, []],
  ["two hundredths are rounding", { total: "119.02", payable: "119.02" }, []],
  ["three are not", { total: "119.03", payable: "119.03" }, ["BT-112"]],
  ["a line is missing", { lines: ["60.00"] }, ["BT-106"]],
  ["net is not the lines", { net: "90.00", total: "109.00", payable: "109.00" }, ["BT-109"]],
  ["prepaid is taken off", { prepaid: "19.00", payable: "100.00" }, []],
  ["prepaid is forgotten", { prepaid: "19.00" }, ["BT-115"]],
  ["the tax is the rate's", { rates: [["100.00", "19.00", "19"]] }, []],
  ["the rate's tax is another", { rates: [["100.00", "19.00", "7.00"]] }, ["BT-117"]],
  ["rates that don't add up", { rates: [["90.00", "17.10", "19"]] }, ["BT-110"]],
  [
    "two rates",
    {
      rates: [
        ["100.00", "19.00", "19"],
        ["0.00", "0.00", "0"],
      ],
    },
    [],
  ],
])("%s", (_, stated, expected) => {
  expect(failing(stated)).toEqual(expected);
});

test.each<[string, NonNullable<Stated["priced"]>, number[]]>([
  ["quantity × price", ["3", "20.00", "1", "0"], []],
  ["a price for a hundred", ["300", "20.00", "100", "0"], []],
  ["less an allowance", ["4", "20.00", "1", "20.00"], []],
  ["two hundredths are rounding", ["3", "20.0066", "1", "0"], []],
  ["three are not", ["3", "20.01", "1", "0"], [1]],
  ["another price", ["2", "20.00", "1", "0"], [1]],
])("a line: %s", (_, priced, expected) => {
  expect(expectOk(readInvoiceFile(Buffer.from(ubl({ priced })))).linesThatFail).toEqual(expected);
});

test.each<[string, boolean]>([
  ["DE123456789", true],
  ["DE 123 456 789", true],
  ["DE12345678", false],
  ["ATU12345678", true],
  ["AT12345678", false],
  ["NL123456789B01", true],
  ["FRXX123456789", true],
  ["EL123456789", true],
  ["CHE-123.456.789 MWST", true],
  ["123/456/78901", false],
  ["US123456789", true],
])("VAT ID %s: %s", (id, wanted) => expect(isVatId(id)).toBe(wanted));

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

test("a line that is not its price and a VAT ID of the wrong form are tasks, and hold nothing back", async () => {
  const put = (stated: Stated) =>
    importFile(b.platform, b.tenantId, SYSTEM, { name: "r.xml", content: Buffer.from(ubl(stated)) });
  const open = async () =>
    (await b.act((act) => findings(act, { state: "open" }, { limit: 10 }))).rows
      .map(({ rule, severity, facts }) => [rule, severity, facts])
      .sort();
  await put({ priced: ["2", "20.00", "1", "0"], vatId: "DE12" });
  expect(await open()).toEqual([
    ["line_price", "warning", { lines: "1" }],
    ["vat_id_malformed", "warning", { place: "BT-31" }],
  ]);
  await put({ vatId: "DE987654321" });
  expect(await open()).toEqual([]);
});
