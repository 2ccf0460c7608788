/** SQL of `statement` and `bank_entry`. */
import type { CreditorId, Currency, CustomerId, PlainDate, Uuid } from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import { join, rowsOf, type Sql, sql } from "../../platform/database/index.ts";
import type { Direction, DraftEntry, Entry, EntryStatus } from "./model.ts";

export interface StatementKey {
  readonly fingerprint: Buffer;
  readonly wrapped: Buffer;
  readonly masterKeyId: string;
  /** False when the statement was there already. */
  readonly fresh: boolean;
}

export interface NewStatement {
  readonly fingerprint: Buffer;
  readonly fileFingerprint: Buffer;
  readonly creditorId: CreditorId;
  readonly account: string;
  readonly number: string | null;
  readonly currency: string;
  /** `camt.053`, `MT940`, …: without version. */
  readonly kind: string | null;
  readonly wrapped: Buffer;
  readonly masterKeyId: string;
}

/** Puts the statement, or finds the one that is there with its key. */
export async function takeStatement({ tx }: Act, statement: NewStatement): Promise<StatementKey> {
  const inserted = await tx.execute(sql`
    insert into statement (fingerprint, tenant_id, file_fingerprint, creditor_id, account, number, currency, kind, entries,
                           data_key_wrapped, master_key_id, imported_at)
    values (${statement.fingerprint}, ${tx.tenantId}, ${statement.fileFingerprint}, ${statement.creditorId},
            ${statement.account}, ${statement.number}, ${statement.currency}, ${statement.kind}, 0, ${statement.wrapped},
            ${statement.masterKeyId}, ${tx.now})
    on conflict (fingerprint) do nothing`);
  const key = await readStatementKey({ tx }, statement.fingerprint);
  if (!key) throw new Error("the statement was not kept");
  return { ...key, fresh: inserted === 1 };
}

export async function readStatementKey(
  { tx }: Pick<Act, "tx">,
  fingerprint: Buffer,
): Promise<StatementKey | undefined> {
  const row = await tx.one<{ data_key_wrapped: Buffer; master_key_id: string }>(sql`
    select data_key_wrapped, master_key_id from statement where fingerprint = ${fingerprint} and tenant_id = ${tx.tenantId}`);
  return row && { fingerprint, wrapped: row.data_key_wrapped, masterKeyId: row.master_key_id, fresh: false };
}

export interface StatementEnd {
  readonly openingMinor: bigint | null;
  readonly closingMinor: bigint | null;
  readonly openedOn: PlainDate | null;
  readonly closedOn: PlainDate | null;
  readonly reconciles: boolean | null;
  readonly entries: number;
}

export async function endStatement({ tx }: Act, fingerprint: Buffer, end: StatementEnd): Promise<void> {
  await tx.execute(sql`
    update statement set opening_minor = ${end.openingMinor?.toString() ?? null}::bigint,
      closing_minor = ${end.closingMinor?.toString() ?? null}::bigint, opened_on = ${end.openedOn}::date,
      closed_on = ${end.closedOn}::date, reconciles = ${end.reconciles}, entries = ${end.entries}
    where fingerprint = ${fingerprint}`);
}

export interface NewEntry extends Omit<DraftEntry, "payload"> {
  readonly fingerprint: Buffer;
  readonly entryId: Uuid;
  readonly sealed: Buffer;
  readonly dayKey: Buffer;
  readonly batchKey: Buffer | null;
  readonly evidence: Buffer;
}

/** Inserts what is not there yet; returns the ids of those. */
export async function insertEntries(
  { tx }: Act,
  statement: { readonly fingerprint: Buffer; readonly fileFingerprint: Buffer; readonly creditorId: CreditorId },
  entries: readonly NewEntry[],
): Promise<ReadonlySet<Uuid>> {
  if (entries.length === 0) return new Set();
  const column = <T>(read: (entry: NewEntry) => T): T[] => entries.map(read);
  const rows = await tx.rows<{ entry_id: Uuid }>(sql`
    insert into bank_entry (fingerprint, tenant_id, entry_id, statement_fingerprint, file_fingerprint, creditor_id,
                            entry_number, transaction_number, amount_minor, currency, direction, is_return, booked_on,
                            value_on, payload_sealed, day_key, evidence, batch_key, status, imported_at)
    select e.fingerprint, ${tx.tenantId}::uuid, e.entry_id, ${statement.fingerprint}::bytea,
           ${statement.fileFingerprint}::bytea, ${statement.creditorId}::uuid, e.entry_number, e.transaction_number,
           e.amount_minor, e.currency, e.direction, e.is_return, e.booked_on, e.value_on, e.payload_sealed,
           e.day_key, e.evidence, e.batch_key,
           -- Money that went out, or nothing at all, is nobody's payment.
           case when e.amount_minor = 0 or (e.direction = 'debit' and not e.is_return) then 'set_aside' else 'new' end,
           ${tx.now}::timestamptz
    from ${rowsOf("e", {
      fingerprint: ["bytea", column((entry) => entry.fingerprint)],
      entry_id: ["uuid", column((entry) => entry.entryId)],
      entry_number: ["int4", column((entry) => entry.entryNumber)],
      transaction_number: ["int4", column((entry) => entry.transactionNumber)],
      amount_minor: ["int8", column((entry) => entry.amountMinor)],
      currency: ["text", column((entry) => entry.currency)],
      direction: ["text", column((entry) => entry.direction)],
      is_return: ["bool", column((entry) => entry.isReturn)],
      booked_on: ["date", column((entry) => entry.bookedOn)],
      value_on: ["date", column((entry) => entry.valueOn)],
      payload_sealed: ["bytea", column((entry) => entry.sealed)],
      day_key: ["bytea", column((entry) => entry.dayKey)],
      evidence: ["bytea", column((entry) => entry.evidence)],
      batch_key: ["bytea", column((entry) => entry.batchKey)],
    })}
    on conflict (fingerprint) do nothing returning entry_id`);
  return new Set(rows.map((row) => row.entry_id));
}

