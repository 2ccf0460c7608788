/** Files of one person: finding them, merging them, and taking a merge back. */
export * from "./finding.ts";
export * from "./model.ts";
export { reasonInWords } from "./reasons.ts";
