/**
 * From bytes to text: https://encoding.spec.whatwg.org/ (UTF-8, UTF-16, Windows-1252 and what TextDecoder knows besides).
 * ISO-8859-1 is read as Windows-1252, as the standard says: files that claim the first mean the second.
 */
import { type Failure, fail, ok, type Result } from "../../kernel/index.ts";
import { decodeWindows1252 } from "./windows-1252.ts";

export type EncodingFailure = Failure<"encoding_unknown">;

/** A byte order mark decides; null when there is none. */
export function encodingOfMark(first: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" | null {
  if (first[0] === 0xef && first[1] === 0xbb && first[2] === 0xbf) return "utf-8";
  if (first[0] === 0xff && first[1] === 0xfe) return "utf-16le";
  if (first[0] === 0xfe && first[1] === 0xff) return "utf-16be";
  return null;
}

/** UTF-16 without a mark shows itself by zero bytes beside ASCII characters. */
export function encodingOfZeros(first: Uint8Array): "utf-16le" | "utf-16be" | null {
  if (first.length < 4) return null;
  if (first[0] !== 0 && first[1] === 0 && first[2] !== 0 && first[3] === 0) return "utf-16le";
  if (first[0] === 0 && first[1] !== 0 && first[2] === 0 && first[3] !== 0) return "utf-16be";
  return null;
}

/**
 * Appendix F of https://www.w3.org/TR/xml/: mark, then zero bytes, then the XML declaration, then UTF-8.
 * A declaration of UTF-16 in a file of single bytes is wrong (written by programs that declare what they hold in
 * memory) and read as UTF-8.
 */
export function xmlEncoding(first: Uint8Array): Result<string, EncodingFailure> {
  const marked = encodingOfMark(first) ?? encodingOfZeros(first);
  if (marked) return ok(marked);
  const head = decodeWindows1252(first.subarray(0, 300));
  const declared = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(head)?.[1];
  if (!declared) return ok("utf-8");
  if (/^(utf-?16|ucs-?2|iso-10646-ucs-2)/i.test(declared)) return ok("utf-8");
  try {
    return ok(new TextDecoder(declared).encoding);
  } catch {
    return fail(
      "invalid",
      "encoding_unknown",
      `The file says it is written in "${declared}", which is not a known encoding.`,
      "1:1",
    );
  }
}

/** Length of the UTF-8 sequence a lead byte announces; 0 when it can't lead one. */
function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function validUtf8(bytes: Uint8Array): string | null {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return null;
  }
}

/** Valid UTF-8 sequences as such, every other byte as Windows-1252: what mixed files mean. */
function decodeMixed(bytes: Uint8Array): string {
  let text = "";
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes[at] ?? 0);
    const sequence = length === 0 ? null : validUtf8(bytes.subarray(at, at + length));
    if (sequence === null) {
      text += decodeWindows1252(bytes.subarray(at, at + 1));
      at += 1;
    } else {
      text += sequence;
      at += length;
    }
  }
  return text;
}

/** Encodings whose bytes are looked at before they are believed. */
const SNIFFED: ReadonlySet<string> = new Set(["utf-8", "windows-1252"]);

/**
 * Decodes chunk by chunk, whatever the cut. Bytes that are not UTF-8 in a file that says so are read as Windows-1252;
 * a file that claims Windows-1252 (or ISO-8859-1) whose first letter beyond ASCII is one of UTF-8 is read as UTF-8:
 * single bytes hardly ever look like that, and names in the wrong letters would find nobody.
 */
export class ChunkDecoder {
  readonly encoding: string;
  /** True once a byte was not what the encoding promises. */
  mixed = false;
  /** A file that claims single bytes has shown that it holds them. */
  private singleBytes = false;
  private readonly decoder: InstanceType<typeof TextDecoder> | null;
  private carried: Uint8Array = new Uint8Array(0);
  private started = false;

  constructor(encoding: string) {
    this.encoding = encoding;
    this.decoder = SNIFFED.has(encoding) ? null : new TextDecoder(encoding, { ignoreBOM: true });
  }

