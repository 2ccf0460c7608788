/** What the runs of `kulanz bench dunning` are held against: the same server, in the same run. */
import { addDays, type PlainDate } from "../../pure/kernel/index.ts";
import type { Platform } from "../../platform/access/index.ts";
import { identifier, sql, statement, type Transaction } from "../../platform/database/index.ts";
import { BASE_DAY, itemOf } from "./portfolio.ts";

const ROWS_A_STATEMENT = 50_000;

export const medianOf = (seconds: readonly number[]): number =>
  Number(([...seconds].sort((a, b) => a - b)[Math.floor(seconds.length / 2)] ?? Number.NaN).toFixed(3));

/**
 * Seconds that PostgreSQL needs to write the decisions and messages that stand in the tables now, byte for byte, into
 * copies of them with the same columns, indexes and checks, but without policies and foreign keys: one statement a table.
 */
export async function sameRowsFloor({ database }: Platform): Promise<number> {
  const copies = [
    ["decision", "bench_decision"],
    ["message", "bench_message"],
  ] as const;
  await database.owner(async (tx) => {
    for (const [table, copy] of copies) {
      await tx.execute(sql`drop table if exists ${identifier(copy)}`);
      await tx.execute(sql`create table ${identifier(copy)} (like ${identifier(table)} including all)`);
    }
  });
  const begun = performance.now();
  await database.owner(async (tx) => {
    for (const [table, copy] of copies)
      await tx.execute(sql`insert into ${identifier(copy)} select * from ${identifier(table)}`);
  });
  const seconds = (performance.now() - begun) / 1000;
  await database.owner(async (tx) => {
    for (const [, copy] of copies) await tx.execute(sql`drop table ${identifier(copy)}`);
  });
  return seconds;
}

/** Two parts of `floor.sql`: the statements that make the tables, and the step with `:day`. */
export function floorParts(text: string): { readonly tables: readonly string[]; readonly step: string } {
  const [tables = "", step = ""] = text.split(/^-- with :day bound.*$/m);
  const withoutComments = tables.replace(/^--.*$/gm, "");
  return {
    tables: withoutComments
      .split(";")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
    step: step.trim().replace(/;$/, ""),
  };
}

/** The least that any system must write, as plain set-based SQL on the same data (`floor.sql`, unchanged). Medians. */
export async function minimalFloor<Phase extends string>(
  { database }: Platform,
  items: number,
  text: string,
  phases: readonly (readonly [Phase, PlainDate])[],
  rounds: number,
): Promise<Readonly<Record<Phase, number>>> {
  const {
    tables: [source = "", ...rest],
    step,
  } = floorParts(text);
  const inFloor = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.owner(async (tx) => {
      await tx.execute(sql`set local search_path = floor, public`);
      return work(tx);
    });
  const seconds = new Map<Phase, number[]>(phases.map(([phase]) => [phase, []]));
  for (let round = 0; round < rounds; round += 1) {
    await database.owner(async (tx) => {
      await tx.execute(sql`drop schema if exists floor cascade`);
      await tx.execute(sql`create schema floor`);
    });
    await inFloor((tx) => tx.execute(statement(source)));
    for (let from = 1; from <= items; from += ROWS_A_STATEMENT) await inFloor((tx) => fillSource(tx, from, items));
    for (const one of rest) await inFloor((tx) => tx.execute(statement(one)));
    for (const [phase, day] of phases) {
      const begun = performance.now();
      await inFloor((tx) => tx.execute(statement(step.replaceAll(":day", `date '${day}'`))));
      seconds.get(phase)?.push((performance.now() - begun) / 1000);
    }
  }
  await database.owner((tx) => tx.execute(sql`drop schema floor cascade`));
  return Object.fromEntries(phases.map(([phase]) => [phase, medianOf(seconds.get(phase) ?? [])])) as Record<
    Phase,
    number
  >;
}

async function fillSource(tx: Transaction, from: number, items: number): Promise<void> {
  const rows = Array.from({ length: Math.min(ROWS_A_STATEMENT, items - from + 1) }, (_, k) => ({
    i: from + k,
    ...itemOf(from + k, items),
  }));
  await tx.execute(sql`
    insert into floor_item_source
    select * from unnest(${rows.map((row) => row.i)}::bigint[], ${rows.map((row) => row.customer)}::bigint[],
                         ${rows.map((row) => addDays(BASE_DAY, -row.overdueDays))}::date[],
                         ${rows.map((row) => row.cents)}::bigint[])`);
}
