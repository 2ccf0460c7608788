import { describe, expect, test } from "vitest";
import { detectFormat, type FileReport, reportFile } from "../../src/pure/formats/index.ts";
import { corpusBytes, hasShared, sharedJson } from "./corpus.ts";
import { CAMT, UBL } from "./fixtures.ts";

const report = (name: string, text: string | Uint8Array): Promise<FileReport> =>
  reportFile(name, [typeof text === "string" ? Buffer.from(text) : text]);
const CSV = "customer_number,name,invoice_number,due_date,amount\n1,A,R1,2026-01-01,10.00\n";

describe("report of a file", () => {
  test("statement", async () => {
    expect(await report("umsatz.txt", CAMT)).toEqual({
      file: "umsatz.txt",
      format: "camt.053.001.08",
      status: "ok",
      warnings: [expect.stringMatching(/^BookgDt holds a date.*\(15:\d+\)$/)],
      statements: [
        {
          account: "DE02120300000000202051",
          currency: "EUR",
          opening: "100.00",
          closing: "161.50",
          entries: 3,
          booked: 2,
          transactions: 2,
          sumCredit: "124.00",
          sumDebit: "57.50",
          reconciles: true,
        },
      ],
      invoices: [],
      records: 0,
      imported: null,
    }); // prettier-ignore
  });
  test("invoice", async () => {
    expect((await report("x", UBL)).invoices).toEqual([
      {
        number: "RE-0000001",
        type: "380",
        issueDate: "2026-01-02",
        dueDate: "2026-01-16",
        currency: "EUR",
        total: "119.00",
        prepaid: "19.00",
        payable: "100.00",
        iban: "DE02120300000000202051",
        remittance: "RE-0000001",
        mandate: null,
        seller: "lager GmbH",
        buyer: "kunde GmbH",
      },
    ]); // prettier-ignore
  });
  test("open items, in part", async () => {
    expect(await report("op.csv", `${CSV},B,R2,2026-01-01,1.00\n`)).toMatchObject({
      format: "csv",
      status: "partial",
      records: 1,
      warnings: ["customer_number: The value is missing. (3/1)"],
      mapping: [{ column: "customer_number", field: "customer_number", confidence: 1 }, {}, {}, {}, {}],
    }); // prettier-ignore
    expect(await report("op.csv", CSV)).toMatchObject({ status: "ok", records: 1, warnings: [] });
  });
  test.each<[string, string | Uint8Array, string, RegExp]>([
    ["half a statement", CAMT.slice(0, 2000), "xml_not_well_formed", /^f\.xml:\d+:\d+$/],
    ["empty", "", "file_empty", /^f\.xml$/],
    ["XML of another kind", "<a/>", "format_unknown", /^f\.xml:1:1$/],
    [
      "pain",
      '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><a/></Document>',
      "format_not_supported",
      /^f\.xml$/,
    ],
    ["a table of other things", "a;b\n1;2\n", "columns_missing", /^f\.xml:1$/],
    ["an open quote", `${CSV}"`, "csv_quote_open", /^f\.xml:3:1$/],
    ["prose", "Sehr geehrte Damen und Herren", "format_unknown", /^f\.xml:1:1$/],
    ["a ZIP archive cut off", Buffer.from("PK\u0003\u0004abc"), "archive_broken", /^f\.xml$/],
    ["bytes", Buffer.from([1, 2, 3, 4, 0, 9, 200]), "format_unknown", /^f\.xml$/],
    ["a SWIFT message without a statement", ":20:STARTUMS\n", "mt_no_statement", /^f\.xml:1:1$/],
  ])("refuses %s", async (_, text, code, where) => {
    expect(await report("f.xml", text)).toMatchObject({
      status: "refused",
      error: { code, where: expect.stringMatching(where), message: expect.stringMatching(/\.$|: /) },
      statements: [],
      invoices: [],
    });
  });
  test("a source is closed when its content is refused", async () => {
    let closed = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield Buffer.from("x".repeat(70_000));
      } finally {
        closed = true;
      }
    }
    await reportFile("f", source());
    expect(closed).toBe(true);
  });
});

describe.skipIf(!hasShared)("detection over files of other makers", () => {
  interface Statement {
    kind: string;
    format: string;
    statements: number;
  }
  const statements = hasShared
    ? Object.entries((sharedJson("corpora/expected_statements.json") as { files: Record<string, Statement> }).files)
    : [];
  const invoices = hasShared
    ? Object.entries(sharedJson("corpora/expected_invoices.json") as Record<string, { syntax?: string; id?: string }>)
    : [];
  test("bank files", () => {
    const wrong: string[] = [];
    for (const [path, expected] of statements) {
      const detected = detectFormat(corpusBytes(path), true);
      const found = detected.ok ? detected.value.kind : detected.error.code;
      const format = detected.ok ? detected.value.format : "";
      const isCamt =
        expected.kind === "camt" && /^(camt\.05[234]|)$/.test(expected.format.slice(0, 8)) && expected.statements > 0;
      const right = isCamt
        ? format.startsWith(expected.format || "camt.05")
        : expected.kind.startsWith("mt")
          ? found === "statement" && format.startsWith("MT")
          : expected.kind === "ofx"
            ? format === "OFX"
            : expected.kind === "pain"
              ? found === (/pain\.002/.test(format) ? "payment_status" : "format_not_supported") ||
                found === "format_unknown"
              : expected.kind !== "zip" || found === "archive";
      if (!right) wrong.push(`${path}: ${expected.kind} ${expected.format} → ${found}`);
    }
    expect(wrong).toEqual([]);
  });
  test("invoices", () => {
    const wrong: string[] = [];
    for (const [path, expected] of invoices) {
      const detected = detectFormat(corpusBytes(path), true);
      const found = detected.ok ? detected.value.format : detected.error.code;
      if (expected.id !== undefined ? found !== expected.syntax : detected.ok)
        wrong.push(`${path}: ${expected.syntax} → ${found}`);
    }
    expect(wrong).toEqual([]);
  });
});
