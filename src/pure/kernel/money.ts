/**
 * Money is an integer of minor units with a currency (ISO 4217). No floating point touches an amount,
 * nothing is converted, and rounding happens in `roundHalfUp` alone.
 */
import { CURRENCIES } from "./currencies.ts";
import { type Failure, fail, ok, type Result } from "./result.ts";

declare const currencyBrand: unique symbol;
/** ISO 4217 alphabetic code, upper case. */
export type Currency = string & { readonly [currencyBrand]: true };

export interface Money {
  /** Minor units (cents); negative is allowed and means the other direction. */
  readonly minor: bigint;
  readonly currency: Currency;
}

/** Currencies whose minor unit is not a hundredth (ISO 4217, list one, 2025). */
const PLACES: Readonly<Record<string, number>> = {
  BHD: 3,
  BIF: 0,
  BYR: 0,
  CLF: 4,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  IQD: 3,
  ISK: 0,
  JOD: 3,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  PYG: 0,
  RWF: 0,
  TND: 3,
  UGX: 0,
  UYI: 0,
  UYW: 4,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
}; // prettier-ignore

export const EUR = "EUR" as Currency;

/** A code of ISO 4217 in capitals, in force or ended since 2011; `currency_unknown` for any other text. */
export function currency(code: string): Result<Currency, Failure<"currency_unknown">> {
  if (!CURRENCIES.has(code))
    return fail("invalid", "currency_unknown", `"${code.slice(0, 10)}" is not an ISO 4217 currency code.`);
  return ok(code as Currency);
}

/** Number of decimal places of the currency's minor unit. */
export const placesOf = (code: Currency): number => PLACES[code] ?? 2;

export const money = (minor: bigint, code: Currency): Money => ({ minor, currency: code });
function sameCurrency(a: Money, b: Money): void {
  // Mixing currencies is a bug in the caller, never an input: balances, cases and codes are per currency.
  if (a.currency !== b.currency) throw new Error(`currencies differ: ${a.currency}, ${b.currency}`);
}

export function add(a: Money, b: Money): Money {
  sameCurrency(a, b);
  return { minor: a.minor + b.minor, currency: a.currency };
}
export const minMinor = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const maxMinor = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** `numerator / denominator` to the nearest integer, halves away from zero (kaufmännische Rundung, DIN 1333). */
export function roundHalfUp(numerator: bigint, denominator: bigint): bigint {
  if (denominator === 0n) throw new Error("division by zero");
  const negative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  const rounded = (2n * n + d) / (2n * d);
  return negative ? -rounded : rounded;
}

/** An exact decimal as a file states it: `digits · 10^-scale`. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** Reads `-1234.5` exactly. Point as separator, no grouping; readers of local notations normalise first. */
export function decimal(text: string): Result<Decimal, Failure<"decimal_invalid">> {
  const match = /^([+-]?)(\d{1,30})(?:\.(\d{1,20}))?$/.exec(text.trim());
  if (!match) return fail("invalid", "decimal_invalid", `"${text.slice(0, 40)}" is not a decimal number.`);
  const fraction = match[3] ?? "";
  const digits = BigInt(`${match[2]}${fraction}`);
  return ok({ digits: match[1] === "-" ? -digits : digits, scale: fraction.length });
}

/** Without trailing zeros beyond `places` (two by default), as files are compared: `100.00`, `0.12345`. */
export function formatDecimal(value: Decimal, places = 2): string {
  const negative = value.digits < 0n;
  const text = (negative ? -value.digits : value.digits).toString().padStart(value.scale + 1, "0");
  const whole = value.scale === 0 ? text : text.slice(0, -value.scale);
  let fraction = value.scale === 0 ? "" : text.slice(-value.scale);
  while (fraction.length > places && fraction.endsWith("0")) fraction = fraction.slice(0, -1);
  fraction = fraction.padEnd(places, "0");
  return `${negative && value.digits !== 0n ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

/** Minor units above which nothing is booked: eight bytes hold it, and the sum of a few of them. */
const MINOR_MAX = 10n ** 18n;

/** Exact conversion for booking; more places than the currency has are refused, never rounded (invariant 1). */
export function moneyFromDecimal(
  value: Decimal,
  code: Currency,
): Result<Money, Failure<"amount_too_precise" | "amount_too_large">> {
  const places = placesOf(code);
  let { digits, scale } = value;
  while (scale > places && digits % 10n === 0n) {
    digits /= 10n;
    scale -= 1;
  }
  if (scale > places)
    return fail(
      "invalid",
      "amount_too_precise",
      `${formatDecimal(value)} has more decimal places than ${code} allows.`,
    );
  const minor = digits * 10n ** BigInt(places - scale);
  if (minor > MINOR_MAX || minor < -MINOR_MAX)
    return fail("invalid", "amount_too_large", `${formatDecimal(value)} ${code} is more than can be booked.`);
  return ok({ minor, currency: code });
}

export function moneyFromText(
  text: string,
  code: Currency,
): Result<Money, Failure<"decimal_invalid" | "amount_too_precise" | "amount_too_large">> {
  const read = decimal(text);
  return read.ok ? moneyFromDecimal(read.value, code) : read;
}

/** `1234.50`, `-0.05`: the decimal string of the contract, with exactly the currency's places. */
export function formatMinor(minor: bigint, code: Currency): string {
  const places = placesOf(code);
  return formatDecimal({ digits: minor, scale: places }, places);
}
export const formatMoney = (value: Money): string => formatMinor(value.minor, value.currency);
