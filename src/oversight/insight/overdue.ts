/**
 * Completeness: every overdue cent stands in exactly one place, and what stands nowhere is `forgotten`. Amounts are
 * minor units. The order of the places is the order in which they are asked: what is with others, what is disputed, what
 * is held, what waits for a person, what is in a stage, what the next run takes up.
 */
import type { Act } from "../../platform/access/index.ts";
import { type Sql, sql } from "../../platform/database/index.ts";
import { addDays, type CreditorId, type Currency, type PlainDate, weekday } from "../../pure/kernel/index.ts";

export type OverduePart = "handed_over" | "objection" | "hold" | "person" | "stage" | "waiting" | "forgotten";

const ofCreditor = (column: Sql, creditorId: CreditorId | undefined): Sql =>
  sql`(${creditorId ?? null}::uuid is null or ${column} = ${creditorId ?? null})`;

const overdueItems = ({ tx }: Act, creditorId: CreditorId | undefined, day: PlainDate): Sql => sql`
  r.tenant_id = ${tx.tenantId} and r.item_kind = 'invoice' and r.open_total > 0 and r.due_on < ${day}::date
  and ${ofCreditor(sql`r.creditor_id`, creditorId)}`;

/** The sums of the overdue by currency and place; places without money are missing. */
export async function overdueParts(
  act: Act,
  creditorId: CreditorId | undefined,
  day: PlainDate,
): Promise<{ readonly currency: Currency; readonly part: OverduePart; readonly amount: bigint }[]> {
  return act.tx.rows(sql`
    with standing as (
      select h.customer_id, h.case_id, h.receivable_id, h.ground from hold h
       where h.tenant_id = ${act.tx.tenantId} and h.lifted_at is null and h.starts_on <= ${day}::date
         and (h.ends_on is null or h.ends_on >= ${day}::date)),
    covered as (
      select r.customer_id, r.receivable_id, bool_or(h.ground = 'dispute') as disputed
        from receivable r join standing h on h.customer_id = r.customer_id
         and (h.case_id is null or h.case_id = r.case_id) and (h.receivable_id is null or h.receivable_id = r.receivable_id)
       where ${overdueItems(act, creditorId, day)} group by r.customer_id, r.receivable_id),
    asked as (
      select distinct r.customer_id, r.receivable_id
        from receivable r join task t on t.customer_id = r.customer_id
         and (t.case_id is null or t.case_id = r.case_id) and (t.receivable_id is null or t.receivable_id = r.receivable_id)
       where ${overdueItems(act, creditorId, day)} and t.state = 'open' and t.kind <> 'overpayment'),
    run_by as (
      select k.creditor_id from creditor k
       where k.tenant_id = ${act.tx.tenantId} and exists (
         select from strategy_version s where s.tenant_id = k.tenant_id and s.published_at is not null and s.retired_at is null
           and (s.creditor_id = k.creditor_id or s.creditor_id is null)))
    select x.currency, x.part, sum(x.open_total)::bigint as amount from (
      select r.currency, r.open_total,
             case when r.assigned_on <= ${day}::date or d.state = 'handed_over' then 'handed_over'
                  when c.disputed then 'objection'
                  when c.customer_id is not null then 'hold'
                  when a.customer_id is not null then 'person'
                  when b.creditor_id is null then 'forgotten'
                  when r.stage is not null then 'stage'
                  else 'waiting' end as part
        from receivable r
        left join dunning_case d on d.customer_id = r.customer_id and d.case_id = r.case_id
        left join covered c on c.customer_id = r.customer_id and c.receivable_id = r.receivable_id
        left join asked a on a.customer_id = r.customer_id and a.receivable_id = r.receivable_id
        left join run_by b on b.creditor_id = r.creditor_id
       where ${overdueItems(act, creditorId, day)}) x
    group by x.currency, x.part order by x.currency, x.part`);
}

export const AGE_BANDS: readonly (readonly [from: number, to: number | null])[] = [
  [1, 14],
  [15, 30],
  [31, 60],
  [61, 90],
  [91, null],
];

/** Overdue by days since the due date, in the order of `AGE_BANDS`; one currency. */
export async function ageing(
  act: Act,
  creditorId: CreditorId | undefined,
  day: PlainDate,
  currency: Currency,
): Promise<readonly bigint[]> {
  const rows = await act.tx.rows<{ band: number; amount: bigint }>(sql`
    select width_bucket(${day}::date - r.due_on, array[1, 15, 31, 61, 91]) as band, sum(r.open_total)::bigint as amount
      from receivable r where ${overdueItems(act, creditorId, day)} and r.currency = ${currency} group by band`);
  return AGE_BANDS.map((_, index) => rows.find((row) => row.band === index + 1)?.amount ?? 0n);
}

export interface WeekSum {
  readonly monday: PlainDate;
  readonly amount: bigint;
}

/** Money that was paid, by the week of its value date; the last one is the week of `day`. Returned payments are out. */
export async function receivedByWeek(
  act: Act,
  creditorId: CreditorId | undefined,
  day: PlainDate,
  currency: Currency,
  weeks: number,
): Promise<WeekSum[]> {
  const last = addDays(day, 1 - weekday(day));
  const first = addDays(last, -7 * (weeks - 1));
  const rows = await act.tx.rows<{ monday: PlainDate; amount: bigint }>(sql`
    select date_trunc('week', b.value_on)::date as monday, sum(b.amount_minor)::bigint as amount from booking b
     where b.tenant_id = ${act.tx.tenantId} and b.kind = 'payment' and b.withdrawn_at is null and b.currency = ${currency}
       and b.value_on >= ${first}::date and b.value_on <= ${day}::date and ${ofCreditor(sql`b.creditor_id`, creditorId)}
       and not exists (select from booking x where x.customer_id = b.customer_id and x.returns = b.booking_id and x.withdrawn_at is null)
     group by monday`);
  const byMonday = new Map(rows.map((row) => [row.monday, row.amount]));
  return Array.from({ length: weeks }, (_, index) => {
    const monday = addDays(first, 7 * index);
    return { monday, amount: byMonday.get(monday) ?? 0n };
  });
}

/** The currency most is owed in; EUR where nothing is. */
export async function leadingCurrency(act: Act, creditorId: CreditorId | undefined): Promise<Currency> {
  const row = await act.tx.one<{ currency: Currency }>(sql`
    select r.currency from receivable r
     where r.tenant_id = ${act.tx.tenantId} and r.open_total > 0 and ${ofCreditor(sql`r.creditor_id`, creditorId)}
     group by r.currency order by count(*) desc, r.currency limit 1`);
  return row?.currency ?? ("EUR" as Currency);
}
