/** What a list of open items would change, before anything of it is stored: for the person who takes it in. */
import { type ColumnMapping, type CsvTable, orderEventColumns, readOpenItems } from "../../../pure/formats/index.ts";
import {
  type CreditorId,
  type Currency,
  dateIn,
  EUR,
  type PlainDate,
  type ReceivableId,
  type Uuid,
} from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { findByTokens } from "../../../platform/sealed/index.ts";
import type { Creditor } from "../../customers/index.ts";
import { countDiffering, openCount, vanishedFrom } from "../../receivables/index.ts";
import { readBooks } from "../creditors.ts";
import { rowOf } from "../items.ts";
import type { FileInput } from "../model.ts";
import { isTooMuch, type ListKind, listKindOf, type ListRow, stopLimits, summed } from "./lists.ts";

export interface ListPreview {
  readonly kind: ListKind;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Open items that would be closed because the list does not have them. */
  readonly vanished: number;
  /** By currency, minor units. */
  readonly vanishedAmounts: ReadonlyMap<Currency, bigint>;
  /** Of the open items, 0 to 1. */
  readonly share: number;
  /** From which share on a person confirms. */
  readonly limit: number;
  /** The safety stop would hold the list. */
  readonly stops: boolean;
}

const BATCH = 5_000;

interface Sorted {
  readonly creditor: Creditor;
  readonly numbers: string[];
  readonly rows: ListRow[];
}

/**
 * What taking the list in would do, read only. Undefined: the table holds order events, or no row of it can be read.
 * Of several creditors in one list the counts are added up, and the largest share is told.
 */
export async function previewList(
  act: Act,
  table: CsvTable,
  mapping: ColumnMapping,
  input: Pick<FileInput, "creditorId" | "currency" | "list" | "asOf" | "mapping">,
): Promise<ListPreview | undefined> {
  if (input.mapping === undefined && orderEventColumns(table)) return undefined;
  const books = await readBooks(act);
  const creditors = new Map<CreditorId, Sorted>();
  let unread = 0;
  const stated: { of: Sorted; key: string; number: string; currency: Currency; minor: bigint; dueOn: PlainDate }[] = [];
  for (const read of readOpenItems(table, mapping, input.currency ?? EUR)) {
    const row = read.ok ? rowOf(books, read.value, input) : read;
    if (!row.ok) {
      unread += 1;
      continue;
    }
    const { creditor, item } = row.value;
    const of = creditors.get(creditor.creditorId) ?? { creditor, numbers: [], rows: [] };
    creditors.set(creditor.creditorId, of);
    const number = item.invoiceNumber.trim();
    const { minor, currency } = item.amount;
    stated.push({ of, key: `${creditor.creditorId}:${number}`, number, currency, minor, dueOn: item.dueDate });
  }
  if (creditors.size === 0) return undefined;
  const known = new Set<string>();
  const fresh = new Set<string>();
  for (let from = 0; from < stated.length; from += BATCH) {
    const batch = stated.slice(from, from + BATCH);
    const hits = await findByTokens(act, "invoice_number", [...new Set(batch.map(({ key }) => key))]);
    for (const { of, key, number, currency, minor, dueOn } of batch) {
      const hit = hits.get(key)?.[0];
      if (hit) {
        known.add(key);
        const { customerId, objectId } = hit;
        const receivableId = objectId as ReceivableId;
        of.rows.push({ creditor: of.creditor, customerId, receivableId, number, currency, statedMinor: minor, dueOn });
      } else if (minor !== 0n) fresh.add(key);
    }
  }
  const totals = { changed: 0, vanished: 0, share: 0, stops: false };
  const amounts = new Map<Currency, bigint>();
  let kind: ListKind = "delta";
  let limit = 0;
  for (const { creditor, rows } of creditors.values()) {
    const leads = creditor.leads !== "kulanz";
    const items = summed(rows, !leads).filter(({ statedMinor }) => leads || statedMinor !== 0n);
    for (let from = 0; from < items.length; from += BATCH)
      totals.changed += await countDiffering(
        act,
        items.slice(from, from + BATCH),
        leads ? "open_there" : "open_or_claim",
      );
    const limits = stopLimits(creditor);
    limit = Math.max(limit, limits.share);
    if ((input.list ?? listKindOf(creditor)) === "delta") continue;
    kind = "snapshot";
    if (!leads || unread > 0) continue;
    const { vanished, before } = await missing(act, creditor, rows, input.asOf);
    for (const { currency, openMinor } of vanished) amounts.set(currency, (amounts.get(currency) ?? 0n) + openMinor);
    totals.vanished += vanished.length;
    totals.share = Math.max(totals.share, before === 0 ? 0 : vanished.length / before);
    totals.stops ||= isTooMuch(vanished.length, before, limits);
  }
  const { changed, ...rest } = totals;
  return {
    kind,
    added: fresh.size,
    changed,
    unchanged: known.size - changed,
    vanishedAmounts: amounts,
    limit,
    ...rest,
  };
}

async function missing(act: Act, { creditorId, zone }: Creditor, rows: readonly ListRow[], asOf?: PlainDate) {
  const listed = new Set(rows.map(({ receivableId }) => receivableId));
  // A list that does not exist yet: nothing stands in it but what these rows say.
  const place = { creditorId, listId: act.tx.newId<Uuid>(), asOf: asOf ?? dateIn(act.tx.now, zone) };
  const open = await vanishedFrom(act, place);
  return {
    vanished: open.filter(({ receivableId }) => !listed.has(receivableId)),
    before: await openCount(act, creditorId),
  };
}
