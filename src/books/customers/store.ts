/** SQL of customers that more than one file of this room needs. */
import { type CustomerId, dateIn, type Failure, fail, ok, type Result, type Zone } from "../../pure/kernel/index.ts";
import { type Act, can } from "../../platform/access/index.ts";
import { arrayOf, type Sql, sql } from "../../platform/database/index.ts";
import {
  addressOn,
  type CustomerFacts,
  type CustomerKind,
  displayName,
  type Identity,
  type Language,
} from "./model.ts";

/** Keys under which this room seals: purpose and kind are part of what is sealed. */
export const SEALED = {
  identity: ["contact", "identity"],
  contactPoint: ["contact", "contact_point"],
  party: ["contact", "party"],
  note: ["records", "note"],
} as const;

/**
 * Locks one customer until the transaction ends; every writer that reads before it writes starts with it (invariant 9).
 * `no key update`, so that rows pointing to the customer can be added by others meanwhile. Throws on an unknown id.
 */
export async function lockCustomer({ tx }: Act, customerId: CustomerId): Promise<void> {
  const row = await tx.one(sql`
    select customer_id from customer where tenant_id = ${tx.tenantId} and customer_id = ${customerId} for no key update`);
  if (!row) throw new Error(`customer ${customerId} is unknown in this tenant`);
}

/**
 * Locks many customers in the order of their ids; two writers of many then never wait for each other in a circle. Each
 * customer is locked by a statement of its own (function `lock_customers`). Throws on an unknown id.
 */
export async function lockCustomers(act: Act, customerIds: readonly CustomerId[]): Promise<void> {
  const locked = await lockAny(act, customerIds, true);
  if (locked.size !== new Set(customerIds).size) throw new Error("a customer is unknown in this tenant");
}

/** The same without waiting: customers that another transaction holds are not in the result. */
export const lockFreeCustomers = (act: Act, customerIds: readonly CustomerId[]): Promise<ReadonlySet<CustomerId>> =>
  lockAny(act, customerIds, false);

async function lockAny(
  { tx }: Act,
  customerIds: readonly CustomerId[],
  waiting: boolean,
): Promise<ReadonlySet<CustomerId>> {
  if (customerIds.length === 0) return new Set();
  const rows = await tx.rows<{ customer_id: CustomerId }>(sql`
    select l.customer_id from lock_customers(${arrayOf("uuid", customerIds)}, ${waiting}) as l (customer_id)`);
  return new Set(rows.map((row) => row.customer_id));
}

export interface CustomerRow {
  readonly customer_id: CustomerId;
  readonly number: string;
  readonly kind: CustomerKind;
  readonly language: Language;
  readonly country: string;
  readonly state: string | null;
  readonly zone: Zone;
  readonly customer_group: string | null;
  readonly restricted: boolean;
  readonly restricted_to: readonly string[];
  readonly merged_into: CustomerId | null;
  readonly identity_sealed: Buffer;
}

export async function readCustomers({ tx }: Act, ids: readonly CustomerId[]): Promise<CustomerRow[]> {
  if (ids.length === 0) return [];
  return tx.rows<CustomerRow>(sql`
    select c.customer_id, c.number, c.kind, c.language, c.country, c.state, c.zone, c.customer_group, c.restricted,
           c.restricted_to, c.merged_into, c.identity_sealed
    from customer c where c.tenant_id = ${tx.tenantId} and c.customer_id = any(${ids}::uuid[])`);
}

/** Only what opening takes: a third of the whole rows, which matters where customers come by the thousand. */
export async function readIdentities(
  { tx }: Act,
  ids: readonly CustomerId[],
): Promise<Pick<CustomerRow, "customer_id" | "identity_sealed">[]> {
  if (ids.length === 0) return [];
  return tx.rows(sql`
    select c.customer_id, c.identity_sealed from customer c
    where c.tenant_id = ${tx.tenantId} and c.customer_id = any(${arrayOf("uuid", ids)})`);
}

export function factsOf(row: CustomerRow): CustomerFacts {
  return {
    customerId: row.customer_id,
    number: row.number,
    kind: row.kind,
    language: row.language,
    country: row.country,
    zone: row.zone,
    restricted: row.restricted,
    ...(row.state === null ? {} : { state: row.state }),
    ...(row.customer_group === null ? {} : { group: row.customer_group }),
    ...(row.merged_into === null ? {} : { mergedInto: row.merged_into }),
  };
}

