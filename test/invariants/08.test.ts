/** Invariant 8: a tenant sees its own rows only, by row security, in every table there is. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { importFile } from "../../src/books/intake/index.ts";
import { matchEntries } from "../../src/books/matching/index.ts";
import { addNote } from "../../src/books/customers/index.ts";
import { createTask, placeHold } from "../../src/books/receivables/index.ts";
import { createPortalLink } from "../../src/outreach/messaging/index.ts";
import { identifier, sql } from "../../src/platform/database/index.ts";
import { expectOk, type TenantId, type Uuid } from "../../src/pure/kernel/index.ts";
import { camt053 } from "../books/banking-files.ts";
import { day, makeItem, SYSTEM } from "../books/books.ts";
import { openSetting, type Setting } from "./setting.ts";

let s: Setting;
let stranger: TenantId;
interface Table {
  readonly name: string;
  readonly kind: string;
  readonly tenant: boolean;
  readonly secured: boolean;
  readonly policies: readonly string[];
}
let tables: readonly Table[];

beforeAll(async () => {
  s = await openSetting();
  stranger = await s.kulanz.createTenant("Fremde GmbH");
  tables = await s.kulanz.database.owner((tx) =>
    tx.rows<Table>(sql`
      select c.relname::text as name, split_part(obj_description(c.oid), ':', 1) as kind, c.relrowsecurity as secured,
             exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnotnull) as tenant,
             array(select concat_ws(' ', p.polcmd, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
                     from pg_policy p where p.polrelid = c.oid) as policies
        from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`),
  );
  const put = (name: string, content: Buffer | string) =>
    importFile(s.platform, s.tenantId, SYSTEM, { name, content: Buffer.from(content) });
  const customerId = await s.makeReachable("8001");
  await s.act(async (act) => {
    await makeItem(act, s, customerId, "RE-8001", 3000n, { dueOn: day("2026-05-20") });
    await makeItem(act, s, customerId, "RE-8002", 4000n, { dueOn: day("2026-05-20") });
    expectOk(await addNote(act, customerId, "Rückruf"));
    expectOk(
      await placeHold(act, { customerId, ground: "callback", startsOn: day("2027-06-08"), endsOn: day("2027-06-09") }),
    );
    await createTask(act, { customerId, kind: "callback", dueOn: day("2026-06-08") });
  });
  await put("s.xml", camt053({ payments: [{ amount: "30.00", text: "RE-8001", name: "Erika Musterfrau" }] }));
  await matchEntries(s.platform, s.tenantId, SYSTEM, {});
  s.kulanz.setNow(new Date("2026-06-08T08:00:00Z"));
  await s.run(day("2026-06-08"));
  await s.leave();
  await s.act(async (act) => {
    const found = await act.tx.one<{ case_id: string }>(sql`select case_id from dunning_case`);
    const expiresAt = new Date("2026-07-01T00:00:00Z");
    await createPortalLink(act, { customerId, caseId: found?.case_id as never, expiresAt, typed: false });
  });
});
afterAll(() => s.drop());

const tenantTables = () => tables.filter((table) => table.kind !== "platform");
const count = (name: string) => sql`select count(*)::integer as n from ${identifier(name)}`;

test("every table of a tenant carries it and has exactly the one policy; a platform table has no tenant", () => {
  expect(tables.length).toBeGreaterThan(35);
  const tenant = "(tenant_id = COALESCE(( SELECT kulanz_tenant() AS kulanz_tenant), kulanz_tenant()))";
  const policy = `* ${tenant} ${tenant}`;
  for (const table of tenantTables())
    expect(table).toEqual({ ...table, tenant: true, secured: true, policies: [policy] });
  for (const table of tables.filter((one) => one.kind === "platform"))
    expect([table.name, table.tenant]).toEqual([table.name, false]);
});

test("another tenant's rows are invisible in every table, and can't be taken over, changed or made", async () => {
  const filled = [];
  for (const { name } of tenantTables()) {
    const all = await s.kulanz.database.owner((tx) =>
      tx.rows<{ tenant_id: string; n: number }>(sql`
      select tenant_id, count(*)::integer as n from ${identifier(name)} group by 1`),
    );
    const of = (tenantId: Uuid) => all.find((row) => row.tenant_id === tenantId)?.n ?? 0;
    for (const tenantId of [s.tenantId, stranger])
      expect([name, await s.kulanz.database.tenant(tenantId, (tx) => tx.one(count(name)))]).toEqual([
        name,
        { n: of(tenantId) },
      ]);
    if (of(s.tenantId) > 0) filled.push(name);
    // A row of one's own can't be given to another tenant, where rows may be changed at all.
    const giving = s.kulanz.database.tenant(s.tenantId, (tx) =>
      tx.execute(sql`update ${identifier(name)} set tenant_id = ${stranger}`),
    );
    if (of(s.tenantId) > 0) await expect(giving, name).rejects.toThrow(/row-level security|permission denied/);
    else await giving.catch((error: Error) => expect(error.message).toMatch(/row-level security|permission denied/));
    // Nor can another's row be taken or removed: there is none.
    for (const change of [
      sql`update ${identifier(name)} set tenant_id = ${stranger} where tenant_id = ${s.tenantId}`,
      sql`delete from ${identifier(name)} where tenant_id = ${s.tenantId}`,
    ]) {
      const taken = await s.kulanz.database
        .tenant(stranger, (tx) => tx.execute(change))
        .catch((error: Error) => error.message);
      expect([name, taken]).toEqual([name, taken === 0 ? 0 : expect.stringMatching(/permission denied/)]);
    }
  }
  expect(filled.length).toBeGreaterThan(25);
});

test("with no tenant set every table of a tenant raises an error instead of being empty", async () => {
  for (const { name } of tenantTables())
    await expect(
      s.kulanz.database.tenant(s.tenantId, async (tx) => {
        await tx.execute(sql`reset kulanz.tenant`);
        await tx.rows(sql`select * from ${identifier(name)} limit 1`);
      }),
      name,
    ).rejects.toThrow(/kulanz\.tenant|invalid input syntax for type uuid/);
});

test("the roles: bound, no members of each other, owners of nothing they serve", async () => {
  const roles = await s.kulanz.database.owner((tx) =>
    tx.rows<{ name: string }>(sql`
      select rolname::text as name, rolsuper as super, rolbypassrls as bypass, rolcreaterole as makes, rolcanlogin as login,
             array(select g.rolname::text from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid) as of,
             (select count(*)::integer from pg_class c where c.relowner = r.oid) as owns
        from pg_roles r where rolname in ('kulanz_app', 'kulanz_system') order by 1`),
  );
  const bound = { super: false, bypass: false, makes: false, login: false, of: [], owns: 0 };
  expect(roles).toEqual([
    { name: "kulanz_app", ...bound },
    { name: "kulanz_system", ...bound },
  ]);
  const seen = await s.kulanz.database.tenant(s.tenantId, async (tx) => {
    await tx.execute(sql`reset role`);
    await tx.execute(sql`set local row_security = off`);
    return tx.one(sql`select current_user::text as role`);
  });
  expect(seen).toEqual({ role: "kulanz_app" });
  await expect(
    s.kulanz.database.tenant(s.tenantId, async (tx) => {
      await tx.execute(sql`set local row_security = off`);
      await tx.rows(sql`select * from customer`);
    }),
  ).rejects.toThrow(/row-level security/);
});

test("the system role reads no table of a tenant; what runs as the owner is named, returns ids and has a fixed path", async () => {
  const rights = await s.kulanz.database.owner((tx) =>
    tx.rows<{ name: string }>(sql`
      select c.relname::text as name from pg_class c
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and has_table_privilege('kulanz_system', c.oid, 'select')`),
  );
  const platform = new Set(tables.filter((table) => table.kind === "platform").map((table) => table.name));
  expect(rights.filter(({ name }) => !platform.has(name))).toEqual([]);
  const definers = await s.kulanz.database.owner((tx) =>
    tx.rows<{ name: string; path: string | null; returns: string; open: boolean }>(sql`
      select p.oid::regprocedure::text as name, array_to_string(p.proconfig, ',') as path, p.prorettype::regtype::text as returns,
             has_function_privilege('public', p.oid, 'execute') as open
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where p.prosecdef and n.nspname in ('public', 'kulanz') order by 1`),
  );
  expect(definers.length).toBeGreaterThanOrEqual(5);
  for (const definer of definers) {
    expect(definer.path, definer.name).toMatch(/search_path=/);
    expect(definer.open, definer.name).toBe(false);
  }
  const lookUps = definers.filter(({ name }) => name.startsWith("tenant"));
  expect(lookUps.every(({ returns }) => returns === "uuid")).toBe(true);
});
