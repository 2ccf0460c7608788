import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MessageValues } from "../../src/outreach/messaging/templates/index.ts";
import { launchChromium } from "../support/chromium.ts";
import { valuesWith } from "./sample-letter.ts";
import { sampleMail } from "./sample-mail.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
});

async function open(
  html: string,
  work: (page: Page) => Promise<void>,
  width = 390,
  colorScheme: "light" | "dark" = "light",
): Promise<string[]> {
  const context = await browser.newContext({ viewport: { width, height: 844 }, colorScheme });
  try {
    const page = await context.newPage();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("dialog", () => asked.push("dialog"));
    await page.setContent(html, { waitUntil: "load" });
    await work(page);
    return asked;
  } finally {
    await context.close();
  }
} // prettier-ignore

const ASKS = [
  ["de", "reminder.email.friendly"],
  ["de", "reminder.email.factual"],
  ["de", "dunning_notice.email.firm"],
  ["de", "final_notice.email.factual"],
  ["en", "pre_due.email.friendly"],
  ["en", "dunning_notice.email.factual"],
  ["en", "final_notice.email.firm"],
] as const;
const ANSWERS = [
  ["de", "payment_received.email.friendly"],
  ["de", "paid_claim_received.email.friendly"],
  ["en", "callback_confirmed.email.friendly"],
  ["en", "dispute_received.email.friendly"],
] as const;

describe.each([...ASKS, ...ANSWERS])("%s %s", (language, key) => {
  test("has one button at most, loads nothing, and only links of the brand", async () => {
    const mail = await sampleMail(language, key);
    const asked = await open(mail.html, async (page) => {
      expect(await page.locator(".button a").count()).toBe(ASKS.some(([l, k]) => l === language && k === key) ? 1 : 0);
      const links = await page
        .locator("a")
        .evaluateAll((all) => all.map((link) => [link.getAttribute("href"), link.textContent?.trim()]));
      expect(links.length).toBeGreaterThan(2);
      for (const [href, words] of links) {
        expect(href).toMatch(/^https:\/\/zahlen\.moosgarten\.example\/p\/beispiel/);
        expect(words?.length, String(href)).toBeGreaterThan(4);
      }
      expect(await page.locator("img, script, iframe, object, form, link, video").count()).toBe(0);
    }); // prettier-ignore
    expect(asked).toEqual([]);
    expect(mail.html).not.toMatch(/@@|url\(|@import|<img|undefined|\{\{/);
  });

  test("says everything in plain text too", async () => {
    const mail = await sampleMail(language, key);
    const flat = (text: string): string => text.replace(/[ \n\r\t]+/g, " ").trim();
    await open(mail.html, async (page) => {
      const shown = flat(await page.locator("body").innerText());
      // Every number, date, sum and name of the screen stands in the plain part as well.
      const facts =
        shown.match(
          /\d[\d.,]*\u00a0€|€[\d.,]+\d|DE\d\d [\d ]+|RF\d\d [\d ]+|\b\d{1,2}\.? (?:November|Dezember|December) \d{4}|RE-\d+|[\w.]+@[\w.]+/g,
        ) ?? []; // prettier-ignore
      for (const fact of facts) expect(flat(mail.text)).toContain(fact.trim());
    });
    expect(mail.text).toContain("HRB 1234");
    expect(mail.text).not.toMatch(/[<>]|&#|&nbsp;/);
  });
});

test.each([
  [390, "light", "#3f6b2a"],
  [800, "light", "#ffcc00"],
  [390, "dark", "#ffcc00"],
  [800, "dark", "#7a2e6b"],
  [320, "light", "#ffffff"],
] as const)("%i px, %s, %s: fits, and axe finds nothing", async (width, scheme, colour) => {
  const mail = await sampleMail("de", "dunning_notice.email.factual", { colour });
  await open(
    mail.html,
    async (page) => {
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
      const found = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]).analyze();
      expect(found.violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`)).toEqual([]);
    },
    width,
    scheme,
  );
});

test("the list of messages shows the preview and then nothing of the body", async () => {
  const mail = await sampleMail("de", "dunning_notice.email.firm");
  await open(mail.html, async (page) => {
    const text = await page.evaluate<string>("document.body.textContent.trim()");
    const first = text.replace(/\s+/g, " ").slice(0, 140);
    expect(first).toMatch(/^Eine Nachricht von Moosgarten mit einem Termin für Sie\./);
    expect(first).not.toMatch(/147,80|Mahnung|zahlen/);
  });
});

test("what people are called is shown, never run", async () => {
  const values = valuesWith("de", 1);
  const evil = `<script>alert(1)</script><img src=x onerror=alert(1)> "'&amp; @@href@@ $& {{case.total}}`;
  const [item] = values.items ?? [];
  const hostile: MessageValues = {
    ...values,
    recipient: { ...values.recipient, name: evil },
    contact: { ...values.contact, name: evil },
    payee: { ...values.payee, name: evil },
    items: item ? [{ ...item, label: evil, subject: evil }] : [],
    link: {
      ...values.link,
      arrange: "javascript:alert(1)",
      portal: "javascript:alert(2)",
      dispute: 'https://ok.example/a"onclick="b',
    },
  }; // prettier-ignore
  const mail = await sampleMail("de", "reminder.email.friendly", { values: hostile, name: evil });
  const asked = await open(mail.html, async (page) => {
    expect(await page.locator("script, img").count()).toBe(0);
    expect(await page.locator('a[href^="javascript"], a[onclick]').count()).toBe(0);
    expect(await page.locator("body").innerText()).toContain(`Guten Tag ${evil.replace(/\s+/g, " ")},`);
  });
  expect(asked).toEqual([]);
});
