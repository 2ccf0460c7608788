/** A watched folder and a real SFTP server: files come in once, are put away, and say why when they are refused. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fetchFiles, fileAlarms, fileSources, openAlarms, putSource } from "../../src/books/intake/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { expectOk } from "../../src/pure/kernel/index.ts";
import { camt053 } from "../books/banking-files.ts";
import { type Books, SYSTEM } from "../books/books.ts";
import { list, openLed, openOf } from "./setting.ts";
import { type SftpServer, startSftp } from "./sftp-server.ts";

const root = mkdtempSync(join(tmpdir(), "kulanz-fetching-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let books: Books;
beforeAll(async () => {
  books = await openLed("kulanz");
});
afterAll(() => books.drop());

const put = (source: object) => books.act((act) => putSource(act, source));
const fetch = () => fetchFiles(books.platform, books.tenantId, SYSTEM, { stableMs: 50 });
const alarms = async () => (await books.act((act) => fileAlarms(act))).map(({ kind, facts }) => [kind, facts["code"]]);
const folderOf = (name: string): string => {
  const path = join(root, name);
  mkdirSync(path);
  return path;
};

describe("a watched folder", () => {
  const path = folderOf("inbox");

  test("good files go to done, refused ones to failed with a reason; unfinished ones and other names stay", async () => {
    expectOk(await put({ kind: "folder", name: "inbox", path, pattern: "*.csv" }));
    writeFileSync(join(path, "items.csv"), list([{ number: "R-1", amount: "10.00" }]));
    writeFileSync(join(path, "broken.csv"), "no,list\n1,2\n");
    writeFileSync(join(path, "growing.csv.part"), "x");
    writeFileSync(join(path, "bank.xml"), camt053({ payments: [{ amount: "1.00" }] }));
    const [result] = await fetch();
    expect(result?.files.map(({ file, state }) => [file, state])).toEqual([
      ["broken.csv", "refused"],
      ["items.csv", "taken"],
    ]);
    expect(readdirSync(join(path, "done"))).toEqual(["items.csv"]);
    expect(readdirSync(join(path, "failed"))).toEqual(["broken.csv", "broken.csv.txt"]);
    expect(readFileSync(join(path, "failed", "broken.csv.txt"), "utf8")).toMatch(/^\w+: .+/);
    expect(readdirSync(path).sort()).toEqual(["bank.xml", "done", "failed", "growing.csv.part"]);
    expect(await alarms()).toMatchObject([["refused_file", expect.any(String)]]);
    expect((await openAlarms(books.platform)).get("refused_file")).toBe(1);
    const fetched = await books.act((act) =>
      act.tx.rows(sql`
        select f.state, i.format from fetched_file f left join import_file i on i.import_id = f.import_id order by f.state`),
    );
    expect(fetched).toEqual([
      { state: "refused", format: null },
      { state: "taken", format: "csv" },
    ]);
  });

  test("a file of the refused one's name resolves the alarm; a second of the same name in done is kept beside", async () => {
    writeFileSync(join(path, "broken.csv"), list([{ number: "R-2", amount: "20.00" }]));
    writeFileSync(join(path, "items.csv"), list([{ number: "R-1", amount: "10.00" }]));
    const [result] = await fetch();
    expect(result?.files.map(({ state }) => state)).toEqual(["taken", "known"]);
    // What is known names the import that had brought it.
    expect(result?.files[1]?.importId).toMatch(/^[0-9a-f-]{36}$/);
    expect((await openAlarms(books.platform)).get("refused_file")).toBe(0);
    expect(readdirSync(join(path, "done"))).toHaveLength(3);
    expect(await alarms()).toEqual([]);
    expect(await openOf(books)).toEqual({ "R-1": "1000", "R-2": "2000" });
  });

  test("a file that grows while it is looked at waits for the next look", async () => {
    writeFileSync(join(path, "late.csv"), list([{ number: "R-3", amount: "1.00" }]).slice(0, 40));
    const looking = fetchFiles(books.platform, books.tenantId, SYSTEM, { stableMs: 400 });
    setTimeout(() => writeFileSync(join(path, "late.csv"), list([{ number: "R-3", amount: "30.00" }])), 150);
    expect((await looking)[0]?.files).toEqual([]);
    expect((await fetch())[0]?.files.map(({ state }) => state)).toEqual(["taken"]);
    expect((await openOf(books))["R-3"]).toBe("3000");
  });

  test("a folder that is gone is an alarm until it is back, and stops no other source", async () => {
    expectOk(await put({ kind: "folder", name: "gone", path: join(root, "gone") }));
    writeFileSync(join(path, "more.csv"), list([{ number: "R-4", amount: "4.00" }]));
    const results = await fetch();
    expect(results.map(({ source, error, files }) => [source, error?.code ?? null, files.length])).toEqual([
      ["gone", "place_unreadable", 0],
      ["inbox", null, 1],
    ]);
    expect(await alarms()).toEqual([["source_failed", "place_unreadable"]]);
    mkdirSync(join(root, "gone"));
    await fetch();
    expect(await alarms()).toEqual([]);
    expectOk(await put({ kind: "folder", name: "gone", path: join(root, "gone"), enabled: false }));
  });
});

describe("SFTP", () => {
  const path = folderOf("remote");
  let server: SftpServer;
  beforeAll(async () => {
    server = await startSftp(path);
    expectOk(await put({ kind: "folder", name: "inbox", path: join(root, "inbox"), enabled: false }));
  });
  afterAll(() => server.close());
  const source = (more: object = {}) => ({
    kind: "sftp",
    name: "bank",
    host: "127.0.0.1",
    port: server.port,
    user: "kulanz",
    path: "/",
    hostKey: server.hostKey,
    privateKey: server.userKey,
    ...more,
  });

  test("files are fetched, matched, and put away on the server", async () => {
    expectOk(await put(source()));
    writeFileSync(
      join(path, "bank.xml"),
      camt053({ payments: [{ amount: "10.00", text: "R-1", name: "Erika Musterfrau" }] }),
    );
    writeFileSync(join(path, "broken.xml"), "<Document/>");
    const [result] = await fetch();
    expect(result).toMatchObject({ error: null });
    expect(result?.files.map(({ file, state }) => [file, state])).toEqual([
      ["bank.xml", "taken"],
      ["broken.xml", "refused"],
    ]);
    expect(existsSync(join(path, "done", "bank.xml"))).toBe(true);
    expect(readFileSync(join(path, "failed", "broken.xml.txt"), "utf8")).toMatch(/^\w+: /);
    const statuses = await books.act((act) => act.tx.rows(sql`select status from bank_entry where status = 'new'`));
    expect(statuses).toEqual([]);
  });

  test("with `keep` a file stays and is fetched once", async () => {
    expectOk(await put(source({ after: "keep", pattern: "*.csv" })));
    writeFileSync(join(path, "keep.csv"), list([{ number: "R-9", amount: "9.00" }]));
    expect((await fetch())[0]?.files).toHaveLength(1);
    expect((await fetch())[0]?.files).toHaveLength(0);
    expect(existsSync(join(path, "keep.csv"))).toBe(true);
  });

  test("another server key, another user key: refused, told without a secret, and nothing of the secret in the clear", async () => {
    expectOk(await put(source({ hostKey: `SHA256:${"A".repeat(43)}` })));
    expect((await fetch())[0]?.error).toMatchObject({ code: "host_key_differs" });
    const other = await startSftp(path);
    expectOk(await put(source({ privateKey: other.userKey })));
    expect((await fetch())[0]?.error).toMatchObject({ code: "login_refused" });
    await other.close();
    const [row] = await books.act((act) =>
      act.tx.rows<{ all: string }>(sql`select file_source::text as all from file_source where name = 'bank'`),
    );
    expect(row?.all).not.toMatch(/PRIVATE KEY/);
    expect(JSON.stringify(await books.act((act) => fileSources(act)))).not.toMatch(/PRIVATE KEY/);
  });

  test("a server that is down: told, and an alarm", async () => {
    expectOk(await put(source({ port: 1 })));
    expect((await fetch())[0]?.error).toMatchObject({ code: "server_unreachable" });
    expect(await alarms()).toContainEqual(["source_failed", "server_unreachable"]);
  });
});

test("a source without a pinned key or without a login is none", async () => {
  const base = { kind: "sftp", name: "x", host: "sftp.bank.example", user: "u", password: "p" };
  expect(await put(base)).toMatchObject({ error: { code: "source_invalid", where: "hostKey" } });
  const { password: _, ...open } = base;
  expect(await put({ ...open, hostKey: `SHA256:${"A".repeat(43)}` })).toMatchObject({ error: { where: "privateKey" } });
});
