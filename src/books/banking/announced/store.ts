/** SQL of `announced_entry`: credits a report of the day tells of before they are booked. */
import {
  addDays,
  type CreditorId,
  type Currency,
  type CustomerId,
  dateIn,
  deterministicUuid,
  type PlainDate,
  type Uuid,
} from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { arrayOf, rowsOf, sql } from "../../../platform/database/index.ts";
import { type Entry, fingerprintOf } from "../model.ts";
import { DAYS_BETWEEN } from "../sameness.ts";
import { pairTold, type Told } from "./recognise.ts";

/** What was announced longer ago has come, or will not. */
const DAYS_KEPT = 14;

/** A credit as announced; its place in the file is its own. */
export interface NewAnnouncement extends Told {
  readonly statement: Buffer;
  readonly creditorId: CreditorId;
  readonly entryNumber: number;
  readonly transactionNumber: number;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly sealed: Buffer;
}

const dayBefore = ({ tx }: Act, days: number): PlainDate => addDays(dateIn(tx.now, "UTC"), -days);

function rangeOf(told: readonly Told[]): { from: PlainDate; to: PlainDate; keys: Buffer[] } {
  const days = told.map(({ on }) => on).sort();
  const keys = [...new Map(told.map(({ dayKey }) => [dayKey.toString("latin1"), dayKey])).values()];
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) throw new Error("nothing to look for");
  return { from: addDays(first, -DAYS_BETWEEN), to: addDays(last, DAYS_BETWEEN), keys };
}

interface ToldRow {
  readonly fingerprint: Buffer;
  readonly day_key: Buffer;
  readonly evidence: Buffer;
  readonly told_on: PlainDate;
  readonly kind: string | null;
}

const toldOf = (row: ToldRow): Told & { readonly fingerprint: Buffer } => ({
  fingerprint: row.fingerprint,
  dayKey: row.day_key,
  evidence: row.evidence,
  on: row.told_on,
  kind: row.kind,
});

/**
 * Keeps what no other report has announced. `place`: where in the file the statement begins, so that equal announcements
 * of one statement stay several. What is long past is left out. Returns how many are new.
 */
export async function keepAnnounced(
  act: Act,
  place: { readonly fileFingerprint: Buffer; readonly firstEntry: number },
  announced: readonly NewAnnouncement[],
): Promise<number> {
  const { tx } = act;
  const recent = announced.filter(({ on }) => on >= dayBefore(act, DAYS_KEPT));
  if (recent.length === 0) return 0;
  const { from, to, keys } = rangeOf(recent);
  const before = await tx.rows<ToldRow>(sql`
    select fingerprint, day_key, evidence, expected_on as told_on, kind from announced_entry
    where tenant_id = ${tx.tenantId} and day_key = any(${arrayOf("bytea", keys)})
      and expected_on between ${from}::date and ${to}::date
      and not (file_fingerprint = ${place.fileFingerprint} and entry_number >= ${place.firstEntry})`);
  const known = pairTold(recent, before.map(toldOf));
  const fresh = recent.filter((one) => !known.has(one));
  if (fresh.length === 0) return 0;
  const prints = fresh.map(({ entryNumber, transactionNumber }) =>
    fingerprintOf(
      tx.tenantId,
      "announced",
      place.fileFingerprint.toString("hex"),
      `${entryNumber}/${transactionNumber}`,
    ),
  );
  return tx.execute(sql`
    insert into announced_entry (fingerprint, tenant_id, announced_id, creditor_id, statement_fingerprint, file_fingerprint,
                                 entry_number, transaction_number, amount_minor, currency, expected_on, day_key, evidence,
                                 kind, payload_sealed, announced_at)
    select a.fingerprint, ${tx.tenantId}::uuid, a.announced_id, a.creditor_id, a.statement, ${place.fileFingerprint}::bytea,
           a.entry_number, a.transaction_number, a.amount_minor, a.currency, a.expected_on, a.day_key, a.evidence, a.kind,
           a.payload_sealed, ${tx.now}::timestamptz
    from ${rowsOf("a", {
      fingerprint: ["bytea", prints.map((print) => Buffer.from(print, "hex"))],
      announced_id: ["uuid", prints.map((print) => deterministicUuid("announced_entry", print))],
      creditor_id: ["uuid", fresh.map((one) => one.creditorId)],
      statement: ["bytea", fresh.map((one) => one.statement)],
      entry_number: ["int4", fresh.map((one) => one.entryNumber)],
      transaction_number: ["int4", fresh.map((one) => one.transactionNumber)],
      amount_minor: ["int8", fresh.map((one) => one.amountMinor)],
      currency: ["text", fresh.map((one) => one.currency)],
      expected_on: ["date", fresh.map((one) => one.on)],
      day_key: ["bytea", fresh.map((one) => one.dayKey)],
      evidence: ["bytea", fresh.map((one) => one.evidence)],
      kind: ["text", fresh.map((one) => one.kind)],
      payload_sealed: ["bytea", fresh.map((one) => one.sealed)],
    })}
    on conflict (fingerprint) do nothing`);
}

