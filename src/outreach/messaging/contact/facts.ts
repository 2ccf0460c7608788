import type { Act } from "../../../platform/access/index.ts";
import { sql } from "../../../platform/database/index.ts";
import type { CustomerId, PlainDate } from "../../../pure/kernel/index.ts";
import { filesJoined } from "../../../books/customers/index.ts";
import { holdsOf } from "../../../books/receivables/index.ts";
import type { Ask, ContactFacts, MessageChannel, Reach } from "./rules.ts";

/** Asks older than this no longer count in any cap. */
const ASKS_WITHIN_DAYS = 90;

interface AskRow {
  customer_id: CustomerId;
  message_id: string;
  stage: string | null;
  on: PlainDate;
}
interface ReachRow {
  customer_id: CustomerId;
  channel: MessageChannel;
  reach: Reach;
}
interface CountRow {
  customer_id: CustomerId;
  unclear: number;
  waiting: number;
}

/**
 * What the contact rules look at, for a batch of customers; set-based reads. What was written to a file merged into theirs
 * was written to them. After a merge was taken back, what left while it stood counts for both: who of them read it, nobody
 * knows.
 */
export async function contactFacts(
  act: Act,
  customerIds: readonly CustomerId[],
  day: PlainDate,
): Promise<Map<CustomerId, ContactFacts>> {
  const ids = [...customerIds];
  const files = await filesJoined(act, ids);
  const asks = await act.tx.rows<AskRow>(sql`
    with written as (
      select f.lead, f.file, null::timestamptz as since, null::timestamptz as until from ${files}
      union all
      select f.lead, g.customer_id, g.merged_at, g.undone_at from ${files}
        join customer_merge g on g.tenant_id = ${act.tx.tenantId} and g.merged_id = f.file and g.undone_at is not null)
    select w.lead as customer_id, m.message_id, min(m.stage) as stage,
           min((coalesce(m.left_at, m.leave_after) at time zone c.zone)::date) as on
      from written w join customer c on c.customer_id = w.lead
      join message m on m.customer_id = w.file
       and (w.since is null or (m.left_at >= w.since and m.left_at < w.until))
      left join contact_point p on p.customer_id = m.customer_id and p.contact_point_id = m.contact_point_id
     where m.kind = 'ask' and m.state <> 'dropped' and m.evidence <> 'revoked'
       -- What a dead address refused did not reach anybody; other refusals count, or they would be repeated every day.
       and not (m.state = 'failed' and p.undeliverable_at is not null)
       and coalesce(m.left_at, m.leave_after) > ${day}::date - ${ASKS_WITHIN_DAYS}::integer
     group by w.lead, m.message_id order by 4, m.message_id`);
  // A representative with "write only to" is the only one who gets automatic contact.
  const reaches = await act.tx.rows<ReachRow>(sql`
    with only_to as (
      select customer_id, party_id from party
       where customer_id = any(${ids}::uuid[]) and write_only_to and valid_from <= ${day}
         and (valid_until is null or valid_until >= ${day}))
    select p.customer_id, p.channel,
           case when bool_or(p.consent <> 'withdrawn' and p.undeliverable_at is null) then 'usable'
                when bool_or(p.consent = 'withdrawn') then 'consent_withdrawn' else 'undeliverable' end as reach
      from contact_point p
      left join only_to o on o.customer_id = p.customer_id
     where p.customer_id = any(${ids}::uuid[]) and p.ended_at is null and p.channel in ('email', 'letter')
       and p.party_id is not distinct from o.party_id
     group by p.customer_id, p.channel`);
  const counts = await act.tx.rows<CountRow>(sql`
    select f.lead as customer_id, count(*) filter (where m.state in ('unknown', 'parked'))::integer as unclear,
           count(*) filter (where m.kind = 'ask' and m.state in ('queued', 'leaving'))::integer as waiting
      from ${files} join message m on m.customer_id = f.file
     where m.state in ('unknown', 'parked', 'queued', 'leaving')
     group by f.lead`);
  const payments = await act.tx.rows<{ customer_id: CustomerId; payments: number }>(sql`
    select f.lead as customer_id, count(*)::integer as payments from bank_entry e
      join ${files} on f.file = (e.proposals -> 0 ->> 'customerId')::uuid
     where e.tenant_id = ${act.tx.tenantId} and e.status = 'proposed' and e.direction = 'credit'
     group by 1`);
  const holds = await holdsOf(act, ids);

  const facts = new Map(
    ids.map((id) => [
      id,
      {
        asks: [] as Ask[],
        reach: { email: "missing", letter: "missing" } as Record<MessageChannel, Reach>,
        holds: holds.get(id) ?? [],
        unclearMessages: 0,
        waitingMessages: 0,
      },
    ]),
  );
  for (const row of asks)
    facts.get(row.customer_id)?.asks.push({
      on: row.on,
      messageId: row.message_id,
      ...(row.stage !== null && { stage: row.stage }),
    });
  for (const row of reaches) {
    const fact = facts.get(row.customer_id);
    if (fact) fact.reach[row.channel] = row.reach;
  }
  for (const row of counts) {
    const fact = facts.get(row.customer_id);
    if (fact) Object.assign(fact, { unclearMessages: row.unclear, waitingMessages: row.waiting });
  }
  for (const row of payments) {
    const fact = facts.get(row.customer_id);
    if (fact) Object.assign(fact, { proposedPayments: row.payments });
  }
  return facts;
}
