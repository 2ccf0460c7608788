/** Files of one person: finding them, merging them, and taking a merge back. */
export * from "./finding.ts";
export * from "./model.ts";
export * from "./listing.ts";
export { duplicateTasks, FIND_DUPLICATES } from "./jobs.ts";
export { erasePerson } from "./merging/erase.ts";
export { bringAlong, mergeCustomers, standingMerge, undoMerge } from "./merging/merge.ts";
export type { Merged, MergeFollower } from "./merging/model.ts";
export { reasonInWords } from "./reasons.ts";
