/**
 * Who has this reference, IBAN, e-mail, number? Entries hold keyed hashes under the tenant's look-up key, so the
 * database alone tells neither the value nor that two tenants know the same person. Erasure deletes them.
 */
import { type CustomerId, type Failure, fail, ok, type Result, type Uuid } from "../../pure/kernel/index.ts";
import { arrayOf, rowsOf, type Sql, sql, type TenantTransaction } from "../database/index.ts";
import { normaliseValue } from "./model.ts";
import type { Vault } from "./vault.ts";

/** What directory functions need; an `Act` is one. */
export interface Sealed {
  readonly tx: TenantTransaction;
  readonly vault: Vault;
}

export interface DirectoryEntry {
  /** Sort of value: `email`, `iban`, `reference`, `phone`, or one of the caller's own. */
  readonly kind: string;
  /** As it was written; normalised here (`normaliseValue`). */
  readonly value: string;
  readonly customerId: CustomerId;
  /** What exactly is meant: the customer, a receivable, a contact point. */
  readonly objectId: Uuid;
  /** A second entry of this kind and value, for anything else, is refused. */
  readonly onlyOne?: boolean;
}

export interface DirectoryHit {
  readonly customerId: CustomerId;
  readonly objectId: Uuid;
}

interface Written extends DirectoryEntry {
  readonly index: number;
  readonly token: Buffer;
}

/** Sorted, so that two writers meet the same entries in the same order and can't lock each other out. */
async function withTokens(sealed: Sealed, entries: readonly DirectoryEntry[]): Promise<Written[]> {
  const tokenOf = await tokens(sealed);
  const rows = entries.map((entry, index) => ({ ...entry, index, token: tokenOf(entry.kind, entry.value) }));
  return rows.sort((a, b) => Buffer.compare(a.token, b.token));
}

const insertOf = ({ tx }: Pick<Sealed, "tx">, rows: readonly Written[]): Sql => sql`
  insert into directory_entry (token, kind, tenant_id, customer_id, object_id, only_one)
  select e.token, e.kind, ${tx.tenantId}::uuid, e.customer_id, e.object_id, e.only_one
  from ${rowsOf("e", {
    token: ["bytea", rows.map((row) => row.token)],
    kind: ["text", rows.map((row) => row.kind)],
    customer_id: ["uuid", rows.map((row) => row.customerId)],
    object_id: ["uuid", rows.map((row) => row.objectId)],
    only_one: ["bool", rows.map((row) => row.onlyOne ?? false)],
  })}
  on conflict do nothing`;

/**
 * Writes entries, one statement for all; what is there already stays. Failure `directory_taken` (where: index of the
 * entry) when an `onlyOne` value belongs to something else: the caller rolls back. Returns the number of new entries.
 */
export async function putDirectoryEntries(
  sealed: Sealed,
  entries: readonly DirectoryEntry[],
): Promise<Result<number, Failure<"directory_taken">>> {
  if (entries.length === 0) return ok(0);
  const { tx } = sealed;
  const rows = await withTokens(sealed, entries);
  const written = await tx.execute(insertOf(sealed, rows));
  const claimed = rows.filter((row) => row.onlyOne);
  if (written === rows.length || claimed.length === 0) return ok(written);
  // A second statement, because the first one's snapshot does not see the row another transaction just committed.
  const taken = await tx.one<{ index: number }>(sql`
    select c.index from unnest(${claimed.map((row) => row.token)}::bytea[], ${claimed.map((row) => row.customerId)}::uuid[],
                               ${claimed.map((row) => row.objectId)}::uuid[], ${claimed.map((row) => row.index)}::int[])
         as c (token, customer_id, object_id, index)
    where not exists (select from directory_entry d
                      where d.token = c.token and d.customer_id = c.customer_id and d.object_id = c.object_id and d.only_one)
    order by c.index limit 1`);
  if (!taken) return ok(written);
  return fail("conflict", "directory_taken", "This value already belongs to another record.", String(taken.index));
}

/**
 * Claims values of which there is one each (`onlyOne` is not asked for): of two transactions the second waits here and then
 * learns what the first one stored. Returns, entry by entry, who has the value; undefined where that is this entry now.
 */
export async function claimDirectoryEntries(
  sealed: Sealed,
  entries: readonly Omit<DirectoryEntry, "onlyOne">[],
): Promise<(DirectoryHit | undefined)[]> {
  if (entries.length === 0) return [];
  const rows = await withTokens(
    sealed,
    entries.map((entry) => ({ ...entry, onlyOne: true })),
  );
  if ((await sealed.tx.execute(insertOf(sealed, rows))) === rows.length) return entries.map(() => undefined);
  // A second statement, because the first one's snapshot does not see the row another transaction just committed.
  const found = await hitsOf(
    sealed.tx,
    rows.map(({ token }) => token),
  );
  const holders = entries.map((): DirectoryHit | undefined => undefined);
  for (const { index, token, objectId } of rows) {
    const hits = found.get(token.toString("latin1")) ?? [];
    if (!hits.some((hit) => hit.objectId === objectId)) holders[index] = hits[0];
  }
  return holders;
}

