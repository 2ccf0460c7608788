/** What a file is and how it would be read, before anything is stored: for the person who imports it. */
import {
  CSV_LIMITS,
  type CsvTable,
  detectFormat,
  DETECT_BYTES,
  type FileReport,
  localDate,
  localDecimal,
  OPEN_ITEM_FIELDS,
  type OpenItemField,
  readCsv,
} from "../../pure/formats/index.ts";
import { formatDecimal } from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import { creditorOfAccount, creditors } from "../customers/index.ts";
import { previewFile } from "./files.ts";
import { mappingFor, type MappingFound } from "./items.ts";
import { type ListPreview, previewList } from "./leading/preview.ts";
import type { FileInput } from "./model.ts";
import { withSettlements } from "./taking/settlements.ts";

export interface TablePreview {
  readonly table: CsvTable;
  readonly found: MappingFound;
  /** What the first rows become under the mapping: field → value, amounts and days in the product's own notation. */
  readonly rows: readonly Readonly<Partial<Record<OpenItemField, string>>>[];
}

export interface FilePreview {
  readonly report: FileReport;
  readonly table: TablePreview | null;
  /** Of a list of open items whose creditors are known: what it would change. */
  readonly list: ListPreview | null;
  /** The creditor must be named: the file does not tell it, and there are several. */
  readonly needsCreditor: boolean;
}

const ROWS = 5;
const DATES: readonly OpenItemField[] = ["issue_date", "due_date"];

async function beginning(input: FileInput, most: number): Promise<{ readonly bytes: Buffer; readonly whole: boolean }> {
  if (typeof input.content !== "function")
    return { bytes: Buffer.from(input.content.subarray(0, most)), whole: input.content.length <= most };
  const taken: Uint8Array[] = [];
  let size = 0;
  for await (const piece of input.content()) {
    taken.push(piece);
    size += piece.length;
    if (size > most) return { bytes: Buffer.concat(taken).subarray(0, most), whole: false };
  }
  return { bytes: Buffer.concat(taken), whole: true };
}

/** Stores nothing. A file that can't be read is told in the report, with its place. */
export async function previewImport(act: Act, given: FileInput): Promise<FilePreview> {
  const input = await withSettlements(act, given);
  const start = await beginning(input, DETECT_BYTES);
  const format = detectFormat(start.bytes, start.whole, input.settlements);
  const table = format.ok && format.value.kind === "open_items" ? await tableOf(act, input) : null;
  const report = await previewFile(table ? { ...input, mapping: table.found.correction } : input);
  const several = (await creditors(act)).filter((one) => one.closedAt === undefined).length > 1;
  const unknown = async (account: string | null): Promise<boolean> =>
    account === null || (await creditorOfAccount(act, account)) === undefined;
  let needsCreditor = false;
  if (several && input.creditorId === undefined) {
    if (table) needsCreditor = !table.found.mapping.columns.some((column) => column.field === "brand");
    else
      for (const account of [...report.statements.map((one) => one.account), ...report.invoices.map((one) => one.iban)])
        needsCreditor ||= await unknown(account);
  }
  const list = table && !needsCreditor ? await listOf(act, input, table) : null;
  return { report, table, list, needsCreditor };
}

const listOf = async (act: Act, input: FileInput, { table, found }: TablePreview): Promise<ListPreview | null> =>
  found.mapping.missing.length > 0 ? null : ((await previewList(act, table, found.mapping, input)) ?? null);

/** What a list would change, without the rest of a preview; null for every other file. */
export async function previewListOf(act: Act, input: FileInput): Promise<ListPreview | null> {
  const start = await beginning(input, DETECT_BYTES);
  const format = detectFormat(start.bytes, start.whole);
  const table = format.ok && format.value.kind === "open_items" ? await tableOf(act, input) : null;
  return table && listOf(act, input, table);
}

async function tableOf(act: Act, input: FileInput): Promise<TablePreview | null> {
  const { bytes, whole } = await beginning(input, CSV_LIMITS.bytesMax);
  if (!whole) return null;
  const table = readCsv(bytes);
  if (!table.ok) return null;
  const found = await mappingFor(act, table.value, input.mapping);
  if (!found.ok) return null;
  return {
    table: table.value,
    found: found.value,
    rows: table.value.records.slice(0, ROWS).map(({ cells }) => rowOf(cells, found.value)),
  };
}

function rowOf(cells: readonly string[], { mapping }: MappingFound): Readonly<Partial<Record<OpenItemField, string>>> {
  const row: Partial<Record<OpenItemField, string>> = {};
  for (const { column, field } of mapping.columns) {
    if (field === null) continue;
    const text = cells[column]?.trim() ?? "";
    if (text === "") row[field] = "";
    else if (field === "amount") {
      const read = localDecimal(text, mapping.numberStyle);
      row[field] = read.ok ? formatDecimal(read.value) : text;
    } else if (DATES.includes(field)) {
      const read = localDate(text, mapping.dateStyle);
      row[field] = read.ok ? read.value : text;
    } else row[field] = text;
  }
  return row;
}

/** Fields without which a row is no open item; `name` stands for name or company. */
export const REQUIRED_FIELDS: readonly OpenItemField[] = [
  "customer_number",
  "name",
  "invoice_number",
  "due_date",
  "amount",
];
export const ALL_FIELDS: readonly OpenItemField[] = OPEN_ITEM_FIELDS;
