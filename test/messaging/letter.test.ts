import { createRequire } from "node:module";
import { inflateSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { PNG } from "pngjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { composeLetter, logoProblem } from "../../src/outreach/messaging/rendering/letter.ts";
import { createLetterPrinter } from "../../src/outreach/messaging/rendering/letter-printer.ts";
import { builtInTexts, renderText } from "../../src/outreach/messaging/templates/index.ts";
import { packageRoot } from "../../src/platform/config/index.ts";
import { launchChromium } from "../support/chromium.ts";
import { FRAME, GIRO_CODE, LOGO, sampleLetter, valuesWith } from "./sample-letter.ts";

type Point = { readonly x: number; readonly y: number };
const jsqr = createRequire(import.meta.url)("jsqr") as (
  pixels: Uint8ClampedArray,
  width: number,
  height: number,
) => {
  readonly data: string;
  readonly location: { readonly topLeftCorner: Point; readonly topRightCorner: Point };
} | null;
const AT = new Date("2026-11-22T10:00:00Z");
const printer = createLetterPrinter();
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  printer.close();
  await browser?.close();
});

const value = <T>(result: { ok: true; value: T } | { ok: false; error: { message: string } } | undefined): T => {
  if (!result?.ok) throw new Error(result?.error.message ?? "no result");
  return result.value;
};
/** Objects of a PDF, with its compressed object streams opened. */
function objectsOf(pdf: Uint8Array): string {
  const raw = Buffer.from(pdf);
  let text = raw.toString("latin1");
  for (const match of text.matchAll(/stream\r?\n/g)) {
    try {
      text += inflateSync(raw.subarray(match.index + match[0].length)).toString("latin1");
    } catch {
      // not compressed this way: a picture or a font
    }
  }
  return text;
}
const pagesOf = (pdf: Uint8Array): number => Number(/\/Type\s*\/Pages\b[^>]*?\/Count (\d+)/.exec(objectsOf(pdf))?.[1]);

/** The letter as a screen shows it, 2 pixels a point (144 dpi), all pages below each other. */
async function picture(svg: string): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 595, height: 842 }, deviceScaleFactor: 2 });
  try {
    await page.setContent(
      `<!doctype html><style>body{margin:0}svg{display:block;width:595px;height:auto}</style>${svg}`,
    );
    return await page.screenshot({ fullPage: true });
  } finally {
    await page.close();
  }
}

describe("a letter", () => {
  test("is PDF/A-3b with the brand's fonts inside, and the same bytes for the same input", async () => {
    const letter = sampleLetter("de", "dunning_notice.letter.firm");
    const [first, second] = (await printer.renderLetters([letter, letter], AT)).map(value);
    const objects = objectsOf(first ?? new Uint8Array());
    expect(objects).toMatch(/pdfaid:part>3</);
    expect(objects).toMatch(/pdfaid:conformance>B</);
    expect(objects).toMatch(/\/FontName\s*\/[A-Z]{6}\+SourceSans3/);
    expect(Buffer.from(first ?? []).equals(Buffer.from(second ?? []))).toBe(true);
    const [later] = (await printer.renderLetters([letter], new Date("2027-01-01T00:00:00Z"))).map(value);
    expect(Buffer.from(first ?? []).equals(Buffer.from(later ?? []))).toBe(false);
  });

  test.each([
    ["de", "reminder.letter.friendly"],
    ["de", "reminder.letter.factual"],
    ["en", "reminder.letter.friendly"],
    ["de", "dunning_notice.letter.factual"],
    ["de", "dunning_notice.letter.firm"],
    ["en", "dunning_notice.letter.factual"],
    ["en", "dunning_notice.letter.firm"],
    ["de", "final_notice.letter.factual"],
    ["de", "final_notice.letter.firm"],
    ["en", "final_notice.letter.factual"],
  ] as const)("%s %s: one page up to eight items, the reply slip on the next", async (language, key) => {
    const [pdf] = await printer.renderLetters([sampleLetter(language, key, { count: 8 })], AT);
    expect(pagesOf(value(pdf))).toBe(2);
  });

  test("thirty items take more pages, and lose none", async () => {
    const letter = sampleLetter("de", "final_notice.letter.firm", { count: 30 });
    const [pdf] = await printer.renderLetters([letter], AT);
    expect(pagesOf(value(pdf))).toBeGreaterThan(2);
    expect(letter.table?.rows).toHaveLength(30);
  });

  test("its GiroCode reads back from the page as the text that went in", async () => {
    for (const [language, key] of [
      ["de", "dunning_notice.letter.firm"],
      ["en", "final_notice.letter.factual"],
    ] as const) {
      const svg = value(await printer.preview(sampleLetter(language, key, { count: 3 })));
      const png = PNG.sync.read(await picture(svg));
      const code = jsqr(new Uint8ClampedArray(png.data), png.width, png.height);
      expect(code?.data).toBe(GIRO_CODE);
      // Under the window and inside the page: 30 mm wide, or a banking app has trouble.
      const side = ((code?.location.topRightCorner.x ?? 0) - (code?.location.topLeftCorner.x ?? 0)) / 2 / (72 / 25.4);
      expect(side).toBeGreaterThan(28);
    }
  });

  test("a batch is one document in which each letter counts its own pages", async () => {
    const letters = [
      sampleLetter("de", "reminder.letter.friendly"),
      sampleLetter("en", "payment_over.letter.friendly"),
      sampleLetter("de", "dunning_notice.letter.factual"),
    ]; // prettier-ignore
    expect(pagesOf(value(await printer.renderBatch(letters, AT)))).toBe(5);
    // Two-sided: the one-page letter gets an empty back, so that nobody's letter starts on another's sheet.
    expect(pagesOf(value(await printer.renderBatch(letters, AT, { duplex: true })))).toBe(6);
    expect(await printer.renderBatch([], AT)).toMatchObject({ ok: false });
  });

  test("what people are called is printed, never run", async () => {
    const hostile = [
      '#read("/etc/passwd")',
      "*fett* _kursiv_ $x^2$",
      "<script>alert(1)</script>",
      '\\ #import "@preview/x"',
      "=== Titel",
    ]; // prettier-ignore
    const values = valuesWith("de", 1);
    const names = { ...values, recipient: { ...values.recipient, name: hostile.join(" ") } };
    const svg = value(
      await printer.preview(
        sampleLetter("de", "reminder.letter.friendly", { values: names, frame: { address: hostile } }),
      ),
    ); // prettier-ignore
    expect(svg).not.toContain("<script");
    expect(svg).not.toContain("root:x:0");
    const [pdf] = await printer.renderLetters(
      [sampleLetter("de", "reminder.letter.friendly", { values: names, frame: { address: hostile } })],
      AT,
    ); // prettier-ignore
    expect(pagesOf(value(pdf))).toBe(2);
  });

  test("names as long and foreign as people have them stay in the window", async () => {
    const address = [
      "Wolfeschlegelsteinhausenbergerdorff-Sommerfrühstücksberghausen Handelsgesellschaft mbH & Co. KG",
      "z. Hd. Đorđević Żółć Αλέξανδρος Иванова",
      "c/o Zweite Zeile",
      "Straße des 17. Juni 135",
      "10623 Berlin",
      "Deutschland",
    ]; // prettier-ignore
    const [pdf] = await printer.renderLetters(
      [sampleLetter("de", "reminder.letter.factual", { frame: { address } })],
      AT,
    );
    expect(pagesOf(value(pdf))).toBe(2);
  });

  test("that takes too long is given up; the next one is printed", async () => {
    const impatient = createLetterPrinter({ timeoutMs: 1500 });
    try {
      const endless = { ...sampleLetter("de", "reminder.letter.friendly"), back: "x ".repeat(3_000_000) };
      const good = sampleLetter("de", "reminder.letter.friendly");
      const results = await impatient.renderLetters([endless, good, good], AT);
      expect(results[0]).toMatchObject({ ok: false, error: { code: "letter_timeout" } });
      // A fresh process may be slow on a loaded machine; it is warm for the second.
      expect(results.slice(1).some((result) => result.ok)).toBe(true);
    } finally {
      impatient.close();
    }
  });

  test("that can't be set fails alone", async () => {
    const broken = {
      ...sampleLetter("de", "reminder.letter.friendly"),
      brand: { ...sampleLetter("de", "reminder.letter.friendly").brand, logo: "<svg" },
    }; // prettier-ignore
    const results = await printer.renderLetters([broken, sampleLetter("de", "reminder.letter.friendly")], AT);
    expect(results.map((result) => (result.ok ? "ok" : result.error.code))).toEqual(["letter_not_printed", "ok"]);
  });
});

