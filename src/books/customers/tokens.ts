/**
 * Search tokens: keyed hashes of words, their beginnings and their sound (invariant 13), one row a customer.
 *
 * Measured by `test/books/search.bench.ts` on embedded PostgreSQL and two cores that were busy with other work: with
 * 1,000,000 customers and 34,000,000 tokens a search (checked on opened identities, written to the audit) took 10 to
 * 144 ms in the median, 203 ms at worst; table 347 MiB, GIN index 136 MiB. One row a token took 5.2 GiB.
 */
import type { CustomerId } from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import { arrayOf, rowsOf, sql, type TenantTransaction } from "../../platform/database/index.ts";
import type { Identity } from "./model.ts";
import { searchWords } from "./words.ts";

/** Tokens of a transaction's words: names, streets and beginnings come again and again. */
const hashed = new WeakMap<TenantTransaction, Map<string, bigint>>();
const HASHED_MAX = 20_000;

async function wordTokens({ tx, vault }: Act): Promise<(word: string) => bigint> {
  const seal = await vault.forTenant(tx);
  let known = hashed.get(tx);
  if (!known) hashed.set(tx, (known = new Map()));
  const kept = known;
  return (word) => {
    let token = kept.get(word);
    if (token === undefined) {
      token = seal.searchToken(word);
      if (kept.size >= HASHED_MAX) kept.clear();
      kept.set(word, token);
    }
    return token;
  };
}

/** So many customers' tokens a statement: 5,000 customers have some 175,000. */
const BATCH = 5_000;

/** Makes identities findable; what was findable before stays (an old address, a former name). */
export async function putSearchTokens(
  act: Act,
  entries: readonly { readonly customerId: CustomerId; readonly identity: Identity }[],
): Promise<void> {
  const { tx } = act;
  const tokenOf = await wordTokens(act);
  for (let from = 0; from < entries.length; from += BATCH) {
    // Of one customer two identities may come at once: numbers of merged files.
    const wordsOf = new Map<CustomerId, Set<string>>();
    for (const { customerId, identity } of entries.slice(from, from + BATCH)) {
      const words = wordsOf.get(customerId) ?? new Set();
      for (const word of searchWords(identity)) words.add(word);
      if (words.size > 0) wordsOf.set(customerId, words);
    }
    const rows = [...wordsOf].map(([customerId, words]) => ({
      customerId,
      tokens: `{${[...words].map(tokenOf).join(",")}}`,
    }));
    if (rows.length === 0) continue;
    // An array a customer, as text: a row a token and an aggregate took twice the time.
    tx.send(sql`
      insert into customer_search as s (customer_id, tenant_id, tokens)
      select p.customer_id, ${tx.tenantId}::uuid, p.tokens::bigint[]
      from ${rowsOf("p", {
        customer_id: ["uuid", rows.map((row) => row.customerId)],
        tokens: ["text", rows.map((row) => row.tokens)],
      })}
      on conflict (customer_id) do update
        set tokens = (select array_agg(distinct t) from unnest(s.tokens || excluded.tokens) as t)`);
  }
}

/**
 * Customers that have, of every group, at least one word; at most `limit`, in no order. 64 bits can collide and a word
 * is not a name, so the caller checks the opened identity.
 */
export async function findBySearchWords(
  { tx, vault }: Act,
  groups: readonly (readonly string[])[],
  limit: number,
): Promise<CustomerId[]> {
  if (groups.length === 0 || groups.some((group) => group.length === 0)) return [];
  const seal = await vault.forTenant(tx);
  const wanted = groups.flatMap((group, index) => group.map((word) => ({ token: seal.searchToken(word), index })));
  const rows = await tx.rows<{ customer_id: CustomerId }>(sql`
    select c.customer_id from customers_by_tokens(${arrayOf(
      "int8",
      wanted.map(({ token }) => token),
    )}, ${arrayOf(
      "int4",
      wanted.map(({ index }) => index),
    )}, ${limit}) as c (customer_id)`);
  return rows.map((row) => row.customer_id);
}

/** Customers that have every word of a question; one statement for many questions, at most `limit` each. */
export async function findManyBySearchWords(
  { tx, vault }: Act,
  questions: readonly (readonly string[])[],
  limit: number,
): Promise<readonly (readonly CustomerId[])[]> {
  const found = questions.map((): CustomerId[] => []);
  const asked = questions.flatMap((words, index) => (words.length > 0 ? [{ words: [...new Set(words)], index }] : []));
  if (asked.length === 0) return found;
  const seal = await vault.forTenant(tx);
  const rows = await tx.rows<{ index: number; customer_id: CustomerId }>(sql`
    select q.index, c.customer_id
    from ${rowsOf("q", {
      index: ["int4", asked.map(({ index }) => index)],
      tokens: ["text", asked.map(({ words }) => `{${words.map((word) => seal.searchToken(word)).join(",")}}`)],
      groups: ["text", asked.map(({ words }) => `{${words.map((_, place) => place).join(",")}}`)],
    })}
    cross join lateral customers_by_tokens(q.tokens::bigint[], q.groups::int[], ${limit}) as c (customer_id)`);
  for (const row of rows) found[row.index]?.push(row.customer_id);
  return found;
}

/** Erased people are found by no word any more. */
export async function forgetNames({ tx }: Pick<Act, "tx">, ids: readonly CustomerId[]): Promise<void> {
  await tx.execute(sql`
    delete from customer_search where tenant_id = ${tx.tenantId} and customer_id = any(${ids}::uuid[])`);
}
