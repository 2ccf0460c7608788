/**
 * What a file is, from what stands in it. Names are never asked: banks, shops and people call files what they like.
 * Known signatures: https://www.w3.org/TR/xml/ for XML, https://www.iana.org/assignments/media-types/ for the rest.
 */
import { type Failure, fail, ok, type Result } from "../kernel/index.ts";
import type { PaymentAdvices } from "./advice/model.ts";
import { isEdifact } from "./advice/remadv.ts";
import { isAdviceTable } from "./advice/table.ts";
import { camtOfNamespace } from "./bank/camt.ts";
import { bankTable, bankText } from "./bank/csv/table.ts";
import { mtFormat } from "./bank/mt/detect.ts";
import { statusOfNamespace } from "./bank/pain/pain-status.ts";
import type { StatementFormat } from "./bank/read.ts";
import { isDatevHead } from "./datev/header.ts";
import type { InvoiceSyntax } from "./invoice/document.ts";
import { isPdf } from "./invoice/pdf/read.ts";
import type { SettlementMapping } from "./settlement/mapping.ts";
import { settlementMappingOf } from "./settlement/read.ts";
import { csvRecords, detectDelimiter } from "./table/csv.ts";
import { decodeText } from "./text/encoding.ts";
import { XmlStream } from "./text/xml.ts";

export type DetectedFormat =
  /** For `readStatements`. */
  | StatementFormat
  /** For `readPaymentStatus`; `pain.002.001.10`, without version `pain.002`. */
  | { readonly kind: "payment_status"; readonly format: string }
  /** For `readInvoiceFile`; what the PDF holds is known once it was read. */
  | { readonly kind: "invoice"; readonly format: InvoiceSyntax | "PDF" }
  /** For `archiveMembers`. */
  | { readonly kind: "archive"; readonly format: "ZIP" | "gzip" }
  /** For `readDatevFile`. */
  | { readonly kind: "datev"; readonly format: "DATEV EXTF" }
  /** For `readSettlement`; the format names the provider. */
  | { readonly kind: "settlement"; readonly format: string }
  /** For `readAdvices`. */
  | { readonly kind: "advice"; readonly format: PaymentAdvices["format"] }
  /** A table; whether it has the columns of open items is for the mapping to say. */
  | { readonly kind: "open_items"; readonly format: "csv" };

export type DetectFailure = Failure<
  | "file_empty"
  | "format_unknown"
  | "format_not_supported"
  | "xml_not_well_formed"
  | "xml_doctype_refused"
  | "encoding_unknown"
>;

/** Parts every Office document and OpenDocument file starts with. */
const OFFICE = ["[Content_Types].xml", "_rels/.rels", "docProps/", "word/", "xl/", "mimetypeapplication/vnd."];

function packedAs(head: Uint8Array, start: string): Result<DetectedFormat, DetectFailure> | null {
  if (start.startsWith("\u001f\u008b")) return ok({ kind: "archive", format: "gzip" });
  if (start.startsWith("PK\u0003\u0004") || start.startsWith("PK\u0005\u0006")) {
    const name = Buffer.from(head.subarray(30, 90)).toString("latin1");
    if (OFFICE.some((part) => name.startsWith(part))) return unsupported("an Office document");
    return ok({ kind: "archive", format: "ZIP" });
  }
  return isPdf(head) ? ok({ kind: "invoice", format: "PDF" }) : null;
}

/** How much of a file's beginning is enough. */
export const DETECT_BYTES = 65_536;

const CAMT: Readonly<Record<string, string>> = {
  BkToCstmrStmt: "camt.053",
  BkToCstmrAcctRpt: "camt.052",
  BkToCstmrDbtCdtNtfctn: "camt.054",
};
const INVOICES: Readonly<Record<string, InvoiceSyntax>> = {
  Invoice: "UBL Invoice",
  CreditNote: "UBL CreditNote",
  CrossIndustryInvoice: "CII",
  CrossIndustryDocument: "CII",
}; // prettier-ignore

/** Peppol networks pack an invoice into one (UN/CEFACT SBDH). */
const ENVELOPE = "StandardBusinessDocument";

const unsupported = (what: string): Result<DetectedFormat, DetectFailure> =>
  fail("invalid", "format_not_supported", `The file is ${what}; this kind of file can't be read yet.`);

const OFX: Result<DetectedFormat, DetectFailure> = ok({ kind: "statement", syntax: "ofx", format: "OFX" });

/** Container and document files, by their first bytes. */
const SIGNATURES: readonly (readonly [string, string])[] = [
  ["\u00d0\u00cf\u0011\u00e0", "an old Office document"],
  ["\u0089PNG", "an image"],
  ["\u00ff\u00d8\u00ff", "an image"],
  ["GIF8", "an image"],
];