/** The same for values that many may have (none is `onlyOne`), without waiting (`tx.send`). */
export async function sendDirectoryEntries(
  sealed: Sealed,
  entries: readonly Omit<DirectoryEntry, "onlyOne">[],
): Promise<void> {
  if (entries.length > 0) sealed.tx.send(insertOf(sealed, await withTokens(sealed, entries)));
}

async function tokens({ tx, vault }: Sealed): Promise<(kind: string, value: string) => Buffer> {
  const seal = await vault.forTenant(tx);
  return (kind, value) => seal.lookupToken(kind, normaliseValue(kind, value));
}

/** Everything that has this value. The kind is part of the token, so other kinds never match. */
export async function findByToken(sealed: Sealed, kind: string, value: string): Promise<DirectoryHit[]> {
  return (await findByTokens(sealed, kind, [value])).get(value) ?? [];
}

/** The same for many values in one statement; keys of the map are the values as handed in, those without a hit are missing. */
export async function findByTokens(
  { tx, vault }: Sealed,
  kind: string,
  values: readonly string[],
): Promise<Map<string, DirectoryHit[]>> {
  const found = new Map<string, DirectoryHit[]>();
  if (values.length === 0) return found;
  const tokenOf = await tokens({ tx, vault });
  const list = [...new Set(values)];
  const valuesOf = new Map<string, string[]>();
  const wanted: Buffer[] = [];
  for (const value of list) {
    const token = tokenOf(kind, value);
    const key = token.toString("latin1");
    const same = valuesOf.get(key);
    // Spelt in two ways, the same value.
    if (same) same.push(value);
    else {
      valuesOf.set(key, [value]);
      wanted.push(token);
    }
  }
  for (const [token, hits] of await hitsOf(tx, wanted))
    for (const value of valuesOf.get(token) ?? []) found.set(value, hits);
  return found;
}

/** Who has these tokens; keys are their bytes as Latin-1. */
async function hitsOf(tx: TenantTransaction, wanted: readonly Buffer[]): Promise<Map<string, DirectoryHit[]>> {
  // `any` instead of a join: without statistics a planner takes the index by tenant for each single token.
  const rows = await tx.rows<{ token: Buffer; customer_id: CustomerId; object_id: Uuid }>(sql`
    select d.token, d.customer_id, d.object_id from directory_entry d where d.token = any(${arrayOf("bytea", wanted)})
    order by d.customer_id, d.object_id`);
  const found = new Map<string, DirectoryHit[]>();
  for (const row of rows) {
    const token = row.token.toString("latin1");
    const hit = { customerId: row.customer_id, objectId: row.object_id };
    const hits = found.get(token);
    if (hits) hits.push(hit);
    else found.set(token, [hit]);
  }
  return found;
}

/** Which entries go: all of a customer, or those of some kinds or objects. */
export interface DirectorySelection {
  readonly customerIds: readonly CustomerId[];
  readonly kinds?: readonly string[];
  readonly objectIds?: readonly Uuid[];
}

export async function removeDirectoryEntries({ tx }: Pick<Sealed, "tx">, chosen: DirectorySelection): Promise<number> {
  return tx.execute(sql`
    delete from directory_entry
    where tenant_id = ${tx.tenantId} and customer_id = any(${chosen.customerIds}::uuid[])
      and (${chosen.kinds ?? null}::text[] is null or kind = any(${chosen.kinds ?? null}::text[]))
      and (${chosen.objectIds ?? null}::uuid[] is null or object_id = any(${chosen.objectIds ?? null}::uuid[]))`);
}

/** Re-points entries of a merged customer; each keeps whose it was (`origin_id`). `objectId` stays. Returns their number. */
export async function moveDirectoryEntries(
  { tx }: Pick<Sealed, "tx">,
  from: CustomerId,
  to: CustomerId,
  kinds: readonly string[],
): Promise<number> {
  return tx.execute(sql`
    update directory_entry set customer_id = ${to}, origin_id = coalesce(origin_id, ${from}::uuid)
    where tenant_id = ${tx.tenantId} and customer_id = ${from} and kind = any(${kinds}::text[])`);
}

/**
 * Gives back to a customer what `moveDirectoryEntries` took: own entries, those of whom was merged into it before, and
 * those that mean certain objects.
 */
export async function returnDirectoryEntries(
  { tx }: Pick<Sealed, "tx">,
  from: CustomerId,
  to: CustomerId,
  mergedBefore: readonly CustomerId[],
  objectIds: readonly Uuid[],
): Promise<number> {
  return tx.execute(sql`
    update directory_entry set customer_id = ${to}, origin_id = nullif(origin_id, ${to}::uuid)
    where tenant_id = ${tx.tenantId} and customer_id = ${from}
      and (origin_id = any(${[to, ...mergedBefore]}::uuid[]) or object_id = any(${objectIds}::uuid[]))`);
}
