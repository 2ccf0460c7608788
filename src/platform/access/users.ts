import {
  type Currency,
  EUR,
  expectOk,
  type Failure,
  fail,
  type Instant,
  type Money,
  money,
  ok,
  type Result,
  type UserId,
} from "../../pure/kernel/index.ts";
import { sql } from "../database/index.ts";
import { normaliseValue, type TenantSeal } from "../sealed/index.ts";
import { appendAudit } from "./audit.ts";
import type { Act, Role } from "./model.ts";
import { type Decider, demand } from "./permissions.ts";
import { endSessionsOf, type LinkSecret, newSignInLink } from "./sessions.ts";

export interface NewUser {
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** May decide up to this amount alone; nothing when not given. */
  readonly limit?: Money;
  readonly preferences?: Readonly<Record<string, unknown>>;
}

export interface User extends Decider {
  readonly name: string;
  readonly email: string;
  readonly preferences: Readonly<Record<string, unknown>>;
  readonly hasPassword: boolean;
  readonly createdAt: Instant;
  readonly lastSeenAt: Instant | null;
  readonly disabledAt: Instant | null;
}

interface UserRow {
  readonly user_id: UserId;
  readonly identity_sealed: Buffer;
  readonly role: Role;
  readonly limit_minor: bigint;
  readonly limit_currency: Currency;
  readonly preferences: Record<string, unknown>;
  readonly has_password: boolean;
  readonly created_at: Instant;
  readonly last_seen_at: Instant | null;
  readonly disabled_at: Instant | null;
}

const identityKind = (id: UserId): string => `user:${id}`;

function toUser(seal: TenantSeal, row: UserRow): User {
  const { name, email } = JSON.parse(expectOk(seal.openText(identityKind(row.user_id), row.identity_sealed))) as {
    name: string;
    email: string;
  };
  return {
    userId: row.user_id,
    name,
    email,
    role: row.role,
    limit: money(row.limit_minor, row.limit_currency),
    preferences: row.preferences,
    hasPassword: row.has_password,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    disabledAt: row.disabled_at,
  };
}

type AddFailure = Failure<"not_allowed" | "user_name_missing" | "email_invalid" | "email_taken" | "limit_invalid">;

/**
 * Adds a user and a one-time link with which they set their password. Needs `user.manage`.
 * Failures: `not_allowed`, `user_name_missing`, `email_invalid`, `email_taken` (also in another tenant), `limit_invalid`.
 */
export async function addUser(
  act: Act,
  user: NewUser,
): Promise<Result<{ readonly userId: UserId; readonly link: LinkSecret }, AddFailure>> {
  const allowed = demand(act.actor, "user.manage");
  if (!allowed.ok) return allowed;
  const name = user.name.trim();
  const email = normaliseValue("email", user.email);
  if (name === "" || name.length > 200)
    return fail("invalid", "user_name_missing", "A user needs a name of at most 200 characters.", "name");
  if (!/^[^\s@]{1,64}@[^\s@]{1,190}$/.test(email))
    return fail("invalid", "email_invalid", "This is not an e-mail address.", "email");
  const limit = user.limit ?? money(0n, EUR);
  if (limit.minor < 0n) return fail("invalid", "limit_invalid", "A limit is not negative.", "limit");
  const userId = act.tx.newId<UserId>();
  const seal = await act.vault.forTenant(act.tx);
  const written = await act.tx.execute(sql`
    insert into app_user (tenant_id, user_id, identity_sealed, login_token, role, limit_minor, limit_currency, preferences, created_at)
    values (${act.tx.tenantId}, ${userId}, ${seal.seal(identityKind(userId), JSON.stringify({ name, email }))},
            ${act.vault.platformToken("login", email)}, ${user.role}, ${limit.minor.toString()}::bigint, ${limit.currency},
            ${JSON.stringify(user.preferences ?? {})}::jsonb, ${act.tx.now})
    on conflict do nothing`);
  if (written === 0)
    return fail("conflict", "email_taken", "Somebody signs in with this e-mail address already.", "email");
  const link = await newSignInLink(act, userId);
  await appendAudit(act, { act: "user.added", subject: userId, details: { role: user.role } });
  return ok({ userId, link });
}

const columns = sql`u.user_id, u.identity_sealed, u.role, u.limit_minor, u.limit_currency, u.preferences,
  u.password_hash is not null as has_password, u.created_at, u.disabled_at,
  (select max(s.last_seen_at) from user_session s where s.user_id = u.user_id and s.tenant_id = u.tenant_id) as last_seen_at`;

