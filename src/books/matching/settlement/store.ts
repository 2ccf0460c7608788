/** SQL of `payout` and `payout_line`. */
import type { SettlementLineKind } from "../../../pure/formats/index.ts";
import type { CreditorId, Currency, CustomerId, PlainDate, Uuid } from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { rowsOf, sql } from "../../../platform/database/index.ts";
import { normaliseValue, type TenantSeal } from "../../../platform/sealed/index.ts";
import {
  DAYS_AFTER,
  DAYS_BEFORE,
  type DraftPayout,
  type LineState,
  type LineTexts,
  type OpenReason,
  type PayoutState,
} from "./model.ts";

const TEXT_KIND = "payout_line";
const REFERENCE_KIND = "payout_transaction";

export interface Payout {
  readonly fingerprint: Buffer;
  readonly creditorId: CreditorId;
  /** Id of the mapping, and the name people know. */
  readonly provider: string;
  readonly providerName: string;
  readonly reference: string | null;
  readonly paidOn: PlainDate | null;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  readonly reconciles: boolean;
  /** The file states the amount apart from the lines. */
  readonly stated: boolean;
  readonly state: PayoutState;
  readonly entryFingerprint: Buffer | null;
  /** Value date it is booked with: the entry's. */
  readonly valueOn: PlainDate | null;
}

interface PayoutRow {
  readonly fingerprint: Buffer;
  readonly creditor_id: CreditorId;
  readonly provider: string;
  readonly provider_name: string;
  readonly reference: string | null;
  readonly paid_on: PlainDate | null;
  readonly currency: Currency;
  readonly amount_minor: bigint;
  readonly reconciles: boolean;
  readonly stated: boolean;
  readonly state: PayoutState;
  readonly entry_fingerprint: Buffer | null;
  readonly entry_value_on: PlainDate | null;
}

const payoutOfRow = (row: PayoutRow): Payout => ({
  fingerprint: row.fingerprint,
  creditorId: row.creditor_id,
  provider: row.provider,
  providerName: row.provider_name,
  reference: row.reference,
  paidOn: row.paid_on,
  currency: row.currency,
  amountMinor: row.amount_minor,
  reconciles: row.reconciles,
  stated: row.stated,
  state: row.state,
  entryFingerprint: row.entry_fingerprint,
  valueOn: row.entry_value_on,
});

const COLUMNS = sql`p.fingerprint, p.creditor_id, p.provider, p.provider_name, p.reference, p.paid_on, p.currency,
  p.amount_minor, p.reconciles, p.stated, p.state, p.entry_fingerprint, p.entry_value_on`;

/** Payouts of a tenant, newest first. */
export async function payouts(
  { tx }: Act,
  filter: {
    readonly states?: readonly PayoutState[];
    readonly creditorId?: CreditorId;
    readonly fingerprint?: Buffer;
    readonly entryFingerprint?: Buffer;
    readonly limit?: number;
  } = {},
): Promise<Payout[]> {
  const rows = await tx.rows<PayoutRow>(sql`
    select ${COLUMNS} from payout p where p.tenant_id = ${tx.tenantId}
      and (${filter.states ?? null}::text[] is null or p.state = any(${filter.states ?? null}::text[]))
      and (${filter.creditorId ?? null}::uuid is null or p.creditor_id = ${filter.creditorId ?? null}::uuid)
      and (${filter.fingerprint ?? null}::bytea is null or p.fingerprint = ${filter.fingerprint ?? null}::bytea)
      and (${filter.entryFingerprint ?? null}::bytea is null or p.entry_fingerprint = ${filter.entryFingerprint ?? null}::bytea)
    order by p.paid_on desc nulls last, p.fingerprint limit ${filter.limit ?? 200}`);
  return rows.map(payoutOfRow);
}

export async function lockPayout({ tx }: Act, fingerprint: Buffer): Promise<Payout | undefined> {
  const row = await tx.one<PayoutRow>(sql`
    select ${COLUMNS} from payout p where p.fingerprint = ${fingerprint} and p.tenant_id = ${tx.tenantId} for update`);
  return row && payoutOfRow(row);
}

