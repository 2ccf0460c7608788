/** Readers and writers of the formats that banks, ERPs, shops and suppliers use. No I/O: bytes in, values out. */
export { type CamtFailure, type CamtOptions, readCamt } from "./bank/camt.ts";
export * from "./bank/statement.ts";
export { answerCodeVector } from "./code/answer.ts";
export * from "./code/creditor-reference.ts";
export * from "./code/giro.ts";
export * from "./code/iban.ts";
export * from "./detect.ts";
export * from "./import-report.ts";
export type { Identifier, InvoiceAddress, InvoiceDocument, InvoiceParty, InvoiceSyntax } from "./invoice/document.ts";
export { INVOICE_LIMITS, type InvoiceFailure, readInvoice } from "./invoice/invoice.ts";
export * from "./invoice/payment-terms.ts";
export * from "./table/column-mapping.ts";
export * from "./table/csv.ts";
export * from "./table/open-items.ts";
export { type DecodedText } from "./text/encoding.ts";
export { type DateStyle, localDate, localDecimal, type NotationFailure, type NumberStyle } from "./text/notation.ts";
export type { XmlFailure, XmlLimits } from "./text/xml.ts";