function detectXml(head: Uint8Array, whole: boolean): Result<DetectedFormat, DetectFailure> {
  let found: DetectedFormat | null = null;
  let root: string | null = null;
  const namespaces: string[] = [];
  const stream = new XmlStream(
    {
      open(name, attributes) {
        if (found) return;
        for (const key of Object.keys(attributes))
          if (key === "xmlns" || key.startsWith("xmlns:")) namespaces.push(attributes[key] ?? "");
        if (root === null || root === ENVELOPE) {
          root ??= name;
          const invoice = Object.hasOwn(INVOICES, name) ? INVOICES[name] : undefined;
          if (invoice) found = { kind: "invoice", format: invoice };
        }
        const report = namespaces.map(statusOfNamespace).findLast((format) => format !== null);
        if (/^(CstmrPmtStsRpt$|pain\.002\.)/.test(name))
          found = { kind: "payment_status", format: report ?? statusOfNamespace(name) ?? "pain.002" };
        const message = Object.keys(CAMT).find((key) => name.startsWith(key));
        const base = message ? CAMT[message] : undefined;
        if (base)
          found = {
            kind: "statement",
            syntax: "camt",
            format: namespaces.map(camtOfNamespace).findLast((format) => format?.startsWith(base)) ?? base,
          };
      },
      text() {},
      close() {},
    },
    { depthMax: 64, pieceCharsMax: 4 * DETECT_BYTES, bytesMax: 64 * DETECT_BYTES },
  );
  const read = stream.write(head);
  if (!found && read && whole) stream.end();
  if (found) return ok(found);
  const { failure } = stream;
  if (failure) return { ok: false, error: failure as DetectFailure };
  const standard = namespaces
    .map((uri) => /(pain|pacs|camt|acmt|auth|reda|remt)\.\d{3}\.\d{3}\.\d{2}/.exec(uri)?.[0])
    .find((name) => name !== undefined);
  // A report without its body is refused by its reader, which says so.
  const report = namespaces.map(camtOfNamespace).findLast((format) => format !== null);
  if (report) return ok({ kind: "statement", syntax: "camt", format: report });
  if (standard) return unsupported(`an ISO 20022 message of kind ${standard}`);
  const shown = root === null ? "" : ` (it starts with <${(root as string).slice(0, 60)}>)`;
  return fail(
    "invalid",
    "format_unknown",
    `The file is XML, but no bank statement and no electronic invoice${shown}.`,
    "1:1",
  );
}

/** Columns of a table, empty when the text is none. */
function firstRow(text: string): readonly string[] {
  const delimiter = detectDelimiter(text);
  if (delimiter === null) return [];
  for (const record of csvRecords(text, delimiter)) return record.ok ? record.value.cells : [];
  return [];
}

function detectText(head: Uint8Array, own: readonly SettlementMapping[]): Result<DetectedFormat, DetectFailure> {
  const { text } = decodeText(head);
  // Envelopes of MT messages have control characters, so this comes first.
  const mt = mtFormat(text);
  if (mt !== null) return ok({ kind: "statement", syntax: "mt", format: mt });
  // oxlint-disable-next-line no-control-regex -- control characters are what tells bytes from text
  if (/[\u0000-\u0008\u000e-\u001a]/.test(text))
    return fail("invalid", "format_unknown", "The file is neither text nor XML.");
  if (/^\s*OFXHEADER/i.test(text) || /<OFX>/i.test(text.slice(0, 2_000))) return OFX;
  if (isDatevHead(text)) return ok({ kind: "datev", format: "DATEV EXTF" });
  if (text.startsWith("BCD\n") || text.startsWith("BCD\r\n")) return unsupported("the text of a GiroCode");
  if (isEdifact(text)) return ok({ kind: "advice", format: "REMADV" });
  const columns = firstRow(text);
  const settlement = settlementMappingOf(columns, own);
  if (settlement) return ok({ kind: "settlement", format: `${settlement.provider} settlement` });
  if (isAdviceTable(columns)) return ok({ kind: "advice", format: "CSV advice" });
  if (bankTable(bankText(head))) return ok({ kind: "statement", syntax: "csv", format: "CSV" });
  if (detectDelimiter(text) === null)
    return fail(
      "invalid",
      "format_unknown",
      "The file is text, but neither a table (CSV) nor any known format.",
      "1:1",
    );
  return ok({ kind: "open_items", format: "csv" });
}

/**
 * From the first bytes (`DETECT_BYTES` are enough; `whole` says that there are no more). `own`: mappings of settlement
 * files beside those that ship.
 * Errors: `DetectFailure`, each with a sentence that says what the file seems to be.
 */
export function detectFormat(
  head: Uint8Array,
  whole: boolean,
  own: readonly SettlementMapping[] = [],
): Result<DetectedFormat, DetectFailure> {
  if (head.length > DETECT_BYTES) return detectFormat(head.subarray(0, DETECT_BYTES), false, own);
  if (head.every((byte) => byte <= 0x20)) return fail("invalid", "file_empty", "The file is empty.");
  const start = Buffer.from(head.subarray(0, 8)).toString("latin1");
  const packed = packedAs(head, start);
  if (packed) return packed;
  for (const [signature, what] of SIGNATURES) if (start.startsWith(signature)) return unsupported(what);
  const text = decodeText(head.subarray(0, Math.min(head.length, 512) & ~1)).text.trimStart();
  // Version 2 claims to be XML, but many of its writers leave end tags out.
  if (/^(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?(<\?OFX|<OFX>)/is.test(text)) return OFX;
  return text.startsWith("<") ? detectXml(head, whole) : detectText(head, own);
}
