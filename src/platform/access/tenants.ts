import { type Failure, fail, ok, type Result, type TenantId } from "../../pure/kernel/index.ts";
import { type Database, sql } from "../database/index.ts";
import type { Vault } from "../sealed/index.ts";
import type { Act } from "./model.ts";
import { FIRST_HASH } from "./audit.ts";

export interface NewTenant {
  readonly name: string;
  /** A fixed id makes creating the same tenant again a `conflict` (sample data). */
  readonly tenantId?: TenantId;
}

/** Creates a tenant with its keys and the head of its audit chain. Failures: `tenant_name_missing`, `tenant_exists`. */
export async function createTenant(
  database: Database,
  vault: Vault,
  tenant: NewTenant,
): Promise<Result<TenantId, Failure<"tenant_name_missing" | "tenant_exists">>> {
  const name = tenant.name.trim();
  if (name === "" || name.length > 200)
    return fail("invalid", "tenant_name_missing", "A tenant needs a name of at most 200 characters.", "name");
  const keys = vault.createTenantKeys();
  return database.owner(async (tx) => {
    const tenantId = tenant.tenantId ?? tx.newId<TenantId>();
    await tx.execute(sql`select set_config('kulanz.tenant', ${tenantId}, true)`);
    const written = await tx.execute(sql`
      insert into tenant (tenant_id, name, created_at, lookup_key_wrapped, data_key_wrapped, master_key_id)
      values (${tenantId}, ${name}, ${tx.now}, ${keys.lookupKeyWrapped}, ${keys.dataKeyWrapped}, ${keys.masterKeyId})
      on conflict (tenant_id) do nothing`);
    if (written === 0) return fail("conflict", "tenant_exists", "This tenant exists already.", tenantId);
    await tx.execute(sql`insert into audit_head (tenant_id, sequence, hash) values (${tenantId}, 0, ${FIRST_HASH})`);
    return ok(tenantId);
  });
}

/** All tenants, oldest first. */
export async function listTenants(database: Database): Promise<TenantId[]> {
  const rows = await database.system((tx) => tx.rows<{ id: TenantId }>(sql`select t as id from tenants() t`));
  return rows.map((row) => row.id);
}

export interface Tenant {
  readonly tenantId: TenantId;
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

export async function readTenant({ tx }: Pick<Act, "tx">): Promise<Tenant> {
  const row = await tx.one<{ name: string; settings: Record<string, unknown> }>(sql`
    select name, settings from tenant where tenant_id = ${tx.tenantId}`);
  if (!row) throw new Error(`tenant ${tx.tenantId} does not exist`);
  return { tenantId: tx.tenantId, ...row };
}
