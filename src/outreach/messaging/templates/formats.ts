/**
 * How values look in a message. Written by hand, not by `Intl`: the same bytes on every Node, so that a
 * letter printed again is the same letter.
 */
import { type Decimal, formatDecimal, type Money, type PlainDate, placesOf } from "../../../pure/kernel/index.ts";

export type Language = "de" | "en";

const NO_BREAK = "\u00a0";
const MONTHS: Readonly<Record<Language, readonly string[]>> = {
  de: [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
  ],
  en: [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
  ],
}; // prettier-ignore

const group = (digits: string, separator: string): string => digits.replace(/\B(?=(\d{3})+$)/g, separator);

function number(value: Decimal, places: number, language: Language): string {
  const plain = formatDecimal(value, places);
  const negative = plain.startsWith("-");
  const [whole = "0", fraction] = (negative ? plain.slice(1) : plain).split(".");
  const [thousands, point] = language === "de" ? [".", ","] : [",", "."];
  return `${negative ? "−" : ""}${group(whole, thousands)}${fraction === undefined ? "" : `${point}${fraction}`}`;
}

/** `1.204,50 €` (no-break space), English `€1,204.50`; other currencies by code. Minus is U+2212. */
export function formatAmount(value: Money, language: Language): string {
  const places = placesOf(value.currency);
  const digits = number({ digits: value.minor, scale: places }, places, language);
  const symbol = value.currency === "EUR" ? "€" : value.currency;
  if (language === "de") return `${digits}${NO_BREAK}${symbol}`;
  const negative = digits.startsWith("−");
  return `${negative ? "−" : ""}${symbol}${symbol === "€" ? "" : NO_BREAK}${negative ? digits.slice(1) : digits}`;
}

/** `30. November 2026`, `30 November 2026`; day and month stay together. */
export function formatDate(date: PlainDate, language: Language): string {
  const month = MONTHS[language][+date.slice(5, 7) - 1] ?? "";
  return `${+date.slice(8, 10)}${language === "de" ? "." : ""}${NO_BREAK}${month} ${+date.slice(0, 4)}`;
}

/** `30.11.`, `30 Nov`: subjects and SMS. */
export function formatDay(date: PlainDate, language: Language): string {
  if (language === "de") return `${date.slice(8, 10)}.${date.slice(5, 7)}.`;
  return `${+date.slice(8, 10)} ${(MONTHS.en[+date.slice(5, 7) - 1] ?? "").slice(0, 3)}`;
}

/** Tables: `24.11.2026`, `24 Nov 2026`. */
export function formatTableDate(date: PlainDate, language: Language): string {
  if (language === "de") return `${date.slice(8, 10)}.${date.slice(5, 7)}.${date.slice(0, 4)}`;
  return `${formatDay(date, "en")} ${date.slice(0, 4)}`.replaceAll(" ", NO_BREAK);
}

/** `6,52 %`. */
export const formatRate = (rate: Decimal, language: Language): string => `${number(rate, 2, language)}${NO_BREAK}%`;

/** `10` or `10:30` (German texts add "Uhr"); English `10 am`, `1:30 pm`. From `HH:MM`. */
export function formatTime(time: string, language: Language): string {
  const hour = +time.slice(0, 2);
  const minute = time.slice(3, 5);
  const tail = minute === "" || minute === "00" ? "" : `:${minute}`;
  if (language === "de") return `${hour}${tail}`;
  return `${hour % 12 === 0 ? 12 : hour % 12}${tail}${NO_BREAK}${hour < 12 ? "am" : "pm"}`;
}

/** Groups of four, for IBAN and creditor references (ISO 11649). */
export const formatGroups = (reference: string): string => reference.replaceAll(" ", "").replace(/(.{4})(?=.)/g, "$1 ");

export const formatCount = (count: number, language: Language): string =>
  number({ digits: BigInt(Math.trunc(count)), scale: 0 }, 0, language);
