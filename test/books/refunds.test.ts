import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createRefundFile,
  creditBalances,
  decideRefund,
  endToEndOf,
  entries,
  proposeRefund,
  refundFileContent,
  refundFiles,
  refunds,
} from "../../src/books/banking/index.ts";
import { takeCustomers } from "../../src/books/customers/index.ts";
import { mergeCustomers } from "../../src/books/duplicates/index.ts";
import { importFile } from "../../src/books/intake/index.ts";
import { bookByHand, matchEntries } from "../../src/books/matching/index.ts";
import { receivablesOf, tasks } from "../../src/books/receivables/index.ts";
import { type Actor, addUser } from "../../src/platform/access/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { type CustomerId, EUR, expectOk, money } from "../../src/pure/kernel/index.ts";
import { camt053, type TestPayment } from "./banking-files.ts";
import { type Books, customerInput, day, makeItem, openBooks, SYSTEM } from "./books.ts";

let books: Books;
let agent: Actor;
let manager: Actor;
beforeAll(async () => {
  books = await openBooks();
  const user = (role: "agent" | "manager", name: string): Promise<Actor> =>
    books.act(async (act) => {
      const added = expectOk(
        await addUser(act, { name, email: `${name}@firma.example`, role, limit: money(100_000n, EUR) }),
      );
      return { kind: "user", id: added.userId, role };
    });
  agent = await user("agent", "anna");
  manager = await user("manager", "bernd");
});
afterAll(() => books.drop());

const IBAN = "DE75512108001245126199";
let files = 0;
async function statement(...payments: TestPayment[]) {
  files += 1;
  const report = await importFile(books.platform, books.tenantId, SYSTEM, {
    name: `s${files}.xml`,
    content: camt053({ id: `S${files}`, date: `2026-04-${String(files).padStart(2, "0")}`, payments }),
  });
  expect(report.status).toBe("ok");
  await matchEntries(books.platform, books.tenantId, SYSTEM, {});
}

