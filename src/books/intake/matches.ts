/** `kulanz matches`: what became of the entries of imported bank files. */
import { type Failure, fail, ok, type Result } from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import type { Language } from "../customers/index.ts";
import { type EntryMatches, matchesOf } from "../matching/index.ts";
import { shownName } from "./files.ts";
import { importedFiles } from "./store.ts";

/**
 * One element an entry, in file order; of the newest file of this name, or of all bank files, oldest first. Failure
 * `file_not_found`: no bank file of this name was taken in.
 */
export async function matchesOfFile(
  act: Act,
  name: string | undefined,
  language: Language = "en",
): Promise<Result<EntryMatches[], Failure>> {
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
  const found: EntryMatches[] = [];
  for (const file of chosen) found.push(...(await matchesOf(act, file, file.report.knownEntries ?? [], language)));
  return ok(found);
}
