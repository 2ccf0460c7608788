/** What the portal shows of one case, gathered from the books in one transaction. Amounts: minor units of the case's currency. */
import type { Act } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import { putDirectoryEntries } from "../../platform/sealed/index.ts";
import {
  type BrandId,
  type Currency,
  dateIn,
  expectOk,
  type Instant,
  type PlainDate,
  type ReceivableId,
  type Uuid,
} from "../../pure/kernel/index.ts";
import { makeCreditorReference } from "../../pure/formats/index.ts";
import {
  brandOf,
  brands,
  creditor,
  type Creditor,
  customerFacts,
  type CustomerFacts,
  type Identity,
  openIdentities,
} from "../../books/customers/index.ts";
import {
  type Case,
  casesOf,
  type Claim,
  claimOn,
  type DocumentEntry,
  documentsOf,
  type Hold,
  holdIsActive,
  holdsOf,
  type Posting,
  postingsOf,
  type Receivable,
  receivablesOf,
} from "../../books/receivables/index.ts";
import {
  type Message,
  message,
  messages,
  type PortalLink,
  publishedBrand,
  type PublishedBrand,
} from "../../outreach/messaging/index.ts";

export interface AccountItem {
  readonly item: Receivable;
  readonly claim: Claim;
  /** Postings that still count: what was undone, and what undid it, are left out. */
  readonly postings: readonly Posting[];
  readonly document?: DocumentEntry;
}

export interface Account {
  readonly kase: Case;
  readonly currency: Currency;
  readonly today: PlainDate;
  readonly zone: string;
  readonly customer: CustomerFacts;
  readonly identity: Identity | undefined;
  readonly creditor: Creditor;
  /** Open invoices of the case, the oldest first. */
  readonly items: readonly AccountItem[];
  /** Credit notes and money on account; totals are negative. */
  readonly credits: readonly AccountItem[];
  /** Open, but not due yet and no part of the sum. */
  readonly later: readonly Receivable[];
  readonly totalMinor: bigint;
  readonly claimedMinor: bigint;
  readonly paidMinor: bigint;
  /** Asks of this case that left, oldest first. */
  readonly asks: readonly Message[];
  /** Payments that still count, by booking. */
  readonly payments: readonly { readonly on: PlainDate; readonly amountMinor: bigint }[];
  readonly holds: readonly Hold[];
  /** Last day on which nothing follows, by the newest message; undefined when it is over or there is none. */
  readonly peaceUntil?: PlainDate;
  /** What is asked for as reference: of the one item, or of the case. */
  readonly reference: string;
}

/** Brand and creditor of a link: of its message, else of the case's newest item. Nothing of the customer. */
export async function houseOf(act: Act, link: PortalLink): Promise<{ brand: PublishedBrand; creditor: Creditor }> {
  const row = await act.tx.one<{ creditor_id: Creditor["creditorId"]; brand_id: BrandId | null }>(sql`
    select d.creditor_id, coalesce(
             (select m.brand_id from message m where m.customer_id = d.customer_id and m.message_id = ${link.messageId}),
             (select r.brand_id from receivable r where r.customer_id = d.customer_id and r.case_id = d.case_id
               order by r.issued_on desc, r.receivable_id limit 1)) as brand_id
      from dunning_case d where d.customer_id = ${link.customerId} and d.case_id = ${link.caseId}`);
  if (!row) throw new Error("a link without its case");
  const brandId = row.brand_id ?? (await brandOf(act, row.creditor_id));
  const brand = (await brands(act)).find((one) => one.brandId === brandId);
  if (!brand) throw new Error("a case without its brand");
  return { brand: publishedBrand(brand), creditor: await creditor(act, row.creditor_id) };
}

