import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Actor,
  appendAudit,
  appendAudits,
  canonicalJson,
  listAudit,
  verifyAudit,
} from "../../src/platform/access/index.ts";
import { type Sql, sql } from "../../src/platform/database/index.ts";
import { expectOk, type TenantId } from "../../src/pure/kernel/index.ts";
import { openTestPlatform, type TestPlatform } from "./support.ts";

let platform: TestPlatform;
beforeAll(async () => {
  platform = await openTestPlatform();
});
afterAll(() => platform.kulanz.drop());

const verify = (tenant: TenantId, expect?: string) => platform.act(tenant, ({ tx }) => verifyAudit(tx, expect));
const asOwner = (statement: Sql) => platform.database.owner((tx) => tx.execute(statement));
async function chain(length: number): Promise<TenantId> {
  const tenant = await platform.tenant("Muster GmbH");
  await platform.act(tenant, (act) =>
    appendAudits(
      act,
      Array.from({ length }, (_, i) => ({
        act: "match.booked",
        subject: `entry-${i}`,
        details: { score: i / 10, n: i },
      })),
    ),
  );
  return tenant;
}

test("an empty chain is whole", async () => {
  const tenant = await platform.tenant("Leer GmbH");
  expect(expectOk(await verify(tenant))).toEqual({ entries: 0, head: "0".repeat(64) });
});

test("entries follow one another, and what was read back hashes the same", async () => {
  const tenant = await platform.tenant("Muster GmbH");
  const actor: Actor = { kind: "user", id: "018f", role: "agent" };
  const details = { z: 1, a: [1.5, -0, 1e21, "x", null, true], é: { b: "2026-06-01", a: 2n.toString() } };
  const hash = await platform.act(tenant, (act) => appendAudit(act, { act: "customer.searched", details }), actor);
  await platform.act(tenant, (act) => appendAudit(act, { act: "run.batch", subject: "run-1" }));
  const verified = expectOk(await verify(tenant, hash.toString("hex")));
  expect(verified.entries).toBe(2);
  const { rows, total } = await platform.act(tenant, ({ tx }) =>
    listAudit(tx, { act: "customer.searched", limit: 10, offset: 0 }),
  );
  expect(total).toBe(1);
  expect(rows[0]).toMatchObject({ sequence: 1n, actor: "user:018f", subject: null });
});

test("any details of ours survive storage (property)", async () => {
  const tenant = await platform.tenant("Muster GmbH");
  const word = fc.stringMatching(/^[\w.:-]{0,20}$/);
  const value = fc.oneof(
    word,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  );
  const details = fc.dictionary(fc.string({ unit: "grapheme-ascii", maxLength: 8 }), fc.oneof(value, fc.array(value)), {
    noNullPrototype: true,
  });
  await fc.assert(
    fc.asyncProperty(fc.array(details, { minLength: 1, maxLength: 20 }), async (all) => {
      await platform.act(tenant, (act) => appendAudits(act, all.map((one) => ({ act: "test.done", details: one })))); // biome-ignore format: one step
      expect((await verify(tenant)).ok).toBe(true);
    }),
    { numRuns: 25 },
  );
});

test("thirty acts at once make one chain without gap or fork", async () => {
  const tenant = await platform.tenant("Muster GmbH");
  const hashes = await Promise.all(
    Array.from({ length: 30 }, (_, i) =>
      platform.act(tenant, (act) => appendAudit(act, { act: "hold.set", subject: `r-${i}` })),
    ),
  );
  const verified = expectOk(await verify(tenant));
  expect(verified.entries).toBe(30);
  expect(new Set(hashes.map((hash) => hash.toString("hex"))).size).toBe(30);
  expect(hashes.map((hash) => hash.toString("hex"))).toContain(verified.head);
});

test("what rolls back leaves no entry", async () => {
  const tenant = await chain(2);
  const failed = platform.act(tenant, async (act) => {
    await appendAudit(act, { act: "hold.set" });
    throw new Error("no");
  });
  await expect(failed).rejects.toThrow("no");
  expect(expectOk(await verify(tenant)).entries).toBe(2);
});

