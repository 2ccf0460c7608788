/**
 * Gathers what a text may say, from the books, at the moment of leaving. Every amount comes from the ledger, every date
 * and ground from `pure/law`; what is not known is left out, and a text that needs it is parked, never guessed.
 */
import type { Act } from "../../../platform/access/index.ts";
import { sql } from "../../../platform/database/index.ts";
import {
  addDays,
  type CreditorId,
  type Currency,
  type CustomerId,
  dateIn,
  expectOk,
  type Money,
  money,
  type PlainDate,
  type ReceivableId,
} from "../../../pure/kernel/index.ts";
import { makeCreditorReference } from "../../../pure/formats/index.ts";
import { paymentTerm } from "../../../pure/law/index.ts";
import { brands, creditor, type CustomerFacts, displayName, type Identity } from "../../../books/customers/index.ts";
import { casesOf, type Receivable } from "../../../books/receivables/index.ts";
import { putDirectoryEntries } from "../../../platform/sealed/index.ts";
import { publishedBrand, type PublishedBrand } from "../brands.ts";
import type { Message } from "../model.ts";
import { recipientOf } from "./recipient.ts";
import { formatDate, formatTableDate, type Language, type MessageValues } from "../templates/index.ts";
import { isLateOn, stateOf } from "./place.ts";
import { answerValues } from "./values-answers.ts";
import { announcementValues, defaultValues } from "./values-law.ts";

/** What a message says and where it goes; plain data. */
export interface Gathered {
  readonly values: MessageValues;
  readonly brand: PublishedBrand;
  readonly to: {
    readonly contactPointId: string | null;
    readonly email?: string;
    readonly address?: readonly string[];
  };
  readonly creditorAddress: string;
  readonly totalMinor: bigint;
  readonly currency: Currency;
  readonly paymentsUpTo: PlainDate;
  readonly termOn: PlainDate | null;
  readonly businessDate: PlainDate;
  readonly giro: {
    readonly name: string;
    readonly iban: string;
    readonly reference: string;
    readonly minor: bigint;
  } | null;
}

export interface GatherContext {
  readonly message: Message;
  readonly items: readonly Receivable[];
  readonly customer: CustomerFacts;
  readonly identity: Identity;
  /** Link of this message: whole address of the portal page. */
  readonly portal: { readonly address: string; readonly short: string };
}

