/** SQL of `refund` and `refund_file`, and what credit balances there are. */
import { iban as readIban } from "../../../pure/formats/index.ts";
import type { CreditorId, Currency, CustomerId, PlainDate, ReceivableId, Uuid } from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { rowsOf, type Sql, sql } from "../../../platform/database/index.ts";
import { filesJoined } from "../../customers/index.ts";
import { type EntryPayload, PAYMENT_KIND } from "../model.ts";
import type { CreditBalance, Refund, RefundAccount, RefundFile, RefundState } from "./model.ts";

export const REFUND_ACCOUNT = "refund_account";
export const REFUND_REASON = "refund_reason";

const stateOf = sql`case when f.withdrawn_at is not null then 'withdrawn' when f.file_id is not null then 'in_file'
  when t.state = 'refused' then 'refused' when t.state = 'approved' then 'approved'
  when t.first_approved_by is not null then 'agreed_once' else 'proposed' end`;

interface RefundRow {
  readonly customer_id: CustomerId;
  readonly refund_id: Uuid;
  readonly creditor_id: CreditorId;
  readonly receivable_id: ReceivableId;
  readonly amount_minor: bigint;
  readonly currency: Currency;
  readonly account_sealed: Buffer;
  readonly reason_sealed: Buffer | null;
  readonly state: RefundState;
  readonly proposed_by: string;
  readonly proposed_at: Refund["proposedAt"];
  readonly first_approved_by: string | null;
  readonly decided_by: string | null;
  readonly file_id: Uuid | null;
  readonly paid_on: PlainDate | null;
}

async function readRefunds(act: Act, condition: Sql, limit: number, offset = 0): Promise<Refund[]> {
  const { tx, vault } = act;
  const rows = await tx.rows<RefundRow>(sql`
    select f.customer_id, f.refund_id, f.creditor_id, f.receivable_id, f.amount_minor, f.currency, f.account_sealed,
           f.reason_sealed, ${stateOf} as state, f.proposed_by, f.proposed_at, t.first_approved_by, t.decided_by,
           f.file_id, f.paid_on
    from refund f join task t on t.customer_id = f.customer_id and t.task_id = f.refund_id
    where f.tenant_id = ${tx.tenantId} and ${condition}
    order by f.proposed_at desc, f.refund_id limit ${limit} offset ${offset}`);
  const seals = await vault.forCustomers(tx, [...new Set(rows.map((row) => row.customer_id))]);
  return rows.map((row) => {
    const seal = seals.get(row.customer_id);
    const account = seal?.openText("records", REFUND_ACCOUNT, row.account_sealed);
    const reason = row.reason_sealed === null ? undefined : seal?.openText("records", REFUND_REASON, row.reason_sealed);
    return {
      customerId: row.customer_id,
      refundId: row.refund_id,
      creditorId: row.creditor_id,
      receivableId: row.receivable_id,
      amountMinor: row.amount_minor,
      currency: row.currency,
      account: account?.ok ? (JSON.parse(account.value) as RefundAccount) : null,
      reason: reason?.ok ? reason.value : null,
      state: row.state,
      proposedBy: row.proposed_by,
      proposedAt: row.proposed_at,
      firstApprovedBy: row.first_approved_by,
      decidedBy: row.decided_by,
      fileId: row.file_id,
      paidOn: row.paid_on,
    };
  });
}

export interface RefundFilter {
  readonly state?: RefundState;
  readonly creditorId?: CreditorId;
  readonly customerId?: CustomerId;
  readonly refundId?: Uuid;
  readonly fileId?: Uuid;
}

