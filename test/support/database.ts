/**
 * For every test that needs a database:
 *
 *     const kulanz = await createTestDatabase();
 *     afterAll(() => kulanz.drop());
 *     const tenant = await kulanz.createTenant("Muster GmbH");
 *     await kulanz.database.tenant(tenant, async (tx) => …);
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { inject } from "vitest";
import { type Logger, silentLogger } from "../../src/platform/config/index.ts";
import { createDatabase, type Database, sql } from "../../src/platform/database/index.ts";
import { masterKeyFrom, masterKeySet, openVault, type Vault } from "../../src/platform/sealed/index.ts";
import { type Chance, expectOk, newUuid, seededRandom, type TenantId } from "../../src/pure/kernel/index.ts";
import { copyTemplate, dropCopy, type TestServer } from "./server.ts";

export interface TestDatabaseOptions {
  /** Seed of `chance`; 1 when not given. */
  readonly seed?: number;
  /** First moment of the clock; 2026-06-01 09:00 UTC (a Monday) when not given. */
  readonly start?: Date;
  readonly log?: Logger;
  /** Connections of role kulanz_app (5). */
  readonly poolSize?: number;
}

export interface TestDatabase {
  readonly database: Database;
  /** With the login's password: for processes a test starts. */
  readonly url: string;
  readonly vaultMasterKey: Buffer;
  /** Of that master key. */
  readonly vault: Vault;
  readonly chance: Chance;
  readonly log: Logger;
  /** The fake clock; stands still until it is moved. */
  readonly now: () => Date;
  setNow(moment: Date): void;
  advance(time: { readonly days?: number; readonly hours?: number; readonly minutes?: number }): void;
  /** A tenant with keys and the head of its audit chain. */
  createTenant(name: string): Promise<TenantId>;
  /** Closes and drops. Throws when the test left connections open. */
  drop(): Promise<void>;
}

/** Bytes that come in the same order for the same seed. */
function seededChance(seed: number): Chance {
  const random = seededRandom(seed);
  return (bytes) => Uint8Array.from({ length: bytes }, () => random.integer(256));
}

let server: TestServer | undefined;
let copies = 0;

/** The run's server, started by the first one that asks. */
export async function testServer(): Promise<TestServer> {
  if (server !== undefined) return server;
  const folder = inject("testServerFolder");
  writeFileSync(join(folder, "wanted"), "");
  for (let waited = 0; !existsSync(join(folder, "ready")); waited += 20) {
    if (existsSync(join(folder, "failed"))) throw new Error(readFileSync(join(folder, "failed"), "utf8"));
    if (waited > 100_000) throw new Error("the test server did not start");
    await pause(20);
  }
  server = JSON.parse(readFileSync(join(folder, "ready"), "utf8")) as TestServer;
  return server;
}

/** A fresh database at the program's level (about 0.1 s). */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  return createTestDatabaseOn(await testServer(), options);
}

/** The same on a certain server whose template was made by `makeTemplate`. */
export async function createTestDatabaseOn(on: TestServer, options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  copies += 1;
  const name = `${on.prefix}_${process.pid}_${copies}`;
  const url = await copyTemplate(on, name);
  const chance = seededChance(options.seed ?? 1);
  let moment = options.start ?? new Date("2026-06-01T09:00:00Z");
  const now = (): Date => new Date(moment.getTime());
  const log = options.log ?? silentLogger;
  const database = createDatabase({ url, now, chance, log, poolSize: options.poolSize ?? 5 });
  const vaultMasterKey = Buffer.from(chance(32));
  const vault = expectOk(await openVault(database, masterKeySet([masterKeyFrom(vaultMasterKey)]), chance));
  return {
    database,
    url,
    vaultMasterKey,
    vault,
    chance,
    log,
    now,
    setNow: (to) => {
      moment = to;
    },
    advance: ({ days = 0, hours = 0, minutes = 0 }) => {
      moment = new Date(moment.getTime() + ((days * 24 + hours) * 60 + minutes) * 60_000);
    },
    createTenant: async (tenantName) => {
      const tenantId = newUuid(moment, chance) as TenantId;
      const keys = vault.createTenantKeys();
      await database.owner(async (tx) => {
        await tx.execute(sql`insert into tenant (tenant_id, name, created_at, lookup_key_wrapped, data_key_wrapped, master_key_id)
          values (${tenantId}, ${tenantName}, ${tx.now}, ${keys.lookupKeyWrapped}, ${keys.dataKeyWrapped}, ${keys.masterKeyId})`);
        await tx.execute(
          sql`insert into audit_head (tenant_id, sequence, hash) values (${tenantId}, 0, ${Buffer.alloc(32)})`,
        );
      });
      return tenantId;
    },
    drop: async () => {
      await database.close();
      await dropCopy(on, name);
    },
  };
}
