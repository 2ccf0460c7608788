/** Every word of a statement of account, in plain German and English. Run through the word check by a test. */
import type { Component, NoInterest, PostingKind } from "../../../books/receivables/index.ts";
import type { Language } from "../templates/formats.ts";

export interface StatementWords {
  readonly title: string;
  readonly subject: (total: string, day: string) => string;
  readonly lead: string;
  readonly nothing: string;
  readonly asOf: string;
  readonly creditor: string;
  readonly customer: string;
  readonly sums: string;
  readonly together: string;
  readonly component: Readonly<Record<Component, string>>;
  /** In a sentence: `23,45 € auf Zinsen`. */
  readonly onto: Readonly<Record<Component, string>>;
  readonly kind: Readonly<Record<Exclude<PostingKind, "cost">, string>>;
  readonly item: Readonly<Record<"invoice" | "credit_note" | "on_account", (number: string, issued: string) => string>>;
  readonly order: (number: string) => string;
  readonly due: (day: string) => string;
  readonly bearsSince: (day: string, law: string) => string;
  readonly assigned: (day: string) => string;
  readonly columns: readonly [
    on: string,
    what: string,
    principal: string,
    interest: string,
    costs: string,
    open: string,
  ];
  readonly split: (parts: string) => string;
  readonly itemTotal: string;
  readonly accrued: (day: string) => string;
  readonly interest: string;
  readonly interestColumns: readonly [period: string, days: string, rate: string, base: string, sum: string];
  readonly rate: (rate: string, base: string, over: string) => string;
  readonly formula: (yearDays: string) => string;
  readonly yearDays: Readonly<Record<"act/act" | "act/365" | "act/360", string>>;
  readonly whole: (sum: string, law: string) => string;
  readonly posted: (posted: string, rest: string) => string;
  readonly none: Readonly<Record<NoInterest, string>>;
  readonly provisional: string;
  readonly payments: string;
  readonly payment: (day: string, amount: string) => string;
  readonly part: (amount: string, split: string, number: string) => string;
  readonly partOnAccount: (amount: string) => string;
  readonly notes: Readonly<{
    until: (day: string) => string;
    settled: string;
    provisional: string;
    unsupported: string;
    noAcknowledgement: string;
  }>;
  readonly waived: string;
  readonly page: readonly [string, string];
} // prettier-ignore

const DE: StatementWords = {
  title: "Forderungsaufstellung",
  subject: (total, day) => `Forderungsaufstellung: ${total} am ${day}`,
  lead: "Hier steht, woraus sich der offene Betrag zusammensetzt: jede Rechnung, jede Zahlung und wohin sie ging, und wie Zinsen berechnet sind.",
  nothing: "An diesem Tag ist nichts offen.",
  asOf: "Stand",
  creditor: "Gläubiger",
  customer: "Kundennummer",
  sums: "Zusammen offen",
  together: "Summe",
  component: {
    principal: "Rechnungsbetrag (Hauptforderung)",
    interest: "Verzugszinsen",
    dunning_cost: "Mahnkosten",
    collection_cost: "Kosten des Einzugs",
  },
  onto: {
    principal: "auf den Rechnungsbetrag",
    interest: "auf Zinsen",
    dunning_cost: "auf Mahnkosten",
    collection_cost: "auf Kosten des Einzugs",
  },
  kind: {
    claim: "Rechnung",
    payment: "Zahlung",
    return: "Zahlung ging zurück",
    credit: "Gutschrift",
    discount: "Skonto",
    write_off: "Erlassen",
    interest: "Verzugszinsen",
    transfer: "Verrechnet",
    adjustment: "Berichtigt",
  },
  item: {
    invoice: (number, issued) => `Rechnung ${number} vom ${issued}`,
    credit_note: (number, issued) => `Gutschrift ${number} vom ${issued}`,
    on_account: () => "Guthaben, noch keiner Rechnung zugeordnet",
  },
  order: (number) => `Bestellung ${number}`,
  due: (day) => `fällig am ${day}`,
  bearsSince: (day, law) => `Verzug und Zinsen seit ${day}${law === "" ? "" : ` (${law})`}`,
  assigned: (day) => `seit ${day} an einen anderen Gläubiger abgetreten`,
  columns: ["Tag", "Was geschah", "Rechnungsbetrag", "Zinsen", "Kosten", "offen danach"],
  split: (parts) => `davon ${parts}`,
  itemTotal: "offen",
  accrued: (day) => `Zinsen bis ${day}, noch nicht gebucht`,
  interest: "So sind die Zinsen berechnet",
  interestColumns: ["Zeitraum", "Tage", "Zinssatz im Jahr", "auf", "Zinsen"],
  rate: (rate, base, over) => (base === "" ? rate : `${rate} (Basiszins ${base} + ${over})`),
  formula: (yearDays) => `Betrag × Zinssatz × Tage ÷ ${yearDays}. Gerundet wird einmal, am Ende.`,
  yearDays: { "act/act": "Tage des Jahres (365 oder 366)", "act/365": "365", "act/360": "360" },
  whole: (sum, law) => `Zinsen zusammen: ${sum} (${law})`,
  posted: (posted, rest) => `Davon stehen ${posted} schon oben. Dazu kommen ${rest}.`,
  none: {
    law_country_unsupported: "Keine Zinsen: Für dieses Land ist kein Recht hinterlegt, deutsches gilt hier nicht.",
    not_in_default: "Keine Zinsen: Es besteht kein Verzug.",
    not_claimed: "Keine Zinsen: Wir haben bisher keine verlangt.",
    renounced: "Keine Zinsen: Darauf verzichten wir.",
    given_up: "Keine weiteren Zinsen: Die Rechnung war erlassen.",
    nothing_to_bear: "Keine Zinsen: Es stand kein Betrag offen, der sie trägt.",
  },
  provisional: "vorläufig",
  payments: "Zahlungen und wofür sie verwendet sind",
  payment: (day, amount) => `Zahlung vom ${day}: ${amount}`,
  part: (amount, split, number) => `${amount} für ${number}: ${split}`,
  partOnAccount: (amount) => `${amount} als Guthaben`,
  notes: {
    until: (day) => `Zahlungen und Gutschriften sind bis einschließlich ${day} berücksichtigt.`,
    settled: "Vollständig bezahlte Rechnungen sind nur genannt, wo eine Zahlung auch für sie war.",
    provisional:
      "Vorläufig: Für einen Teil der Tage ist der Basiszinssatz noch nicht bekannt. Gerechnet ist mit dem letzten bekannten.",
    unsupported:
      "Zinsen sind nicht berechnet: Gläubiger oder Kunde ist in einem Land, dessen Recht nicht hinterlegt ist.",
    noAcknowledgement: "Diese Aufstellung ist eine Auskunft. Wer sie ansieht oder erhält, erkennt damit nichts an.",
  },
  waived: "zuerst auf den Rechnungsbetrag, zugunsten des Kunden",
  page: ["Seite", "von"],
};

