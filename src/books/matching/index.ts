/** Room `matching`: which entry paid what, with score and reasons. */
export { type MatchCounts, matchEntries, type MatchOptions, proposeAgain } from "./automatic.ts";
export {
  type Booked,
  bookByHand,
  confirmProposal,
  leaveOpen,
  type MatchPayload,
  openMatchPayload,
  type Proposal,
  takeUpAgain,
  undoMatch,
} from "./booking.ts";
export type { Blocker, Reason, ReasonCode } from "./model.ts";
export { reasonInWords } from "./reasons.ts";
export { RUNNER_UP_GAP } from "./score.ts";
export { type EntryMatches, matchesOf, type MatchedItem } from "./report.ts";
export { type Match, matchesOfEntries } from "./store.ts";
