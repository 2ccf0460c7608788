/**
 * Made from the table of routes: no route shows or takes anything of another tenant; no route answers without a caller;
 * an auditor changes nothing.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { READING, withAct } from "../../src/platform/access/index.ts";
import { protectCustomer } from "../../src/books/customers/index.ts";
import { addNote } from "../../src/books/customers/index.ts";
import { attachDocument, createTask, keepCases, placeHold } from "../../src/books/receivables/index.ts";
import { findings, stateFinding } from "../../src/books/checking/index.ts";
import { importFile } from "../../src/books/intake/index.ts";
import { matchEntries } from "../../src/books/matching/index.ts";
import { runDunning } from "../../src/outreach/dunning/index.ts";
import { letDueMessagesLeave } from "../../src/outreach/messaging/index.ts";
import { EUR, expectOk, type ReceivableId, type TenantId } from "../../src/pure/kernel/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { day, makeCreditor, makeItem, SYSTEM } from "../books/books.ts";
import { type ApiHouse, openApi, type Person, refusal } from "./api.ts";
import { statementFile } from "./files.ts";
import { plantFacts } from "./planted.ts";

let house: ApiHouse;
let stranger: Person;
let strangerKey: string;
let auditor: Person;
let agent: Person;
/** Ids of the first tenant by name of the path parameter. */
const ids: Record<string, string> = {};
/** What must never be seen by the second tenant. */
const planted = [
  "Zwiebelmond",
  "quastenweg",
  "K-777123",
  "R-777456",
  "zwiebelmond@planted.example",
  "DE02120300000000202051",
  "Blumenhof",
];

beforeAll(async () => {
  house = await openApi();
  const { outreach } = house;
  const { platform, tenantId, kulanz } = outreach;
  agent = await house.person("agent");
  auditor = await house.person("auditor");
  const customer = await outreach.makeReachable("K-777123", {
    email: "zwiebelmond@planted.example",
    firstName: "Zwiebelmond",
  });
  ids["customerId"] = customer;
  ids["creditor"] = outreach.creditorId;
  await outreach.act(async (act) => {
    const item = await makeItem(act, outreach, customer, "R-777456", 11_900n, { dueOn: day("2026-05-10") });
    ids["itemId"] = item;
    ids["documentId"] = await attachDocument(act, {
      customerId: customer,
      receivableId: item,
      kind: "original_invoice",
      mediaType: "application/pdf",
      bytes: Buffer.from("%PDF-1.7 Zwiebelmond"),
    });
    await keepCases(act, [customer], day("2026-06-01"));
    ids["workId"] = await createTask(act, {
      customerId: customer,
      kind: "callback",
      text: "Zwiebelmond",
      dueOn: day("2026-06-01"),
    });
    expectOk(await addNote(act, customer, "Zwiebelmond rief an"));
  });
  const run = expectOk(
    await runDunning(platform, tenantId, SYSTEM, { creditorId: outreach.creditorId, businessDate: day("2026-06-01") }),
  );
  ids["runId"] = run.runId;
  await letDueMessagesLeave(outreach.outbox, tenantId);
  const [message] = (await house.get<{ rows: { id: string; state: string }[] }>("GET /messages", { as: agent })).rows;
  if (!message) throw new Error("no message was made");
  ids["messageId"] = message.id;
  const report = await importFile(platform, tenantId, SYSTEM, {
    name: "Zwiebelmond-auszug.xml",
    content: Buffer.from(statementFile("DE02120300000000202051", [["Zwiebelmond", "irgendwas quastenweg", "12.34"]])),
  });
  expect(report.status).toBe("ok");
  await matchEntries(platform, tenantId, SYSTEM, {});
  const [entry] = (await house.get<{ rows: { id: string }[] }>("GET /bank/entries", { as: agent })).rows;
  ids["entryId"] = entry?.id ?? "";
  const [file] = (await house.get<{ rows: { id: string }[] }>("GET /imports", { as: agent })).rows;
  ids["importId"] = file?.id ?? "";
  const [strategy] = (await house.get<{ rows: { id: string }[] }>("GET /strategies", { as: agent })).rows;
  ids["strategyId"] = strategy?.id ?? "";
  ids["stageKey"] = "reminder";
  ids["day"] = "2026-06-01";
  ids["ruleKey"] = "due_too_late";
  await outreach.act(async (act) => {
    const item = { customerId: customer, receivableId: ids["itemId"] as ReceivableId, creditorId: outreach.creditorId };
    await stateFinding(act, item, "wrong_customer_kind", { stated: "consumer" });
    const [found] = (await findings(act, {}, { limit: 1 })).rows;
    ids["findingId"] = found?.findingId ?? "";
  });
  await outreach.act(async (act) => {
    ids["holdId"] = expectOk(
      await placeHold(act, {
        customerId: customer,
        ground: "manual",
        startsOn: day("2026-06-01"),
        comment: "Zwiebelmond",
      }),
    );
  });
  await plantFacts(house, ids);
  ids["userId"] = agent.userId;
  await house.key("agent");
  const [key] = (await house.get<{ rows: { id: string }[] }>("GET /api-keys", { as: auditor })).rows;
  ids["keyId"] = key?.id ?? "";

  const other: TenantId = await kulanz.createTenant("Fremde Werke");
  await withAct(platform, other, SYSTEM, (act) => makeCreditor(act, "DE89370400440532013000", "fremd"));
  stranger = await house.person("admin", { tenantId: other, limit: 1_000_000n });
  strangerKey = await house.key("admin", other);
}, 180_000);
afterAll(() => house.drop());

