import { type CustomerId, FailureError, fail } from "../../pure/kernel/index.ts";
import { identifier, join, type Sql, sql, type TenantTransaction, type Transaction } from "../database/index.ts";
import type { Purpose } from "./model.ts";

export interface CustomerKeyRow {
  readonly customer_id: CustomerId;
  readonly purpose: Purpose;
  /** Null once destroyed. */
  readonly wrapped: Buffer | null;
  readonly master_key_id: string;
  readonly destroyed_at: Date | null;
}

export interface NewCustomerKey {
  readonly customerId: CustomerId;
  readonly purpose: Purpose;
  readonly wrapped: Buffer;
  readonly masterKeyId: string;
}

export async function insertCustomerKeys(tx: TenantTransaction, keys: readonly NewCustomerKey[]): Promise<number> {
  return tx.execute(sql`
    insert into customer_key (customer_id, purpose, tenant_id, wrapped, master_key_id)
    select k.customer_id, k.purpose, ${tx.tenantId}::uuid, k.wrapped, k.master_key_id
    from unnest(${keys.map((key) => key.customerId)}::uuid[], ${keys.map((key) => key.purpose)}::text[],
                ${keys.map((key) => key.wrapped)}::bytea[], ${keys.map((key) => key.masterKeyId)}::text[])
         as k (customer_id, purpose, wrapped, master_key_id)
    on conflict (customer_id, purpose) do nothing`);
}

export async function readCustomerKeys(tx: TenantTransaction, ids: readonly CustomerId[]): Promise<CustomerKeyRow[]> {
  return tx.rows<CustomerKeyRow>(sql`
    select customer_id, purpose, wrapped, master_key_id, destroyed_at
    from customer_key where customer_id = any(${ids}::uuid[])`);
}

/** The wrapped key is overwritten, not only marked: a later backup no longer contains it. */
export async function destroyCustomerKeys(
  tx: TenantTransaction,
  ids: readonly CustomerId[],
  purposes: readonly Purpose[],
): Promise<number> {
  return tx.execute(sql`
    update customer_key set wrapped = null, destroyed_at = ${tx.now}
    where customer_id = any(${ids}::uuid[]) and purpose = any(${purposes}::text[]) and destroyed_at is null`);
}

export interface TenantKeyRow {
  readonly lookup_key_wrapped: Buffer;
  readonly data_key_wrapped: Buffer;
  readonly master_key_id: string;
}

export async function readTenantKeys(tx: TenantTransaction): Promise<TenantKeyRow> {
  const row = await tx.one<TenantKeyRow>(sql`
    select lookup_key_wrapped, data_key_wrapped, master_key_id from tenant where tenant_id = ${tx.tenantId}`);
  if (!row) throw new FailureError(fail("not_found", "tenant_unknown", "There is no such tenant.", tx.tenantId).error);
  return row;
}

export interface PlatformKey {
  readonly wrapped: string;
  readonly masterKeyId: string;
}

/** Puts the platform's look-up key when there is none yet, and returns the one that is there (another process may win). */
export async function keepPlatformKey(tx: Transaction, fresh: PlatformKey): Promise<PlatformKey> {
  await tx.execute(sql`
    insert into platform_setting (name, value) values ('platform_lookup_key', ${JSON.stringify(fresh)}::jsonb)
    on conflict (name) do nothing`);
  const row = await tx.one<{ value: PlatformKey }>(sql`
    select value from platform_setting where name = 'platform_lookup_key'`);
  if (!row) throw new Error("the platform's look-up key was not kept");
  return row.value;
}

/** A table with wrapped keys: `master_key_id` and one or more `…wrapped` columns. */
export interface KeyColumn {
  readonly table: string;
  readonly columns: readonly string[];
}

