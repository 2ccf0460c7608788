/** Taking in customers, set-based: a file of tens of thousands of customers is a handful of statements. */
import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import type { CountryCode } from "libphonenumber-js/min";
import {
  type BrandId,
  type CustomerId,
  dateIn,
  type PlainDate,
  type Uuid,
  type Zone,
} from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import { rowsOf, sql } from "../../platform/database/index.ts";
import { touch } from "../../platform/jobs/index.ts";
import {
  claimDirectoryEntries,
  type DirectoryEntry,
  type DirectoryHit,
  findByTokens,
  normaliseValue,
  sendDirectoryEntries,
  sha256,
} from "../../platform/sealed/index.ts";
import type { ContactChannel, CustomerInput, Identity, PostalAddress } from "./model.ts";
import { openRows, readCustomers, SEALED } from "./store.ts";
import { putSearchTokens } from "./tokens.ts";
import { foldWord } from "./words.ts";

const ZONE: Zone = "Europe/Berlin";

/** E.164, read as a number of the country when it has no prefix; undefined when it is no number. */
export function readPhone(text: string, country: string): string | undefined {
  const phone = parsePhoneNumberFromString(text, country as CountryCode);
  return phone?.isPossible() ? phone.number : undefined;
}

interface NewPoint {
  readonly customerId: CustomerId;
  readonly channel: ContactChannel;
  readonly value: string;
}

/** Who is meant by a number. */
export interface TakenCustomer {
  readonly customerId: CustomerId;
  readonly known: boolean;
  /** The file the number belongs to, where that one was merged into the customer. */
  readonly filedUnder?: CustomerId;
  /** Of a new customer what was stored, so that nobody has to open it again. */
  readonly stored?: StoredIdentity;
}

export interface StoredIdentity {
  readonly identity: Identity;
  /** SHA-256 of the sealed document. */
  readonly digest: Buffer;
  readonly zone: Zone;
}

function takenBefore({ customerId, objectId }: DirectoryHit): TakenCustomer {
  const file = objectId as CustomerId;
  return { customerId, known: true, ...(file !== customerId && { filedUnder: file }) };
}

/** Who is meant by these numbers; unknown ones are missing. */
export async function knownCustomers(act: Act, numbers: readonly string[]): Promise<Map<string, TakenCustomer>> {
  const found = await findByTokens(act, "customer_number", numbers);
  return new Map([...found].flatMap(([number, [hit]]) => (hit ? [[number, takenBefore(hit)] as const] : [])));
}

/**
 * Creates unknown customers (by number) and completes known ones: a new address or e-mail is added, the old ones stay
 * (letters go to the new one); stated names are taken over. Several inputs of one number are one customer.
 */
export async function takeCustomers(act: Act, inputs: readonly CustomerInput[]): Promise<Map<string, TakenCustomer>> {
  const groups = new Map<string, CustomerInput[]>();
  for (const input of inputs) {
    const number = input.number.trim();
    const group = groups.get(number);
    if (group) group.push(input);
    else groups.set(number, [input]);
  }
  const numbers = [...groups.keys()];
  const result = new Map<string, TakenCustomer>();
  // Claims the numbers first: of two imports at the same time the second waits here and then knows what the first stored.
  const claims = numbers.map((number) => {
    const customerId = act.tx.newId<CustomerId>();
    return { kind: "customer_number", value: number, customerId, objectId: customerId };
  });
  const holders = await claimDirectoryEntries(act, claims);
  const fresh = claims.flatMap(({ value: number, customerId }, index) => {
    const holder = holders[index];
    if (!holder) return [{ number, customerId }];
    result.set(number, takenBefore(holder));
    return [];
  });
  const created = fresh.map(({ number, customerId }) => ({
    number,
    customerId,
    input: combined(groups.get(number) ?? []),
  }));
  const stored = await insertCustomers(act, created);
  created.forEach(({ number, customerId }, index) => {
    const one = stored[index];
    result.set(number, { customerId, known: false, ...(one && { stored: one }) });
  });
  await complete(
    act,
    numbers.flatMap((number) => {
      const taken = result.get(number);
      return taken?.known ? [{ customerId: taken.customerId, input: combined(groups.get(number) ?? []) }] : [];
    }),
  );
  return result;
}

