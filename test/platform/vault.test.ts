import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTenant } from "../../src/platform/access/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import {
  findByToken,
  findByTokens,
  masterKeyFrom,
  masterKeySet,
  moveDirectoryEntries,
  openVault,
  putDirectoryEntries,
  removeDirectoryEntries,
  rotateMasterKey,
} from "../../src/platform/sealed/index.ts";
import { type CustomerId, expectOk, newUuid, type TenantId } from "../../src/pure/kernel/index.ts";
import { createTestDatabase } from "../support/database.ts";
import { chance, openTestPlatform, type TestPlatform } from "./support.ts";

let platform: TestPlatform;
let tenant: TenantId;
let other: TenantId;
beforeAll(async () => {
  platform = await openTestPlatform();
  tenant = await platform.tenant("Muster GmbH");
  other = await platform.tenant("Andere AG");
});
afterAll(() => platform.kulanz.drop());

/** Customers with keys; the identity is of no interest here. */
async function customers(count: number, of = tenant, on = platform): Promise<CustomerId[]> {
  const ids = Array.from({ length: count }, () => newUuid(on.kulanz.now(), chance) as CustomerId);
  await on.act(of, async ({ tx, vault }) => {
    await tx.execute(sql`
      insert into customer (customer_id, tenant_id, number, kind, identity_sealed, created_at)
      select id, ${of}::uuid, 'K' || id, 'consumer', '\\x00'::bytea, ${tx.now} from unnest(${ids}::uuid[]) as id`);
    await vault.createCustomerKeys(tx, ids);
  });
  return ids;
}
const first = (ids: readonly CustomerId[]): CustomerId => ids[0] as CustomerId;

