/**
 * Sentences of the product in the language of the request. A text has places `{name}`; money (`12.30 EUR`) and days
 * (`2026-11-24`) among the values are written for people.
 */
import { type Currency, formatMinor } from "../../../pure/kernel/index.ts";
import type { Language, Money, Said } from "../schema/basics.ts";
import { SENTENCES_OF_CHECKING } from "./sentences-checking.ts";
import { SENTENCES_OF_DUPLICATES } from "./sentences-duplicates.ts";
import { SENTENCES } from "./sentences.ts";
import { SENTENCES_OF_FACTS } from "./sentences-facts.ts";
import { SENTENCES_OF_LEADING } from "./sentences-leading.ts";
import { SENTENCES_OF_PAYOUTS } from "./sentences-payouts.ts";
import { SENTENCES_OF_MESSAGES } from "./sentences-outreach.ts";

const ALL: Readonly<Record<string, readonly [de: string, en: string]>> = {
  ...SENTENCES,
  ...SENTENCES_OF_CHECKING,
  ...SENTENCES_OF_DUPLICATES,
  ...SENTENCES_OF_FACTS,
  ...SENTENCES_OF_LEADING,
  ...SENTENCES_OF_MESSAGES,
  ...SENTENCES_OF_PAYOUTS,
};
const LOCALES: Readonly<Record<Language, string>> = { de: "de-DE", en: "en-GB" };

const moneyFormats = new Map<string, Intl.NumberFormat>();
function moneyInWords(amount: string, currency: string, language: Language): string {
  const key = `${language}${currency}`;
  let format = moneyFormats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(LOCALES[language], { style: "currency", currency });
    moneyFormats.set(key, format);
  }
  // Intl writes a decimal string exactly; the type of the library does not know it yet everywhere.
  return format.format(amount as unknown as number);
}

const dayFormats: Readonly<Record<Language, Intl.DateTimeFormat>> = {
  de: new Intl.DateTimeFormat("de-DE", { timeZone: "UTC", day: "2-digit", month: "2-digit", year: "numeric" }),
  en: new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "numeric", month: "short", year: "numeric" }),
};

export function inWords(value: string, language: Language): string {
  const money = /^(-?\d+(?:\.\d+)?) ([A-Z]{3})$/.exec(value);
  if (money) return moneyInWords(money[1] ?? "0", money[2] ?? "EUR", language);
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return dayFormats[language].format(new Date(`${value}T00:00:00Z`));
  return value;
}

/** `§ 286 Abs. 1 BGB` does not break over lines. */
const lawKept = (text: string): string =>
  text.replace(/§§? \d+[^.;:!?)]*?(?:\(\d\) )?(?:Abs\. \d )?BGB/g, (law) => law.replaceAll(" ", "\u00a0"));

/** A sentence we have no text for is said by its code, readable enough to be found and mended. */
export function say(language: Language, code: string, values: Readonly<Record<string, string | number>> = {}): Said {
  const raw = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)]));
  const pattern = ALL[code]?.[language === "de" ? 0 : 1] ?? code.replaceAll("_", " ");
  const text = lawKept(pattern).replace(/\{(\w+)\}/g, (_, name: string) => inWords(raw[name] ?? "", language));
  return { code, text, ...(Object.keys(raw).length > 0 && { values: raw }) };
}

/** A text another room has worded already. */
export const worded = (code: string, text: string): Said => ({ code, text });

export const moneyOf = (minor: bigint, currency: string): Money => ({
  amount: formatMinor(minor, currency as Currency),
  currency,
});
/** Groups of four, as banks print it; they don't break over lines. */
export const ibanInGroups = (iban: string): string => iban.replace(/(.{4})(?=.)/g, "$1\u00a0");
/** For the values of sentences. */
export const moneyText = (minor: bigint, currency: string): string =>
  `${formatMinor(minor, currency as Currency)} ${currency}`;
