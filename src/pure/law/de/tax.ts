/**
 * Value-added tax of what a customer pays, component by component, as data for the books. Nothing is booked here.
 * Damages (dunning cost, default interest, the lump sum, cost of legal pursuit) are no consideration for a service; a fee
 * for an instalment plan or a deferral is. What reduces or waives the principal changes the consideration: § 17 UStG, in
 * the period in which it changes, and back again when the money comes after all. Amounts are minor units, gross.
 */
import { type Failure, fail, ok, type PlainDate, type Result, roundHalfUp } from "../../kernel/index.ts";
import { VAT_RATES } from "./data/vat-rates.ts";

/**
 * - `consideration`: part of the price of the invoice; taxed there, at the rate of the invoice.
 * - `damages`: no consideration, no tax.
 * - `service`: a service of its own, taxed at the general rate.
 * - `outlay`: paid in the customer's name or owed to a court, no tax of the creditor's.
 */
export type TaxCode = "consideration" | "damages" | "service" | "outlay";

export type TaxedComponent =
  | "principal"
  | "interest"
  | "dunning_fee"
  | "lump_sum"
  | "return_fee"
  | "collection_cost"
  | "court_cost"
  | "plan_fee";

export interface TaxRule {
  readonly component: TaxedComponent;
  readonly code: TaxCode;
  readonly law: string;
  /** The administration's words that the reading rests on. */
  readonly source: string;
  /** Read in the statute's own words or in the administration's; false: from memory, counsel confirms. */
  readonly confirmed: boolean;
}

const DAMAGES = "Abschn. 1.3 UStAE: Verzugszinsen, Mahnkosten und Kosten der Rechtsverfolgung sind Schadensersatz";

export const TAX_RULES: readonly TaxRule[] = [
  { component: "principal", code: "consideration", law: "§ 10 I UStG", source: "§ 10 I UStG", confirmed: true },
  { component: "interest", code: "damages", law: "§ 1 I Nr. 1 UStG", source: DAMAGES, confirmed: false },
  { component: "dunning_fee", code: "damages", law: "§ 1 I Nr. 1 UStG", source: DAMAGES, confirmed: false },
  {
    component: "lump_sum",
    code: "damages",
    law: "§ 1 I Nr. 1 UStG, § 288 V BGB",
    source: `${DAMAGES} (die Pauschale ist Mindestschaden)`,
    confirmed: false,
  },
  { component: "return_fee", code: "damages", law: "§ 1 I Nr. 1 UStG", source: DAMAGES, confirmed: false },
  { component: "collection_cost", code: "damages", law: "§ 1 I Nr. 1 UStG", source: DAMAGES, confirmed: false },
  {
    component: "court_cost",
    code: "outlay",
    law: "§ 10 I 5 UStG",
    source: "Abschn. 10.4 UStAE: durchlaufende Posten, auch Gerichtskosten",
    confirmed: false,
  },
  {
    component: "plan_fee",
    code: "service",
    law: "§§ 1 I Nr. 1, 3 IX UStG",
    source: "ein Entgelt für Stundung oder Raten ist eine eigene Leistung; als Kredit nach § 4 Nr. 8 a UStG zu prüfen",
    confirmed: false,
  },
];

/** Tax code of a component with its ground. Errors: `tax_component_unknown`. */
export function taxRuleOf(component: string): Result<TaxRule, Failure<"tax_component_unknown">> {
  const rule = TAX_RULES.find((one) => one.component === component) ?? null;
  return rule === null
    ? fail(
        "invalid",
        "tax_component_unknown",
        `"${component.slice(0, 40)}" is no component with a tax rule.`,
        "component",
      )
    : ok(rule);
}

/** General rate of value-added tax of a day, per cent (§ 12 I, § 27 I UStG). Errors: `vat_rate_unknown`. */
export function vatRateOn(on: PlainDate): Result<bigint, Failure<"vat_rate_unknown">> {
  const rate = VAT_RATES.findLast(({ validFrom }) => validFrom <= on);
  return rate === undefined
    ? fail("unavailable", "vat_rate_unknown", `The rate before ${VAT_RATES[0]?.validFrom} is not known.`, "on")
    : ok(rate.percent);
}

/** Tax contained in a gross amount: at 19 per cent, 19/119 of it, rounded half up. */
export const taxWithin = (gross: bigint, percent: bigint): bigint => roundHalfUp(gross * percent, 100n + percent);

