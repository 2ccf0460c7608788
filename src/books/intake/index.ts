/** Room `intake`: files in, each once and whole. */
export { importFile, importFiles, previewFile, shownName } from "./files.ts";
export { type MappingFound, rememberMapping } from "./items.ts";
export { matchesOfFile } from "./matches.ts";
export type { Content, FileInput, ImportAcknowledgement, ImportOptions, StoredReport } from "./model.ts";
export { ALL_FIELDS, type FilePreview, previewImport, REQUIRED_FIELDS, type TablePreview } from "./preview.ts";
export { type ImportedFile, importedFiles } from "./store.ts";
export { decideSnapshot } from "./leading/confirm.ts";
export type { SnapshotDecision } from "./leading/deciding.ts";
export { type ListKind, stopLimits } from "./leading/lists.ts";
export { type StoppedList, stoppedLists, type VanishedRow, vanishedItems } from "./leading/store.ts";
