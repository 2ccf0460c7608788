/** The reference printed in a message finds all that the message asked for: from the letterbox to the statement and back. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { importFile } from "../../src/books/intake/index.ts";
import { matchEntries } from "../../src/books/matching/index.ts";
import { casesOf, receivablesOf, tasks } from "../../src/books/receivables/index.ts";
import { explain, runDunning } from "../../src/outreach/dunning/index.ts";
import { letDueMessagesLeave, messages, sealedParts } from "../../src/outreach/messaging/index.ts";
import { type CustomerId, expectOk } from "../../src/pure/kernel/index.ts";
import { camt053 } from "../books/banking-files.ts";
import { day, makeItem, SYSTEM } from "../books/books.ts";
import { type Outreach, openOutreach } from "./outreach.ts";

let o: Outreach;
beforeAll(async () => {
  o = await openOutreach();
});
afterAll(() => o.drop());

let statements = 0;
async function pay(
  amount: string,
  rf: string,
  name = "Erika Musterfrau",
): Promise<{ booked: number; proposed: number }> {
  statements += 1;
  const content = camt053({
    id: `S${statements}`,
    payments: [{ amount, rf: rf.replace(/\s/g, ""), name }],
  });
  const report = await importFile(o.platform, o.tenantId, SYSTEM, { name: `s${statements}.xml`, content });
  expect(report.status).toBe("ok");
  return matchEntries(o.platform, o.tenantId, SYSTEM, {}) as unknown as Promise<{ booked: number; proposed: number }>;
}

async function ask(date: string, customerId: CustomerId): Promise<{ rf: string; total: bigint }> {
  o.kulanz.setNow(new Date(`${date}T08:00:00Z`));
  expectOk(await runDunning(o.platform, o.tenantId, SYSTEM, { creditorId: o.creditorId, businessDate: day(date) }));
  await letDueMessagesLeave(o.outbox, o.tenantId);
  const [newest] = await o.act((act) => messages(act, { customerId }));
  if (newest?.state !== "left") throw new Error(`not left: ${newest?.state} ${newest?.reason}`);
  const text = await o.act(async (act) => {
    const parts = await sealedParts(act, newest);
    const seal = await act.vault.forCustomer(act.tx, customerId);
    return expectOk(seal.openText("records", "message_rendering", parts?.rendering ?? Buffer.alloc(0)));
  });
  const rf = /Verwendungszweck (RF[0-9A-Z \u00a0]+)/.exec(text)?.[1] ?? "";
  return { rf, total: newest.totalMinor ?? 0n };
}
const open = async (customerId: CustomerId) =>
  Object.fromEntries((await o.act((act) => receivablesOf(act, customerId))).map((one) => [one.number, one.openTotal]));
const stateOf = async (customerId: CustomerId) => (await o.act((act) => casesOf(act, [customerId])))[0]?.state;
const euros = (minor: bigint): string => `${minor / 100n}.${String(minor % 100n).padStart(2, "0")}`;
const make = async (number: string, rows: readonly (readonly [string, bigint, string, object?])[]) => {
  const id = await o.makeReachable(number, { email: `rf${number}@kunde.example` });
  for (const [name, minor, dueOn, more] of rows)
    await o.act((act) => makeItem(act, o, id, name, minor, { dueOn: day(dueOn), ...more }));
  return id;
};

/** The money is here and a colleague has not looked yet: the next step is due, and is not taken. */
async function waitsForPerson(customerId: CustomerId, date: string): Promise<void> {
  const before = (await o.act((act) => messages(act, { customerId }))).length;
  o.kulanz.setNow(new Date(`${date}T08:00:00Z`));
  const [answer] = await o.act((act) => explain(act, customerId, day(date)));
  expect(answer?.decision.outcome).toBe("blocked");
  expect(answer?.decision.blockers.map((one) => one.name)).toContain("payment_proposed");
  expectOk(await runDunning(o.platform, o.tenantId, SYSTEM, { creditorId: o.creditorId, businessDate: day(date) }));
  expect(await o.act((act) => messages(act, { customerId }))).toHaveLength(before);
}

test("the sum of a message for two items settles both", async () => {
  const id = await make("80001", [
    ["RE-80001", 4000n, "2026-05-20"],
    ["RE-80002", 2550n, "2026-05-21"],
  ]);
  const { rf, total } = await ask("2026-06-01", id);
  expect(total).toBe(6550n);
  await pay("65.50", rf);
  expect(await open(id)).toEqual({ "RE-80001": 0n, "RE-80002": 0n });
  expect(await stateOf(id)).toBe("closed");
});

