import { setTimeout as pause } from "node:timers/promises";
import { type Failure, fail, ok, type Result, type TenantId, type UserId } from "../../pure/kernel/index.ts";
import { sql } from "../database/index.ts";
import type { RateLimiter } from "../http/index.ts";
import { normaliseValue } from "../sealed/index.ts";
import { type Platform, tryAct, withAct } from "./act.ts";
import { appendAudit } from "./audit.ts";
import type { Act } from "./model.ts";
import { checkPassword, hashPassword, verifyPassword } from "./passwords.ts";
import { closeSession, endSessionsOf, openSession, type SessionRules, type SignedIn } from "./sessions.ts";
import { readUser } from "./users.ts";

export interface LoginRules extends SessionRules {
  /** Tries for one account within the window; a successful one starts the count anew. */
  readonly triesPerAccount: number;
  /** Tries from one address within the window, over all accounts. */
  readonly triesPerAddress: number;
  readonly windowMinutes: number;
  /** A refusal takes at least so long, whatever was wrong: the time tells nothing. */
  readonly refusalMilliseconds: number;
}
export const LOGIN_RULES: LoginRules = {
  idleMinutes: 60,
  longestHours: 12,
  triesPerAccount: 10,
  triesPerAddress: 50,
  windowMinutes: 15,
  refusalMilliseconds: 300,
};

export interface LoginAttempt {
  readonly email: string;
  readonly password: string;
  /** Of the client; only its keyed hash is kept. */
  readonly address: string;
  /** The session cookie the browser sent, if any: it ends, whoever it belonged to. */
  readonly cookie?: string;
}

export type LoginFailure = Failure<"login_failed" | "login_limited">;

/**
 * Signs in by password. Failures: `login_failed` (the same for an unknown e-mail, a wrong password, a disabled user and
 * one without a password, in the same time), `login_limited` (too many tries, the same for unknown accounts).
 */
export async function login(
  platform: Platform & { readonly limiter: RateLimiter },
  attempt: LoginAttempt,
  rules: LoginRules = LOGIN_RULES,
): Promise<Result<SignedIn, LoginFailure>> {
  const slow = pause(rules.refusalMilliseconds, undefined, { ref: false });
  const result = await tryLogin(platform, attempt, rules);
  if (!result.ok) await slow;
  return result;
}

async function tryLogin(
  platform: Platform & { readonly limiter: RateLimiter },
  attempt: LoginAttempt,
  rules: LoginRules,
): Promise<Result<SignedIn, LoginFailure>> {
  const { vault, limiter, database } = platform;
  const account = vault.platformToken("login", normaliseValue("email", attempt.email));
  const seconds = rules.windowMinutes * 60;
  const accountKey = { scope: "login_account", key: account.toString("base64") };
  const byAddress = await limiter.take(
    { scope: "login_address", key: attempt.address },
    rules.triesPerAddress,
    seconds,
  );
  const byAccount = await limiter.take(accountKey, rules.triesPerAccount, seconds);
  if (!byAddress.allowed || !byAccount.allowed)
    return fail(
      "rate_limited",
      "login_limited",
      "Too many tries. Wait a quarter of an hour, or ask an admin for a sign-in link.",
    );

  const found = await database.system((tx) =>
    tx.one<{ tenant_id: TenantId | null }>(sql`select tenant_of_login(${account}) as tenant_id`),
  );
  const tenantId = found?.tenant_id ?? undefined;
  const user =
    tenantId &&
    (await database.tenant(tenantId, (tx) =>
      tx.one<{ user_id: UserId; password_hash: string | null }>(sql`
        select user_id, case when disabled_at is null then password_hash end as password_hash
        from app_user where tenant_id = ${tenantId} and login_token = ${account}`),
    ));
  const right = await verifyPassword(user ? user.password_hash : undefined, attempt.password, vault.chance);
  if (!tenantId || !user || !right) {
    if (tenantId && user)
      await withAct(platform, tenantId, { kind: "system", id: "sign_in" }, (act) =>
        appendAudit(act, { act: "login.failed", subject: user.user_id }),
      );
    return refused();
  }
  if (attempt.cookie !== undefined) await closeSession(platform, attempt.cookie);
  const opened = await tryAct(platform, tenantId, { kind: "user", id: user.user_id }, (act) =>
    openSession(act, user.user_id, rules, "session.opened"),
  );
  if (!opened.ok) return refused(); // disabled between the two transactions
  await limiter.reset(accountKey);
  return opened;
}

const refused = (): { ok: false; error: Failure<"login_failed"> } =>
  fail("unauthenticated", "login_failed", "E-mail address and password don't match.");

/**
 * The user's own change of password; ends all sessions but the one of `cookie`. Tries should be limited by the door.
 * Failures: `password_wrong`, and those of `checkPassword`.
 */
export async function changePassword(
  act: Act,
  userId: UserId,
  passwords: { readonly current: string; readonly next: string; readonly cookie?: string },
): Promise<Result<true, Failure>> {
  const user = await readUser(act, userId);
  const row = await act.tx.one<{ password_hash: string | null }>(sql`
    select password_hash from app_user
    where tenant_id = ${act.tx.tenantId} and user_id = ${userId} and disabled_at is null`);
  if (!user || !(await verifyPassword(row?.password_hash, passwords.current, act.vault.chance)))
    return fail("forbidden", "password_wrong", "The present password is not right.", "current");
  const checked = checkPassword(passwords.next, [user.email.split("@")[0] ?? "", ...user.name.split(/\s+/)]);
  if (!checked.ok) return checked;
  await act.tx.execute(sql`
    update app_user set password_hash = ${await hashPassword(checked.value, act.vault.chance)}
    where tenant_id = ${act.tx.tenantId} and user_id = ${userId}`);
  await endSessionsOf(act, userId, passwords.cookie);
  await appendAudit(act, { act: "password.changed", subject: userId });
  return ok(true);
}
