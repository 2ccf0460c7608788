/** The portal's routes: parse, call one room, present. One transaction a request, as the customer behind the link. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Context, Hono } from "hono";
import { getCookie } from "hono/cookie";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { type Act, type Platform, withAct } from "../../platform/access/index.ts";
import { type Logger, packageRoot } from "../../platform/config/index.ts";
import { clientAddress, type HttpEnv, type RateLimiter } from "../../platform/http/index.ts";
import {
  type Chance,
  dateIn,
  type Failure,
  isUuid,
  type PlainDate,
  type ReceivableId,
  type Result,
} from "../../pure/kernel/index.ts";
import { localDate } from "../../pure/formats/index.ts";
import { type Creditor, customerFacts, reachability } from "../../books/customers/index.ts";
import { document, tasks } from "../../books/receivables/index.ts";
import {
  type Language,
  normaliseSecret,
  type PortalAct,
  portalLink,
  type PortalLink,
  type PublishedBrand,
  recordVisit,
  tenantOfPortalLink,
} from "../../outreach/messaging/index.ts";
import { type Account, accountOf, houseOf } from "./account.ts";
import { askForCall, claimPaid, giveEmail, type PortalCase, raiseDispute, withdrawEmail } from "./acts.ts";
import { knock } from "./door.ts";
import { callForm, contactForm, type Done, donePage, type FormState, paidForm, wrongForm } from "./forms.tsx";
import type { FieldError, Frame } from "./layout.tsx";
import {
  codePage,
  type DeadKind,
  deadPage,
  doorPage,
  type DoorState,
  homePage,
  nothingPage,
  payPage,
} from "./pages.tsx";
import {
  chooseLanguage,
  chosenLanguage,
  csrfFits,
  fromOwnPage,
  openPortalSession,
  portalSession,
  type PortalSession,
  preferredLanguage,
} from "./session.ts";
import { beforeFactor, dataPage, helpPage, originalPage, whyPage } from "./texts.tsx";
import { DISPUTE_REASONS, type DisputeReason, FACTOR_KINDS, type FactorKind, WORDS, type Words } from "./words.ts";

export interface PortalDeps {
  readonly platform: Platform;
  readonly chance: Chance;
  readonly log: Logger;
  readonly rateLimiter: RateLimiter;
  readonly settings: { readonly publicUrl: string; readonly trustedProxies?: number };
}

type Ctx = Context<HttpEnv>;

/** Pages without session, tries at a door, and sent forms: so many within so many seconds. */
const LIMITS = {
  portal_page: [120, 600],
  portal_door: [10, 900],
  portal_form: [30, 3600],
} as const;
const BODY_LONGEST = 65_536;

interface Asset {
  readonly path: string;
  readonly body: string;
  readonly type: string;
}

function asset(file: string, type: string): Asset {
  const body = readFileSync(join(packageRoot, "src/doors/portal", file), "utf8");
  const hash = createHash("sha256").update(body).digest("hex").slice(0, 12);
  const [name, ending] = file.split(".");
  return { path: `/p/assets/${name}-${hash}.${ending}`, body, type };
}

