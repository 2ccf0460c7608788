import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { silentLogger } from "../../src/platform/config/index.ts";
import { migrate, migrationsFolder, readMigrations, scaleOutPlan } from "../../src/platform/database/index.ts";
import { testServer } from "../support/database.ts";
import { administer, databaseUrl, type TestServer } from "../support/server.ts";

const now = () => new Date("2026-06-01T09:00:00Z");
const base = mkdtempSync(join(tmpdir(), "kulanz-migrations-"));
let server: TestServer;
let url = "";
let folder = "";
let count = 0;
const names: string[] = [];
beforeAll(async () => {
  server = await testServer();
});
beforeEach(async () => {
  count += 1;
  const name = `${server.prefix}_migrations_${process.pid}_${count}`;
  await administer(server.url, `create database ${name}`);
  names.push(name);
  url = databaseUrl(server.url, name);
  folder = join(base, String(count));
  add("0001_first", "create table first (n int);\ninsert into first values (1);");
  add("0002_second", "alter table first add column m int;");
});
afterAll(async () => {
  for (const name of names) await administer(server.url, `drop database ${name}`);
  rmSync(base, { recursive: true, force: true });
});
function add(name: string, schema: string): void {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, "schema.sql"), schema);
}
const run = () => migrate({ url, now, log: silentLogger, folder });
const level = () => administer(url, "select name, applied_at from schema_migration order by name");

describe("migrations", () => {
  it("run once, in order, as the owner", async () => {
    expect(await run()).toEqual({ ok: true, value: { applied: ["0001_first", "0002_second"] } });
    expect(await run()).toEqual({ ok: true, value: { applied: [] } });
    add("0003_third", "insert into first values (2, 3);");
    expect(await run()).toEqual({ ok: true, value: { applied: ["0003_third"] } });
    expect(await level()).toEqual(
      ["0001_first", "0002_second", "0003_third"].map((name) => ({ name, applied_at: now() })),
    );
    expect(await administer(url, "select tableowner::text from pg_tables where tablename = 'first'")).toEqual([
      { tableowner: "kulanz_owner" },
    ]);
  });

  it("run once when several processes start together", async () => {
    const all = await Promise.all([run(), run(), run(), run()]);
    expect(all.flatMap((result) => (result.ok ? result.value.applied : ["failed"])).sort()).toEqual([
      "0001_first",
      "0002_second",
    ]);
  });

  it("leave nothing of one that failed, and name file and line", async () => {
    add("0003_third", "create table third (n int);\n\nselect nonsense;\n");
    const failed = await run();
    expect(failed).toMatchObject({ ok: false, error: { code: "migration_failed", where: "0003_third/schema.sql:3" } });
    expect(await level()).toHaveLength(2);
    expect(await administer(url, "select to_regclass('third') as third")).toEqual([{ third: null }]);
    add("0003_third", "create table third (n int);");
    expect(await run()).toMatchObject({ ok: true });
  });

  it("refuse a file that changed after it ran", async () => {
    await run();
    appendFileSync(join(folder, "0001_first/schema.sql"), "\n");
    expect(await run()).toMatchObject({ ok: false, error: { code: "migration_changed", where: "0001_first" } });
  });

  it("refuse a database of a newer program", async () => {
    await run();
    rmSync(join(folder, "0002_second"), { recursive: true });
    expect(await run()).toMatchObject({ ok: false, error: { code: "database_newer", where: "0002_second" } });
  });

  it("refuse one that was slipped in before others", async () => {
    await run();
    add("0001_between", "select 1");
    expect(await run()).toMatchObject({ ok: false, error: { code: "migration_order" } });
    expect(await level()).toHaveLength(2);
  });

  it("of this program have a note, and every table says what kind it is", async () => {
    for (const { name } of readMigrations())
      expect(readFileSync(join(migrationsFolder, name, "note.md"), "utf8").length).toBeGreaterThan(20);
    expect(readdirSync(migrationsFolder).length).toBe(readMigrations().length);
    cpSync(migrationsFolder, folder, { recursive: true });
    rmSync(join(folder, "0001_first"), { recursive: true });
    rmSync(join(folder, "0002_second"), { recursive: true });
    expect(await run()).toMatchObject({ ok: true });
    const untold = await administer(
      url,
      `select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
       and coalesce(obj_description(oid), '') !~ '^(reference|customer|directory|fingerprint|platform): '`,
    );
    expect(untold).toEqual([]);
  });

  it("list the statements of Citus without running them", () => {
    writeFileSync(join(folder, "0002_second/distribute.sql"), "select create_reference_table('first');\n");
    expect(scaleOutPlan(folder)).toEqual([
      { name: "0002_second", statements: "select create_reference_table('first');" },
    ]);
  });
});
