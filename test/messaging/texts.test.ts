import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  builtInTexts,
  checkCatalogue,
  checkWords,
  counselPoints,
  type Language,
  PLACEHOLDERS,
  plainText,
  renderText,
  sampleValues,
  versionOf,
} from "../../src/outreach/messaging/templates/index.ts";
import { packageRoot } from "../../src/platform/config/index.ts";

const LANGUAGES: readonly Language[] = ["de", "en"];

describe.each(LANGUAGES)("the texts of the product (%s)", (language) => {
  const catalogue = builtInTexts(packageRoot, language);

  test("all 32 messages are there, in every tone and channel that their head names", () => {
    expect(catalogue.messages.size).toBe(32);
    const channels = new Set(["email", "letter"]);
    const lacking: string[] = [];
    for (const message of catalogue.messages.values()) {
      expect(message.kind === "page" || message.tones.length > 0, message.key).toBe(true);
      // A channel has one tone at least; e-mail has each tone.
      for (const channel of message.channels.filter((name) => channels.has(name))) {
        const has = message.tones.filter((tone) => catalogue.texts.has(`${message.key}.${channel}.${tone}`));
        if (has.length === 0 || (channel === "email" && has.length < message.tones.length))
          lacking.push(`${message.key}.${channel}`);
      } // prettier-ignore
    }
    // The chat's hand-over has an e-mail only as an answer typed by a person.
    expect(lacking).toEqual(["handoff_to_person.email"]);
  });

  test("publishing finds nothing against any of them", () => {
    expect(checkCatalogue(catalogue).map((finding) => `${finding.line} ${finding.rule} ${finding.message}`)).toEqual(
      [],
    );
  });

  test("every text renders from the sample values and leaves no tag behind", () => {
    for (const text of catalogue.texts.values()) {
      if (text.key.includes("block.")) continue;
      const rendered = renderText(catalogue, text.key, sampleValues(language));
      expect(rendered.ok, text.key).toBe(true);
      if (!rendered.ok) continue;
      const plain = [...Object.values(rendered.value.head), plainText(rendered.value)].join("\n");
      expect(plain, text.key).not.toMatch(/\{\{|\}\}|undefined|\[object|NaN| {2}\S* {2}|\n\n\n| \n| $/);
      expect(plain, text.key).not.toMatch(/C\d+ \}/);
    }
  });

  test("messages of this release exist in e-mail and, where they are asks, as letters in two tones", () => {
    for (const key of ["reminder", "dunning_notice", "final_notice"]) {
      const tones = catalogue.messages.get(key)?.tones ?? [];
      for (const tone of tones) {
        expect(catalogue.texts.get(`${key}.letter.${tone}`)?.enclosure, key).toBe("reply_slip");
        expect(catalogue.texts.has(`${key}.email.${tone}`), key).toBe(true);
      }
    }
    expect(catalogue.messages.get("dunning_notice")?.effect).toBe("default");
    expect(catalogue.messages.get("final_notice")?.effect).toBe("announcement");
    expect(catalogue.messages.get("reminder")?.effect).toBe("none");
    for (const key of ["payment_received", "paid_claim_received", "callback_confirmed", "dispute_received"])
      expect(catalogue.messages.get(key)?.kind, key).toBe("answer");
  });

  test("the dunning notice: matter first, exact sum, law, ways, person, footer, in this order", () => {
    const rendered = renderText(catalogue, "dunning_notice.email.factual", sampleValues(language));
    if (!rendered.ok) throw new Error(rendered.error.message);
    const plain = plainText(rendered.value).replaceAll("\u00a0", " ");
    const order =
      language === "de"
        ? [
            "Guten Tag Erika Muster,",
            "zu Bestellung 4711",
            "Offen sind 48,90 €",
            "Zusammen offen: 48,90 €",
            "Zahlungen bis zum 20. November 2026",
            "Rechtlich ist dies eine Mahnung",
            "§ 286 Abs. 1 BGB",
            "6,52 %",
            "DE02 1203 0000 0000 2020 51",
            "RF18 5390 0754 7034",
            "Passt es gerade nicht?",
            "Stimmt etwas nicht?",
            "Mia Beispiel",
            "HRB 1234",
          ]
        : [
            "Dear Erika Muster,",
            "about Order 4711",
            "€48.90 is open",
            "Open in total: €48.90",
            "Payments up to 20 November 2026",
            "dunning notice (Mahnung)",
            "section 286 (1) BGB",
            "6.52 %",
            "DE02 1203 0000 0000 2020 51",
            "Does it not fit",
            "Is something wrong?",
            "Mia Beispiel",
            "translation to help you",
            "HRB 1234",
          ]; // prettier-ignore
    let at = -1;
    for (const piece of order) {
      const next = plain.indexOf(piece, at + 1);
      expect(next, piece).toBeGreaterThan(at);
      at = next;
    }
  });

  test("a version changes with the text, with a block it uses, and with nothing else", () => {
    const text = catalogue.texts.get("reminder.letter.friendly");
    const block = catalogue.texts.get("block.pay.letter");
    const other = catalogue.texts.get("block.pay.email");
    if (!text || !block || !other) throw new Error("texts missing");
    const withBlock = (key: string, changed: typeof block): string =>
      versionOf(
        { ...catalogue, texts: new Map([...catalogue.texts, [key, { ...changed, source: `${changed.source}!` }]]) },
        text,
      ); // prettier-ignore
    expect(versionOf(catalogue, text)).toMatch(/^[0-9a-f]{64}$/);
    expect(withBlock("block.pay.letter", block)).not.toBe(versionOf(catalogue, text));
    expect(withBlock("block.pay.email", other)).toBe(versionOf(catalogue, text));
  });
});

