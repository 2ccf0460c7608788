/** Numbers and words that differ in a character or two: slips of the pen, letters swapped. */
import { normaliseReference, piecesOf } from "../references.ts";

const counted = new Int8Array(64);

/** Characters one has and the other has not, at least so many are changed; told without a table, for most are far apart. */
function strangers(a: string, b: string): number {
  counted.fill(0);
  for (let i = 0; i < a.length; i += 1) counted[a.charCodeAt(i) & 63] = (counted[a.charCodeAt(i) & 63] ?? 0) + 1;
  for (let i = 0; i < b.length; i += 1) counted[b.charCodeAt(i) & 63] = (counted[b.charCodeAt(i) & 63] ?? 0) - 1;
  let [more, less] = [0, 0];
  for (const count of counted) {
    if (count > 0) more += count;
    else less -= count;
  }
  return Math.max(more, less);
}

/** Single-character changes, swaps of neighbours among them (Damerau, restricted), up to `max`; more gives `max + 1`. */
export function distanceUpTo(a: string, b: string, max: number): number {
  if (Math.abs(a.length - b.length) > max || strangers(a, b) > max) return max + 1;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    let least = i;
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let value = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        value = Math.min(value, (before[j - 2] ?? 0) + 1);
      current.push(value);
      least = Math.min(least, value);
    }
    if (least > max) return max + 1;
    before = previous;
    previous = current;
  }
  return Math.min(previous[b.length] ?? 0, max + 1);
}

/** Runs of up to four pieces of a text, made once for all items of a payment. */
const runsOfLines = new WeakMap<readonly string[], readonly { token: string; hasDigit: boolean }[]>();

function runsIn(lines: readonly string[]): readonly { token: string; hasDigit: boolean }[] {
  const known = runsOfLines.get(lines);
  if (known) return known;
  const found = new Set<string>();
  for (const reading of new Set([lines.join(" "), lines.join("")])) {
    const pieces = piecesOf(reading.slice(0, 2000));
    for (let from = 0; from < pieces.length; from += 1) {
      let token = "";
      for (let to = from; to < Math.min(pieces.length, from + 4); to += 1) {
        token += pieces[to]?.text ?? "";
        found.add(token);
      }
    }
  }
  const runs = [...found].map((token) => ({ token, hasDigit: /\d/.test(token) }));
  runsOfLines.set(lines, runs);
  return runs;
}

/** True when some run of the text is the number but for one or two characters; for numbers of six characters or more. */
export function namesSimilar(lines: readonly string[], number: string): boolean {
  const wanted = normaliseReference(number);
  if (wanted.length < 6) return false;
  const digits = wanted.replace(/^\p{L}+/u, "");
  for (const { token, hasDigit } of runsIn(lines)) {
    // Longer differences in length than changes allowed need no comparison.
    const apart = Math.abs(token.length - wanted.length);
    if (hasDigit && apart <= 2 && distanceUpTo(token, wanted, 2) <= 2) return true;
    if (digits.length >= 6 && Math.abs(token.length - digits.length) <= 1 && distanceUpTo(token, digits, 1) <= 1)
      return true;
  }
  return false;
}
