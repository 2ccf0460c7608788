/** The statement of account over HTTP: figures, words, paper; as of a day; only for who may open the file. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StatementOfAccount } from "../../web/console/src/api/contract.ts";
import { mergeCustomers } from "../../src/books/duplicates/index.ts";
import { protectCustomer } from "../../src/books/customers/index.ts";
import { bookPayment, setDefault } from "../../src/books/receivables/index.ts";
import { type CustomerId, EUR, expectOk } from "../../src/pure/kernel/index.ts";
import { day, makeItem } from "../books/books.ts";
import { type ApiHouse, openApi, type Person, refusal } from "./api.ts";

let house: ApiHouse;
let agent: Person;
let auditor: Person;
let customerId: CustomerId;
beforeAll(async () => {
  house = await openApi();
  house.outreach.kulanz.setNow(new Date("2026-06-12T08:00:00Z"));
  agent = await house.person("agent");
  auditor = await house.person("auditor");
  const { outreach } = house;
  customerId = await outreach.makeReachable("K-statement");
  await outreach.act(async (act) => {
    const item = await makeItem(act, outreach, customerId, "R-statement", 10_000n, { dueOn: day("2026-03-31") });
    await setDefault(act, [{ customerId, receivableId: item, since: day("2026-04-01"), ground: "notice" }]);
    const scope = { customerId, creditorId: outreach.creditorId, currency: EUR };
    await bookPayment(act, { ...scope, amountMinor: 4_000n, valueOn: day("2026-05-02"), designated: [item] });
  });
});
afterAll(() => house.drop());

const route = (query = ""): string => `GET /customers/${customerId}/statement-of-account${query}`;

test("figures and words as of any day", async () => {
  const now = await house.get<StatementOfAccount>(route(), { as: agent, headers: { "accept-language": "de" } });
  expect(now).toMatchObject({ customer: { number: "K-statement" }, asOf: "2026-06-12" });
  expect(now.statements).toMatchObject([
    {
      total: { amount: "60.00", currency: "EUR" },
      open: { principal: { amount: "60.00" } },
      sums: [{ label: "Rechnungsbetrag (Hauptforderung)", amount: { amount: "60.00" } }],
      items: [
        {
          title: "Rechnung R-statement vom 01.03.2026",
          movements: [
            { kind: "claim", on: "2026-03-01", change: { principal: { amount: "100.00" } } },
            { kind: "payment", on: "2026-05-02", amount: { amount: "-40.00" }, openAfter: { amount: "60.00" } },
          ],
          noInterest: { code: "not_claimed" },
        },
      ],
      payments: [{ amount: { amount: "40.00" }, parts: [{ number: "R-statement", law: expect.stringMatching(/^§.366.Abs..1, §.367.Abs..1.BGB$/) }] }],
    },
  ]); // biome-ignore format: one answer
  const before = await house.get<StatementOfAccount>(route("?asOf=2026-05-01&currency=EUR"), { as: auditor });
  expect(before.statements).toMatchObject([{ total: { amount: "100.00" }, payments: [] }]);
  const english = await house.get<StatementOfAccount>(route(), { as: agent, headers: { "accept-language": "en" } });
  expect(english.statements[0]?.items[0]?.title).toMatch(/^Invoice R-statement of 1.Mar.2026$/);
});

test("as paper, in the customer's language; a day too far ahead and a day that is none are refused", async () => {
  const pdf = await house.call(route(".pdf?asOf=2026-06-01"), { as: agent });
  expect([pdf.status, pdf.headers.get("content-type")]).toEqual([200, "application/pdf"]);
  expect(pdf.headers.get("content-disposition")).toBe('inline; filename="statement-of-account.pdf"');
  expect(Buffer.from(await pdf.arrayBuffer()).subarray(0, 5).toString()).toBe("%PDF-");
  expect((await house.call(route(".pdf?language=en"), { as: agent })).status).toBe(200);
  expect(await refusal(await house.call(route("?asOf=2199-01-01"), { as: agent }))).toEqual([422, "statement_day_too_far"]);
  expect((await house.call(route("?asOf=2026-02-30"), { as: agent })).status).toBe(422);
  expect((await house.call(route(".pdf?asOf=gestern"), { as: agent })).status).toBe(422);
}); // biome-ignore format: one call a line

test("a merged file is stated under the one that leads, and closed where that one is", async () => {
  const { outreach } = house;
  const lead = await outreach.makeReachable("K-lead");
  await outreach.act(async (act) => expectOk(await mergeCustomers(act, lead, customerId, [])));
  const merged = await house.get<StatementOfAccount>(route(), { as: agent });
  expect(merged).toMatchObject({ customer: { id: lead }, statements: [{ total: { amount: "60.00" } }] });
  expect(merged.statements[0]?.items[0]?.movements).toHaveLength(2);
  await outreach.act((act) => protectCustomer(act, lead, []));
  for (const path of [route(), route(".pdf")]) {
    const closed = await house.call(path, { as: agent });
    expect([403, 404]).toContain(closed.status);
  }
});
