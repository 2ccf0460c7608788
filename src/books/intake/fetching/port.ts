/** Where files lie before they are ours: a folder, a server. */

export interface FoundFile {
  readonly name: string;
  readonly size: number;
  /** Milliseconds since 1970, as the place says. */
  readonly changedAt: number;
}

/** An open place. Every method may throw; the message must not hold a credential. */
export interface FilePlace {
  /** Files directly in it, in the order of their names; no folders. */
  list(): Promise<FoundFile[]>;
  read(name: string): AsyncIterable<Uint8Array>;
  /** Puts a file away into `done` or `failed`; a reason becomes a text beside it. A file that is gone is no error. */
  putAway(name: string, into: "done" | "failed", stamp: string, reason?: string): Promise<void>;
  close(): Promise<void>;
}

/** Half-written files of common programs. */
const UNFINISHED = /^[.~]|\.(tmp|part|partial|filepart|crdownload|swp)$/i;

export const isFileName = (name: string): boolean =>
  name !== "" && name.length <= 255 && !/[\\/\p{Cc}]/u.test(name) && !UNFINISHED.test(name);

/** `*` and `?` as in a shell, without case. */
export function matchesPattern(name: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*+/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${source}$`, "iu").test(name);
}