/** A protected file opens for the people named on it, for roles that may see all, and for our own tasks. */
export function maySee({ actor }: Act, row: Pick<CustomerRow, "restricted" | "restricted_to">): boolean {
  if (!row.restricted || actor.kind === "system" || actor.kind === "portal") return true;
  return row.restricted_to.includes(actor.id) || can(actor.role, "customer.read_protected");
}

/** Opened identities; erased customers are missing. Throws when a sealed value was changed. */
export async function openRows(
  act: Act,
  rows: readonly Pick<CustomerRow, "customer_id" | "identity_sealed">[],
): Promise<Map<CustomerId, Identity>> {
  const seals = await act.vault.forCustomers(
    act.tx,
    rows.map((row) => row.customer_id),
  );
  const found = new Map<CustomerId, Identity>();
  for (const row of rows) {
    const seal = seals.get(row.customer_id);
    if (!seal || seal.erased("contact")) continue;
    const opened = seal.openText(...SEALED.identity, row.identity_sealed);
    if (!opened.ok) throw new Error(`identity of customer ${row.customer_id}: ${opened.error.code}`);
    found.set(row.customer_id, JSON.parse(opened.value) as Identity);
  }
  return found;
}

/** Opened identities of the parties of many customers, ended ones too; one read. Erased customers are missing. */
export async function openParties(act: Act, ids: readonly CustomerId[]): Promise<Map<CustomerId, Identity[]>> {
  const { tx, vault } = act;
  const rows = await tx.rows<{ customer_id: CustomerId; party_id: string; identity_sealed: Buffer }>(sql`
    select p.customer_id, p.party_id, p.identity_sealed from party p
    where p.tenant_id = ${tx.tenantId} and p.customer_id = any(${ids}::uuid[])`);
  const seals = await vault.forCustomers(tx, [...new Set(rows.map((row) => row.customer_id))]);
  const found = new Map<CustomerId, Identity[]>();
  for (const row of rows) {
    const opened = seals.get(row.customer_id)?.openText(...SEALED.party, row.identity_sealed);
    if (!opened?.ok) continue;
    const list = found.get(row.customer_id) ?? [];
    list.push(JSON.parse(opened.value) as Identity);
    found.set(row.customer_id, list);
  }
  return found;
}

/**
 * A condition on rows `c` of `customer`: what this actor may see, protected files only where they may open them. For
 * reads that join customers; the same rule as `maySee`.
 */
export function visibleCustomers({ actor }: Pick<Act, "actor">): Sql {
  if (actor.kind === "system" || actor.kind === "portal" || can(actor.role, "customer.read_protected"))
    return sql`true`;
  return sql`(not c.restricted or c.restricted_to @> array[${actor.id}::uuid])`;
}

/** Failures `customer_not_found`, `customer_restricted`: may this actor open the file at all? One read. */
export async function mayOpenCustomer(act: Act, customerId: CustomerId): Promise<Result<true, Failure>> {
  const [row] = await readCustomers(act, [customerId]);
  if (!row) return fail("not_found", "customer_not_found", "There is no such customer.", customerId);
  if (!maySee(act, row))
    return fail("forbidden", "customer_restricted", "This file is protected. Ask a manager.", customerId);
  return ok(true);
}

export interface CustomerLine {
  readonly customerId: CustomerId;
  readonly number: string;
  readonly name: string;
  readonly street?: string;
  readonly city?: string;
}

/**
 * Number, name and present address of many customers, for the rows of lists. Missing: unknown ones, and protected files
 * this actor may not open. Erased ones have an empty name.
 */
export async function customerLines(act: Act, ids: readonly CustomerId[]): Promise<Map<CustomerId, CustomerLine>> {
  const rows = (await readCustomers(act, [...new Set(ids)])).filter((row) => maySee(act, row));
  const identities = await openRows(act, rows);
  return new Map(
    rows.map((row) => {
      const identity = identities.get(row.customer_id);
      const address = identity && (addressOn(identity, dateIn(act.tx.now, row.zone)) ?? identity.addresses.at(-1));
      return [
        row.customer_id,
        {
          customerId: row.customer_id,
          number: row.number,
          name: identity ? displayName(identity) : "",
          ...(address && { street: address.street, city: address.city }),
        },
      ];
    }),
  );
}
