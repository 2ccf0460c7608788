/** Room `banking`: statements and entries as the bank wrote them. */
export { type Direction, type Entry, type EntryPayload, type EntryStatus } from "./model.ts";
export {
  type KnownEntry,
  openEntryPayload,
  openEntryPayloads,
  PAYMENT_KIND,
  resealForStatement,
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
  type StatementRow,
} from "./store.ts";
