/** Asks the store what the texts of a group of payments raise; each kind of question is one statement for all. */
import type { CreditorId, CustomerId, ReceivableId } from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import type { Entry, EntryPayload } from "../banking/index.ts";
import { customersByName, findCustomersBy, openIdentities } from "../customers/index.ts";
import { claimOn, findReceivables, openItems, type Receivable } from "../receivables/index.ts";
import { type Answers, customersIn, evidenceOf, type Payment, type Questions, questionsOf } from "./evidence.ts";
import type { Evidence, OpenItem, PaymentFacts } from "./model.ts";
import { tellingWords } from "./names.ts";
import type { Shape } from "./references.ts";

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
  readonly answers: Answers;
}

const itemOf = (item: Receivable): OpenItem => ({
  receivableId: item.receivableId,
  number: item.number,
  openMinor: item.openTotal,
  dueOn: item.dueOn,
  payable: item.assignedOn === undefined,
});

/** Open items of customers that this entry's creditor and currency concern. */
export async function itemsFor(
  act: Act,
  customerIds: readonly CustomerId[],
): Promise<(customerId: CustomerId, creditorId: CreditorId, currency: string) => OpenItem[]> {
  const open = await openItems(act, customerIds);
  return (customerId, creditorId, currency) =>
    (open.get(customerId) ?? [])
      .filter((item) => item.creditorId === creditorId && item.currency === currency)
      .map(itemOf);
}

/** A name is asked for only when nothing else points to anybody; one statement each, so not for every entry. */
const NAME_HITS = 8;

export async function gather(
  act: Act,
  entries: readonly { readonly entry: Entry; readonly payload: EntryPayload }[],
  shapes: ReadonlyMap<CreditorId, readonly Shape[]>,
): Promise<Gathered[]> {
  const asked = entries.map(({ entry, payload }) => {
    const payment = paymentOf(entry, payload);
    return { entry, payload, payment, questions: questionsOf(payment, shapes.get(entry.creditorId) ?? []) };
  });
  const references = asked.flatMap(({ questions }) => questions.references.map(({ token }) => token));
  const numbers = asked.flatMap(({ questions }) => questions.customerNumbers);
  const ibans = asked.flatMap(({ payment }) => (payment.payerIban === null ? [] : [payment.payerIban]));
  const receivables = await findReceivables(act, [...new Set(references)]);
  const byCustomerNumber = await findCustomersBy(act, "customer_number", [...new Set(numbers)]);
  const byAccount = await findCustomersBy(act, "iban", [...new Set(ibans)]);

  const found: { base: (typeof asked)[number]; pointing: Omit<Answers, "items" | "names">; customers: CustomerId[] }[] =
    [];
  for (const base of asked) {
    const pointing = {
      receivables: new Map(
        base.questions.references.flatMap(({ token }) => {
          const hits = receivables.get(token);
          return hits && hits.length > 0 ? [[token, hits] as const] : [];
        }),
      ),
      byCustomerNumber,
      accountHolders: base.payment.payerIban === null ? [] : (byAccount.get(base.payment.payerIban) ?? []),
      nameHits: [] as readonly CustomerId[],
    }; // prettier-ignore
    let customers = customersIn(base.questions, pointing);
    if (customers.length === 0) {
      for (const name of base.payment.payerNames)
        pointing.nameHits = [
          ...pointing.nameHits,
          ...(await customersByName(act, tellingWords(name).join(" "), NAME_HITS)),
        ];
      customers = customersIn(base.questions, pointing);
    }
    found.push({ base, pointing, customers });
  }

  const everybody = [...new Set(found.flatMap(({ customers }) => customers))];
  const items = await itemsFor(act, everybody);
  const identities = await openIdentities(act, everybody);
  return found.map(({ base, pointing, customers }) => ({
    ...base,
    answers: {
      ...pointing,
      items: new Map(customers.map((id) => [id, items(id, base.entry.creditorId, base.entry.currency)])),
      names: new Map(
        customers.map((id) => {
          const identity = identities.get(id);
          return [
            id,
            identity ? [{ firstName: identity.firstName, name: identity.name, company: identity.company }] : [],
          ];
        }),
      ),
    },
  }));
}

export const weigh = (
  gathered: Gathered,
): { readonly payment: PaymentFacts; readonly evidences: readonly Evidence[] } =>
  evidenceOf(gathered.payment, gathered.questions, gathered.answers);

/** The same with what each item may be claimed at on the value date (interest): a notice may have asked for that. */
export async function withClaims(act: Act, gathered: Gathered): Promise<Gathered> {
  const items = new Map<CustomerId, readonly OpenItem[]>();
  for (const [customerId, list] of gathered.answers.items) {
    const overdue = list.filter((item) => item.openMinor > 0n && item.dueOn < gathered.payment.valueOn);
    if (overdue.length === 0 || items.size >= 5) {
      items.set(customerId, list);
      continue;
    }
    const ids: ReceivableId[] = overdue.map(({ receivableId }) => receivableId);
    const claims = await claimOn(act, customerId, gathered.payment.valueOn, ids);
    items.set(
      customerId,
      list.map((item) => {
        const claim = claims.get(item.receivableId)?.totalMinor;
        return claim === undefined || claim === item.openMinor ? item : { ...item, claimMinor: claim };
      }),
    );
  }
  return { ...gathered, answers: { ...gathered.answers, items } };
}
