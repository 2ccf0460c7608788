/** Corrections, cancellations and credit notes find their item and are applied by postings with history. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { bookPayment, receivablesOf } from "../../src/books/receivables/index.ts";
import { EUR } from "../../src/pure/kernel/index.ts";
import { type Books, day } from "../books/books.ts";
import { customerOf, list, openLed, openOf, put } from "./setting.ts";

let books: Books;
beforeAll(async () => {
  books = await openLed("kulanz");
});
afterAll(() => books.drop());

const ubl = (
  number: string,
  payable: string,
  more: { type?: string; preceding?: string; order?: string; customer?: string; due?: string } = {},
) => `<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>
<cbc:ID>${number}</cbc:ID><cbc:IssueDate>2026-03-01</cbc:IssueDate><cbc:DueDate>${more.due ?? "2026-03-15"}</cbc:DueDate>
<cbc:InvoiceTypeCode>${more.type ?? "380"}</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
${more.order ? `<cac:OrderReference><cbc:ID>${more.order}</cbc:ID></cac:OrderReference>` : ""}
${more.preceding ? `<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>${more.preceding}</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference>` : ""}
<cac:AccountingSupplierParty><cac:Party><cac:PartyLegalEntity><cbc:RegistrationName>Blumenhof Versand GmbH</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>
<cac:AccountingCustomerParty><cac:Party><cac:PartyIdentification><cbc:ID>${more.customer ?? "K-1"}</cbc:ID></cac:PartyIdentification>
<cac:PostalAddress><cbc:StreetName>Lindenallee 4</cbc:StreetName><cbc:CityName>Bonn</cbc:CityName><cbc:PostalZone>53111</cbc:PostalZone><cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
<cac:PartyLegalEntity><cbc:RegistrationName>Wiesengrund Gärtnerei GmbH</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:AccountingCustomerParty>
<cac:PaymentMeans><cbc:PaymentMeansCode>58</cbc:PaymentMeansCode><cac:PayeeFinancialAccount><cbc:ID>DE02120300000000202051</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>
<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">${payable}</cbc:LineExtensionAmount><cbc:TaxExclusiveAmount currencyID="EUR">${payable}</cbc:TaxExclusiveAmount><cbc:TaxInclusiveAmount currencyID="EUR">${payable}</cbc:TaxInclusiveAmount><cbc:PayableAmount currencyID="EUR">${payable}</cbc:PayableAmount></cac:LegalMonetaryTotal>
</Invoice>`;

test("a credit note settles the invoice it names, and what is left stays to the customer's good", async () => {
  await put(books, "a.xml", ubl("A-1", "100.00"));
  await put(books, "b.xml", ubl("A-2", "50.00"));
  await put(books, "g.xml", ubl("G-1", "70.00", { type: "381", preceding: "A-2" }));
  expect(await openOf(books)).toEqual({ "A-1": "10000", "A-2": "0", "G-1": "-2000" });
});

test("without such a name, the only open invoice of its order", async () => {
  await put(books, "c.xml", ubl("A-3", "30.00", { order: "B-77" }));
  await put(books, "g2.xml", ubl("G-2", "10.00", { type: "381", order: "B-77" }));
  expect(await openOf(books)).toMatchObject({ "A-3": "2000", "G-2": "0" });
});

test("an invoice of another customer is not touched, and the file says so", async () => {
  const report = await put(books, "g3.xml", ubl("G-3", "5.00", { type: "381", preceding: "A-1", customer: "K-2" }));
  expect(report.warnings.join()).toMatch(/another customer/);
  expect((await openOf(books))["A-1"]).toBe("10000");
});

test("the same number again corrects the claim, also after a payment: what is too much frees itself", async () => {
  const customerId = await customerOf(books);
  const items = await books.act((act) => receivablesOf(act, customerId));
  const paid = items.find(({ number }) => number === "A-1")?.receivableId;
  await books.act((act) =>
    bookPayment(act, {
      customerId,
      creditorId: books.creditorId,
      amountMinor: 10000n,
      currency: EUR,
      valueOn: day("2026-04-01"),
      designated: paid ? [paid] : [],
    }),
  );
  const report = await put(books, "a2.xml", ubl("A-1", "80.00", { type: "384", due: "2026-03-20" }));
  expect(report.warnings.join()).toMatch(/it was corrected/);
  const after = await books.act((act) => receivablesOf(act, customerId));
  expect(after.find(({ number }) => number === "A-1")).toMatchObject({ openTotal: 0n, dueOn: "2026-03-20" });
  // 20.00 too much: A-3 (20.00 open) takes it.
  expect(await openOf(books)).toMatchObject({ "A-1": "0", "A-3": "0" });
});

test("a credit note in a table, by its order number or none", async () => {
  await put(books, "t.csv", list([{ number: "T-1", amount: "40.00" }]));
  await put(books, "t2.csv", list([{ number: "T-2", amount: "-15.00" }]));
  expect(await openOf(books)).toMatchObject({ "T-1": "4000", "T-2": "-1500" });
});
