/** References to the law as people write them: `§ 288 Abs. 1 BGB` in German, `§ 288 (1) BGB` in English. */

const NBSP = "\u00a0";
const ROMAN: Readonly<Record<string, number>> = { I: 1, II: 2, III: 3, IV: 4, V: 5, VI: 6, VII: 7, VIII: 8, IX: 9 };
const NAMES: readonly (readonly [de: string, en: string])[] = [
  ["DSGVO", "GDPR"],
  ["a.F.", "old version"],
];

/** One or several references (`§ 288 II BGB a.F., Art. 229 § 34 EGBGB`); spaces inside one of them don't break. */
export function lawInWriting(reference: string, language: "de" | "en"): string {
  let text = reference.replace(
    /(§§? ?\d+[a-z]?) (VIII|VII|VI|IV|IX|V|III|II|I)\b/g,
    (_, section: string, roman: string) =>
      language === "de" ? `${section} Abs. ${ROMAN[roman]}` : `${section} (${ROMAN[roman]})`,
  );
  for (const [de, en] of NAMES) text = language === "de" ? text.replaceAll(en, de) : text.replaceAll(de, en);
  return text.replace(/(§§?|Abs\.|Nr\.|Art\.|\d[a-z]?|\(\d\)|\.) (?=\S)/g, `$1${NBSP}`);
}
