/**
 * Single fields of MT940 and MT942 (SWIFT category 9, and Anlage 3 of the DFÜ-Abkommen for the German usage):
 * dates, marks, amounts, `:25:`, `:60F:` … `:65:`, `:61:`. Real files break nearly every rule of the standard; what is
 * understood beside it stands at the pattern.
 */
import { type Decimal, decimal, type PlainDate, plainDate } from "../../../kernel/index.ts";
import type { AccountReference, Balance } from "../statement.ts";

/** `YYMMDD`; null for null dates (`000000`) and what no calendar has. */
export function mtDate(text: string): PlainDate | null {
  const year = Number(text.slice(0, 2));
  const date = plainDate(`${year < 80 ? 20 : 19}${text.slice(0, 2)}-${text.slice(2, 4)}-${text.slice(4, 6)}`);
  return date.ok ? date.value : null;
}

/**
 * Value date. Banks that count interest with months of 30 days write 29 and 30 February; the last day of the month is
 * meant.
 */
export function valueDate(text: string): PlainDate | null {
  const date = mtDate(text);
  if (date !== null || !/^\d\d02(29|30)$/.test(text)) return date;
  return mtDate(`${text.slice(0, 4)}29`) ?? mtDate(`${text.slice(0, 4)}28`);
}

/** Entry date `MMDD` in the year that brings it next to the value date: they may lie on two sides of a New Year. */
export function entryDate(monthDay: string, value: PlainDate | null, fallbackYear: string | null): PlainDate | null {
  const near = value ?? (fallbackYear === null ? null : `${fallbackYear}-07-01`);
  if (near === null) return null;
  const year = Number(near.slice(0, 4));
  const months = Number(monthDay.slice(0, 2)) - Number(near.slice(5, 7));
  const right = months > 6 ? year - 1 : months < -6 ? year + 1 : year;
  const day = `${right}-${monthDay.slice(0, 2)}-`;
  const date = plainDate(`${day}${monthDay.slice(2)}`);
  if (date.ok) return date.value;
  if (!/^02(29|30)$/.test(monthDay)) return null;
  const last = plainDate(`${day}29`);
  const before = last.ok ? last : plainDate(`${day}28`);
  return before.ok ? before.value : null;
}

/** `1234,5`, `1234,`, `000012,30`, `,5`; also with a point, with grouping points, or with spaces inside. */
export function mtAmount(text: string): Decimal | null {
  let plain = text.replace(/\s+/g, "");
  if (/^-?\d{1,3}(\.\d{3})+,\d*$/.test(plain)) plain = plain.replaceAll(".", "");
  else if (/^-?\d{1,3}(,\d{3})+\.\d*$/.test(plain)) plain = plain.replaceAll(",", "");
  plain = plain
    .replace(",", ".")
    .replace(/^(-?)\./, "$10.")
    .replace(/\.$/, "");
  const read = decimal(plain);
  return read.ok ? read.value : null;
}

const IBAN = /^([A-Z]{2}\d{2}[A-Z0-9]{11,30}?)(?:[A-Z]{3})?$/;
const LENGTHS: Readonly<Record<string, number>> = {
  AT: 20,
  BE: 16,
  BG: 22,
  CH: 21,
  CZ: 24,
  DE: 22,
  DK: 18,
  EE: 20,
  ES: 24,
  FI: 18,
  FR: 27,
  GB: 22,
  HR: 21,
  HU: 28,
  IE: 22,
  IT: 27,
  LI: 21,
  LT: 20,
  LU: 20,
  LV: 21,
  MT: 31,
  NL: 18,
  NO: 15,
  PL: 28,
  PT: 25,
  RO: 24,
  SE: 24,
  SI: 19,
  SK: 24,
}; // prettier-ignore

/**
 * `:25:`: an IBAN, `Bankleitzahl/Konto`, `BIC/IBAN` or any other number, some with the currency behind it. The IBAN is
 * given without currency, another number as it stands.
 */
export function mtAccount(text: string): AccountReference {
  const written = text.trim();
  for (const part of [written, ...written.split("/")]) {
    const compact = part.replace(/\s+/g, "").toUpperCase();
    const length = LENGTHS[compact.slice(0, 2)];
    if (length !== undefined && /^[A-Z]{2}\d{2}[A-Z0-9]+$/.test(compact)) {
      const rest = compact.slice(length);
      if (compact.length >= length && /^([A-Z]{3})?$/.test(rest))
        return { iban: compact.slice(0, length), other: null };
    } else if (length === undefined) {
      const match = IBAN.exec(compact);
      if (match?.[1]) return { iban: compact, other: null };
    }
  }
  return { iban: null, other: written === "" ? null : written };
}

