/** What happened with one customer, as codes and values: the door puts them into words. */
import type { Act } from "../../platform/access/index.ts";
import { filesOfOne } from "../../books/customers/index.ts";
import { heldHere } from "../../books/receivables/index.ts";
import { sql } from "../../platform/database/index.ts";
import type { CustomerId, Instant, MessageId, PlainDate, ReceivableId, Zone } from "../../pure/kernel/index.ts";

export interface TimelineEvent {
  readonly id: string;
  readonly at: Instant | null;
  readonly on: PlainDate;
  /** `item_claimed`, `payment_in`, `message_left`, `hold_placed`, `portal_callback`, … */
  readonly code: string;
  readonly values: Readonly<Record<string, string>>;
  /** Minor units and currency, where an amount belongs to it. */
  readonly amount: bigint | null;
  readonly currency: string | null;
  readonly message_id: MessageId | null;
  readonly item_id: ReceivableId | null;
  readonly planned: boolean;
  /** Number of the file it happened in, where that one was merged into the customer's since. */
  readonly from_file: string | null;
}

/**
 * The newest `limit` events of the customer's files, newest first; messages that wait stand in the future. What moved with
 * a merge (items, holds, cases) is told once.
 */
export async function timelineOf(
  act: Act,
  customerId: CustomerId,
  zone: Zone,
  limit: number,
): Promise<TimelineEvent[]> {
  const { tx } = act;
  const none = sql`null::uuid`;
  const files = await filesOfOne(act, customerId);
  return tx.rows<TimelineEvent>(sql`
    select e.id, e.at, e.on, e.code, e."values", e.amount, e.currency, e.message_id, e.item_id, e.planned,
           case when e.file <> ${customerId} then c.number end as from_file
    from (
     select distinct on (u.id, u.on) u.* from (
      select coalesce(r.moved_from, r.customer_id) as file, 'item:' || r.receivable_id as id, null::timestamptz as at, r.issued_on as on,
             case r.item_kind when 'credit_note' then 'item_credited' else 'item_claimed' end as code,
             jsonb_build_object('number', r.number) as "values",
             (select abs(sum(p.amount_minor))::bigint from posting p where p.customer_id = r.customer_id and p.receivable_id = r.receivable_id
                and coalesce(p.moved_kind, p.kind) in ('claim', 'credit') and p.component = 'principal' and p.reverses is null) as amount,
             r.currency, ${none} as message_id, r.receivable_id as item_id, false as planned
        from receivable r where r.customer_id = any(${files}::uuid[]) and r.item_kind <> 'on_account' and (r.open_total <> 0 or ${heldHere})
      union all
      select b.customer_id, 'booking:' || b.booking_id, b.booked_at, b.value_on,
             case when b.withdrawn_at is not null then 'payment_corrected' when b.kind = 'return' then 'payment_back' else 'payment_in' end,
             '{}'::jsonb, b.amount_minor, b.currency, ${none}, ${none}, false
        from booking b where b.customer_id = any(${files}::uuid[]) and b.kind in ('payment', 'return')
      union all
      select p.customer_id, 'posting:' || p.booking_id || ':' || p.kind, min(p.booked_at), p.value_on,
             case p.kind when 'write_off' then 'written_off' when 'discount' then 'discount_given' else 'charge_posted' end,
             '{}'::jsonb, abs(sum(p.amount_minor))::bigint, p.currency, ${none}, min(p.receivable_id::text)::uuid, false
        from posting p where p.customer_id = any(${files}::uuid[]) and p.kind in ('write_off', 'discount', 'interest', 'cost') and p.reverses is null
       group by p.customer_id, p.booking_id, p.kind, p.value_on, p.currency
      union all
      select m.customer_id, 'message:' || m.message_id, case when m.state = 'left' then m.left_at end,
             (coalesce(m.left_at, m.leave_after) at time zone ${zone})::date, 'message_' || m.state,
             jsonb_build_object('stage', coalesce(m.stage, m.template_key), 'channel', m.channel, 'reason', coalesce(m.reason, '')),
             m.total_minor, m.currency, m.message_id, ${none}, m.state in ('queued', 'leaving')
        from message m where m.customer_id = any(${files}::uuid[])
      union all
      select h.customer_id, 'hold:' || h.hold_id, h.created_at, h.starts_on, 'hold_placed',
             jsonb_build_object('ground', h.ground, 'until', coalesce(h.ends_on::text, '')), null, null, ${none}, h.receivable_id, false
        from hold h where h.customer_id = any(${files}::uuid[])
      union all
      select h.customer_id, 'lifted:' || h.hold_id, h.lifted_at, (h.lifted_at at time zone ${zone})::date, 'hold_lifted',
             jsonb_build_object('ground', h.ground), null, null, ${none}, h.receivable_id, false
        from hold h where h.customer_id = any(${files}::uuid[]) and h.lifted_at is not null
      union all
      select v.customer_id, 'visit:' || v.visit_id, v.at, (v.at at time zone ${zone})::date, 'portal_' || v.act,
             '{}'::jsonb, null, null, ${none}, ${none}, false
        from portal_visit v where v.customer_id = any(${files}::uuid[])
      union all
      select d.customer_id, 'closed:' || d.case_id, null, d.closed_on, 'case_closed', '{}'::jsonb, null, null, ${none}, ${none}, false
        from dunning_case d where d.customer_id = any(${files}::uuid[]) and d.state = 'closed' and d.closed_on is not null
         -- Not those that closed because they went on in the survivor's file.
         and not exists (select from customer_merge g where g.tenant_id = ${tx.tenantId} and g.merged_id = d.customer_id
           and g.business_date = d.closed_on)
      union all
      select v.customer_id, 'order:' || encode(v.event_key, 'hex'), v.happened_at, v.happened_on,
             'order_' || v.kind || case when v.kind = 'returned' and v.amount_minor is not null then '_in_part' else '' end,
             jsonb_build_object('order', o.number), v.amount_minor, v.currency, ${none}, ${none}, false
        from order_event v join customer_order o on o.customer_id = v.customer_id and o.order_id = v.order_id
       where v.customer_id = any(${files}::uuid[])
     ) u order by u.id, u.on, u.file <> ${customerId}
    ) e join customer c on c.customer_id = e.file order by e.planned desc, e.on desc, e.at desc nulls last, e.id limit ${limit}`);
}
