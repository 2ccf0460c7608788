/** SQL of `import_file` and `import_mapping`. */
import type { MappingCorrection } from "../../pure/formats/index.ts";
import type { Instant, Uuid } from "../../pure/kernel/index.ts";
import { type Act, actorName } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import type { StoredReport } from "./model.ts";

const NAME_KIND = "file_name";

/** The file's token: the same content is the same file whatever its name. `sha256` in hex. */
export async function fileFingerprint(act: Act, sha256: string): Promise<Buffer> {
  return (await act.vault.forTenant(act.tx)).lookupToken("import_file", sha256);
}

/**
 * Claims a file for this transaction. Undefined when it was taken in before; an import of the same file at the same
 * time waits here until the other one has committed or given up.
 */
export async function claimFile(
  act: Act,
  file: { readonly fingerprint: Buffer; readonly name: string; readonly format: string; readonly size: number },
): Promise<Uuid | undefined> {
  const { tx } = act;
  const importId = tx.newId<Uuid>();
  const sealed = (await act.vault.forTenant(tx)).seal(NAME_KIND, file.name);
  const written = await tx.execute(sql`
    insert into import_file (fingerprint, tenant_id, import_id, name_sealed, format, size_bytes, report, imported_by, imported_at)
    values (${file.fingerprint}, ${tx.tenantId}, ${importId}, ${sealed}, ${file.format}, ${file.size}, '{}'::jsonb,
            ${actorName(act.actor)}, ${tx.now})
    on conflict (fingerprint) do nothing`);
  return written === 1 ? importId : undefined;
}

export async function keepReport(
  { tx }: Act,
  fingerprint: Buffer,
  format: string,
  report: StoredReport,
): Promise<void> {
  await tx.execute(sql`
    update import_file set report = ${JSON.stringify(report)}::jsonb, format = ${format}
    where fingerprint = ${fingerprint} and tenant_id = ${tx.tenantId}`);
}

export interface ImportedFile {
  readonly importId: Uuid;
  readonly fingerprint: Buffer;
  readonly name: string;
  readonly format: string;
  readonly sizeBytes: bigint;
  readonly report: StoredReport;
  readonly importedBy: string;
  readonly importedAt: Instant;
}

interface FileRow {
  readonly import_id: Uuid;
  readonly fingerprint: Buffer;
  readonly name_sealed: Buffer;
  readonly format: string;
  readonly size_bytes: bigint;
  readonly report: StoredReport;
  readonly imported_by: string;
  readonly imported_at: Instant;
}

/** Files taken in, newest first. */
export async function importedFiles(act: Act, limit = 1_000): Promise<ImportedFile[]> {
  const rows = await act.tx.rows<FileRow>(sql`
    select import_id, fingerprint, name_sealed, format, size_bytes, report, imported_by, imported_at from import_file
    where tenant_id = ${act.tx.tenantId} order by imported_at desc, import_id desc limit ${limit}`);
  const seal = await act.vault.forTenant(act.tx);
  return rows.map((row) => {
    const name = seal.openText(NAME_KIND, row.name_sealed);
    return {
      importId: row.import_id,
      fingerprint: row.fingerprint,
      name: name.ok ? name.value : "",
      format: row.format,
      sizeBytes: row.size_bytes,
      report: row.report,
      importedBy: row.imported_by,
      importedAt: row.imported_at,
    };
  });
}

/** The import that brought a file, if one did. */
export async function importedFile(
  { tx }: Act,
  fingerprint: Buffer,
): Promise<Pick<ImportedFile, "importId" | "report"> | undefined> {
  const row = await tx.one<{ import_id: Uuid; report: StoredReport }>(sql`
    select import_id, report from import_file where fingerprint = ${fingerprint} and tenant_id = ${tx.tenantId}`);
  return row && { importId: row.import_id, report: row.report };
}

/** Remembers how the columns of a header are to be read; the last confirmation counts. */
export async function keepMapping(act: Act, headerHash: Buffer, mapping: MappingCorrection): Promise<void> {
  const { tx } = act;
  await tx.execute(sql`
    insert into import_mapping (tenant_id, header_hash, mapping, confirmed_by, confirmed_at)
    values (${tx.tenantId}, ${headerHash}, ${JSON.stringify(mapping)}::jsonb, ${actorName(act.actor)}, ${tx.now})
    on conflict (tenant_id, header_hash) do update
      set mapping = excluded.mapping, confirmed_by = excluded.confirmed_by, confirmed_at = excluded.confirmed_at`);
}

export async function readMapping({ tx }: Act, headerHash: Buffer): Promise<MappingCorrection | undefined> {
  const row = await tx.one<{ mapping: MappingCorrection }>(sql`
    select mapping from import_mapping where tenant_id = ${tx.tenantId} and header_hash = ${headerHash}`);
  return row?.mapping;
}
