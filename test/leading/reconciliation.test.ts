/** After anything that may happen the report is zero; each planted fault is exactly one difference. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Entry, entries, gapsOf } from "../../src/books/banking/index.ts";
import { creditors } from "../../src/books/customers/index.ts";
import { bookByHand, matchEntries, undoMatch } from "../../src/books/matching/index.ts";
import { compare, differences, type Reconciliation, reconcile, reports } from "../../src/books/reconciliation/index.ts";
import { post, receivablesOf, reverseBooking, tasks } from "../../src/books/receivables/index.ts";
import { identifier, type Sql, sql } from "../../src/platform/database/index.ts";
import { addDays, expectOk, seededRandom, type Uuid } from "../../src/pure/kernel/index.ts";
import { camt053, type TestPayment } from "../books/banking-files.ts";
import { type Books, day, SYSTEM } from "../books/books.ts";
import { customerOf, type Line, list, openLed, openOf, put } from "./setting.ts";

const today = day("2026-06-01");
const euros = (cents: number): string => (cents / 100).toFixed(2);

/** Lists, statements, payments by matching and by hand, returns, undone matches, corrections: all by chance. */
async function live(books: Books, seed: number, days: number): Promise<void> {
  const random = seededRandom(seed);
  const known: { number: string; cents: number; customer: string }[] = [];
  let balance = 100_000;
  let number = 0;
  for (let on = 1; on <= days; on += 1) {
    const date = addDays(day("2026-04-30"), on);
    const lines: Line[] = [];
    for (let index = 0; index < 3; index += 1) {
      number += 1;
      const item = {
        number: `RE-10${seed}${String(number).padStart(4, "0")}`,
        cents: 500 + random.integer(20_000),
        customer: `K-${on === 1 ? index + 1 : 1 + random.integer(4)}`,
      };
      known.push(item);
      lines.push({ ...item, amount: euros(item.cents), issued: "2026-04-01", due: "2026-04-15" });
    }
    const corrected = known[random.integer(known.length)];
    if (corrected && !lines.some((line) => line.number === corrected.number)) {
      const untouched = (await openOf(books, corrected.customer))[corrected.number] === String(corrected.cents);
      if (untouched) {
        corrected.cents += 100;
        lines.push({ ...corrected, amount: euros(corrected.cents) });
      }
    }
    expect((await put(books, `list ${on}.csv`, list(lines))).status).toBe("ok");
    const payments: TestPayment[] = [];
    for (let index = 0; index < 3; index += 1) {
      const paid = known[random.integer(known.length)];
      const cents = random.integer(3) === 0 ? 1 + random.integer(30_000) : (paid?.cents ?? 1);
      balance += cents;
      const bankReference = `B${seed}-${on}-${index}`;
      payments.push({
        amount: euros(cents),
        text: random.integer(4) === 0 ? "Danke" : (paid?.number ?? ""),
        name: "Erika Musterfrau",
        bankReference,
        endToEndId: `E2E-${seed}-${on}-${index}`,
      });
    }
    const [first] = payments;
    if (first && on % 3 === 0) {
      balance -= Math.round(Number(first.amount) * 100);
      payments.push({
        amount: first.amount,
        credit: false,
        returnCode: "MD06",
        endToEndId: first.endToEndId ?? "",
        bankReference: `B${seed}-${on}-R`,
        text: first.text ?? "",
      });
    }
    const opening = euros(
      balance -
        payments.reduce((sum, one) => sum + Math.round(Number(one.amount) * 100) * (one.credit === false ? -1 : 1), 0),
    );
    expect((await put(books, `bank ${on}.xml`, camt053({ id: `S${on}`, date, opening, payments }))).status).toBe("ok");
    await matchEntries(books.platform, books.tenantId, SYSTEM, {});
    await byHand(books, random);
  }
}

async function byHand(books: Books, random: ReturnType<typeof seededRandom>): Promise<void> {
  const all = await books.act((act) => entries(act, { limit: 1_000 }));
  const pick = (of: readonly Entry[]): Entry | undefined => of[random.integer(Math.max(1, of.length))];
  const open = pick(
    all.filter(({ status, direction }) => (status === "unmatched" || status === "proposed") && direction === "credit"),
  );
  if (open) {
    const customerId = await customerOf(books, `K-${1 + random.integer(2)}`).catch(() => customerOf(books));
    await books.act((act) => bookByHand(act, open.entryId, customerId, []));
  }
  const booked = pick(all.filter(({ status }) => status === "booked"));
  if (booked && random.integer(3) === 0) await books.act((act) => undoMatch(act, booked.entryId));
  if (booked?.customerId && random.integer(3) === 0) {
    const { customerId } = booked;
    const item = (await books.act((act) => receivablesOf(act, customerId))).find(({ openTotal }) => openTotal > 100n);
    const [bookingId] = item
      ? [
          await books.act(async (act) => {
            const id = act.tx.newId<Uuid>();
            await post(
              act,
              [
                {
                  customerId,
                  receivableId: item.receivableId,
                  kind: "write_off",
                  component: "principal",
                  amountMinor: -100n,
                  currency: item.currency,
                  valueOn: today,
                },
              ],
              id,
            );
            return id;
          }),
        ]
      : [];
    if (bookingId && random.integer(2) === 0)
      expectOk(
        await books.act((act) => reverseBooking(act, customerId, bookingId, { valueOn: today, kind: "correction" })),
      );
  }
}

