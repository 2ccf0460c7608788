/** Orders, findings and rules over HTTP. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CheckRules, Customer, Finding, List, Order } from "../../web/console/src/api/contract.ts";
import { checkItems } from "../../src/books/checking/index.ts";
import type { CustomerId } from "../../src/pure/kernel/index.ts";
import { day, makeItem } from "../books/books.ts";
import { type ApiHouse, openApi, type Person, refusal } from "./api.ts";

let house: ApiHouse;
let agent: Person;
let manager: Person;
let customerId: CustomerId;
beforeAll(async () => {
  house = await openApi();
  agent = await house.person("agent");
  manager = await house.person("manager");
  const { outreach } = house;
  customerId = await outreach.makeReachable("10001", { email: "erika@kunde.example" });
  await outreach.act(async (act) => {
    await makeItem(act, outreach, customerId, "RE-1", 5_000n, {
      orderNumber: "B-1",
      issuedOn: day("2026-05-01"),
      dueOn: day("2026-05-15"),
    });
    await makeItem(act, outreach, customerId, "re 1", 5_000n, {
      orderNumber: "B-1",
      issuedOn: day("2026-05-01"),
      dueOn: day("2026-05-15"),
    });
    await checkItems(act, [customerId]);
  });
});
afterAll(() => house.drop());

test("a shop sends events: each has its own outcome, and sent again nothing changes", async () => {
  const key = await house.key("agent");
  const body = [
    { orderNumber: "B-1", event: "delivered", on: "2026-05-04", eventId: "e1" },
    {
      orderNumber: "B-1",
      event: "returned_in_part",
      on: "2026-05-28T14:00:00+02:00",
      amount: { amount: "20.00", currency: "EUR" },
    },
    { orderNumber: "B-2", event: "cancelled", on: "2026-05-28" },
    { orderNumber: "B-1", event: "returned_in_part", on: "2026-05-28" },
    { orderNumber: "B-1", event: "returned", on: "2026-05-28", amount: { amount: "0.001", currency: "EUR" } },
  ];
  const taken = await house.get<{ results: { state: string; error?: object }[] }>("POST /orders/events", { key, body });
  expect(taken).toMatchObject({ new: 2, known: 0, waiting: 1, refused: 2 });
  expect(taken.results.map((one) => one.error)).toEqual([
    undefined,
    undefined,
    undefined,
    expect.objectContaining({ code: "amount_missing", where: "4: amount" }),
    expect.objectContaining({ code: "amount_too_precise" }),
  ]);
  expect(await house.get("POST /orders/events", { key, body })).toMatchObject({
    new: 0,
    known: 2,
    waiting: 1,
    refused: 2,
  });
  expect(await refusal(await house.call("POST /orders/events", { key, body: [] }))).toEqual([422, "input_invalid"]);

  const { rows } = await house.get<List<Order>>(`GET /customers/${customerId}/orders`, { as: agent });
  expect(rows).toMatchObject([
    {
      number: "B-1",
      state: { text: "Came back" },
      items: [{ number: "RE-1" }, { number: "re 1" }],
      events: [
        { kind: "delivered", on: "2026-05-04", holdsUntil: null },
        {
          kind: "returned_in_part",
          on: "2026-05-28",
          amount: { amount: "20.00" },
          holdsUntil: "2026-07-27",
          said: { text: "A part came back: €20.00" },
        },
      ],
      creditNoteOverdue: false,
    },
  ]);
  const page = await house.get<Customer>(`GET /customers/${customerId}`, { as: agent });
  expect(page.timeline.map(({ title }) => title.code)).toContain("order_returned_in_part");
});

test("findings are listed, dismissed with a reason, taken back; rules are read by all and switched by managers", async () => {
  const listed = await house.get<List<Finding> & { counts: object[] }>("GET /findings", { as: agent });
  expect(listed.rows).toMatchObject([
    {
      rule: { code: "duplicate_number", text: "Invoice number twice" },
      severity: "blocking",
      state: "open",
      item: { number: "re 1" },
      mayDecide: true,
    },
  ]);
  expect(listed.counts).toMatchObject([{ rule: { code: "duplicate_number" }, severity: "blocking", open: 1 }]);
  const path = `/findings/${listed.rows[0]?.id ?? ""}`;
  const decide = (act: string, reason: string | null) =>
    house.call(`POST ${path}/decide`, { as: agent, body: { act, reason } });
  expect(await refusal(await decide("dismiss", null))).toEqual([422, "reason_missing"]);
  expect(await refusal(await decide("fixed", null))).toEqual([409, "still_wrong"]);
  expect(await (await decide("dismiss", "Zwei Lieferungen")).json()).toMatchObject({
    state: "dismissed",
    note: "Zwei Lieferungen",
    mayDecide: false,
  });
  expect((await decide("dismiss", "noch einmal")).status).toBe(409);
  expect(await house.get("GET /findings?state=dismissed", { as: agent })).toMatchObject({ total: 1 });
  expect(await house.get(`POST ${path}/reopen`, { as: agent })).toMatchObject({ state: "open" });

  const rules = await house.get<CheckRules>("GET /check-rules", { as: agent });
  expect(rules.mayChange).toBe(false);
  expect(rules.rules.length).toBeGreaterThan(14);
  for (const rule of rules.rules) expect(`${rule.name.text} ${rule.explains.text}`).not.toMatch(/check |_/);
  const change = { creditorId: rules.creditor.id, severity: "warning" };
  expect((await house.call("PATCH /check-rules/duplicate_number", { as: agent, body: change })).status).toBe(403);
  expect(await house.get("PATCH /check-rules/duplicate_number", { as: manager, body: change })).toMatchObject({
    severity: "warning",
    open: 1,
    changedBy: expect.stringContaining("manager"),
  });
  expect(await house.get("GET /findings?severity=warning", { as: agent })).toMatchObject({ total: 1 });
  expect(await refusal(await house.call("PATCH /check-rules/nothing", { as: manager, body: change }))).toEqual([
    404,
    "rule_unknown",
  ]);
});
