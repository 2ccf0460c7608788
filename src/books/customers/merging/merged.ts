/** Merged files: which file leads for an id, and moving what belongs to a person from one file to another. */
import type { BrandId, CustomerId, Instant, ReceivableId, Uuid } from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { rowsOf, type Sql, sql } from "../../../platform/database/index.ts";
import { moveDirectoryEntries, normaliseValue, returnDirectoryEntries } from "../../../platform/sealed/index.ts";
import type { ContactPoint, Identity } from "../model.ts";
import { openRows, readCustomers, SEALED } from "../store.ts";

/** Whose file leads: the id itself where it was not merged, else the end of the chain. Reads once a link of the chain. */
export async function survivorsOf(
  { tx }: Pick<Act, "tx">,
  ids: readonly CustomerId[],
): Promise<Map<CustomerId, CustomerId>> {
  const found = new Map<CustomerId, CustomerId>(ids.map((id) => [id, id]));
  for (let asked = [...new Set(ids)]; asked.length > 0; ) {
    const rows = await tx.rows<{ customer_id: CustomerId; merged_into: CustomerId }>(sql`
      select c.customer_id, c.merged_into from customer c
      where c.tenant_id = ${tx.tenantId} and c.customer_id = any(${asked}::uuid[]) and c.merged_into is not null`);
    const next = new Map(rows.map((row) => [row.customer_id, row.merged_into]));
    for (const [id, leads] of found) found.set(id, next.get(leads) ?? leads);
    asked = [...new Set(next.values())];
  }
  return found;
}

export const survivorOf = async (act: Pick<Act, "tx">, id: CustomerId): Promise<CustomerId> =>
  (await survivorsOf(act, [id])).get(id) ?? id;

/** Everybody who was merged into these, through however many steps; without themselves. */
export async function mergedInto(
  { tx }: Pick<Act, "tx">,
  ids: readonly CustomerId[],
): Promise<Map<CustomerId, CustomerId[]>> {
  const root = new Map<CustomerId, CustomerId>(ids.map((id) => [id, id]));
  const found = new Map<CustomerId, CustomerId[]>();
  for (let asked: CustomerId[] = [...ids]; asked.length > 0; ) {
    const rows = await tx.rows<{ customer_id: CustomerId; merged_into: CustomerId }>(sql`
      select c.customer_id, c.merged_into from customer c
      where c.tenant_id = ${tx.tenantId} and c.merged_into = any(${asked}::uuid[]) order by c.customer_id`);
    asked = [];
    for (const row of rows) {
      const leads = root.get(row.merged_into);
      if (leads === undefined || root.has(row.customer_id)) continue;
      root.set(row.customer_id, leads);
      found.set(leads, [...(found.get(leads) ?? []), row.customer_id]);
      asked.push(row.customer_id);
    }
  }
  return found;
}

/** The files that belong to each of these: itself, and whoever was merged into it, through however many steps. */
export async function filesOf(
  { tx }: Pick<Act, "tx">,
  ids: readonly CustomerId[],
): Promise<Map<CustomerId, CustomerId[]>> {
  const leads = new Map<CustomerId, Set<CustomerId>>(ids.map((id) => [id, new Set([id])]));
  for (let asked = [...leads.keys()]; asked.length > 0; ) {
    const rows = await tx.rows<{ customer_id: CustomerId; merged_into: CustomerId }>(sql`
      select c.customer_id, c.merged_into from customer c
      where c.tenant_id = ${tx.tenantId} and c.merged_into = any(${asked}::uuid[])`);
    asked = [];
    for (const { customer_id: file, merged_into } of rows) {
      const known = leads.get(file) ?? new Set();
      const before = known.size;
      for (const lead of leads.get(merged_into) ?? []) known.add(lead);
      leads.set(file, known);
      if (known.size > before) asked.push(file);
    }
  }
  const files = new Map<CustomerId, CustomerId[]>(ids.map((id) => [id, []]));
  for (const [file, of] of leads) for (const lead of of) files.get(lead)?.push(file);
  return files;
}

