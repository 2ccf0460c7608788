/**
 * The portfolio of `kulanz bench dunning`, made by one formula (CONTRACT, Benchmarks), so that other systems can be
 * measured on the same work.
 */
import { addDays, deterministicUuid, type PlainDate } from "../../pure/kernel/index.ts";
import { type Database, sql, type Transaction } from "../../platform/database/index.ts";
import type { BrandId, CreditorId, TenantId } from "../../pure/kernel/index.ts";

export const BASE_DAY = "2026-10-31" as PlainDate;

/** 32 bit mixing of item number and stream. */
export function mix(i: number, s: number): number {
  let x = (i * 4 + s) >>> 0;
  for (let round = 0; round < 2; round += 1) x = Math.imul(x ^ (x >>> 16), 0x45d9f3b) >>> 0;
  return (x ^ (x >>> 16)) >>> 0;
}

export interface PortfolioItem {
  readonly customer: number;
  readonly overdueDays: number;
  readonly cents: number;
}

export const customersOf = (items: number): number => Math.ceil(items / 3);

export const itemOf = (i: number, items: number): PortfolioItem => ({
  customer: 1 + (mix(i, 0) % customersOf(items)),
  overdueDays: mix(i, 1) % 91,
  cents: 500 + (mix(i, 2) % 49_501),
});

export const numberOf = (i: number): string => `RE-${String(i).padStart(7, "0")}`;

export interface PortfolioOwner {
  readonly tenantId: TenantId;
  readonly creditorId: CreditorId;
  readonly brandId: BrandId;
}

const CHUNK = 20_000;

/** Writes customers, contact points, cases and items with their postings; identity values are empty bytes: no run reads them. */
export async function writePortfolio(database: Database, owner: PortfolioOwner, items: number): Promise<void> {
  const customers = customersOf(items);
  const { tenantId, creditorId, brandId } = owner;
  const asOwner = (work: (tx: Transaction) => Promise<unknown>): Promise<unknown> =>
    database.owner(async (tx) => {
      await tx.execute(sql`select set_config('kulanz.tenant', ${tenantId}, true)`);
      await work(tx);
    });
  const owing = new Set<number>();
  for (let i = 1; i <= items; i += 1) owing.add(itemOf(i, items).customer);
  const ids = Array.from({ length: customers + 1 }, (_, customer) => deterministicUuid("bench", String(customer)));

  for (let from = 1; from <= customers; from += CHUNK) {
    const numbers = Array.from({ length: Math.min(CHUNK, customers - from + 1) }, (_, k) => from + k);
    const own = numbers.map((customer) => ids[customer] ?? "");
    await asOwner(async (tx) => {
      await tx.execute(sql`
        insert into customer (customer_id, tenant_id, number, kind, state, identity_sealed, created_at)
        select c.id, ${tenantId}, c.number, 'consumer', 'NW', '', ${tx.now}
          from unnest(${own}::uuid[], ${numbers.map(String)}::text[]) as c (id, number)`);
      await tx.execute(sql`
        insert into contact_point (customer_id, contact_point_id, tenant_id, channel, value_sealed, created_at)
        select c.id, c.id, ${tenantId}, 'email', '', ${tx.now} from unnest(${own}::uuid[]) as c (id)`);
      const withCase = numbers.filter((customer) => owing.has(customer));
      await tx.execute(sql`
        insert into dunning_case (customer_id, case_id, tenant_id, creditor_id, currency, number, opened_on)
        select c.id, c.id, ${tenantId}, ${creditorId}, 'EUR', 100000000 + c.number::bigint, ${BASE_DAY}
          from unnest(${withCase.map((customer) => ids[customer] ?? "")}::uuid[], ${withCase.map(String)}::text[]) as c (id, number)`);
    });
  }
  for (let from = 1; from <= items; from += CHUNK) {
    const numbers = Array.from({ length: Math.min(CHUNK, items - from + 1) }, (_, k) => from + k);
    const rows = numbers.map((i) => ({ i, ...itemOf(i, items) }));
    await asOwner(async (tx) => {
      await tx.execute(sql`
        with item as (
          select * from unnest(${rows.map((row) => ids[row.customer] ?? "")}::uuid[],
                               ${rows.map((row) => deterministicUuid("bench-item", String(row.i)))}::uuid[],
                               ${rows.map((row) => numberOf(row.i))}::text[],
                               ${rows.map((row) => addDays(BASE_DAY, -row.overdueDays))}::date[],
                               ${rows.map((row) => row.cents)}::bigint[]) as x (customer_id, receivable_id, number, due_on, cents)),
        posted as (
          insert into posting (customer_id, posting_id, tenant_id, receivable_id, booking_id, kind, component, amount_minor,
                               currency, value_on, booked_at, actor)
          select customer_id, receivable_id, ${tenantId}, receivable_id, receivable_id, 'claim', 'principal', cents, 'EUR', due_on,
                 ${tx.now}, 'system:bench' from item)
        insert into receivable (customer_id, receivable_id, tenant_id, creditor_id, brand_id, case_id, item_kind, number,
                                payment_reference, claim_kind, customer_kind, currency, issued_on, arose_on, due_on,
                                open_principal, created_at)
        select customer_id, receivable_id, ${tenantId}, ${creditorId}, ${brandId}, customer_id, 'invoice', number, number, 'sale',
               'consumer', 'EUR', due_on - 14, due_on - 14, due_on, cents, ${tx.now} from item`);
    });
  }
  await asOwner((tx) => tx.execute(sql`analyze`));
}
