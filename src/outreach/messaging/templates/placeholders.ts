/**
 * Every variable a text may use; nothing else may be used. One line a variable: its type, its example in German
 * and, where they differ, in English. Types:
 * `text`, `name` (never inflected or translated), `money`, `date` (30. November 2026), `day` (30.11., made from the
 * date it belongs to), `time` (10 or 10:30), `when` (spoken), `count`, `rate` (per cent), `url`, `phone`, `iban`, `ref`,
 * `flag` (conditions only). A type ending in `?` may be missing, then only inside a condition on it.
 * Texts marked "written" come from a person or a fixed sentence set, in the message's language.
 */
import type { Decimal, Money, PlainDate } from "../../../pure/kernel/index.ts";

/** A rate in per cent a year, exact: 6.52 is `{ digits: 652n, scale: 2 }`. */
export type Rate = Decimal;

export interface ValueOfType {
  readonly text: string;
  readonly name: string;
  readonly money: Money;
  readonly date: PlainDate;
  /** `HH:MM`, wall clock of the customer's zone. */
  readonly time: string;
  readonly when: string;
  readonly count: number;
  readonly rate: Rate;
  readonly url: string;
  readonly phone: string;
  readonly iban: string;
  readonly ref: string;
  readonly flag: boolean;
}
export type PlaceholderType = keyof ValueOfType | "day";

type Declared = readonly [type: keyof ValueOfType | `${keyof ValueOfType}?`, german: string, english?: string];

/**
 * Examples are written as values: money `48.90`, dates `2026-11-30`, rates `6.52`, flags `yes` or `no`;
 * an empty example means that the sample leaves the variable out.
 */
