import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditEntry, List, Message, MessageRow, SignedIn, User } from "../../web/console/src/api/contract.ts";
import { keepCases, tasks } from "../../src/books/receivables/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { day, makeItem } from "../books/books.ts";
import { type ApiHouse, openApi, type Person, PUBLIC_URL, refusal } from "./api.ts";

let house: ApiHouse;
let admin: Person;
beforeAll(async () => {
  house = await openApi();
  admin = await house.person("admin");
});
afterAll(() => house.drop());

/** A browser that has opened the sign-in page. */
async function visit(): Promise<Record<string, string>> {
  const page = await house.call("GET /session");
  const { csrfToken } = (await page.json()) as { csrfToken: string };
  const cookie = page.headers.get("set-cookie")?.split(";")[0] ?? "";
  return { cookie, "x-csrf-token": csrfToken, origin: PUBLIC_URL };
}

test("a person is added, sets the password by the link, signs in and out", async () => {
  const body = {
    name: "Neu Ling",
    email: "neu@beispiel.example",
    role: "agent",
    limit: { amount: "50.00", currency: "EUR" },
    language: "de",
  };
  const added = await house.get<{ user: User; link: { url: string } }>("POST /users", { as: admin, body });
  expect(added.user).toMatchObject({ hasPassword: false, limit: { amount: "50.00" } });
  expect(await refusal(await house.call("POST /users", { as: admin, body }))).toEqual([409, "email_taken"]);
  const [address, token = ""] = added.link.url.split("#");
  expect(address).toBe(`${PUBLIC_URL}/einrichten`);

  const headers = await visit();
  expect(await house.get("POST /sign-in-links/inspect", { headers, body: { token } })).toMatchObject({
    valid: true,
    name: "Neu Ling",
  });
  expect(
    await refusal(await house.call("POST /sign-in-links/use", { headers, body: { token, password: "kurz" } })),
  ).toEqual([422, "password_too_short"]);
  const password = "sieben Reiher am Ufer";
  const used = await house.call("POST /sign-in-links/use", { headers, body: { token, password } });
  expect(used.status).toBe(200);
  expect(await house.get("POST /sign-in-links/inspect", { headers, body: { token } })).toMatchObject({
    valid: false,
    name: null,
  });

  expect(
    await refusal(await house.call("POST /session", { headers, body: { email: body.email, password: "falsch" } })),
  ).toEqual([401, "wrong_credentials"]);
  const { cookie: _, ...noVisit } = headers;
  expect(
    await refusal(await house.call("POST /session", { headers: noVisit, body: { email: body.email, password } })),
  ).toEqual([403, "csrf_missing"]);
  const opened = await house.call("POST /session", { headers, body: { email: body.email, password } });
  const cookie = opened.headers.get("set-cookie")?.split(";")[0] ?? "";
  expect(opened.headers.get("set-cookie")).toMatch(/HttpOnly.*SameSite/i);
  const session = (await opened.json()) as SignedIn;
  const mine = { cookie, "x-csrf-token": session.csrfToken };
  expect(await house.get("PATCH /me", { headers: mine, body: { language: "en" } })).toMatchObject({
    language: "en",
    singleKeys: true,
  });
  expect(
    await refusal(
      await house.call("PUT /me/password", {
        headers: mine,
        body: { current: "falsch", next: "acht Reiher am anderen Ufer" },
      }),
    ),
  ).toEqual([403, "password_wrong"]);
  expect((await house.call("DELETE /session", { headers: mine })).status).toBe(204);
  expect(await house.get("GET /session", { headers: { cookie } })).toMatchObject({ signedIn: false });
});

test("a disabled person is out; the last admin stays", async () => {
  const agent = await house.person("agent");
  expect(await house.get(`PATCH /users/${agent.userId}`, { as: admin, body: { disabled: true } })).toMatchObject({
    disabledAt: expect.any(String) as string,
  });
  expect((await house.call("GET /customers", { as: agent })).status).toBe(401);
  expect(
    await refusal(await house.call(`PATCH /users/${admin.userId}`, { as: admin, body: { disabled: true } })),
  ).toEqual([409, "last_admin"]);
});

