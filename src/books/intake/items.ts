/** Open items of a table: one row an unpaid invoice with its customer. */
import { createHash } from "node:crypto";
import {
  type ColumnMapping,
  confirmedMapping,
  type CsvTable,
  type MappingCorrection,
  type OpenItem,
  readOpenItems,
  warningText,
} from "../../pure/formats/index.ts";
import {
  type CustomerId,
  dateIn,
  EUR,
  type Failure,
  FailureError,
  ok,
  type PlainDate,
  type ReceivableId,
  type Result,
} from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import { keepStatistics } from "../../platform/database/index.ts";
import {
  type Brand,
  type Creditor,
  type CustomerInput,
  type TakenCustomer,
  takeCustomers,
} from "../customers/index.ts";
import { checkItems } from "../checking/index.ts";
import {
  applyCreditNote,
  discountTermsOf,
  keepCases,
  type ReceivableInput,
  takeReceivables,
} from "../receivables/index.ts";
import { type Books, brandNamed, brandOfCreditor, creditorNamed, readBooks } from "./creditors.ts";
import type { FileInput } from "./model.ts";
import type { ListRow, Lists } from "./leading/lists.ts";
import { keepMapping, readMapping } from "./store.ts";

/** Rows of one round of statements: larger ones gain nothing and hold more memory. */
const BATCH = 1_000;
/** Warnings kept while reading; the report shows fewer. */
const WARNINGS_MAX = 20_000;

/** The header as it is remembered: columns in order, without case and spaces. */
export function headerHash(table: CsvTable): Buffer {
  const header = table.header.map((name) => name.normalize("NFKC").toLowerCase().replace(/\s+/g, ""));
  return createHash("sha256").update(JSON.stringify(header)).digest();
}

export interface MappingFound {
  readonly mapping: ColumnMapping;
  readonly correction: MappingCorrection;
  readonly source: "given" | "remembered" | "guessed";
}

/** The caller's mapping, else the remembered one, else the guess. Failures of `confirmedMapping`. */
export async function mappingFor(
  act: Act,
  table: CsvTable,
  given: MappingCorrection | undefined,
): Promise<Result<MappingFound, Failure>> {
  const remembered = given === undefined ? await readMapping(act, headerHash(table)) : undefined;
  const correction = given ?? remembered ?? {};
  const mapping = confirmedMapping(table, correction);
  if (!mapping.ok) return mapping;
  return ok({ mapping: mapping.value, correction, source: given ? "given" : remembered ? "remembered" : "guessed" });
}

/** Remembers a mapping a person confirmed, for every file with this header. Failures of `confirmedMapping`. */
export async function rememberMapping(
  act: Act,
  table: CsvTable,
  mapping: MappingCorrection,
): Promise<Result<void, Failure>> {
  const checked = confirmedMapping(table, mapping);
  if (!checked.ok) return checked;
  await keepMapping(act, headerHash(table), mapping);
  return ok(undefined);
}

export interface ItemsTaken {
  readonly records: number;
  readonly new: number;
  readonly known: number;
  readonly failed: number;
  readonly firstFailure: Failure | undefined;
  readonly warnings: readonly string[];
}

interface Row {
  readonly item: OpenItem;
  readonly creditor: Creditor;
  readonly brand: Brand;
}

function placed(failure: Failure, item: OpenItem): Failure {
  return { ...failure, where: `${item.line}` };
}

/** Whose item a row is. Failures `brand_unknown`, `creditor_unknown`. */
export function rowOf(books: Books, item: OpenItem, input: Pick<FileInput, "creditorId">): Result<Row, Failure> {
  if (item.brand !== null) {
    const brand = brandNamed(books, item.brand);
    if (!brand.ok) return brand;
    const creditor = creditorNamed(books, brand.value.creditorId);
    if (!creditor.ok) return creditor;
    if (input.creditorId !== undefined && input.creditorId !== creditor.value.creditorId)
      return {
        ok: false,
        error: { kind: "conflict", code: "brand_unknown", message: "The brand belongs to another creditor." },
      };
    return ok({ item, creditor: creditor.value, brand: brand.value });
  }
  const creditor = creditorNamed(books, input.creditorId);
  if (!creditor.ok) return creditor;
  const brand = brandOfCreditor(books, creditor.value.creditorId);
  return brand.ok ? ok({ item, creditor: creditor.value, brand: brand.value }) : brand;
}

