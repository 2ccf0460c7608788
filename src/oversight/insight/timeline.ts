/** What happened with one customer, as codes and values: the door puts them into words. */
import type { Act } from "../../platform/access/index.ts";
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
}

/** The newest `limit` events, newest first; messages that wait stand in the future. One statement. */
export async function timelineOf(
  { tx }: Act,
  customerId: CustomerId,
  zone: Zone,
  limit: number,
): Promise<TimelineEvent[]> {
  const none = sql`null::uuid`;
  return tx.rows<TimelineEvent>(sql`
    select e.* from (
      select 'item:' || r.receivable_id as id, null::timestamptz as at, r.issued_on as on,
             case r.item_kind when 'credit_note' then 'item_credited' else 'item_claimed' end as code,
             jsonb_build_object('number', r.number) as "values",
             (select abs(sum(p.amount_minor))::bigint from posting p where p.customer_id = r.customer_id and p.receivable_id = r.receivable_id
                and coalesce(p.moved_kind, p.kind) in ('claim', 'credit') and p.component = 'principal' and p.reverses is null) as amount,
             r.currency, ${none} as message_id, r.receivable_id as item_id, false as planned
        from receivable r where r.customer_id = ${customerId} and r.item_kind <> 'on_account'
      union all
      select 'booking:' || b.booking_id, b.booked_at, b.value_on,
             case when b.withdrawn_at is not null then 'payment_corrected' when b.kind = 'return' then 'payment_back' else 'payment_in' end,
             '{}'::jsonb, b.amount_minor, b.currency, ${none}, ${none}, false
        from booking b where b.customer_id = ${customerId} and b.kind in ('payment', 'return')
      union all
      select 'posting:' || p.booking_id || ':' || p.kind, min(p.booked_at), p.value_on,
             case p.kind when 'write_off' then 'written_off' when 'discount' then 'discount_given' else 'charge_posted' end,
             '{}'::jsonb, abs(sum(p.amount_minor))::bigint, p.currency, ${none}, min(p.receivable_id::text)::uuid, false
        from posting p where p.customer_id = ${customerId} and p.kind in ('write_off', 'discount', 'interest', 'cost') and p.reverses is null
       group by p.booking_id, p.kind, p.value_on, p.currency
      union all
      select 'message:' || m.message_id, case when m.state = 'left' then m.left_at end,
             (coalesce(m.left_at, m.leave_after) at time zone ${zone})::date, 'message_' || m.state,
             jsonb_build_object('stage', coalesce(m.stage, m.template_key), 'channel', m.channel, 'reason', coalesce(m.reason, '')),
             m.total_minor, m.currency, m.message_id, ${none}, m.state in ('queued', 'leaving')
        from message m where m.customer_id = ${customerId}
      union all
      select 'hold:' || h.hold_id, h.created_at, h.starts_on, 'hold_placed',
             jsonb_build_object('ground', h.ground, 'until', coalesce(h.ends_on::text, '')), null, null, ${none}, h.receivable_id, false
        from hold h where h.customer_id = ${customerId}
      union all
      select 'lifted:' || h.hold_id, h.lifted_at, (h.lifted_at at time zone ${zone})::date, 'hold_lifted',
             jsonb_build_object('ground', h.ground), null, null, ${none}, h.receivable_id, false
        from hold h where h.customer_id = ${customerId} and h.lifted_at is not null
      union all
      select 'visit:' || v.visit_id, v.at, (v.at at time zone ${zone})::date, 'portal_' || v.act,
             '{}'::jsonb, null, null, ${none}, ${none}, false
        from portal_visit v where v.customer_id = ${customerId}
      union all
      select 'closed:' || d.case_id, null, d.closed_on, 'case_closed', '{}'::jsonb, null, null, ${none}, ${none}, false
        from dunning_case d where d.customer_id = ${customerId} and d.state = 'closed' and d.closed_on is not null
      union all
      select 'order:' || encode(v.event_key, 'hex'), v.happened_at, v.happened_on,
             'order_' || v.kind || case when v.kind = 'returned' and v.amount_minor is not null then '_in_part' else '' end,
             jsonb_build_object('order', o.number), v.amount_minor, v.currency, ${none}, ${none}, false
        from order_event v join customer_order o on o.customer_id = v.customer_id and o.order_id = v.order_id
       where v.customer_id = ${customerId}
    ) e order by e.planned desc, e.on desc, e.at desc nulls last, e.id limit ${limit}`);
}
