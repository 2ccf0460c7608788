/** One order's story through the run: delivered, announced, partly back, credited, dunned for the rest. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { changeCreditorSettings } from "../../src/books/customers/index.ts";
import { importFile } from "../../src/books/intake/index.ts";
import type { OrderEventInput } from "../../src/books/orders/index.ts";
import { receivablesOf, recordOrderEvents, tasks } from "../../src/books/receivables/index.ts";
import { explain } from "../../src/outreach/dunning/index.ts";
import { messages } from "../../src/outreach/messaging/index.ts";
import { type CustomerId, EUR } from "../../src/pure/kernel/index.ts";
import { camt053 } from "../books/banking-files.ts";
import { day, makeItem, SYSTEM } from "../books/books.ts";
import { openSetting, type Setting } from "../invariants/setting.ts";

let s: Setting;
let customerId: CustomerId;
beforeAll(async () => {
  s = await openSetting();
  customerId = await s.makeReachable("10001");
});
afterAll(() => s.drop());

const send = (kind: OrderEventInput["kind"], on: string, more: Partial<OrderEventInput> = {}) =>
  s.act((act) =>
    recordOrderEvents(act, [{ creditorId: s.creditorId, orderNumber: "B-77", kind, happenedOn: day(on), ...more }]),
  );
const at = (date: string) => s.kulanz.setNow(new Date(`${date}T08:00:00Z`));
const on = async (date: string) => {
  at(date);
  await s.run(day(date));
  const [one] = await s.act((act) => explain(act, customerId, day(date)));
  return one?.blockers.map(({ name, until }) => [name, until]);
};

test("delivered, return announced, part of it back, credited, the rest is dunned", async () => {
  at("2026-06-01");
  await send("ordered", "2026-05-28");
  await s.act((act) =>
    makeItem(act, s, customerId, "RE-77", 10_000n, {
      orderNumber: "B-77",
      termFromDelivery: 14,
      issuedOn: day("2026-06-01"),
      dueOn: day("2026-06-01"),
    }),
  );
  // Overdue by the invoice's own day, but nothing has been delivered: it waits, with an end.
  expect(await on("2026-06-12")).toContainEqual(["hold_not_delivered", "2026-07-01"]);
  await send("delivered", "2026-06-12");
  expect((await s.act((act) => receivablesOf(act, customerId)))[0]).toMatchObject({
    dueOn: "2026-06-26",
    deliveredOn: "2026-06-12",
  });
  expect((await on("2026-06-18")) ?? []).toEqual([]);

  await send("return_announced", "2026-06-24");
  expect(await on("2026-07-03")).toContainEqual(["hold_return_announced", "2026-07-08"]);
  await send("returned", "2026-07-03", { amountMinor: 4_000n, currency: EUR });
  expect(await on("2026-07-15")).toContainEqual(["hold_returned", "2026-09-01"]);
  expect(await s.act((act) => tasks(act, { kind: "credit_note_overdue" }))).toMatchObject([{ amountMinor: 4_000n }]);
  expect(s.sent).toHaveLength(0);

  await s.act((act) =>
    makeItem(act, s, customerId, "GS-77", 4_000n, {
      itemKind: "credit_note",
      orderNumber: "B-77",
      issuedOn: day("2026-07-15"),
      dueOn: day("2026-07-15"),
    }),
  );
  expect(await s.act((act) => tasks(act, { kind: "credit_note_overdue" }))).toEqual([]);
  await on("2026-07-16");
  expect(await s.leave()).toMatchObject({ left: 1 });
  const [asked] = await s.act((act) => messages(act, { customerId, states: ["left"] }));
  expect(asked?.totalMinor).toBe(6_000n);
});

test("bank data older than set holds everything back, at the decision and at the door; a statement ends it", async () => {
  const other = await s.makeReachable("10002");
  at("2026-07-16");
  await s.act((act) =>
    makeItem(act, s, other, "RE-78", 5_000n, { issuedOn: day("2026-06-20"), dueOn: day("2026-07-06") }),
  );
  await s.act((act) => changeCreditorSettings(act, s.creditorId, { bankDataMaxAgeDays: 5 }));
  const blockers = async (date: string) =>
    (await s.act((act) => explain(act, other, day(date))))[0]?.blockers.map(({ name, facts }) => [name, facts]);
  at("2026-07-17");
  await s.run(day("2026-07-17"));
  expect(await blockers("2026-07-17")).toEqual([["bank_data_missing", { maxAgeDays: 5 }]]);
  expect(await s.leave()).toMatchObject({ left: 0 });
  const statement = async (name: string, date: string) =>
    importFile(s.platform, s.tenantId, SYSTEM, {
      name,
      content: camt053({ date, payments: [] }),
    });
  expect((await statement("one.xml", "2026-07-15")).error).toBeUndefined();
  expect((await blockers("2026-07-17")) ?? []).toEqual([]);
});
