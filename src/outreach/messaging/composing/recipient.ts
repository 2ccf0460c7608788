import type { Act } from "../../../platform/access/index.ts";
import type { CustomerId, PlainDate } from "../../../pure/kernel/index.ts";
import {
  addressOn,
  displayName,
  type Identity,
  type PostalAddress,
  reachability,
} from "../../../books/customers/index.ts";
import type { MessageChannel } from "../contact/rules.ts";

export interface Recipient {
  /** Name in the greeting; empty: „Guten Tag,“. */
  readonly name: string;
  /** Sent to the representative alone (*write only to*). */
  readonly isRepresentative: boolean;
  readonly to: {
    readonly contactPointId: string | null;
    readonly email?: string;
    /** Lines of the window. */
    readonly address?: readonly string[];
  };
}

/** Who gets a message: the customer, or the representative who alone may be written to. */
export async function recipientOf(
  act: Act,
  customerId: CustomerId,
  identity: Identity,
  channel: MessageChannel,
  day: PlainDate,
): Promise<Recipient> {
  const { points, writeOnlyTo } = await reachability(act, customerId, day);
  const who = writeOnlyTo?.identity ?? identity;
  const point = points.findLast((one) => one.channel === channel);
  const postal = channel === "letter" ? (postalOf(point?.value) ?? addressOn(who, day)) : undefined;
  return {
    name: greetingName(who),
    isRepresentative: writeOnlyTo !== undefined,
    to: {
      contactPointId: point?.contactPointId ?? null,
      ...(channel === "email" && point && { email: point.value }),
      ...(postal && { address: windowLines(who, postal) }),
    },
  };
}

/** Never a guess at gender; a company without a contact person is greeted without a name. */
function greetingName(identity: Identity): string {
  const person = [identity.firstName, identity.name].filter(Boolean).join(" ");
  if (person === "") return "";
  return identity.salutation === undefined ? person : `${identity.salutation} ${identity.name ?? person}`;
}

function windowLines(identity: Identity, postal: PostalAddress): string[] {
  const person = [identity.firstName, identity.name].filter(Boolean).join(" ");
  const lines = identity.company === undefined ? [displayName(identity)] : [identity.company, person];
  const country = postal.country === "DE" ? "" : postal.country;
  return [...lines, postal.street, `${postal.postcode} ${postal.city}`, country].filter((line) => line.trim() !== "");
}

function postalOf(value: string | undefined): PostalAddress | undefined {
  if (value === undefined) return undefined;
  try {
    const read = JSON.parse(value) as PostalAddress;
    return typeof read.street === "string" && typeof read.postcode === "string" ? read : undefined;
  } catch {
    return undefined;
  }
}
