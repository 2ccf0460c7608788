/**
 * Numbers in a remittance text. Payers write `RE-0001234` as `RE 000 1234`, `Rechnung 1234`, `INVRE0001234/Kd 77`, and
 * banks break lines in the middle of a number, so a number is looked for as a run of letter and digit *pieces*, whatever
 * stands between them. What a number of this creditor looks like is known from its items (`shapesOf`), so only runs that
 * may be one are looked up: sealed look-ups cost a keyed hash each.
 */

import { creditorReference } from "../../pure/formats/index.ts";

/** How sure it is that the text means this number, best first. */
export type Quality =
  | "structured" // a reference field, check digits right (RF, ISO 11649)
  | "exact" // all letters and digits of the number, other separators allowed
  | "digits" // its digits, without its letters, or without leading zeros
  | "similar"; // one or two characters differ

export interface FoundReference {
  /** Letters and digits only, upper case: as the directory keeps references. */
  readonly token: string;
  readonly quality: Quality;
  /** Only its digits stand there, and the text calls them a customer number: this one, as `token` is written. */
  readonly customerNumber?: string;
}

/** Letters and digits only, upper case. */
export const normaliseReference = (text: string): string =>
  text
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, "");

/** What numbers of a creditor look like: letters as they are, each run of digits as `#`, with the lengths seen. */
export interface Shape {
  readonly skeleton: string;
  /** Lengths of the digit runs, shortest and longest seen. */
  readonly runs: readonly { readonly min: number; readonly max: number }[];
  /** What stands around the counting digits (`2026-0012345`), for payers who write those alone. */
  readonly frames: readonly Frame[];
}

interface Frame {
  readonly head: string;
  readonly tail: string;
  /** Digits, shortest and longest seen. */
  min: number;
  max: number;
}

/** Frames of a creditor that are tried, the most frequent first; each costs a look-up for every number in a text. */
const FRAMES_MAX = 12;

/** More skeletons than this mean letters that vary freely; then each letter run is taken as it comes. */
const SKELETONS_MAX = 200;

/** The shapes of known numbers; an empty number gives none. */
export function shapesOf(numbers: Iterable<string>): Shape[] {
  const found = new Map<string, { min: number; max: number }[]>();
  const frames = new Map<string, Frame & { skeleton: string }>();
  for (const number of numbers) {
    const framed = /^(.*?)(\d{5,})(\D*)$/s.exec(number.normalize("NFKC").toUpperCase());
    const token = normaliseReference(number);
    if (!/\d/.test(token)) continue;
    const skeleton = token.replace(/\d+/g, "#");
    if (framed) {
      const [head, length, tail] = [
        normaliseReference(framed[1] ?? ""),
        (framed[2] ?? "").length,
        normaliseReference(framed[3] ?? ""),
      ];
      const frame = frames.get(`${head}#${tail}`);
      if (frame) {
        frame.min = Math.min(frame.min, length);
        frame.max = Math.max(frame.max, length);
      } else if (frames.size < FRAMES_MAX)
        frames.set(`${head}#${tail}`, { head, tail, min: length, max: length, skeleton });
    }
    const lengths = (token.match(/\d+/g) ?? []).map((run) => run.length);
    const runs = found.get(skeleton);
    if (!runs) {
      if (found.size >= SKELETONS_MAX) continue;
      found.set(
        skeleton,
        lengths.map((length) => ({ min: length, max: length })),
      ); // prettier-ignore
    } else
      runs.forEach((run, index) => {
        run.min = Math.min(run.min, lengths[index] ?? run.min);
        run.max = Math.max(run.max, lengths[index] ?? run.max);
      });
  }
  return [...found].map(([skeleton, runs]) => ({
    skeleton,
    runs,
    frames: [...frames.values()].filter((frame) => frame.skeleton === skeleton),
  }));
}

interface Piece {
  readonly text: string;
  readonly digits: boolean;
}

/** Maximal runs of letters or of digits, in order. */
export function piecesOf(text: string): Piece[] {
  return (
    text
      .normalize("NFKC")
      .toUpperCase()
      .match(/\p{L}+|\d+/gu) ?? []
  ).map((piece) => ({
    text: piece,
    digits: piece.charCodeAt(0) < 58,
  }));
}

const isStructuredReference = (token: string): boolean => creditorReference(token).ok;

/** Pieces a number may be torn into, and characters it may have. */
const WINDOW_PIECES = 7;
const TOKEN_CHARS = 32;

function* structuredIn(pieces: readonly Piece[]): Generator<FoundReference> {
  for (let from = 0; from < pieces.length; from += 1) {
    const first = pieces[from];
    if (!first || first.digits || !first.text.endsWith("RF")) continue;
    let token = "RF";
    for (let to = from + 1; to < Math.min(pieces.length, from + 14); to += 1) {
      token += pieces[to]?.text ?? "";
      if (token.length > 25) break;
      if (isStructuredReference(token)) yield { token, quality: "structured" };
    }
  }
}

