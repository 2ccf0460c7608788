/** An account statement as many banks still send it: MT940 with the German structure of field 86 (DK, annex 3). */
import { EUR, formatMinor, type PlainDate } from "../../../pure/kernel/index.ts";
import type { DemoCreditor } from "../setting.ts";
import { spelledOut } from "./people.ts";
import type { SampleStatement } from "./statements.ts";
import type { SampleEntry } from "./transfers.ts";

const amount = (minor: bigint): string => formatMinor(minor < 0n ? -minor : minor, EUR).replace(".", ",");
const shortDay = (day: PlainDate): string => day.replaceAll("-", "").slice(2);
const balance = (tag: string, minor: bigint, day: PlainDate): string =>
  `:${tag}:${minor < 0n ? "D" : "C"}${shortDay(day)}EUR${amount(minor)}`;

/** Business transaction code and booking text. */
const CODES: Readonly<Record<SampleEntry["kind"], readonly [code: string, text: string]>> = {
  transfer: ["166", "GUTSCHRIFT"],
  debit: ["171", "SEPA-LS EINZUG"],
  return: ["109", "RUECKLASTSCHRIFT"],
  own: ["166", "GUTSCHRIFT"],
};
const OUTGOING = ["116", "UEBERWEISUNG"] as const;

/** Letters of the SWIFT character set (X) alone. */
const swift = (text: string): string =>
  [...spelledOut(text).normalize("NFD")].filter((character) => /[ -~]/.test(character)).join("");
const pieces = (text: string, size: number): string[] => text.match(new RegExp(`.{1,${size}}`, "gsu")) ?? [];

function information(entry: SampleEntry): string {
  const [code, text] = entry.kind === "own" && !entry.credit ? OUTGOING : CODES[entry.kind];
  const purpose = [
    ...(entry.endToEndId ? [`EREF+${entry.endToEndId}`] : []),
    ...(entry.mandate ? [`MREF+${entry.mandate}`] : []),
    `SVWZ+${entry.structured ?? ""}${entry.lines.join(" ")}`,
  ];
  // Ten subfields of 27 characters; each tag begins one.
  const lines = purpose.flatMap((tag) => pieces(swift(tag), 27)).slice(0, 10);
  const name = pieces(swift(entry.name), 27).slice(0, 2);
  return [
    code,
    `?00${text}?10${code === "166" ? "931" : "930"}`,
    ...lines.map((line, index) => `?${20 + index}${line}`),
    `?30${entry.iban.slice(4, 12)}?31${entry.iban}`,
    ...name.map((line, index) => `?${32 + index}${line}`),
    ...(entry.kind === "return" ? ["?34914"] : []),
  ].join("");
}

export function mt940Statement(creditor: DemoCreditor, statement: SampleStatement): Buffer {
  const { sequence, openingMinor, closingMinor, from, to, entries } = statement;
  const iban = creditor.accounts[0]?.iban ?? "";
  const lines = [
    `:20:STARTUMSE`,
    `:25:${iban}`,
    `:28C:${String(sequence).padStart(5, "0")}/001`,
    balance("60F", openingMinor, from),
    ...entries.flatMap((entry, index) => {
      const day = shortDay(entry.on);
      const code = entry.kind === "return" ? "NRTI" : entry.kind === "debit" ? "NDDT" : "NTRF";
      return [
        `:61:${day}${day.slice(2)}${entry.credit ? "C" : "D"}R${amount(entry.amountMinor)}${code}${entry.endToEndId?.slice(0, 16) ?? "NONREF"}//${shortDay(to)}${String(index + 1).padStart(6, "0")}`,
        // A line has at most 65 characters.
        ...pieces(`:86:${information(entry)}`, 65),
      ];
    }),
    balance("62F", closingMinor, to),
    "-",
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n`, "ascii");
}
