import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { type InvoiceReport, reportFile } from "../../../src/pure/formats/index.ts";
import { corpusBytes, hasShared, SHARED } from "../corpus.ts";

/** PDFs that are refused, and why. */
const REFUSED: Readonly<Record<string, { readonly code: string; readonly reason: string }>> = {
  "einvoice/ZUGFeRD__corpus/ZUGFeRDv2/fail/Mustangproject/factur-x-invalid-xml-encoding-attribute.pdf": {
    code: "xml_not_well_formed",
    reason: "the attached XML names an encoding that can't be one; the file was made to be refused",
  },
};
/** Pairs of PDF and XML that are not the same invoice. */
const OTHER: Readonly<Record<string, { readonly differs: Partial<InvoiceReport>; readonly reason: string }>> = {
  "einvoice/ZUGFeRD__corpus/XML-Rechnung/FX/XRECHNUNG_Einfach.pdf": {
    differs: { issueDate: "2018-03-05" },
    reason: "the XML beside it was given a new issue date later (2024-11-15)",
  },
};

const report = async (path: string): Promise<InvoiceReport | string> => {
  const found = await reportFile(basename(path), [corpusBytes(path)]);
  return found.invoices[0] ?? found.error?.code ?? "";
};

describe.skipIf(!hasShared)("PDFs of other makers", () => {
  const files = hasShared
    ? readdirSync(`${SHARED}/corpora`, { recursive: true, encoding: "utf8" })
        .filter((path) => path.startsWith("einvoice") && path.endsWith(".pdf"))
        .toSorted()
    : [];
  test("there are 40 or more", () => expect(files.length).toBeGreaterThanOrEqual(40));
  test.each(files)("%s", async (path) => {
    const found = await report(path);
    const refused = REFUSED[path];
    if (refused) return expect(found).toBe(refused.code);
    expect(found).toMatchObject({
      number: expect.stringMatching(/./),
      type: expect.stringMatching(/^\d+$/),
      issueDate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      currency: expect.stringMatching(/^[A-Z]{3}$/),
      seller: expect.stringMatching(/./),
      buyer: expect.stringMatching(/./),
    });
  });
  // The same invoices stand beside these PDFs as XML.
  test.each(files.filter((path) => path.includes("XML-Rechnung/FX/")))("%s says what its XML says", async (path) => {
    const inside = await report(path);
    const beside = await report(path.replace("/FX/", "/CII/").replace(/pdf$/, "cii.xml"));
    expect(inside).toEqual(typeof beside === "string" ? beside : { ...beside, ...OTHER[path]?.differs });
  });
});
