/** How names, streets and towns become words that can be searched: spelling, beginnings, sound. */
import type { Identity } from "./model.ts";
import { colognePhonetics } from "./phonetics.ts";

/** Beginnings up to this length have a token of their own; a longer fragment is checked on the opened identity. */
const LONGEST_BEGINNING = 8;
const SHORTEST_BEGINNING = 2;

/** Lower case without accents; umlauts in their two letters (`Müller` → `mueller`), `straße` and `str.` alike. */
export function foldWord(word: string): string {
  const folded = word
    .normalize("NFC")
    .toLowerCase()
    .replace(/ä/g, "ae")
    .replace(/ö/g, "oe")
    .replace(/ü/g, "ue")
    .replace(/ß/g, "ss")
    .normalize("NFD")
    .replace(/[^\p{L}\p{N}]/gu, "");
  return folded.length > 7 ? folded.replace(/strasse$/, "str") : folded;
}

/** The same without the e of an umlaut: `Müller` is found by `mull` as well. Undefined where that changes nothing. */
function foldWithoutUmlaut(word: string): string | undefined {
  if (!/[äöü]/i.test(word.normalize("NFC"))) return undefined;
  return foldWord(word.normalize("NFD").replace(/\u0308/g, ""));
}

/** Parts of a text: `Meyer-Lüdenscheidt, Hans` has three. */
export const wordsIn = (text: string): string[] => text.split(/[^\p{L}\p{N}\p{M}]+/u).filter((word) => word !== "");

export const textsOf = (identity: Identity): string[] => [
  ...[identity.firstName, identity.name, identity.company].filter((text) => text !== undefined),
  ...identity.addresses.flatMap((address) => [address.street, address.postcode, address.city]),
];

const beginning = (folded: string): string => `b:${folded.slice(0, LONGEST_BEGINNING)}`;
function sound(word: string): string | undefined {
  const code = colognePhonetics(word);
  return /^\p{L}/u.test(word) && code.length >= 2 ? `s:${code}` : undefined;
}

/** Search words of an identity: every beginning of two to eight letters of each word, and its sound. */
export function searchWords(identity: Identity): string[] {
  const found = new Set<string>();
  for (const word of textsOf(identity).flatMap(wordsIn)) {
    for (const folded of [foldWord(word), foldWithoutUmlaut(word)]) {
      if (folded === undefined) continue;
      for (let length = SHORTEST_BEGINNING; length <= Math.min(folded.length, LONGEST_BEGINNING); length += 1)
        found.add(`b:${folded.slice(0, length)}`);
    }
    const heard = sound(word);
    if (heard !== undefined) found.add(heard);
  }
  return [...found];
}

export interface QueryWord {
  readonly folded: string;
  readonly sound: string | undefined;
  /** Tokens of which a customer has at least one: spelled so, or sounding so. */
  readonly spelled: string;
}

/** Words of a question that can be looked up; single letters are left to the check on the identity. */
export function queryWords(text: string): QueryWord[] {
  return wordsIn(text)
    .map((word) => ({ folded: foldWord(word), sound: sound(word) }))
    .filter(({ folded }) => folded.length >= SHORTEST_BEGINNING)
    .map(({ folded, sound }) => ({ folded, sound, spelled: beginning(folded) }));
}

/** 2: every word of the question begins a word of the identities (the customer's, the parties'); 1: some only sound alike; 0: something is missing. */
export function likeness(identities: readonly Identity[], text: string): 0 | 1 | 2 {
  const own = identities
    .flatMap(textsOf)
    .flatMap(wordsIn)
    .map((word) => ({
      spellings: [foldWord(word), foldWithoutUmlaut(word)].filter((folded) => folded !== undefined),
      sound: sound(word),
    }));
  let grade: 1 | 2 = 2;
  for (const word of wordsIn(text)) {
    const folded = foldWord(word);
    if (own.some(({ spellings }) => spellings.some((spelling) => spelling.startsWith(folded)))) continue;
    const heard = sound(word);
    if (heard === undefined || !own.some((part) => part.sound === heard)) return 0;
    grade = 1;
  }
  return grade;
}