/** Stores a payout with its lines, or finds it known: then one that did not add up gives way to one that does. */
export async function keepPayout(
  act: Act,
  of: {
    readonly creditorId: CreditorId;
    readonly fileFingerprint: Buffer;
    readonly provider: string;
    readonly providerName: string;
  },
  payout: DraftPayout,
): Promise<"new" | "known" | "completed"> {
  const { tx } = act;
  const inserted = await tx.execute(sql`
    insert into payout (fingerprint, tenant_id, creditor_id, file_fingerprint, provider, provider_name, reference, paid_on,
                        currency, amount_minor, reconciles, stated, imported_at)
    values (${payout.fingerprint}, ${tx.tenantId}, ${of.creditorId}, ${of.fileFingerprint}, ${of.provider},
            ${of.providerName}, ${payout.reference}, ${payout.paidOn}::date, ${payout.currency},
            ${payout.amountMinor.toString()}::bigint, ${payout.reconciles}, ${payout.stated}, ${tx.now})
    on conflict (fingerprint) do nothing`);
  if (inserted === 0) {
    const known = await lockPayout(act, payout.fingerprint);
    if (!known || known.reconciles || !payout.reconciles || known.state !== "waiting") return "known";
    await tx.execute(
      sql`delete from payout_line where payout_fingerprint = ${payout.fingerprint} and tenant_id = ${tx.tenantId}`,
    );
    await tx.execute(sql`
      update payout set amount_minor = ${payout.amountMinor.toString()}::bigint, reconciles = true, stated = ${payout.stated},
        file_fingerprint = ${of.fileFingerprint} where fingerprint = ${payout.fingerprint} and tenant_id = ${tx.tenantId}`);
  }
  await insertLines(act, payout);
  return inserted === 0 ? "completed" : "new";
}

const keyOf = (seal: TenantSeal, value: string | null): Buffer | null =>
  value === null ? null : seal.lookupToken(REFERENCE_KIND, normaliseValue("reference", value));

const sealedTexts = (seal: TenantSeal, { orderNumber, invoiceNumber, reference }: LineTexts): Buffer =>
  seal.seal(TEXT_KIND, JSON.stringify({ orderNumber, invoiceNumber, reference } satisfies LineTexts));

const LINES = 5_000;

async function insertLines({ tx, vault }: Act, { fingerprint, lines }: DraftPayout): Promise<void> {
  const seal = await vault.forTenant(tx);
  for (let from = 0; from < lines.length; from += LINES) {
    const part = lines.slice(from, from + LINES);
    await tx.execute(sql`
      insert into payout_line (payout_fingerprint, line_number, tenant_id, kind, gross_minor, fee_minor, net_minor, done_on,
                               reference_key, original_key, text_sealed)
      select ${fingerprint}::bytea, l.line_number, ${tx.tenantId}::uuid, l.kind, l.gross_minor, l.fee_minor, l.net_minor,
             l.done_on, l.reference_key, l.original_key, l.text_sealed
      from ${rowsOf("l", {
        line_number: ["int4", part.map((_, index) => from + index + 1)],
        kind: ["text", part.map((line) => line.kind)],
        gross_minor: ["int8", part.map((line) => line.grossMinor)],
        fee_minor: ["int8", part.map((line) => line.feeMinor)],
        net_minor: ["int8", part.map((line) => line.netMinor)],
        done_on: ["date", part.map((line) => line.doneOn)],
        reference_key: ["bytea", part.map((line) => keyOf(seal, line.reference))],
        original_key: ["bytea", part.map((line) => keyOf(seal, line.original))],
        text_sealed: ["bytea", part.map((line) => sealedTexts(seal, line))],
      })}`);
  }
}

/** How many lines payouts have, and what of them is open; in the order asked. */
export async function payoutCounts(
  { tx }: Act,
  of: readonly Pick<Payout, "fingerprint">[],
): Promise<{ readonly lines: number; readonly openLines: number; readonly openMinor: bigint }[]> {
  return tx.rows(sql`
    select count(l.line_number)::int as "lines", (count(*) filter (where l.state = 'open'))::int as "openLines",
           coalesce(sum(l.net_minor) filter (where l.state = 'open'), 0)::bigint as "openMinor"
    from unnest(${of.map(({ fingerprint }) => fingerprint)}::bytea[]) with ordinality as p (fingerprint, place)
    left join payout_line l on l.payout_fingerprint = p.fingerprint and l.tenant_id = ${tx.tenantId}
    group by p.place order by p.place`);
}

