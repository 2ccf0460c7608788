/** People, keys of integrators, and the audit chain. */
import { z } from "@hono/zod-openapi";
import {
  addUser,
  type ApiKey,
  changeUser,
  createApiKey,
  createSignInLink,
  listApiKeys,
  listAudit,
  listUsers,
  readUser,
  revokeApiKey,
  type User,
  verifyAudit,
} from "../../../platform/access/index.ts";
import {
  addDays,
  type Currency,
  fail,
  formatMoney,
  instantAt,
  type Money,
  moneyFromText,
  ok,
  type PlainDate,
  type Result,
  type UserId,
} from "../../../pure/kernel/index.ts";
import { EXPORT_ROWS, arranged, limitOf, listRoute } from "../list.ts";
import type { ApiDeps } from "../model.ts";
import { actorNames } from "../names.ts";
import { type Api, route } from "../route.ts";
import { day, id } from "../schema/basics.ts";
import {
  apiKey,
  auditEntry,
  auditVerified,
  keyMade,
  newApiKey,
  newUser,
  oneTimeLink,
  user,
  userChange,
  userMade,
} from "../schema/session.ts";

const ZONE = "Europe/Berlin";
const userParams = z.strictObject({ userId: id });

const userRow = (one: User): z.infer<typeof user> => ({
  id: one.userId,
  name: one.name,
  email: one.email,
  role: one.role,
  limit: { amount: formatMoney(one.limit), currency: one.limit.currency },
  createdAt: one.createdAt.toISOString(),
  lastSeenAt: one.lastSeenAt?.toISOString() ?? null,
  disabledAt: one.disabledAt?.toISOString() ?? null,
  hasPassword: one.hasPassword,
});

const keyRow = (one: ApiKey): z.infer<typeof apiKey> => ({
  id: one.apiKeyId,
  name: one.name,
  role: one.role,
  createdAt: one.createdAt.toISOString(),
  lastUsedAt: one.lastUsedAt?.toISOString() ?? null,
  expiresAt: one.expiresAt?.toISOString() ?? null,
  revokedAt: one.revokedAt?.toISOString() ?? null,
});

/** The secret stands behind `#`: it is sent to no server and reaches no log. */
const linkOf = (deps: ApiDeps, link: { token: string; expiresAt: Date }): z.infer<typeof oneTimeLink> => ({
  url: `${deps.settings.publicUrl.replace(/\/$/, "")}/einrichten#${link.token}`,
  expiresAt: link.expiresAt.toISOString(),
});

const limitIn = (text: { amount: string; currency: string }): Result<Money> =>
  moneyFromText(text.amount, text.currency as Currency);

