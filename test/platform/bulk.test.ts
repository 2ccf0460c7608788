import { afterAll, describe, expect, it } from "vitest";
import { arrayOf, keepStatistics, rowsOf, sql } from "../../src/platform/database/index.ts";
import { createTestDatabase } from "../support/database.ts";

const kulanz = await createTestDatabase();
afterAll(() => kulanz.drop());

const id = "0190f3c2-5a7b-7c3d-8e4f-0123456789ab";
const columns = {
  a: ["uuid", [id, null]],
  b: ["int8", [-9007199254740993n, null]],
  c: ["int4", [-7, null]],
  d: ["int2", [7, null]],
  e: ["bool", [true, null]],
  f: ["text", ['Grüße, "Ä" {1,2} \\ NULL', null]],
  g: ["bytea", [new Uint8Array([0, 255, 1]), null]],
  h: ["date", ["1999-12-31", null]],
  i: ["timestamptz", [new Date("1969-07-20T20:17:40.123Z"), null]],
  j: ["float8", [0.1, null]],
  k: ["jsonb", [{ list: [1, "ü"], none: null }, null]],
  l: ["numeric", ["12345678901234567890.123", null]],
} as const;

describe("rowsOf", () => {
  it("brings every type there and back, and null", async () => {
    const rows = await kulanz.database.system((tx) => tx.rows(sql`select r.* from ${rowsOf("r", columns)}`));
    const nothing = Object.fromEntries(Object.keys(columns).map((name) => [name, null]));
    const first = Object.fromEntries(Object.entries(columns).map(([name, [, values]]) => [name, values[0]]));
    expect(rows).toEqual([{ ...first, g: Buffer.from([0, 255, 1]) }, nothing]);
  });

  it("gives no rows for empty columns", async () => {
    const rows = await kulanz.database.system((tx) => tx.rows(sql`select * from ${rowsOf("r", { n: ["int4", []] })}`));
    expect(rows).toEqual([]);
  });

  it.each([
    ["columns of different length", () => rowsOf("r", { a: ["int4", [1]], b: ["int4", []] })],
    ["a number in a text column", () => rowsOf("r", { a: ["text", [1]] })],
    ["what is not a uuid", () => rowsOf("r", { a: ["uuid", ["0190"]] })],
    ["a date the calendar does not have", () => rowsOf("r", { a: ["date", ["2026-02-30"]] })],
    ["a fraction in an integer column", () => rowsOf("r", { a: ["int4", [1.5]] })],
    ["a column name with other letters", () => rowsOf("r", { "a b": ["int4", [1]] })],
  ])("refuses %s", (_, make) => {
    expect(() => void make().values).toThrow();
  });

  it("carries 95,000 rows under row security in one statement", async () => {
    const tenant = await kulanz.createTenant("Menge");
    const numbers = Array.from({ length: 95_000 }, (_, index) => BigInt(index));
    const started = performance.now();
    const found = await kulanz.database.tenant(tenant, async (tx) => {
      const written = await tx.execute(sql`
        insert into directory_entry (token, kind, tenant_id, customer_id, object_id)
        select int8send(r.number), 'test', ${tenant}, r.customer_id, r.customer_id
          from ${rowsOf("r", { number: ["int8", numbers], customer_id: ["uuid", numbers.map(() => id)] })}`);
      expect(written).toBe(95_000);
      return tx.one(sql`
        select count(*) from directory_entry
         where token in (select int8send(n) from unnest(${arrayOf("int8", [1n, 2n, -1n])}) as n)`);
    });
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(found).toEqual({ count: 2n });
  });
});

describe("keepStatistics", () => {
  it("counts what the same transaction has written, and nothing twice", async () => {
    const tenant = await kulanz.createTenant("Zuwachs");
    const known = () =>
      kulanz.database.owner((tx) =>
        tx.one<{ rows: number }>(
          sql`select reltuples::integer as rows from pg_class where relname = 'idempotency_key'`,
        ),
      );
    expect((await known())?.rows).toBe(-1);
    const tables = await kulanz.database.tenant(tenant, async (tx) => {
      await keepStatistics(tx);
      await tx.execute(sql`
        insert into idempotency_key (token, tenant_id, request_hash, created_at)
        select int8send(n), ${tenant}, int8send(n), ${tx.now} from generate_series(1::bigint, 9000) as n`);
      return [await keepStatistics(tx), await keepStatistics(tx)];
    });
    expect(tables).toEqual([1, 0]);
    expect((await known())?.rows).toBe(9000);
  });
});
