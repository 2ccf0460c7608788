/** A claim paid twice: the second payment is refunded (proposed, decided by others), set off, or kept as credit. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CreditBalance, DuplicatePayment, List, Refund, WorkItem } from "../../web/console/src/api/contract.ts";
import { type ApiHouse, openApi, type Person } from "./api.ts";
import { openItemsFile, ownAccounts, statementFile, upload } from "./files.ts";

let house: ApiHouse;
let clerk: Person;
let manager: Person;
const ACCOUNT = "DE02120300000000202051";
beforeAll(async () => {
  house = await openApi();
  clerk = await house.person("agent", { limit: 100_000n });
  manager = await house.person("manager", { limit: 100_000n });
  const rows = [0, 1, 2].flatMap((at) => [
    `K-${at};Vera${at};Kundig;Weg 1;51147;Köln;;RE-7700${at};01.05.2026;15.05.2026;${20 + at},50`,
    `K-${at};Vera${at};Kundig;Weg 1;51147;Köln;;RE-8800${at};01.05.2026;15.05.2026;100,00`,
  ]);
  await importFile("posten.csv", openItemsFile(rows));
  const credits = [0, 1, 2].map((at) => [`Vera${at} Kundig`, `RE-7700${at}`, `${20 + at}.50`] as const);
  await importFile("auszug1.xml", ownAccounts(statementFile(ACCOUNT, credits, "1")));
  await importFile("auszug2.xml", ownAccounts(statementFile(ACCOUNT, credits, "2")));
});
afterAll(() => house.drop());

const importFile = (name: string, content: string) => upload(house, clerk, name, content);
const listed = (query = "") =>
  house.get<List<DuplicatePayment>>(`GET /bank/duplicate-payments?sort=number${query}`, { as: clerk });
const decide = (row: DuplicatePayment | undefined, act: string, as = clerk) =>
  house.call(`POST /bank/duplicate-payments/${row?.id ?? ""}/decide`, { as, body: { act } });

test("each second payment is listed with both payments, and decided once", async () => {
  const { rows, total, sums } = await listed();
  expect(total).toBe(3);
  expect(sums).toEqual([{ amount: "64.50", currency: "EUR" }]);
  expect(rows[0]).toMatchObject({
    number: "RE-77000",
    customer: { name: "Vera0 Kundig" },
    amount: { amount: "20.50", currency: "EUR" },
    first: { on: "2026-06-01", remittance: "RE-77000" },
    second: { on: "2026-06-01", remittance: "RE-77000" },
    why: { code: "paid_twice_same_account" },
    state: "open",
    acts: ["refund", "set_off", "keep"],
  });
  expect(rows[0]?.first.entryId).not.toBe(rows[0]?.second.entryId);
  const auditor = await house.person("auditor");
  expect((await decide(rows[0], "keep", auditor)).status).toBe(403);

  for (const [at, act, state] of [
    [0, "refund", "refund_proposed"],
    [1, "set_off", "set_off"],
    [2, "keep", "kept"],
  ] as const) {
    const answer = await decide(rows[at], act);
    expect(answer.status, await answer.clone().text()).toBe(200);
    expect(await answer.json()).toMatchObject({ state, acts: [] });
    expect((await decide(rows[at], "keep")).status).toBe(409);
  }
  expect((await listed()).total).toBe(0);
  expect((await listed("&state=decided")).rows.map((row) => row.state)).toEqual(["refund_proposed", "set_off", "kept"]);
});

test("refund and keep leave other open items alone, set off pays them", async () => {
  const { rows } = await house.get<List<CreditBalance>>("GET /credit-balances", { as: clerk });
  expect(rows.map((row) => [row.customer.name, row.amount.amount, row.owed.amount]).sort()).toEqual([
    ["Vera0 Kundig", "20.50", "100.00"],
    ["Vera2 Kundig", "22.50", "100.00"],
  ]);
});

test("the worklist decides a refund as the refunds' page does: not by who proposed it", async () => {
  const { rows } = await house.get<List<WorkItem>>("GET /worklist?kind=refund", { as: clerk });
  expect(rows.map((row) => row.acts)).toEqual([["refuse", "later"]]);
  const id = rows[0]?.id ?? "";
  const approve = (as: Person) =>
    house.call(`POST /worklist/${id}/decide`, { as, body: { act: "approve", until: null, note: null } });
  expect((await approve(clerk)).status).toBe(403);
  const agreed = await approve(manager);
  expect(agreed.status, await agreed.clone().text()).toBe(200);
  const refunds = await house.get<List<Refund>>("GET /refunds", { as: clerk });
  expect(refunds.rows.map((row) => [row.id, row.state])).toEqual([[id, "approved"]]);
  expect((await house.call(`POST /worklist/${id}/reopen`, { as: manager })).status).toBe(409);
});

test("the worklist can't tick it off: it is decided there with the same effect, and stays decided", async () => {
  await importFile(
    "mehr.csv",
    openItemsFile(["K-9;Wilma;Zweifach;Weg 9;51147;Köln;;RE-99009;01.05.2026;15.05.2026;33,30"]),
  );
  const credit = [["Wilma Zweifach", "RE-99009", "33.30"]] as const;
  await importFile("auszug3.xml", ownAccounts(statementFile(ACCOUNT, credit, "3"), 9));
  await importFile("auszug4.xml", ownAccounts(statementFile(ACCOUNT, credit, "4"), 9));
  const { rows } = await house.get<List<WorkItem>>("GET /worklist?kind=duplicate_payment", { as: clerk });
  expect(rows.map((row) => [row.customer?.name, row.acts])).toEqual([
    ["Wilma Zweifach", ["refund", "set_off", "keep", "later"]],
  ]);
  const id = rows[0]?.id ?? "";
  const worked = (act: string) =>
    house.call(`POST /worklist/${id}/decide`, { as: clerk, body: { act, until: null, note: null } });
  const ticked = await worked("done");
  expect([ticked.status, ((await ticked.json()) as { code: string }).code]).toEqual([403, "act_not_possible"]);
  expect((await listed()).total).toBe(1);
  const kept = await worked("keep");
  expect(kept.status, await kept.clone().text()).toBe(200);
  expect((await listed()).total).toBe(0);
  const { rows: credits } = await house.get<List<CreditBalance>>("GET /credit-balances", { as: clerk });
  expect(credits.map((row) => [row.customer.name, row.amount.amount])).toContainEqual(["Wilma Zweifach", "33.30"]);
  expect((await house.call(`POST /worklist/${id}/reopen`, { as: clerk })).status).toBe(409);
  expect((await worked("refund")).status).toBe(409);
});