/** The files of one customer: its own, and those merged into it. */
export const filesOfOne = async (act: Pick<Act, "tx">, id: CustomerId): Promise<readonly CustomerId[]> =>
  (await filesOf(act, [id])).get(id) ?? [id];

/** `filesOf` as a table to join: `f (lead, file)`, a row a customer and file. */
export async function filesJoined(act: Pick<Act, "tx">, ids: readonly CustomerId[]): Promise<Sql> {
  const pairs = [...(await filesOf(act, ids))].flatMap(([lead, files]) => files.map((file) => ({ lead, file })));
  return rowsOf("f", {
    lead: ["uuid", pairs.map(({ lead }) => lead)],
    file: ["uuid", pairs.map(({ file }) => file)],
  });
}

/** Kinds of look-up values that follow a merge. What points to bookings of the merged file stays with them. */
const FOLLOWING = ["customer_number", "reference", "invoice_number", "case_number", "iban", "email", "phone"];

interface PointState {
  readonly contactPointId: Uuid;
  readonly consent: ContactPoint["consent"];
  readonly consentSource: string | null;
  readonly consentAt: string | null;
  readonly undeliverableAt: string | null;
  /** What the merge made of the consent: another one since was said by the customer, and stays. */
  readonly consentAfter: ContactPoint["consent"];
}

/** What moved of a person, for the way back: ids and states, no names. */
export interface PersonMoved {
  readonly points: readonly Uuid[];
  readonly pointsBefore: readonly PointState[];
  readonly parties: readonly Uuid[];
  readonly brands: readonly BrandId[];
  readonly restricted: boolean;
  readonly restrictedTo: readonly Uuid[];
  readonly restrictedAfter: readonly Uuid[];
  readonly objectedAt: string | null;
}

interface Standing {
  readonly customer_id: CustomerId;
  readonly restricted: boolean;
  readonly restricted_to: readonly Uuid[];
  readonly objected_at: Instant | null;
  readonly created_at: Instant;
}

/** Less is allowed: withdrawn before contract before given. */
const STRICTNESS: readonly ContactPoint["consent"][] = ["given", "contract", "withdrawn"];

/**
 * Moves what belongs to the person: look-ups, addresses, contact points (the stricter consent wins), parties, brands,
 * protection. Both must be locked and neither erased. The merged file keeps its own rows and leads to the other.
 */
export async function movePerson(act: Act, from: CustomerId, to: CustomerId, mergeId: Uuid): Promise<PersonMoved> {
  const { tx } = act;
  const standing = new Map(
    (
      await tx.rows<Standing>(sql`
        select customer_id, restricted, restricted_to, personalisation_objected_at as objected_at, created_at from customer
        where tenant_id = ${tx.tenantId} and customer_id in (${from}, ${to})`)
    ).map((row) => [row.customer_id, row]),
  );
  const [here, there] = [standing.get(from), standing.get(to)];
  if (!here || !there) throw new Error("a customer of the merge is unknown");
  await moveDirectoryEntries(act, from, to, FOLLOWING);
  const { points, pointsBefore } = await movePoints(act, from, to);
  const parties = await moveParties(act, from, to);
  const brands = await tx.rows<{ brand_id: BrandId }>(sql`
    insert into customer_brand (customer_id, brand_id, tenant_id, known_since)
    select ${to}::uuid, b.brand_id, b.tenant_id, b.known_since from customer_brand b where b.customer_id = ${from}
    on conflict do nothing returning brand_id`);
  await moveAddresses(act, from, to, mergeId, here.created_at > there.created_at);
  const restrictedAfter =
    here.restricted && there.restricted
      ? there.restricted_to.filter((id) => here.restricted_to.includes(id))
      : here.restricted
        ? here.restricted_to
        : there.restricted_to;
  await tx.execute(sql`
    update customer set restricted = ${here.restricted || there.restricted}, restricted_to = ${restrictedAfter}::uuid[],
           personalisation_objected_at = coalesce(personalisation_objected_at, ${here.objected_at}::timestamptz)
    where customer_id = ${to}`);
  await tx.execute(sql`update customer set merged_into = ${to} where customer_id = ${from}`);
  return {
    points,
    pointsBefore,
    parties,
    brands: brands.map((row) => row.brand_id),
    restricted: there.restricted,
    restrictedTo: there.restricted_to,
    restrictedAfter,
    objectedAt: there.objected_at?.toISOString() ?? null,
  };
}

