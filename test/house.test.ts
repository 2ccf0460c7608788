/**
 * The house stands as its floor plan says: every import of every file under `src/` is read with a parser, type-only and
 * dynamic ones too. A wing imports only wings above it, a room only rooms to its left, and always through `index.ts`.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { parseSync, Visitor } from "oxc-parser";
import { describe, expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");
const SRC = join(ROOT, "src");

/** Wings from top to bottom, rooms from left to right, as in ARCHITECTURE.md. */
const PLAN: readonly (readonly [wing: string, rooms: readonly string[]])[] = [
  ["pure", ["kernel", "law", "formats", "statistics"]],
  ["platform", ["config", "database", "sealed", "jobs", "http", "telemetry", "access"]],
  [
    "books",
    [
      ...["customers", "orders", "receivables", "arrangements", "payments", "banking", "matching"],
      ...["duplicates", "checking", "intake", "reconciliation"],
    ],
  ],
  ["outreach", ["messaging", "learning", "dunning", "prevention", "assistant", "handover"]],
  ["oversight", ["insight", "privacy"]],
  ["doors", ["api", "portal", "console", "demo", "bench", "cli"]],
];

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesUnder(path) : [path];
  });
}

const SOURCES = filesUnder(SRC).filter((file) => /\.tsx?$/.test(file));

interface Import {
  readonly from: string;
  readonly line: number;
}

/** Every module a source names: import, export … from, import(), and types written as import("…"). */
export function importsOf(file: string, source: string): Import[] {
  const found: Import[] = [];
  const take = (node: { source?: { value?: unknown; start: number } | null }): void => {
    if (typeof node.source?.value === "string")
      found.push({ from: node.source.value, line: source.slice(0, node.source.start).split("\n").length });
  };
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} can't be parsed: ${errors[0]?.message}`);
  new Visitor({
    ImportDeclaration: take as never,
    ExportNamedDeclaration: take as never,
    ExportAllDeclaration: take as never,
    ImportExpression: take as never,
    TSImportType: take as never,
  }).visit(program);
  return found;
}

interface Place {
  readonly wing: number;
  readonly room: number;
  readonly name: string;
}

/** Where a path lies; null for files directly under `src/` (main.ts). */
export function placeOf(path: string): Place | null {
  const [wing = "", room = ""] = relative(SRC, path).split(sep);
  const wingIndex = PLAN.findIndex(([name]) => name === wing);
  if (wingIndex < 0) return null;
  const roomIndex = PLAN[wingIndex]?.[1].indexOf(room) ?? -1;
  return { wing: wingIndex, room: roomIndex, name: `${wing}/${room}` };
}

/** What is wrong with one import, or null. */
export function objection(file: string, to: string): string | null {
  if (!to.startsWith(".")) return null;
  const target = resolve(dirname(file), to);
  const here = placeOf(file);
  const there = placeOf(target);
  if (here === null) return null; // main.ts may see everything
  if (there === null) return `${to} lies outside the house`;
  if (here.name === there.name) return null;
  if (there.wing > here.wing) return `${here.name} reaches down to ${there.name}`;
  if (there.wing === here.wing && there.room > here.room) return `${here.name} reaches right to ${there.name}`;
  const [, , ...rest] = relative(SRC, target).split(sep);
  if (rest.join("/") !== "index.ts") return `${to} goes past the index of ${there.name}`;
  return null;
}

