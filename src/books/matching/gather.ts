/** Asks the store what the texts of a group of payments raise; each kind of question is one statement for all. */
import type { CreditorId, CustomerId, PlainDate, ReceivableId } from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import type { Entry, EntryPayload } from "../banking/index.ts";
import { creditor, customersByNames, findCustomersBy, openIdentities } from "../customers/index.ts";
import {
  claimsOn,
  type DiscountOn,
  discountOn,
  findReceivables,
  type OpenOf,
  type PayableItem,
  payableItems,
} from "../receivables/index.ts";
import {
  type Answers,
  customersIn,
  evidenceOf,
  type Payment,
  type Questions,
  questionsOf,
  withoutCustomerNumbers,
} from "./evidence.ts";
import type { Evidence, OpenItem, PaymentFacts } from "./model.ts";
import { type KnownName, tellingWords } from "./names.ts";
import type { Shape } from "./references.ts";
import { matchingOf } from "./judging/settings.ts";

export function paymentOf(entry: Entry, payload: EntryPayload): Payment {
  return {
    amountMinor: entry.amountMinor,
    currency: entry.currency,
    valueOn: entry.valueOn,
    text: {
      lines: payload.remittance,
      structured: payload.creditorReferences,
      numbers: [...payload.documentNumbers, ...(payload.endToEndId === null ? [] : [payload.endToEndId])],
    },
    payerNames: [payload.payerName, payload.ultimatePayer].filter((name) => name !== null),
    payerIban: payload.payerIban,
  };
}

export interface Gathered {
  readonly entry: Entry;
  readonly payload: EntryPayload;
  readonly payment: Payment;
  readonly questions: Questions;
  readonly bookable: readonly CustomerId[];
  readonly answers: Answers;
}

const itemOf = (item: PayableItem, discount: DiscountOn | undefined): OpenItem => ({
  receivableId: item.receivableId,
  number: item.number,
  openMinor: item.openTotal,
  dueOn: item.dueOn,
  payable: item.assignedOn === undefined,
  ...(item.defaultSince !== undefined && { defaultSince: item.defaultSince }),
  ...(discount && { discount }),
});

/** An entry with the questions its text raises and the customers they point to. */
export interface Pointed {
  readonly entry: Entry;
  readonly payload: EntryPayload;
  readonly payment: Payment;
  readonly questions: Questions;
  readonly pointing: Omit<Answers, "items" | "names">;
  readonly customers: readonly CustomerId[];
  /** Those that more than a name points to: only they can be booked by themselves. */
  readonly bookable: readonly CustomerId[];
}

/** More customers of a name tell nothing. */
const NAME_HITS = 8;

/** Whom the entries point to: one statement a kind of question for all of them. */
export async function point(
  act: Act,
  entries: readonly { readonly entry: Entry; readonly payload: EntryPayload }[],
  shapes: ReadonlyMap<CreditorId, readonly Shape[]>,
): Promise<Pointed[]> {
  const raised = entries.map(({ entry, payload }) => {
    const payment = paymentOf(entry, payload);
    return { entry, payload, payment, questions: questionsOf(payment, shapes.get(entry.creditorId) ?? []) };
  });
  const numbers = new Set(raised.flatMap(({ questions }) => questions.customerNumbers));
  const byCustomerNumber = await findCustomersBy(act, "customer_number", [...numbers]);
  const asked = raised.map((one) => ({
    ...one,
    questions: withoutCustomerNumbers(one.questions, byCustomerNumber),
  }));
  const references = new Set<string>();
  const ibans = new Set<string>();
  for (const { questions, payment } of asked) {
    for (const { token } of questions.references) references.add(token);
    if (payment.payerIban !== null) ibans.add(payment.payerIban);
  }
  const receivables = await findReceivables(act, [...references]);
  const byAccount = await findCustomersBy(act, "iban", [...ibans]);

  const found = asked.map((base): Pointed => {
    const pointing = {
      receivables: new Map(
        base.questions.references.flatMap(({ token }) => {
          const hits = receivables.get(token);
          return hits && hits.length > 0 ? [[token, hits] as const] : [];
        }),
      ),
      byCustomerNumber,
      accountHolders: base.payment.payerIban === null ? [] : (byAccount.get(base.payment.payerIban) ?? []),
      nameHits: [],
    };
    const bookable = customersIn(base.questions, pointing);
    return { ...base, pointing, customers: bookable, bookable };
  });
  return byName(act, found);
}

/** A name is asked for only when nothing else points to anybody, or when a judgement asks for it. */
export async function byName(act: Act, pointed: readonly Pointed[], always = false): Promise<Pointed[]> {
  const wordsOf = ({ customers, payment }: Pointed): string[] =>
    customers.length > 0 && !always ? [] : payment.payerNames.map((name) => tellingWords(name).join(" "));
  const known = await customersByNames(act, pointed.flatMap(wordsOf), NAME_HITS);
  return pointed.map((one) => {
    const nameHits = [...new Set(wordsOf(one).flatMap((words) => known.get(words) ?? []))];
    if (nameHits.length === 0) return one;
    const pointing = { ...one.pointing, nameHits };
    return { ...one, pointing, customers: customersIn(one.questions, pointing) };
  });
}

