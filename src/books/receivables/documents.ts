/** Original invoices, sealed and attached. */
import {
  type CustomerId,
  type Failure,
  fail,
  type Instant,
  ok,
  type ReceivableId,
  type Result,
  type Uuid,
} from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import { filesOfOne } from "../customers/index.ts";

export interface DocumentInput {
  readonly customerId: CustomerId;
  readonly receivableId: ReceivableId;
  readonly kind: "original_invoice";
  /** `application/pdf`, `application/xml`. */
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** Seals and stores documents, one statement for all. Returns their ids, in order. */
export async function attachDocuments({ tx, vault }: Act, inputs: readonly DocumentInput[]): Promise<Uuid[]> {
  if (inputs.length === 0) return [];
  const seals = await vault.forCustomers(tx, [...new Set(inputs.map((input) => input.customerId))]);
  const ids = inputs.map(() => tx.newId<Uuid>());
  await tx.execute(sql`
    insert into receivable_document (customer_id, document_id, tenant_id, receivable_id, kind, media_type, bytes_sealed, created_at)
    select d.customer_id, d.document_id, ${tx.tenantId}::uuid, d.receivable_id, d.kind, d.media_type, d.bytes_sealed,
           ${tx.now}::timestamptz
    from unnest(${inputs.map((d) => d.customerId)}::uuid[], ${ids}::uuid[], ${inputs.map((d) => d.receivableId)}::uuid[],
                ${inputs.map((d) => d.kind)}::text[], ${inputs.map((d) => d.mediaType)}::text[],
                ${inputs.map((d) => seals.get(d.customerId)?.seal("records", "document", d.bytes))}::bytea[])
         as d (customer_id, document_id, receivable_id, kind, media_type, bytes_sealed)`);
  return ids;
}

export async function attachDocument(act: Act, input: DocumentInput): Promise<Uuid> {
  const [id] = await attachDocuments(act, [input]);
  if (id === undefined) throw new Error("a document was not stored");
  return id;
}

export interface DocumentEntry {
  readonly documentId: Uuid;
  readonly receivableId: ReceivableId;
  readonly kind: "original_invoice";
  readonly mediaType: string;
  readonly createdAt: Instant;
}

/** Which documents a customer has, those of files merged into theirs too: a document stays where it came. */
export async function documentsOf(act: Act, customerId: CustomerId): Promise<DocumentEntry[]> {
  const { tx } = act;
  const rows = await tx.rows<{
    document_id: Uuid;
    receivable_id: ReceivableId;
    kind: "original_invoice";
    media_type: string;
    created_at: Instant;
  }>(sql`select document_id, receivable_id, kind, media_type, created_at from receivable_document
         where tenant_id = ${tx.tenantId} and customer_id = any(${await filesOfOne(act, customerId)}::uuid[])
         order by created_at, document_id`);
  return rows.map((row) => ({
    documentId: row.document_id,
    receivableId: row.receivable_id,
    kind: row.kind,
    mediaType: row.media_type,
    createdAt: row.created_at,
  }));
}

/** The opened bytes, of a file merged into the customer's too. Failures: `document_not_found`, `erased`, `sealed_broken`. */
export async function document(
  act: Act,
  customerId: CustomerId,
  documentId: Uuid,
): Promise<Result<{ readonly mediaType: string; readonly bytes: Buffer }, Failure>> {
  const { tx, vault } = act;
  const row = await tx.one<{ file: CustomerId; media_type: string; bytes_sealed: Buffer }>(sql`
    select customer_id as file, media_type, bytes_sealed from receivable_document
    where tenant_id = ${tx.tenantId} and customer_id = any(${await filesOfOne(act, customerId)}::uuid[])
      and document_id = ${documentId}`);
  if (!row) return fail("not_found", "document_not_found", "There is no such document.", documentId);
  const bytes = (await vault.forCustomer(tx, row.file)).open("records", "document", row.bytes_sealed);
  return bytes.ok ? ok({ mediaType: row.media_type, bytes: bytes.value }) : bytes;
}
