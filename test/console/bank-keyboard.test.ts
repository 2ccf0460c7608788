/**
 * A clerk clears a hundred proposals by keyboard alone: real server, real database, the console as it ships in a real
 * Chromium. Keystrokes are counted; at a human pace (3 s to read a proposal, 1.5 s a key) it must take less than ten
 * minutes. The focus is on the current row all the time, and the page never scrolls away under it.
 */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BankEntryRow, List } from "../../web/console/src/api/contract.ts";
import { openItemsFile, ownAccounts, statementFile } from "../api/files.ts";
import { type ConsoleHouse, openConsole } from "./open-console.ts";
import { launchChromium } from "../support/chromium.ts";
import { builtConsole } from "./built.ts";

const PROPOSALS = 100;
const SECONDS_TO_READ = 3;
const SECONDS_A_KEY = 1.5;
const ACCOUNT = "DE02120300000000202051";

let house: ConsoleHouse;
let browser: Browser;
let page: Page;

const two = (value: number) => String(value).padStart(3, "0");
/** A relative pays: the number is right, the name is another, so a person has to look at each. */
const items = Array.from(
  { length: PROPOSALS },
  (_, at) =>
    `K-${two(at)};Vera${at};Kundig${two(at)};Weg ${at + 1};51147;Köln;;RE-77${two(at)};01.05.2026;15.05.2026;${20 + at},50`,
);
const credits = Array.from(
  { length: PROPOSALS },
  (_, at) => [`Ottokar Fremdling ${two(at)}`, `Rechnung RE-77${two(at)}`, `${20 + at}.50`] as const,
);

beforeAll(async () => {
  const folder = await builtConsole();
  house = await openConsole(folder, "agent");
  await house.importFile("posten.csv", openItemsFile(items));
  await house.importFile("auszug.xml", ownAccounts(statementFile(ACCOUNT, credits)));
  browser = await launchChromium();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "de-DE" });
  await context.addCookies([{ name: "kulanz", value: house.person.cookie, url: house.url }]);
  page = await context.newPage();
  await page.goto(`${house.url}/bank?sort=amount`);
  await page.locator(".entries [aria-current]").waitFor();
  await page.locator(".proposal").first().waitFor();
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await house?.drop();
});

const left = async (view: string) =>
  (await house.api.get<List<BankEntryRow>>(`GET /bank/entries?view=${view}&limit=1`, { as: house.person })).total;

test("a hundred proposals in less than ten minutes, by keyboard alone", async () => {
  expect(await left("proposed")).toBe(PROPOSALS);
  let keys = 0;
  const press = async (key: string) => {
    keys += 1;
    await page.keyboard.press(key);
  };
  const payer = () => page.locator(".entries [aria-current] b").first().textContent();
  const shown = (at: number) =>
    expect
      .poll(payer, { timeout: 10_000 })
      .toBe(`Ottokar Fremdling ${two(at)}`)
      .then(async () => {
        // the detail beside the list is that of the current row
        await page.locator(".entry h2", { hasText: `Fremdling ${two(at)}` }).waitFor();
        await page.locator(".allocation .go").waitFor();
      });
  const jumped: number[] = [];
  const unfocused: number[] = [];
  let open = 0;
  const began = performance.now();
  for (let at = 0; at < PROPOSALS; at += 1) {
    await shown(at);
    if (at > 0 && !(await page.evaluate("document.activeElement?.getAttribute('aria-current') === 'true'")))
      unfocused.push(at);
    if (((await page.evaluate("document.querySelector('main').scrollTop")) as number) > 0) jumped.push(at);
    if (at % 20 === 7) {
      // nobody knows this one: it stays open
      await press("u");
      open += 1;
    } else if (at % 20 === 13) {
      // booked too fast: taken back, looked at again, booked
      await press("Enter");
      await press("z");
      await shown(at);
      await press("Enter");
    } else if (at % 20 === 17) {
      // distributed by hand: the amount is typed
      await press(at < 50 ? "t" : "s");
      const dialog = page.getByRole("dialog");
      await dialog.locator("table input:focus").waitFor();
      for (const key of `${20 + at},50`) await press(key);
      await press("Enter");
      await dialog.waitFor({ state: "detached" });
    } else await press("Enter");
  }
  const machine = (performance.now() - began) / 1000;
  await page.getByText("Alles zugeordnet.").waitFor();
  const human = PROPOSALS * SECONDS_TO_READ + keys * SECONDS_A_KEY;
  console.log(
    `${PROPOSALS} proposals: ${keys} keystrokes (${(keys / PROPOSALS).toFixed(2)} each), ` +
      `${Math.round(human)} s at a human pace, ${machine.toFixed(1)} s by machine`,
  );
  expect([unfocused, jumped]).toEqual([[], []]);
  await expect.poll(() => left("proposed"), { timeout: 10_000 }).toBe(0);
  expect(await left("unmatched")).toBe(open);
  expect(await left("booked")).toBe(PROPOSALS - open);
  expect(human).toBeLessThan(600);
}, 240_000);
