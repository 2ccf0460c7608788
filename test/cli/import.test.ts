/** `kulanz import --dry-run`: nothing is opened or stored; bad files are told, one by one, and harm no other. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FileReport } from "../../src/pure/formats/index.ts";
import { hasShared, SHARED, sharedJson } from "../formats/corpus.ts";
import { called, json, kulanz, SAMPLES } from "./program.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "kulanz-import-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const filesOf = (top: string): string[] =>
  readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();

test("all samples are read; the format comes from the content", async () => {
  const files = ["garden", "utility"].flatMap((part) => filesOf(path.join(SAMPLES, part)));
  const answer = await kulanz(["import", ...files, "--dry-run", "--json"]);
  expect(answer.code).toBe(0);
  expect(answer.err).toBe("");
  const reports = json<FileReport[]>(answer);
  expect(reports).toHaveLength(files.length);
  for (const [index, report] of reports.entries()) {
    const file = files[index] ?? "";
    expect(report, file).toMatchObject({
      file: expect.stringContaining(path.basename(file)),
      status: "ok",
      imported: null,
    });
    if (/\.(camt053\.xml|sta)$/.test(file)) {
      expect(report.format).toMatch(file.endsWith(".sta") ? /^MT940$/ : /^camt\.053/);
      expect(report.statements.map(({ reconciles }) => reconciles)).not.toContain(false);
    } else if (file.endsWith(".csv")) expect(report.records).toBeGreaterThan(5);
    else expect(report.invoices).toHaveLength(1);
  }
}, 120_000);

test("bad files: each is told with code and place, the good one beside them is read", async () => {
  const at = (name: string, content?: string | Uint8Array): string => {
    const file = path.join(folder, name);
    if (content !== undefined) writeFileSync(file, content);
    return file;
  };
  const good = at(
    "good; rm -rf $(HOME).csv",
    "customer_number,name,invoice_number,due_date,amount\n1,A,R1,2026-01-01,10.00\n",
  );
  mkdirSync(at("a-folder"));
  symlinkSync("/nowhere/at/all", at("dangling"));
  const files: [file: string, code: string][] = [
    [at("missing.xml"), "file_unreadable"],
    [at("a-folder"), "file_unreadable"],
    [at("dangling"), "file_unreadable"],
    [at("empty.xml", ""), "file_empty"],
    [at("binary.csv", Uint8Array.from({ length: 4096 }, (_, index) => (index * 97) % 256)), "format_unknown"],
    [at("camt.053.xml", "just words"), "format_unknown"],
    [at("../".repeat(2) + "etc/passwd\u001b[2J\nx"), "file_unreadable"],
    [at('<img src=x onerror="1">.xml', "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "xml_doctype_refused"],
    [at("half.xml", '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>'), "xml_not_well_formed"],
  ]; // biome-ignore format: a table
  const names = files.map(([file]) => file);
  const answer = await called(["import", ...names, good, "--dry-run", "--json"]);
  const reports = json<FileReport[]>(answer);
  expect(answer.code).toBe(1);
  expect(reports.map(({ error }) => error?.code ?? null)).toEqual([...files.map(([, code]) => code), null]);
  for (const report of reports.slice(0, -1)) {
    expect(report).toMatchObject({ status: "refused", imported: null, statements: [], invoices: [], records: 0 });
    expect(report.error?.message).toBeTruthy();
    expect(report.error?.where).toBeTruthy();
  }
  expect(reports.at(-1)).toMatchObject({ status: "ok", format: "csv", records: 1 });

  // As text: what steers a terminal does not reach it.
  const text = await called(["import", ...names, good, "--dry-run"]);
  expect(text.code).toBe(1);
  expect(text.out).not.toContain("\u001b");
  expect(text.out).toContain("format_unknown");
  // A name that begins with a dash is a name after `--`.
  const dashed = await called(["import", "--dry-run", "--json", "--", "--help"]);
  expect(json<FileReport[]>(dashed)[0]).toMatchObject({ file: "--help", error: { code: "file_unreadable" } });
});

interface Expected {
  readonly files: Readonly<Record<string, { readonly kind: string; readonly entries: number }>>;
}

describe.skipIf(!hasShared)(`corpora${hasShared ? "" : ` (skipped: nothing at ${SHARED})`}`, () => {
  test("every file of every maker in one call", async () => {
    const files = ["bank", "einvoice", "datev"].flatMap((part) => filesOf(path.join(SHARED, "corpora", part)));
    const answer = await kulanz(["import", "--dry-run", "--json", ...files]);
    expect(answer.err).toBe("");
    const reports = json<FileReport[]>(answer);
    expect(reports).toHaveLength(files.length);
    expect(answer.code).toBe(reports.some(({ status }) => status === "refused") ? 1 : 0);
    const byFile = new Map(
      files.map((file, index) => [path.relative(path.join(SHARED, "corpora"), file), reports[index]]),
    );
    for (const report of reports)
      if (report.status === "refused")
        expect(report.error).toMatchObject({ code: expect.stringMatching(/^[a-z0-9_]+$/) });
    // Numbers are compared in test/formats; here: what the process prints is what was read.
    const statements = Object.entries((sharedJson("corpora/expected_statements.json") as Expected).files);
    const camt = statements.filter(([, { kind }]) => kind === "camt");
    expect(camt.length).toBeGreaterThan(50);
    for (const [file, { entries }] of camt) {
      const found = byFile.get(file);
      if (found?.status !== "ok") continue;
      expect(
        found.statements.reduce((sum, one) => sum + one.entries, 0),
        file,
      ).toBe(entries);
    }
    const read = (part: string): number =>
      [...byFile].filter(([file, one]) => file.startsWith(part) && one?.status === "ok").length;
    expect(read("bank/")).toBeGreaterThan(70);
    expect(read("einvoice/")).toBeGreaterThan(240);
  }, 120_000);
});
