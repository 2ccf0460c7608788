/** `kulanz statement` as an operator types it; the figures are tested in test/books/receivables/statement.test.ts. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { called, errorOf, json, kulanz } from "./program.ts";

const CSV = `Kundennummer;Name;Straße;PLZ;Ort;Rechnungsnr;Rechnungsdatum;Fällig am;Betrag
K-1;Erika Muster;Uferweg 12;38999;Erlenbrück;R-17;2026-03-01;2026-03-31;119,00
`;

test("a statement as text, JSON and PDF; unknown customers, days and languages are refused", async () => {
  const help = await called(["statement", "--help"]);
  expect(help.out).toContain("--customer ID|NUMBER [--as-of D]");
  expect((await called(["statement"])).code).toBe(2);
  expect((await called(["statement", "--customer", "K-1", "--as-of", "2026-02-30"])).code).toBe(2);
  expect((await called(["statement", "--customer", "K-1", "--language", "fr"])).code).toBe(2);
  const top = mkdtempSync(path.join(tmpdir(), "kulanz-statement-"));
  try {
    const at = (...args: string[]) => kulanz([...args, "--data", path.join(top, "data")]);
    const iban = "DE89370400440532013000";
    const made = await at(
      ...["init", "--tenant", "Haus", "--creditor", "Haus GmbH", "--admin", "chef@haus.example", "--iban", iban],
    );
    expect(made.code).toBe(0);
    const list = path.join(top, "posten.csv");
    writeFileSync(list, CSV);
    expect((await at("import", list)).code).toBe(0);
    const target = path.join(top, "statement.pdf");
    const told = await at("statement", "--customer", "K-1", "--as-of", "2026-04-30", "--pdf", target);
    expect(told).toMatchObject({ code: 0 });
    const text = told.out.replaceAll("\u00a0", " ");
    for (const part of ["Forderungsaufstellung: 119,00 € am 30. April 2026", "Rechnung R-17 vom 01.03.2026", "Keine Zinsen"])
      expect(text).toContain(part);
    expect(readFileSync(target).subarray(0, 5).toString()).toBe("%PDF-");
    expect(statSync(target).mode & 0o777).toBe(0o600);
    const english = await at("statement", "--customer", "K-1", "--language", "en", "--json");
    expect(json(english)).toMatchObject([{ total: { amount: "119.00" }, items: [{ title: expect.stringMatching(/^Invoice R-17 of 1.Mar.2026$/) }] }]);
    const none = await at("statement", "--customer", "K-2");
    expect([none.code, errorOf(none)]).toMatchObject([1, { code: "customer_not_found" }]);
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
}, 180_000); // biome-ignore format: lines of a terminal
