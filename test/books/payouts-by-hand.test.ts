/** What people decide of payouts and their lines, payouts below and of zero, and mappings of a creditor's own. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { entries } from "../../src/books/banking/index.ts";
import { changeCreditorSettings } from "../../src/books/customers/index.ts";
import { importFile } from "../../src/books/intake/index.ts";
import {
  decideLine,
  decidePayout,
  lineTexts,
  matchEntries,
  payoutLines,
  payouts,
  settlementMappings,
  sumsOf,
  undoLine,
  undoPayout,
} from "../../src/books/matching/index.ts";
import { holdsOf, receivablesOf } from "../../src/books/receivables/index.ts";
import { handBack, reconcileTenant } from "../../src/books/reconciliation/index.ts";
import { type CustomerId, expectOk, type ReceivableId } from "../../src/pure/kernel/index.ts";
import { PAYPAL } from "../formats/settlement/fixtures.ts";
import { camt053, type TestPayment } from "./banking-files.ts";
import { type Books, day, makeCustomer, makeItem, openBooks, SYSTEM } from "./books.ts";

let books: Books;
beforeEach(async () => {
  books = await openBooks();
});
afterEach(() => books.drop());

const take = (name: string, content: string | Buffer) =>
  importFile(books.platform, books.tenantId, SYSTEM, { name, content: Buffer.from(content) });
const match = () => matchEntries(books.platform, books.tenantId, SYSTEM, {});
const bank = (id: string, date: string, ...payments: TestPayment[]) =>
  take(`${id}.xml`, camt053({ id, date, payments }));

interface Owing {
  readonly customerId: CustomerId;
  readonly receivableId: ReceivableId;
}
const owe = (number: string, amount: bigint): Promise<Owing> =>
  books.act(async (act) => {
    const customerId = await makeCustomer(act, books, `K-${number}`);
    const receivableId = await makeItem(act, books, customerId, number, amount, {
      issuedOn: day("2025-12-01"),
      aroseOn: day("2025-12-01"),
      dueOn: day("2025-12-15"),
    });
    return { customerId, receivableId };
  });
const openOf = ({ customerId }: Owing): Promise<bigint> =>
  books.act(async (act) => (await receivablesOf(act, customerId)).reduce((sum, { openTotal }) => sum + openTotal, 0n));
const only = async () => {
  const [payout, another] = await books.act((act) => payouts(act));
  if (!payout || another) throw new Error("not one payout");
  return { ...payout, lines: await books.act((act) => payoutLines(act, payout.fingerprint)) };
};
const line = async (number: number) => {
  const found = (await only()).lines.find(({ lineNumber }) => lineNumber === number);
  if (!found) throw new Error("no such line");
  return found;
};
const entryNow = async () => {
  const [entry] = await books.act((act) => entries(act, { limit: 1 }));
  if (!entry) throw new Error("no entry");
  return entry;
};
/** The bank's side agrees with the ledger, step by step. */
async function balanced(): Promise<void> {
  const reports = await reconcileTenant(books.platform, books.tenantId, SYSTEM);
  expect(
    reports.map(({ comparisons, differences }) => [
      comparisons.filter(({ kind }) => kind === "bank_ledger").map(({ differenceMinor }) => differenceMinor),
      differences.filter(({ kind }) => kind !== "statement_gap"),
    ]),
  ).toEqual([[[0n], []]]);
}

/** RE-1 is paid (line 1), RE-2 finds no item (line 2), RE-1 is refunded (line 3). */
async function paypal(): Promise<{ fingerprint: Buffer; refunded: Owing }> {
  const refunded = await owe("RE-1", 5_000n);
  await take("paypal.csv", PAYPAL);
  await bank("P1", "2026-01-08", { amount: "1157.60", name: "PayPal (Europe) S.a.r.l.", text: "ABBUCHUNG" });
  await match();
  return { fingerprint: (await only()).fingerprint, refunded };
}

