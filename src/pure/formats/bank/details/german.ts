/**
 * The structured `:86:` of German banks (Anlage 3 of the DFÜ-Abkommen), which Austrian, Polish, Hungarian, Dutch and
 * Baltic banks use with their own separator (`?`, `>`, `~`, `^`, `<`, `@`): three digits of business code, then
 * subfields `?00` booking text, `?10` journal number, `?20`–`?29`, `?60`–`?63` remittance, `?30` bank, `?31` account,
 * `?32`–`?33` name, `?34` extension, `?35`– further. Without the code in some.
 */
import { NO_DETAILS, type Details, accountParts, isIban, joined } from "./details.ts";
import { RETURN_CODES } from "./returns.ts";
import { given, sepaTags, taggedAmount } from "./sepa-tags.ts";

const START = /^\s*(\d{3})?\s?([?<>^~@|\u00a7])(?=\d\d)/;

interface Subfields {
  readonly code: string | null;
  readonly parts: ReadonlyMap<number, string>;
}

/** Polish banks write the code in a `:86:` of its own, before the one that has it again with the subfields. */
function withoutCodeAlone(lines: readonly string[]): readonly string[] {
  const code = lines[0]?.trim() ?? "";
  return /^\d{3}$/.test(code) && lines[1]?.startsWith(code) && START.test(lines[1].slice(0, 40))
    ? lines.slice(1)
    : lines;
}

function subfields(written: readonly string[]): Subfields | null {
  const lines = withoutCodeAlone(written);
  const start = START.exec((lines[0] ?? "").slice(0, 40));
  const separator = start?.[2];
  if (!start || separator === undefined) return null;
  const escaped = `\\${separator}`;
  const text = joined(lines, new RegExp(`^\\s*${escaped}\\d`));
  const parts = new Map<number, string>();
  // A subfield begins with the separator and two digits; a separator before anything else is text (`Warum? Darum`).
  const found = [...text.matchAll(new RegExp(`${escaped}(\\d\\s?\\d)`, "g"))];
  let last = -1;
  for (const [index, match] of found.entries()) {
    const number = Number((match[1] ?? "").replace(/\s/, ""));
    const piece = text.slice(match.index + match[0].length, found[index + 1]?.index ?? text.length);
    const known = number <= 39 || number >= 60;
    if (!known && last >= 0) parts.set(last, `${parts.get(last) ?? ""}${match[0]}${piece}`);
    else {
      // Savings banks wrote `?00` for every subfield for a while: text first, the name behind the account.
      const key = number === 0 && parts.has(0) ? (parts.has(30) || parts.has(31) ? 32 : 20) : number;
      parts.set(key, parts.has(key) ? `${parts.get(key)} ${piece}` : piece);
      last = key;
    }
  }
  return { code: start[1] ?? null, parts };
}

const between = (parts: Subfields["parts"], from: number, to: number): string[] =>
  [...parts].filter(([number]) => number >= from && number <= to).map(([, text]) => text);

const BIC = /^[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/;

/** VR banks write `IBAN: DE…`, `BIC: …`, `ABWA: …` behind the remittance, cut at any place. */
function trailing(text: string): { text: string; iban: string | null; other: string | null } {
  const tail = /\s?IBAN:\s?([A-Z]{2}\s?\d[A-Z0-9 ]{12,40}?)\s?(?:BIC:|ABW[AE]:|$)/.exec(text.slice(-200));
  const abwa = /\s?ABWA:\s?(.{2,70})$/.exec(text.slice(-120));
  const iban = tail?.[1]?.replace(/\s/g, "") ?? null;
  const cut = tail ? text.slice(0, text.length - Math.min(text.length, 200) + tail.index) : text;
  return {
    text: (cut.trim() === "" ? text : cut).trim(),
    iban: isIban(iban) ? iban : null,
    other: abwa?.[1]?.trim() ?? null,
  }; // prettier-ignore
}

/** A full subfield goes on in the next one; a shorter one is a line by itself. */
function runOn(pieces: readonly string[]): string[] {
  const lines: string[] = [];
  let open = false;
  for (const piece of pieces) {
    const last = lines.length - 1;
    if (open) lines[last] = `${lines[last] ?? ""}${piece}`;
    else lines.push(piece);
    open = piece.length >= 27;
  }
  return lines.map((line) => line.replace(/\s{2,}/g, " ").trim()).filter((line) => line !== "");
}

/** Null when the field is not written in this style. */
export function germanDetails(lines: readonly string[], currency: string | null): Details | null {
  const found = subfields(lines);
  if (!found) return null;
  const { code, parts } = found;
  const text = (number: number): string | null =>
    parts
      .get(number)
      ?.replace(/\s{2,}/g, " ")
      .trim() || null;
  const pieces = [...between(parts, 20, 29), ...between(parts, 60, 63)];
  const tagged = sepaTags(pieces);
  const tags = tagged?.tags ?? {};
  const behind = tagged ? trailing(tags.SVWZ ?? tagged.before) : null;
  const remittance =
    tagged && behind
      ? [tags.SVWZ === undefined ? "" : tagged.before, behind.text].filter((part) => part !== "")
      : runOn(pieces);
  // Dutch users of this style hand BIC and account over as the first two lines of text.
  const dutch = !tagged && BIC.test(pieces[0]?.trim() ?? "") && isIban(pieces[1]?.trim());
  // Polish and Austrian banks have the IBAN in `?38`, the national number in `?31`.
  const national = isIban(text(38)?.replace(/\s/g, "")) ? text(38) : text(31);
  const account = accountParts(tags.IBAN ?? (dutch ? (pieces[1]?.trim() ?? null) : national));
  const bank = dutch ? (pieces[0]?.trim() ?? null) : (tags.BIC ?? text(30));
  const names = [parts.get(32), parts.get(33)].filter((part) => part !== undefined);
  const name = nameOf(names);
  const bookingText = text(0);
  const returned =
    (code !== null && RETURN_CODES.has(code)) || /^9[0-3]\d$/.test(text(34) ?? "")
      ? { extension: text(34) ?? undefined, text: remittance.join(" ") }
      : null;
  const amount = (tag: string | undefined) => {
    const read = taggedAmount(tag);
    return read ? { amount: read, currency } : null;
  };
  return {
    ...NO_DETAILS,
    businessCode: code,
    bookingText,
    name,
    iban: account.iban ?? behind?.iban ?? null,
    account: account.account,
    bic: bank,
    ultimatePayer: given(tags.ABWA) ?? behind?.other ?? null,
    ultimatePayee: given(tags.ABWE),
    endToEndId: given(tags.EREF),
    instructionId: given(tags.KREF),
    mandateId: given(tags.MREF),
    purpose: given(tags.PURP),
    remittance: dutch ? runOn(pieces.slice(2)) : remittance,
    returned,
    instructed: amount(tags.OAMT),
    charges: amount(tags.COAM),
  };
}

/** The second subfield goes on with the first when that is full, else it is a word of its own. */
function nameOf(pieces: readonly string[]): string | null {
  const [first = "", second = ""] = pieces;
  const text = second === "" ? first : `${first}${first.length >= 27 ? "" : " "}${second}`;
  return text.replace(/\s{2,}/g, " ").trim() || null;
}
