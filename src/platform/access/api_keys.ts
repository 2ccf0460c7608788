import { type Failure, fail, type Instant, ok, type Result, type TenantId } from "../../pure/kernel/index.ts";
import { sql } from "../database/index.ts";
import { sha256 } from "../sealed/index.ts";
import type { Platform } from "./act.ts";
import { appendAudit } from "./audit.ts";
import type { Act, Actor, Role } from "./model.ts";
import { demand } from "./permissions.ts";

export interface NewApiKey {
  /** What uses it (`ERP`, `shop`); not a person's name. */
  readonly name: string;
  readonly role: Role;
  readonly expiresAt?: Instant;
}

export interface ApiKey {
  readonly apiKeyId: string;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: Instant;
  readonly lastUsedAt: Instant | null;
  readonly expiresAt: Instant | null;
  readonly revokedAt: Instant | null;
}

/** The secret (`kz_…`) is shown once; the row keeps its hash. Needs `api_key.manage`. Failures: `not_allowed`, `key_name_missing`, `expiry_past`. */
export async function createApiKey(
  act: Act,
  key: NewApiKey,
): Promise<Result<{ readonly apiKeyId: string; readonly secret: string }, Failure>> {
  const allowed = demand(act.actor, "api_key.manage");
  if (!allowed.ok) return allowed;
  const name = key.name.trim();
  if (name === "" || name.length > 100)
    return fail("invalid", "key_name_missing", "A key needs a name of at most 100 characters.", "name");
  if (key.expiresAt && key.expiresAt <= act.tx.now)
    return fail("invalid", "expiry_past", "The key would have expired already.", "expiresAt");
  const apiKeyId = act.tx.newId<string>();
  const secret = `kz_${Buffer.from(act.vault.chance(32)).toString("base64url")}`;
  await act.tx.execute(sql`
    insert into api_key (token, tenant_id, api_key_id, name, role, created_at, expires_at)
    values (${sha256(secret)}, ${act.tx.tenantId}, ${apiKeyId}, ${name}, ${key.role}, ${act.tx.now}, ${key.expiresAt ?? null})`);
  await appendAudit(act, { act: "api_key.created", subject: apiKeyId, details: { role: key.role } });
  return ok({ apiKeyId, secret });
}

/** Works no longer from the commit on. Needs `api_key.manage`. Failures: `not_allowed`, `key_unknown` (also: revoked before). */
export async function revokeApiKey(
  act: Act,
  apiKeyId: string,
): Promise<Result<true, Failure<"not_allowed" | "key_unknown">>> {
  const allowed = demand(act.actor, "api_key.manage");
  if (!allowed.ok) return allowed;
  const revoked = await act.tx.execute(sql`
    update api_key set revoked_at = ${act.tx.now}
    where tenant_id = ${act.tx.tenantId} and api_key_id = ${apiKeyId} and revoked_at is null`);
  if (revoked === 0) return fail("not_found", "key_unknown", "There is no such key.", apiKeyId);
  await appendAudit(act, { act: "api_key.revoked", subject: apiKeyId });
  return ok(true);
}

/** Needs `api_key.read`. Failure `not_allowed`. */
export async function listApiKeys(act: Act): Promise<Result<ApiKey[], Failure<"not_allowed">>> {
  const allowed = demand(act.actor, "api_key.read");
  if (!allowed.ok) return allowed;
  return ok(
    await act.tx.rows<ApiKey>(sql`
      select api_key_id as "apiKeyId", name, role, created_at as "createdAt", last_used_at as "lastUsedAt",
             expires_at as "expiresAt", revoked_at as "revokedAt"
      from api_key where tenant_id = ${act.tx.tenantId} order by created_at, api_key_id`),
  );
}

/** Tenant and actor of a key, or undefined: unknown, revoked or expired. `last_used_at` moves at most once a minute. */
export async function readApiKey(
  platform: Pick<Platform, "database">,
  secret: string,
): Promise<{ readonly tenantId: TenantId; readonly actor: Actor & { readonly role: Role } } | undefined> {
  if (!/^kz_[\w-]{43}$/.test(secret)) return undefined;
  const token = sha256(secret);
  const found = await platform.database.system((tx) =>
    tx.one<{ tenant_id: TenantId | null }>(sql`select tenant_of_api_key(${token}) as tenant_id`),
  );
  const tenantId = found?.tenant_id ?? undefined;
  if (!tenantId) return undefined;
  const row = await platform.database.tenant(tenantId, (tx) => {
    const minuteAgo = new Date(tx.now.getTime() - 60_000);
    return tx.one<{ api_key_id: string; role: Role }>(sql`
      with live as (
        select token, api_key_id, role from api_key
        where token = ${token} and tenant_id = ${tenantId} and revoked_at is null
          and (expires_at is null or expires_at > ${tx.now})),
      used as (
        update api_key set last_used_at = ${tx.now}
        where token = (select token from live) and (last_used_at is null or last_used_at < ${minuteAgo}))
      select api_key_id, role from live`);
  });
  return row && { tenantId, actor: { kind: "key", id: row.api_key_id, role: row.role } };
}
