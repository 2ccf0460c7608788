/**
 * Sessions. The cookie's value is `<tenantId>.<secret>`: the tenant part opens the right row security, where the hash
 * of the secret finds the session or nothing. The CSRF token is derived from the secret, so it needs no second secret
 * and a page can ask for it again; the row keeps its hash only.
 */
import {
  type Chance,
  type Failure,
  fail,
  type Instant,
  isUuid,
  ok,
  type Result,
  type TenantId,
  type UserId,
} from "../../pure/kernel/index.ts";
import { z } from "zod";
import { sql } from "../database/index.ts";
import { type RateLimiter, sweepIdempotencyKeys } from "../http/index.ts";
import { defineTask, type Task } from "../jobs/index.ts";
import { sameBytes, sha256 } from "../sealed/index.ts";
import { type Platform, withAct } from "./act.ts";
import { appendAudit } from "./audit.ts";
import type { Act, Actor, Role } from "./model.ts";
import { listTenants } from "./tenants.ts";

export interface SessionRules {
  /** Ends after so long without a call. */
  readonly idleMinutes: number;
  /** Ends after so long in any case. */
  readonly longestHours: number;
}
export const SESSION_RULES: SessionRules = { idleMinutes: 60, longestHours: 12 };

export interface SignedIn {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly role: Role;
  /** Value of the cookie. */
  readonly cookie: string;
  readonly csrfToken: string;
  readonly expiresAt: Instant;
}

export interface Secret {
  readonly tenantId: TenantId;
  readonly hash: Buffer;
}

export function newSecret(tenantId: TenantId, chance: Chance): Secret & { readonly text: string } {
  const text = `${tenantId}.${Buffer.from(chance(32)).toString("base64url")}`;
  return { tenantId, text, hash: sha256(text) };
}

/** The parts of `<tenantId>.<secret>`, or undefined for anything else. */
export function parseSecret(text: string): Secret | undefined {
  const [tenantId = "", secret = "", more] = text.split(".");
  if (more !== undefined || !isUuid(tenantId) || !/^[\w-]{43}$/.test(secret)) return undefined;
  return { tenantId: tenantId as TenantId, hash: sha256(text) };
}

/** The token every unsafe call of a session (or of a browser that is about to sign in) carries in `x-csrf-token`. */
export const csrfTokenOf = (cookie: string): string => sha256(`csrf:${cookie}`).toString("base64url");

/** Compares by hash, in constant time. */
export function csrfMatches(hash: Uint8Array, token: string | undefined): boolean {
  return token !== undefined && sameBytes(hash, sha256(token));
}

const HOURS_VALID = 72;

export interface LinkSecret {
  /** `<tenantId>.<secret>`, shown once; the door puts it behind `#` of an address, so it reaches no log. */
  readonly token: string;
  readonly expiresAt: Instant;
}

/** Makes a link (72 hours, once); earlier links of the user no longer work. For callers that checked the permission. */
export async function newSignInLink({ tx, vault }: Act, userId: UserId): Promise<LinkSecret> {
  const secret = newSecret(tx.tenantId, vault.chance);
  const expiresAt = new Date(tx.now.getTime() + HOURS_VALID * 3_600_000);
  await tx.execute(sql`
    update sign_in_link set used_at = ${tx.now}
    where tenant_id = ${tx.tenantId} and user_id = ${userId} and used_at is null`);
  await tx.execute(sql`
    insert into sign_in_link (token, tenant_id, user_id, created_at, expires_at)
    values (${secret.hash}, ${tx.tenantId}, ${userId}, ${tx.now}, ${expiresAt})`);
  return { token: secret.text, expiresAt };
}

/** A fresh session; its secret never existed before, so nobody can have planted it. Failure `user_unknown` (or disabled). */
export async function openSession(
  act: Act,
  userId: UserId,
  rules: SessionRules,
  audit: "session.opened" | "password.set",
): Promise<Result<SignedIn, Failure<"user_unknown">>> {
  const { tx, vault } = act;
  const user = await tx.one<{ role: Role }>(sql`
    select role from app_user where tenant_id = ${tx.tenantId} and user_id = ${userId} and disabled_at is null for share`);
  if (!user) return fail("not_found", "user_unknown", "There is no such user.", userId);
  if (audit === "password.set")
    await tx.execute(sql`delete from user_session where tenant_id = ${tx.tenantId} and user_id = ${userId}`);
  const secret = newSecret(tx.tenantId, vault.chance);
  const csrfToken = csrfTokenOf(secret.text);
  const expiresAt = new Date(tx.now.getTime() + rules.longestHours * 3_600_000);
  await tx.execute(sql`
    insert into user_session (token, tenant_id, user_id, csrf_token, created_at, last_seen_at, expires_at)
    values (${secret.hash}, ${tx.tenantId}, ${userId}, ${sha256(csrfToken)}, ${tx.now}, ${tx.now}, ${expiresAt})`);
  await appendAudit(act, { act: audit, subject: userId });
  return ok({ tenantId: tx.tenantId, userId, role: user.role, cookie: secret.text, csrfToken, expiresAt });
}

