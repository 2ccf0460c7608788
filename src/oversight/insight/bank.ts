/** Bank entries and statements as lists. Who paid and what was written stays sealed: the door opens the page it shows. */
import type { Act } from "../../platform/access/index.ts";
import { type Sql, sql } from "../../platform/database/index.ts";
import type { CreditorId, Currency, CustomerId, Instant, PlainDate, Uuid } from "../../pure/kernel/index.ts";
import { visibleCustomers } from "../../books/customers/index.ts";
import { type Page, type PageRequest, readPage } from "./page.ts";

export type EntryView = "proposed" | "unmatched" | "booked" | "returned";

export interface EntryLine {
  readonly fingerprint: Buffer;
  readonly entry_id: Uuid;
  readonly statement_fingerprint: Buffer;
  readonly creditor_id: CreditorId;
  readonly account: string;
  /** Minor units; below zero for money that went out. */
  readonly amount: bigint;
  readonly currency: Currency;
  readonly booked_on: PlainDate;
  readonly value_on: PlainDate;
  readonly view: EntryView;
  readonly status: string;
  readonly score: number | null;
  readonly customer_id: CustomerId | null;
  /** Of the best proposal, while it is one. */
  readonly proposed_for: CustomerId | null;
  readonly sure: SureKind | null;
  readonly decided_by: string | null;
  readonly decided_at: Instant | null;
}

/** What makes a proposal sure enough to be booked together with others: exact amount, and this. */
export type SureKind = "number_amount" | "account_amount" | "name_amount";
/** From this score (probability in per cent) on; nothing may speak against it. */
export const SURE_FROM = 95;

export interface EntryFilter {
  readonly view?: EntryView;
  readonly statement?: Buffer;
  readonly creditorId?: CreditorId;
  readonly entryId?: Uuid;
  readonly sure?: SureKind;
  /** Booked on this day or before, and not before the other. */
  readonly bookedUntil?: PlainDate;
  readonly bookedFrom?: PlainDate;
}

const orNull = <T>(value: T | undefined): T | null => value ?? null;

/** Seen, and booked in the system that leads for its creditor: nothing is left to do with it here. */
const bookedThere = sql`(e.status = 'set_aside' and exists (
  select from creditor o where o.creditor_id = e.creditor_id and o.leads <> 'kulanz'))`;

/** What came back is `returned` whatever its status; of the unmatched only what could be a customer's. */
const inView = (view: EntryView | undefined): Sql => {
  switch (view) {
    case "proposed":
      return sql`e.status = 'proposed'`;
    case "unmatched":
      return sql`e.status in ('new', 'unmatched', 'set_aside') and (e.direction = 'credit' or e.is_return or e.settled_minor is not null) and not ${bookedThere}`;
    case "booked":
      return sql`(e.status = 'booked' or (e.direction = 'credit' and not e.is_return and not e.replaced and ${bookedThere}))`;
    case "returned":
      return sql`e.is_return`;
    case undefined:
      return sql`true`;
  }
};

/** Codes of reasons the best proposal has. */
const hasReason = (...codes: readonly string[]): Sql =>
  sql`jsonb_path_exists(e.proposals, '$[0].reasons[*].code ? (@ == $codes[*])', jsonb_build_object('codes', ${JSON.stringify(codes)}::jsonb))`;
const sureKind = (): Sql => sql`case
  when e.status <> 'proposed' or e.score < ${SURE_FROM} or e.is_return or not ${hasReason("amount_item", "amount_items", "amount_all")}
    or ${hasReason("name_contradicts", "account_contradicts", "number_of_another", "number_of_other_item", "number_unknown", "amount_of_other_item", "item_settled", "item_assigned", "money_came_back", "runner_up_close")} then null
  when ${hasReason("number", "reference")} then 'number_amount'
  when ${hasReason("account_known")} then 'account_amount'
  when ${hasReason("name_agrees")} then 'name_amount' end`;

