/** A statement of account as people read it: the same rows for paper, page and command line. Pure. */
import {
  COMPONENTS,
  type OpenAmounts,
  type StatementItem,
  type StatementOfAccount,
} from "../../../books/receivables/index.ts";
import { type Currency, formatDecimal, money, placesOf, roundHalfUp } from "../../../pure/kernel/index.ts";
import { type InterestSegment, lawInWriting } from "../../../pure/law/index.ts";
import { groundInWords } from "../composing/values-law.ts";
import { formatAmount, formatDate, formatTableDate, type Language } from "../templates/formats.ts";
import { STATEMENT_WORDS, type StatementWords } from "./words.ts";

export interface ToldMovement {
  readonly on: string;
  readonly what: string;
  /** Where a payment went, on what law a charge rests; may be empty. */
  readonly note: string;
  readonly amount: string;
  /** Empty where nothing moved. */
  readonly principal: string;
  readonly interest: string;
  readonly costs: string;
  readonly open: string;
}

export interface ToldItem {
  readonly title: string;
  readonly facts: string;
  readonly movements: readonly ToldMovement[];
  readonly interest: {
    readonly rows: readonly {
      readonly period: string;
      readonly days: string;
      readonly rate: string;
      readonly base: string;
      readonly sum: string;
    }[];
    readonly lines: readonly string[];
  } | null;
  /** Why there is none; empty where there is, or where the question doesn't arise. */
  readonly noInterest: string;
  readonly accrued: readonly [label: string, amount: string] | null;
  readonly total: string;
}

export interface ToldStatement {
  readonly language: Language;
  readonly words: StatementWords;
  readonly asOf: string;
  readonly total: string;
  readonly sums: readonly (readonly [label: string, amount: string])[];
  readonly items: readonly ToldItem[];
  readonly payments: readonly { readonly title: string; readonly parts: readonly string[] }[];
  readonly notes: readonly string[];
} // prettier-ignore

export function tellStatement(statement: StatementOfAccount, language: Language): ToldStatement {
  const words = STATEMENT_WORDS[language];
  const amount = (minor: bigint): string => formatAmount(money(minor, statement.currency), language);
  const asOf = formatDate(statement.asOf, language);
  const law = (reference: string | undefined): string =>
    reference === undefined ? "" : inWriting(reference, language);
  const split = (part: OpenAmounts): string =>
    COMPONENTS.filter((one) => part[one] !== 0n)
      .map((one) => `${amount(part[one])} ${words.onto[one]}`)
      .join(", ");
  // Interest that is not posted yet is interest all the same.
  const byComponent = { ...statement.open, interest: statement.open.interest + statement.accruedMinor };
  return {
    language,
    words,
    asOf,
    total: amount(statement.totalMinor),
    sums: COMPONENTS.filter((part) => byComponent[part] !== 0n).map((part) => [
      part === "interest" && statement.provisional
        ? `${words.component.interest}, ${words.provisional}`
        : words.component[part],
      amount(byComponent[part]),
    ]),
    items: statement.items.map((item) => toldItem(item, { words, language, currency: statement.currency, asOf })),
    payments: statement.payments.map((payment) => ({
      title: words.payment(formatTableDate(payment.on, language), amount(payment.amountMinor)),
      parts: payment.parts.map((part) => {
        const paid = amount(COMPONENTS.reduce((sum, one) => sum + part.paid[one], 0n));
        if (part.onAccount) return words.partOnAccount(paid);
        return words.part(paid, [split(part.paid), law(part.law)].filter(Boolean).join("; "), part.number);
      }),
    })),
    notes: [
      words.notes.until(asOf),
      words.notes.settled,
      ...(statement.provisional ? [words.notes.provisional] : []),
      ...(statement.lawUnsupported ? [words.notes.unsupported] : []),
      words.notes.noAcknowledgement,
    ],
  };
}

interface Telling {
  readonly words: StatementWords;
  readonly language: Language;
  readonly currency: Currency;
  readonly asOf: string;
}