test("the sum of the message before settles what that one asked for, though a later one named more", async () => {
  const id = await make("80010", [
    ["RE-80011", 4000n, "2026-05-21"],
    ["RE-80012", 2550n, "2026-05-22"],
  ]);
  const first = await ask("2026-06-02", id);
  await o.act((act) => makeItem(act, o, id, "RE-80013", 1111n, { dueOn: day("2026-06-10") }));
  const second = await ask("2026-06-19", id);
  expect([second.rf, second.total]).toEqual([first.rf, 7661n]);
  await pay(euros(first.total), first.rf);
  expect(await open(id)).toEqual({ "RE-80011": 0n, "RE-80012": 0n, "RE-80013": 1111n });
});

test("a credit note is netted in the sum, and the sum closes the case", async () => {
  const id = await make("80020", [
    ["RE-80021", 4000n, "2026-05-24"],
    ["RE-80022", 2550n, "2026-05-25"],
    ["GS-80023", 1000n, "2026-05-26", { itemKind: "credit_note" }],
  ]);
  const { rf, total } = await ask("2026-06-03", id);
  expect(total).toBe(5550n);
  await pay("55.50", rf);
  expect(Object.values(await open(id)).reduce((sum, one) => sum + one, 0n)).toBe(0n);
  expect(await stateOf(id)).toBe("closed");
});

test("one item and a credit note: the item's own reference, the netted sum", async () => {
  const id = await make("80030", [
    ["RE-80031", 4000n, "2026-05-26"],
    ["GS-80032", 1000n, "2026-05-26", { itemKind: "credit_note" }],
  ]);
  const { rf, total } = await ask("2026-06-05", id);
  expect(total).toBe(3000n);
  await pay("30.00", rf);
  expect(Object.values(await open(id)).reduce((sum, one) => sum + one, 0n)).toBe(0n);
  expect(await stateOf(id)).toBe("closed");
});

test("half of the sum is booked on what the message asked for", async () => {
  const id = await make("80040", [
    ["RE-80041", 4000n, "2026-05-27"],
    ["RE-80042", 2550n, "2026-05-28"],
  ]);
  const { rf } = await ask("2026-06-08", id);
  expect(await pay("30.00", rf)).toMatchObject({ booked: 1 });
  expect(await open(id)).toEqual({ "RE-80041": 1000n, "RE-80042": 2550n });
  // Over the edge of the first item, and what is too much rests on account with a task.
  expect(await pay("12.00", rf)).toMatchObject({ booked: 1 });
  expect(await open(id)).toEqual({ "RE-80041": 0n, "RE-80042": 2350n });
  expect(await pay("30.00", rf)).toMatchObject({ booked: 1 });
  expect(await open(id)).toMatchObject({ "RE-80042": 0n, "": -650n });
  expect((await o.act((act) => tasks(act, { customerId: id }))).map((one) => one.kind)).toEqual(["overpayment"]);
  expect(await stateOf(id)).toBe("closed");
});

test("what is left of a case whose other item was paid before", async () => {
  const id = await make("80050", [
    ["RE-80051", 4000n, "2026-05-28"],
    ["RE-80052", 2550n, "2026-05-29"],
  ]);
  const { rf } = await ask("2026-06-09", id);
  await pay("40.00", rf);
  expect(await open(id)).toEqual({ "RE-80051": 0n, "RE-80052": 2550n });
  await pay("25.50", rf);
  expect(await open(id)).toEqual({ "RE-80051": 0n, "RE-80052": 0n });
});

test("another's name on the case's reference waits for a person, and nobody asks meanwhile", async () => {
  const id = await make("80045", [
    ["RE-80046", 4000n, "2026-05-27"],
    ["RE-80047", 2550n, "2026-05-28"],
  ]);
  const { rf } = await ask("2026-06-10", id);
  expect(await pay("30.00", rf, "Hanna Beispielmann")).toMatchObject({ proposed: 1 });
  await waitsForPerson(id, "2026-06-26");
});

test("part of one item by its own reference", async () => {
  const id = await make("80048", [["RE-80048", 4000n, "2026-05-27"]]);
  const { rf } = await ask("2026-06-11", id);
  expect(await pay("30.00", rf)).toMatchObject({ booked: 1 });
  expect(await open(id)).toEqual({ "RE-80048": 1000n });
});
