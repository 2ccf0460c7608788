/** The invoice inside a PDF: ZUGFeRD 1 and 2, Factur-X, XRechnung as an attachment. */
import { fail, ok, type Result } from "../../../kernel/index.ts";
import type { XmlFailure } from "../../text/xml.ts";
import type { InvoiceDocument } from "../document.ts";
import { type InvoiceFailure, readInvoice } from "../invoice.ts";
import { pdfInvoices } from "./attachments.ts";
import type { PdfFailure } from "./values.ts";

/** Some programs write a few bytes before the mark. */
export const isPdf = (head: Uint8Array): boolean =>
  Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, 1_024)).includes("%PDF-");

/**
 * Of several attachments the first that is an invoice counts, those with a name of the standards before others. Errors:
 * `PdfFailure`; `InvoiceFailure` and `XmlFailure` of an attachment that should be the invoice, `where` = `name:line:column`.
 */
function readPdfInvoice(bytes: Uint8Array): Result<InvoiceDocument, PdfFailure | InvoiceFailure | XmlFailure> {
  const attached = pdfInvoices(bytes);
  if (!attached.ok) return attached;
  let broken: InvoiceFailure | XmlFailure | null = null;
  for (const { name, bytes: xml } of attached.value) {
    const read = readInvoice(xml);
    if (read.ok) return ok(read.value);
    // An XML of another kind (an order, the sender's own data) is not a broken invoice.
    if (read.error.code === "not_an_invoice") continue;
    const place = name.replace(/[\p{Cc}\p{Cf}]/gu, "").slice(0, 80);
    broken ??= { ...read.error, where: read.error.where === undefined ? place : `${place}:${read.error.where}` };
  }
  if (broken) return { ok: false, error: broken };
  return fail(
    "invalid",
    "pdf_without_invoice",
    "The PDF holds no electronic invoice: what is attached to it is something else.",
  );
}

/** An invoice as XML or inside a PDF. Errors: of `readInvoice` and `readPdfInvoice`. */
export const readInvoiceFile = (
  bytes: Uint8Array,
): Result<InvoiceDocument, PdfFailure | InvoiceFailure | XmlFailure> =>
  isPdf(bytes) ? readPdfInvoice(bytes) : readInvoice(bytes);
