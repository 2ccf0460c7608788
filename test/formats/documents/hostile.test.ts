import fc from "fast-check";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type FileReport, reportFile } from "../../../src/pure/formats/index.ts";
import { zipOf } from "../archive/zip-maker.ts";
import { CAMT, CII, UBL } from "../fixtures.ts";
import { pdfOf } from "../invoice/pdf-maker.ts";
import { ADYEN, AMAZON, PAYPAL, STRIPE } from "../settlement/fixtures.ts";

const DATEV = [
  '"EXTF";700;21;"Buchungsstapel";13;20260131120000000;;"RE";"";"";1001;7;20260101;4;20260101;20260228;"Jan";"";1;0;0;"EUR";;"";;;"03";;;"";""',
  "Umsatz (ohne Soll/Haben-Kz);Soll/Haben-Kennzeichen;WKZ Umsatz;Konto;Gegenkonto (ohne BU-Schlüssel);BU-Schlüssel;Belegdatum;Belegfeld 1;Belegfeld 2;Skonto;Buchungstext",
  '"119,00";"S";"";10001;8400;"";"0501";"RE-1";"150226";"";"Rechnung ""eins"""',
].join("\r\n");
const REMADV =
  "UNA:+.? 'UNB+UNOC:3+1+2+260105:1200+1'UNH+1+REMADV:D:96A:UN'BGM+481+A1+9'CUX+2:EUR:11'DOC+380+R?'1'MOA+12:5.00'UNS+S'MOA+12:5.00'UNT+8+1'UNZ+1+1'";
const ADVICE = "Avisnummer;Rechnungsnummer;Zahlbetrag\nA1;R1;5,00\n";

const FILES: readonly Buffer[] = [
  Buffer.from(DATEV, "latin1"),
  Buffer.from(REMADV),
  Buffer.from(ADVICE),
  ...[STRIPE, PAYPAL, ADYEN, AMAZON].map((text) => Buffer.from(text)),
  zipOf([
    { name: "a.xml", bytes: UBL },
    { name: "b.csv", bytes: STRIPE },
  ]),
  gzipSync(CAMT),
  pdfOf([{ name: "factur-x.xml", bytes: CII, filter: "flate" }]),
];

const SLOW_MS = 2_000;
async function soundly(bytes: Uint8Array): Promise<FileReport> {
  const start = performance.now();
  const report = await reportFile("f", [bytes]);
  expect(performance.now() - start).toBeLessThan(SLOW_MS);
  expect(["ok", "partial", "refused"]).toContain(report.status);
  expect(report.error === undefined).toBe(report.status !== "refused");
  if (report.status === "refused") expect([report.statements, report.invoices]).toEqual([[], []]);
  return report;
}

describe("hostile documents", () => {
  test("as they are, all are read", async () => {
    for (const bytes of FILES) expect((await soundly(bytes)).status).toBe("ok");
  });

  test("damaged anywhere, a file is reported, never thrown at", async () => {
    const put = fc.oneof(
      fc.uint8Array({ maxLength: 6 }),
      fc
        .constantFrom('"', ";", "\n", "\r", "'", "+", "?", "\0", "1e999", "-", "PK", "__proto__", "\u{1F600}")
        .map((text) => Buffer.from(text)),
    ); // prettier-ignore
    const damage = fc.record({ at: fc.nat(20_000), cut: fc.nat(12), put });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...FILES),
        fc.array(damage, { minLength: 1, maxLength: 3 }),
        async (file, damages) => {
          let bytes = file;
          for (const { at, cut, put: piece } of damages) {
            const place = at % Math.max(1, bytes.length);
            bytes = Buffer.concat([bytes.subarray(0, place), piece, bytes.subarray(place + cut)]);
          }
          await soundly(bytes);
        },
      ),
      { numRuns: process.env["KULANZ_SOAK"] ? 8_000 : 300, seed: 19 },
    ); // prettier-ignore
  }, 600_000);

  test("single bits flipped", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...FILES), fc.nat(1_000_000), fc.nat(7), async (file, at, bit) => {
        const bytes = Buffer.from(file);
        const place = at % bytes.length;
        bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
        await soundly(bytes);
      }),
      { numRuns: process.env["KULANZ_SOAK"] ? 4_000 : 200, seed: 23 },
    );
  }, 600_000);

  test("cut anywhere", async () => {
    const step = process.env["KULANZ_SOAK"] ? 1 : 29;
    for (const file of FILES)
      for (let length = 0; length < file.length; length += step) await soundly(file.subarray(0, length));
  }, 600_000);

  const MIB = 1_048_576;
  test.each<[string, () => Buffer, string]>([
    ["a DATEV row of 20 MiB", () => Buffer.from(`${DATEV}\n"${"x".repeat(20 * MIB)}"`), "csv_field_too_long"],
    ["a DATEV row of 4 million columns", () => Buffer.from(`${DATEV}\n${";".repeat(4 * MIB)}`), "csv_too_many_columns"],
    ["REMADV without ends of segments", () => Buffer.from(REMADV + "MOA+12:5".repeat(2 * MIB)), "edifact_broken"],
    [
      "REMADV with a million segments",
      () => Buffer.from(REMADV.replace("UNS", `${"A+1'".repeat(MIB)}UNS`)),
      "edifact_broken",
    ],
    [
      "REMADV with a million good segments",
      () => Buffer.from(REMADV.replace("UNS", `${"FTX+1'".repeat(MIB)}UNS`)),
      "edifact_too_large",
    ],
    [
      "a PDF of 40 MiB without objects",
      () => Buffer.from(`%PDF-1.7\n${"obj stream ".repeat(4 * MIB)}\nstartxref\n0\n%%EOF`),
      "pdf_broken",
    ],
    [
      "quotes that never close, ten thousand times",
      () => Buffer.from(`${DATEV}\n${'"a\n'.repeat(10_001)}`),
      "csv_quote_misplaced",
    ],
  ])(
    "%s is refused, soon",
    async (_, bytes, code) => {
      expect((await soundly(bytes())).error?.code).toBe(code);
    },
    20_000,
  ); // prettier-ignore
});
