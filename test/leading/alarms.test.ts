/** A statement day that is missing, a gap, an excuse: alarms that come and go by themselves. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  accountDays,
  checkFiles,
  excuseDay,
  fileAlarms,
  isBankDay,
  statementDays,
} from "../../src/books/intake/index.ts";
import { addDays, expectOk } from "../../src/pure/kernel/index.ts";
import { camt053 } from "../books/banking-files.ts";
import { type Books, day, SYSTEM } from "../books/books.ts";
import { openLed, put } from "./setting.ts";

describe("what is missing", () => {
  const statement = (date: string, opening: number, closing: number) => ({
    fingerprint: date,
    number: null,
    openedOn: day(date),
    closedOn: day(date),
    openingMinor: BigInt(opening),
    closingMinor: BigInt(closing),
  });
  const base = {
    gaps: [],
    bookedOn: new Set<never>(),
    excused: new Set<never>(),
    rhythm: "daily",
    state: "NW",
  } as const;
  const states = (statements: ReturnType<typeof statement>[], today: string, more: object = {}) =>
    statementDays({ ...base, statements, ...more }, day(today), 6).map(({ state }) => state);

  // 2026-05-14 is Ascension Day (Thursday), the 16th and 17th a weekend.
  test.each([
    [
      "today and yesterday may still come",
      [statement("2026-05-11", 0, 1)],
      "2026-05-13",
      ["before", "before", "before", "received", "expected", "expected"],
      {},
    ],
    [
      "the day before yesterday is missing",
      [statement("2026-05-11", 0, 1)],
      "2026-05-15",
      ["before", "received", "missing", "expected", "closed", "expected"],
      {},
    ],
    [
      "holiday and weekend are no bank days",
      [statement("2026-05-13", 0, 1)],
      "2026-05-18",
      ["received", "closed", "expected", "closed", "closed", "expected"],
      {},
    ],
    [
      "no entries on a day between two that meet",
      [statement("2026-05-11", 0, 1), statement("2026-05-13", 1, 2)],
      "2026-05-13",
      ["before", "before", "before", "received", "received", "received"],
      {},
    ],
    [
      "a day between two that don't meet",
      [statement("2026-05-11", 0, 1), statement("2026-05-13", 5, 6)],
      "2026-05-13",
      ["before", "before", "before", "received", "missing", "received"],
      { gaps: [{ kind: "balance", after: statement("2026-05-11", 0, 1), before: statement("2026-05-13", 5, 6) }] },
    ],
    [
      "excused",
      [statement("2026-05-11", 0, 1)],
      "2026-05-15",
      ["before", "received", "excused", "expected", "closed", "expected"],
      { excused: new Set([day("2026-05-12")]) },
    ],
    [
      "an account without a rhythm",
      [statement("2026-05-11", 0, 1)],
      "2026-05-15",
      ["before", "received", "closed", "closed", "closed", "closed"],
      { rhythm: "none" },
    ],
  ])("%s", (_, statements, today, expected, more) => {
    expect(states(statements, today, more)).toEqual(expected);
  });
  test("holidays are those of the state", () => {
    expect([isBankDay(day("2026-06-04"), "NW"), isBankDay(day("2026-06-04"), "BE")]).toEqual([false, true]);
  });
});

describe("alarms", () => {
  let books: Books;
  beforeAll(async () => {
    books = await openLed("kulanz");
    books.kulanz.setNow(new Date("2026-05-12T09:00:00Z"));
    await put(
      books,
      "1.xml",
      camt053({ id: "S1", date: "2026-05-11", opening: "0.00", payments: [{ amount: "5.00" }] }),
    );
  });
  afterAll(() => books.drop());
  const check = async () => {
    await checkFiles(books.platform, books.tenantId, SYSTEM);
    return (await books.act((act) => fileAlarms(act))).map(({ kind, day: on, facts }) => [
      kind,
      on,
      facts["days"] ?? facts["by"],
    ]);
  };

  test("nothing while a statement may come; then an alarm, once; it goes when the statement is there", async () => {
    expect(await check()).toEqual([]);
    books.kulanz.setNow(new Date("2026-05-18T09:00:00Z"));
    expect(await check()).toEqual([["missing_statement", "2026-05-12", 2]]);
    expect(await check()).toHaveLength(1);
    for (const [id, date, opening] of [
      ["S2", "2026-05-12", "5.00"],
      ["S3", "2026-05-13", "6.00"],
      ["S4", "2026-05-15", "7.00"],
    ] as const)
      await put(books, `${id}.xml`, camt053({ id, date, opening, payments: [{ amount: "1.00", bankReference: id }] }));
    expect(await check()).toEqual([]);
  });

  test("a gap in balances is an alarm until the statement between is there", async () => {
    await put(
      books,
      "6.xml",
      camt053({ id: "S6", date: "2026-05-18", opening: "9.00", payments: [{ amount: "1.00", bankReference: "S6" }] }),
    );
    expect(await check()).toEqual([["statement_gap", "2026-05-18", "balance"]]);
    await put(
      books,
      "5.xml",
      camt053({ id: "S5", date: "2026-05-15", opening: "8.00", payments: [{ amount: "1.00", bankReference: "S5" }] }),
    );
    expect(await check()).toEqual([]);
  });

  test("a person says that nothing comes", async () => {
    books.kulanz.setNow(new Date("2026-05-21T09:00:00Z"));
    const [missing] = await check();
    expect(missing).toEqual(["missing_statement", "2026-05-19", 1]);
    const account = "DE02120300000000202051";
    expectOk(await books.act((act) => excuseDay(act, { account, day: day("2026-05-19"), excused: true })));
    expect(await check()).toEqual([]);
    const [days] = await books.act((act) => accountDays(act, 5));
    expect(days).toMatchObject({ account, lastStatementTo: "2026-05-18" });
    expect(days?.days.map(({ state }) => state)).toEqual(["closed", "received", "excused", "expected", "expected"]);
    expect(days?.days[0]?.day).toBe(addDays(day("2026-05-21"), -4));
  });
});