/** Entries booked to protected files are missing for those who may not open them. */
export const entryLines = (act: Act, filter: EntryFilter, page: PageRequest): Promise<Page<EntryLine>> =>
  readPage<EntryLine>(
    act,
    sql`
    select e.fingerprint, e.entry_id, e.statement_fingerprint, e.creditor_id, s.account,
           case e.direction when 'debit' then -e.amount_minor else e.amount_minor end as amount, e.currency, e.booked_on,
           e.value_on, e.status, e.score::integer as score, e.customer_id,
           case when e.status = 'proposed' or ${bookedThere} then (e.proposals -> 0 ->> 'customerId')::uuid end as proposed_for, ${sureKind()} as sure, m.decided_by, m.created_at as decided_at,
           case when e.status = 'proposed' then 'proposed' when e.is_return then 'returned'
                when e.status = 'booked' or ${bookedThere} then 'booked'
                else 'unmatched' end as view
      from bank_entry e
      join statement s on s.fingerprint = e.statement_fingerprint
      left join match m on m.customer_id = e.customer_id and m.entry_fingerprint = e.fingerprint and m.state = 'booked'
      left join customer c on c.customer_id = e.customer_id
     where e.tenant_id = ${act.tx.tenantId} and ${inView(filter.view)} and (c.customer_id is null or ${visibleCustomers(act)})
       and (${orNull(filter.entryId)}::uuid is null or e.entry_id = ${orNull(filter.entryId)})
       and (${orNull(filter.creditorId)}::uuid is null or e.creditor_id = ${orNull(filter.creditorId)})
       and (${orNull(filter.sure)}::text is null or ${sureKind()} = ${orNull(filter.sure)})
       and (${orNull(filter.bookedUntil)}::date is null or e.booked_on <= ${orNull(filter.bookedUntil)}::date)
       and (${orNull(filter.bookedFrom)}::date is null or e.booked_on >= ${orNull(filter.bookedFrom)}::date)
       and (${orNull(filter.statement)}::bytea is null or e.statement_fingerprint = ${orNull(filter.statement)})`,
    page,
    "amount",
  );

/** How many entries each view has; an entry may stand in two. */
export async function viewCounts(
  { tx }: Act,
  creditorId: CreditorId | undefined,
): Promise<Readonly<Record<EntryView, number>> & { readonly statements: number }> {
  const row = await tx.one<Record<EntryView | "statements", bigint>>(sql`
    select count(*) filter (where ${inView("proposed")}) as proposed, count(*) filter (where ${inView("unmatched")}) as unmatched,
           count(*) filter (where ${inView("booked")}) as booked, count(*) filter (where ${inView("returned")}) as returned,
           (select count(*) from statement s where s.tenant_id = ${tx.tenantId}
              and (${orNull(creditorId)}::uuid is null or s.creditor_id = ${orNull(creditorId)})) as statements
      from bank_entry e
     where e.tenant_id = ${tx.tenantId} and (${orNull(creditorId)}::uuid is null or e.creditor_id = ${orNull(creditorId)})`);
  const of = (key: EntryView | "statements"): number => Number(row?.[key] ?? 0n);
  return {
    proposed: of("proposed"),
    unmatched: of("unmatched"),
    booked: of("booked"),
    returned: of("returned"),
    statements: of("statements"),
  };
}

export interface SureLine {
  readonly kind: SureKind;
  readonly currency: Currency;
  readonly entries: number;
  readonly amount: bigint;
  readonly lowest: number;
}
/** Sure proposals by what makes them sure, one line a currency. */
export const sureLines = ({ tx }: Act, creditorId: CreditorId | undefined): Promise<SureLine[]> =>
  tx.rows<SureLine>(sql`
    select s.kind, s.currency, count(*)::integer as entries, sum(s.amount_minor)::bigint as amount, min(s.score)::integer as lowest
      from (select ${sureKind()} as kind, e.currency, e.amount_minor, e.score from bank_entry e
             where e.tenant_id = ${tx.tenantId} and e.status = 'proposed'
               and (${orNull(creditorId)}::uuid is null or e.creditor_id = ${orNull(creditorId)})) s
     where s.kind is not null group by s.kind, s.currency order by s.kind desc, s.currency`);

