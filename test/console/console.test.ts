/**
 * The console in a real Chromium, built as it ships, under the strict content security policy: no violation of WCAG 2.2
 * AA or best practice on any page, light and dark, both languages; nothing blocked, nothing fetched from elsewhere; and
 * what a clerk does by keyboard. The answers come from a server of the contract's shapes (`web/console/dev`).
 */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Fixture, startFixture } from "../../web/console/dev/server.ts";
import { launchChromium } from "../support/chromium.ts";
import { builtConsole } from "./built.ts";
import { openPage, settled, violations } from "./look.ts";

const PAGES = [
  "/",
  "/worklist",
  "/customers",
  "/customers?q=Quast",
  "/customers/k0",
  "/customers/k0?tab=items",
  "/customers/k0?tab=orders",
  "/customers/k0?tab=messages",
  "/customers/k0?tab=parties",
  "/customers/k0?tab=documents",
  "/customers/k0?tab=statement",
  "/bank",
  "/bank?view=unmatched",
  "/bank/statements",
  "/bank/ageing",
  "/bank/twice",
  "/bank/payouts",
  "/bank/review",
  "/bank/learned",
  "/reconciliation",
  "/reconciliation/differences",
  "/reconciliation/vanished",
  "/reconciliation/handback",
  "/findings",
  "/findings/rules",
  "/duplicates",
  "/duplicates?state=merged",
  "/credits",
  "/credits/refunds",
  "/credits/files",
  "/imports/sources",
  "/imports/days",
  "/imports",
  "/runs",
  "/runs/next?creditor=c1",
  "/runs/next?creditor=c1&result=blocked",
  "/runs/r0",
  "/strategies",
  "/strategies/st1",
  "/strategies/st1?tab=file",
  "/strategies/st1?tab=versions",
  "/messages",
  "/messages?sel=m1",
  "/messages?sel=m4",
  "/messages?view=local",
  "/settings",
  "/settings?tab=users",
  "/settings?tab=keys",
  "/audit",
];

let folder: string;
let browser: Browser;
beforeAll(async () => {
  folder = await builtConsole();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
});

describe("every page", () => {
  test.each([
    ["light", "de"],
    ["dark", "en"],
  ] as const)(
    "has no violation and nothing blocked (%s, %s)",
    async (colorScheme, language) => {
      const server = await startFixture(folder, { preferences: { language } });
      const { page, faults } = await openPage(browser, server, { colorScheme });
      const found: string[] = [];
      for (const path of PAGES) {
        await page.goto(server.url + path);
        await page.locator("#page-title").first().waitFor();
        await settled(page);
        for (const violation of await violations(page)) found.push(`${path} ${violation}`);
        expect(await page.locator("h1").count(), path).toBe(1);
      }
      await page.context().close();
      await server.close();
      expect(found).toEqual([]);
      expect(faults).toEqual([]);
    },
    420_000,
  );

  test("fits a phone without sideways scrolling", async () => {
    const server = await startFixture(folder);
    const { page } = await openPage(browser, server, { viewport: { width: 320, height: 700 } });
    for (const path of PAGES) {
      await page.goto(server.url + path);
      await page.locator("#page-title").first().waitFor();
      await settled(page);
      const over = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
      expect(over, path).toBeLessThanOrEqual(0);
    }
    await page.context().close();
    await server.close();
  }, 120_000);
});

