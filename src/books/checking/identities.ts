/** What the checks need of identities: read when the sealed document changed, kept as three yes-or-no answers. */
import { type CustomerId, dateIn } from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import { arrayOf, rowsOf, sql } from "../../platform/database/index.ts";
import { addressOn, type Identity, openIdentities } from "../customers/index.ts";

/** Legal forms and what else no private person is called; whole words, as in a register. */
const LEGAL_FORM =
  /(?<![\p{L}\p{N}])(g?gmbh|mbh|ag|kg|kgaa|ohg|gbr|ug|se|e\.? ?v\.?|e\.? ?g\.?|e\.? ?k\.?|ltd\.?|inc\.?|llc|b\.?v\.?|s\.? ?à? ?r\.? ?l\.?|stiftung|genossenschaft)(?![\p{L}\p{N}])/iu;

export interface IdentityAnswers {
  readonly nameless: boolean;
  readonly companyNamed: boolean;
  readonly addressComplete: boolean;
}

export function answersOf(identity: Identity | undefined, today: string): IdentityAnswers {
  if (identity === undefined) return { nameless: true, companyNamed: false, addressComplete: false };
  const person = [identity.firstName, identity.name].filter(Boolean).join(" ").trim();
  const company = identity.company?.trim() ?? "";
  const address = addressOn(identity, today as never) ?? identity.addresses.at(-1);
  const whole = (text: string | undefined): boolean => /[\p{L}\p{N}]/u.test(text ?? "");
  return {
    nameless: !whole(person) && !whole(company),
    companyNamed: company !== "" || LEGAL_FORM.test(person),
    addressComplete: address !== undefined && whole(address.street) && whole(address.postcode) && whole(address.city),
  };
}

/** Customers a statement's identities are opened at once. */
const BATCH = 5_000;

/** Brings the answers up to date; one statement when nothing changed. Returns how many were read anew. */
export async function keepAnswers(act: Act, customerIds: readonly CustomerId[]): Promise<number> {
  const { tx } = act;
  const stale = await tx.rows<{ customer_id: CustomerId; digest: Buffer; zone: string }>(sql`
    select c.customer_id, sha256(c.identity_sealed) as digest, c.zone
      from customer c left join customer_check k on k.customer_id = c.customer_id
     where c.customer_id = any(${arrayOf("uuid", customerIds)}) and c.tenant_id = ${tx.tenantId}
       and k.identity_digest is distinct from sha256(c.identity_sealed)`);
  for (let from = 0; from < stale.length; from += BATCH) {
    const part = stale.slice(from, from + BATCH);
    const identities = await openIdentities(
      act,
      part.map((row) => row.customer_id),
    );
    const answers = part.map((row) => answersOf(identities.get(row.customer_id), dateIn(tx.now, row.zone)));
    await tx.execute(sql`
      insert into customer_check (customer_id, tenant_id, identity_digest, nameless, company_named, address_complete)
      select a.customer_id, ${tx.tenantId}::uuid, a.digest, a.nameless, a.company_named, a.address_complete
        from ${rowsOf("a", {
          customer_id: ["uuid", part.map((row) => row.customer_id)],
          digest: ["bytea", part.map((row) => row.digest)],
          nameless: ["bool", answers.map((one) => one.nameless)],
          company_named: ["bool", answers.map((one) => one.companyNamed)],
          address_complete: ["bool", answers.map((one) => one.addressComplete)],
        })}
      on conflict (customer_id) do update set identity_digest = excluded.identity_digest, nameless = excluded.nameless,
        company_named = excluded.company_named, address_complete = excluded.address_complete`);
  }
  return stale.length;
}