const DECLARED = {
  // Who
  "recipient.name": ["name?", "Erika Muster"],
  "recipient.firstName": ["name?", "Erika"],
  "recipient.isRepresentative": ["flag", "no"],
  "customer.fullName": ["name", "Erika Muster"],
  "customer.smsName": ["name", "Erika Muster"],
  "customer.companyName": ["name", "Muster Handel GmbH"],
  "customer.number": ["ref", "88120"],
  "customer.askedForHelp": ["flag", "no"],
  "customer.addressFoundElsewhere": ["flag", "no"],
  "customer.addressSource": ["text?", "Einwohnermeldeamt Köln", "residents' registration office Cologne"],
  "contact.name": ["name", "Mia Beispiel"],
  "contact.firstName": ["name", "Mia"],
  "contact.replyTo": ["text", "service@moosgarten.example"],
  "brand.name": ["name", "Moosgarten"],
  "brand.shortName": ["name", "Moosgarten"],
  "brand.team": ["text", "Kundenservice Moosgarten", "Moosgarten customer service"],
  "brand.phone": ["phone", "0221 12345-60"],
  "brand.phoneHours": ["text", "Mo–Fr 9–17 Uhr", "Mon–Fri 9 am to 5 pm"],
  "brand.callerIdStart": ["phone", "0221 12345"],
  "creditor.name": ["name", "Moosgarten GmbH"],
  "creditor.address": ["text", "Hauptstr. 1, 50667 Köln"],
  "creditor.legalFooter": ["text", "Moosgarten GmbH, Köln, HRB 1234 AG Köln, Geschäftsführung: Ida Beispiel"],
  "creditor.sepaId": ["ref", "DE98ZZZ09999999999"],
  "creditor.adrStatement": [
    "text?",
    "Wir nehmen an keinem Schlichtungsverfahren teil.",
    "We take part in no conciliation procedure.",
  ],
  "creditor.privacyContact": ["text", "datenschutz@moosgarten.example"],
  "creditor.supervisoryAuthority": ["text", "Landesbeauftragte für Datenschutz NRW"],
  "creditor.reportsToBureau": ["flag", "no"],
  "agency.name": ["name", "Beispiel Inkasso GmbH"],
  "agency.address": ["text", "Ring 2, 50667 Köln"],
  "agency.phone": ["phone", "0221 98765-0"],
  "agency.authority": ["text", "Bundesamt für Justiz, 53094 Bonn, poststelle@bfj.example"],
  "bureau.name": ["name", "Beispiel Auskunftei"],
  "bureau.settledOn": ["date?", "2026-12-02"],
  "advice.name": ["text", "Schuldnerberatung der Stadt Köln", "Schuldnerberatung der Stadt Köln (debt advice)"],
  "advice.contact": ["text", "0221 55555-0"],
  // What
  "matter.label": ["text", "Bestellung 4711", "Order 4711"],
  "matter.short": ["text", "Bestellung 4711", "Order 4711"],
  "matter.on": ["date?", "2026-10-18"],
  "case.reference": ["ref", "K-8812"],
  "case.total": ["money", "48.90"],
  "case.overdueTotal": ["money", "48.90"],
  "case.statementOn": ["date", "2026-11-22"],
  "case.nextDueOn": ["date", "2026-11-30"],
  "case.nextDueTotal": ["money", "48.90"],
  "case.paymentsUpTo": ["date", "2026-11-20"],
  "case.oldestDueOn": ["date", "2026-11-03"],
  "case.itemCount": ["count", "1"],
  "case.closed": ["flag", "yes"],
  "case.hasLump": ["flag", "no"],
  "contract.subject": ["text", "Kauf eines Gartenstuhls", "the purchase of a garden chair"],
  "contract.on": ["date", "2026-10-18"],
  "collection.amount": ["money?", "31.50"],
  "collection.calculation": ["text", "0,5 Gebühr aus 48,90 €", "0.5 fee on €48.90"],
  "collection.ground": ["text", "Auftrag vom 20. Dezember 2026", "mandate of 20 December 2026"],
  "collection.vat": ["money?", ""],
  // Law and next step
  "law.germanOriginal": ["flag", "yes"],
  "term.on": ["date", "2026-12-07"],
  "previous.on": ["date?", "2026-11-10"],
  "previous.allOn": ["text?", "10. und 24. November 2026", "10 and 24 November 2026"],
  "next.on": ["date?", "2026-12-15"],
  "default.byThisNotice": ["flag", "yes"],
  "default.newItems": ["text", "Rechnung RE-0004711", "invoice RE-0004711"],
  "default.earlierItems": ["text?", ""],
  "default.since": ["date", "2026-11-04"],
  "default.ground": [
    "text",
    "vereinbarter Zahlungstag, § 286 Abs. 2 Nr. 1 BGB",
    "agreed day of payment, section 286 (2) no. 1 BGB",
  ],
  "default.waivedWithinTerm": ["flag", "yes"],
  "interest.announced": ["flag", "yes"],
  "interest.rate": ["rate", "6.52"],
  "interest.paragraph": ["text", "1"],
  "interest.perMonth": ["money", "0.27"],
  "interest.aboveStatutory": ["flag", "no"],
  "interest.aboveReason": ["text?", ""],
  "announce.any": ["flag", "yes"],
  "announce.agency": ["flag", "yes"],
  "announce.court": ["flag", "no"],
  "announce.deliveryStop": ["flag", "no"],
  "announce.bureau": ["flag", "no"],
  "announce.costEstimate": ["money", "51.17"],
  "announce.deliveryStopOn": ["date", "2026-12-15"],
  "announce.bureauOn": ["date", "2026-12-22"],
  "handover.on": ["date", "2026-12-20"],
  "handover.lastDay": ["date", "2026-12-18"],
  // Arrangements and answers
  "offers.ownDay": ["flag", "yes"],
  "offers.plan": ["flag", "yes"],
  "offers.callback": ["flag", "yes"],
  "plan.total": ["money", "120.00"],
  "plan.amount": ["money", "40.00"],
  "plan.remaining": ["money", "80.00"],
  "plan.count": ["count", "3"],
  "plan.paidCount": ["count?", "1"],
  "plan.missedLimit": ["count", "2"],
  "plan.rhythm": ["text", "monatlich", "monthly"],
  "plan.firstOn": ["date", "2026-12-01"],
  "plan.offerUntil": ["date", "2026-11-30"],
  "plan.graceUntil": ["date", "2026-12-11"],
  "plan.accelerationAgreed": ["flag", "no"],
  "plan.interestWaived": ["flag", "yes"],
  "plan.completed": ["flag", "no"],
  "promise.on": ["date", "2026-12-01"],
  "promise.amount": ["money", "48.90"],
  "promise.reminder": ["flag", "yes"],
  "deferral.until": ["date", "2026-12-31"],
  "deferral.amount": ["money", "48.90"],
  "debit.planned": ["flag", "no"],
  "debit.on": ["date", "2026-11-30"],
  "debit.amount": ["money", "48.90"],
  "debit.ibanMasked": ["text", "DE•• •••• 4300"],
  "debit.mandate": ["ref", "M-17"],
  "return.debitedOn": ["date", "2026-11-03"],
  "return.amount": ["money", "48.90"],
  "return.byCustomer": ["flag", "no"],
  "return.chargedToCustomer": ["flag", "no"],
  "return.bankFee": ["money", "3.00"],
  "dispute.on": ["date", "2026-11-25"],
  "dispute.reason": ["text", "„Der Stuhl kam beschädigt an“", '"the chair arrived damaged"'], // written
  "dispute.finding": ["text", "Die Lieferung war beschädigt.", "The delivery was damaged."], // written
  "dispute.remainingReason": ["text", "Die Versandkosten fielen an.", "Shipping did take place."], // written
  "dispute.files": ["text?", "2 Fotos", "2 photos"],
  "dispute.evidence": ["text?", "Liefernachweis", "proof of delivery"],
  "dispute.undisputed": ["money?", ""],
  "dispute.credited": ["money?", "20.00"],
  "dispute.chargesReversed": ["money?", ""],
  "dispute.partly": ["flag", "no"],
  "dispute.neverOrdered": ["flag", "no"],
  "refund.amount": ["money?", "10.00"],
  "refund.by": ["date", "2026-12-05"],
  "refund.originUnknown": ["flag", "no"],
  "payment.amount": ["money", "48.90"],
  "payment.on": ["date", "2026-11-27"],
  "payment.designationMissing": ["flag", "no"],
  "payment.redesignateUntil": ["date", "2026-12-05"],
  "payment.smallRest": ["flag", "no"],
  "credit.amount": ["money", "10.00"],
  "waived.amount": ["money?", "0.87"],
  "apology.crossed": ["flag", "yes"],
  "apology.messageOn": ["date", "2026-11-24"],
  "apology.cause": ["text", "Wir haben einen Kontoauszug zu spät eingelesen.", "We read in a bank statement too late."], // written
  "apology.chargesReversed": ["money?", ""],
  "claim.on": ["date", "2026-11-24"],
  "hold.until": ["date", "2026-12-01"],
  "request.summary": ["text?", "zahlt lieber ab Januar in Raten", "would rather pay in instalments from January"],
  "answer.by": ["date", "2026-11-27"],
  "answer.channel": ["text", "E-Mail", "e-mail"],
  "callback.on": ["date", "2026-11-24"],
  "callback.from": ["time", "10:00"],
  "callback.to": ["time", "12:00"],
  "callback.phoneMasked": ["text", "0170 ••• 89"],
  "callback.factor": ["text", "Ihrer Postleitzahl", "your postcode"],
  "optout.channel": ["text", "SMS"],
  "optout.nextChannel": ["text?", "E-Mail", "e-mail"],
  "team.open": ["flag", "yes"],
  "team.waitMinutes": ["count", "4"],
  "team.opensAt": ["when", "morgen, 8 Uhr", "tomorrow, 8 am"],
  "bot.choices": ["text", "bezahlt, Raten, etwas stimmt nicht", "paid, instalments, something is wrong"],
  "why.trigger": ["text", "fünf Tage nach Fälligkeit, Erinnerung", "five days after the due date, reminder"], // written
  "why.channelReason": ["text", "Sie haben uns zuletzt per E-Mail geantwortet.", "You last answered us by e-mail."], // written
  "why.signals": ["text", "Tag und Weg früherer Antworten", "day and channel of earlier answers"], // written
  "why.next": ["text", "Bis 7. Dezember warten wir.", "We wait until 7 December."], // written
  "why.personalised": ["flag", "no"],
  "data.sources": ["text", "Ihre Bestellung", "your order"], // written
  "data.recipients": ["text", "Druckdienst Beispiel GmbH"], // written
  "data.contactUntil": ["date", "2027-12-31"],
  "data.recordsUntil": ["date", "2034-12-31"],
  // Ways to pay and links
  "payee.name": ["name", "Moosgarten GmbH"],
  "payee.iban": ["iban", "DE02120300000000202051"],
  "payee.reference": ["ref", "RF18539007547034"],
  "payee.sameAsInvoice": ["flag", "yes"],
  "link.portal": ["url", "https://zahlen.moosgarten.example/p/beispiel"],
  "link.short": ["url", "k.moosgarten.example/A7kQ2m"],
  "link.arrange": ["url", "https://zahlen.moosgarten.example/p/beispiel/weg"],
  "link.plan": ["url", "https://zahlen.moosgarten.example/p/beispiel/raten"],
  "link.dispute": ["url", "https://zahlen.moosgarten.example/p/beispiel/stimmt-nicht"],
  "link.callback": ["url", "https://zahlen.moosgarten.example/p/beispiel/rueckruf"],
  "link.upload": ["url", "https://zahlen.moosgarten.example/p/beispiel/datei"],
  "link.documents": ["url", "https://zahlen.moosgarten.example/p/beispiel/belege"],
  "link.address": ["url", "https://zahlen.moosgarten.example/p/beispiel/anschrift"],
  "link.why": ["url", "https://zahlen.moosgarten.example/p/beispiel/warum"],
  "link.data": ["url", "https://zahlen.moosgarten.example/p/beispiel/daten"],
  "link.dataCopy": ["url", "https://zahlen.moosgarten.example/p/beispiel/kopie"],
  "link.preferences": ["url", "https://zahlen.moosgarten.example/p/beispiel/wege"],
  "link.objectPersonalisation": ["url", "https://zahlen.moosgarten.example/p/beispiel/widerspruch"],
  "link.humanReview": ["url", "https://zahlen.moosgarten.example/p/beispiel/mensch"],
  "link.original": ["url", "https://zahlen.moosgarten.example/p/beispiel/original"],
} as const satisfies Readonly<Record<string, Declared>>;

