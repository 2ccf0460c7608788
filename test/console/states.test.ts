/**
 * The pages about facts in the states a server brings about: nothing there, an answer that does not come, a refusal,
 * and with a dialog open. axe finds nothing, the page keeps its head, and a refusal can be tried again.
 */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fixture, startFixture } from "../../web/console/dev/server.ts";
import { launchChromium } from "../support/chromium.ts";
import { builtConsole } from "./built.ts";
import { openPage, settled, violations } from "./look.ts";

const PAGES = [
  "/bank",
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
  "/credits",
  "/credits/refunds",
  "/credits/files",
  "/imports",
  "/imports/sources",
  "/imports/days",
  "/customers/k0?tab=orders",
];
/** What every page needs before it can show anything. */
const SHELL = /\/api\/v1\/(session|counts)/;

let browser: Browser;
let server: Fixture;
beforeAll(async () => {
  const folder = await builtConsole();
  server = await startFixture(folder);
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

type Answer = (page: Page) => Promise<unknown>;
const nothingThere: Answer = (page) =>
  page.route("**/api/v1/**", async (route) => {
    if (SHELL.test(route.request().url())) return route.continue();
    const response = await route.fetch();
    const json = (await response.json()) as object;
    const emptied = Array.isArray(json) ? [] : "rows" in json ? { ...json, rows: [], total: 0, sums: [] } : json;
    return route.fulfill({ response, json: emptied });
  });
const refused: Answer = (page) =>
  page.route("**/api/v1/**", (route) =>
    SHELL.test(route.request().url())
      ? route.continue()
      : route.fulfill({
          status: 400,
          contentType: "application/problem+json",
          body: JSON.stringify({ type: "about:blank", title: "no", status: 400, code: "value_not_read", detail: "" }),
        }),
  );
const neverAnswered: Answer = (page) =>
  page.route("**/api/v1/**", (route) => (SHELL.test(route.request().url()) ? route.continue() : undefined));

async function look(page: Page, path: string, ready: (page: Page) => Promise<unknown>): Promise<string[]> {
  await page.goto(server.url + path);
  await page.locator("#page-title, .wait").first().waitFor();
  await ready(page);
  const found = await violations(page);
  const over = (await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")) as number;
  return [...found, ...(over > 0 ? [`${over} px too wide`] : [])].map((one) => `${path} ${one}`);
}

describe("every page about facts", () => {
  test.each([
    ["nothing there", nothingThere, settled, "light", 1440],
    ["nothing there, on a phone", nothingThere, settled, "dark", 390],
    ["refused", refused, (page: Page) => page.locator(".note.problem").first().waitFor(), "dark", 1440],
    ["not answered yet", neverAnswered, (page: Page) => page.locator(".wait").first().waitFor(), "light", 1440],
  ] as const)(
    "%s",
    async (_, answer, ready, colorScheme, width) => {
      const { page, faults } = await openPage(browser, server, { colorScheme, viewport: { width, height: 844 } });
      await answer(page);
      const found: string[] = [];
      for (const path of PAGES) found.push(...(await look(page, path, ready)));
      await page.unrouteAll({ behavior: "ignoreErrors" });
      await page.context().close();
      expect(found).toEqual([]);
      expect(faults).toEqual([]);
    },
    240_000,
  );
});

test("a refusal can be tried again", async () => {
  const { page } = await openPage(browser, server);
  await refused(page);
  await page.goto(`${server.url}/findings`);
  await page.locator(".note.problem").first().waitFor();
  await page.unrouteAll({ behavior: "wait" });
  await page.getByRole("button", { name: "Noch einmal versuchen" }).first().click();
  await page.locator("tbody tr").first().waitFor();
  await page.context().close();
});

test.each([
  ["/findings", "d", /verwerfen/],
  ["/bank", "t", /aufteilen/],
  ["/bank", "b", /gemeinsam buchen/],
] as const)(
  "the dialog of %s behind %s is without fault in the dark and closes with Escape",
  async (path, key, title) => {
    const { page } = await openPage(browser, server, { colorScheme: "dark" });
    await page.goto(server.url + path);
    await page.locator("#page-title").first().waitFor();
    await settled(page);
    await page.locator(".detail, .proposal").first().waitFor();
    await page.keyboard.press(key);
    const dialog = page.getByRole("dialog", { name: title });
    await dialog.waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await page.context().close();
  },
);
