/**
 * `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07): the same key with the same request gets the same
 * answer, and the work is done once. The key is first claimed in its own short transaction, so a second call that
 * comes while the first still works is told so. Answers are kept sealed under the tenant's key.
 *
 * A claim whose process died stays `in flight` for `staleSeconds`; then the next call may do the work again, which is
 * safe because the rooms' own imports and postings are idempotent (invariant 3).
 */
import type { Context, MiddlewareHandler } from "hono";
import { createHash } from "node:crypto";
import { expectOk, type Failure, type TenantId } from "../../pure/kernel/index.ts";
import { type Database, sql } from "../database/index.ts";
import type { Vault } from "../sealed/index.ts";
import { type HttpEnv, refuse } from "./model.ts";

export interface IdempotencyOptions {
  readonly database: Database;
  readonly vault: Vault;
  /** Tenant and name of who calls; undefined lets the request pass unchanged. */
  readonly callerOf: (context: Context<HttpEnv>) => { readonly tenantId: TenantId; readonly name: string } | undefined;
  /** Seconds after which a claim without an answer counts as dead (300). */
  readonly staleSeconds?: number;
}

const UNSAFE = new Set(["POST", "PUT", "PATCH", "DELETE"]);
/** Longer answers (files) are not kept: the key then guards against the second doing and says that it was done. */
const LONGEST_ANSWER = 1024 * 1024;

interface Kept {
  /** Null when it was too long to keep. */
  readonly body: string | null;
  readonly type: string | null;
  readonly location: string | null;
}

type Claim =
  | { readonly state: "ours" }
  | { readonly state: "other" | "busy" }
  | { readonly state: "done"; readonly status: number; readonly kept: Kept };

const FAILURES: Readonly<Record<"key" | "other" | "busy" | "long", Failure>> = {
  long: {
    kind: "conflict",
    code: "idempotency_answer_gone",
    message: "This was done already; its answer was too long to keep. Read the result instead.",
    where: "idempotency-key",
  },
  key: {
    kind: "invalid",
    code: "idempotency_key_invalid",
    message: "An Idempotency-Key has 8 to 200 printable characters without spaces.",
    where: "idempotency-key",
  },
  other: {
    kind: "invalid",
    code: "idempotency_key_reused",
    message: "This Idempotency-Key was used for another request.",
    where: "idempotency-key",
  },
  busy: {
    kind: "conflict",
    code: "idempotency_in_flight",
    message: "The same request is being worked on. Ask again in a moment.",
    where: "idempotency-key",
  },
};

export function idempotent(options: IdempotencyOptions): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    const key = context.req.header("idempotency-key");
    const caller = UNSAFE.has(context.req.method) && key !== undefined ? options.callerOf(context) : undefined;
    if (key === undefined || caller === undefined) return next();
    if (!/^[\x21-\x7e]{8,200}$/.test(key)) return refuse(context, FAILURES.key);
    const place = `${caller.name} ${context.req.method} ${context.req.path}`;
    const body = Buffer.from(await context.req.arrayBuffer());
    const request = createHash("sha256")
      .update(`${new URL(context.req.url).search}\n`)
      .update(body)
      .digest();
    const token = options.vault.platformToken("idempotency", `${caller.tenantId} ${place} ${key}`);
    const claim = await claimKey(options, caller.tenantId, token, request);
    if (claim.state === "done") {
      context.header("idempotent-replay", "true");
      if (claim.kept.location !== null) context.header("location", claim.kept.location);
      const status = claim.status as 200;
      if (claim.kept.body === null) return refuse(context, FAILURES.long);
      return claim.kept.type === null
        ? context.body(null, status)
        : context.body(claim.kept.body, status, { "content-type": claim.kept.type });
    }
    if (claim.state !== "ours") return refuse(context, FAILURES[claim.state]);
    await next();
    await keepAnswer(options, caller.tenantId, token, context.res);
  };
}

async function claimKey(
  { database, vault, staleSeconds = 300 }: IdempotencyOptions,
  tenantId: TenantId,
  token: Buffer,
  request: Buffer,
): Promise<Claim> {
  return database.tenant(tenantId, async (tx) => {
    const stale = new Date(tx.now.getTime() - staleSeconds * 1000);
    const claimed = await tx.execute(sql`
      insert into idempotency_key as k (token, tenant_id, request_hash, created_at)
      values (${token}, ${tenantId}, ${request}, ${tx.now})
      on conflict (token) do update set created_at = excluded.created_at
      where k.status is null and k.created_at <= ${stale} and k.request_hash = excluded.request_hash`);
    if (claimed === 1) return { state: "ours" };
    const row = await tx.one<{ request_hash: Buffer; status: number | null; response_sealed: Buffer | null }>(sql`
      select request_hash, status, response_sealed from idempotency_key where token = ${token} and tenant_id = ${tenantId}`);
    if (!row) return { state: "busy" }; // released between the two statements
    if (!row.request_hash.equals(request)) return { state: "other" };
    if (row.status === null || row.response_sealed === null) return { state: "busy" };
    const seal = await vault.forTenant(tx);
    const kept = JSON.parse(expectOk(seal.openText("idempotency", row.response_sealed))) as Kept;
    return { state: "done", status: row.status, kept };
  });
}

/** Keeps what was done. A refusal changed nothing and may be otherwise later, so it frees the key for another try. */
async function keepAnswer(
  { database, vault }: IdempotencyOptions,
  tenantId: TenantId,
  token: Buffer,
  answer: Response,
): Promise<void> {
  if (answer.status >= 400) {
    await database.tenant(tenantId, (tx) =>
      tx.execute(sql`delete from idempotency_key where token = ${token} and tenant_id = ${tenantId}`),
    );
    return;
  }
  const type = answer.headers.get("content-type");
  const body = type?.startsWith("text/event-stream") ? "" : await answer.clone().text();
  const kept: Kept = {
    body: body.length > LONGEST_ANSWER ? null : body,
    type: body === "" ? null : type,
    location: answer.headers.get("location"),
  };
  await database.tenant(tenantId, async (tx) => {
    const seal = await vault.forTenant(tx);
    await tx.execute(sql`
      update idempotency_key set status = ${answer.status}, response_sealed = ${seal.seal("idempotency", JSON.stringify(kept))}
      where token = ${token} and tenant_id = ${tenantId}`);
  });
}

/** Deletes keys older than `hours` (48). For a periodic task. */
export async function sweepIdempotencyKeys(database: Database, tenantId: TenantId, hours = 48): Promise<number> {
  return database.tenant(tenantId, (tx) =>
    tx.execute(sql`
      delete from idempotency_key
      where tenant_id = ${tenantId} and created_at < ${new Date(tx.now.getTime() - hours * 3_600_000)}`),
  );
}