const compared = (books: Books): Promise<Reconciliation[]> =>
  books.act(async (act) => {
    const [of] = await creditors(act);
    return of ? compare(act, of, today) : [];
  });
const foundIn = async (books: Books) => (await compared(books)).flatMap(({ differences: found }) => found);

describe("whatever happens, the report is zero", () => {
  test.each(process.env["KULANZ_SOAK"] ? [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] : [1, 2])("seed %i", async (seed) => {
    const books = await openLed("kulanz");
    try {
      await live(books, seed, 6);
      const [report] = await compared(books);
      expect(report?.differences).toEqual([]);
      expect(report?.comparisons.map(({ kind, state, differenceMinor }) => [kind, state, differenceMinor])).toEqual([
        ["erp_ledger", "equal", 0n],
        ["bank_ledger", "equal", 0n],
      ]);
    } finally {
      await books.drop();
    }
  });
});

describe("a planted fault is one difference", () => {
  let books: Books;
  beforeAll(async () => {
    books = await openLed("kulanz");
    await live(books, 7, 4);
  });
  afterAll(() => books.drop());

  /** As somebody with the keys of the machine would: past every rule; put right again afterwards. */
  const planted = async (fault: Sql, back: Sql): Promise<string[]> => {
    const change = (statement: Sql): Promise<void> =>
      books.kulanz.database.owner(async (tx) => {
        for (const table of ["posting", "receivable"])
          await tx.execute(sql`alter table ${identifier(table)} disable trigger user`);
        await tx.execute(statement);
        for (const table of ["posting", "receivable"])
          await tx.execute(sql`alter table ${identifier(table)} enable trigger user`);
      });
    await change(fault);
    const found = await foundIn(books);
    await change(back);
    expect(await foundIn(books)).toEqual([]);
    return found.map(({ kind }) => kind);
  };

  test("an entry that is lost: of a payment, and of one nobody has claimed", async () => {
    const all = await books.act((act) => entries(act, { limit: 1_000 }));
    const booked = all.find(({ status, isReturn }) => status === "booked" && !isReturn);
    const other = all.find(({ status }) => status !== "booked");
    for (const [entry, kind] of [
      [booked, "entry_lost"],
      [other, "entries_missing"],
    ] as const) {
      await books.kulanz.database.owner((tx) =>
        tx.execute(sql`create table kept as select * from bank_entry where entry_id = ${entry?.entryId ?? ""}`),
      );
      const columns = await books.kulanz.database.owner((tx) => tx.rows(sql`select 1 from kept`));
      expect(columns).toHaveLength(1);
      expect(
        await planted(
          sql`delete from bank_entry where entry_id = ${entry?.entryId ?? ""}`,
          sql`insert into bank_entry select * from kept`,
        ),
      ).toEqual([kind]);
      await books.kulanz.database.owner((tx) => tx.execute(sql`drop table kept`));
    }
  });

  test("an amount that was changed: of an entry, of a posting, of a balance", async () => {
    const all = await books.act((act) => entries(act, { limit: 1_000 }));
    const entry = all.find(({ status, isReturn }) => status === "booked" && !isReturn)?.entryId ?? "";
    const change = (by: number): Sql =>
      sql`update bank_entry set amount_minor = amount_minor + ${by} where entry_id = ${entry}`;
    expect(await planted(change(7), change(-7))).toEqual(["match_differs"]);
    const of = (by: number): Sql => sql`
      update posting set amount_minor = amount_minor + ${by} where posting_id = (
        select posting_id from posting where kind = 'claim' order by posting_id limit 1)`;
    expect(await planted(of(7), of(-7))).toEqual(["balance_differs"]);
    const paid = (by: number): Sql => sql`
      update posting set amount_minor = amount_minor + ${by} where posting_id = (
        select p.posting_id from posting p join match m on m.booking_id = p.booking_id and m.state = 'booked'
        join receivable r on r.receivable_id = p.receivable_id and r.item_kind = 'invoice'
        where p.kind = 'payment' and p.reverses is null and p.component = 'principal' order by p.posting_id limit 1)`;
    expect(await planted(paid(7), paid(-7))).toEqual(["balance_differs"]);
    const balance = (by: number): Sql => sql`
      update receivable set open_principal = open_principal + ${by} where receivable_id = (
        select receivable_id from receivable where item_kind = 'invoice' order by receivable_id limit 1)`;
    expect(await planted(balance(7), balance(-7))).toEqual(["balance_differs"]);
  });

  test("a statement that is missing", async () => {
    const later = camt053({
      id: "S9",
      date: "2026-05-20",
      opening: "5.00",
      payments: [{ amount: "1.00", text: "später", bankReference: "LATE" }],
    });
    await put(books, "late.xml", later);
    const found = await foundIn(books);
    expect(found.map(({ kind }) => kind)).toEqual(["statement_gap"]);
    expect(found[0]?.facts).toMatchObject({ from: "2026-05-04", to: "2026-05-20" });
  });
});

