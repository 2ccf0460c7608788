import type { Context, MiddlewareHandler } from "hono";
import { type Failure, fail, ok, type Result, type TenantId } from "../../pure/kernel/index.ts";
import { type CookieJar, cookieJar, type HttpEnv, refuse } from "../http/index.ts";
import { sha256 } from "../sealed/index.ts";
import { type Platform, tryAct } from "./act.ts";
import { readApiKey } from "./api_keys.ts";
import { type Act, type Actor, actorName } from "./model.ts";
import { actorCan, type Permission } from "./permissions.ts";
import { actorOf, csrfMatches, csrfTokenOf, readSession, type Session, type SessionRules } from "./sessions.ts";

/** Who calls, once `authenticated` let them in. */
export interface Caller {
  readonly tenantId: TenantId;
  readonly actor: Actor;
  /** Missing for an API key. */
  readonly session?: Session;
}

export interface AccessEnv extends HttpEnv {
  Variables: HttpEnv["Variables"] & { caller: Caller };
}

export interface Gate {
  readonly platform: Platform;
  readonly rules: SessionRules;
  /** `https://kulanz.example`: where browsers reach us (KULANZ_PUBLIC_URL). */
  readonly publicUrl: string;
}

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** Cookie of the session. */
export const sessionCookie = (publicUrl: string): CookieJar => cookieJar("kulanz", publicUrl.startsWith("https:"));
/** Cookie of a browser that has not signed in yet; its CSRF token guards the sign-in itself. */
export const visitCookie = (publicUrl: string): CookieJar => cookieJar("kulanz-visit", publicUrl.startsWith("https:"));

const noSession = (): Result<never, Failure<"session_missing">> =>
  fail("unauthenticated", "session_missing", "Please sign in.");

/** The caller by API key or session. Failures: `session_missing`, `key_invalid`, `csrf_missing`, `csrf_wrong`, `origin_wrong`. */
export async function callerOf(gate: Gate, context: Context<HttpEnv>): Promise<Result<Caller, Failure>> {
  const bearer = context.req.header("authorization");
  if (bearer !== undefined) {
    const key = await readApiKey(gate.platform, bearer.replace(/^Bearer\s+/i, "").trim());
    return key ? ok(key) : fail("unauthenticated", "key_invalid", "This API key is unknown, revoked or expired.");
  }
  const cookie = sessionCookie(gate.publicUrl).read(context);
  if (cookie === undefined) return noSession();
  const session = await readSession(gate.platform, cookie, gate.rules);
  if (!session) return noSession();
  if (!SAFE.has(context.req.method)) {
    const guarded = guard(gate, context, session.csrfHash);
    if (!guarded.ok) return guarded;
  }
  return ok({ tenantId: session.tenantId, actor: actorOf(session), session });
}

/**
 * CSRF defence, three times: `SameSite=Lax` on the cookie, the page's origin where the browser tells it, and the token
 * that only our own page can read. Failures: `origin_wrong`, `csrf_missing`, `csrf_wrong`.
 */
function guard(gate: Gate, context: Context<HttpEnv>, csrfHash: Uint8Array): Result<true, Failure> {
  const origin = context.req.header("origin");
  const site = context.req.header("sec-fetch-site");
  const foreign =
    origin === undefined
      ? site !== undefined && site !== "same-origin" && site !== "none"
      : !sameOrigin(gate, origin, context.req.header("host"));
  if (foreign) return fail("forbidden", "origin_wrong", "This call did not come from a page of ours.");
  const token = context.req.header("x-csrf-token");
  if (token === undefined) return fail("forbidden", "csrf_missing", "The x-csrf-token header is missing.");
  if (!csrfMatches(csrfHash, token)) return fail("forbidden", "csrf_wrong", "The x-csrf-token is not this session's.");
  return ok(true);
}

/**
 * Over https only the public address counts. Over http (a machine's own loopback, which has several names) also the
 * name this very request was sent to: a foreign page can't choose that header.
 */
function sameOrigin(gate: Gate, origin: string, host: string | undefined): boolean {
  const own = new URL(gate.publicUrl);
  return origin === own.origin || (own.protocol === "http:" && host !== undefined && origin === `http://${host}`);
}

/** Lets signed-in callers pass and puts `caller` into the context; 401 and 403 for others. */
export function authenticated(gate: Gate): MiddlewareHandler<AccessEnv> {
  return async (context, next) => {
    const caller = await callerOf(gate, context as unknown as Context<HttpEnv>);
    if (!caller.ok) return refuse(context as unknown as Context<HttpEnv>, caller.error);
    context.set("caller", caller.value);
    return next();
  };
}

/** After `authenticated`: 403 `not_allowed` without the permission. */
export function permitted(permission: Permission): MiddlewareHandler<AccessEnv> {
  return async (context, next) => {
    if (actorCan(context.get("caller").actor, permission)) return next();
    const { error } = fail("forbidden", "not_allowed", "Your role does not allow this.", permission);
    return refuse(context as unknown as Context<HttpEnv>, error);
  };
}

/** Guards the sign-in of a browser without session: origin and the token of its visit cookie. */
export function guardedVisit(gate: Gate): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    const visit = visitCookie(gate.publicUrl).read(context);
    const guarded = guard(gate, context, sha256(csrfTokenOf(visit ?? "")));
    if (visit === undefined || visit.length < 32) {
      return refuse(context, fail("forbidden", "csrf_missing", "Open the sign-in page first.").error);
    }
    return guarded.ok ? next() : refuse(context, guarded.error);
  };
}

/** The CSRF token of a browser that is about to sign in; gives it a visit cookie when it has none. */
export function visitToken(gate: Gate, context: Context): string {
  const jar = visitCookie(gate.publicUrl);
  const known = jar.read(context);
  if (known !== undefined && known.length >= 32) return csrfTokenOf(known);
  const fresh = Buffer.from(gate.platform.vault.chance(32)).toString("base64url");
  jar.write(context, fresh, 24 * 3600);
  return csrfTokenOf(fresh);
}

/** For a door's handler: the caller's act, all or nothing (see `tryAct`). */
export function actAs<T>(
  platform: Platform,
  caller: Caller,
  work: (act: Act) => Promise<Result<T>>,
): Promise<Result<T>> {
  return tryAct(platform, caller.tenantId, caller.actor, work);
}

/** Name of the caller for rate limits and idempotency keys. */
export const callerName = (caller: Caller): string => actorName(caller.actor);