describe("at work", () => {
  let server: Fixture;
  let page: Page;
  let faults: string[];
  beforeEach(async () => {
    server = await startFixture(folder);
    ({ page, faults } = await openPage(browser, server));
  });
  afterEach(async () => {
    await page.context().close();
    await server.close();
    expect(faults).toEqual([]);
  });
  const go = async (path: string) => {
    await page.goto(server.url + path);
    await page.locator("#page-title").first().waitFor();
    await settled(page);
  };

  test("bank: Enter books and goes to the next, U leaves open, Z takes back", async () => {
    await go("/bank");
    const entries = page.locator(".entries li");
    const current = page.locator(".entries [aria-current]");
    await expect.poll(() => entries.count()).toBe(12);
    await page.locator(".proposal").first().waitFor();
    await page.keyboard.press("2");
    await expect.poll(() => page.locator(".proposal[aria-pressed=true] kbd").textContent()).toBe("2");
    await page.keyboard.press("Enter");
    await expect.poll(() => entries.count()).toBe(11);
    await expect.poll(() => current.textContent()).toContain("Sandkuhl");
    await expect.poll(() => page.evaluate("document.activeElement.getAttribute('aria-current')")).toBe("true");
    await page.getByText("Tischlerei Overbeck, ein Posten").waitFor();
    await page.keyboard.press("Enter");
    await expect.poll(() => entries.count()).toBe(10);
    await page.keyboard.press("z");
    await expect.poll(() => entries.count()).toBe(11);
    await expect.poll(() => current.textContent()).toContain("Sandkuhl");
    await page.keyboard.press("u");
    await expect.poll(() => entries.count()).toBe(10);
    await page.keyboard.press("z");
    await expect.poll(() => entries.count()).toBe(11);
    await page.keyboard.press("z");
    await expect.poll(() => entries.count()).toBe(12);
    await expect.poll(() => current.textContent()).toContain("Quast");
  });

  test("bank: an own distribution says what is too much before it books", async () => {
    await go("/bank");
    await page.locator(".proposal").first().waitFor();
    await page.keyboard.press("t");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Betrag für 118204").fill("190,41");
    await dialog.getByText("Als Guthaben bleiben 90,59 €.").waitFor();
    await dialog.getByLabel("Betrag für AB-2026-10").fill("92.87");
    await dialog.getByText("2,28 € mehr, als gekommen ist").waitFor();
    await dialog.getByRole("button", { name: "Buchen und weiter" }).click();
    expect(await page.locator(".entries li").count()).toBe(12);
    await dialog.getByLabel("Betrag für AB-2026-10").fill("90,59");
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Buchen und weiter" }).click();
    await expect.poll(() => page.locator(".entries li").count()).toBe(11);
  });

  test("filters, sort and search stand in the address and survive a reload", async () => {
    await go("/customers");
    await page.getByLabel("Art").selectOption("business");
    await page.getByRole("button", { name: "Offen" }).click();
    await expect.poll(() => page.url()).toContain("kind=business");
    expect(page.url()).toContain("sort=open");
    await page.reload();
    expect(await page.getByLabel("Art").inputValue()).toBe("business");
    await page.getByRole("button", { name: "Ausgeben" }).click();
    const link = await page.getByRole("link", { name: /XLSX/ }).getAttribute("href");
    expect(link).toContain("/api/v1/customers/export?");
    expect(link).toContain("kind=business");
    expect(link).toContain("format=xlsx");
    expect(await violations(page)).toEqual([]);
  });

  test("keys: / searches, G B goes to the bank, letters rest inside fields, ? lists them", async () => {
    await go("/");
    await page.keyboard.press("/");
    await page.keyboard.type("gb?");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.url()).toContain("/customers?q=gb");
    await page.locator("h1").click();
    await page.keyboard.press("g");
    await page.keyboard.press("b");
    await expect.poll(() => page.url()).toContain("/bank");
    await page.locator(".entries").waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
    expect(page.url()).toContain("/bank");
  });

  test("import: the guessed mapping is shown and corrected before anything is stored", async () => {
    await go("/imports");
    const file = { name: "offene-posten.csv", mimeType: "text/csv", buffer: Buffer.from("Kd-Nr;offen\n1;2") };
    await page.locator("input[type=file]").setInputFiles(file);
    await page.getByText("Für den Import fehlt noch: Betrag.").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByLabel("Bedeutung von offen").selectOption("amount");
    await expect.poll(() => page.getByText("Für den Import fehlt noch").count()).toBe(0);
    await page.getByRole("button", { name: "Einspielen", exact: true }).click();
    await page.getByText("Bitte wählen Sie den Gläubiger.").waitFor();
    await page.getByLabel("Gläubiger", { exact: true }).selectOption("c2");
    await page.getByRole("button", { name: "Einspielen", exact: true }).click();
    await page.getByRole("link", { name: "3 Vorschläge prüfen" }).waitFor();
  });

  test("import: a full list in which much is missing says what would vanish and asks first", async () => {
    await go("/imports");
    const file = { name: "volle-liste.csv", mimeType: "text/csv", buffer: Buffer.from("Kd-Nr;offen\n1;2") };
    await page.locator("input[type=file]").setInputFiles(file);
    await page.getByText("412 offene Posten stehen nicht mehr in der Liste").waitFor();
    await page.getByRole("button", { name: "Einspielen", exact: true }).click();
    await page.getByText("Bitte bestätigen Sie, dass die Liste vollständig ist.").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByLabel("Tag der Liste").fill("31.11.");
    await page.getByRole("button", { name: "Einspielen", exact: true }).click();
    await page.getByText("Bitte geben Sie einen Tag an").waitFor();
    await page.getByLabel("Tag der Liste").fill("20.11.");
    await page.getByText("Freitag, 20. November").waitFor();
    await page.getByLabel("Art der Liste").selectOption("delta");
    await expect.poll(() => page.getByText("stehen nicht mehr in der Liste").count()).toBe(0);
    await page.getByLabel("Art der Liste").selectOption("snapshot");
    await page.getByLabel(/^Die Liste ist vollständig/).check();
    // what the browser sends of a form with a file is told to nobody outside it
    await page.evaluate(`{
      const send = XMLHttpRequest.prototype.send;
      XMLHttpRequest.prototype.send = function (form) {
        window.sent = Object.fromEntries(form.entries());
        return send.call(this, form);
      };
    }`);
    await page.getByRole("button", { name: "Einspielen", exact: true }).click();
    await expect
      .poll(() => page.evaluate("window.sent"))
      .toMatchObject({ list: "snapshot", asOf: "2026-11-20", confirmSnapshot: "yes" });
    await page.getByRole("link", { name: "3 Vorschläge prüfen" }).waitFor();
  });

  test("a hold is set by keyboard; a wrong day is said at the field", async () => {
    await go("/customers/k0");
    await page.keyboard.press("m");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Bis einschließlich").fill("32.12.");
    await dialog.getByRole("button", { name: "Mahnsperre setzen" }).click();
    await dialog.getByText("Bitte geben Sie einen Tag an").waitFor();
    expect(await violations(page)).toEqual([]);
    await dialog.getByLabel("Bis einschließlich").fill("4.12.");
    await dialog.getByText("Freitag, 4. Dezember").waitFor();
    await dialog.getByRole("button", { name: "Mahnsperre setzen" }).click();
    await page.getByText("Mahnsperre gesetzt.").waitFor();
  });

  test("settings: language and colours take effect at once", async () => {
    await go("/settings");
    await page.getByLabel("English").click();
    await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
    expect(await page.evaluate("document.documentElement.lang")).toBe("en");
    await page.getByLabel("dark").click();
    await expect
      .poll(() => page.evaluate("document.documentElement.getAttribute('data-mantine-color-scheme')"))
      .toBe("dark");
  });
});

