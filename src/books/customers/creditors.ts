/** Whose money it is, how it appears, and on which accounts it is paid. */
import type { BrandId, CreditorId, Instant, Zone } from "../../pure/kernel/index.ts";
import { iban as readIban } from "../../pure/formats/index.ts";
import { type Failure, fail, ok, type Result } from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import { type Sql, sql, type TenantTransaction } from "../../platform/database/index.ts";

export interface CreditorAccount {
  readonly iban: string;
  readonly bic?: string;
  readonly accountHolder: string;
  readonly isDefault: boolean;
}

export interface CreditorInput {
  readonly name: string;
  readonly address: { readonly street?: string; readonly postcode?: string; readonly city?: string };
  readonly legalFooter: string;
  readonly country: string;
  readonly state?: string;
  readonly zone: Zone;
  readonly deductsInputTax: boolean;
  readonly leads: "erp" | "kulanz" | "portal";
  readonly sepaId?: string;
  readonly privacyContact: string;
  /** Ledger: `interest` (always, when_claimed, never), `allocationOrder`; other rooms keep theirs beside. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly accounts: readonly CreditorAccount[];
}

export interface Creditor extends CreditorInput {
  readonly creditorId: CreditorId;
  readonly createdAt: Instant;
  readonly closedAt?: Instant;
}

export interface BrandInput {
  readonly creditorId: CreditorId;
  /** How files name it; unique in the tenant. */
  readonly code: string;
  readonly name: string;
  readonly look: Readonly<Record<string, unknown>>;
  readonly contact: Readonly<Record<string, unknown>>;
  readonly toneCeiling: "friendly" | "factual" | "firm";
}

export interface Brand extends BrandInput {
  readonly brandId: BrandId;
}

interface CreditorRow {
  readonly creditor_id: CreditorId;
  readonly name: string;
  readonly address: CreditorInput["address"];
  readonly legal_footer: string;
  readonly country: string;
  readonly state: string | null;
  readonly zone: Zone;
  readonly deducts_input_tax: boolean;
  readonly leads: CreditorInput["leads"];
  readonly sepa_id: string | null;
  readonly privacy_contact: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly created_at: Instant;
  readonly closed_at: Instant | null;
  readonly accounts: readonly { iban: string; bic: string | null; account_holder: string; is_default: boolean }[];
}

async function readCreditors({ tx }: Act, condition: Sql): Promise<Creditor[]> {
  const rows = await tx.rows<CreditorRow>(sql`
    select c.creditor_id, c.name, c.address, c.legal_footer, c.country, c.state, c.zone, c.deducts_input_tax, c.leads,
           c.sepa_id, c.privacy_contact, c.settings, c.created_at, c.closed_at,
           coalesce((select jsonb_agg(jsonb_build_object('iban', a.iban, 'bic', a.bic, 'account_holder', a.account_holder,
                     'is_default', a.is_default) order by a.is_default desc, a.iban)
                     from creditor_account a where a.creditor_id = c.creditor_id), '[]') as accounts
    from creditor c where c.tenant_id = ${tx.tenantId} and ${condition} order by c.created_at, c.creditor_id`);
  return rows.map((row) => ({
    creditorId: row.creditor_id,
    name: row.name,
    address: row.address,
    legalFooter: row.legal_footer,
    country: row.country,
    ...(row.state === null ? {} : { state: row.state }),
    zone: row.zone,
    deductsInputTax: row.deducts_input_tax,
    leads: row.leads,
    ...(row.sepa_id === null ? {} : { sepaId: row.sepa_id }),
    privacyContact: row.privacy_contact,
    settings: row.settings,
    createdAt: row.created_at,
    ...(row.closed_at === null ? {} : { closedAt: row.closed_at }),
    accounts: row.accounts.map((account) => ({
      iban: account.iban,
      ...(account.bic === null ? {} : { bic: account.bic }),
      accountHolder: account.account_holder,
      isDefault: account.is_default,
    })),
  }));
}

/** All creditors of the tenant, oldest first, with their accounts (the default one first). */
export const creditors = (act: Act): Promise<Creditor[]> => readCreditors(act, sql`true`);

const seen = new WeakMap<TenantTransaction, Map<CreditorId, Creditor>>();

/** One creditor, read once a transaction. Throws when the tenant has none of this id (a bug: ids come from us). */
export async function creditor(act: Act, creditorId: CreditorId): Promise<Creditor> {
  let known = seen.get(act.tx);
  if (!known) seen.set(act.tx, (known = new Map()));
  let found = known.get(creditorId);
  if (!found) {
    [found] = await readCreditors(act, sql`c.creditor_id = ${creditorId}`);
    if (!found) throw new Error(`creditor ${creditorId} is unknown in this tenant`);
    known.set(creditorId, found);
  }
  return found;
}

