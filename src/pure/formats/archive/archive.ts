/** What holds other files: ZIP and gzip, with the limits both keep. Members are read as streams; nothing is written. */
import { createGunzip, createInflateRaw } from "node:zlib";
import { type Failure, FailureError } from "../../kernel/index.ts";

export type ArchiveFailure = Failure<
  | "archive_broken"
  | "archive_empty"
  | "archive_encrypted"
  | "archive_method_unknown"
  | "archive_member_name_refused"
  | "archive_nested"
  | "archive_too_large"
  | "archive_too_many_members"
  | "archive_ratio_refused"
>;

export interface ArchiveLimits {
  /** Of the archive itself, which is held in memory. */
  readonly bytesMax: number;
  readonly membersMax: number;
  /** All members together, unpacked. */
  readonly unpackedBytesMax: number;
  /** Unpacked to packed, from `ratioFromBytes` on: statements shrink to a fortieth, bombs to a thousandth. */
  readonly ratioMax: number;
  readonly ratioFromBytes: number;
}
export const ARCHIVE_LIMITS: ArchiveLimits = {
  bytesMax: 256 * 1_048_576,
  membersMax: 2_000,
  unpackedBytesMax: 4 * 1024 * 1_048_576,
  ratioMax: 250,
  ratioFromBytes: 8 * 1_048_576,
};

export interface ArchiveMember {
  /** As in the archive, with forward slashes. */
  readonly name: string;
  /** Unpacked size the archive states; null for gzip, which knows it only modulo 2³². */
  readonly size: number | null;
  /**
   * The unpacked bytes; can be read again. Throws `FailureError` with an `ArchiveFailure` when they are broken, are not
   * what the directory says, or grow past the limits: the last place such a file can be told from a good one.
   */
  readonly read: () => AsyncGenerator<Uint8Array>;
}

export const archiveError = (
  code: ArchiveFailure["code"],
  message: string,
  where?: string,
  kind: Failure["kind"] = "invalid",
): ArchiveFailure => (where === undefined ? { kind, code, message } : { kind, code, message, where });

export const tooManyBytes = (limits: ArchiveLimits, where?: string): ArchiveFailure =>
  archiveError(
    "archive_too_large",
    `The archive unpacks to more than ${limits.unpackedBytesMax} bytes.`,
    where,
    "too_large",
  );

/** A ZIP, a gzip, an Office document: packed data that would hide what it holds from the limits. */
export const isPacked = (first: Uint8Array): boolean =>
  (first[0] === 0x50 && first[1] === 0x4b && (first[2] === 3 || first[2] === 5)) ||
  (first[0] === 0x1f && first[1] === 0x8b);

export const nestedArchive = (where?: string): ArchiveFailure =>
  archiveError("archive_nested", "The archive holds another archive or an Office document.", where);

export const brokenArchive = (message: string, where?: string): ArchiveFailure =>
  archiveError("archive_broken", message, where);

const PIECE = 262_144;

/** Unpacks as a stream with bounded memory; throws `FailureError` on broken data and on a refused ratio. */
export async function* inflated(
  packed: Uint8Array,
  method: "deflate" | "gzip",
  limits: ArchiveLimits,
  where: string,
): AsyncGenerator<Uint8Array> {
  // Small pieces come out one at a time, so that a bomb is seen long before it fills memory.
  const options = { chunkSize: 65_536 };
  const stream = method === "deflate" ? createInflateRaw(options) : createGunzip(options);
  let fed = 0;
  const feed = (): void => {
    while (fed < packed.length) {
      const piece = packed.subarray(fed, fed + PIECE);
      fed += piece.length;
      if (!stream.write(piece)) {
        stream.once("drain", feed);
        return;
      }
    }
    stream.end();
  };
  feed();
  let bytes = 0;
  try {
    for await (const piece of stream as AsyncIterable<Uint8Array>) {
      bytes += piece.length;
      if (bytes > limits.ratioFromBytes && bytes > packed.length * limits.ratioMax)
        throw new FailureError(
          archiveError(
            "archive_ratio_refused",
            `A file unpacks to more than ${limits.ratioMax} times its packed size; such archives are refused.`,
            where,
            "too_large",
          ),
        );
      yield piece;
    }
  } catch (error) {
    if (error instanceof FailureError || !(error as NodeJS.ErrnoException).code?.startsWith("Z_")) throw error;
    throw new FailureError(brokenArchive("The packed data is damaged or cut off.", where));
  } finally {
    stream.destroy();
  }
  // Deflate data that ends early leaves bytes unread without an error.
  if (method === "deflate" && stream.bytesWritten !== packed.length)
    throw new FailureError(brokenArchive("Bytes follow the end of the packed data.", where));
}