/** Short days (30.11.; English 30 Nov) are made from the date, so that the two never disagree. */
export const DAY_OF: Readonly<Record<string, string>> = {
  "case.statementShortOn": "case.statementOn",
  "case.nextDueShortOn": "case.nextDueOn",
  "term.shortOn": "term.on",
  "handover.shortOn": "handover.on",
  "handover.lastShortDay": "handover.lastDay",
  "plan.firstShortOn": "plan.firstOn",
  "plan.offerShortUntil": "plan.offerUntil",
  "instalment.shortOn": "instalment.on",
  "promise.shortOn": "promise.on",
  "deferral.shortUntil": "deferral.until",
  "hold.shortUntil": "hold.until",
  "answer.shortBy": "answer.by",
  "callback.shortOn": "callback.on",
};

/** Lists for `#each`, the name of one element, and what an element has. */
const LISTS = {
  items: {
    one: "item",
    fields: {
      label: ["text", "Rechnung RE-0004711", "Invoice RE-0004711"],
      subject: ["text?", "Gartenstuhl", "garden chair"],
      orderNumber: ["ref?", ""],
      issuedOn: ["date", "2026-10-20"],
      dueOn: ["date", "2026-11-03"],
      amount: ["money", "98.90"],
      paid: ["money?", "50.00"],
      open: ["money", "48.90"],
    },
  },
  credits: {
    one: "credit",
    fields: {
      label: ["text", "Gutschrift GS-12", "Credit note GS-12"],
      on: ["date", "2026-11-05"],
      amount: ["money", "10.00"],
    },
  },
  charges: {
    one: "charge",
    fields: {
      amount: ["money", "0.17"],
      base: ["money?", "48.90"],
      rate: ["rate?", "6.52"],
      days: ["count?", "19"],
      from: ["date?", "2026-11-04"],
      paragraph: ["text?", "1"],
      provisional: ["flag", "no"],
    },
  },
  allocations: {
    one: "allocation",
    fields: {
      label: ["text", "Rechnung RE-0004711", "Invoice RE-0004711"],
      amount: ["money", "48.90"],
    },
  },
  "plan.instalments": {
    one: "instalment",
    fields: {
      number: ["count", "2"],
      on: ["date", "2027-01-01"],
      amount: ["money", "40.00"],
    },
  },
} as const satisfies Readonly<Record<string, { one: string; fields: Readonly<Record<string, Declared>> }>>;

