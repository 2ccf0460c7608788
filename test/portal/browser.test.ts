/** The portal in a real browser: without script on a phone, light and dark, with axe, and the GiroCode read back. */
import { mkdirSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { AxeBuilder } from "@axe-core/playwright";
import jsqr from "jsqr";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { PNG } from "pngjs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type HttpServer, startHttpServer } from "../../src/platform/http/index.ts";
import { expectOk } from "../../src/pure/kernel/index.ts";
import { brands } from "../../src/books/customers/index.ts";
import { readGiro } from "../../src/pure/formats/index.ts";
import { letDueMessagesLeave, publishBrand } from "../../src/outreach/messaging/index.ts";
import { raiseDispute } from "../../src/doors/portal/index.ts";
import { launchChromium } from "../support/chromium.ts";
import { type OpenCase, openPortal, type Portal } from "./portal.ts";

/** A folder for pictures, when somebody wants to look. */
const PICTURES = process.env["KULANZ_PICTURES"];

let portal: Portal;
let server: HttpServer;
let browser: Browser;
let base: string;
beforeAll(async () => {
  portal = await openPortal({ publicUrl: "http://localhost:1" });
  server = expectOk(await startHttpServer({ fetch: portal.app.fetch as never, port: 0, log: portal.kulanz.log }));
  base = `http://127.0.0.1:${server.port}`;
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop(0);
  await portal?.drop();
});

async function phone(options: Parameters<Browser["newContext"]>[0] = {}): Promise<BrowserContext> {
  return browser.newContext({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, ...options });
}

async function enter(page: Page, secret: string): Promise<void> {
  await page.goto(`${base}/p/${secret}`);
  await page.getByRole("textbox").fill("51147");
  await page.locator("button.btn").click();
  await page.waitForURL(`${base}/p/${secret}`);
}

async function prepared(number: string, language: "de" | "en" = "de"): Promise<OpenCase> {
  const made = await portal.makeCase(number, { language });
  await letDueMessagesLeave(portal.outbox, portal.tenantId, 1);
  return made;
}

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true });
}

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  return found.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
}

test("the whole way without script on a phone: door, wrong answer, home, pay, paid", async () => {
  const { secret } = await prepared("900");
  const context = await phone({ javaScriptEnabled: false });
  const page = await context.newPage();
  const loaded: string[] = [];
  page.on("request", (request) => loaded.push(new URL(request.url()).origin));
  await page.goto(`${base}/p/${secret}`);
  await page.getByLabel("Postleitzahl").fill("11111");
  await page.getByRole("button", { name: "Weiter" }).click();
  expect(await page.getByText("Das passt noch nicht.").isVisible()).toBe(true);
  expect(await page.getByLabel("Postleitzahl").inputValue()).toBe("11111");
  await page.getByText("Lieber mit etwas anderem").click();
  await page.getByRole("link", { name: "Betrag einer Rechnung" }).click();
  await page.getByLabel("Betrag einer Rechnung").fill("48,90");
  await page.getByRole("button", { name: "Weiter" }).click();
  expect(await page.getByRole("heading", { level: 1 }).textContent()).toContain("1.243,40");
  expect(await page.getByText("Sie haben Zeit bis 8.\u00a0Juni.").isVisible()).toBe(true);
  await page.getByRole("link", { name: "Jetzt bezahlen" }).click();
  expect(await page.getByText("DE02 1203 0000 0000 2020 51").isVisible()).toBe(true);
  expect(await page.getByRole("button", { name: "IBAN kopieren" }).count()).toBe(0);
  await page.getByRole("link", { name: "Ich habe gerade überwiesen" }).click();
  await page.getByRole("button", { name: "Mitteilen: schon bezahlt" }).click();
  expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Danke, wir sehen nach.");
  await page.getByRole("link", { name: "Zur Übersicht" }).click();
  expect(await page.getByText("Bis 11.\u00a0Juni ruht alles.").isVisible()).toBe(true);
  expect(new Set(loaded)).toEqual(new Set([base]));
  await context.close();
});

const PAGES = [
  "",
  "/pay",
  "/pay?item=other",
  "/paid",
  "/call",
  "/wrong",
  "/contact",
  "/why",
  "/statement",
  "/data",
  "/original",
  "/help",
] as const;
test.each([
  ["light", 390, 844, "de"],
  ["dark", 390, 844, "de"],
  ["light", 1440, 900, "en"],
  ["dark", 1440, 900, "en"],
] as const)(
  "no axe violation on any page, %s, %i wide",
  { timeout: 180_000 },
  async (colorScheme, width, height, language) => {
    const { secret, ...made } = await prepared(`91${width}${colorScheme}`, language);
    const context = await phone({ colorScheme, viewport: { width, height }, deviceScaleFactor: width > 1000 ? 1 : 2 });
    const page = await context.newPage();
    const troubles: string[] = [];
    page.on("console", (message) => troubles.push(message.text()));
    // Colours and markup are those of the phone: on the desk only what lies otherwise there is looked at again.
    const whole = width < 1000 || PICTURES !== undefined || process.env["KULANZ_SOAK"] !== undefined;
    const look = async (name: string): Promise<void> => {
      if (!whole && !["door", "home", "pay"].includes(name)) return;
      await picture(page, `${name}-${width}-${colorScheme}`);
      expect([name, await violations(page)]).toEqual([name, []]);
      expect(
        await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"),
        `${name} is too wide`,
      ).toBe(true);
    };
    await page.goto(`${base}/p`);
    await look("code");
    await page.evaluate("document.querySelector('h1').remove(); document.querySelector('label').remove()");
    expect((await violations(page)).length, "axe sees what is planted").toBeGreaterThan(0);
    await page.goto(`${base}/p/0123456789ABCDEFGHJKMNPQRS`);
    await look("unknown");
    await page.goto(`${base}/p/${secret}`);
    await look("door");
    await page.getByRole("textbox").fill("11111");
    await page.locator("button.btn").click();
    await look("door-wrong");
    await enter(page, secret);
    for (const path of PAGES) {
      await page.goto(`${base}/p/${secret}${path}`);
      await look(path === "" ? "home" : path.replace(/\W+/g, "-").slice(1));
    }
    await page.goto(`${base}/p/${secret}/wrong`);
    await page.locator("form button.btn").click();
    expect(await page.evaluate("document.activeElement?.id")).toBe("errors");
    await look("wrong-errors");
    await portal.act(async (act) =>
      expectOk(await raiseDispute(act, { ...made, receivableIds: made.items, reason: "damaged" })),
    );
    await page.goto(`${base}/p/${secret}/done/wrong`);
    await look("done-wrong");
    await page.goto(`${base}/p/${secret}`);
    await look("home-rests");
    // The browser itself reports answers that are not 200; anything else (a refused style or script) is ours.
    expect(troubles.filter((text) => !text.startsWith("Failed to load resource"))).toEqual([]);
    await context.close();
  },
);