const sameAddress = (a: PostalAddress, b: PostalAddress): boolean =>
  [a.street, a.postcode, a.city].every((text, index) => {
    const other = [b.street, b.postcode, b.city][index] ?? "";
    return text.split(/\s+/).map(foldWord).join(" ") === other.split(/\s+/).map(foldWord).join(" ");
  }) && a.country === b.country;

interface Combined extends CustomerInput {
  readonly emails: readonly string[];
  readonly phones: readonly string[];
}

/** What several lines state of one customer. */
function combined(inputs: readonly CustomerInput[]): Combined {
  const [first] = inputs;
  if (!first) throw new Error("a group of inputs has at least one");
  const addresses: Identity["addresses"][number][] = [];
  for (const address of inputs.flatMap((input) => input.identity.addresses))
    if (!addresses.some((one) => sameAddress(one, address))) addresses.push(address);
  const unique = <T>(values: readonly (T | undefined)[]): T[] => [
    ...new Set(values.filter((value) => value !== undefined)),
  ];
  return {
    ...first,
    identity: { ...first.identity, addresses },
    ibans: unique(inputs.flatMap((input) => input.ibans ?? [])),
    brandIds: unique<BrandId>(inputs.flatMap((input) => input.brandIds)),
    emails: uniqueEmails(inputs.flatMap((input) => (input.email?.includes("@") ? [input.email.trim()] : []))),
    phones: unique(inputs.map((input) => input.phone && readPhone(input.phone, input.country))).filter((p) => p !== ""),
  };
}

/** Addresses that differ in case alone are one; the first spelling stays. */
const uniqueEmails = (emails: readonly string[]): string[] =>
  [...new Map([...emails].reverse().map((email) => [normaliseValue("email", email), email])).values()].reverse();

const pointsOf = (customerId: CustomerId, input: Combined): NewPoint[] => [
  ...input.identity.addresses.map((address) => ({
    customerId,
    channel: "letter" as const,
    value: letterValue(address),
  })),
  ...input.emails.map((value) => ({ customerId, channel: "email" as const, value })),
  ...input.phones.map((value) => ({ customerId, channel: "phone" as const, value })),
];

/** A postal address as the value of a contact point. */
export const letterValue = ({ street, postcode, city, country }: PostalAddress): string =>
  JSON.stringify({ street, postcode, city, country });

async function insertCustomers(
  act: Act,
  created: readonly { readonly number: string; readonly customerId: CustomerId; readonly input: Combined }[],
): Promise<StoredIdentity[]> {
  if (created.length === 0) return [];
  const { tx, vault } = act;
  const ids = created.map(({ customerId }) => customerId);
  await vault.createCustomerKeys(tx, ids);
  const seals = await vault.forCustomers(tx, ids);
  const column = <T>(of: (input: Combined) => T): T[] => created.map(({ input }) => of(input));
  const sealed = created.map(({ customerId, input }) => {
    const seal = seals.get(customerId);
    if (!seal) throw new Error(`customer ${customerId} has no keys`);
    return seal.seal(...SEALED.identity, JSON.stringify(input.identity));
  });
  tx.send(sql`
    insert into customer (customer_id, tenant_id, number, kind, language, country, state, zone, customer_group,
                          identity_sealed, created_at)
    select c.customer_id, ${tx.tenantId}::uuid, c.number, c.kind, c.language, c.country, c.state, ${ZONE}, c.customer_group,
           c.identity_sealed, ${tx.now}::timestamptz
    from ${rowsOf("c", {
      customer_id: ["uuid", ids],
      number: ["text", created.map(({ number }) => number)],
      kind: ["text", column((i) => i.kind)],
      language: ["text", column((i) => i.language)],
      country: ["text", column((i) => i.country)],
      state: ["text", column((i) => i.state)],
      customer_group: ["text", column((i) => i.group)],
      identity_sealed: ["bytea", sealed],
    })}`);
  await addPoints(
    act,
    created.flatMap(({ customerId, input }) => pointsOf(customerId, input)),
  );
  await sendDirectoryEntries(
    act,
    created.flatMap(({ customerId, input }) => accountEntries(customerId, input)),
  );
  await putSearchTokens(
    act,
    created.map(({ customerId, input }) => ({ customerId, identity: input.identity })),
  );
  addBrands(act, created);
  return created.map(({ input: { identity } }, index) => ({
    identity,
    digest: sha256(sealed[index] ?? ""),
    zone: ZONE,
  }));
}

