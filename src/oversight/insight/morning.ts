/** What came in, what waits, and what somebody has to look at: the numbers of the morning. Set-based, no names. */
import type { Act } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import type { CreditorId, Currency, Instant, PlainDate } from "../../pure/kernel/index.ts";

const orNull = <T>(value: T | undefined): T | null => value ?? null;

export interface WaitingCounts {
  readonly tasks: number;
  readonly approvals: number;
  readonly holds: number;
  readonly proposed: number;
  readonly unmatched: number;
  /** Left for nowhere: the local outbox. */
  readonly local: number;
  readonly parked: number;
}

/** How much waits. One statement; `day`: tasks put off until later days don't count. */
export async function waitingCounts(
  { tx }: Act,
  creditorId: CreditorId | undefined,
  day: PlainDate,
): Promise<WaitingCounts> {
  const creditor = orNull(creditorId);
  const row = await tx.one<Record<keyof WaitingCounts, bigint>>(sql`
    select
      (select count(*) from task t where t.tenant_id = ${tx.tenantId} and t.state = 'open' and t.due_on <= ${day}::date
         and (${creditor}::uuid is null or not exists (select from dunning_case d where d.customer_id = t.customer_id
              and d.case_id = t.case_id and d.creditor_id <> ${creditor}))) as tasks,
      (select count(*) from message m where m.tenant_id = ${tx.tenantId} and m.state = 'queued' and m.needs_approval
         and (${creditor}::uuid is null or m.creditor_id = ${creditor})) as approvals,
      (select count(*) from hold h where h.tenant_id = ${tx.tenantId} and h.ends_on is null and h.lifted_at is null) as holds,
      (select count(*) from bank_entry e where e.tenant_id = ${tx.tenantId} and e.status = 'proposed'
         and (${creditor}::uuid is null or e.creditor_id = ${creditor})) as proposed,
      (select count(*) from bank_entry e where e.tenant_id = ${tx.tenantId} and e.status in ('new', 'unmatched')
         and (${creditor}::uuid is null or e.creditor_id = ${creditor})) as unmatched,
      (select count(*) from local_mail l join message m on m.customer_id = l.customer_id and m.message_id = l.message_id
        where l.tenant_id = ${tx.tenantId} and (${creditor}::uuid is null or m.creditor_id = ${creditor})) as local,
      (select count(*) from message m where m.tenant_id = ${tx.tenantId} and m.state in ('unknown', 'parked')
         and (${creditor}::uuid is null or m.creditor_id = ${creditor})) as parked`);
  if (!row) throw new Error("the counts were not read");
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key, Number(value)]),
  ) as unknown as WaitingCounts;
}

export interface Received {
  readonly payments: bigint;
  readonly entries: number;
  readonly automatic: number;
  readonly proposed: number;
  readonly unmatched: number;
  readonly returned: number;
  readonly undone: number;
  readonly invoices: number;
  readonly disputes: number;
  readonly oldestDispute: PlainDate | null;
  readonly callBacks: number;
  readonly nextCall: PlainDate | null;
}