/** Kinds of charge; label, calculation and legal basis are the text's own (`block.charge_labels`). */
export type ChargeKind = "interest" | "letter" | "lump" | "return";

type Bare<T extends string> = T extends `${infer B}?` ? B : T;
type Value<T extends string> = Bare<T> extends keyof ValueOfType ? ValueOfType[Bare<T>] : never;
type Scalars = typeof DECLARED;
type GroupName = keyof Scalars extends infer K ? (K extends `${infer G}.${string}` ? G : never) : never;
type Fields<F extends Readonly<Record<string, Declared>>> = {
  readonly [K in keyof F as F[K][0] extends `${string}?` ? never : K]: Value<F[K][0]>;
} & { readonly [K in keyof F as F[K][0] extends `${string}?` ? K : never]?: Value<F[K][0]> | undefined };
type Lists = typeof LISTS;

export type ItemValues = Fields<Lists["items"]["fields"]>;
export type CreditValues = Fields<Lists["credits"]["fields"]>;
export type ChargeValues = Fields<Lists["charges"]["fields"]> & { readonly kind: ChargeKind };
export type AllocationValues = Fields<Lists["allocations"]["fields"]>;
export type InstalmentValues = Fields<Lists["plan.instalments"]["fields"]>;

/** What one variable group (`case`, `term`, `payee` …) takes. */
export type GroupValues<G extends GroupName> = {
  readonly [K in keyof Scalars as K extends `${G}.${infer P}` ? P : never]?: Value<Scalars[K][0]> | undefined;
};

