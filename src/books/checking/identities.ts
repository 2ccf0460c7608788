/** What the checks need of identities: read when the sealed document changed, kept as three yes-or-no answers. */
import { type CustomerId, dateIn, type PlainDate, type Zone } from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import { arrayOf, rowsOf, sql } from "../../platform/database/index.ts";
import { addressOn, type Identity, openIdentities, type StoredIdentity } from "../customers/index.ts";

/** Legal forms and what else no private person is called; whole words, as in a register. */
const LEGAL_FORM =
  /(?<![\p{L}\p{N}])(g?gmbh|mbh|ag|kg|kgaa|ohg|gbr|ug|se|e\.? ?v\.?|e\.? ?g\.?|e\.? ?k\.?|ltd\.?|inc\.?|llc|b\.?v\.?|s\.? ?à? ?r\.? ?l\.?|stiftung|genossenschaft)(?![\p{L}\p{N}])/iu;

export interface IdentityAnswers {
  readonly nameless: boolean;
  readonly companyNamed: boolean;
  readonly addressComplete: boolean;
}

export function answersOf(identity: Identity | undefined, today: PlainDate): IdentityAnswers {
  if (identity === undefined) return { nameless: true, companyNamed: false, addressComplete: false };
  const person = [identity.firstName, identity.name].filter(Boolean).join(" ").trim();
  const company = identity.company?.trim() ?? "";
  const address = addressOn(identity, today) ?? identity.addresses.at(-1);
  const whole = (text: string | undefined): boolean => /[\p{L}\p{N}]/u.test(text ?? "");
  return {
    nameless: !whole(person) && !whole(company),
    companyNamed: company !== "" || LEGAL_FORM.test(person),
    addressComplete: address !== undefined && whole(address.street) && whole(address.postcode) && whole(address.city),
  };
}

/** Customers a statement's identities are opened at once. */
const BATCH = 5_000;

/** Identities that were stored in this transaction, by customer: known without opening them. */
export type StoredIdentities = ReadonlyMap<CustomerId, StoredIdentity>;

/** Brings the answers up to date; one statement when nothing changed. Returns how many were made anew. */
export async function keepAnswers(
  act: Act,
  customerIds: readonly CustomerId[],
  stored: StoredIdentities = new Map(),
): Promise<number> {
  const { tx } = act;
  const days = new Map<Zone, PlainDate>();
  const dayIn = (zone: Zone): PlainDate => {
    const day = days.get(zone) ?? dateIn(tx.now, zone);
    days.set(zone, day);
    return day;
  };
  writeAnswers(
    act,
    [...stored].map(([customerId, { identity, digest, zone }]) => ({
      customerId,
      digest,
      answers: answersOf(identity, dayIn(zone)),
    })),
  );
  const others = customerIds.filter((customerId) => !stored.has(customerId));
  if (others.length === 0) return stored.size;
  const stale = await tx.rows<{ customer_id: CustomerId; digest: Buffer; zone: Zone }>(sql`
    select c.customer_id, sha256(c.identity_sealed) as digest, c.zone
      from customer c left join customer_check k on k.customer_id = c.customer_id
     where c.customer_id = any(${arrayOf("uuid", others)}) and c.tenant_id = ${tx.tenantId}
       and k.identity_digest is distinct from sha256(c.identity_sealed)`);
  for (let from = 0; from < stale.length; from += BATCH) {
    const part = stale.slice(from, from + BATCH);
    const identities = await openIdentities(
      act,
      part.map((row) => row.customer_id),
    );
    writeAnswers(
      act,
      part.map(({ customer_id: customerId, digest, zone }) => ({
        customerId,
        digest,
        answers: answersOf(identities.get(customerId), dayIn(zone)),
      })),
    );
  }
  return stored.size + stale.length;
}

function writeAnswers(
  { tx }: Act,
  rows: readonly {
    readonly customerId: CustomerId;
    readonly digest: Buffer;
    readonly answers: IdentityAnswers;
  }[],
): void {
  if (rows.length === 0) return;
  tx.send(sql`
    insert into customer_check (customer_id, tenant_id, identity_digest, nameless, company_named, address_complete)
    select a.customer_id, ${tx.tenantId}::uuid, a.digest, a.nameless, a.company_named, a.address_complete
      from ${rowsOf("a", {
        customer_id: ["uuid", rows.map((row) => row.customerId)],
        digest: ["bytea", rows.map((row) => row.digest)],
        nameless: ["bool", rows.map(({ answers }) => answers.nameless)],
        company_named: ["bool", rows.map(({ answers }) => answers.companyNamed)],
        address_complete: ["bool", rows.map(({ answers }) => answers.addressComplete)],
      })}
    on conflict (customer_id) do update set identity_digest = excluded.identity_digest, nameless = excluded.nameless,
      company_named = excluded.company_named, address_complete = excluded.address_complete`);
}