describe("an open line", () => {
  test("is booked to a customer and item by hand, taken back, and not booked by itself again", async () => {
    const { fingerprint } = await paypal();
    const open = await line(2);
    expect([open.state, open.reason]).toEqual(["open", "number_unknown"]);
    const other = await owe("X-9", 120_000n);
    const book = (items: readonly ReceivableId[]) =>
      books.act((act) => decideLine(act, fingerprint, 2, { act: "book", customerId: other.customerId, items }));
    const foreign = await owe("X-8", 100n);
    expect(await book([foreign.receivableId])).toMatchObject({ error: { code: "item_unknown" } });
    expectOk(await book([other.receivableId]));
    expect(await openOf(other)).toBe(1_000n);
    expect((await only()).state).toBe("settled");
    expect(await entryNow()).toMatchObject({ status: "booked", settledMinor: 115_760n });
    await balanced();
    expect(await book([])).toMatchObject({ error: { code: "line_decided" } });
    // The numbers lie with the customer now, and come back with the undo.
    expect((await line(2)).texts).toBeNull();
    const shown = await books.act(async (act) => lineTexts(act, await payoutLines(act, fingerprint)));
    expect(shown.get(2)?.invoiceNumber).toBe("RE-2");

    expectOk(await books.act((act) => undoLine(act, fingerprint, 2)));
    expect(await openOf(other)).toBe(120_000n);
    expect(await line(2)).toMatchObject({ state: "open", reason: "undone", texts: { invoiceNumber: "RE-2" } });
    expect((await entryNow()).status).toBe("unmatched");
    await balanced();
    // It would find its item now, but a person took it back.
    const late = await owe("RE-2", 119_000n);
    await match();
    expect(await openOf(late)).toBe(119_000n);
    expectOk(await books.act((act) => decideLine(act, fingerprint, 2, { act: "book", ...late, items: [] })));
    expect(await openOf(late)).toBe(0n);
    await balanced();
  });

  test("is set aside with its fee, and taken up again", async () => {
    const { fingerprint } = await paypal();
    expect(await books.act((act) => decideLine(act, fingerprint, 2, { act: "fee" }))).toMatchObject({
      error: { code: "line_no_fee" },
    });
    expectOk(await books.act((act) => decideLine(act, fingerprint, 2, { act: "set_aside" })));
    expect(await entryNow()).toMatchObject({ status: "booked", settledMinor: 115_760n });
    await balanced();
    expect(sumsOf((await only()).lines)).toEqual({
      paid: 124_000n,
      returned: -5_000n,
      fees: -3_240n,
      net: 115_760n,
      open: 0n,
      setAside: 116_000n,
      openLines: 0,
    });
    await owe("RE-2", 119_000n);
    await match();
    expect((await line(2)).state).toBe("set_aside");
    expectOk(await books.act((act) => undoLine(act, fingerprint, 2)));
    expect(await line(2)).toMatchObject({ state: "open", reason: "undone" });
    await balanced();
  });

  test("a payment that was refunded is taken back only after its refund; then the customer owes and is dunned", async () => {
    const { fingerprint, refunded } = await paypal();
    expect(await books.act((act) => undoLine(act, fingerprint, 1))).toMatchObject({
      error: { code: "line_went_back" },
    });
    expectOk(await books.act((act) => undoLine(act, fingerprint, 3)));
    expect(await openOf(refunded)).toBe(0n);
    expect((await books.act((act) => holdsOf(act, [refunded.customerId]))).get(refunded.customerId)).toEqual([]);
    await balanced();
    // By hand the refund finds the customer's payment again.
    const again = { act: "book" as const, customerId: refunded.customerId, items: [] };
    expectOk(await books.act((act) => decideLine(act, fingerprint, 3, again)));
    expect(await openOf(refunded)).toBe(5_000n);
    expectOk(await books.act((act) => undoLine(act, fingerprint, 3)));
    expectOk(await books.act((act) => undoLine(act, fingerprint, 1)));
    expect(await openOf(refunded)).toBe(5_000n);
    expect(await books.act((act) => decideLine(act, fingerprint, 3, again))).toMatchObject({
      error: { code: "original_unknown" },
    });
    await balanced();
  });
});