interface PointRow {
  readonly customer_id: CustomerId;
  readonly contact_point_id: Uuid;
  readonly party_id: Uuid | null;
  readonly channel: string;
  readonly value_sealed: Buffer;
  readonly consent: ContactPoint["consent"];
  readonly consent_source: string | null;
  readonly consent_at: Instant | null;
  readonly undeliverable_at: Instant | null;
}

async function movePoints(
  act: Act,
  from: CustomerId,
  to: CustomerId,
): Promise<Pick<PersonMoved, "points" | "pointsBefore">> {
  const { tx, vault } = act;
  const seals = await vault.forCustomers(tx, [from, to]);
  const rows = await tx.rows<PointRow>(sql`
    select customer_id, contact_point_id, party_id, channel, value_sealed, consent, consent_source, consent_at, undeliverable_at
    from contact_point where tenant_id = ${tx.tenantId} and customer_id in (${from}, ${to}) and ended_at is null and party_id is null
    order by created_at, contact_point_id`);
  const opened = rows.map((row) => {
    const text = seals.get(row.customer_id)?.openText(...SEALED.contactPoint, row.value_sealed);
    if (!text?.ok) throw new Error(`contact point ${row.contact_point_id} does not open`);
    const value = row.channel === "email" ? normaliseValue("email", text.value) : text.value;
    return { ...row, text: text.value, key: `${row.channel} ${value}` };
  });
  const there = new Map(opened.filter((row) => row.customer_id === to).map((row) => [row.key, row]));
  const points: Uuid[] = [];
  const pointsBefore: PointState[] = [];
  for (const row of opened.filter((one) => one.customer_id === from)) {
    const known = there.get(row.key);
    if (!known) {
      points.push(row.contact_point_id);
      await tx.execute(sql`
        insert into contact_point (customer_id, contact_point_id, tenant_id, channel, value_sealed, verified_at, verification,
                                   consent, consent_source, consent_at, undeliverable_at, created_at)
        select ${to}::uuid, p.contact_point_id, p.tenant_id, p.channel,
               ${seals.get(to)?.seal(...SEALED.contactPoint, row.text)}::bytea, p.verified_at, p.verification, p.consent,
               p.consent_source, p.consent_at, p.undeliverable_at, p.created_at
        from contact_point p where p.customer_id = ${from} and p.contact_point_id = ${row.contact_point_id}
        on conflict (customer_id, contact_point_id) do update set ended_at = null, value_sealed = excluded.value_sealed,
          consent = excluded.consent,
          consent_source = excluded.consent_source, consent_at = excluded.consent_at, undeliverable_at = excluded.undeliverable_at`);
      continue;
    }
    const stricter = STRICTNESS.indexOf(row.consent) > STRICTNESS.indexOf(known.consent);
    const taken = stricter ? row : known;
    if (!stricter && (row.undeliverable_at === null || known.undeliverable_at !== null)) continue;
    pointsBefore.push({
      contactPointId: known.contact_point_id,
      consent: known.consent,
      consentSource: known.consent_source,
      consentAt: known.consent_at?.toISOString() ?? null,
      undeliverableAt: known.undeliverable_at?.toISOString() ?? null,
      consentAfter: taken.consent,
    });
    await tx.execute(sql`
      update contact_point set consent = ${taken.consent}, consent_source = ${taken.consent_source}, consent_at = ${taken.consent_at},
             undeliverable_at = coalesce(undeliverable_at, ${row.undeliverable_at}::timestamptz)
      where customer_id = ${to} and contact_point_id = ${known.contact_point_id}`);
  }
  return { points, pointsBefore };
}