test("keys are shown once, work, and are revoked; the chain of what was done holds", async () => {
  const made = await house.get<{ key: { id: string }; secret: string }>("POST /api-keys", {
    as: admin,
    body: { name: "Shop", role: "agent", expiresOn: "2026-12-31" },
  });
  expect((await house.call("GET /customers", { key: made.secret })).status).toBe(200);
  expect(JSON.stringify(await house.get("GET /api-keys", { as: admin }))).not.toContain(made.secret);
  expect((await house.call(`DELETE /api-keys/${made.key.id}`, { as: admin })).status).toBe(204);
  expect((await house.call("GET /customers", { key: made.secret })).status).toBe(401);
  const audit = await house.get<List<AuditEntry>>("GET /audit?act=api_key.revoked", { as: admin });
  expect(audit.rows).toMatchObject([{ subject: made.key.id, actor: `user:${admin.userId}` }]);
  expect(await house.get("POST /audit/verify", { as: admin })).toMatchObject({ intact: true, brokenAt: null });
});

test("the same key with the same request does the work once", async () => {
  const { outreach } = house;
  const customer = await outreach.makeReachable("K-once");
  const headers = { "idempotency-key": "note-0001" };
  const write = () =>
    house.get<{ id: string }>(`POST /customers/${customer}/notes`, { as: admin, body: { text: "einmal" }, headers });
  const [first, again] = [await write(), await write()];
  expect(again.id).toBe(first.id);
  const other = await house.call(`POST /customers/${customer}/notes`, { as: admin, body: { text: "anders" }, headers });
  expect(await refusal(other)).toEqual([422, "idempotency_key_reused"]);
});

test("a message with an unclear outcome is settled by a person, and its task with it", async () => {
  const { outreach } = house;
  const ids: string[] = [];
  for (const number of ["K-left", "K-again", "K-drop"]) {
    const id = await outreach.makeReachable(number, { email: `${number.toLowerCase()}@kunde.example` });
    await outreach.act(async (act) => {
      await makeItem(act, outreach, id, `R-${number}`, 9_900n, { dueOn: day("2026-05-25") });
      await keepCases(act, [id], day("2026-06-01"));
    });
    ids.push(id);
  }
  const run = await house.get<{ id: string }>("POST /runs", { as: admin, body: { creditorId: outreach.creditorId } });
  await (await house.call(`GET /runs/${run.id}/events`, { as: admin })).text();
  const { rows } = await house.get<List<MessageRow>>(`GET /messages?run=${run.id}&sort=createdAt`, { as: admin });
  await outreach.act(async (act) => {
    const { createTask } = await import("../../src/books/receivables/index.ts");
    for (const row of rows)
      await createTask(act, {
        customerId: row.customer?.id as never,
        kind: "parked_message",
        facts: { messageId: row.id },
        dueOn: day("2026-06-01"),
      });
    await act.tx.execute(sql`update message set state = 'unknown', reason = 'process_died'`);
  });
  const decisions = ["left", "send_again", "drop"] as const;
  const states: string[] = [];
  for (const [index, decision] of decisions.entries()) {
    const row = rows[index];
    expect((await house.get<Message>(`GET /messages/${row?.id}`, { as: admin })).mayDecide).toBe(true);
    states.push(
      (await house.get<Message>(`POST /messages/${row?.id}/decide`, { as: admin, body: { decision } })).state,
    );
    expect(
      await refusal(await house.call(`POST /messages/${row?.id}/decide`, { as: admin, body: { decision } })),
    ).toEqual([409, "already_done"]);
  }
  expect(states).toEqual(["left", "queued", "dropped"]);
  expect(await outreach.act((act) => tasks(act, { kind: "parked_message" }))).toEqual([]);
});

test("a test message needs a mail server", async () => {
  const [strategy] = (await house.get<List<{ id: string }>>("GET /strategies", { as: admin })).rows;
  const route = `POST /strategies/${strategy?.id}/stages/reminder/test`;
  expect(await refusal(await house.call(route, { as: admin, body: { language: "de" } }))).toEqual([409, "no_sender"]);
});
