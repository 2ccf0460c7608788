/** Checks before dunning: rules over incoming items, and what they found. */
export { type BankData, bankData } from "./bank-data.ts";
export { checkItems, customersToCheck } from "./check.ts";
export * from "./model.ts";
export * from "./store.ts";
