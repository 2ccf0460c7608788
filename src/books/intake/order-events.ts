/** Events of orders from a table. */
import {
  type CsvTable,
  type OrderEventColumns,
  type OrderEventRow,
  readOrderEvents,
  warningText,
} from "../../pure/formats/index.ts";
import { dateIn, EUR, type Failure, type Result } from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import type { Creditor } from "../customers/index.ts";
import type { OrderEventInput } from "../orders/index.ts";
import { recordOrderEvents } from "../receivables/index.ts";
import { type Books, brandNamed, creditorNamed, readBooks } from "./creditors.ts";
import type { ItemsTaken } from "./items.ts";
import type { FileInput } from "./model.ts";

/** Events of one round of statements. */
const BATCH = 5_000;

function creditorOf(books: Books, row: OrderEventRow, input: FileInput): Result<Creditor, Failure> {
  if (row.brand === null) return creditorNamed(books, input.creditorId);
  const brand = brandNamed(books, row.brand);
  return brand.ok ? creditorNamed(books, brand.value.creditorId) : brand;
}

function inputOf(row: OrderEventRow, { creditorId, zone }: Creditor): OrderEventInput {
  return {
    creditorId,
    orderNumber: row.orderNumber,
    kind: row.event,
    happenedOn: row.at ? dateIn(row.at, zone) : row.on,
    ...(row.at && { happenedAt: row.at }),
    ...(row.amount && { amountMinor: row.amount.minor, currency: row.amount.currency }),
    ...(row.reference !== null && { reference: row.reference }),
    ...(row.customerNumber !== null && { customerNumber: row.customerNumber }),
    ...(row.eventId !== null && { eventId: row.eventId }),
  };
}

/** Takes the rows in; a bad row is told and never spoils its neighbours. Events whose order is not known yet are kept. */
export async function takeEvents(
  act: Act,
  table: CsvTable,
  columns: OrderEventColumns,
  input: FileInput,
): Promise<ItemsTaken> {
  const books = await readBooks(act);
  const counts = { records: 0, new: 0, known: 0, failed: 0 };
  const warnings: string[] = [];
  let waiting = 0;
  let firstFailure: Failure | undefined;
  const refuse = (failure: Failure): void => {
    counts.failed += 1;
    firstFailure ??= failure;
    if (warnings.length <= 200) warnings.push(warningText(failure));
  };
  let rows: { readonly line: number; readonly event: OrderEventInput }[] = [];
  const flush = async (): Promise<void> => {
    const outcomes = await recordOrderEvents(
      act,
      rows.map(({ event }) => event),
    );
    outcomes.forEach((outcome, index) => {
      if (outcome.state === "refused") return refuse({ ...outcome.failure, where: String(rows[index]?.line) });
      counts.records += 1;
      if (outcome.state === "known" || (outcome.state === "waiting" && outcome.known)) counts.known += 1;
      else counts.new += 1;
      if (outcome.state === "waiting") waiting += 1;
    });
    rows = [];
  };
  for (const read of readOrderEvents(table, columns, input.currency ?? EUR)) {
    if (!read.ok) {
      refuse(read.error);
      continue;
    }
    if (warnings.length <= 200) warnings.push(...read.value.warnings.map(warningText));
    const creditor = creditorOf(books, read.value, input);
    if (!creditor.ok) {
      refuse({ ...creditor.error, where: String(read.value.line) });
      continue;
    }
    rows.push({ line: read.value.line, event: inputOf(read.value, creditor.value) });
    if (rows.length >= BATCH) await flush();
  }
  await flush();
  if (waiting > 0)
    warnings.push(`${waiting} events name orders that are not known yet; they are kept until the invoice comes.`);
  return { ...counts, firstFailure, warnings };
}
