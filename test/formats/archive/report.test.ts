import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type FileReport, reportFile } from "../../../src/pure/formats/index.ts";
import { corpusBytes, hasShared, sharedJson } from "../corpus.ts";
import { CAMT, CII, UBL } from "../fixtures.ts";
import { pdfOf } from "../invoice/pdf-maker.ts";
import { zipOf } from "./zip-maker.ts";

const report = (bytes: Uint8Array): Promise<FileReport> => reportFile("f.zip", [bytes]);
const CSV = "customer_number,name,invoice_number,due_date,amount\n1,A,R1,2026-01-01,10.00\n";

describe("report of an archive", () => {
  test("statements of all files in order, one element", async () => {
    const found = await report(
      zipOf([
        { name: "1.xml", bytes: CAMT },
        { name: "2.xml", bytes: CAMT.replaceAll("100.00", "100.01") },
      ]),
    );
    expect(found).toMatchObject({ file: "f.zip", format: "camt.053.001.08", status: "ok", imported: null });
    expect(found.statements.map(({ opening, reconciles }) => [opening, reconciles])).toEqual([
      ["100.00", true],
      ["100.01", false],
    ]);
    for (const text of found.warnings) expect(text).toMatch(/^[12]\.xml: /);
  }); // prettier-ignore
  test("invoices as XML and PDF, and a table, each as what it is", async () => {
    const found = await report(
      zipOf([
        { name: "a.xml", bytes: UBL },
        { name: "b.pdf", bytes: pdfOf([{ name: "factur-x.xml", bytes: CII }]) },
        { name: "c.csv", bytes: CSV },
      ]),
    );
    expect(found).toMatchObject({ format: "UBL Invoice, CII, csv", status: "ok", records: 1 });
    expect(found.invoices.map(({ number }) => number)).toEqual(["RE-0000001", "G-1"]);
    expect(found.mapping).toHaveLength(5);
  });
  test("gzip is its content", async () => {
    expect(await report(gzipSync(CAMT))).toMatchObject({ format: "camt.053.001.08", statements: [{ entries: 3 }] });
  });
  test("one broken file refuses the archive and is named", async () => {
    const found = await report(
      zipOf([
        { name: "good.xml", bytes: CAMT },
        { name: "bad.xml", bytes: CAMT.slice(0, 2_000) },
      ]),
    );
    expect(found).toMatchObject({
      status: "refused",
      statements: [],
      invoices: [],
      records: 0,
      error: { code: "xml_not_well_formed" },
    });
    expect(found.error?.where).toMatch(/^f\.zip\/bad\.xml:\d+:\d+$/);
  }); // prettier-ignore
  test.each<[string, Uint8Array, string, string]>([
    ["a damaged file", zipOf([{ name: "a.xml", bytes: CAMT, crc: 1 }]), "archive_broken", "f.zip/a.xml:a.xml"],
    [
      "an unknown file",
      zipOf([
        { name: "a.xml", bytes: CAMT },
        { name: "LIESMICH", bytes: "Hallo" },
      ]),
      "format_unknown",
      "f.zip/LIESMICH:1:1",
    ],
    [
      "a ZIP inside",
      zipOf([{ name: "b.zip", bytes: zipOf([{ name: "a.xml", bytes: CAMT }]) }]),
      "archive_nested",
      "f.zip/b.zip:b.zip",
    ],
    ["a name that climbs", zipOf([{ name: "../a.xml", bytes: CAMT }]), "archive_member_name_refused", "f.zip:../a.xml"],
    ["a spreadsheet", zipOf([{ name: "[Content_Types].xml", bytes: "<Types/>" }]), "format_not_supported", "f.zip"],
    ["zeros", zipOf([{ name: "b", bytes: Buffer.alloc(64 * 1_048_576) }]), "archive_ratio_refused", "f.zip:b"],
    [
      "one row again and again as gzip",
      gzipSync(Buffer.alloc(12 * 1_048_576, "a;b\n")),
      "archive_ratio_refused",
      "f.zip:1",
    ],
  ])("%s is refused", async (_, bytes, code, where) => {
    expect((await report(bytes)).error).toMatchObject({ code, where });
  }); // prettier-ignore
});

interface Expected {
  readonly kind: string;
  readonly members: readonly {
    format: string;
    entries: number;
    opening: string | null;
    closing: string;
    sum_credit: string;
    sum_debit: string;
  }[];
} // prettier-ignore

describe.skipIf(!hasShared)("archives of other makers", () => {
  const files = hasShared
    ? Object.entries((sharedJson("corpora/expected_statements.json") as { files: Record<string, Expected> }).files)
    : [];
  const zips = files.filter(([, { kind }]) => kind === "zip");
  test("there are some", () => expect(zips.length).toBeGreaterThan(1));
  test.each(zips)("%s", async (path, { members }) => {
    const found = await reportFile("x", [corpusBytes(path)]);
    expect(found.format).toBe([...new Set(members.map(({ format }) => format))].join(", "));
    const shown = (text: string | null): number | null => (text === null ? null : Number(text));
    expect(
      found.statements.map((one) => [
        one.entries,
        shown(one.opening),
        shown(one.closing),
        Number(one.sumCredit),
        Number(one.sumDebit),
      ]),
    ).toEqual(
      members.map((one) => [
        one.entries,
        shown(one.opening),
        shown(one.closing),
        Number(one.sum_credit),
        Number(one.sum_debit),
      ]),
    );
  }); // prettier-ignore
});
