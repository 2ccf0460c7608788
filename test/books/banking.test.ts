import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { entries, openEntryPayload, statements } from "../../src/books/banking/index.ts";
import { learnAccount, takeCustomers } from "../../src/books/customers/index.ts";
import { importFile, importFiles, matchesOfFile } from "../../src/books/intake/index.ts";
import {
  bookByHand,
  confirmProposal,
  leaveOpen,
  matchEntries,
  type Proposal,
  proposeAgain,
  undoMatch,
} from "../../src/books/matching/index.ts";
import { casesOf, receivablesOf, tasks } from "../../src/books/receivables/index.ts";
import { type Act, withAct } from "../../src/platform/access/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { type CustomerId, expectOk, type ReceivableId, type Uuid } from "../../src/pure/kernel/index.ts";
import { camt053, OUR_IBAN, type TestPayment } from "./banking-files.ts";
import { type Books, customerInput, type itemInput, makeCreditor, makeItem, openBooks, SYSTEM } from "./books.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.drop());

let count = 0;
const newCustomer = (firstName: string, name: string): Promise<CustomerId> =>
  books.act(async (act) => {
    const number = `B-${(count += 1)}`;
    const taken = (await takeCustomers(act, [customerInput(books, number, { firstName, name })])).get(number);
    if (!taken) throw new Error("not taken");
    return taken.customerId;
  });
const newItem = async (
  customerId: CustomerId,
  amount: bigint,
  more: Parameters<typeof itemInput>[4] = {},
): Promise<{ id: ReceivableId; number: string; rf: string }> =>
  books.act(async (act) => {
    const number = `RE-${String((count += 1)).padStart(7, "0")}`;
    const id = await makeItem(act, books, customerId, number, amount, more);
    const item = (await receivablesOf(act, customerId)).find(({ receivableId }) => receivableId === id);
    return { id, number, rf: item?.paymentReference ?? "" };
  });
const openOf = async (customerId: CustomerId): Promise<Record<string, bigint>> =>
  Object.fromEntries(
    (await books.act((act) => receivablesOf(act, customerId))).map((one) => [one.number || "account", one.openTotal]),
  );

let files = 0;
/** Imports one statement, matches it, and tells what became of its entries. */
async function play(...payments: TestPayment[]) {
  files += 1;
  const name = `statement-${files}.xml`;
  const report = await importFile(books.platform, books.tenantId, SYSTEM, {
    name,
    content: camt053({ id: `S${files}`, payments }),
  });
  expect(report.status).toBe("ok");
  const acks: string[] = [];
  const counts = await matchEntries(books.platform, books.tenantId, SYSTEM, {}, { onAck: ({ id }) => acks.push(id) });
  const matches = expectOk(await books.act((act) => matchesOfFile(act, name)));
  expect(acks.length).toBe(counts.booked);
  return { report, counts, matches };
}

/** A tenant of its own in the same database. */
async function freshTenant() {
  files += 1;
  const tenantId = await books.kulanz.createTenant(`Tenant ${files}`);
  await withAct(books.platform, tenantId, SYSTEM, (act) => makeCreditor(act, OUR_IBAN, "main"));
  return {
    ...books,
    tenantId,
    act: <T>(work: (act: Act) => Promise<T>): Promise<T> => withAct(books.platform, tenantId, SYSTEM, work),
  };
}

