import fc from "fast-check";
import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { reportFile } from "../../../src/pure/formats/index.ts";
import { pdfInvoices } from "../../../src/pure/formats/invoice/pdf/attachments.ts";
import { CII, UBL } from "../fixtures.ts";
import { type Attachment, pdfOf, type PdfShape } from "./pdf-maker.ts";

const FACTUR_X: Attachment = { name: "factur-x.xml", bytes: CII, filter: "flate" };
const END = "\nstartxref\n0\n%%EOF";
const report = (bytes: Uint8Array): ReturnType<typeof reportFile> => reportFile("rechnung.pdf", [bytes]);

describe("an invoice inside a PDF", () => {
  test.each<[string, Attachment, PdfShape]>([
    ["a table of objects", FACTUR_X, {}],
    ["a stream of objects", FACTUR_X, { packed: true }],
    ["a stream with predictor", FACTUR_X, { packed: true, predictor: true }],
    ["among the associated files only", FACTUR_X, { associatedOnly: true }],
    ["bytes in front", FACTUR_X, { junk: "HTTP/1.1 200 OK\r\n\r\n" }],
    ["not packed", { ...FACTUR_X, filter: "none" }, {}],
    ["as hexadecimal digits", { ...FACTUR_X, filter: "hex" }, {}],
    ["as ASCII 85", { ...FACTUR_X, filter: "ascii85" }, {}],
    ["the name of ZUGFeRD 1", { ...FACTUR_X, name: "ZUGFeRD-invoice.xml" }, {}],
    ["the name of ZUGFeRD 2.0", { ...FACTUR_X, name: "zugferd-invoice.xml" }, {}],
    ["the name of XRechnung", { ...FACTUR_X, name: "xrechnung.xml" }, {}],
    ["a name of one's own", { ...FACTUR_X, name: "Rechnung (1).XML" }, {}],
  ])("%s", async (_, attachment, shape) => {
    expect(await report(pdfOf([attachment], shape))).toMatchObject({
      status: "ok",
      format: "CII",
      invoices: [{ number: "G-1", type: "381", total: "-11.90", buyer: "Ada Beispiel" }],
    });
  });

  test("of several attachments the one the standards name", async () => {
    const other: Attachment = { name: "a.xml", bytes: UBL };
    const note: Attachment = { name: "note.txt", bytes: "x" };
    expect((await report(pdfOf([other, note, FACTUR_X]))).invoices).toMatchObject([{ number: "G-1" }]);
    const own: Attachment = { name: "daten.xml", bytes: "<daten/>" };
    expect((await report(pdfOf([own, other]))).invoices).toMatchObject([{ number: "RE-0000001" }]);
  });

  test("the newest of two versions in one file", async () => {
    const first = pdfOf([FACTUR_X]).toString("latin1");
    const again = CII.replace("G-1", "G-2");
    const text = `${first}10 0 obj\n<< /Length ${Buffer.from(again).length} >>\nstream\n${Buffer.from(again).toString("latin1")}\nendstream\nendobj\n`;
    const start = text.length;
    const before = /startxref\n(\d+)/.exec(first)?.[1];
    const table = `xref\n10 1\n${`${first.length}`.padStart(10, "0")} 00000 n \ntrailer\n<< /Size 200 /Root 1 0 R /Prev ${before} >>\nstartxref\n${start}\n%%EOF\n`;
    const bytes = Buffer.from(text + table, "latin1");
    expect((await report(bytes)).invoices).toMatchObject([{ number: "G-2" }]);
  });

  test("a file whose table is damaged is read by its objects", async () => {
    for (const shape of [{}, { packed: true }]) {
      const pdf = pdfOf([FACTUR_X], shape);
      const text = pdf.toString("latin1").replace(/startxref\n\d+/, "startxref\n17");
      expect((await report(Buffer.from(text, "latin1"))).invoices).toMatchObject([{ number: "G-1" }]);
    }
  });

  const packedZeros = deflateSync(Buffer.alloc(120 * 1_048_576)).toString("latin1");
  test.each<[string, Buffer, string, RegExp?]>([
    ["nothing attached", pdfOf([]), "pdf_without_invoice"],
    ["another file attached", pdfOf([{ name: "agb.pdf", bytes: "x" }]), "pdf_without_invoice"],
    ["an XML that is no invoice", pdfOf([{ name: "factur-x.xml", bytes: "<order/>" }]), "pdf_without_invoice"],
    [
      "a broken invoice",
      pdfOf([{ ...FACTUR_X, bytes: CII.slice(0, 900) }]),
      "xml_not_well_formed",
      /factur-x\.xml:\d+:\d+$/,
    ],
    [
      "an entity bomb",
      pdfOf([{ name: "factur-x.xml", bytes: `<!DOCTYPE a [<!ENTITY b "b">]>${CII.split("\n")[1]}` }]),
      "xml_doctype_refused",
    ],
    ["a password", pdfOf([FACTUR_X], { encrypted: true }), "pdf_encrypted"],
    ["a password in a stream", pdfOf([FACTUR_X], { encrypted: true, packed: true }), "pdf_encrypted"],
    ["an old way of packing", pdfOf([{ ...FACTUR_X, filter: "LZWDecode" }]), "pdf_filter_unknown"],
    ["half a file", pdfOf([FACTUR_X]).subarray(0, 300), "pdf_broken"],
    ["only a first line", Buffer.from("%PDF-1.7\nstartxref\n0\n%%EOF"), "pdf_broken"],
    ["a bomb as attachment", bomb("/Type /EmbeddedFile", packedZeros), "pdf_too_large"],
    ["a bomb as container of objects", bomb("/Type /ObjStm /N 1 /First 4", packedZeros, true), "pdf_too_large"],
    ["names that go in a circle", circle(), "pdf_broken"],
    ["brackets without end", Buffer.from(`%PDF-1.7\n${"1 0 obj [".repeat(200_000)}${END}`), "pdf_broken"],
    ["strings without end", Buffer.from(`%PDF-1.7\n${"1 0 obj (".repeat(200_000)}${END}`), "pdf_broken"],
    ["streams without end", Buffer.from(`%PDF-1.7\n${"1 0 obj<<>>stream\n".repeat(100_000)}${END}`), "pdf_broken"],
  ])(
    "%s is refused",
    async (_, bytes, code, where) => {
      const found = await report(bytes);
      expect(found).toMatchObject({ status: "refused", invoices: [], error: { code } });
      if (where) expect(found.error?.where).toMatch(where);
    },
    4_000,
  ); // prettier-ignore

  test("damaged anywhere, a PDF is reported, never thrown at", {
    timeout: process.env["KULANZ_SOAK"] ? 600_000 : 30_000,
  }, async () => {
    const pdfs = [pdfOf([FACTUR_X]), pdfOf([FACTUR_X], { packed: true, predictor: true })];
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 4 }),
      fc
        .constantFrom("<<", ">>", "[", "(", "obj", " 0 R", "/Length 99999999", "stream")
        .map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...pdfs), fc.nat(9_000), fc.nat(20), piece, async (pdf, at, cut, put) => {
        const place = at % pdf.length;
        const bytes = Buffer.concat([pdf.subarray(0, place), put, pdf.subarray(place + cut)]);
        const { status, error } = await report(bytes);
        expect((error === undefined) === (status !== "refused")).toBe(true);
      }),
      { numRuns: process.env["KULANZ_SOAK"] ? 10_000 : 300, seed: 7 },
    );
  });

  test("cut anywhere, a PDF is refused", () => {
    for (const packed of [false, true]) {
      const pdf = pdfOf([FACTUR_X], { packed });
      for (let length = 0; length < pdf.length - 1; length += 1)
        expect(pdfInvoices(pdf.subarray(0, length)).ok, `${length} bytes`).toBe(false);
    }
  });
});

/** A file whose attachment or container unpacks to 120 MiB. */
function bomb(entries: string, data: string, container = false): Buffer {
  const objects = [
    container ? "" : "1 0 obj << /Type /Catalog /AF [<< /UF (factur-x.xml) /EF << /F 3 0 R >> >>] >> endobj",
    `3 0 obj << ${entries} /Filter /FlateDecode /Length ${data.length} >>\nstream\n${data}\nendstream endobj`,
    "trailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF",
  ];
  return Buffer.from(`%PDF-1.7\n${objects.join("\n")}`, "latin1");
}

function circle(): Buffer {
  const objects = [
    "1 0 obj << /Type /Catalog /Names << /EmbeddedFiles 2 0 R >> >> endobj",
    "2 0 obj << /Kids [2 0 R 2 0 R 3 0 R] >> endobj",
    "3 0 obj 3 0 R endobj",
    "trailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF",
  ];
  return Buffer.from(`%PDF-1.7\n${objects.join("\n")}`, "latin1");
}