interface ShapeIndex {
  readonly bySkeleton: ReadonlyMap<string, Shape>;
  /** Frames whose digits alone may stand for them. */
  readonly frames: readonly Frame[];
  readonly longestPrefixes: readonly string[];
}

const indexes = new WeakMap<readonly Shape[], ShapeIndex>();
function indexOf(shapes: readonly Shape[]): ShapeIndex {
  let index = indexes.get(shapes);
  if (!index) {
    const frames = new Map<string, Frame>();
    for (const { skeleton, runs, frames: own } of shapes) {
      for (const frame of own) frames.set(`${frame.head}#${frame.tail}`, frame);
      // Numbers with few digits have no frame of their own.
      const match = /^(\p{L}*)#$/u.exec(skeleton);
      const run = runs[0];
      if (match && run && !frames.has(skeleton)) frames.set(skeleton, { head: match[1] ?? "", tail: "", ...run });
    }
    const prefixes = new Set(shapes.map(({ skeleton }) => /^\p{L}*/u.exec(skeleton)?.[0] ?? "").filter(Boolean));
    index = {
      bySkeleton: new Map(shapes.map((shape) => [shape.skeleton, shape])),
      frames: [...frames.values()],
      longestPrefixes: [...prefixes].sort((a, b) => b.length - a.length),
    };
    indexes.set(shapes, index);
  }
  return index;
}

const fits = (shape: Shape, token: string): boolean =>
  (token.match(/\d+/g) ?? []).every((run, index) => {
    const seen = shape.runs[index];
    // Numbering goes on: one digit more than ever seen is still a number of this creditor.
    return seen !== undefined && run.length >= seen.min && run.length <= seen.max + 1;
  });

/** Digits that say something: not the zeros in front. */
const significant = (digits: string): number => digits.replace(/^0+/, "").length;
const SIGNIFICANT_MIN = 4;
/** Shorter numbers of digits alone look like years, postcodes and amounts. */
const DIGITS_MIN = 6;

function* shapedIn(pieces: readonly Piece[], index: ShapeIndex): Generator<FoundReference> {
  let called: number | undefined;
  for (let from = 0; from < pieces.length; from += 1) {
    const first = pieces[from];
    if (!first) continue;
    if (CUSTOMER_WORD.test(first.text)) called = startOfNumber(pieces, from);
    // `INVRE0001234`: a known prefix may end a longer run of letters.
    const starts = first.digits
      ? [first.text]
      : [first.text, ...index.longestPrefixes.filter((prefix) => prefix !== first.text && first.text.endsWith(prefix))];
    for (const start of starts) {
      let token = start;
      let skeleton = first.digits ? "#" : start;
      let digitsOnly = first.digits;
      for (let to = from; to < Math.min(pieces.length, from + WINDOW_PIECES); to += 1) {
        const piece = pieces[to];
        if (!piece) break;
        if (to > from) {
          token += piece.text;
          if (piece.digits) skeleton += skeleton.endsWith("#") ? "" : "#";
          else {
            skeleton += piece.text;
            digitsOnly = false;
          }
        }
        if (token.length > TOKEN_CHARS) break;
        if (!skeleton.includes("#")) continue;
        const shape = index.bySkeleton.get(skeleton);
        if (shape && fits(shape, token)) {
          // A number of digits alone is as good as exact only when it is long enough not to be an amount or a year.
          yield { token, quality: digitsOnly && token.length < DIGITS_MIN ? "digits" : "exact" };
        } else if (shape && shape.runs.length === 1 && !digitsOnly) {
          const padded = pad(token, shape);
          if (padded) yield { token: padded, quality: "digits" };
        }
        if (digitsOnly && significant(token) >= SIGNIFICANT_MIN) {
          const customerNumber = called === undefined ? "" : numberOf(pieces, called, from, to);
          for (const { head, tail, min, max } of index.frames)
            if (token.length <= max && (head !== "" || tail !== "" || token.length < min))
              yield {
                token: head + token.padStart(min, "0") + tail,
                quality: "digits",
                ...(customerNumber !== "" && { customerNumber }),
              };
        }
      }
    }
  }
}

/** `RE1234` → `RE0001234` where the creditor's numbers have seven digits. */
function pad(token: string, shape: Shape): string | null {
  const match = /^(\p{L}*)(\d+)(\p{L}*)$/u.exec(token);
  const run = shape.runs[0];
  if (!match || !run || run.min !== run.max || (match[2] ?? "").length >= run.min) return null;
  return significant(match[2] ?? "") === 0 ? null : `${match[1]}${(match[2] ?? "").padStart(run.min, "0")}${match[3]}`;
}

const SLIPS: Readonly<Record<string, string>> = {
  O: "0",
  Q: "0",
  D: "0",
  I: "1",
  L: "1",
  Z: "2",
  S: "5",
  B: "8",
  G: "6",
};

