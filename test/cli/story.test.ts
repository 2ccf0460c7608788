/**
 * One installation from `init` to a restored backup, as an operator types it: each step is a process of its own on one
 * data folder, and some of them work beside a product that runs.
 */
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FileReport } from "../../src/pure/formats/index.ts";
import { type Ended, ended, errorOf, inTurn, json, kulanz, SAMPLES, start } from "./program.ts";

const UTILITY = path.join(SAMPLES, "utility");
const STATEMENT = "stadtwerke-2026-10-13.camt053.xml";
const DAY = "2026-10-20";
const LONG = 240_000;

let top = "";
let data = "";
let matched: Match[] = [];
beforeAll(() => {
  top = mkdtempSync(path.join(tmpdir(), "kulanz-story-"));
  data = path.join(top, "data");
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

const at = (args: readonly string[], folder = data): Promise<Ended> =>
  kulanz([...args, "--data", folder], { env: { KULANZ_LETTER_DIR: path.join(folder, "letters-out") } });
/** Done, and nothing but progress on stderr. */
async function done<T>(args: readonly string[], folder = data): Promise<T> {
  const answer = await at([...args, "--json"], folder);
  expect({ args, code: answer.code, err: answer.err.replace(/^.*: \d+ %\n/gm, "") }).toEqual({
    args,
    code: 0,
    err: "",
  });
  return json<T>(answer);
}
async function refused(args: readonly string[], code: string, folder = data): Promise<void> {
  const answer = await at([...args, "--json"], folder);
  expect({ args, code: answer.code, out: answer.out }).toEqual({ args, code: 1, out: "" });
  expect(errorOf(answer), args.join(" ")).toMatchObject({ code, message: expect.stringMatching(/\.$/) });
}

interface Run {
  readonly date: string;
  readonly customers: number;
  readonly decisions: { readonly contact: number; readonly wait: number; readonly blocked: number };
  readonly messages: number;
}
interface Match {
  readonly entry: number;
  readonly status: string;
  readonly amount: string;
  readonly booked: readonly { readonly number: string | null; readonly amount: string }[];
}
interface Explained {
  readonly customer: string;
  readonly date: string;
  readonly outcome: string;
  readonly blockers: readonly { readonly name: string; readonly ground: string }[];
  readonly next: object;
}
interface Chain {
  readonly entries: number;
  readonly head: string;
}

const lines = readFileSync(path.join(UTILITY, "offene-posten-2026-10-05.csv"), "latin1").trim().split(/\r?\n/);
const files = [
  path.join(UTILITY, "offene-posten-2026-10-05.csv"),
  ...readdirSync(path.join(UTILITY, "invoices"))
    .sort()
    .slice(0, 2)
    .map((name) => path.join(UTILITY, "invoices", name)),
  path.join(UTILITY, STATEMENT),
];
const INIT = ["init", "--tenant", "Stadtwerke", "--creditor", "Stadtwerke Quellingen", "--admin", "chef@sq.example"];

test(
  "nothing is there yet: commands say what to do first",
  async () => {
    await refused(["run", "--date", DAY], "not_set_up");
  },
  LONG,
);

test(
  "init, once",
  async () => {
    const made = await done<Record<string, string>>([...INIT, "--iban", "DE89370400440532013000"]);
    expect(made).toMatchObject({ tenant: expect.any(String), creditor: expect.any(String), user: expect.any(String) });
    expect(made["signInLink"]).toMatch(/^http:\/\/localhost:8080\/einrichten#[\w.-]{40,}$/);
    await refused([...INIT, "--iban", "DE89370400440532013000"], "already_set_up");
  },
  LONG,
);

test(
  "files in; the second time all is known; what was booked",
  async () => {
    const first = await done<FileReport[]>(["import", ...files]);
    expect(first.map(({ status }) => status)).toEqual(files.map(() => "ok"));
    expect(first[0]?.imported).toEqual({ new: lines.length - 1, known: 0 });
    const entries = first.at(-1)?.imported?.new ?? 0;
    expect(entries).toBeGreaterThan(20);
    const again = await done<FileReport[]>(["import", ...files]);
    expect(again.map(({ imported }) => imported?.new)).toEqual(files.map(() => 0));
    expect(again.at(-1)?.imported).toEqual({ new: 0, known: entries });

    matched = await done<Match[]>(["matches", "--file", STATEMENT]);
    expect(matched).toHaveLength(entries);
    expect(matched.map(({ entry }) => entry)).toEqual(matched.map((_, index) => index + 1));
    const booked = matched.filter(({ status }) => status === "booked");
    expect(booked.length).toBeGreaterThan(5);
    for (const { booked: items, amount } of booked)
      expect(items.reduce((sum, item) => sum + Math.round(Number(item.amount) * 100), 0)).toBe(
        Math.round(Number(amount) * 100),
      );
  },
  LONG,
);

test(
  "run: dry, for good, and again",
  async () => {
    const dry = await done<Run>(["run", "--date", DAY, "--dry-run"]);
    expect(dry.date).toBe(DAY);
    expect(dry.decisions.contact).toBeGreaterThan(5);
    const real = await done<Run>(["run", "--date", DAY]);
    expect({ ...real, seconds: 0, messages: 0 }).toEqual({ ...dry, seconds: 0, messages: 0 });
    expect(real.messages).toBeGreaterThan(5);
    const again = await done<Run>(["run", "--date", DAY]);
    expect(again.messages).toBe(real.messages);
  },
  LONG,
);

test(
  "a product that runs: a second start is refused, commands work beside it, Ctrl C ends it well",
  async () => {
    const product = start(["start", "--data", data, "--port", "0"]);
    const ending = ended(product);
    try {
      const address = await new Promise<string>((ready, failed) => {
        let said = "";
        product.stderr?.on("data", (text: string) => {
          said += text;
          const [, url] = /^Kulanz is ready: (\S+)\n/m.exec(said) ?? [];
          if (url !== undefined) ready(url);
        });
        product.once("close", () => failed(new Error("the product did not start")));
      });
      expect((await fetch(`${address}/healthz`)).status).toBe(200);
      const settled = new Set(matched.flatMap(({ booked }) => booked.map(({ number }) => number)));
      const customer =
        lines
          .slice(1)
          .map((line) => line.split(";"))
          .find((cells) => !settled.has(cells[12] ?? ""))?.[0] ?? "";
      const [second, text, unknown, users, doctor, byNumber, nobody, audit, other] = await inTurn(
      [
        ["start", "--port", "0"],
        ["matches"],
        ["matches", "--file", "other.xml", "--json"],
        ["user", "add", "--name", "Bea", "--email", "Bea@sq.example", "--role", "agent", "--limit", "500", "--json"],
        ["doctor", "--json"],
        ["explain", "--customer", customer, "--date", DAY, "--json"],
        ["explain", "--customer", "nobody", "--json"],
        ["audit", "verify", "--expect", "11".repeat(32), "--json"],
        ["user", "disable", "--email", "nobody@sq.example", "--json"],
      ],
      (args) => at(args),
    ); // biome-ignore format: a table
      const refusals = [second, unknown, nobody, audit, other] as Ended[];
      expect(refusals.map(({ code }) => code)).toEqual([1, 1, 1, 1, 1]);
      expect(refusals.map((answer) => errorOf(answer).code)).toEqual([
        "already_running",
        "file_not_found",
        "customer_unknown",
        "audit_expected_missing",
        "user_unknown",
      ]);
      expect(text?.out).toMatch(new RegExp(`^${STATEMENT}\n +1 {2}`));
      expect(text?.out).toMatch(/\d+ entries: \d+ booked, \d+ proposed, \d+ unmatched\n$/);
      expect(json(users as Ended)).toMatchObject({
        user: expect.any(String),
        signInLink: expect.stringContaining("#"),
      });
      const { ok, checks } = json<{ ok: boolean; checks: { name: string; state: string }[] }>(doctor as Ended);
      expect(checks.map(({ name }) => name)).toEqual(
        expect.arrayContaining(["database, clock", "law: base_rate", "mail", "letters", "keys", "disk"]),
      );
      expect(ok).toBe(!checks.some(({ state }) => state === "failed"));
      expect(checks.find(({ name }) => name === "keys")?.state).toBe("ok");
      const [explained] = json<Explained[]>(byNumber as Ended);
      expect(explained).toMatchObject({ date: DAY, outcome: expect.stringMatching(/^(contact|wait|blocked)$/) });
      const byId = await at(["explain", "--customer", explained?.customer ?? "", "--date", DAY]);
      expect(byId.out).toMatch(/^Stadtwerke Quellingen, \d+ open item\(s\) in EUR, on 2026-10-20\n {2}May we write\?/);

      // The product that runs finds the renewed key by itself.
      expect(await done(["key", "rotate"])).toMatchObject({ masterKeyId: expect.any(String) });

      // A creditor elsewhere: 09:00 of the day is that zone's.
      const client = new pg.Client(serverOf(data));
      await client.connect();
      try {
        await client.query("update creditor set zone = 'America/New_York'");
        const next = await done<Run>(["run", "--date", "2026-10-27"]);
        expect(next.date).toBe("2026-10-27");
        const { rows } = await client.query<{ at: Date }>(
          "select started_at as at from dunning_run where business_date = '2026-10-27'",
        );
        expect(rows.map((row) => row.at.toISOString())).toEqual(["2026-10-27T13:00:00.000Z"]);
        await client.query("update creditor set zone = 'Europe/Berlin'");
      } finally {
        await client.end();
      }
      product.kill("SIGINT");
      expect((await ending).code).toBe(0);
    } finally {
      product.kill("SIGKILL");
    }
    expect(existsSync(path.join(data, "pg18/postmaster.pid"))).toBe(false);
  },
  LONG,
);

test(
  "backup; keys renewed; a user out; the backup in another folder under its own key",
  async () => {
    await done(["user", "disable", "--email", "bea@sq.example"]);
    const { head, entries } = await done<Chain>(["audit", "verify"]);
    expect(entries).toBeGreaterThan(10);

    const backup = path.join(top, "kulanz.backup");
    const key = path.join(top, "key-of-the-backup");
    copyFileSync(path.join(data, "keys/master.key"), key);
    const { file } = await done<{ file: string }>(["backup", backup]);
    expect(file).toBe(backup);
    const { masterKeyId, unused } = await done<{ masterKeyId: string; unused: string[] }>(["key", "rotate"]);
    expect(unused).not.toContain(masterKeyId);
    expect(await done<Chain>(["audit", "verify", "--expect", head])).toMatchObject({ entries, head });

    const elsewhere = path.join(top, "restored");
    await done(["restore", backup], elsewhere);
    await refused(["restore", backup], "database_not_empty");
    // Without its key it stays shut.
    await refused(["matches"], "master_key_wrong", elsewhere);
    const opened = await kulanz(["matches", "--file", STATEMENT, "--json", "--data", elsewhere], {
      env: { KULANZ_MASTER_KEY_FILE: key },
    });
    expect(json(opened)).toEqual(matched);
    const verified = await kulanz(["audit", "verify", "--expect", head, "--json", "--data", elsewhere], {
      env: { KULANZ_MASTER_KEY_FILE: key },
    });
    expect(json(verified)).toMatchObject({ entries, head });
  },
  LONG,
);

function serverOf(folder: string): string {
  const port = readFileSync(path.join(folder, "pg18/postmaster.pid"), "utf8").split("\n")[3];
  const password = readFileSync(path.join(folder, "keys/postgres-password"), "utf8").trim();
  return `postgres://kulanz:${encodeURIComponent(password)}@127.0.0.1:${port}/kulanz`;
}
