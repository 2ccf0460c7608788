import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { importFile, previewFile } from "../../src/books/intake/index.ts";
import { hasShared, SHARED } from "../formats/corpus.ts";
import { type Books, openBooks, SYSTEM } from "./books.ts";

/** Every file in a soak run, a sample else. */
const STEP = process.env["KULANZ_SOAK"] ? 1 : 12;

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory()
      ? filesBelow(path)
      : /\.(json|md|xsd|xsl|php|py|txt\.html)$/i.test(name)
        ? []
        : [path];
  });
}

let books: Books;
const files = hasShared
  ? ["bank", "einvoice", "datev", "settlement"]
      .map((name) => `${SHARED}/corpora/${name}`)
      .filter((path) => existsSync(path))
      .flatMap(filesBelow)
      .sort()
  : [];
beforeAll(async () => {
  if (hasShared) books = await openBooks();
});
afterAll(async () => {
  await books?.drop();
});

test.skipIf(!hasShared)(
  "files of other makers are taken in or refused with a reason, and the second time known",
  { timeout: 600_000 },
  async () => {
    const taken = { ok: 0, partial: 0, refused: 0 };
    const codes: Record<string, number> = {};
    for (const path of files.filter((_, index) => index % STEP === 0)) {
      const content = readFileSync(path);
      const input = { name: path, content, creditorId: books.creditorId, account: "DE02120300000000202051" };
      const report = await importFile(books.platform, books.tenantId, SYSTEM, input);
      taken[report.status] += 1;
      if (report.status === "refused") {
        codes[report.error?.code ?? ""] = (codes[report.error?.code ?? ""] ?? 0) + 1;
        expect(report.error?.message).toBeTruthy();
        expect(report.imported).toBeNull();
        continue;
      }
      const again = await importFile(books.platform, books.tenantId, SYSTEM, input);
      expect(again.imported?.new, path).toBe(0);
      const preview = await previewFile(input);
      expect(preview.statements).toEqual(report.statements);
      expect(preview.invoices).toEqual(report.invoices);
      expect(preview.format).toEqual(report.format);
      if (report.mapping === undefined) expect(preview.records).toEqual(report.records);
    }
    if (STEP === 1) console.log(taken, codes);
    expect(taken.ok).toBeGreaterThan(0);
  },
);
