/**
 * The tags in which German banks hand SEPA data through a remittance text (Anlage 3 of the DFÜ-Abkommen, field 86):
 * `EREF+` end-to-end id, `KREF+` the sender's reference, `MREF+` mandate, `CRED+` creditor id, `DEBT+`, `COAM+` charges,
 * `OAMT+` original amount, `SVWZ+` remittance, `ABWA+` and `ABWE+` who really pays or is paid, `IBAN+`, `BIC+`.
 * Each should begin a subfield; real files also put them in the middle and break them over two.
 */
import type { Decimal } from "../../../kernel/index.ts";
import { mtAmount } from "../mt/line.ts";

export const SEPA_TAGS = [
  "EREF",
  "KREF",
  "MREF",
  "BREF",
  "RREF",
  "PREF",
  "CRED",
  "DEBT",
  "COAM",
  "OAMT",
  "SVWZ",
  "ABWA",
  "ABWE",
  "PURP",
  "IBAN",
  "BIC",
] as const; // prettier-ignore
export type SepaTag = (typeof SEPA_TAGS)[number];

export interface TaggedText {
  readonly tags: Readonly<Partial<Record<SepaTag, string>>>;
  /** What belongs to no tag. */
  readonly before: string;
}

const TAG = /(EREF|KREF|MREF|BREF|RREF|PREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|PURP|IBAN|BIC)\+/g;
/** Of a subfield: a shorter piece has lost a space at its end. */
const PIECE_CHARS = 27;
/** Texts for people; every other value is a reference, which never has a space that was not written. */
const PROSE: ReadonlySet<string> = new Set(["SVWZ", "ABWA", "ABWE", "DEBT"]);

/** Null when no tag is there. `pieces` are subfields or lines of `pieceChars`, cut at any place. */
export function sepaTags(pieces: readonly string[], pieceChars: number = PIECE_CHARS): TaggedText | null {
  const longest = Math.max(0, ...pieces.map(({ length }) => length));
  // Some banks cut earlier than the standard; a few characters less are only spaces that were cut off.
  const width = longest + 3 >= pieceChars ? pieceChars : longest;
  // Where pieces meet: a tag may begin right behind, and where a piece ended early, a space was cut off.
  const seams: { readonly at: number; readonly short: number }[] = [];
  let text = "";
  for (const piece of pieces) {
    if (text !== "") seams.push({ at: text.length, short: width - (text.length - (seams.at(-1)?.at ?? 0)) });
    text += piece;
  }
  const found = [...text.matchAll(TAG)];
  if (found.length === 0) return null;
  const prose = (from: number, to: number): string => {
    let made = "";
    let at = from;
    for (const seam of seams)
      if (seam.short > 0 && seam.at > from && seam.at < to) {
        made += `${text.slice(at, seam.at)} `;
        at = seam.at;
      }
    return `${made}${text.slice(at, to)}`.replace(/\s{2,}/g, " ").trim();
  };
  const tags: Partial<Record<SepaTag, string>> = {};
  const loose: string[] = [];
  for (const [index, match] of found.entries()) {
    const tag = match[1] as SepaTag;
    const from = match.index + match[0].length;
    const to = found[index + 1]?.index ?? text.length;
    // A reference ends with a piece that is not full; what follows without a tag is text.
    const seam = PROSE.has(tag) ? undefined : seams.find(({ at, short }) => at > from && at < to && short > 2);
    const end = seam?.at ?? to;
    const written = PROSE.has(tag)
      ? prose(from, end)
      : text
          .slice(from, end)
          .replace(/\s{2,}/g, " ")
          .trim();
    if (seam) loose.push(prose(end, to));
    // `KREF+EREF+…`: an empty tag tells nothing; a second one of a kind goes on with the first.
    if (written !== "") tags[tag] = tags[tag] === undefined ? written : `${tags[tag]} ${written}`;
  }
  return { tags, before: [prose(0, found[0]?.index ?? 0), ...loose].filter((part) => part !== "").join(" ") };
}

export const given = (text: string | undefined): string | null =>
  text === undefined || text === "" || /^(not ?provided|nonref)$/i.test(text) ? null : text;

/** `OAMT+11,85`, `OAMT+EUR 11,85`. */
export const taggedAmount = (text: string | undefined): Decimal | null => {
  const number = text === undefined ? undefined : /\d[\d.,]*/.exec(text.slice(0, 40))?.[0];
  return number === undefined ? null : mtAmount(number);
};
