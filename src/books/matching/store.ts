/** SQL of `match`, the shapes of numbers, and what the directory keeps to find a payment that goes back. */
import type { CreditorId, Currency, CustomerId, Uuid } from "../../pure/kernel/index.ts";
import { FailureError } from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import { rowsOf, sql } from "../../platform/database/index.ts";
import { putDirectoryEntries, removeDirectoryEntries } from "../../platform/sealed/index.ts";
import type { EntryPayload } from "../banking/index.ts";
import { mergedInto } from "../customers/index.ts";
import type { Reason } from "./model.ts";
import { type Shape, shapesOf } from "./references.ts";

/** A row of `match`; the amount is negative for a return. */
export interface Match {
  readonly customerId: CustomerId;
  readonly matchId: Uuid;
  readonly entryFingerprint: Buffer;
  readonly bookingId: Uuid;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly score: number;
  readonly reasons: readonly Reason[];
  readonly decidedBy: string;
  readonly payloadSealed: Buffer;
  /** Of a provider's payout: which of its lines. */
  readonly payoutLine?: number;
  readonly state: "booked" | "reversed";
  readonly createdAt: Date;
}

interface MatchRow {
  readonly customer_id: CustomerId;
  readonly match_id: Uuid;
  readonly entry_fingerprint: Buffer;
  readonly booking_id: Uuid;
  readonly amount_minor: bigint;
  readonly currency: Currency;
  readonly score: number;
  readonly reasons: readonly Reason[];
  readonly decided_by: string;
  readonly payload_sealed: Buffer;
  readonly state: Match["state"];
  readonly created_at: Date;
}

const matchOf = (row: MatchRow): Match => ({
  customerId: row.customer_id,
  matchId: row.match_id,
  entryFingerprint: row.entry_fingerprint,
  bookingId: row.booking_id,
  amountMinor: row.amount_minor,
  currency: row.currency,
  score: row.score,
  reasons: row.reasons,
  decidedBy: row.decided_by,
  payloadSealed: row.payload_sealed,
  state: row.state,
  createdAt: row.created_at,
});

const COLUMNS = sql`m.customer_id, m.match_id, m.entry_fingerprint, m.booking_id, m.amount_minor, m.currency, m.score,
  m.reasons, m.decided_by, m.payload_sealed, m.state, m.created_at`;

export async function insertMatches(
  { tx }: Act,
  matches: readonly Omit<Match, "state" | "createdAt">[],
): Promise<void> {
  if (matches.length === 0) return;
  await tx.execute(sql`
    insert into match (customer_id, match_id, tenant_id, entry_fingerprint, booking_id, amount_minor, currency, score,
                       reasons, decided_by, payload_sealed, payout_line, created_at)
    select m.customer_id, m.match_id, ${tx.tenantId}::uuid, m.entry_fingerprint, m.booking_id, m.amount_minor, m.currency,
           m.score, m.reasons, m.decided_by, m.payload_sealed, m.payout_line, ${tx.now}::timestamptz
    from ${rowsOf("m", {
      customer_id: ["uuid", matches.map((match) => match.customerId)],
      match_id: ["uuid", matches.map((match) => match.matchId)],
      entry_fingerprint: ["bytea", matches.map((match) => match.entryFingerprint)],
      booking_id: ["uuid", matches.map((match) => match.bookingId)],
      amount_minor: ["int8", matches.map((match) => match.amountMinor)],
      currency: ["text", matches.map((match) => match.currency)],
      score: ["int2", matches.map((match) => match.score)],
      reasons: ["jsonb", matches.map((match) => match.reasons)],
      decided_by: ["text", matches.map((match) => match.decidedBy)],
      payload_sealed: ["bytea", matches.map((match) => match.payloadSealed)],
      payout_line: ["int4", matches.map((match) => match.payoutLine ?? null)],
    })}`);
}

export async function setMatchState(
  { tx }: Act,
  match: Pick<Match, "customerId" | "matchId">,
  state: Match["state"],
): Promise<void> {
  const reversedAt = state === "reversed" ? tx.now : null;
  await tx.execute(sql`
    update match set state = ${state}, reversed_at = ${reversedAt}::timestamptz
    where customer_id = ${match.customerId} and match_id = ${match.matchId}`);
}

/** Matches that stand, of entries with their customers. */
export async function matchesOfEntries(
  { tx }: Pick<Act, "tx">,
  entries: readonly { readonly customerId: CustomerId; readonly fingerprint: Buffer }[],
): Promise<Match[]> {
  if (entries.length === 0) return [];
  const rows = await tx.rows<MatchRow>(sql`
    select ${COLUMNS} from unnest(${entries.map((entry) => entry.customerId)}::uuid[],
                                  ${entries.map((entry) => entry.fingerprint)}::bytea[]) as e (customer_id, fingerprint)
    join match m on m.customer_id = e.customer_id and m.entry_fingerprint = e.fingerprint
    where m.state = 'booked'`);
  return rows.map(matchOf);
}

/**
 * Matches of payouts' lines, by the entries that paid the payouts out, in the order of the lines; those too that went back
 * by a return that stands.
 */
export async function matchesOfPayouts(
  { tx }: Pick<Act, "tx">,
  entryFingerprints: readonly Buffer[],
): Promise<Match[]> {
  if (entryFingerprints.length === 0) return [];
  const rows = await tx.rows<MatchRow>(sql`
    select ${COLUMNS} from match m
    where m.tenant_id = ${tx.tenantId} and m.entry_fingerprint = any(${entryFingerprints}::bytea[])
      and m.payout_line is not null
      and (m.state = 'booked' or exists (
        select from match r where r.customer_id = m.customer_id and r.state = 'booked'
          and r.reasons @> jsonb_build_array(jsonb_build_object('code', 'return_of', 'value', m.match_id))))
    order by m.payout_line, m.match_id`);
  return rows.map(matchOf);
}

