/** Reconciliation, hand-back, sources and statement days by the API. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { importFile } from "../../src/books/intake/index.ts";
import { reconcileTenant } from "../../src/books/reconciliation/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { withAct } from "../../src/platform/access/index.ts";
import { creditors } from "../../src/books/customers/index.ts";
import { SYSTEM } from "../books/books.ts";
import { list } from "../leading/setting.ts";
import type { ImportJob, ImportPreview } from "../../web/console/src/api/contract.ts";
import { type ApiHouse, openApi, type Person, refusal } from "./api.ts";

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

test("a full list is looked at before it is sent; too much missing asks for a word, and waits for a manager", async () => {
  const at = (form: Record<string, string>, content: string, route = "POST /imports") => {
    const data = new FormData();
    data.set("file", new File([content], "list.csv"));
    for (const [name, value] of Object.entries({ list: "snapshot", ...form })) data.set(name, value);
    return house.call(route, { as: agent, raw: data });
  };
  const look = async (form: Record<string, string>, content: string) =>
    ((await (await at(form, content, "POST /imports/preview")).json()) as ImportPreview).snapshot;
  const taken = async (answer: Response): Promise<ImportJob> => {
    expect(answer.status, await answer.clone().text()).toBe(202);
    const { id } = (await answer.json()) as ImportJob;
    await (await house.call(`GET /imports/${id}/events`, { as: agent })).text();
    return house.get<ImportJob>(`GET /imports/${id}`, { as: agent });
  };
  const eight = Array.from({ length: 8 }, (_, index) => ({ number: `M-${index}`, amount: "10.00" }));
  const open = [
    { number: "L-0", amount: "4.00" },
    { number: "L-1", amount: "10.00" },
  ];

  expect(await look({}, list([...open, ...eight]))).toEqual({
    kind: "snapshot",
    added: 8,
    changed: 0,
    unchanged: 2,
    vanished: 0,
    vanishedAmounts: [],
    share: 0,
    limit: 0.2,
    mustConfirm: false,
  });
  expect((await taken(await at({ creditor: creditorId }, list([...open, ...eight])))).state).toBe("done");

  const rest = list([{ number: "L-0", amount: "5.00" }, ...eight.slice(0, 3)]);
  expect(await look({}, rest)).toMatchObject({
    kind: "snapshot",
    added: 0,
    changed: 1,
    unchanged: 3,
    vanished: 6,
    vanishedAmounts: [{ amount: "60.00", currency: "EUR" }],
    share: 0.6,
    mustConfirm: true,
  });
  expect(await look({ list: "default" }, rest)).toMatchObject({ kind: "delta", vanished: 0, mustConfirm: false });

  expect(await refusal(await at({}, rest))).toEqual([409, "vanished_needs_confirmation"]);
  expect(await taken(await at({ confirmSnapshot: "yes" }, rest))).toMatchObject({
    state: "failed",
    result: { error: { code: "snapshot_stopped" } },
  });
  const stops = await house.get<{ items: number; state: string }[]>("GET /reconciliation/vanished", { as: manager });
  expect(stops[0]).toMatchObject({ items: 6, of: 10, state: "waiting" });

  // A list of a day before the last one is refused, whatever it says.
  const old = await taken(await at({ asOf: "2020-01-01" }, list([...open, ...eight])));
  expect(old).toMatchObject({ state: "failed", result: { error: { code: "snapshot_outdated" } } });
  expect(await refusal(await at({ list: "everything" }, rest))).toEqual([422, "list_kind_unknown"]);
  expect((await at({ asOf: "31.02.2026" }, rest)).status).toBe(422);
});