/**
 * After a file of statements: finds the bookings that open announcements became, whichever came first, and lets go of
 * those long past.
 */
export async function settleAnnounced(act: Act): Promise<void> {
  const { tx } = act;
  await tx.execute(sql`
    update announced_entry set state = 'lapsed', payload_sealed = null
    where tenant_id = ${tx.tenantId} and state in ('new', 'held', 'unsure')
      and expected_on < ${dayBefore(act, DAYS_KEPT)}::date`);
  const open = (
    await tx.rows<ToldRow>(sql`
      select fingerprint, day_key, evidence, expected_on as told_on, kind from announced_entry
      where tenant_id = ${tx.tenantId} and state in ('new', 'held', 'unsure') and entry_fingerprint is null`)
  ).map(toldOf);
  if (open.length === 0) return;
  const { from, to, keys } = rangeOf(open);
  const booked = await tx.rows<ToldRow>(sql`
    select e.fingerprint, e.day_key, e.evidence, e.booked_on as told_on, s.kind
    from bank_entry e join statement s on s.fingerprint = e.statement_fingerprint
    where e.tenant_id = ${tx.tenantId} and e.day_key = any(${arrayOf("bytea", keys)}) and e.direction = 'credit'
      and e.booked_on between ${from}::date and ${to}::date`);
  const prints = booked.map(({ fingerprint }) => fingerprint);
  const taken = await tx.rows<{ entry_fingerprint: Buffer }>(sql`
    select entry_fingerprint from announced_entry
    where tenant_id = ${tx.tenantId} and day_key = any(${arrayOf("bytea", keys)})
      and entry_fingerprint = any(${arrayOf("bytea", prints)})`);
  const gone = new Set(taken.map((row) => row.entry_fingerprint.toString("hex")));
  const pairs = [
    ...pairTold(open, booked.filter(({ fingerprint }) => !gone.has(fingerprint.toString("hex"))).map(toldOf)),
  ];
  if (pairs.length > 0)
    await tx.execute(sql`
      update announced_entry a set entry_fingerprint = p.entry_fingerprint
      from ${rowsOf("p", {
        fingerprint: ["bytea", pairs.map(([{ fingerprint }]) => fingerprint)],
        entry_fingerprint: ["bytea", pairs.map(([, { fingerprint }]) => fingerprint)],
      })}
      where a.fingerprint = p.fingerprint and a.tenant_id = ${tx.tenantId}`);
}

interface AnnouncedRow {
  readonly fingerprint: Buffer;
  readonly announced_id: Uuid;
  readonly statement_fingerprint: Buffer;
  readonly file_fingerprint: Buffer;
  readonly creditor_id: CreditorId;
  readonly entry_number: number;
  readonly transaction_number: number;
  readonly amount_minor: bigint;
  readonly currency: Currency;
  readonly expected_on: PlainDate;
  readonly payload_sealed: Buffer | null;
}

/**
 * Announcements that hold nothing yet (unjudged, or unsure when they were judged) and no booking answers, in the shape of
 * the entry each will become, behind `after`; locked. Another transaction's are left to it.
 */
