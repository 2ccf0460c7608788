/** The list of customers with what they owe; also the rows of a search. */
import type { Act } from "../../platform/access/index.ts";
import { type Sql, sql } from "../../platform/database/index.ts";
import type { CreditorId, Currency, CustomerId, PlainDate } from "../../pure/kernel/index.ts";
import { visibleCustomers } from "../../books/customers/index.ts";
import { type Page, type PageRequest, readPage } from "./page.ts";

export interface CustomerFilter {
  /** Only these: hits of a search. */
  readonly among?: readonly CustomerId[];
  readonly creditorId?: CreditorId;
  readonly kind?: "consumer" | "business";
  readonly stage?: string;
  readonly held?: boolean;
  readonly overdue?: boolean;
  /** Days since the oldest due date, both counted. */
  readonly ageFrom?: number;
  readonly ageTo?: number;
}

/** Amounts are minor units of the currency the customer owes most in. */
export interface CustomerStanding {
  readonly customer_id: CustomerId;
  readonly number: string;
  readonly kind: "consumer" | "business";
  readonly restricted: boolean;
  readonly currency: Currency | null;
  readonly open: bigint;
  readonly overdue: bigint;
  readonly oldest_due: PlainDate | null;
  readonly stage: string | null;
  readonly held: boolean;
}

const present = <T>(value: T | undefined): T | null => value ?? null;

/** Protected files are missing for those who may not open them. Order columns: those of the row, and `customer_id`. */
export async function customerStandings(
  act: Act,
  filter: CustomerFilter,
  day: PlainDate,
  page: PageRequest,
): Promise<Page<CustomerStanding>> {
  const conditions: Sql = sql`
    (${present(filter.kind)}::text is null or s.kind = ${present(filter.kind)})
    and (${present(filter.stage)}::text is null or s.stage = ${present(filter.stage)})
    and (${present(filter.held)}::boolean is null or s.held = ${present(filter.held)})
    and (${present(filter.overdue)}::boolean is null or (s.overdue > 0) = ${present(filter.overdue)})
    and (${present(filter.ageFrom)}::integer is null or ${day}::date - s.oldest_due >= ${present(filter.ageFrom)})
    and (${present(filter.ageTo)}::integer is null or ${day}::date - s.oldest_due <= ${present(filter.ageTo)})`;
  const of = sql`r.tenant_id = ${act.tx.tenantId}
    and (${present(filter.creditorId)}::uuid is null or r.creditor_id = ${present(filter.creditorId)})
    and (${present(filter.among)}::uuid[] is null or r.customer_id = any(${present(filter.among)}))`;
  return readPage<CustomerStanding>(
    act,
    sql`
    select s.* from (
      select c.customer_id, c.number, c.kind, c.restricted, o.currency, coalesce(o.open, 0)::bigint as open,
             coalesce(o.overdue, 0)::bigint as overdue, o.oldest_due, d.stage, h.customer_id is not null as held
        from customer c
        left join (
          select distinct on (x.customer_id) x.* from (
            select r.customer_id, r.currency, sum(r.open_total) as open,
                   sum(r.open_total) filter (where r.item_kind = 'invoice' and r.open_total > 0 and r.due_on < ${day}::date) as overdue,
                   min(r.due_on) filter (where r.item_kind = 'invoice' and r.open_total > 0 and r.due_on < ${day}::date) as oldest_due
              from receivable r where ${of} and r.open_total <> 0 group by r.customer_id, r.currency) x
           order by x.customer_id, x.overdue desc nulls last, x.open desc, x.currency) o on o.customer_id = c.customer_id
        left join (
          select distinct on (r.customer_id) r.customer_id, r.stage from dunning_case r
           where ${of} and r.state <> 'closed' and r.stage is not null
           order by r.customer_id, r.stage_on desc, r.case_id) d on d.customer_id = c.customer_id
        left join (
          select distinct x.customer_id from hold x
           where x.tenant_id = ${act.tx.tenantId} and x.lifted_at is null and x.starts_on <= ${day}::date
             and (x.ends_on is null or x.ends_on >= ${day}::date)) h on h.customer_id = c.customer_id
       where c.tenant_id = ${act.tx.tenantId} and c.merged_into is null and ${visibleCustomers(act)}
         and (${present(filter.among)}::uuid[] is null or c.customer_id = any(${present(filter.among)}))
         and (${present(filter.creditorId)}::uuid is null
              or exists (select from receivable r where r.customer_id = c.customer_id and r.creditor_id = ${present(filter.creditorId)}))
    ) s where ${conditions}`,
    page,
    "open",
  );
}
