/** How the ways to reach two people relate: e-mail, phone, account, address. */
import { distance, slips, spelling } from "./spelling.ts";
import type { Address, View } from "./view.ts";

export type Agreement = "same" | "similar" | "differs" | "none";

export interface Contacts {
  readonly email: Agreement;
  readonly phone: Agreement;
  readonly account: Agreement;
  readonly address: Agreement;
  /** Same postcode, another street. */
  readonly samePlace: boolean;
  /** Something they share is shared by many others: it says nothing. */
  readonly sharedByMany: boolean;
}

/** A value of theirs that so many files have is a shop's own or a marketplace's: no evidence of a person. */
const MANY = 12;
/** How many files have this e-mail, phone or account, counted a little beyond `MANY`. */
export type Sharing = (kind: "email" | "phone" | "account", value: string) => number;

function similarEmail(a: string, b: string): boolean {
  const [localA = "", domainA = ""] = a.split("@");
  const [localB = "", domainB = ""] = b.split("@");
  if (localA === localB) return localA.length >= 6 && distance(domainA, domainB) <= 2;
  if (domainA !== domainB) return false;
  const bare = (local: string): string => local.replace(/[._-]/g, "");
  if (bare(localA) === bare(localB)) return true;
  // Another figure is another mailbox (max.muster1), another letter may be a slip.
  const figures = (local: string): string => local.replace(/\D/g, "");
  return (
    figures(localA) === figures(localB) && Math.min(localA.length, localB.length) >= 8 && distance(localA, localB) === 1
  );
}

function agree(
  a: readonly string[],
  b: readonly string[],
  similar: (one: string, other: string) => boolean,
  isMany: (value: string) => boolean,
): { agreement: Agreement; many: boolean } {
  if (a.length === 0 || b.length === 0) return { agreement: "none", many: false };
  const shared = a.filter((value) => b.includes(value));
  const telling = shared.filter((value) => !isMany(value));
  if (telling.length > 0) return { agreement: "same", many: false };
  if (shared.length > 0) return { agreement: "none", many: true };
  return { agreement: a.some((one) => b.some((other) => similar(one, other))) ? "similar" : "differs", many: false };
}

const letters = (house: string): string => house.replace(/\d/g, "");
const figures = (house: string): string => house.replace(/\D/g, "");

function relateAddress(a: Address, b: Address): Agreement {
  if (a.street === "" || b.street === "") return "none";
  const street =
    a.street === b.street || spelling(a.street) === spelling(b.street)
      ? 0
      : distance(a.street, b.street) <= slips(Math.min(a.street.length, b.street.length))
        ? 1
        : 3;
  const house =
    a.house === b.house
      ? 0
      : a.house === "" ||
          b.house === "" ||
          (figures(a.house) === figures(b.house) && (letters(a.house) === "" || letters(b.house) === ""))
        ? 1
        : 3;
  const city =
    a.city === b.city || a.city.startsWith(b.city) || b.city.startsWith(a.city) || distance(a.city, b.city) <= 1;
  const postcode = a.postcode === b.postcode ? 0 : city && distance(a.postcode, b.postcode) <= 1 ? 1 : 3;
  const apart = street + house + postcode;
  return apart === 0 ? "same" : apart <= 2 ? "similar" : "differs";
}

export function relateContacts(a: View, b: View, sharing: Sharing): Contacts {
  const email = agree(a.emails, b.emails, similarEmail, (value) => sharing("email", value) > MANY);
  const phone = agree(
    a.phones,
    b.phones,
    () => false,
    (value) => sharing("phone", value) > MANY,
  );
  const account = agree(
    a.accounts,
    b.accounts,
    () => false,
    (value) => sharing("account", value) > MANY,
  );
  const relations = a.addresses.flatMap((one) => b.addresses.map((other) => relateAddress(one, other)));
  const address = (["same", "similar", "differs"] as const).find((one) => relations.includes(one)) ?? "none";
  return {
    email: email.agreement,
    phone: phone.agreement,
    account: account.agreement,
    address,
    samePlace: a.addresses.some((one) =>
      b.addresses.some((other) => one.postcode !== "" && one.postcode === other.postcode),
    ),
    sharedByMany: email.many || phone.many || account.many,
  };
}
