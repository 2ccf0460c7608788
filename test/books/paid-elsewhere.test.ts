/** Money for a claim that is not simply open: with a collection partner, assigned, written off, settled. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { entries } from "../../src/books/banking/index.ts";
import { takeCustomers } from "../../src/books/customers/index.ts";
import { importFile } from "../../src/books/intake/index.ts";
import {
  bookByHand,
  confirmProposal,
  matchEntries,
  matchesOfEntries,
  type Proposal,
  reasonInWords,
  undoMatch,
  undoRejected,
} from "../../src/books/matching/index.ts";
import {
  type Component,
  decideTask,
  keepCases,
  post,
  type PostingKind,
  receivablesOf,
  setAssigned,
  tasks,
} from "../../src/books/receivables/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { type CustomerId, EUR, expectOk, type ReceivableId, type Uuid } from "../../src/pure/kernel/index.ts";
import { camt053, type TestPayment } from "./banking-files.ts";
import { type Books, customerInput, day, makeItem, openBooks, SYSTEM } from "./books.ts";

const RITA: TestPayment = {
  amount: "100.00",
  name: "Rita Rückert",
  iban: "DE75512108001245126199",
  text: "RE-0000001",
};
let books: Books;
let customerId: CustomerId;
let item: ReceivableId;
beforeEach(async () => {
  books = await openBooks();
  await books.act(async (act) => {
    const taken = await takeCustomers(act, [customerInput(books, "A-1", { firstName: "Rita", name: "Rückert" })]);
    const found = taken.get("A-1");
    if (!found) throw new Error("not taken");
    ({ customerId } = found);
    item = await makeItem(act, books, customerId, "RE-0000001", 10_000n);
    await keepCases(act, [customerId], day("2026-06-01"));
  });
});
afterEach(() => books.drop());

let files = 0;
async function pay(payment: Partial<TestPayment> = {}): Promise<{ entryId: Uuid; status: string; best: Proposal }> {
  files += 1;
  const content = camt053({ id: `S${files}`, date: "2026-06-01", payments: [{ ...RITA, ...payment }] });
  const told = await importFile(books.platform, books.tenantId, SYSTEM, { name: `${files}.xml`, content });
  expect(told.status).toBe("ok");
  await matchEntries(books.platform, books.tenantId, { kind: "system", id: "matching" }, {});
  const all = await books.act((act) => entries(act, {}));
  const newest = all.find(({ fileFingerprint }) => !seen.has(fileFingerprint.toString("hex")));
  for (const one of all) seen.add(one.fileFingerprint.toString("hex"));
  if (!newest) throw new Error("no entry");
  return { entryId: newest.entryId, status: newest.status, best: (newest.proposals as Proposal[])[0] as Proposal };
}
const seen = new Set<string>();
const confirm = (entryId: Uuid) => books.act(async (act) => expectOk(await confirmProposal(act, entryId, 0)));
const undo = (entryId: Uuid) => books.act(async (act) => expectOk(await undoMatch(act, entryId)));
const told = () => books.act((act) => tasks(act, { kind: "tell_partner", state: "any" }));
const reasonsOf = (entryId: Uuid) =>
  books.act(async (act) => {
    const [entry] = await entries(act, { entryId });
    const [match] = await matchesOfEntries(act, [{ customerId, fingerprint: entry?.fingerprint ?? Buffer.alloc(0) }]);
    return match?.reasons ?? [];
  });
/** Open and written off, by item kind. */
const state = () =>
  books.act(async (act) => {
    const open = (await receivablesOf(act, customerId))
      .filter(({ number, openTotal }) => number !== "" || openTotal !== 0n)
      .map(({ number, openTotal }) => `${number} ${openTotal}`)
      .sort();
    const row = await act.tx.one<{ sum: bigint }>(
      sql`select coalesce(sum(amount_minor), 0)::bigint as sum from posting where kind = 'write_off'`,
    );
    return { open, writtenOff: -(row?.sum ?? 0n) };
  });

/** Claims what is no principal, and writes all of it off. */
const giveUp = (amounts: { principal: bigint; interest?: bigint }) =>
  books.act(async (act) => {
    const posted = (kind: PostingKind, component: Component, amountMinor: bigint, on: string) =>
      post(
        act,
        [{ customerId, receivableId: item, kind, component, currency: EUR, amountMinor, valueOn: day(on) }],
        act.tx.newId<Uuid>(),
      );
    if (amounts.interest !== undefined) {
      await posted("interest", "interest", amounts.interest, "2026-02-01");
      await posted("write_off", "interest", -amounts.interest, "2026-05-01");
    }
    await posted("write_off", "principal", -amounts.principal, "2026-05-01");
    await keepCases(act, [customerId], day("2026-06-01"));
  });

