import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { silentLogger } from "../../src/platform/config/index.ts";
import {
  backupDatabase,
  type Erasure,
  keepErasures,
  listErasures,
  readErasures,
  restoreDatabase,
  rowsOf,
  sql,
} from "../../src/platform/database/index.ts";
import { masterKeyFrom, masterKeySet, openVault } from "../../src/platform/sealed/index.ts";
import { type CustomerId, expectOk, newUuid, type TenantId } from "../../src/pure/kernel/index.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { administer } from "../support/server.ts";

const folder = mkdtempSync(join(tmpdir(), "kulanz-backup-"));
const source = await createTestDatabase({ seed: 1 });
const opened: TestDatabase[] = [source];
afterAll(async () => {
  for (const database of opened) await database.drop();
  rmSync(folder, { recursive: true, force: true });
});
async function emptyDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase({ seed: 2 });
  opened.push(database);
  return database;
}

/** What COPY's text format has to escape. */
const odd = "Zeile 1\nZeile 2\t\\. \\N \u0001 Grüße 😀\r\n\\.\n";
const tenant = await source.createTenant(odd);
const customers = [1, 2, 3].map(() => newUuid(source.now(), source.chance) as CustomerId);
await source.database.tenant(tenant, async (tx) => {
  await source.vault.createCustomerKeys(tx, customers);
  const seals = await source.vault.forCustomers(tx, customers);
  const identities = customers.map((id) => seals.get(id)?.seal("contact", "identity", "Erika Musterfrau"));
  await tx.execute(sql`insert into customer (customer_id, tenant_id, number, kind, identity_sealed, created_at)
    select c.id, ${tenant}, c.number, 'consumer', c.sealed, ${tx.now}
    from ${rowsOf("c", { id: ["uuid", customers], number: ["text", ["1", "2", "3"]], sealed: ["bytea", identities] })}`);
  await tx.execute(sql`insert into customer_search (customer_id, tenant_id, tokens)
    select c.id, ${tenant}, array[c.token] from ${rowsOf("c", { id: ["uuid", customers], token: ["int8", [-5n, 6n, 7n]] })}`);
});
const file = join(folder, "kulanz.backup");
const report = expectOk(await backupDatabase({ ...source, file }));

/** Every row of a database but what is its own. */
async function contents(url: string): Promise<readonly string[]> {
  const tables = await administer(
    url,
    `select relname::text as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
     and relname not in ('worker_alive', 'schema_migration') order by 1`,
  );
  const each = tables.map(({ name }) => `select '${String(name)}' as "table", t::text as row from ${String(name)} t`);
  const rows = await administer(url, `${each.join(" union all ")} order by 1, 2`);
  return rows.map((row) => `${String(row["table"])} ${String(row["row"])}`);
}
/** Constraints and triggers with their state. */
const rules = (url: string) =>
  administer(
    url,
    `select conrelid::regclass::text as on, conname::text as name, pg_get_constraintdef(oid) as is from pg_constraint where connamespace = 'public'::regnamespace
     union all select tgrelid::regclass::text, tgname::text, tgenabled::text from pg_trigger where not tgisinternal order by 1, 2, 3`,
  );
const identityIn = async (database: TestDatabase, tenantId: TenantId, id: CustomerId): Promise<string> => {
  const keys = masterKeySet([masterKeyFrom(source.vaultMasterKey)]);
  const vault = expectOk(await openVault(database.database, keys, source.chance));
  return database.database.tenant(tenantId, async (tx) => {
    const row = await tx.one<{ sealed: Buffer }>(
      sql`select identity_sealed as sealed from customer where customer_id = ${id}`,
    );
    const seal = (await vault.forCustomers(tx, [id])).get(id);
    const text = seal?.openText("contact", "identity", row?.sealed ?? Buffer.alloc(0));
    return text === undefined ? "no key" : text.ok ? text.value : text.error.code;
  });
};

