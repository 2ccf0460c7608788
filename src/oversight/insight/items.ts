/** Items of one customer as a person reads them. Amounts are minor units. */
import type { Act } from "../../platform/access/index.ts";
import { filesOfOne } from "../../books/customers/index.ts";
import { heldHere } from "../../books/receivables/index.ts";
import { sql } from "../../platform/database/index.ts";
import type {
  BrandId,
  CreditorId,
  Currency,
  CustomerId,
  PlainDate,
  ReceivableId,
  Uuid,
} from "../../pure/kernel/index.ts";

export type ItemState = "open" | "paid" | "written_off" | "handed_over" | "credited";

export interface ItemLine {
  /** The file it stands in: the customer's, or one merged into it where it was settled before. */
  readonly customer_id: CustomerId;
  readonly receivable_id: ReceivableId;
  readonly number: string;
  readonly order_number: string | null;
  readonly item_kind: "invoice" | "credit_note" | "on_account";
  readonly claim_kind: string;
  readonly creditor_id: CreditorId;
  readonly brand_id: BrandId;
  readonly brand: string;
  readonly issued_on: PlainDate;
  readonly due_on: PlainDate;
  readonly default_since: PlainDate | null;
  readonly state: ItemState;
  readonly currency: Currency;
  readonly original: bigint;
  readonly open_principal: bigint;
  readonly open_interest: bigint;
  readonly open_dunning_cost: bigint;
  readonly open_collection_cost: bigint;
  readonly open_total: bigint;
  readonly stage: string | null;
  readonly stage_on: PlainDate | null;
  readonly assigned: boolean;
  readonly document_id: Uuid | null;
}

/**
 * All items of the customer's files, open ones first, the oldest first among them; what left for another file and empty
 * on-account items are left out.
 */
export async function itemLines(act: Act, customerId: CustomerId): Promise<ItemLine[]> {
  const { tx } = act;
  const files = await filesOfOne(act, customerId);
  return tx.rows<ItemLine>(sql`
    select r.customer_id, r.receivable_id, r.number, r.order_number, r.item_kind, r.claim_kind, r.creditor_id, r.brand_id, b.name as brand,
           r.issued_on, r.due_on, r.default_since, r.currency, coalesce(p.original, 0)::bigint as original,
           r.open_principal, r.open_interest, r.open_dunning_cost, r.open_collection_cost, r.open_total, r.stage, r.stage_on,
           r.assigned_on is not null as assigned, o.document_id,
           case when r.open_total <> 0 and d.state = 'handed_over' then 'handed_over'
                when r.open_total <> 0 then 'open'
                when p.written_off then 'written_off'
                when p.credited or r.item_kind <> 'invoice' then 'credited'
                else 'paid' end as state
      from receivable r
      join brand b on b.brand_id = r.brand_id
      left join dunning_case d on d.customer_id = r.customer_id and d.case_id = r.case_id
      left join lateral (
        select sum(p.amount_minor) filter (where p.component = 'principal' and (coalesce(p.moved_kind, p.kind) = 'claim' or (coalesce(p.moved_kind, p.kind) = 'credit' and r.item_kind = 'credit_note'))) as original,
               bool_or(coalesce(p.moved_kind, p.kind) = 'write_off') as written_off, bool_or(coalesce(p.moved_kind, p.kind) = 'credit') as credited
          from posting p where p.customer_id = r.customer_id and p.receivable_id = r.receivable_id) p on true
      left join lateral (
        select o.document_id from receivable_document o
         where o.customer_id = any(${files}::uuid[]) and o.receivable_id = r.receivable_id order by o.created_at desc limit 1) o on true
     where r.tenant_id = ${tx.tenantId} and r.customer_id = any(${files}::uuid[])
       and not (r.item_kind = 'on_account' and r.open_total = 0) and (r.open_total <> 0 or ${heldHere})
     order by r.open_total = 0, r.due_on, r.number`);
}

export interface CustomerCounts {
  readonly messages: number;
  readonly documents: number;
}

export async function customerCounts(act: Act, customerId: CustomerId): Promise<CustomerCounts> {
  const { tx } = act;
  const files = await filesOfOne(act, customerId);
  const row = await tx.one<{ messages: bigint; documents: bigint }>(sql`
    select (select count(*) from message m where m.tenant_id = ${tx.tenantId} and m.customer_id = any(${files}::uuid[])) as messages,
           (select count(*) from receivable_document o where o.tenant_id = ${tx.tenantId} and o.customer_id = any(${files}::uuid[])) as documents`);
  return { messages: Number(row?.messages ?? 0n), documents: Number(row?.documents ?? 0n) };
}

export interface DocumentLine {
  readonly document_id: Uuid;
  readonly receivable_id: ReceivableId;
  readonly number: string;
  readonly media_type: string;
  readonly bytes: number;
  readonly created_at: Date;
}

/** Size is that of the sealed value less what sealing adds (29 bytes). */
export async function documentLines(act: Act, customerId: CustomerId): Promise<DocumentLine[]> {
  const { tx } = act;
  return tx.rows<DocumentLine>(sql`
    select o.document_id, o.receivable_id, r.number, o.media_type, greatest(octet_length(o.bytes_sealed) - 29, 0) as bytes, o.created_at
      from receivable_document o
      join receivable r on r.customer_id = o.customer_id and r.receivable_id = o.receivable_id
     where o.tenant_id = ${tx.tenantId} and o.customer_id = any(${await filesOfOne(act, customerId)}::uuid[]) order by o.created_at desc, o.document_id`);
}

/** Whose document this is; undefined: none of this tenant. */
export async function documentOwner(
  { tx }: Act,
  documentId: Uuid,
): Promise<{ customerId: CustomerId; number: string } | undefined> {
  return tx.one(sql`
    select o.customer_id as "customerId", r.number from receivable_document o
      join receivable r on r.customer_id = o.customer_id and r.receivable_id = o.receivable_id
     where o.tenant_id = ${tx.tenantId} and o.document_id = ${documentId}`);
}
