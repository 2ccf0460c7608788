/**
 * Serves the built console: `index.html` for its own addresses, hashed assets for ever, nothing else. All files are known
 * at the start, so a path can only name one of them.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { Hono } from "hono";
import { contentSecurityPolicy, type HttpEnv, refuse } from "../../platform/http/index.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".json": "application/json",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
};

interface Asset {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly tag: string;
}

function readAssets(folder: string): Map<string, Asset> {
  const assets = new Map<string, Asset>();
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return assets; // not built
  }
  for (const name of names) {
    const type = TYPES[extname(name).toLowerCase()];
    if (type === undefined) continue; // source maps and what else is not meant for browsers
    const bytes = new Uint8Array(readFileSync(name));
    const tag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
    assets.set(`/${relative(folder, name).split(sep).join("/")}`, { bytes, type, tag });
  }
  return assets;
}

/** Addresses of files: they exist or not. Everything else is an address of the console's own. */
const isFile = (path: string): boolean => path.startsWith("/assets/") || /\.[A-Za-z0-9]{1,12}$/.test(path);
/** Of other doors: an unknown address below them is never the console. */
const ELSEWHERE = /^\/(api|p|healthz|readyz|metrics)(\/|$)/;

export function consoleRoutes({ folder }: { readonly folder: string }): Hono<HttpEnv> {
  const assets = readAssets(folder);
  const app = new Hono<HttpEnv>();
  app.on(["GET", "HEAD"], "*", (context) => {
    const { path } = context.req;
    if (ELSEWHERE.test(path)) return refuse(context, UNKNOWN);
    const asset = assets.get(path);
    if (asset && path !== "/index.html") {
      const hashed = path.startsWith("/assets/");
      const headers = {
        "content-type": asset.type,
        "cache-control": hashed ? "public, max-age=31536000, immutable" : "no-cache",
        etag: asset.tag,
      };
      if (context.req.header("if-none-match") === asset.tag) return context.body(null, 304, headers);
      return context.body(asset.bytes, 200, headers);
    }
    const page = assets.get("/index.html");
    if (isFile(path) && path !== "/index.html") return refuse(context, UNKNOWN);
    if (!page) return refuse(context, NOT_BUILT);
    return context.body(page.bytes, 200, {
      "content-type": page.type,
      // The page names hashed files: it must be asked for anew after an update.
      "cache-control": "no-cache",
      // Menus are placed by style attributes; style elements and inline scripts stay forbidden.
      "content-security-policy": contentSecurityPolicy({
        styleNonce: context.get("styleNonce") ?? "",
        styleAttributes: true,
      }),
    });
  });
  return app;
}

const UNKNOWN = { kind: "not_found", code: "route_unknown", message: "There is nothing at this address." } as const;
const NOT_BUILT = {
  kind: "unavailable",
  code: "console_not_built",
  message: "The console is not built: run npm run build.",
} as const;
