/**
 * Migrations are folders `migrations/NNNN_name/` with `note.md`, `schema.sql` and, where tables are added,
 * `distribute.sql` (Citus only, listed by `scaleOutPlan`). Each runs once, in one transaction, as kulanz_owner.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type pg from "pg";
import { type Clock, type Failure, fail, ok, type Result } from "../../pure/kernel/index.ts";
import { type Logger, packageRoot } from "../config/index.ts";
import { openPool } from "./pools.ts";
import { type BootstrapFailure, bootstrapRoles, SCHEMA_LOCK } from "./roles.ts";

export interface Migration {
  /** `0001_platform` */
  readonly name: string;
  readonly schema: string;
  /** Statements for Citus, empty when the migration adds no table. */
  readonly distribute: string;
  /** SHA-256 of `schema.sql`, hexadecimal. */
  readonly sha256: string;
}

export type MigrationFailure = Failure<"migration_changed" | "migration_order" | "migration_failed" | "database_newer">;

export interface MigrateOptions {
  readonly url: string;
  readonly now: Clock;
  readonly log: Logger;
  readonly folder?: string;
}

export const migrationsFolder = join(packageRoot, "migrations");

/** All migrations in their order. A folder that is still empty is not one. */
export function readMigrations(folder: string = migrationsFolder): readonly Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, "schema.sql")))
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      if (!/^\d{4}_[a-z0-9_]+$/.test(name)) throw new Error(`migration folder ${name} is not named NNNN_name`);
      const schema = readFileSync(join(folder, name, "schema.sql"), "utf8");
      const file = join(folder, name, "distribute.sql");
      const sha256 = createHash("sha256").update(schema).digest("hex");
      return { name, schema, distribute: existsSync(file) ? readFileSync(file, "utf8") : "", sha256 };
    });
}

/** Name and hash of the last migration: what a backup must agree with. */
export interface MigrationLevel {
  readonly name: string;
  readonly sha256: string;
}

/**
 * Sets the roles up and brings the schema to this program's level. Safe to call from several processes at once.
 * Errors: `database_roles`, `postgres_version`; `migration_changed` (an applied file is not the one that was applied),
 * `database_newer` (applied by a newer program), `migration_order`, `migration_failed` (its transaction was undone).
 */
export async function migrate(
  options: MigrateOptions,
): Promise<Result<{ readonly applied: readonly string[] }, MigrationFailure | BootstrapFailure>> {
  const login = openPool(options, "login", 1);
  try {
    const client = await login.connect();
    try {
      const roles = await bootstrapRoles(client);
      if (!roles.ok) return roles;
    } finally {
      client.release();
    }
  } finally {
    await login.end();
  }
  const owner = openPool(options, "kulanz_owner", 1);
  try {
    const client = await owner.connect();
    try {
      await client.query("select pg_advisory_lock($1)", [SCHEMA_LOCK]);
      return await applyMissing(client, readMigrations(options.folder), options);
    } finally {
      // Ends the session and with it the lock, whatever happened.
      client.release(true);
    }
  } finally {
    await owner.end();
  }
}

async function applyMissing(
  client: pg.ClientBase,
  migrations: readonly Migration[],
  { now, log }: MigrateOptions,
): Promise<Result<{ readonly applied: readonly string[] }, MigrationFailure>> {
  await client.query(`create table if not exists schema_migration (
    name text primary key, sha256 text not null, applied_at timestamptz not null)`);
  await client.query(`comment on table schema_migration is 'platform: migrations this database has, with their hash'`);
  await client.query("grant select on schema_migration to kulanz_app, kulanz_system");
  const present = await client.query<MigrationLevel>("select name, sha256 from schema_migration order by name");
  for (const [index, row] of present.rows.entries()) {
    const mine = migrations.find((migration) => migration.name === row.name);
    if (!mine)
      return fail("conflict", "database_newer", "The database was set up by a newer Kulanz. Update Kulanz.", row.name);
    if (mine.sha256 !== row.sha256)
      return fail("conflict", "migration_changed", "This migration differs from the one the database has.", row.name);
    if (migrations[index]?.name !== row.name)
      return fail("conflict", "migration_order", "A migration is missing before this one.", row.name);
  }
  const applied: string[] = [];
  for (const migration of migrations.slice(present.rows.length)) {
    try {
      await client.query("begin");
      await client.query(migration.schema);
      await client.query("insert into schema_migration values ($1, $2, $3)", [migration.name, migration.sha256, now()]);
      await client.query("commit");
    } catch (error) {
      await client.query("rollback");
      return fail("unavailable", "migration_failed", (error as Error).message, placeOf(migration, error));
    }
    log.info("migration_applied", { migration: migration.name });
    applied.push(migration.name);
  }
  return ok({ applied });
}

/** `0002_books/schema.sql:17`: PostgreSQL tells the character at which it stopped. */
function placeOf(migration: Migration, error: unknown): string {
  const position = Number((error as { position?: string }).position ?? 0);
  const file = `${migration.name}/schema.sql`;
  return position > 0 ? `${file}:${migration.schema.slice(0, position).split("\n").length}` : file;
}

/** What `kulanz scale-out --plan` prints: the Citus statements of each migration, in order. Nothing runs them here. */
export function scaleOutPlan(folder: string = migrationsFolder): readonly { name: string; statements: string }[] {
  return readMigrations(folder)
    .filter((migration) => migration.distribute.trim() !== "")
    .map(({ name, distribute }) => ({ name, statements: distribute.trim() }));
}
