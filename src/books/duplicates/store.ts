/** SQL of keys, of what was compared, and of proposals. */
import type { CustomerId, Instant, Uuid } from "../../pure/kernel/index.ts";
import { type Act, actorName } from "../../platform/access/index.ts";
import { arrayOf, rowsOf, type Sql, sql } from "../../platform/database/index.ts";
import { type Comparison, ordered, pairIdOf, type PairState, type Proposal } from "./model.ts";

export interface Stamped {
  readonly customerId: CustomerId;
  /** What the file is made of, to be hashed. */
  readonly content: string;
  /** Hash it had when its keys were made. */
  readonly known: Buffer | null;
  /** Merged into another or erased: out of every comparison. */
  readonly gone: boolean;
}

/** The next customers by id, with what tells whether they changed. */
export async function stampsAfter(act: Act, after: CustomerId | null, limit: number): Promise<Stamped[]> {
  const { tx } = act;
  const rows = await tx.rows<{ customer_id: CustomerId; content: string; known: Buffer | null; gone: boolean }>(sql`
    select c.customer_id, md5(c.identity_sealed) || coalesce(p.points, '') as content, s.stamp as known,
           c.merged_into is not null or not exists (select from customer_key k where k.customer_id = c.customer_id
             and k.purpose = 'contact' and k.wrapped is not null) as gone
    from customer c
    left join duplicate_state s on s.customer_id = c.customer_id
    left join lateral (
      select md5(string_agg(p.contact_point_id::text, ',' order by p.contact_point_id)) as points from contact_point p
      where p.customer_id = c.customer_id and p.party_id is null and p.ended_at is null and p.channel <> 'letter') p on true
    where c.tenant_id = ${tx.tenantId} and (${after}::uuid is null or c.customer_id > ${after}::uuid)
    order by c.customer_id limit ${limit}`);
  return rows.map(({ customer_id: customerId, ...row }) => ({ customerId, ...row }));
}

/** Keyed hashes of the accounts of customers, as text. */
export async function accountsOf({ tx }: Act, ids: readonly CustomerId[]): Promise<Map<CustomerId, string[]>> {
  const rows = await tx.rows<{ customer_id: CustomerId; tokens: readonly string[] }>(sql`
    select d.customer_id, array_agg(distinct encode(d.token, 'hex') order by encode(d.token, 'hex')) as tokens
    from directory_entry d
    where d.tenant_id = ${tx.tenantId} and d.customer_id = any(${arrayOf("uuid", ids)}) and d.kind = 'iban'
    group by d.customer_id`);
  return new Map(rows.map((row) => [row.customer_id, [...row.tokens]]));
}

export interface KeyRow {
  readonly token: bigint;
  readonly customerId: CustomerId;
  readonly pairs: boolean;
}

/** Replaces the keys of customers; they wait for their comparison then. */
export async function putKeys(
  { tx }: Act,
  files: readonly { readonly customerId: CustomerId; readonly stamp: Buffer }[],
  keys: readonly KeyRow[],
): Promise<void> {
  if (files.length === 0) return;
  const ids = files.map((file) => file.customerId);
  await tx.execute(sql`
    delete from duplicate_key where tenant_id = ${tx.tenantId} and customer_id = any(${arrayOf("uuid", ids)})`);
  const sorted = [...keys].sort((a, b) => (a.token < b.token ? -1 : a.token > b.token ? 1 : 0));
  const size = 20_000;
  for (let from = 0; from < sorted.length; from += size) {
    const part = sorted.slice(from, from + size);
    await tx.execute(sql`
      insert into duplicate_key (token, customer_id, tenant_id, pairs)
      select k.token, k.customer_id, ${tx.tenantId}::uuid, k.pairs
      from ${rowsOf("k", {
        token: ["int8", part.map((key) => key.token)],
        customer_id: ["uuid", part.map((key) => key.customerId)],
        pairs: ["bool", part.map((key) => key.pairs)],
      })} on conflict do nothing`);
  }
  await tx.execute(sql`
    insert into duplicate_state (customer_id, tenant_id, stamp)
    select f.customer_id, ${tx.tenantId}::uuid, f.stamp
    from ${rowsOf("f", { customer_id: ["uuid", ids], stamp: ["bytea", files.map((file) => file.stamp)] })}
    on conflict (customer_id) do update set stamp = excluded.stamp, compared = false`);
}

