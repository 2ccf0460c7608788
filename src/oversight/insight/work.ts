/** The worklist: tasks of people, messages that need approval, holds without end; as one list, most urgent first. */
import type { Act } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import type {
  CaseId,
  CreditorId,
  Currency,
  CustomerId,
  Instant,
  PlainDate,
  ReceivableId,
  Uuid,
} from "../../pure/kernel/index.ts";
import { visibleCustomers } from "../../books/customers/index.ts";
import { type Page, type PageRequest, readPage } from "./page.ts";

export interface WorkLine {
  readonly work_id: Uuid;
  readonly source: "task" | "message" | "hold";
  readonly kind: string;
  readonly customer_id: CustomerId;
  readonly case_id: CaseId | null;
  readonly receivable_id: ReceivableId | null;
  readonly number: string | null;
  readonly message_id: Uuid | null;
  readonly creditor_id: CreditorId | null;
  readonly amount: bigint | null;
  /** Open of the customer at that creditor; minor units. */
  readonly open: bigint | null;
  readonly currency: Currency | null;
  readonly due_on: PlainDate;
  readonly state: string;
  readonly stage: string | null;
  readonly stage_on: PlainDate | null;
  readonly ground: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly first_approved_by: string | null;
  readonly created_by: string;
  readonly created_at: Instant;
}

export interface WorkFilter {
  readonly workId?: Uuid;
  readonly kind?: string;
  readonly due?: "now" | "later";
  readonly creditorId?: CreditorId;
  readonly among?: readonly CustomerId[];
  /** Decided ones too (for one row). */
  readonly decided?: boolean;
}

const orNull = <T>(value: T | undefined): T | null => value ?? null;

const lines = (act: Act, filter: WorkFilter, day: PlainDate) => sql`
  select w.*, k.creditor_id, d.stage, d.stage_on, r.number, coalesce(w.own_currency, o.currency) as currency, o.open
    from (
      select t.task_id as work_id, 'task' as source, t.kind, t.customer_id, t.case_id, t.receivable_id,
             (t.facts ->> 'messageId')::uuid as message_id, null::uuid as own_creditor, t.amount_minor as amount,
             t.currency as own_currency, t.due_on, t.state, null::text as own_stage, null::text as ground, t.facts,
             t.first_approved_by, t.created_by, t.created_at
        from task t where t.tenant_id = ${act.tx.tenantId} and (t.state = 'open' or ${filter.decided ?? false})
      union all
      select m.message_id, 'message', 'approval', m.customer_id, m.case_id, null, m.message_id, m.creditor_id, null, m.currency,
             ${day}::date, case when m.state = 'queued' and m.needs_approval then 'open' else 'done' end, m.stage, null,
             '{}'::jsonb, null, 'system:dunning', m.queued_at
        from message m where m.tenant_id = ${act.tx.tenantId} and m.kind = 'ask'
         and ((m.state = 'queued' and m.needs_approval) or (${filter.decided ?? false} and m.message_id = ${orNull(filter.workId)}::uuid))
      union all
      select h.hold_id, 'hold', 'hold_review', h.customer_id, h.case_id, h.receivable_id, null, null, null, null,
             ${day}::date, case when h.lifted_at is null and h.ends_on is null then 'open' else 'done' end, null, h.ground,
             jsonb_build_object('since', h.starts_on), null, h.author, h.created_at
        from hold h where h.tenant_id = ${act.tx.tenantId}
         and ((h.ends_on is null and h.lifted_at is null) or (${filter.decided ?? false} and h.hold_id = ${orNull(filter.workId)}::uuid))
    ) w
    join customer c on c.customer_id = w.customer_id
    left join dunning_case d on d.customer_id = w.customer_id and d.case_id = w.case_id
    left join receivable r on r.customer_id = w.customer_id and r.receivable_id = w.receivable_id
    cross join lateral (select coalesce(w.own_creditor, d.creditor_id, r.creditor_id) as creditor_id) k
    left join lateral (
      select x.currency, sum(x.open_total)::bigint as open from receivable x
       where x.customer_id = w.customer_id and x.open_total <> 0 and (k.creditor_id is null or x.creditor_id = k.creditor_id)
       group by x.currency order by sum(x.open_total) desc limit 1) o on true
   where ${visibleCustomers(act)}
     and (${orNull(filter.workId)}::uuid is null or w.work_id = ${orNull(filter.workId)})
     and (${orNull(filter.kind)}::text is null or w.kind = ${orNull(filter.kind)})
     and (${orNull(filter.due)}::text is null or (w.due_on <= ${day}::date) = (${orNull(filter.due)} = 'now'))
     and (${orNull(filter.creditorId)}::uuid is null or k.creditor_id is null or k.creditor_id = ${orNull(filter.creditorId)})
     and (${orNull(filter.among)}::uuid[] is null or w.customer_id = any(${orNull(filter.among)}))`;

export const workLines = (act: Act, filter: WorkFilter, day: PlainDate, page: PageRequest): Promise<Page<WorkLine>> =>
  readPage<WorkLine>(act, lines(act, filter, day), page);

export interface OpenTask {
  readonly task_id: Uuid;
  readonly kind: string;
  readonly due_on: PlainDate;
}

/** What waits for a person at one customer, most urgent first. */
export const openTasks = (act: Act, customerId: CustomerId): Promise<OpenTask[]> =>
  act.tx.rows<OpenTask>(sql`
    select task_id, kind, due_on from task where customer_id = ${customerId} and state = 'open' order by due_on, task_id limit 20`);

/** How many of each kind, and how many are due now and later; over all kinds and days of the filter's creditor. */
export async function workCounts(
  act: Act,
  filter: Pick<WorkFilter, "creditorId" | "among">,
  day: PlainDate,
): Promise<Readonly<Record<string, number>>> {
  const rows = await act.tx.rows<{ kind: string; later: boolean; count: bigint }>(sql`
    select l.kind, l.due_on > ${day}::date as later, count(*) as count from (${lines(act, filter, day)}) l group by 1, 2`);
  const counts: Record<string, number> = { now: 0, later: 0 };
  for (const row of rows) {
    counts[row.kind] = (counts[row.kind] ?? 0) + Number(row.count);
    const when = row.later ? "later" : "now";
    counts[when] = (counts[when] ?? 0) + Number(row.count);
  }
  return counts;
}
