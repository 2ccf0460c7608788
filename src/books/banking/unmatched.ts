/** Money that came in and has no receivable yet: what an operator watches, without a name. */
import { listTenants, type Platform } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import type { Metrics } from "../../platform/telemetry/index.ts";

interface UnmatchedMoney {
  readonly currency: string;
  /** Days since it was booked. */
  readonly age: "0-7" | "8-30" | "31-90" | "90+";
  readonly entries: number;
  readonly minor: bigint;
}

/** Credits without a match of all tenants together, by currency and age in days (UTC). */
async function unmatchedMoney({ database }: Pick<Platform, "database">): Promise<UnmatchedMoney[]> {
  const sums = new Map<string, { currency: string; age: UnmatchedMoney["age"]; entries: number; minor: bigint }>();
  for (const tenantId of await listTenants(database)) {
    const rows = await database.tenant(tenantId, (tx) =>
      tx.rows<{ currency: string; age: UnmatchedMoney["age"]; entries: number; minor: bigint }>(sql`
        select u.currency, case when u.days <= 7 then '0-7' when u.days <= 30 then '8-30' when u.days <= 90 then '31-90'
               else '90+' end as age, count(*)::int as entries, sum(u.amount_minor)::bigint as minor
        from (select e.currency, e.amount_minor - coalesce(e.settled_minor, 0) as amount_minor, ${tx.now}::timestamptz::date - e.booked_on as days from bank_entry e
              where e.tenant_id = ${tenantId} and e.status in ('new', 'proposed', 'unmatched')
                and e.direction = 'credit') u group by 1, 2`),
    );
    for (const { currency, age, entries, minor } of rows) {
      const key = `${currency} ${age}`;
      const sum = sums.get(key) ?? { currency, age, entries: 0, minor: 0n };
      sums.set(key, { ...sum, entries: sum.entries + entries, minor: sum.minor + minor });
    }
  }
  return [...sums.values()];
}

/** Unmatched money for whoever watches: counts and sums, no names. What is gone stays in the list as zero. */
export function measureUnmatched(metrics: Metrics, platform: Pick<Platform, "database">): void {
  const entries = metrics.gauge(
    "kulanz_unmatched_entries",
    "Credits without a receivable, by currency and age in days.",
  );
  const minor = metrics.gauge("kulanz_unmatched_minor", "Their sum in minor units of the currency.");
  const seen = new Map<string, { currency: string; age: string }>();
  metrics.collect(async () => {
    // A database that is away must not hide what the process says of itself.
    const now = await unmatchedMoney(platform).catch(() => undefined);
    if (!now) return;
    for (const { currency, age } of now) seen.set(`${currency} ${age}`, { currency, age });
    for (const labels of seen.values()) {
      const found = now.find((one) => one.currency === labels.currency && one.age === labels.age);
      entries.set(found?.entries ?? 0, labels);
      minor.set(found?.minor ?? 0n, labels);
    }
  });
}
