/** `kulanz refunds` as an operator types it; what stands in the payment file is tested in test/books/refunds.test.ts. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { called, errorOf, json, kulanz } from "./program.ts";

test("refunds are listed; without an approved one no payment file is written", async () => {
  const help = await called(["refunds", "--help"]);
  expect(help).toMatchObject({ code: 0, err: "" });
  expect(help.out).toContain("kulanz refunds [--file F] [--creditor ID] [--json]");
  const top = mkdtempSync(path.join(tmpdir(), "kulanz-refunds-"));
  try {
    const at = (...args: string[]) => kulanz([...args, "--data", path.join(top, "data"), "--json"]);
    const iban = "DE89370400440532013000";
    const made = await at(
      ...["init", "--tenant", "Haus", "--creditor", "Haus GmbH", "--admin", "chef@haus.example", "--iban", iban],
    );
    expect(made.code).toBe(0);
    const listed = await at("refunds");
    expect({ code: listed.code, list: json(listed) }).toEqual({ code: 0, list: [] });
    const target = path.join(top, "pain.xml");
    const none = await at("refunds", "--file", target);
    expect(none.code).toBe(1);
    expect(errorOf(none)).toMatchObject({ code: "no_refunds" });
    expect(existsSync(target)).toBe(false);
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
}, 120_000);
