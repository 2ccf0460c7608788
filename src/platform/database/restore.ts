/**
 * Restore: into an empty database at the backup's migration level, in one transaction, every hash checked. What was
 * erased since the backup was written is erased again before anybody can read it (invariant 13).
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { createGunzip } from "node:zlib";
import type pg from "pg";
import { type Failure, FailureError, fail, ok, type Result } from "../../pure/kernel/index.ts";
import type { Logger } from "../config/index.ts";
import {
  appliedMigrations,
  BACKUP_FORMAT,
  BACKUP_VERSION,
  type BackupHeader,
  columnList,
  copyStreams,
  PLAIN_OUTPUT,
  quoted,
  type TableShape,
  tableShapes,
  write,
} from "./backup.ts";
import { SCHEMA_LOCK } from "./roles.ts";
import { openPool } from "./pools.ts";
import { sql } from "./sql.ts";
import type { Database } from "./transaction.ts";

/** A customer's key that is to stay destroyed. */
export interface Erasure {
  readonly customerId: string;
  readonly purpose: "contact" | "records";
  /** ISO 8601, UTC. */
  readonly at: string;
}

/**
 * All erasures so far. To be kept apart from the backups (ids only, nothing personal) and handed to `restoreDatabase`:
 * a backup can't know what was erased after it.
 */
export async function listErasures(database: Database): Promise<readonly Erasure[]> {
  const rows = await database.owner((tx) =>
    tx.rows<{ customer_id: string; purpose: Erasure["purpose"]; destroyed_at: Date }>(
      sql`select customer_id, purpose, destroyed_at from customer_key where destroyed_at is not null order by destroyed_at`,
    ),
  );
  return rows.map((row) => ({ customerId: row.customer_id, purpose: row.purpose, at: row.destroyed_at.toISOString() }));
}

const ERASURES_FILE = "erasures.json";

/**
 * Writes the list of erasures to `DIR/erasures.json`, united with what stands there: at every start, with every backup,
 * and after every erasure. It outlives the database, so a backup from before an erasure is restored rightly.
 */
export async function keepErasures(database: Database, dataFolder: string): Promise<readonly Erasure[]> {
  const all = uniteErasures(await readErasures(dataFolder), await listErasures(database));
  const file = join(dataFolder, ERASURES_FILE);
  // Two commands beside each other write the same list, each through a file of its own.
  const part = `${file}.${process.pid}.part`;
  const handle = await open(part, "w", 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(all, null, 1)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(part, file);
  return all;
}

/** The kept list; empty where there is none. Throws when it is there and can't be read: better no restore than a wrong one. */
export async function readErasures(dataFolder: string): Promise<readonly Erasure[]> {
  try {
    return JSON.parse(await readFile(join(dataFolder, ERASURES_FILE), "utf8")) as Erasure[];
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return [];
    throw error;
  }
}

function uniteErasures(...lists: readonly (readonly Erasure[])[]): readonly Erasure[] {
  const all = new Map<string, Erasure>();
  for (const erasure of lists.flat()) {
    const key = `${erasure.customerId}/${erasure.purpose}`;
    if (!all.has(key)) all.set(key, erasure);
  }
  return [...all.values()];
}

export type RestoreFailure = Failure<
  "backup_unreadable" | "backup_unknown_format" | "backup_level" | "backup_damaged" | "database_not_empty"
>;

export interface RestoreReport {
  readonly createdAt: string;
  readonly tables: number;
  readonly rows: number;
  /** Keys that the backup still had and that are destroyed again. */
  readonly erased: number;
}

export interface RestoreOptions {
  readonly url: string;
  readonly file: string;
  readonly log: Logger;
  /** From `listErasures`; united with the lists (`platform_setting` `erasures`) of backup and target. */
  readonly erasures?: readonly Erasure[];
}

/**
 * Fills the database from a backup; afterwards it is all there or nothing is.
 * Errors: `backup_unreadable` (no such file), `backup_unknown_format`, `backup_level` (made at another migration level:
 * `where` is the first that differs), `database_not_empty` (`where` is the table), `backup_damaged` (`where` is the table
 * in which a hash, a length or a row is not right).
 */
export async function restoreDatabase(options: RestoreOptions): Promise<Result<RestoreReport, RestoreFailure>> {
  const pool = openPool(options, "kulanz_owner", 1);
  const client = await pool.connect();
  const reader = new Reader(options.file);
  try {
    await client.query(PLAIN_OUTPUT);
    await client.query("select pg_advisory_lock($1)", [SCHEMA_LOCK]);
    await client.query("begin");
    const report = await restoreInto(client, reader, options.erasures ?? []);
    await client.query("commit");
    await client.query("analyze");
    options.log.info("backup_restored", { count: report.rows, total: report.tables });
    return ok(report);
  } catch (error) {
    if (error instanceof FailureError) return { ok: false, error: error.failure as RestoreFailure };
    throw error;
  } finally {
    reader.close();
    // Ends the session: what was not committed is undone, also in the middle of a COPY.
    client.release(true);
    await pool.end();
  }
}

const refuse = (code: RestoreFailure["code"], message: string, where?: string): FailureError =>
  new FailureError(fail("conflict", code, message, where).error);
const damaged = (what: string, where: string): FailureError =>
  refuse("backup_damaged", `The backup is damaged: ${what}. Nothing was restored.`, where);

async function restoreInto(client: pg.ClientBase, reader: Reader, given: readonly Erasure[]): Promise<RestoreReport> {
  const header = readHeader(await reader.line("header"));
  await checkLevel(client, header);
  const shapes = await tableShapes(client);
  const names = shapes.map((shape) => shape.table);
  if (JSON.stringify(names) !== JSON.stringify(header.tables)) throw damaged("it lists other tables", "header");
  const kept = await emptied(client, names);

  // Foreign keys go and come back, so the order of tables does not matter and each is checked once, as a whole.
  const keys = await client.query<{ table: string; name: string; definition: string }>(
    `select conrelid::regclass::text as table, conname::text as name, pg_get_constraintdef(oid) as definition
     from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace and conparentid = 0
     order by conrelid::regclass::text, conname`,
  );
  for (const key of keys.rows) await client.query(`alter table ${key.table} drop constraint ${quoted(key.name)}`);
  for (const name of names) await client.query(`alter table ${quoted(name)} disable trigger user`);

  const whole = createHash("sha256");
  let rows = 0;
  for (const shape of shapes) {
    const read = await restoreTable(client, reader, shape);
    whole.update(read.sha256);
    rows += read.rows;
  }
  const end = parsed(await reader.line("end"), "end") as { end?: boolean; tables?: number; sha256?: string };
  if (end.end !== true || end.tables !== shapes.length || end.sha256 !== whole.digest("hex"))
    throw damaged("its end does not fit", "end");
  await reader.expectEnd();

  for (const name of names) await client.query(`alter table ${quoted(name)} enable trigger user`);
  const erased = await eraseAgain(client, [...kept, ...given]);
  for (const key of keys.rows)
    await client
      .query(`alter table ${key.table} add constraint ${quoted(key.name)} ${key.definition}`)
      .catch(() => Promise.reject(damaged("rows point to rows that are not there", key.table)));
  return { createdAt: header.createdAt, tables: shapes.length, rows, erased };
}

function parsed(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw damaged("a line is not readable", where);
  }
}

