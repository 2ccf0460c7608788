/** Money a bank announces: it holds the dunning of what it is surely for, and is never booked. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { entries } from "../../src/books/banking/index.ts";
import { takeCustomers } from "../../src/books/customers/index.ts";
import { importFile } from "../../src/books/intake/index.ts";
import { bookByHand, confirmProposal, leaveOpen, matchEntries } from "../../src/books/matching/index.ts";
import { type Hold, holdIsActive, holdsOf, liftHold, receivablesOf } from "../../src/books/receivables/index.ts";
import type { Act } from "../../src/platform/access/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import {
  addDays,
  type CustomerId,
  expectOk,
  type Failure,
  type PlainDate,
  type ReceivableId,
  type Result,
  type Uuid,
} from "../../src/pure/kernel/index.ts";
import { camt053, type TestPayment, type TestStatement } from "./banking-files.ts";
import { type Books, customerInput, day, makeItem, openBooks, SYSTEM } from "./books.ts";

const IBAN = "DE75512108001245126199";
/** The tests' clock stands on Monday, 1 June 2026. */
const TODAY = day("2026-06-01");
let books: Books;
let customerId: CustomerId;
let items: ReceivableId[];
beforeEach(async () => {
  books = await openBooks();
  await books.act(async (act) => {
    const taken = await takeCustomers(act, [customerInput(books, "A-1", { firstName: "Rita", name: "Rückert" })]);
    const found = taken.get("A-1");
    if (!found) throw new Error("not taken");
    ({ customerId } = found);
    items = [
      await makeItem(act, books, customerId, "RE-0000001", 10_000n),
      await makeItem(act, books, customerId, "RE-0000002", 2_500n),
    ];
  });
});
afterEach(() => books.drop());

const RITA: TestPayment = { amount: "100.00", name: "Rita Rückert", iban: IBAN, text: "RE-0000001" };
let files = 0;
const report = (statement: TestStatement): Buffer =>
  Buffer.from(
    camt053(statement)
      .toString()
      .replaceAll("BkToCstmrStmt", "BkToCstmrAcctRpt")
      .replaceAll("Stmt>", "Rpt>")
      .replace("camt.053.001", "camt.052.001"),
  );

async function take(content: Buffer, name = "x.xml") {
  files += 1;
  const told = await importFile(books.platform, books.tenantId, SYSTEM, { name: `${files}${name}`, content });
  expect(told.status, JSON.stringify(told)).toBe("ok");
  await match();
  return told;
}
const match = () => matchEntries(books.platform, books.tenantId, { kind: "system", id: "matching" }, {});
const announce = (payment: Partial<TestPayment> = {}, date: PlainDate = TODAY, id = `R${files}`) =>
  take(report({ id, date, payments: [{ ...RITA, status: "PDNG", bankReference: null, ...payment }] }));
const book = (payment: Partial<TestPayment> = {}, date: PlainDate = TODAY) =>
  take(camt053({ id: `S${files}`, date, payments: [{ ...RITA, ...payment }] }));

const holds = (): Promise<readonly Hold[]> =>
  books.act(async (act) => (await holdsOf(act, [customerId], "all")).get(customerId) ?? []);
const active = async (on: PlainDate): Promise<number> =>
  (await holds()).filter((hold) => holdIsActive(hold, on)).length;
const open = async (): Promise<bigint> =>
  (await books.act((act) => receivablesOf(act, customerId))).reduce((sum, { openTotal }) => sum + openTotal, 0n);
const stored = () => books.act((act) => entries(act, {}));
const states = () =>
  books.act(async (act) =>
    (
      await act.tx.rows<{ state: string; sealed: boolean }>(
        sql`select state, payload_sealed is not null as sealed from announced_entry order by announced_at, fingerprint`,
      )
    ).map(({ state, sealed }) => `${state}${sealed ? " sealed" : ""}`),
  );