test("an overpayment goes back to the account it came from, by four eyes and a payment file; the statement closes it, a return opens it again", async () => {
  const customerId = await books.act(async (act): Promise<CustomerId> => {
    const taken = (await takeCustomers(act, [customerInput(books, "R-1", { firstName: "Rita", name: "Rückert" })])).get(
      "R-1",
    );
    if (!taken) throw new Error("not taken");
    await makeItem(act, books, taken.customerId, "RE-0000001", 10_000n);
    return taken.customerId;
  });
  await statement({ amount: "150.00", name: "Rita Rückert", iban: IBAN, text: "RE-0000001" });
  const [balance] = await books.act((act) => creditBalances(act, day("2026-04-11")));
  expect(balance).toMatchObject({
    customerId,
    amountMinor: 5_000n,
    ageDays: 10,
    cause: "overpaid",
    account: { iban: IBAN, holder: "Rita Rückert" },
    owedMinor: 0n,
  });
  const { receivableId } = balance ?? { receivableId: "" as never };

  const tooMuch = await books.act(
    (act) => proposeRefund(act, { customerId, receivableId, amountMinor: 5_001n }),
    agent,
  );
  expect(tooMuch).toMatchObject({ ok: false, error: { code: "credit_too_small" } });
  const refund = expectOk(
    await books.act(
      (act) => proposeRefund(act, { customerId, receivableId, amountMinor: 5_000n, reason: "overpaid" }),
      agent,
    ),
  );
  expect(refund).toMatchObject({ state: "proposed", reason: "overpaid", account: { iban: IBAN } });
  expect(
    await books.act((act) => proposeRefund(act, { customerId, receivableId, amountMinor: 1n }), agent),
  ).toMatchObject({ ok: false, error: { code: "refund_pending" } });
  expect(await books.act((act) => createRefundFile(act, books.creditorId), manager)).toMatchObject({
    ok: false,
    error: { code: "no_refunds" },
  });
  expect(await books.act((act) => decideRefund(act, refund.refundId, "approve"), agent)).toMatchObject({
    ok: false,
    error: { code: "refund_own_proposal" },
  });
  expect(expectOk(await books.act((act) => decideRefund(act, refund.refundId, "approve"), manager)).state).toBe(
    "approved",
  );
  expect((await books.act((act) => tasks(act, { customerId, kind: "refund" }))).length).toBe(0);

  const file = expectOk(await books.act((act) => createRefundFile(act, books.creditorId), manager));
  expect(file).toMatchObject({ refunds: 1, sumMinor: 5_000n, fetchedAt: null });
  const xml = expectOk(await books.act((act) => refundFileContent(act, file.fileId), manager));
  expect(xml).toBe(expectOk(await books.act((act) => refundFileContent(act, file.fileId), agent)));
  expect(xml).toContain(`<EndToEndId>${endToEndOf(refund.refundId)}</EndToEndId>`);
  expect(xml).toContain("<Nm>Rita Rueckert</Nm>");
  expect(xml).toContain('<InstdAmt Ccy="EUR">50.00</InstdAmt>');
  expect((await books.act((act) => refundFiles(act)))[0]?.fetchedAt).not.toBeNull();
  expect(await books.act((act) => creditBalances(act, day("2026-04-11")))).toEqual([]);
  expect(await books.act((act) => createRefundFile(act, books.creditorId), manager)).toMatchObject({ ok: false });

  await statement({
    amount: "50.00",
    credit: false,
    name: "Rita Rückert",
    iban: IBAN,
    endToEndId: endToEndOf(refund.refundId),
  });
  expect((await books.act((act) => refunds(act)))[0]).toMatchObject({ state: "in_file", paidOn: "2026-04-02" });

  await statement({ amount: "50.00", credit: true, endToEndId: endToEndOf(refund.refundId), returnCode: "AC04" });
  expect(await books.act((act) => creditBalances(act, day("2026-04-11")))).toMatchObject([{ amountMinor: 5_000n }]);
  const came = await books.act((act) => entries(act, { bookedFrom: day("2026-04-03") }));
  expect(came.map(({ status }) => status)).toEqual(["set_aside"]);
  expect((await books.act((act) => receivablesOf(act, customerId))).reduce((sum, one) => sum + one.openTotal, 0n)).toBe(
    -5_000n,
  );
});

test("withdrawn or refused, nothing is paid; money used meanwhile is not paid out twice", async () => {
  const [balance] = await books.act((act) => creditBalances(act, day("2026-04-11")));
  if (!balance) throw new Error("no balance");
  const propose = async () =>
    expectOk(await books.act((act) => proposeRefund(act, { ...balance, amountMinor: 5_000n }), agent));
  const first = await propose();
  expect(expectOk(await books.act((act) => decideRefund(act, first.refundId, "withdraw"), agent)).state).toBe(
    "withdrawn",
  );
  expect(await books.act((act) => decideRefund(act, first.refundId, "approve"), manager)).toMatchObject({
    ok: false,
    error: { code: "already_done" },
  });
  const second = await propose();
  expect(expectOk(await books.act((act) => decideRefund(act, second.refundId, "refuse"), manager)).state).toBe(
    "refused",
  );
  const third = await propose();
  expectOk(await books.act((act) => decideRefund(act, third.refundId, "approve"), manager));
  await books.act(async (act) => {
    const { settleOnAccount } = await import("../../src/books/receivables/index.ts");
    await makeItem(act, books, balance.customerId, "RE-0000002", 3_000n);
    await settleOnAccount(act, balance.customerId, day("2026-04-04"));
  });
  expect(await books.act((act) => createRefundFile(act, books.creditorId), manager)).toMatchObject({
    ok: false,
    error: { code: "no_refunds" },
  });
  const rows = await books.act((act) =>
    act.tx.rows<{ n: bigint }>(sql`select count(*) as n from refund where file_id is not null`),
  );
  expect(rows[0]?.n).toBe(1n);
});

