/**
 * From a payment to the questions its text raises, and from the answers to evidence per customer. Pure, so that the
 * measured generator and the product weigh exactly the same; `gather.ts` asks the questions of the store.
 */
import type { CustomerId, PlainDate, ReceivableId } from "../../pure/kernel/index.ts";
import type { AccountEvidence, Evidence, OpenItem, PaymentFacts } from "./model.ts";
import { type KnownName, nameAgreement } from "./names.ts";
import {
  customerNumbersIn,
  type FoundReference,
  normaliseReference,
  type Quality,
  type RemittanceText,
  referencesIn,
  type Shape,
} from "./references.ts";

/** A credit as the bank wrote it, with what payer and text say. */
export interface Payment {
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly valueOn: PlainDate;
  readonly text: RemittanceText;
  /** Payer and ultimate payer. */
  readonly payerNames: readonly string[];
  readonly payerIban: string | null;
}

export interface Questions {
  readonly references: readonly FoundReference[];
  readonly customerNumbers: readonly string[];
}

export function questionsOf(payment: Payment, shapes: readonly Shape[]): Questions {
  return {
    references: referencesIn(payment.text, shapes),
    customerNumbers: customerNumbersIn(payment.text.lines),
  };
}

/**
 * Without the digits that the text calls a customer number and that are one: `Kd 4711` of customer 4711 is not meant as
 * item `RE-0004711`, and looking for that would draw somebody else in.
 */
export function withoutCustomerNumbers(
  questions: Questions,
  byCustomerNumber: ReadonlyMap<string, readonly CustomerId[]>,
): Questions {
  const known = new Set(
    questions.customerNumbers.filter((number) => byCustomerNumber.has(number)).map(normaliseReference),
  );
  if (known.size === 0) return questions;
  return {
    ...questions,
    references: questions.references.filter(
      ({ customerNumber }) => customerNumber === undefined || !known.has(customerNumber),
    ),
  };
}

export interface Answers {
  /** Who has a reference (normalised), as far as anybody has. */
  readonly receivables: ReadonlyMap<
    string,
    readonly { readonly customerId: CustomerId; readonly receivableId: ReceivableId }[]
  >;
  readonly byCustomerNumber: ReadonlyMap<string, readonly CustomerId[]>;
  /** Customers the payer's account is known for. */
  readonly accountHolders: readonly CustomerId[];
  /** Customers whose name has the payer's words; asked only when nothing else points anywhere. */
  readonly nameHits: readonly CustomerId[];
  /** Open items of a customer, and the settled ones the text names. */
  readonly items: ReadonlyMap<CustomerId, readonly OpenItem[]>;
  readonly names: ReadonlyMap<CustomerId, readonly KnownName[]>;
}

/** An account or a number more customers than this have tells nothing. */
export const CUSTOMERS_MAX = 20;

/** Customers that references, account, customer number or name point to; each once. */
export function customersIn(questions: Questions, answers: Omit<Answers, "items" | "names">): CustomerId[] {
  const found = new Set<CustomerId>();
  for (const { token } of questions.references) {
    const owners = answers.receivables.get(token) ?? [];
    // Mostly one; so many that they may be too many are counted first.
    if (owners.length <= CUSTOMERS_MAX || new Set(owners.map(({ customerId }) => customerId)).size <= CUSTOMERS_MAX)
      for (const { customerId } of owners) found.add(customerId);
  }
  for (const number of questions.customerNumbers)
    for (const id of answers.byCustomerNumber.get(number) ?? []) found.add(id);
  if (answers.accountHolders.length <= CUSTOMERS_MAX) for (const id of answers.accountHolders) found.add(id);
  for (const id of answers.nameHits.slice(0, CUSTOMERS_MAX)) found.add(id);
  return [...found];
}

const RANK: Readonly<Record<Quality, number>> = { structured: 3, exact: 2, digits: 1, similar: 0 };

/**
 * The items of a reference printed for several of them. Nothing when the text names some of them besides: then the payer
 * chose among them, and the amount or a person says which; nor when it has two such references.
 */
function bundleOf(
  customerId: CustomerId,
  { references }: Questions,
  { receivables }: Answers,
): ReadonlySet<ReceivableId> | undefined {
  const sets: { readonly structured: boolean; readonly items: ReadonlySet<ReceivableId> }[] = [];
  for (const { token, quality } of references) {
    const owners = receivables.get(token) ?? [];
    if ((quality !== "structured" && quality !== "exact") || !owners.some((owner) => owner.customerId === customerId))
      continue;
    const alone = owners.every((owner) => owner.customerId === customerId);
    const own = owners.filter((owner) => owner.customerId === customerId);
    const items = new Set(own.map(({ receivableId }) => receivableId));
    sets.push({ structured: quality === "structured" && alone, items });
  }
  const [bundle, another] = sets.filter(({ structured, items }) => structured && items.size > 1);
  if (!bundle || another) return undefined;
  const besides = new Set(sets.filter((set) => set !== bundle).flatMap(({ items }) => [...items]));
  const chosen = [...bundle.items].filter((id) => besides.has(id)).length;
  return chosen === 0 || chosen === bundle.items.size ? bundle.items : undefined;
}

export function evidenceOf(
  payment: Payment,
  questions: Questions,
  answers: Answers,
): { readonly payment: PaymentFacts; readonly evidences: readonly Evidence[] } {
  const unknown = questions.references.filter(
    ({ token, quality }) =>
      !answers.receivables.has(token) && (quality === "structured" || (quality === "exact" && /\p{L}/u.test(token))),
  );
  // Ids that machines make (end-to-end) look like numbers too often to say anything when nobody knows them.
  const { structured, lines } = payment.text;
  const written = unknown.length === 0 ? "" : normaliseReference([...structured, " ", ...lines].join(""));
  const unknownNumbers = unknown.map(({ token }) => token).filter((token) => written.includes(token));
  const evidences = customersIn(questions, answers).map((customerId): Evidence => {
    const named = new Map<ReceivableId, Quality>();
    for (const { token, quality } of questions.references)
      for (const owner of answers.receivables.get(token) ?? []) {
        const before = named.get(owner.receivableId);
        if (owner.customerId === customerId && (before === undefined || RANK[before] < RANK[quality]))
          named.set(owner.receivableId, quality);
      }
    const holder = answers.accountHolders.includes(customerId);
    const account: AccountEvidence = holder
      ? answers.accountHolders.length === 1
        ? "only"
        : "shared"
      : answers.accountHolders.length > 0
        ? "elsewhere"
        : "none";
    const bundle = bundleOf(customerId, questions, answers);
    return {
      customerId,
      items: answers.items.get(customerId) ?? [],
      named,
      ...(bundle && { bundle }),
      account,
      name: nameAgreement(payment.payerNames, answers.names.get(customerId) ?? []),
      customerNumber: questions.customerNumbers.some((number) =>
        answers.byCustomerNumber.get(number)?.includes(customerId),
      ),
    };
  });
  return { payment: { amountMinor: payment.amountMinor, unknownNumbers, lines: payment.text.lines }, evidences };
}
