/**
 * Does the payer's name agree with the customer's? Banks cut names, write umlauts out, put the family name first and
 * add titles; couples share an account. Only a name that shares nothing with the customer's contradicts.
 */
import { distanceUpTo } from "./judging/similar.ts";

export type NameAgreement =
  | "full" // family and first name, or most of the company's name
  | "family" // the family name, or one telling word of the company's
  | "unknown" // the bank gave no name
  | "contradicts";

export interface KnownName {
  readonly firstName?: string | undefined;
  readonly name?: string | undefined;
  readonly company?: string | undefined;
}

/** Words that tell nobody apart. */
const EMPTY_WORDS = new Set(
  (
    "herr herrn frau familie fam eheleute dr prof dipl ing und u von van der den de zu zur vom the and or oder o " +
    "gmbh ggmbh mbh ag kg kgaa ohg ug gbr se ev eg ek ekfr ekfm co cie ltd inc llc bv nv sarl sas spa srl kdoer inh firma fa " +
    "haftungsbeschrankt gesellschaft holding group gruppe deutschland germany"
  ).split(" "),
);

/** The words of a name as they are written, without those that tell nobody apart. */
export const tellingWords = (name: string): string[] =>
  name.split(/[^\p{L}\p{N}\p{M}'-]+/u).filter((word) => word.length > 1 && nameWords(word).length > 0);

/** Nothing to fold but case: most names, and three passes over the text less. */
const PLAIN = /^[ -~]*$/;

/** Lower case, `ä` = `ae` = `a`, without accents, legal forms and titles. */
export function nameWords(name: string): string[] {
  const plain = PLAIN.test(name)
    ? name.toLowerCase()
    : name.normalize("NFKD").toLowerCase().replace(/ß/g, "ss").replace(/\p{M}/gu, "");
  const folded = plain.replace(/([aou])e/g, "$1").replace(/[.'’`]/g, "");
  return (folded.match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !EMPTY_WORDS.has(word));
}

function sameWord(payer: string, known: string, payerIsCut: boolean): boolean {
  if (payer === known) return true;
  if (payerIsCut && payer.length >= 4 && known.startsWith(payer)) return true;
  return payer.length >= 6 && known.length >= 6 && distanceUpTo(payer, known, 1) <= 1;
}

/** A customer's name as words. */
interface KnownWords {
  readonly first: readonly string[];
  readonly family: readonly string[];
  readonly company: readonly string[];
}

const wordsOf = ({ firstName, name, company }: KnownName): KnownWords => ({
  first: firstName ? nameWords(firstName) : [],
  family: name ? nameWords(name) : [],
  company: company ? nameWords(company) : [],
});

function agreesWith(
  words: readonly string[],
  { first, family, company }: KnownWords,
  cut: boolean,
): "full" | "family" | "contradicts" {
  const has = (wanted: string): boolean =>
    words.some((word, index) => sameWord(word, wanted, cut && index === words.length - 1));
  if (family.some((word) => word.length > 1 && has(word))) {
    const initials = words.filter((word) => word.length === 1);
    const firstFound = first.some((word) => has(word) || initials.includes(word[0] ?? ""));
    // Without a first name on file everything that is known of the name has to be there.
    return firstFound || (first.length === 0 && family.every(has)) ? "full" : "family";
  }
  if (company.length > 0) {
    const found = company.filter(has);
    const letters = (list: readonly string[]): number => list.reduce((sum, word) => sum + word.length, 0);
    if (letters(found) * 3 >= letters(company) * 2) return "full";
    if (found.some((word) => word.length >= 4)) return "family";
  }
  return "contradicts";
}

/** Best agreement of any of the payer's names (payer, ultimate payer) with any of the customer's (itself, its parties). */
export function nameAgreement(payer: readonly string[], known: readonly KnownName[]): NameAgreement {
  const given = payer
    .map((name) => ({ words: nameWords(name), cut: name.length >= 26 }))
    .filter(({ words }) => words.length > 0);
  const usable = known.map(wordsOf).filter(({ family, company }) => family.length > 0 || company.length > 0);
  if (given.length === 0 || usable.length === 0) return "unknown";
  let best: NameAgreement = "contradicts";
  for (const { words, cut } of given)
    for (const candidate of usable) {
      const agreement = agreesWith(words, candidate, cut);
      if (agreement === "full") return "full";
      if (agreement === "family") best = "family";
    }
  return best;
}
