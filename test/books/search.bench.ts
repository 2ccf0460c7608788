/**
 * Search at a million customers; not part of `npm test`. Bundle it (`rolldown`, platform node, packages external) and
 * run it with the number of customers. Words are drawn by SQL so that frequent ones are as frequent as in a German
 * phone book (Müller 0.95 %, Berlin 4.5 %); identities are sealed for the customers that a question brings up.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CustomerInput, type Identity, searchCustomers, takeCustomers } from "../../src/books/customers/index.ts";
import { findBySearchWords } from "../../src/books/customers/tokens.ts";
import { queryWords, searchWords } from "../../src/books/customers/words.ts";
import { type Act, createTenant, withAct } from "../../src/platform/access/index.ts";
import { silentLogger } from "../../src/platform/config/index.ts";
import { createDatabase, migrate, rowsOf, sql, startEmbedded } from "../../src/platform/database/index.ts";
import { masterKeyFrom, masterKeySet, openVault } from "../../src/platform/sealed/index.ts";
import { type CustomerId, expectOk, seededRandom } from "../../src/pure/kernel/index.ts";

const CUSTOMERS = Number(process.argv[2] ?? 1_000_000);
const random = seededRandom(1);
const chance = (bytes: number): Uint8Array => randomBytes(bytes);
const now = (): Date => new Date("2026-06-01T09:00:00Z");

const SYLLABLES =
  "ba be bi bo da del der fel fen gen ger hag hal hen her holz hub kamp kel ker kon lan lem ler lin mann mar mei nau ner reu rich rot sche schnei ser stein tal thal ter vo wal web wei wen win zim zin".split(
    " ",
  );
const made = (parts: number): string => {
  const word = Array.from({ length: parts }, () => SYLLABLES[random.integer(SYLLABLES.length)]).join("");
  return word.charAt(0).toUpperCase() + word.slice(1);
};
/** Frequent words first; the share of each kind's first word, falling off slowly. */
const KINDS = [
  { kind: "first", share: 0.02, words: "Anna Peter Maria Hans Ursula Wolfgang Erika Klaus Monika Jürgen Petra Thomas Sabine Michael Renate Andreas Karin Stefan Brigitte Jan".split(" "), more: 3_000, parts: 2 },
  { kind: "family", share: 0.0095, words: "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Meier Maier Schmitt Schneiderhan".split(" "), more: 40_000, parts: 3 },
  { kind: "street", share: 0.01, words: "Hauptstraße Bahnhofstraße Schulstraße Gartenstraße Dorfstraße Bergstraße Lindenstraße".split(" "), more: 30_000, parts: 3 },
  { kind: "town", share: 0.045, words: "Berlin Hamburg München Köln Frankfurt Stuttgart Düsseldorf Leipzig Dortmund Essen".split(" "), more: 8_000, parts: 3 },
] as const; // biome-ignore format: one line a kind
type Kind = (typeof KINDS)[number]["kind"];
const QUESTIONS = ["Müller", "Be", "Mei", "Meier", "Mueler", "Müller Berlin", "Anna Müller Hauptstraße", "Bahnhofstr", "Berlin", "Anna Berlin", "Schneiderha", "Maria Hau 12", "Zzyzx"]; // biome-ignore format: one line

const folder = mkdtempSync(join(tmpdir(), "kulanz-search-"));
const server = expectOk(await startEmbedded({ folder, chance, log: silentLogger, throwAway: true }));
const since = performance.now();
const say = (text: string): void =>
  console.log(`${((performance.now() - since) / 1000).toFixed(0).padStart(4)} s  ${text}`);
