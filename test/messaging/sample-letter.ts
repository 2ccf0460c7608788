/** Letters of a made-up garden shop, for tests. */
import { composeLetter, type LetterData, type LetterFrame } from "../../src/outreach/messaging/rendering/letter.ts";
import {
  builtInTexts,
  type Language,
  type MessageValues,
  renderText,
  sampleValues,
} from "../../src/outreach/messaging/templates/index.ts";
import { packageRoot } from "../../src/platform/config/index.ts";
import { EUR, expectOk, type PlainDate } from "../../src/pure/kernel/index.ts";

export const GIRO_CODE = [
  "BCD",
  "002",
  "1",
  "SCT",
  "",
  "Moosgarten GmbH",
  "DE02120300000000202051",
  "EUR48.90",
  "",
  "RF18539007547034",
  "",
  "",
].join("\n"); // prettier-ignore
export const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36"><rect width="36" height="36" rx="9" fill="#3f6b2a"/><path d="M18 28V16M18 18c-6 0-9-3-9-8 6 0 9 3 9 8zM18 21c5 0 8-3 8-7-5 0-8 3-8 7z" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round"/></svg>`;

export const FRAME: LetterFrame = {
  brand: { name: "Moosgarten", claim: "Pflanzen und Gartenmöbel", colour: "#3f6b2a", rule: "#3f6b2a", logo: LOGO },
  returnLine: "Moosgarten GmbH · Hauptstr. 1 · 50667 Köln",
  address: ["Erika Muster", "Uferweg 12", "38999 Erlenbrück"],
  date: "2026-11-22" as PlainDate,
  giroCode: GIRO_CODE,
  footer: [
    ["Moosgarten GmbH", "Hauptstr. 1, 50667 Köln"],
    ["Amtsgericht Köln HRB 1234", "USt-IdNr. DE000000000"],
    ["Geschäftsführung", "Ida Beispiel"],
    ["service@moosgarten.example", "moosgarten.example"],
  ],
};

/** Sample values with so many items; the first one part paid; the sum agrees. */
export function valuesWith(language: Language, count: number): MessageValues {
  const sample = sampleValues(language);
  const [first] = sample.items ?? [];
  if (!first) throw new Error("the sample has no item");
  const items = Array.from({ length: count }, (_, index) => ({
    ...first,
    label: first.label.replace("4711", String(4711 + index)),
    paid: index === 0 ? first.paid : undefined,
    open: index === 0 ? first.open : first.amount,
  }));
  const total = items.reduce((sum, item) => sum + item.open.minor, 0n);
  return { ...sample, items, case: { ...sample.case, total: { minor: total, currency: EUR } } };
}

export function sampleLetter(
  language: Language,
  key: string,
  {
    count = 1,
    values = valuesWith(language, count),
    frame = {},
  }: { count?: number; values?: MessageValues; frame?: Partial<LetterFrame> } = {},
): LetterData {
  const catalogue = builtInTexts(packageRoot, language);
  const rendered = expectOk(renderText(catalogue, key, values));
  return expectOk(composeLetter(catalogue, rendered, values, { ...FRAME, ...frame }));
}
