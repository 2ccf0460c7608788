/** Who am I: signing in and out, one-time links, preferences, password. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "hono";
import { createRoute } from "@hono/zod-openapi";
import {
  type AccessEnv,
  type Act,
  applySignInLink,
  type Caller,
  callerOf,
  changePassword,
  closeSession,
  csrfTokenOf,
  guardedVisit,
  inspectSignInLink,
  login,
  LOGIN_RULES,
  readTenant,
  readUser,
  savePreferences,
  sessionCookie,
  type SignedIn,
  type User,
  visitToken,
  withAct,
} from "../../../platform/access/index.ts";
import { packageRoot } from "../../../platform/config/index.ts";
import { clientAddress, type HttpEnv, refusals, rateLimited, refuse } from "../../../platform/http/index.ts";
import { creditors } from "../../../books/customers/index.ts";
import { dateIn, type Failure, fail, formatMoney, ok, type Result, type UserId } from "../../../pure/kernel/index.ts";
import { type Api, languageOf, route } from "../route.ts";
import type { Language } from "../schema/basics.ts";
import {
  linkToken,
  linkUse,
  newPassword,
  preferences,
  session,
  signedIn,
  signIn,
  signInLink,
} from "../schema/session.ts";

const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string };

type Preferences = { language: Language; colourScheme: "auto" | "light" | "dark"; singleKeys: boolean };
export function preferencesOf(user: User, language: Language): Preferences {
  const parsed = preferences.partial().safeParse(user.preferences);
  return { language, colourScheme: "auto", singleKeys: true, ...(parsed.success ? parsed.data : {}) } as Preferences;
}

async function describe(act: Act, user: User, csrfToken: string, expiresAt: Date, language: Language) {
  const tenant = await readTenant(act);
  const known = await creditors(act);
  return {
    signedIn: true as const,
    csrfToken,
    expiresAt: expiresAt.toISOString(),
    user: {
      id: user.userId,
      name: user.name,
      email: user.email,
      role: user.role,
      limit: { amount: formatMoney(user.limit), currency: user.limit.currency },
      preferences: preferencesOf(user, language),
    },
    tenant: { id: tenant.tenantId, name: tenant.name },
    creditors: known
      .filter((one) => one.closedAt === undefined)
      .map(({ creditorId, name }) => ({ id: creditorId, name })),
    businessDate: dateIn(act.tx.now, known[0]?.zone ?? "Europe/Berlin"),
    now: act.tx.now.toISOString(),
    version,
  };
}

/** The failures of signing in as the console tells them. */
const CODES: Readonly<Record<string, string>> = { login_failed: "wrong_credentials", login_limited: "too_many_tries" };

