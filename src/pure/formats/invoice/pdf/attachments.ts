/**
 * Files attached to a PDF (ISO 32000-1 clauses 7.7.4 and 7.11.4, PDF/A-3), and which of them is the invoice:
 * https://www.ferd-net.de/standards/zugferd, https://fnfe-mpe.org/factur-x/.
 */
import { FailureError, fail, ok, type Result } from "../../../kernel/index.ts";
import { PdfDocument, type PdfObject } from "./document.ts";
import type { PdfFailure, PdfValue } from "./values.ts";

export const PDF_BYTES_MAX = 64 * 1_048_576;

export interface PdfAttachment {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Names the standards give the invoice, by year: ZUGFeRD 1, 2.0, Factur-X and ZUGFeRD 2.1, XRechnung in a PDF. */
const INVOICE_NAMES = ["factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml"];
/** More attachments than these are not looked at. */
const ATTACHMENTS_MAX = 200;
const TREE_NODES_MAX = 5_000;

function textOf(value: PdfValue): string {
  if (typeof value !== "object" || value === null || value.kind !== "string") return "";
  const { bytes } = value;
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return Buffer.from(bytes.subarray(2, bytes.length & ~1))
      .swap16()
      .toString("utf16le");
  return bytes.toString(bytes[0] === 0xef && bytes[1] === 0xbb ? "utf8" : "latin1").replace(/^\uFEFF/, "");
} // prettier-ignore

/** File specifications in the name tree of embedded files and among the associated files. */
function specifications(pdf: PdfDocument): PdfValue[] {
  const catalog = pdf.dictionary(pdf.trailer.get("Root"));
  const found: PdfValue[] = [...pdf.array(catalog?.get("AF"))];
  const open: PdfValue[] = [pdf.dictionary(catalog?.get("Names"))?.get("EmbeddedFiles") ?? null];
  for (let nodes = 0; open.length > 0 && nodes < TREE_NODES_MAX && found.length < ATTACHMENTS_MAX; nodes += 1) {
    const node = pdf.dictionary(open.pop());
    const names = pdf.array(node?.get("Names"));
    for (let index = 1; index < names.length; index += 2) found.push(names[index] ?? null);
    open.push(...pdf.array(node?.get("Kids")).slice(0, TREE_NODES_MAX));
  }
  return found.slice(0, ATTACHMENTS_MAX);
}

interface Attached {
  readonly name: string;
  readonly file: PdfObject;
}

function attachedFiles(pdf: PdfDocument): Attached[] {
  const files: Attached[] = [];
  const seen = new Set<number>();
  for (const specification of specifications(pdf)) {
    const entries = pdf.dictionary(specification);
    const embedded = pdf.dictionary(entries?.get("EF"));
    const reference = embedded?.get("UF") ?? embedded?.get("F") ?? null;
    if (!entries || typeof reference !== "object" || reference === null || reference.kind !== "reference") continue;
    if (seen.has(reference.object)) continue;
    seen.add(reference.object);
    const file = pdf.object(reference.object);
    const name = textOf(pdf.resolve(entries.get("UF"))) || textOf(pdf.resolve(entries.get("F")));
    if (file?.stream) files.push({ name: name.split(/[\\/]/).at(-1) ?? "", file });
  }
  return files;
}

const rank = (name: string): number => {
  const place = INVOICE_NAMES.indexOf(name.toLowerCase());
  return place < 0 ? INVOICE_NAMES.length : place;
};

/**
 * The XML files attached to a PDF, those first whose name says that they are the invoice. Errors: `PdfFailure`;
 * `pdf_without_invoice` when nothing is attached that could be one. Memory and time are bounded by the file's size.
 */
export function pdfInvoices(bytes: Uint8Array): Result<PdfAttachment[], PdfFailure> {
  if (bytes.length > PDF_BYTES_MAX)
    return fail("too_large", "pdf_too_large", `The PDF is larger than ${PDF_BYTES_MAX} bytes.`);
  try {
    const pdf = new PdfDocument(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    const files = attachedFiles(pdf)
      .filter(({ name }) => /\.xml$/i.test(name) || rank(name) < INVOICE_NAMES.length)
      .toSorted((a, b) => rank(a.name) - rank(b.name))
      .slice(0, 5);
    if (files.length === 0)
      return fail(
        "invalid",
        "pdf_without_invoice",
        "The PDF holds no electronic invoice: no XML is attached to it. A picture of an invoice can't be read.",
      );
    return ok(files.map(({ name, file }) => ({ name, bytes: pdf.content(file) })));
  } catch (error) {
    if (error instanceof FailureError) return { ok: false, error: error.failure as PdfFailure };
    throw error;
  }
}