/**
 * `C070903EUR766656,49`; also with `RC`/`RD`, a year of four digits, spaces inside the amount, or the end of the message
 * (`-`) stuck to it.
 */
export function mtBalance(text: string, code: string): Balance | null {
  const match = /^\s*R?([CD])(?:20)?(\d{6}|null)\s?([A-Z]{3}|null)\s*(-?[\d.,\s]+)-?$/i.exec(text.trim().slice(0, 100));
  const amount = match ? mtAmount(match[4] ?? "") : null;
  if (!match || !amount) return null;
  return {
    code,
    credit: match[1]?.toUpperCase() === "C",
    date: mtDate(match[2] ?? ""),
    currency: match[3]?.toLowerCase() === "null" ? null : (match[3]?.toUpperCase() ?? null),
    amount,
  };
}

export interface EntryLine {
  readonly value: PlainDate | null;
  /** `MMDD`, null when the line has none. */
  readonly entry: string | null;
  readonly credit: boolean;
  /** `RC`, `RD`: takes an earlier booking back. */
  readonly reversal: boolean;
  /** `EC`, `ED` of MT942: expected, not booked. */
  readonly expected: boolean;
  readonly amount: Decimal;
  /** `NTRF`, `S051`, … ; null when missing. */
  readonly type: string | null;
  readonly reference: string | null;
  readonly bankReference: string | null;
  /** The line behind (subfield 9). */
  readonly supplementary: string | null;
}

/**
 * `:61:` value date, entry date?, mark, funds code?, amount, transaction type, reference, `//` bank reference, further
 * line. The mark is the longest that fits before an amount: `RC12` is a reversal of a credit, `CR12` a credit with funds
 * code R, `DR52,58` a debit with funds code R, `CEUR12` a credit with the whole currency. Some banks write it small, put spaces between, or the year before the entry
 * date.
 */
const ENTRY =
  /^(?:20(?=\d{6}(?:\d{4})?\s*[RCDErcde]))?(\d{6}|null)?\s?(?:\d\d(?=\d{4}\s*[RCDErcde]))?(\d{4}|null)?\s*([Rr][CcDd]|[Ee][CcDd]|[CcDd])([A-Z](?:[A-Z]{2,3})?)??\s?(-?[\d.]*[\d,]\d*(?:[.,]\d*)?)\s*([NFS][A-Z0-9\s]{3})?(.*)$/;

/** Longer ones exist only in hostile files; the bound keeps the pattern cheap. */
const LINE_CHARS_MAX = 400;

export function entryLine(lines: readonly string[]): EntryLine | null {
  let at = 1;
  const first = (lines[0] ?? "").trimStart().slice(0, LINE_CHARS_MAX);
  let match = ENTRY.exec(first);
  // Some programs break lines wherever they please: the amount may stand on the next.
  if (!match && lines.length > 1) {
    match = ENTRY.exec(`${first}${lines[1]}`.slice(0, LINE_CHARS_MAX));
    at = 2;
  }
  if (!match) return null;
  const [, day = "", entry = null, , , written = "", type = null, references = ""] = match;
  const mark = (match[3] ?? "").toUpperCase();
  const amount = mtAmount(written);
  if (!amount) return null;
  const slash = references.indexOf("//");
  const own = slash < 0 ? references : references.slice(0, slash);
  const bank = slash < 0 ? "" : references.slice(slash + 2);
  const further = lines.slice(at).join(" ").trim();
  return {
    value: valueDate(day),
    entry: entry === "0000" || entry === "null" ? null : entry,
    // A reversed credit takes money away, a reversed debit brings it back.
    credit: mark === "C" || mark === "RD" || mark === "EC",
    reversal: mark.startsWith("R"),
    expected: mark.startsWith("E"),
    amount,
    type: type?.trim() ?? null,
    reference: reference(own),
    bankReference: reference(bank),
    supplementary: further === "" ? null : further,
  };
}

const NOTHING = /^(|nonref|noref|no ref|notprovided|not provided|eref|kref|kref\+|eref\+|0+)$/i;
function reference(text: string): string | null {
  const trimmed = text.trim();
  return NOTHING.test(trimmed) ? null : trimmed;
}
