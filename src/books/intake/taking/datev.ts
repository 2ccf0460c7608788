/** DATEV: what a batch of bookings leaves open on customer accounts, and the customers' master data. */
import {
  DATEV_CATEGORIES,
  type DatevCustomer,
  datevCustomers,
  type DatevFile,
  type DatevOpenItem,
  datevReceivables,
  type FileReport,
  limitedWarnings,
  readDatevFile,
  reportFile,
} from "../../../pure/formats/index.ts";
import {
  addDays,
  currency as currencyOf,
  dateIn,
  EUR,
  type Failure,
  moneyFromDecimal,
  ok,
  type PlainDate,
  type Result,
} from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import {
  customerFacts,
  type CustomerInput,
  knownCustomers,
  type TakenCustomer,
  takeCustomers,
} from "../../customers/index.ts";
import {
  type HoldInput,
  holdsOf,
  keepCases,
  placeHold,
  type ReceivableInput,
  takeReceivables,
} from "../../receivables/index.ts";
import { brandOfCreditor, creditorNamed, readBooks } from "../creditors.ts";
import type { FileInput } from "../model.ts";

interface DatevTaken {
  readonly new: number;
  readonly known: number;
  readonly failed: number;
  readonly warnings: readonly string[];
}

const BATCH = 5_000;
/** Days to pay where no due date is given: default begins after them without notice (§ 286 III BGB). */
const DAYS_WITHOUT_DUE_DATE = 30;

function customerOf(of: DatevCustomer, brandIds: CustomerInput["brandIds"]): CustomerInput {
  const country = of.country ?? "DE";
  const { postcode, city } = of;
  const street = of.street ?? (of.postbox === null ? null : `Postfach ${of.postbox}`);
  const company = of.company ?? (of.name === null ? `Debitor ${of.account}` : null);
  return {
    number: of.account,
    kind: of.kind === "company" || (of.kind === null && of.company !== null) ? "business" : "consumer",
    language: of.language === "en" ? "en" : "de",
    country,
    identity: {
      ...(of.firstName === null ? {} : { firstName: of.firstName }),
      ...(of.name === null ? {} : { name: of.name }),
      ...(company === null ? {} : { company }),
      addresses: street !== null && postcode !== null && city !== null ? [{ street, postcode, city, country }] : [],
    },
    ...(of.email === null ? {} : { email: of.email }),
    ...(of.phone === null ? {} : { phone: of.phone }),
    ...(of.ibans.length === 0 ? {} : { ibans: of.ibans }),
    brandIds,
  };
}

/** A customer of whom the bookings give the account alone; master data completes it later. */
const bare = (account: string, brandIds: CustomerInput["brandIds"]): CustomerInput => ({
  number: account,
  kind: "consumer",
  language: "de",
  country: "DE",
  identity: { company: `Debitor ${account}`, addresses: [] },
  brandIds,
});

/** Failures of `readDatevFile`, `creditor_unknown`, `creditor_without_brand`. */
async function takeDatev(
  act: Act,
  bytes: Uint8Array,
  input: FileInput,
  fingerprint: Buffer,
): Promise<Result<DatevTaken, Failure>> {
  const read = readDatevFile(bytes);
  if (!read.ok) return read;
  const books = await readBooks(act);
  const creditor = creditorNamed(books, input.creditorId);
  if (!creditor.ok) return creditor;
  const brand = brandOfCreditor(books, creditor.value.creditorId);
  if (!brand.ok) return brand;
  const { category } = read.value.header;
  const brandIds = [brand.value.brandId];
  const { creditorId, zone } = creditor.value;
  const today = dateIn(act.tx.now, zone);
  if (category === DATEV_CATEGORIES.accounts) return ok(await takeMasterData(act, read.value, brandIds, today));
  if (category !== DATEV_CATEGORIES.bookings) return ok({ new: 0, known: 0, failed: 0, warnings: [] });

  const found = datevReceivables(read.value);
  const counts = { new: 0, known: 0, failed: found.failed };
  const warnings: string[] = [];
  const open = found.items.filter((item) => item.open.digits !== 0n);
  for (let from = 0; from < open.length; from += BATCH) {
    const part = open.slice(from, from + BATCH);
    const accounts = [...new Set(part.map((item) => item.customerAccount))];
    const customers = await takeKnownOrBare(act, accounts, brandIds);
    const facts = await customerFacts(act, [...new Set([...customers.values()].map(({ customerId }) => customerId))]);
    const inputs: ReceivableInput[] = [];
    const lines: number[] = [];
    for (const item of part) {
      const customer = customers.get(item.customerAccount);
      const kind = (customer && facts.get(customer.customerId)?.kind) ?? "consumer";
      const stated = receivableOf(
        item,
        { creditorId, brandId: brand.value.brandId, customerKind: kind, sourceFile: fingerprint },
        customer,
        today,
      );
      if (stated) {
        inputs.push(stated);
        lines.push(item.line);
      } else {
        counts.failed += 1;
        warnings.push(`The amount or its currency can't be booked; the item was left out. (${item.line})`);
      }
    }
    const taken = await takeReceivables(act, inputs);
    counts.new += taken.new.length;
    counts.known += taken.known;
    counts.failed += taken.refused.length;
    for (const { index, failure } of taken.refused) warnings.push(`${failure.message} (${lines[index] ?? 0})`);
    await keepCases(act, [...new Set(inputs.map(({ customerId }) => customerId))], today);
  }
  return ok({ ...counts, warnings });
}

