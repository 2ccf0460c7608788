/** Who leads, and what an absence means: snapshots and deltas of open items. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bookPayment, postingsOf, receivablesOf, tasks } from "../../src/books/receivables/index.ts";
import { decideSnapshot, fileAlarms, stoppedLists, vanishedItems } from "../../src/books/intake/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { EUR } from "../../src/pure/kernel/index.ts";
import { type Books, day, SYSTEM } from "../books/books.ts";
import { customerOf, list, openLed, openOf, put } from "./setting.ts";

const snapshot = { list: "snapshot" } as const;
const ten = Array.from({ length: 10 }, (_, index) => ({ number: `R-${index + 1}`, amount: `${index + 1}0.00` }));

describe("the ERP leads", () => {
  let books: Books;
  beforeAll(async () => {
    books = await openLed("erp");
  });
  afterAll(() => books.drop());

  test("a snapshot brings items; the next one closes what is missing, and nobody paid", async () => {
    expect(await put(books, "1.csv", list(ten), snapshot)).toMatchObject({
      status: "ok",
      imported: { new: 10, known: 0 },
    });
    books.kulanz.advance({ days: 1 });
    const second = await put(books, "2.csv", list(ten.slice(1)), snapshot);
    expect(second).toMatchObject({ status: "ok", imported: { new: 0, known: 9 } });
    expect(second.warnings.join()).toMatch(/1 items that are missing from the list were closed/);
    expect((await openOf(books))["R-1"]).toBe("0");
    const postings = await books.act(async (act) => postingsOf(act, await customerOf(books)));
    expect(postings.filter(({ kind }) => kind === "payment")).toEqual([]);
    expect(postings.find(({ kind }) => kind === "adjustment")).toMatchObject({
      amountMinor: -1000n,
      ground: "not_listed",
    });
  });

  test("the same list on the same day changes nothing; on another day it is another list", async () => {
    expect(await put(books, "2 again.csv", list(ten.slice(1)), snapshot)).toMatchObject({
      imported: { new: 0, known: 9 },
    });
    books.kulanz.advance({ days: 1 });
    expect((await put(books, "3.csv", list(ten), snapshot)).status).toBe("ok");
    expect((await openOf(books))["R-1"]).toBe("1000");
    books.kulanz.advance({ days: 1 });
    expect((await put(books, "2 once more.csv", list(ten.slice(1)), snapshot)).status).toBe("ok");
    expect((await openOf(books))["R-1"]).toBe("0");
  });

  test("an amount and a due date that differ are followed, by a posting, with the change on record", async () => {
    books.kulanz.advance({ days: 1 });
    const rows = ten
      .slice(1)
      .map((row) => (row.number === "R-2" ? { ...row, amount: "5.50", due: "2026-07-01" } : row));
    expect((await put(books, "4.csv", list(rows))).status).toBe("ok");
    const items = await books.act(async (act) => receivablesOf(act, await customerOf(books)));
    expect(items.find(({ number }) => number === "R-2")).toMatchObject({ openTotal: 550n, dueOn: "2026-07-01" });
    const changes = await books.act((act) =>
      act.tx.rows<{ field: string; before: string; after: string }>(
        sql`select field, before, after from receivable_change order by changed_at desc, field limit 2`,
      ),
    );
    expect(changes).toEqual([
      { field: "amount", before: "2000", after: "550" },
      { field: "due_on", before: "2026-04-15", after: "2026-07-01" },
    ]);
  });

  test("a delta closes nothing that is missing; a row with nothing open closes its item", async () => {
    books.kulanz.advance({ days: 1 });
    expect((await put(books, "5.csv", list([{ number: "R-3", amount: "0.00" }]))).status).toBe("ok");
    const open = await openOf(books);
    expect(open["R-3"]).toBe("0");
    expect(open["R-4"]).toBe("4000");
  });

  test("two rows of one number are one item: what was paid on it there", async () => {
    books.kulanz.advance({ days: 1 });
    await put(
      books,
      "6.csv",
      list([
        { number: "R-50", amount: "100.00" },
        { number: "R-50", amount: "-40.00" },
      ]),
    );
    expect((await openOf(books))["R-50"]).toBe("6000");
  });

  test("a list with rows that can't be read closes nothing", async () => {
    books.kulanz.advance({ days: 1 });
    const before = await openOf(books);
    const report = await put(
      books,
      "7.csv",
      list([
        { number: "R-4", amount: "40.00" },
        { number: "R-5", amount: "oops" },
      ]),
      snapshot,
    );
    expect(report.status).toBe("partial");
    expect(report.warnings.join()).toMatch(/nothing was closed/);
    expect(await openOf(books)).toEqual(before);
  });

  test("a snapshot older than the last is refused", async () => {
    const report = await put(books, "old.csv", list(ten), { ...snapshot, asOf: day("2026-05-01") });
    expect(report).toMatchObject({ status: "refused", error: { code: "snapshot_outdated" } });
  });
});

describe("the safety stop", () => {
  let books: Books;
  beforeAll(async () => {
    books = await openLed("erp");
    await put(books, "1.csv", list(ten), snapshot);
    books.kulanz.advance({ days: 1 });
  });
  afterAll(() => books.drop());
  const alarms = async () => (await books.act((act) => fileAlarms(act))).map(({ facts }) => facts);
  const short = list([
    { number: "R-9", amount: "90.00" },
    { number: "R-10", amount: "1.00" },
    { number: "R-11", amount: "7.00" },
  ]);

  test("too much vanishes: nothing at all is applied, and the list waits once", async () => {
    const before = await openOf(books);
    for (const name of ["short.csv", "short again.csv"])
      expect(await put(books, name, short, snapshot)).toMatchObject({
        status: "refused",
        error: { code: "snapshot_stopped" },
      });
    expect(await openOf(books)).toEqual(before);
    const stopped = await books.act((act) => stoppedLists(act));
    expect(stopped).toMatchObject([
      { state: "waiting", vanished: 8, openBefore: 10, vanishedAmounts: { EUR: "36000" } },
    ]);
    expect(await alarms()).toMatchObject([{ code: "snapshot_stopped", vanished: 8, of: 10 }]);
    const { rows, total } = await books.act((act) =>
      vanishedItems(act, stopped[0]?.listId ?? "", { limit: 3, offset: 0 }),
    );
    expect(total).toBe(8);
    expect(rows.map(({ number }) => number)).toEqual(["R-8", "R-7", "R-6"]);
  });

  test("kept: nothing happens, and the file may come again", async () => {
    const [waiting] = await books.act((act) => stoppedLists(act));
    const kept = await decideSnapshot(books.platform, books.tenantId, SYSTEM, waiting?.listId ?? "", { act: "keep" });
    expect(kept).toMatchObject({ ok: true, value: { state: "kept" } });
    expect(await alarms()).toEqual([]);
    const content = await books.act((act) =>
      act.tx.rows(sql`select 1 from open_item_list where content_sealed is not null`),
    );
    expect(content).toEqual([]);
    expect(await put(books, "short.csv", short, snapshot)).toMatchObject({ error: { code: "snapshot_stopped" } });
  });

  test("confirmed: exactly that list is applied, once", async () => {
    const [waiting] = await books.act((act) => stoppedLists(act));
    const listId = waiting?.listId ?? "";
    const closed = await decideSnapshot(books.platform, books.tenantId, SYSTEM, listId, { act: "close" });
    expect(closed).toMatchObject({ ok: true, value: { state: "closed", vanished: 8 } });
    expect(await alarms()).toEqual([]);
    const open = Object.entries(await openOf(books)).filter(([, amount]) => amount !== "0");
    expect(Object.fromEntries(open)).toEqual({ "R-9": "9000", "R-10": "100", "R-11": "700" });
    expect(await decideSnapshot(books.platform, books.tenantId, SYSTEM, listId, { act: "close" })).toMatchObject({
      ok: false,
      error: { code: "list_decided" },
    });
  });

  test("a younger list that is applied settles an older one that waits", async () => {
    books.kulanz.advance({ days: 1 });
    const many = Array.from({ length: 10 }, (_, index) => ({ number: `S-${index}`, amount: "1.00" }));
    expect((await put(books, "many.csv", list(many), snapshot)).status).toBe("ok");
    books.kulanz.advance({ days: 1 });
    await put(books, "few.csv", list(many.slice(0, 2)), snapshot);
    expect(await alarms()).toHaveLength(1);
    books.kulanz.advance({ days: 1 });
    expect((await put(books, "many again.csv", list(many), snapshot)).status).toBe("ok");
    expect(await alarms()).toEqual([]);
    expect((await books.act((act) => stoppedLists(act)))[0]).toMatchObject({ state: "kept" });
  });
});

describe("Kulanz leads", () => {
  let books: Books;
  beforeAll(async () => {
    books = await openLed("kulanz");
    await put(books, "1.csv", list(ten));
  });
  afterAll(() => books.drop());

  test("an unpaid item follows a correction; a snapshot closes nothing", async () => {
    const report = await put(books, "2.csv", list([{ number: "R-1", amount: "12.00" }]), snapshot);
    expect(report.warnings.join()).toMatch(/Kulanz leads/);
    const open = await openOf(books);
    expect(open["R-1"]).toBe("1200");
    expect(open["R-2"]).toBe("2000");
  });

  test("what was paid on is not changed by a list: what is open there is no difference, anything else is a task", async () => {
    const customerId = await customerOf(books);
    const item = (await books.act((act) => receivablesOf(act, customerId))).find(({ number }) => number === "R-10");
    await books.act((act) =>
      bookPayment(act, {
        customerId,
        creditorId: books.creditorId,
        amountMinor: 4000n,
        currency: EUR,
        valueOn: day("2026-05-02"),
        designated: item ? [item.receivableId] : [],
      }),
    );
    await put(books, "3.csv", list([{ number: "R-10", amount: "60.00" }]));
    await put(
      books,
      "4.csv",
      list([
        { number: "R-10", amount: "100.00" },
        { number: "R-9", amount: "90.00" },
      ]),
    );
    expect(await books.act((act) => tasks(act, { kind: "difference" }))).toEqual([]);
    await put(books, "5.csv", list([{ number: "R-10", amount: "55.00" }]));
    await put(
      books,
      "6.csv",
      list([
        { number: "R-10", amount: "55.00" },
        { number: "R-9", amount: "90.00" },
      ]),
    );
    expect((await openOf(books))["R-10"]).toBe("6000");
    const open = await books.act((act) => tasks(act, { kind: "difference" }));
    expect(open.map(({ facts }) => facts)).toMatchObject([{ expected: "55.00", found: "60.00" }]);
  });
});
