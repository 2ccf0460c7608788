import { describe, expect, test } from "vitest";
import { type PaymentAdvices, readAdvices, reportFile } from "../../../src/pure/formats/index.ts";
import { formatDecimal } from "../../../src/pure/kernel/index.ts";

const REMADV = `UNA:+.? '
UNB+UNOC:3+4000000000001:14+4000000000002:14+260105:1200+1'
UNH+1+REMADV:D:96A:UN:EAN003'
BGM+481+AV-77+9'
DTM+137:20260105:102'
DTM+203:20260107:102'
NAD+PR+4000000000001::9++Handel ?+ Söhne AG'
NAD+PE+4000000000002::9'
CUX+2:EUR:11'
DOC+380+RE-1'
MOA+77:119.00'
MOA+52:2.38'
MOA+12:116.62'
DTM+171:20251220:102'
DOC+380+RE-2'
MOA+9:50.00'
AJT+12'
MOA+165:5.00'
DOC+381+GS-3'
MOA+12:11.62'
UNS+S'
MOA+12:150.00'
UNT+19+1'
UNZ+1+1'
`;
const CSV = `Avisnummer;Avisdatum;Zahler;Rechnungsnummer;Rechnungsbetrag;Skonto;Zahlbetrag;Gesamtbetrag;Währung
AV-1;05.01.2026;Handel AG;RE-1;119,00;-2,38;116,62;1.161,62;EUR
;;;RE-2;1.045,00;;1.045,00;;EUR
AV-2;06.01.2026;Handel AG;RE-3;10,00;;10,00;10,01;EUR
`;

function read(text: string): PaymentAdvices {
  const found = readAdvices(Buffer.from(text));
  if (!found.ok) throw new Error(`${found.error.code} ${found.error.where}`);
  return found.value;
}
const shown = ({ advices }: PaymentAdvices): unknown[] =>
  advices.map(({ number, date, currency, total, payer, reconciles, lines }) => [
    number,
    date,
    currency,
    formatDecimal(total),
    payer,
    reconciles,
    ...lines.map((line) => [
      line.document,
      formatDecimal(line.amount),
      line.deduction && formatDecimal(line.deduction),
    ]),
  ]); // prettier-ignore

describe("payment advices", () => {
  test("REMADV: Skonto, deduction, credit note", () => {
    const found = read(REMADV);
    expect(found.warnings).toEqual([]);
    expect(shown(found)).toEqual([
      [
        "AV-77",
        "2026-01-07",
        "EUR",
        "150.00",
        "Handel + Söhne AG",
        true,
        ["RE-1", "116.62", "2.38"],
        ["RE-2", "45.00", "5.00"],
        ["GS-3", "-11.62", null],
      ],
    ]); // prettier-ignore
  });
  test("REMADV with signs of its own, on one line, with a decimal comma", () => {
    const own = `UNA/|,! ~${REMADV.slice(REMADV.indexOf("UNB"))
      .replaceAll("\n", "")
      .replaceAll("?+", "§")
      .replaceAll(":", "/")
      .replaceAll("+", "|")
      .replaceAll("'", "~")
      .replaceAll("§", "+")
      .replace(/(\d)\.(\d\d)/g, "$1,$2")}`;
    expect(shown(read(own))).toEqual(shown(read(REMADV)));
  });
  test("several messages in one interchange, in Latin-1", () => {
    const message = /UNH[^]*UNT[^']*'/.exec(REMADV)?.[0] ?? "";
    const two = REMADV.replace(message, `${message}\n${message.replace("AV-77", "AV-78")}`);
    const found = readAdvices(Buffer.from(two, "latin1"));
    if (!found.ok) throw new Error(found.error.code);
    expect(found.value.advices.map(({ number, payer }) => [number, payer])).toEqual([
      ["AV-77", "Handel + Söhne AG"],
      ["AV-78", "Handel + Söhne AG"],
    ]);
  });
  test("CSV: the number stands in the first row of an advice", () => {
    const found = read(CSV);
    expect(shown(found)).toEqual([
      [
        "AV-1",
        "2026-01-05",
        "EUR",
        "1161.62",
        "Handel AG",
        true,
        ["RE-1", "116.62", "2.38"],
        ["RE-2", "1045.00", "0.00"],
      ],
      ["AV-2", "2026-01-06", "EUR", "10.01", "Handel AG", false, ["RE-3", "10.00", "0.00"]],
    ]); // prettier-ignore
    expect(found.warnings.map(({ code, where }) => [code, where])).toEqual([["advice_does_not_add_up", "4:1"]]);
  });
  test("CSV in English without totals", () => {
    expect(
      shown(read("Remittance number,Payment date,Invoice number,Amount,Discount\nA1,2026-01-31,R1,10.50,0.50\n")),
    ).toEqual([["A1", "2026-01-31", null, "10.50", null, null, ["R1", "10.50", "0.50"]]]); // prettier-ignore
  });
  test("the report counts the documents", async () => {
    expect(await reportFile("x", [Buffer.from(REMADV)])).toMatchObject({ format: "REMADV", status: "ok", records: 3 });
    expect(await reportFile("x", [Buffer.from(CSV)])).toMatchObject({
      format: "CSV advice",
      records: 3,
      warnings: [expect.stringMatching(/by 0\.01\./)],
    });
  });
  test.each<[string, string, string]>([
    ["no end", REMADV.slice(0, REMADV.indexOf("UNZ")), "edifact_truncated"],
    ["no end of the message", REMADV.replace(/UNT[^']*'/, ""), "edifact_truncated"],
    ["an invoice", REMADV.replace("REMADV", "INVOIC"), "edifact_not_remadv"],
    ["a broken segment", REMADV.replace("MOA+52", "M0A+52"), "edifact_broken"],
    ["a message in a message", REMADV.replace("DOC+381", "UNH+2+REMADV'DOC+381"), "edifact_broken"],
    ["signs that contradict each other", REMADV.replace("UNA:+.? '", "UNA::.? '"), "edifact_broken"],
    ["nothing paid", REMADV.replace(/DOC[^]*(?=UNS)/, ""), "advice_without_lines"],
    ["a table without documents", "Avisnummer;Betrag\n1;2,00\n", "advice_columns_missing"],
    ["a table without amounts", "Avisnummer;Rechnung;Betrag\n1;R;\n", "advice_without_lines"],
  ])("%s is refused", (_, text, code) => {
    const found = readAdvices(Buffer.from(text));
    expect(found.ok ? "read" : found.error.code).toBe(code);
  });
  test("cut anywhere, REMADV is refused", () => {
    const bytes = Buffer.from(REMADV.trimEnd());
    for (let length = 0; length < bytes.length; length += 1)
      expect(readAdvices(bytes.subarray(0, length)).ok, `${length} bytes`).toBe(false);
  });
});
