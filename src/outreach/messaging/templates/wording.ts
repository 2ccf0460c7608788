/**
 * Words that nobody who owes money should have to read, and nobody who writes to them should get used to.
 * Run over every message text and over every word of console and portal.
 */
import type { Finding } from "./finding.ts";
import type { Language } from "./formats.ts";

/** What the voice of the product never says. */
const NEVER: Readonly<Record<Language, readonly string[]>> = {
  de: (
    "schuldner debitor säumig schulden zahlungsmoral zahlungsunwillig letztmalig letztmalige letztmals ultimativ " +
    "unverzüglich umgehend unnachgiebig trotz versäumt versäumnis nachlässig zwangsvollstreckung gerichtsvollzieher " +
    "pfändung lohnpfändung kontopfändung haft strafanzeige betrug arbeitgeber nachbarn schufa-eintrag"
  ).split(" "),
  en: (
    "debtor delinquent defaulter arrears deadbeat immediately urgent bailiff garnishment seizure prosecute prison " +
    "employer neighbours lawsuit failed failure despite"
  ).split(" "),
};
const NEVER_PHRASES: readonly string[] = ["final demand", "last chance", "legal action"];
/** Free debt advice may be named to who asked for help. */
const ALLOWED = /schuldner(?:- und insolvenz)?beratung(?:sstelle)?n?/gi;
const ENDINGS = /^(?:e|en|er|es|em|s|n|in|innen|ly|rin|rinnen)?$/;

function isNever(word: string, never: readonly string[]): string | undefined {
  return never.find((entry) => {
    if (word === entry) return true;
    // Long entries also inside compounds (Hauptschuldner); short ones (haft, trotz) only as the word itself: Gesellschaft is fine.
    if (entry.length >= 7) return word.includes(entry);
    return entry.length >= 6 && word.startsWith(entry) && ENDINGS.test(word.slice(entry.length));
  });
}

/**
 * Every word that must not stand there, with its line. Quoted titles of statutes are a false alarm that the caller
 * leaves out of the text.
 */
export function checkWords(text: string, language: Language, where = "text", firstLine = 1): Finding[] {
  const findings: Finding[] = [];
  text.split("\n").forEach((raw, index) => {
    const line = raw.replace(ALLOWED, " ").toLowerCase();
    const report = (word: string): void => {
      findings.push({
        rule: "word_never",
        message: `"${word}" is a word we don't use; say what is, what is possible and what comes next.`,
        where,
        line: firstLine + index,
        severity: "error",
      });
    };
    for (const [word] of line.matchAll(/[\p{L}]+(?:-[\p{L}]+)*/gu)) {
      if (isNever(word, NEVER[language])) report(word);
    }
    for (const phrase of language === "en" ? NEVER_PHRASES : []) {
      if (line.includes(phrase)) report(phrase);
    }
  });
  return findings;
}

/** What subject, preview, push, SMS and envelope never say: what it is about. */
const TELLING: Readonly<Record<Language, RegExp>> = {
  de: /(?<!\p{L})((?:mahn|rechnung|forderung|inkasso|gericht|zahlung|bezahl|betrag|beträg|fällig|überfällig|verzug|schuld|lastschrift)\p{L}*|zahlen|raten?(?!\p{L}))|€/iu,
  en: /(?<!\p{L})(dunning\p{L}*|invoices?|claims?|collection\p{L}*|court|payments?|pay(?:ing)?|paid|amounts?|due|overdue|default|debts?|instalments?|direct debits?)(?!\p{L})|€/iu,
};

/** The first word that tells a bystander what the message is about, or null. */
export const tellingWord = (text: string, language: Language): string | null =>
  TELLING[language].exec(text)?.[0] ?? null;

/** Advertising has no place in a message about a claim (§ 7 UWG), nor has credit as an offer (§§ 491, 506 BGB). */
const ADVERTISING: Readonly<Record<Language, RegExp>> = {
  de: /(?<!\p{L})(?:(?:rabatt|gutschein|newsletter|gewinnspiel|sonderangebot|schnäppchen|neuheit|ratenkauf|ratenkredit|finanzierung)\p{L}*|jetzt (?:kaufen|bestellen|sichern))/iu,
  en: /(?<!\p{L})(?:vouchers?|coupons?|newsletters?|promotions?|special offers?|prize draw|new arrivals|financing|instalment loans?|(?:buy|order) now)(?!\p{L})/iu,
};

/** The first words of advertising in a text, or null. */
export const advertisingWord = (text: string, language: Language): string | null =>
  ADVERTISING[language].exec(text)?.[0] ?? null;

/** Whether a text says that disputing the claim prevents the report it speaks of (BGH I ZR 157/13). */
export const namesObjection = (text: string, language: Language): boolean =>
  (language === "de"
    ? /widersprech|bestreite|einwand|einwend/iu
    : /(?<!\p{L})(?:dispute|object|objection)(?!\p{L})/iu
  ).test(text);

const ABBREVIATIONS = new Set(["IBAN", "DSGVO", "GDPR", "SEPA", "STOP", "BDSG", "HTML", "GIROCODE"]);

/** Capitals for emphasis: a word of four letters or more that is no known abbreviation. */
export function shouting(text: string): string | null {
  for (const [word] of text.matchAll(/(?<![\p{L}\p{N}])\p{Lu}{4,}(?![\p{L}\p{N}])/gu))
    if (!ABBREVIATIONS.has(word)) return word;
  return null;
}