const customersOf = (pointed: readonly Pointed[]): CustomerId[] => [
  ...new Set(pointed.flatMap(({ customers }) => customers)),
];

/** Names of customers as far as they are not known yet; they don't change while a group is matched. */
async function readNames(
  act: Act,
  pointed: readonly Pointed[],
  known: Map<CustomerId, readonly KnownName[]>,
): Promise<void> {
  const missing = customersOf(pointed).filter((id) => !known.has(id));
  const identities = await openIdentities(act, missing);
  for (const id of missing) {
    const identity = identities.get(id);
    known.set(id, identity ? [{ firstName: identity.firstName, name: identity.name, company: identity.company }] : []);
  }
}

/** The world as it stands: open items of everybody pointed to, one read for all. */
export async function gather(
  act: Act,
  pointed: readonly Pointed[],
  names: Map<CustomerId, readonly KnownName[]> = new Map(),
): Promise<{ readonly gathered: readonly Gathered[]; readonly open: OpenOf }> {
  await readNames(act, pointed, names);
  const open = await payableItems(act, customersOf(pointed));
  const tolerances = new Map<CreditorId, number>();
  for (const { entry } of pointed)
    if (!tolerances.has(entry.creditorId))
      tolerances.set(entry.creditorId, matchingOf(await creditor(act, entry.creditorId)).discountDays);
  const gathered = pointed.map(({ pointing, customers, ...base }): Gathered => {
    const { creditorId, currency, valueOn } = base.entry;
    const days = tolerances.get(creditorId) ?? 0;
    const items = (id: CustomerId): OpenItem[] =>
      (open.get(id) ?? [])
        .filter((item) => item.creditorId === creditorId && item.currency === currency)
        .map((item) => itemOf(item, item.discountTerms && discountOn(item, valueOn, days)));
    return {
      ...base,
      answers: {
        ...pointing,
        items: new Map(customers.map((id) => [id, items(id)])),
        names: new Map(customers.map((id) => [id, names.get(id) ?? []])),
      },
    };
  });
  return { gathered, open };
}

export const weigh = (
  gathered: Gathered,
): { readonly payment: PaymentFacts; readonly evidences: readonly Evidence[] } =>
  evidenceOf(gathered.payment, gathered.questions, gathered.answers);

/** Customers a claim is counted for; more candidates than this are no question of interest. */
const CLAIM_CUSTOMERS = 5;

/** Interest runs from the first day of default on; before it the claim is the balance, and nothing needs to be read. */
const maySayMore = ({ openMinor, dueOn, defaultSince }: OpenItem, valueOn: PlainDate): boolean =>
  openMinor > 0n && dueOn < valueOn && defaultSince !== undefined && defaultSince <= valueOn;

/**
 * The same with what each item may be claimed at on the value date (interest): a notice may have asked for that. Two
 * statements a value date for all.
 */
export async function withClaims(act: Act, gathered: readonly Gathered[]): Promise<Gathered[]> {
  const asked = new Map<PlainDate, Map<CustomerId, ReceivableId[]>>();
  for (const { payment, answers } of gathered) {
    const customers = asked.get(payment.valueOn) ?? new Map<CustomerId, ReceivableId[]>();
    asked.set(payment.valueOn, customers);
    for (const [customerId, list] of [...answers.items].slice(0, CLAIM_CUSTOMERS)) {
      const overdue = list.filter((item) => maySayMore(item, payment.valueOn));
      if (overdue.length > 0)
        customers.set(customerId, [
          ...(customers.get(customerId) ?? []),
          ...overdue.map(({ receivableId }) => receivableId),
        ]);
    }
  }
  const claims = new Map<PlainDate, Awaited<ReturnType<typeof claimsOn>>>();
  for (const [day, customers] of asked)
    if (customers.size > 0)
      claims.set(day, await claimsOn(act, [...customers.keys()], day, [...customers.values()].flat()));
  return gathered.map((one) => {
    const { valueOn } = one.payment;
    if (![...one.answers.items].some(([customerId]) => claims.get(valueOn)?.has(customerId))) return one;
    const items = new Map(
      [...one.answers.items].map(([customerId, list], index): [CustomerId, readonly OpenItem[]] => {
        const found = index < CLAIM_CUSTOMERS ? claims.get(valueOn)?.get(customerId) : undefined;
        if (!found) return [customerId, list];
        const claimed = (item: OpenItem): OpenItem => {
          const claim = item.dueOn < valueOn ? found.get(item.receivableId)?.totalMinor : undefined;
          return claim === undefined || claim === item.openMinor ? item : { ...item, claimMinor: claim };
        };
        return [customerId, list.map(claimed)];
      }),
    );
    return { ...one, answers: { ...one.answers, items } };
  });
}