try {
  expectOk(await migrate({ url: server.url, now, log: silentLogger }));
  const database = createDatabase({ url: server.url, now, chance, log: silentLogger });
  const vault = expectOk(await openVault(database, masterKeySet([masterKeyFrom(Buffer.alloc(32, 7))]), chance));
  const tenantId = expectOk(await createTenant(database, vault, { name: "Suche" }));
  const act = <T>(work: (act: Act) => Promise<T>): Promise<T> =>
    withAct({ database, vault }, tenantId, { kind: "system", id: "bench" }, work);

  const words = new Map<Kind, readonly string[]>(
    KINDS.map(({ kind, words, more, parts }) => [kind, [...words, ...Array.from({ length: more }, () => made(parts))]]),
  );
  const identityOf = (of: Record<Kind, number>, house: number): Identity => ({
    firstName: words.get("first")?.[of.first] ?? "",
    name: words.get("family")?.[of.family] ?? "",
    addresses: [
      {
        street: `${words.get("street")?.[of.street]} ${house}`,
        postcode: String(10_000 + of.town),
        city: words.get("town")?.[of.town] ?? "",
        country: "DE",
      },
    ],
  });
  const tokensOf = await act(async ({ tx }) => (await vault.forTenant(tx)).searchToken);
  const rows = [...words].flatMap(([kind, list]) =>
    list.map((word, n) => {
      const text = kind === "town" ? `${10_000 + n} ${word}` : word;
      return { kind, n, tokens: searchWords({ name: text, addresses: [] }).map(tokensOf) };
    }),
  );
  await database.owner(async (tx) => {
    await tx.execute(sql`create table bench_word (kind text, n int, tokens bigint[], primary key (kind, n))`);
    await tx.execute(
      sql`insert into bench_word select w.kind, w.n, array_agg(w.token) from ${rowsOf("w", {
        kind: ["text", rows.flatMap((row) => row.tokens.map(() => row.kind))],
        n: ["int4", rows.flatMap((row) => row.tokens.map(() => row.n))],
        token: ["int8", rows.flatMap((row) => row.tokens)],
      })} group by w.kind, w.n`,
    );
    await tx.execute(
      sql`create table bench_person as select gen_random_uuid() as customer_id, i as house from generate_series(1, ${CUSTOMERS}::int) as i`,
    );
    for (const { kind, share, words: frequent, more } of KINDS) {
      const count = frequent.length;
      // Word n of the frequent ones has share / (1 + n / 2); the rest is even.
      const edges = frequent.reduce<number[]>((list, _, n) => [...list, (list.at(-1) ?? 0) + share / (1 + n / 2)], []);
      await tx.execute({ values: [], text: `alter table bench_person add column "${kind}" int` });
      await tx.execute({
        values: [edges, count, more],
        text: `update bench_person set "${kind}" = case when r.x < ($1::float8[])[$2] then width_bucket(r.x, $1::float8[]) else $2 + floor(random() * $3)::int end
          from (select customer_id, random() as x from bench_person) as r where r.customer_id = bench_person.customer_id`,
      });
    }
    await tx.execute(sql`insert into customer (customer_id, tenant_id, number, kind, identity_sealed, created_at)
      select customer_id, ${tenantId}, house::text, 'consumer', ''::bytea, ${tx.now} from bench_person`);
  });
  say(`${CUSTOMERS} customers`);
  await database.owner(async (tx) => {
    await tx.execute(sql`drop index customer_search_tokens`);
    await tx.execute(sql`insert into customer_search
      select p.customer_id, ${tenantId}, a.tokens || b.tokens || c.tokens || d.tokens from bench_person p
      join bench_word a on a.kind = 'first' and a.n = p.first join bench_word b on b.kind = 'family' and b.n = p.family
      join bench_word c on c.kind = 'street' and c.n = p.street join bench_word d on d.kind = 'town' and d.n = p.town`);
    await tx.execute(sql`create index customer_search_tokens on customer_search using gin (tokens)`);
    await tx.execute(sql`analyze customer_search`);
    await tx.execute(sql`create index on bench_person (customer_id)`);
  });
  const size = await database.owner((tx) =>
    tx.one<{
      count: bigint;
      tokens: bigint;
      heap: bigint;
      gin: bigint;
    }>(sql`select count(*) as count, sum(cardinality(tokens))::bigint as tokens,
      pg_table_size('customer_search') >> 20 as heap, pg_relation_size('customer_search_tokens') >> 20 as gin from customer_search`),
  );
  say(`${size?.count} rows, ${size?.tokens} tokens; table ${size?.heap} MiB, GIN ${size?.gin} MiB`);

  // Identities of the customers that come up: with keys, sealed as always.
  await act(async (one) => {
    const found = new Set<CustomerId>();
    for (const question of QUESTIONS) {
      const asked = queryWords(question);
      for (const id of await findBySearchWords(
        one,
        asked.map((word) => [word.spelled]),
        200,
      ))
        found.add(id);
      const both = asked.map((word) => (word.sound === undefined ? [word.spelled] : [word.spelled, word.sound]));
      for (const id of await findBySearchWords(one, both, 200)) found.add(id);
    }
    const ids = [...found];
    await vault.createCustomerKeys(one.tx, ids);
    const seals = await vault.forCustomers(one.tx, ids);
    const people = await database.owner((tx) =>
      tx.rows<Record<Kind, number> & { customer_id: CustomerId; house: number }>(
        sql`select * from bench_person where customer_id = any(${ids}::uuid[])`,
      ),
    );
    await one.tx.execute(
      sql`update customer c set identity_sealed = n.sealed from ${rowsOf("n", {
        customer_id: ["uuid", people.map((person) => person.customer_id)],
        sealed: [
          "bytea",
          people.map((person) =>
            seals
              .get(person.customer_id)
              ?.seal("contact", "identity", JSON.stringify(identityOf(person, person.house % 150))),
          ),
        ],
      })} where c.customer_id = n.customer_id`,
    );
    say(`${ids.length} identities sealed`);
  });
  for (const text of QUESTIONS) {
    const times: number[] = [];
    let hits = 0;
    for (let round = 0; round < 5; round += 1) {
      const start = performance.now();
      hits = expectOk(await act((one) => searchCustomers(one, { text }, 50))).length;
      times.push(performance.now() - start);
    }
    const sorted = [...times].sort((a, b) => a - b);
    console.log(
      `${text.padEnd(26)} ${String(hits).padStart(3)} hits  first ${times[0]?.toFixed(0)} ms  median ${sorted[2]?.toFixed(0)} ms  worst ${sorted[4]?.toFixed(0)} ms`,
    );
  }
  // What an import pays beside a million.
  const inputs = Array.from({ length: 20_000 }, (_, index): CustomerInput => {
    const of = {
      first: random.integer(3_000),
      family: random.integer(40_000),
      street: random.integer(30_000),
      town: random.integer(8_000),
    };
    return {
      number: `NEW-${index}`,
      kind: "consumer",
      language: "de",
      country: "DE",
      identity: identityOf(of, index % 150),
      email: `c${index}@post.example`,
      brandIds: [],
    };
  });
  const start = performance.now();
  await act((one) => takeCustomers(one, inputs));
  console.log(`20,000 new customers in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  const again = performance.now();
  await act((one) => takeCustomers(one, inputs));
  console.log(`20,000 known customers in ${((performance.now() - again) / 1000).toFixed(1)} s`);
  await database.close();
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