export function sessionRoutes(api: Api): void {
  const { app, deps } = api;
  const { gate, platform, rateLimiter } = deps;
  const plain = (context: Context): Context<HttpEnv> => context as unknown as Context<HttpEnv>;
  const address = (context: Context): string => clientAddress(context, deps.settings.trustedProxies ?? 0);
  const visits = rateLimited(rateLimiter, { scope: "api_visit", limit: 240, seconds: 60 }, address);
  const links = rateLimited(rateLimiter, { scope: "sign_in_link", limit: 30, seconds: 900 }, address);

  async function tell(
    caller: Pick<Caller, "tenantId" | "actor">,
    csrfToken: string,
    expiresAt: Date,
    language: Language,
  ) {
    return withAct(platform, caller.tenantId, caller.actor, async (act) => {
      const user = await readUser(act, caller.actor.id as UserId);
      return user && describe(act, user, csrfToken, expiresAt, language);
    });
  }
  async function signInWith(context: Context<AccessEnv>, opened: Result<SignedIn>): Promise<Response> {
    if (!opened.ok) {
      const code = CODES[opened.error.code] ?? opened.error.code;
      return refuse(plain(context), { ...opened.error, code } as Failure) as Response;
    }
    const { cookie, csrfToken, expiresAt, tenantId, userId, role } = opened.value;
    const seconds = Math.floor((expiresAt.getTime() - deps.now().getTime()) / 1000);
    sessionCookie(gate.publicUrl).write(context, cookie, Math.max(seconds, 1));
    const caller = { tenantId, actor: { kind: "user" as const, id: userId, role } };
    const told = await tell(caller, csrfToken, expiresAt, languageOf(context));
    if (!told)
      return refuse(plain(context), fail("unauthenticated", "session_missing", "Please sign in.").error) as Response;
    return context.json(told);
  }
  const json = <S>(schema: S, required = true) => ({ required, content: { "application/json": { schema } } });
  const answers = <S>(schema: S) => ({ 200: { description: "Done", content: { "application/json": { schema } } } });

  api.declared.push(
    { method: "get", path: "/session", permission: "anyone" },
    { method: "post", path: "/session", permission: "anyone" },
    { method: "post", path: "/sign-in-links/inspect", permission: "anyone" },
    { method: "post", path: "/sign-in-links/use", permission: "anyone" },
  );
  app.openapi(
    createRoute({
      method: "get",
      path: "/session",
      summary: "Who is signed in; the token of unsafe calls",
      tags: ["session"],
      middleware: [visits] as never,
      responses: { ...answers(session), ...refusals(429) },
    }) as never,
    (async (context: Context<AccessEnv>) => {
      const caller = await callerOf(gate, plain(context));
      const cookie = sessionCookie(gate.publicUrl).read(context);
      if (caller.ok && caller.value.session && cookie !== undefined) {
        const { session: found } = caller.value;
        const told = await tell(caller.value, csrfTokenOf(cookie), found.expiresAt, languageOf(context));
        if (told) return context.json(told);
      }
      return context.json({ signedIn: false, csrfToken: visitToken(gate, context) });
    }) as never,
  );
  app.openapi(
    createRoute({
      method: "post",
      path: "/session",
      summary: "Sign in",
      tags: ["session"],
      middleware: [visits, guardedVisit(gate)] as never,
      request: { body: json(signIn) },
      responses: { ...answers(signedIn), ...refusals(401, 403, 422, 429) },
    }) as never,
    (async (context: Context<AccessEnv>) => {
      const { email, password } = context.req.valid("json" as never) as { email: string; password: string };
      const cookie = sessionCookie(gate.publicUrl).read(context);
      const attempt = { email, password, address: address(context), ...(cookie !== undefined && { cookie }) };
      return signInWith(
        context,
        await login({ ...platform, limiter: rateLimiter }, attempt, { ...LOGIN_RULES, ...gate.rules }),
      );
    }) as never,
  );
  app.openapi(
    createRoute({
      method: "post",
      path: "/sign-in-links/inspect",
      summary: "Whose one-time link this is",
      tags: ["session"],
      middleware: [links, guardedVisit(gate)] as never,
      request: { body: json(linkToken) },
      responses: { ...answers(signInLink), ...refusals(403, 422, 429) },
    }) as never,
    (async (context: Context<AccessEnv>) => {
      const { token } = context.req.valid("json" as never) as { token: string };
      const found = await inspectSignInLink(platform, token);
      if (!found.ok) return context.json({ valid: false, name: null, email: null, expiresAt: null });
      const { user, expiresAt } = found.value;
      return context.json({ valid: true, name: user.name, email: user.email, expiresAt: expiresAt.toISOString() });
    }) as never,
  );
  app.openapi(
    createRoute({
      method: "post",
      path: "/sign-in-links/use",
      summary: "Set the password by a one-time link, and sign in",
      tags: ["session"],
      middleware: [links, guardedVisit(gate)] as never,
      request: { body: json(linkUse) },
      responses: { ...answers(signedIn), ...refusals(403, 404, 422, 429) },
    }) as never,
    (async (context: Context<AccessEnv>) => {
      const { token, password } = context.req.valid("json" as never) as { token: string; password: string };
      return signInWith(context, await applySignInLink(platform, token, password, gate.rules));
    }) as never,
  );
  route(
    api,
    { method: "delete", path: "/session", permission: "signed_in", summary: "Sign out" },
    async ({ context }) => {
      const jar = sessionCookie(gate.publicUrl);
      const cookie = jar.read(context);
      if (cookie !== undefined) await closeSession(platform, cookie);
      jar.clear(context);
      return ok(undefined);
    },
  );
  route(
    api,
    {
      method: "patch",
      path: "/me",
      permission: "signed_in",
      summary: "Change the own preferences",
      body: preferences.partial(),
      answer: preferences,
    },
    async ({ body, caller, language, act }) =>
      act(async (one) => {
        const person = personOf(caller);
        if (!person.ok) return person;
        await savePreferences(one, person.value, body);
        const user = await readUser(one, person.value);
        return user ? ok(preferencesOf(user, language)) : fail("not_found", "user_unknown", "There is no such user.");
      }),
  );
  const tries = { scope: "password_change", limit: 10, seconds: 900 };
  route(
    api,
    {
      method: "put",
      path: "/me/password",
      permission: "signed_in",
      summary: "Change the own password",
      body: newPassword,
    },
    async ({ body, caller, act, context }) => {
      const person = personOf(caller);
      if (!person.ok) return person;
      const taken = await rateLimiter.take({ scope: tries.scope, key: person.value }, tries.limit, tries.seconds);
      if (!taken.allowed)
        return fail("rate_limited", "too_many_tries", "Too many tries. Please wait a quarter of an hour.");
      const cookie = sessionCookie(gate.publicUrl).read(context);
      const changed = await act((one) =>
        changePassword(one, person.value, { ...body, ...(cookie !== undefined && { cookie }) }),
      );
      return changed.ok ? ok(undefined) : changed;
    },
  );
}

function personOf(caller: Caller): Result<UserId> {
  if (caller.actor.kind === "user") return ok(caller.actor.id as UserId);
  return fail("forbidden", "person_needed", "This is for signed-in people only.");
}
