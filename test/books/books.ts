/** A tenant with one creditor and brand, and short ways to make customers and items, for tests of the books. */
import { type Act, type Actor, type Platform, withAct } from "../../src/platform/access/index.ts";
import {
  createBrand,
  createCreditor,
  type CustomerInput,
  type Identity,
  takeCustomers,
} from "../../src/books/customers/index.ts";
import { type ReceivableInput, takeReceivables } from "../../src/books/receivables/index.ts";
import {
  type BrandId,
  type CreditorId,
  type CustomerId,
  EUR,
  expectOk,
  type PlainDate,
  type ReceivableId,
  type TenantId,
} from "../../src/pure/kernel/index.ts";
import { createTestDatabase, type TestDatabase, type TestDatabaseOptions } from "../support/database.ts";

export const SYSTEM: Actor = { kind: "system", id: "test" };
export const day = (text: string): PlainDate => text as PlainDate;

export interface Books {
  readonly kulanz: TestDatabase;
  readonly platform: Platform;
  readonly tenantId: TenantId;
  readonly creditorId: CreditorId;
  readonly brandId: BrandId;
  act<T>(work: (act: Act) => Promise<T>, actor?: Actor): Promise<T>;
  drop(): Promise<void>;
}

export async function openBooks(
  options: TestDatabaseOptions & { readonly settings?: Readonly<Record<string, unknown>> } = {},
): Promise<Books> {
  const kulanz = await createTestDatabase(options);
  const platform: Platform = { database: kulanz.database, vault: kulanz.vault };
  const tenantId = await kulanz.createTenant("Blumenhof Versand");
  const made = await withAct(platform, tenantId, SYSTEM, (act) =>
    makeCreditor(act, "DE02120300000000202051", "main", options.settings),
  );
  return {
    kulanz,
    platform,
    tenantId,
    ...made,
    act: (work, actor = SYSTEM) => withAct(platform, tenantId, actor, work),
    drop: () => kulanz.drop(),
  };
}

export async function makeCreditor(
  act: Act,
  iban: string,
  code: string,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<{ creditorId: CreditorId; brandId: BrandId }> {
  const creditorId = expectOk(
    await createCreditor(act, {
      name: "Blumenhof Versand GmbH",
      address: { street: "Gartenweg 3", postcode: "50667", city: "Köln" },
      legalFooter: "Blumenhof Versand GmbH, Köln, HRB 1234 AG Köln, Geschäftsführung: Ida Beispiel",
      country: "DE",
      state: "NW",
      zone: "Europe/Berlin",
      deductsInputTax: true,
      leads: "kulanz",
      privacyContact: "datenschutz@blumenhof.example",
      settings,
      accounts: [{ iban, accountHolder: "Blumenhof Versand GmbH", isDefault: true }],
    }),
  );
  const brandId = expectOk(
    await createBrand(act, { creditorId, code, name: "Blumenhof", look: {}, contact: {}, toneCeiling: "firm" }),
  );
  return { creditorId, brandId };
}

export const customerInput = (
  books: Pick<Books, "brandId">,
  number: string,
  identity: Partial<Identity> = {},
  more: Partial<CustomerInput> = {},
): CustomerInput => ({
  number,
  kind: "consumer",
  language: "de",
  country: "DE",
  identity: {
    firstName: "Erika",
    name: "Musterfrau",
    addresses: [{ street: "Heidestraße 17", postcode: "51147", city: "Köln", country: "DE" }],
    ...identity,
  },
  brandIds: [books.brandId],
  ...more,
});

export async function makeCustomer(act: Act, books: Pick<Books, "brandId">, number: string): Promise<CustomerId> {
  const taken = (await takeCustomers(act, [customerInput(books, number)])).get(number);
  if (!taken) throw new Error("the customer was not taken");
  return taken.customerId;
}

export const itemInput = (
  books: Pick<Books, "brandId" | "creditorId">,
  customerId: CustomerId,
  number: string,
  amountMinor: bigint,
  more: Partial<ReceivableInput> = {},
): ReceivableInput => ({
  customerId,
  creditorId: books.creditorId,
  brandId: books.brandId,
  itemKind: "invoice",
  number,
  claimKind: "sale",
  paymentClaim: true,
  customerKind: "consumer",
  amountMinor,
  currency: EUR,
  issuedOn: day("2026-03-01"),
  aroseOn: day("2026-03-01"),
  dueOn: day("2026-03-15"),
  dueDateAgreed: false,
  notice30Days: false,
  directDebit: false,
  ...more,
});

export async function makeItem(act: Act, ...input: Parameters<typeof itemInput>): Promise<ReceivableId> {
  const taken = await takeReceivables(act, [itemInput(...input)]);
  const [id] = taken.new;
  if (!id) throw new Error("the item was not taken");
  return id;
}
