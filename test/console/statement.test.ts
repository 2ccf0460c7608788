/** The statement of account in the console: any day, as paper, readable on a desk and on a phone. */
import { mkdirSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startFixture } from "../../web/console/dev/server.ts";
import { launchChromium } from "../support/chromium.ts";
import { builtConsole } from "./built.ts";
import { openPage, settled, violations } from "./look.ts";

/** A folder for pictures, when somebody wants to look. */
const PICTURES = process.env["KULANZ_PICTURES"];

let folder: string;
let browser: Browser;
beforeAll(async () => {
  folder = await builtConsole();
  browser = await launchChromium();
}, 180_000);
afterAll(async () => {
  await browser?.close();
});

test.each([
  ["light", 1440],
  ["dark", 1440],
  ["light", 390],
  ["dark", 390],
  ["light", 320],
] as const)(
  "%s, %i wide: no violation, no sideways scrolling",
  async (colorScheme, width) => {
    const server = await startFixture(folder, { preferences: { language: "de" } });
    const { page, faults } = await openPage(browser, server, { colorScheme, viewport: { width, height: 900 } });
    await page.goto(`${server.url}/customers/k0?tab=statement`);
    await page.getByRole("heading", { name: "So sind die Zinsen berechnet" }).waitFor();
    await settled(page);
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")).toBeLessThanOrEqual(0);
    if (PICTURES !== undefined) {
      mkdirSync(PICTURES, { recursive: true });
      await page.screenshot({ path: `${PICTURES}/console-statement-${width}-${colorScheme}.png`, fullPage: true });
    }
    await page.context().close();
    await server.close();
    expect(faults).toEqual([]);
  },
  60_000,
);

test("another day asks for that day, and the PDF is of the same", async () => {
  const server = await startFixture(folder, { preferences: { language: "de" } });
  const { page } = await openPage(browser, server);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).search));
  await page.goto(`${server.url}/customers/k0?tab=statement`);
  await page.getByLabel("Stand am").fill("31.10.2026");
  await expect.poll(() => asked.some((query) => query.includes("asOf=2026-10-31"))).toBe(true);
  const link = page.getByRole("link", { name: "PDF öffnen" });
  expect(await link.getAttribute("href")).toMatch(/statement-of-account\.pdf\?asOf=2026-10-31/);
  await page.context().close();
  await server.close();
}, 60_000);