/** One request behind a link that lives. */
interface Visit {
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
interface OpenVisit extends Visit {
  readonly account: Account;
}

type FormName = "paid" | "call" | "wrong" | "contact";
const FORM_NAMES: readonly FormName[] = ["paid", "call", "wrong", "contact"];
const NO_ENTRIES: FormState = { entries: new URLSearchParams(), errors: [] };

export function portalRoutes(deps: PortalDeps): Hono<HttpEnv> {
  const { platform, chance, log, rateLimiter, settings } = deps;
  const https = settings.publicUrl.startsWith("https:");
  const style = asset("portal.css", "text/css; charset=utf-8");
  const script = asset("portal.js", "text/javascript; charset=utf-8");
  const app = new Hono<HttpEnv>();

  app.use(async (context, next) => {
    await next();
    // A form's origin must reach us, and the address with its secret nobody else.
    context.res.headers.set("referrer-policy", "same-origin");
  });
  app.onError((error, context) => {
    log.error("portal_failed", { request: context.get("requestId"), error });
    return dead(context, "broken", 500);
  });

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
    const known = getCookie(context, https ? "__Secure-kulanz_portal" : "kulanz_portal") !== undefined;
    if (!known && !(await within(context, "portal_page", addressOf(context)))) return dead(context, "busy", 429);
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

  app.get("/assets/:file", (context) => {
    const found = [style, script].find((one) => one.path === `/p/assets/${context.req.param("file")}`);
    if (!found) return dead(context, "missing", 404);
    return context.body(found.body, 200, {
      "content-type": found.type,
      "cache-control": "public, max-age=31536000, immutable",
    });
  });

  app.get("/", (context) => languageWish(context) ?? context.html(codePage(bare(context))));
  app.post("/", async (context) => {
    if (!fromOwnPage(context, settings.publicUrl)) return dead(context, "refused", 403);
    if (!(await within(context, "portal_page", addressOf(context)))) return dead(context, "busy", 429);
    const entries = await entriesOf(context);
    const code = normaliseSecret(entries?.get("code") ?? "");
    if (!/^[0-9A-Z]{12}$|^[0-9A-Z]{26}$/.test(code))
      return context.html(codePage(bare(context), entries?.get("code") ?? ""), 422);
    return context.redirect(`/p/${code}`, 303);
  });

  app.get(
    "/:secret",
    inside("", async ({ context, frame, account }) => context.html(homePage(frame, account))),
  );
  app.post("/:secret", (context) =>
    visit(context, async (at) => {
      if (!fromOwnPage(context, settings.publicUrl)) return dead(context, "refused", 403, at.frame);
      const entries = await entriesOf(context);
      if (!entries) return dead(context, "refused", 413, at.frame);
      const kind: FactorKind = FACTOR_KINDS.find((one) => one === entries.get("kind")) ?? "postcode";
      const then = entries.get("then") ?? "";
      const kept = [...entries].flatMap(([name, value]) =>
        name.startsWith("kept.") ? [[name.slice(5), value] as const] : [],
      );
      const answer = (entries.get("answer") ?? "").trim();
      if (answer === "") return door(at, { kind, then, kept, problem: { kind: "empty" } }, 422);
      const key = `${addressOf(context)} ${createHash("sha256").update(at.secret).digest("hex")}`;
      if (!(await within(context, "portal_door", key))) return dead(context, "busy", 429, at.frame);
      const answered = await knock(at.act, at.secret, at.link, kind, answer);
      if (answered.kind === "locked") return dead(context, "locked", 403, at.frame);
      if (answered.kind === "wrong")
        return door(at, { kind, then, kept, answer, problem: { kind: "wrong", triesLeft: answered.triesLeft } }, 422);
      const session = await openPortalSession(at.act, context, at.link, chance, https);
      const name = FORM_NAMES.find((one) => one === then);
      if (name === undefined || kept.length === 0)
        return context.redirect(`${at.frame.base}${/^[a-z]{1,12}$/.test(then) ? `/${then}` : ""}`, 303);
      const frame = { ...at.frame, session: sessionOf(at.act, session) };
      const account = await accountOf(at.act, at.link, at);
      return showForm({ ...at, frame, session, account }, name, {
        entries: new URLSearchParams(kept.map(([one, value]): [string, string] => [one, value])),
        errors: [],
        note: frame.words.again,
      });
    }),
  );

  app.get(
    "/:secret/pay",
    inside("pay", async ({ context, act, link, frame, account }) => {
      await recordVisit(act, link, "giro_shown");
      const item = context.req.query("item") ?? "all";
      return context.html(payPage(frame, account, item === "other" ? "other" : (item as ReceivableId)));
    }),
  );

  async function showForm(
    at: OpenVisit,
    name: FormName,
    state: FormState,
    status: ContentfulStatusCode = 200,
  ): Promise<Response> {
    const { context, frame, account } = at;
    if (name === "paid") return context.html(paidForm(frame, account, state), status);
    if (name === "call") return context.html(callForm(frame, account, state), status);
    if (name === "wrong") return context.html(wrongForm(frame, account, state), status);
    const wish = context.req.query("said");
    const said = wish === "stopped" || wish === "added" ? wish : undefined;
    return context.html(
      contactForm(frame, await mailsOf(at), state, state.errors.length === 0 ? said : undefined),
      status,
    );
  }

  async function mailsOf({ act, link, today }: OpenVisit): Promise<string[]> {
    const { points } = await reachability(act, link.customerId, today);
    return points
      .filter((point) => point.channel === "email" && point.partyId === undefined)
      .map((point) => point.value);
  }

  for (const name of FORM_NAMES) {
    app.get(
      `/:secret/${name}`,
      inside(name, (at) => showForm(at, name, NO_ENTRIES)),
    );
    app.post(`/:secret/${name}`, (context) =>
      visit(context, async (at) => {
        if (!fromOwnPage(context, settings.publicUrl)) return dead(context, "refused", 403, at.frame);
        const entries = await entriesOf(context);
        if (!entries) return dead(context, "refused", 413, at.frame);
        const csrf = entries.get("csrf") ?? "";
        entries.delete("csrf");
        if (!at.session) return door(at, { then: name, kept: [...entries] });
        const account = await accountOf(at.act, at.link, at);
        if (account.items.length === 0) return context.html(nothingPage(at.frame));
        const open: OpenVisit = { ...at, account };
        if (!csrfFits(at.session, csrf))
          return showForm(open, name, { entries, errors: [], note: at.frame.words.again }, 403);
        if (!(await within(context, "portal_form", at.link.linkId))) return dead(context, "busy", 429, at.frame);
        const sent = await SENDERS[name](open, entries);
        if (sent.errors) return showForm(open, name, { entries, errors: sent.errors }, 422);
        await recordVisit(at.act, at.link, sent.visit);
        return context.redirect(`${at.frame.base}/${sent.next}`, 303);
      }),
    );
  }

  app.get(
    "/:secret/done/:what",
    inside("", async (at) => {
      const { context, frame, account } = at;
      const done = await doneOf(at, context.req.param("what") ?? "");
      return done ? context.html(donePage(frame, account.today, done)) : context.redirect(frame.base, 303);
    }),
  );

  app.get(
    "/:secret/why",
    inside("why", async ({ context, frame, account }) => context.html(whyPage(frame, account))),
  );
  app.get(
    "/:secret/original",
    inside("original", async ({ context, act, frame, link }) => context.html(await originalPage(act, frame, link))),
  );
  app.get(
    "/:secret/data",
    (context) =>
      languageWish(context) ??
      visit(context, async (at) => {
        const account = at.session ? await accountOf(at.act, at.link, at) : undefined;
        return context.html(dataPage(at.frame, at.creditor, at.today, account));
      }),
  );
  app.get(
    "/:secret/help",
    (context) => languageWish(context) ?? visit(context, async (at) => context.html(helpPage(at.frame, at.creditor))),
  );
  app.get(
    "/:secret/document/:id",
    inside("", async ({ context, act, link, frame }) => {
      const id = context.req.param("id") ?? "";
      const found = isUuid(id) ? await document(act, link.customerId, id) : undefined;
      if (!found?.ok) return dead(context, "missing", 404, frame);
      const pdf = found.value.mediaType === "application/pdf";
      return context.body(new Uint8Array(found.value.bytes), 200, {
        "content-type": pdf ? "application/pdf" : "application/xml",
        // An XML could bring a style sheet of its own: it is saved, never shown.
        "content-disposition": pdf ? 'inline; filename="Rechnung.pdf"' : 'attachment; filename="Rechnung.xml"',
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      });
    }),
  );
  app.all("*", (context) => dead(context, "missing", 404));
  return app;
}

/** The fields of a sent form; undefined when it is no form or too long. */
async function entriesOf(context: Ctx): Promise<URLSearchParams | undefined> {
  if (!/^application\/x-www-form-urlencoded\b/i.test(context.req.header("content-type") ?? "")) return undefined;
  const body = await context.req.text();
  return body.length > BODY_LONGEST ? undefined : new URLSearchParams(body);
}

type Sent =
  | { readonly errors: readonly FieldError[] }
  | { readonly errors?: undefined; readonly next: string; readonly visit: PortalAct };
type Sender = (at: OpenVisit, entries: URLSearchParams) => Promise<Sent>;

const caseOf = ({ link, brand }: OpenVisit): PortalCase => ({
  customerId: link.customerId,
  caseId: link.caseId,
  brandId: brand.brandId,
});

/** Puts a failure of an act to its field; one that no field can cause is a bug. */
function sentOr(result: Result<unknown, Failure>, words: Readonly<Record<string, FieldError>>, sent: Sent): Sent {
  if (result.ok) return sent;
  const error = words[result.error.code];
  if (!error) throw new Error(`the act failed: ${result.error.code}`);
  return { errors: [error] };
}

const tooLong = (words: Words, field: string): FieldError => ({ field, message: words.wrong.wordsLong });

const SENDERS: Readonly<Record<FormName, Sender>> = {
  async paid(at, entries) {
    const words = at.frame.words;
    const paidOn = localDate(entries.get("paidOn") ?? "", "day_first");
    if (!paidOn.ok) return { errors: [{ field: "paidOn", message: words.paid.onMissing }] };
    const claimed = await claimPaid(at.act, { ...caseOf(at), paidOn: paidOn.value, note: entries.get("note") ?? "" });
    return sentOr(
      claimed,
      {
        paid_on_future: { field: "paidOn", message: words.paid.onFuture },
        paid_on_unlikely: { field: "paidOn", message: words.paid.onOld },
        words_too_long: tooLong(words, "note"),
      },
      { next: "done/paid", visit: "paid_claimed" },
    );
  },
  async call(at, entries) {
    const words = at.frame.words.ask;
    const [from = Number.NaN, to = Number.NaN] = (entries.get("time") ?? "").split("-").map(Number);
    const errors: FieldError[] = [];
    if (!entries.get("on")) errors.push({ field: "on", message: words.dayMissing });
    if (!entries.get("time")) errors.push({ field: "time", message: words.timeMissing });
    if (!/\d{4}/.test((entries.get("phone") ?? "").replace(/\D/g, "")))
      errors.push({ field: "phone", message: words.phoneWrong });
    if (errors.length > 0) return { errors };
    const asked = await askForCall(at.act, {
      ...caseOf(at),
      on: (entries.get("on") ?? "") as PlainDate,
      from,
      to,
      phone: entries.get("phone") ?? "",
      about: entries.get("about") ?? "",
    });
    return sentOr(
      asked,
      {
        call_day_unknown: { field: "on", message: words.dayMissing },
        call_time_unknown: { field: "time", message: words.timeMissing },
        phone_invalid: { field: "phone", message: words.phoneWrong },
        words_too_long: tooLong(at.frame.words, "about"),
      },
      { next: "done/call", visit: "callback" },
    );
  },
  async wrong(at, entries) {
    const words = at.frame.words.wrong;
    const own = new Map<string, ReceivableId>(
      at.account.items.map(({ item }) => [item.receivableId, item.receivableId]),
    );
    const items = [...new Set(entries.getAll("items"))].flatMap((id) => own.get(id) ?? []);
    const reason: DisputeReason | undefined = DISPUTE_REASONS.find((one) => one === entries.get("reason"));
    const errors: FieldError[] = [];
    if (items.length === 0) errors.push({ field: "items", message: words.itemsMissing });
    if (reason === undefined) errors.push({ field: "reason", message: words.reasonMissing });
    if (reason === undefined || errors.length > 0) return { errors };
    const raised = await raiseDispute(at.act, {
      ...caseOf(at),
      receivableIds: items,
      reason,
      words: entries.get("words") ?? "",
    });
    return sentOr(
      raised,
      {
        words_missing: { field: "words", message: words.wordsMissing },
        words_too_long: tooLong(at.frame.words, "words"),
      },
      { next: "done/wrong", visit: "dispute" },
    );
  },
  async contact(at, entries) {
    if (entries.get("wish") === "stop")
      return sentOr(
        await withdrawEmail(at.act, caseOf(at)),
        {},
        { next: "contact?said=stopped", visit: "preferences" },
      );
    const given = await giveEmail(at.act, { ...caseOf(at), email: entries.get("email") ?? "" });
    const wrong = { field: "email", message: at.frame.words.contact.otherWrong };
    return sentOr(given, { email_invalid: wrong }, { next: "contact?said=added", visit: "preferences" });
  },
};

/** What was done last of this kind, read from the books: a page that is loaded again says the same. */
async function doneOf({ act, link, account }: OpenVisit, what: string): Promise<Done | undefined> {
  if (what === "paid") {
    const hold = account.holds.findLast((one) => one.ground === "claimed_paid" && one.endsOn !== undefined);
    return hold?.endsOn === undefined ? undefined : { what, until: hold.endsOn };
  }
  if (what !== "call" && what !== "wrong") return undefined;
  const kind = what === "call" ? "callback" : "dispute";
  const latest = (await tasks(act, { customerId: link.customerId, kind }))
    .filter((task) => task.caseId === link.caseId)
    .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
    .at(-1);
  if (!latest) return undefined;
  if (what === "wrong") return { what, by: latest.dueOn };
  const hour = (value: unknown): number => Number(String(value).slice(0, 2));
  return { what, on: latest.dueOn, from: hour(latest.facts["from"]), to: hour(latest.facts["to"]) };
}