export interface AgeLine {
  readonly currency: Currency;
  readonly band: number;
  readonly entries: number;
  readonly amount: bigint;
  readonly oldest: PlainDate;
}
/** Last day of each band, in days since booking; the last band has none. */
export const UNMATCHED_BANDS: readonly number[] = [7, 14, 30, 90];
/** Credits without a match by age on a day; `band` is the position in `UNMATCHED_BANDS`, its length for the oldest. */
export const unmatchedByAge = ({ tx }: Act, creditorId: CreditorId | undefined, day: PlainDate): Promise<AgeLine[]> =>
  tx.rows<AgeLine>(sql`
    select e.currency, width_bucket(${day}::date - e.booked_on, ${UNMATCHED_BANDS.map((last) => last + 1)}::int[]) as band,
           count(*)::integer as entries, sum(e.amount_minor)::bigint as amount, min(e.booked_on) as oldest
      from bank_entry e
     where e.tenant_id = ${tx.tenantId} and ${inView("unmatched")} and e.direction = 'credit'
       and (${orNull(creditorId)}::uuid is null or e.creditor_id = ${orNull(creditorId)})
     group by 1, 2 order by 1, 2`);

export interface StatementLine {
  readonly fingerprint: Buffer;
  readonly file_fingerprint: Buffer;
  readonly creditor_id: CreditorId;
  readonly account: string;
  readonly number: string | null;
  readonly currency: Currency;
  readonly opening: bigint | null;
  readonly closing: bigint | null;
  readonly credits: bigint;
  readonly debits: bigint;
  readonly opened_on: PlainDate | null;
  readonly closed_on: PlainDate | null;
  readonly reconciles: boolean | null;
  readonly entries: number;
  readonly imported_at: Instant;
}

/** Statements, newest first; sums are those of the entries that were kept. */
export async function statementLines(
  { tx }: Act,
  creditorId: CreditorId | undefined,
  limit: number,
): Promise<StatementLine[]> {
  return tx.rows<StatementLine>(sql`
    select s.fingerprint, s.file_fingerprint, s.creditor_id, s.account, s.number, s.currency, s.opening_minor as opening,
           s.closing_minor as closing, coalesce(e.credits, 0)::bigint as credits, coalesce(e.debits, 0)::bigint as debits,
           s.opened_on, s.closed_on, s.reconciles, s.entries, s.imported_at
      from statement s
      left join (
        select e.statement_fingerprint, sum(e.amount_minor) filter (where e.direction = 'credit') as credits,
               sum(e.amount_minor) filter (where e.direction = 'debit') as debits
          from bank_entry e where e.tenant_id = ${tx.tenantId} group by e.statement_fingerprint) e
        on e.statement_fingerprint = s.fingerprint
     where s.tenant_id = ${tx.tenantId} and (${orNull(creditorId)}::uuid is null or s.creditor_id = ${orNull(creditorId)})
     order by s.closed_on desc nulls last, s.imported_at desc, s.fingerprint limit ${limit}`);
}

export interface FileMatches {
  readonly file_fingerprint: Buffer;
  readonly automatic: number;
  readonly proposed: number;
  readonly unmatched: number;
}

/** What became of the entries of files, as it is now. */
export async function fileMatches({ tx }: Act, files: readonly Buffer[]): Promise<FileMatches[]> {
  if (files.length === 0) return [];
  return tx.rows<FileMatches>(sql`
    select e.file_fingerprint, (count(*) filter (where e.status = 'booked'))::integer as automatic,
           (count(*) filter (where e.status = 'proposed'))::integer as proposed,
           (count(*) filter (where e.status in ('new', 'unmatched')))::integer as unmatched
      from bank_entry e where e.tenant_id = ${tx.tenantId} and e.file_fingerprint = any(${[...files]}::bytea[])
     group by e.file_fingerprint`);
}
