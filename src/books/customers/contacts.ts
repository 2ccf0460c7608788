/** Where a customer can be reached, who speaks for them, and what they agreed to. */
import {
  type CustomerId,
  type Failure,
  type Instant,
  fail,
  ok,
  type PlainDate,
  type Result,
  type Uuid,
} from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import { type Sql, sql } from "../../platform/database/index.ts";
import { touch } from "../../platform/jobs/index.ts";
import { putDirectoryEntries, removeDirectoryEntries } from "../../platform/sealed/index.ts";
import type { ContactChannel, ContactPoint, Identity, Party, PostalAddress } from "./model.ts";
import { lockCustomer, SEALED } from "./store.ts";
import { addPoints, letterValue, readPhone } from "./take.ts";
import { putSearchTokens } from "./tokens.ts";

interface PartyRow {
  readonly party_id: Uuid;
  readonly role: Party["role"];
  readonly representative_kind: NonNullable<Party["representativeKind"]> | null;
  readonly identity_sealed: Buffer;
  readonly proof: string | null;
  readonly valid_from: PlainDate;
  readonly valid_until: PlainDate | null;
  readonly may_see: Party["maySee"];
  readonly write_only_to: boolean;
}

/** Parties of a customer, ended ones too. Empty when the customer was erased. */
export async function partiesOf({ tx, vault }: Act, customerId: CustomerId): Promise<Party[]> {
  const seal = await vault.forCustomer(tx, customerId);
  if (seal.erased("contact")) return [];
  const rows = await tx.rows<PartyRow>(sql`
    select party_id, role, representative_kind, identity_sealed, proof, valid_from, valid_until, may_see, write_only_to
    from party where tenant_id = ${tx.tenantId} and customer_id = ${customerId} order by valid_from, party_id`);
  return rows.map((row) => {
    const opened = seal.openText(...SEALED.party, row.identity_sealed);
    if (!opened.ok) throw new Error(`party ${row.party_id}: ${opened.error.code}`);
    return {
      partyId: row.party_id,
      role: row.role,
      identity: JSON.parse(opened.value) as Identity,
      validFrom: row.valid_from,
      maySee: row.may_see,
      writeOnlyTo: row.write_only_to,
      ...(row.representative_kind === null ? {} : { representativeKind: row.representative_kind }),
      ...(row.proof === null ? {} : { proof: row.proof }),
      ...(row.valid_until === null ? {} : { validUntil: row.valid_until }),
    };
  });
}

/** Adds a party; its postal address becomes a contact point. Failure `representative_kind_missing`. */
export async function addParty(
  act: Act,
  customerId: CustomerId,
  party: Omit<Party, "partyId">,
): Promise<Result<Uuid, Failure>> {
  const { tx, vault } = act;
  if ((party.role === "representative") !== (party.representativeKind !== undefined))
    return fail(
      "invalid",
      "representative_kind_missing",
      "A representative needs a kind, other parties have none.",
      "role",
    );
  await lockCustomer(act, customerId);
  const seal = await vault.forCustomer(tx, customerId);
  const partyId = tx.newId<Uuid>();
  await tx.execute(sql`
    insert into party (customer_id, party_id, tenant_id, role, representative_kind, identity_sealed, proof, valid_from,
                       valid_until, may_see, write_only_to, created_at)
    values (${customerId}, ${partyId}, ${tx.tenantId}, ${party.role}, ${party.representativeKind ?? null},
            ${seal.seal(...SEALED.party, JSON.stringify(party.identity))}, ${party.proof ?? null}, ${party.validFrom}::date,
            ${party.validUntil ?? null}::date, ${party.maySee}::text[], ${party.writeOnlyTo}, ${tx.now})`);
  const address = party.identity.addresses.at(-1);
  if (address) await addPoints(act, [{ customerId, partyId, channel: "letter", value: letterValue(address) }]);
  await putSearchTokens(act, [{ customerId, identity: party.identity }]);
  await touch(tx, customerId);
  return ok(partyId);
}

/** Ends a party on a day (its last). */
export async function endParty(act: Act, customerId: CustomerId, partyId: Uuid, lastDay: PlainDate): Promise<void> {
  await lockCustomer(act, customerId);
  await act.tx.execute(sql`
    update party set valid_until = ${lastDay}::date where customer_id = ${customerId} and party_id = ${partyId}`);
  await touch(act.tx, customerId);
}

