/** Fetching: looks into each source, takes in what is complete and new, puts it away, and says how it went. */
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { FileReport } from "../../../pure/formats/index.ts";
import { FailureError, fail, type TenantId, type Uuid } from "../../../pure/kernel/index.ts";
import { type Actor, appendAudit, type Platform, withAct } from "../../../platform/access/index.ts";
import { sql } from "../../../platform/database/index.ts";
import { matchEntries } from "../../matching/index.ts";
import { raiseAlarm, resolveAlarm } from "../alarms/store.ts";
import { importFile, shownName } from "../files.ts";
import { openFolder } from "./adapters/folder.ts";
import { openSftp } from "./adapters/sftp.ts";
import { type FilePlace, type FoundFile, matchesPattern } from "./port.ts";
import { type FileSource, fileSources, noteTry, type SourceSecret, sourceSecret } from "./sources.ts";

/** A file whose size stays the same that long is complete. */
const STABLE_MS = 1_000;
const BYTES_MAX = 2 ** 30;

export interface FetchedFile {
  readonly file: string;
  readonly state: "taken" | "known" | "refused";
  readonly error?: { readonly code: string; readonly message: string };
  /** Of the import that brought the file's content, now or before; undefined when it was refused. */
  readonly importId?: Uuid;
  readonly report: FileReport;
}

export interface SourceFetched {
  readonly source: string;
  readonly sourceId: Uuid;
  readonly files: readonly FetchedFile[];
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface FetchOptions {
  readonly sourceId?: Uuid;
  /** Milliseconds a size must stay the same (1,000). */
  readonly stableMs?: number;
}

async function openPlace({ place }: FileSource, secret: SourceSecret): Promise<FilePlace> {
  if (place.kind === "folder") return openFolder(place.path);
  const { keyFile, ...target } = place;
  const privateKey = secret.privateKey ?? (keyFile === undefined ? undefined : await readFile(keyFile, "utf8"));
  return openSftp({ ...target, ...secret, ...(privateKey === undefined ? {} : { privateKey }) });
}

/** What may be told and stored: no path of a key, no login. */
function told(error: unknown): { code: string; message: string } {
  if (error instanceof FailureError) return { code: error.failure.code, message: error.failure.message };
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "EACCES")
    return { code: "place_unreadable", message: "The place or the key file can't be read." };
  return { code: "fetch_failed", message: "The files could not be fetched." };
}

/** All enabled sources of a tenant (or one, enabled or not), one after the other. Trouble of one is told and stops no other. */
export async function fetchFiles(
  platform: Platform,
  tenantId: TenantId,
  actor: Actor,
  options: FetchOptions = {},
): Promise<SourceFetched[]> {
  const all = await withAct(platform, tenantId, actor, fileSources);
  const wanted = all.filter(({ sourceId, enabled }) =>
    options.sourceId === undefined ? enabled : sourceId === options.sourceId,
  );
  const results: SourceFetched[] = [];
  let statements = false;
  for (const source of wanted) {
    const files: FetchedFile[] = [];
    let error: SourceFetched["error"] = null;
    try {
      await fetchFrom(platform, tenantId, actor, source, options.stableMs ?? STABLE_MS, files);
    } catch (thrown) {
      error = told(thrown);
    }
    // Settlements and items too: they may explain money that is here already.
    statements ||= files.some(({ report }) => report.statements.length + report.records > 0);
    const failed = error;
    await withAct(platform, tenantId, actor, async (act) => {
      await noteTry(act, source.sourceId, failed);
      const alarm = { kind: "source_failed", place: source.sourceId } as const;
      const { sourceId, creditorId } = source;
      if (failed)
        await raiseAlarm(act, {
          ...alarm,
          sourceId,
          creditorId: creditorId ?? undefined,
          facts: { code: failed.code },
        });
      else await resolveAlarm(act, alarm.kind, alarm.place);
      if (failed || files.length > 0)
        await appendAudit(act, {
          act: "source.fetched",
          subject: sourceId,
          details: {
            taken: files.filter(({ state }) => state === "taken").length,
            refused: files.filter(({ state }) => state === "refused").length,
            error: failed?.code ?? "",
          },
        });
    });
    results.push({ source: source.name, sourceId: source.sourceId, files, error });
  }
  if (statements) await matchEntries(platform, tenantId, actor, {});
  return results;
}