/** What came since a day (booking day of the bank, counted); amounts in one currency. */
export async function receivedSince(
  { tx }: Act,
  creditorId: CreditorId | undefined,
  since: PlainDate,
  sinceInstant: Instant,
  currency: Currency,
): Promise<Received> {
  const creditor = orNull(creditorId);
  const row = await tx.one<{
    payments: bigint;
    entries: bigint;
    automatic: bigint;
    proposed: bigint;
    unmatched: bigint;
    returned: bigint;
    undone: bigint;
    invoices: bigint;
    disputes: bigint;
    oldest_dispute: PlainDate | null;
    call_backs: bigint;
    next_call: PlainDate | null;
  }>(sql`
    with came as (
      select e.*, m.decided_by from bank_entry e
        left join match m on m.customer_id = e.customer_id and m.entry_fingerprint = e.fingerprint and m.state = 'booked'
       where e.tenant_id = ${tx.tenantId} and e.booked_on >= ${since}::date and (${creditor}::uuid is null or e.creditor_id = ${creditor})),
    waits as (
      select t.kind, t.due_on from task t
       where t.tenant_id = ${tx.tenantId} and t.state = 'open' and t.kind in ('dispute', 'callback')
         and (${creditor}::uuid is null or not exists (select from dunning_case d where d.customer_id = t.customer_id
              and d.case_id = t.case_id and d.creditor_id <> ${creditor})))
    select coalesce((select sum(c.amount_minor) from came c where c.direction = 'credit' and c.currency = ${currency}), 0)::bigint as payments,
           (select count(*) from came c where c.direction = 'credit') as entries,
           (select count(*) from came c where c.status = 'booked' and c.decided_by like 'system:%') as automatic,
           (select count(*) from came c where c.status = 'proposed') as proposed,
           (select count(*) from came c where c.status in ('new', 'unmatched')) as unmatched,
           (select count(*) from came c where c.is_return) as returned,
           (select count(*) from match m where m.tenant_id = ${tx.tenantId} and m.state = 'reversed' and m.reversed_at >= ${sinceInstant}
              and m.decided_by like 'system:%') as undone,
           (select count(*) from receivable r where r.tenant_id = ${tx.tenantId} and r.item_kind = 'invoice'
              and r.created_at >= ${sinceInstant} and (${creditor}::uuid is null or r.creditor_id = ${creditor})) as invoices,
           (select count(*) from waits w where w.kind = 'dispute') as disputes,
           (select min(w.due_on) from waits w where w.kind = 'dispute') as oldest_dispute,
           (select count(*) from waits w where w.kind = 'callback') as call_backs,
           (select min(w.due_on) from waits w where w.kind = 'callback') as next_call`);
  if (!row) throw new Error("what came in was not read");
  return {
    payments: row.payments,
    entries: Number(row.entries),
    automatic: Number(row.automatic),
    proposed: Number(row.proposed),
    unmatched: Number(row.unmatched),
    returned: Number(row.returned),
    undone: Number(row.undone),
    invoices: Number(row.invoices),
    disputes: Number(row.disputes),
    oldestDispute: row.oldest_dispute,
    callBacks: Number(row.call_backs),
    nextCall: row.next_call,
  };
}

export interface AccountStanding {
  readonly creditorId: CreditorId;
  readonly iban: string;
  /** Last day of the newest statement; null: none ever came. */
  readonly upTo: PlainDate | null;
}

/** How far the statements of each account of an open creditor reach. */
export async function accountStandings({ tx }: Act, creditorId: CreditorId | undefined): Promise<AccountStanding[]> {
  return tx.rows<AccountStanding>(sql`
    select a.creditor_id as "creditorId", a.iban, max(s.closed_on) as "upTo"
      from creditor_account a join creditor k on k.creditor_id = a.creditor_id and k.closed_at is null
      left join statement s on s.tenant_id = a.tenant_id and s.account = a.iban
     where a.tenant_id = ${tx.tenantId} and (${orNull(creditorId)}::uuid is null or a.creditor_id = ${orNull(creditorId)})
     group by a.creditor_id, a.iban order by a.iban`);
}

export interface Concerns {
  /** Statements whose balances and entries don't add up. */
  readonly notReconciled: number;
  /** Proposals that a person decides: hand-over, write-off. */
  readonly decisions: number;
  readonly oldestHold: PlainDate | null;
  readonly texts: boolean;
  /** Open creditors for whom no strategy is in force. */
  readonly withoutStrategy: readonly CreditorId[];
}

export async function concerns({ tx }: Act): Promise<Concerns> {
  const row = await tx.one<{
    not_reconciled: bigint;
    decisions: bigint;
    oldest_hold: PlainDate | null;
    texts: boolean;
    without_strategy: CreditorId[];
  }>(sql`
    select (select count(*) from statement s where s.tenant_id = ${tx.tenantId} and s.reconciles = false) as not_reconciled,
           (select count(*) from task t where t.tenant_id = ${tx.tenantId} and t.state = 'open' and t.kind in ('hand_over', 'write_off')) as decisions,
           (select min(h.starts_on) from hold h where h.tenant_id = ${tx.tenantId} and h.ends_on is null and h.lifted_at is null) as oldest_hold,
           exists (select from template_version v where v.tenant_id = ${tx.tenantId}) as texts,
           array(select k.creditor_id from creditor k where k.tenant_id = ${tx.tenantId} and k.closed_at is null and not exists (
             select from strategy_version s where s.tenant_id = k.tenant_id and s.published_at is not null and s.retired_at is null
               and (s.creditor_id = k.creditor_id or s.creditor_id is null)) order by k.created_at) as without_strategy`);
  if (!row) throw new Error("the concerns were not read");
  return {
    notReconciled: Number(row.not_reconciled),
    decisions: Number(row.decisions),
    oldestHold: row.oldest_hold,
    texts: row.texts,
    withoutStrategy: row.without_strategy,
  };
}
