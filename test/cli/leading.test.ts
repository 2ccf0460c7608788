/**
 * The daily work between ERP, bank and Kulanz as an operator types it, beside a product that runs: lists, the safety stop,
 * reconciliation, hand-back, sources, findings, duplicates.
 */
import { type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FileReport } from "../../src/pure/formats/index.ts";
import { statementFile } from "../api/files.ts";
import { type Ended, called, ended, errorOf, inTurn, json, kulanz, start } from "./program.ts";

const IBAN = "DE89370400440532013000";
const LONG = 240_000;
const HEADER =
  "customer_number,kind,first_name,name,street,postcode,city,email,invoice_number,issue_date,due_date,amount";
const row = (number: string, amount: string, customer = "10001", email = "erika@musterfrau.example"): string =>
  `${customer},consumer,Erika,Musterfrau,Heidestr. 17,51147,Köln,${email},${number},2026-05-01,2026-05-15,${amount}`;

let top = "";
let product: ChildProcess;
const file = (name: string, content: string): string => {
  writeFileSync(path.join(top, name), content);
  return path.join(top, name);
};
const at = (args: readonly string[]): Promise<Ended> => kulanz([...args, "--data", path.join(top, "data"), "--json"]);
async function done<T>(...args: string[]): Promise<T> {
  const answer = await at(args);
  expect({ args, code: answer.code, err: answer.err.replace(/^.*: \d+ %\n/gm, "") }).toMatchObject({
    code: 0,
    err: "",
  });
  return json<T>(answer);
}

beforeAll(async () => {
  top = mkdtempSync(path.join(tmpdir(), "kulanz-leading-"));
  await done("init", "--tenant", "Haus", "--creditor", "Haus GmbH", "--admin", "chef@haus.example", "--iban", IBAN);
  product = start(["start", "--data", path.join(top, "data"), "--port", "0"]);
  await new Promise<void>((ready, failed) => {
    let said = "";
    product.stderr?.on("data", (text: string) => {
      said += text;
      if (said.includes("Kulanz is ready: ")) ready();
    });
    product.once("close", () => failed(new Error("the product did not start")));
  });
}, LONG);
afterAll(async () => {
  const ending = ended(product);
  product.kill("SIGINT");
  await ending;
  rmSync(top, { recursive: true, force: true });
});

test(
  "what was paid goes back as postings, once; then the ERP leads",
  async () => {
    const settings = { handBack: { accounts: { payment: "1200" }, payments: true }, snapshotStop: { atLeast: 2 } };
    const [creditor] = await done<{ leads: string; settings: object }[]>(
      "creditor",
      "--put",
      file("set.json", JSON.stringify(settings)),
    );
    expect(creditor).toMatchObject({ leads: "kulanz", settings });
    const items = [
      HEADER,
      row("R-100", "20.00"),
      row("R-101", "30.00"),
      row("R-102", "40.00", "10002"),
      row("R-103", "50.00", "10002"),
      "",
    ];
    const statement = statementFile(IBAN, [["Erika Musterfrau", "R-100", "20.00"]]);
    const taken = await done<FileReport[]>("import", file("items.csv", items.join("\n")), file("bank.xml", statement));
    expect(taken.map(({ status }) => status)).toEqual(["ok", "ok"]);

    const csv = path.join(top, "out.csv");
    const first = await done<{ batch: number; lines: number }>("hand-back", "--format", "csv", "--file", csv);
    expect(first).toMatchObject({ batch: 1, lines: 1, more: 0 });
    expect(readFileSync(csv, "utf8")).toMatch(/R-100.*20\.00|20\.00.*R-100/);
    const again = await done<{ batch: null }>("hand-back", "--format", "csv", "--file", path.join(top, "none.csv"));
    expect(again).toEqual({ batch: null, lines: 0, file: null, more: 0 });
    expect(existsSync(path.join(top, "none.csv"))).toBe(false);
    // DATEV wants consultant and client: they are not set.
    const datev = await at(["hand-back", "--format", "datev", "--file", path.join(top, "EXTF.csv"), "--batch", "1"]);
    expect([datev.code, datev.out]).toEqual([1, ""]);
    expect(errorOf(datev).code).toBe("datev_not_set_up");
    const more = {
      handBack: { ...settings.handBack, datev: { consultant: 1001, client: 1, accountLength: 4, chart: "03" } },
    };
    const [led] = await done<{ leads: string }[]>(
      "creditor",
      "--leads",
      "erp",
      "--put",
      file("more.json", JSON.stringify(more)),
    );
    expect(led).toMatchObject({ leads: "erp", settings: { snapshotStop: { atLeast: 2 } } });
    await done("hand-back", "--format", "datev", "--file", path.join(top, "EXTF.csv"), "--batch", "1");
    expect(readFileSync(path.join(top, "EXTF.csv"), "latin1")).toMatch(/^"EXTF";700;21;/);
  },
  LONG,
);

