/**
 * The tags in which German banks hand SEPA data through a remittance text (Anlage 3 of the DFÜ-Abkommen, field 86):
 * `EREF+` end-to-end id, `KREF+` the sender's reference, `MREF+` mandate, `CRED+` creditor id, `DEBT+`, `COAM+` charges,
 * `OAMT+` original amount, `SVWZ+` remittance, `ABWA+` and `ABWE+` who really pays or is paid, `IBAN+`, `BIC+`.
 * Each should begin a subfield; real files also put them in the middle and break them over two.
 */
import type { Decimal } from "../../../kernel/index.ts";
import { mtAmount } from "./line.ts";

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
  /** What stands before the first tag. */
  readonly before: string;
}

const TAG = /(EREF|KREF|MREF|BREF|RREF|PREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|PURP|IBAN|BIC)\+/g;
/** Of a subfield: a shorter piece has lost a space at its end. */
const PIECE_CHARS = 27;
/** Texts for people; every other value is a reference, which never has a space that was not written. */
const PROSE: ReadonlySet<string> = new Set(["SVWZ", "ABWA", "ABWE", "DEBT"]);

/** Null when no tag is there. `pieces` are subfields or lines, cut at any place. */
export function sepaTags(pieces: readonly string[], pieceChars: number = PIECE_CHARS): TaggedText | null {
  // Where pieces meet: a tag may begin right behind, and a space may have been cut off.
  const seams = new Map<number, boolean>();
  let text = "";
  for (const piece of pieces) {
    if (text !== "") seams.set(text.length, (pieces[seams.size] ?? "").length < pieceChars);
    text += piece;
  }
  const found = [...text.matchAll(TAG)];
  if (found.length === 0) return null;
  const value = (from: number, to: number, prose: boolean): string => {
    let made = "";
    let at = from;
    if (prose)
      for (const [seam, cut] of seams)
        if (cut && seam > from && seam < to) {
          made += `${text.slice(at, seam)} `;
          at = seam;
        }
    return `${made}${text.slice(at, to)}`.replace(/\s{2,}/g, " ").trim();
  };
  const tags: Partial<Record<SepaTag, string>> = {};
  for (const [index, match] of found.entries()) {
    const tag = match[1] as SepaTag;
    const written = value(match.index + match[0].length, found[index + 1]?.index ?? text.length, PROSE.has(tag));
    // `KREF+EREF+…`: an empty tag tells nothing; a second one of a kind goes on with the first.
    if (written !== "") tags[tag] = tags[tag] === undefined ? written : `${tags[tag]} ${written}`;
  }
  return { tags, before: value(0, found[0]?.index ?? 0, true) };
}

export const given = (text: string | undefined): string | null =>
  text === undefined || text === "" || /^(not ?provided|nonref)$/i.test(text) ? null : text;

/** `OAMT+11,85`, `OAMT+EUR 11,85`. */
export const taggedAmount = (text: string | undefined): Decimal | null => {
  const number = text === undefined ? undefined : /\d[\d.,]*/.exec(text.slice(0, 40))?.[0];
  return number === undefined ? null : mtAmount(number);
};
