/** `kulanz bench import`: a camt.053 of our own making with N entries, read and stored, beside an insert of as many rows. */
import type { Platform } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import { importFile } from "../../books/intake/index.ts";
import { BENCH_ACTOR, furnish, ibanOf, personOf, reminderBy } from "./house.ts";
import { peakMemory } from "./memory.ts";
import { itemOf, numberOf } from "./portfolio.ts";
import { type BenchEntry, statementFrom } from "./statement.ts";

export interface ImportBench {
  readonly entries: number;
  readonly mebibytes: number;
  readonly seconds: number;
  readonly entriesPerSecond: number;
  /** Seconds of one `insert … select` of the same rows into a copy of the table without policies. */
  readonly floor: { readonly sameRows: number };
  readonly rssMaxMiB: number;
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

  await platform.database.owner((tx) => tx.execute(sql`create table bench_entry (like bank_entry including all)`));
  const floorBegun = performance.now();
  await platform.database.owner((tx) =>
    tx.execute(sql`insert into bench_entry select * from bank_entry where tenant_id = ${tenantId}`),
  );
  const sameRows = (performance.now() - floorBegun) / 1000;
  await platform.database.owner((tx) => tx.execute(sql`drop table bench_entry`));
  return {
    entries,
    mebibytes: Number((bytes / 2 ** 20).toFixed(1)),
    seconds: Number(seconds.toFixed(3)),
    entriesPerSecond: Math.round(entries / seconds),
    floor: { sameRows: Number(sameRows.toFixed(3)) },
    rssMaxMiB: await peakMemory(),
  };
}
