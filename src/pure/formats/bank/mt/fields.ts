/** Where the fields of an MT message begin: at the start of a line, or inside one whose line ends were lost. */
export interface FieldPiece {
  /** Null for a further line of the field that is open. */
  readonly tag: string | null;
  readonly text: string;
}

const TAGS: ReadonlySet<string> = new Set([
  "13",
  "13C",
  "13D",
  "20",
  "21",
  "25",
  "25P",
  "28",
  "28C",
  "34F",
  "60",
  "60F",
  "60M",
  "61",
  "62",
  "62F",
  "62M",
  "64",
  "64F",
  "65",
  "65F",
  "86",
  "90C",
  "90D",
  "NS",
]); // prettier-ignore
/** Known to MT940 and MT942. */
export const isTag = (tag: string): boolean => TAGS.has(tag);

const START = /^\s{0,4}:(\d{2}[A-Za-z]?|NS):(.*)$/s;

/** Inside of a line, a field is believed only where its content begins as it must. */
const ENTRY = String.raw`61:(?=\d{6}(?:\d{4})?(?:R[CD]|E[CD]|[CD])[A-Z]?\d)`;
const BALANCE = String.raw`6[0245][FM]?:(?=[CD]\d{6}[A-Z]{3}\d)`;
const INSIDE: readonly (readonly [RegExp, RegExp])[] = [
  [/^2[01]$/, new RegExp(`:(?:21:|25P?:|28C?:|${BALANCE})`)],
  [/^25P?$/, new RegExp(`:(?:28C?:|34F:|${BALANCE})`)],
  [/^28C?$/, new RegExp(`:(?:34F:|13D?:|${BALANCE}|${ENTRY})`)],
  [/^61$/, new RegExp(`:(?:86:|${ENTRY}|${BALANCE})`)],
  [/^(86|NS)$/, new RegExp(`:(?:${ENTRY}|${BALANCE})`)],
  [/^(13|34|6[0245]|90)/, /:(?:13D?|20|25|28C?|34F|6[0245][FM]?|61|86|90[CD]):/],
];

/** A text that was cut inside a time of day (`T13` / `:12:11`) looks like a field. */
const isCutTime = (before: string, text: string): boolean =>
  /(^|\D)\d\d\s?$/.test(before.slice(-4)) && /^:\d\d:\d\d(?!\d)/.test(text);

interface OpenField {
  readonly tag: string;
  readonly lines: readonly string[];
}

/** A line as fields and further text. */
export function splitFields(text: string, open: OpenField | null): FieldPiece[] {
  const start =
    text.length > 8 || text.includes(":") ? START.exec(text.length > 4_096 ? text.slice(0, 64) : text) : null;
  const tag = start?.[1]?.toUpperCase();
  const inText = open?.tag === "86" || open?.tag === "NS";
  const last = open?.lines.at(-1) ?? "";
  const begins = tag !== undefined && !(inText && (!TAGS.has(tag) || isCutTime(last, text)));
  const first: FieldPiece = begins
    ? { tag, text: text.slice(text.indexOf(":", text.indexOf(":") + 1) + 1) }
    : { tag: null, text }; // prettier-ignore
  return inner(first, first.tag ?? open?.tag ?? "");
}

function inner(first: FieldPiece, firstTag: string): FieldPiece[] {
  const pieces: FieldPiece[] = [];
  let piece = first;
  let tag = firstTag;
  for (;;) {
    const pattern = piece.text.includes(":") ? INSIDE.find(([tags]) => tags.test(tag))?.[1] : undefined;
    const match = pattern?.exec(piece.text);
    const next = match ? /^:(\d{2}[A-Z]?):/.exec(match[0])?.[1] : undefined;
    if (!match || next === undefined) break;
    pieces.push({ tag: piece.tag, text: piece.text.slice(0, match.index) });
    piece = { tag: next, text: piece.text.slice(match.index + next.length + 2) };
    tag = next;
  }
  pieces.push(piece);
  return pieces;
}
