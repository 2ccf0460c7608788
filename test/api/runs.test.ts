import { afterAll, beforeAll, expect, test } from "vitest";
import type {
  List,
  Message,
  MessageRow,
  Run,
  RunPreview,
  RunPreviewRow,
  WorkItem,
} from "../../web/console/src/api/contract.ts";
import { createTask, keepCases, proposeWriteOff, receivablesOf } from "../../src/books/receivables/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { letDueMessagesLeave } from "../../src/outreach/messaging/index.ts";
import { type CustomerId, expectOk } from "../../src/pure/kernel/index.ts";
import { day, makeItem } from "../books/books.ts";
import { type ApiHouse, openApi, type Person, refusal } from "./api.ts";

let house: ApiHouse;
let agent: Person;
let manager: Person;
let second: Person;
const customers: CustomerId[] = [];

beforeAll(async () => {
  house = await openApi();
  agent = await house.person("agent", { limit: 10_000n });
  manager = await house.person("manager", { limit: 10_000n });
  second = await house.person("manager", { limit: 10_000n });
  const { outreach } = house;
  for (let index = 0; index < 6; index += 1) {
    const id = await outreach.makeReachable(`K-${index}`, index === 5 ? {} : { email: `k${index}@kunde.example` });
    customers.push(id);
    await outreach.act(async (act) => {
      await makeItem(act, outreach, id, `R-${index}`, 50_000n + BigInt(index), { dueOn: day("2026-05-25") });
      await keepCases(act, [id], day("2026-06-01"));
    });
  }
});
afterAll(() => house.drop());

async function eventsOf(answer: Response): Promise<{ event: string; data: { state: string } }[]> {
  const text = await answer.text();
  return text
    .split("\n\n")
    .filter((block) => block.includes("event:"))
    .map((block) => ({
      event: /event: (\w+)/.exec(block)?.[1] ?? "",
      data: JSON.parse(/data: (.*)/.exec(block)?.[1] ?? "{}") as { state: string },
    }));
}

test("preview, start, follow, recall", async () => {
  const { creditorId } = house.outreach;
  const preview = await house.get<RunPreview>(`GET /runs/preview?creditor=${creditorId}`, { as: manager });
  expect(preview.decisions).toEqual({ contact: 6, wait: 0, blocked: 0 });
  expect(preview.stages.map((line) => [line.stage, line.customers, line.amount.amount])).toEqual([
    ["reminder", 6, "3000.15"],
  ]);
  expect(preview.stages[0]?.byChannel).toEqual({ email: 5, letter: 1 });
  expect([preview.mayStart, (await house.get<RunPreview>("GET /runs/preview", { as: agent })).mayStart]).toEqual([
    true,
    false,
  ]);
  const rows = await house.get<List<RunPreviewRow>>("GET /runs/preview/rows?result=contact&sort=-amount&limit=2", {
    as: agent,
  });
  expect([rows.total, rows.rows[0]?.amount.amount, rows.sums?.[0]?.amount]).toEqual([6, "500.05", "3000.15"]);
  expect((await house.get<List<unknown>>("GET /runs", { as: agent })).total).toBe(0); // nothing was stored

  const key = { "idempotency-key": "run-of-the-first" };
  const started = await house.call("POST /runs", { as: manager, body: { creditorId }, headers: key });
  expect(started.status).toBe(201);
  const { id } = (await started.json()) as Run;
  const events = await eventsOf(await house.call(`GET /runs/${id}/events`, { as: agent }));
  expect(events.at(-1)).toMatchObject({ event: "done", data: { state: "done" } });
  const again = await house.call("POST /runs", { as: manager, body: { creditorId } });
  expect([again.status, ((await again.json()) as Run).id]).toEqual([200, id]);
  const run = await house.get<Run>(`GET /runs/${id}`, { as: manager });
  expect(run).toMatchObject({ state: "done", recallable: 6, mayRecall: true, slots: { done: 1024, total: 1024 } });
  expect(run.messages.queued).toBe(6);
  expect(run.stages[0]).toMatchObject({ stage: "reminder", customers: 6, amount: { amount: "3000.15" } });
  expect((await house.get<RunPreview>(`GET /runs/preview?creditor=${creditorId}`, { as: manager })).mayStart).toBe(
    false,
  );

  // One leaves, the rest is called back and never leaves.
  const first = (await house.get<List<MessageRow>>(`GET /messages?run=${id}`, { as: agent })).rows[0];
  await house.outreach.act((act) =>
    act.tx.execute(sql`update message set leave_after = '2099-01-01' where message_id <> ${first?.id ?? ""}`),
  );
  await letDueMessagesLeave(house.outreach.outbox, house.outreach.tenantId);
  expect(await refusal(await house.call(`POST /runs/${id}/recall`, { as: agent }))).toEqual([403, "not_allowed"]);
  expect(await house.get(`POST /runs/${id}/recall`, { as: manager })).toEqual({ recalled: 5, alreadyLeft: 1 });
  const dropped = await house.get<List<MessageRow>>("GET /messages?state=dropped", { as: agent });
  expect(dropped.rows.map((row) => row.reason?.code)).toEqual(Array(5).fill("reason_recalled"));
});

