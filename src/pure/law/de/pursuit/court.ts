/** Court dunning procedure (gerichtliches Mahnverfahren): whether it is open, and its terms. §§ 688 to 703d ZPO. */
import { addDays, addMonths, type Failure, fail, ok, type PlainDate, type Result } from "../../../kernel/index.ts";
import type { State } from "../data/holiday-rules.ts";
import { nextWorkingDay } from "../holidays.ts";
import { baseRateOn } from "../interest.ts";

export interface CourtTerms {
  /** Last day of the two weeks for an objection (Widerspruch, § 692 I Nr. 3 ZPO); later ones count until the order is made (§ 694 I). */
  readonly objectionUntil: PlainDate;
  /** First day on which the enforcement order may be applied for (§ 699 I 2 ZPO). */
  readonly enforcementFrom: PlainDate;
  /** Last day to apply for it: six months from service, then the dunning order lapses (§ 701 ZPO). */
  readonly enforcementUntil: PlainDate;
  readonly law: string;
}

/** Terms that run from the service of a Mahnbescheid; ends move to a working day (§ 222 II ZPO). No errors. */
export function courtTerms(servedOn: PlainDate, state: State | null): CourtTerms {
  const objectionUntil = nextWorkingDay(addDays(servedOn, 14), state);
  return {
    objectionUntil,
    enforcementFrom: addDays(objectionUntil, 1),
    enforcementUntil: nextWorkingDay(addMonths(servedOn, 6), state),
    law: "§§ 692, 699, 701, 222 ZPO, §§ 187 I, 188 II BGB",
  };
}

/** Last day to oppose a Vollstreckungsbescheid (Einspruch): two weeks from service, §§ 700 I, 339 I, 222 II ZPO. */
export const oppositionUntil = (servedOn: PlainDate, state: State | null): PlainDate =>
  nextWorkingDay(addDays(servedOn, 14), state);

export interface CourtClaim {
  /** Only euros can be claimed (§ 688 I ZPO). */
  readonly currency: string;
  /** The creditor still owes its own performance (§ 688 II Nr. 2 ZPO). */
  readonly counterPerformanceOpen: boolean;
  /** The order could only be served by public notice: no address is known (§ 688 II Nr. 3 ZPO). */
  readonly publicServiceNeeded: boolean;
  /** Consumer credit: day of the contract and yearly rate in hundredths of a per cent; null: none. */
  readonly consumerCredit: { readonly contractOn: PlainDate; readonly yearlyRate: bigint } | null;
}

export interface CourtBar {
  readonly name: "currency" | "counter_performance_open" | "public_service" | "consumer_credit_rate";
  readonly law: string;
}

/** § 688 II Nr. 1 ZPO: more than this above the base rate of the contract's day. */
const CREDIT_MARGIN = 1200n;

/**
 * Everything that bars the court dunning procedure (§ 688 ZPO); empty: it is open. A lawsuit stays possible.
 * Errors: `base_rate_unknown` of the contract's day.
 */
export function courtBars(claim: CourtClaim): Result<readonly CourtBar[], Failure<"base_rate_unknown">> {
  const bars: CourtBar[] = [];
  if (claim.currency !== "EUR") bars.push({ name: "currency", law: "§ 688 I ZPO" });
  if (claim.consumerCredit) {
    const { contractOn, yearlyRate } = claim.consumerCredit;
    const base = baseRateOn(contractOn);
    if (!base?.known)
      return fail("unavailable", "base_rate_unknown", `The base rate of ${contractOn} is not known.`, "consumerCredit");
    if (yearlyRate > base.points + CREDIT_MARGIN)
      bars.push({ name: "consumer_credit_rate", law: "§ 688 II Nr. 1 ZPO" });
  }
  if (claim.counterPerformanceOpen) bars.push({ name: "counter_performance_open", law: "§ 688 II Nr. 2 ZPO" });
  if (claim.publicServiceNeeded) bars.push({ name: "public_service", law: "§ 688 II Nr. 3 ZPO" });
  return ok(bars);
}
