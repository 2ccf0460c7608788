/**
 * The one door to a country's law. Who charges a customer asks for the law of creditor and customer first and gets its
 * functions, or a refusal that is shown instead of a charge. Austria and Switzerland will be further entries of `LAWS`.
 */
import { type Failure, ok, type Result } from "../kernel/index.ts";
import { type LawCountry, lawCountry } from "./country.ts";
import { allocate } from "./de/allocation.ts";
import { collectionCosts, courtDunningCosts, instalmentPlanCosts } from "./de/costs.ts";
import { defaultStart } from "./de/default-start.ts";
import { dunningFee, lumpSum, returnCost } from "./de/fees.ts";
import { interest } from "./de/interest.ts";
import { limitation } from "./de/limitation.ts";
import { taxOf } from "./de/tax.ts";

const GERMAN = {
  country: "DE",
  allocate,
  collectionCosts,
  courtDunningCosts,
  defaultStart,
  dunningFee,
  instalmentPlanCosts,
  interest,
  limitation,
  lumpSum,
  returnCost,
  taxOf,
} as const;

/** What a country's law has to answer before its customers can be charged. */
export type ChargingLaw = typeof GERMAN;

const LAWS: Readonly<Record<LawCountry, ChargingLaw>> = { DE: GERMAN };

/** Functions of the law that binds creditor and customer (ISO 3166-1 alpha-2). Errors: `law_country_unsupported`. */
export function chargingLaw(
  creditorCountry: string,
  customerCountry: string,
): Result<ChargingLaw, Failure<"law_country_unsupported">> {
  const country = lawCountry(creditorCountry, customerCountry);
  return country.ok ? ok(LAWS[country.value]) : country;
}
