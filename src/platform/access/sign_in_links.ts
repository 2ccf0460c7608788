import { expectOk, type Failure, fail, type Instant, ok, type Result, type UserId } from "../../pure/kernel/index.ts";
import { sql } from "../database/index.ts";
import { type Platform, tryAct } from "./act.ts";
import { appendAudit } from "./audit.ts";
import type { Act } from "./model.ts";
import { checkPassword, hashPassword } from "./passwords.ts";
import { demand } from "./permissions.ts";
import {
  type LinkSecret,
  newSignInLink,
  openSession,
  parseSecret,
  type SessionRules,
  type SignedIn,
} from "./sessions.ts";
import { readUser, type User } from "./users.ts";

/** A new link for somebody who forgot the password. Needs `user.manage`. Failures: `not_allowed`, `user_unknown`. */
export async function createSignInLink(
  act: Act,
  userId: UserId,
): Promise<Result<LinkSecret, Failure<"not_allowed" | "user_unknown">>> {
  const allowed = demand(act.actor, "user.manage");
  if (!allowed.ok) return allowed;
  const user = await readUser(act, userId);
  if (!user || user.disabledAt) return fail("not_found", "user_unknown", "There is no such user.", userId);
  const link = await newSignInLink(act, userId);
  await appendAudit(act, { act: "user.link_created", subject: userId });
  return ok(link);
}

const dead = (): { ok: false; error: Failure<"link_invalid"> } =>
  fail("not_found", "link_invalid", "This link was used already or is too old. Ask for a new one.");

/** Whose link this is, without using it up. Failure `link_invalid`. */
export async function inspectSignInLink(
  platform: Platform,
  token: string,
): Promise<Result<{ readonly user: User; readonly expiresAt: Instant }>> {
  const secret = parseSecret(token);
  if (!secret) return dead();
  return tryAct(platform, secret.tenantId, { kind: "system", id: "sign_in" }, async (act) => {
    const link = await liveLink(act, secret.hash);
    const user = link && (await readUser(act, link.user_id));
    return user && !user.disabledAt ? ok({ user, expiresAt: link.expires_at }) : dead();
  });
}

async function liveLink({ tx }: Act, hash: Buffer): Promise<{ user_id: UserId; expires_at: Instant } | undefined> {
  return tx.one(sql`
    select user_id, expires_at from sign_in_link
    where token = ${hash} and tenant_id = ${tx.tenantId} and used_at is null and expires_at > ${tx.now}`);
}

/**
 * Sets the password and signs in; ends all other sessions of the user. A refused password does not use the link up.
 * Failures: `link_invalid`, `password_too_short`, `password_too_long`, `password_too_simple`.
 */
export async function applySignInLink(
  platform: Platform,
  token: string,
  password: string,
  rules: SessionRules,
): Promise<Result<SignedIn>> {
  const looked = await inspectSignInLink(platform, token);
  const secret = parseSecret(token);
  if (!looked.ok || !secret) return looked.ok ? dead() : looked;
  const { user } = looked.value;
  const checked = checkPassword(password, [user.email.split("@")[0] ?? "", ...user.name.split(/\s+/)]);
  if (!checked.ok) return checked;
  const hash = await hashPassword(checked.value, platform.vault.chance);
  return tryAct(platform, secret.tenantId, { kind: "user", id: user.userId, role: user.role }, async (act) => {
    const { tx } = act;
    // The row is taken by this statement alone: of two that use the link at once, one gets none.
    const used = await tx.execute(sql`
      update sign_in_link set used_at = ${tx.now}
      where token = ${secret.hash} and tenant_id = ${tx.tenantId} and used_at is null and expires_at > ${tx.now}`);
    if (used === 0) return dead();
    const set = await tx.execute(sql`
      update app_user set password_hash = ${hash}
      where tenant_id = ${tx.tenantId} and user_id = ${user.userId} and disabled_at is null`);
    if (set === 0) return dead();
    return ok(expectOk(await openSession(act, user.userId, rules, "password.set")));
  });
}