const fill = (path: string): string => path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? `no-${name}`);

/** A body that would do something, with ids of the first tenant. */
function bodyOf(method: string, path: string): unknown {
  const money = { amount: "1.00", currency: "EUR" };
  const bodies: Record<string, unknown> = {
    "post /worklist/{workId}/decide": { act: "done", until: null, note: null },
    "post /customers/{customerId}/holds": { ground: "other", until: "2026-07-01", itemId: ids["itemId"], note: null },
    "post /customers/{customerId}/notes": { text: "gesehen" },
    "post /customers/{customerId}/write-offs": { itemId: ids["itemId"], amount: money, reason: "klein" },
    "post /bank/entries/{entryId}/book": {
      customerId: ids["customerId"],
      items: [{ itemId: ids["itemId"], amount: money }],
    },
    "post /findings/{findingId}/decide": { act: "dismiss", reason: "gesehen" },
    "patch /check-rules/{ruleKey}": { creditorId: ids["creditor"], on: false },
    "post /orders/events": [{ orderNumber: "B-1", event: "shipped", on: "2026-06-01", creditorId: ids["creditor"] }],
    "post /bank/duplicate-payments/{workId}/decide": { act: "keep" },
    "post /bank/payouts/{payoutId}/decide": { act: "set_aside" },
    "post /bank/payouts/{payoutId}/lines/{line}/decide": { act: "book", customerId: ids["customerId"] },
    "put /creditors/{creditor}/settlement-mappings": { mappings: [] },
    "post /bank/book-sure": { kind: "number", entryIds: [ids["entryId"]] },
    "post /bank/reopen": { entryIds: [ids["entryId"]] },
    "post /bank/accounts/{accountId}/forget": { customerId: ids["customerId"] },
    "post /bank/accounts/{accountId}/remember": { customerId: ids["customerId"] },
    "post /bank/review/{reviewId}": { verdict: "wrong" },
    "post /duplicates/{pairId}/decide": { act: "different" },
    "post /reconciliation/differences/{workId}/decide": { act: "done", note: null },
    "post /reconciliation/vanished/{stopId}/decide": { act: "close" },
    "post /handback/batches": { creditorId: ids["creditor"] },
    "post /statement-days/excuse": { account: "DE02120300000000202051", day: "2026-06-01", excused: true },
    "post /refunds": { customerId: ids["customerId"], itemId: ids["itemId"], amount: money, reason: null },
    "post /refunds/{refundId}/decide": { act: "withdraw" },
    "post /refund-files": { creditorId: ids["creditor"] },
    "post /runs": { creditorId: ids["creditor"] },
    "post /messages/{messageId}/decide": { decision: "drop" },
    "post /strategies/{strategyId}/stages/{stageKey}/test": { language: "de" },
    "patch /users/{userId}": { disabled: true },
    "post /users": { name: "Neu", email: "neu@fremd.example", role: "agent", limit: money, language: "de" },
    "post /api-keys": { name: "Neu", role: "agent", expiresOn: null },
    "patch /me": { language: "en" },
    "put /me/password": { current: "falsch", next: "auch falsch und lang" },
  };
  return bodies[`${method} ${path}`] ?? {};
}

