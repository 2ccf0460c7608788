/** A page that remembers what went wrong on it, and what axe says about it. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { expect } from "vitest";
import type { Fixture } from "../../web/console/dev/server.ts";

/** Errors, blocked content, requests to anywhere else are kept in `faults`. */
export async function openPage(
  browser: Browser,
  server: Fixture,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "de-DE", ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) faults.push(message.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(server.url)) faults.push(`request: ${request.url()}`);
  });
  return { page, faults };
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}
const here = createRequire(import.meta.url);
/** The very axe that `@axe-core/playwright` brings. */
const AXE = readFileSync(createRequire(here.resolve("@axe-core/playwright")).resolve("axe-core/axe.min.js"), "utf8");
// All rules of WCAG 2.2 AA and best practice. Frames are left out: a mail as it left is not ours to judge here, it runs
// no script, and axe would wait in vain for an answer from inside.
const RULES = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  resultTypes: ["violations"],
  iframes: false,
  preload: false,
};

/** What axe finds; run in the page itself, which takes less than half the time of a page of its own for the result. */
export async function violations(page: Page): Promise<string[]> {
  if (await page.evaluate("typeof axe === 'undefined'")) await page.evaluate(AXE);
  const found = (await page.evaluate(`axe.run(document, ${JSON.stringify(RULES)})`)) as { violations: Violation[] };
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
}

/** Nothing waits for an answer any more, and the letters have their own widths. */
export async function settled(page: Page): Promise<void> {
  await expect.poll(() => page.locator(".wait").count(), { timeout: 15_000, interval: 20 }).toBe(0);
  await page.evaluate("document.fonts.ready.then(() => true)");
}
