import { describe, expect, test } from "vitest";
import { type FileReport, reportFile } from "../../src/pure/formats/index.ts";
import { CSV_DE, CSV_NL, MT940_DE, MT940_NL, MT942, OFX_SGML, OFX_XML, PAIN_002 } from "./bank/fixtures.ts";
import { BENELUX } from "./bank/layouts/benelux.ts";
import { bytesOf } from "./bank/layouts/layout.ts";
import { OTHERS } from "./bank/layouts/others.ts";
import { CAMT, CII, UBL } from "./fixtures.ts";

const OPEN_ITEMS =
  'customer_number;name;invoice_number;due_date;amount;email\n1;"A;""B""";R1;01.02.2026;1.234,50;a@b.example\n2;C;R2;2026-02-28;7;\n';
const DATEV =
  '"EXTF";700;21;"Buchungsstapel";13;20260105120000000;"";"RE";"";"";1001;10001;20260101;4;20260101;20260131;"";"";1;0;0;"EUR";"";"";"";"";"";"";"";"";""\n' +
  "Umsatz (ohne Soll/Haben-Kz);Soll/Haben-Kennzeichen;WKZ Umsatz;Kurs;Basis-Umsatz;WKZ Basis-Umsatz;Konto;Gegenkonto (ohne BU-Schlüssel);BU-Schlüssel;Belegdatum;Belegfeld 1;Belegfeld 2;Skonto;Buchungstext\n" +
  '119,00;"S";"EUR";;;"";10001;8400;"";0201;"RE-0000001";"";;"Rechnung"\n';

const layout = (bank: string): Buffer => {
  const found = [...BENELUX, ...OTHERS].find((one) => one.bank === bank);
  if (!found) throw new Error(`no layout of ${bank}`);
  return Buffer.from(bytesOf(found));
};

/** One of each kind of file that is read. */
const FILES: readonly (readonly [name: string, bytes: Buffer])[] = [
  ["bank-csv-bare", layout("ABN AMRO (no header)")] as const,
  ["bank-csv-bare-signs", layout("Triodos (no header)")] as const,
  ["bank-csv-1250", layout("mBank")] as const,
  ...(
    [
      ["camt", CAMT],
      ["mt940-de", MT940_DE],
      ["mt940-nl", MT940_NL],
      ["mt942", MT942],
      ["ofx-sgml", OFX_SGML],
      ["ofx-xml", OFX_XML],
      ["bank-csv", CSV_DE],
      ["pain-002", PAIN_002],
      ["ubl", UBL],
      ["cii", CII],
      ["open-items", OPEN_ITEMS],
      ["datev", DATEV],
      ["bank-csv-nl", CSV_NL],
    ] as const
  ).map(([name, text]) => [name, Buffer.from(text)] as const),
];

/** mulberry32: small, seeded, good enough to scatter damage. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const SLOW_MS = 2_000;
/** A report, in time, that says why when it refuses. Nothing is thrown, whatever the bytes. */
async function sound(what: string, name: string, bytes: Uint8Array): Promise<FileReport> {
  const start = performance.now();
  const report = await reportFile(name, [bytes]);
  const took = performance.now() - start;
  expect(took, `${what}: ${Math.round(took)} ms`).toBeLessThan(SLOW_MS);
  expect(["ok", "partial", "refused"], what).toContain(report.status);
  expect(report.error === undefined, what).toBe(report.status !== "refused");
  if (report.error) {
    expect(report.error.message, what).toMatch(/\S/);
    expect(report.error.where, what).toMatch(/\S/);
    expect(report.statements, what).toEqual([]);
  }
  return report;
}

const soak = process.env["KULANZ_SOAK"] !== undefined;
/** In the sample, every n-th offset of a file. */
const STEP = soak ? 1 : 29;
const FLIPS = soak ? 1_000 : 25;

const PARTS = [
  "<",
  ">",
  "&",
  "&#x110000;",
  "<!--",
  "<![CDATA[",
  '"',
  ";",
  "\n",
  "\r",
  "\u0000",
  ":61:",
  ":86:",
  "-}",
  "{4:",
  "?20",
  "EREF+",
  "__proto__",
  "\ud83d",
  "9".repeat(400),
  " ".repeat(900),
]; // prettier-ignore