describe("where the ERP leads", () => {
  let books: Books;
  beforeAll(async () => {
    books = await openLed("erp");
    await put(
      books,
      "1.csv",
      list([
        { number: "R-1", amount: "10.00" },
        { number: "R-2", amount: "20.00" },
      ]),
      { list: "snapshot" },
    );
  });
  afterAll(() => books.drop());

  test("what we waived is explained until the ERP has booked it; another amount is a difference with a task, which closes itself", async () => {
    const customerId = await customerOf(books);
    const item = (number: string) =>
      books.act(async (act) => (await receivablesOf(act, customerId)).find((one) => one.number === number));
    const [one, two] = [await item("R-1"), await item("R-2")];
    const base = { customerId, component: "principal", valueOn: today } as const;
    await books.act((act) =>
      post(
        act,
        [
          {
            ...base,
            receivableId: one?.receivableId as never,
            currency: one?.currency as never,
            kind: "write_off",
            amountMinor: -300n,
          },
        ],
        act.tx.newId(),
      ),
    );
    const run = () =>
      books.act(async (act) => {
        const [of] = await creditors(act);
        return of ? reconcile(act, of, today) : [];
      });
    expect((await run())[0]).toMatchObject({
      state: "equal",
      comparisons: [{ steps: [{ code: "waived_not_booked_there", minor: -300n }], differenceMinor: 0n }],
    });
    await books.act((act) =>
      post(
        act,
        [
          {
            ...base,
            receivableId: two?.receivableId as never,
            currency: two?.currency as never,
            kind: "cost",
            amountMinor: 500n,
          },
        ],
        act.tx.newId(),
      ),
    );
    const second = await run();
    expect(second[0]?.differences).toMatchObject([{ kind: "amount_differs", theirsMinor: 2000n, oursMinor: 2500n }]);
    await run();
    expect(await books.act((act) => tasks(act, { kind: "difference" }))).toMatchObject([
      { amountMinor: 500n, facts: { rule: "amount_differs", number: "R-2", expected: "20.00", found: "25.00" } },
    ]);
    books.kulanz.advance({ days: 1 });
    await put(
      books,
      "2.csv",
      list([
        { number: "R-1", amount: "7.00" },
        { number: "R-2", amount: "25.00" },
      ]),
      { list: "snapshot" },
    );
    expect((await run())[0]).toMatchObject({ state: "equal", differences: [] });
    expect(await books.act((act) => tasks(act, { kind: "difference" }))).toEqual([]);
    expect(await books.act((act) => differences(act))).toEqual([]);
    expect(await books.act((act) => reports(act, today, today))).toMatchObject([{ state: "equal", differences: 0 }]);
  });
});

describe("the chain of statements", () => {
  const s = (number: string, openedOn: string, closedOn: string, opening: number, closing: number) => ({
    fingerprint: number.padStart(64, "0"),
    number,
    openedOn: day(openedOn),
    closedOn: day(closedOn),
    openingMinor: BigInt(opening),
    closingMinor: BigInt(closing),
  });
  test.each([
    ["in order", [s("1", "2026-05-01", "2026-05-01", 0, 10), s("2", "2026-05-02", "2026-05-02", 10, 5)], []],
    [
      "several a day in any order",
      [
        s("3", "2026-05-01", "2026-05-01", 7, 9),
        s("2", "2026-05-01", "2026-05-01", 10, 7),
        s("1", "2026-04-30", "2026-04-30", 0, 10),
      ],
      [],
    ],
    [
      "one is missing",
      [s("1", "2026-05-01", "2026-05-01", 0, 10), s("3", "2026-05-03", "2026-05-03", 12, 5)],
      ["balance"],
    ],
    [
      "only its number tells",
      [s("1", "2026-05-01", "2026-05-01", 0, 10), s("3", "2026-05-03", "2026-05-03", 10, 5)],
      ["number"],
    ],
    [
      "an interim reading before the whole",
      [
        s("1", "2026-05-01", "2026-05-01", 0, 4),
        s("1", "2026-05-01", "2026-05-01", 0, 10),
        s("2", "2026-05-02", "2026-05-02", 10, 5),
      ],
      [],
    ],
    [
      "a new year counts anew",
      [s("250", "2025-12-30", "2025-12-30", 0, 10), s("2", "2026-01-03", "2026-01-03", 10, 5)],
      [],
    ],
  ])("%s", (_, statements, kinds) => {
    expect(gapsOf(statements).map(({ kind }) => kind)).toEqual(kinds);
  });
});
