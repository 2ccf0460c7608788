/** `:86:` as parties, references and remittance, whatever the national style. */
import { accountParts, type Details, NO_DETAILS } from "./details.ts";
import { germanDetails } from "./german.ts";
import { given, sepaTags } from "./sepa-tags.ts";
import { slashDetails } from "./slashes.ts";

/** Dutch labels in running text, in some with bars between: `IBAN: NL…`, `NAAM: …`, `OMSCHRIJVING: …`, `Kenmerk: …`. */
const LABELS = /\b(IBAN|BIC|NAAM|REK|OMSCHRIJVING|KENMERK|MACHTIGING|INCASSANT)\s?:\s?/gi;
function labelled(text: string): Partial<Details> | null {
  const found = [...text.matchAll(LABELS)];
  const parts = new Map<string, string>();
  for (const [index, match] of found.entries()) {
    const end = found[index + 1]?.index ?? text.length;
    const value = text
      .slice(match.index + match[0].length, end)
      .replace(/\s{2,}/g, " ")
      .replace(/\/$|\s\|\s?$/, "")
      .trim(); // prettier-ignore
    const label = (match[1] ?? "").toUpperCase();
    if (value !== "" && !parts.has(label)) parts.set(label, value);
  }
  const account = accountParts(parts.get("IBAN") ?? parts.get("REK") ?? null);
  if (!parts.has("NAAM") || account.iban === null) return null;
  return {
    name: parts.get("NAAM") ?? null,
    ...account,
    bic: parts.get("BIC") ?? null,
    mandateId: parts.get("MACHTIGING") ?? null,
    endToEndId: given(parts.get("KENMERK")),
  };
}

/** German and Austrian labels in running text: `Auftraggeber: … Kto/IBAN: … BLZ/BIC: … Buchungstext: … Ref. …`. */
const GERMAN_LABELS =
  /(?<![\p{L}/-])(IBAN (?:Auftraggeber|(?:Zahlungs)?empfänger)|BIC (?:Auftraggeber|(?:Zahlungs)?empfänger)|Auftraggeberreferenz|Zahlungsreferenz|Verwendungszweck|Auftraggeber|(?:Zahlungs)?empfänger|Zahlungspflichtiger|Kto\/IBAN|BLZ\/BIC|Buchungstext|Mandatsreferenz|Mandat|Ref\.)(?::|(?<=\.)) ?/giu; // prettier-ignore
function germanLabelled(text: string): Partial<Details> | null {
  const start = text.slice(0, 4_000);
  const found = [...start.matchAll(GERMAN_LABELS)];
  const parts = new Map<string, string>();
  for (const [index, match] of found.entries()) {
    const label = (match[1] ?? "").toLowerCase();
    const value = start.slice(match.index + match[0].length, found[index + 1]?.index ?? start.length).trim();
    if (value !== "" && !parts.has(label)) parts.set(label, value);
  }
  const one = (pattern: RegExp): string | null => [...parts].find(([label]) => pattern.test(label))?.[1] ?? null;
  const name = one(/^(auftraggeber|(zahlungs)?empfänger|zahlungspflichtiger)$/);
  if (name === null || found.length < 2) return null;
  return {
    name: name.slice(0, 140),
    ...accountParts(one(/iban/)),
    bic: one(/bic/),
    mandateId: one(/^mandat/),
  };
}

/** Unstructured text: kept line by line; known tags and labels inside are taken out as well. */
function plainDetails(lines: readonly string[]): Details {
  const remittance = lines.map((line) => line.replace(/\s{2,}/g, " ").trim()).filter((line) => line !== "");
  const tagged = sepaTags(lines, 65);
  if (tagged) {
    const { tags, before } = tagged;
    const account = accountParts(tags.IBAN ?? null);
    const text = [before, tags.SVWZ ?? ""].filter((part) => part !== "");
    return {
      ...NO_DETAILS,
      ...account,
      bic: tags.BIC ?? null,
      endToEndId: given(tags.EREF),
      instructionId: given(tags.KREF),
      mandateId: given(tags.MREF),
      ultimatePayer: given(tags.ABWA),
      ultimatePayee: given(tags.ABWE),
      remittance: text,
    };
  }
  const text = lines.join(" ");
  return { ...NO_DETAILS, ...(labelled(text) ?? germanLabelled(text)), remittance };
}

/** Polish labels: `770 PRZELEW KRAJOWY; Z RACH.: 35…; OD: …; TYT.: …; TNR: …`; null in another style. */
function polishDetails(lines: readonly string[]): Details | null {
  const text = lines
    .map((line) => line.trim())
    .join(" ")
    .slice(0, 4_000);
  if (!/^\d{2,3} \D/.test(text) || !/; TNR: ?\d/.test(text)) return null;
  const [first = "", ...others] = text.split(/; ?/);
  const parts = new Map<string, string>();
  for (const part of others) {
    const match = /^(Z RACH\.|NA RACH\.|OD|DLA|TYT\.): ?(.+)$/.exec(part);
    const value = match?.[2]?.replace(/\s{2,}/g, " ").trim() ?? "";
    if (match?.[1] !== undefined && value !== "" && !parts.has(match[1])) parts.set(match[1], value);
  }
  const title = parts.get("TYT.");
  return {
    ...NO_DETAILS,
    ...accountParts(parts.get("Z RACH.") ?? parts.get("NA RACH.") ?? null),
    bookingText: first.replace(/^\d{2,3} /, ""),
    name: parts.get("OD") ?? parts.get("DLA") ?? null,
    remittance: title === undefined ? [] : [title],
  };
}

/** `lines` of the field, without its tag; several `:86:` of one entry one after the other. */
export function detailsOf(lines: readonly string[], currency: string | null): Details {
  return germanDetails(lines, currency) ?? slashDetails(lines, currency) ?? polishDetails(lines) ?? plainDetails(lines);
}

/** `:NS:` lines of old German files: number and text. */
export function nonSwiftDetails(lines: readonly string[]): Details {
  const remittance: string[] = [];
  const names: string[] = [];
  const parts = new Map<number, string>();
  for (const line of lines) {
    const match = /^(\d{2})(.*)$/.exec(line.slice(0, 200));
    const text = match?.[2]?.trim() ?? "";
    if (!match || text === "") continue;
    const number = Number(match[1]);
    if (number >= 1 && number <= 14) remittance.push(text);
    else if (number === 15 || number === 16) names.push(text);
    else parts.set(number, text);
  }
  return {
    ...NO_DETAILS,
    bookingText: parts.get(17) ?? null,
    name: names.length > 0 ? names.join(" ") : null,
    remittance,
  };
}