async function fetchFrom(
  platform: Platform,
  tenantId: TenantId,
  actor: Actor,
  source: FileSource,
  stableMs: number,
  files: FetchedFile[],
): Promise<void> {
  const secret = await withAct(platform, tenantId, actor, (act) => sourceSecret(act, source.sourceId));
  const place = await openPlace(source, secret);
  try {
    const first = (await place.list()).filter(({ name }) => matchesPattern(name, source.pattern));
    if (first.length === 0) return;
    await pause(stableMs);
    const second = new Map((await place.list()).map((file) => [file.name, file]));
    for (const file of first) {
      const now = second.get(file.name);
      // It still grows, or is gone: the next look.
      if (!now || now.size !== file.size || now.changedAt !== file.changedAt) continue;
      const print = printOf(tenantId, source, file);
      if (source.after === "keep" && (await wasFetched(platform, tenantId, actor, print))) continue;
      const fetched = await takeOne(platform, tenantId, actor, source, place, file);
      await keepFetched(platform, tenantId, actor, source, print, fetched);
      files.push(fetched);
      if (source.after === "move") {
        const stamp = await withAct(platform, tenantId, actor, async ({ tx }) =>
          tx.now.toISOString().replace(/\D/g, ""),
        );
        const { error } = fetched;
        const failed = fetched.state === "refused" && error?.code !== "snapshot_stopped";
        await place.putAway(
          file.name,
          failed ? "failed" : "done",
          stamp,
          failed ? `${error?.code ?? "refused"}: ${error?.message ?? ""}\n` : undefined,
        );
      }
    }
  } finally {
    await place.close();
  }
}

/** Into a file of our own first: it is read twice, and a server may be slow. */
async function takeOne(
  platform: Platform,
  tenantId: TenantId,
  actor: Actor,
  source: FileSource,
  place: FilePlace,
  { name }: FoundFile,
): Promise<FetchedFile> {
  const folder = await mkdtemp(join(tmpdir(), "kulanz-fetch-"));
  try {
    const path = join(folder, "file");
    let size = 0;
    const limited = new Transform({
      transform(piece: Buffer, _, next) {
        size += piece.length;
        next(
          size > BYTES_MAX
            ? new FailureError(fail("too_large", "file_too_large", "The file is too large.").error)
            : null,
          piece,
        );
      },
    });
    await pipeline(Readable.from(place.read(name)), limited, createWriteStream(path, { mode: 0o600 }));
    let importId: Uuid | undefined;
    const input = {
      name,
      content: () => createReadStream(path) as AsyncIterable<Uint8Array>,
      ...(source.creditorId === null ? {} : { creditorId: source.creditorId }),
      ...(source.list === null ? {} : { list: source.list }),
    };
    const report = await importFile(platform, tenantId, actor, input, {
      onStored: (id) => {
        importId = id;
      },
    });
    const { error } = report;
    const fresh = (report.imported?.new ?? 0) > 0;
    return {
      file: shownName(name),
      state: report.status === "refused" ? "refused" : fresh ? "taken" : "known",
      ...(error ? { error: { code: error.code, message: error.message } } : {}),
      ...(importId === undefined ? {} : { importId }),
      report,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const printOf = (tenantId: TenantId, { sourceId }: FileSource, { name, size, changedAt }: FoundFile): Buffer =>
  createHash("sha256")
    .update(JSON.stringify([tenantId, sourceId, name, size, changedAt]))
    .digest();

const wasFetched = (platform: Platform, tenantId: TenantId, actor: Actor, print: Buffer): Promise<boolean> =>
  withAct(platform, tenantId, actor, async ({ tx }) => {
    const row = await tx.one(
      sql`select 1 as there from fetched_file where fingerprint = ${print} and tenant_id = ${tx.tenantId}`,
    );
    return row !== undefined;
  });

/** A refused file is an alarm until a file of its name is taken. */
async function keepFetched(
  platform: Platform,
  tenantId: TenantId,
  actor: Actor,
  { sourceId, creditorId }: FileSource,
  print: Buffer,
  { file, state, error, importId }: FetchedFile,
): Promise<void> {
  await withAct(platform, tenantId, actor, async (act) => {
    const { tx } = act;
    const seal = await act.vault.forTenant(tx);
    await tx.execute(sql`
      insert into fetched_file (fingerprint, tenant_id, source_id, name_sealed, import_id, state, error_code, fetched_at)
      values (${print}, ${tx.tenantId}, ${sourceId}, ${seal.seal("file_name", file)}, ${importId ?? null}::uuid, ${state},
              ${error?.code ?? null}, ${tx.now})
      on conflict (fingerprint) do update set import_id = excluded.import_id, state = excluded.state,
        error_code = excluded.error_code, fetched_at = excluded.fetched_at`);
    const place = `${sourceId} ${seal.lookupToken("fetched_name", file).toString("hex")}`;
    // A stopped list has an alarm of its own, which goes with the decision.
    if (state === "refused" && error?.code !== "snapshot_stopped")
      await raiseAlarm(act, {
        kind: "refused_file",
        place,
        sourceId,
        creditorId: creditorId ?? undefined,
        facts: { code: error?.code ?? "" },
      });
    else await resolveAlarm(act, "refused_file", place);
  });
}