async function takeMasterData(
  act: Act,
  file: DatevFile,
  brandIds: CustomerInput["brandIds"],
  today: PlainDate,
): Promise<DatevTaken> {
  const found = datevCustomers(file);
  const counts = { new: 0, known: 0 };
  for (let from = 0; from < found.customers.length; from += BATCH) {
    const part = found.customers.slice(from, from + BATCH);
    const taken = await takeCustomers(
      act,
      part.map((one) => customerOf(one, brandIds)),
    );
    for (const { known } of taken.values()) counts[known ? "known" : "new"] += 1;
    await keepBlocks(act, part, taken, today);
  }
  return { ...counts, failed: found.failed, warnings: [] };
}

/**
 * What the bookkeeping says against dunning: blocked until a day, insolvent. A hold that a person has lifted is not placed
 * again by the same statement.
 */
async function keepBlocks(
  act: Act,
  stated: readonly DatevCustomer[],
  taken: ReadonlyMap<string, TakenCustomer>,
  today: PlainDate,
): Promise<void> {
  const wanted = stated.flatMap(({ account, dunningBlockedUntil, insolvent }): HoldInput[] => {
    const customerId = taken.get(account)?.customerId;
    if (customerId === undefined) return [];
    const blocked = dunningBlockedUntil !== null && dunningBlockedUntil >= today;
    return [
      ...(blocked ? [{ customerId, ground: "manual", startsOn: today, endsOn: dunningBlockedUntil } as const] : []),
      ...(insolvent ? [{ customerId, ground: "insolvency", startsOn: today } as const] : []),
    ];
  });
  const holds = await holdsOf(act, [...new Set(wanted.map(({ customerId }) => customerId))], "all");
  for (const hold of wanted) {
    const known = holds.get(hold.customerId) ?? [];
    if (known.some(({ ground, endsOn }) => ground === hold.ground && endsOn === hold.endsOn)) continue;
    const placed = await placeHold(act, hold);
    if (!placed.ok) throw new Error(placed.error.message);
  }
}

/** An account that is known keeps its name: bookings carry none. */
async function takeKnownOrBare(
  act: Act,
  accounts: readonly string[],
  brandIds: CustomerInput["brandIds"],
): Promise<Map<string, TakenCustomer>> {
  const known = await knownCustomers(act, accounts);
  const fresh = accounts.filter((account) => !known.has(account));
  const taken = await takeCustomers(
    act,
    fresh.map((account) => bare(account, brandIds)),
  );
  return new Map([...taken, ...known]);
}

function receivableOf(
  item: DatevOpenItem,
  shared: Pick<ReceivableInput, "creditorId" | "brandId" | "customerKind" | "sourceFile">,
  customer: TakenCustomer | undefined,
  today: ReceivableInput["issuedOn"],
): ReceivableInput | undefined {
  const code = currencyOf(item.currency ?? EUR);
  const money = code.ok ? moneyFromDecimal(item.open, code.value) : undefined;
  if (customer === undefined || !money?.ok) return undefined;
  const { minor, currency } = money.value;
  const issuedOn = item.issuedOn ?? today;
  const dueOn = item.dueOn ?? addDays(issuedOn, DAYS_WITHOUT_DUE_DATE);
  return {
    customerId: customer.customerId,
    ...(customer.filedUnder !== undefined && { filedUnder: customer.filedUnder }),
    ...shared,
    itemKind: minor < 0n ? "credit_note" : "invoice",
    number: item.invoiceNumber,
    claimKind: "sale",
    paymentClaim: true,
    amountMinor: minor < 0n ? -minor : minor,
    currency,
    issuedOn,
    aroseOn: issuedOn,
    dueOn: dueOn < issuedOn ? issuedOn : dueOn,
    dueDateAgreed: false,
    notice30Days: false,
    directDebit: false,
  };
}

/** The element of a DATEV file. Failures of `takeDatev`. */
export async function takeDatevFile(
  act: Act,
  name: string,
  input: FileInput,
  bytes: Buffer,
  fingerprint: Buffer,
): Promise<Result<FileReport, Failure>> {
  const read = await reportFile(name, [bytes]);
  const taken = await takeDatev(act, bytes, input, fingerprint);
  if (!taken.ok) return taken;
  const warnings = limitedWarnings([...read.warnings, ...taken.value.warnings]);
  return ok({
    ...read,
    status: taken.value.failed > 0 ? "partial" : read.status,
    warnings,
    imported: { new: taken.value.new, known: taken.value.known },
  });
}