/**
 * The values of one message. Every part may be absent here; rendering names the first required one that a text
 * asks for and doesn't find (`variable_missing`), and the message is parked.
 */
export type MessageValues = { readonly [G in Exclude<GroupName, "plan">]?: GroupValues<G> | undefined } & {
  readonly plan?:
    | (GroupValues<"plan"> & { readonly instalments?: readonly InstalmentValues[] | undefined })
    | undefined;
  readonly instalment?: InstalmentValues | undefined;
  readonly items?: readonly ItemValues[] | undefined;
  readonly credits?: readonly CreditValues[] | undefined;
  readonly charges?: readonly ChargeValues[] | undefined;
  readonly allocations?: readonly AllocationValues[] | undefined;
};

export interface Placeholder {
  readonly path: string;
  readonly type: PlaceholderType;
  readonly optional: boolean;
  readonly group: string;
  /** Only inside `#each` of this list; null for anywhere. */
  readonly list: string | null;
  readonly example: { readonly de: string; readonly en: string };
}

function placeholder(path: string, [type, german, english]: Declared, list: string | null): Placeholder {
  return {
    path,
    type: type.replace("?", "") as PlaceholderType,
    optional: type.endsWith("?"),
    group: path.slice(0, path.indexOf(".")),
    list,
    example: { de: german, en: english ?? german },
  };
}

function registry(): ReadonlyMap<string, Placeholder> {
  const all = new Map<string, Placeholder>();
  for (const [path, declared] of Object.entries(DECLARED)) all.set(path, placeholder(path, declared, null));
  for (const [list, { one, fields }] of Object.entries(LISTS)) {
    for (const [field, declared] of Object.entries(fields)) {
      const path = `${one}.${field}`;
      // `credit.amount` alone is the credit balance; an instalment alone is the one concerned.
      const anywhere = all.has(path) || one === "instalment";
      all.set(path, placeholder(path, declared as Declared, anywhere ? null : list));
    }
  }
  for (const field of ["label", "calculation", "legalBasis"])
    all.set(
      `charge.${field}`,
      placeholder(`charge.${field}`, ["text", "Verzugszinsen", "Default interest"], "charges"),
    );
  for (const [path, source] of Object.entries(DAY_OF)) {
    const of = all.get(source);
    if (of) all.set(path, { ...of, path, type: "day" });
  }
  return all;
}

/** Path → what it is. */
export const PLACEHOLDERS: ReadonlyMap<string, Placeholder> = registry();

/** List path → name of one element. */
export const ELEMENT_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(LISTS).map(([list, { one }]) => [list, one]),
);
/** Field examples of a list, for samples. */
export const listFields = (list: string): Readonly<Record<string, Declared>> =>
  (LISTS as Readonly<Record<string, { fields: Readonly<Record<string, Declared>> }>>)[list]?.fields ?? {};