interface EntryRow {
  readonly fingerprint: Buffer;
  readonly entry_id: Uuid;
  readonly statement_fingerprint: Buffer;
  readonly file_fingerprint: Buffer;
  readonly creditor_id: CreditorId;
  readonly entry_number: number;
  readonly transaction_number: number;
  readonly amount_minor: bigint;
  readonly currency: Currency;
  readonly direction: Direction;
  readonly is_return: boolean;
  readonly booked_on: PlainDate;
  readonly value_on: PlainDate;
  readonly payload_sealed: Buffer | null;
  readonly status: EntryStatus;
  readonly customer_id: CustomerId | null;
  readonly score: number | null;
  readonly proposals: readonly unknown[];
  readonly settled_minor: bigint | null;
}

const entryOf = (row: EntryRow): Entry => ({
  fingerprint: row.fingerprint,
  entryId: row.entry_id,
  statementFingerprint: row.statement_fingerprint,
  fileFingerprint: row.file_fingerprint,
  creditorId: row.creditor_id,
  entryNumber: row.entry_number,
  transactionNumber: row.transaction_number,
  amountMinor: row.amount_minor,
  currency: row.currency,
  direction: row.direction,
  isReturn: row.is_return,
  bookedOn: row.booked_on,
  valueOn: row.value_on,
  payloadSealed: row.payload_sealed,
  status: row.status,
  customerId: row.customer_id,
  score: row.score,
  proposals: row.proposals,
  settledMinor: row.settled_minor,
});

export interface EntryFilter {
  readonly status?: readonly EntryStatus[];
  readonly fileFingerprint?: Buffer;
  readonly creditorId?: CreditorId;
  readonly entryId?: Uuid;
  readonly fingerprints?: readonly Buffer[];
  readonly entryIds?: readonly Uuid[];
  readonly bookedFrom?: PlainDate;
  readonly bookedTo?: PlainDate;
  /** 200 when not given. */
  readonly limit?: number;
  readonly offset?: number;
  /** Of one file: what comes behind this place in it. Cheaper than an offset, however far into the file. */
  readonly after?: { readonly entryNumber: number; readonly transactionNumber: number };
}

function conditionOf({ tx }: Act, filter: EntryFilter): Sql {
  const conditions = [sql`e.tenant_id = ${tx.tenantId}`];
  if (filter.status) conditions.push(sql`e.status = any(${filter.status}::text[])`);
  if (filter.fileFingerprint) conditions.push(sql`e.file_fingerprint = ${filter.fileFingerprint}`);
  if (filter.creditorId) conditions.push(sql`e.creditor_id = ${filter.creditorId}`);
  if (filter.entryId) conditions.push(sql`e.entry_id = ${filter.entryId}`);
  if (filter.fingerprints) conditions.push(sql`e.fingerprint = any(${[...filter.fingerprints]}::bytea[])`);
  if (filter.entryIds) conditions.push(sql`e.entry_id = any(${filter.entryIds}::uuid[])`);
  if (filter.bookedFrom) conditions.push(sql`e.booked_on >= ${filter.bookedFrom}::date`);
  if (filter.bookedTo) conditions.push(sql`e.booked_on <= ${filter.bookedTo}::date`);
  return join(conditions, " and ");
}

const COLUMNS = sql`e.fingerprint, e.entry_id, e.statement_fingerprint, e.file_fingerprint, e.creditor_id, e.entry_number,
  e.transaction_number, e.amount_minor, e.currency, e.direction, e.is_return, e.booked_on, e.value_on, e.payload_sealed,
  e.status, e.customer_id, e.score, e.proposals, e.settled_minor`;

const behind = ({ after }: EntryFilter): Sql =>
  after
    ? sql` and (e.entry_number, e.transaction_number) > (${after.entryNumber}::integer, ${after.transactionNumber}::integer)`
    : sql``;