export async function lockAnnounced(
  { tx }: Act,
  limit: number,
  after?: Pick<Entry, "valueOn" | "fingerprint">,
): Promise<Entry[]> {
  const rows = await tx.rows<AnnouncedRow>(sql`
    select fingerprint, announced_id, statement_fingerprint, file_fingerprint, creditor_id, entry_number,
           transaction_number, amount_minor, currency, expected_on, payload_sealed
    from announced_entry
    where tenant_id = ${tx.tenantId} and state in ('new', 'unsure') and payload_sealed is not null
      and entry_fingerprint is null
      and (${after?.valueOn ?? null}::date is null
           or (expected_on, fingerprint) > (${after?.valueOn ?? null}::date, ${after?.fingerprint ?? null}::bytea))
    order by expected_on, fingerprint limit ${limit} for update skip locked`);
  return rows.map((row) => ({
    fingerprint: row.fingerprint,
    entryId: row.announced_id,
    statementFingerprint: row.statement_fingerprint,
    fileFingerprint: row.file_fingerprint,
    creditorId: row.creditor_id,
    entryNumber: row.entry_number,
    transactionNumber: row.transaction_number,
    amountMinor: row.amount_minor,
    currency: row.currency,
    direction: "credit",
    isReturn: false,
    bookedOn: row.expected_on,
    valueOn: row.expected_on,
    payloadSealed: row.payload_sealed,
    status: "new",
    customerId: null,
    score: null,
    proposals: [],
    settledMinor: null,
  }));
}

/** What became of announcements that were judged: the holds they placed, or none. Payer and text go unless `again`. */
export async function judgedAnnounced(
  { tx }: Act,
  judged: readonly {
    readonly fingerprint: Buffer;
    readonly customerId: CustomerId | null;
    readonly holdIds: readonly Uuid[];
    /** It may hold something yet: the next run judges it again. */
    readonly again: boolean;
  }[],
): Promise<void> {
  if (judged.length === 0) return;
  await tx.execute(sql`
    update announced_entry a set payload_sealed = case when j.again then a.payload_sealed end, customer_id = j.customer_id,
      state = case when j.holds = '{}' then 'unsure' else 'held' end, hold_ids = j.holds::uuid[]
    from ${rowsOf("j", {
      fingerprint: ["bytea", judged.map(({ fingerprint }) => fingerprint)],
      customer_id: ["uuid", judged.map(({ customerId }) => customerId)],
      holds: ["text", judged.map(({ holdIds }) => `{${holdIds.join()}}`)],
      again: ["bool", judged.map(({ again }) => again)],
    })}
    where a.fingerprint = j.fingerprint and a.tenant_id = ${tx.tenantId}`);
}

/**
 * Announcements whose booking is decided now, by the rule or by a person: they are over. Returns the holds they placed,
 * by customer. One that waits for a person keeps its hold until that ends by itself. `entry`: of this booking alone.
 */
export async function closeAnnounced(
  { tx }: Act,
  entry?: Buffer,
): Promise<{ readonly customerId: CustomerId; readonly holdIds: readonly Uuid[] }[]> {
  const only = entry ?? null;
  const came = await tx.rows<{ fingerprint: Buffer; entry_fingerprint: Buffer }>(sql`
    select fingerprint, entry_fingerprint from announced_entry
    where tenant_id = ${tx.tenantId} and state in ('new', 'held', 'unsure') and entry_fingerprint is not null
      and (${only}::bytea is null or entry_fingerprint = ${only})`);
  if (came.length === 0) return [];
  const decided = await tx.rows<{ fingerprint: Buffer }>(sql`
    select fingerprint from bank_entry where tenant_id = ${tx.tenantId} and status in ('booked', 'set_aside')
      and fingerprint = any(${arrayOf(
        "bytea",
        came.map((row) => row.entry_fingerprint),
      )})`);
  const over = new Set(decided.map(({ fingerprint }) => fingerprint.toString("hex")));
  const ended = came.filter((row) => over.has(row.entry_fingerprint.toString("hex"))).map((row) => row.fingerprint);
  if (ended.length === 0) return [];
  const rows = await tx.rows<{ customer_id: CustomerId | null; hold_ids: readonly Uuid[] }>(sql`
    update announced_entry set state = 'came', payload_sealed = null
    where tenant_id = ${tx.tenantId} and state in ('new', 'held', 'unsure')
      and fingerprint = any(${arrayOf("bytea", ended)}) returning customer_id, hold_ids`);
  return rows.flatMap((row) =>
    row.customer_id === null || row.hold_ids.length === 0
      ? []
      : [{ customerId: row.customer_id, holdIds: row.hold_ids }],
  );
}
