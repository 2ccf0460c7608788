/**
 * Headers of every answer. No inline script anywhere; styles may be inline only with the request's nonce (the portal's
 * one `<style>`; components that set style attributes need `styleAttributes`).
 * Sources: OWASP Secure Headers Project, CSP Level 3.
 */
import type { Context, MiddlewareHandler } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { Chance } from "../../pure/kernel/index.ts";
import type { HttpEnv } from "./model.ts";

export interface PolicyOptions {
  readonly styleNonce: string;
  /** Allows `style="…"` attributes (the console's components position menus with them), never `<style>` or script. */
  readonly styleAttributes?: boolean;
}

export function contentSecurityPolicy({ styleNonce, styleAttributes = false }: PolicyOptions): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${styleNonce}'`,
    ...(styleAttributes ? ["style-src-attr 'unsafe-inline'"] : []),
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "object-src 'none'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** A route that answered with its own policy keeps it. */
export function securityHeaders({
  chance,
  https = false,
}: {
  readonly chance: Chance;
  readonly https?: boolean;
}): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    const styleNonce = Buffer.from(chance(16)).toString("base64");
    context.set("styleNonce", styleNonce);
    await next();
    const { headers } = context.res;
    const preset: Readonly<Record<string, string>> = {
      "content-security-policy": contentSecurityPolicy({ styleNonce }),
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
      // Answers are personal unless a route says otherwise (static files do).
      "cache-control": "no-store",
      ...(https && { "strict-transport-security": "max-age=31536000; includeSubDomains" }),
    };
    for (const [name, value] of Object.entries(preset)) if (!headers.has(name)) headers.set(name, value);
  };
}

export interface CookieJar {
  read(context: Context): string | undefined;
  write(context: Context, value: string, maxAgeSeconds: number): void;
  clear(context: Context): void;
}

/**
 * One cookie, `HttpOnly`, `SameSite=Lax`, path `/`. Over https it is named `__Host-<name>`, so no other host of the
 * domain can plant it (RFC 6265bis); over http (a machine's own loopback) browsers would refuse that prefix.
 */
export function cookieJar(name: string, https: boolean): CookieJar {
  const full = https ? `__Host-${name}` : name;
  const base = { httpOnly: true, sameSite: "Lax", path: "/", secure: https } as const;
  return {
    read: (context) => getCookie(context, full),
    write: (context, value, maxAge) => setCookie(context, full, value, { ...base, maxAge }),
    clear: (context) => void deleteCookie(context, full, base),
  };
}
