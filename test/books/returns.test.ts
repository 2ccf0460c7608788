/** Money that goes back: what the bank charged and no more, told twice and booked once, undone as if it had not been. */
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createRefundFile,
  creditBalances,
  decideRefund,
  endToEndOf,
  entries,
  proposeRefund,
  refundFileContent,
  refunds,
} from "../../src/books/banking/index.ts";
import { takeCustomers } from "../../src/books/customers/index.ts";
import { importFile, matchesOfFile } from "../../src/books/intake/index.ts";
import { bookByHand, matchEntries, undoMatch } from "../../src/books/matching/index.ts";
import { casesOf, postingsOf, receivablesOf } from "../../src/books/receivables/index.ts";
import { type Actor, addUser } from "../../src/platform/access/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { type CustomerId, EUR, expectOk, money, type Uuid } from "../../src/pure/kernel/index.ts";
import { camt053, type TestPayment } from "./banking-files.ts";
import { type Books, customerInput, day, makeItem, openBooks, SYSTEM } from "./books.ts";

let books: Books;
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.drop());

let count = 0;
async function customerOwing(minor: bigint): Promise<{ customerId: CustomerId; number: string; name: string }> {
  count += 1;
  const [own, number, name] = [
    `Z-${count}`,
    `RE-${String(7_000_000 + count)}`,
    `Zoe Zander${"abcdefghij"[count] ?? ""}`,
  ];
  const customerId = await books.act(async (act) => {
    const [firstName = "", last = ""] = name.split(" ");
    const taken = (await takeCustomers(act, [customerInput(books, own, { firstName, name: last })])).get(own);
    if (!taken) throw new Error("not taken");
    await makeItem(act, books, taken.customerId, number, minor);
    return taken.customerId;
  });
  return { customerId, number, name };
}
let files = 0;
async function play(...payments: TestPayment[]) {
  files += 1;
  const name = `s${files}.xml`;
  const content = camt053({ id: `S${files}`, date: `2026-04-${String(files).padStart(2, "0")}`, payments });
  expect((await importFile(books.platform, books.tenantId, SYSTEM, { name, content })).status).toBe("ok");
  await matchEntries(books.platform, books.tenantId, SYSTEM, {});
  const [match] = expectOk(await books.act((act) => matchesOfFile(act, name)));
  return { status: match?.status, entryId: (match?.entryId ?? "") as Uuid };
}
const refused = (endToEndId: string, amount: string) => {
  files += 1;
  return importFile(books.platform, books.tenantId, SYSTEM, {
    name: `status${files}.xml`,
    content: Buffer.from(
      `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr><MsgId>ST${files}</MsgId><CreDtTm>2026-04-05T08:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>OUT1</OrgnlMsgId><OrgnlMsgNmId>pain.008.001.08</OrgnlMsgNmId></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>B1</OrgnlPmtInfId><TxInfAndSts><OrgnlEndToEndId>${endToEndId}</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf><OrgnlTxRef><Amt><InstdAmt Ccy="EUR">${amount}</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>`,
    ),
  });
};
const open = async (customerId: CustomerId) =>
  (await books.act((act) => receivablesOf(act, customerId))).map((item) => [
    item.open.principal,
    item.open.dunning_cost,
  ]);

const FEES: readonly (readonly [what: string, back: Partial<TestPayment>, fee: bigint])[] = [
  ["in the amount and stated", { amount: "53.00", returnCode: "AM04", instructed: "50.00", charges: "3.00" }, 300n],
  ["in the amount only", { amount: "54.10", returnCode: "MS03", instructed: "50.00" }, 410n],
  ["stated beside the amount", { amount: "50.00", returnCode: "AC04", charges: "2.50" }, 250n],
  ["more in the amount than stated: what is stated", { amount: "56.00", returnCode: "AM04", instructed: "50.00", charges: "3.00" }, 300n],
  ["nothing charged", { amount: "50.00", returnCode: "AM04" }, 0n],
  ["no mandate: not the customer's doing", { amount: "53.00", returnCode: "MD01", instructed: "50.00", charges: "3.00" }, 0n],
]; // biome-ignore format: a case a line
test.each(FEES)("a returned debit, %s", async (_, back, fee) => {
  const { customerId, number, name } = await customerOwing(5_000n);
  const endToEndId = `DD-${number}`;
  expect((await play({ amount: "50.00", name, text: number, endToEndId })).status).toBe("booked");
  expect(await open(customerId)).toEqual([[0n, 0n]]);
  const { status, entryId } = await play({ amount: "50.00", credit: false, name, endToEndId, ...back });
  expect(status).toBe("booked");
  expect(await open(customerId)).toEqual([[5_000n, fee]]);
  const costs = (await books.act((act) => postingsOf(act, customerId))).filter(({ kind }) => kind === "cost");
  expect(costs.map(({ amountMinor, ground }) => [amountMinor, ground])).toEqual(
    fee === 0n ? [] : [[fee, "§ 280 Abs. 1, 2, § 286 BGB"]],
  );
  const cases = await books.act((act) => casesOf(act, [customerId]));
  expect(cases.map(({ state }) => state)).toEqual(["open"]);
  // The history stays: what was claimed, paid, returned.
  const kinds = (await books.act((act) => postingsOf(act, customerId))).map(({ kind }) => kind);
  expect(kinds).toEqual(expect.arrayContaining(["claim", "payment", "return"]));

  expectOk(await books.act((act) => undoMatch(act, entryId)));
  expect(await open(customerId)).toEqual([[0n, 0n]]);
});