describe("customer keys", () => {
  test("what one transaction seals another opens; another customer, kind, purpose or tenant does not", async () => {
    const [a, b] = (await customers(2)) as [CustomerId, CustomerId];
    const sealed = await platform.act(tenant, async ({ tx, vault }) =>
      (await vault.forCustomer(tx, a)).seal("contact", "identity", "Marlene Quitte"),
    );
    await platform.act(tenant, async ({ tx, vault }) => {
      const seals = await vault.forCustomers(tx, [a, b]);
      expect(seals.get(a)?.openText("contact", "identity", sealed)).toEqual({ ok: true, value: "Marlene Quitte" });
      expect(seals.get(a)?.open("contact", "letter", sealed).ok).toBe(false);
      expect(seals.get(a)?.open("records", "identity", sealed).ok).toBe(false);
      expect(seals.get(b)?.open("contact", "identity", sealed).ok).toBe(false);
    });
    const foreign = await platform.act(other, ({ tx, vault }) => vault.forCustomers(tx, [a]));
    expect(foreign.size).toBe(0);
  });

  test("a value and its key moved to another customer's rows still do not open", async () => {
    const [a, b] = (await customers(2)) as [CustomerId, CustomerId];
    const sealed = await platform.act(tenant, async ({ tx, vault }) =>
      (await vault.forCustomer(tx, a)).seal("contact", "identity", "Marlene Quitte"),
    );
    await platform.database.owner((tx) =>
      tx.execute(sql`
        update customer_key k set wrapped = o.wrapped from customer_key o
        where o.customer_id = ${a} and k.customer_id = ${b} and o.purpose = k.purpose`),
    );
    await platform.act(tenant, async ({ tx, vault }) => {
      const seal = await vault.forCustomer(tx, b);
      expect(seal.open("contact", "identity", seal.seal("contact", "identity", "own")).ok).toBe(true);
      expect(seal.open("contact", "identity", sealed)).toMatchObject({ ok: false, error: { code: "sealed_broken" } });
    });
  });

  test("keys are made once: a second call leaves the first ones", async () => {
    const id = first(await customers(1));
    const sealed = await platform.act(tenant, async ({ tx, vault }) =>
      (await vault.forCustomer(tx, id)).seal("records", "note", "x"),
    );
    await platform.act(tenant, ({ tx, vault }) => vault.createCustomerKeys(tx, [id]));
    const opened = await platform.act(tenant, async ({ tx, vault }) =>
      (await vault.forCustomer(tx, id)).openText("records", "note", sealed),
    );
    expect(opened).toEqual({ ok: true, value: "x" });
  });

  test("erased is erased: at once in the same transaction, for ever after, the other purpose untouched", async () => {
    const id = first(await customers(1));
    const sealed = await platform.act(tenant, async ({ tx, vault }) => {
      const seal = await vault.forCustomer(tx, id);
      return [seal.seal("contact", "identity", "Marlene"), seal.seal("records", "letter", "kept")] as const;
    });
    await platform.act(tenant, async ({ tx, vault }) => {
      await vault.forCustomer(tx, id);
      expect(await vault.destroyCustomerKeys(tx, [id], ["contact"])).toBe(1);
      expect((await vault.forCustomer(tx, id)).erased("contact")).toBe(true);
    });
    await platform.act(tenant, async ({ tx, vault }) => {
      const seal = await vault.forCustomer(tx, id);
      expect(seal.open("contact", "identity", sealed[0])).toMatchObject({ ok: false, error: { code: "erased" } });
      expect(() => seal.seal("contact", "identity", "again")).toThrow("erased");
      expect(seal.openText("records", "letter", sealed[1])).toEqual({ ok: true, value: "kept" });
      expect(await vault.destroyCustomerKeys(tx, [id], ["contact"])).toBe(0);
    });
    const rows = await platform.database.owner((tx) => tx.rows<{ wrapped: Buffer | null }>(sql`
      select wrapped from customer_key where customer_id = ${id} and purpose = 'contact'`)); // biome-ignore format: short
    expect(rows).toEqual([{ wrapped: null }]);
  });

  test("a file of 20 MB, in memory and as a stream", async () => {
    const id = first(await customers(1));
    const file = randomBytes(20 * 1024 * 1024);
    await platform.act(tenant, async ({ tx, vault }) => {
      const seal = await vault.forCustomer(tx, id);
      const opened = expectOk(seal.open("records", "document", seal.seal("records", "document", file)));
      expect(opened.equals(file)).toBe(true);
      const parts: Buffer[] = [];
      for await (const part of seal.openStream("records", "document", seal.sealStream("records", "document", [file])))
        parts.push(part);
      expect(Buffer.concat(parts).equals(file)).toBe(true);
    });
  });

  test("a thousand customers cost one read and one write", async () => {
    const ids = await customers(1000);
    await platform.act(tenant, async ({ tx, vault }) => {
      const started = performance.now();
      const seals = await vault.forCustomers(tx, ids);
      for (const [id, seal] of seals) expect(seal.openText("contact", "x", seal.seal("contact", "x", id))).toEqual({ ok: true, value: id }); // biome-ignore format: one check
      expect(seals.size).toBe(1000);
      expect(performance.now() - started).toBeLessThan(3000);
    });
  });
});

describe("statement keys", () => {
  test("open with their owner alone", () => {
    const { wrapped, masterKeyId } = platform.vault.newStatementKey();
    const sealed = expectOk(platform.vault.withKey(wrapped, masterKeyId, "statement-1")).seal(
      "payer",
      "Marlene Quitte",
    );
    expect(
      expectOk(platform.vault.withKey(wrapped, masterKeyId, "statement-1")).openText("payer", sealed),
    ).toMatchObject({ value: "Marlene Quitte" });
    expect(expectOk(platform.vault.withKey(wrapped, masterKeyId, "statement-2")).open("payer", sealed).ok).toBe(false);
    expect(platform.vault.withKey(wrapped, "00000000", "statement-1")).toMatchObject({
      error: { code: "master_key_wrong" },
    });
  }); // prettier-ignore
});

