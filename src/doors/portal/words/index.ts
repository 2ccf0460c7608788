/** The words of the portal and how days are written in its sentences. */
import { formatDate, type Language } from "../../../outreach/messaging/index.ts";
import { ENGLISH } from "./english.ts";
import { GERMAN, type Words } from "./german.ts";
import { type PlainDate, weekday, yearOf } from "../../../pure/kernel/index.ts";

/** `8. Dezember`; with the year when it is not this one. */
export function prose(date: PlainDate, today: PlainDate, language: Language): string {
  const full = formatDate(date, language);
  return yearOf(date) === yearOf(today) ? full.replace(/ \d{4}$/, "") : full;
}

const WEEKDAYS: Readonly<Record<Language, readonly string[]>> = {
  de: ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
  en: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
};

/** `Freitag, 4. Dezember`: wherever somebody waits. */
export const withWeekday = (date: PlainDate, today: PlainDate, language: Language): string =>
  `${WEEKDAYS[language][weekday(date) - 1]}, ${prose(date, today, language)}`;

export const WORDS: Readonly<Record<Language, Words>> = { de: GERMAN, en: ENGLISH };
export * from "./kinds.ts";
export type { Words };