export interface PayoutLine {
  readonly lineNumber: number;
  readonly kind: SettlementLineKind;
  readonly grossMinor: bigint;
  readonly feeMinor: bigint;
  readonly netMinor: bigint;
  readonly doneOn: PlainDate | null;
  readonly referenceKey: Buffer | null;
  readonly originalKey: Buffer | null;
  /** Null once booked: then they are kept with the customer. */
  readonly texts: LineTexts | null;
  readonly state: LineState;
  readonly reason: OpenReason | null;
  /** Whose payment it is once booked, with the match that stands for it. */
  readonly booked: { readonly customerId: CustomerId; readonly matchId: Uuid } | null;
}

/** Lines in the order of the file. */
export async function payoutLines(
  { tx, vault }: Act,
  payoutFingerprint: Buffer,
  state: LineState | null = null,
): Promise<PayoutLine[]> {
  const seal = await vault.forTenant(tx);
  const rows = await tx.rows<{
    line_number: number;
    kind: SettlementLineKind;
    gross_minor: bigint;
    fee_minor: bigint;
    net_minor: bigint;
    done_on: PlainDate | null;
    reference_key: Buffer | null;
    original_key: Buffer | null;
    text_sealed: Buffer | null;
    state: LineState;
    reason: OpenReason | null;
    customer_id: CustomerId | null;
    match_id: Uuid | null;
  }>(sql`
    select l.line_number, l.kind, l.gross_minor, l.fee_minor, l.net_minor, l.done_on, l.reference_key, l.original_key,
           l.text_sealed, l.state, l.reason, l.customer_id, l.match_id
    from payout_line l where l.payout_fingerprint = ${payoutFingerprint} and l.tenant_id = ${tx.tenantId}
      and (${state}::text is null or l.state = ${state}::text)
    order by l.line_number`);
  return rows.map((row) => {
    const text = row.text_sealed === null ? null : seal.openText(TEXT_KIND, row.text_sealed);
    if (text && !text.ok) throw new Error(`line ${row.line_number} of a payout does not open`);
    return {
      lineNumber: row.line_number,
      kind: row.kind,
      grossMinor: row.gross_minor,
      feeMinor: row.fee_minor,
      netMinor: row.net_minor,
      doneOn: row.done_on,
      referenceKey: row.reference_key,
      originalKey: row.original_key,
      texts: text ? (JSON.parse(text.value) as LineTexts) : null,
      state: row.state,
      reason: row.reason,
      booked: row.customer_id && row.match_id ? { customerId: row.customer_id, matchId: row.match_id } : null,
    };
  });
}

/** Entries of a payout's amount that no customer was booked from; below zero the provider collected: debits. */
const pairing = sql`e.tenant_id = p.tenant_id and e.creditor_id = p.creditor_id and e.currency = p.currency
  and e.amount_minor = abs(p.amount_minor) and not e.is_return and not e.replaced and e.settled_minor is null
  and case when p.amount_minor > 0 then e.direction = 'credit' and e.status in ('new', 'proposed', 'unmatched')
           else e.direction = 'debit' and e.status = 'set_aside' end`;

/** Payouts without an entry, each with the entries it may be. */
export async function payoutCandidates({ tx }: Act): Promise<{ payout: Payout; entryId: Uuid }[]> {
  const rows = await tx.rows<PayoutRow & { entry_id: Uuid }>(sql`
    select ${COLUMNS}, e.entry_id from payout p join bank_entry e on ${pairing}
      and (p.paid_on is null or e.booked_on between p.paid_on - ${DAYS_BEFORE}::int and p.paid_on + ${DAYS_AFTER}::int)
    where p.tenant_id = ${tx.tenantId} and p.state = 'waiting' and p.reconciles and p.amount_minor <> 0
    order by p.paid_on, p.fingerprint, e.booked_on, e.fingerprint limit 10000`);
  return rows.map(({ entry_id, ...row }) => ({ payout: payoutOfRow(row), entryId: entry_id }));
}

/** Entries of one payout's amount, whenever they came and whoever sent them: a person chooses. Nearest day first. */
export async function entriesForPayout({ tx }: Act, fingerprint: Buffer): Promise<Uuid[]> {
  const rows = await tx.rows<{ entry_id: Uuid }>(sql`
    select e.entry_id from payout p join bank_entry e on ${pairing}
    where p.tenant_id = ${tx.tenantId} and p.fingerprint = ${fingerprint} and p.amount_minor <> 0
    order by abs(e.booked_on - p.paid_on), e.booked_on, e.fingerprint limit 20`);
  return rows.map((row) => row.entry_id);
}

