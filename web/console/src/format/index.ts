import type { Day, Instant, Language, Money } from "../api/contract.ts";

/** One formatter each for numbers, money and dates in the language of the page (design language, section 6). */

const LOCALES: Readonly<Record<Language, string>> = { de: "de-DE", en: "en-GB" };
const NBSP = "\u00a0";
export const NOTHING = "–";

/** The sign is U+2212 with a no-break space, so a minus is never taken for a dash. */
const minus = (text: string) => text.replace(/^-\s?/, `\u2212${NBSP}`);
const day = (value: Day) => new Date(`${value.slice(0, 10)}T00:00:00Z`);

export interface Format {
  readonly language: Language;
  readonly locale: string;
  /** `1.204,50 €` */
  money(value: Money): string;
  /** `1.204,50`: inside tables whose total carries the currency. Zero is `0,00`. */
  bare(value: Money): string;
  moneyList(values: readonly Money[]): string;
  number(value: number, digits?: number): string;
  percent(share: number, digits?: number): string;
  /** A probability, never rounded up to certain: `99,8 %`, `84 %`. */
  chance(share: number): string;
  /** `24.11.2026`, or `24.11.` inside the year of the business date; today and tomorrow as words. */
  dayShort(value: Day | null | undefined): string;
  dayFull(value: Day): string;
  /** `8. Dezember` */
  dayProse(value: Day): string;
  /** `Freitag, 4. Dezember` */
  dayWeek(value: Day): string;
  /** On an axis: `23.11.`, `23 Nov`; never a word. */
  dayTick(value: Day): string;
  /** Where somebody waits: `Fr, 27.11.`, or the word. */
  dayWaits(value: Day): string;
  /** As `dayShort`, yesterday as a word too. */
  daySince(value: Day): string;
  /** `heute 08:41`, `24.11. 08:41` */
  instant(value: Instant | null | undefined): string;
  time(value: Instant): string;
  bytes(value: number): string;
  /** `2026-11` → `November 2026` */
  month(value: string): string;
}

export function formatFor(language: Language, today: Day): Format {
  const locale = LOCALES[language];
  const money = new Map<string, Intl.NumberFormat>();
  const currency = (code: string, style: "currency" | "bare") => {
    const key = `${style}${code}`;
    let found = money.get(key);
    if (found === undefined) {
      const full = new Intl.NumberFormat(locale, { style: "currency", currency: code });
      const digits = full.resolvedOptions().maximumFractionDigits ?? 2;
      found =
        style === "currency"
          ? full
          : new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
      money.set(key, found);
    }
    return found;
  };
  // Intl formats a decimal string exactly; the type of the library doesn't know it yet everywhere
  const exact = (format: Intl.NumberFormat, amount: string) => minus(format.format(amount as unknown as number));
  const dates = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options });
  const full = dates(
    language === "de"
      ? { day: "2-digit", month: "2-digit", year: "numeric" }
      : { day: "numeric", month: "short", year: "numeric" },
  );
  const inYear = dates(language === "de" ? { day: "2-digit", month: "2-digit" } : { day: "numeric", month: "short" });
  const prose = dates({ day: "numeric", month: "long" });
  const proseYear = dates({ day: "numeric", month: "long", year: "numeric" });
  const week = dates({ weekday: "long", day: "numeric", month: "long" });
  const months = dates({ month: "long", year: "numeric" });
  const weekday = dates({ weekday: "short" });
  const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Berlin" });
  const localDay = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Berlin" });
  const words =
    language === "de"
      ? { today: "heute", tomorrow: "morgen", yesterday: "gestern" }
      : { today: "today", tomorrow: "tomorrow", yesterday: "yesterday" };
  const tomorrow = addDays(today, 1);

  const self: Format = {
    language,
    locale,
    money: (value) => exact(currency(value.currency, "currency"), value.amount),
    bare: (value) => exact(currency(value.currency, "bare"), value.amount),
    moneyList: (values) => (values.length === 0 ? NOTHING : values.map((value) => self.money(value)).join(" + ")),
    number: (value, digits = 0) =>
      minus(
        new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value),
      ),
    percent: (share, digits = 0) => `${self.number(share * 100, digits)}${NBSP}%`,
    chance: (share) => (share > 0.985 ? self.percent(Math.floor(share * 1000) / 1000, 1) : self.percent(share)),
    dayShort: (value) => {
      if (value === null || value === undefined) return NOTHING;
      if (value === today) return words.today;
      if (value === tomorrow) return words.tomorrow;
      return value.slice(0, 4) === today.slice(0, 4) ? inYear.format(day(value)) : full.format(day(value));
    },
    dayFull: (value) => full.format(day(value)),
    dayProse: (value) => (value.slice(0, 4) === today.slice(0, 4) ? prose : proseYear).format(day(value)),
    dayWeek: (value) => week.format(day(value)),
    dayTick: (value) => inYear.format(day(value)),
    dayWaits: (value) =>
      value === today || value === tomorrow
        ? self.dayShort(value)
        : `${weekday.format(day(value))}, ${self.dayShort(value)}`,
    daySince: (value) => (value === addDays(today, -1) ? words.yesterday : self.dayShort(value)),
    instant: (value) => {
      if (value === null || value === undefined) return NOTHING;
      const at = new Date(value);
      return `${self.dayShort(localDay.format(at))}${NBSP}${clock.format(at)}`;
    },
    time: (value) => clock.format(new Date(value)),
    bytes: (value) =>
      value < 1_000_000
        ? `${self.number(Math.max(1, Math.round(value / 1000)))}${NBSP}kB`
        : `${self.number(value / 1_000_000, 1)}${NBSP}MB`,
    month: (value) => months.format(day(`${value}-01`)),
  };
  return self;
}

