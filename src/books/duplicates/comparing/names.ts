/** How the names of two people relate. */
import { firstNamesWithin, isFirstName, isShortFormOf } from "./first-names.ts";
import { distance, slips, spelling } from "./spelling.ts";
import type { View } from "./view.ts";

/**
 * - `same`, `spelling` (Stefan, Stephan), `typo` (Tohmas): one name
 * - `short` (Hans, Hans-Peter; Gabi, Gabriele), `initial`, `missing`: may be one
 * - `begins` (Jan, Janina; Hans, Johannes; Peter, Hans-Peter): the short one is a name of its own
 * - `close` (Sina, Sinja): one letter apart and nobody knows which is right
 * - `differs`
 */
export type FirstRelation =
  | "same"
  | "spelling"
  | "typo"
  | "short"
  | "begins"
  | "initial"
  | "missing"
  | "close"
  | "differs";
/** `near`: two slips in a short name. `part`: a double name and one half of it (Müller, Müller-Schmidt). */
export type LastRelation = "same" | "spelling" | "typo" | "near" | "part" | "missing" | "differs";

export interface NameRelation {
  readonly first: FirstRelation;
  readonly last: LastRelation;
  readonly swapped: boolean;
}

/** How many files of the tenant have a first name, counted up to some thousands. */
export type Commonness = (firstName: string) => number;

/** A writing that a few have where very many have the other is a slip; one that is a name of its own is not. */
function isSlip(odd: string, right: string, common: Commonness): boolean {
  if (isFirstName(odd)) return false;
  // Two neighbours changed places: hardly any other slip ends there.
  const swapped = distance(odd, right) === 1 && [...odd].sort().join("") === [...right].sort().join("");
  // `Jomas` is as near to Jonas as to Thomas: nobody knows whose slip it is.
  if (
    !swapped &&
    nearNames(odd, apart(odd, right)).some((name) => name !== right && spelling(name) !== spelling(right))
  )
    return false;
  const [odds, rights] = [common(odd), common(right)];
  if (isFirstName(right)) return odds <= 2 || odds * 20 <= rights;
  return rights >= 3 && (odds === 1 || odds * 20 <= rights);
}

const nearest = new Map<string, readonly string[]>();
/** First names at most so far from a writing; the few writings of a run are kept. */
function nearNames(odd: string, within: number): readonly string[] {
  const key = `${odd} ${within}`;
  let names = nearest.get(key);
  if (!names) {
    if (nearest.size > 20_000) nearest.clear();
    nearest.set(key, (names = firstNamesWithin(odd.length, within).filter((name) => apart(odd, name) <= within)));
  }
  return names;
}

/** The last letter tells Paul from Paula and Mario from Maria. */
const endsApart = (a: string, b: string): boolean =>
  a.startsWith(b) || b.startsWith(a) || (a.slice(0, -1) === b.slice(0, -1) && a.length === b.length);

/** An umlaut is one slip away from its vowel, in whichever way it was written. */
const apart = (a: string, b: string): number => Math.min(distance(a, b), distance(spelling(a), spelling(b)));

/** `Lara`, `Lora`; `Tim`, `Tom`: a vowel for another is more often another name than a slip. */
function otherVowel(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  const places = [...a].flatMap((letter, index) => (letter === b[index] ? [] : [[letter, b[index] ?? ""] as const]));
  return places.length === 1 && places.every((pair) => pair.every((letter) => /[aeiouy]/.test(letter)));
}

