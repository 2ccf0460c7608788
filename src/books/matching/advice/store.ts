/** Payment advices as facts: SQL of `payment_advice`, each once whatever file brings it. */
import { createHash } from "node:crypto";
import type { PaymentAdvice, PaymentAdvices } from "../../../pure/formats/index.ts";
import {
  type CreditorId,
  type Currency,
  currency as currencyOf,
  type Decimal,
  moneyFromDecimal,
  type PlainDate,
  type Uuid,
} from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { sql } from "../../../platform/database/index.ts";

const CONTENT_KIND = "payment_advice";

/** Minor units; below zero for a credit note that is set off. */
export interface StoredAdviceLine {
  readonly document: string;
  readonly amountMinor: bigint;
}

export interface StoredAdvice {
  readonly fingerprint: Buffer;
  readonly creditorId: CreditorId;
  readonly number: string | null;
  readonly currency: Currency;
  readonly totalMinor: bigint;
  readonly payer: string | null;
  readonly lines: readonly StoredAdviceLine[];
}

interface Content {
  readonly payer: string | null;
  /** Amounts and deductions (what was taken off) as text. */
  readonly lines: readonly { readonly document: string; readonly amount: string; readonly deduction: string | null }[];
}

interface Draft {
  readonly currency: Currency;
  readonly totalMinor: bigint;
  readonly reconciles: boolean;
  readonly content: Content;
}

function draftOf(advice: PaymentAdvice, usual: Currency): Draft | undefined {
  const code = currencyOf(advice.currency ?? usual);
  if (!code.ok) return undefined;
  const minorOf = (value: Decimal): bigint | undefined => {
    const money = moneyFromDecimal(value, code.value);
    return money.ok ? money.value.minor : undefined;
  };
  const totalMinor = minorOf(advice.total);
  if (totalMinor === undefined) return undefined;
  const lines: Content["lines"][number][] = [];
  let sum = 0n;
  for (const { document, amount, deduction } of advice.lines) {
    const minor = minorOf(amount);
    const off = deduction === null ? null : minorOf(deduction);
    if (minor === undefined || off === undefined) return undefined;
    sum += minor;
    lines.push({ document, amount: `${minor}`, deduction: off === null ? null : `${off}` });
  }
  return {
    currency: code.value,
    totalMinor,
    reconciles: sum === totalMinor,
    content: { payer: advice.payer, lines },
  };
}

export interface AdvicesTaken {
  /** Lines. */
  readonly new: number;
  readonly known: number;
  /** Advices that can't be booked. */
  readonly failed: number;
}

/** `currency`: of advices that name none. */
export async function takeAdvices(
  { tx, vault }: Act,
  { advices }: PaymentAdvices,
  of: { readonly creditorId: CreditorId; readonly fileFingerprint: Buffer; readonly currency: Currency },
): Promise<AdvicesTaken> {
  const counts = { new: 0, known: 0, failed: 0 };
  const seal = await vault.forTenant(tx);
  for (const advice of advices) {
    const draft = draftOf(advice, of.currency);
    if (!draft) {
      counts.failed += 1;
      continue;
    }
    const { currency, totalMinor, reconciles, content } = draft;
    const identity = [
      advice.number,
      advice.date,
      content.payer,
      `${totalMinor}`,
      content.lines.map(({ document }) => document),
    ]; // prettier-ignore
    // Keyed: it holds the payer's name.
    const fingerprint = createHash("sha256")
      .update(seal.lookupToken(CONTENT_KIND, JSON.stringify([of.creditorId, currency, ...identity])))
      .digest();
    const inserted = await tx.execute(sql`
      insert into payment_advice (fingerprint, tenant_id, creditor_id, file_fingerprint, number, paid_on, currency,
                                  total_minor, reconciles, content_sealed, imported_at)
      values (${fingerprint}, ${tx.tenantId}, ${of.creditorId}, ${of.fileFingerprint}, ${advice.number}, ${advice.date}::date,
              ${currency}, ${totalMinor.toString()}::bigint, ${reconciles},
              ${seal.seal(CONTENT_KIND, JSON.stringify(content))}, ${tx.now})
      on conflict (fingerprint) do nothing`);
    counts[inserted === 0 ? "known" : "new"] += advice.lines.length;
  }
  return counts;
}

/** Days between what an advice says and the credit on the account. */
const DAYS_BEFORE = 5;
const DAYS_AFTER = 15;

/** Advices that explained no entry yet, each with the entries of its amount. */
export async function adviceCandidates({ tx, vault }: Act): Promise<{ advice: StoredAdvice; entryId: Uuid }[]> {
  const rows = await tx.rows<{
    fingerprint: Buffer;
    creditor_id: CreditorId;
    number: string | null;
    paid_on: PlainDate | null;
    currency: Currency;
    total_minor: bigint;
    content_sealed: Buffer;
    entry_id: Uuid;
  }>(sql`
    select a.fingerprint, a.creditor_id, a.number, a.paid_on, a.currency, a.total_minor, a.content_sealed, e.entry_id
    from payment_advice a
    join bank_entry e on e.tenant_id = a.tenant_id and e.creditor_id = a.creditor_id and e.currency = a.currency
      and e.amount_minor = a.total_minor and e.direction = 'credit' and not e.is_return and not e.replaced
      and e.settled_minor is null and e.status in ('new', 'proposed', 'unmatched')
      and (a.paid_on is null or e.booked_on between a.paid_on - ${DAYS_BEFORE}::int and a.paid_on + ${DAYS_AFTER}::int)
    where a.tenant_id = ${tx.tenantId} and a.entry_fingerprint is null and a.reconciles and a.total_minor > 0
    order by a.paid_on, a.fingerprint, e.booked_on, e.fingerprint limit 10000`);
  const seal = await vault.forTenant(tx);
  return rows.map((row) => {
    const text = seal.openText(CONTENT_KIND, row.content_sealed);
    if (!text.ok) throw new Error("a payment advice does not open");
    const content = JSON.parse(text.value) as Content;
    const lines = content.lines.map(({ document, amount }) => ({ document, amountMinor: BigInt(amount) }));
    const { fingerprint, creditor_id, number, currency, total_minor } = row;
    const advice = { fingerprint, creditorId: creditor_id, number, currency, totalMinor: total_minor };
    return { advice: { ...advice, payer: content.payer, lines }, entryId: row.entry_id };
  });
}

/** True when the advice was free; it is this entry's then, and its row is locked. */
export async function claimAdvice({ tx }: Act, fingerprint: Buffer, entryFingerprint: Buffer): Promise<boolean> {
  const changed = await tx.execute(sql`
    update payment_advice set entry_fingerprint = ${entryFingerprint}
    where fingerprint = ${fingerprint} and tenant_id = ${tx.tenantId} and entry_fingerprint is null`);
  return changed === 1;
}
