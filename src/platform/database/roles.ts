/**
 * The three roles of invariant 8. One login connects; each pool becomes its role at connection start by the startup
 * option `-c role=…`, so that `reset role` leads back to the role and not to the login.
 */
import type pg from "pg";
import { type Failure, fail, ok, type Result } from "../../pure/kernel/index.ts";

const databaseRoles = ["kulanz_owner", "kulanz_app", "kulanz_system"] as const;
export type DatabaseRole = (typeof databaseRoles)[number];

export type BootstrapFailure = Failure<"postgres_version" | "database_roles">;

/** Lock of everything that changes the schema: set-up, migrations, restore. One at a time for a database. */
export const SCHEMA_LOCK = 7_246_018_215n;

const OLDEST_MAJOR = 15;

/**
 * Creates the roles where they are missing, makes the login a member and lets the owner create schemas and tables.
 * Errors: `postgres_version` (older than 15), `database_roles` (the login may not create roles and is not a member).
 */
export async function bootstrapRoles(
  client: pg.ClientBase,
): Promise<Result<{ readonly major: number }, BootstrapFailure>> {
  const version = await client.query<{ number: number }>(`select current_setting('server_version_num')::int as number`);
  const major = Math.floor((version.rows[0]?.number ?? 0) / 10_000);
  if (major < OLDEST_MAJOR)
    return fail(
      "unavailable",
      "postgres_version",
      `PostgreSQL ${OLDEST_MAJOR} to 18 is needed; this server is version ${major}.`,
    );
  await client.query("select pg_advisory_lock($1)", [SCHEMA_LOCK]);
  try {
    for (const role of databaseRoles) {
      const present = await client.query("select from pg_roles where rolname = $1", [role]);
      // Roles belong to the server, this lock to one database: another database's set-up may be quicker.
      if (present.rowCount === 0)
        await client.query(
          `do $$ begin create role ${role} nologin; exception when duplicate_object or unique_violation then null; end $$`,
        );
      const member = await client.query<{ may: boolean }>(
        `select rolsuper or pg_has_role(current_user, $1, $2) as may from pg_roles where rolname = current_user`,
        [role, major >= 16 ? "SET" : "MEMBER"],
      );
      if (!member.rows[0]?.may) await client.query(`grant ${role} to current_user`);
    }
    await client.query(`do $$ begin
      execute format('grant create, temporary on database %I to kulanz_owner', current_database());
      execute format('grant temporary on database %I to kulanz_app, kulanz_system', current_database());
    end $$`);
    await client.query("grant usage, create on schema public to kulanz_owner");
    await client.query("grant usage on schema public to kulanz_app, kulanz_system");
  } catch (error) {
    if ((error as { code?: string }).code !== "42501") throw error;
    return fail(
      "forbidden",
      "database_roles",
      `The login of DATABASE_URL may not set up the roles. An administrator can: create role ${databaseRoles.join(" nologin; create role ")} nologin; grant ${databaseRoles.join(", ")} to <login>; and make the login the database's owner.`,
      "DATABASE_URL",
    );
  } finally {
    await client.query("select pg_advisory_unlock($1)", [SCHEMA_LOCK]);
  }
  return ok({ major });
}
