/**
 * Numbers and days as people and programs write them. A column is looked at as a whole, because `1.234` and `03/04/2026`
 * mean nothing by themselves; what stays ambiguous is refused, never guessed: a wrong guess is a thousandfold amount.
 */
import {
  type Decimal,
  decimal,
  type Failure,
  fail,
  type PlainDate,
  plainDate,
  type Result,
} from "../../kernel/index.ts";

/** Which character separates the decimals. `unknown`: no value of the column decides. */
export type NumberStyle = "point" | "comma" | "unknown";
/** Order of day and month with slashes or hyphens. */
export type DateStyle = "day_first" | "month_first" | "unknown";
export type NotationFailure = Failure<"amount_invalid" | "amount_ambiguous" | "date_invalid" | "date_ambiguous">;

interface BareNumber {
  readonly digits: string;
  readonly negative: boolean;
}

/** Without sign, currency, white space and apostrophes; null when more than a number is left. Soll/Haben: `H` is negative. */
function bareNumber(text: string): BareNumber | null {
  if (text.length > 60) return null;
  let rest = text.replace(/[\s\u00a0\u202f'’]/g, "").replace(/−/g, "-");
  // `12,-` is twelve whole, `12,50-` is negative.
  rest = rest.replace(/[.,][-–—](?=$|€|EUR)/, "");
  rest = rest
    .replace(/^([+-]?)(?:EUR|CHF|USD|GBP|€|\$|£)/i, "$1")
    .replace(/(?:EUR|CHF|USD|GBP|€|\$|£)([SH+-]?)$/i, "$1");
  const match = /^(\()?([+-])?(\d[\d.,]*|[.,]\d+)(\))?([+-]|[SH])?$/.exec(rest);
  if (!match || (match[1] === undefined) !== (match[4] === undefined)) return null;
  const signs = [match[1] !== undefined, match[2] === "-", match[5] === "-" || match[5] === "H"].filter(Boolean).length;
  if (signs > 1) return null;
  return { digits: match[3] ?? "", negative: signs === 1 };
}

/** What one value says about its style: the decimal sign, a plain whole number (null), or `unknown`. */
function styleOf(digits: string): NumberStyle | null {
  const points = digits.split(".").length - 1;
  const commas = digits.split(",").length - 1;
  if (points === 0 && commas === 0) return null;
  if (points > 0 && commas > 0) return digits.lastIndexOf(",") > digits.lastIndexOf(".") ? "comma" : "point";
  const [sign, other]: [string, NumberStyle] = points > 0 ? [".", "comma"] : [",", "point"];
  if (points > 1 || commas > 1) return other;
  const [before = "", after = ""] = digits.split(sign);
  // A group has three digits behind it and one to three before it.
  if (after.length === 3 && before.length >= 1 && before.length <= 3 && before !== "0") return "unknown";
  return sign === "." ? "point" : "comma";
}

/** The style of a column from all its values; contradicting values make it `unknown`. */
export function numberStyleOf(values: Iterable<string>): NumberStyle {
  let style: NumberStyle = "unknown";
  for (const value of values) {
    const bare = bareNumber(value);
    const says = bare ? styleOf(bare.digits) : null;
    if (says === null || says === "unknown") continue;
    if (style !== "unknown" && style !== says) return "unknown";
    style = says;
  }
  return style;
}

/** Reads `1.234,56`, `1,234.56`, `1'234.50`, `12,50-`, `(12.50)`, `12,50 €`, `12,50 S` exactly, in the column's style. */
export function localDecimal(text: string, style: NumberStyle): Result<Decimal, NotationFailure> {
  const bare = bareNumber(text);
  const invalid = (): Result<Decimal, NotationFailure> => fail("invalid", "amount_invalid", "This is not an amount.");
  if (!bare) return invalid();
  const own = styleOf(bare.digits);
  if (own === "unknown" && style === "unknown")
    return fail(
      "invalid",
      "amount_ambiguous",
      "This amount can be read in two ways (is the separator for thousands or for decimals?); set the number style.",
    );
  const used = own === null || own === "unknown" ? style : own;
  if (style !== "unknown" && used !== style && own !== null) return invalid();
  const [group, sign] = used === "comma" ? [".", ","] : [",", "."];
  const [whole = "", fraction, ...more] = bare.digits.split(sign);
  if (more.length > 0 || fraction?.includes(group)) return invalid();
  if (whole.includes(group) && !/^\d{1,3}([.,]\d{3})+$/.test(whole)) return invalid();
  const plain = `${bare.negative ? "-" : ""}${whole.split(group).join("") || "0"}${fraction ? `.${fraction}` : ""}`;
  const read = decimal(plain);
  return read.ok ? read : invalid();
}

const SHORT_DATE = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})$/;
/** Longer text is no day; the bound keeps the pattern cheap on hostile fields. */
const withoutTime = (text: string): string =>
  text.length > 40 ? "" : text.trim().replace(/[T ]+\d{1,2}:\d{2}.*$/, "");