describe("a backup", () => {
  it("comes back as it was", async () => {
    const target = await emptyDatabase();
    const before = await rules(target.url);
    const restored = expectOk(await restoreDatabase({ url: target.url, log: silentLogger, file }));
    expect(restored).toEqual({
      createdAt: source.now().toISOString(),
      tables: report.tables,
      rows: report.rows,
      erased: 0,
    });
    expect(await contents(target.url)).toEqual(await contents(source.url));
    expect(await rules(target.url)).toEqual(before);
    const name = await target.database.tenant(tenant, (tx) => tx.one(sql`select name from tenant`));
    expect(name).toEqual({ name: odd });
    expect(await identityIn(target, tenant, customers[0] as CustomerId)).toBe("Erika Musterfrau");
    const again = expectOk(
      await backupDatabase({ url: target.url, now: source.now, log: silentLogger, file: join(folder, "again") }),
    );
    expect(again.sha256).toBe(report.sha256);
  });

  it("is closed to others and holds neither names nor the master key", () => {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const text = gunzipSync(readFileSync(file)).toString("latin1");
    expect(text).not.toContain("Erika");
    expect(text).not.toContain(source.vaultMasterKey.toString("hex"));
    expect(text).not.toContain(source.vaultMasterKey.toString("latin1"));
    const header = JSON.parse(text.slice(0, text.indexOf("\n")));
    expect(header).toMatchObject({ format: "kulanz-backup", version: 1, createdAt: source.now().toISOString() });
    expect(header.migrations.at(-1)).toMatchObject({
      name: expect.stringMatching(/^\d{4}_/),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it("is of one moment, while others go on writing", async () => {
    const stop = { now: false };
    const writing = (async () => {
      for (let n = 100n; !stop.now; n += 1n)
        await source.database.tenant(tenant, async (tx) => {
          await tx.execute(sql`insert into idempotency_key (token, tenant_id, request_hash, created_at)
            values (${Buffer.from(n.toString())}, ${tenant}, ${Buffer.alloc(32)}, ${tx.now})`);
          await tx.execute(sql`insert into directory_entry (token, kind, tenant_id, customer_id, object_id)
            values (${Buffer.from(n.toString())}, 'test', ${tenant}, ${customers[0]}, ${customers[0]})`);
        });
    })();
    const during = join(folder, "during");
    expectOk(await backupDatabase({ ...source, file: during }));
    stop.now = true;
    await writing;
    const target = await emptyDatabase();
    expectOk(await restoreDatabase({ url: target.url, log: silentLogger, file: during }));
    const counts = await target.database.tenant(tenant, (tx) =>
      tx.one<{ same: boolean }>(
        sql`select (select count(*) from directory_entry) = (select count(*) from idempotency_key) as same`,
      ),
    );
    expect(counts).toEqual({ same: true });
  });

  it("erases again what was erased after it was made", async () => {
    const erasures: Erasure[] = [
      { customerId: customers[1] as string, purpose: "contact", at: "2026-06-02T00:00:00.000Z" },
    ];
    const target = await emptyDatabase();
    const restored = expectOk(await restoreDatabase({ url: target.url, log: silentLogger, file, erasures }));
    expect(restored.erased).toBe(1);
    expect(await identityIn(target, tenant, customers[1] as CustomerId)).toBe("erased");
    expect(await identityIn(target, tenant, customers[0] as CustomerId)).toBe("Erika Musterfrau");
    expect(await listErasures(target.database)).toEqual(erasures);
    const other = { customerId: customers[0] as string, purpose: "records", at: "2026-06-03T00:00:00.000Z" };
    writeFileSync(join(folder, "erasures.json"), JSON.stringify([other]));
    expect(await keepErasures(target.database, folder)).toEqual([other, ...erasures]);
    expect(await readErasures(folder)).toEqual([other, ...erasures]);
    expect(await readErasures(join(folder, "none"))).toEqual([]);
    const tokens = await target.database.tenant(tenant, (tx) =>
      tx.rows(sql`select tokens[1] as token from customer_search order by 1`),
    );
    expect(tokens).toEqual([{ token: -5n }, { token: 7n }]);
  });

  it("takes the list of erasures from the target, too", async () => {
    const target = await emptyDatabase();
    const list = [{ customerId: customers[2], purpose: "contact", at: "2026-06-02T00:00:00.000Z" }];
    await target.database.system((tx) =>
      tx.execute(sql`insert into platform_setting values ('erasures', ${JSON.stringify(list)}::jsonb)`),
    );
    expect(expectOk(await restoreDatabase({ url: target.url, log: silentLogger, file })).erased).toBe(1);
    expect(await identityIn(target, tenant, customers[2] as CustomerId)).toBe("erased");
  });
});

describe("a restore refuses", () => {
  const plain = gunzipSync(readFileSync(file));
  const change = (from: string, to: string): Buffer => {
    const text = plain.toString("latin1");
    expect(text).toContain(from);
    return gzipSync(Buffer.from(text.replace(from, to), "latin1"));
  };
  const packed = readFileSync(file);
  const flipped = Buffer.from(packed);
  flipped[Math.floor(flipped.length / 2)] = (flipped[Math.floor(flipped.length / 2)] ?? 0) ^ 1;
  const id = customers[0] as string;

  it.each([
    ["what is no backup", Buffer.from("hello"), "backup_unknown_format", undefined],
    ["another gzip file", gzipSync("hello\n"), "backup_unknown_format", undefined],
    ["an empty file", Buffer.alloc(0), "backup_damaged", "header"],
    ["a newer format", change('"version":1', '"version":2'), "backup_unknown_format", undefined],
    ["another migration level", change('"name":"0002_books"', '"name":"0002_other"'), "backup_level", "0002_other"],
    [
      "a later migration level",
      change('],"tables"', ',{"name":"9999_x","sha256":"0"}],"tables"'),
      "backup_level",
      "9999_x",
    ],
    ["a changed value", change("consumer", "business"), "backup_damaged", "customer"],
    ["a value that can't be", change("consumer", "nonsense"), "backup_damaged", "customer"],
    ["a changed id", change(id, "00000000-0000-7000-8000-000000000000"), "backup_damaged", undefined],
    ["another list of tables", change('"tables":["', '"tables":["x","'), "backup_damaged", "header"],
    ["one flipped bit", flipped, "backup_damaged", undefined],
    ["a file cut short", packed.subarray(0, packed.length - 40), "backup_damaged", undefined],
    [
      "a file cut between tables",
      gzipSync(plain.subarray(0, plain.indexOf('{"table":"customer"'))),
      "backup_damaged",
      "customer",
    ],
    ["more after its end", gzipSync(Buffer.concat([plain, Buffer.from("x\n")])), "backup_damaged", "end"],
  ] as [string, Buffer, string, string | undefined][])("%s, and leaves nothing", async (name, bytes, code, where) => {
    const empty = await createTestDatabase({ seed: 3 });
    try {
      const before = await contents(empty.url);
      const broken = join(folder, name.replaceAll(/\W+/g, "-"));
      writeFileSync(broken, bytes);
      const refused = await restoreDatabase({ url: empty.url, log: silentLogger, file: broken });
      expect(refused).toMatchObject({ ok: false, error: { code, ...(where !== undefined && { where }) } });
      expect(await contents(empty.url)).toEqual(before);
    } finally {
      await empty.drop();
    }
  });

  it("a database with data, and a file that is not there", async () => {
    const full = await restoreDatabase({ url: source.url, log: silentLogger, file });
    expect(full).toMatchObject({ ok: false, error: { code: "database_not_empty" } });
    const none = await restoreDatabase({ url: source.url, log: silentLogger, file: join(folder, "none") });
    expect(none).toMatchObject({ ok: false, error: { code: "backup_unreadable" } });
    const written = await backupDatabase({ ...source, file: join(folder, "no/such/folder") });
    expect(written).toMatchObject({ ok: false, error: { code: "backup_not_written" } });
  });
});
