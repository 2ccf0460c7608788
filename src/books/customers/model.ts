/**
 * Customers, the parties around them and the ways to reach them.
 * Everything that names a person is in `Identity` and `ContactPoint.value`, sealed under the customer's contact key.
 */
import type { BrandId, CustomerId, Instant, PlainDate, Uuid } from "../../pure/kernel/index.ts";

export type CustomerKind = "consumer" | "business";
export type Language = "de" | "en";
/** Channels an address can have; `letter` is a postal address. */
export type ContactChannel = "email" | "letter" | "phone" | "sms";

export interface PostalAddress {
  readonly street: string;
  readonly postcode: string;
  readonly city: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

/** One sealed document. The old addresses stay: after a move the old postcode still opens the portal's door. */
export interface Identity {
  readonly firstName?: string;
  /** Family name of a person. */
  readonly name?: string;
  readonly company?: string;
  /** A form of address only if the customer stated one. */
  readonly salutation?: string;
  readonly addresses: readonly (PostalAddress & {
    readonly since?: PlainDate;
    readonly until?: PlainDate;
    /** It came with a file that was merged into this one. */
    readonly mergeId?: Uuid;
  })[];
}

/** What an import or an integrator states of a customer. */
export interface CustomerInput {
  readonly number: string;
  readonly kind: CustomerKind;
  readonly language: Language;
  /** Federal state (two letters, ISO 3166-2:DE without prefix); unknown stays undefined. */
  readonly state?: string;
  readonly country: string;
  readonly group?: string;
  readonly identity: Identity;
  readonly email?: string;
  readonly phone?: string;
  /** Accounts known to be the customer's: kept as keyed hashes only. */
  readonly ibans?: readonly string[];
  readonly brandIds: readonly BrandId[];
}

/** What decisions and ledgers may see of a customer: no identity (invariant 7). */
export interface CustomerFacts {
  readonly customerId: CustomerId;
  readonly number: string;
  readonly kind: CustomerKind;
  readonly language: Language;
  readonly country: string;
  readonly state?: string;
  readonly zone: string;
  readonly group?: string;
  readonly restricted: boolean;
  readonly mergedInto?: CustomerId;
}

export type RepresentativeKind = "lawyer" | "debt_adviser" | "guardian" | "parent" | "heir" | "administrator";

export interface Party {
  readonly partyId: Uuid;
  readonly role: "payer" | "delivery" | "representative";
  readonly representativeKind?: RepresentativeKind;
  readonly identity: Identity;
  readonly proof?: string;
  readonly validFrom: PlainDate;
  readonly validUntil?: PlainDate;
  readonly maySee: readonly ("items" | "documents" | "messages")[];
  /** Automatic contact then goes to nobody else. */
  readonly writeOnlyTo: boolean;
}

export interface ContactPoint {
  readonly contactPointId: Uuid;
  readonly partyId?: Uuid;
  readonly channel: ContactChannel;
  /** E-mail address, E.164 number, or a postal address as JSON. */
  readonly value: string;
  readonly verifiedAt?: Instant;
  readonly consent: "contract" | "given" | "withdrawn";
  readonly consentSource?: string;
  readonly consentAt?: Instant;
  readonly undeliverableAt?: Instant;
}

/** The whole file of a customer, opened for a person who may see it. */
export interface CustomerFile extends CustomerFacts {
  readonly identity: Identity;
  readonly parties: readonly Party[];
  readonly contactPoints: readonly ContactPoint[];
  readonly brandIds: readonly BrandId[];
}

/** `Erika Muster`, `Muster GmbH`; one place for how a name is put together. */
export function displayName(identity: Identity): string {
  const person = [identity.firstName, identity.name].filter(Boolean).join(" ");
  return identity.company ? identity.company : person;
}

/** The address in force on a day: the last one that began and has not ended. */
export function addressOn(identity: Identity, day: PlainDate): PostalAddress | undefined {
  return identity.addresses.findLast(
    (address) =>
      (address.since === undefined || address.since <= day) && (address.until === undefined || address.until >= day),
  );
}