/** Ids of the first tenant in every query parameter that takes one. */
function queryOf(path: string): string {
  const ids_ = `creditor=${ids["creditor"]}`;
  if (path === "/messages" || path === "/messages/export") return `customer=${ids["customerId"]}&run=${ids["runId"]}`;
  if (path.endsWith("/events") || path.includes("{") || path === "/openapi.json") return "";
  return ["/session", "/users", "/api-keys", "/audit/verify"].includes(path) ? "" : ids_;
}

const snapshot = (): Promise<string> =>
  house.outreach.act(async (act) => {
    const row = await act.tx.one<{ state: string }>(sql`
      select concat_ws('/', (select count(*) from hold), (select count(*) from note), (select count(*) from task),
        (select string_agg(state, ',' order by task_id) from task),
        (select string_agg(state, ',' order by finding_id) from finding), (select string_agg(settings::text, ',') from creditor),
        (select count(*) from order_event_waiting),
        (select string_agg(concat(file_id, paid_on), ',' order by refund_id) from refund), (select count(*) from refund_file),
        (select count(*) from hand_back_batch), (select string_agg(state, ',' order by pair_id) from duplicate_proposal),
        (select string_agg(state, ',' order by fingerprint) from payout), (select count(*) from posting),
        (select string_agg(state, ',' order by message_id) from message), (select count(*) from dunning_run),
        (select string_agg(status, ',' order by fingerprint) from bank_entry), (select count(*) from import_file),
        (select count(*) from app_user where disabled_at is null), (select count(*) from api_key where revoked_at is null)) as state`);
    return row?.state ?? "";
  });

test("the table covers every kind of id that was planted", () => {
  const named = new Set(house.table.flatMap(({ path }) => [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])));
  for (const name of named) expect(ids[name ?? ""], name).toMatch(/./);
  expect(house.table.length).toBeGreaterThan(55);
});

test("the first tenant itself sees what was planted (or this test proves nothing)", async () => {
  const text = await Promise.all(
    [
      "/customers",
      `/customers/${ids["customerId"]}`,
      "/bank/entries",
      "/imports",
      "/messages",
      `/messages/${ids["messageId"]}`,
      "/worklist",
    ].map(async (path) => (await house.call(`GET ${path}`, { as: agent })).text()),
  );
  for (const word of ["Zwiebelmond", "K-777123", "quastenweg"]) expect(text.join("\n")).toContain(word);
});

describe("a second tenant", () => {
  test.each(["session", "key"])("sees and changes nothing of the first by any route (%s)", async (how) => {
    const before = await snapshot();
    const who = how === "key" ? { key: strangerKey } : { as: stranger };
    for (const { method, path } of house.table) {
      if (path === "/session" || path.startsWith("/sign-in-links") || path === "/me/password") continue;
      if (path === "/imports" && method === "post") continue; // takes a file, see imports.test.ts
      const query = [queryOf(path), path.endsWith("/export") ? "format=csv" : ""]
        .filter((part) => part !== "")
        .join("&");
      const body = method === "get" || method === "delete" ? undefined : bodyOf(method, path);
      const called = `${method.toUpperCase()} ${fill(path)}${query === "" || method !== "get" ? "" : `?${query}`}`;
      const answer = await house.call(called, { ...who, ...(body !== undefined && { body }) });
      const text = await answer.text();
      for (const word of planted)
        expect(text.toLowerCase(), `${called}: ${text.slice(0, 300)}`).not.toContain(word.toLowerCase());
      expect(answer.status, `${called}: ${text.slice(0, 300)}`).toBeLessThan(500);
      if (path.includes("{"))
        expect([404, 403, 422], `${called}: ${answer.status} ${text.slice(0, 200)}`).toContain(answer.status);
      else if (query.includes("creditor=") && method === "get") expect([404, 403], called).toContain(answer.status);
      else if (method === "get" && text.startsWith('{"rows":')) {
        const { total } = JSON.parse(text) as { total: number };
        if (!["/users", "/api-keys", "/audit"].includes(path)) expect(total, called).toBe(0);
      }
    }
    expect(await snapshot()).toBe(before);
  });
});