/** Refunds, newest first. */
export async function refunds(act: Act, filter: RefundFilter = {}, limit = 500, offset = 0): Promise<Refund[]> {
  return readRefunds(
    act,
    sql`(${filter.state ?? null}::text is null or ${stateOf} = ${filter.state ?? null}::text)
      and (${filter.creditorId ?? null}::uuid is null or f.creditor_id = ${filter.creditorId ?? null}::uuid)
      and (${filter.customerId ?? null}::uuid is null or f.customer_id = ${filter.customerId ?? null}::uuid)
      and (${filter.refundId ?? null}::uuid is null or f.refund_id = ${filter.refundId ?? null}::uuid)
      and (${filter.fileId ?? null}::uuid is null or f.file_id = ${filter.fileId ?? null}::uuid)`,
    limit,
    offset,
  );
}

interface BalanceRow {
  readonly receivable_id: ReceivableId;
  readonly customer_id: CustomerId;
  readonly creditor_id: CreditorId;
  readonly item_kind: string;
  readonly amount_minor: bigint;
  readonly currency: Currency;
  readonly since: PlainDate;
  readonly age_days: number;
  readonly owed_minor: bigint;
  readonly refund_id: Uuid | null;
  readonly refund_state: RefundState | null;
}

export interface BalanceFilter {
  readonly customerId?: CustomerId;
  readonly creditorId?: CreditorId;
  readonly receivableId?: ReceivableId;
  /** Days since the money rests there, both counted in. */
  readonly ageFrom?: number;
  readonly ageTo?: number;
}

/** Items below zero as of a business day, oldest first, with the account the money came from. */
export async function creditBalances(
  act: Act,
  day: PlainDate,
  filter: BalanceFilter = {},
  limit = 500,
): Promise<CreditBalance[]> {
  const { tx } = act;
  const rows = await tx.rows<BalanceRow>(sql`
    select b.*, ${day}::date - b.since as age_days,
      (select coalesce(sum(o.open_total), 0)::bigint from receivable o where o.customer_id = b.customer_id
        and o.creditor_id = b.creditor_id and o.currency = b.currency and o.open_total > 0) as owed_minor,
      pending.refund_id, pending.state as refund_state
    from (
      select r.receivable_id, r.customer_id, r.creditor_id, r.item_kind, -r.open_total as amount_minor, r.currency,
        -- Since the balance was last not below zero.
        coalesce((select max(s.value_on) from (
          select p.value_on, sum(p.amount_minor) over w as after, sum(p.amount_minor) over w - p.amount_minor as before
          from posting p where p.customer_id = r.customer_id and p.receivable_id = r.receivable_id
          window w as (order by p.value_on, p.booked_at, p.posting_id)) s
          where s.before >= 0 and s.after < 0), r.issued_on) as since
      from receivable r
      where r.tenant_id = ${tx.tenantId} and r.open_total < 0
        and (${filter.customerId ?? null}::uuid is null or r.customer_id = ${filter.customerId ?? null}::uuid)
        and (${filter.receivableId ?? null}::uuid is null or r.receivable_id = ${filter.receivableId ?? null}::uuid)
        and (${filter.creditorId ?? null}::uuid is null or r.creditor_id = ${filter.creditorId ?? null}::uuid)
    ) b
    left join lateral (
      select f.refund_id, ${stateOf} as state from refund f
      join task t on t.customer_id = f.customer_id and t.task_id = f.refund_id
      where f.customer_id = b.customer_id and f.receivable_id = b.receivable_id and f.withdrawn_at is null
        and f.file_id is null and t.state in ('open', 'approved')
      order by f.proposed_at desc limit 1) pending on true
    where ${day}::date - b.since between ${filter.ageFrom ?? -1_000_000} and ${filter.ageTo ?? 1_000_000}
    order by b.since, b.receivable_id limit ${limit}`);
  const paid = await paidFrom(act, rows);
  return rows.map((row) => ({
    receivableId: row.receivable_id,
    customerId: row.customer_id,
    creditorId: row.creditor_id,
    amountMinor: row.amount_minor,
    currency: row.currency,
    since: row.since,
    ageDays: row.age_days,
    cause: row.item_kind === "credit_note" ? "credit_note" : "overpaid",
    account: paid.get(row.receivable_id) ?? null,
    owedMinor: row.owed_minor,
    refund:
      row.refund_id === null || row.refund_state === null ? null : { refundId: row.refund_id, state: row.refund_state },
  }));
}