/** The creditor that is paid on this account, if it is one of the tenant's. */
export async function creditorOfAccount({ tx }: Act, iban: string): Promise<CreditorId | undefined> {
  const row = await tx.one<{ creditor_id: CreditorId }>(sql`
    select creditor_id from creditor_account
    where tenant_id = ${tx.tenantId} and iban = ${iban.replace(/\s/g, "").toUpperCase()}`);
  return row?.creditor_id;
}

/** Failures: those of the IBANs, `account_taken` (an account belongs to one creditor). */
export async function createCreditor(act: Act, input: CreditorInput): Promise<Result<CreditorId, Failure>> {
  const { tx } = act;
  const ibans: string[] = [];
  for (const account of input.accounts) {
    const read = readIban(account.iban);
    if (!read.ok) return read;
    if (await creditorOfAccount(act, read.value))
      return fail("conflict", "account_taken", "This account already belongs to a creditor.", "accounts");
    ibans.push(read.value);
  }
  const creditorId = tx.newId<CreditorId>();
  await tx.execute(sql`
    insert into creditor (tenant_id, creditor_id, name, address, legal_footer, country, state, zone, deducts_input_tax,
                          leads, sepa_id, privacy_contact, settings, created_at)
    values (${tx.tenantId}, ${creditorId}, ${input.name}, ${JSON.stringify(input.address)}::jsonb, ${input.legalFooter},
            ${input.country}, ${input.state ?? null}, ${input.zone}, ${input.deductsInputTax}, ${input.leads},
            ${input.sepaId ?? null}, ${input.privacyContact}, ${JSON.stringify(input.settings)}::jsonb, ${tx.now})`);
  await tx.execute(sql`
    insert into creditor_account (tenant_id, creditor_id, iban, bic, account_holder, is_default)
    select ${tx.tenantId}::uuid, ${creditorId}::uuid, a.iban, a.bic, a.holder, a.is_default
    from unnest(${ibans}::text[], ${input.accounts.map((a) => a.bic ?? null)}::text[],
                ${input.accounts.map((a) => a.accountHolder)}::text[], ${input.accounts.map((a) => a.isDefault)}::boolean[])
         as a (iban, bic, holder, is_default)`);
  return ok(creditorId);
}

/** Changes settings of a creditor; keys not named stay. */
export async function changeCreditorSettings(
  { tx }: Act,
  creditorId: CreditorId,
  settings: Readonly<Record<string, unknown>>,
): Promise<void> {
  await tx.execute(sql`
    update creditor set settings = settings || ${JSON.stringify(settings)}::jsonb
    where tenant_id = ${tx.tenantId} and creditor_id = ${creditorId}`);
  seen.get(tx)?.delete(creditorId);
}

/** Who leads the books of a creditor from now on; what was taken in before stays as it is. */
export async function changeLeads({ tx }: Act, creditorId: CreditorId, leads: Creditor["leads"]): Promise<void> {
  await tx.execute(sql`
    update creditor set leads = ${leads} where tenant_id = ${tx.tenantId} and creditor_id = ${creditorId}`);
  seen.get(tx)?.delete(creditorId);
}

/** All brands of the tenant. */
export async function brands({ tx }: Act): Promise<Brand[]> {
  const rows = await tx.rows<{
    brand_id: BrandId;
    creditor_id: CreditorId;
    code: string;
    name: string;
    look: Readonly<Record<string, unknown>>;
    contact: Readonly<Record<string, unknown>>;
    tone_ceiling: Brand["toneCeiling"];
  }>(sql`select brand_id, creditor_id, code, name, look, contact, tone_ceiling from brand
         where tenant_id = ${tx.tenantId} order by created_at, brand_id`);
  return rows.map((row) => ({
    brandId: row.brand_id,
    creditorId: row.creditor_id,
    code: row.code,
    name: row.name,
    look: row.look,
    contact: row.contact,
    toneCeiling: row.tone_ceiling,
  }));
}

/** The first brand of a creditor: for money on account that no item names. Throws when it has none. */
export async function brandOf(act: Act, creditorId: CreditorId): Promise<BrandId> {
  const brand = (await brands(act)).find((one) => one.creditorId === creditorId);
  if (!brand) throw new Error(`creditor ${creditorId} has no brand`);
  return brand.brandId;
}

/** Failure `brand_code_taken`. */
export async function createBrand({ tx }: Act, input: BrandInput): Promise<Result<BrandId, Failure>> {
  const brandId = tx.newId<BrandId>();
  const written = await tx.execute(sql`
    insert into brand (tenant_id, brand_id, creditor_id, code, name, look, contact, tone_ceiling, created_at)
    values (${tx.tenantId}, ${brandId}, ${input.creditorId}, ${input.code}, ${input.name},
            ${JSON.stringify(input.look)}::jsonb, ${JSON.stringify(input.contact)}::jsonb, ${input.toneCeiling}, ${tx.now})
    on conflict (tenant_id, code) do nothing`);
  if (written === 0) return fail("conflict", "brand_code_taken", "Another brand has this code.", "code");
  return ok(brandId);
}