  private first(text: string): string {
    if (this.started || text === "") return text;
    this.started = true;
    return text.startsWith("\uFEFF") ? text.slice(1) : text;
  }

  write(chunk: Uint8Array): string {
    if (this.decoder) return this.first(this.decoder.decode(chunk, { stream: true }));
    const bytes = this.carried.length === 0 ? chunk : Buffer.concat([this.carried, chunk]);
    let end = bytes.length;
    for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
      const byte = bytes[bytes.length - back] ?? 0;
      if ((byte & 0xc0) === 0x80) continue;
      if (sequenceLength(byte) > back) end = bytes.length - back;
      break;
    }
    this.carried = Uint8Array.prototype.slice.call(bytes, end);
    return this.first(this.utf8(bytes.subarray(0, end)));
  }

  end(): string {
    if (this.decoder) return this.first(this.decoder.decode());
    const rest = this.carried;
    this.carried = new Uint8Array(0);
    return this.first(this.utf8(rest));
  }

  private utf8(bytes: Uint8Array): string {
    if (this.singleBytes) return decodeWindows1252(bytes);
    const text = validUtf8(bytes);
    if (text?.length === bytes.length) return text;
    if (this.encoding === "windows-1252" && !this.mixed) {
      const at = bytes.findIndex((byte) => byte >= 0x80);
      const length = sequenceLength(bytes[at] ?? 0);
      this.singleBytes = length === 0 || validUtf8(bytes.subarray(at, at + length)) === null;
      if (this.singleBytes) return decodeWindows1252(bytes);
    }
    this.mixed ||= text === null || this.encoding !== "utf-8";
    return text ?? decodeMixed(bytes);
  }
}

export interface DecodedText {
  readonly text: string;
  readonly encoding: string;
}

/** Text files say nothing about their encoding: mark, zero bytes, valid UTF-8, else Windows-1252. */
export function decodeText(bytes: Uint8Array): DecodedText {
  const marked = encodingOfMark(bytes) ?? encodingOfZeros(bytes);
  if (marked && marked !== "utf-8") return { text: new TextDecoder(marked).decode(bytes), encoding: marked };
  const text = validUtf8(bytes);
  if (text !== null) return { text: text.startsWith("\uFEFF") ? text.slice(1) : text, encoding: "utf-8" };
  return { text: euroSign(bytes, decodeWindows1252(bytes)), encoding: "windows-1252" };
}

/** ISO 8859-15 has the euro where the sign for any currency was, which nobody writes. */
const euroSign = (bytes: Uint8Array, text: string): string =>
  text.includes("¤") && !bytes.some((byte) => byte >= 0x80 && byte <= 0x9f)
    ? new TextDecoder("iso-8859-15").decode(bytes)
    : text;

/** A sign or a control character beside a letter: the wrong alphabet was taken. */
const MISFIT =
  /(?<=\p{L})[^\p{L}\p{M}\p{N}\s\u0020-\u007e\u2010-\u2026]|[^\p{L}\p{M}\p{N}\s\u0020-\u007e\u2010-\u2026](?=\p{L})/gu;
const CENTRAL = /\b(PLN|CZK|HUF|RON|(?:PL|CZ|SK|HU|RO|SI|HR)\d{2}[A-Z0-9]{4})/;

/**
 * Texts that are not UTF-8, in the alphabets of western and central Europe, with how badly each fits. Western ones first,
 * unless currency or accounts are those of a country that can't write its names in them.
 */
export function singleByteTexts(bytes: Uint8Array): readonly (DecodedText & { readonly misfits: number })[] {
  const western = { text: decodeText(bytes).text, encoding: "windows-1252" };
  const central = ["windows-1250", "iso-8859-2"].map((encoding) => ({
    text: new TextDecoder(encoding).decode(bytes),
    encoding,
  }));
  const all = CENTRAL.test(western.text) ? [...central, western] : [western, ...central];
  return all.map((one) => ({ ...one, misfits: one.text.match(MISFIT)?.length ?? 0 }));
}