export interface Session {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly role: Role;
  readonly csrfHash: Buffer;
  readonly expiresAt: Instant;
}

interface SessionRow {
  readonly user_id: UserId;
  readonly role: Role;
  readonly csrf_token: Buffer;
  readonly expires_at: Instant;
}

/**
 * The session of a cookie, or undefined: unknown, idle too long, over, of a disabled user, or of another tenant.
 * One statement; `last_seen_at` moves at most once a minute.
 */
export async function readSession(
  platform: Platform,
  cookie: string,
  rules: SessionRules,
): Promise<Session | undefined> {
  const secret = parseSecret(cookie);
  if (!secret) return undefined;
  const row = await platform.database.tenant(secret.tenantId, (tx) => {
    const idleSince = new Date(tx.now.getTime() - rules.idleMinutes * 60_000);
    const minuteAgo = new Date(tx.now.getTime() - 60_000);
    return tx.one<SessionRow>(sql`
      with live as (
        select s.token, s.user_id, u.role, s.csrf_token, s.expires_at
        from user_session s join app_user u on u.user_id = s.user_id and u.tenant_id = s.tenant_id
        where s.token = ${secret.hash} and s.tenant_id = ${tx.tenantId}
          and s.expires_at > ${tx.now} and s.last_seen_at > ${idleSince} and u.disabled_at is null),
      seen as (
        update user_session set last_seen_at = ${tx.now}
        where token = (select token from live) and last_seen_at < ${minuteAgo})
      select user_id, role, csrf_token, expires_at from live`);
  });
  return (
    row && {
      tenantId: secret.tenantId,
      userId: row.user_id,
      role: row.role,
      csrfHash: row.csrf_token,
      expiresAt: row.expires_at,
    }
  );
}

export const actorOf = (session: Pick<Session, "userId" | "role">): Actor => ({
  kind: "user",
  id: session.userId,
  role: session.role,
});

/** Signs out. An unknown cookie is nothing to end. */
export async function closeSession(platform: Platform, cookie: string): Promise<void> {
  const secret = parseSecret(cookie);
  if (!secret) return;
  await withAct(platform, secret.tenantId, { kind: "system", id: "sign_out" }, async (act) => {
    const row = await act.tx.one<{ user_id: UserId }>(sql`
      delete from user_session where token = ${secret.hash} and tenant_id = ${act.tx.tenantId} returning user_id`);
    if (row)
      await appendAudit(
        { tx: act.tx, actor: { kind: "user", id: row.user_id } },
        { act: "session.closed", subject: row.user_id },
      );
  });
}

/** Deletes the sessions of this tenant that are over. Returns their number. For a periodic task. */
async function sweepSessions({ tx }: Pick<Act, "tx">, rules: SessionRules): Promise<number> {
  const idleSince = new Date(tx.now.getTime() - rules.idleMinutes * 60_000);
  return tx.execute(sql`
    delete from user_session
    where tenant_id = ${tx.tenantId} and (expires_at <= ${tx.now} or last_seen_at <= ${idleSince})`);
}

/** Ends every session of a user, but the one of this cookie. */
export async function endSessionsOf({ tx }: Pick<Act, "tx">, userId: UserId, except?: string): Promise<number> {
  const kept = except === undefined ? undefined : parseSecret(except)?.hash;
  return tx.execute(sql`
    delete from user_session
    where tenant_id = ${tx.tenantId} and user_id = ${userId} and (${kept ?? null}::bytea is null or token <> ${kept ?? null})`);
}

/** `access.sweep`, every hour: sessions that are over, answers kept for repeated calls, counts of rate limits. */
export function accessTasks({
  platform,
  limiter,
}: {
  readonly platform: Platform;
  readonly limiter: RateLimiter;
}): Task[] {
  return [
    defineTask("access.sweep", z.unknown(), async () => {
      await limiter.sweep();
      for (const tenantId of await listTenants(platform.database)) {
        await sweepIdempotencyKeys(platform.database, tenantId);
        await platform.database.tenant(tenantId, (tx) => sweepSessions({ tx }, SESSION_RULES));
      }
    }),
  ];
}
