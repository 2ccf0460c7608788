/** How the names of two people relate. */
import { isFirstName, isShortFormOf } from "./first-names.ts";
import { distance, slips, spelling } from "./spelling.ts";
import type { View } from "./view.ts";

/**
 * - `same`, `spelling` (Stefan, Stephan), `typo` (Tohmas): one name
 * - `short` (Hans, Hans-Peter), `initial`, `missing`: may be one
 * - `close` (Sina, Sinja): one letter apart and nobody knows which is right
 * - `differs`
 */
export type FirstRelation = "same" | "spelling" | "typo" | "short" | "initial" | "missing" | "close" | "differs";
/** `part`: a double name and one half of it (Müller, Müller-Schmidt). */
export type LastRelation = "same" | "spelling" | "typo" | "part" | "missing" | "differs";

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
  const [odds, rights] = [common(odd), common(right)];
  if (isFirstName(right)) return odds <= 2 || odds * 20 <= rights;
  return rights >= 3 && (odds === 1 || odds * 20 <= rights);
}

/** The last letter tells Paul from Paula and Mario from Maria. */
const endsApart = (a: string, b: string): boolean =>
  a.startsWith(b) || b.startsWith(a) || (a.slice(0, -1) === b.slice(0, -1) && a.length === b.length);

function relateFirst(a: readonly string[], b: readonly string[], common: Commonness): FirstRelation {
  if (a.length === 0 || b.length === 0) return "missing";
  const [one, other] = [a.join(""), b.join("")];
  if (one === other) return "same";
  const [initialA, initialB] = [a[0]?.length === 1, b[0]?.length === 1];
  if (initialA || initialB) return one[0] === other[0] ? "initial" : "differs";
  if (spelling(one) === spelling(other)) return "spelling";
  const [fewer, more] = a.length <= b.length ? [a, b] : [b, a];
  if (
    fewer.length < more.length &&
    fewer.every((word) => more.some((full) => full === word || spelling(full) === spelling(word)))
  )
    return "short";
  const [shorter, longer] = one.length <= other.length ? [one, other] : [other, one];
  if (isShortFormOf(shorter, longer) || isShortFormOf(longer, shorter)) return "short";
  if (shorter.length >= 3 && longer.startsWith(shorter) && longer.length - shorter.length > 2) return "short";
  if (distance(one, other) <= slips(Math.max(4, shorter.length))) {
    const slip = isSlip(one, other, common) || isSlip(other, one, common);
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
  const shorter = Math.min(one.length, other.length);
  if (distance(one, other) <= slips(shorter)) return "typo";
  const [fewer, more] = a.length <= b.length ? [a, b] : [b, a];
  if (
    fewer.length < more.length &&
    fewer.every((word) => more.some((full) => full === word || spelling(full) === spelling(word)))
  )
    return "part";
  return "differs";
}

const FIRST_RANK: readonly FirstRelation[] = [
  "same",
  "spelling",
  "typo",
  "short",
  "initial",
  "close",
  "missing",
  "differs",
];
const LAST_RANK: readonly LastRelation[] = ["same", "spelling", "typo", "part", "missing", "differs"];
const rank = ({ first, last }: NameRelation): number => FIRST_RANK.indexOf(first) + LAST_RANK.indexOf(last) * 1.5;

/** First name and surname in either order: forms are filled in the wrong way round. */
export function relateNames(a: View, b: View, common: Commonness): NameRelation {
  const straight: NameRelation = {
    first: relateFirst(a.first, b.first, common),
    last: relateLast(a.last, b.last),
    swapped: false,
  };
  if (rank(straight) === 0) return straight;
  const swapped: NameRelation = {
    first: relateFirst(a.first, b.last, common),
    last: relateLast(a.last, b.first),
    swapped: true,
  };
  return rank(swapped) < Math.min(rank(straight), 3) ? swapped : straight;
}