function toldItem(item: StatementItem, telling: Telling): ToldItem {
  const { words, language, currency, asOf } = telling;
  const amount = (minor: bigint): string => formatAmount(money(minor, currency), language);
  const moved = (minor: bigint): string => (minor === 0n ? "" : amount(minor));
  const day = (date: typeof item.dueOn): string => formatTableDate(date, language);
  const facts = [
    ...(item.orderNumber === undefined ? [] : [words.order(item.orderNumber)]),
    ...(item.kind === "invoice" ? [words.due(day(item.dueOn))] : []),
    ...(item.defaultSince === undefined || "none" in item.interest
      ? []
      : [
          words.bearsSince(
            day(item.defaultSince),
            item.defaultGround === undefined ? "" : inWriting(groundInWords(item.defaultGround, language), language),
          ),
        ]),
    ...(item.assignedOn === undefined ? [] : [words.assigned(day(item.assignedOn))]),
  ]; // prettier-ignore
  return {
    title: words.item[item.kind](item.number, day(item.issuedOn)),
    facts: facts.join(" · "),
    movements: item.movements.map((one) => {
      const costs = one.change.dunning_cost + one.change.collection_cost;
      const several = COMPONENTS.filter((part) => one.change[part] !== 0n).length > 1;
      const parts = COMPONENTS.filter((part) => one.change[part] !== 0n)
        .map((part) => `${amount(one.change[part] < 0n ? -one.change[part] : one.change[part])} ${words.onto[part]}`)
        .join(", ");
      return {
        on: day(one.on),
        what:
          one.kind === "cost"
            ? words.component[one.change.dunning_cost === 0n ? "collection_cost" : "dunning_cost"]
            : words.kind[one.kind],
        note: [several ? words.split(parts) : "", one.law === undefined ? "" : inWriting(one.law, language)]
          .filter(Boolean)
          .join("; "),
        amount: amount(one.amountMinor),
        principal: moved(one.change.principal),
        interest: moved(one.change.interest),
        costs: moved(costs),
        open: amount(COMPONENTS.reduce((sum, part) => sum + one.openAfter[part], 0n)),
      };
    }),
    interest: "none" in item.interest ? null : toldInterest(item.interest, telling),
    noInterest: "none" in item.interest && item.kind === "invoice" ? words.none[item.interest.none] : "",
    accrued: item.accruedMinor === 0n ? null : [words.accrued(asOf), amount(item.accruedMinor)],
    total: amount(item.totalMinor),
  };
} // prettier-ignore

function toldInterest(
  interest: Exclude<StatementItem["interest"], { readonly none: unknown }>,
  { words, language, currency }: Telling,
): NonNullable<ToldItem["interest"]> {
  const amount = (minor: bigint): string => formatAmount(money(minor, currency), language);
  return {
    rows: interest.segments.map((segment) => ({
      period: `${formatTableDate(segment.from, language)} – ${formatTableDate(segment.to, language)}`,
      days: `${segment.days}`,
      rate: rateOf(segment, words, language) + (segment.provisional ? `, ${words.provisional}` : ""),
      base: amount(segment.principal),
      sum: exactly(segment, currency, language),
    })),
    lines: [
      words.formula(words.yearDays[interest.dayCount]),
      words.whole(amount(interest.wholeMinor), inWriting(interest.law, language)) +
        (interest.provisional ? `, ${words.provisional}` : ""),
      ...(interest.postedMinor > 0n ? [words.posted(amount(interest.postedMinor), amount(interest.accruedMinor))] : []),
    ],
  };
}

const local = (decimal: string, language: Language): string =>
  language === "de" ? decimal.replace(".", ",") : decimal;

function rateOf(segment: InterestSegment, words: StatementWords, language: Language): string {
  const percent = (text: string): string => `${local(text, language)}\u00a0%`;
  if (segment.basePercent === null) return percent(segment.ratePercent);
  const hundredths = (text: string): number => Math.round(Number(text) * 100);
  const over = (hundredths(segment.ratePercent) - hundredths(segment.basePercent)) / 100;
  return words.rate(percent(segment.ratePercent), percent(segment.basePercent), local(`${over}`, language));
}

/** Two places more than the currency has, so that a reader can add up what is rounded only at the end. */
function exactly({ exact }: InterestSegment, currency: Currency, language: Language): string {
  const places = placesOf(currency);
  const digits = roundHalfUp(exact.numerator * 100n, exact.denominator);
  const text = local(formatDecimal({ digits, scale: places + 2 }, places + 2), language);
  const symbol = currency === "EUR" ? "€" : currency;
  return language === "de" ? `${text}\u00a0${symbol}` : `${symbol}${symbol === "€" ? "" : "\u00a0"}${text}`;
}

/** What the law allows and the creditor does without is said in words, not as a paragraph that was not applied. */
function inWriting(reference: string, language: Language): string {
  const waived = reference.includes("waived");
  const written = lawInWriting(reference.replace(/(, )?§ 367 I waived/, ""), language).replace(/^ ?BGB$/, "");
  return [written, waived ? STATEMENT_WORDS[language].waived : ""].filter(Boolean).join(", ");
}
