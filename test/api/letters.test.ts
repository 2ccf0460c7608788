/** Letters as the API sees them: one that came back, and all of a day for the printer. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { List, Message, MessageRow, PrintDay } from "../../web/console/src/api/contract.ts";
import { protectCustomer } from "../../src/books/customers/index.ts";
import { keepCases } from "../../src/books/receivables/index.ts";
import { runDunning } from "../../src/outreach/dunning/index.ts";
import { letDueMessagesLeave } from "../../src/outreach/messaging/index.ts";
import { expectOk } from "../../src/pure/kernel/index.ts";
import { day, makeItem, SYSTEM } from "../books/books.ts";
import { type ApiHouse, openApi, type Person, refusal } from "./api.ts";

let house: ApiHouse;
let admin: Person;
let auditor: Person;
beforeAll(async () => {
  house = await openApi();
  house.outreach.kulanz.setNow(new Date("2026-06-12T08:00:00Z"));
  admin = await house.person("admin");
  auditor = await house.person("auditor");
});
afterAll(() => house.drop());

test("a letter came back: saying it twice changes nothing, who only reads can't say it", async () => {
  const { outreach } = house;
  const id = await outreach.makeReachable("K-back");
  await outreach.act(async (act) => {
    await makeItem(act, outreach, id, "R-back", 9_900n, { dueOn: day("2026-05-25") });
    await keepCases(act, [id], day("2026-06-02"));
  });
  expectOk(
    await runDunning(outreach.platform, outreach.tenantId, SYSTEM, {
      creditorId: outreach.creditorId,
      businessDate: day("2026-06-12"),
    }),
  );
  await letDueMessagesLeave(outreach.outbox, outreach.tenantId);
  const { rows } = await house.get<List<MessageRow>>(`GET /messages?customer=${id}`, { as: admin });
  const route = `/messages/${rows[0]?.id}`;
  expect(rows.map(({ state, channel }) => [state, channel])).toEqual([["left", "letter"]]);
  expect((await house.get<Message>(`GET ${route}`, { as: auditor })).mayMarkBounced).toBe(false);
  expect((await house.call(`POST ${route}/bounced`, { as: auditor })).status).toBe(403);
  expect((await house.get<Message>(`GET ${route}`, { as: admin })).mayMarkBounced).toBe(true);
  for (const _ of ["once", "twice"])
    expect(await house.get<Message>(`POST ${route}/bounced`, { as: admin })).toMatchObject({
      evidence: "revoked",
      mayMarkBounced: false,
    });
  const unknown = "POST /messages/00000000-0000-4000-8000-000000000000/bounced";
  expect(await refusal(await house.call(unknown, { as: admin }))).toEqual([404, "message_not_found"]);
});

test("the letters of a day are one PDF, without those of protected files for who may not open them", async () => {
  const { outreach } = house;
  const { creditorId } = outreach;
  const [batch] = await house.get<PrintDay[]>(`GET /print-batches?creditor=${creditorId}`, { as: admin });
  expect(batch).toEqual({ day: "2026-06-12", letters: 1, files: 1 });
  const route = "GET /print-batches/2026-06-12";
  const [first, again] = [await house.call(route, { as: admin }), await house.call(route, { as: admin })];
  expect([first.status, first.headers.get("content-type")]).toEqual([200, "application/pdf"]);
  const bytes = Buffer.from(await first.arrayBuffer());
  expect(bytes.subarray(0, 5).toString()).toBe("%PDF-");
  expect(bytes.equals(Buffer.from(await again.arrayBuffer()))).toBe(true);
  for (const [path, status, code] of [
    ["2026-06-12?part=2", 404, "no_letters"],
    ["2026-06-13", 404, "no_letters"],
    ["2026-13-40", 422, "input_invalid"],
    ["2026-06-12?part=0", 422, "input_invalid"],
    ["2026-06-12?creditor=00000000-0000-4000-8000-000000000000", 404, "creditor_unknown"],
  ] as const)
    expect(await refusal(await house.call(`GET /print-batches/${path}`, { as: admin })), path).toEqual([status, code]);
  const [row] = (await house.get<List<MessageRow>>("GET /messages?channel=letter", { as: admin })).rows;
  const agent = await house.person("agent");
  expect(await house.get<PrintDay[]>("GET /print-batches", { as: agent })).toHaveLength(1);
  await outreach.act((act) => protectCustomer(act, row?.customer?.id as never, []));
  expect(await house.get<PrintDay[]>("GET /print-batches", { as: agent })).toEqual([]);
  expect(await refusal(await house.call(route, { as: agent }))).toEqual([404, "no_letters"]);
  expect((await house.call(route, { as: admin })).status).toBe(200);
});
