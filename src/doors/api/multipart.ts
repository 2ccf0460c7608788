/**
 * `multipart/form-data` (RFC 7578) read as a stream: small fields into memory, the one file onto disk, whatever its size.
 * The name a client gives a file is a label: it never becomes a path.
 */
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { fail, type Result, ok } from "../../pure/kernel/index.ts";

export interface Upload {
  readonly fields: ReadonlyMap<string, string>;
  readonly file: { readonly name: string; readonly path: string; readonly bytes: number };
  /** Deletes the file. Safe to call twice. */
  discard(): Promise<void>;
}

export const UPLOAD_BYTES = 512 * 1024 * 1024;
const FIELD_BYTES = 64 * 1024;
const FIELDS = 20;
const HEAD_BYTES = 8 * 1024;

const bad = (message: string): ReturnType<typeof fail> => fail("invalid", "form_malformed", message, "body");
const tooLarge = (): ReturnType<typeof fail> =>
  fail("too_large", "body_too_large", `A file may have at most ${UPLOAD_BYTES} bytes.`, "file");

class Refused extends Error {
  readonly result: ReturnType<typeof fail>;
  constructor(result: ReturnType<typeof fail>) {
    super("the upload was refused");
    this.result = result;
  }
}

/** The upload of a request. Failures `form_malformed`, `file_missing`, `body_too_large`; then nothing is left on disk. */
export async function receiveUpload(request: Request): Promise<Result<Upload>> {
  const type = request.headers.get("content-type") ?? "";
  const boundary = /^multipart\/form-data\b.*?;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(type);
  const marker = boundary?.[1] ?? boundary?.[2];
  if (marker === undefined) return bad("The upload must be multipart/form-data.");
  if (!request.body) return bad("The upload is empty.");
  const folder = await mkdtemp(join(tmpdir(), "kulanz-upload-"));
  const discard = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const parts = new Parts(marker, join(folder, "file"));
    for await (const piece of request.body as unknown as AsyncIterable<Uint8Array>)
      await parts.take(Buffer.from(piece));
    const file = await parts.end();
    return ok({ fields: parts.fields, file, discard });
  } catch (error) {
    await discard();
    if (error instanceof Refused) return error.result;
    // The connection broke while the body was read: nobody is left to answer, but nothing may stay behind.
    if (error instanceof Error && /abort|terminated|premature|closed/i.test(`${error.name} ${error.message}`))
      return bad("The upload broke off.");
    throw error;
  }
}

/** Reads part by part. `state`: what comes next in the stream. */
class Parts {
  readonly fields = new Map<string, string>();
  private readonly delimiter: Buffer;
  private readonly path: string;
  private waiting: Buffer = Buffer.alloc(0);
  private state: "start" | "head" | "body" | "end" = "start";
  private name = "";
  private fileName: string | null = null;
  private value: Buffer[] = [];
  private valueBytes = 0;
  private out: ReturnType<typeof createWriteStream> | null = null;
  private failed: Error | null = null;
  private file: { name: string; bytes: number } | null = null;
  private total = 0;

  constructor(marker: string, path: string) {
    this.delimiter = Buffer.from(`\r\n--${marker}`, "latin1");
    this.path = path;
    // The first delimiter has no line break in front of it.
    this.waiting = Buffer.from("\r\n", "latin1");
  }

  async take(piece: Buffer): Promise<void> {
    this.total += piece.length;
    if (this.total > UPLOAD_BYTES + 1024 * 1024) throw new Refused(tooLarge());
    this.waiting = this.waiting.length === 0 ? piece : Buffer.concat([this.waiting, piece]);
    while (await this.step());
  }

  /** False: more bytes are needed. */
  private async step(): Promise<boolean> {
    switch (this.state) {
      case "end":
        this.waiting = Buffer.alloc(0);
        return false;
      case "head":
        return this.readHead();
      case "start":
      case "body": {
        const at = this.waiting.indexOf(this.delimiter);
        if (at < 0) {
          // The end of what is there could be the beginning of a delimiter.
          const safe = this.waiting.length - this.delimiter.length;
          if (safe > 0) {
            await this.keep(this.waiting.subarray(0, safe));
            this.waiting = this.waiting.subarray(safe);
          }
          return false;
        }
        const after = at + this.delimiter.length;
        if (this.waiting.length < after + 2) return false;
        await this.keep(this.waiting.subarray(0, at));
        await this.endPart();
        const next = this.waiting.toString("latin1", after, after + 2);
        if (next !== "--" && next !== "\r\n") throw new Refused(bad("A part of the form does not begin as it should."));
        this.waiting = this.waiting.subarray(after + 2);
        this.state = next === "--" ? "end" : "head";
        return true;
      }
    }
  }

  private readHead(): boolean {
    const at = this.waiting.indexOf("\r\n\r\n");
    if (at < 0) {
      if (this.waiting.length > HEAD_BYTES) throw new Refused(bad("The head of a part is too long."));
      return false;
    }
    const head = this.waiting.toString("utf8", 0, at);
    const line = /^content-disposition:\s*form-data\b(.*)$/im.exec(head)?.[1];
    const name = line && /;\s*name="([^"]{1,100})"/i.exec(line)?.[1];
    if (name === undefined || name === "") throw new Refused(bad("A part of the form has no name."));
    const given = /;\s*filename="((?:[^"\\]|\\.)*)"/i.exec(line ?? "")?.[1];
    this.name = name;
    this.fileName = given === undefined ? null : given.replace(/%22/g, '"').replace(/\\(.)/g, "$1");
    if (this.fileName !== null) {
      if (this.name !== "file" || this.file)
        throw new Refused(bad("One file is taken at a time, in the field `file`."));
      this.file = { name: this.fileName, bytes: 0 };
      this.out = createWriteStream(this.path, { mode: 0o600, flags: "wx" });
      this.out.on("error", (error) => {
        this.failed = error;
      });
    } else if (this.fields.size >= FIELDS) throw new Refused(bad("The form has too many fields."));
    this.waiting = this.waiting.subarray(at + 4);
    this.state = "body";
    return true;
  }

  private async keep(bytes: Buffer): Promise<void> {
    if (this.state === "start" || bytes.length === 0) return;
    if (this.file && this.out) {
      this.file.bytes += bytes.length;
      if (this.file.bytes > UPLOAD_BYTES) throw new Refused(tooLarge());
      if (this.failed) throw this.failed;
      if (!this.out.write(bytes)) await once(this.out, "drain");
      return;
    }
    this.valueBytes += bytes.length;
    if (this.valueBytes > FIELD_BYTES) throw new Refused(bad("A field of the form is too long."));
    this.value.push(Buffer.from(bytes));
  }

  private async endPart(): Promise<void> {
    if (this.state === "start") return;
    if (this.out) {
      const { out } = this;
      this.out = null;
      await new Promise<void>((resolve, reject) => {
        out.once("error", reject);
        out.end(resolve);
      });
    } else this.fields.set(this.name, Buffer.concat(this.value).toString("utf8"));
    this.value = [];
    this.valueBytes = 0;
  }

  async end(): Promise<{ name: string; path: string; bytes: number }> {
    if (this.state !== "end") {
      this.out?.destroy();
      throw new Refused(bad("The upload broke off before its end."));
    }
    if (!this.file) throw new Refused(fail("invalid", "file_missing", "The form has no file.", "file"));
    return { ...this.file, path: this.path };
  }
}
