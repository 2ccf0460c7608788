/** SQL of the ledger that more than one file of this room needs. */
import type { CreditorId, Currency, CustomerId, PlainDate, ReceivableId, Uuid } from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import { type Sql, sql } from "../../platform/database/index.ts";
import type { ItemKind, OpenAmounts, PayableItem, Posting, Receivable } from "./model.ts";

/** Columns of `receivable` (alias r) as `PayableRow` has them. */
const PAYABLE = sql`r.customer_id, r.receivable_id, r.creditor_id, r.brand_id, r.case_id, r.item_kind, r.number,
  r.claim_kind, r.payment_claim, r.customer_kind, r.currency, r.issued_on, r.arose_on, r.due_on, r.assigned_on,
  r.open_principal, r.open_interest, r.open_dunning_cost, r.open_collection_cost, r.open_total, r.default_since,
  r.discount_terms`;

/** … as `ReceivableRow` has them. */
const RECEIVABLE = sql`${PAYABLE}, r.order_number, r.payment_reference, r.due_date_agreed, r.notice_30_days,
  r.direct_debit, r.default_ground, r.stage, r.stage_on, r.settled_on, r.source_file, r.term_from_delivery,
  r.delivered_on`;

interface PayableRow {
  readonly customer_id: CustomerId;
  readonly receivable_id: ReceivableId;
  readonly creditor_id: CreditorId;
  readonly brand_id: Receivable["brandId"];
  readonly case_id: NonNullable<Receivable["caseId"]> | null;
  readonly item_kind: ItemKind;
  readonly number: string;
  readonly claim_kind: string;
  readonly payment_claim: boolean;
  readonly customer_kind: Receivable["customerKind"];
  readonly currency: Currency;
  readonly issued_on: PlainDate;
  readonly arose_on: PlainDate;
  readonly due_on: PlainDate;
  readonly assigned_on: PlainDate | null;
  readonly open_principal: bigint;
  readonly open_interest: bigint;
  readonly open_dunning_cost: bigint;
  readonly open_collection_cost: bigint;
  readonly open_total: bigint;
  readonly default_since: PlainDate | null;
  readonly discount_terms:
    | readonly { readonly days: number; readonly percent: string; readonly base?: string }[]
    | null;
}

interface ReceivableRow extends PayableRow {
  readonly order_number: string | null;
  readonly payment_reference: string;
  readonly due_date_agreed: boolean;
  readonly notice_30_days: boolean;
  readonly direct_debit: boolean;
  readonly default_ground: string | null;
  readonly stage: string | null;
  readonly stage_on: PlainDate | null;
  readonly settled_on: PlainDate | null;
  readonly source_file: Buffer | null;
  readonly term_from_delivery: number | null;
  readonly delivered_on: PlainDate | null;
}

/** Drops keys whose value is null, so that an absent value is an absent property. A loop: rows come by the thousand. */
export function present<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], null> } {
  const kept: Record<string, unknown> = {};
  for (const key in value) if (value[key] !== null) kept[key] = value[key];
  return kept as never;
}

function payableOf(row: PayableRow): PayableItem {
  return {
    customerId: row.customer_id,
    receivableId: row.receivable_id,
    creditorId: row.creditor_id,
    brandId: row.brand_id,
    itemKind: row.item_kind,
    number: row.number,
    claimKind: row.claim_kind,
    paymentClaim: row.payment_claim,
    customerKind: row.customer_kind,
    currency: row.currency,
    issuedOn: row.issued_on,
    aroseOn: row.arose_on,
    dueOn: row.due_on,
    open: {
      principal: row.open_principal,
      interest: row.open_interest,
      dunning_cost: row.open_dunning_cost,
      collection_cost: row.open_collection_cost,
    },
    openTotal: row.open_total,
    ...(row.case_id !== null && { caseId: row.case_id }),
    ...(row.assigned_on !== null && { assignedOn: row.assigned_on }),
    ...(row.default_since !== null && { defaultSince: row.default_since }),
    ...(row.discount_terms !== null && {
      discountTerms: row.discount_terms.map(({ days, percent, base }) => ({
        days,
        percent,
        ...(base !== undefined && { base: BigInt(base) }),
      })),
    }),
  };
}

function receivableOf(row: ReceivableRow): Receivable {
  return {
    ...payableOf(row),
    paymentReference: row.payment_reference,
    dueDateAgreed: row.due_date_agreed,
    notice30Days: row.notice_30_days,
    directDebit: row.direct_debit,
    ...(present({
      orderNumber: row.order_number,
      defaultGround: row.default_ground,
      stage: row.stage,
      stageOn: row.stage_on,
      settledOn: row.settled_on,
      sourceFile: row.source_file,
      termFromDelivery: row.term_from_delivery,
      deliveredOn: row.delivered_on,
    }) as Partial<Receivable>),
  };
}

const IN_ORDER = sql`order by r.customer_id, r.due_on, r.number, r.receivable_id`;

/** Receivables that fulfil a condition on alias `r`, by customer, oldest due date first. */
export async function readReceivables({ tx }: Act, condition: Sql): Promise<Receivable[]> {
  const rows = await tx.rows<ReceivableRow>(sql`
    select ${RECEIVABLE} from receivable r where r.tenant_id = ${tx.tenantId} and ${condition} ${IN_ORDER}`);
  return rows.map(receivableOf);
}

/** The same with what matching and allocating take; payments come by the thousand, and with them what is open. */
export async function readPayable({ tx }: Act, condition: Sql): Promise<PayableItem[]> {
  const rows = await tx.rows<PayableRow>(sql`
    select ${PAYABLE} from receivable r where r.tenant_id = ${tx.tenantId} and ${condition} ${IN_ORDER}`);
  return rows.map(payableOf);
}

interface PostingRow {
  readonly posting_id: Uuid;
  readonly receivable_id: ReceivableId;
  readonly booking_id: Uuid;
  readonly kind: Posting["kind"];
  readonly component: Posting["component"];
  readonly amount_minor: bigint;
  readonly currency: Currency;
  readonly value_on: PlainDate;
  readonly booked_at: Date;
  readonly reverses: Uuid | null;
  readonly ground: string | null;
  readonly actor: string;
  readonly moved_kind: NonNullable<Posting["movedKind"]> | null;
}

/** Postings that fulfil a condition on alias `p`, in the order they were made. */
export async function readPostings({ tx }: Act, condition: Sql): Promise<Posting[]> {
  const rows = await tx.rows<PostingRow>(sql`
    select p.posting_id, p.receivable_id, p.booking_id, p.kind, p.component, p.amount_minor, p.currency, p.value_on,
           p.booked_at, p.reverses, p.ground, p.actor, p.moved_kind
    from posting p where p.tenant_id = ${tx.tenantId} and ${condition}
    order by p.customer_id, p.booked_at, p.posting_id`);
  return rows.map((row) => ({
    postingId: row.posting_id,
    receivableId: row.receivable_id,
    bookingId: row.booking_id,
    kind: row.kind,
    component: row.component,
    amountMinor: row.amount_minor,
    currency: row.currency,
    valueOn: row.value_on,
    bookedAt: row.booked_at,
    actor: row.actor,
    ...(present({ reverses: row.reverses, ground: row.ground, movedKind: row.moved_kind }) as Partial<Posting>),
  }));
}

export const NOTHING_OPEN: OpenAmounts = { principal: 0n, interest: 0n, dunning_cost: 0n, collection_cost: 0n };
export const sumOf = (amounts: OpenAmounts): bigint =>
  amounts.principal + amounts.interest + amounts.dunning_cost + amounts.collection_cost;
