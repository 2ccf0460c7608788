/** "So setzt sich der Betrag zusammen": the sum of the home page, explained; nobody sees it before the second factor. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { postInterest, setDefault } from "../../src/books/receivables/index.ts";
import { day } from "../books/books.ts";
import { type OpenCase, openPortal, type Portal } from "./portal.ts";

let portal: Portal;
let open: OpenCase;
beforeAll(async () => {
  portal = await openPortal();
  open = await portal.makeCase("K-7");
  await portal.act(async (act) => {
    const [, second] = open.items;
    if (!second) throw new Error("no second item");
    await setDefault(act, [
      { customerId: open.customerId, receivableId: second, since: day("2026-05-16"), ground: "notice" },
    ]);
    await postInterest(act, open.customerId, day("2026-05-31"), [second]);
  });
});
afterAll(() => portal.kulanz.drop());

const plain = (html: string): string =>
  html
    .replace(/<[^>]+>/g, " ")
    .replaceAll("\u00a0", " ")
    .replace(/\s+/g, " ");

test("the sum is that of the home page; items, payment, interest and paragraph are named", async () => {
  const client = portal.client();
  const home = await client.enter(open.secret);
  expect(home.text).toContain(`/p/${open.secret}/statement`);
  const total = /Offen sind noch ([\d.,]+ €)/.exec(plain(home.text))?.[1] ?? "none";
  const page = plain((await client.get(`/p/${open.secret}/statement`)).text);
  expect(page).toContain(`Summe ${total}`);
  for (const part of [
    "So setzt sich der Betrag zusammen",
    "Verzugszinsen",
    "§ 288 Abs. 1 BGB",
    "Tage des Jahres",
    "Zahlung vom",
    "auf den Rechnungsbetrag",
    "erkennt damit nichts an",
  ])
    expect(page).toContain(part);
}); // prettier-ignore

test("before the second factor it shows nothing of the account, and then leads there", async () => {
  const client = portal.client();
  const door = await client.get(`/p/${open.secret}/statement`);
  expect(door.text).not.toContain("RE-K-7");
  expect(door.text).not.toContain("Zinsen");
  expect(door.text).toContain('value="statement"');
});
