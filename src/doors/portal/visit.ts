/**
 * What every route does first: find the link, see whether it lives, who asks, in which language. One transaction a
 * request, as the customer behind the link; nothing of the customer is on a page before the second factor.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { type Act, type Platform, withAct } from "../../platform/access/index.ts";
import { type Logger, packageRoot } from "../../platform/config/index.ts";
import { clientAddress, type HttpEnv, type RateLimiter } from "../../platform/http/index.ts";
import { type Chance, dateIn, type PlainDate } from "../../pure/kernel/index.ts";
import { type Creditor, customerFacts } from "../../books/customers/index.ts";
import {
  type Language,
  normaliseSecret,
  portalLink,
  type PortalLink,
  type PublishedBrand,
  tenantOfPortalLink,
} from "../../outreach/messaging/index.ts";
import { type Account, accountOf, houseOf } from "./account.ts";
import { type DeadKind, deadPage, doorPage, type DoorState } from "./pages/door.tsx";
import { nothingPage } from "./pages/home.tsx";
import type { Frame } from "./pages/layout.tsx";
import { beforeFactor } from "./pages/texts.tsx";
import { chooseLanguage, chosenLanguage, portalSession, type PortalSession, preferredLanguage } from "./session.ts";
import { FACTOR_KINDS, WORDS } from "./words/index.ts";

export interface PortalDeps {
  readonly platform: Platform;
  readonly chance: Chance;
  readonly log: Logger;
  readonly rateLimiter: RateLimiter;
  readonly settings: { readonly publicUrl: string; readonly trustedProxies?: number };
}

export type Ctx = Context<HttpEnv>;

/** Requests of one address, tries of one address at one door, and forms sent behind it: so many within so many seconds. */
const LIMITS = {
  portal_page: [600, 600],
  portal_door: [10, 900],
  portal_form: [30, 3600],
} as const;

export interface Asset {
  readonly path: string;
  readonly body: string;
  readonly type: string;
}

function asset(file: string, type: string): Asset {
  const body = readFileSync(join(packageRoot, "src/doors/portal/assets", file), "utf8");
  const hash = createHash("sha256").update(body).digest("hex").slice(0, 12);
  const [name, ending] = file.split(".");
  return { path: `/p/assets/${name}-${hash}.${ending}`, body, type };
}

/** One request behind a link that lives. */
export interface Visit {
  readonly act: Act;
  readonly context: Ctx;
  readonly secret: string;
  readonly link: PortalLink;
  readonly brand: PublishedBrand;
  readonly creditor: Creditor;
  readonly today: PlainDate;
  readonly frame: Frame;
  readonly session: PortalSession | undefined;
}

/** A visit whose door is open, with what it shows. */
export interface OpenVisit extends Visit {
  readonly account: Account;
}

export type Visits = ReturnType<typeof visitsOf>;

export function visitsOf(deps: PortalDeps) {
  const { platform, chance, rateLimiter, settings } = deps;
  const https = settings.publicUrl.startsWith("https:");
  const style = asset("portal.css", "text/css; charset=utf-8");
  const script = asset("portal.js", "text/javascript; charset=utf-8");
  const frameOf = (context: Ctx, more: Partial<Frame> & { readonly language: Language }): Frame => ({
    words: WORDS[more.language],
    nonce: context.get("styleNonce") ?? "",
    brand: null,
    legal: null,
    base: "/p",
    here: context.req.path,
    style: style.path,
    script: script.path,
    session: null,
    ...more,
  });
  const bare = (context: Ctx): Frame =>
    frameOf(context, { language: chosenLanguage(context) ?? preferredLanguage(context) });
  const dead = (context: Ctx, kind: DeadKind, status: ContentfulStatusCode, frame = bare(context)): Response =>
    context.html(deadPage(frame, kind), status);

  async function within(context: Ctx, scope: keyof typeof LIMITS, key: string): Promise<boolean> {
    const [limit, seconds] = LIMITS[scope];
    const taken = await rateLimiter.take({ scope, key }, limit, seconds);
    if (!taken.allowed) context.header("retry-after", String(taken.retryAfter));
    return taken.allowed;
  }
  const addressOf = (context: Ctx): string => clientAddress(context, settings.trustedProxies ?? 0);

  /** Switches the language and comes back without the wish in the address. */
  function languageWish(context: Ctx): Response | undefined {
    const wish = context.req.query("language");
    if (wish !== "de" && wish !== "en") return undefined;
    chooseLanguage(context, wish, https);
    return context.redirect(context.req.path, 303);
  }

  /** Link, brand, state and session; what is dead says so without a word of the customer. */
  async function visit(context: Ctx, work: (visit: Visit) => Promise<Response>): Promise<Response> {
    if (!(await within(context, "portal_page", addressOf(context)))) return dead(context, "busy", 429);
    const secret = normaliseSecret(context.req.param("secret") ?? "");
    const tenantId = await tenantOfPortalLink(platform, secret);
    if (tenantId === undefined) return dead(context, "unknown", 404);
    return withAct(platform, tenantId, { kind: "portal", id: "door" }, async (door) => {
      const link = await portalLink(door, secret);
      if (!link) return dead(context, "unknown", 404);
      const act: Act = { ...door, actor: { kind: "portal", id: link.linkId } };
      const { brand, creditor } = await houseOf(act, link);
      const customer = (await customerFacts(act, [link.customerId])).get(link.customerId);
      const language = chosenLanguage(context) ?? customer?.language ?? "de";
      const base = `/p/${secret}`;
      const legal = { name: creditor.name, footer: creditor.legalFooter };
      const frame = frameOf(context, { language, brand, legal, base });
      if (link.caseState !== "open") return dead(context, "done", 410, frame);
      if (link.expiresAt <= act.tx.now) return dead(context, "expired", 410, frame);
      if (link.lockedAt !== null) return dead(context, "locked", 403, frame);
      const session = await portalSession(act, context, link, chance, https);
      return work({
        act,
        context,
        secret,
        link,
        brand,
        creditor,
        today: dateIn(act.tx.now, customer?.zone ?? creditor.zone),
        frame: session ? { ...frame, session: sessionOf(act, session) } : frame,
        session,
      });
    });
  }

  const sessionOf = (act: Act, session: PortalSession): NonNullable<Frame["session"]> => ({
    csrfToken: session.csrfToken,
    secondsLeft: Math.floor((session.expiresAt.getTime() - act.tx.now.getTime()) / 1000),
  });

  function door(
    { context, frame, brand }: Visit,
    state: Partial<DoorState>,
    status: ContentfulStatusCode = 200,
  ): Response {
    const asked = context.req.query("with");
    const kind = state.kind ?? FACTOR_KINDS.find((one) => one === asked) ?? "postcode";
    const full: DoorState = { then: "", kept: [], ...state, kind };
    return context.html(doorPage({ ...frame, session: null }, full, beforeFactor(frame.language, brand.name)), status);
  }

  /** A page behind the door; without session the door asks first and leads here afterwards. */
  const inside = (then: string, work: (visit: OpenVisit) => Promise<Response>) => async (context: Ctx) =>
    languageWish(context) ??
    visit(context, async (at) => {
      if (!at.session) return door(at, { then });
      const account = await accountOf(at.act, at.link, at);
      if (account.items.length === 0 || account.totalMinor <= 0n) return context.html(nothingPage(at.frame));
      return work({ ...at, account });
    });

  return {
    assets: [style, script] as readonly Asset[],
    https,
    bare,
    dead,
    within,
    addressOf,
    languageWish,
    visit,
    inside,
    door,
    sessionOf,
  };
}
