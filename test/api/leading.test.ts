/** Reconciliation, hand-back, sources and statement days by the API. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { importFile } from "../../src/books/intake/index.ts";
import { reconcileTenant } from "../../src/books/reconciliation/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { withAct } from "../../src/platform/access/index.ts";
import { creditors } from "../../src/books/customers/index.ts";
import { SYSTEM } from "../books/books.ts";
import { list } from "../leading/setting.ts";
import { type ApiHouse, openApi, type Person } from "./api.ts";

let house: ApiHouse;
let manager: Person;
let agent: Person;
let creditorId: string;
beforeAll(async () => {
  house = await openApi();
  const { platform, tenantId } = house.outreach;
  manager = await house.person("manager");
  agent = await house.person("agent");
  const all = await withAct(platform, tenantId, SYSTEM, creditors);
  creditorId = all[0]?.creditorId ?? "";
  await withAct(platform, tenantId, SYSTEM, (act) =>
    act.tx.execute(sql`update creditor set leads = 'erp' where creditor_id = ${creditorId}`),
  );
});
afterAll(() => house.drop());

const put = (content: string) =>
  importFile(house.outreach.platform, house.outreach.tenantId, SYSTEM, {
    name: "list.csv",
    content: Buffer.from(content),
    creditorId: creditorId as never,
    list: "snapshot",
  });
const items = Array.from({ length: 10 }, (_, index) => ({ number: `L-${index}`, amount: "10.00" }));

test("a stopped snapshot is shown with its items, and decided by a manager alone", async () => {
  expect((await put(list(items))).status).toBe("ok");
  expect(await put(list(items.slice(0, 2)))).toMatchObject({ error: { code: "snapshot_stopped" } });
  const stops = await house.get<{ id: string; items: number; of: number; state: string; mayDecide: boolean }[]>(
    "GET /reconciliation/vanished",
    { as: manager },
  );
  expect(stops).toMatchObject([
    {
      items: 8,
      of: 10,
      share: 0.8,
      state: "waiting",
      file: "list.csv",
      mayDecide: true,
      amounts: [{ amount: "80.00", currency: "EUR" }],
    },
  ]);
  const route = `/reconciliation/vanished/${stops[0]?.id}`;
  const page = await house.get<{ total: number; rows: unknown[] }>(`GET ${route}/items?limit=3`, { as: agent });
  expect([page.total, page.rows.length]).toEqual([8, 3]);
  expect((await house.call(`POST ${route}/decide`, { as: agent, body: { act: "close" } })).status).toBe(403);
  const closed = await house.call(`POST ${route}/decide`, { as: manager, body: { act: "close" } });
  expect(await closed.json()).toMatchObject({ state: "closed", mayDecide: false });
  expect((await house.call(`POST ${route}/decide`, { as: manager, body: { act: "close" } })).status).toBe(409);
});

test("the report of a day, its differences, and what one decides of them", async () => {
  const { platform, tenantId } = house.outreach;
  await reconcileTenant(platform, tenantId, SYSTEM);
  const report = await house.get<{ rows: { state: string }[]; days: unknown[] }>("GET /reconciliation", { as: agent });
  expect(report.days).toHaveLength(30);
  expect(report.rows[0]).toMatchObject({ state: "equal", currency: "EUR", leads: "erp" });
  await withAct(platform, tenantId, SYSTEM, (act) =>
    act.tx.execute(
      sql`update listed_item set listed_minor = 400 where listed_minor = 1000 and receivable_id = (select receivable_id from receivable where number = 'L-0')`,
    ),
  );
  await reconcileTenant(platform, tenantId, SYSTEM);
  const { rows } = await house.get<{ rows: { id: string }[] }>("GET /reconciliation/differences", { as: agent });
  expect(rows).toMatchObject([
    {
      number: "L-0",
      theirs: { amount: "4.00" },
      ours: { amount: "10.00" },
      difference: { amount: "6.00" },
      acts: ["take_theirs", "keep_ours", "done"],
    },
  ]);
  const decided = await house.call(`POST /reconciliation/differences/${rows[0]?.id}/decide`, {
    as: agent,
    body: { act: "take_theirs", note: null },
  });
  expect(await decided.json()).toMatchObject({ state: "done" });
  await reconcileTenant(platform, tenantId, SYSTEM);
  expect(await house.get("GET /reconciliation/differences", { as: agent })).toMatchObject({ rows: [] });
});

test("hand-back, sources and statement days answer what the console expects", async () => {
  expect(await house.get("GET /handback/pending", { as: agent })).toMatchObject([{ postings: 0, mayNot: null }]);
  expect((await house.call("POST /handback/batches", { as: agent, body: { creditorId } })).status).toBe(409);
  expect(await house.get("GET /handback/batches", { as: agent })).toMatchObject({ rows: [] });
  expect(await house.get("GET /sources", { as: agent })).toEqual({ sources: [], alarms: [], mayFetch: true });
  expect(await house.get("GET /statement-days", { as: agent })).toEqual([]);
  const excuse = { account: "DE00", day: "2026-06-01", excused: true };
  expect((await house.call("POST /statement-days/excuse", { as: agent, body: excuse })).status).toBe(404);
});