/** Day or month first, from a column's values with slashes or hyphens. */
export function dateStyleOf(values: Iterable<string>): DateStyle {
  let style: DateStyle = "unknown";
  for (const value of values) {
    const match = SHORT_DATE.exec(withoutTime(value));
    if (!match || match[2] === ".") continue;
    const says: DateStyle = Number(match[1]) > 12 ? "day_first" : Number(match[3]) > 12 ? "month_first" : "unknown";
    if (says === "unknown") continue;
    if (style !== "unknown" && style !== says) return "unknown";
    style = says;
  }
  return style;
}

/** First letters of the months in German, English, Dutch and the Nordic languages. */
const MONTHS = [
  "jan",
  "feb",
  "mar|mär|mae|mrz|maa|mrt",
  "apr",
  "may|mai|mei|maj",
  "jun",
  "jul",
  "aug",
  "sep",
  "oct|okt",
  "nov",
  "dec|dez|des",
]; // prettier-ignore
const NAMED_DATE = /^(?:(\d{1,2})\.?[ -]*)?(\p{L}{3,10})\.?[ -]*(?:(\d{1,2}),? +)?(\d{4}|\d\d)$/u;

/** `15 Mar 2019`, `15. März 2019`, `15-Mar-19`, `Mar 15, 2019`: year, month, day. */
function namedDate(text: string): readonly [string, string, string] | null {
  const match = text.length > 30 ? null : NAMED_DATE.exec(text);
  const day = match?.[1] ?? match?.[3];
  if (!match || day === undefined || (match[1] !== undefined && match[3] !== undefined)) return null;
  const name = (match[2] ?? "").slice(0, 3).toLowerCase();
  const month = MONTHS.findIndex((names) => names.split("|").includes(name));
  return month < 0 ? null : [match[4] ?? "", String(month + 1), day];
}

/**
 * Reads `2026-01-31`, `20260131`, `2026/01/31`, `31.01.2026`, `31.1.26`, `31 Jan 2026` and, in the column's style,
 * `31/01/2026`.
 */
export function localDate(text: string, style: DateStyle): Result<PlainDate, NotationFailure> {
  const bare = withoutTime(text);
  const invalid = (): Result<PlainDate, NotationFailure> =>
    fail("invalid", "date_invalid", "This is not a day of the calendar.");
  const day = (year: string, month: string, number: string): Result<PlainDate, NotationFailure> => {
    const full = year.length === 2 ? `${Number(year) < 80 ? "20" : "19"}${year}` : year;
    const read = plainDate(`${full}-${month.padStart(2, "0")}-${number.padStart(2, "0")}`);
    return read.ok ? read : invalid();
  };
  const big = /^(\d{4})([-/.]?)(\d{2})\2(\d{2})$/.exec(bare);
  if (big) return day(big[1] ?? "", big[3] ?? "", big[4] ?? "");
  const named = namedDate(text.trim());
  if (named) return day(...named);
  const short = SHORT_DATE.exec(bare);
  if (!short) return invalid();
  const [, first = "", separator, second = "", year = ""] = short;
  const order: DateStyle =
    separator === "." || Number(first) > 12
      ? "day_first"
      : Number(second) > 12
        ? "month_first"
        : first === second
          ? "day_first"
          : style;
  if (order === "unknown")
    return fail(
      "invalid",
      "date_ambiguous",
      "Day and month can be told apart in no row of this column; set the date style.",
    );
  if (separator !== "." && style !== "unknown" && order !== style && first !== second) return invalid();
  return order === "day_first" ? day(year, second, first) : day(year, first, second);
}