export async function gather(act: Act, context: GatherContext): Promise<Gathered> {
  const { message, customer, identity } = context;
  const language = message.language;
  const businessDate = dateIn(act.tx.now, customer.zone);
  const state = stateOf(customer);
  const owner = await creditor(act, message.creditorId);
  const found = (await brands(act)).find((one) => one.brandId === message.brandId);
  if (!found) throw new Error("a message without its brand");
  const brand = publishedBrand(found);
  const kase = (await casesOf(act, [customer.customerId])).find((one) => one.caseId === message.caseId);

  const asked = askedItems(context);
  const credits = context.items.filter(
    (item) => item.openTotal < 0n && item.currency === currencyOf(asked, kase?.currency),
  );
  const currency = currencyOf(asked, kase?.currency);
  const amount = (minor: bigint): Money => money(minor, currency);
  const totalMinor = [...asked, ...credits].reduce((sum, item) => sum + item.openTotal, 0n);
  const claimed = await claimedAmounts(act, customer.customerId, asked);
  const paymentsUpTo = (await bankDataUpTo(act, message.creditorId)) ?? addDays(businessDate, -1);
  const termOn =
    message.termDays === null ? null : expectOk(paymentTerm(businessDate, message.termDays, state)).lastDay;
  const account = owner.accounts.find((one) => one.isDefault) ?? owner.accounts[0];
  const reference = await paymentReference(act, customer.customerId, asked, kase?.number);
  const recipient = await recipientOf(act, customer.customerId, identity, message.channel, businessDate);
  const matter = matterOf(asked, kase?.number, language);
  const previous = await previousAsks(act, message);
  const overdue = asked.filter((item) => isLateOn(item.dueOn, businessDate, state));
  const due = asked.map((item) => item.dueOn).sort();
  const said = await answerValues(act, message, customer, brand, businessDate);
  const link = (page: string): string => `${context.portal.address}/${page}`;

  const values: MessageValues = {
    ...said,
    recipient: { ...(recipient.name !== "" && { name: recipient.name }), isRepresentative: recipient.isRepresentative },
    customer: {
      fullName: displayName(identity),
      number: customer.number,
      askedForHelp: false,
      addressFoundElsewhere: false,
      ...(identity.company !== undefined && { companyName: identity.company }),
    },
    contact: {
      name: brand.contact.person,
      firstName: brand.contact.personFirstName,
      replyTo: brand.contact.replyTo,
    },
    brand: {
      name: brand.name,
      shortName: brand.contact.shortName,
      team: brand.contact.team[language],
      phone: brand.contact.phone,
      phoneHours: brand.contact.phoneHours[language],
      ...said.brand,
    },
    creditor: {
      name: owner.name,
      address: [owner.address.street, [owner.address.postcode, owner.address.city].filter(Boolean).join(" ")]
        .filter(Boolean)
        .join(", "),
      legalFooter: owner.legalFooter,
      privacyContact: owner.privacyContact,
      reportsToBureau: false,
      ...(owner.sepaId !== undefined && { sepaId: owner.sepaId }),
    },
    matter: { label: matter, ...(asked.length === 1 && asked[0] && { on: asked[0].issuedOn }) },
    case: {
      total: amount(totalMinor),
      overdueTotal: amount(overdue.reduce((sum, item) => sum + item.openTotal, 0n)),
      statementOn: businessDate,
      paymentsUpTo,
      itemCount: asked.length,
      closed: kase?.state === "closed",
      hasLump: false,
      ...(kase && { reference: kase.number }),
      ...(due[0] !== undefined && { oldestDueOn: due[0], nextDueOn: due.find((day) => day >= businessDate) ?? due[0] }),
      nextDueTotal: amount(
        asked.filter((item) => item.dueOn >= businessDate).reduce((sum, item) => sum + item.openTotal, 0n),
      ),
    },
    items: asked.map((item) => {
      const whole = claimed.get(item.receivableId) ?? item.openTotal;
      return {
        label: labelOf(item, language),
        issuedOn: item.issuedOn,
        dueOn: item.dueOn,
        amount: amount(whole),
        open: amount(item.openTotal),
        ...(whole > item.openTotal && { paid: amount(whole - item.openTotal) }),
        ...(customer.kind === "business" && item.orderNumber !== undefined && { orderNumber: item.orderNumber }),
      };
    }),
    credits: credits.map((item) => ({
      label: creditLabel(item, language),
      on: item.issuedOn,
      amount: amount(-item.openTotal),
    })),
    charges: [],
    law: { germanOriginal: language !== "de" && message.effect !== "none" },
    ...(termOn !== null && { term: { on: termOn } }),
    previous: {
      ...(previous.length > 0 && { on: previous.at(-1) }),
      // „Noch nichts von Ihnen gehört“ is said only where it is true.
      ...(previous.length > 0 && !(await hasReacted(act, message)) && { allOn: datesInWords(previous, language) }),
    },
    default: defaultValues(asked, customer, state, businessDate, message.effect, language),
    interest: { announced: false, aboveStatutory: false },
    announce: announcementValues(
      owner.settings,
      message.effect,
      // The value of the matter is the principal: interest and costs don't count (§ 43 I GKG, § 23 I RVG).
      [...asked, ...credits].reduce((sum, item) => sum + item.open.principal, 0n),
      currency,
      owner.deductsInputTax,
      businessDate,
    ),
    agency: typeof owner.settings["agencyName"] === "string" ? { name: owner.settings["agencyName"] } : {},
    offers: { ownDay: false, plan: false, callback: true },
    debit: { planned: asked.length > 0 && asked.every((item) => item.directDebit) },
    payee: {
      name: account?.accountHolder ?? owner.name,
      reference,
      // Only where there is no other account can the invoice not have named another.
      sameAsInvoice: owner.accounts.length === 1,
      ...(account && { iban: account.iban }),
    },
    link: {
      portal: context.portal.address,
      short: context.portal.short,
      arrange: link("call"),
      callback: link("call"),
      dispute: link("wrong"),
      // Files can't be handed in yet; the page for words takes a file number too.
      why: link("why"),
      data: link("data"),
      preferences: link("contact"),
      original: link("original"),
      upload: link("wrong"),
    },
  };
  return {
    values,
    brand,
    to: recipient.to,
    creditorAddress: values.creditor?.address ?? "",
    totalMinor,
    currency,
    paymentsUpTo,
    termOn,
    businessDate,
    giro:
      account && currency === "EUR" && totalMinor > 0n
        ? { name: account.accountHolder, iban: account.iban, reference, minor: totalMinor }
        : null,
  };
}

/** The items the message was decided for that are still open; an answer speaks of all open ones. */
function askedItems({ message, items }: GatherContext): Receivable[] {
  const named = new Set<string>(message.receivableIds);
  return items
    .filter((item) => item.openTotal > 0n && (named.size === 0 || named.has(item.receivableId)))
    .sort((a, b) => (a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : a.number < b.number ? -1 : 1));
}

const currencyOf = (asked: readonly Receivable[], fallback: Currency | undefined): Currency =>
  asked[0]?.currency ?? fallback ?? ("EUR" as Currency);