test("a bank's app reads the GiroCode from the screen, in dark mode too", async () => {
  const { secret, items } = await prepared("920");
  for (const [path, amount] of [
    ["/pay", "1243.40"],
    [`/pay?item=${items[0]}`, "38.90"],
    ["/pay?item=other", undefined],
  ] as const) {
    const context = await phone({ colorScheme: "dark" });
    const page = await context.newPage();
    await enter(page, secret);
    await page.goto(`${base}/p/${secret}${path}`);
    const { data, width, height } = PNG.sync.read(await page.locator(".giro .plate").screenshot());
    const code = (jsqr as unknown as typeof jsqr.default)(new Uint8ClampedArray(data), width, height);
    const giro = expectOk(readGiro(code?.data ?? ""));
    expect([giro.iban, giro.name, giro.amount]).toEqual(["DE02120300000000202051", "Blumenhof Versand GmbH", amount]);
    expect(giro.reference).toMatch(/^RF\d\d/);
    await context.close();
  }
});

test("copy buttons come with script, copy without spaces and say so", async () => {
  const { secret } = await prepared("921");
  const context = await phone({ permissions: ["clipboard-read", "clipboard-write"] });
  const page = await context.newPage();
  await enter(page, secret);
  await page.goto(`${base}/p/${secret}/pay`);
  await page.getByRole("button", { name: "IBAN kopieren" }).click();
  await page.getByRole("button", { name: "IBAN kopiert" }).waitFor();
  expect(await page.evaluate("navigator.clipboard.readText()")).toBe("DE02120300000000202051");
  await context.close();
});

test("a page weighs less than 30 KiB with style and script; the yellow brand keeps its outlines", async () => {
  await portal.act(async (act) =>
    expectOk(
      await publishBrand(act, {
        creditorId: portal.creditorId,
        code: "yellow",
        name: "Hummelhof",
        colour: "#f5b800",
        logo: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36"><circle cx="18" cy="18" r="18" fill="#f5b800"/></svg>',
        claim: "Küche und Tisch",
        contact: {
          shortName: "Hummelhof",
          team: { de: "Team Hummelhof", en: "Team Hummelhof" },
          person: "Ada Beispiel",
          personFirstName: "Ada",
          phone: "0221 12345-61",
          phoneHours: { de: "Mo–Fr 9–17 Uhr", en: "Mon–Fri 9 am to 5 pm" },
          replyTo: "hallo@hummelhof.example",
          sender: "hallo@hummelhof.example",
        },
        toneCeiling: "firm",
      }),
    ),
  );
  const yellow = await portal.act(async (act) => (await brands(act)).find((one) => one.code === "yellow"));
  const { secret } = await portal.makeCase("922", {}, yellow ? { brandId: yellow.brandId } : {});
  const context = await phone();
  const page = await context.newPage();
  await enter(page, secret);
  for (const [path, name] of [
    ["", "yellow-home"],
    ["/wrong", "yellow-wrong"],
    ["/pay", "yellow-pay"],
  ] as const) {
    await page.goto(`${base}/p/${secret}${path}`);
    await picture(page, name);
    expect([name, await violations(page)]).toEqual([name, []]);
    let bytes = gzipSync(await page.content()).length;
    for (const file of (await page.content()).match(/\/p\/assets\/[\w.-]+/g) ?? [])
      bytes += gzipSync(await (await fetch(`${base}${file}`)).text()).length;
    expect(bytes, name).toBeLessThan(30 * 1024);
  }
  await context.close();
});

test("reflows at 320 pixels and prints without controls", async () => {
  const { secret } = await prepared("923");
  const context = await phone({ viewport: { width: 320, height: 700 } });
  const page = await context.newPage();
  await enter(page, secret);
  for (const path of ["", "/pay", "/wrong"]) {
    await page.goto(`${base}/p/${secret}${path}`);
    await picture(page, `narrow${path.replace("/", "-")}`);
    expect(await page.evaluate("document.documentElement.scrollWidth"), path).toBeLessThanOrEqual(320);
  }
  await page.goto(`${base}/p/${secret}/pay`);
  await page.emulateMedia({ media: "print" });
  expect(await page.locator(".btn:visible").count()).toBe(0);
  expect(await page.getByText("DE02 1203 0000 0000 2020 51").isVisible()).toBe(true);
  await context.close();
});
