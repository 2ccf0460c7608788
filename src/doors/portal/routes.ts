/** The portal's routes: parse, call one room, present. */
import { createHash } from "node:crypto";
import { Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { HttpEnv } from "../../platform/http/index.ts";
import { isUuid, type ReceivableId } from "../../pure/kernel/index.ts";
import { reachability } from "../../books/customers/index.ts";
import { document } from "../../books/receivables/index.ts";
import { normaliseSecret, recordVisit } from "../../outreach/messaging/index.ts";
import { accountOf } from "./account.ts";
import { knock } from "./door.ts";
import { codePage } from "./pages/door.tsx";
import { callForm, contactForm, donePage, type FormState, paidForm, wrongForm } from "./pages/forms.tsx";
import { homePage, nothingPage } from "./pages/home.tsx";
import { payPage } from "./pages/pay.tsx";
import { statementPage } from "./pages/statement.tsx";
import { dataPage, helpPage, originalPage, whyPage } from "./pages/texts.tsx";
import { doneOf, entriesOf, FORM_NAMES, type FormName, SENDERS } from "./sending.ts";
import { csrfFits, fromOwnPage, openPortalSession } from "./session.ts";
import { type OpenVisit, type PortalDeps, visitsOf } from "./visit.ts";
import { FACTOR_KINDS, type FactorKind } from "./words/index.ts";

const NO_ENTRIES: FormState = { entries: new URLSearchParams(), errors: [] };

export function portalRoutes(deps: PortalDeps): Hono<HttpEnv> {
  const { chance, log, settings } = deps;
  const { assets, https, bare, dead, within, addressOf, languageWish, visit, inside, door, sessionOf } = visitsOf(deps);
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

  app.get("/assets/:file", (context) => {
    const found = assets.find((one) => one.path === `/p/assets/${context.req.param("file")}`);
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
    "/:secret/statement",
    inside("statement", async (at) => at.context.html(await statementPage(at))),
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
