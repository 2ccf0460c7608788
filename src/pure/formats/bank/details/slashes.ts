/**
 * `:86:` as words between slashes: Dutch banks (`/TRTP/`, `/NAME/`, `/REMI/USTD//`, `/CNTP/account/bic/name/city/`),
 * SWIFT usage of international banks (`/EREF/`, `/DBNM/`, `/ROC/`, `/ORDP/`, `/BENM/`), Swiss and Nordic ones likewise.
 */
import { accountParts, type Details, joined, NO_DETAILS } from "./details.ts";
import { given, taggedAmount } from "./sepa-tags.ts";

const WORDS =
  "TRTP|EREF|KREF|PREF|IREF|RREF|ROC|MARF|MREF|CSID|CRED|CNTP|IBAN|BIC|NAME|ADDR|ORDP|BENM|REMI|RTRN|ISDT|PURP|CDTRREFTP|" +
  "CDTRREF|ULTC|ULTD|ULTB|UDTR|UCRD|CREF|NRTX|SVCL|BUSP|ACCW|OPRP|CRNM|DBNM|CACT|DACT|CBIC|DBIC|IDNM|DCID|OAMT|FCCY|" +
  "FXRT|FXDT|OCMT|CHGS|CHGD|EXCH|TYPE|ID|SUM|INST|TRCD|NONREF";
const WORD = new RegExp(`/(${WORDS})/`, "g");

/** Value of each word; a word that comes twice (also wrongly, inside a text) goes on with the first. */
function words(text: string): Map<string, string> {
  const values = new Map<string, string>();
  // Two words may share a slash (`/BENM//NAME/` but also `/ORDP/NAME/`): doubled first, so that each has its own.
  const found: { readonly word: string; readonly from: number; readonly to: number }[] = [];
  WORD.lastIndex = 0;
  for (let match = WORD.exec(text); match; match = WORD.exec(text)) {
    found.push({ word: match[1] ?? "", from: match.index, to: WORD.lastIndex });
    WORD.lastIndex -= 1;
  }
  for (const [index, { word, to }] of found.entries()) {
    const value = text
      .slice(to, Math.max(to, found[index + 1]?.from ?? text.length))
      .replace(/\s{2,}/g, " ")
      .trim()
      .replace(word === "CNTP" ? /^$/ : /\/+$/, "");
    const before = values.get(word);
    values.set(word, before === undefined || before === "" ? value : value === "" ? before : `${before} ${value}`);
  }
  return values;
}

/** `/BENM/account/name/further text`, where nothing inside is named. */
function sideOf(text: string | null): { account: string | null; name: string | null; text: string[] } {
  const parts = (text ?? "")
    .split("/")
    .map((part) => part.trim())
    .filter((part) => part !== ""); // prettier-ignore
  const account = /^[A-Z]{0,2}\d[\dA-Z ]{5,33}$/.test(parts[0] ?? "") ? (parts.shift() ?? null) : null;
  return { account, name: parts.shift() ?? null, text: parts };
}

/** `USTD//text`, `STRD/CUR/9001…`, `STRD/ISO/RF…`; null parts when empty. */
function remittanceOf(text: string | undefined): { lines: string[]; reference: string | null } {
  if (text === undefined || text === "") return { lines: [], reference: null };
  const structured = /^STRD\/(?:CUR|ISO|SCOR)?\/*\s?([^/]{1,140})/.exec(text);
  if (structured) return { lines: [], reference: structured[1]?.trim() ?? null };
  return { lines: [text.replace(/^USTD\/*/, "").trim()].filter((line) => line !== ""), reference: null };
}

/** Null when the field is not written in this style. */
export function slashDetails(lines: readonly string[], currency: string | null): Details | null {
  const first = (lines[0] ?? "").slice(0, 40);
  if (!/^\s*\/[A-Z]{2,9}\//.test(first)) return null;
  const text = joined(lines, /^\s*\/[A-Z]/);
  const values = words(text);
  if (values.size === 0) return null;
  const of = (...names: readonly string[]): string | null => {
    for (const name of names) {
      const value = values.get(name);
      if (value !== undefined && value !== "") return value;
    }
    return null;
  };
  const [cntpAccount, cntpBic, cntpName, cntpCity] = (of("CNTP") ?? "").split("/").map((part) => part.trim() || null);
  const plain = (word: string): string | null => of(word)?.replace(/^NAME\/|^\/+/, "") ?? null;
  const side = sideOf(plain("ORDP") ?? plain("BENM"));
  const { lines: remittance, reference } = remittanceOf(values.get("REMI"));
  const returnCode = of("RTRN");
  // Words of a bank that nobody knows must not swallow what the payer wrote.
  const understood = reference !== null || ["REMI", "EREF", "CDTRREF", "RTRN"].some((word) => values.has(word));
  const rest = side.text.length > 0 || understood ? side.text : [text.trim()];
  const amount = (word: string | null) => {
    const read = word === null ? null : taggedAmount(word);
    return read ? { amount: read, currency: /^([A-Z]{3})/.exec(word ?? "")?.[1] ?? currency } : null;
  };
  const { iban, account } = accountParts(
    cntpAccount ?? of("IBAN", "DACT", "CACT")?.replace(/\/+$/, "") ?? side.account,
  );
  return {
    ...NO_DETAILS,
    bookingText: of("TRTP", "TYPE"),
    name: cntpName ?? of("NAME", "DBNM", "CRNM") ?? side.name,
    iban,
    account,
    bic: cntpBic ?? of("BIC", "DBIC", "CBIC"),
    city: cntpCity ?? null,
    ultimatePayer: plain("ULTD") ?? plain("UDTR"),
    ultimatePayee: plain("ULTC") ?? plain("ULTB") ?? plain("UCRD"),
    endToEndId: given(of("EREF", "ROC") ?? undefined),
    instructionId: given(of("KREF", "PREF", "IREF") ?? undefined),
    mandateId: given(of("MARF", "MREF") ?? undefined),
    creditorReference: of("CDTRREF") ?? reference,
    purpose: of("PURP")?.replace(/^CD\//, "") ?? null,
    remittance: remittance.length > 0 ? remittance : rest,
    returned:
      returnCode === null ? null : { extension: undefined, text: `${returnCode} ${remittance.join(" ")}`.trim() },
    instructed: amount(of("OCMT", "OAMT")),
    charges: amount(of("CHGS", "CHGD")),
  };
}
