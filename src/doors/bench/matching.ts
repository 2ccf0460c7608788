/** `kulanz bench match`: payments of the formula's items, read from a statement and matched (CONTRACT, Benchmarks). */
import process from "node:process";
import { addDays } from "../../pure/kernel/index.ts";
import { type Platform, withAct } from "../../platform/access/index.ts";
import { identifier, sql } from "../../platform/database/index.ts";
import { importFile } from "../../books/intake/index.ts";
import { matchEntries } from "../../books/matching/index.ts";
import { keepCases } from "../../books/receivables/index.ts";
import {
  BENCH_ACTOR,
  BENCH_DAY,
  freshStatistics,
  furnish,
  ibanOf,
  personOf,
  reminderBy,
  takeBenchCustomers,
  takeBenchItems,
} from "./house.ts";
import { peakMemory } from "./memory.ts";
import { BASE_DAY, customersOf, itemOf, mix, numberOf, type PortfolioOwner } from "./portfolio.ts";
import { type BenchEntry, statementFrom } from "./statement.ts";

export type PaymentKind = "full" | "half" | "without_number";

/** Transaction k pays item 3k: 0 to 7 of ten in full with its number, one half, one in full without a number. */
export function paymentOf(
  k: number,
  items: number,
): BenchEntry & { readonly kind: PaymentKind; readonly item: number } {
  const item = 3 * k;
  const { customer, cents } = itemOf(item, items);
  const draw = mix(item, 3) % 10;
  const kind: PaymentKind = draw < 8 ? "full" : draw === 8 ? "half" : "without_number";
  const { firstName, name } = personOf(customer);
  return {
    kind,
    item,
    cents: kind === "half" ? Math.floor(cents / 2) : cents,
    payer: `${firstName} ${name}`,
    iban: ibanOf(customer),
    text: kind === "without_number" ? "Zahlung Danke" : `Zahlung ${numberOf(item)} Kd ${customer} Danke`,
  };
}

export interface Settled {
  readonly payments: number;
  readonly right: number;
  readonly untouched: number;
  readonly wrong: number;
}

export interface MatchBench {
  readonly transactions: number;
  readonly items: number;
  readonly customers: number;
  readonly seconds: number;
  readonly transactionsPerSecond: number;
  /** Processor time of this process (PostgreSQL apart), milliseconds a payment. */
  readonly processorMs: number;
  readonly booked: number;
  readonly proposed: number;
  readonly unmatched: number;
  /**
   * Items of the formula by kind of payment: `right` stand as their payment leaves them, `untouched` are open as before
   * (their payment waits for a person, as it should without a number from an account not seen before), `wrong` stand
   * otherwise. Besides, items nobody paid that changed.
   */
  readonly settled: Readonly<Record<PaymentKind, Settled>>;
  readonly wronglyChanged: number;
  readonly floor: { readonly sameRows: number };
  readonly rssMaxMiB: number;
}

export interface MatchBenchOptions {
  readonly platform: Platform;
  readonly transactions: number;
  readonly items: number;
  readonly progress: (step: string) => void;
}

/** One round: each writes the ledger of a whole portfolio. `items` must be at least three times `transactions`. */
export async function benchMatch({ platform, transactions, items, progress }: MatchBenchOptions): Promise<MatchBench> {
  progress("customers and items");
  const owner = await furnish(platform, "Bench match", reminderBy("email"));
  const rows = Array.from({ length: items }, (_, k) => ({ i: k + 1, ...itemOf(k + 1, items) }));
  const customers = await takeBenchCustomers(platform, owner, [...new Set(rows.map(({ customer }) => customer))]);
  await takeBenchItems(
    platform,
    owner,
    customers,
    rows.map(({ i, customer, cents, overdueDays }) => ({
      customer,
      cents,
      number: numberOf(i),
      dueOn: addDays(BASE_DAY, -overdueDays),
    })),
  );
  // As an import leaves them: what is overdue has its case.
  for (const ids of inPieces([...customers.values()], 5_000))
    await withAct(platform, owner.tenantId, BENCH_ACTOR, (act) => keepCases(act, ids, BENCH_DAY));
  progress("statement");
  const payments = Array.from({ length: transactions }, (_, k) => paymentOf(k + 1, items));
  const report = await importFile(platform, owner.tenantId, BENCH_ACTOR, {
    name: "bench.xml",
    content: () => statementFrom(payments),
  });
  if (report.imported?.new !== transactions)
    throw new Error(`imported ${report.imported?.new ?? 0} of ${transactions} transactions`);
  await freshStatistics(platform);

  progress("matching");
  const processor = process.cpuUsage();
  const begun = performance.now();
  const counts = await matchEntries(platform, owner.tenantId, BENCH_ACTOR, {});
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(processor);
  progress("floor");
  return {
    transactions,
    items,
    customers: customersOf(items),
    seconds: Number(seconds.toFixed(3)),
    transactionsPerSecond: Math.round(transactions / seconds),
    processorMs: Number(((user + system) / 1000 / transactions).toFixed(3)),
    ...counts,
    ...(await outcome(platform, owner, payments, items)),
    floor: { sameRows: await bookedRowsFloor(platform) },
    rssMaxMiB: await peakMemory(),
  };
}

function* inPieces<T>(list: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < list.length; from += size) yield list.slice(from, from + size);
}

async function outcome(
  platform: Platform,
  { tenantId }: PortfolioOwner,
  payments: readonly ReturnType<typeof paymentOf>[],
  items: number,
): Promise<Pick<MatchBench, "settled" | "wronglyChanged">> {
  const rows = await withAct(platform, tenantId, BENCH_ACTOR, (act) =>
    act.tx.rows<{ number: string; open: bigint }>(sql`
      select number, open_principal as open from receivable where tenant_id = ${tenantId} and item_kind = 'invoice'`),
  );
  const open = new Map(rows.map((row) => [row.number, Number(row.open)]));
  const none = (): { -readonly [K in keyof Settled]: number } => ({ payments: 0, right: 0, untouched: 0, wrong: 0 });
  const tally = { full: none(), half: none(), without_number: none() };
  const paid = new Set<number>();
  for (const { item, cents, kind } of payments) {
    paid.add(item);
    tally[kind].payments += 1;
    const [left, before] = [open.get(numberOf(item)), itemOf(item, items).cents];
    tally[kind][left === before - cents ? "right" : left === before ? "untouched" : "wrong"] += 1;
  }
  let wronglyChanged = 0;
  for (let i = 1; i <= items; i += 1)
    if (!paid.has(i) && open.get(numberOf(i)) !== itemOf(i, items).cents) wronglyChanged += 1;
  return { settled: tally, wronglyChanged };
}

/** Seconds to write the matches and their postings into copies of the tables without policies, triggers and foreign keys. */
async function bookedRowsFloor({ database }: Platform): Promise<number> {
  const copies = [
    ["match", "bench_match"],
    ["posting", "bench_posting"],
  ] as const;
  await database.owner(async (tx) => {
    for (const [table, copy] of copies)
      await tx.execute(sql`create table ${identifier(copy)} (like ${identifier(table)} including all)`);
  });
  const begun = performance.now();
  await database.owner(async (tx) => {
    await tx.execute(sql`insert into bench_match select * from match`);
    await tx.execute(sql`
      insert into bench_posting select p.* from posting p join match m on m.customer_id = p.customer_id and m.booking_id = p.booking_id`);
  });
  const seconds = (performance.now() - begun) / 1000;
  await database.owner(async (tx) => {
    for (const [, copy] of copies) await tx.execute(sql`drop table ${identifier(copy)}`);
  });
  return Number(seconds.toFixed(3));
}