export interface NewContactPoint {
  readonly channel: ContactChannel;
  /** E-mail address, phone number in any notation, or postal address. */
  readonly value: string | PostalAddress;
  readonly partyId?: Uuid;
  readonly consent?: ContactPoint["consent"];
  readonly consentSource?: string;
}

/** Failures: `email_invalid`, `phone_invalid`, `address_missing`. */
export async function addContactPoint(
  act: Act,
  customerId: CustomerId,
  point: NewContactPoint,
): Promise<Result<Uuid, Failure>> {
  const value = readValue(point);
  if (!value.ok) return value;
  await lockCustomer(act, customerId);
  const { value: _, ...rest } = point;
  const [id] = await addPoints(act, [{ ...rest, customerId, value: value.value }]);
  if (id === undefined) throw new Error("a contact point was not stored");
  await touch(act.tx, customerId);
  return ok(id);
}

function readValue({ channel, value }: NewContactPoint): Result<string, Failure> {
  if (channel === "letter")
    return typeof value === "string"
      ? fail("invalid", "address_missing", "A letter needs a postal address.", "value")
      : ok(letterValue(value));
  if (typeof value !== "string") return fail("invalid", "value_not_text", "This channel takes a text.", "value");
  if (channel === "email")
    return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value.trim())
      ? ok(value.trim())
      : fail("invalid", "email_invalid", "This is not an e-mail address.", "value");
  const number = readPhone(value, "DE");
  return number ? ok(number) : fail("invalid", "phone_invalid", "This is not a phone number.", "value");
}

interface PointRow {
  readonly contact_point_id: Uuid;
  readonly party_id: Uuid | null;
  readonly channel: ContactChannel;
  readonly value_sealed: Buffer;
  readonly verified_at: Instant | null;
  readonly consent: ContactPoint["consent"];
  readonly consent_source: string | null;
  readonly consent_at: Instant | null;
  readonly undeliverable_at: Instant | null;
}

async function readPoints({ tx, vault }: Act, customerId: CustomerId, condition: Sql): Promise<ContactPoint[]> {
  const seal = await vault.forCustomer(tx, customerId);
  if (seal.erased("contact")) return [];
  const rows = await tx.rows<PointRow>(sql`
    select p.contact_point_id, p.party_id, p.channel, p.value_sealed, p.verified_at, p.consent, p.consent_source,
           p.consent_at, p.undeliverable_at
    from contact_point p where p.tenant_id = ${tx.tenantId} and p.customer_id = ${customerId} and ${condition}
    order by p.created_at, p.channel, p.contact_point_id`);
  return rows.map((row) => {
    const opened = seal.openText(...SEALED.contactPoint, row.value_sealed);
    if (!opened.ok) throw new Error(`contact point ${row.contact_point_id}: ${opened.error.code}`);
    return {
      contactPointId: row.contact_point_id,
      channel: row.channel,
      value: opened.value,
      consent: row.consent,
      ...(row.party_id === null ? {} : { partyId: row.party_id }),
      ...(row.verified_at === null ? {} : { verifiedAt: row.verified_at }),
      ...(row.consent_source === null ? {} : { consentSource: row.consent_source }),
      ...(row.consent_at === null ? {} : { consentAt: row.consent_at }),
      ...(row.undeliverable_at === null ? {} : { undeliverableAt: row.undeliverable_at }),
    };
  });
}

/** Contact points in use (not ended), opened. */
export const contactPointsOf = (act: Act, customerId: CustomerId): Promise<ContactPoint[]> =>
  readPoints(act, customerId, sql`p.ended_at is null`);

async function changePoint(act: Act, customerId: CustomerId, id: Uuid, change: Sql): Promise<Result<true, Failure>> {
  await lockCustomer(act, customerId);
  const written = await act.tx.execute(sql`
    update contact_point set ${change} where customer_id = ${customerId} and contact_point_id = ${id}`);
  if (written === 0) return fail("not_found", "contact_point_not_found", "There is no such contact point.", id);
  await touch(act.tx, customerId);
  return ok(true);
}

