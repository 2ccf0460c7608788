/** Reading customers: facts for decisions, the opened file for people. */
import {
  type CustomerId,
  type Failure,
  fail,
  ok,
  type BrandId,
  type Instant,
  type Result,
  type Uuid,
} from "../../pure/kernel/index.ts";
import { type Act, actorName, appendAudits } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import { findByTokens } from "../../platform/sealed/index.ts";
import { contactPointsOf, partiesOf } from "./contacts.ts";
import { filesOfOne } from "./merging/merged.ts";
import type { CustomerFacts, CustomerFile, Identity } from "./model.ts";
import { factsOf, lockCustomer, maySee, openRows, readCustomers, readIdentities, SEALED } from "./store.ts";

/** What ledgers and decisions may know; unknown ids are missing. */
export async function customerFacts(act: Act, ids: readonly CustomerId[]): Promise<Map<CustomerId, CustomerFacts>> {
  return new Map((await readCustomers(act, ids)).map((row) => [row.customer_id, factsOf(row)]));
}

/** Opens many identities in one read, for rendering and matching. Erased customers are missing. */
export async function openIdentities(act: Act, ids: readonly CustomerId[]): Promise<Map<CustomerId, Identity>> {
  return openRows(act, await readIdentities(act, ids));
}

/**
 * The whole file. When a person opens it, that is written down (`customer.opened`).
 * Failures: `customer_not_found`, `customer_restricted`, `erased`.
 */
export async function customerFile(act: Act, customerId: CustomerId): Promise<Result<CustomerFile, Failure>> {
  const [row] = await readCustomers(act, [customerId]);
  if (!row) return fail("not_found", "customer_not_found", "There is no such customer.", customerId);
  if (!maySee(act, row))
    return fail("forbidden", "customer_restricted", "This file is protected. Ask a manager.", customerId);
  const identity = (await openRows(act, [row])).get(customerId);
  if (!identity) return fail("not_found", "erased", "The data of this customer was erased.", customerId);
  const brands = await act.tx.rows<{ brand_id: BrandId }>(sql`
    select brand_id from customer_brand where customer_id = ${customerId} order by known_since, brand_id`);
  const file: CustomerFile = {
    ...factsOf(row),
    identity,
    parties: await partiesOf(act, customerId),
    contactPoints: await contactPointsOf(act, customerId),
    brandIds: brands.map((brand) => brand.brand_id),
  };
  if (act.actor.kind === "user") await appendAudits(act, [{ act: "customer.opened", subject: customerId }]);
  return ok(file);
}

/** Who has this account, address, phone (E.164) or number? One statement; values without a customer are missing. */
export async function findCustomersBy(
  act: Act,
  kind: "iban" | "email" | "phone" | "customer_number",
  values: readonly string[],
): Promise<Map<string, CustomerId[]>> {
  const found = new Map<string, CustomerId[]>();
  for (const [value, hits] of await findByTokens(act, kind, values))
    found.set(value, [...new Set(hits.map((hit) => hit.customerId))]);
  return found;
}

/** Protects a file, or opens it again: only the people named (and roles that may see all) read it. */
export async function protectCustomer(
  act: Act,
  customerId: CustomerId,
  restrictedTo: readonly Uuid[] | null,
): Promise<void> {
  await lockCustomer(act, customerId);
  await act.tx.execute(sql`
    update customer set restricted = ${restrictedTo !== null}, restricted_to = ${restrictedTo ?? []}::uuid[]
    where tenant_id = ${act.tx.tenantId} and customer_id = ${customerId}`);
  await appendAudits(act, [
    { act: restrictedTo === null ? "customer.unprotected" : "customer.protected", subject: customerId },
  ]);
}

export interface Note {
  readonly noteId: Uuid;
  readonly author: string;
  readonly text: string;
  readonly createdAt: Instant;
  /** Written in a file that was merged into this one since: its number. */
  readonly fromFile?: string;
}

/** Failure `note_empty`. */
export async function addNote(act: Act, customerId: CustomerId, text: string): Promise<Result<Uuid, Failure>> {
  const { tx, vault, actor } = act;
  if (text.trim() === "") return fail("invalid", "note_empty", "A note needs a text.", "text");
  const seal = await vault.forCustomer(tx, customerId);
  const noteId = tx.newId<Uuid>();
  await tx.execute(sql`
    insert into note (customer_id, note_id, tenant_id, author, text_sealed, created_at)
    values (${customerId}, ${noteId}, ${tx.tenantId}, ${actorName(actor)}, ${seal.seal(...SEALED.note, text.trim())}, ${tx.now})`);
  return ok(noteId);
}

/** Notes of a customer's files, newest first; none once they are erased. */
export async function notes(act: Act, customerId: CustomerId): Promise<Note[]> {
  const { tx, vault } = act;
  const files = await filesOfOne(act, customerId);
  const seals = await vault.forCustomers(tx, files);
  const rows = await tx.rows<{
    customer_id: CustomerId;
    number: string;
    note_id: Uuid;
    author: string;
    text_sealed: Buffer;
    created_at: Instant;
  }>(sql`
    select n.customer_id, c.number, n.note_id, n.author, n.text_sealed, n.created_at
    from note n join customer c on c.customer_id = n.customer_id
    where n.tenant_id = ${tx.tenantId} and n.customer_id = any(${files}::uuid[]) order by n.created_at desc, n.note_id desc`);
  return rows.flatMap((row) => {
    const text = seals.get(row.customer_id)?.openText(...SEALED.note, row.text_sealed);
    const from = row.customer_id === customerId ? {} : { fromFile: row.number };
    return text?.ok
      ? [{ noteId: row.note_id, author: row.author, text: text.value, createdAt: row.created_at, ...from }]
      : [];
  });
}
