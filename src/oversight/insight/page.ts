/** One page of a filtered set, with the number of all and, per currency, the sum of one column: one statement. */
import type { Act } from "../../platform/access/index.ts";
import { identifier, join, type Sql, sql } from "../../platform/database/index.ts";

export interface Order {
  /** Column of the filtered set; chosen by code, never taken from input. */
  readonly column: string;
  readonly descending?: boolean;
}

export interface PageRequest {
  readonly order: readonly Order[];
  readonly limit: number;
  readonly offset: number;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
  /** Minor units by currency. */
  readonly sums: ReadonlyMap<string, bigint>;
}

/**
 * `filtered` is a query; with `sum` it has a column `currency` and the named bigint column. The order should end with a
 * column that is unique, so that pages neither repeat nor lose a row.
 */
export async function readPage<Row extends object>(
  { tx }: Pick<Act, "tx">,
  filtered: Sql,
  { order, limit, offset }: PageRequest,
  sum?: string,
): Promise<Page<Row>> {
  const ordered = join(
    order.map(({ column, descending = false }) =>
      descending ? sql`f.${identifier(column)} desc nulls last` : sql`f.${identifier(column)} asc nulls last`,
    ),
    ", ",
  );
  const summed = sum
    ? sql`(select jsonb_object_agg(s.currency, s.amount::text) from (
             select f.currency, sum(f.${identifier(sum)}) as amount from filtered f
              where f.currency is not null group by f.currency) s)`
    : sql`null::jsonb`;
  const rows = await tx.rows<
    Row & { page_total: bigint; page_sums: Record<string, string> | null; page_position: bigint | null }
  >(sql`
    with filtered as materialized (${filtered}),
         page as (select f.*, row_number() over (order by ${ordered}) as page_position from filtered f
                   order by page_position limit ${limit} offset ${offset})
    select p.*, t.page_total, t.page_sums
      from (select (select count(*) from filtered) as page_total, ${summed} as page_sums) t
      left join page p on true order by p.page_position`);
  const first = rows[0];
  return {
    rows: rows.filter((row) => row.page_position !== null),
    total: Number(first?.page_total ?? 0n),
    sums: new Map(Object.entries(first?.page_sums ?? {}).map(([currency, amount]) => [currency, BigInt(amount)])),
  };
}