function customerOf({ item, brand }: Row): CustomerInput {
  const country = item.country ?? "DE";
  const complete = item.street !== null && item.postcode !== null && item.city !== null;
  return {
    number: item.customerNumber,
    kind: item.kind ?? (item.company === null ? "consumer" : "business"),
    language:
      item.language === "en" || item.language === "de"
        ? item.language
        : ["DE", "AT", "CH", "LI"].includes(country)
          ? "de"
          : "en",
    ...(item.state === null ? {} : { state: item.state }),
    country,
    identity: {
      ...(item.firstName === null ? {} : { firstName: item.firstName }),
      ...(item.name === null ? {} : { name: item.name }),
      ...(item.company === null ? {} : { company: item.company }),
      addresses: complete
        ? [{ street: item.street ?? "", postcode: item.postcode ?? "", city: item.city ?? "", country }]
        : [],
    },
    ...(item.email === null ? {} : { email: item.email }),
    ...(item.phone === null ? {} : { phone: item.phone }),
    ...(item.iban === null ? {} : { ibans: [item.iban] }),
    brandIds: [brand.brandId],
  };
}

function receivableOf({ item, creditor, brand }: Row, customer: TakenCustomer, fingerprint: Buffer): ReceivableInput {
  const { minor, currency } = item.amount;
  const issuedOn = item.issueDate ?? item.dueDate;
  return {
    customerId: customer.customerId,
    ...(customer.filedUnder !== undefined && { filedUnder: customer.filedUnder }),
    creditorId: creditor.creditorId,
    brandId: brand.brandId,
    itemKind: minor < 0n ? "credit_note" : "invoice",
    number: item.invoiceNumber,
    ...(item.orderNumber === null ? {} : { orderNumber: item.orderNumber }),
    claimKind: item.claimKind ?? "sale",
    paymentClaim: true,
    customerKind: item.kind ?? (item.company === null ? "consumer" : "business"),
    amountMinor: minor < 0n ? -minor : minor,
    currency,
    issuedOn,
    aroseOn: issuedOn,
    dueOn: item.dueDate,
    dueDateAgreed: item.dueDateAgreed ?? false,
    notice30Days: item.notice30Days ?? false,
    directDebit: false,
    ...(item.termFromDelivery !== null && { termFromDelivery: item.termFromDelivery }),
    ...(item.discounts.length > 0 && { discountTerms: discountTermsOf(item.discounts, currency) }),
    sourceFile: fingerprint,
  };
}

function listRowOf(
  { creditor }: Row,
  input: ReceivableInput | undefined,
  stored: { readonly receivableId: ReceivableId; readonly known: boolean } | undefined,
): ListRow[] {
  if (!input || stored === undefined) return [];
  const { receivableId, known } = stored;
  const { customerId, number, currency, dueOn, amountMinor } = input;
  const statedMinor = input.itemKind === "credit_note" ? -amountMinor : amountMinor;
  return [{ creditor, customerId, receivableId, number, currency, dueOn, statedMinor, fresh: !known }];
}

const lineOf = (where: string | undefined): number => Number.parseInt(where ?? "0", 10);

/** The table with all rows of a customer side by side, so that each customer is read, completed and sealed once. */
function byCustomer(table: CsvTable, mapping: ColumnMapping): CsvTable {
  const column = mapping.columns.find(({ field }) => field === "customer_number")?.column;
  if (column === undefined) return table;
  const keyed = table.records.map((record) => ({ key: (record.cells[column] ?? "").trim(), record }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.record.line - b.record.line));
  return { ...table, records: keyed.map(({ record }) => record) };
}

