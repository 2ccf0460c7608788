/** Readers and writers of the formats that banks, ERPs, shops and suppliers use. No I/O: bytes in, values out. */
export type { AdviceLine, PaymentAdvice, PaymentAdvices } from "./advice/model.ts";
export { type AdviceFailure, readAdvices } from "./advice/read.ts";
export {
  ARCHIVE_LIMITS,
  type ArchiveFailure,
  type ArchiveLimits,
  type ArchiveMember,
} from "./archive/archive.ts";
export { archiveMembers } from "./archive/members.ts";
export type { CamtFailure } from "./bank/camt.ts";
export { readPaymentStatus } from "./bank/pain/pain-status.ts";
export type { PaymentStatus, PaymentStatusEvent } from "./bank/pain/status.ts";
export { readStatements, type StatementFormat, type StatementSyntax } from "./bank/read.ts";
export * from "./bank/statement.ts";
export { answerCodeVector } from "./code/answer.ts";
export * from "./code/creditor-reference.ts";
export * from "./code/giro.ts";
export * from "./code/iban.ts";
export { type DatevCustomer, type DatevCustomers, datevCustomers } from "./datev/customers.ts";
export { type DatevFile, readDatevFile } from "./datev/file.ts";
export { DATEV_CATEGORIES, type DatevFailure, type DatevHeader } from "./datev/header.ts";
export {
  type DatevMovement,
  type DatevMovementKind,
  type DatevOpenItem,
  type DatevReceivables,
  datevReceivables,
} from "./datev/receivables.ts";
export {
  type DatevBatch,
  type DatevFileOut,
  type DatevPosting,
  type DatevWriteFailure,
  writeDatevBookings,
} from "./datev/write.ts";
export * from "./detect.ts";
export {
  errorReport,
  fileReport,
  type FileReport,
  type InvoiceReport,
  invoiceReport,
  limitedWarnings,
  mappingReport,
  statementReport,
  type StatementReport,
  warningText,
} from "./import-report.ts";
export type { Identifier, InvoiceAddress, InvoiceDocument, InvoiceParty, InvoiceSyntax } from "./invoice/document.ts";
export { INVOICE_LIMITS, type InvoiceFailure } from "./invoice/invoice.ts";
export { readInvoiceFile } from "./invoice/pdf/read.ts";
export { isVatId } from "./invoice/vat-id.ts";
export type { PdfFailure } from "./invoice/pdf/values.ts";
export * from "./invoice/payment-terms.ts";
export {
  type CreditTransfer,
  type CreditTransferOrder,
  writeCreditTransfers,
} from "./payment/credit-transfer.ts";
export { joinedReport, reportFile, type ReportOptions } from "./report-file.ts";
export {
  settlementMapping,
  type SettlementLineKind,
  type SettlementMapping,
  type SettlementMappingFailure,
} from "./settlement/mapping.ts";
export { BUILT_IN as SHIPPED_SETTLEMENTS, payoutNamedIn } from "./settlement/providers.ts";
export {
  readSettlement,
  type Settlement,
  type SettlementFailure,
  type SettlementLine,
  type SettlementPayout,
} from "./settlement/read.ts";
export * from "./table/column-mapping.ts";
export { OPEN_ITEM_FIELDS, type OpenItemField } from "./table/item-headers.ts";
export * from "./table/csv.ts";
export * from "./table/open-items.ts";
export {
  type OrderEventColumns,
  orderEventColumns,
  type OrderEventRow,
  readOrderEvents,
} from "./table/order-events.ts";
export { type DecodedText } from "./text/encoding.ts";
export { type DateStyle, localDate, localDecimal, type NotationFailure, type NumberStyle } from "./text/notation.ts";
export type { XmlFailure, XmlLimits } from "./text/xml.ts";
