export { arrayOf, type Columns, type ColumnType, keepStatistics, rowsOf } from "./bulk.ts";
export { joinEmbedded } from "./join.ts";
export { type EmbeddedDatabase, type EmbeddedFailure, type EmbeddedOptions, startEmbedded } from "./embedded.ts";
export {
  type MigrateOptions,
  type Migration,
  type MigrationFailure,
  migrate,
  migrationsFolder,
  readMigrations,
  scaleOutPlan,
} from "./migrations.ts";
export { connectionAs, createDatabase, type DatabaseOptions, openPool, typeParsers } from "./pools.ts";
export { type BootstrapFailure, type DatabaseRole } from "./roles.ts";
export * from "./sql.ts";
export * from "./transaction.ts";
export { type BackupReport, backupDatabase } from "./backup.ts";
export {
  type Erasure,
  keepErasures,
  listErasures,
  readErasures,
  type RestoreFailure,
  type RestoreReport,
  restoreDatabase,
} from "./restore.ts";