async function moveParties({ tx, vault }: Act, from: CustomerId, to: CustomerId): Promise<Uuid[]> {
  const seals = await vault.forCustomers(tx, [from, to]);
  const rows = await tx.rows<{ party_id: Uuid; identity_sealed: Buffer }>(sql`
    select party_id, identity_sealed from party where tenant_id = ${tx.tenantId} and customer_id = ${from} order by party_id`);
  for (const row of rows) {
    const opened = seals.get(from)?.openText(...SEALED.party, row.identity_sealed);
    if (!opened?.ok) throw new Error(`party ${row.party_id} does not open`);
    await tx.execute(sql`
      insert into party (customer_id, party_id, tenant_id, role, representative_kind, identity_sealed, proof, valid_from, valid_until,
                         may_see, write_only_to, created_at)
      select ${to}::uuid, p.party_id, p.tenant_id, p.role, p.representative_kind, ${seals.get(to)?.seal(...SEALED.party, opened.value)}::bytea,
             p.proof, p.valid_from, p.valid_until, p.may_see, p.write_only_to, p.created_at
      from party p where p.customer_id = ${from} and p.party_id = ${row.party_id}
      on conflict (customer_id, party_id) do update set valid_until = excluded.valid_until, identity_sealed = excluded.identity_sealed`);
  }
  const points = await tx.rows<{ contact_point_id: Uuid; value_sealed: Buffer }>(sql`
    select contact_point_id, value_sealed from contact_point
    where tenant_id = ${tx.tenantId} and customer_id = ${from} and party_id is not null and ended_at is null`);
  for (const row of points) {
    const opened = seals.get(from)?.openText(...SEALED.contactPoint, row.value_sealed);
    if (!opened?.ok) throw new Error(`contact point ${row.contact_point_id} does not open`);
    await tx.execute(sql`
      insert into contact_point (customer_id, contact_point_id, tenant_id, party_id, channel, value_sealed, verified_at, verification,
                                 consent, consent_source, consent_at, undeliverable_at, created_at)
      select ${to}::uuid, p.contact_point_id, p.tenant_id, p.party_id, p.channel,
             ${seals.get(to)?.seal(...SEALED.contactPoint, opened.value)}::bytea, p.verified_at, p.verification, p.consent,
             p.consent_source, p.consent_at, p.undeliverable_at, p.created_at
      from contact_point p where p.customer_id = ${from} and p.contact_point_id = ${row.contact_point_id}
      on conflict (customer_id, contact_point_id) do update set ended_at = null, value_sealed = excluded.value_sealed`);
  }
  return rows.map((row) => row.party_id);
}

async function changeIdentity(act: Act, id: CustomerId, change: (identity: Identity) => Identity): Promise<void> {
  const [row] = await readCustomers(act, [id]);
  const identity = row && (await openRows(act, [row])).get(id);
  if (!identity) return;
  const seal = await act.vault.forCustomer(act.tx, id);
  await act.tx.execute(sql`
    update customer set identity_sealed = ${seal.seal(...SEALED.identity, JSON.stringify(change(identity)))} where customer_id = ${id}`);
}

/** Addresses of both, the newer file's last: letters go there, and every postcode opens the portal's door. */
async function moveAddresses(act: Act, from: CustomerId, to: CustomerId, mergeId: Uuid, newer: boolean): Promise<void> {
  const [row] = await readCustomers(act, [from]);
  const other = row && (await openRows(act, [row])).get(from);
  if (!other) return;
  await changeIdentity(act, to, (identity) => {
    const written = (address: Identity["addresses"][number]): string =>
      [address.street, address.postcode, address.city, address.country].join("|").toLowerCase();
    const known = new Set(identity.addresses.map(written));
    const added = other.addresses
      .filter((address) => !known.has(written(address)))
      .map((address) => ({ ...address, mergeId }));
    return { ...identity, addresses: newer ? [...identity.addresses, ...added] : [...added, ...identity.addresses] };
  });
}