/** Words in which letters stand for digits that look like them (`RE-OOO1234`), after a known prefix. */
function* slippedIn(text: string, index: ShapeIndex): Generator<FoundReference> {
  for (const word of text
    .normalize("NFKC")
    .toUpperCase()
    .match(/[\p{L}\p{N}.\-/]{5,32}/gu) ?? []) {
    const token = normaliseReference(word);
    for (const prefix of index.longestPrefixes) {
      if (!token.startsWith(prefix)) continue;
      const rest = token.slice(prefix.length);
      if (!/[A-Z]/.test(rest) || (rest.match(/\d/g) ?? []).length < 2) continue;
      const digits = rest.replace(/[A-Z]/g, (letter) => SLIPS[letter] ?? letter);
      const shape = index.bySkeleton.get(`${prefix}#`);
      if (shape && /^\d+$/.test(digits) && fits(shape, prefix + digits))
        yield { token: prefix + digits, quality: "digits" };
    }
  }
}

export interface RemittanceText {
  /** Unstructured lines, in order. */
  readonly lines: readonly string[];
  /** Structured creditor references as written. */
  readonly structured: readonly string[];
  /** Document numbers in structured remittance, end-to-end id: numbers without prose around them. */
  readonly numbers: readonly string[];
}

const RANK: Readonly<Record<Quality, number>> = { structured: 3, exact: 2, digits: 1, similar: 0 };
/** No text means more; a longer list is an attempt to try out numbers. */
const FOUND_MAX = 100;

/** Every number of the given shapes, and every RF reference, that the text may name; each once, with its best quality. */
export function referencesIn(text: RemittanceText, shapes: readonly Shape[]): FoundReference[] {
  const best = new Map<string, FoundReference>();
  const take = (found: FoundReference): void => {
    const before = best.get(found.token);
    if (before === undefined && best.size >= FOUND_MAX) return;
    // Who writes it besides without calling it a customer number means an item.
    const better =
      before === undefined ||
      RANK[before.quality] < RANK[found.quality] ||
      (before.quality === found.quality && found.customerNumber === undefined);
    if (better) best.set(found.token, found);
  };
  const index = indexOf(shapes);
  for (const reference of text.structured) {
    const token = normaliseReference(reference);
    take({ token, quality: isStructuredReference(token) ? "structured" : "exact" });
    for (const found of shapedIn(piecesOf(reference), index)) take(found);
  }
  // A line break may stand in the middle of a number or between two: read both ways.
  const readings = new Set([text.lines.join(" "), text.lines.join(""), ...text.numbers]);
  for (const reading of readings) {
    const pieces = piecesOf(reading.slice(0, 2000));
    for (const found of structuredIn(pieces)) take(found);
    for (const found of shapedIn(pieces, index)) take(found);
    for (const found of slippedIn(reading.slice(0, 2000), index)) take(found);
  }
  return [...best.values()];
}

const CUSTOMER_WORD =
  /^(KD|KDNR|KDN|KNR|KUNDE|KUNDEN|KUNDENNR|KUNDENNUMMER|KUNDENNUM|CUST|CUSTOMER|CUSTOMERNO|DEBITOR|DEB|DEBNR)$/;
const FILLER = /^(NR|NO|NUMMER|NUMBER|NUM|ID)$/;
const WORD = /^\p{L}{3,}$/u;
/** Pieces a customer number may be torn into. */
const CUSTOMER_NUMBER_PIECES = 4;

/** Where the number begins that the word at `word` announces. */
function startOfNumber(pieces: readonly { readonly text: string }[], word: number): number {
  let from = word + 1;
  while (from < pieces.length && FILLER.test(pieces[from]?.text ?? "")) from += 1;
  return from;
}

/** The customer number that begins at `called` when it ends with the run from `from` to `to`; empty when it can't. */
const numberOf = (pieces: readonly Piece[], called: number, from: number, to: number): string =>
  from < called || to - called >= CUSTOMER_NUMBER_PIECES
    ? ""
    : pieces
        .slice(called, to + 1)
        .map(({ text }) => text)
        .join("");

/** Customer numbers, only where the text says so (`Kd 4711`, `Kundennr. K-4711`); as written and without separators. */
export function customerNumbersIn(lines: readonly string[]): string[] {
  const found = new Set<string>();
  for (const reading of new Set([lines.join(" "), lines.join("")])) {
    const text = reading.slice(0, 2000);
    const pieces = [...text.matchAll(/\p{L}+|\d+/gu)].map((match) => ({
      text: match[0].toUpperCase(),
      from: match.index,
      to: match.index + match[0].length,
    }));
    pieces.forEach((piece, at) => {
      if (!CUSTOMER_WORD.test(piece.text)) return;
      const from = startOfNumber(pieces, at);
      const start = pieces[from]?.from ?? 0;
      for (let to = from; to < Math.min(pieces.length, from + CUSTOMER_NUMBER_PIECES); to += 1) {
        const piece = pieces[to];
        // `Kd 4711 Danke`: a word that stands apart is the next thing said. Each reading costs a keyed look-up.
        if (to > from && piece && WORD.test(piece.text) && piece.from > (pieces[to - 1]?.to ?? 0)) break;
        const written = text.slice(start, piece?.to ?? start);
        if (written.length > 24 || found.size >= 24) break;
        if (/\d/.test(written)) found.add(written).add(normaliseReference(written));
      }
    });
  }
  return [...found];
}
