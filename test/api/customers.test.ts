import { afterAll, beforeAll, expect, test } from "vitest";
import type { Customer, CustomerRow, Item, List, SignedIn, Today } from "../../web/console/src/api/contract.ts";
import { protectCustomer } from "../../src/books/customers/index.ts";
import { keepCases } from "../../src/books/receivables/index.ts";
import type { CustomerId } from "../../src/pure/kernel/index.ts";
import { day, makeItem } from "../books/books.ts";
import { type ApiHouse, openApi, type Person, refusal } from "./api.ts";

let house: ApiHouse;
let agent: Person;
let manager: Person;
let erika: CustomerId;

beforeAll(async () => {
  house = await openApi();
  agent = await house.person("agent");
  manager = await house.person("manager", { limit: 500_000n });
  const { outreach } = house;
  erika = await outreach.makeReachable("K-1001", { email: "erika@musterfrau.example" });
  await outreach.act(async (act) => {
    await makeItem(act, outreach, erika, "R-7001", 11_900n, { dueOn: day("2026-05-10") });
    await keepCases(act, [erika], day("2026-06-01"));
  });
});
afterAll(() => house.drop());

test("the session tells who, which day, and the token", async () => {
  const session = await house.get<SignedIn>("GET /session", { as: agent });
  expect(session).toMatchObject({ signedIn: true, csrfToken: agent.csrfToken, businessDate: "2026-06-01" });
  expect(session.user.role).toBe("agent");
  expect(await house.get("GET /session")).toMatchObject({ signedIn: false });
});

test("a customer is found by name, sound, street and number, with what is owed", async () => {
  for (const q of ["Musterfrau", "muster", "Heidestraße", "K-1001", "R-7001", "119,00"]) {
    const found = await house.get<List<CustomerRow>>(`GET /customers?q=${encodeURIComponent(q)}`, { as: agent });
    expect(
      found.rows.map((row) => [row.name, row.overdue.amount, row.town]),
      q,
    ).toEqual([["Erika Musterfrau", "119.00", "Köln"]]);
    expect(found.rows[0]?.hit?.text, q).not.toBe("");
  }
  expect((await house.get<List<CustomerRow>>("GET /customers?q=x", { as: agent })).total).toBe(0);
});

test("the file says what is open, why nothing is written, and what comes next", async () => {
  const file = await house.get<Customer>(`GET /customers/${erika}`, { as: agent });
  expect(file).toMatchObject({
    name: "Erika Musterfrau",
    open: [{ amount: "119.00", currency: "EUR" }],
    restricted: false,
  });
  expect(file.items).toHaveLength(1);
  expect(file.next?.stage.code).toMatch(/^stage_/);
  expect(file.timeline.some((entry) => entry.when === "now")).toBe(true);
  const items = await house.get<List<Item>>(`GET /customers/${erika}/items`, { as: agent });
  const detail = await house.get<{ claim: unknown[]; postings: unknown[] }>(
    `GET /customers/${erika}/items/${items.rows[0]?.id}`,
    { as: agent },
  );
  expect(detail.claim).toHaveLength(1);
  expect(detail.postings).toHaveLength(1);
});

test("every overdue cent stands somewhere", async () => {
  const today = await house.get<Today>("GET /today", { as: agent });
  const sum = today.overdue.parts.reduce((total, part) => total + Math.round(Number(part.amount.amount) * 100), 0);
  expect([today.overdue.total.amount, sum, today.overdue.forgotten.amount]).toEqual(["119.00", 11_900, "0.00"]);
  expect(today.run?.decisions.contact).toBe(1);
  expect(today.weeks).toHaveLength(13);
});

test("a hold is set, blocks, shows and is lifted", async () => {
  const body = { ground: "goodwill", until: "2026-06-10", itemId: null, note: "am Telefon" };
  const hold = await house.get<{ id: string }>(`POST /customers/${erika}/holds`, { as: agent, body });
  const blocked = await house.get<Customer>(`GET /customers/${erika}`, { as: agent });
  expect(blocked.blockers.map((one) => [one.ground.text, one.until])).toEqual([["Goodwill", "2026-06-10"]]);
  expect(blocked.mayWriteFrom).toBe("2026-06-11");
  await house.get(`POST /customers/${erika}/holds/${hold.id}/end`, { as: agent });
  expect(await refusal(await house.call(`POST /customers/${erika}/holds/${hold.id}/end`, { as: agent }))).toEqual([
    409,
    "already_done",
  ]);
});

test("a protected file is nowhere for those who may not open it", async () => {
  const star = await house.outreach.makeReachable("K-9999", { firstName: "Zoe" });
  await house.outreach.act(async (act) => {
    await makeItem(act, house.outreach, star, "R-9999", 99_900n, { dueOn: day("2026-05-10") });
    await keepCases(act, [star], day("2026-06-01"));
    await protectCustomer(act, star, []);
  });
  for (const path of [
    "/customers?q=Zoe",
    "/customers?q=R-9999",
    "/customers",
    "/customers/export?format=csv",
    "/worklist",
  ]) {
    const text = await (await house.call(`GET ${path}`, { as: agent })).text();
    expect(text, path).not.toMatch(/Zoe|K-9999|R-9999/);
  }
  for (const path of [`/customers/${star}`, `/customers/${star}/items`, `/customers/${star}/documents`])
    expect(await refusal(await house.call(`GET ${path}`, { as: agent })), path).toEqual([403, "customer_restricted"]);
  const rows = await house.get<List<CustomerRow>>("GET /customers?q=Zoe", { as: manager });
  expect(rows.rows).toHaveLength(1);
});