test("a mail is shown as it left, in a sandbox that can load and run nothing", async () => {
  const [left] = (await house.get<List<MessageRow>>("GET /messages?state=left", { as: agent })).rows;
  const message = await house.get<Message>(`GET /messages/${left?.id}`, { as: agent });
  expect(message.why.length).toBeGreaterThan(1);
  expect(message.steps.map((step) => step.state)).toEqual(["queued", "leaving", "left"]);
  const isLetter = message.preview === "letter";
  const page = await house.call(`GET /messages/${left?.id}/${isLetter ? "letter.pdf" : "preview"}`, { as: agent });
  expect(page.status).toBe(200);
  if (!isLetter) {
    expect(message.text).toContain("R-");
    const policy = page.headers.get("content-security-policy") ?? "";
    for (const rule of ["sandbox;", "default-src 'none'", "img-src data:"]) expect(policy).toContain(rule);
    expect(policy).not.toContain("allow-scripts");
  }
  expect(
    await refusal(await house.call(`GET /messages/${left?.id}/${isLetter ? "preview" : "letter.svg"}`, { as: agent })),
  ).toEqual([404, isLetter ? "preview_not_found" : "letter_not_found"]);
});

test("a letter is shown as picture and as PDF", async () => {
  const { outreach } = house;
  const id = await outreach.makeReachable("K-letter");
  await outreach.act(async (act) => {
    await makeItem(act, outreach, id, "R-letter", 7_700n, { dueOn: day("2026-05-20") });
    await keepCases(act, [id], day("2026-06-01"));
  });
  outreach.kulanz.advance({ days: 1 });
  // A session does not last a day.
  agent = await house.person("agent", { limit: 10_000n });
  manager = await house.person("manager", { limit: 10_000n });
  second = await house.person("manager", { limit: 10_000n });
  const run = await house.get<Run>("POST /runs", { as: manager, body: { creditorId: outreach.creditorId } });
  await (await house.call(`GET /runs/${run.id}/events`, { as: agent })).text();
  await letDueMessagesLeave(outreach.outbox, outreach.tenantId);
  const [letter] = (await house.get<List<MessageRow>>(`GET /messages?customer=${id}`, { as: agent })).rows;
  expect(letter).toMatchObject({ channel: "letter", state: "left" });
  const pdf = await house.call(`GET /messages/${letter?.id}/letter.pdf`, { as: agent });
  expect(
    Buffer.from(await pdf.arrayBuffer())
      .subarray(0, 5)
      .toString(),
  ).toBe("%PDF-");
  expect(pdf.headers.get("content-disposition")).toMatch(/^inline/);
  const svg = await house.call(`GET /messages/${letter?.id}/letter.svg`, { as: agent });
  expect(await svg.text()).toMatch(/^<svg/);
}, 60_000);

test("what waits is decided within limits: above, a second person is asked", async () => {
  const { outreach } = house;
  const [one] = customers;
  if (!one) throw new Error("no customer");
  await outreach.act(async (act) => {
    await createTask(act, { customerId: one, kind: "callback", text: "bitte ab zehn", dueOn: day("2026-06-01") });
    const [item] = await receivablesOf(act, one);
    if (!item) throw new Error("no item");
    expectOk(await proposeWriteOff(act, one, item.receivableId, "zu klein", day("2026-06-01")));
  });
  const list = await house.get<List<WorkItem> & { counts: Record<string, number> }>("GET /worklist", { as: agent });
  expect(list.counts).toMatchObject({ callback: 1, write_off: 1 });
  const callback = list.rows.find((row) => row.kind === "callback");
  expect([callback?.latest?.text, callback?.acts[0]]).toEqual(["bitte ab zehn", "done"]);
  const decide = (who: Person, id: string | undefined, act: string) =>
    house.call(`POST /worklist/${id}/decide`, { as: who, body: { act, until: null, note: null } });
  expect((await decide(agent, callback?.id, "done")).status).toBe(200);
  expect(await refusal(await decide(agent, callback?.id, "done"))).toEqual([409, "already_done"]);
  expect((await house.call(`POST /worklist/${callback?.id}/reopen`, { as: agent })).status).toBe(200);

  const proposal = list.rows.find((row) => row.kind === "write_off");
  const first = await decide(manager, proposal?.id, "approve");
  expect((await first.json()) as WorkItem).toMatchObject({ agreedBy: expect.stringContaining("manager") as string });
  expect(await refusal(await decide(manager, proposal?.id, "approve"))).toEqual([403, "act_not_possible"]);
  expect((await decide(second, proposal?.id, "approve")).status).toBe(200);
  const [after] = await outreach.act((act) => receivablesOf(act, one));
  expect(after?.openTotal).toBe(0n);
});

test("wrong input is told by field, as problem+json", async () => {
  const wrong: [string, unknown][] = [
    ["GET /customers?limit=0", undefined],
    ["GET /customers?nonsense=1", undefined],
    ["GET /customers/export?format=pdf", undefined],
    ["GET /messages/not-an-id", undefined],
    ["GET /customers?sort=secret", undefined],
    [`POST /customers/${customers[0]}/holds`, { ground: "because", until: null, itemId: null, note: null }],
    [`POST /customers/${customers[0]}/notes`, { text: "" }],
    ["POST /runs", { creditorId: house.outreach.creditorId, date: "2026-13-40" }],
    ["POST /runs", { creditorId: house.outreach.creditorId, date: "2027-01-01" }],
  ];
  for (const [route, body] of wrong) {
    const answer = await house.call(route, { as: manager, ...(body !== undefined && { body }) });
    expect([answer.status, answer.headers.get("content-type")], route).toEqual([
      422,
      "application/problem+json; charset=utf-8",
    ]);
    expect(((await answer.json()) as { where?: string }).where, route).toMatch(/./);
  }
  const malformed = await house.call("POST /runs", {
    as: manager,
    raw: "{",
    headers: { "content-type": "application/json" },
  });
  expect(await refusal(malformed)).toEqual([400, "body_malformed"]);
  const missing = await house.call("POST /runs", { as: manager });
  expect([missing.status >= 400, missing.status < 500]).toEqual([true, true]);
});
