/** `kulanz law …` and `kulanz code` as a process: vectors through a file and through standard input, and as a statement. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasShared, sharedJson } from "../formats/corpus.ts";
import { lawFile, question, sharedLaw, skipped, type Vector } from "../law/shared.ts";
import { called, errorOf, inTurn, json, kulanz } from "./program.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "kulanz-law-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const QUESTIONS = [
  ["interest", "interest_vectors.json", "vectors"],
  ["ledger", "interest_vectors.json", "ledgerVectors"],
  ["default", "default_start_vectors.json", "vectors"],
  ["costs", "cost_vectors.json", "vectors"],
  ["allocate", "allocation_vectors.json", "vectors"],
  ["limitation", "limitation_vectors.json", "vectors"],
  ["garnishment", "garnishment_vectors.json", "vectors"],
] as const;
const expected = (vector: Vector): unknown =>
  "expectedGarnishable" in vector ? { garnishable: vector["expectedGarnishable"] } : vector.expected;

describe.skipIf(!sharedLaw)(`vectors${skipped}`, () => {
  test("each file as it is, as an array from --input; its first vector alone from stdin", async () => {
    await inTurn(QUESTIONS, async ([name, file, list]) => {
      const vectors = lawFile(file)[list] as Vector[];
      const input = path.join(folder, `${name}.json`);
      writeFileSync(input, JSON.stringify(vectors));
      const all = await kulanz(["law", name, "--input", input, "--json"]);
      expect({ name, code: all.code, err: all.err }).toEqual({ name, code: 0, err: "" });
      expect(json(all), name).toStrictEqual(vectors.map(expected));
      const one = await called(["law", name, "--json"], { input: JSON.stringify(question(vectors[0] as Vector)) });
      expect(json(one), name).toStrictEqual(expected(vectors[0] as Vector));
      // The same as text: a heading a vector, sentences, no key of the JSON.
      const text = await called(["law", name, "--input", input]);
      expect(text.out.split("\n\n").length, name).toBeGreaterThanOrEqual(vectors.length);
      for (const { id } of vectors) expect(text.out).toContain(`: ${id}\n`);
      expect(text.out, name).not.toMatch(/not given|undefined|\[object|[a-z][A-Z]|vv\d/);
    });
  }, 120_000);
});

describe.skipIf(!hasShared)("code", () => {
  test("all kinds mixed, from a file; one from stdin", async () => {
    const { vectors } = sharedJson("vectors/code_vectors.json") as { vectors: (Vector & { input: object })[] };
    const input = path.join(folder, "code.json");
    writeFileSync(input, JSON.stringify(vectors.map(({ id, kind, input: asked }) => ({ id, kind, input: asked }))));
    const [all, one] = await inTurn(
      [
        { args: ["code", "--input", input, "--json"], input: undefined },
        { args: ["code", "--json"], input: JSON.stringify(vectors[0]) },
      ],
      (asked) => (asked.input === undefined ? called : kulanz)(asked.args, asked),
    );
    expect([all?.code, one?.code]).toEqual([0, 0]);
    const answers = json<Record<string, unknown>[]>(all as never);
    expect(answers).toHaveLength(vectors.length);
    // Each answer on its own is tested in test/formats/code.test.ts; here: same order, nothing lost on the way.
    for (const [index, vector] of vectors.entries())
      expect(Object.keys(answers[index] ?? {}).sort(), vector.id).toEqual(
        Object.keys(vector.expected as object).sort(),
      );
    expect(json(one as never)).toEqual(vectors[0]?.expected);
  }, 120_000);
});

test("what can't be computed stands in its place; what is not JSON is refused with its line", async () => {
  const good = { principal: "100.00", currency: "EUR", firstInterestDay: "2026-01-01", lastInterestDay: "2026-01-31" };
  const [mixed, scalar, broken, empty, missing, plain] = await inTurn(
    [
      { args: ["law", "interest", "--json"], input: JSON.stringify([{ ...good, debtorKind: "consumer" }, { ...good, principal: "1.2.3" }, 7]) },
      { args: ["law", "garnishment", "--json"], input: "null" },
      { args: ["law", "costs", "--json"], input: '[{"kind": "flat40"},\n{"kind": secret }]' },
      { args: ["code", "--json"], input: "" },
      { args: ["law", "ledger", "--input", path.join(folder, "none.json"), "--json"], input: undefined },
      { args: ["law", "interest", "--principal", "ten", "--from", "2026-01-01", "--to", "2026-01-31"], input: undefined },
    ],
    (asked) => called(asked.args, asked),
  ); // biome-ignore format: a list
  expect(mixed?.code).toBe(0);
  expect(json(mixed as never)).toEqual([
    expect.objectContaining({ days: 31 }),
    { error: expect.objectContaining({ code: expect.any(String), where: expect.stringContaining("principal") }) },
    { error: expect.objectContaining({ code: expect.any(String) }) },
  ]);
  expect(json(scalar as never)).toEqual({ error: expect.objectContaining({ code: expect.any(String) }) });
  expect(broken).toMatchObject({ code: 1, out: "" });
  expect(errorOf(broken as never)).toMatchObject({ code: "json_invalid", where: "stdin:2" });
  expect(broken?.err).not.toContain("secret");
  expect(errorOf(empty as never)).toMatchObject({ code: "json_invalid", where: "stdin:1" });
  expect(missing?.code).toBe(1);
  expect(errorOf(missing as never)).toMatchObject({ code: "file_unreadable", where: path.join(folder, "none.json") });
  expect(plain).toMatchObject({ code: 1, out: "" });
  expect(errorOf(plain as never).where).toContain("principal");
});

test("plain options give a statement a person can read, with paragraphs", async () => {
  const cases: [args: string[], says: RegExp[]][] = [
    [
      ["interest", "--principal", "1000", "--from", "2024-01-01", "--to", "2024-12-31", "--consumer"],
      [/five percentage points above the base rate \(§ 288 \(1\) BGB/, /2024-07-01 {2}2024-12-31 .* 8\.37 %/, /84\.94 EUR/],
    ],
    [["interest", "--principal", "1000", "--from", "2024-01-01", "--to", "2024-12-31", "--business"], [/nine percentage points/]],
    [["default", "--due", "2026-09-15", "--agreed"], [/§ 286 \(2\) no\. 1 BGB/, /In default from 2026-09-16/]],
    [["default", "--due", "2026-09-15"], [/no default yet/]],
    [["default", "--due", "2026-06-01", "--notice-received", "2026-06-09"], [/Interest runs from 2026-06-10/]],
    [["costs", "--claim", "500", "--rate", "0.9", "--mandate-date", "2026-01-01"], [/no\. 2300 VV RVG\) +46\.35 EUR/, /Total +66\.19 EUR/]],
    [["limitation", "--arose", "2023-05-10"], [/Last day to file: 2026-12-31/, /§§ 195, 199 BGB/]],
    [["limitation", "--title-final", "2025-03-17"], [/2055-03-17/]],
    [["garnishment", "--net", "2500", "--dependants", "1", "--date", "2026-08-01"], [/Garnishable: 157\.59 EUR \(§ 850c ZPO\)/]],
  ]; // biome-ignore format: a table
  const answers = await inTurn(cases, ([args]) => called(["law", ...args]));
  for (const [index, [args, says]] of cases.entries()) {
    expect(answers[index], args.join(" ")).toMatchObject({ code: 0, err: "" });
    for (const words of says) expect(answers[index]?.out, args.join(" ")).toMatch(words);
  }
});