/** Entries in the order of their file; over all files by booking day. */
export async function readEntries(act: Act, filter: EntryFilter): Promise<Entry[]> {
  const order = filter.fileFingerprint
    ? sql`e.entry_number, e.transaction_number`
    : sql`e.booked_on desc, e.entry_number, e.transaction_number, e.fingerprint`;
  const rows = await act.tx.rows<EntryRow>(sql`
    select ${COLUMNS} from bank_entry e where ${conditionOf(act, filter)}${behind(filter)} order by ${order}
    limit ${filter.limit ?? 200} offset ${filter.offset ?? 0}`);
  return rows.map(entryOf);
}

/**
 * Takes up to `limit` new entries for this transaction, credits before returns of the same day; entries that another
 * matcher holds are left to it.
 */
export async function lockNewEntries(act: Act, filter: EntryFilter, limit: number): Promise<Entry[]> {
  const rows = await act.tx.rows<EntryRow>(sql`
    select ${COLUMNS} from bank_entry e where ${conditionOf(act, filter)} and e.status = 'new'
    order by e.booked_on, e.is_return, e.entry_number, e.transaction_number, e.fingerprint
    limit ${limit} for update skip locked`);
  return rows.map(entryOf);
}

export async function lockEntry(act: Act, entryId: Uuid): Promise<Entry | undefined> {
  const row = await act.tx.one<EntryRow>(sql`
    select ${COLUMNS} from bank_entry e where ${conditionOf(act, { entryId })} for update`);
  return row && entryOf(row);
}

export interface EntryChange {
  readonly status: EntryStatus;
  readonly customerId: CustomerId | null;
  readonly score: number | null;
  readonly proposals: readonly unknown[];
  /** `null` once the payload was sealed for the customer; absent: left as it is. */
  readonly payloadSealed?: Buffer | null;
}

export async function changeEntry({ tx }: Act, fingerprint: Buffer, change: EntryChange): Promise<void> {
  const payload = change.payloadSealed === undefined ? sql`` : sql`, payload_sealed = ${change.payloadSealed}::bytea`;
  await tx.execute(sql`
    update bank_entry set status = ${change.status}, customer_id = ${change.customerId}::uuid,
      score = ${change.score}::smallint, proposals = ${JSON.stringify(change.proposals)}::jsonb${payload}
    where fingerprint = ${fingerprint} and tenant_id = ${tx.tenantId}`);
}

/** An entry that is a provider's payout: what its lines account for. Its text names no customer and stays. */
export async function settleEntry(
  { tx }: Act,
  fingerprint: Buffer,
  { settledMinor, status, score }: Pick<Entry, "settledMinor" | "status" | "score">,
): Promise<void> {
  await tx.execute(sql`
    update bank_entry set status = ${status}, score = ${score}::smallint, proposals = '[]', customer_id = null,
      settled_minor = ${settledMinor?.toString() ?? null}::bigint
    where fingerprint = ${fingerprint} and tenant_id = ${tx.tenantId}`);
}

/** Several entries at once, one statement. Payloads of booked ones are sealed elsewhere by then, so they go. */
export async function changeEntries(
  { tx }: Act,
  changes: readonly (Omit<EntryChange, "payloadSealed"> & { readonly fingerprint: Buffer })[],
): Promise<void> {
  if (changes.length === 0) return;
  await tx.execute(sql`
    update bank_entry e set status = c.status, customer_id = c.customer_id, score = c.score, proposals = c.proposals,
      payload_sealed = case when c.status = 'booked' then null else e.payload_sealed end
    from ${rowsOf("c", {
      fingerprint: ["bytea", changes.map((change) => change.fingerprint)],
      status: ["text", changes.map((change) => change.status)],
      customer_id: ["uuid", changes.map((change) => change.customerId)],
      score: ["int2", changes.map((change) => change.score)],
      proposals: ["jsonb", changes.map((change) => change.proposals)],
    })}
    where e.fingerprint = c.fingerprint and e.tenant_id = ${tx.tenantId}`);
}

export interface StatementRow {
  readonly fingerprint: Buffer;
  readonly account: string;
  readonly number: string | null;
  readonly currency: string;
  readonly opening_minor: bigint | null;
  readonly closing_minor: bigint | null;
  readonly opened_on: PlainDate | null;
  readonly closed_on: PlainDate | null;
  readonly reconciles: boolean | null;
  readonly entries: number;
}

/** Statements, newest first. */
export async function readStatements({ tx }: Act, limit: number): Promise<StatementRow[]> {
  return tx.rows<StatementRow>(sql`
    select fingerprint, account, number, currency, opening_minor, closing_minor, opened_on, closed_on, reconciles, entries
    from statement where tenant_id = ${tx.tenantId} order by closed_on desc nulls last, imported_at desc limit ${limit}`);
}
