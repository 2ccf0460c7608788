/** What rests on arrival: stage, start of default, a proposed hand-over; and what a bounce takes back. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { contactPointsOf } from "../../src/books/customers/index.ts";
import { casesOf, receivablesOf, setDefault, tasks } from "../../src/books/receivables/index.ts";
import { runDunning } from "../../src/outreach/dunning/index.ts";
import { letDueMessagesLeave, markBounced, messages, sealedParts } from "../../src/outreach/messaging/index.ts";
import { addDays, type CustomerId, dateIn, expectOk, type PlainDate } from "../../src/pure/kernel/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { day, makeItem, SYSTEM } from "../books/books.ts";
import { type Outreach, openOutreach } from "./outreach.ts";

let o: Outreach;
beforeAll(async () => {
  o = await openOutreach();
});
afterAll(() => o.drop());

async function runOn(date: string): Promise<void> {
  o.kulanz.setNow(new Date(`${date}T08:00:00Z`));
  expectOk(await runDunning(o.platform, o.tenantId, SYSTEM, { creditorId: o.creditorId, businessDate: day(date) }));
  await letDueMessagesLeave(o.outbox, o.tenantId);
}
const asks = async (customerId: CustomerId) =>
  (await o.act((act) => messages(act, { customerId }))).filter((one) => one.kind === "ask");
const items = (customerId: CustomerId) => o.act((act) => receivablesOf(act, customerId));
async function textOf(customerId: CustomerId): Promise<string> {
  const [newest] = await asks(customerId);
  if (!newest) throw new Error("no message");
  return o.act(async (act) => {
    const parts = await sealedParts(act, newest);
    const seal = await act.vault.forCustomer(act.tx, customerId);
    return JSON.parse(
      expectOk(seal.openText("records", "message_rendering", parts?.rendering ?? Buffer.alloc(0))),
    ).text.replace(/\u00a0/g, " ") as string;
  });
}

test("a notice that has left starts default after its term; a bounce takes it, the stage and the address back", async () => {
  const id = await o.makeReachable("70001", { email: "wer@kunde.example" });
  await o.act((act) => makeItem(act, o, id, "RE-70001", 4000n, { dueOn: day("2026-06-10") }));
  await runOn("2026-06-26");
  const [notice] = await asks(id);
  expect(notice).toMatchObject({ stage: "dunning_notice", state: "left", effect: "default" });
  const term = notice?.termOn as PlainDate;
  expect((await items(id))[0]).toMatchObject({
    stage: "dunning_notice",
    defaultSince: addDays(term, 1),
    defaultGround: "notice",
  });
  expect(await textOf(id)).toContain("Mit ihrem Zugang sind Sie mit Rechnung RE-70001 in Verzug");

  o.kulanz.advance({ hours: 1 });
  const messageId = notice?.messageId;
  if (!messageId) throw new Error("no message");
  expectOk(await o.act((act) => markBounced(act, messageId)));
  expectOk(await o.act((act) => markBounced(act, messageId)));
  const [item] = await items(id);
  expect([item?.stage, item?.stageOn, item?.defaultSince, item?.defaultGround]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect((await o.act((act) => casesOf(act, [id])))[0]?.stage).toBeUndefined();
  const email = (await o.act((act) => contactPointsOf(act, id))).find((point) => point.channel === "email");
  expect(email?.undeliverableAt).toBeDefined();

  // Neither the term nor the gap of a message that nobody got holds the next one up: it goes as a letter.
  await runOn("2026-06-29");
  expect((await asks(id))[0]).toMatchObject({ stage: "dunning_notice", channel: "letter", state: "left", round: 2 });
});

test("a final notice that came back withdraws the hand-over proposed on it", async () => {
  const id = await o.makeReachable("70002", { email: "du@kunde.example" });
  await o.act((act) => makeItem(act, o, id, "RE-70002", 4000n, { dueOn: day("2026-06-12") }));
  for (const date of ["2026-06-30", "2026-07-15", "2026-08-05"]) await runOn(date);
  expect((await asks(id)).map((one) => one.stage)).toEqual(["final_notice", "dunning_notice"]);
  expect(await o.act((act) => tasks(act, { customerId: id, kind: "hand_over" }))).toHaveLength(1);
  const [final, first] = await asks(id);
  const finalId = final?.messageId;
  if (!finalId || !first) throw new Error("no message");
  expectOk(await o.act((act) => markBounced(act, finalId)));
  expect(await o.act((act) => tasks(act, { customerId: id, kind: "hand_over" }))).toHaveLength(0);
  // The notice before did arrive: its stage and its start of default stand.
  expect((await items(id))[0]).toMatchObject({
    stage: "dunning_notice",
    stageOn: "2026-06-30",
    defaultSince: addDays(first.termOn as PlainDate, 1),
  });
  await runOn("2026-08-06");
  expect((await asks(id))[0]).toMatchObject({ stage: "final_notice", channel: "email", round: 2 });
  await runOn("2026-08-24");
  expect(await o.act((act) => tasks(act, { customerId: id, kind: "hand_over" }))).toHaveLength(1);
});

test("what is known to have arrived does not bounce; what has not left can't", async () => {
  const id = await o.makeReachable("70003", { email: "er@kunde.example" });
  await o.act((act) => makeItem(act, o, id, "RE-70003", 4000n, { dueOn: day("2026-08-18") }));
  await runOn("2026-08-25");
  const messageId = (await asks(id))[0]?.messageId;
  if (!messageId) throw new Error("no message");
  for (const [change, code] of [
    [sql`update message set evidence = 'portal_opened' where customer_id = ${id}`, "arrival_proven"],
    [sql`update message set state = 'dropped', evidence = 'none' where customer_id = ${id}`, "message_not_left"],
  ] as const) {
    await o.act((act) => act.tx.execute(change));
    const answer = await o.act((act) => markBounced(act, messageId));
    expect(answer.ok ? "ok" : answer.error.code).toBe(code);
  }
});

test("several items in default for long: the day named is true for all of them, with all grounds", async () => {
  const id = await o.makeReachable("70004", { email: "sie@kunde.example" });
  const first = await o.act((act) =>
    makeItem(act, o, id, "RE-70004A", 4000n, { dueOn: day("2026-07-01"), dueDateAgreed: true }),
  );
  const second = await o.act((act) => makeItem(act, o, id, "RE-70004B", 5000n, { dueOn: day("2026-07-10") }));
  void first;
  await o.act((act) =>
    setDefault(act, [{ customerId: id, receivableId: second, since: day("2026-08-03"), ground: "notice" }]),
  );
  await runOn("2026-08-27");
  const text = await textOf(id);
  expect(text).toContain("Mit Rechnung RE-70004A, Rechnung RE-70004B sind Sie seit 3. August 2026 in Verzug");
  expect(text).toContain("vereinbarter Zahlungstag, § 286 Abs. 2 Nr. 1 BGB; Mahnung, § 286 Abs. 1 BGB");
  expect(dateIn(o.kulanz.now(), "Europe/Berlin")).toBe("2026-08-27");
});

test("payments are taken into account up to the day that all accounts are known, not only the newest", async () => {
  const id = await o.makeReachable("70005", { email: "es@kunde.example" });
  await o.act(async (act) => {
    await makeItem(act, o, id, "RE-70005", 4000n, { dueOn: day("2026-08-25") });
    await act.tx.execute(sql`
      insert into creditor_account (tenant_id, creditor_id, iban, account_holder)
      values (${o.tenantId}, ${o.creditorId}, 'DE02100500000054540402', 'Blumenhof Versand GmbH')`);
    for (const [account, closedOn] of [
      ["DE02120300000000202051", "2026-08-31"],
      ["DE02100500000054540402", "2026-08-24"],
    ])
      await act.tx.execute(sql`
        insert into statement (fingerprint, tenant_id, file_fingerprint, creditor_id, account, currency, closed_on, entries,
                               data_key_wrapped, master_key_id, imported_at)
        values (${Buffer.from(account ?? "")}, ${o.tenantId}, ${Buffer.alloc(32)}, ${o.creditorId}, ${account}, 'EUR',
                ${closedOn}::date, 0, ${Buffer.alloc(32)}, 'test', ${act.tx.now})`);
  });
  await runOn("2026-09-01");
  expect((await asks(id))[0]).toMatchObject({ state: "left", paymentsUpTo: "2026-08-24" });
});
