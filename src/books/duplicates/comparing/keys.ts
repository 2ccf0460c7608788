/** Keys on which files of one person meet, in the clear; they are stored as keyed hashes only. */
import { colognePhonetics } from "../../customers/index.ts";
import { spelling } from "./spelling.ts";
import type { View } from "./view.ts";

export interface Keys {
  /** Files that share one are compared. */
  readonly pairing: readonly string[];
  /** Counted only. */
  readonly counting: readonly string[];
}

const sound = (words: readonly string[]): string => words.map((word) => colognePhonetics(word) || word).join("");

export const firstNameKey = (folded: string): string => `f|${folded}`;
export const contactKey = (kind: "email" | "phone" | "account", value: string): string => `${kind}|${value}`;

/**
 * Every key is built so that one slip in one field leaves others that still agree: name by sound with the postcode, with
 * the street, with the house; the whole address; each way to reach somebody. Order of the names does not matter.
 */
export function keysOf(view: View): Keys {
  const pairing = new Set<string>();
  const first = sound(view.first.slice(0, 1));
  const last = sound(view.last);
  const both = [first, last].sort().join("+");
  const company = view.company && spelling(view.company.words.join(""));
  for (const value of view.emails) {
    pairing.add(contactKey("email", value));
    const local = value.split("@")[0] ?? "";
    if (local.length >= 6) pairing.add(`el|${local.replace(/[._-]/g, "")}|${last.slice(0, 1)}`);
  }
  for (const value of view.phones) pairing.add(contactKey("phone", value));
  for (const value of view.accounts) pairing.add(contactKey("account", value));
  for (const { street, house, postcode } of view.addresses) {
    const place = `${spelling(street)}|${house}`;
    if (street !== "") pairing.add(`a|${place}|${postcode}`);
    if (first !== "" && last !== "") {
      pairing.add(`np|${both}|${postcode}`);
      if (street !== "") pairing.add(`ns|${both}|${place}`);
    }
    if (last !== "" && house !== "") pairing.add(`lp|${last}|${house}|${postcode}`);
    if (first !== "" && house !== "") pairing.add(`fp|${first}|${house}|${postcode}`);
    if (company !== undefined) pairing.add(`cp|${company}|${postcode.slice(0, 3)}`);
  }
  return { pairing: [...pairing], counting: view.first.length === 0 ? [] : [firstNameKey(view.first.join(""))] };
}
