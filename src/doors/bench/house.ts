/** A creditor that can write to its customers and be paid, for the benches: made through the rooms' own functions. */
import { addDays, type CreditorId, type CustomerId, EUR, expectOk, type PlainDate } from "../../pure/kernel/index.ts";
import { type Actor, createTenant, type Platform, withAct } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import { createCreditor, takeCustomers } from "../../books/customers/index.ts";
import { takeReceivables } from "../../books/receivables/index.ts";
import { LANGUAGES, publishBrand, publishTexts, shippedTexts } from "../../outreach/messaging/index.ts";
import { publishStrategy, type Strategy } from "../../outreach/dunning/index.ts";
import { mix, type PortfolioOwner } from "./portfolio.ts";

export const BENCH_ACTOR: Actor = { kind: "system", id: "bench", role: "admin" };
export const CREDITOR_ACCOUNT = "DE02120300000000202051";

/** Monday, 10 o'clock in Berlin: mails may leave, and every bench runs on the same day. */
export const BENCH_CLOCK_START = Date.UTC(2026, 10, 2, 9);
export const BENCH_DAY = "2026-11-02" as PlainDate;

/** Inputs of one statement: what an import of a large file takes at once. */
const PIECE = 5_000;

/** A tenant without gaps and caps, with one creditor, its account, one brand, texts and a strategy. */
export async function furnish(platform: Platform, name: string, strategy: Strategy): Promise<PortfolioOwner> {
  const tenantId = expectOk(await createTenant(platform.database, platform.vault, { name }));
  return withAct(platform, tenantId, BENCH_ACTOR, async (act) => {
    await act.tx.execute(sql`
      update tenant set settings = '{"contactRules":{"gapDays":0,"maximumAsks":1000,"withinDays":7}}' where tenant_id = ${tenantId}`);
    for (const language of LANGUAGES) expectOk(await publishTexts(act, language, shippedTexts(language)));
    const creditorId: CreditorId = expectOk(
      await createCreditor(act, {
        name: "Bench GmbH",
        address: { street: "Messweg 1", postcode: "50667", city: "Köln" },
        legalFooter: "Bench GmbH, Köln",
        country: "DE",
        state: "NW",
        zone: "Europe/Berlin",
        deductsInputTax: true,
        leads: "kulanz",
        privacyContact: "bench@bench.example",
        settings: {},
        accounts: [{ iban: CREDITOR_ACCOUNT, accountHolder: "Bench GmbH", isDefault: true }],
      }),
    );
    const brandId = expectOk(
      await publishBrand(act, {
        creditorId,
        code: "bench",
        name: "Bench",
        colour: "#1e5b4b",
        contact: {
          shortName: "Bench",
          team: { de: "Kundenservice", en: "Customer service" },
          person: "Mia Beispiel",
          personFirstName: "Mia",
          phone: "0221 12345-60",
          phoneHours: { de: "Mo–Fr 9–17 Uhr", en: "Mon–Fri 9 am to 5 pm" },
          replyTo: "bench@bench.example",
          sender: "Bench <bench@bench.example>",
        },
        toneCeiling: "factual",
      }),
    );
    expectOk(await publishStrategy(act, creditorId, strategy));
    return { tenantId, creditorId, brandId };
  });
}

/** One reminder by one channel. */
export const reminderBy = (channel: "email" | "letter"): Strategy => ({
  schema: 1,
  name: "Bench",
  stages: [
    {
      key: "reminder",
      days: 5,
      afterPreviousDays: 0,
      effect: "none",
      channels: [channel],
      tones: ["friendly", "factual"],
      termDays: { email: 7, letter: 10 },
      automation: "auto",
    },
  ],
  guardRails: { minimumMinor: {} },
});

const FIRST_NAMES = ["Ada", "Ben", "Cleo", "Dora", "Emil", "Fine", "Gero", "Hanna", "Ivo", "Jule", "Karl", "Lene"];
const SYLLABLES = ["Al", "Ber", "Dor", "Ei", "Fal", "Gro", "Hol", "Is", "Kron", "Lin", "Mar", "Ost", "Rei", "Stein"];
const ENDINGS = ["bach", "berg", "feld", "hagen", "hof", "mann", "meier", "müller", "stedt", "thal", "wald", "weg"];

