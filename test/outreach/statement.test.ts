/** The statement of account in words and on paper: German and English, as a clerk, the customer and an agent read it. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { inflateSync } from "node:zlib";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bookPayment, post, setDefault, statementsOfAccount } from "../../src/books/receivables/index.ts";
import {
  checkWords,
  createLetterPrinter,
  printStatements,
  tellStatement,
  type ToldStatement,
} from "../../src/outreach/messaging/index.ts";
import { type CustomerId, EUR, expectOk, type Uuid } from "../../src/pure/kernel/index.ts";
import { day, makeItem } from "../books/books.ts";
import { openOutreach, type Outreach } from "./outreach.ts";

let outreach: Outreach;
let customerId: CustomerId;
const printer = createLetterPrinter();
const AS_OF = day("2026-05-31");

beforeAll(async () => {
  outreach = await openOutreach();
  customerId = await outreach.makeReachable("K-4711", { firstName: "Zwiebelmond" });
  await outreach.act(async (act) => {
    const late = await makeItem(act, outreach, customerId, "R-2025-17", 100_000n, {
      orderNumber: "B-88", issuedOn: day("2025-11-02"), aroseOn: day("2025-11-02"), dueOn: day("2025-11-30"),
    }); // biome-ignore format: one item
    await makeItem(act, outreach, customerId, "R-2026-03", 4_890n, { dueOn: day("2026-04-30") });
    await setDefault(act, [{ customerId, receivableId: late, since: day("2025-12-01"), ground: "notice" }]);
    const cost = { customerId, receivableId: late, currency: EUR, valueOn: day("2026-01-10") } as const;
    await post(
      act,
      [
        { ...cost, kind: "cost", component: "dunning_cost", amountMinor: 110n, ground: "§ 280 I, II, § 286 BGB" },
        { ...cost, kind: "interest", component: "interest", amountMinor: 707n, ground: "§ 288 I BGB, § 247 BGB" },
      ],
      act.tx.newId<Uuid>(),
    );
    const scope = { customerId, creditorId: outreach.creditorId, currency: EUR };
    await bookPayment(act, { ...scope, amountMinor: 50_000n, valueOn: day("2026-02-02"), designated: [] });
  });
}, 60_000);
afterAll(async () => {
  printer.close();
  await outreach.drop();
});

const told = (language: "de" | "en"): Promise<ToldStatement> =>
  outreach.act(async (act) => {
    const [statement] = expectOk(await statementsOfAccount(act, customerId, { asOf: AS_OF }));
    if (!statement) throw new Error("no statement");
    return tellStatement(statement, language);
  });
const plain = (text: string): string => text.replaceAll("\u00a0", " ");

test("German: component, rate, period, days, payment, allocation and paragraph, in plain words", async () => {
  const text = plain(JSON.stringify(await told("de")));
  for (const part of [
    "Rechnung R-2025-17 vom 02.11.2025",
    "fällig am 30.11.2025",
    "Verzug und Zinsen seit 01.12.2025 (Mahnung, § 286 Abs. 1 BGB)",
    "Zahlung vom 02.02.2026: 500,00 €",
    "1,10 € auf Mahnkosten",
    "auf Zinsen",
    "auf den Rechnungsbetrag",
    "§ 367 Abs. 1 BGB",
    "01.12.2025 – 31.12.2025",
    "6,27 % (Basiszins 1,27 % + 5)",
    "Tage des Jahres (365 oder 366)",
    "§ 288 Abs. 1 BGB",
    "Keine Zinsen: Es besteht kein Verzug.",
    "bis einschließlich 31. Mai 2026",
    "erkennt damit nichts an",
  ])
    expect(text).toContain(part);
});

test("English says the same", async () => {
  const [german, english] = [await told("de"), await told("en")];
  const text = plain(JSON.stringify(english));
  for (const part of [
    "Invoice R-2025-17 of 2 Nov 2025",
    "Payment of 2 Feb 2026: €500.00",
    "to the invoice amount",
    "§ 288 (1) BGB",
    "dunning notice, section 286 (1) BGB",
  ])
    expect(text).toContain(part);
  expect(english.items.map((item) => item.movements.length)).toEqual(german.items.map((item) => item.movements.length));
  expect(english.notes).toHaveLength(german.notes.length);
}); // prettier-ignore

test.each(["de", "en"] as const)("no word we don't use (%s)", (language) => {
  const source = readFileSync(new URL("../../src/outreach/messaging/statement/words.ts", import.meta.url), "utf8");
  const [, german = "", english = ""] = source.split(/const (?:DE|EN): StatementWords/);
  expect(german.length).toBeGreaterThan(1_000);
  expect(checkWords(language === "de" ? german : english, language)).toEqual([]);
});

/** Objects of a PDF, with its compressed object streams opened. */
function objectsOf(pdf: Uint8Array): string {
  const raw = Buffer.from(pdf);
  let text = raw.toString("latin1");
  for (const match of text.matchAll(/stream\r?\n/g))
    try {
      text += inflateSync(raw.subarray(match.index + match[0].length)).toString("latin1");
    } catch {
      // not compressed this way: a font
    }
  return text;
}

test.each(["de", "en"] as const)("on paper: PDF/A-3b, the same bytes for the same day (%s)", async (language) => {
  const print = () =>
    outreach.act((act) => printStatements(act, printer, customerId, { asOf: AS_OF }, language)).then(expectOk);
  const pdf = await print();
  const objects = objectsOf(pdf);
  expect(objects).toMatch(/pdfaid:part>3</);
  expect(objects).toMatch(/pdfaid:conformance>B</);
  expect(Buffer.from(await print()).equals(Buffer.from(pdf))).toBe(true);
  const kept = process.env["KULANZ_KEEP"];
  if (kept !== undefined) {
    await mkdir(kept, { recursive: true });
    await writeFile(path.join(kept, `statement.${language}.pdf`), pdf);
  }
});

test("many items and files take as many pages as they need; nobody without items gets paper", async () => {
  await outreach.act(async (act) => {
    const many = await outreach.makeReachable("K-4712");
    for (let index = 0; index < 30; index += 1) await makeItem(act, outreach, many, `R-M-${index}`, 1_000n);
    const pdf = expectOk(await printStatements(act, printer, many, { asOf: AS_OF }));
    expect(Number(/\/Type\s*\/Pages\b[^>]*?\/Count (\d+)/.exec(objectsOf(pdf))?.[1])).toBeGreaterThan(2);
    const none = await outreach.makeReachable("K-4713");
    expect(await printStatements(act, printer, none, {})).toMatchObject({
      ok: false,
      error: { code: "statement_empty" },
    });
  });
}, 60_000);