export function peopleRoutes(api: Api): void {
  const { deps } = api;
  listRoute(
    api,
    {
      path: "/users",
      permission: "user.read",
      summary: "People",
      filters: {},
      row: user,
      columns: ["name", "email", "role", "limit", "createdAt", "lastSeenAt", "disabledAt", "hasPassword"],
    },
    (call) =>
      call.act(async (act) => {
        const all = await listUsers(act);
        return all.ok ? arranged(all.value.map(userRow), call.query) : all;
      }),
  );
  route(
    api,
    {
      method: "post",
      path: "/users",
      permission: "user.manage",
      summary: "Add a person; the answer has the link that sets the password",
      body: newUser,
      answer: userMade,
      status: 201,
    },
    ({ act, body }) =>
      act(async (one) => {
        const limit = limitIn(body.limit);
        if (!limit.ok) return limit;
        const { name, email, role, language } = body;
        const added = await addUser(one, { name, email, role, limit: limit.value, preferences: { language } });
        if (!added.ok) return added;
        const made = await readUser(one, added.value.userId);
        if (!made) throw new Error("a person who was just added is gone");
        return ok({ user: userRow(made), link: linkOf(deps, added.value.link) });
      }),
  );
  route(
    api,
    {
      method: "patch",
      path: "/users/{userId}",
      permission: "user.manage",
      summary: "Change role or limit, disable or enable",
      params: userParams,
      body: userChange,
      answer: user,
    },
    ({ act, params, body }) =>
      act(async (one) => {
        const limit = body.limit && limitIn(body.limit);
        if (limit && !limit.ok) return limit;
        const changed = await changeUser(one, params.userId as UserId, {
          ...(body.role !== undefined && { role: body.role }),
          ...(limit?.ok && { limit: limit.value }),
          ...(body.disabled !== undefined && { disabled: body.disabled }),
        });
        if (!changed.ok) return changed;
        const read = await readUser(one, params.userId as UserId);
        return read ? ok(userRow(read)) : fail("not_found", "user_unknown", "There is no such user.", params.userId);
      }),
  );
  route(
    api,
    {
      method: "post",
      path: "/users/{userId}/sign-in-link",
      permission: "user.manage",
      summary: "A new one-time link",
      params: userParams,
      answer: oneTimeLink,
      status: 201,
    },
    ({ act, params }) =>
      act(async (one) => {
        const link = await createSignInLink(one, params.userId as UserId);
        return link.ok ? ok(linkOf(deps, link.value)) : link;
      }),
  );
  listRoute(
    api,
    {
      path: "/api-keys",
      permission: "api_key.read",
      summary: "Keys of integrators",
      filters: {},
      row: apiKey,
      columns: ["name", "role", "createdAt", "lastUsedAt", "expiresAt", "revokedAt"],
    },
    (call) =>
      call.act(async (act) => {
        const all = await listApiKeys(act);
        return all.ok ? arranged(all.value.map(keyRow), call.query) : all;
      }),
  );
  route(
    api,
    {
      method: "post",
      path: "/api-keys",
      permission: "api_key.manage",
      summary: "A new key; its secret is shown once",
      body: newApiKey,
      answer: keyMade,
      status: 201,
    },
    ({ act, body }) =>
      act(async (one) => {
        const { name, role, expiresOn } = body;
        // Valid through its last day.
        const expiresAt = expiresOn === null ? undefined : instantAt(addDays(expiresOn as PlainDate, 1), 0, 0, ZONE);
        const made = await createApiKey(one, { name, role, ...(expiresAt && { expiresAt }) });
        if (!made.ok) return made;
        const all = await listApiKeys(one);
        const key = all.ok ? all.value.find((each) => each.apiKeyId === made.value.apiKeyId) : undefined;
        if (!key) throw new Error("a key that was just made is gone");
        return ok({ key: keyRow(key), secret: made.value.secret });
      }),
  );
  route(
    api,
    {
      method: "delete",
      path: "/api-keys/{keyId}",
      permission: "api_key.manage",
      summary: "Revoke a key",
      params: z.strictObject({ keyId: id }),
    },
    ({ act, params }) =>
      act(async (one) => {
        const revoked = await revokeApiKey(one, params.keyId);
        return revoked.ok ? ok(undefined) : revoked;
      }),
  );
  audit(api);
}

function audit(api: Api): void {
  listRoute(
    api,
    {
      path: "/audit",
      permission: "audit.read",
      summary: "What was done, by whom, newest first",
      filters: {
        actor: z.string().max(100).optional(),
        act: z.string().max(100).optional(),
        from: day.optional(),
        to: day.optional(),
      },
      row: auditEntry,
      columns: ["sequence", "at", "actor", "actorName", "act", "subject", "details", "hash"],
    },
    (call) =>
      call.act(async (act) => {
        const query = call.query as { actor?: string; act?: string; from?: string; to?: string };
        if (call.query.sort !== undefined && call.query.sort !== "-sequence" && call.query.sort !== "-at")
          return fail("invalid", "sort_unknown", "The audit chain is read from its end.", "sort");
        const subject = call.query.q?.trim();
        const { rows, total } = await listAudit(act.tx, {
          ...(query.actor !== undefined && { actor: query.actor }),
          ...(query.act !== undefined && { act: query.act }),
          ...(subject !== undefined && subject !== "" && { subject }),
          ...(query.from !== undefined && { from: instantAt(query.from as PlainDate, 0, 0, ZONE) }),
          ...(query.to !== undefined && { to: instantAt(addDays(query.to as PlainDate, 1), 0, 0, ZONE) }),
          limit: Math.min(limitOf(call.query), EXPORT_ROWS),
          offset: call.query.offset ?? 0,
        });
        const nameOf = await actorNames(
          act,
          rows.map((row) => row.actor),
          call.language,
        );
        return ok({
          rows: rows.map((row) => ({
            sequence: Number(row.sequence),
            at: row.at.toISOString(),
            actor: row.actor,
            actorName: nameOf(row.actor),
            act: row.act,
            subject: row.subject,
            details: row.details as Record<string, unknown>,
            hash: row.hash.toString("hex"),
          })),
          total,
        });
      }),
  );
  route(
    api,
    {
      method: "post",
      path: "/audit/verify",
      permission: "audit.read",
      summary: "Compute the whole chain anew",
      answer: auditVerified,
    },
    ({ act }) =>
      act(async (one) => {
        const verified = await verifyAudit(one.tx);
        const broken = { entries: 0, head: "" };
        return ok({
          intact: verified.ok,
          ...(verified.ok ? verified.value : broken),
          brokenAt: verified.ok ? null : Number(verified.error.where ?? 0),
        });
      }),
  );
}
