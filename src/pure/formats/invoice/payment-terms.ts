/**
 * Payment terms (BT-20): the `#SKONTO#` lines of XRechnung (rule BR-DE-18 of
 * https://github.com/itplr-kosit/xrechnung-schematron) and, where no due date is stated (BT-9), what the prose says of it.
 * Prose is read with care: only clauses that speak of the whole amount without deduction, and only one meaning.
 */
import { addDays, type Decimal, decimal, maxDate, type PlainDate } from "../../kernel/index.ts";
import { localDate } from "../text/notation.ts";
import type { InvoiceDocument } from "./document.ts";

export interface Discount {
  /** Days from the issue date. */
  readonly days: number;
  /** `2.00` is two per cent. */
  readonly percent: Decimal;
  /** Amount the discount is taken of; null: the amount due. */
  readonly base: Decimal | null;
}

const decimalOrNull = (text: string | undefined): Decimal | null => {
  const read = text === undefined ? null : decimal(text);
  return read?.ok ? read.value : null;
};

/** Discounts in the structured notation, in order; lines that break its rule are left out. */
export function discountsIn(terms: string): Discount[] {
  const discounts: Discount[] = [];
  for (const line of terms.split(/\r?\n/)) {
    const match = /^#SKONTO#TAGE=(\d{1,3})#PROZENT=(\d{1,3}\.\d{2})(?:#BASISBETRAG=(-?\d+\.\d{2}))?#$/.exec(
      line.trim(),
    );
    const percent = decimalOrNull(match?.[2]);
    if (match && percent) discounts.push({ days: Number(match[1]), percent, base: decimalOrNull(match[3]) });
  }
  return discounts;
}

const ANY_DISCOUNT =
  /(\d{1,2}(?:[.,]\d{1,2})?)\s*%\D{0,20}(\d{1,3})(?!\d|[.,]\d|\s*%)|(\d{1,2}(?:\.\d{1,2})?)\/(\d{1,3})(?!\d)/g;

/**
 * Discounts of a table's cell: `#SKONTO#…#`, `2% 10`, `3 % 8 Tage; 2 % 14 Tage`, `2/10 net 30`. Empty for a net term (`30`,
 * `netto`), undefined for what can't be read.
 */
