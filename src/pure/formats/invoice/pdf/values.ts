/** Values of a PDF file, ISO 32000-1 clause 7.3 (https://opensource.adobe.com/dc-acrobat-sdk-docs/pdfstandards/PDF32000_2008.pdf). */
import { type Failure, FailureError } from "../../../kernel/index.ts";

export type PdfFailure = Failure<
  "pdf_broken" | "pdf_encrypted" | "pdf_too_large" | "pdf_filter_unknown" | "pdf_without_invoice"
>;

export type PdfValue =
  | null
  | number
  | boolean
  | { readonly kind: "name"; readonly text: string }
  | { readonly kind: "string"; readonly bytes: Buffer }
  | { readonly kind: "reference"; readonly object: number }
  | { readonly kind: "array"; readonly items: readonly PdfValue[] }
  | PdfDictionary
  /** `obj`, `stream`, `R`, …, and what is no value at all. */
  | { readonly kind: "word"; readonly text: string };

export interface PdfDictionary {
  readonly kind: "dictionary";
  readonly entries: ReadonlyMap<string, PdfValue>;
}

const DEPTH_MAX = 60;
/** Twice what the standard allows (annex C). */
const STRING_BYTES_MAX = 65_536;

export const brokenPdf = (message: string, where?: string): FailureError =>
  new FailureError(
    where === undefined
      ? { kind: "invalid", code: "pdf_broken", message }
      : { kind: "invalid", code: "pdf_broken", message, where },
  );

export const isSpace = (byte: number | undefined): boolean =>
  byte === 32 || byte === 10 || byte === 13 || byte === 9 || byte === 12 || byte === 0;
/** ( ) < > [ ] { } / % */
const DELIMITERS = new Set([40, 41, 60, 62, 91, 93, 123, 125, 47, 37]);
const isRegular = (byte: number | undefined): boolean => byte !== undefined && !isSpace(byte) && !DELIMITERS.has(byte);

/** Bytes that may be looked at, over all readers of a file: what points at itself ends here. */
export class PdfBudget {
  private left: number;
  constructor(bytes: number) {
    this.left = bytes;
  }
  spend(bytes: number): void {
    this.left -= bytes;
    if (this.left < 0) throw brokenPdf("The PDF's structure is endless.");
  }
}

export class PdfReader {
  readonly bytes: Buffer;
  at: number;
  private readonly budget: PdfBudget;

  constructor(bytes: Buffer, budget: PdfBudget, at = 0) {
    this.bytes = bytes;
    this.budget = budget;
    this.at = at;
  }

  skipSpace(): void {
    const start = this.at;
    for (;;) {
      while (isSpace(this.bytes[this.at])) this.at += 1;
      if (this.bytes[this.at] !== 37) break;
      while (this.at < this.bytes.length && this.bytes[this.at] !== 10 && this.bytes[this.at] !== 13) this.at += 1;
    }
    this.budget.spend(this.at - start);
  }

  /** The next value; throws on what can't be one. References are told from numbers by looking ahead. */
  value(depth = 0): PdfValue {
    if (depth > DEPTH_MAX) throw brokenPdf("The PDF's values are nested too deep.");
    this.skipSpace();
    const { bytes } = this;
    const first = bytes[this.at];
    if (first === undefined) throw brokenPdf("The PDF ends inside a value.");
    if (first === 47) return { kind: "name", text: this.name() };
    if (first === 40) return { kind: "string", bytes: this.literal() };
    if (first === 60) return bytes[this.at + 1] === 60 ? this.dictionary(depth) : { kind: "string", bytes: this.hex() };
    if (first === 91) return this.array(depth);
    if (!isRegular(first)) {
      this.at += 1;
      this.budget.spend(1);
      return { kind: "word", text: String.fromCharCode(first) };
    }
    const text = this.regular();
    if (/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) return this.referenceOr(text);
    if (text === "true" || text === "false") return text === "true";
    return text === "null" ? null : { kind: "word", text };
  }

  private regular(): string {
    const start = this.at;
    while (isRegular(this.bytes[this.at])) this.at += 1;
    this.budget.spend(this.at - start);
    return this.bytes.toString("latin1", start, Math.min(this.at, start + 200));
  }

  private referenceOr(text: string): PdfValue {
    const number = Number(text);
    if (!/^\d{1,10}$/.test(text)) return number;
    const after = this.bytes.toString("latin1", this.at, this.at + 20);
    const match = /^[\s\0]{1,4}\d{1,5}[\s\0]{1,4}R(?![^\s\0()<>[\]{}/%])/.exec(after);
    if (!match) return number;
    this.at += match[0].length;
    return { kind: "reference", object: number };
  }

  private name(): string {
    this.at += 1;
    return this.regular().replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  }

  private literal(): Buffer {
    const { bytes } = this;
    const start = this.at;
    const out: number[] = [];
    let open = 0;
    for (; this.at < bytes.length; this.at += 1) {
      if (this.at - start > STRING_BYTES_MAX) throw brokenPdf("A string of the PDF has no end.");
      const byte = bytes[this.at] ?? 0;
      if (byte === 92) {
        this.at += 1;
        this.escape(out);
        continue;
      }
      if (byte === 40) open += 1;
      if (byte === 41) open -= 1;
      if (open === 0) break;
      if (this.at > start) out.push(byte);
    }
    this.budget.spend(this.at - start);
    this.at += 1;
    return Buffer.from(out);
  }

  private escape(out: number[]): void {
    const octal = /^[0-7]{1,3}/.exec(this.bytes.toString("latin1", this.at, this.at + 3))?.[0];
    if (octal) {
      out.push(parseInt(octal, 8) & 0xff);
      this.at += octal.length - 1;
      return;
    }
    const byte = this.bytes[this.at] ?? 0;
    if (byte === 10) return;
    if (byte === 13) {
      if (this.bytes[this.at + 1] === 10) this.at += 1;
      return;
    }
    const known: Readonly<Record<number, number>> = { 110: 10, 114: 13, 116: 9, 98: 8, 102: 12 };
    out.push(known[byte] ?? byte);
  }

  private hex(): Buffer {
    const end = this.bytes.indexOf(">", this.at);
    if (end < 0) throw brokenPdf("The PDF ends inside a string.");
    this.budget.spend(end - this.at);
    const digits = this.bytes.toString("latin1", this.at + 1, end).replace(/[^0-9a-fA-F]/g, "");
    this.at = end + 1;
    return Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, "hex");
  }

  private array(depth: number): PdfValue {
    this.at += 1;
    const items: PdfValue[] = [];
    for (;;) {
      this.skipSpace();
      if (this.bytes[this.at] === 93) break;
      items.push(this.value(depth + 1));
    }
    this.at += 1;
    return { kind: "array", items };
  }

  private dictionary(depth: number): PdfDictionary {
    this.at += 2;
    const entries = new Map<string, PdfValue>();
    for (;;) {
      this.skipSpace();
      if (this.bytes[this.at] === 62) {
        this.at += this.bytes[this.at + 1] === 62 ? 2 : 1;
        return { kind: "dictionary", entries };
      }
      if (this.bytes[this.at] !== 47) throw brokenPdf("A dictionary of the PDF is damaged.");
      const key = this.name();
      entries.set(key, this.value(depth + 1));
    }
  }
}
