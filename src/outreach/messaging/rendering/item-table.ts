/** The table of items that mail and letter show, from the same values as the text; and the few words around it. */
import type { Money } from "../../../pure/kernel/index.ts";
import { formatAmount, formatTableDate, type Language } from "../templates/formats.ts";
import type { MessageValues } from "../templates/placeholders.ts";
import { chargeTexts } from "../templates/render.ts";
import type { Catalogue } from "../templates/texts.ts";

export interface ItemRow {
  readonly label: string;
  /** Subject, order number, or how a charge is computed and on what law it rests. */
  readonly note: string | null;
  readonly kind: "item" | "credit" | "charge";
  readonly issuedOn: string;
  readonly dueOn: string;
  readonly amount: string;
  readonly paid: string;
  readonly open: string;
}
export interface ItemTable {
  readonly rows: readonly ItemRow[];
  /** Some item was paid in part: amount and paid are worth a column. */
  readonly partPaid: boolean;
  readonly total: string;
}

/** Words of tables and frames, in no text of their own. */
export const LABELS = {
  de: {
    item: "Posten",
    issuedOn: "vom",
    dueOn: "fällig am",
    amount: "Betrag",
    paid: "bezahlt",
    open: "offen",
    together: "Zusammen offen",
    payee: "Empfänger",
    reference: "Verwendungszweck",
    sum: "Betrag",
    online: "Online",
    code: "GiroCode zur Überweisung",
    customer: "Kundennummer",
    case: "Vorgang",
    contact: "Ihr Kontakt",
    phone: "Telefon",
    hours: "Erreichbar",
    date: "Datum",
    page: ["Seite", "von"],
    order: "Ihre Bestellnummer",
    provisional: "vorläufig berechnet",
    back: "Zurück an",
  },
  en: {
    item: "Item",
    issuedOn: "dated",
    dueOn: "due on",
    amount: "amount",
    paid: "paid",
    open: "open",
    together: "Open in total",
    payee: "Payee",
    reference: "Reference",
    sum: "Amount",
    online: "Online",
    code: "Payment code for your banking app",
    customer: "Customer no.",
    case: "Case",
    contact: "Your contact",
    phone: "Phone",
    hours: "Hours",
    date: "Date",
    page: ["Page", "of"],
    order: "your order number",
    provisional: "provisional",
    back: "Return to",
  },
} as const satisfies Record<Language, Readonly<Record<string, string | readonly string[]>>>; // prettier-ignore

/** Null when the message has no items. Charges take their words from `block.charge_labels` of the catalogue. */
export function itemTable(catalogue: Catalogue, key: string, values: MessageValues): ItemTable | null {
  const { language } = catalogue;
  const text = catalogue.texts.get(key);
  const total = values.case?.total;
  if (!text || !total || !values.items || values.items.length === 0) return null;
  const show = (money: Money): string => formatAmount(money, language);
  const minus = (money: Money): string => show({ ...money, minor: -money.minor });
  const labels = LABELS[language];
  const rows: ItemRow[] = values.items.map((item) => ({
    label: item.subject ? `${item.label}, ${item.subject}` : item.label,
    note: item.orderNumber ? `${labels.order} ${item.orderNumber}` : null,
    kind: "item",
    issuedOn: formatTableDate(item.issuedOn, language),
    dueOn: formatTableDate(item.dueOn, language),
    amount: show(item.amount),
    paid: item.paid && item.paid.minor !== 0n ? show(item.paid) : "",
    open: show(item.open),
  }));
  for (const credit of values.credits ?? [])
    rows.push({
      label: credit.label,
      note: null,
      kind: "credit",
      issuedOn: formatTableDate(credit.on, language),
      dueOn: "",
      amount: "",
      paid: "",
      open: minus(credit.amount),
    }); // prettier-ignore
  for (const charge of values.charges ?? []) {
    const { label, calculation, legalBasis } = chargeTexts(catalogue, text, values, charge);
    const note = `${calculation} (${legalBasis})${charge.provisional ? `; ${labels.provisional}` : ""}`;
    rows.push({
      label,
      note,
      kind: "charge",
      issuedOn: "",
      dueOn: "",
      amount: "",
      paid: "",
      open: show(charge.amount),
    });
  }
  return { rows, partPaid: rows.some((row) => row.paid !== ""), total: show(total) };
}
