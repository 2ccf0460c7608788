/** `kulanz matches`: what became of the entries of imported bank files. */
import { type Failure, fail, ok, type Result, type TenantId } from "../../pure/kernel/index.ts";
import { type Act, type Actor, type Platform, withAct } from "../../platform/access/index.ts";
import type { Language } from "../customers/index.ts";
import { type EntryMatches, matchesOf, type ReportedFile } from "../matching/index.ts";
import { shownName } from "./files.ts";
import { importedFiles } from "./store.ts";

/** The newest file of this name with what was packed in it, or all bank files, oldest first. Failure `file_not_found`. */
async function filesNamed(act: Act, name: string | undefined): Promise<Result<ReportedFile[], Failure>> {
  const files = (await importedFiles(act)).filter(({ report }) => (report.statements ?? []).length > 0);
  const shown = name === undefined ? "" : shownName(name);
  const newest = files.find((file) => file.name === shown);
  // Of an archive the entries stand with the files in it.
  const packed = files.filter(
    (file) => file.name.startsWith(`${shown}/`) && file.importedAt.getTime() === newest?.importedAt.getTime(),
  );
  const chosen = name === undefined ? files.toReversed() : newest ? [newest, ...packed.toReversed()] : [];
  if (name !== undefined && chosen.length === 0)
    return fail("not_found", "file_not_found", "No bank file of this name was taken in.", "file");
  return ok(chosen.map((file) => ({ ...file, known: file.report.knownEntries ?? [] })));
}

/**
 * One element an entry, in file order; of the newest file of this name, or of all bank files, oldest first. Failure
 * `file_not_found`: no bank file of this name was taken in.
 */
export async function matchesOfFile(
  act: Act,
  name: string | undefined,
  language: Language = "en",
): Promise<Result<EntryMatches[], Failure>> {
  const files = await filesNamed(act, name);
  if (!files.ok) return files;
  const found: EntryMatches[] = [];
  for (const file of files.value)
    for await (const piece of matchesOf((work) => work(act), file, language)) found.push(...piece);
  return ok(found);
}

/** The same handed over piece by piece, each read in a transaction of its own, for files of any size. */
export async function eachMatchOfFile(
  platform: Platform,
  tenantId: TenantId,
  actor: Actor,
  name: string | undefined,
  take: (piece: readonly EntryMatches[]) => void,
): Promise<Result<null, Failure>> {
  const files = await withAct(platform, tenantId, actor, (act) => filesNamed(act, name));
  if (!files.ok) return files;
  for (const file of files.value)
    for await (const piece of matchesOf((work) => withAct(platform, tenantId, actor, work), file, "en")) take(piece);
  return ok(null);
}