const accountEntries = (customerId: CustomerId, input: Combined): DirectoryEntry[] =>
  (input.ibans ?? []).map((value) => ({ kind: "iban", value, customerId, objectId: customerId }));

/** Stores contact points and makes e-mail addresses and numbers findable. Returns their ids, in order. */
export async function addPoints(
  act: Act,
  points: readonly (NewPoint & {
    readonly partyId?: Uuid;
    readonly consent?: string;
    readonly consentSource?: string;
  })[],
): Promise<Uuid[]> {
  const { tx, vault } = act;
  if (points.length === 0) return [];
  const seals = await vault.forCustomers(tx, [...new Set(points.map((point) => point.customerId))]);
  const ids = points.map(() => tx.newId<Uuid>());
  tx.send(sql`
    insert into contact_point (customer_id, contact_point_id, tenant_id, party_id, channel, value_sealed, consent,
                               consent_source, consent_at, created_at)
    select p.customer_id, p.contact_point_id, ${tx.tenantId}::uuid, p.party_id, p.channel, p.value_sealed, p.consent,
           p.consent_source, case when p.consent_source is not null then ${tx.now}::timestamptz end, ${tx.now}::timestamptz
    from ${rowsOf("p", {
      customer_id: ["uuid", points.map((point) => point.customerId)],
      contact_point_id: ["uuid", ids],
      party_id: ["uuid", points.map((point) => point.partyId)],
      channel: ["text", points.map((point) => point.channel)],
      value_sealed: [
        "bytea",
        points.map((point) => seals.get(point.customerId)?.seal(...SEALED.contactPoint, point.value)),
      ],
      consent: ["text", points.map((point) => point.consent ?? "contract")],
      consent_source: ["text", points.map((point) => point.consentSource)],
    })}`);
  const entries = points.flatMap((point, index): DirectoryEntry[] => {
    const kind = point.channel === "sms" ? "phone" : point.channel;
    const objectId = ids[index];
    if (kind === "letter" || objectId === undefined) return [];
    return [{ kind, value: point.value, customerId: point.customerId, objectId }];
  });
  await sendDirectoryEntries(act, entries);
  return ids;
}

function addBrands(
  { tx }: Act,
  customers: readonly { readonly customerId: CustomerId; readonly input: Combined }[],
): void {
  const pairs = customers.flatMap(({ customerId, input }) =>
    input.brandIds.map((brandId) => ({ customerId, brandId })),
  );
  if (pairs.length === 0) return;
  tx.send(sql`
    insert into customer_brand (customer_id, brand_id, tenant_id, known_since)
    select p.customer_id, p.brand_id, ${tx.tenantId}::uuid, ${dateIn(tx.now, ZONE)}::date
    from ${rowsOf("p", {
      customer_id: ["uuid", pairs.map((pair) => pair.customerId)],
      brand_id: ["uuid", pairs.map((pair) => pair.brandId)],
    })} on conflict do nothing`);
}

