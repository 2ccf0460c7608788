/**
 * An opened door: a cookie for the paths of the portal, 30 minutes, bound to one link. The cookie's value is
 * `<tenantId>.<secret>`; the row keeps its hash. The forms' token is derived from the cookie (double submit), so a page
 * of another origin can't know it.
 */
import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { z } from "zod";
import { type Act, csrfTokenOf, listTenants, type Platform } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import { sameBytes, sha256 } from "../../platform/sealed/index.ts";
import type { HttpEnv } from "../../platform/http/index.ts";
import { defineTask, type Task } from "../../platform/jobs/index.ts";
import type { Chance, Instant } from "../../pure/kernel/index.ts";
import { forgetOldLinks, type Language, type PortalLink } from "../../outreach/messaging/index.ts";

const MINUTES = 30;
/** A page opened in the last half of a session begins a new one, so nobody who is reading is shut out. */
const RENEW_MINUTES = 15;
const PATH = "/p";

export interface PortalSession {
  /** For the hidden field of every form. */
  readonly csrfToken: string;
  readonly expiresAt: Instant;
}

const cookieName = (https: boolean): string => (https ? "__Secure-kulanz_portal" : "kulanz_portal");

export async function openPortalSession(
  act: Act,
  context: Context<HttpEnv>,
  link: PortalLink,
  chance: Chance,
  https: boolean,
): Promise<PortalSession> {
  const cookie = `${link.tenantId}.${Buffer.from(chance(32)).toString("base64url")}`;
  const expiresAt = new Date(act.tx.now.getTime() + MINUTES * 60_000);
  await act.tx.execute(sql`
    insert into portal_session (token, tenant_id, customer_id, link_id, created_at, expires_at)
    values (${sha256(cookie)}, ${act.tx.tenantId}, ${link.customerId}, ${link.linkId}, ${act.tx.now}, ${expiresAt})`);
  setCookie(context, cookieName(https), cookie, {
    httpOnly: true,
    sameSite: "Lax",
    path: PATH,
    secure: https,
    maxAge: MINUTES * 60,
  });
  return { csrfToken: csrfTokenOf(cookie), expiresAt };
}

/** The session of the request's cookie for this link; undefined when there is none, it is over, or it is another link's. */
export async function portalSession(
  act: Act,
  context: Context<HttpEnv>,
  link: PortalLink,
  chance: Chance,
  https: boolean,
): Promise<PortalSession | undefined> {
  const cookie = getCookie(context, cookieName(https));
  if (cookie === undefined || cookie.length > 200) return undefined;
  const row = await act.tx.one<{ expires_at: Instant }>(sql`
    select expires_at from portal_session
     where token = ${sha256(cookie)} and tenant_id = ${act.tx.tenantId} and customer_id = ${link.customerId}
       and link_id = ${link.linkId} and expires_at > ${act.tx.now}`);
  if (!row) return undefined;
  const left = row.expires_at.getTime() - act.tx.now.getTime();
  if (context.req.method === "GET" && left < RENEW_MINUTES * 60_000)
    return openPortalSession(act, context, link, chance, https);
  return { csrfToken: csrfTokenOf(cookie), expiresAt: row.expires_at };
}

/** `portal.sweep`, every hour: opened doors that have shut, and links that ended long ago. */
export function portalTasks({ platform }: { readonly platform: Platform }): Task[] {
  return [
    defineTask("portal.sweep", z.unknown(), async () => {
      for (const tenantId of await listTenants(platform.database))
        await platform.database.tenant(tenantId, async (tx) => {
          await tx.execute(
            sql`delete from portal_session where tenant_id = ${tx.tenantId} and expires_at <= ${tx.now}`,
          );
          await forgetOldLinks({ tx });
        });
    }),
  ];
}

export const csrfFits = (session: PortalSession, token: string): boolean =>
  sameBytes(sha256(session.csrfToken), sha256(token));

/** A form that another site sends carries that site's origin; a foreign page can't choose it, nor the host. */
export function fromOwnPage(context: Context<HttpEnv>, publicUrl: string): boolean {
  const origin = context.req.header("origin");
  const site = context.req.header("sec-fetch-site");
  if (origin === undefined) return site === undefined || site === "same-origin" || site === "none";
  const host = context.req.header("host") ?? new URL(context.req.url).host;
  if (origin === new URL(publicUrl).origin) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

const LANGUAGE = "kulanz_language";

export function chosenLanguage(context: Context<HttpEnv>): Language | undefined {
  const value = getCookie(context, LANGUAGE);
  return value === "de" || value === "en" ? value : undefined;
}

export function chooseLanguage(context: Context<HttpEnv>, language: Language, https: boolean): void {
  setCookie(context, LANGUAGE, language, { httpOnly: true, sameSite: "Lax", path: PATH, secure: https });
}

/** Before anybody is known: what the browser prefers. */
export const preferredLanguage = (context: Context<HttpEnv>): Language =>
  /^\s*en/i.test(context.req.header("accept-language") ?? "") ? "en" : "de";
