/** Room `banking`: statements and entries as the bank wrote them. */
export { closeAnnounced, judgedAnnounced, lockAnnounced } from "./announced/store.ts";
export { keepBrought } from "./brought.ts";
export { type ChainStatement, type Gap, gapsOf, statementChain } from "./chain.ts";
export { type Direction, type Entry, type EntryPayload, type EntryStatus, PAYMENT_KIND } from "./model.ts";
export * from "./refunds/index.ts";
export { openEntryPayload, openEntryPayloads, resealForStatement } from "./payloads.ts";
export {
  type KnownEntry,
  type StatementFile,
  type StatementsTaken,
  storeStatements,
} from "./statements.ts";
export {
  changeEntries,
  changeEntry,
  type EntryChange,
  type EntryFilter,
  lockEntry,
  lockNewEntries,
  readEntries as entries,
  readStatements as statements,
  settleEntry,
  type StatementRow,
} from "./store.ts";
export { measureUnmatched } from "./unmatched.ts";
