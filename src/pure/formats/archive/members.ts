/** The one way into archives, whichever kind they are. */
import { fail, type Result } from "../../kernel/index.ts";
import { ARCHIVE_LIMITS, type ArchiveFailure, type ArchiveLimits, type ArchiveMember } from "./archive.ts";
import { gzipMember } from "./gzip.ts";
import { zipMembers } from "./zip.ts";

/**
 * The files in a ZIP or gzip, in order. The directory is checked as a whole here (names, sizes, overlaps, limits, against
 * the local headers); the content of a member only while it is read, see `ArchiveMember.read`. A gzip's one member has
 * an empty name. Errors: `ArchiveFailure`, `where` = the member's name.
 */
export function archiveMembers(
  bytes: Uint8Array,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): Result<ArchiveMember[], ArchiveFailure> {
  if (bytes.length > limits.bytesMax)
    return fail("too_large", "archive_too_large", `The archive is larger than ${limits.bytesMax} bytes.`);
  return bytes[0] === 0x1f ? gzipMember(bytes, limits) : zipMembers(bytes, limits);
}