test("both languages have the same texts, save the familiar variant and the note on the German original", () => {
  const [german, english] = LANGUAGES.map((language) => builtInTexts(packageRoot, language));
  const keys = (catalogue = german): string[] =>
    [...(catalogue?.texts.keys() ?? [])].filter((key) => !key.startsWith("du.") && key !== "block.original").sort(); // prettier-ignore
  expect(keys(english)).toEqual(keys(german));
});

test("every variable of the registry is used by some text, and every point for counsel is listed with its texts", () => {
  const sources = LANGUAGES.map((language) =>
    [...builtInTexts(packageRoot, language).texts.values()].map((text) => text.source).join("\n"),
  ).join("\n"); // prettier-ignore
  const unused = [...PLACEHOLDERS.keys()].filter((path) => !sources.includes(path));
  expect(unused).toEqual([]);
  const law = readFileSync(join(packageRoot, "docs/law.md"), "utf8");
  const points = counselPoints(builtInTexts(packageRoot, "de"));
  expect([...points.keys()].sort((a, b) => +a.slice(1) - +b.slice(1))).toEqual(
    Array.from({ length: 17 }, (_, index) => `C${index + 1}`),
  ); // prettier-ignore
  for (const [point, keys] of points) {
    const row = law.split("\n").find((line) => line.startsWith(`| ${point} |`));
    expect(row, point).toBeDefined();
    for (const key of new Set(keys.map((key) => key.replace(/^du\./, "").replace(/\.(email|page|whatsapp).*$/, ""))))
      expect(row, `${point} bites in ${key}`).toContain(`\`${key}\``);
  }
});

test("no word of console or portal is one we never use", () => {
  const files = ["src/doors/portal", "web/console/src/texts"]
    .flatMap(filesUnder)
    .filter((file) => /texts[^/]*\.ts$|console\/src\/texts\/.*\.tsx?$/.test(file));
  const findings = files.flatMap((file) => {
    const source = readFileSync(join(packageRoot, file), "utf8");
    const strings = source
      .split("\n")
      .map((line) =>
        [...line.matchAll(/"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g)].map((match) => match[1] ?? match[2]).join(" "),
      )
      .join("\n"); // prettier-ignore
    return LANGUAGES.flatMap((language) => checkWords(strings, language, file));
  });
  expect(findings.map((finding) => `${finding.where}:${finding.line} ${finding.message}`)).toEqual([]);
});

function filesUnder(folder: string): string[] {
  try {
    return readdirSync(join(packageRoot, folder), { recursive: true, encoding: "utf8" }).map((file) =>
      join(folder, file),
    );
  } catch {
    return []; // not built in this checkout
  }
}