describe("directory", () => {
  const entry = (customerId: CustomerId, kind: string, value: string, onlyOne = false) => ({
    kind,
    value,
    customerId,
    objectId: customerId,
    onlyOne,
  });

  test("found by any spelling, within the kind and the tenant", async () => {
    const [a, b] = (await customers(2)) as [CustomerId, CustomerId];
    await platform.act(tenant, async (act) => {
      const entries = [
        entry(a, "iban", "DE02 1203 0000 0000 2020 51"),
        entry(b, "iban", "de02120300000000202051"),
        entry(a, "reference", "RE-2026/7"),
      ];
      expect(expectOk(await putDirectoryEntries(act, entries))).toBe(3);
      expect(expectOk(await putDirectoryEntries(act, entries))).toBe(0);
      const hits = await findByToken(act, "iban", "DE02-1203-0000-0000-2020-51");
      expect(hits.map((hit) => hit.customerId).sort()).toEqual([a, b].sort());
      const many = await findByTokens(act, "reference", ["re 20267", "RE-2026/7", "RE-2026/8"]);
      expect([...many.keys()].sort()).toEqual(["RE-2026/7", "re 20267"]);
      expect(await findByToken(act, "email", "DE02120300000000202051")).toEqual([]);
    }); // prettier-ignore
    expect(await platform.act(other, (act) => findByToken(act, "reference", "RE-2026/7"))).toEqual([]);
  });

  test("only one may have it, also when two ask at the same moment", async () => {
    const ids = await customers(6);
    const results = await Promise.all(
      ids.map((id) => platform.act(tenant, (act) => putDirectoryEntries(act, [entry(id, "number", "K-1", true)]))),
    );
    expect(results.filter((result) => result.ok)).toHaveLength(1);
    expect(results.find((result) => !result.ok)).toMatchObject({ error: { code: "directory_taken", where: "0" } });
    const winner = ids[results.findIndex((result) => result.ok)] as CustomerId;
    const again = await platform.act(tenant, (act) => putDirectoryEntries(act, [entry(winner, "number", "K-1", true)]));
    expect(again).toEqual({ ok: true, value: 0 });
    const elsewhere = first(await customers(1, other));
    expect(
      (await platform.act(other, (act) => putDirectoryEntries(act, [entry(elsewhere, "number", "K-1", true)]))).ok,
    ).toBe(true);
  });

  test("removed by kind or altogether, moved by a merge", async () => {
    const [a, b] = (await customers(2)) as [CustomerId, CustomerId];
    await platform.act(tenant, async (act) => {
      expectOk(
        await putDirectoryEntries(act, [
          entry(a, "email", "a@x.example"),
          entry(a, "phone", "+4930123"),
          entry(a, "reference", "A1"),
        ]),
      );
      expect(await removeDirectoryEntries(act, { customerIds: [a], kinds: ["email"] })).toBe(1);
      expect(await findByToken(act, "email", "a@x.example")).toEqual([]);
      expect(await moveDirectoryEntries(act, a, b, ["phone", "reference"])).toBe(2);
      expect(await findByToken(act, "phone", "+4930123")).toEqual([{ customerId: b, objectId: a }]);
      expect(await removeDirectoryEntries(act, { customerIds: [b] })).toBe(2);
      expect(await findByToken(act, "reference", "A1")).toEqual([]);
    }); // prettier-ignore
  });

  test("nothing readable is stored", async () => {
    const dump = await platform.database.owner((tx) =>
      tx.rows<{ text: string }>(sql`select d::text as text from directory_entry d`),
    );
    expect(dump.length).toBeGreaterThan(0);
    expect(dump.map((row) => row.text).join()).not.toMatch(/x\.example|DE02120300|RE-?2026/i);
  });
});

