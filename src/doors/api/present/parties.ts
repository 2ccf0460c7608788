/** Who belongs to a customer: addresses, ways to reach them, and what speaks against one. */
import type { z } from "@hono/zod-openapi";
import {
  addressOn,
  type ContactPoint,
  type CustomerFile,
  displayName,
  type Party,
} from "../../../books/customers/index.ts";
import type { PlainDate } from "../../../pure/kernel/index.ts";
import { say } from "../said/index.ts";
import type { Language } from "../schema/basics.ts";
import type { contactPoint, party } from "../schema/customers.ts";

export function partiesIn(
  file: CustomerFile,
  usable: readonly ContactPoint[],
  today: PlainDate,
  language: Language,
): z.infer<typeof party>[] {
  const can = new Set(usable.map((point) => point.contactPointId));
  const pointsOf = (partyId: string | undefined): z.infer<typeof contactPoint>[] =>
    file.contactPoints.filter((point) => point.partyId === partyId).map((point) => pointLine(point, can, language));
  const own: z.infer<typeof party> = {
    id: file.customerId,
    role: "customer",
    representativeKind: null,
    name: displayName(file.identity),
    address: addressLines(addressOn(file.identity, today) ?? file.identity.addresses.at(-1)),
    from: null,
    until: null,
    writeOnlyTo: false,
    sees: [],
    proof: null,
    contactPoints: pointsOf(undefined),
  };
  return [own, ...file.parties.map((one) => partyLine(one, today, pointsOf(one.partyId)))];
}

const addressLines = (
  address: { street: string; postcode: string; city: string; country: string } | undefined,
): string[] =>
  address === undefined
    ? []
    : [address.street, `${address.postcode} ${address.city}`, ...(address.country === "DE" ? [] : [address.country])];

const partyLine = (
  one: Party,
  today: PlainDate,
  contactPoints: z.infer<typeof contactPoint>[],
): z.infer<typeof party> => ({
  id: one.partyId,
  role: one.role,
  representativeKind: one.representativeKind ?? null,
  name: displayName(one.identity),
  address: addressLines(addressOn(one.identity, today) ?? one.identity.addresses.at(-1)),
  from: one.validFrom,
  until: one.validUntil ?? null,
  writeOnlyTo: one.writeOnlyTo,
  sees: [...one.maySee],
  proof: one.proof ?? null,
  contactPoints,
});

function pointLine(point: ContactPoint, can: ReadonlySet<string>, language: Language): z.infer<typeof contactPoint> {
  const usable = can.has(point.contactPointId);
  const problem = usable
    ? null
    : point.undeliverableAt
      ? "point_undeliverable"
      : point.consent === "withdrawn"
        ? "point_withdrawn"
        : "point_not_representative";
  return {
    id: point.contactPointId,
    channel: point.channel,
    value: point.channel === "letter" ? postalText(point.value) : point.value,
    verifiedAt: point.verifiedAt?.toISOString() ?? null,
    usable,
    problem: problem === null ? null : say(language, problem),
    consent: point.consent,
    consentSource: point.consentSource ?? null,
    consentAt: point.consentAt?.toISOString() ?? null,
  };
}

function postalText(value: string): string {
  try {
    return addressLines(JSON.parse(value) as { street: string; postcode: string; city: string; country: string }).join(
      ", ",
    );
  } catch {
    return value;
  }
}