/** Made-up names, about 28,000 different ones; some customers share one, as in life. */
export function personOf(customer: number): { readonly firstName: string; readonly name: string } {
  const pick = (list: readonly string[], stream: number): string => list[mix(customer, stream) % list.length] ?? "";
  return {
    firstName: pick(FIRST_NAMES, 0),
    name: `${pick(SYLLABLES, 1)}${pick(SYLLABLES, 2).toLowerCase()}${pick(ENDINGS, 3)}`,
  };
}

/** A German account number with right check digits (ISO 13616). */
export function ibanOf(customer: number): string {
  const account = `12030000${String(customer).padStart(10, "0")}`;
  const check = 98n - (BigInt(`${account}131400`) % 97n);
  return `DE${String(check).padStart(2, "0")}${account}`;
}

/** Of 70 % of the customers money came from their account before. */
export const accountIsKnown = (customer: number): boolean => mix(customer, 3) % 10 < 7;

export async function takeBenchCustomers(
  platform: Platform,
  { tenantId, brandId }: PortfolioOwner,
  numbers: readonly number[],
): Promise<Map<number, CustomerId>> {
  const ids = new Map<number, CustomerId>();
  for (let from = 0; from < numbers.length; from += PIECE) {
    const taken = await withAct(platform, tenantId, BENCH_ACTOR, (act) =>
      takeCustomers(
        act,
        numbers.slice(from, from + PIECE).map((customer) => ({
          number: String(customer),
          kind: "consumer",
          language: "de",
          country: "DE",
          state: "NW",
          identity: {
            ...personOf(customer),
            addresses: [{ street: `Prüfweg ${1 + (customer % 200)}`, postcode: "50667", city: "Köln", country: "DE" }],
          },
          email: `kunde-${customer}@post.example`,
          ...(accountIsKnown(customer) && { ibans: [ibanOf(customer)] }),
          brandIds: [brandId],
        })),
      ),
    );
    for (const [number, { customerId }] of taken) ids.set(Number(number), customerId);
  }
  return ids;
}

export interface BenchItem {
  readonly customer: number;
  readonly number: string;
  readonly cents: number;
  readonly dueOn: PlainDate;
}

export async function takeBenchItems(
  platform: Platform,
  { tenantId, creditorId, brandId }: PortfolioOwner,
  customers: ReadonlyMap<number, CustomerId>,
  items: readonly BenchItem[],
): Promise<void> {
  for (let from = 0; from < items.length; from += PIECE)
    await withAct(platform, tenantId, BENCH_ACTOR, (act) =>
      takeReceivables(
        act,
        items.slice(from, from + PIECE).map(({ customer, number, cents, dueOn }) => {
          const customerId = customers.get(customer);
          if (customerId === undefined) throw new Error(`customer ${customer} was not taken`);
          return {
            customerId,
            creditorId,
            brandId,
            itemKind: "invoice",
            number,
            claimKind: "sale",
            paymentClaim: true,
            customerKind: "consumer",
            amountMinor: BigInt(cents),
            currency: EUR,
            issuedOn: addDays(dueOn, -14),
            aroseOn: addDays(dueOn, -14),
            dueOn,
            dueDateAgreed: false,
            notice30Days: false,
            directDebit: false,
          };
        }),
      ),
    );
}

/** N customers with one overdue item each. */
export async function takeOverdueCustomers(
  platform: Platform,
  owner: PortfolioOwner,
  count: number,
): Promise<Map<number, CustomerId>> {
  const numbers = Array.from({ length: count }, (_, k) => k + 1);
  const customers = await takeBenchCustomers(platform, owner, numbers);
  await takeBenchItems(
    platform,
    owner,
    customers,
    numbers.map((customer) => ({
      customer,
      number: `RE-${String(customer).padStart(7, "0")}`,
      cents: 500 + (mix(customer, 2) % 49_501),
      dueOn: addDays(BENCH_DAY, -10),
    })),
  );
  await freshStatistics(platform);
  return customers;
}

/** A database that has been in use knows its sizes; one that was filled a second ago does not. */
export const freshStatistics = (platform: Platform): Promise<number> =>
  platform.database.owner(async (tx) => {
    // What autovacuum does within a minute: words not yet sorted into the index are read whole by every search.
    await tx.execute(sql`select gin_clean_pending_list('customer_search_tokens')`);
    return tx.execute(sql`analyze`);
  });
