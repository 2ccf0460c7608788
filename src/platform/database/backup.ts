/**
 * Backup: one repeatable-read snapshot, copied out table by table. The file is gzip over text:
 *
 *     {"format":"kulanz-backup","version":1,"createdAt":…,"postgres":18,"migrations":[{"name","sha256"}…],"tables":[…]}
 *     {"table":"customer","columns":["customer_id",…]}
 *     … rows as COPY writes them (text format) …
 *     \.
 *     {"rows":3,"bytes":512,"sha256":"…"}                  the rows above, without the line `\.`
 *     … the next table …
 *     {"end":true,"tables":40,"sha256":"…"}                SHA-256 over the hashes of all tables, in order
 *
 * Sealed values and wrapped keys are in it as they lie in the tables; the master key is not, and neither are waiting
 * jobs (what is due is read from the tables) and the list of living processes.
 */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type pg from "pg";
// @ts-expect-error: the package has no types
import * as untyped from "pg-copy-streams";
import { type Clock, type Failure, fail, ok, type Result } from "../../pure/kernel/index.ts";
import type { Logger } from "../config/index.ts";
import type { MigrationLevel } from "./migrations.ts";
import { openPool } from "./pools.ts";

/** Streams that are handed to `client.query`. */
export const copyStreams = untyped as {
  to(statement: string): Readable & pg.Submittable;
  from(statement: string): Writable & pg.Submittable;
};

export const BACKUP_FORMAT = "kulanz-backup";
export const BACKUP_VERSION = 1;

export interface BackupHeader {
  readonly format: string;
  readonly version: number;
  readonly createdAt: string;
  /** Major version of the server. */
  readonly postgres: number;
  readonly migrations: readonly MigrationLevel[];
  readonly tables: readonly string[];
}

export interface TableShape {
  readonly table: string;
  readonly columns: readonly string[];
}

export interface BackupReport {
  readonly tables: number;
  readonly rows: number;
  /** Bytes before compression. */
  readonly bytes: number;
  readonly sha256: string;
}

/** Bookkeeping of one installation, which the target has its own of. */
const leftOut = ["schema_migration", "worker_alive"];

/** Output of COPY must not depend on the server's settings. */
export const PLAIN_OUTPUT = `set datestyle to iso, ymd; set intervalstyle to iso_8601; set extra_float_digits to 1;
  set bytea_output to hex; set client_encoding to utf8; set timezone to utc; set search_path to public`;

/** Tables and their stored (not generated) columns, by name. */
export async function tableShapes(client: pg.ClientBase): Promise<readonly TableShape[]> {
  const { rows } = await client.query<{ table: string; columns: string[] }>(
    `select c.relname::text as table, array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and c.relname <> all ($1)
     group by c.relname order by c.relname`,
    [leftOut],
  );
  return rows;
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const columnList = (shape: TableShape): string =>
  `${quoted(shape.table)} (${shape.columns.map(quoted).join(", ")})`;

/** Migrations of this database, oldest first. */
export async function appliedMigrations(client: pg.ClientBase): Promise<readonly MigrationLevel[]> {
  return (await client.query<MigrationLevel>("select name, sha256 from public.schema_migration order by name")).rows;
}

/**
 * Writes the whole database to `file` (0600), which appears under its name only when it is complete and on disk.
 * Work goes on meanwhile; the copy is of the moment it began. Error: `backup_not_written` (with the file).
 */
export async function backupDatabase(options: {
  readonly url: string;
  readonly file: string;
  readonly now: Clock;
  readonly log: Logger;
}): Promise<Result<BackupReport, Failure<"backup_not_written">>> {
  const pool = openPool(options, "kulanz_owner", 1);
  const fresh = `${options.file}.part`;
  try {
    const target = await open(fresh, "w", 0o600).catch((error: { code?: string }) => error.code ?? "error");
    if (typeof target === "string")
      return fail("unavailable", "backup_not_written", `The backup can't be written (${target}).`, options.file);
    await target.close();
    const client = await pool.connect();
    try {
      await client.query(PLAIN_OUTPUT);
      await client.query("begin isolation level repeatable read, read only");
      let report: BackupReport | undefined;
      const source = Readable.from(
        contentsOf(client, options.now(), (done) => {
          report = done;
        }),
      );
      // Most bytes are sealed and do not shrink: the quick level loses next to nothing.
      await pipeline(source, createGzip({ level: 1 }), createWriteStream(fresh, { flags: "r+", mode: 0o600 }));
      await client.query("commit");
      await settle(fresh, options.file);
      if (report === undefined) throw new Error("the backup has no end");
      options.log.info("backup_written", { count: report.rows, size_bytes: report.bytes });
      return ok(report);
    } catch (error) {
      await rm(fresh, { force: true });
      const { code, path } = error as { code?: string; path?: string };
      if (code !== "ENOSPC" && path === undefined) throw error;
      return fail("unavailable", "backup_not_written", `The backup can't be written (${code}).`, options.file);
    } finally {
      client.release(true);
    }
  } finally {
    await pool.end();
  }
}

/** The bytes on disk, then the name, then the name on disk. */
async function settle(fresh: string, file: string): Promise<void> {
  const sync = async (path: string): Promise<void> => {
    const handle = await open(path, "r");
    await handle.sync();
    await handle.close();
  };
  await sync(fresh);
  await rename(fresh, file);
  await sync(dirname(file));
}

async function* contentsOf(
  client: pg.ClientBase,
  now: Date,
  report: (done: BackupReport) => void,
): AsyncGenerator<string | Buffer> {
  const version = await client.query<{ number: number }>("select current_setting('server_version_num')::int as number");
  const shapes = await tableShapes(client);
  const header: BackupHeader = {
    format: BACKUP_FORMAT,
    version: BACKUP_VERSION,
    createdAt: now.toISOString(),
    postgres: Math.floor((version.rows[0]?.number ?? 0) / 10_000),
    migrations: await appliedMigrations(client),
    tables: shapes.map((shape) => shape.table),
  };
  yield `${JSON.stringify(header)}\n`;
  const whole = createHash("sha256");
  let allRows = 0;
  let allBytes = 0;
  for (const shape of shapes) {
    yield `${JSON.stringify(shape)}\n`;
    const hash = createHash("sha256");
    let bytes = 0;
    const stream = client.query(copyStreams.to(`copy ${columnList(shape)} to stdout`)) as Readable & {
      rowCount?: number;
    };
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
    const sha256 = hash.digest("hex");
    const rows = stream.rowCount ?? 0;
    yield `\\.\n${JSON.stringify({ rows, bytes, sha256 })}\n`;
    whole.update(sha256);
    allRows += rows;
    allBytes += bytes;
  }
  const sha256 = whole.digest("hex");
  yield `${JSON.stringify({ end: true, tables: shapes.length, sha256 })}\n`;
  report({ tables: shapes.length, rows: allRows, bytes: allBytes, sha256 });
}

/** Writes with regard to a slow reader. */
export async function write(stream: Writable, chunk: Buffer): Promise<void> {
  if (!stream.write(chunk)) await once(stream, "drain");
}
