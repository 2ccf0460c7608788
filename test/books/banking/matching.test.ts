/** Which receivable a payment settles, and who decides when that is open. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { entries, openEntryPayload } from "../../../src/books/banking/index.ts";
import { learnAccount } from "../../../src/books/customers/index.ts";
import { importFile, importFiles } from "../../../src/books/intake/index.ts";
import { bookByHand, confirmProposal, leaveOpen, matchEntries, undoMatch } from "../../../src/books/matching/index.ts";
import { tasks } from "../../../src/books/receivables/index.ts";
import { sql } from "../../../src/platform/database/index.ts";
import { type CustomerId, expectOk } from "../../../src/pure/kernel/index.ts";
import { camt053, type TestPayment } from "../banking-files.ts";
import { type Books, openBooks, SYSTEM } from "../books.ts";
import { bankOf } from "./bank.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.drop());
const { newCustomer, newItem, openOf, play, nextFile } = bankOf(() => books);

describe("matching a statement", () => {
  test("RF reference; number with other separators; one transfer for several; known account; part; too much", async () => {
    const anna = await newCustomer("Anna", "Zeisig");
    const bert = await newCustomer("Bert", "Kranich");
    const [a1, a2, a3] = [await newItem(anna, 5000n), await newItem(anna, 3000n), await newItem(anna, 7000n)];
    const [b1, b2] = [await newItem(bert, 10_000n), await newItem(bert, 2_500n)];
    const iban = "DE88100900001234567892";
    await books.act((act) => learnAccount(act, bert, iban));
    const { counts, matches } = await play(
      { amount: "50.00", name: "Anna Zeisig", rf: a1.rf, endToEndId: "E1" },
      {
        amount: "100.00",
        name: "ZEISIG, ANNA",
        text: [`Rechnungen ${a2.number.replace("-", " ")} u`, `nd ${a3.number}`],
        endToEndId: "E2",
      },
      { amount: "25.00", name: "Bert Kranich", iban, text: "Danke", endToEndId: "E3" },
      { amount: "40.00", name: "Bert Kranich", text: `Teilzahlung ${b1.number}`, endToEndId: "E4" },
      { amount: "65.00", name: "Bert Kranich", text: `Rest ${b1.number}`, endToEndId: "E5", bookedOn: "2026-04-02" },
    );
    expect(counts).toEqual({ booked: 5, proposed: 0, unmatched: 0 });
    expect(matches.map(({ endToEndId, status, booked }) => [endToEndId, status, booked])).toEqual([
      ["E1", "booked", [{ number: a1.number, amount: "50.00" }]],
      [
        "E2",
        "booked",
        [
          { number: a2.number, amount: "30.00" },
          { number: a3.number, amount: "70.00" },
        ],
      ],
      ["E3", "booked", [{ number: b2.number, amount: "25.00" }]],
      ["E4", "booked", [{ number: b1.number, amount: "40.00" }]],
      [
        "E5",
        "booked",
        [
          { number: b1.number, amount: "60.00" },
          { number: null, amount: "5.00" },
        ],
      ],
    ]);
    expect(Object.values(await openOf(anna))).toEqual([0n, 0n, 0n]);
    expect((await openOf(bert))["account"]).toBe(-500n);
    const [over] = await books.act((act) => tasks(act, { customerId: bert, kind: "overpayment" }));
    expect(over).toMatchObject({ amountMinor: 500n });
  });

  test("what is not unambiguous is proposed with reasons, the unrelated stays unmatched; a person decides", async () => {
    const carl = await newCustomer("Carl", "Eisvogel");
    const dora = await newCustomer("Dora", "Wiedehopf");
    const c1 = await newItem(carl, 4444n);
    const d1 = await newItem(dora, 4444n);
    const { matches } = await play(
      { amount: "44.44", name: "Paul Fremd", text: c1.number },
      { amount: "44.44", name: "Dora Wiedehopf", iban: "DE02500105170137075030", text: "Danke schoen" },
      { amount: "12.34", name: "Niemand Bekannt", text: "Spende" },
      { amount: "99.00", credit: false, name: "Strom AG", text: "Abschlag" },
    );
    expect(matches.map(({ status }) => status)).toEqual(["proposed", "proposed", "unmatched", "unmatched"]);
    expect(matches[0]?.proposals[0]).toMatchObject({ items: [{ number: c1.number, amount: "44.44" }] });
    expect(matches[0]?.proposals[0]?.reasons).toContain("name does not agree");
    expect(matches[1]?.proposals[0]).toMatchObject({ items: [{ number: d1.number, amount: "44.44" }] });
    expect(matches[3]?.amount).toBe("-99.00");
    const [first, second, third] = matches;
    if (!first || !second || !third) throw new Error("no matches");

    expectOk(await books.act((act) => confirmProposal(act, second.entryId, 0)));
    expect((await openOf(dora))[d1.number]).toBe(0n);
    expect((await books.act((act) => confirmProposal(act, second.entryId, 0))).ok).toBe(false);
    // The account is known from now on: the next payment of exactly one item books by itself.
    const d2 = await newItem(dora, 777n);
    const next = await play({
      amount: "7.77",
      name: "Dora Wiedehopf",
      iban: "DE02500105170137075030",
      text: "wie immer",
    });
    expect(next.matches[0]).toMatchObject({ status: "booked", booked: [{ number: d2.number, amount: "7.77" }] });

    expectOk(await books.act((act) => bookByHand(act, first.entryId, carl, [c1.id])));
    expect((await openOf(carl))[c1.number]).toBe(0n);
    expectOk(await books.act((act) => undoMatch(act, first.entryId)));
    expect((await openOf(carl))[c1.number]).toBe(4444n);
    const again = await books.act((act) => entries(act, { entryId: first.entryId }));
    expect(again[0]).toMatchObject({ status: "unmatched", customerId: null });
    const payload = await books.act((act) => openEntryPayload(act, again[0] as never));
    expect(expectOk(payload).payerName).toBe("Paul Fremd");
    expectOk(await books.act((act) => leaveOpen(act, third.entryId)));
  });

  test("a match seals payer data for the customer and leaves nothing with the entry", async () => {
    const emil = await newCustomer("Emil", "Pirol");
    const item = await newItem(emil, 1111n);
    await play({ amount: "11.11", name: "Emil Pirol", text: item.number });
    const rows = await books.kulanz.database.owner((tx) =>
      tx.rows<{ payload: Buffer | null; sealed: number }>(sql`
        select e.payload_sealed as payload, length(m.payload_sealed) as sealed from match m
        join bank_entry e on e.fingerprint = m.entry_fingerprint where m.customer_id = ${emil}`),
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.payload).toBeNull();
    expect(rows[0]?.sealed).toBeGreaterThan(50);
  });

  test("two payments of the same item in one statement: the second is not booked by itself", async () => {
    const hugo = await newCustomer("Hugo", "Kleiber");
    const item = await newItem(hugo, 3210n);
    const { matches } = await play(
      { amount: "32.10", name: "Hugo Kleiber", text: item.number, endToEndId: "H1" },
      { amount: "32.10", name: "Hugo Kleiber", text: item.number, endToEndId: "H2" },
    );
    expect(matches.map(({ status }) => status)).toEqual(["booked", "proposed"]);
    expect((await openOf(hugo))[item.number]).toBe(0n);
  });

  test("four matchers at once decide each entry once", { timeout: 90_000 }, async () => {
    const customers = await Promise.all(
      ["Iris", "Jan", "Kai", "Lea", "Mia", "Nele"].map((first) => newCustomer(first, "Rohrdommel")),
    );
    const payments: TestPayment[] = [];
    for (let index = 0; index < 48; index += 1) {
      const item = await newItem(customers[index % customers.length] as CustomerId, BigInt(1000 + index));
      const first = ["Iris", "Jan", "Kai", "Lea", "Mia", "Nele"][index % 6];
      payments.push({
        amount: ((1000 + index) / 100).toFixed(2),
        name: `${first} Rohrdommel`,
        text: item.number,
        endToEndId: `P${index}`,
      });
    }
    await importFile(books.platform, books.tenantId, SYSTEM, {
      name: "many.xml",
      content: camt053({ id: `S${nextFile()}`, payments }),
    });
    const acks: string[] = [];
    const runs = await Promise.all(
      [1, 2, 3, 4].map(() =>
        matchEntries(books.platform, books.tenantId, SYSTEM, {}, { onAck: ({ id }) => acks.push(id) }),
      ),
    );
    expect(runs.reduce((sum, { booked }) => sum + booked, 0)).toBe(48);
    expect(new Set(acks).size).toBe(48);
    for (const customer of customers)
      expect(Object.values(await openOf(customer)).every((open) => open === 0n)).toBe(true);
    expect(await matchEntries(books.platform, books.tenantId, SYSTEM, {})).toEqual({
      booked: 0,
      proposed: 0,
      unmatched: 0,
    });
  });

  test("a bad file leaves the rest of a batch unharmed", async () => {
    const good = camt053({ id: "S900", payments: [{ amount: "1.23", text: "gut" }] });
    const reports = await importFiles(books.platform, books.tenantId, SYSTEM, [
      { name: "../../etc/bad\u202e.xml", content: Buffer.from("<Document><Stmt") },
      { name: "good.xml", content: good },
      { name: "empty", content: Buffer.alloc(0) },
    ]);
    expect(reports.map(({ file, status }) => [file, status])).toEqual([
      ["bad.xml", "refused"],
      ["good.xml", "ok"],
      ["empty", "refused"],
    ]);
  });
});
