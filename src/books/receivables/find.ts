/** The clerk's one search: everything customers are found by, and what they owe. */
import type { CustomerId, Failure, Result } from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import { type CustomerHit, searchCustomers } from "../customers/index.ts";
import { customersOwing } from "./ledger.ts";

/** `119,00`, `1.190,00 €`, `EUR 119.00`: an amount with two decimal places, wherever it stands in the text. */
const AMOUNT = /(?<![\d.,-])(?:EUR|€)?\s?(\d{1,3}(?:[.' ]\d{3})+|\d{1,9})[.,](\d{2})(?![\d.,-])\s?(?:€|EUR)?/iu;

/**
 * Searches by any word, number or reference, and by amount when the text has one (an open item of exactly that amount,
 * minor units of two places). Failures as `searchCustomers`.
 */
export async function findCustomers(
  act: Act,
  text: string,
  limit: number,
): Promise<Result<readonly CustomerHit[], Failure>> {
  const found = AMOUNT.exec(text);
  if (found) {
    const minor = BigInt(`${(found[1] ?? "").replace(/\D/g, "")}${found[2] ?? ""}`);
    const among: readonly CustomerId[] = await customersOwing(act, minor, 200);
    const rest = text.replace(found[0], " ").trim();
    if (among.length > 0 || rest === "") return searchCustomers(act, { text: rest, among }, limit);
  }
  return searchCustomers(act, { text }, limit);
}
