/** SQL of `payout` and `payout_line`. */
import type { SettlementLineKind } from "../../../pure/formats/index.ts";
import type { CreditorId, Currency, CustomerId, PlainDate, ReceivableId, Uuid } from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { rowsOf, sql } from "../../../platform/database/index.ts";
import { normaliseValue, type TenantSeal } from "../../../platform/sealed/index.ts";
import { DAYS_AFTER, DAYS_BEFORE, type DraftPayout, type LineState, type LineTexts, type OpenReason } from "./model.ts";

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
  readonly state: "waiting" | "partial" | "settled";
  readonly entryFingerprint: Buffer | null;
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
  readonly state: Payout["state"];
  readonly entry_fingerprint: Buffer | null;
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
  state: row.state,
  entryFingerprint: row.entry_fingerprint,
});

const COLUMNS = sql`p.fingerprint, p.creditor_id, p.provider, p.provider_name, p.reference, p.paid_on, p.currency,
  p.amount_minor, p.reconciles, p.state, p.entry_fingerprint`;

/** Payouts of a tenant, newest first. */
export async function payouts(
  { tx }: Act,
  filter: { readonly states?: readonly Payout["state"][]; readonly limit?: number } = {},
): Promise<Payout[]> {
  const rows = await tx.rows<PayoutRow>(sql`
    select ${COLUMNS} from payout p where p.tenant_id = ${tx.tenantId}
      and (${filter.states ?? null}::text[] is null or p.state = any(${filter.states ?? null}::text[]))
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
                        currency, amount_minor, reconciles, imported_at)
    values (${payout.fingerprint}, ${tx.tenantId}, ${of.creditorId}, ${of.fileFingerprint}, ${of.provider},
            ${of.providerName}, ${payout.reference}, ${payout.paidOn}::date, ${payout.currency},
            ${payout.amountMinor.toString()}::bigint, ${payout.reconciles}, ${tx.now})
    on conflict (fingerprint) do nothing`);
  if (inserted === 0) {
    const known = await lockPayout(act, payout.fingerprint);
    if (!known || known.reconciles || !payout.reconciles || known.state !== "waiting") return "known";
    await tx.execute(
      sql`delete from payout_line where payout_fingerprint = ${payout.fingerprint} and tenant_id = ${tx.tenantId}`,
    );
    await tx.execute(sql`
      update payout set amount_minor = ${payout.amountMinor.toString()}::bigint, reconciles = true,
        file_fingerprint = ${of.fileFingerprint} where fingerprint = ${payout.fingerprint} and tenant_id = ${tx.tenantId}`);
  }
  await insertLines(act, payout);
  return inserted === 0 ? "completed" : "new";
}

const keyOf = (seal: TenantSeal, value: string | null): Buffer | null =>
  value === null ? null : seal.lookupToken(REFERENCE_KIND, normaliseValue("reference", value));

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
        text_sealed: [
          "bytea",
          part.map(({ orderNumber, invoiceNumber, reference }) =>
            seal.seal(TEXT_KIND, JSON.stringify({ orderNumber, invoiceNumber, reference } satisfies LineTexts)),
          ),
        ],
      })}`);
  }
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
  }>(sql`
    select l.line_number, l.kind, l.gross_minor, l.fee_minor, l.net_minor, l.done_on, l.reference_key, l.original_key,
           l.text_sealed, l.state, l.reason
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
    };
  });
}

/** Payouts without an entry, each with the entries of its amount that no customer was booked from. */
export async function payoutCandidates({ tx }: Act): Promise<{ payout: Payout; entryId: Uuid }[]> {
  const rows = await tx.rows<PayoutRow & { entry_id: Uuid }>(sql`
    select ${COLUMNS}, e.entry_id from payout p
    join bank_entry e on e.tenant_id = p.tenant_id and e.creditor_id = p.creditor_id and e.currency = p.currency
      and e.amount_minor = p.amount_minor and e.direction = 'credit' and not e.is_return and not e.replaced
      and e.settled_minor is null and e.status in ('new', 'proposed', 'unmatched')
      and (p.paid_on is null or e.booked_on between p.paid_on - ${DAYS_BEFORE}::int and p.paid_on + ${DAYS_AFTER}::int)
    where p.tenant_id = ${tx.tenantId} and p.state = 'waiting' and p.reconciles and p.amount_minor > 0
    order by p.paid_on, p.fingerprint, e.booked_on, e.fingerprint limit 10000`);
  return rows.map(({ entry_id, ...row }) => ({ payout: payoutOfRow(row), entryId: entry_id }));
}

/** Payouts of which lines are open, with their entries; what is older than half a year waits for a person only. */
export async function partialPayouts({ tx }: Act): Promise<{ fingerprint: Buffer; entryId: Uuid }[]> {
  const rows = await tx.rows<{ fingerprint: Buffer; entry_id: Uuid }>(sql`
    select p.fingerprint, e.entry_id from payout p join bank_entry e on e.fingerprint = p.entry_fingerprint
    where p.tenant_id = ${tx.tenantId} and e.tenant_id = ${tx.tenantId} and p.state = 'partial'
      and e.status in ('proposed', 'unmatched') and p.entry_value_on > ${tx.now}::timestamptz::date - 180
    order by p.entry_value_on desc, p.fingerprint limit 1000`);
  return rows.map((row) => ({ fingerprint: row.fingerprint, entryId: row.entry_id }));
}

