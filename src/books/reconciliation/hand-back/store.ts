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

const uuidOf = (bytes: Buffer): Uuid =>
  bytes.toString("hex", 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5") as Uuid;

/** What providers kept of payouts that are booked to the last line; one line a payout, below zero. */
async function pendingFees(tx: Act["tx"], creditorId: CreditorId): Promise<PendingPosting[]> {
  const rows = await tx.rows<{
    fingerprint: Buffer;
    name: string;
    minor: bigint;
    currency: Currency;
    value_on: PlainDate;
  }>(sql`
    select p.fingerprint, concat_ws(' ', p.provider_name, p.reference) as name, f.minor, p.currency, p.entry_value_on as value_on
    from payout p join (
      select l.payout_fingerprint, sum(case l.state when 'fee' then l.net_minor else l.fee_minor end)::bigint as minor
      from payout_line l where l.tenant_id = ${tx.tenantId} group by l.payout_fingerprint) f
      on f.payout_fingerprint = p.fingerprint
    left join hand_back_fee h on h.payout_fingerprint = p.fingerprint
    where p.tenant_id = ${tx.tenantId} and p.creditor_id = ${creditorId} and p.state = 'settled' and f.minor <> 0
      and h.payout_fingerprint is null`);
  return rows.map((row) => ({
    customerId: null,
    postingId: uuidOf(row.fingerprint),
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

/** The fee lines of a new batch. */
async function insertFees({ tx }: Act, batchId: Uuid, lines: readonly HandBackLine[]): Promise<void> {
  const column = <T>(read: (line: HandBackLine) => T): T[] => lines.map(read);
  await tx.execute(sql`
    insert into hand_back_fee (payout_fingerprint, tenant_id, batch_id, line_number, text, amount_minor, currency, value_on,
                               account, contra_account, tax_key)
    select l.payout, ${tx.tenantId}::uuid, ${batchId}::uuid, l.line_number, l.text, l.amount_minor, l.currency, l.value_on,
           l.account, l.contra_account, l.tax_key
    from ${rowsOf("l", {
      payout: ["bytea", column((line) => line.payout ?? null)],
      line_number: ["int4", column((line) => line.lineNumber)],
      text: ["text", column((line) => line.number)],
      amount_minor: ["int8", column((line) => line.amountMinor)],
      currency: ["text", column((line) => line.currency)],
      value_on: ["date", column((line) => line.valueOn)],
      account: ["text", column((line) => line.account)],
      contra_account: ["text", column((line) => line.contraAccount)],
      tax_key: ["text", column((line) => line.taxKey)],
    })}`);
}

async function batchFees({ tx }: Act, batchId: Uuid): Promise<HandBackLine[]> {
  const rows = await tx.rows<{
    payout_fingerprint: Buffer;
    line_number: number;
    text: string;
    amount_minor: bigint;
    currency: Currency;
    value_on: PlainDate;
    account: string;
    contra_account: string;
    tax_key: string;
  }>(sql`
    select payout_fingerprint, line_number, text, amount_minor, currency, value_on, account, contra_account, tax_key
    from hand_back_fee where tenant_id = ${tx.tenantId} and batch_id = ${batchId}`);
  return rows.map((row) => ({
    customerId: null,
    postingId: uuidOf(row.payout_fingerprint),
    payout: row.payout_fingerprint,
    lineNumber: row.line_number,
    receivableId: null,
    customerNumber: "",
    number: row.text,
    kind: "provider_fee",
    component: "provider_fee",
    amountMinor: row.amount_minor,
    currency: row.currency,
    valueOn: row.value_on,
    account: row.account,
    contraAccount: row.contra_account,
    taxKey: row.tax_key,
    text: feeText(row.text),
  }));
}

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
  await insertFees(
    act,
    batchId,
    lines.filter(({ payout }) => payout !== undefined),
  );
  const postings = lines.filter(({ payout }) => payout === undefined);
  const column = <T>(read: (line: HandBackLine) => T): T[] => postings.map(read);
  await tx.execute(sql`
    insert into hand_back_line (customer_id, posting_id, tenant_id, batch_id, line_number, receivable_id, customer_number, number,
                                kind, component, amount_minor, currency, value_on, account, contra_account, tax_key, text)
    select l.customer_id, l.posting_id, ${tx.tenantId}::uuid, ${batchId}::uuid, l.line_number, l.receivable_id, l.customer_number,
           l.number, l.kind, l.component, l.amount_minor, l.currency, l.value_on, l.account, l.contra_account, l.tax_key, l.text
    from ${rowsOf("l", {
      customer_id: ["uuid", column((line) => line.customerId)],
      posting_id: ["uuid", column((line) => line.postingId)],
      line_number: ["int4", column((line) => line.lineNumber ?? undefined)],
      receivable_id: ["uuid", column((line) => line.receivableId)],
      customer_number: ["text", column((line) => line.customerNumber)],
      number: ["text", column((line) => line.number)],
      kind: ["text", column((line) => line.kind)],
      component: ["text", column((line) => line.component)],
      amount_minor: ["int8", column((line) => line.amountMinor)],
      currency: ["text", column((line) => line.currency)],
      value_on: ["date", column((line) => line.valueOn)],
      account: ["text", column((line) => line.account)],
      contra_account: ["text", column((line) => line.contraAccount)],
      tax_key: ["text", column((line) => line.taxKey)],
      text: ["text", column((line) => line.text)],
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
export async function batchLines(act: Act, batchId: Uuid): Promise<HandBackLine[]> {
  const { tx } = act;
  const rows = await tx.rows<{
    customer_id: CustomerId;
    posting_id: Uuid;
    line_number: number;
    receivable_id: ReceivableId;
    customer_number: string;
    number: string;
    kind: HandBackKind;
    component: string;
    amount_minor: bigint;
    currency: Currency;
    value_on: PlainDate;
    account: string;
    contra_account: string;
    tax_key: string;
    text: string;
  }>(sql`
    select customer_id, posting_id, line_number, receivable_id, customer_number, number, kind, component, amount_minor, currency,
           value_on, account, contra_account, tax_key, text
    from hand_back_line where tenant_id = ${tx.tenantId} and batch_id = ${batchId} and line_number is not null order by line_number`);
  const postings = rows.map(
    (row): HandBackLine => ({
      customerId: row.customer_id,
      postingId: row.posting_id,
      lineNumber: row.line_number,
      receivableId: row.receivable_id,
      customerNumber: row.customer_number,
      number: row.number,
      kind: row.kind,
      component: row.component,
      amountMinor: row.amount_minor,
      currency: row.currency,
      valueOn: row.value_on,
      account: row.account,
      contraAccount: row.contra_account,
      taxKey: row.tax_key,
      text: row.text,
    }),
  );
  const lines = [...postings, ...(await batchFees(act, batchId))];
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
