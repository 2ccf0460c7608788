/**
 * `kulanz bench import`: a camt.053 of our own making with N entries, and a list of N open items, each read and stored,
 * beside an insert of the same rows.
 */
import { addDays, EUR, formatMinor, type TenantId } from "../../pure/kernel/index.ts";
import type { Platform } from "../../platform/access/index.ts";
import { identifier, join, sql } from "../../platform/database/index.ts";
import { importFile } from "../../books/intake/index.ts";
import { BENCH_ACTOR, furnish, ibanOf, personOf, reminderBy } from "./house.ts";
import { peakMemory } from "./memory.ts";
import { BASE_DAY, customersOf, itemOf, numberOf } from "./portfolio.ts";
import { type BenchEntry, statementFrom } from "./statement.ts";

export interface ImportBench {
  readonly entries: number;
  readonly mebibytes: number;
  readonly seconds: number;
  readonly entriesPerSecond: number;
  /** Seconds of one `insert … select` of the same rows into copies of the tables without policies and foreign keys. */
  readonly floor: { readonly sameRows: number };
  readonly rssMaxMiB: number;
  /** The list of open items, taken in afterwards by the same process. */
  readonly items: {
    readonly items: number;
    readonly customers: number;
    readonly mebibytes: number;
    readonly seconds: number;
    readonly itemsPerSecond: number;
    readonly floor: { readonly sameRows: number };
    /** The peak since the process began: that of the statement when the list needs less. */
    readonly rssMaxMiB: number;
  };
}

/** Every item of the formula paid in full; made anew at each pass, so that memory is the reader's. */
const paidItems = (entries: number): Iterable<BenchEntry> => ({
  *[Symbol.iterator]() {
    for (let i = 1; i <= entries; i += 1) {
      const { customer, cents } = itemOf(i, entries);
      const { firstName, name } = personOf(customer);
      const text = `Zahlung ${numberOf(i)} Kd ${customer} Danke`;
      yield { cents, payer: `${firstName} ${name}`, iban: ibanOf(customer), text };
    }
  },
});

export async function benchImport(platform: Platform, entries: number): Promise<ImportBench> {
  const { tenantId } = await furnish(platform, "Bench import", reminderBy("email"));
  let bytes = 0;
  for await (const piece of statementFrom(paidItems(entries))) bytes += piece.length;
  const begun = performance.now();
  const report = await importFile(platform, tenantId, BENCH_ACTOR, {
    name: "bench.xml",
    content: () => statementFrom(paidItems(entries)),
  });
  const seconds = (performance.now() - begun) / 1000;
  if (report.imported?.new !== entries) throw new Error(`imported ${report.imported?.new ?? 0} of ${entries} entries`);

  const sameRows = await rowsAgain(platform, tenantId, ["bank_entry"]);
  const rssMaxMiB = await peakMemory();
  return {
    entries,
    mebibytes: Number((bytes / 2 ** 20).toFixed(1)),
    seconds: Number(seconds.toFixed(3)),
    entriesPerSecond: Math.round(entries / seconds),
    floor: { sameRows },
    rssMaxMiB,
    items: await benchItems(platform, entries),
  };
}

const HEADER =
  "customer_number,kind,first_name,name,street,postcode,city,country,state,email,iban,invoice_number,order_number,issue_date,due_date,due_date_agreed,notice_30_days,claim_kind,amount,currency\n";
const PIECE = 65_536;

/** The portfolio's items as a shop would list them, in pieces. */
async function* listOf(items: number): AsyncGenerator<Buffer> {
  let piece = HEADER;
  for (let i = 1; i <= items; i += 1) {
    const { customer, overdueDays, cents } = itemOf(i, items);
    const { firstName, name } = personOf(customer);
    const due = addDays(BASE_DAY, -overdueDays);
    piece +=
      `${customer},consumer,${firstName},${name},Prüfweg ${1 + (customer % 200)},50667,Köln,DE,NW,` +
      `kunde-${customer}@post.example,${ibanOf(customer)},${numberOf(i)},B-${i},${addDays(due, -14)},${due},no,yes,sale,` +
      `${formatMinor(BigInt(cents), EUR)},EUR\n`;
    if (piece.length > PIECE) {
      yield Buffer.from(piece);
      piece = "";
    }
  }
  yield Buffer.from(piece);
}

/** Tables that an item writes to. */
const ITEM_TABLES = [
  "customer",
  "customer_key",
  "customer_search",
  "customer_brand",
  "customer_check",
  "contact_point",
  "directory_entry",
  "receivable",
  "posting",
  "dunning_case",
] as const;

async function benchItems(platform: Platform, items: number): Promise<ImportBench["items"]> {
  const { tenantId } = await furnish(platform, "Bench items", reminderBy("email"));
  let bytes = 0;
  for await (const piece of listOf(items)) bytes += piece.length;
  const begun = performance.now();
  const report = await importFile(platform, tenantId, BENCH_ACTOR, { name: "items.csv", content: () => listOf(items) });
  const seconds = (performance.now() - begun) / 1000;
  if (report.imported?.new !== items) throw new Error(`imported ${report.imported?.new ?? 0} of ${items} items`);
  return {
    items,
    customers: customersOf(items),
    mebibytes: Number((bytes / 2 ** 20).toFixed(1)),
    seconds: Number(seconds.toFixed(3)),
    itemsPerSecond: Math.round(items / seconds),
    floor: { sameRows: await rowsAgain(platform, tenantId, ITEM_TABLES) },
    rssMaxMiB: await peakMemory(),
  };
}

/** Seconds that PostgreSQL needs to write a tenant's rows once more, into copies of the tables. */
async function rowsAgain({ database }: Platform, tenantId: TenantId, tables: readonly string[]): Promise<number> {
  const copyOf = (table: string): string => `bench_${table}`;
  const columns = new Map<string, readonly string[]>();
  await database.owner(async (tx) => {
    for (const table of tables) {
      const rows = await tx.rows<{ name: string }>(sql`
        select attname::text as name from pg_attribute
        where attrelid = ${table}::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`);
      columns.set(
        table,
        rows.map(({ name }) => name),
      );
      await tx.execute(sql`create table ${identifier(copyOf(table))} (like ${identifier(table)} including all)`);
    }
  });
  const begun = performance.now();
  await database.owner(async (tx) => {
    for (const table of tables) {
      const list = join((columns.get(table) ?? []).map(identifier), ", ");
      await tx.execute(sql`
        insert into ${identifier(copyOf(table))} (${list}) select ${list} from ${identifier(table)}
        where tenant_id = ${tenantId}`);
    }
  });
  const seconds = (performance.now() - begun) / 1000;
  await database.owner(async (tx) => {
    for (const table of tables) await tx.execute(sql`drop table ${identifier(copyOf(table))}`);
  });
  return Number(seconds.toFixed(3));
}