/** `source`: a code such as `portal`, `phone`, `letter` (who said it where), never a name. */
export const setConsent = (
  act: Act,
  customerId: CustomerId,
  id: Uuid,
  consent: ContactPoint["consent"],
  source: string,
) =>
  changePoint(act, customerId, id, sql`consent = ${consent}, consent_source = ${source}, consent_at = ${act.tx.now}`);

/** A bounce or a returned letter: nothing goes there any more. */
export const markUndeliverable = (act: Act, customerId: CustomerId, id: Uuid) =>
  changePoint(act, customerId, id, sql`undeliverable_at = coalesce(undeliverable_at, ${act.tx.now})`);

/** `how`: a code such as `portal_link`, `phone_call`. */
export const markVerified = (act: Act, customerId: CustomerId, id: Uuid, how: string) =>
  changePoint(act, customerId, id, sql`verified_at = ${act.tx.now}, verification = ${how}, undeliverable_at = null`);

export async function endContactPoint(act: Act, customerId: CustomerId, id: Uuid): Promise<Result<true, Failure>> {
  const ended = await changePoint(act, customerId, id, sql`ended_at = ${act.tx.now}`);
  if (ended.ok) await removeDirectoryEntries(act, { customerIds: [customerId], objectIds: [id] });
  return ended;
}

export interface Reachability {
  /** Usable points, one's own or the representative's; the newest of a channel last. */
  readonly points: readonly ContactPoint[];
  /** Automatic contact goes to this party and to nobody else. */
  readonly writeOnlyTo?: Party;
}

/** Where the customer can be written to on a day: consent not withdrawn, deliverable, a representative's *write only to* kept. */
export async function reachability(act: Act, customerId: CustomerId, day: PlainDate): Promise<Reachability> {
  const parties = await partiesOf(act, customerId);
  const only = parties.findLast(
    (party) =>
      party.writeOnlyTo && party.validFrom <= day && (party.validUntil === undefined || party.validUntil >= day),
  );
  const points = (
    await readPoints(
      act,
      customerId,
      sql`p.ended_at is null and p.consent <> 'withdrawn' and p.undeliverable_at is null`,
    )
  ).filter((point) => point.partyId === only?.partyId);
  return { points, ...(only === undefined ? {} : { writeOnlyTo: only }) };
}

/** Channels that are usable on a day, without opening anything: what decisions may know (invariant 7). One statement. */
export async function channelsOf(
  { tx }: Act,
  customerIds: readonly CustomerId[],
  day: PlainDate,
): Promise<Map<CustomerId, readonly ContactChannel[]>> {
  const rows = await tx.rows<{ customer_id: CustomerId; channels: readonly ContactChannel[] }>(sql`
    with only_to as (
      select distinct on (y.customer_id) y.customer_id, y.party_id from party y
      where y.tenant_id = ${tx.tenantId} and y.customer_id = any(${customerIds}::uuid[]) and y.write_only_to
        and y.valid_from <= ${day}::date and (y.valid_until is null or y.valid_until >= ${day}::date)
      order by y.customer_id, y.valid_from desc, y.party_id desc
    )
    select p.customer_id, array_agg(distinct p.channel) as channels
    from contact_point p left join only_to o on o.customer_id = p.customer_id
    where p.tenant_id = ${tx.tenantId} and p.customer_id = any(${customerIds}::uuid[])
      and p.ended_at is null and p.consent <> 'withdrawn' and p.undeliverable_at is null
      and p.party_id is not distinct from o.party_id
    group by p.customer_id`);
  return new Map(rows.map((row) => [row.customer_id, row.channels]));
}

/** Remembers an account a customer paid from, as keyed hash only. */
export const learnAccount = (act: Act, customerId: CustomerId, iban: string): Promise<void> =>
  learnAccounts(act, [{ customerId, iban }]);

/** Remembers accounts customers paid from, as keyed hashes only. */
export async function learnAccounts(
  act: Act,
  accounts: readonly { readonly customerId: CustomerId; readonly iban: string }[],
): Promise<void> {
  await putDirectoryEntries(
    act,
    accounts.map(({ customerId, iban }) => ({ kind: "iban", value: iban, customerId, objectId: customerId })),
  );
}
