/** Skonto: what may be taken off an item that is paid early. */
import {
  addDays,
  type Currency,
  decimal,
  type Decimal,
  formatDecimal,
  moneyFromDecimal,
  type PlainDate,
} from "../../../pure/kernel/index.ts";
import type { DiscountTerm, Receivable } from "../model.ts";

/** Terms as a document states them; a base finer than the currency, or a share of nothing or all, is left out. */
export function discountTermsOf(
  stated: readonly { readonly days: number; readonly percent: Decimal; readonly base: Decimal | null }[],
  currency: Currency,
): DiscountTerm[] {
  return stated.flatMap(({ days, percent, base }): DiscountTerm[] => {
    const share = formatDecimal(percent);
    if (Number(share) <= 0 || Number(share) >= 100) return [];
    const of = base === null ? undefined : moneyFromDecimal(base, currency);
    if (of && (!of.ok || of.value.minor <= 0n)) return [];
    return [{ days, percent: share, ...(of?.ok && { base: of.value.minor }) }];
  });
}

/** What may be taken off on a day, in minor units: payers round it either way. */
export interface DiscountOn {
  readonly least: bigint;
  readonly most: bigint;
  readonly ground: string;
}

/**
 * The greatest discount that a payment of this value date may take; undefined outside every term. A term ends so many
 * days after the issue date, `tolerance` days later still counts. Taken of what is open, when credit notes or earlier
 * payments left less than the base.
 */
export function discountOn(
  item: Pick<Receivable, "discountTerms" | "issuedOn" | "open">,
  valueOn: PlainDate,
  tolerance: number,
): DiscountOn | undefined {
  let found: DiscountOn | undefined;
  for (const { days, percent, base } of item.discountTerms ?? []) {
    if (valueOn > addDays(item.issuedOn, days + tolerance)) continue;
    const share = decimal(percent);
    if (!share.ok) continue;
    const open = item.open.principal;
    const of = base === undefined || base > open ? open : base;
    const whole = 100n * 10n ** BigInt(share.value.scale);
    const least = (of * share.value.digits) / whole;
    const most = (of * share.value.digits + whole - 1n) / whole;
    if (most > 0n && (found === undefined || most > found.most))
      found = { least, most, ground: `skonto ${percent} % ${days} d` };
  }
  return found;
}