describe("the door", () => {
  test("password: wrong is said, right opens", async () => {
    const server = await startFixture(folder, { signedIn: false });
    const { page, faults } = await openPage(browser, server);
    await page.goto(`${server.url}/bank`);
    await page.getByLabel("E-Mail-Adresse").fill("imke@stadtwerke.example");
    await page.getByLabel("Passwort", { exact: true }).fill("falsch");
    await page.getByRole("button", { name: "Anmelden" }).click();
    await page.getByText("E-Mail-Adresse oder Passwort passt nicht.").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByLabel("Passwort", { exact: true }).fill("richtig");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Bank" }).waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
    await server.close();
  });

  test("one-time link: the secret leaves the address at once, a password opens", async () => {
    const server = await startFixture(folder, { signedIn: false });
    const { page, faults } = await openPage(browser, server);
    await page.goto(`${server.url}/einrichten#geheim`);
    await page.getByLabel("Neues Passwort").waitFor();
    expect(page.url()).toBe(`${server.url}/einrichten`);
    expect(await violations(page)).toEqual([]);
    await page.getByLabel("Neues Passwort").fill("kurz");
    await page.getByRole("button", { name: /Passwort festlegen/ }).click();
    await page.getByText("Bitte nehmen Sie mindestens 12 Zeichen.").waitFor();
    await page.getByLabel("Neues Passwort").fill("ein Satz ist gut");
    await page.getByLabel("Noch einmal").fill("ein Satz ist gut");
    await page.getByRole("button", { name: /Passwort festlegen/ }).click();
    await page.getByRole("navigation", { name: "Hauptnavigation" }).waitFor();
    await page.goto(`${server.url}/einrichten#abgelaufen`);
    await page.getByText("Dieser Link gilt nicht mehr.").waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
    await server.close();
  });
});