export function addDays(from: Day, days: number): Day {
  const date = day(from);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

export const daysBetween = (from: Day, to: Day): number =>
  Math.round((day(to).getTime() - day(from).getTime()) / 86_400_000);

/** Groups of four, as banks print it. */
export const iban = (value: string) => value.replace(/\s+/g, "").replace(/(.{4})(?=.)/g, `$1${NBSP}`);

/** `1048213` → `10 48 213`: customer numbers of seven digits are read in groups; others stay as they are. */
export const customerNumber = (value: string) =>
  /^\d{7}$/.test(value) ? `${value.slice(0, 2)}${NBSP}${value.slice(2, 4)}${NBSP}${value.slice(4)}` : value;

/** Decimal string to minor units of two places; exact. */
export function minorOf(amount: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(amount);
  if (match === null) return 0n;
  const minor = BigInt(match[2] ?? "0") * 100n + BigInt((match[3] ?? "").padEnd(2, "0"));
  return match[1] === "-" ? -minor : minor;
}
export function amountOf(minor: bigint): string {
  const positive = minor < 0n ? -minor : minor;
  return `${minor < 0n ? "-" : ""}${positive / 100n}.${String(positive % 100n).padStart(2, "0")}`;
}

/** What a person types: decimal comma or point, groups, currency sign. Null when it is no amount. */
export function readAmount(text: string): string | null {
  const cleaned = text.replace(/[\s\u00a0€']/g, "").replace(/\u2212/g, "-");
  const decimal = /^(-?[\d.,]*?)(?:[.,](\d{1,2}))?$/.exec(cleaned);
  if (decimal === null || !/\d/.test(cleaned)) return null;
  const whole = (decimal[1] ?? "").replace(/[.,]/g, "");
  if (!/^-?\d*$/.test(whole)) return null;
  return `${whole === "" || whole === "-" ? `${whole}0` : whole}.${(decimal[2] ?? "").padEnd(2, "0")}`;
}

/**
 * Any usual writing of a day: `4.12.`, `04.12.2026`, `2026-12-04`, `4/12/26`, `+14`. Null when it is none. Without a
 * year it is the next such day, or with `past` the last one.
 */
export function readDay(text: string, today: Day, past = false): Day | null {
  const value = text.trim();
  const plus = /^\+\s?(\d{1,3})$/.exec(value);
  if (plus !== null) return addDays(today, Number(plus[1]));
  let year: number;
  let month: number;
  let date: number;
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(value);
  const local = /^(\d{1,2})[./ ]\s?(\d{1,2})[./ ]?\s?(\d{2}|\d{4})?$/.exec(value);
  if (iso !== null) {
    [year, month, date] = [Number(iso[1]), Number(iso[2]), Number(iso[3])];
  } else if (local !== null) {
    [date, month] = [Number(local[1]), Number(local[2])];
    const given = local[3];
    year = given === undefined ? Number(today.slice(0, 4)) : Number(given) + (given.length === 2 ? 2000 : 0);
    const candidate = `${year}-${String(month).padStart(2, "0")}-${String(date).padStart(2, "0")}`;
    if (given === undefined && !past && candidate < today) year += 1;
    if (given === undefined && past && candidate > today) year -= 1;
  } else {
    return null;
  }
  const made = new Date(Date.UTC(year, month - 1, date));
  return made.getUTCMonth() === month - 1 && made.getUTCDate() === date ? made.toISOString().slice(0, 10) : null;
}