export interface Taxed {
  readonly code: TaxCode;
  readonly net: bigint;
  readonly tax: bigint;
  /** Per cent; null: no tax. */
  readonly percent: bigint | null;
  readonly law: string;
}

/**
 * What a charge of a component holds of tax on its day, asked for gross. Of the principal nothing: its tax stands on the
 * invoice. Errors: `tax_component_unknown`, `vat_rate_unknown`.
 */
export function taxOf(
  component: string,
  gross: bigint,
  on: PlainDate,
): Result<Taxed, Failure<"tax_component_unknown" | "vat_rate_unknown">> {
  const rule = taxRuleOf(component);
  if (!rule.ok) return rule;
  const { code, law } = rule.value;
  if (code !== "service") return ok({ code, net: gross, tax: 0n, percent: null, law });
  const percent = vatRateOn(on);
  if (!percent.ok) return percent;
  const tax = taxWithin(gross, percent.value);
  return ok({ code, net: gross - tax, tax, percent: percent.value, law: `${law}, § 12 I UStG` });
}

/** Why the consideration of an invoice changed. */
export type ConsiderationChange =
  | "waived" // by rule or by a person: tolerance, goodwill
  | "settled" // Vergleich: the customer pays part, the rest is given up
  | "reward" // a discount for paying early or by plan
  | "discount" // Skonto
  | "uncollectible" // insolvency, or not to be had for the time being
  | "paid_after_all"; // the reversal of one of these

const CHANGE_LAW: Readonly<Record<ConsiderationChange, string>> = {
  waived: "§ 17 I 1 UStG",
  settled: "§ 17 I 1 UStG",
  reward: "§ 17 I 1 UStG",
  discount: "§ 17 I 1 UStG",
  uncollectible: "§ 17 II Nr. 1 S. 1 UStG",
  paid_after_all: "§ 17 II Nr. 1 S. 2 UStG",
};

/** A correction of output tax, as data for the export. */
export interface TaxCorrection {
  readonly change: ConsiderationChange;
  /** Day whose tax period takes it up (§ 17 I 8 UStG): that of the change, not of the invoice. */
  readonly on: PlainDate;
  /** Minor units, signed: less than nothing lowers the tax owed. */
  readonly gross: bigint;
  readonly net: bigint;
  readonly tax: bigint;
  /** The rate of the invoice, not of the day of the change. */
  readonly percent: bigint;
  readonly law: string;
}

/**
 * What a change of the principal does to the output tax of its invoice. `gross` is the size of the change (never
 * negative), `percent` the rate the invoice bears (7, 19, 0). Only the principal: waived interest or costs were never taxed.
 * Errors: `amount_negative`, `vat_rate_invalid`, `nothing_to_reverse`, `reversal_too_large`.
 */
export function considerationChanged(question: {
  readonly change: ConsiderationChange;
  readonly on: PlainDate;
  readonly gross: bigint;
  readonly percent: bigint;
  /** For `paid_after_all`: corrections of the same invoice so far, reversals included. */
  readonly before?: readonly TaxCorrection[];
}): Result<
  TaxCorrection,
  Failure<"amount_negative" | "vat_rate_invalid" | "nothing_to_reverse" | "reversal_too_large">
> {
  const { change, on, gross, percent } = question;
  if (gross < 0n) return fail("invalid", "amount_negative", "The size of a change can't be negative.", "gross");
  if (percent < 0n || percent > 100n)
    return fail("invalid", "vat_rate_invalid", "A rate of tax lies between 0 and 100 per cent.", "percent");
  const law = CHANGE_LAW[change];
  if (change !== "paid_after_all") {
    const tax = taxWithin(gross, percent);
    return ok({ change, on, gross: -gross, net: tax - gross, tax: -tax, percent, law });
  }
  const corrected = (question.before ?? []).filter((one) => one.percent === percent);
  const lowered = -corrected.reduce((sum, one) => sum + one.gross, 0n);
  if (lowered <= 0n)
    return fail("conflict", "nothing_to_reverse", "No correction at this rate stands on the invoice.", "before");
  if (gross > lowered)
    return fail("conflict", "reversal_too_large", "More than was corrected can't be taken back.", "gross");
  // The last cent goes back with the last payment, however the corrections were rounded.
  const tax = gross === lowered ? -corrected.reduce((sum, one) => sum + one.tax, 0n) : taxWithin(gross, percent);
  return ok({ change, on, gross, net: gross - tax, tax, percent, law });
}
