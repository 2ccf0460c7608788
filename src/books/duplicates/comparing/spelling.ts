/** How names are written: folded, without what spelling leaves open, and how far apart two writings are. */

/** Lower case letters and digits; umlauts in two letters, accents gone. */
export function fold(text: string): string {
  return text
    .normalize("NFC")
    .toLowerCase()
    .replace(/ä/g, "ae")
    .replace(/ö/g, "oe")
    .replace(/ü/g, "ue")
    .replace(/ß/g, "ss")
    .replace(/ø/g, "oe")
    .replace(/æ/g, "ae")
    .replace(/ł/g, "l")
    .replace(/ı/g, "i")
    .normalize("NFD")
    .replace(/[^\p{L}\p{N}]/gu, "");
}

export const wordsOf = (text: string): string[] => text.split(/[^\p{L}\p{N}\p{M}\uFFFD]+/u).filter(Boolean);

/**
 * One writing for what German spelling leaves open: `Müller`, `Mueller`, `Muller`; `Stefan`, `Stephan`; `Meyer`, `Maier`;
 * `Schmidt`, `Schmitt`. Different names may share one, so it is a strong hint and no proof.
 */
export function spelling(folded: string): string {
  return folded
    .replace(/ph/g, "f")
    .replace(/th|dt|tt/g, "t")
    .replace(/ck|kh|cc/g, "k")
    .replace(/c(?!h)/g, "k")
    .replace(/qu/g, "kw")
    .replace(/tz/g, "z")
    .replace(/v(?=[^aeiou]|$)/g, "f")
    .replace(/(ai|ei|ey|ay)/g, "ei")
    .replace(/y/g, "i")
    .replace(/ae/g, "a")
    .replace(/oe/g, "o")
    .replace(/ue/g, "u")
    .replace(/ie/g, "i")
    .replace(/([aeiou])h(?![aeiou])/g, "$1")
    .replace(/(.)\1+/g, "$1");
}

/**
 * Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours. Stops above `limit` and says
 * `limit + 1` then.
 */
export function distance(a: string, b: string, limit = 2): number {
  if (a === b) return 0;
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let value = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        value = Math.min(value, (before[j - 2] ?? 0) + 1);
      row.push(value);
      if (value < least) least = value;
    }
    if (least > limit) return limit + 1;
    before = last;
    last = row;
  }
  return Math.min(last[b.length] ?? limit + 1, limit + 1);
}

/** Slips a writing of this length may have and still be the same word. */
export const slips = (length: number): number => (length <= 3 ? 0 : length <= 7 ? 1 : 2);