describe("statements", () => {
  test("an entry is stored once: same file, other line ends, overlapping statement, another bank message", async () => {
    const own = await freshTenant();
    const put = (name: string, content: Buffer) => importFile(own.platform, own.tenantId, SYSTEM, { name, content });
    const two: TestPayment[] = [
      { amount: "10.00", name: "Ida Test", text: "eins", bankReference: "A1" },
      { amount: "20.00", name: "Ida Test", text: "zwei", bankReference: null },
      { amount: "20.00", name: "Ida Test", text: "zwei", bankReference: null },
    ];
    const first = await put("a.xml", camt053({ id: "S1", payments: two }));
    expect(first.imported).toEqual({ new: 3, known: 0 });
    expect(first.statements[0]).toMatchObject({
      opening: "1000.00",
      closing: "1050.00",
      entries: 3,
      booked: 3,
      reconciles: true,
      sumCredit: "50.00",
    });
    expect((await put("b.xml", camt053({ id: "S1", payments: two }))).imported).toEqual({ new: 0, known: 3 });
    expect((await put("a.xml", camt053({ id: "S1", payments: two }, "\r\n"))).imported).toEqual({ new: 0, known: 3 });
    const overlapping = await put("c.xml", camt053({ id: "S2", payments: [...two, { amount: "5.00", text: "drei" }] }));
    expect(overlapping.imported).toEqual({ new: 1, known: 3 });
    expect(overlapping.warnings.join()).toContain("already there");
    const listed = expectOk(await own.act((act) => matchesOfFile(act, "c.xml")));
    expect(listed.map(({ entry, amount }) => [entry, amount])).toEqual([
      [1, "10.00"],
      [2, "20.00"],
      [3, "20.00"],
      [4, "5.00"],
    ]);
    expect(await own.act((act) => entries(act, {}))).toHaveLength(4);
    expect(await own.act((act) => statements(act, 10))).toHaveLength(2);
  });

  test("amounts that don't add up are taken in and told; what can't be booked is left out and told", async () => {
    const own = await freshTenant();
    const put = (name: string, content: Buffer) => importFile(own.platform, own.tenantId, SYSTEM, { name, content });
    const wrong = await put("a.xml", camt053({ id: "S1", closing: "1.00", payments: [{ amount: "10.00" }] }));
    expect(wrong).toMatchObject({ status: "ok", imported: { new: 1, known: 0 }, statements: [{ reconciles: false }] });
    expect(wrong.warnings.length).toBeGreaterThan(0);
    const bytes = camt053({ id: "S2", payments: [{ amount: "10.00", text: "gut" }, { amount: "11.00" }] });
    const precise = await put("b.xml", Buffer.from(bytes.toString().replace(/>11\.00</g, ">11.00123<")));
    expect(precise).toMatchObject({ status: "partial", imported: { new: 1 } });
    expect(
      (await put("c.xml", camt053({ id: "S3", payments: [{ amount: "3.00", status: "PDNG" }] }))).imported,
    ).toEqual({ new: 0, known: 0 });
  });

  test("payer data is sealed and opens; the unknown account and the cut file are refused and store nothing", async () => {
    const own = await freshTenant();
    const put = (name: string, content: Buffer) => importFile(own.platform, own.tenantId, SYSTEM, { name, content });
    await put(
      "a.xml",
      camt053({
        payments: [{ amount: "10.00", name: "Quintessa Planted", iban: "DE75512108001245126199", text: "Hallo Welt" }],
      }),
    );
    const [entry] = await own.act((act) => entries(act, {}));
    if (!entry) throw new Error("no entry");
    expect(expectOk(await own.act((act) => openEntryPayload(act, entry)))).toMatchObject({
      payerName: "Quintessa Planted",
      remittance: ["Hallo Welt"],
    });
    const dump = await own.kulanz.database.owner((tx) =>
      tx.rows<{ t: string }>(sql`select e::text || s::text as t from bank_entry e, statement s`),
    );
    expect(JSON.stringify(dump)).not.toMatch(/Quintessa|DE75512108001245126199|Hallo/);
    const foreign = await put("b.xml", camt053({ iban: "DE75512108001245126199", payments: [{ amount: "1.00" }] }));
    expect(foreign).toMatchObject({ status: "refused", error: { code: "account_unknown" }, imported: null });
    const bytes = camt053({ id: "S9", payments: [{ amount: "1.00" }, { amount: "2.00" }] });
    for (const cut of [0.3, 0.6, 0.9, 0.99]) {
      const report = await put("c.xml", bytes.subarray(0, Math.floor(bytes.length * cut)));
      expect(report.status).toBe("refused");
      expect(report.error?.where).toContain("c.xml");
    }
    expect(await own.act((act) => entries(act, {}))).toHaveLength(1);
  });

  test("a batch entry gives one row a transaction; details that don't add up leave the entry whole", async () => {
    const own = await freshTenant();
    const put = (name: string, content: Buffer) => importFile(own.platform, own.tenantId, SYSTEM, { name, content });
    const batch = camt053({ payments: [{ amount: "10.00", text: "a", more: [{ amount: "5.00", text: "b" }] }] });
    expect((await put("a.xml", batch)).imported).toEqual({ new: 2, known: 0 });
    const odd = batch
      .toString()
      .replace('<Amt Ccy="EUR">15.00</Amt>', '<Amt Ccy="EUR">16.00</Amt>')
      .replace(/BANKS1-1/g, "X");
    expect((await put("b.xml", Buffer.from(odd))).imported).toEqual({ new: 1, known: 0 });
    const rows = await own.act((act) => entries(act, {}));
    expect(rows.map(({ amountMinor, transactionNumber }) => [Number(amountMinor), transactionNumber]).sort()).toEqual(
      [
        [1000, 1],
        [1600, 0],
        [500, 2],
      ].sort(),
    );
  });
});

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

  test("a returned direct debit undoes its payment and reopens the case; the fee in the amount does not confuse it", async () => {
    const finn = await newCustomer("Finn", "Stieglitz");
    const f1 = await newItem(finn, 5000n);
    const paid = await play({
      amount: "50.00",
      name: "Finn Stieglitz",
      text: f1.number,
      endToEndId: "DD-77",
      mandate: "M-77",
    });
    expect(paid.counts.booked).toBe(1);
    expect((await openOf(finn))[f1.number]).toBe(0n);
    const back = await play({
      amount: "53.00", credit: false, name: "Finn Stieglitz", endToEndId: "DD-77", returnCode: "AC04", instructed: "50.00", charges: "3.00",
    }); // biome-ignore format: one line
    expect(back.matches[0]).toMatchObject({ status: "booked", amount: "-53.00" });
    expect((await openOf(finn))[f1.number]).toBe(5300n);
    expect((await books.act((act) => casesOf(act, [finn]))).some(({ state }) => state === "open")).toBe(true);
    // The same return again finds nothing to undo.
    const twice = await play({
      amount: "50.00",
      credit: false,
      name: "Finn Stieglitz",
      endToEndId: "DD-77",
      returnCode: "AC04",
    });
    expect(twice.matches[0]?.status).toBe("unmatched");
  });

  test("a return without ids is found by the number in its text, and only proposed by the account alone", async () => {
    const gina = await newCustomer("Gina", "Zaunkönig");
    const g1 = await newItem(gina, 6100n);
    const iban = "DE91100000000123456789";
    await play({ amount: "61.00", bookedOn: "2026-04-01", name: "Gina Zaunkoenig", iban, text: g1.number });
    const byText = await play({
      amount: "61.00",
      bookedOn: "2026-04-03",
      credit: false,
      returnCode: "MD06",
      text: `Ruecklastschrift ${g1.number}`,
    });
    expect(byText.matches[0]?.status).toBe("booked");
    await play({ amount: "61.00", bookedOn: "2026-04-05", name: "Gina Zaunkoenig", iban, text: g1.number });
    const byAccount = await play({
      amount: "61.00",
      bookedOn: "2026-04-07",
      credit: false,
      returnCode: "MD06",
      iban,
      text: "Rueckgabe",
    });
    expect(byAccount.matches[0]).toMatchObject({ status: "proposed" });
    const entryId = byAccount.matches[0]?.entryId ?? "";
    const [entry] = await books.act((act) => entries(act, { entryId }));
    expect((entry?.proposals[0] as Proposal | undefined)?.returnOf).toBeDefined();
    expectOk(await books.act((act) => confirmProposal(act, entryId, 0)));
    expect((await openOf(gina))[g1.number]).toBe(6100n);
    // Undoing the return makes the payment count again.
    expectOk(await books.act((act) => undoMatch(act, entryId)));
    expect((await openOf(gina))[g1.number]).toBe(0n);
  });

  test("a refund of ours that came back is never booked by itself, whatever its text says", async () => {
    const item = await newItem(await newCustomer("Hella", "Goldammer"), 4711n);
    const { matches } = await play({ amount: "47.11", name: "Hella Goldammer", text: item.number, returnCode: "AC04" });
    expect(matches[0]?.status).toBe("proposed");
    expect(matches[0]?.proposals[0]?.reasons).toContain("a payment of ours that came back");
  });

  test("an undone match is proposed again, and only proposed", async () => {
    const ines = await newCustomer("Ines", "Zaunkönig");
    const item = await newItem(ines, 2468n);
    const { matches } = await play({ amount: "24.68", name: "Ines Zaunkönig", text: item.number });
    expect(matches[0]?.status).toBe("booked");
    const { entryId } = matches[0] as { entryId: Uuid };
    expectOk(await books.act((act) => undoMatch(act, entryId)));
    await books.act((act) => proposeAgain(act, entryId));
    const [entry] = await books.act((act) => entries(act, { entryId }));
    expect(entry).toMatchObject({ status: "proposed", customerId: null });
    expect(entry?.proposals[0]).toMatchObject({
      customerId: ines,
      items: [{ number: item.number, amountMinor: "2468" }],
    });
    expect((await openOf(ines))[item.number]).toBe(2468n);
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
    files += 1;
    await importFile(books.platform, books.tenantId, SYSTEM, {
      name: "many.xml",
      content: camt053({ id: `S${files}`, payments }),
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
