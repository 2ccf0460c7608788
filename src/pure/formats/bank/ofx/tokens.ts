/**
 * OFX as tokens: SGML of version 1 (values without end tags) and XML of version 2 alike, chunk by chunk. Entities other
 * than characters are never expanded, document types are passed over.
 */
import { FailureError } from "../../../kernel/index.ts";
import { ChunkDecoder, encodingOfMark, encodingOfZeros } from "../../text/encoding.ts";

export interface OfxHandler {
  /** A tag with the text behind it, up to the next tag; empty for aggregates. */
  open(name: string, text: string): void;
  close(name: string): void;
}

const PIECE_CHARS_MAX = 1_048_576;
const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

function unescaped(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,6});/gi, (whole, name: string) => {
    if (!name.startsWith("#")) return NAMED[name.toLowerCase()] ?? whole;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 31 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : " ";
  });
}

export class OfxTokens {
  /** Line of the tag that is handled. */
  line = 1;
  private readonly handler: OfxHandler;
  private rest = "";
  private decoder: ChunkDecoder | null = null;
  private head: Uint8Array = new Uint8Array(0);

  constructor(handler: OfxHandler) {
    this.handler = handler;
  }

  get mixedEncoding(): boolean {
    return this.decoder?.mixed ?? false;
  }

  write(chunk: Uint8Array): void {
    if (this.decoder) return this.feed(this.decoder.write(chunk), false);
    this.head = Buffer.concat([this.head, chunk]);
    if (this.head.length >= 4) this.start();
  }

  /** What is left behind the last tag that ended. */
  end(): string {
    if (!this.decoder) this.start();
    this.feed(this.decoder?.end() ?? "", true);
    return this.rest;
  }

  private start(): void {
    this.decoder = new ChunkDecoder(encodingOfMark(this.head) ?? encodingOfZeros(this.head) ?? "utf-8");
    const text = this.decoder.write(this.head);
    this.head = new Uint8Array(0);
    this.feed(text, false);
  }

  private feed(arrived: string, last: boolean): void {
    const text = this.rest + arrived;
    let at = text.indexOf("<");
    if (at < 0) at = text.length;
    this.count(text, 0, at);
    while (at < text.length) {
      const close = text.startsWith("<![CDATA[", at) ? text.indexOf("]]>", at) : text.indexOf(">", at);
      if (close < 0) break;
      const data = this.data(text, close, last);
      if (data === null) break;
      this.token(text.slice(at + 1, close), data.text);
      this.count(text, at, data.end);
      at = data.end;
    }
    this.rest = text.slice(at);
    if (this.rest.length > PIECE_CHARS_MAX)
      throw new FailureError({
        kind: "too_large",
        code: "ofx_piece_too_long",
        message: `A text or tag is longer than ${PIECE_CHARS_MAX} characters.`,
        where: `${this.line}:1`,
      });
  }

  /** Text behind a tag up to the next; character data sections belong to it. Null when more has to arrive. */
  private data(text: string, close: number, last: boolean): { text: string; end: number } | null {
    let from = close + 1;
    let made = "";
    for (;;) {
      const next = text.indexOf("<", from);
      if (next < 0 || (next + 9 > text.length && !last)) {
        if (!last) return null;
        return {
          text: made + unescaped(text.slice(from, next < 0 ? undefined : next)),
          end: next < 0 ? text.length : next,
        };
      }
      made += unescaped(text.slice(from, next));
      if (!text.startsWith("<![CDATA[", next)) return { text: made, end: next };
      const end = text.indexOf("]]>", next);
      if (end < 0) return last ? { text: made, end: next } : null;
      made += text.slice(next + 9, end);
      from = end + 3;
    }
  }

  private token(tag: string, text: string): void {
    if (tag.startsWith("/")) this.handler.close(tag.slice(1).trim().toUpperCase());
    else if (/^[A-Za-z]/.test(tag)) {
      const name = (/^[A-Za-z][\w.:-]{0,63}/.exec(tag)?.[0] ?? "").toUpperCase();
      const empty = tag.endsWith("/");
      this.handler.open(name, empty ? "" : text.replace(/\s+/g, " ").trim());
      if (empty) this.handler.close(name);
    }
  }

  private count(text: string, from: number, to: number): void {
    for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1)) this.line += 1;
  }
}
