/**
 * The core of the store on the oldest PostgreSQL we support, where the machine has it. Any other test runs there, too:
 * KULANZ_TEST_POSTGRES=/usr/lib/postgresql/15/bin npx vitest run test/…
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { silentLogger } from "../../src/platform/config/index.ts";
import { backupDatabase, migrate, restoreDatabase, rowsOf, sql } from "../../src/platform/database/index.ts";
import { defineTask, installJobs, startLiveness, startWorker, touch } from "../../src/platform/jobs/index.ts";
import { type CustomerId, expectOk, newUuid } from "../../src/pure/kernel/index.ts";
import { createTestDatabase, createTestDatabaseOn, type TestDatabase } from "../support/database.ts";
import { type InstalledServer, installedPrograms, startInstalled } from "../support/installed.ts";
import { administer, databaseUrl, makeTemplate, type TestServer } from "../support/server.ts";

const programs = installedPrograms();
if (programs === undefined) console.warn("PostgreSQL 15 is not installed on this machine: its tests are skipped.");

describe.runIf(programs !== undefined)("on PostgreSQL 15", () => {
  let server: InstalledServer;
  let on: TestServer;
  let old: TestDatabase;
  const folder = mkdtempSync(join(tmpdir(), "kulanz-old-"));
  beforeAll(async () => {
    server = await startInstalled(programs as string);
    on = { url: server.url, prefix: "kulanz_old" };
    await makeTemplate(on);
    old = await createTestDatabaseOn(on);
  });
  afterAll(async () => {
    await old?.drop();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("is that version", async () => {
    const [row] = await administer(old.url, "select current_setting('server_version_num')::int / 10000 as major");
    expect(row?.["major"]).toBe(15);
  });

  it("separates tenants, takes bulk rows and runs jobs", async () => {
    const tenant = await old.createTenant("Alt GmbH");
    const other = await old.createTenant("Andere GmbH");
    const customer = newUuid(old.now(), old.chance) as CustomerId;
    await old.database.tenant(tenant, async (tx) => {
      const rows = rowsOf("r", { token: ["bytea", [Buffer.of(1), Buffer.of(2)]], id: ["uuid", [customer, customer]] });
      await tx.execute(sql`insert into directory_entry (token, kind, tenant_id, customer_id, object_id)
        select r.token, 'test', ${tenant}, r.id, r.id from ${rows}`);
      await touch(tx, customer);
    });
    const count = sql`select count(*) from directory_entry`;
    expect(await old.database.tenant(tenant, (tx) => tx.one(count))).toEqual({ count: 2n });
    expect(await old.database.tenant(other, (tx) => tx.one(count))).toEqual({ count: 0n });
    await expect(old.database.system((tx) => tx.one(count))).rejects.toThrow();

    const liveness = await startLiveness(old);
    const touched = await new Promise<string>((done, failed) => {
      const task = defineTask("customer.touched", z.object({ customerId: z.string() }), async ({ customerId }) =>
        done(customerId),
      );
      startWorker({ ...old, liveness, tasks: [task] }).then((worker) => void workers.push(worker), failed);
    });
    expect(touched).toBe(customer);
    for (const worker of workers) await worker.stop();
    await liveness.stop();
  });
  const workers: { stop(): Promise<void> }[] = [];

  it("gives and takes backups of the built-in version", async () => {
    const current = await createTestDatabase({ seed: 5 });
    await current.createTenant("Neu GmbH");
    const file = join(folder, "new");
    const made = expectOk(await backupDatabase({ ...current, file }));
    const target = await createTestDatabaseOn(on, { seed: 6 });
    expectOk(await restoreDatabase({ url: target.url, log: silentLogger, file }));
    const back = join(folder, "old");
    expect(expectOk(await backupDatabase({ ...target, file: back })).sha256).toBe(made.sha256);
    const again = await createTestDatabase({ seed: 7 });
    expectOk(await restoreDatabase({ url: again.url, log: silentLogger, file: back }));
    for (const database of [current, target, again]) await database.drop();
  });

  it("is set up by a login that is no superuser but may create roles and owns the database", async () => {
    await administer(server.url, "create role clerk login createrole password 'x'");
    await administer(server.url, "create database clerks owner clerk");
    for (const role of ["kulanz_owner", "kulanz_app", "kulanz_system"])
      await administer(server.url, `grant ${role} to clerk`);
    const url = databaseUrl(server.url, "clerks").replace("kulanz@", "clerk:x@");
    const now = () => new Date("2026-01-01T00:00:00Z");
    expect(expectOk(await migrate({ url, now, log: silentLogger })).applied.length).toBeGreaterThan(2);
    await installJobs({ url, log: silentLogger });
    expect(expectOk(await migrate({ url, now, log: silentLogger })).applied).toEqual([]);
  });

  it("tells a login without rights what an administrator has to do", async () => {
    await administer(server.url, "create role guest login password 'x'");
    const url = server.url.replace("kulanz@", "guest:x@");
    const refused = await migrate({ url, now: () => new Date("2026-01-01T00:00:00Z"), log: silentLogger });
    expect(refused).toMatchObject({ ok: false, error: { code: "database_roles", where: "DATABASE_URL" } });
  });
});