export async function accountOf(act: Act, link: PortalLink, house: { readonly creditor: Creditor }): Promise<Account> {
  const { customerId } = link;
  const customer = (await customerFacts(act, [customerId])).get(customerId);
  const kase = (await casesOf(act, [customerId])).find((one) => one.caseId === link.caseId);
  if (!customer || !kase) throw new Error("a link without its customer or case");
  const today = dateIn(act.tx.now, customer.zone);
  const asked = link.messageId === null ? undefined : await message(act, { customerId, messageId: link.messageId });
  const all = (await receivablesOf(act, customerId)).filter(
    (item) => item.creditorId === kase.creditorId && item.currency === kase.currency && item.openTotal !== 0n,
  );
  const free = all.filter((item) => item.assignedOn === undefined || item.assignedOn > today);
  const named = new Set<string>(asked?.receivableIds ?? []);
  const inCase = (item: Receivable): boolean =>
    item.caseId === link.caseId || item.dueOn < today || named.has(item.receivableId);
  const claims = await claimOn(
    act,
    customerId,
    today,
    free.map((item) => item.receivableId),
  );
  const postings = await postingsOf(act, customerId);
  const counting = withoutUndone(postings);
  const documents = await documentsOf(act, customerId);
  const full = (item: Receivable): AccountItem => {
    const claim = claims.get(item.receivableId);
    const document = documents.findLast((one) => one.receivableId === item.receivableId);
    return {
      item,
      claim: claim ?? {
        receivableId: item.receivableId,
        on: today,
        currency: item.currency,
        open: item.open,
        charges: [],
        totalMinor: item.openTotal,
      },
      postings: counting.filter((one) => one.receivableId === item.receivableId).sort(claimFirst),
      ...(document && { document }),
    };
  };
  const items = free
    .filter((item) => item.openTotal > 0n && inCase(item))
    .sort(byDueDay)
    .map(full);
  const credits = free
    .filter((item) => item.openTotal < 0n)
    .sort(byDueDay)
    .map(full);
  const totalMinor = [...items, ...credits].reduce((sum, { claim }) => sum + claim.totalMinor, 0n);
  const shown = items.flatMap((one) => one.postings);
  const sumOf = (kinds: readonly Posting["kind"][]): bigint =>
    shown.filter((one) => kinds.includes(one.kind)).reduce((sum, one) => sum + one.amountMinor, 0n);
  const paidMinor = -sumOf(["payment", "return"]);
  const asks = (await messages(act, { customerId, states: ["left"] }))
    .filter(
      (one) => one.caseId === link.caseId && one.kind === "ask" && one.evidence !== "revoked" && one.leftAt !== null,
    )
    .sort((a, b) => (a.leftAt as Instant).getTime() - (b.leftAt as Instant).getTime());
  const holds = ((await holdsOf(act, [customerId])).get(customerId) ?? []).filter(
    (hold) => holdIsActive(hold, today) && (hold.caseId === undefined || hold.caseId === link.caseId),
  );
  const term = asks.at(-1)?.termOn;
  return {
    kase,
    currency: kase.currency,
    today,
    zone: customer.zone,
    customer,
    identity: (await openIdentities(act, [customerId])).get(customerId),
    creditor: house.creditor,
    items,
    credits,
    later: free.filter((item) => item.openTotal > 0n && !inCase(item)).sort(byDueDay),
    totalMinor,
    claimedMinor: totalMinor + (paidMinor > 0n ? paidMinor : 0n),
    paidMinor: paidMinor > 0n ? paidMinor : 0n,
    asks,
    payments: paymentsOf(counting, new Set(items.map((one) => one.item.receivableId))),
    holds,
    ...(term !== undefined && term !== null && term >= today && { peaceUntil: term }),
    reference: await referenceOf(act, kase, items),
  };
}

/** The invoice first, then what moved it, by value date. */
const claimFirst = (a: Posting, b: Posting): number =>
  Number(a.kind !== "claim") - Number(b.kind !== "claim") ||
  (a.valueOn < b.valueOn ? -1 : a.valueOn > b.valueOn ? 1 : 0);

const byDueDay = (a: Receivable, b: Receivable): number =>
  a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : a.number < b.number ? -1 : 1;

function withoutUndone(postings: readonly Posting[]): Posting[] {
  const undone = new Set<Uuid>(postings.map((one) => one.reverses).filter((id) => id !== undefined));
  return postings.filter((one) => one.reverses === undefined && !undone.has(one.postingId));
}

function paymentsOf(postings: readonly Posting[], items: ReadonlySet<ReceivableId>): Account["payments"] {
  const byBooking = new Map<Uuid, { on: PlainDate; amountMinor: bigint }>();
  for (const one of postings) {
    if (one.kind !== "payment" || !items.has(one.receivableId)) continue;
    const known = byBooking.get(one.bookingId);
    byBooking.set(one.bookingId, { on: one.valueOn, amountMinor: (known?.amountMinor ?? 0n) - one.amountMinor });
  }
  return [...byBooking.values()].filter((one) => one.amountMinor > 0n);
}

/** As in messages: several items share a reference of the case, which finds all of them. */
async function referenceOf(act: Act, kase: Case, items: readonly AccountItem[]): Promise<string> {
  const [only, ...more] = items;
  if (only && more.length === 0) return only.item.paymentReference;
  const reference = expectOk(makeCreditorReference(kase.number));
  expectOk(
    await putDirectoryEntries(
      act,
      items.map(({ item }) => ({
        kind: "reference",
        value: reference,
        customerId: kase.customerId,
        objectId: item.receivableId,
      })),
    ),
  );
  return reference;
}

/** How the customer is greeted; never a guess at gender. */
export function greetingName(identity: Identity | undefined): string {
  const person = [identity?.firstName, identity?.name].filter(Boolean).join(" ");
  if (person === "") return identity?.company ?? "";
  return identity?.salutation === undefined ? person : `${identity.salutation} ${identity.name ?? person}`;
}