function readHeader(line: string): BackupHeader {
  let header: Partial<BackupHeader> = {};
  try {
    header = JSON.parse(line) as Partial<BackupHeader>;
  } catch {
    // Not ours: told below.
  }
  if (header.format !== BACKUP_FORMAT || header.version !== BACKUP_VERSION)
    throw refuse("backup_unknown_format", "This file is not a backup of Kulanz, or of a newer Kulanz.");
  return header as BackupHeader;
}

async function checkLevel(client: pg.ClientBase, header: BackupHeader): Promise<void> {
  const mine = await appliedMigrations(client);
  const count = Math.max(mine.length, header.migrations.length);
  for (let index = 0; index < count; index += 1) {
    const [here, there] = [mine[index], header.migrations[index]];
    if (here?.name !== there?.name || here?.sha256 !== there?.sha256)
      throw refuse(
        "backup_level",
        `The backup was made at migration ${header.migrations.at(-1)?.name ?? "none"}, this database is at ${mine.at(-1)?.name ?? "none"}. Restore it with the Kulanz that made it, then update.`,
        (there ?? here)?.name,
      );
  }
}

/** Only facts of the installation may be there; they are taken away, but for the list of erasures. */
async function emptied(client: pg.ClientBase, names: readonly string[]): Promise<readonly Erasure[]> {
  for (const name of names.filter((table) => table !== "platform_setting")) {
    await client.query(`lock table ${quoted(name)} in access exclusive mode`);
    const filled = await client.query(`select from ${quoted(name)} limit 1`);
    if (filled.rowCount !== 0)
      throw refuse("database_not_empty", "A backup is restored into an empty database only; this one has data.", name);
  }
  const kept = await client.query<{ value: Erasure[] }>("select value from platform_setting where name = 'erasures'");
  await client.query("delete from platform_setting");
  return kept.rows[0]?.value ?? [];
}