function damaged(bytes: Buffer, next: (below: number) => number): Buffer {
  const copy = Buffer.from(bytes);
  const kind = next(4);
  if (kind === 0) {
    for (let flips = 1 + next(6); flips > 0; flips -= 1) {
      const at = next(copy.length);
      copy[at] = (copy[at] ?? 0) ^ (1 << next(8));
    }
    return copy;
  }
  const at = next(copy.length);
  if (kind === 1) return Buffer.concat([copy.subarray(0, at), copy.subarray(Math.min(copy.length, at + next(40)))]);
  if (kind === 2) {
    const from = next(copy.length);
    return Buffer.concat([copy.subarray(0, at), copy.subarray(from, from + next(300)), copy.subarray(at)]);
  }
  return Buffer.concat([copy.subarray(0, at), Buffer.from(PARTS[next(PARTS.length)] ?? ""), copy.subarray(at)]);
}

describe("files that are cut off at any byte", () => {
  for (const [name, bytes] of FILES)
    test(name, async () => {
      const whole = await sound(name, name, bytes);
      expect(whole.status).toBe("ok");
      for (let end = 0; end < bytes.length; end += STEP) {
        const report = await sound(`${name} cut at ${end}`, name, bytes.subarray(0, end));
        // XML and OFX know their end.
        if (/^(camt|ofx|pain|ubl|cii)/.test(name) && bytes.subarray(end).toString().trim() !== "")
          expect(report.status, `${name} cut at ${end}`).toBe("refused");
        // A closing balance tells when entries are missing in front of it; the rest is refused.
        if (name.startsWith("mt940") && report.status === "ok")
          expect(
            report.statements.every(({ closing }) => closing !== null),
            `${name} cut at ${end}`,
          ).toBe(true); // prettier-ignore
      }
    }, 120_000);
});

describe("files that are damaged anywhere", () => {
  for (const [index, [name, bytes]] of FILES.entries())
    test(name, async () => {
      const seed = 20_260_101 + index;
      const next = random(seed);
      for (let round = 0; round < FLIPS; round += 1) {
        let text = bytes;
        for (let times = 1 + next(3); times > 0 && text.length > 0; times -= 1) text = damaged(text, next);
        await sound(`${name}, seed ${seed}, round ${round}`, name, text);
      }
    }, 120_000);
});

test("the name says nothing: each file under each other's name", async () => {
  for (const [name, bytes] of FILES) {
    const right = await sound(name, name, bytes);
    for (const wrong of ["a.xml", "b.csv", "c.sta", "d.pdf", "e", "../f.zip"]) {
      const report = await sound(`${name} as ${wrong}`, wrong, bytes);
      expect({ ...report, file: "" }).toEqual({ ...right, file: "" });
    }
  }
});

describe("beginnings that never end are refused with a place, without being read to their end", () => {
  const GIGABYTE = 1_024;
  test.each<[string, string, string]>([
    ["an MT line", ":20:A\n:25:1\n:60F:C260101EUR0,\n:61:2601010101C1,NTRF\n:86:", "A"],
    ["an MT entry", ":20:A\n:25:1\n:60F:C260101EUR0,\n:61:", "9"],
    ["an MT text of many lines", ":20:A\n:25:1\n:60F:C260101EUR0,\n:61:2601010101C1,NTRF\n:86:", "\n\nA"],
    ["an OFX text", "<OFX><BANKMSGSRSV1><STMTRS><STMTTRN><MEMO>", "A"],
    ["an OFX tag", "<OFX><BANKMSGSRSV1><", "A"],
    ["a bank table's row", "Datum;Text;Betrag\n01.01.2026;", "A"],
    ["a camt text", CAMT.slice(0, CAMT.indexOf("<Ustrd>") + 7), "A"],
    ["a camt tag", CAMT.slice(0, CAMT.indexOf("<Ustrd>")).concat("<"), "A"],
    ["a payment status", PAIN_002.slice(0, PAIN_002.indexOf("<AddtlInf>") + 10), "A"],
  ])(
    "%s",
    async (name, start, filling) => {
      let pieces = 0;
      async function* endless(): AsyncGenerator<Uint8Array> {
        yield Buffer.from(start);
        const piece = Buffer.alloc(1_048_576, filling);
        for (; pieces < GIGABYTE; pieces += 1) yield piece;
      }
      const before = performance.now();
      const report = await reportFile(name, endless());
      expect(performance.now() - before).toBeLessThan(20_000);
      expect(report.status).toBe("refused");
      expect(report.error?.where).toMatch(/\S/);
      // Tables are read whole, up to their limit; all others stop within a few megabytes.
      expect(pieces).toBeLessThan(name.includes("table") ? 300 : 8);
    },
    30_000,
  );
});