describe("a case that was handed over", () => {
  beforeEach(() =>
    books.act((act) =>
      act.tx.execute(sql`update dunning_case set state = 'handed_over' where customer_id = ${customerId}`),
    ),
  );

  test("money is booked, and a task says what to tell the collection partner", async () => {
    const { entryId, status } = await pay({ amount: "40.00" });
    expect(status).toBe("booked");
    expect((await state()).open).toEqual(["RE-0000001 6000"]);
    const [task, another] = await told();
    expect(another).toBeUndefined();
    expect(task).toMatchObject({
      state: "open",
      amountMinor: 4_000n,
      currency: EUR,
      receivableId: item,
      facts: { why: "handed_over" },
      dueOn: "2026-06-01",
    });
    expect(task?.caseId).toBeDefined();
    const reason = (await reasonsOf(entryId)).find(({ code }) => code === "case_handed_over");
    expect(reason && reasonInWords(reason, "de")).toBe("Forderung ist abgegeben, der Partner muss es wissen");
    expect(reason && reasonInWords(reason, "en")).toBe("the claim was passed on, the partner must know");
  });

  test("undone before the partner was told, the task goes; afterwards the partner is told of that too", async () => {
    const first = await pay();
    await undo(first.entryId);
    expect((await told()).map(({ state: of }) => of)).toEqual(["refused"]);
    const second = await pay({ bankReference: "OTHER", endToEndId: "E2" });
    const [open] = (await told()).filter(({ state: of }) => of === "open");
    expect(second.status).toBe("booked");
    await books.act(async (act) => expectOk(await decideTask(act, customerId, open?.taskId ?? "", "done")));
    await undo(second.entryId);
    expect((await told()).map((one) => [one.state, one.facts["why"], one.amountMinor]).sort()).toEqual([
      ["done", "handed_over", 10_000n],
      ["open", "went_back", 10_000n],
      ["refused", "handed_over", 10_000n],
    ]);
  });

  test("what is more than the case stays ours to clear: only its part is told", async () => {
    await pay({ amount: "120.00" });
    expect((await told()).map(({ amountMinor }) => amountMinor)).toEqual([10_000n]);
    expect((await books.act((act) => tasks(act, { kind: "overpayment" }))).map((one) => one.amountMinor)).toEqual([
      2_000n,
    ]);
  });
});

test("money for an assigned item waits for a person, who is told to pass it on", async () => {
  await books.act((act) => setAssigned(act, customerId, item, day("2026-05-01")));
  const { entryId, status, best } = await pay();
  expect(status).toBe("proposed");
  expect(best.reasons.map(({ code }) => code)).toContain("item_assigned");
  expect(await told()).toEqual([]);
  await books.act(async (act) => expectOk(await bookByHand(act, entryId, customerId, [item])));
  expect((await told()).map(({ facts, amountMinor }) => [facts["why"], amountMinor])).toEqual([["assigned", 10_000n]]);
});

test("a case that is merely open has nobody to tell", async () => {
  expect((await pay()).status).toBe("booked");
  expect(await told()).toEqual([]);
});

describe("a claim that was written off", () => {
  beforeEach(() => giveUp({ principal: 10_000n }));

  test.each([
    ["all of it", "100.00", { open: ["RE-0000001 0"], writtenOff: 0n }],
    ["a part, and the rest stays given up", "30.00", { open: ["RE-0000001 0"], writtenOff: 7_000n }],
    ["more, which stays on account", "120.00", { open: [" -2000", "RE-0000001 0"], writtenOff: 0n }],
  ])("is proposed for it; booked it takes back %s; undone, it is as before", async (_, amount, after) => {
    const { entryId, status, best } = await pay({ amount });
    expect(status).toBe("proposed");
    expect(best.reasons.find(({ code }) => code === "item_written_off")).toEqual({
      code: "item_written_off",
      value: "RE-0000001",
    });
    expect(best.items[0]).toMatchObject({ receivableId: item });
    expect(await state()).toEqual({ open: ["RE-0000001 0"], writtenOff: 10_000n });
    expect(await books.act((act) => tasks(act, { kind: "duplicate_payment" }))).toEqual([]);
    await confirm(entryId);
    expect(await state()).toEqual(after);
    await undo(entryId);
    expect((await state()).writtenOff).toBe(10_000n);
    expect((await state()).open.filter((one) => !one.endsWith(" 0"))).toEqual([]);
  });

  test("that goes back is written off again", async () => {
    const { entryId } = await pay({ endToEndId: "DD-1" });
    await confirm(entryId);
    await pay({ credit: false, endToEndId: "DD-1", returnCode: "MD06" });
    expect((await state()).writtenOff).toBe(10_000n);
    expect((await state()).open.filter((one) => !one.endsWith(" 0"))).toEqual([]);
  });
});

describe("a claim that was written off", () => {
  test("and is paid by a debit the bank then refuses (pain.002) is written off again", async () => {
    await giveUp({ principal: 10_000n });
    const { entryId } = await pay({ endToEndId: "DD-2" });
    await confirm(entryId);
    expect((await state()).writtenOff).toBe(0n);
    const refused = { endToEndId: "DD-2", amountMinor: 10_000n, currency: EUR };
    expect(await books.act((act) => undoRejected(act, refused, day("2026-06-03")))).toBe(true);
    expect(await state()).toEqual({ open: ["RE-0000001 0"], writtenOff: 10_000n });
  });

  test.each<[string, (entryId: Uuid) => Promise<unknown>]>([
    ["undone", undo],
    ["gone back", () => pay({ credit: false, endToEndId: "DD-3", returnCode: "MD06" })],
  ])("with default interest that nobody posted: paid leaves no rest open, nor %s", async (_, back) => {
    await books.act((act) =>
      act.tx.execute(sql`update receivable set default_since = '2026-01-02' where receivable_id = ${item}`),
    );
    await giveUp({ principal: 10_000n, interest: 100n });
    const { entryId } = await pay({ endToEndId: "DD-3" });
    await confirm(entryId);
    expect(await state()).toEqual({ open: ["RE-0000001 0"], writtenOff: 100n });
    await back(entryId);
    expect(await state()).toEqual({ open: ["RE-0000001 0"], writtenOff: 10_100n });
  });
});

test("money for a settled item, whose residual was waived, came twice: that is asked", async () => {
  expect((await pay()).status).toBe("booked");
  const { status, best } = await pay({ bankReference: "SECOND", endToEndId: "E2" });
  expect(status).toBe("proposed");
  expect(best.reasons.map(({ code }) => code)).toContain("item_settled");
  expect((await books.act((act) => tasks(act, { kind: "duplicate_payment" }))).length).toBe(1);
});