/** Takes files out of every comparison: merged, erased. What a person decided about them stays. */
export async function forgetKeys({ tx }: Act, ids: readonly CustomerId[]): Promise<void> {
  const list = arrayOf("uuid", ids);
  await tx.execute(sql`delete from duplicate_key where tenant_id = ${tx.tenantId} and customer_id = any(${list})`);
  await tx.execute(sql`delete from duplicate_state where tenant_id = ${tx.tenantId} and customer_id = any(${list})`);
  await tx.execute(sql`
    delete from duplicate_proposal where tenant_id = ${tx.tenantId} and state = 'open'
      and (customer_id = any(${list}) or other_id = any(${list}))`);
}

export async function countWaiting({ tx }: Act): Promise<number> {
  const row = await tx.one<{ count: bigint }>(sql`
    select count(*) as count from duplicate_state where tenant_id = ${tx.tenantId} and not compared`);
  return Number(row?.count ?? 0);
}

export async function nextWaiting({ tx }: Act, limit: number): Promise<CustomerId[]> {
  const rows = await tx.rows<{ customer_id: CustomerId }>(sql`
    select customer_id from duplicate_state where tenant_id = ${tx.tenantId} and not compared
    order by customer_id limit ${limit}`);
  return rows.map((row) => row.customer_id);
}

export async function markCompared({ tx }: Act, ids: readonly CustomerId[]): Promise<void> {
  await tx.execute(sql`
    update duplicate_state set compared = true
    where tenant_id = ${tx.tenantId} and customer_id = any(${arrayOf("uuid", ids)})`);
}

/**
 * Who meets these files on a key that at most `blockSize` files have: those compared before, and among themselves each
 * pair once. Two statements: keys lie with their token, what was compared with its customer.
 */
export async function meetings(
  { tx }: Act,
  ids: readonly CustomerId[],
  blockSize: number,
): Promise<(readonly [CustomerId, CustomerId])[]> {
  const rows = await tx.rows<{ one: CustomerId; other: CustomerId }>(sql`
    with mine as materialized (
      select k.token, k.customer_id from duplicate_key k
      where k.tenant_id = ${tx.tenantId} and k.customer_id = any(${arrayOf("uuid", ids)}) and k.pairs
    ), blocks as materialized (
      select t.token from (select distinct token from mine) t
      cross join lateral (
        select count(*) as files from (select from duplicate_key k where k.token = t.token limit ${blockSize + 1}) x) c
      where c.files between 2 and ${blockSize}
    )
    select distinct m.customer_id as one, k.customer_id as other
    from mine m join blocks b on b.token = m.token join duplicate_key k on k.token = m.token
    where k.tenant_id = ${tx.tenantId} and k.customer_id <> m.customer_id
      and (k.customer_id < m.customer_id or k.customer_id <> all(${arrayOf("uuid", ids)}))`);
  const mine = new Set(ids);
  const others = [...new Set(rows.map((row) => row.other))].filter((id) => !mine.has(id));
  const compared = new Set(
    (
      await tx.rows<{ customer_id: CustomerId }>(sql`
        select s.customer_id from duplicate_state s
        where s.tenant_id = ${tx.tenantId} and s.customer_id = any(${arrayOf("uuid", others)}) and s.compared`)
    ).map((row) => row.customer_id),
  );
  return rows.filter((row) => mine.has(row.other) || compared.has(row.other)).map((row) => ordered(row.one, row.other));
}

/** How many files have each of these tokens, counted up to `limit`. */
export async function countTokens({ tx }: Act, tokens: readonly bigint[], limit: number): Promise<Map<bigint, number>> {
  if (tokens.length === 0) return new Map();
  const rows = await tx.rows<{ token: bigint; files: bigint }>(sql`
    select t.token, c.files from unnest(${arrayOf("int8", tokens)}) as t (token)
    cross join lateral (
      select count(*) as files from (
        select from duplicate_key k where k.token = t.token and k.tenant_id = ${tx.tenantId} limit ${limit}) x) c`);
  return new Map(rows.map((row) => [row.token, Number(row.files)]));
}

export interface Found {
  readonly customerIds: readonly [CustomerId, CustomerId];
  readonly comparison: Comparison;
}

