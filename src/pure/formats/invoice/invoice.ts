/**
 * Electronic invoices of EN 16931 (XRechnung, Peppol, Factur-X, ZUGFeRD) in UBL and CII:
 * https://ec.europa.eu/digital-building-blocks/sites/display/DIGITAL/Compliance+with+eInvoicing+standard.
 * Reads what receivables need, whatever rule set the document claims; it does not validate against the rule set.
 */
import { type Failure, FailureError, fail, formatDecimal, ok, type Result } from "../../kernel/index.ts";
import { addDecimals, equalDecimals, negateDecimal, type ReadWarning, ZERO } from "../bank/statement.ts";
import { childOf, readXmlTree, type XmlFailure, type XmlLimits, type XmlNode } from "../text/xml.ts";
import { readCii } from "./cii.ts";
import type { InvoiceDocument, InvoiceParts } from "./document.ts";
import { readUbl } from "./ubl.ts";

export type InvoiceFailure = Failure<
  | "not_an_invoice"
  | "invoice_number_missing"
  | "invoice_currency_missing"
  | "invoice_total_missing"
  | "invoice_amount_invalid"
>; // prettier-ignore

/** XRechnung allows attachments; they are read past, but must come through. */
export const INVOICE_LIMITS: XmlLimits = { depthMax: 64, pieceCharsMax: 64 * 1_048_576, bytesMax: 100 * 1_048_576 };
const ATTACHMENTS = new Set(["EmbeddedDocumentBinaryObject", "AttachmentBinaryObject"]);

function completed(parts: InvoiceParts, warnings: ReadWarning[]): Result<InvoiceDocument, InvoiceFailure> {
  const { number, currency, prepaid } = parts;
  if (number === null) return fail("invalid", "invoice_number_missing", "The invoice has no number (BT-1).", "BT-1");
  if (currency === null)
    return fail("invalid", "invoice_currency_missing", "The invoice names no currency (BT-5).", "BT-5");
  const total = parts.total ?? (parts.payable ? addDecimals(parts.payable, prepaid ?? ZERO) : null);
  if (total === null)
    return fail(
      "invalid",
      "invoice_total_missing",
      "The invoice has no total (BT-112) and no amount due (BT-115).",
      "BT-112",
    );
  const calculated = addDecimals(total, negateDecimal(prepaid ?? ZERO));
  const payable = parts.payable ?? calculated;
  if (parts.payable === null)
    warnings.push({
      code: "payable_missing",
      message: "The amount due (BT-115) is missing; total less prepaid was taken.",
      where: "BT-115",
    });
  else if (!equalDecimals(payable, calculated)) {
    const difference = formatDecimal(addDecimals(payable, negateDecimal(calculated)));
    warnings.push({
      code: "payable_does_not_add_up",
      message: `The amount due differs from total less prepaid by ${difference}.`,
      where: "BT-115",
    });
  }
  if (parts.issueDate === null)
    warnings.push({ code: "issue_date_missing", message: "The invoice has no issue date (BT-2).", where: "BT-2" });
  return ok({ ...parts, dueDate: parts.dueDates[0] ?? null, number, currency, total, payable, warnings });
}

const DOCUMENTS = new Set(["Invoice", "CreditNote", "CrossIndustryInvoice", "CrossIndustryDocument"]);

const notAnInvoice = (root: XmlNode): Result<InvoiceDocument, InvoiceFailure> =>
  fail(
    "invalid",
    "not_an_invoice",
    `The document is no invoice: it starts with <${root.name.slice(0, 60)}>.`,
    `${root.line}:${root.column}`,
  );

/** The invoice in a tree whose root was read already. */
export function invoiceOf(root: XmlNode): Result<InvoiceDocument, InvoiceFailure> {
  const warnings: ReadWarning[] = [];
  const warn = (warning: ReadWarning): void => {
    warnings.push(warning);
  };
  try {
    switch (root.name) {
      case "Invoice":
      case "CreditNote":
        // The drafts of ZUGFeRD 1 had UBL's name at the root and everything else as in CII.
        return completed(
          childOf(root, "HeaderExchangedDocument") ? readCii(root, warn) : readUbl(root, warn),
          warnings,
        );
      case "CrossIndustryInvoice":
      case "CrossIndustryDocument":
        return completed(readCii(root, warn), warnings);
      case "StandardBusinessDocument": {
        // The envelope of Peppol networks (UN/CEFACT SBDH): its header, then one document.
        const inside = root.children.find(({ name }) => DOCUMENTS.has(name));
        if (inside) return invoiceOf(inside);
        return notAnInvoice(root);
      }
      default:
        return notAnInvoice(root);
    }
  } catch (error) {
    if (error instanceof FailureError) return { ok: false, error: error.failure as InvoiceFailure };
    throw error;
  }
}

/** Errors: `XmlFailure` and `InvoiceFailure`; `where` is `line:column` or the business term that is missing. */
export function readInvoice(
  bytes: Uint8Array,
  limits: XmlLimits = INVOICE_LIMITS,
): Result<InvoiceDocument, InvoiceFailure | XmlFailure> {
  const tree = readXmlTree(bytes, limits, ATTACHMENTS);
  return tree.ok ? invoiceOf(tree.value) : { ok: false, error: tree.error as XmlFailure };
}