test("a whole payout is taken back, left alone, booked with an entry a person names; its fees follow to the ERP", async () => {
  const { fingerprint, refunded } = await paypal();
  const late = await owe("RE-2", 119_000n);
  await match();
  await books.act((act) =>
    changeCreditorSettings(act, books.creditorId, {
      handBack: { accounts: { provider_fee: "4970" }, transitAccount: "1460", payments: false },
    }),
  );
  const fees = async () =>
    expectOk(await books.act((act) => handBack(act, books.creditorId))).map(({ byKind }) =>
      byKind.map(({ minor }) => minor),
    ); // prettier-ignore
  expect(await fees()).toEqual([[-3_240n]]);

  expectOk(await books.act((act) => undoPayout(act, fingerprint)));
  expect([await openOf(refunded), await openOf(late)]).toEqual([5_000n, 119_000n]);
  expect((await only()).lines.map(({ state, texts }) => [state, texts?.invoiceNumber])).toEqual([
    ["open", "RE-1"],
    ["open", "RE-2"],
    ["open", "RE-1"],
  ]);
  const entry = await entryNow();
  expect(entry).toMatchObject({ status: "unmatched", settledMinor: null });
  await balanced();
  await match();
  expect((await only()).state).toBe("set_aside");
  // What went to the ERP is taken back there too.
  expect((await fees()).toSorted()).toEqual([[-3_240n], [3_240n]]);

  const book = (entryId: typeof entry.entryId | null) =>
    books.act((act) => decidePayout(act, fingerprint, { act: "book", entryId }));
  expect(await book(null)).toMatchObject({ error: { code: "payout_entry_needed" } });
  await bank("P2", "2026-01-09", { amount: "1157.61", name: "PayPal" });
  const [wrong] = await books.act((act) => entries(act, { limit: 1 }));
  expect(await book(wrong?.entryId ?? null)).toMatchObject({ error: { code: "entry_not_of_payout" } });
  expectOk(await book(entry.entryId));
  expect([await openOf(refunded), await openOf(late)]).toEqual([5_000n, 0n]);
  expect((await only()).state).toBe("settled");
  expect(await book(entry.entryId)).toMatchObject({ error: { code: "payout_decided" } });
  await balanced();
  expect((await fees()).toSorted()).toEqual([[-3_240n], [-3_240n], [3_240n]]);
  expectOk(await books.act((act) => handBack(act, books.creditorId)));
  expect(await fees()).toHaveLength(3);
});

/** A marketplace that does not ship: payouts by column, with their amount. */
const MARKET = {
  id: "marktplatz",
  provider: "Marktplatz Nord",
  layout: "Abrechnung",
  payers: ["Marktplatz Nord"],
  signature: [["Abrechnung"], ["Vorgang"], ["Bruttobetrag"], ["Provision"]],
  columns: { kind: [["Vorgang"]], date: ["Datum"], order: ["Bestellung"], invoice: ["Rechnung"], reference: ["Nr"] },
  amounts: { gross: { column: ["Bruttobetrag"] }, fees: [["Provision"]], feeSign: "cost", minorUnits: false },
  kinds: [
    { kind: "payment", is: ["Verkauf"] },
    { kind: "refund", is: ["Erstattung"] },
    { kind: "fee", is: ["Grundgebühr"] },
  ],
  payouts: { by: "column", reference: ["Abrechnung"], date: ["Zahltag"], amount: ["Auszahlung"] },
  joinByOrder: false,
};
const market = (paid: string, ...rows: readonly string[]): string =>
  `Abrechnung;Zahltag;Auszahlung;Datum;Vorgang;Nr;Bestellung;Rechnung;Bruttobetrag;Provision\n${rows
    .map((row) => `MN-2026-77;07.01.2026;${paid};${row}\n`)
    .join("")}`;
const useMarket = () => books.act((act) => changeCreditorSettings(act, books.creditorId, { settlements: [MARKET] }));

