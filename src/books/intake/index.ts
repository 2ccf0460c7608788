/** Room `intake`: files in, each once and whole. */
export { importFile, importFiles, previewFile, shownName } from "./files.ts";
export { type MappingFound, rememberMapping } from "./items.ts";
export { eachMatchOfFile, matchesOfFile } from "./matches.ts";
export type { Content, FileInput, ImportAcknowledgement, ImportOptions, StoredReport } from "./model.ts";
export {
  ALL_FIELDS,
  type FilePreview,
  previewImport,
  previewListOf,
  REQUIRED_FIELDS,
  type TablePreview,
} from "./preview.ts";
export type { ListPreview } from "./leading/preview.ts";
export { type ImportedFile, importedFiles } from "./store.ts";
export { decideSnapshot } from "./leading/confirm.ts";
export type { SnapshotDecision } from "./leading/deciding.ts";
export type { ListKind } from "./leading/lists.ts";
export { type StoppedList, stoppedLists, type VanishedRow, vanishedItems } from "./leading/store.ts";
export { type AlarmKind, type FileAlarm, fileAlarms, openAlarms } from "./alarms/store.ts";
export { fetchFiles, type SourceFetched } from "./fetching/fetch.ts";
export { type FileSource, fileSources, placeText, putSource, removeSource } from "./fetching/sources.ts";
export { type AccountDays, accountDays, excuseDay } from "./alarms/check.ts";
export { isBankDay, type StatementDayState, statementDays } from "./alarms/days.ts";
export { checkFiles, intakeTasks } from "./jobs.ts";