/** What was claimed at first, by receivable: the postings of kind `claim`. */
async function claimedAmounts(
  act: Act,
  customerId: CustomerId,
  items: readonly Receivable[],
): Promise<Map<ReceivableId, bigint>> {
  const rows = await act.tx.rows<{ id: ReceivableId; minor: bigint }>(sql`
    select receivable_id as id, sum(amount_minor)::bigint as minor from posting
     where customer_id = ${customerId} and receivable_id = any(${items.map((item) => item.receivableId)}::uuid[]) and kind = 'claim'
     group by receivable_id`);
  return new Map(rows.map((row) => [row.id, row.minor]));
}

/** The day up to which all of the creditor's accounts are known: money may have come to the one that lags behind. */
export async function bankDataUpTo(act: Act, creditorId: CreditorId): Promise<PlainDate | null> {
  const row = await act.tx.one<{ day: PlainDate | null }>(sql`
    select min(newest) as day from (
      select max(s.closed_on) as newest from statement s
        join creditor_account a on a.tenant_id = s.tenant_id and a.iban = s.account
       where s.tenant_id = ${act.tx.tenantId} and s.creditor_id = ${creditorId} group by s.account) accounts`);
  return row?.day ?? null;
}

/**
 * One item: its own reference. Several: a reference of the case, entered in the directory for each of them, so that the
 * payment finds all of them.
 */
async function paymentReference(
  act: Act,
  customerId: CustomerId,
  items: readonly Receivable[],
  caseNumber: string | undefined,
): Promise<string> {
  if (items.length === 1 && items[0]) return items[0].paymentReference;
  const reference = expectOk(makeCreditorReference(caseNumber ?? "0"));
  expectOk(
    await putDirectoryEntries(
      act,
      items.map((item) => ({ kind: "reference", value: reference, customerId, objectId: item.receivableId })),
    ),
  );
  return reference;
}

/** Neutral noun and number, at most 24 characters; never what the claim is. */
function matterOf(items: readonly Receivable[], caseNumber: string | undefined, language: Language): string {
  const order = items.length === 1 ? items[0]?.orderNumber : undefined;
  const label = order === undefined ? null : `${language === "de" ? "Bestellung" : "Order"} ${order}`;
  if (label !== null && label.length <= 24) return label;
  return `${language === "de" ? "Vorgang" : "Case"} ${caseNumber ?? ""}`.trim();
}

export const labelOf = (item: Pick<Receivable, "number">, language: Language): string =>
  `${language === "de" ? "Rechnung" : "Invoice"} ${item.number}`;

function creditLabel(item: Receivable, language: Language): string {
  if (item.itemKind === "credit_note") return `${language === "de" ? "Gutschrift" : "Credit note"} ${item.number}`;
  return language === "de" ? "Guthaben" : "Credit balance";
}

/** Days on which earlier asks of this case left and did not come back. */
async function previousAsks(act: Act, message: Message): Promise<PlainDate[]> {
  const rows = await act.tx.rows<{ day: PlainDate }>(sql`
    select (m.left_at at time zone c.zone)::date as day from message m join customer c using (customer_id)
     where m.customer_id = ${message.customerId} and m.case_id = ${message.caseId} and m.kind = 'ask' and m.state = 'left'
       and m.stage <> 'pre_due' and m.evidence <> 'revoked' and m.message_id <> ${message.messageId}
     order by m.left_at`);
  return rows.map((row) => row.day);
}

/** Whether the customer reacted since the first ask: a visit behind the door, or money for an item of the case. */
async function hasReacted(act: Act, message: Message): Promise<boolean> {
  const row = await act.tx.one<{ reacted: boolean }>(sql`
    with first as (
      select min(left_at) as at from message
       where customer_id = ${message.customerId} and case_id = ${message.caseId} and kind = 'ask' and state = 'left')
    select exists (select from portal_visit v join portal_link l using (customer_id, link_id)
                    where l.customer_id = ${message.customerId} and l.case_id = ${message.caseId}
                      and v.act <> 'door_wrong' and v.at > first.at)
        or exists (select from posting p join receivable r using (customer_id, receivable_id)
                    where r.customer_id = ${message.customerId} and r.case_id = ${message.caseId}
                      and p.kind = 'payment' and p.amount_minor < 0 and p.booked_at > first.at) as reacted
      from first`);
  return row?.reacted ?? false;
}

/** „10. und 24. November 2026"; one day in full, several as table dates joined by a word. */
function datesInWords(days: readonly PlainDate[], language: Language): string {
  if (days.length === 1 && days[0]) return formatDate(days[0], language);
  const written = days.map((day) => (language === "de" ? formatTableDate(day, language) : formatDate(day, language)));
  return `${written.slice(0, -1).join(", ")} ${language === "de" ? "und" : "and"} ${written.at(-1)}`;
}