describe("tampering as the database's owner is found at the first broken entry", () => {
  const cases: [string, (tenant: TenantId) => Sql, string, string][] = [
    [
      "an actor changed",
      (t) => sql`update audit_entry set actor = 'user:other' where tenant_id = ${t} and sequence = 3`,
      "audit_broken",
      "3",
    ],
    [
      "details changed",
      (t) => sql`update audit_entry set details = '{"n":99}' where tenant_id = ${t} and sequence = 4`,
      "audit_broken",
      "4",
    ],
    [
      "a moment changed",
      (t) => sql`update audit_entry set at = at + interval '1 second' where tenant_id = ${t} and sequence = 1`,
      "audit_broken",
      "1",
    ],
    [
      "a subject removed",
      (t) => sql`update audit_entry set subject = null where tenant_id = ${t} and sequence = 2`,
      "audit_broken",
      "2",
    ],
    [
      "an entry deleted",
      (t) => sql`delete from audit_entry where tenant_id = ${t} and sequence = 2`,
      "audit_broken",
      "2",
    ],
    [
      "the last entries deleted",
      (t) => sql`delete from audit_entry where tenant_id = ${t} and sequence > 3`,
      "audit_head_wrong",
      "4",
    ],
    [
      "the head's hash changed",
      (t) => sql`update audit_head set hash = decode(repeat('ab', 32), 'hex') where tenant_id = ${t}`,
      "audit_broken",
      "5",
    ],
    ["the head set back", (t) => sql`update audit_head set sequence = 2 where tenant_id = ${t}`, "audit_broken", "2"],
    ["the head removed", (t) => sql`delete from audit_head where tenant_id = ${t}`, "audit_head_wrong", "6"],
  ]; // prettier-ignore
  test.each(cases)("%s", async (_, statement, code, where) => {
    const tenant = await chain(5);
    expect((await verify(tenant)).ok).toBe(true);
    await asOwner(statement(tenant));
    expect(await verify(tenant)).toMatchObject({ ok: false, error: { code, where } });
  });

  test("another tenant's whole chain in place of one's own", async () => {
    const [mine, theirs] = [await platform.tenant("Leer GmbH"), await chain(3)];
    await asOwner(sql`delete from audit_head where tenant_id = ${mine}`);
    await asOwner(sql`update audit_entry set tenant_id = ${mine} where tenant_id = ${theirs}`);
    await asOwner(sql`update audit_head set tenant_id = ${mine} where tenant_id = ${theirs}`);
    expect(await verify(mine)).toMatchObject({ ok: false, error: { code: "audit_broken", where: "1" } });
  });

  test("entries and head cut off together: only a noted hash tells", async () => {
    const tenant = await chain(5);
    const { head } = expectOk(await verify(tenant));
    await asOwner(sql`delete from audit_entry where tenant_id = ${tenant} and sequence > 3`);
    await asOwner(sql`
      update audit_head h set sequence = 3, hash = e.hash from audit_entry e
      where e.tenant_id = h.tenant_id and e.sequence = 3 and h.tenant_id = ${tenant}`);
    expect((await verify(tenant)).ok).toBe(true);
    expect(await verify(tenant, head)).toMatchObject({ ok: false, error: { code: "audit_expected_missing" } });
  });
});

test("the application can't change or delete entries, nor see another tenant's", async () => {
  const [mine, theirs] = [await chain(1), await chain(4)];
  await expect(platform.act(mine, ({ tx }) => tx.execute(sql`update audit_entry set actor = 'x'`))).rejects.toThrow();
  await expect(platform.act(mine, ({ tx }) => tx.execute(sql`delete from audit_entry`))).rejects.toThrow();
  expect(expectOk(await verify(mine)).entries).toBe(1);
  expect(expectOk(await verify(theirs)).entries).toBe(4);
});

test.each(["Kim Beispiel", "kim@post.example", "a sentence"])("a text is refused: %j", async (text) => {
  const tenant = await platform.tenant("Muster GmbH");
  const attempt = platform.act(tenant, (act) => appendAudit(act, { act: "customer.searched", details: { q: [text] } }));
  await expect(attempt).rejects.toThrow("no texts");
});

test("canonical JSON sorts keys, at every depth", () => {
  expect(canonicalJson({ b: 1, a: { d: [{ y: 1, x: 2 }], c: null } })).toBe(
    '{"a":{"c":null,"d":[{"x":2,"y":1}]},"b":1}',
  );
});
