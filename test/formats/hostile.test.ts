import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { reportFile } from "../../src/pure/formats/index.ts";
import { hasShared, SHARED } from "./corpus.ts";
import { CAMT, CII, UBL } from "./fixtures.ts";

const CSV =
  'customer_number;name;invoice_number;due_date;amount;email\n1;"A;""B""";R1;01.02.2026;1.234,50;a@b.example\n2;C;R2;2026-02-28;7;\n';

describe("hostile files", () => {
  test("damaged anywhere, a file is reported, never thrown at", {
    timeout: process.env["KULANZ_SOAK"] ? 600_000 : 30_000,
  }, async () => {
    const damage = fc.record({
      at: fc.nat(6_000),
      cut: fc.nat(30),
      put: fc.oneof(
        fc.uint8Array({ maxLength: 8 }),
        fc
          .constantFrom(
            "<",
            ">",
            "&",
            "&#x110000;",
            "&#0;",
            "<!--",
            "<![CDATA[",
            "]]>",
            '"',
            "\n",
            "\u0000",
            "<?x",
            "__proto__",
            "\ud800",
          )
          .map((text) => Buffer.from(text)),
      ),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(CAMT, UBL, CII, CSV),
        fc.array(damage, { minLength: 1, maxLength: 4 }),
        async (text, damages) => {
          let bytes: Buffer = Buffer.from(text);
          for (const { at, cut, put } of damages) {
            const place = at % bytes.length;
            bytes = Buffer.concat([bytes.subarray(0, place), put, bytes.subarray(place + cut)]);
          }
          const report = await reportFile("f", [bytes]);
          expect(["ok", "partial", "refused"]).toContain(report.status);
          expect(report.error === undefined).toBe(report.status !== "refused");
        },
      ),
      { numRuns: process.env["KULANZ_SOAK"] ? 20_000 : 600, seed: 11 },
    );
  });

  test.each<[string, string, string]>([
    ["a character that is none", CAMT.replace("Ada", "&#x110000;"), "xml_not_well_formed"],
    ["an attribute twice", CAMT.replace('Ccy="EUR"', 'Ccy="EUR" Ccy="EUR"'), "xml_not_well_formed"],
    ["a prototype as attribute", CAMT.replace('Ccy="EUR"', '__proto__="EUR"'), ""],
    ["a prototype as element", CAMT.replaceAll("Ustrd", "constructor"), ""],
    [
      "an external entity",
      UBL.replace("<Invoice", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Invoice'),
      "xml_doctype_refused",
    ],
    ["a document type in lower case", UBL.replace("<Invoice", "<!doctype a><Invoice"), "xml_not_well_formed"],
    ["prototype names as columns", CSV.replace("email", "constructor"), ""],
  ])("%s", async (_, text, code) => {
    const report = await reportFile("f", [Buffer.from(text)]);
    expect(report.error?.code ?? "").toBe(code);
  });

  test("long fields of one character are cheap", async () => {
    const rows = `${"T".repeat(99_000)};a@${".".repeat(90_000)};${"1,".repeat(40_000)};b;c;d\n`.repeat(20);
    const report = await reportFile("f", [
      Buffer.from(`due_date;email;amount;name;invoice_number;customer_number\n${rows}`),
    ]);
    expect(report.error?.code).toBe("field_too_long");
  }, 5_000);
});

describe.skipIf(!hasShared)("every file of other makers", () => {
  test("is reported with a sentence", async () => {
    const root = join(SHARED, "corpora");
    const paths = hasShared
      ? readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
      : [];
    let files = 0;
    for (const entry of paths) {
      const path = join(entry.parentPath, entry.name);
      const bytes = readFileSync(path);
      if (bytes.length > 2_000_000) continue;
      const report = await reportFile(entry.name, [bytes]);
      if (report.status === "refused") expect(report.error?.message, path).toMatch(/[.:]/);
      files += 1;
    }
    expect(files).toBeGreaterThan(900);
  }, 60_000);
});