describe("master key", () => {
  const [old, next, wrong] = [0, 1, 2].map(() => masterKeyFrom(randomBytes(32))) as [ReturnType<typeof masterKeyFrom>, ReturnType<typeof masterKeyFrom>, ReturnType<typeof masterKeyFrom>]; // biome-ignore format: one step

  test("a wrong one is told at start; two processes that start a new database agree", async () => {
    const kulanz = await createTestDatabase();
    await kulanz.database.owner((tx) => tx.execute(sql`delete from platform_setting`));
    const opened = await Promise.all([0, 1, 2, 3].map(() => openVault(kulanz.database, masterKeySet([old]), chance)));
    const tokens = new Set(opened.map((vault) => expectOk(vault).platformToken("login", "a").toString("hex")));
    expect(tokens.size).toBe(1);
    const refused = await openVault(kulanz.database, masterKeySet([wrong]), chance);
    expect(refused).toMatchObject({ ok: false, error: { code: "master_key_wrong" } });
    const sameName = await openVault(
      kulanz.database,
      masterKeySet([{ id: old.id, wrappingKey: wrong.wrappingKey }]),
      chance,
    );
    expect(sameName).toMatchObject({ ok: false, error: { code: "master_key_wrong" } });
    await kulanz.drop();
  });

  test("rotation: killed in the middle it goes on; all opens afterwards without the former key; tokens stay", async () => {
    const own = await openTestPlatform();
    const former = masterKeyFrom(own.kulanz.vaultMasterKey);
    const both = masterKeySet([next, former]);
    const mine = await own.tenant("Muster GmbH");
    const ids = await customers(120, mine, own);
    const id = first(ids);
    const before = await own.act(mine, async ({ tx, vault }) => {
      await vault.destroyCustomerKeys(tx, ids.slice(-5), ["contact"]);
      return {
        sealed: (await vault.forCustomer(tx, id)).seal("contact", "identity", "Marlene"),
        lookup: (await vault.forTenant(tx)).lookupToken("email", "a@x.example"),
        login: vault.platformToken("login", "a@x.example"),
      };
    });
    const killed = rotateMasterKey(own.database, both, chance, {
      batch: 30,
      progress: ({ rewrapped }) => {
        if (rewrapped >= 60) throw new Error("killed");
      },
    });
    await expect(killed).rejects.toThrow("killed");
    // In between: the old key is still needed and asked for, both together work.
    expect((await openVault(own.database, masterKeySet([next]), chance)).ok).toBe(false);
    expect((await openVault(own.database, both, chance)).ok).toBe(true);
    const left: number[] = [];
    const report = expectOk(
      await rotateMasterKey(own.database, both, chance, { batch: 50, progress: (step) => void left.push(step.left) }),
    );
    expect(report).toEqual({ masterKeyId: next.id, rewrapped: 235 - 60 + 1 + 1, unused: [former.id] });
    expect(left.at(-1)).toBe(0);
    expect(expectOk(await rotateMasterKey(own.database, both, chance)).rewrapped).toBe(1); // the check value, wrapped anew
    const vault = expectOk(await openVault(own.database, masterKeySet([next]), chance));
    expect(vault.platformToken("login", "a@x.example").equals(before.login)).toBe(true);
    await own.database.tenant(mine, async (tx) => {
      const seals = await vault.forCustomers(tx, ids);
      expect(seals.get(id)?.openText("contact", "identity", before.sealed)).toEqual({ ok: true, value: "Marlene" });
      expect((await vault.forTenant(tx)).lookupToken("email", "a@x.example").equals(before.lookup)).toBe(true);
      expect([...seals.values()].filter((seal) => seal.erased("contact"))).toHaveLength(5);
    });
    await own.kulanz.drop();
  });

  test("rotation without the key that rows need says so and where", async () => {
    const own = await openTestPlatform();
    await own.tenant("Muster GmbH");
    const refused = await rotateMasterKey(own.database, masterKeySet([next, wrong]), chance);
    expect(refused).toMatchObject({ ok: false, error: { code: "master_key_wrong", where: "tenant" } });
    await own.kulanz.drop();
  });
});

test("a tenant is made once", async () => {
  const again = await createTenant(platform.database, platform.vault, { name: "X", tenantId: tenant });
  expect(again).toMatchObject({ ok: false, error: { code: "tenant_exists" } });
  expect(await createTenant(platform.database, platform.vault, { name: " " })).toMatchObject({
    error: { code: "tenant_name_missing" },
  });
});
