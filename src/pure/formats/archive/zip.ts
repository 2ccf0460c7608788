/**
 * ZIP, https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT (6.3.10), as banks and shops pack files: stored and
 * deflated members, ZIP64, UTF-8 and code page 437 names. The central directory and the local headers must say the same,
 * because programs that believe one or the other would see different files. Refused: encryption, other methods, split
 * archives, overlapping members, links, names that leave the folder.
 */
import { crc32 } from "node:zlib";
import { FailureError, type Result } from "../../kernel/index.ts";
import {
  archiveError,
  ARCHIVE_LIMITS,
  type ArchiveFailure,
  type ArchiveLimits,
  type ArchiveMember,
  brokenArchive,
  inflated,
  isPacked,
  nestedArchive,
  tooManyBytes,
} from "./archive.ts";

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const WHOLE32 = 0xffffffff;
const ENCRYPTED = 1;
const SIZES_BEHIND = 8;
const UTF8 = 2048;

const refuse = (failure: ArchiveFailure): never => {
  throw new FailureError(failure);
};

interface Directory {
  readonly entries: number;
  readonly offset: number;
  readonly size: number;
}

const safe = (value: bigint): number =>
  value > BigInt(Number.MAX_SAFE_INTEGER) ? refuse(brokenArchive("A size in the archive is absurd.")) : Number(value);

function directoryOf(zip: Buffer): Directory {
  let end = -1;
  for (let at = zip.length - 22; at >= Math.max(0, zip.length - 22 - 0xffff); at -= 1)
    if (zip.readUInt32LE(at) === END && at + 22 + zip.readUInt16LE(at + 20) === zip.length) {
      end = at;
      break;
    }
  if (end < 0) return refuse(brokenArchive("The archive has no end: it is cut off, or bytes follow it."));
  const disks = zip.readUInt16LE(end + 4) | zip.readUInt16LE(end + 6);
  let directory: Directory = {
    entries: zip.readUInt16LE(end + 10),
    size: zip.readUInt32LE(end + 12),
    offset: zip.readUInt32LE(end + 16),
  };
  let limit = end;
  const locator = end - 20;
  if (locator >= 0 && zip.readUInt32LE(locator) === LOCATOR64) {
    const at = safe(zip.readBigUInt64LE(locator + 8));
    if (at > locator - 56 || zip.readUInt32LE(at) !== END64)
      return refuse(brokenArchive("The archive's end is damaged."));
    directory = {
      entries: safe(zip.readBigUInt64LE(at + 32)),
      size: safe(zip.readBigUInt64LE(at + 40)),
      offset: safe(zip.readBigUInt64LE(at + 48)),
    };
    limit = at;
  } else if (disks !== 0) return refuse(brokenArchive("The archive is one part of several."));
  if (directory.offset + directory.size !== limit)
    return refuse(brokenArchive("The archive's directory is not where its end says."));
  return directory;
}

interface Entry {
  readonly name: string;
  readonly rawName: Buffer;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
  readonly attributes: number;
}

/** Values of the ZIP64 extra field, in the order in which the 32-bit ones are full. */
function wide(extra: Buffer, needed: number, place: string): bigint[] {
  if (needed === 0) return [];
  for (let at = 0; at + 4 <= extra.length; ) {
    const size = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === 1 && size >= 8 * needed && at + 4 + size <= extra.length)
      return Array.from({ length: needed }, (_, index) => extra.readBigUInt64LE(at + 4 + 8 * index));
    at += 4 + size;
  }
  return refuse(brokenArchive("A ZIP64 size is missing.", place));
}

function entryAt(zip: Buffer, at: number, end: number): { readonly entry: Entry; readonly next: number } {
  if (at + 46 > end || zip.readUInt32LE(at) !== CENTRAL)
    return refuse(brokenArchive("The archive's directory is damaged."));
  const nameEnd = at + 46 + zip.readUInt16LE(at + 28);
  const extraEnd = nameEnd + zip.readUInt16LE(at + 30);
  const next = extraEnd + zip.readUInt16LE(at + 32);
  if (next > end) return refuse(brokenArchive("The archive's directory is damaged."));
  const rawName = zip.subarray(at + 46, nameEnd);
  const flags = zip.readUInt16LE(at + 8);
  const name = rawName.toString((flags & UTF8) === 0 ? "latin1" : "utf8");
  const narrow = [zip.readUInt32LE(at + 24), zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 42)];
  const full = narrow.filter((value) => value === WHOLE32).length;
  const values = wide(zip.subarray(nameEnd, extraEnd), full, memberPlace(name));
  const [size = 0, packed = 0, offset = 0] = narrow.map((value) =>
    value === WHOLE32 ? safe(values.shift() ?? 0n) : value,
  );
  return {
    entry: {
      name,
      rawName,
      flags,
      method: zip.readUInt16LE(at + 10),
      crc: zip.readUInt32LE(at + 16),
      packed,
      size,
      offset,
      attributes: zip.readUInt32LE(at + 38),
    },
    next,
  };
}

/** A member's name as a place in an error: without control characters, not endless. */
const memberPlace = (name: string): string => name.replace(/[\p{Cc}\p{Cf}]/gu, "?").slice(0, 120);

function refusedName(name: string): boolean {
  return (
    name === "" ||
    name.length > 1_024 ||
    /[\p{Cc}\\]/u.test(name) ||
    /^(\/|[A-Za-z]:)/.test(name) ||
    name.split("/").includes("..")
  );
}

/** What programs add beside the files (Finder's folders and forks). */
const isNoise = (name: string): boolean =>
  name.endsWith("/") || name.startsWith("__MACOSX/") || /(^|\/)(\.DS_Store|Thumbs\.db)$/.test(name);

