/** A test database with an opened vault, a limiter and tenants that have real keys. */
import { randomBytes } from "node:crypto";
import {
  type Act,
  type Actor,
  createTenant,
  LOGIN_RULES,
  type LoginRules,
  type Platform,
  withAct,
} from "../../src/platform/access/index.ts";
import { createRateLimiter, type RateLimiter } from "../../src/platform/http/index.ts";
import { masterKeyFrom, masterKeySet, openVault, type Vault } from "../../src/platform/sealed/index.ts";
import { expectOk, type TenantId } from "../../src/pure/kernel/index.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

export const chance = (bytes: number): Uint8Array => randomBytes(bytes);
/** Refusals at once: the slow answer has its own test. */
export const QUICK: LoginRules = { ...LOGIN_RULES, refusalMilliseconds: 0 };
export const SYSTEM: Actor = { kind: "system", id: "test" };

export interface TestPlatform extends Platform {
  readonly kulanz: TestDatabase;
  readonly vault: Vault;
  readonly limiter: RateLimiter;
  tenant(name: string): Promise<TenantId>;
  act<T>(tenantId: TenantId, work: (act: Act) => Promise<T>, actor?: Actor): Promise<T>;
}

export async function openTestPlatform(): Promise<TestPlatform> {
  const kulanz = await createTestDatabase({ poolSize: 8 });
  const keys = masterKeySet([masterKeyFrom(kulanz.vaultMasterKey)]);
  const vault = expectOk(await openVault(kulanz.database, keys, chance));
  const platform: Platform = { database: kulanz.database, vault };
  return {
    ...platform,
    kulanz,
    limiter: createRateLimiter(kulanz.database, vault),
    tenant: async (name) => expectOk(await createTenant(kulanz.database, vault, { name })),
    act: (tenantId, work, actor = SYSTEM) => withAct(platform, tenantId, actor, work),
  };
}