/** Takes the rows of a table in; a bad row is told and never spoils its neighbours. */
export async function takeItems(
  act: Act,
  table: CsvTable,
  mapping: ColumnMapping,
  input: FileInput,
  fingerprint: Buffer,
  lists: Lists,
): Promise<ItemsTaken> {
  const books = await readBooks(act);
  const counts = { records: 0, new: 0, known: 0, failed: 0 };
  const warned: { line: number; text: string }[] = [];
  let firstFailure: Failure | undefined;
  const warn = (line: number, text: string): void => {
    if (warned.length < WARNINGS_MAX) warned.push({ line, text });
  };
  const refuse = (failure: Failure): void => {
    counts.failed += 1;
    if (!firstFailure || lineOf(failure.where) < lineOf(firstFailure.where)) firstFailure = failure;
    warn(lineOf(failure.where), warningText(failure));
  };
  const flush = async (rows: readonly Row[]): Promise<void> => {
    if (rows.length === 0) return;
    const customers = await takeCustomers(act, rows.map(customerOf));
    const inputs = rows.map((row) => {
      const customer = customers.get(row.item.customerNumber.trim());
      if (!customer) throw new Error(`the customer of line ${row.item.line} was not taken in`);
      return receivableOf(row, customer, fingerprint);
    });
    for (const creditor of new Set(rows.map((row) => row.creditor))) await lists.begin(creditor);
    const days = new Map<string, PlainDate>();
    for (const { creditorId, zone } of new Set(rows.map(({ creditor }) => creditor)))
      days.set(creditorId, dateIn(act.tx.now, zone));
    const stored = new Map(
      [...customers.values()].flatMap(({ customerId, stored: one }) => (one ? [[customerId, one] as const] : [])),
    );
    const taken = await takeReceivables(act, inputs, {
      customers: new Set(stored.keys()),
      dayOf: (creditorId) => days.get(creditorId) ?? dateIn(act.tx.now, "UTC"),
    });
    for (const { index, failure } of taken.refused) {
      const row = rows[index];
      if (row) refuse(placed(failure, row.item));
    }
    const listed = rows.flatMap((row, index) => listRowOf(row, inputs[index], taken.byIndex.get(index)));
    const open = await lists.take(listed);
    rows.forEach(({ item: { line } }, index) => {
      const warning = open.get(taken.byIndex.get(index)?.receivableId ?? ("" as ReceivableId));
      if (warning !== undefined) warn(line, `${warning} (${line})`);
    });
    for (const [index, row] of rows.entries()) {
      const stored = taken.byIndex.get(index);
      const input = inputs[index];
      if (!input || stored?.known !== false || input.itemKind !== "credit_note" || row.creditor.leads !== "kulanz")
        continue;
      const { receivableId } = stored;
      await applyCreditNote(act, {
        ...input,
        receivableId,
        preceding: [],
        valueOn: input.issuedOn,
        sourceFile: fingerprint,
      });
    }
    counts.records += rows.length - taken.refused.length;
    counts.new += taken.new.length;
    counts.known += taken.known;
    const byZone = new Map<string, CustomerId[]>();
    rows.forEach(({ creditor }, index) => {
      const customerId = inputs[index]?.customerId;
      if (customerId === undefined) return;
      const ids = byZone.get(creditor.zone);
      if (ids) ids.push(customerId);
      else byZone.set(creditor.zone, [customerId]);
    });
    for (const [zone, ids] of byZone) await keepCases(act, [...new Set(ids)], dateIn(act.tx.now, zone));
    await checkItems(act, [...new Set([...byZone.values()].flat())], stored);
    await keepStatistics(act.tx);
  };

  let rows: Row[] = [];
  // While a round is written the next one is read; rounds themselves follow each other.
  let writing: Promise<void> = Promise.resolve();
  const write = async (round: readonly Row[]): Promise<void> => {
    await writing;
    writing = flush(round);
    // Told by whoever waits for it.
    writing.catch(() => {});
  };
  const gone: { creditor: Creditor; number: string }[] = [];
  for (const read of readOpenItems(byCustomer(table, mapping), mapping, input.currency ?? EUR)) {
    if (!read.ok) {
      refuse(read.error);
      continue;
    }
    const item = read.value;
    for (const warning of item.warnings) warn(item.line, warningText(warning));
    const row = rowOf(books, item, input);
    if (!row.ok) {
      refuse(placed(row.error, item));
      continue;
    }
    if (item.amount.minor === 0n) {
      warn(item.line, `Nothing is open on this item. (${item.line})`);
      gone.push({ creditor: row.value.creditor, number: item.invoiceNumber });
      continue;
    }
    // A customer's rows stay in one round, unless they alone fill it.
    const sameCustomer = rows.at(-1)?.item.customerNumber === item.customerNumber;
    if (rows.length >= (sameCustomer ? 2 * BATCH : BATCH)) {
      await write(rows);
      rows = [];
    }
    rows.push(row.value);
  }
  await write(rows);
  await writing;
  counts.known += await lists.takeGone(gone);
  const alone =
    input.creditorId === undefined && books.creditors.length > 1 ? undefined : creditorNamed(books, input.creditorId);
  const end = await lists.finish(counts.failed, alone?.ok ? alone.value : undefined);
  if (end.failure) throw new FailureError(end.failure);
  for (const warning of end.warnings) warn(0, warning);
  warned.sort((a, b) => a.line - b.line);
  return { ...counts, firstFailure, warnings: warned.map(({ text }) => text) };
}
