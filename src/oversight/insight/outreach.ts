/** Runs and messages as lists and details. Texts stay sealed: the door opens what it shows. */
import type { Act } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import type { CreditorId, Currency, CustomerId, Instant, MessageId, PlainDate, Uuid } from "../../pure/kernel/index.ts";
import { filesOfOne, visibleCustomers } from "../../books/customers/index.ts";
import { type Page, type PageRequest, readPage } from "./page.ts";

const orNull = <T>(value: T | undefined): T | null => value ?? null;

export interface RunLine {
  readonly run_id: Uuid;
  readonly creditor_id: CreditorId;
  readonly business_date: PlainDate;
  readonly state: "running" | "done";
  readonly started_at: Instant;
  readonly started_by: string;
  readonly done_at: Instant | null;
  readonly slots: number;
  readonly contact: number;
  readonly wait: number;
  readonly blocked: number;
  /** Messages by state; `approval` are those of `queued` that wait for one. */
  readonly messages: Readonly<Record<string, number>>;
}

/** Runs, newest first: one a creditor and day. */
export async function runLines(
  { tx }: Act,
  filter: { readonly runId?: string; readonly creditorId?: CreditorId },
  limit: number,
): Promise<RunLine[]> {
  return tx.rows<RunLine>(sql`
    select r.run_id, r.creditor_id, r.business_date, r.state, r.started_at, r.started_by, r.done_at,
           coalesce(s.slots, 0) as slots, coalesce(s.contact, 0) as contact, coalesce(s.wait, 0) as wait,
           coalesce(s.blocked, 0) as blocked, coalesce(m.messages, '{}') as messages
      from dunning_run r
      left join lateral (
        select sum(s.last_slot - s.first_slot + 1)::integer as slots, sum((s.counts ->> 'contact')::integer)::integer as contact,
               sum((s.counts ->> 'wait')::integer)::integer as wait, sum((s.counts ->> 'blocked')::integer)::integer as blocked
          from dunning_run_slot s where s.run_id = r.run_id) s on true
      left join lateral (
        select jsonb_object_agg(x.state, x.messages) as messages from (
          select coalesce(case when m.state = 'queued' and m.needs_approval then 'approval' end, m.state) as state, count(*)::integer as messages
            from decision d join message m on m.customer_id = d.customer_id and m.decision_trigger = d.trigger
           where d.run_id = r.run_id and d.outcome = 'contact' group by 1) x) m on true
     where r.tenant_id = ${tx.tenantId} and (${orNull(filter.runId)}::uuid is null or r.run_id = ${orNull(filter.runId)})
       and (${orNull(filter.creditorId)}::uuid is null or r.creditor_id = ${orNull(filter.creditorId)})
     order by r.business_date desc, r.started_at desc, r.run_id limit ${limit}`);
}

/** Is one of these runs through? */
export async function anyRunDone({ tx }: Act, runIds: readonly string[]): Promise<boolean> {
  const done = await tx.one(sql`
    select from dunning_run r where r.tenant_id = ${tx.tenantId} and r.run_id = any(${[...runIds]}::uuid[]) and r.state = 'done' limit 1`);
  return done !== undefined;
}

export interface RunStageLine {
  readonly stage: string;
  readonly channel: string | null;
  readonly proposal: boolean;
  readonly currency: Currency;
  readonly customers: number;
  readonly amount: bigint;
}

export async function runStages({ tx }: Act, runId: string): Promise<RunStageLine[]> {
  return tx.rows<RunStageLine>(sql`
    select d.stage, d.choice ->> 'channel' as channel, d.choice ->> 'effect' = 'hand_over' as proposal,
           d.situation ->> 'currency' as currency, count(distinct d.customer_id)::integer as customers,
           coalesce(sum((i.item ->> 'openMinor')::bigint), 0)::bigint as amount
      from decision d
      left join lateral jsonb_array_elements(d.situation -> 'items') as i (item)
        on (d.choice -> 'receivableIds') ? (i.item ->> 'receivableId') and i.item ->> 'itemKind' = 'invoice'
     where d.tenant_id = ${tx.tenantId} and d.run_id = ${runId} and d.outcome = 'contact'
     group by 1, 2, 3, 4 order by min(d.stage)`);
}

export async function runBlockers(
  { tx }: Act,
  runId: string,
): Promise<{ readonly name: string; readonly customers: number }[]> {
  return tx.rows(sql`
    select b.blocker ->> 'name' as name, count(distinct d.customer_id)::integer as customers
      from decision d cross join lateral jsonb_array_elements(d.blockers) as b (blocker)
     where d.tenant_id = ${tx.tenantId} and d.run_id = ${runId} and d.outcome = 'blocked' group by 1 order by 2 desc, 1`);
}

export interface MessageLine {
  readonly message_id: MessageId;
  readonly customer_id: CustomerId;
  readonly creditor_id: CreditorId;
  readonly brand: string;
  readonly channel: "email" | "letter";
  readonly stage: string | null;
  readonly template_key: string;
  readonly state: string;
  readonly reason: string | null;
  readonly needs_approval: boolean;
  readonly evidence: string;
  readonly evidence_at: Instant | null;
  readonly amount: bigint | null;
  readonly currency: Currency | null;
  readonly created_at: Instant;
  readonly left_at: Instant | null;
  readonly local: boolean;
  readonly run_id: Uuid | null;
}

export interface MessageFilter {
  readonly messageId?: string;
  readonly state?: string;
  readonly channel?: string;
  readonly customerId?: CustomerId;
  readonly among?: readonly CustomerId[];
  readonly runId?: string;
  readonly local?: boolean;
  readonly creditorId?: CreditorId;
}

