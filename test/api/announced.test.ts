/** Announced money stands in the way of dunning: in `explain` and on the customer's page, with ground and end. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { importFile } from "../../src/books/intake/index.ts";
import { matchEntries } from "../../src/books/matching/index.ts";
import { keepCases } from "../../src/books/receivables/index.ts";
import { explain } from "../../src/outreach/dunning/index.ts";
import type { CustomerId } from "../../src/pure/kernel/index.ts";
import type { Customer } from "../../web/console/src/api/contract.ts";
import { camt053 } from "../books/banking-files.ts";
import { day, makeItem, SYSTEM } from "../books/books.ts";
import { type ApiHouse, openApi, type Person } from "./api.ts";

let house: ApiHouse;
let clerk: Person;
let customerId: CustomerId;

beforeAll(async () => {
  house = await openApi();
  clerk = await house.person("agent");
  const { outreach } = house;
  customerId = await outreach.makeReachable("K-1", { email: "rita@kunde.example", firstName: "Rita" });
  await outreach.act(async (act) => {
    await makeItem(act, outreach, customerId, "RE-0000001", 10_000n, { dueOn: day("2026-05-10") });
    await keepCases(act, [customerId], day("2026-06-01"));
  });
});
afterAll(() => house.drop());

const page = () => house.get<Customer>(`GET /customers/${customerId}`, { as: clerk });
const answer = async () => (await house.outreach.act((act) => explain(act, customerId, day("2026-06-01"))))[0];

test("explain and the customer's page name the announced money and the day it is waited for", async () => {
  expect((await answer())?.decision.outcome).toBe("contact");
  const { name } = await page();
  const payment = { amount: "100.00", name, iban: "DE75512108001245126199", text: "RE-0000001" };
  const report = camt053({ date: day("2026-06-01"), payments: [{ ...payment, status: "PDNG", bankReference: null }] })
    .toString()
    .replaceAll("BkToCstmrStmt", "BkToCstmrAcctRpt")
    .replaceAll("Stmt>", "Rpt>")
    .replace("camt.053.001", "camt.052.001");
  const { platform, tenantId } = house.outreach;
  const told = await importFile(platform, tenantId, SYSTEM, { name: "tag.xml", content: Buffer.from(report) });
  expect(told.status, JSON.stringify(told)).toBe("ok");
  await matchEntries(platform, tenantId, SYSTEM, {});

  // Three bank days on; Corpus Christi (4 June 2026) is none.
  expect(await answer()).toMatchObject({
    decision: { outcome: "blocked" },
    blockers: [{ name: "hold_pending_payment", until: "2026-06-05" }],
    nextOn: "2026-06-06",
  });
  const { blockers, mayWriteFrom } = await page();
  expect(blockers.map(({ ground, until }) => [ground.code, ground.text, until])).toEqual([
    ["hold_pending_payment", "Payment is on its way", "2026-06-05"],
  ]);
  expect(mayWriteFrom).toBe("2026-06-06");
});