/**
 * The account each balance came from: of the payment that put it there, else of the last one. A payment of a file merged
 * into the customer's stayed with that file; what it left on account moved.
 */
async function paidFrom(
  act: Act,
  balances: readonly Pick<BalanceRow, "customer_id" | "receivable_id" | "creditor_id" | "currency">[],
): Promise<Map<ReceivableId, RefundAccount>> {
  const { tx, vault } = act;
  const files = await filesJoined(act, [...new Set(balances.map((row) => row.customer_id))]);
  const rows = await tx.rows<{ customer_id: CustomerId; receivable_id: ReceivableId; payload_sealed: Buffer }>(sql`
    select b.receivable_id, paid.* from ${rowsOf("b", {
      customer_id: ["uuid", balances.map((row) => row.customer_id)],
      receivable_id: ["uuid", balances.map((row) => row.receivable_id)],
      creditor_id: ["uuid", balances.map((row) => row.creditor_id)],
      currency: ["text", balances.map((row) => row.currency)],
    })}
    cross join lateral (
      select m.customer_id, m.payload_sealed from ${files}
      join match m on m.customer_id = f.file
      join booking k on k.customer_id = m.customer_id and k.booking_id = m.booking_id
      where f.lead = b.customer_id and m.state = 'booked' and m.amount_minor > 0 and m.currency = b.currency
        and k.creditor_id = b.creditor_id
      order by exists (select from posting p join receivable r on r.customer_id = p.customer_id and r.receivable_id = p.receivable_id
                       where p.customer_id = m.customer_id and p.booking_id = m.booking_id and (p.receivable_id = b.receivable_id
                         or (m.customer_id <> b.customer_id and r.item_kind = 'on_account'))) desc,
               k.value_on desc, m.match_id desc
      limit 1) paid`);
  const seals = await vault.forCustomers(tx, [...new Set(rows.map((row) => row.customer_id))]);
  const found = new Map<ReceivableId, RefundAccount>();
  for (const row of rows) {
    const text = seals.get(row.customer_id)?.openText("records", PAYMENT_KIND, row.payload_sealed);
    const account = text?.ok ? accountOf(JSON.parse(text.value) as EntryPayload) : null;
    if (account) found.set(row.receivable_id, account);
  }
  return found;
}

export function accountOf({ payerIban, payerName }: EntryPayload): RefundAccount | null {
  const iban = payerIban === null ? undefined : readIban(payerIban);
  return iban?.ok ? { iban: iban.value, holder: payerName } : null;
}

interface FileRow {
  readonly file_id: Uuid;
  readonly creditor_id: CreditorId;
  readonly account: string;
  readonly currency: Currency;
  readonly refunds: number;
  readonly sum_minor: bigint;
  readonly execution_on: PlainDate;
  readonly created_by: string;
  readonly created_at: RefundFile["createdAt"];
  readonly fetched_at: RefundFile["fetchedAt"];
}

/** Payment files, newest first. */
export async function refundFiles({ tx }: Act, filter: { fileId?: Uuid } = {}, limit = 500): Promise<RefundFile[]> {
  const rows = await tx.rows<FileRow>(sql`
    select file_id, creditor_id, account, currency, refunds, sum_minor, execution_on, created_by, created_at, fetched_at
    from refund_file where tenant_id = ${tx.tenantId}
      and (${filter.fileId ?? null}::uuid is null or file_id = ${filter.fileId ?? null}::uuid)
    order by created_at desc, file_id limit ${limit}`);
  return rows.map((row) => ({
    fileId: row.file_id,
    creditorId: row.creditor_id,
    account: row.account,
    currency: row.currency,
    refunds: row.refunds,
    sumMinor: row.sum_minor,
    executionOn: row.execution_on,
    createdBy: row.created_by,
    createdAt: row.created_at,
    fetchedAt: row.fetched_at,
  }));
}