/** Matches of one line of a payout, booked and taken back, newest first; `fingerprint` is of what it was booked from. */
export async function matchesOfLine(
  { tx }: Act,
  customerId: CustomerId,
  fingerprint: Buffer,
  line: number,
): Promise<Match[]> {
  const rows = await tx.rows<MatchRow>(sql`
    select ${COLUMNS} from match m
    where m.customer_id = ${customerId} and m.entry_fingerprint = ${fingerprint} and m.payout_line = ${line}
      and m.tenant_id = ${tx.tenantId}
    order by m.created_at desc, m.match_id`);
  return rows.map(matchOf);
}

/**
 * Payments of these customers that stand and have one of these amounts, newest first; those too that stand on a file merged
 * into theirs.
 */
export async function paymentsOf(
  act: Act,
  customerIds: readonly CustomerId[],
  amounts: readonly bigint[],
  currency: Currency,
): Promise<Match[]> {
  const { tx } = act;
  const all = [...customerIds, ...[...(await mergedInto(act, customerIds)).values()].flat()];
  const rows = await tx.rows<MatchRow>(sql`
    select ${COLUMNS} from match m
    where m.customer_id = any(${all}::uuid[]) and m.tenant_id = ${tx.tenantId} and m.state = 'booked'
      and m.currency = ${currency} and m.amount_minor = any(${amounts.map(String)}::bigint[])
    order by m.created_at desc, m.match_id`);
  return rows.map(matchOf);
}

/**
 * The booking by which a payment went back before its return came with a statement (a bank's refusal, pain.002);
 * undefined when none did, or when a return stands for it already.
 */
export async function returnToldBefore({ tx }: Act, match: Match): Promise<Uuid | undefined> {
  const row = await tx.one<{ booking_id: Uuid }>(sql`
    select b.booking_id from booking b
    where b.customer_id = ${match.customerId} and b.returns = ${match.bookingId} and b.kind = 'return'
      and b.withdrawn_at is null and not exists (select from match m
        where m.customer_id = b.customer_id and m.booking_id = b.booking_id and m.state = 'booked')`);
  return row?.booking_id;
}

/** Matches of these customers by id, those too that stand on a file merged into theirs. */
export async function paymentsById(
  act: Act,
  customerIds: readonly CustomerId[],
  matchIds: readonly Uuid[],
): Promise<Map<Uuid, Match>> {
  if (matchIds.length === 0) return new Map();
  const all = [...customerIds, ...[...(await mergedInto(act, customerIds)).values()].flat()];
  const rows = await act.tx.rows<MatchRow>(sql`
    select ${COLUMNS} from match m
    where m.customer_id = any(${[...new Set(all)]}::uuid[]) and m.match_id = any(${[...matchIds]}::uuid[])`);
  return new Map(rows.map((row) => [row.match_id, matchOf(row)]));
}

export async function matchById({ tx }: Act, customerId: CustomerId, matchId: Uuid): Promise<Match | undefined> {
  const row = await tx.one<MatchRow>(sql`
    select ${COLUMNS} from match m where m.customer_id = ${customerId} and m.match_id = ${matchId}`);
  return row && matchOf(row);
}

/** What invoice and order numbers of a creditor look like: one of each kind, the most frequent first. One scan a run. */
export async function readShapes({ tx }: Act, creditorId: CreditorId): Promise<readonly Shape[]> {
  const rows = await tx.rows<{ number: string }>(sql`
    select min(s.number) as number from (
      select r.number from receivable r
      where r.tenant_id = ${tx.tenantId} and r.creditor_id = ${creditorId} and r.item_kind = 'invoice'
      union all
      select r.order_number from receivable r
      where r.tenant_id = ${tx.tenantId} and r.creditor_id = ${creditorId} and r.order_number is not null) s
    group by translate(upper(s.number), '012345678 -./_', '999999999'), regexp_replace(s.number, '\\d{5,}(\\D*)$', '#\\1')
    order by count(*) desc, 1 limit 500`);
  return shapesOf(rows.map((row) => row.number));
}

/** Directory kinds under which a booked payment is found again when it goes back. */
const END_TO_END = "payment_end_to_end";
const MANDATE = "payment_mandate";

export async function rememberPayments(
  act: Act,
  payments: readonly { readonly match: Pick<Match, "customerId" | "matchId">; readonly payload: EntryPayload }[],
): Promise<void> {
  const entries = payments.flatMap(({ match, payload }) =>
    [
      { kind: END_TO_END, value: payload.endToEndId },
      { kind: MANDATE, value: payload.mandateId },
    ].flatMap(({ kind, value }) =>
      value === null ? [] : [{ kind, value, customerId: match.customerId, objectId: match.matchId }],
    ),
  );
  const put = await putDirectoryEntries(act, entries);
  if (!put.ok) throw new FailureError(put.error);
}

export async function forgetPayment(act: Act, match: Pick<Match, "customerId" | "matchId">): Promise<void> {
  await removeDirectoryEntries(act, {
    customerIds: [match.customerId],
    kinds: [END_TO_END, MANDATE],
    objectIds: [match.matchId],
  });
}

export const PAYMENT_KINDS = { endToEnd: END_TO_END, mandate: MANDATE } as const;