describe("composing", () => {
  const catalogue = builtInTexts(packageRoot, "de");
  const values = valuesWith("de", 2);
  const rendered = value(renderText(catalogue, "dunning_notice.letter.factual", values));

  test.each([
    ["address_missing", { address: ["Erika Muster", " "] }],
    ["giro_code_too_long", { giroCode: "x".repeat(332) }],
    ["logo_invalid", { brand: { ...FRAME.brand, logo: '<svg><image href="http://x.example"/></svg>' } }],
  ])("%s", (code, frame) => {
    expect(composeLetter(catalogue, rendered, values, { ...FRAME, ...frame })).toMatchObject({
      ok: false,
      error: { code },
    });
  });

  test("transfer data stand as the bank wants them typed, the sum as the table says", () => {
    const letter = value(composeLetter(catalogue, rendered, values, FRAME));
    expect(letter.pay?.rows.map((row) => row[1])).toEqual([
      "Moosgarten GmbH",
      "DE02 1203 0000 0000 2020 51",
      "RF18 5390 0754 7034",
      "147,80\u00a0€",
      "k.moosgarten.example/A7kQ2m",
    ]);
    expect(letter.table?.total[1]).toBe("147,80\u00a0€");
    expect(letter.subject).toBe("Bestellung 4711: 147,80\u00a0€, bitte bis 7.\u00a0Dezember 2026");
    // The signed address of the portal is for screens; paper has the short one.
    expect(JSON.stringify(letter)).not.toContain("https://");
  });

  test("a letter without a claim has no code and no table", () => {
    const answer = sampleLetter("de", "dispute_received.letter.friendly");
    expect(answer).toMatchObject({ pay: null, slip: null });
    expect(answer.parts.map((part) => part.kind)).not.toContain("items");
  });
});

test.each([
  ["the brand's own drawing", LOGO, true],
  ["with a declaration", `<?xml version="1.0"?>${LOGO}`, true],
  ["gradient inside", '<svg><linearGradient id="a"/><rect fill="url(#a)"/></svg>', true],
  ["script", "<svg><script>1</script></svg>", false],
  ["event", '<svg onload="x()"></svg>', false],
  ["picture from elsewhere", '<svg><image href="https://x.example/a.png"/></svg>', false],
  ["style from elsewhere", "<svg><rect fill=\"url('https://x.example')\"/></svg>", false],
  ["entity bomb", '<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>', false],
  ["no drawing", "PNG", false],
  ["huge", `<svg>${" ".repeat(70_000)}</svg>`, false],
])("logo: %s", (_, svg, fine) => expect(logoProblem(svg) === null).toBe(fine));