const FIRST = "DE02100500000054540402";
const OTTOS = "DE12500105170648489890";
/** A customer who paid 20.00 too much, and the balance that is left. */
async function overpaid(number: string, invoice: string, iban = OTTOS) {
  const name = { firstName: "Otto", name: `Zuviel${number.replace(/\W/g, "")}` };
  const customerId = await books.act(async (act): Promise<CustomerId> => {
    const taken = (await takeCustomers(act, [customerInput(books, number, name)])).get(number);
    if (!taken) throw new Error("not taken");
    await makeItem(act, books, taken.customerId, invoice, 1_000n);
    return taken.customerId;
  });
  await statement({
    amount: "30.00",
    name: `Otto ${name.name}`,
    iban,
    text: invoice,
    endToEndId: `E-${number}`,
  });
  const [balance] = await books.act((act) => creditBalances(act, day("2026-04-11"), { customerId }));
  if (!balance) throw new Error("no balance");
  return balance;
}

test("clicked twice, at once: one proposal, one approval, one payment file with the refund once", async () => {
  const balance = await overpaid("T-1", "RE-0000101");
  const twice = <T>(work: () => Promise<T>): Promise<T[]> => Promise.all([work(), work()]);
  const codes = (results: readonly { ok: boolean; error?: { code: string } }[]): string[] =>
    results.map((one) => (one.ok ? "ok" : (one.error?.code ?? ""))).sort();
  const proposed = await twice(() =>
    books.act((act) => proposeRefund(act, { ...balance, amountMinor: 2_000n }), agent),
  );
  expect(codes(proposed)).toEqual(["ok", "refund_pending"]);
  const refund = proposed.find((one) => one.ok);
  const refundId = refund?.ok ? refund.value.refundId : "";
  expect(codes(await twice(() => books.act((act) => decideRefund(act, refundId, "approve"), manager)))).toEqual([
    "already_done",
    "ok",
  ]);
  const files = await twice(() => books.act((act) => createRefundFile(act, books.creditorId), manager));
  expect(codes(files)).toEqual(["no_refunds", "ok"]);
  const [made] = files.filter((one) => one.ok);
  const fileId = made?.ok ? made.value.fileId : "";
  const contents = await twice(() => books.act((act) => refundFileContent(act, fileId), manager));
  const [first, second] = contents.map(expectOk);
  expect(first).toBe(second);
  expect(first?.split(endToEndOf(refundId)).length).toBe(2);
  expect(await books.act((act) => creditBalances(act, day("2026-04-11"), balance))).toEqual([]);

  // Refused by the bank (pain.002): the balance is there again, and may be refunded anew, to the same account only.
  let refusals = 0;
  const refuse = () =>
    importFile(books.platform, books.tenantId, SYSTEM, {
      name: `refused${(refusals += 1)}.xml`,
      content: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
<GrpHdr><MsgId>R${refusals}</MsgId><CreDtTm>2026-04-08T10:00:00</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>KR</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts>
<OrgnlPmtInfAndSts><OrgnlPmtInfId>P1</OrgnlPmtInfId><TxInfAndSts><OrgnlEndToEndId>${endToEndOf(refundId)}</OrgnlEndToEndId>
<TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>
<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">20.00</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts></OrgnlPmtInfAndSts>
</CstmrPmtStsRpt></Document>`),
    });
  expect((await refuse()).status).toBe("ok");
  expect(await books.act((act) => creditBalances(act, day("2026-04-11"), balance))).toMatchObject([
    { amountMinor: 2_000n, refund: null, account: { iban: OTTOS } },
  ]);
  // Told again in another file, nothing comes back a second time.
  expect((await refuse()).status).toBe("ok");
  expect(await books.act((act) => creditBalances(act, day("2026-04-11"), balance))).toMatchObject([
    { amountMinor: 2_000n },
  ]);
  expect(await books.act((act) => createRefundFile(act, books.creditorId), manager)).toMatchObject({ ok: false });
  expect(expectOk(await books.act((act) => proposeRefund(act, { ...balance, amountMinor: 2_000n }), agent)).state).toBe(
    "proposed",
  );
});

test("money from two accounts goes back to each as much as came from it", async () => {
  const first = await overpaid("U-1", "RE-0000201", FIRST);
  const { customerId, receivableId } = first;
  const SECOND = "AT611904300234573201";
  await statement({ amount: "30.00", name: "Otto ZuvielU1", iban: SECOND, text: "RE-0000201", endToEndId: "U-second" });
  const [entry] = await books.act((act) => entries(act, { status: ["proposed", "unmatched"] }));
  await books.act(async (act) => expectOk(await bookByHand(act, entry?.entryId ?? "", customerId, [receivableId])));
  const [balance] = await books.act((act) => creditBalances(act, day("2026-04-20"), { customerId }));
  expect(balance?.amountMinor).toBe(5_000n);
  const propose = (amountMinor: bigint) =>
    books.act((act) => proposeRefund(act, { customerId, receivableId, amountMinor }), agent);
  expect(await propose(5_000n)).toMatchObject({ ok: false, error: { code: "refund_several_accounts" } });
  const paidBack: (string | undefined)[] = [];
  for (const amount of [3_000n, 2_000n]) {
    const refund = expectOk(await propose(amount));
    paidBack.push(refund.account?.iban);
    expectOk(await books.act((act) => decideRefund(act, refund.refundId, "approve"), manager));
    expectOk(await books.act((act) => createRefundFile(act, books.creditorId), manager));
  }
  expect(paidBack).toEqual([SECOND, FIRST]);
  expect(await books.act((act) => creditBalances(act, day("2026-04-20"), { customerId }))).toEqual([]);
});

test("money that came to files before they were merged goes back to each account as much as came from it", async () => {
  const ONES = "DE27100777770209299700";
  const OTHERS = "AT483200000012345864";
  const ids: CustomerId[] = [];
  for (const [index, iban, paid] of [
    [1, ONES, "110.00"],
    [2, OTHERS, "130.00"],
  ] as const) {
    const customerId = await books.act(async (act) => {
      const named = customerInput(books, `V-${index}`, { firstName: "Vera", name: `Vielfach${index}` });
      const taken = (await takeCustomers(act, [named])).get(`V-${index}`);
      await makeItem(act, books, taken?.customerId as CustomerId, `RE-000030${index}`, 10_000n);
      return taken?.customerId as CustomerId;
    });
    ids.push(customerId);
    const endToEndId = `V-${index}`;
    await statement({ amount: paid, name: `Vera Vielfach${index}`, iban, text: "Rechnung", endToEndId });
    await books.act(async (act) => {
      const waiting = await entries(act, { status: ["proposed", "unmatched"] });
      const mine = waiting.find(({ amountMinor }) => amountMinor === (index === 1 ? 11_000n : 13_000n));
      expectOk(await bookByHand(act, mine?.entryId ?? "", customerId, []));
    });
  }
  const [stays, goes] = ids as [CustomerId, CustomerId];
  await books.act(async (act) => expectOk(await mergeCustomers(act, stays, goes, [])));
  const [balance, another] = await books.act((act) => creditBalances(act, day("2026-04-20"), { customerId: stays }));
  expect([balance?.amountMinor, another]).toEqual([4_000n, undefined]);
  const receivableId = balance?.receivableId as NonNullable<typeof balance>["receivableId"];
  const propose = (amountMinor: bigint) =>
    books.act((act) => proposeRefund(act, { customerId: stays, receivableId, amountMinor }), agent);
  expect(await propose(4_000n)).toMatchObject({ ok: false, error: { code: "refund_several_accounts" } });
  expect(expectOk(await propose(3_000n)).account?.iban).toBe(OTHERS);
});
