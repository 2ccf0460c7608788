import { describe, expect, test } from "vitest";
import { type InvoiceReport, reportFile } from "../../../src/pure/formats/index.ts";
import { readInvoice } from "../../../src/pure/formats/invoice/invoice.ts";
import { type Decimal, formatDecimal } from "../../../src/pure/kernel/index.ts";
import { corpusBytes, hasShared, sharedJson } from "../corpus.ts";

interface Expected {
  syntax?: string;
  customization: string | null;
  id?: string | null;
  type: string | null;
  issue_date: string | null;
  due_date: string | null;
  currency: string;
  tax_exclusive: string | null;
  tax_inclusive: string;
  prepaid: string | null;
  payable: string | null;
  seller: string | null;
  buyer: string | null;
  buyer_reference: string | null;
  payment_means: string | null;
  payment_id: string | null;
  iban: string | null;
  mandate: string | null;
  terms: string | null;
  lines: number;
}

/** Where we read more than the expected values say, by file: the value and the reason. */
const FOUND: Readonly<Record<string, { readonly value: Partial<Expected>; readonly reason: string }>> = {
  "einvoice/itplr-kosit__xrechnung-testsuite/technical-cases/cius/01.02_comprehensive_test_uncefact.xml": {
    value: { iban: "DE79000000001234567890" },
    reason: "the payee's account stands in the second payment means, the expected value looks at the first only",
  },
  "einvoice/easybill__zugferd-php/zugferd10/Tests/reader.zugferd.xml": {
    value: { payable: "235.62" },
    reason: "the amount due is missing; we take total less prepaid and warn",
  },
};

const number = (text: string | null): string | null =>
  text === null
    ? null
    : text
        .trim()
        .replace(/(\.\d*?)0+$/, "$1")
        .replace(/\.$/, "")
        .replace(/^-0$/, "0");
const shown = (value: Decimal | null): string | null => (value === null ? null : number(formatDecimal(value, 0)));
const day = (text: string | null): string | null =>
  text === null ? null : text.replace(/^(\d{4})(\d\d)(\d\d)$/, "$1-$2-$3");
const prose = (text: string | null): string | null => text?.replace(/\s+/g, " ").trim() || null;

const comparable = (invoice: InvoiceReport): InvoiceReport => ({
  ...invoice,
  total: number(invoice.total) ?? "",
  prepaid: number(invoice.prepaid),
  payable: number(invoice.payable) ?? "",
  seller: prose(invoice.seller),
  buyer: prose(invoice.buyer),
});

describe.skipIf(!hasShared)("electronic invoices of other makers", () => {
  const files = hasShared
    ? Object.entries(sharedJson("corpora/expected_invoices.json") as Record<string, Expected>)
    : [];
  test("there are many", () => expect(files.length).toBeGreaterThan(250));
  for (const [path, stated] of files) {
    const expected = { ...stated, ...FOUND[path]?.value };
    test(path, async () => {
      const read = readInvoice(corpusBytes(path));
      // What `kulanz import --dry-run --json` prints.
      const report = await reportFile(path, [corpusBytes(path)]);
      if (expected.id === undefined || expected.id === null) {
        expect(read.ok ? "read" : "refused").toBe("refused");
        expect(report).toMatchObject({
          status: "refused",
          invoices: [],
          error: { message: expect.stringMatching(/\.$|: /) },
        });
        return;
      }
      expect(report).toMatchObject({ status: "ok", format: expected.syntax });
      expect(report.invoices.map(comparable)).toEqual([
        comparable({
          number: expected.id,
          type: expected.type,
          issueDate: day(expected.issue_date),
          dueDate: day(expected.due_date),
          currency: expected.currency,
          total: expected.tax_inclusive,
          prepaid: expected.prepaid,
          payable: expected.payable ?? "",
          iban: expected.iban?.replace(/\s+/g, "").toUpperCase() ?? null,
          remittance: expected.payment_id,
          mandate: expected.mandate,
          seller: expected.seller,
          buyer: expected.buyer,
        }),
      ]);
      if (!read.ok) expect(read.error).toBeNull();
      else {
        const { value } = read;
        // Of several payment terms the expected value has the first; we keep all, one a line.
        expect({
          syntax: value.syntax,
          customization: value.customization,
          id: value.number,
          type: value.type,
          issue_date: value.issueDate,
          due_date: value.dueDate,
          currency: value.currency,
          net: shown(value.net),
          total: shown(value.total),
          prepaid: shown(value.prepaid),
          payable: shown(value.payable),
          seller: prose(value.seller.name),
          buyer: prose(value.buyer.name),
          buyerReference: value.buyerReference,
          means: value.paymentMeans,
          remittance: value.remittance,
          iban: value.iban,
          mandate: value.mandate,
          terms: prose(value.terms)?.slice(0, prose(expected.terms)?.length) ?? null,
          lines: value.lines,
        }).toEqual({
          syntax: expected.syntax,
          customization: expected.customization,
          id: expected.id,
          type: expected.type,
          issue_date: day(expected.issue_date),
          due_date: day(expected.due_date),
          currency: expected.currency,
          net: number(expected.tax_exclusive),
          total: number(expected.tax_inclusive),
          prepaid: number(expected.prepaid),
          payable: number(expected.payable),
          seller: prose(expected.seller),
          buyer: prose(expected.buyer),
          buyerReference: expected.buyer_reference,
          means: expected.payment_means,
          remittance: expected.payment_id,
          iban: expected.iban?.replace(/\s+/g, "").toUpperCase() ?? null,
          mandate: expected.mandate,
          terms: prose(expected.terms),
          lines: expected.lines,
        }); // prettier-ignore
      }
    });
  }
});