async function restoreTable(
  client: pg.ClientBase,
  reader: Reader,
  shape: TableShape,
): Promise<{ rows: number; sha256: string }> {
  const { table } = shape;
  if (JSON.stringify(parsed(await reader.line(table), table)) !== JSON.stringify({ table, columns: shape.columns }))
    throw damaged("this table has other columns, or another one is in its place", table);
  const stream = client.query(copyStreams.from(`copy ${columnList(shape)} from stdin`));
  const copied = new Promise<void>((done, failed) => {
    stream.on("finish", () => done());
    stream.on("error", failed);
  });
  // Awaited below; until then a refusal by the server must not count as unhandled.
  copied.catch(() => {});
  const hash = createHash("sha256");
  let bytes = 0;
  let rows = 0;
  for await (const chunk of reader.rows(table)) {
    hash.update(chunk);
    bytes += chunk.length;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) rows += 1;
    await Promise.race([write(stream, chunk), copied]).catch(() =>
      Promise.reject(damaged("a row can't be read", table)),
    );
  }
  stream.end();
  await copied.catch(() => Promise.reject(damaged("a row can't be read", table)));
  const sha256 = hash.digest("hex");
  const told = parsed(await reader.line(table), table);
  if (JSON.stringify(told) !== JSON.stringify({ rows, bytes, sha256 })) throw damaged("its hash does not fit", table);
  return { rows, sha256 };
}

/** Destroys the listed keys and, with the contact key, everything by which the customer could be found. */
async function eraseAgain(client: pg.ClientBase, given: readonly Erasure[]): Promise<number> {
  const listed = await client.query<{ value: Erasure[] }>("select value from platform_setting where name = 'erasures'");
  const all = uniteErasures(listed.rows[0]?.value ?? [], given);
  if (all.length === 0) return 0;
  const list = JSON.stringify(all);
  const erasures = `jsonb_to_recordset($1::jsonb) as e("customerId" uuid, purpose text, at timestamptz)`;
  const destroyed = await client.query(
    `update customer_key k set wrapped = null, destroyed_at = e.at from ${erasures}
     where k.customer_id = e."customerId" and k.purpose = e.purpose and k.wrapped is not null`,
    [list],
  );
  for (const table of ["directory_entry", "customer_search", "duplicate_key", "known_account"])
    await client.query(
      `delete from ${table} t using ${erasures} where t.customer_id = e."customerId" and e.purpose = 'contact'`,
      [list],
    );
  await client.query(
    `insert into platform_setting (name, value) values ('erasures', $1::jsonb)
     on conflict (name) do update set value = excluded.value`,
    [list],
  );
  return destroyed.rowCount ?? 0;
}

const LONGEST_LINE = 1_000_000;
const END_OF_ROWS = Buffer.from("\\.\n");

/** Lines and row blocks of the unpacked file. */
class Reader {
  readonly #source: ReturnType<typeof createReadStream>;
  readonly #chunks: AsyncIterator<Buffer>;
  #buffer: Buffer = Buffer.alloc(0);

  constructor(file: string) {
    this.#source = createReadStream(file);
    const unpacked = createGunzip();
    this.#source.on("error", (error) => unpacked.destroy(error));
    // Whoever reads next is told; when nobody reads any more it does not matter.
    unpacked.on("error", () => {});
    this.#chunks = this.#source.pipe(unpacked)[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  close(): void {
    this.#source.destroy();
  }

  /** False at the end of the file. */
  async #more(where: string): Promise<boolean> {
    const next = await this.#chunks.next().catch((error: Error & { syscall?: string; code?: string }) => {
      if (error.syscall !== undefined)
        throw refuse("backup_unreadable", `The backup file can't be read (${error.code ?? "error"}).`);
      if (error.message === "incorrect header check")
        throw refuse("backup_unknown_format", "This file is not a backup of Kulanz.");
      throw damaged("it can't be unpacked", where);
    });
    if (next.done) return false;
    this.#buffer = this.#buffer.length === 0 ? next.value : Buffer.concat([this.#buffer, next.value]);
    return true;
  }

  async line(where: string): Promise<string> {
    for (;;) {
      const end = this.#buffer.indexOf(10);
      if (end >= 0) {
        const line = this.#buffer.toString("utf8", 0, end);
        this.#buffer = this.#buffer.subarray(end + 1);
        return line;
      }
      if (this.#buffer.length > LONGEST_LINE) throw damaged("a line is too long", where);
      if (!(await this.#more(where))) throw damaged("it ends too early", where);
    }
  }

  /** Whole rows up to the line `\.`, which COPY's text format never has as a row. */
  async *rows(where: string): AsyncGenerator<Buffer> {
    for (;;) {
      const buffer = this.#buffer;
      const first = buffer.subarray(0, END_OF_ROWS.length).equals(END_OF_ROWS);
      const found = first ? 0 : buffer.indexOf("\n\\.\n") + 1;
      if (first || found > 0) {
        if (found > 0) yield buffer.subarray(0, found);
        this.#buffer = buffer.subarray(found + END_OF_ROWS.length);
        return;
      }
      const whole = buffer.lastIndexOf(10) + 1;
      if (whole > 0) yield buffer.subarray(0, whole);
      this.#buffer = buffer.subarray(whole);
      if (!(await this.#more(where))) throw damaged("it ends too early", where);
    }
  }

  async expectEnd(): Promise<void> {
    if (this.#buffer.length > 0 || (await this.#more("end"))) throw damaged("something follows its end", "end");
  }
}
