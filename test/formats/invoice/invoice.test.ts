import { describe, expect, test } from "vitest";
import { reportFile } from "../../../src/pure/formats/index.ts";
import { readInvoice } from "../../../src/pure/formats/invoice/invoice.ts";
import { expectOk } from "../../../src/pure/kernel/index.ts";
import { CII, UBL } from "../fixtures.ts";

const read = (text: string) => readInvoice(Buffer.from(text));
const outcome = (text: string): string => {
  const result = read(text);
  return result.ok ? "read" : `${result.error.code} ${result.error.where}`;
};

describe("electronic invoices", () => {
  test("in the envelope of a network", async () => {
    const wrapped = (text: string): string =>
      `<sh:StandardBusinessDocument xmlns:sh="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"><sh:StandardBusinessDocumentHeader><sh:Type>Invoice</sh:Type></sh:StandardBusinessDocumentHeader>${text.replace(/<\?xml[^>]*>/, "")}</sh:StandardBusinessDocument>`;
    for (const [text, number] of [
      [UBL, "RE-0000001"],
      [CII, "G-1"],
    ] as const)
      expect((await reportFile("x", [Buffer.from(wrapped(text))])).invoices).toMatchObject([{ number }]);
    expect(outcome(wrapped("<Order/>"))).toBe("not_an_invoice 1:111");
  }); // prettier-ignore
  test("UBL", () => {
    expect(expectOk(read(UBL))).toMatchObject({
      syntax: "UBL Invoice",
      number: "RE-0000001",
      type: "380",
      creditNote: false,
      issueDate: "2026-01-02",
      dueDate: "2026-01-16",
      currency: "EUR",
      total: { digits: 11900n, scale: 2 },
      prepaid: { digits: 19n, scale: 0 },
      payable: { digits: 10000n, scale: 2 },
      iban: "DE02120300000000202051",
      remittance: "RE-0000001",
      mandate: null,
      terms: "#SKONTO#TAGE=7#PROZENT=2.00#",
      buyerReference: "04011000-12345-34",
      orderReference: "B-9",
      lines: 1,
      warnings: [],
      seller: { name: "lager GmbH", vatId: "DE1", email: "post@lager.example" },
      buyer: {
        name: "kunde GmbH",
        identifiers: [{ id: "kunde-1", scheme: null }],
        contactName: "Öz",
        email: "oez@kunde.example",
        address: { street: "Weg 1", additional: ["Hof"], postcode: "86150", city: "Augsburg", country: "DE" },
      },
    }); // prettier-ignore
  });
  test("CII credit note", () => {
    expect(expectOk(read(CII))).toMatchObject({
      syntax: "CII",
      number: "G-1",
      type: "381",
      creditNote: true,
      issueDate: "2026-01-02",
      dueDate: null,
      total: { digits: -1190n, scale: 2 },
      prepaid: null,
      preceding: ["RE-0000001"],
      buyer: { name: "Ada Beispiel", email: "ada@kunde.example" },
    }); // prettier-ignore
  });
  test.each([UBL, CII])("truncated at every byte it is refused", (text) => {
    const bytes = Buffer.from(text.trimEnd());
    for (let length = 0; length < bytes.length; length += 1)
      expect(readInvoice(bytes.subarray(0, length)).ok).toBe(false);
  });
  test.each<[string, string, RegExp]>([
    ["no number", UBL.replace("<cbc:ID>RE-0000001</cbc:ID>", ""), /^invoice_number_missing BT-1$/],
    ["a bad amount", UBL.replace(">119.00<", ">119,00<"), /^invoice_amount_invalid \d+:\d+$/],
    ["another root", "<order/>", /^not_an_invoice 1:\d+$/],
    [
      "a document type",
      CII.replace("<rsm:CrossIndustryInvoice", "<!DOCTYPE a><rsm:CrossIndustryInvoice"),
      /^xml_doctype_refused 2:\d+$/,
    ],
  ])("refuses %s", (_, text, expected) => expect(outcome(text)).toMatch(expected));
  test("what does not add up is read with a warning", () => {
    expect(expectOk(read(UBL.replace(">100.00<", ">90.00<"))).warnings).toMatchObject([
      { code: "payable_does_not_add_up" },
    ]);
    expect(expectOk(read(UBL.replace("2026-01-16", "2026-02-30")))).toMatchObject({
      dueDate: null,
      warnings: [{ code: "date_invalid" }],
    });
  });
});