test(
  "a full list with too much missing is stopped, and stays an alarm; the report compares to the cent",
  async () => {
    const whole = [HEADER, row("R-101", "30.00"), row("R-102", "40.00", "10002"), row("R-103", "50.00", "10002"), ""];
    const [report] = await done<FileReport[]>("import", "--snapshot", file("whole.csv", whole.join("\n")));
    expect(report).toMatchObject({ status: "ok", imported: { new: 0, known: 3 } });
    const short = await at(["import", "--snapshot", file("short.csv", [HEADER, row("R-101", "30.00"), ""].join("\n"))]);
    expect(short.code).toBe(1);
    expect(json<FileReport[]>(short)).toMatchObject([{ status: "refused", error: { code: "snapshot_stopped" } }]);

    const [compared] =
      await done<{ currency: string; comparisons: { kind: string; left: object; difference: string }[] }[]>(
        "reconcile",
      );
    expect(compared).toMatchObject({ currency: "EUR" });
    expect(compared?.comparisons.find(({ kind }) => kind === "erp_ledger")).toMatchObject({
      left: { amount: "120.00", count: 3 },
      right: { amount: "120.00" },
      difference: "0.00",
    });
    // Another day's report is a report of its own; a day that is none is wrong usage.
    expect(await done<unknown[]>("reconcile", "--date", "2026-06-02", "--creditor", "haus")).toHaveLength(1);
  },
  LONG,
);

test(
  "a source is put, looked into, and tells what it took and what is open",
  async () => {
    const inbox = path.join(top, "inbox");
    mkdirSync(inbox);
    writeFileSync(path.join(inbox, "more.csv"), [HEADER, row("R-200", "5.00", "10003"), ""].join("\n"));
    writeFileSync(path.join(inbox, "bad.csv"), "no,list\n1,2\n");
    const source = file("source.json", JSON.stringify({ kind: "folder", name: "inbox", path: inbox }));
    expect(await done("source", "--put", source)).toMatchObject([{ name: "inbox", kind: "folder", place: inbox }]);
    const fetched = await done<{ sources: { files: { file: string; state: string }[] }[]; alarms: { kind: string }[] }>(
      "fetch",
    );
    // The product beside fetches too, every five minutes: whoever came first, each file was taken once.
    for (const one of fetched.sources[0]?.files ?? [])
      expect([one.file, one.state]).toEqual([one.file, one.file === "bad.csv" ? "refused" : "taken"]);
    expect(fetched.alarms.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["snapshot_stopped", "refused_file"]),
    );
    expect(readdirSync(path.join(inbox, "done"))).toEqual(["more.csv"]);

    const [findings, duplicates] = await inTurn([["findings"], ["duplicates"]], (args) => at(args));
    expect([findings?.code, duplicates?.code]).toEqual([0, 0]);
    expect(Array.isArray(json(findings as Ended))).toBe(true);
    // One name, address and mailbox under three numbers.
    const pairs = json<{ customers: string[]; mark: string; reasons: string[] }[]>(duplicates as Ended);
    expect(pairs.map(({ customers }) => customers.join(" ")).sort()).toEqual([
      "10001 10002",
      "10001 10003",
      "10002 10003",
    ]);
    expect(pairs[0]?.reasons.length).toBeGreaterThan(0);

    const [unknown, nothing] = await inTurn(
      [
        ["source", "--remove", "nowhere"],
        ["hand-back", "--format", "csv", "--file", path.join(top, "x.csv"), "--batch", "77"],
      ],
      (args) => at(args),
    );
    expect(errorOf(unknown as Ended)).toMatchObject({ code: "source_not_found" });
    expect(errorOf(nothing as Ended)).toMatchObject({ code: "batch_not_found", where: "--batch" });
    expect([unknown?.code, nothing?.code]).toEqual([1, 1]);
  },
  LONG,
);

test("help says what there is; wrong usage is one line and exit 2", async () => {
  const commands = ["creditor", "reconcile", "hand-back", "fetch", "source", "findings", "duplicates"];
  const overview = await called(["help"]);
  for (const name of commands) expect(overview.out).toMatch(new RegExp(`^ {2}kulanz ${name} {2,}\\S`, "m"));
  const told = await called(["import", "--help"]);
  expect(told.out).toContain("[--snapshot|--delta] [--as-of D]");
  const cases: [string[], string][] = [
    [["import", "--snapshot", "--delta", "x.csv"], "--snapshot"],
    [["import", "--as-of", "31.12.2026", "x.csv"], "--as-of"],
    [["reconcile", "--date", "2026-02-30"], "--date"],
    [["hand-back", "--file", "x"], "--format"],
    [["hand-back", "--format", "csv"], "--file"],
    [["creditor", "--leads", "bank"], "--leads"],
    [["findings", "--state", "lost"], "--state"],
    [["duplicates", "--mark", "maybe"], "--mark"],
    [["source", "extra"], "source"],
  ];
  for (const [args, where] of cases) {
    const answer = await called(args);
    expect(answer, args.join(" ")).toMatchObject({ code: 2, out: "" });
    expect(errorOf(answer), args.join(" ")).toMatchObject({ code: "usage", where });
  }
});