describe("a mapping of the creditor's own", () => {
  test("tells a file that does not ship, and its payer on the bank statement", async () => {
    const item = await owe("RE-1", 10_000n);
    const file = market("97,00", "05.01.2026;Verkauf;V1;B-1;RE-1;100,00;3,00");
    const before = await take("before.csv", file);
    expect(before.status).toBe("refused");
    await useMarket();
    expect(await take("file.csv", file)).toMatchObject({
      status: "ok",
      format: "Marktplatz Nord settlement",
      imported: { new: 1, known: 0 },
    });
    await bank("M1", "2026-01-08", { amount: "97.00", name: "Marktplatz Nord GmbH", text: "Auszahlung" });
    await match();
    expect(await openOf(item)).toBe(0n);
    await balanced();
    // A credit of the provider without its file is nobody's payment.
    await owe("RE-5", 4_400n);
    await bank("M2", "2026-01-09", { amount: "44.00", name: "Marktplatz Nord GmbH", text: "RE-5" });
    await match();
    expect((await entryNow()).status).toBe("proposed");
  });

  test.each([
    [{ ...MARKET, kinds: undefined }, "0.kinds"],
    [{ ...MARKET, amounts: { ...MARKET.amounts, gross: undefined } }, "0.amounts"],
    [{ ...MARKET, kinds: [{ kind: "payment", sign: "credit" }] }, "0.kinds.0"],
    [{ ...MARKET, kinds: [{ kind: "payment", column: 1, is: ["x"] }] }, "0.kinds.0.column"],
    [{ ...MARKET, payouts: { by: "line" } }, "0.kinds"],
    [{ ...MARKET, colums: {} }, "0"],
  ])("is refused with the place of the mistake (%#)", (mapping, where) => {
    expect(settlementMappings([mapping])).toMatchObject({
      ok: false,
      error: { code: "settlement_mapping_invalid", where },
    });
  });
});

describe("more went back than came in", () => {
  const paidBefore = async (): Promise<Owing> => {
    await useMarket();
    const item = await owe("RE-1", 10_000n);
    await take("first.csv", market("97,00", "05.01.2026;Verkauf;V1;B-1;RE-1;100,00;3,00").replaceAll("-77", "-76"));
    await bank("N0", "2026-01-07", { amount: "97.00", name: "Marktplatz Nord GmbH" });
    await match();
    expect(await openOf(item)).toBe(0n);
    return item;
  };
  const states = async () => (await books.act((act) => payouts(act))).map(({ reference, state }) => [reference, state]);

  test("the provider collects: booked against the debit, which may come first", async () => {
    const item = await paidBefore();
    await bank("N1", "2026-01-08", { amount: "102.50", credit: false, name: "Marktplatz Nord GmbH", text: "Einzug" });
    await match();
    expect((await entryNow()).status).toBe("set_aside");
    await take(
      "second.csv",
      market("-102,50", "06.01.2026;Erstattung;V1;B-1;RE-1;-100,00;0,00", "06.01.2026;Grundgebühr;G1;;;-2,50;0,00"),
    );
    await match();
    expect(await openOf(item)).toBe(10_000n);
    expect(await entryNow()).toMatchObject({ status: "booked", direction: "debit", settledMinor: -10_250n });
    expect((await states()).toSorted()).toEqual([
      ["MN-2026-76", "settled"],
      ["MN-2026-77", "settled"],
    ]);
    await balanced();
    const [payout] = (await books.act((act) => payouts(act))).filter(({ amountMinor }) => amountMinor < 0n);
    if (!payout) throw new Error("no payout");
    expectOk(await books.act((act) => undoPayout(act, payout.fingerprint)));
    expect(await entryNow()).toMatchObject({ status: "set_aside", settledMinor: null });
    expect(await openOf(item)).toBe(0n);
    await balanced();
  });

  test("nothing is left: booked without an entry once the lines are the zero that the file states", async () => {
    const item = await paidBefore();
    const other = await owe("RE-2", 10_500n);
    const refund = "06.01.2026;Erstattung;V1;B-1;RE-1;-100,00;0,00";
    const sale = "06.01.2026;Verkauf;V2;B-2;RE-2;105,00;5,00";
    await take("half.csv", market("0,00", refund));
    await match();
    expect(await openOf(item)).toBe(0n);
    await take("whole.csv", market("0,00", refund, sale));
    await match();
    expect([await openOf(item), await openOf(other)]).toEqual([10_000n, 0n]);
    expect((await states()).map(([, state]) => state)).toEqual(["settled", "settled"]);
    await balanced();
    await match();
    const [nothing] = (await books.act((act) => payouts(act))).filter(({ amountMinor }) => amountMinor === 0n);
    if (!nothing) throw new Error("no payout");
    expect(nothing.entryFingerprint).toBeNull();
    expectOk(await books.act((act) => undoPayout(act, nothing.fingerprint)));
    expect([await openOf(item), await openOf(other)]).toEqual([0n, 10_500n]);
    await balanced();
    expectOk(await books.act((act) => decidePayout(act, nothing.fingerprint, { act: "take_up" })));
    await match();
    expect([await openOf(item), await openOf(other)]).toEqual([10_000n, 0n]);
    await balanced();
  });
});