describe("an announced credit", () => {
  test("holds the item it is surely for until three bank days later, is not booked, and lapses by itself", async () => {
    await announce();
    expect(await open()).toBe(12_500n);
    expect(await stored()).toEqual([]);
    // Thursday, 4 June 2026 is Corpus Christi in North Rhine-Westphalia: no bank day.
    expect(await holds()).toMatchObject([
      { ground: "pending_payment", receivableId: items[0], startsOn: TODAY, endsOn: "2026-06-05" },
    ]);
    expect(await states()).toEqual(["held"]);
    expect([await active(TODAY), await active(day("2026-06-05")), await active(day("2026-06-06"))]).toEqual([1, 1, 0]);
  });

  test("in a second report, another day's report, MT942 and under another reference is one hold", async () => {
    await announce();
    await announce({ bankReference: "B-1" }, TODAY, "R-again");
    await announce({}, day("2026-06-02"));
    await take(
      Buffer.from(
        [
          ":20:STARTUMS",
          ":25:12030000/0000202051",
          ":28C:1/1",
          ":34F:EUR0,",
          ":13D:2606011200+0200",
          ":61:2606010601EC100,00NTRFNONREF",
          `:86:166?00GUTSCHRIFT?20SVWZ+RE-0000001?30COBADEFF?31${IBAN}?32Rita Rückert`,
          "-",
        ].join("\r\n"),
      ),
      "x.sta",
    );
    expect((await holds()).length).toBe(1);
    expect(await states()).toEqual(["held"]);
    expect(await open()).toBe(12_500n);
  });

  test("two equal credits of one report are two, in every report that tells of both", async () => {
    const twice = (id: string) =>
      take(
        report({
          id,
          date: TODAY,
          payments: [RITA, RITA].map((one) => ({ ...one, status: "PDNG", bankReference: null })),
        }),
      );
    await twice("R-1");
    await twice("R-2");
    expect(await states()).toEqual(["held", "held"]);
    expect((await holds()).map(({ receivableId }) => receivableId)).toEqual([items[0], items[0]]);
  });

  test.each([
    ["the same day", TODAY],
    ["the next day under its reference", day("2026-06-02")],
  ])("booked %s ends the hold: the item is paid once", async (_, date) => {
    await announce();
    await book({ bankReference: "BOOKED-1" }, date);
    expect(await open()).toBe(2_500n);
    expect(await active(date)).toBe(0);
    expect(await holds()).toMatchObject([{ liftedBy: "system:matching" }]);
    expect(await states()).toEqual(["came"]);
    expect((await stored()).map(({ status }) => status)).toEqual(["booked"]);
  });

  test("that comes after its booking holds nothing", async () => {
    await book();
    await announce();
    expect(await holds()).toEqual([]);
    expect(await states()).toEqual(["came"]);
  });

  test("stays held while its booking waits for a person", async () => {
    await announce();
    // The settled item makes the booking a question.
    await book({ bankReference: "EARLIER", iban: "DE12500105170648489890", endToEndId: "OTHER" });
    expect(await open()).toBe(2_500n);
    await book({ bankReference: "LATER" }, day("2026-06-02"));
    expect((await stored()).map(({ status }) => status).sort()).toEqual(["booked", "proposed"]);
    expect(await active(TODAY)).toBe(1);
  });

  test.each<[string, (act: Act, entryId: Uuid) => Promise<Result<unknown, Failure>>]>([
    ["confirms a proposal", (act, entryId) => confirmProposal(act, entryId, 0)],
    ["books by hand", (act, entryId) => bookByHand(act, entryId, customerId, [items[1] as ReceivableId])],
    ["sets it aside", (act, entryId) => leaveOpen(act, entryId)],
  ])("is over in the moment a person %s", async (_, decide) => {
    await announce();
    await book({ bankReference: "EARLIER", iban: "DE12500105170648489890", endToEndId: "OTHER" });
    await book({ bankReference: "LATER" }, day("2026-06-02"));
    expect(await active(TODAY)).toBe(1);
    await books.act(async (act) => {
      const [waiting] = await entries(act, { status: ["proposed"] });
      expectOk(await decide(act, waiting?.entryId as Uuid));
    });
    expect(await active(TODAY)).toBe(0);
    expect(await states()).toEqual(["came"]);
  });

  test("that nothing was known for is judged again when its item has come, until it can hold nothing", async () => {
    await announce({ text: "RE-0000009", amount: "77.00" });
    expect([await states(), await holds()]).toEqual([["unsure sealed"], []]);
    await books.act((act) => makeItem(act, books, customerId, "RE-0000009", 7_700n));
    await match();
    expect(await states()).toEqual(["held"]);
    expect((await holds()).map(({ ground }) => ground)).toEqual(["pending_payment"]);

    await announce({ text: "RE-0000010", amount: "78.00" });
    books.kulanz.setNow(new Date("2026-06-06T08:00:00Z"));
    await books.act((act) => makeItem(act, books, customerId, "RE-0000010", 7_800n));
    await match();
    expect(await states()).toEqual(["held", "unsure"]);
  });

  test.each<[string, Partial<TestPayment>]>([
    ["names another customer's item", { text: "RE-0000009" }],
    ["comes of another name and account", { name: "Otto Anders", text: "Danke", iban: "DE12500105170648489890" }],
    ["is a debit", { credit: false }],
  ])("that %s holds nothing", async (_, payment) => {
    await announce(payment);
    expect(await holds()).toEqual([]);
    expect((await states()).filter((state) => state !== "unsure sealed")).toEqual([]);
  });

  test("of last month, told now, holds nothing", async () => {
    await announce({}, addDays(TODAY, -30));
    await announce({}, addDays(TODAY, -9));
    expect(await holds()).toEqual([]);
    expect(await states()).toEqual(["unsure"]);
  });

  test("is a matter of the ERP too, where that leads: its hold gives way to that of the money that came", async () => {
    await books.act((act) =>
      act.tx.execute(sql`update creditor set leads = 'erp' where creditor_id = ${books.creditorId}`),
    );
    await announce();
    expect(await active(TODAY)).toBe(1);
    await book();
    expect(await open()).toBe(12_500n);
    expect((await holds()).map(({ liftedAt }) => liftedAt !== undefined).sort()).toEqual([false, true]);
  });

  test("whose hold a person lifted is not held again", async () => {
    await announce();
    const [hold] = await holds();
    await books.act((act) => liftHold(act, customerId, hold?.holdId ?? ""));
    await announce({}, TODAY, "R-again");
    await book();
    expect(await active(TODAY)).toBe(0);
    expect(await open()).toBe(2_500n);
  });
});
