/** Customers, their parties and ways to reach them; creditors and brands. */
export * from "./merging/compared.ts";
export * from "./contacts.ts";
export * from "./creditors.ts";
export * from "./file.ts";
export * from "./merging/merged.ts";
export * from "./model.ts";
export { colognePhonetics } from "./phonetics.ts";
export * from "./search.ts";
export {
  type CustomerLine,
  customerLines,
  lockCustomer,
  lockCustomers,
  lockFreeCustomers,
  mayOpenCustomer,
  visibleCustomers,
} from "./store.ts";
export { forgetNames } from "./tokens.ts";
export { knownCustomers, readPhone, type StoredIdentity, type TakenCustomer, takeCustomers } from "./take.ts";