/** Writes what comparing these files came to, in place of what was proposed for them before; decisions stay. */
export async function putProposals({ tx }: Act, ids: readonly CustomerId[], found: readonly Found[]): Promise<void> {
  const list = arrayOf("uuid", ids);
  await tx.execute(sql`
    delete from duplicate_proposal where tenant_id = ${tx.tenantId} and state = 'open'
      and (customer_id = any(${list}) or other_id = any(${list}))`);
  if (found.length === 0) return;
  const rows = [...found].sort((a, b) => (a.customerIds.join() < b.customerIds.join() ? -1 : 1));
  const column = <T>(of: (row: Found) => T): T[] => rows.map(of);
  await tx.execute(sql`
    insert into duplicate_proposal as d (customer_id, other_id, tenant_id, pair_id, suggests, score, mark, reasons, found_at)
    select f.customer_id, f.other_id, ${tx.tenantId}::uuid, f.pair_id, f.suggests, f.score, f.mark, f.reasons, ${tx.now}
    from ${rowsOf("f", {
      customer_id: ["uuid", column((row) => row.customerIds[0])],
      other_id: ["uuid", column((row) => row.customerIds[1])],
      pair_id: ["uuid", column((row) => pairIdOf(...row.customerIds))],
      suggests: ["text", column((row) => row.comparison.suggests)],
      score: ["int2", column((row) => row.comparison.score)],
      mark: ["text", column((row) => row.comparison.mark)],
      reasons: ["jsonb", column((row) => row.comparison.reasons)],
    })}
    on conflict (customer_id, other_id) do update set suggests = excluded.suggests, score = excluded.score,
      mark = excluded.mark, reasons = excluded.reasons where d.state = 'open'`);
}

interface ProposalRow {
  readonly customer_id: CustomerId;
  readonly other_id: CustomerId;
  readonly pair_id: Uuid;
  readonly suggests: Proposal["suggests"];
  readonly score: number;
  readonly mark: Proposal["mark"];
  readonly reasons: Proposal["reasons"];
  readonly state: PairState;
  readonly found_at: Instant;
  readonly decided_by: string | null;
  readonly decided_at: Instant | null;
}

/** Columns of `duplicate_proposal` (alias d). */
const PROPOSAL = sql`d.customer_id, d.other_id, d.pair_id, d.suggests, d.score, d.mark, d.reasons, d.state, d.found_at,
  d.decided_by, d.decided_at`;

export async function readProposals({ tx }: Act, rest: Sql): Promise<Proposal[]> {
  const rows = await tx.rows<ProposalRow>(
    sql`select ${PROPOSAL} from duplicate_proposal d where d.tenant_id = ${tx.tenantId} and ${rest}`,
  );
  return rows.map((row) => ({
    pairId: row.pair_id,
    customerIds: [row.customer_id, row.other_id],
    suggests: row.suggests,
    score: row.score,
    mark: row.mark,
    reasons: row.reasons,
    state: row.state,
    foundAt: row.found_at,
    ...(row.decided_by === null ? {} : { decidedBy: row.decided_by }),
    ...(row.decided_at === null ? {} : { decidedAt: row.decided_at }),
  }));
}

export async function setPairState(
  { tx }: Act,
  [customerId, otherId]: readonly [CustomerId, CustomerId],
  state: PairState,
  by: string | null,
): Promise<void> {
  await tx.execute(sql`
    update duplicate_proposal set state = ${state}, decided_by = ${by},
           decided_at = ${by === null ? null : tx.now}::timestamptz
    where tenant_id = ${tx.tenantId} and customer_id = ${customerId} and other_id = ${otherId}`);
}

/** The pair of a merge, which nobody need have proposed: the list shows it, and its undo finds it. */
export async function putMergedPair({ tx, actor }: Act, pair: readonly [CustomerId, CustomerId]): Promise<void> {
  await tx.execute(sql`
    insert into duplicate_proposal (customer_id, other_id, tenant_id, pair_id, suggests, score, mark, reasons, state, found_at,
                                    decided_by, decided_at)
    values (${pair[0]}, ${pair[1]}, ${tx.tenantId}, ${pairIdOf(...pair)}, 'merge', 0, 'possible', '[]', 'merged', ${tx.now},
            ${actorName(actor)}, ${tx.now})
    on conflict (customer_id, other_id) do update set state = 'merged', decided_by = excluded.decided_by,
      decided_at = excluded.decided_at`);
}