const EN: StatementWords = {
  title: "Statement of account",
  subject: (total, day) => `Statement of account: ${total} on ${day}`,
  lead: "This shows what the open amount is made of: every invoice, every payment and where it went, and how interest was worked out.",
  nothing: "Nothing is open on this day.",
  asOf: "As of",
  creditor: "Creditor",
  customer: "Customer number",
  sums: "Open in total",
  together: "Sum",
  component: {
    principal: "Invoice amount (principal)",
    interest: "Interest",
    dunning_cost: "Costs of reminders",
    collection_cost: "Collection costs",
  },
  onto: {
    principal: "to the invoice amount",
    interest: "to interest",
    dunning_cost: "to costs of reminders",
    collection_cost: "to collection costs",
  },
  kind: {
    claim: "Invoice",
    payment: "Payment",
    return: "Payment went back",
    credit: "Credit note",
    discount: "Cash discount",
    write_off: "Waived",
    interest: "Interest",
    transfer: "Set off",
    adjustment: "Corrected",
  },
  item: {
    invoice: (number, issued) => `Invoice ${number} of ${issued}`,
    credit_note: (number, issued) => `Credit note ${number} of ${issued}`,
    on_account: () => "Credit, not used for an invoice yet",
  },
  order: (number) => `order ${number}`,
  due: (day) => `due on ${day}`,
  bearsSince: (day, law) => `interest runs since ${day}${law === "" ? "" : ` (${law})`}`,
  assigned: (day) => `assigned to another creditor since ${day}`,
  columns: ["Day", "What happened", "Invoice amount", "Interest", "Costs", "open after"],
  split: (parts) => `of it ${parts}`,
  itemTotal: "open",
  accrued: (day) => `Interest up to ${day}, not posted yet`,
  interest: "How interest was worked out",
  interestColumns: ["Period", "Days", "Rate a year", "on", "Interest"],
  rate: (rate, base, over) => (base === "" ? rate : `${rate} (base rate ${base} + ${over})`),
  formula: (yearDays) => `Amount × rate × days ÷ ${yearDays}. Rounded once, at the end.`,
  yearDays: { "act/act": "days of the year (365 or 366)", "act/365": "365", "act/360": "360" },
  whole: (sum, law) => `Interest together: ${sum} (${law})`,
  posted: (posted, rest) => `Of it ${posted} stands above already. ${rest} comes on top.`,
  none: {
    law_country_unsupported: "No interest: the law of this country is not built in, and German law does not apply.",
    not_in_default: "No interest: the claim is not in default.",
    not_claimed: "No interest: we have not asked for any so far.",
    renounced: "No interest: we do without it.",
    given_up: "No further interest: the invoice was waived.",
    nothing_to_bear: "No interest: no amount was open that bears it.",
  },
  provisional: "provisional",
  payments: "Payments and what they were used for",
  payment: (day, amount) => `Payment of ${day}: ${amount}`,
  part: (amount, split, number) => `${amount} for ${number}: ${split}`,
  partOnAccount: (amount) => `${amount} as credit`,
  notes: {
    until: (day) => `Payments and credit notes are considered up to and including ${day}.`,
    settled: "Invoices paid in full are named only where a payment was for them too.",
    provisional: "Provisional: for some of the days the base rate is not known yet. The last known one is used.",
    unsupported: "Interest is not counted: creditor or customer is in a country whose law is not built in.",
    noAcknowledgement: "This statement is information. Looking at it or receiving it acknowledges nothing.",
  },
  waived: "to the invoice amount first, in the customer's favour",
  page: ["Page", "of"],
};

export const STATEMENT_WORDS: Readonly<Record<Language, StatementWords>> = { de: DE, en: EN };