function relateFirst(a: readonly string[], b: readonly string[], common: Commonness): FirstRelation {
  if (a.length === 0 || b.length === 0) return "missing";
  const [one, other] = [a.join(""), b.join("")];
  if (one === other) return one.length === 1 ? "initial" : "same";
  const [initialA, initialB] = [a[0]?.length === 1, b[0]?.length === 1];
  if (initialA || initialB) return one[0] === other[0] ? "initial" : "differs";
  if (spelling(one) === spelling(other)) return "spelling";
  const [fewer, more] = a.length <= b.length ? [a, b] : [b, a];
  if (
    fewer.length < more.length &&
    fewer.every((word) => more.some((full) => full === word || spelling(full) === spelling(word)))
  )
    return spelling(fewer[0] ?? "") === spelling(more[0] ?? "") ? "short" : "begins";
  const [shorter, longer] = one.length <= other.length ? [one, other] : [other, one];
  // A short form that is given as a name of its own may be a brother's.
  const own: FirstRelation = isFirstName(shorter) ? "begins" : "short";
  if (isShortFormOf(shorter, longer) || isShortFormOf(longer, shorter)) return own;
  if (shorter.length >= 3 && longer.startsWith(shorter) && longer.length - shorter.length > 2) return own;
  if (apart(one, other) <= slips(Math.max(4, shorter.length))) {
    const slip = !otherVowel(one, other) && (isSlip(one, other, common) || isSlip(other, one, common));
    if (slip && !(endsApart(one, other) && shorter.length < 5))
      return endsApart(one, other) ? endSlip(one, other) : "typo";
    if (isFirstName(one) && isFirstName(other)) return "differs";
    return isDoubtless(one, common) && isDoubtless(other, common) ? "differs" : "close";
  }
  return "differs";
}

/** `Thoma` for `Thomas`: cut off or grown at its end. A vowel more or less at the end may be another person. */
const endSlip = (a: string, b: string): FirstRelation => {
  const [shorter, longer] = a.length <= b.length ? [a, b] : [b, a];
  if (a.length === b.length) return /[aeio]$/.test(a) && /[aeio]$/.test(b) ? "close" : "typo";
  return /[aeio]$/.test(longer) && !/[aeiou]$/.test(shorter) ? "close" : "typo";
};

const isDoubtless = (name: string, common: Commonness): boolean => isFirstName(name) || common(name) >= 8;

function relateLast(a: readonly string[], b: readonly string[]): LastRelation {
  if (a.length === 0 || b.length === 0) return "missing";
  const [one, other] = [a.join(""), b.join("")];
  if (one === other) return "same";
  if (spelling(one) === spelling(other)) return "spelling";
  const longer = Math.max(one.length, other.length);
  const slipped = apart(one, other);
  if (slipped <= slips(longer)) return "typo";
  const [fewer, more] = a.length <= b.length ? [a, b] : [b, a];
  if (
    fewer.length < more.length &&
    fewer.every((word) => more.some((full) => full === word || spelling(full) === spelling(word)))
  )
    return "part";
  return slipped <= 2 && longer >= 5 ? "near" : "differs";
}

const FIRST_RANK: readonly FirstRelation[] = [
  "same",
  "spelling",
  "typo",
  "short",
  "begins",
  "initial",
  "close",
  "missing",
  "differs",
];
const LAST_RANK: readonly LastRelation[] = ["same", "spelling", "typo", "near", "part", "missing", "differs"];
const rank = ({ first, last }: NameRelation): number => FIRST_RANK.indexOf(first) + LAST_RANK.indexOf(last) * 1.5;

/** First name and surname in either order: forms are filled in the wrong way round, and nobody knows which one was. */
export function relateNames(a: View, b: View, common: Commonness): NameRelation {
  const relate = (
    firstA: readonly string[],
    lastA: readonly string[],
    firstB: readonly string[],
    lastB: readonly string[],
  ) => ({
    first: relateFirst(firstA, firstB, common),
    last: relateLast(lastA, lastB),
  });
  const straight: NameRelation = { ...relate(a.first, a.last, b.first, b.last), swapped: false };
  if (rank(straight) <= 2) return straight;
  const swapped: NameRelation[] = [];
  for (const [firstA, lastA, firstB, lastB] of [
    [a.first, a.last, b.last, b.first],
    [a.last, a.first, b.first, b.last],
  ] as const) {
    const one = relate(firstA, lastA, firstB, lastB);
    // Else `Lina` and `Mina`, read as surnames, would pass for one name with a slip.
    const exact = one.last === "same" || one.last === "spelling";
    const readAsLast = [lastA.join(""), lastB.join("")];
    if (exact || !readAsLast.some((name) => isDoubtless(name, common))) swapped.push({ ...one, swapped: true });
  }
  return swapped.reduce((best, one) => (rank(one) < Math.min(rank(best), 5) ? one : best), straight);
}
