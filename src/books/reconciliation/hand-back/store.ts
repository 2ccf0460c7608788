/** SQL of `hand_back_batch` and `hand_back_line`. The key of a line is its posting: none is handed back twice. */
import type {
  CreditorId,
  Currency,
  CustomerId,
  Instant,
  PlainDate,
  ReceivableId,
  Uuid,
} from "../../../pure/kernel/index.ts";
import { type Act, actorName } from "../../../platform/access/index.ts";
import { rowsOf, sql } from "../../../platform/database/index.ts";
import { feeText, fingerprintOf, type HandBackKind, type HandBackLine, type PendingPosting } from "./model.ts";

/** Two batches of one creditor at the same time wait for each other. */
export async function lockHandBack({ tx }: Act, creditorId: CreditorId): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`hand_back|${creditorId}`}, 9))`);
}

export async function pendingPostings(
  { tx }: Act,
  creditorId: CreditorId,
  payments: boolean,
): Promise<PendingPosting[]> {
  const kinds = ["interest", "cost", "write_off", "discount", ...(payments ? ["payment", "return"] : [])];
  const rows = await tx.rows<{
    customer_id: CustomerId;
    posting_id: Uuid;
    receivable_id: ReceivableId;
    customer_number: string;
    number: string;
    kind: HandBackKind;
    component: string;
    amount_minor: bigint;
    currency: Currency;
    value_on: PlainDate;
    reverses: Uuid | null;
  }>(sql`
    select p.customer_id, p.posting_id, p.receivable_id, c.number as customer_number, r.number,
           case p.kind when 'cost' then p.component when 'return' then 'payment' else p.kind end as kind,
           p.component, p.amount_minor, p.currency, p.value_on, p.reverses
    from posting p
    join receivable r on r.customer_id = p.customer_id and r.receivable_id = p.receivable_id
    join customer c on c.customer_id = p.customer_id
    left join hand_back_line l on l.customer_id = p.customer_id and l.posting_id = p.posting_id
    where p.tenant_id = ${tx.tenantId} and r.creditor_id = ${creditorId} and p.kind = any(${kinds}::text[])
      and (p.kind <> 'cost' or p.component in ('dunning_cost', 'collection_cost')) and l.posting_id is null`);
  const postings = rows.map((row) => ({
    customerId: row.customer_id,
    postingId: row.posting_id,
    receivableId: row.receivable_id,
    customerNumber: row.customer_number,
    number: row.number,
    kind: row.kind,
    component: row.component,
    amountMinor: row.amount_minor,
    currency: row.currency,
    valueOn: row.value_on,
    reverses: row.reverses,
  }));
  return [...postings, ...(await pendingFees(tx, creditorId))];
}

/**
 * What providers kept of payouts that are booked to the last line, one line a payout, below zero. What changed of it since
 * it was handed back, because the payout was undone or decided otherwise, follows as a line of its own.
 */
async function pendingFees(tx: Act["tx"], creditorId: CreditorId): Promise<PendingPosting[]> {
  const rows = await tx.rows<{
    fingerprint: Buffer;
    posting_id: Uuid;
    name: string;
    minor: bigint;
    currency: Currency;
    value_on: PlainDate;
  }>(sql`
    select p.fingerprint, encode(substr(sha256(p.fingerprint || int8send(coalesce(h.times, 0))), 1, 16), 'hex')::uuid as posting_id,
           concat_ws(' ', p.provider_name, p.reference) as name, (f.minor - coalesce(h.minor, 0))::bigint as minor,
           p.currency, coalesce(p.entry_value_on, h.value_on) as value_on
    from payout p
    cross join lateral (
      select coalesce(sum(case l.state when 'fee' then l.net_minor when 'booked' then l.fee_minor end), 0) as minor
      from payout_line l where l.payout_fingerprint = p.fingerprint and l.tenant_id = p.tenant_id) f
    left join (
      select h.payout_fingerprint, count(*) as times, sum(h.amount_minor) as minor, max(h.value_on) as value_on
      from hand_back_fee h where h.tenant_id = ${tx.tenantId} group by h.payout_fingerprint) h
      on h.payout_fingerprint = p.fingerprint
    where p.tenant_id = ${tx.tenantId} and p.creditor_id = ${creditorId}
      and (p.state = 'settled' or (p.state = 'set_aside' and h.times > 0)) and f.minor <> coalesce(h.minor, 0)`);
  return rows.map((row) => ({
    customerId: null,
    postingId: row.posting_id,
    payout: row.fingerprint,
    receivableId: null,
    customerNumber: "",
    number: row.name,
    kind: "provider_fee",
    component: "provider_fee",
    amountMinor: row.minor,
    currency: row.currency,
    valueOn: row.value_on,
    reverses: null,
  }));
}

/** What every line of a batch has, whatever table keeps it. */
interface LineRow {
  readonly posting_id: Uuid;
  readonly line_number: number;
  readonly amount_minor: bigint;
  readonly currency: Currency;
  readonly value_on: PlainDate;
  readonly account: string;
  readonly contra_account: string;
  readonly tax_key: string;
}
const LINE = sql`posting_id, line_number, amount_minor, currency, value_on, account, contra_account, tax_key`;
const column = <T>(lines: readonly HandBackLine[], read: (line: HandBackLine) => T): T[] => lines.map(read);
const lineColumns = (lines: readonly HandBackLine[]) =>
  ({
    posting_id: ["uuid", column(lines, (line) => line.postingId)],
    line_number: ["int4", column(lines, (line) => line.lineNumber ?? undefined)],
    amount_minor: ["int8", column(lines, (line) => line.amountMinor)],
    currency: ["text", column(lines, (line) => line.currency)],
    value_on: ["date", column(lines, (line) => line.valueOn)],
    account: ["text", column(lines, (line) => line.account)],
    contra_account: ["text", column(lines, (line) => line.contraAccount)],
    tax_key: ["text", column(lines, (line) => line.taxKey)],
  }) as const;
const lineOf = (row: LineRow) => ({
  postingId: row.posting_id,
  lineNumber: row.line_number,
  amountMinor: row.amount_minor,
  currency: row.currency,
  valueOn: row.value_on,
  account: row.account,
  contraAccount: row.contra_account,
  taxKey: row.tax_key,
});

export async function insertBatch(act: Act, creditorId: CreditorId, lines: readonly HandBackLine[]): Promise<Uuid> {
  const { tx } = act;
  const batchId = tx.newId<Uuid>();
  const days = lines.map(({ valueOn }) => valueOn).sort();
  await tx.execute(sql`
    insert into hand_back_batch (tenant_id, batch_id, creditor_id, number, fingerprint, lines, first_day, last_day, created_by, created_at)
    select ${tx.tenantId}::uuid, ${batchId}::uuid, ${creditorId}::uuid, coalesce(max(b.number), 0) + 1, ${fingerprintOf(lines)}::bytea,
           ${lines.filter(({ lineNumber }) => lineNumber !== null).length}::integer, ${days[0] ?? null}::date, ${days.at(-1) ?? null}::date,
           ${actorName(act.actor)}, ${tx.now}::timestamptz
    from hand_back_batch b where b.tenant_id = ${tx.tenantId} and b.creditor_id = ${creditorId}`);
  const fees = lines.filter(({ payout }) => payout !== undefined);
  await tx.execute(sql`
    insert into hand_back_fee (payout_fingerprint, tenant_id, batch_id, text, ${LINE})
    select l.payout, ${tx.tenantId}::uuid, ${batchId}::uuid, l.text, ${LINE}
    from ${rowsOf("l", {
      ...lineColumns(fees),
      payout: ["bytea", column(fees, ({ payout }) => payout ?? null)],
      text: ["text", column(fees, ({ number }) => number)],
    })}`);
  const postings = lines.filter(({ payout }) => payout === undefined);
  await tx.execute(sql`
    insert into hand_back_line (customer_id, tenant_id, batch_id, receivable_id, customer_number, number, kind, component, text, ${LINE})
    select l.customer_id, ${tx.tenantId}::uuid, ${batchId}::uuid, l.receivable_id, l.customer_number, l.number, l.kind,
           l.component, l.text, ${LINE}
    from ${rowsOf("l", {
      ...lineColumns(postings),
      customer_id: ["uuid", column(postings, (line) => line.customerId)],
      receivable_id: ["uuid", column(postings, (line) => line.receivableId)],
      customer_number: ["text", column(postings, (line) => line.customerNumber)],
      number: ["text", column(postings, (line) => line.number)],
      kind: ["text", column(postings, (line) => line.kind)],
      component: ["text", column(postings, (line) => line.component)],
      text: ["text", column(postings, (line) => line.text)],
    })}`);
  return batchId;
}

export interface HandBackBatch {
  readonly batchId: Uuid;
  readonly creditorId: CreditorId;
  readonly number: number;
  readonly fingerprint: string;
  readonly lines: number;
  readonly from: PlainDate;
  readonly to: PlainDate;
  readonly createdBy: string;
  readonly createdAt: Instant;
  readonly fetchedAt: Instant | null;
  readonly takenAt: Instant | null;
  readonly byKind: readonly {
    readonly kind: HandBackKind;
    readonly currency: Currency;
    readonly count: number;
    readonly minor: bigint;
  }[];
}

/** Batches, newest first; of one creditor, or one by its id. */
export async function handBackBatches(
  { tx }: Act,
  which: { readonly creditorId?: CreditorId; readonly batchId?: Uuid } = {},
): Promise<HandBackBatch[]> {
  const rows = await tx.rows<{
    batch_id: Uuid;
    creditor_id: CreditorId;
    number: number;
    fingerprint: Buffer;
    lines: number;
    first_day: PlainDate;
    last_day: PlainDate;
    created_by: string;
    created_at: Instant;
    fetched_at: Instant | null;
    taken_at: Instant | null;
    by_kind: readonly { kind: HandBackKind; currency: Currency; count: number; minor: string }[] | null;
  }>(sql`
    select b.batch_id, b.creditor_id, b.number, b.fingerprint, b.lines, b.first_day, b.last_day, b.created_by, b.created_at,
           b.fetched_at, b.taken_at,
           (select jsonb_agg(jsonb_build_object('kind', k.kind, 'currency', k.currency, 'count', k.count, 'minor', k.minor) order by k.kind)
            from (select l.kind, l.currency, count(*) as count, sum(l.amount_minor)::text as minor from hand_back_line l
                  where l.tenant_id = ${tx.tenantId} and l.batch_id = b.batch_id and l.line_number is not null
                  group by l.kind, l.currency
                  union all
                  select 'provider_fee', f.currency, count(*), sum(f.amount_minor)::text from hand_back_fee f
                  where f.tenant_id = ${tx.tenantId} and f.batch_id = b.batch_id group by f.currency) k) as by_kind
    from hand_back_batch b
    where b.tenant_id = ${tx.tenantId} and (${which.creditorId ?? null}::uuid is null or b.creditor_id = ${which.creditorId ?? null}::uuid)
      and (${which.batchId ?? null}::uuid is null or b.batch_id = ${which.batchId ?? null}::uuid)
    order by b.created_at desc, b.number desc limit 1000`);
  return rows.map((row) => ({
    batchId: row.batch_id,
    creditorId: row.creditor_id,
    number: row.number,
    fingerprint: row.fingerprint.toString("hex"),
    lines: row.lines,
    from: row.first_day,
    to: row.last_day,
    createdBy: row.created_by,
    createdAt: row.created_at,
    fetchedAt: row.fetched_at,
    takenAt: row.taken_at,
    byKind: (row.by_kind ?? []).map((one) => ({ ...one, minor: BigInt(one.minor) })),
  }));
}

/** Lines of a batch that count, in order. */
export async function batchLines({ tx }: Act, batchId: Uuid): Promise<HandBackLine[]> {
  const postings = await tx.rows<
    LineRow & {
      customer_id: CustomerId;
      receivable_id: ReceivableId;
      customer_number: string;
      number: string;
      kind: HandBackKind;
      component: string;
      text: string;
    }
  >(sql`
    select customer_id, receivable_id, customer_number, number, kind, component, text, ${LINE}
    from hand_back_line where tenant_id = ${tx.tenantId} and batch_id = ${batchId} and line_number is not null`);
  const fees = await tx.rows<LineRow & { payout_fingerprint: Buffer; text: string }>(sql`
    select payout_fingerprint, text, ${LINE} from hand_back_fee where tenant_id = ${tx.tenantId} and batch_id = ${batchId}`);
  const lines = [
    ...postings.map(
      (row): HandBackLine => ({
        ...lineOf(row),
        customerId: row.customer_id,
        receivableId: row.receivable_id,
        customerNumber: row.customer_number,
        number: row.number,
        kind: row.kind,
        component: row.component,
        text: row.text,
      }),
    ),
    ...fees.map(
      (row): HandBackLine => ({
        ...lineOf(row),
        customerId: null,
        payout: row.payout_fingerprint,
        receivableId: null,
        customerNumber: "",
        number: row.text,
        kind: "provider_fee",
        component: "provider_fee",
        text: feeText(row.text),
      }),
    ),
  ];
  return lines.sort((a, b) => (a.lineNumber ?? 0) - (b.lineNumber ?? 0));
}

/** Says that a batch's file was written (`fetched`) or is in the ERP (`taken`); the first time counts. */
export async function markBatch(act: Act, batchId: Uuid, what: "fetched" | "taken"): Promise<boolean> {
  const { tx } = act;
  const change =
    what === "fetched"
      ? sql`fetched_at = coalesce(fetched_at, ${tx.now}::timestamptz)`
      : sql`taken_by = case when taken_at is null then ${actorName(act.actor)} else taken_by end,
            taken_at = coalesce(taken_at, ${tx.now}::timestamptz)`;
  const written = await tx.execute(sql`
    update hand_back_batch set ${change} where tenant_id = ${tx.tenantId} and batch_id = ${batchId}`);
  return written === 1;
}