test("without a caller every route but the sign-in answers 401", async () => {
  for (const { method, path, permission } of house.table) {
    if (permission === "anyone") continue;
    const answer = await house.call(`${method.toUpperCase()} ${fill(path)}`);
    expect([answer.status, answer.headers.get("content-type")], path).toEqual([
      401,
      "application/problem+json; charset=utf-8",
    ]);
  }
});

test("an auditor changes nothing", async () => {
  const before = await snapshot();
  for (const { method, path, permission } of house.table) {
    if (method === "get" || permission === "anyone" || permission === "signed_in" || path === "/audit/verify") continue;
    expect(READING.has(permission as never), path).toBe(false);
    const answer = await house.call(`${method.toUpperCase()} ${fill(path)}`, {
      as: auditor,
      ...(method !== "delete" && { body: bodyOf(method, path) }),
    });
    expect(await refusal(answer), path).toEqual([403, "not_allowed"]);
  }
  expect(await snapshot()).toBe(before);
});

test("people, keys and the audit chain are the admin's and the auditor's alone, as lists and as files", async () => {
  for (const path of ["/users", "/api-keys", "/audit", "/audit/export?format=csv"])
    expect(await refusal(await house.call(`GET ${path}`, { as: agent })), path).toEqual([403, "not_allowed"]);
  expect((await house.call("GET /audit/export?format=csv", { as: auditor })).status).toBe(200);
});

test("an agent starts no run and manages nobody", async () => {
  for (const route of ["POST /runs", "POST /users", "POST /api-keys", `POST /runs/${ids["runId"]}/recall`])
    expect(await refusal(await house.call(route, { as: agent, body: {} })), route).toEqual([403, "not_allowed"]);
});

test("every unsafe route refuses a browser without the csrf token", async () => {
  for (const { method, path, permission } of house.table) {
    if (method === "get" || permission === "anyone") continue;
    const answer = await house.call(`${method.toUpperCase()} ${fill(path)}`, {
      headers: { cookie: `kulanz=${agent.cookie}` },
    });
    expect(await refusal(answer), path).toEqual([403, "csrf_missing"]);
  }
});

test("a protected customer's things are closed by every route of the table", async () => {
  await house.outreach.act((act) => protectCustomer(act, ids["customerId"] as never, []));
  for (const { method, path } of house.table) {
    if (!/\{(customerId|workId|messageId|documentId|itemId)\}/.test(path)) continue;
    const body = method === "get" ? undefined : bodyOf(method, path);
    const answer = await house.call(
      `${method.toUpperCase()} ${fill(path)}${path.endsWith("/export") ? "?format=csv" : ""}`,
      {
        as: agent,
        ...(body !== undefined && { body }),
      },
    );
    const text = await answer.text();
    expect([403, 404], `${method} ${path}: ${answer.status} ${text.slice(0, 200)}`).toContain(answer.status);
    expect(text).not.toContain("Zwiebelmond");
  }
  await house.outreach.act((act) => protectCustomer(act, ids["customerId"] as never, null));
});

test("the description lists every route and is whole", async () => {
  const document = await house.get<{
    openapi: string;
    paths: Record<string, Record<string, { responses: Record<string, unknown>; summary: string }>>;
    components: { schemas: Record<string, unknown> };
  }>("GET /openapi.json");
  expect(document.openapi).toBe("3.1.0");
  for (const { method, path } of house.table) {
    const operation = document.paths[path]?.[method];
    expect(operation, `${method} ${path}`).toBeDefined();
    expect(operation?.summary).toMatch(/./);
    expect(Object.keys(operation?.responses ?? {}).some((status) => status.startsWith("2"))).toBe(true);
  }
  const routes = Object.entries(document.paths).flatMap(([path, one]) =>
    Object.keys(one).map((method) => `${method} ${path}`),
  );
  expect(routes.sort()).toEqual(house.table.map(({ method, path }) => `${method} ${path}`).sort());
  // Every reference leads somewhere.
  for (const [, name = ""] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g))
    expect(document.components.schemas, name).toHaveProperty(name);
  expect(EUR).toBe("EUR");
});