describe("imports", () => {
  test("every file under src lies in a room of the plan", () => {
    expect(SOURCES.length).toBeGreaterThan(100);
    const homeless = SOURCES.filter((file) => {
      const place = placeOf(file);
      return place === null ? relative(SRC, file) !== "main.ts" : place.room < 0;
    });
    expect(homeless).toEqual([]);
  });

  test("ARCHITECTURE.md names every room that is there, in its wing and order, and none that is not", () => {
    const page = readFileSync(join(ROOT, "ARCHITECTURE.md"), "utf8");
    for (const [wing, rooms] of PLAN) {
      const there = rooms.filter((room) => existsSync(join(SRC, wing, room)));
      const row = page.split("\n").find((line) => line.startsWith(`| \`${wing}/\``)) ?? "";
      const named = [...(row.split("|")[3] ?? "").matchAll(/`([a-z]+)`/g)].map(([, room]) => room);
      expect(named, wing).toEqual(there);
    }
  });

  test("none goes up the wrong way, sideways to the right, or past an index", () => {
    let read = 0;
    const wrong = SOURCES.flatMap((file) => {
      read += 1;
      return importsOf(file, readFileSync(file, "utf8")).flatMap(({ from, line }) => {
        const ground = objection(file, from);
        return ground === null ? [] : [`${relative(ROOT, file)}:${line} ${ground}`];
      });
    });
    expect(read).toBe(SOURCES.length);
    expect(wrong).toEqual([]);
  });

  test("the rules themselves see type-only, dynamic and re-exported imports", () => {
    const source = `import type { A } from "../../outreach/dunning/index.ts"; export * from "../../doors/api/index.ts";
      const lazy = () => import("../../oversight/insight/index.ts"); type T = import("../matching/index.ts").T;`;
    const file = join(SRC, "books/receivables/x.ts");
    expect(importsOf(file, source).map(({ from }) => objection(file, from))).toEqual([
      "books/receivables reaches down to outreach/dunning",
      "books/receivables reaches down to doors/api",
      "books/receivables reaches down to oversight/insight",
      "books/receivables reaches right to books/matching",
    ]);
    expect(objection(file, "../customers/store.ts")).toBe(
      "../customers/store.ts goes past the index of books/customers",
    );
    expect(objection(file, "../customers/index.ts")).toBeNull();
  });

  test("pure code does no input or output", () => {
    // They compute: bytes in, bytes out (zlib unpacks archives and PDF streams in memory).
    const allowed = new Set(["node:crypto", "node:util", "node:buffer", "node:zlib"]);
    const wrong = SOURCES.filter((file) => placeOf(file)?.wing === 0).flatMap((file) =>
      importsOf(file, readFileSync(file, "utf8"))
        .filter(({ from }) => from.startsWith("node:") && !allowed.has(from))
        .map(({ from }) => `${relative(ROOT, file)} imports ${from}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe("tidy", () => {
  const BANNED_NAMES = /(^|[-_/])(utils?|helpers?|common|misc|managers?)([-_./]|$)/i;

  test("no file or folder has a name that says nothing", () => {
    const all = [...SOURCES, ...filesUnder(join(ROOT, "test")), ...filesUnder(join(ROOT, "web"))];
    expect(
      all
        .map((file) => relative(ROOT, file))
        .filter((file) => BANNED_NAMES.test(file) && !file.includes("node_modules")),
    ).toEqual([]);
  });

  test("no file over 400 lines, no folder over a dozen sources", () => {
    const web = filesUnder(join(ROOT, "web")).filter((file) => /\.tsx?$/.test(file) && !file.includes("node_modules"));
    const long = [...SOURCES, ...web]
      .map((file) => [readFileSync(file, "utf8").split("\n").length - 1, relative(ROOT, file)] as const)
      .filter(([lines]) => lines > 400);
    expect(long).toEqual([]);
    const folders = new Map<string, number>();
    for (const file of SOURCES)
      if (!file.endsWith("index.ts")) folders.set(dirname(file), (folders.get(dirname(file)) ?? 0) + 1);
    expect(
      [...folders].filter(([, count]) => count > 12).map(([folder, count]) => `${relative(SRC, folder)}: ${count}`),
    ).toEqual([]);
  });

  test("clock and chance are taken in main.ts alone", () => {
    const taken =
      /\bDate\.now\(\)|\bnew Date\(\)|\bMath\.random\(\)|\brandomBytes\(|\brandomUUID\(|\bgetRandomValues\(/;
    const wrong = SOURCES.filter((file) => relative(SRC, file) !== "main.ts").flatMap((file) =>
      readFileSync(file, "utf8")
        .split("\n")
        .flatMap((line, index) =>
          taken.test(line) && !/^\s*(\*|\/\/)/.test(line) ? [`${relative(ROOT, file)}:${index + 1}`] : [],
        ),
    );
    expect(wrong).toEqual([]);
  });

  test("the word nobody wants to be called is not in our code", () => {
    const wrong = SOURCES.flatMap((file) =>
      readFileSync(file, "utf8")
        .split("\n")
        .flatMap((line, index) =>
          /debtor/i.test(line) ? [`${relative(ROOT, file)}:${index + 1} ${line.trim().slice(0, 80)}`] : [],
        ),
    );
    // Names that standards and contracts write (ISO 20022 Dbtr, the vectors' own fields) stand in readers only.
    const READERS =
      /^src\/(pure\/formats|pure\/law\/de\/answers\/|doors\/cli\/(answers|statements)|outreach\/messaging\/templates\/wording|doors\/demo\/samples)/;
    expect(wrong.filter((place) => !READERS.test(place))).toEqual([]);
  });
});
