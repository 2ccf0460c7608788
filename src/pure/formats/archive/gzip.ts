/** gzip, RFC 1952 (https://www.rfc-editor.org/rfc/rfc1952): one file, packed. Its check sum is tested while reading. */
import { FailureError, ok, type Result } from "../../kernel/index.ts";
import {
  ARCHIVE_LIMITS,
  type ArchiveFailure,
  type ArchiveLimits,
  type ArchiveMember,
  inflated,
  isPacked,
  nestedArchive,
  tooManyBytes,
} from "./archive.ts";

async function* bytesOf(bytes: Uint8Array, limits: ArchiveLimits): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const piece of inflated(bytes, "gzip", limits, "1")) {
    if (size === 0 && isPacked(piece)) throw new FailureError(nestedArchive());
    size += piece.length;
    if (size > limits.unpackedBytesMax) throw new FailureError(tooManyBytes(limits));
    yield piece;
  }
}

export const gzipMember = (
  bytes: Uint8Array,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): Result<ArchiveMember[], ArchiveFailure> => ok([{ name: "", size: null, read: () => bytesOf(bytes, limits) }]);
