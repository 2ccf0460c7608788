/** Sources: where files are fetched from, for whom, and what happens to them afterwards. */
import { z } from "zod";
import {
  type CreditorId,
  type Failure,
  fail,
  type Instant,
  ok,
  type Result,
  type Uuid,
} from "../../../pure/kernel/index.ts";
import { type Act, actorName, appendAudit } from "../../../platform/access/index.ts";
import { sql } from "../../../platform/database/index.ts";
import type { KeySeal } from "../../../platform/sealed/index.ts";
import { creditors } from "../../customers/index.ts";

const SECRET = "source_secret";

const shared = {
  name: z.string().trim().min(1).max(100),
  creditor: z.uuid().optional(),
  pattern: z.string().min(1).max(200).default("*"),
  /** `move`: into `done` or `failed` beside them; `keep`: they stay, and each is taken once. */
  after: z.enum(["move", "keep"]).default("move"),
  /** What lists of open items from here are. */
  list: z.enum(["snapshot", "delta"]).optional(),
  enabled: z.boolean().default(true),
};
const folder = z.strictObject({ kind: z.literal("folder"), path: z.string().startsWith("/"), ...shared });
const sftp = z.strictObject({
  kind: z.literal("sftp"),
  host: z.string().min(1).max(253),
  port: z.int().min(1).max(65_535).default(22),
  user: z.string().min(1).max(100),
  path: z.string().min(1).default("."),
  hostKey: z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}=?$/, "as ssh-keygen -l shows it: SHA256:…"),
  /** The private key itself, or a file on this machine that holds it; or a password. Sealed. */
  privateKey: z.string().optional(),
  keyFile: z.string().startsWith("/").optional(),
  passphrase: z.string().optional(),
  password: z.string().optional(),
  ...shared,
});
const input = z.discriminatedUnion("kind", [folder, sftp]);
export type SourceInput = z.input<typeof input>;

export type SourceSettings =
  | { readonly kind: "folder"; readonly path: string }
  | {
      readonly kind: "sftp";
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly path: string;
      readonly hostKey: string;
      readonly keyFile?: string | undefined;
    };

export interface FileSource {
  readonly sourceId: Uuid;
  readonly name: string;
  readonly creditorId: CreditorId | null;
  readonly place: SourceSettings;
  readonly pattern: string;
  readonly after: "move" | "keep";
  readonly list: "snapshot" | "delta" | null;
  readonly enabled: boolean;
  readonly lastTriedAt: Instant | null;
  readonly lastSuccessAt: Instant | null;
  readonly lastError: { readonly code: string; readonly message: string } | null;
  readonly failures: number;
  /** Of the last seven days. */
  readonly files: number;
  readonly refused: number;
  readonly lastFile: { readonly name: string; readonly at: Instant; readonly importId: Uuid | null } | null;
}

/** Folder, or host and folder; never a credential. */
export const placeText = (place: SourceSettings): string =>
  place.kind === "folder" ? place.path : `${place.host}:${place.path}`;

/** Adds a source, or changes the one of this name. Failures: `source_invalid` with the field, `creditor_unknown`. */
export async function putSource(act: Act, given: unknown): Promise<Result<Uuid, Failure>> {
  const read = input.safeParse(given);
  if (!read.success) {
    const [issue] = read.error.issues;
    return fail("invalid", "source_invalid", issue?.message ?? "This is no source.", issue?.path.map(String).join("."));
  }
  const { name, creditor, pattern, after, list, enabled, ...rest } = read.data;
  if (creditor !== undefined && !(await creditors(act)).some(({ creditorId }) => creditorId === creditor))
    return fail("not_found", "creditor_unknown", "There is no such creditor.", "creditor");
  let place: SourceSettings;
  let secret: Buffer | null = null;
  if (rest.kind === "folder") place = { kind: "folder", path: rest.path };
  else {
    const { privateKey, passphrase, password, ...open } = rest;
    if (privateKey === undefined && password === undefined && open.keyFile === undefined)
      return fail("invalid", "source_invalid", "A server needs a key, a key file or a password.", "privateKey");
    place = open;
    secret = (await act.vault.forTenant(act.tx)).seal(SECRET, JSON.stringify({ privateKey, passphrase, password }));
  }
  const { tx } = act;
  const settings = JSON.stringify({ place, pattern, after, list: list ?? null });
  const row = await tx.one<{ source_id: Uuid }>(sql`
    insert into file_source (tenant_id, source_id, creditor_id, name, kind, settings, secret_sealed, enabled, created_by, created_at)
    values (${tx.tenantId}, ${tx.newId<Uuid>()}, ${creditor ?? null}::uuid, ${name}, ${place.kind}, ${settings}::jsonb, ${secret}::bytea,
            ${enabled}, ${actorName(act.actor)}, ${tx.now})
    on conflict (tenant_id, name) do update set creditor_id = excluded.creditor_id, kind = excluded.kind,
      settings = excluded.settings, secret_sealed = excluded.secret_sealed, enabled = excluded.enabled
    returning source_id`);
  if (!row) throw new Error("the source was not kept");
  await appendAudit(act, { act: "source.put", subject: row.source_id, details: { kind: place.kind } });
  return ok(row.source_id);
}