export interface NamedItem {
  readonly customerId: CustomerId;
  readonly receivableId: ReceivableId;
  readonly number: string;
  readonly openMinor: bigint;
  readonly assigned: boolean;
}

/** Invoices of a creditor and currency, oldest due first. */
export async function namedItems(
  { tx }: Act,
  of: Pick<Payout, "creditorId" | "currency">,
  ids: readonly { readonly customerId: CustomerId; readonly receivableId: ReceivableId }[],
): Promise<NamedItem[]> {
  if (ids.length === 0) return [];
  const rows = await tx.rows<{
    customer_id: CustomerId;
    receivable_id: ReceivableId;
    number: string;
    open_total: bigint;
    assigned: boolean;
  }>(sql`
    select r.customer_id, r.receivable_id, r.number, r.open_total, r.assigned_on is not null as assigned
    from ${rowsOf("i", {
      customer_id: ["uuid", ids.map((id) => id.customerId)],
      receivable_id: ["uuid", ids.map((id) => id.receivableId)],
    })} join receivable r on r.customer_id = i.customer_id and r.receivable_id = i.receivable_id
    where r.tenant_id = ${tx.tenantId} and r.creditor_id = ${of.creditorId} and r.currency = ${of.currency}
      and r.item_kind = 'invoice'
    order by r.due_on, r.number, r.receivable_id`);
  return rows.map((row) => ({
    customerId: row.customer_id,
    receivableId: row.receivable_id,
    number: row.number,
    openMinor: row.open_total,
    assigned: row.assigned,
  }));
}

/** Booked payments of the provider's transactions: which match stands for each key (as hex). */
export async function paymentsByKey(
  { tx }: Act,
  keys: readonly Buffer[],
): Promise<Map<string, { customerId: CustomerId; matchId: Uuid }[]>> {
  const found = new Map<string, { customerId: CustomerId; matchId: Uuid }[]>();
  if (keys.length === 0) return found;
  const rows = await tx.rows<{ reference_key: Buffer; customer_id: CustomerId; match_id: Uuid }>(sql`
    select l.reference_key, l.customer_id, l.match_id from payout_line l
    where l.tenant_id = ${tx.tenantId} and l.reference_key = any(${[...keys]}::bytea[]) and l.state = 'booked'
      and l.gross_minor > 0 order by l.payout_fingerprint, l.line_number`);
  for (const row of rows) {
    const key = row.reference_key.toString("hex");
    found.set(key, [...(found.get(key) ?? []), { customerId: row.customer_id, matchId: row.match_id }]);
  }
  return found;
}

/** Payments that stand and were meant for one of these items. */
export async function paymentsForItems(
  { tx }: Act,
  items: readonly NamedItem[],
): Promise<{ customerId: CustomerId; matchId: Uuid; amountMinor: bigint }[]> {
  const rows = await tx.rows<{ customer_id: CustomerId; match_id: Uuid; amount_minor: bigint }>(sql`
    select m.customer_id, m.match_id, m.amount_minor from match m
    join booking b on b.customer_id = m.customer_id and b.booking_id = m.booking_id
    where m.customer_id = any(${items.map(({ customerId }) => customerId)}::uuid[]) and m.tenant_id = ${tx.tenantId}
      and m.state = 'booked' and m.amount_minor > 0 and b.kind = 'payment' and b.withdrawn_at is null
      and b.designated && ${items.map(({ receivableId }) => receivableId)}::uuid[]`);
  return rows.map((row) => ({ customerId: row.customer_id, matchId: row.match_id, amountMinor: row.amount_minor }));
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
}

export async function changeLines(
  { tx }: Act,
  payoutFingerprint: Buffer,
  changes: readonly LineChange[],
): Promise<void> {
  if (changes.length === 0) return;
  await tx.execute(sql`
    update payout_line l set state = c.state, reason = c.reason, customer_id = c.customer_id, match_id = c.match_id,
      text_sealed = case when c.state = 'booked' then null else l.text_sealed end
    from ${rowsOf("c", {
      line_number: ["int4", changes.map((change) => change.lineNumber)],
      state: ["text", changes.map((change) => change.state)],
      reason: ["text", changes.map((change) => change.reason)],
      customer_id: ["uuid", changes.map((change) => change.booked?.customerId ?? null)],
      match_id: ["uuid", changes.map((change) => change.booked?.matchId ?? null)],
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
  state: "partial" | "settled",
  entry: { readonly fingerprint: Buffer; readonly valueOn: PlainDate },
): Promise<void> {
  await tx.execute(sql`
    update payout set state = ${state}, entry_fingerprint = ${entry.fingerprint}, entry_value_on = ${entry.valueOn}::date
    where fingerprint = ${fingerprint} and tenant_id = ${tx.tenantId}`);
}
