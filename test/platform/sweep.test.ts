import { afterAll, expect, test } from "vitest";
import { accessTasks } from "../../src/platform/access/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { openTestPlatform } from "./support.ts";

const platform = await openTestPlatform();
const { kulanz } = platform;
afterAll(() => kulanz.drop());

test("what is over goes, what is not stays, in every tenant", async () => {
  const tenants = [await platform.tenant("Erste GmbH"), await platform.tenant("Zweite GmbH")];
  const hours = (n: number): Date => new Date(kulanz.now().getTime() + n * 3_600_000);
  for (const [index, tenantId] of tenants.entries())
    await kulanz.database.tenant(tenantId, async (tx) => {
      for (const [name, seen, ends] of [
        ["idle", -2, 5],
        ["over", 0, -1],
        ["live", 0, 5],
      ] as const)
        await tx.execute(sql`
          insert into user_session (token, tenant_id, user_id, csrf_token, created_at, last_seen_at, expires_at)
          values (${Buffer.from(`${name}${index}`)}, ${tenantId}, ${tenantId}, ${Buffer.from(name)}, ${hours(-3)}, ${hours(seen)}, ${hours(ends)})`);
      for (const [name, age] of [
        ["old", -49],
        ["new", -1],
      ] as const)
        await tx.execute(sql`
          insert into idempotency_key (token, tenant_id, request_hash, created_at)
          values (${Buffer.from(`${name}${index}`)}, ${tenantId}, ${Buffer.alloc(32)}, ${hours(age)})`);
    });
  await kulanz.database.system((tx) =>
    tx.execute(
      sql`insert into rate_limit (token, taken, resets_at) values ('\\x01', 1, ${hours(-1)}), ('\\x02', 1, ${hours(1)})`,
    ),
  );
  const [sweep] = accessTasks({ platform, limiter: platform.limiter });
  const context = { jobId: "1", attempt: 1, workerId: "1", signal: AbortSignal.timeout(10_000) };
  await sweep?.run(undefined, context);
  const left = await kulanz.database.owner((tx) =>
    tx.rows<{ name: string }>(sql`
      select convert_from(token, 'utf8') as name from user_session
      union all select convert_from(token, 'utf8') from idempotency_key
      union all select encode(token, 'hex') from rate_limit order by 1`),
  );
  expect(left.map(({ name }) => name)).toEqual(["02", "live0", "live1", "new0", "new1"]);
});