/** Read from the catalogue, so a table that a later migration adds is rotated without a word here. */
export async function keyColumns(tx: Transaction): Promise<KeyColumn[]> {
  return tx.rows<KeyColumn>(sql`
    select c.relname::text as table, array_agg(a.attname::text order by a.attname) as columns
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname like '%wrapped' and a.atttypid = 'bytea'::regtype
    where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace
      and exists (select from pg_attribute m where m.attrelid = c.oid and m.attname = 'master_key_id')
    group by c.relname order by c.relname`);
}

export interface KeyRow {
  readonly place: string;
  readonly keys: readonly Buffer[];
  readonly master_key_id: string;
}

/** Rows under one of these master keys; by equality, so that the index on `master_key_id` serves. Destroyed keys (null) need nothing. */
const under = ({ table, columns }: KeyColumn, masterKeyIds: readonly string[]): Sql =>
  sql`from ${identifier(table)} where master_key_id = any(${masterKeyIds}::text[]) and ${identifier(columns[0] ?? "")} is not null`;

export async function readKeys(
  tx: Transaction,
  table: KeyColumn,
  masterKeyIds: readonly string[],
  limit: number,
): Promise<KeyRow[]> {
  const list = join(table.columns.map(identifier), ", ");
  return tx.rows<KeyRow>(sql`
    select ctid::text as place, array[${list}] as keys, master_key_id ${under(table, masterKeyIds)} limit ${limit}`);
}

export async function countKeys(tx: Transaction, table: KeyColumn, masterKeyIds: readonly string[]): Promise<number> {
  const row = await tx.one<{ count: bigint }>(sql`select count(*) as count ${under(table, masterKeyIds)}`);
  return Number(row?.count ?? 0n);
}

/** A master key some row needs and this process does not know. */
export async function unknownKey(
  tx: Transaction,
  { table, columns }: KeyColumn,
  known: readonly string[],
): Promise<string | undefined> {
  const row = await tx.one<{ id: string }>(sql`
    select master_key_id as id from ${identifier(table)}
    where master_key_id <> all(${known}::text[]) and ${identifier(columns[0] ?? "")} is not null limit 1`);
  return row?.id;
}

export async function replaceKeys(
  tx: Transaction,
  { table, columns }: KeyColumn,
  rows: readonly KeyRow[],
  fresh: readonly (readonly Buffer[])[],
  current: string,
): Promise<number> {
  if (rows.length === 0) return 0;
  const names = columns.map(identifier);
  const old = names.map((_, index) => sql`${rows.map((row) => row.keys[index])}::bytea[]`);
  const next = names.map((_, index) => sql`${fresh.map((row) => row[index])}::bytea[]`);
  const oldNames = names.map((_, index) => identifier(`old_${index}`));
  const nextNames = names.map((_, index) => identifier(`next_${index}`));
  const sets = names.map((name, index) => sql`${name} = k.${nextNames[index]}`);
  const same = names.map((name, index) => sql`t.${name} = k.${oldNames[index]}`);
  return tx.execute(sql`
    update ${identifier(table)} t set ${join(sets, ", ")}, master_key_id = ${current}
    from unnest(${rows.map((row) => row.place)}::tid[], ${join([...old, ...next], ", ")})
         as k (place, ${join([...oldNames, ...nextNames], ", ")})
    where t.ctid = k.place and ${join(same, " and ")}`);
}

/** Compare and swap of the platform's look-up key; 1 when it was replaced. */
export async function replacePlatformKey<F>(
  tx: Transaction,
  rewrap: (key: PlatformKey) => { ok: true; value: PlatformKey } | { ok: false; error: F },
): Promise<{ ok: true; value: number } | { ok: false; error: F }> {
  const row = await tx.one<{ value: PlatformKey }>(sql`
    select value from platform_setting where name = 'platform_lookup_key' for update`);
  if (!row) return { ok: true, value: 0 };
  const next = rewrap(row.value);
  if (!next.ok) return next;
  const written = await tx.execute(sql`
    update platform_setting set value = ${JSON.stringify(next.value)}::jsonb where name = 'platform_lookup_key'`);
  return { ok: true, value: written };
}