/**
 * Payouts of which lines are open, with their entries, and payouts of nothing whose file is complete: the lines come to
 * the zero it states. What is older than half a year waits for a person only.
 */
export async function payoutsToBook({ tx }: Act): Promise<{ fingerprint: Buffer; entryId: Uuid | null }[]> {
  const rows = await tx.rows<{ fingerprint: Buffer; entry_id: Uuid | null }>(sql`
    select p.fingerprint, e.entry_id from payout p
    left join bank_entry e on e.fingerprint = p.entry_fingerprint and e.tenant_id = p.tenant_id
    where p.tenant_id = ${tx.tenantId} and p.reconciles
      and case p.state when 'partial' then p.amount_minor = 0 or e.status in ('proposed', 'unmatched')
                       when 'waiting' then p.amount_minor = 0 and p.stated else false end
      and coalesce(p.entry_value_on, p.paid_on, p.imported_at::date) > ${tx.now}::timestamptz::date - 180
    order by p.entry_value_on desc, p.fingerprint limit 1000`);
  return rows.map((row) => ({ fingerprint: row.fingerprint, entryId: row.entry_id }));
}

/** Points the line that made a payment to the match that stands for what is left of it. */
export async function movePayment({ tx }: Act, customerId: CustomerId, from: Uuid, to: Uuid): Promise<void> {
  await tx.execute(sql`
    update payout_line set match_id = ${to} where tenant_id = ${tx.tenantId} and customer_id = ${customerId} and match_id = ${from}`);
}

export interface LineChange {
  readonly lineNumber: number;
  readonly state: LineState;
  readonly reason: OpenReason | null;
  readonly booked: { readonly customerId: CustomerId; readonly matchId: Uuid } | null;
  /** Of a line that is no longer booked: they lie with the payout again. */
  readonly texts?: LineTexts;
}

export async function changeLines(
  { tx, vault }: Act,
  payoutFingerprint: Buffer,
  changes: readonly LineChange[],
): Promise<void> {
  if (changes.length === 0) return;
  const seal = await vault.forTenant(tx);
  await tx.execute(sql`
    update payout_line l set state = c.state, reason = c.reason, customer_id = c.customer_id, match_id = c.match_id,
      text_sealed = case when c.state = 'booked' then null else coalesce(c.text_sealed, l.text_sealed) end
    from ${rowsOf("c", {
      line_number: ["int4", changes.map((change) => change.lineNumber)],
      state: ["text", changes.map((change) => change.state)],
      reason: ["text", changes.map((change) => change.reason)],
      customer_id: ["uuid", changes.map((change) => change.booked?.customerId ?? null)],
      match_id: ["uuid", changes.map((change) => change.booked?.matchId ?? null)],
      text_sealed: ["bytea", changes.map(({ texts }) => (texts ? sealedTexts(seal, texts) : null))],
    })}
    where l.payout_fingerprint = ${payoutFingerprint} and l.line_number = c.line_number and l.tenant_id = ${tx.tenantId}`);
}

/** Net of what is accounted for, minor units, and how many lines are not. */
export async function settledOf({ tx }: Act, payoutFingerprint: Buffer): Promise<{ minor: bigint; open: number }> {
  const row = await tx.one<{ minor: bigint; open: number }>(sql`
    select coalesce(sum(l.net_minor) filter (where l.state <> 'open'), 0)::bigint as minor,
           (count(*) filter (where l.state = 'open'))::int as open
    from payout_line l where l.payout_fingerprint = ${payoutFingerprint} and l.tenant_id = ${tx.tenantId}`);
  return row ?? { minor: 0n, open: 0 };
}

export async function changePayout(
  { tx }: Act,
  fingerprint: Buffer,
  change: { readonly state: PayoutState; readonly entryFingerprint: Buffer | null; readonly valueOn: PlainDate | null },
): Promise<void> {
  await tx.execute(sql`
    update payout set state = ${change.state}, entry_fingerprint = ${change.entryFingerprint}::bytea,
      entry_value_on = ${change.valueOn}::date
    where fingerprint = ${fingerprint} and tenant_id = ${tx.tenantId}`);
}