/** All users of the tenant, oldest first; names opened. Needs `user.read`. Failure `not_allowed`. */
export async function listUsers(act: Act): Promise<Result<User[], Failure<"not_allowed">>> {
  const allowed = demand(act.actor, "user.read");
  if (!allowed.ok) return allowed;
  const seal = await act.vault.forTenant(act.tx);
  const rows = await act.tx.rows<UserRow>(sql`
    select ${columns} from app_user u where u.tenant_id = ${act.tx.tenantId} order by u.created_at, u.user_id`);
  return ok(rows.map((row) => toUser(seal, row)));
}

/** One user; undefined when there is none in this tenant. For the user's own session and for names beside acts. */
export async function readUser({ tx, vault }: Pick<Act, "tx" | "vault">, userId: UserId): Promise<User | undefined> {
  const row = await tx.one<UserRow>(sql`
    select ${columns} from app_user u where u.tenant_id = ${tx.tenantId} and u.user_id = ${userId}`);
  return row && toUser(await vault.forTenant(tx), row);
}

export interface UserChange {
  readonly role?: Role;
  readonly limit?: Money;
  readonly disabled?: boolean;
}

/**
 * Changes role or limit, disables or enables. Disabling, and another role, ends the user's sessions at once; disabling
 * also their open sign-in links. Needs `user.manage`. Failures: `not_allowed`, `user_unknown`, `last_admin` (the
 * tenant would be left without one), `limit_invalid`.
 */
export async function changeUser(
  act: Act,
  userId: UserId,
  change: UserChange,
): Promise<Result<true, Failure<"not_allowed" | "user_unknown" | "last_admin" | "limit_invalid">>> {
  const allowed = demand(act.actor, "user.manage");
  if (!allowed.ok) return allowed;
  if (change.limit && change.limit.minor < 0n)
    return fail("invalid", "limit_invalid", "A limit is not negative.", "limit");
  // All admins are locked in one order, so two admins can't disable each other at the same moment.
  const admins = await act.tx.rows<{ user_id: UserId }>(sql`
    select user_id from app_user where tenant_id = ${act.tx.tenantId} and role = 'admin' and disabled_at is null
    order by user_id for update`);
  const before = await act.tx.one<{ role: Role; disabled: boolean }>(sql`
    select role, disabled_at is not null as disabled from app_user
    where tenant_id = ${act.tx.tenantId} and user_id = ${userId} for update`);
  if (!before) return fail("not_found", "user_unknown", "There is no such user.", userId);
  const role = change.role ?? before.role;
  const disabled = change.disabled ?? before.disabled;
  if ((role !== "admin" || disabled) && admins.length === 1 && admins[0]?.user_id === userId)
    return fail("conflict", "last_admin", "The last admin keeps the role: make somebody else admin first.", userId);
  await act.tx.execute(sql`
    update app_user set role = ${role},
      limit_minor = coalesce(${change.limit?.minor.toString() ?? null}::bigint, limit_minor),
      limit_currency = coalesce(${change.limit?.currency ?? null}::text, limit_currency),
      disabled_at = case when ${disabled}::boolean then coalesce(disabled_at, ${act.tx.now}::timestamptz) end
    where tenant_id = ${act.tx.tenantId} and user_id = ${userId}`);
  if (disabled || role !== before.role) await endSessionsOf(act, userId);
  if (disabled)
    await act.tx.execute(sql`
      update sign_in_link set used_at = ${act.tx.now}
      where tenant_id = ${act.tx.tenantId} and user_id = ${userId} and used_at is null`);
  const what = disabled === before.disabled ? "user.changed" : disabled ? "user.disabled" : "user.enabled";
  await appendAudit(act, {
    act: what,
    subject: userId,
    details: {
      role,
      ...(change.limit && { limit_minor: change.limit.minor.toString(), currency: change.limit.currency }),
    },
  });
  return ok(true);
}

export const disableUser = (act: Act, userId: UserId): ReturnType<typeof changeUser> =>
  changeUser(act, userId, { disabled: true });

/** Merges into what is stored (language, colour scheme, keys); the user's own business, so no permission. */
export async function savePreferences(
  { tx }: Pick<Act, "tx">,
  userId: UserId,
  preferences: Readonly<Record<string, unknown>>,
): Promise<void> {
  await tx.execute(sql`
    update app_user set preferences = preferences || ${JSON.stringify(preferences)}::jsonb
    where tenant_id = ${tx.tenantId} and user_id = ${userId}`);
}