function check(entry: Entry, limits: ArchiveLimits): void {
  const place = memberPlace(entry.name);
  if (refusedName(entry.name))
    refuse(archiveError("archive_member_name_refused", "A name in the archive leaves its folder.", place));
  if ((entry.flags & ENCRYPTED) !== 0 || entry.method === 99)
    refuse(archiveError("archive_encrypted", "The archive is encrypted; it can't be read.", place));
  if (entry.method !== 0 && entry.method !== 8)
    refuse(archiveError("archive_method_unknown", "A file is packed by a method that is not supported.", place));
  if (((entry.attributes >>> 16) & 0xf000) === 0xa000)
    refuse(archiveError("archive_member_name_refused", "The archive holds a link to another file.", place));
  if (entry.method === 0 && entry.size !== entry.packed)
    refuse(brokenArchive("A file's two sizes in the directory contradict each other.", place));
  if (entry.size > limits.ratioFromBytes && entry.size > entry.packed * limits.ratioMax)
    refuse(
      archiveError(
        "archive_ratio_refused",
        `A file unpacks to more than ${limits.ratioMax} times its packed size; such archives are refused.`,
        place,
        "too_large",
      ),
    );
}

/** First byte of the packed data; refuses a local header that says other things than the directory. */
function dataStart(zip: Buffer, entry: Entry, directory: Directory): number {
  const { offset } = entry;
  const place = memberPlace(entry.name);
  if (offset + 30 > directory.offset || zip.readUInt32LE(offset) !== LOCAL)
    return refuse(brokenArchive("A file in the archive is not where the directory says.", place));
  const nameLength = zip.readUInt16LE(offset + 26);
  const start = offset + 30 + nameLength + zip.readUInt16LE(offset + 28);
  if (start + entry.packed > directory.offset)
    return refuse(brokenArchive("A file reaches beyond the archive.", place));
  const behind = (entry.flags & SIZES_BEHIND) !== 0;
  const agrees = (value: number, expected: number): boolean =>
    value === expected || value === WHOLE32 || (behind && value === 0);
  if (
    !zip.subarray(offset + 30, offset + 30 + nameLength).equals(entry.rawName) ||
    ((zip.readUInt16LE(offset + 6) ^ entry.flags) & (ENCRYPTED | UTF8)) !== 0 ||
    zip.readUInt16LE(offset + 8) !== entry.method ||
    !agrees(zip.readUInt32LE(offset + 14), entry.crc) ||
    !agrees(zip.readUInt32LE(offset + 18), entry.packed) ||
    !agrees(zip.readUInt32LE(offset + 22), entry.size)
  )
    return refuse(brokenArchive("A file's own header contradicts the archive's directory.", place));
  return start;
}

async function* memberBytes(packed: Buffer, entry: Entry, limits: ArchiveLimits): AsyncGenerator<Uint8Array> {
  const place = memberPlace(entry.name);
  const pieces = entry.method === 0 ? [packed] : inflated(packed, "deflate", limits, place);
  let crc = 0;
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > entry.size) refuse(brokenArchive("A file is longer than the directory says.", place));
    if (size === piece.length && isPacked(piece)) refuse(nestedArchive(place));
    crc = crc32(piece, crc);
    yield piece;
  }
  if (size !== entry.size || crc !== entry.crc)
    refuse(brokenArchive("A file is not what was packed (length or check sum).", place));
}

/** Members in the directory's order, folders left out. Errors: `ArchiveFailure`, `where` = the member. */
export function zipMembers(
  bytes: Uint8Array,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): Result<ArchiveMember[], ArchiveFailure> {
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const directory = directoryOf(zip);
    if (directory.entries > limits.membersMax)
      refuse(
        archiveError(
          "archive_too_many_members",
          `The archive holds more than ${limits.membersMax} files.`,
          undefined,
          "too_large",
        ),
      );
    let unpacked = 0;
    const members: ArchiveMember[] = [];
    const taken: { readonly from: number; readonly to: number; readonly name: string }[] = [];
    const names = new Set<string>();
    let at = directory.offset;
    for (let index = 0; index < directory.entries; index += 1) {
      const { entry, next } = entryAt(zip, at, directory.offset + directory.size);
      at = next;
      check(entry, limits);
      const start = dataStart(zip, entry, directory);
      const place = memberPlace(entry.name);
      unpacked += entry.size;
      if (unpacked > limits.unpackedBytesMax) refuse(tooManyBytes(limits, place));
      taken.push({ from: entry.offset, to: start + entry.packed, name: place });
      if (names.has(entry.name)) refuse(brokenArchive("The archive holds two files of one name.", place));
      names.add(entry.name);
      if (isNoise(entry.name)) continue;
      const packed = zip.subarray(start, start + entry.packed);
      members.push({
        name: entry.name,
        size: entry.size,
        read: () => memberBytes(packed, entry, limits),
      });
    }
    if (at !== directory.offset + directory.size) refuse(brokenArchive("The archive's directory is damaged."));
    // Files that share bytes are how small archives become endless ones.
    taken.sort((a, b) => a.from - b.from);
    for (const [index, { from, name }] of taken.entries())
      if (from < (taken[index - 1]?.to ?? 0)) refuse(brokenArchive("Two files of the archive overlap.", name));
    if (members.length === 0) refuse(archiveError("archive_empty", "The archive holds no files."));
    return { ok: true, value: members };
  } catch (error) {
    if (error instanceof FailureError) return { ok: false, error: error.failure as ArchiveFailure };
    throw error;
  }
}