/**
 * Messages to protected files are missing for those who may not open them; a customer's are those of files merged into
 * theirs too.
 */
export async function messageLines(act: Act, filter: MessageFilter, page: PageRequest): Promise<Page<MessageLine>> {
  const files = filter.customerId === undefined ? null : await filesOfOne(act, filter.customerId);
  return readPage<MessageLine>(
    act,
    sql`
    select m.message_id, m.customer_id, m.creditor_id, b.name as brand, m.channel, m.stage, m.template_key, m.state, m.reason,
           m.needs_approval and m.state = 'queued' as needs_approval, m.evidence, m.evidence_at, m.total_minor as amount, m.currency,
           m.queued_at as created_at, m.left_at, l.message_id is not null as local, d.run_id
      from message m
      join customer c on c.customer_id = m.customer_id
      join brand b on b.brand_id = m.brand_id
      left join decision d on d.customer_id = m.customer_id and d.trigger = m.decision_trigger
      left join local_mail l on l.customer_id = m.customer_id and l.message_id = m.message_id
     where m.tenant_id = ${act.tx.tenantId} and ${visibleCustomers(act)}
       and (${orNull(filter.messageId)}::uuid is null or m.message_id = ${orNull(filter.messageId)})
       and (${orNull(filter.state)}::text is null or m.state = ${orNull(filter.state)})
       and (${orNull(filter.channel)}::text is null or m.channel = ${orNull(filter.channel)})
       and (${files}::uuid[] is null or m.customer_id = any(${files}::uuid[]))
       and (${orNull(filter.among)}::uuid[] is null or m.customer_id = any(${orNull(filter.among)}))
       and (${orNull(filter.runId)}::uuid is null or d.run_id = ${orNull(filter.runId)})
       and (${orNull(filter.local)}::boolean is null or (l.message_id is not null) = ${orNull(filter.local)})
       and (${orNull(filter.creditorId)}::uuid is null or m.creditor_id = ${orNull(filter.creditorId)})`,
    page,
    "amount",
  );
}

export interface MessageStep {
  readonly state: "queued" | "leaving" | "left" | "failed" | "unknown" | "dropped" | "parked" | "opened" | "bounced";
  readonly at: Instant;
}

/** What happened with a message, oldest first. */
export async function messageSteps({ tx }: Act, customerId: CustomerId, messageId: string): Promise<MessageStep[]> {
  return tx.rows<MessageStep>(sql`
    select s.state, s.at from (
      select 'queued' as state, m.queued_at as at, 0 as rank from message m where m.customer_id = ${customerId} and m.message_id = ${messageId}
      union all select 'leaving', a.started_at, 1 from message_attempt a where a.customer_id = ${customerId} and a.message_id = ${messageId}
      union all select a.outcome, a.ended_at, 2 from message_attempt a
        where a.customer_id = ${customerId} and a.message_id = ${messageId} and a.ended_at is not null
      union all select 'opened', min(v.at), 3 from portal_link k join portal_visit v on v.customer_id = k.customer_id and v.link_id = k.link_id
        where k.customer_id = ${customerId} and k.message_id = ${messageId} and v.act = 'opened' having min(v.at) is not null
      union all select 'bounced', m.evidence_at, 4 from message m
        where m.customer_id = ${customerId} and m.message_id = ${messageId} and m.evidence = 'revoked' and m.evidence_at is not null
    ) s order by s.at, s.rank`);
}

export interface MessageDecision {
  readonly trigger: string;
  readonly decided_at: Instant;
  readonly strategy: string;
  readonly version: number;
  readonly items: number;
  readonly amount: bigint;
  readonly currency: string;
  readonly oldest_due: PlainDate | null;
}

/** What the decision behind a message saw; undefined for answers. */
export async function messageDecision(
  { tx }: Act,
  customerId: CustomerId,
  messageId: string,
): Promise<MessageDecision | undefined> {
  return tx.one<MessageDecision>(sql`
    select d.trigger, d.decided_at, coalesce(v.document ->> 'name', '') as strategy, d.strategy_version as version,
           (select count(*)::integer from jsonb_array_elements(d.choice -> 'receivableIds')) as items,
           coalesce((select sum((i.item ->> 'openMinor')::bigint) from jsonb_array_elements(d.situation -> 'items') as i (item)
             where (d.choice -> 'receivableIds') ? (i.item ->> 'receivableId')), 0)::bigint as amount,
           d.situation ->> 'currency' as currency,
           (select min((i.item ->> 'dueOn')::date) from jsonb_array_elements(d.situation -> 'items') as i (item)
             where (d.choice -> 'receivableIds') ? (i.item ->> 'receivableId')) as oldest_due
      from message m join decision d on d.customer_id = m.customer_id and d.trigger = m.decision_trigger
      left join strategy_version v on v.strategy_id = d.strategy_id and v.version = d.strategy_version
     where m.tenant_id = ${tx.tenantId} and m.customer_id = ${customerId} and m.message_id = ${messageId}`);
}

/** Customers with an open case, by the creditor that has a strategy. */
export async function openCases({ tx }: Act): Promise<ReadonlyMap<CreditorId, number>> {
  const rows = await tx.rows<{ creditor_id: CreditorId; customers: number }>(sql`
    select d.creditor_id, count(distinct d.customer_id)::integer as customers from dunning_case d
     where d.tenant_id = ${tx.tenantId} and d.state = 'open' group by d.creditor_id`);
  return new Map(rows.map((row) => [row.creditor_id, row.customers]));
}
