/**
 * The pages about facts against the real server: every call they make is answered as the contract says, nothing is
 * refused, and what was imported stands on the page.
 */
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openConsole, type ConsoleHouse } from "./open-console.ts";
import type { BankEntryRow, List } from "../../web/console/src/api/contract.ts";
import { openItemsFile, statementFile } from "../api/files.ts";
import { launchChromium } from "../support/chromium.ts";
import { builtConsole } from "./built.ts";

let house: ConsoleHouse;
import { STRIPE } from "../formats/settlement/fixtures.ts";
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  const folder = await builtConsole();
  house = await openConsole(folder, "admin");
  const rows = [
    "K-1;Erika;Musterfrau;Heidestraße 17;51147;Köln;erika@musterfrau.example;R-100001;01.05.2026;15.05.2026;190,00",
    "K-2;Erika;Musterfrau;Heidestraße 17;51147;Köln;erika@musterfrau.example;R-100002;01.05.2026;15.05.2026;20,00",
    "K-3;Ole;Brandt;;;;;R-100003;01.05.2026;15.05.2027;60,00",
  ];
  await house.importFile("posten.csv", openItemsFile(rows));
  await house.importFile(
    "auszug.xml",
    statementFile("DE02120300000000202051", [
      ["Erika Musterfrau", "R-100001", "250.00"],
      ["Unbekannt", "Danke", "12.00"],
      ["Fremd", "R-100003", "60.00"],
    ]),
  );
  await house.importFile("stripe.csv", STRIPE);
  // What Erika paid too much is hers.
  const { rows: entries } = await house.api.get<List<BankEntryRow>>("GET /bank/entries?q=Erika", { as: house.person });
  const [entry] = entries;
  if (entry?.view === "proposed") {
    await house.api.call(`POST /bank/entries/${entry.id}/book`, { as: house.person, body: { proposal: 1 } });
  }
  browser = await launchChromium();
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "de-DE" });
  await context.addCookies([{ name: "kulanz", value: house.person.cookie, url: house.url }]);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await house?.drop();
});

/** Pages whose routes come with rooms of their own. */
const NEEDS: Readonly<Record<string, string>> = {
  "/bank/twice": "/bank/duplicate-payments",
  "/bank/review": "/bank/review",
  "/bank/learned": "/bank/accounts",
};

test.each([
  ["/bank", "Fremd"],
  ["/bank/ageing", "Unbekannt"],
  ["/bank/twice", "Doppelt bezahlt"],
  ["/bank/payouts", "Stripe"],
  ["/bank/review", "Stichprobe"],
  ["/bank/learned", "Gelerntes"],
  ["/reconciliation", "Blumenhof"],
  ["/reconciliation/differences", "Differenzen"],
  ["/reconciliation/vanished", "Nichts wartet."],
  ["/reconciliation/handback", "Rückgabe"],
  ["/findings", "Befunde"],
  ["/findings/rules", "Regeln für Blumenhof"],
  ["/duplicates", "Dubletten"],
  ["/credits", "Erika Musterfrau"],
  ["/credits/refunds", "Erstattungen"],
  ["/credits/files", "Zahlungsdateien"],
  ["/imports/sources", "Quellen und Alarme"],
  ["/imports/days", "DE02"],
])("%s shows what is there", async (path, text) => {
  const needed = NEEDS[path];
  if (needed !== undefined && !house.api.table.some((route) => route.path === needed)) {
    console.warn(`${path} is not looked at: the server has no ${needed}`);
    return;
  }
  const page = await context.newPage();
  const refused: string[] = [];
  page.on("response", (answer) => {
    if (answer.status() >= 400) refused.push(`${answer.status()} ${new URL(answer.url()).pathname}`);
  });
  page.on("pageerror", (error) => refused.push(error.message));
  await page.goto(house.url + path);
  await page.locator("#page-title").first().waitFor();
  await expect.poll(() => page.locator(".wait").count(), { timeout: 15_000 }).toBe(0);
  await page.getByText(text).first().waitFor({ timeout: 10_000 });
  await page.close();
  expect(refused).toEqual([]);
});
