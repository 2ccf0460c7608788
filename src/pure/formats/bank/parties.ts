/** Parties of a transaction in formats that tell little of them. */
import type { TransactionParty } from "./statement.ts";

export const NOBODY: TransactionParty = {
  iban: null,
  other: null,
  name: null,
  bic: null,
  postcode: null,
  city: null,
  country: null,
};