export function discountsInColumn(text: string): Discount[] | undefined {
  if (text.includes("#SKONTO#")) return discountsIn(text.replace(/#(?=#SKONTO#)/g, "#\n"));
  const discounts = [...text.matchAll(ANY_DISCOUNT)].flatMap(
    ([, german, germanDays, english, englishDays]): Discount[] => {
      const percent = decimalOrNull((german ?? english)?.replace(",", "."));
      return percent ? [{ days: Number(germanDays ?? englishDays), percent, base: null }] : [];
    },
  );
  if (discounts.length === 0)
    return /%/.test(text) || !/^(?:net\w*|ohne|rein|\d|\s|tage|days|-)*$/i.test(text) ? undefined : [];
  return discounts.filter(({ percent }) => percent.digits > 0n);
}

/** Where a due date comes from: stated in BT-9, a day or a number of days in the prose, or "at once". */
export type DueBasis = "stated" | "terms_day" | "terms_days" | "terms_days_from_receipt" | "terms_at_once";
export interface AgreedDueDate {
  readonly date: PlainDate;
  readonly basis: DueBasis;
}

const DISCOUNT = /skonto|discount|escompte|korting|unter abzug|sconto|descuento|%/i;
const WITHOUT = /ohne abzug|sans escompte|netto|\bnet\b|jours net/i;
/** Money that is fetched, or is not asked for at all. */
const FETCHED =
  /lastschrift|eingezogen|einzug|abgebucht|abbuchung|kreditkarte|direct debit|credit card|gutgeschrieben|gutschrift|guthaben|keine aufforderung|prepaid|verrechnet/i;
const PAYMENT =
  /zahl|fällig|überweis|begleich|netto|ohne abzug|payment|pay|due|net|paiement|jours|dagar|betal|tage|transfer|pagamento|giorni|pago|días|dage|płatn/i;
/** A day that something else begins at, or a term that needs the calendar of a month. */
const OTHER =
  /beginnt|begins?\b|starts?\b|påbörja|efter mottagen|(nach|after) (zahlungseingang|payment)|receipt of payment|fin de mois|fine mese|end of (the )?month|monatsende/i;
const DISCOUNT_WORD = /skonto|discount|escompte|korting|unter abzug|sconto|descuento|rabat/i;
const DAY =
  /(?:bis|am|spätestens|by|until|before|avant|le|entro il|antes del|senest|uiterlijk)\D{0,25}(\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{2}-\d{2})/i;
const DAYS = /(?<![\d.,])(\d{1,3})\s*(?:kalender)?(?:tage?n?|days?|jours|dagar|dagen|dage|giorni|días|dni)(?!\p{L})/iu;
const AT_ONCE = /(?<!\p{L})(sofort|umgehend|immediately|upon receipt|à réception|al contado|a vista)(?!\p{L})/iu;
const RECEIPT = /nach (erhalt|zugang|eingang)|(?:of|after) receipt/i;

function dueInClause(clause: string, issued: PlainDate): AgreedDueDate | null {
  const stated = DAY.exec(clause)?.[1];
  if (stated) {
    const day = localDate(stated, "day_first");
    return day.ok && day.value >= issued ? { date: day.value, basis: "terms_day" } : null;
  }
  const days = DAYS.exec(clause)?.[1];
  if (days)
    return {
      date: addDays(issued, Number(days)),
      basis: RECEIPT.test(clause) ? "terms_days_from_receipt" : "terms_days",
    };
  return AT_ONCE.test(clause) ? { date: issued, basis: "terms_at_once" } : null;
}

/** Null when the prose says nothing, says two things, or speaks of money that is fetched. */
export function dueDateInTerms(terms: string, issued: PlainDate): AgreedDueDate | null {
  if (terms.length > 2_000 || FETCHED.test(terms)) return null;
  const found: AgreedDueDate[] = [];
  for (const { days, percent } of discountsIn(terms))
    if (percent.digits === 0n) found.push({ date: addDays(issued, days), basis: "terms_days" });
  for (const clause of terms.split(/[;\n]|,\s|(?<!\d)\.\s|(?<=\d{4})\.\s/)) {
    if (clause.startsWith("#")) continue;
    const without = WITHOUT.test(clause);
    if (OTHER.test(clause)) return null;
    if (DISCOUNT.test(clause) && !/sans escompte/i.test(clause)) {
      // A discount without days of its own takes those of its neighbour: "within 10 days, 2 % discount".
      const own = DAY.test(clause) || DAYS.test(clause);
      if (without || (DISCOUNT_WORD.test(clause) && !own)) return null;
      continue;
    }
    const due = PAYMENT.test(clause) || without ? dueInClause(clause, issued) : null;
    if (due) found.push(due);
  }
  const [first, ...others] = found;
  return first && others.every(({ date }) => date === first.date) ? first : null;
}

/**
 * The day by which the whole amount is to be paid: of several stated days the last (earlier ones are those of a
 * discount), else what the terms say (`#SKONTO#` of 0 per cent is a term without discount). Null: the law's term holds (§ 286 III BGB: 30 days from due and receipt).
 */
export function agreedDueDate(
  invoice: Pick<InvoiceDocument, "dueDates" | "issueDate" | "terms">,
): AgreedDueDate | null {
  const [first, ...others] = invoice.dueDates;
  if (first) return { date: others.reduce(maxDate, first), basis: "stated" };
  return invoice.issueDate && invoice.terms ? dueDateInTerms(invoice.terms, invoice.issueDate) : null;
}