test("a fee that was paid goes back on account when the return is undone", async () => {
  const { customerId, number, name } = await customerOwing(5_000n);
  await play({ amount: "50.00", name, text: number, endToEndId: "DD-paid" });
  const returned = { amount: "53.00", credit: false, name, endToEndId: "DD-paid", returnCode: "AM04" } as const;
  const { entryId } = await play({ ...returned, instructed: "50.00" });
  expect((await play({ amount: "53.00", name, text: number })).status).toBe("booked");
  expect(await open(customerId)).toEqual([[0n, 0n]]);
  expectOk(await books.act((act) => undoMatch(act, entryId)));
  const total = (await books.act((act) => receivablesOf(act, customerId))).reduce(
    (sum, one) => sum + one.openTotal,
    0n,
  );
  expect(total).toBe(-5_300n);
});

test("a creditor that wants no fees gets none", async () => {
  const set = (settings: string) =>
    books.kulanz.database.owner((tx) =>
      tx.execute(sql`update creditor set settings = ${settings}::jsonb where creditor_id = ${books.creditorId}`),
    );
  await set('{"returnFee": "never"}');
  const { customerId, number, name } = await customerOwing(5_000n);
  await play({ amount: "50.00", name, text: number, endToEndId: "DD-never" });
  await play({ amount: "53.00", credit: false, name, endToEndId: "DD-never", returnCode: "AM04", instructed: "50.00" });
  expect(await open(customerId)).toEqual([[5_000n, 0n]]);
  await set("{}");
});

test("refused first (pain.002), debited after: one return, and the fee with it", async () => {
  const { customerId, number, name } = await customerOwing(5_000n);
  await play({ amount: "50.00", name, text: number, endToEndId: "DD-told" });
  expect((await refused("DD-told", "50.00")).imported).toEqual({ new: 1, known: 0 });
  expect(await open(customerId)).toEqual([[5_000n, 0n]]);
  const back = { credit: false, name, endToEndId: "DD-told", returnCode: "AM04", instructed: "50.00" } as const;
  const { status, entryId } = await play({ amount: "53.00", ...back });
  expect(status).toBe("booked");
  expect(await open(customerId)).toEqual([[5_000n, 300n]]);
  expect((await play({ amount: "50.00", ...back })).status).toBe("unmatched");
  expectOk(await books.act((act) => undoMatch(act, entryId)));
  expect(await open(customerId)).toEqual([[0n, 0n]]);
});

test("a refund refused by the bank, or sent back with its id in the text only, is a credit balance again, once", async () => {
  const person = (role: "agent" | "manager", name: string): Promise<Actor> =>
    books.act(async (act) => {
      const limit = money(100_000n, EUR);
      const added = expectOk(await addUser(act, { name, email: `${name}@firma.example`, role, limit }));
      return { kind: "user", id: added.userId, role };
    });
  const [agent, manager] = [await person("agent", "anna"), await person("manager", "bernd")];
  const { customerId, number, name } = await customerOwing(5_000n);
  const today = day("2026-04-30");
  const resting = async () =>
    (await books.act((act) => creditBalances(act, today, { customerId }))).map(({ amountMinor }) => amountMinor);
  const paid = await play({ amount: "80.00", name, iban: "DE75512108001245126199", text: number });
  // Others here are called alike, so that too much is for a person to book.
  expectOk(await books.act((act) => bookByHand(act, paid.entryId, customerId, [])));
  const refund = async (): Promise<string> => {
    const [balance] = await books.act((act) => creditBalances(act, today, { customerId }));
    if (!balance) throw new Error("no balance");
    const { refundId } = expectOk(
      await books.act((act) => proposeRefund(act, { ...balance, amountMinor: 3_000n }), agent),
    );
    expectOk(await books.act((act) => decideRefund(act, refundId, "approve"), manager));
    const { fileId } = expectOk(await books.act((act) => createRefundFile(act, books.creditorId), manager));
    expectOk(await books.act((act) => refundFileContent(act, fileId), manager));
    return endToEndOf(refundId);
  };
  const first = await refund();
  expect(await resting()).toEqual([]);
  expect((await refused(first, "30.00")).imported).toEqual({ new: 1, known: 0 });
  expect(await resting()).toEqual([3_000n]);
  expect((await refused(first, "30.00")).imported).toEqual({ new: 0, known: 0 });
  // The money of the refused one, if it was debited at all, comes back as a booking: set aside, nobody's payment.
  const { entryId } = await play({ amount: "30.00", name, endToEndId: first, returnCode: "AC04" });
  expect((await books.act((act) => entries(act, { entryId })))[0]?.status).toBe("set_aside");
  expect(await resting()).toEqual([3_000n]);

  const second = await refund();
  expect(await resting()).toEqual([]);
  const text = [`RETOURE ${second.slice(0, 20)}`, `${second.slice(20)} KONTO ERLOSCHEN`];
  const back = await play({ amount: "30.00", name, text });
  expect((await books.act((act) => entries(act, { entryId: back.entryId })))[0]?.status).toBe("set_aside");
  expect(await resting()).toEqual([3_000n]);
  expect((await books.act((act) => refunds(act, { customerId }))).length).toBe(2);
});
