/** Exit codes, help, and errors as one line of JSON on stderr. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { called, ended, errorOf, inTurn, kulanz, start } from "./program.ts";

test("help, overview and version are answers: exit 0, nothing on stderr", async () => {
  const asked = [
    ["help"],
    ["--help"],
    ["import", "--help"],
    ["help", "law", "interest"],
    ["law", "--help"],
    ["--version"],
  ];
  const [help, dashed, command, named, family, version] = await inTurn(asked, (args) => called(args));
  for (const answer of [help, dashed, command, named, family, version])
    expect(answer).toMatchObject({ code: 0, err: "" });
  expect(dashed?.out).toBe(help?.out);
  // Every command of the contract stands in the overview, under a heading.
  for (const name of [
    "demo", "start", "init", "user add", "user disable", "key rotate", "audit verify", "doctor", "backup", "restore",
    "import", "matches", "law interest", "law ledger", "law default", "law costs", "law allocate", "law limitation",
    "law garnishment", "code", "run", "explain", "scale-out", "bench dunning", "bench import",
  ]) // biome-ignore format: a list
    expect(help?.out).toMatch(new RegExp(`^ {2}kulanz ${name} {2,}\\S`, "m"));
  expect(help?.out).toMatch(/^Start$[\s\S]*^Facts in$[\s\S]*^The run$[\s\S]*^What the law says/m);
  expect(command?.out).toContain("kulanz import FILE… [--creditor ID]");
  expect(named?.out).toContain("kulanz law interest [--principal");
  expect(family?.out).toContain("kulanz law garnishment");
  expect(family?.out).not.toContain("kulanz start");
  expect(version?.out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("wrong usage: exit 2, one JSON line with code, message and place, nothing on stdout", async () => {
  const cases: [args: string[], where: string, message: RegExp][] = [
    [["nonsense"], "command", /no command "nonsense"/],
    [["law"], "command", /kulanz law interest, .*kulanz law garnishment/],
    [["import"], "FILE", /at least one file/],
    [["import", "--bogus", "x"], "import", /^Unknown option '--bogus'\. See `kulanz import --help`\.$/],
    [["run", "tomorrow"], "run", /"tomorrow" is not expected/],
    [["backup", "a", "b"], "backup", /"b" is not expected/],
    [["run", "--date", "2026-02-30"], "--date", /./],
    [["explain"], "--customer", /customer/],
    [["init", "--tenant", "A"], "--creditor", /needed/],
    [["start", "--role", "boss"], "--role", /all, web, worker/],
    [["scale-out"], "--plan", /--plan/],
    [["bench", "dunning", "--items", "many"], "--items", /whole number/],
    [["user", "add", "--name", "A", "--email", "a@b.example", "--role", "king"], "--role", /admin, manager/],
  ];
  const answers = await inTurn(cases, ([args]) => called(args));
  for (const [index, [args, where, message]] of cases.entries()) {
    const answer = answers[index];
    expect(answer, args.join(" ")).toMatchObject({ code: 2, out: "" });
    expect(answer?.err.trimEnd().split("\n"), args.join(" ")).toHaveLength(1);
    const error = errorOf(answer as NonNullable<typeof answer>);
    expect(error, args.join(" ")).toMatchObject({ code: "usage", where });
    expect(error.message).toMatch(message);
  }
});

test("refused settings and files: exit 1 and their place", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "kulanz-cli-"));
  try {
    const [role, port, mapping, nothing] = await inTurn(
      [
        ["start", "--role", "web", "--data", folder],
        ["start", "--port", "a lot", "--data", folder],
        ["import", "--dry-run", "--map", path.join(folder, "map.json"), "x.csv"],
        [],
      ],
      (args) => called(args),
    ); // biome-ignore format: a list
    expect(role?.code).toBe(1);
    expect(errorOf(role as never)).toMatchObject({ code: "database_url_missing", where: "DATABASE_URL" });
    expect(port?.code).toBe(1);
    expect(errorOf(port as never).where).toContain("KULANZ_PORT");
    expect(mapping?.code).toBe(1);
    expect(errorOf(mapping as never)).toMatchObject({ code: "file_unreadable", where: path.join(folder, "map.json") });
    // Nothing asked: the overview, but not as an answer.
    expect(nothing).toMatchObject({ code: 2, out: "" });
    expect(nothing?.err).toContain("kulanz start");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a shell sees the same: exit codes, and the error on stderr alone", async () => {
  const [help, nonsense, refused] = await inTurn(
    [["help"], ["nonsense"], ["import", "--dry-run", "--map", "/nowhere/map.json", "x.csv"]],
    (args) => kulanz(args),
  );
  expect(help).toEqual(await called(["help"]));
  expect(nonsense).toEqual(await called(["nonsense"]));
  expect([help?.code, nonsense?.code, refused?.code]).toEqual([0, 2, 1]);
  expect(refused?.out).toBe("");
  expect(errorOf(refused as never).code).toBe("file_unreadable");
}, 120_000);

test("a reader that stops reading is no error", async () => {
  const child = start(["scale-out", "--plan"]);
  child.stdout?.destroy();
  const { code, err } = await ended(child);
  expect({ code, err }).toEqual({ code: 0, err: "" });
}, 120_000);
