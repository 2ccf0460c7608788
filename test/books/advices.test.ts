/** Payment advices: a credit that one explains pays exactly the documents listed. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { entries } from "../../src/books/banking/index.ts";
import { importFile, previewFile } from "../../src/books/intake/index.ts";
import { confirmProposal, matchEntries, type Proposal } from "../../src/books/matching/index.ts";
import { type ReceivableInput, receivablesOf } from "../../src/books/receivables/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { type CustomerId, expectOk } from "../../src/pure/kernel/index.ts";
import { camt053, type TestPayment } from "./banking-files.ts";
import { type Books, day, makeCustomer, makeItem, openBooks, SYSTEM } from "./books.ts";

let books: Books;
beforeEach(async () => {
  books = await openBooks();
});
afterEach(() => books.drop());

const ADVICE = `Avisnummer;Avisdatum;Zahler;Rechnungsnummer;Rechnungsbetrag;Skonto;Zahlbetrag;Gesamtbetrag;Währung
AV-4711;05.01.2026;Handel AG;RE-101;119,00;-2,38;116,62;1.161,62;EUR
;;;RE-102;1.045,00;;1.045,00;;EUR
`;
const credit: TestPayment = { amount: "1161.62", name: "Zentralregulierung Nord", text: "Zahlung gem. Avis AV-4711" };
const take = (name: string, content: string | Buffer) =>
  importFile(books.platform, books.tenantId, SYSTEM, { name, content: Buffer.from(content) });
const match = () => matchEntries(books.platform, books.tenantId, SYSTEM, {});
const bank = (payment: TestPayment) => take("bank.xml", camt053({ id: "A", date: "2026-01-07", payments: [payment] }));
const entryNow = async () => {
  const [entry] = await books.act((act) => entries(act, { limit: 1 }));
  if (!entry) throw new Error("no entry");
  return entry;
};
const DISCOUNT: Partial<ReceivableInput> = { discountTerms: [{ days: 30, percent: "2" }] };
async function owe(more: Partial<ReceivableInput> = DISCOUNT): Promise<CustomerId> {
  return books.act(async (act) => {
    const customerId = await makeCustomer(act, books, "K-1");
    const dates = { issuedOn: day("2025-12-20"), aroseOn: day("2025-12-20"), dueOn: day("2026-01-20") };
    await makeItem(act, books, customerId, "RE-100", 30_000n, { ...dates, dueOn: day("2026-01-02") });
    await makeItem(act, books, customerId, "RE-101", 11_900n, { ...dates, ...more });
    await makeItem(act, books, customerId, "RE-102", 104_500n, dates);
    return customerId;
  });
}
const openNow = async (customerId: CustomerId) =>
  books.act(async (act) =>
    (await receivablesOf(act, customerId))
      .filter(({ itemKind }) => itemKind === "invoice")
      .map(({ number, openTotal }) => [number, openTotal])
      .sort(),
  );
const SETTLED = [
  ["RE-100", 30_000n],
  ["RE-101", 0n],
  ["RE-102", 0n],
];

test.each(["advice first", "bank first"])(
  "%s: exactly its documents are paid, Skonto within its term",
  async (order) => {
    const customerId = await owe();
    const files = [() => take("avis.csv", ADVICE), () => bank(credit)];
    for (const file of order === "advice first" ? files : files.toReversed()) {
      await file();
      await match();
    }
    expect(await openNow(customerId)).toEqual(SETTLED);
    const postings = await books.act((act) =>
      act.tx.rows(sql`select amount_minor from posting where kind = 'discount' and customer_id = ${customerId}`),
    );
    expect(postings).toEqual([{ amount_minor: -238n }]);
    expect(await entryNow()).toMatchObject({ status: "booked", customerId });
    const again = await take("avis-copy.csv", ADVICE.replaceAll("\n", "\r\n"));
    expect(again).toMatchObject({ status: "ok", imported: { new: 0, known: 2 } });
    await match();
    expect(await openNow(customerId)).toEqual(SETTLED);
  },
);

test("the import tells what the dry run tells", async () => {
  const report = await take("avis.csv", ADVICE);
  const { imported, ...rest } = report;
  expect(imported).toEqual({ new: 2, known: 0 });
  expect(await previewFile({ name: "avis.csv", content: Buffer.from(ADVICE) })).toMatchObject({
    status: rest.status,
    format: rest.format,
    records: rest.records,
    warnings: rest.warnings,
  });
});

test("a deduction without a term is proposed with the documents, and booked as part when a person says so", async () => {
  const customerId = await owe({});
  await take("avis.csv", ADVICE);
  await bank(credit);
  await match();
  const entry = await entryNow();
  expect(entry.status).toBe("proposed");
  const [proposal] = entry.proposals as readonly Proposal[];
  expect(proposal?.items.map(({ number, amountMinor }) => [number, amountMinor])).toEqual([
    ["RE-101", "11662"],
    ["RE-102", "104500"],
  ]);
  expect(proposal?.reasons.map(({ code }) => code)).toEqual(["advice", "number", "number", "amount_part"]);
  expect(await openNow(customerId)).toContainEqual(["RE-101", 11_900n]);
  expectOk(await books.act((act) => confirmProposal(act, entry.entryId, 0)));
  expect((await openNow(customerId)).filter(([number]) => number === "RE-100")).toEqual([["RE-100", 30_000n]]);
});

test("the amount alone proves nothing; a document that is unknown or another's leaves it to matching", async () => {
  const customerId = await owe();
  await take("avis.csv", ADVICE);
  await bank({ ...credit, text: "Danke" });
  await match();
  expect(await openNow(customerId)).toContainEqual(["RE-102", 104_500n]);

  await take(
    "other.csv",
    ADVICE.replaceAll("AV-4711", "AV-4712")
      .replace("RE-102", "RE-999")
      .replaceAll("1.161,62", "1.161,63")
      .replaceAll("1.045,00", "1.045,01"),
  ); // prettier-ignore
  await take(
    "b2.xml",
    camt053({ id: "B", date: "2026-01-08", payments: [{ ...credit, amount: "1161.63", text: "AV-4712" }] }),
  );
  await match();
  expect(await openNow(customerId)).toContainEqual(["RE-101", 11_900n]);
});