/** Adds to known customers what is new, and nothing else. */
async function complete(
  act: Act,
  stated: readonly { readonly customerId: CustomerId; readonly input: Combined }[],
): Promise<void> {
  if (stated.length === 0) return;
  const { tx, vault } = act;
  const ids = stated.map(({ customerId }) => customerId);
  const rows = await readCustomers(act, ids);
  const identities = await openRows(act, rows);
  const numbers = new Map(rows.map((row) => [row.customer_id, row.number]));
  const today = dateIn(tx.now, ZONE);
  const changed: { customerId: CustomerId; identity: Identity; added: readonly PostalAddress[] }[] = [];
  for (const { customerId, input } of stated) {
    const identity = identities.get(customerId);
    if (!identity) continue; // erased: a new order doesn't bring the old record back
    // Stated for a file that was merged into this one: its address and ways to reach are news, its name is not.
    const own = numbers.get(customerId) === input.number.trim();
    const next = completed(identity, own ? input.identity : { addresses: input.identity.addresses }, today);
    if (next) changed.push({ customerId, ...next });
  }
  if (changed.length > 0) {
    const seals = await vault.forCustomers(tx, ids);
    await tx.execute(sql`
      update customer c set identity_sealed = n.identity_sealed
      from ${rowsOf("n", {
        customer_id: ["uuid", changed.map(({ customerId }) => customerId)],
        identity_sealed: [
          "bytea",
          changed.map(({ customerId, identity }) =>
            seals.get(customerId)?.seal(...SEALED.identity, JSON.stringify(identity)),
          ),
        ],
      })} where c.customer_id = n.customer_id and c.tenant_id = ${tx.tenantId}`);
    await putSearchTokens(
      act,
      changed.map(({ customerId, identity }) => ({ customerId, identity })),
    );
    const moved = changed.filter(({ added }) => added.length > 0);
    await tx.execute(sql`
      update contact_point set ended_at = ${tx.now} where tenant_id = ${tx.tenantId} and party_id is null
        and customer_id = any(${moved.map(({ customerId }) => customerId)}::uuid[]) and channel = 'letter' and ended_at is null`);
    await addPoints(
      act,
      moved.flatMap(({ customerId, added }) =>
        added.slice(-1).map((address) => ({ customerId, channel: "letter" as const, value: letterValue(address) })),
      ),
    );
  }
  const wanted = stated
    .filter(({ customerId }) => identities.has(customerId))
    .flatMap(({ customerId, input }) => pointsOf(customerId, input).filter(({ channel }) => channel !== "letter"));
  const fresh: NewPoint[] = [];
  for (const kind of ["email", "phone"] as const) {
    const points = wanted.filter(({ channel }) => channel === kind);
    const there = await findByTokens(
      act,
      kind,
      points.map(({ value }) => value),
    );
    fresh.push(
      ...points.filter(
        ({ customerId, value }) => !(there.get(value) ?? []).some((hit) => hit.customerId === customerId),
      ),
    );
  }
  await addPoints(act, fresh);
  await sendDirectoryEntries(
    act,
    stated.flatMap(({ customerId, input }) => accountEntries(customerId, input)),
  );
  addBrands(act, stated);
  const touched = new Set([...changed, ...fresh].map(({ customerId }) => customerId));
  if (touched.size > 0) await touch(tx, ...touched);
}

/** The identity with what was stated, or undefined when it states nothing new. */
function completed(
  identity: Identity,
  stated: Identity,
  today: PlainDate,
): { identity: Identity; added: readonly PostalAddress[] } | undefined {
  const added = stated.addresses.filter((address) => !identity.addresses.some((one) => sameAddress(one, address)));
  const names = (["firstName", "name", "company", "salutation"] as const).filter(
    (key) => stated[key] !== undefined && stated[key] !== identity[key],
  );
  if (added.length === 0 && names.length === 0) return undefined;
  const addresses = [...identity.addresses, ...added.map((address) => ({ since: today, ...address }))];
  const taken = Object.fromEntries(names.map((key) => [key, stated[key]]));
  return { identity: { ...identity, ...taken, addresses }, added };
}
