/**
 * Which country's law Kulanz can apply, and what a charge must show.
 * Today: Germany. `at` and `ch` will be folders beside `de`.
 */
import { type Failure, fail, ok, type PlainDate, type Result } from "../kernel/index.ts";

/** ISO 3166-1 alpha-2 of the countries whose law is built in. */
export type LawCountry = "DE";

/**
 * The law for a claim: creditor and customer must both be in a supported country (rules of conflict are not built in).
 * Errors: `law_country_unsupported`.
 */
export function lawCountry(
  creditorCountry: string,
  customerCountry: string,
): Result<LawCountry, Failure<"law_country_unsupported">> {
  for (const [country, where] of [
    [creditorCountry, "creditorCountry"],
    [customerCountry, "customerCountry"],
  ] as const) {
    if (country !== "DE")
      return fail(
        "invalid",
        "law_country_unsupported",
        `The law of "${country.slice(0, 20)}" is not built in; only DE is.`,
        where,
      );
  }
  return ok("DE");
}

/** What every charge shows (invariant 11). */
export interface Charge {
  /** Paragraph, in German legal notation: `§ 288 I BGB`. */
  readonly law: string;
  /** Per cent a year of an interest charge (all of them, in order, when it changed: `7.27, 6.27`), or the fee rate (`0.9`); absent where the law states a sum. */
  readonly rate?: string;
  /** Days charged; absent where the law does not count days. */
  readonly days?: number;
  /** Minor units the rate is taken of: the principal (the last one, when it changed), the value of a claim. */
  readonly base?: bigint;
  /** First and last day charged, both counted; of a single act, its day twice. */
  readonly from?: PlainDate;
  readonly to?: PlainDate;
  /** Minor units. */
  readonly sum: bigint;
  /** Where the figure comes from: a publication, a table and its day, a proof on file. */
  readonly source: string;
  /** A figure it rests on is not published yet; shown wherever the charge is. */
  readonly provisional: boolean;
}
