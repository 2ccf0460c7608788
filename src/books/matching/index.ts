/** Room `matching`: which entry paid what, with score and reasons. */
export { type MatchCounts, matchEntries, type MatchOptions } from "./automatic/entries.ts";
export { proposeAgain } from "./automatic/credits.ts";
export { undoRejected } from "./automatic/rejects.ts";
export {
  bookByHand,
  confirmProposal,
  leaveOpen,
  openMatchPayload,
  takeUpAgain,
  undoMatch,
} from "./booking.ts";
export type { Booked, MatchPayload, Proposal } from "./writing.ts";
export type { Blocker, Reason, ReasonCode } from "./model.ts";
export { type AdvicesTaken, takeAdvices } from "./advice/store.ts";
export {
  decideLine,
  decidePayout,
  type LineAct,
  mayBeFee,
  type PayoutAct,
} from "./settlement/by-hand.ts";
export { ownMappings, settlementMappings } from "./settlement/mappings.ts";
export { type LineState, openReasonInWords, type PayoutState } from "./settlement/model.ts";
export {
  entriesForPayout,
  payoutCounts,
  type Payout,
  type PayoutLine,
  payoutLines,
  payouts,
} from "./settlement/store.ts";
export { lineTexts, type PayoutSums, sumsOf } from "./settlement/sums.ts";
export { mayUndo, undoLine, undoPayout } from "./settlement/undo.ts";
export { type SettlementTaken, takeSettlement } from "./settlement/take.ts";
export { decideReview, drawReview, type Reviewed, reviewMonths, reviewSample } from "./review.ts";
export { matchingTasks } from "./learning/jobs.ts";
export { forgetAccounts, type KnownAccount, knownAccounts, setRemembered } from "./learning/memory.ts";
export { learningOf } from "./learning/retrain.ts";
export { reasonInWords } from "./reasons.ts";
export { RUNNER_UP_GAP } from "./score.ts";
export { type EntryMatches, matchesOf, type MatchedItem, type ReportedFile } from "./report.ts";
export { type Match, matchesOfEntries } from "./store.ts";
export { decidePaidTwice, type PaidTwice, paidTwice, type TwiceAct } from "./twice/decide.ts";