/**
 * Takes `movePerson` back. What changed meanwhile at the survivor by itself stays there. `items` went back too: what finds
 * them leads here.
 */
export async function returnPerson(
  act: Act,
  from: CustomerId,
  to: CustomerId,
  mergeId: Uuid,
  moved: PersonMoved,
  items: readonly ReceivableId[],
): Promise<void> {
  const { tx } = act;
  await tx.execute(sql`update customer set merged_into = null where customer_id = ${to}`);
  const before = (await mergedInto(act, [to])).get(to) ?? [];
  await returnDirectoryEntries(act, from, to, before, items);
  // What was said or found out about them meanwhile counts here too.
  await tx.execute(sql`
    update contact_point p set consent = c.consent, consent_source = c.consent_source, consent_at = c.consent_at,
           undeliverable_at = c.undeliverable_at, ended_at = c.ended_at from contact_point c
    where p.customer_id = ${to} and c.customer_id = ${from} and c.contact_point_id = p.contact_point_id
      and p.contact_point_id = any(${moved.points}::uuid[])`);
  await tx.execute(sql`
    update contact_point set ended_at = ${tx.now} where customer_id = ${from} and ended_at is null
      and (contact_point_id = any(${moved.points}::uuid[]) or party_id = any(${moved.parties}::uuid[]))`);
  for (const point of moved.pointsBefore)
    await tx.execute(sql`
      update contact_point set consent = ${point.consent}, consent_source = ${point.consentSource},
             consent_at = ${point.consentAt}::timestamptz, undeliverable_at = ${point.undeliverableAt}::timestamptz
      where customer_id = ${from} and contact_point_id = ${point.contactPointId} and consent = ${point.consentAfter}`);
  // Ended on the day before it began: it never was valid here.
  await tx.execute(sql`
    update party set valid_until = valid_from - 1, write_only_to = false
    where customer_id = ${from} and party_id = any(${moved.parties}::uuid[])`);
  await blankCopies(act, from, moved);
  await tx.execute(sql`
    delete from customer_brand b where b.customer_id = ${from} and b.brand_id = any(${moved.brands}::uuid[])
      and not exists (select from receivable r where r.customer_id = b.customer_id and r.brand_id = b.brand_id and r.open_total <> 0)`);
  await changeIdentity(act, from, (identity) => ({
    ...identity,
    addresses: identity.addresses.filter((address) => address.mergeId !== mergeId),
  }));
  await tx.execute(sql`
    update customer set restricted = ${moved.restricted}, restricted_to = ${moved.restrictedTo}::uuid[]
    where customer_id = ${from} and restricted_to = ${moved.restrictedAfter}::uuid[]`);
  if (moved.objectedAt === null)
    await tx.execute(sql`
      update customer c set personalisation_objected_at = null from customer o
      where c.customer_id = ${from} and o.customer_id = ${to}
        and c.personalisation_objected_at = o.personalisation_objected_at`);
}

/** Contact points and parties that went back are ended here; nothing of the other person stays with them (invariant 13). */
async function blankCopies({ tx, vault }: Act, at: CustomerId, { points, parties }: PersonMoved): Promise<void> {
  const seal = await vault.forCustomer(tx, at);
  await tx.execute(sql`
    update contact_point set value_sealed = ${seal.seal(...SEALED.contactPoint, "")}
    where customer_id = ${at} and (contact_point_id = any(${points}::uuid[]) or party_id = any(${parties}::uuid[]))`);
  const nobody: Identity = { name: "", addresses: [] };
  await tx.execute(sql`
    update party set identity_sealed = ${seal.seal(...SEALED.party, JSON.stringify(nobody))}
    where customer_id = ${at} and party_id = any(${parties}::uuid[])`);
}
