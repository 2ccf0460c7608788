/** What a comparison of files opens of many customers at once. */
import type { CustomerId } from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { arrayOf, sql } from "../../../platform/database/index.ts";
import { normaliseValue } from "../../../platform/sealed/index.ts";
import type { ContactChannel, CustomerKind, Identity } from "../model.ts";
import { openRows, readCustomers, SEALED } from "../store.ts";

export interface ComparedFile {
  readonly customerId: CustomerId;
  readonly kind: CustomerKind;
  readonly identity: Identity;
  /** Own addresses in use, normalised. */
  readonly emails: readonly string[];
  /** E.164. */
  readonly phones: readonly string[];
}

/** Identities, e-mail addresses and numbers of customers, two reads. Erased customers are missing. */
export async function openForComparison(act: Act, ids: readonly CustomerId[]): Promise<Map<CustomerId, ComparedFile>> {
  const { tx, vault } = act;
  const rows = await readCustomers(act, ids);
  const identities = await openRows(act, rows);
  const points = await tx.rows<{ customer_id: CustomerId; channel: ContactChannel; value_sealed: Buffer }>(sql`
    select p.customer_id, p.channel, p.value_sealed from contact_point p
    where p.tenant_id = ${tx.tenantId} and p.customer_id = any(${arrayOf("uuid", ids)}) and p.party_id is null
      and p.ended_at is null and p.channel <> 'letter'`);
  const seals = await vault.forCustomers(tx, ids);
  const values = new Map<CustomerId, { emails: Set<string>; phones: Set<string> }>();
  for (const point of points) {
    const opened = seals.get(point.customer_id)?.openText(...SEALED.contactPoint, point.value_sealed);
    if (!opened?.ok) continue;
    const own = values.get(point.customer_id) ?? { emails: new Set<string>(), phones: new Set<string>() };
    if (point.channel === "email") own.emails.add(normaliseValue("email", opened.value));
    else own.phones.add(opened.value);
    values.set(point.customer_id, own);
  }
  const found = new Map<CustomerId, ComparedFile>();
  for (const { customer_id: customerId, kind } of rows) {
    const identity = identities.get(customerId);
    if (!identity) continue;
    const own = values.get(customerId);
    found.set(customerId, {
      customerId,
      kind,
      identity,
      emails: own ? [...own.emails].sort() : [],
      phones: own ? [...own.phones].sort() : [],
    });
  }
  return found;
}
