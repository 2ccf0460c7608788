/** Invariant 9: sharded by customer. The catalogue is read; a table is of a known kind or the test is red. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseSync, Visitor } from "oxc-parser";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sql } from "../../src/platform/database/index.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

const KINDS = ["customer", "directory", "fingerprint", "reference", "platform"] as const;
type Kind = (typeof KINDS)[number];

let kulanz: TestDatabase;
let kinds: ReadonlyMap<string, Kind>;
interface Index {
  readonly table: string;
  readonly name: string;
  readonly first: string;
  readonly columns: readonly string[];
}
interface ForeignKey {
  readonly table: string;
  readonly name: string;
  readonly columns: readonly string[];
  readonly target: string;
  readonly targets: readonly string[];
}
let unique: readonly Index[];
let keys: readonly ForeignKey[];

beforeAll(async () => {
  kulanz = await createTestDatabase();
  await kulanz.database.owner(async (tx) => {
    const comments = await tx.rows<{ name: string; comment: string | null }>(sql`
      select c.relname::text as name, obj_description(c.oid) as comment from pg_class c
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`);
    kinds = new Map(comments.map(({ name, comment }) => [name, (comment ?? "").split(":")[0] as Kind]));
    unique = await tx.rows<Index>(sql`
      select t.relname::text as table, i.relname::text as name, (array_agg(a.attname::text order by k.position))[1] as first,
             array_agg(a.attname::text order by k.position) as columns
        from pg_index x join pg_class t on t.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
        cross join lateral unnest(x.indkey::smallint[]) with ordinality as k (number, position)
        join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number
       where t.relnamespace = 'public'::regnamespace and x.indisunique and k.position <= x.indnkeyatts
       group by t.relname, i.relname`);
    keys = await tx.rows<ForeignKey>(sql`
      select c.conrelid::regclass::text as table, c.conname::text as name, c.confrelid::regclass::text as target,
             array(select a.attname::text from unnest(c.conkey) with ordinality k (n, at)
                     join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.n order by k.at) as columns,
             array(select a.attname::text from unnest(c.confkey) with ordinality k (n, at)
                     join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.n order by k.at) as targets
        from pg_constraint c where c.contype = 'f' and c.connamespace = 'public'::regnamespace`);
  });
});
afterAll(() => kulanz.drop());

const tablesOf = (kind: Kind): string[] => [...kinds].filter(([, of]) => of === kind).map(([name]) => name);

test("every table says what kind it is", () => {
  expect(kinds.size).toBeGreaterThan(35);
  expect([...kinds].filter(([, kind]) => !KINDS.includes(kind))).toEqual([]);
  expect(tablesOf("customer").length).toBeGreaterThan(15);
});

test("every key of a customer table starts with the customer", () => {
  const wrong = unique.filter(({ table, first }) => kinds.get(table) === "customer" && first !== "customer_id");
  expect(wrong).toEqual([]);
  const withKey = new Set(unique.map(({ table }) => table));
  expect(tablesOf("customer").filter((table) => !withKey.has(table))).toEqual([]);
});

test("a foreign key of a customer table stays with the customer or points to a reference table", () => {
  const wrong = keys.filter(({ table, target, columns, targets }) => {
    if (kinds.get(table) !== "customer") return false;
    if (kinds.get(target) === "reference") return false;
    return kinds.get(target) !== "customer" || columns[0] !== "customer_id" || targets[0] !== "customer_id";
  });
  expect(wrong).toEqual([]);
  expect(keys.filter(({ table }) => kinds.get(table) === "customer").length).toBeGreaterThan(40);
});

test("rows that are found by a look-up value point to nothing but reference tables", () => {
  const wrong = keys.filter(
    ({ table, target }) =>
      ["directory", "fingerprint", "reference"].includes(kinds.get(table) ?? "") && kinds.get(target) !== "reference",
  );
  expect(wrong).toEqual([]);
});

test("a look-up table has one key, and it starts with the value's hash", () => {
  const first = { directory: "token", fingerprint: "fingerprint" } as const;
  for (const kind of ["directory", "fingerprint"] as const)
    expect(unique.filter(({ table, first: column }) => kinds.get(table) === kind && column !== first[kind])).toEqual(
      [],
    );
});

test("distribute.sql knows every table, as its kind says", () => {
  const folder = resolve(import.meta.dirname, "../../migrations");
  const statements = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name, "distribute.sql"), "utf8"))
    .join("\n");
  const missing = [...kinds].filter(([name, kind]) => {
    if (kind === "platform" || name === "schema_migration") return false;
    const call = kind === "reference" ? `create_reference_table('${name}'` : `create_distributed_table('${name}'`;
    return !statements.includes(call);
  });
  expect(missing).toEqual([]);
});

test("no statement locks rows of more than one customer", () => {
  const src = resolve(import.meta.dirname, "../../src");
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) => /\.tsx?$/.test(file));
  const customerTables = new Set(tablesOf("customer"));
  let read = 0;
  const wrong: string[] = [];
  for (const file of files) {
    const source = readFileSync(join(src, file), "utf8");
    const { program } = parseSync(file, source);
    new Visitor({
      TemplateLiteral: (node) => {
        const text = source.slice(node.start, node.end).replace(/\s+/g, " ");
        if (!/\bfor (update|no key update|share|key share)\b/.test(text)) return;
        read += 1;
        const named = [...text.matchAll(/\b(?:from|join) ([a-z_]+)/g)].map((found) => found[1] ?? "");
        if (!named.some((name) => customerTables.has(name))) return;
        if (!/\bcustomer_id = \$\{[^}]+\}/.test(text)) wrong.push(`${file}: ${text}`);
      },
    }).visit(program);
  }
  expect(read).toBeGreaterThan(7);
  expect(wrong).toEqual([]);
});