/** Failure `source_not_found`. */
export async function removeSource(act: Act, name: string): Promise<Result<void, Failure>> {
  const row = await act.tx.one<{ source_id: Uuid }>(sql`
    delete from file_source where tenant_id = ${act.tx.tenantId} and name = ${name} returning source_id`);
  if (!row) return fail("not_found", "source_not_found", "There is no source of this name.", "name");
  await appendAudit(act, { act: "source.removed", subject: row.source_id });
  return ok(undefined);
}

interface SourceRow {
  readonly source_id: Uuid;
  readonly name: string;
  readonly creditor_id: CreditorId | null;
  readonly settings: Pick<FileSource, "place" | "pattern" | "after" | "list">;
  readonly enabled: boolean;
  readonly last_tried_at: Instant | null;
  readonly last_success_at: Instant | null;
  readonly last_error: FileSource["lastError"];
  readonly failures: number;
  readonly files: bigint;
  readonly refused: bigint;
  readonly file_name: Buffer | null;
  readonly file_at: Instant | null;
  readonly import_id: Uuid | null;
}

/** All sources by name. */
export async function fileSources(act: Act): Promise<FileSource[]> {
  const { tx } = act;
  const seal = await act.vault.forTenant(tx);
  const rows = await tx.rows<SourceRow>(sql`
    select s.source_id, s.name, s.creditor_id, s.settings, s.enabled, s.last_tried_at, s.last_success_at, s.last_error, s.failures,
           f.files, f.refused, l.name_sealed as file_name, l.fetched_at as file_at, l.import_id
    from file_source s
    cross join lateral (
      select count(*) as files, count(*) filter (where f.state = 'refused') as refused from fetched_file f
      where f.source_id = s.source_id and f.fetched_at > ${tx.now}::timestamptz - interval '7 days') f
    left join lateral (
      select f.name_sealed, f.fetched_at, f.import_id from fetched_file f where f.source_id = s.source_id
      order by f.fetched_at desc limit 1) l on true
    where s.tenant_id = ${tx.tenantId} order by s.name`);
  return rows.map((row) => ({
    sourceId: row.source_id,
    name: row.name,
    creditorId: row.creditor_id,
    ...row.settings,
    enabled: row.enabled,
    lastTriedAt: row.last_tried_at,
    lastSuccessAt: row.last_success_at,
    lastError: row.last_error,
    failures: row.failures,
    files: Number(row.files),
    refused: Number(row.refused),
    lastFile: lastFileOf(row, seal),
  }));
}

function lastFileOf(row: SourceRow, seal: KeySeal): FileSource["lastFile"] {
  if (!row.file_name || !row.file_at) return null;
  const name = seal.openText("file_name", row.file_name);
  return { name: name.ok ? name.value : "", at: row.file_at, importId: row.import_id };
}

export interface SourceSecret {
  readonly privateKey?: string;
  readonly passphrase?: string;
  readonly password?: string;
}

export async function sourceSecret(act: Act, sourceId: Uuid): Promise<SourceSecret> {
  const row = await act.tx.one<{ secret_sealed: Buffer | null }>(sql`
    select secret_sealed from file_source where tenant_id = ${act.tx.tenantId} and source_id = ${sourceId}`);
  if (!row?.secret_sealed) return {};
  const opened = (await act.vault.forTenant(act.tx)).openText(SECRET, row.secret_sealed);
  return opened.ok ? (JSON.parse(opened.value) as SourceSecret) : {};
}

/** Writes down how a try went. */
export async function noteTry({ tx }: Act, sourceId: Uuid, error: FileSource["lastError"]): Promise<void> {
  const change =
    error === null
      ? sql`last_success_at = ${tx.now}, last_error = null, failures = 0`
      : sql`last_error = ${JSON.stringify(error)}::jsonb, failures = failures + 1`;
  await tx.execute(sql`
    update file_source set last_tried_at = ${tx.now}, ${change} where tenant_id = ${tx.tenantId} and source_id = ${sourceId}`);
}
