/** Lines of a text that arrives in chunks: LF, CRLF or CR, in UTF-8, UTF-16 or (byte by byte) Windows-1252. */
import { FailureError } from "../../kernel/index.ts";
import { ChunkDecoder, encodingOfMark, encodingOfZeros } from "./encoding.ts";

export interface TextLine {
  /** 1 for the first of the file. */
  readonly line: number;
  readonly text: string;
}

/** Push splitter; throws `FailureError` (`line_too_long`, with the place) so that memory stays bounded. */
export class LineSplitter {
  /** Of the next line. */
  private line = 1;
  private rest = "";
  private afterReturn = false;
  private decoder: ChunkDecoder | null = null;
  private head: Uint8Array = new Uint8Array(0);
  private readonly lineCharsMax: number;

  constructor(lineCharsMax: number) {
    this.lineCharsMax = lineCharsMax;
  }

  /** True once bytes were found that are not UTF-8 and were read as Windows-1252. */
  get mixedEncoding(): boolean {
    return this.decoder?.mixed ?? false;
  }

  /** `line:column` of what comes next. */
  get place(): string {
    return `${this.line}:1`;
  }

  write(chunk: Uint8Array): TextLine[] {
    if (this.decoder) return this.split(this.decoder.write(chunk));
    this.head = Buffer.concat([this.head, chunk]);
    return this.head.length >= 4 ? this.start() : [];
  }

  end(): TextLine[] {
    const lines = this.decoder ? [] : this.start();
    lines.push(...this.split(this.decoder?.end() ?? ""));
    if (this.rest !== "") lines.push({ line: this.line, text: this.rest });
    this.rest = "";
    return lines;
  }

  private start(): TextLine[] {
    this.decoder = new ChunkDecoder(encodingOfMark(this.head) ?? encodingOfZeros(this.head) ?? "utf-8");
    const text = this.decoder.write(this.head);
    this.head = new Uint8Array(0);
    return this.split(text);
  }

  private split(arrived: string): TextLine[] {
    let text = arrived;
    if (text === "") return [];
    // A return at the end of a piece may be half of a line end.
    if (this.afterReturn && text.startsWith("\n")) text = text.slice(1);
    this.afterReturn = arrived.endsWith("\r");
    const pieces = text.split(/\r\n|\n|\r/);
    pieces[0] = this.rest + (pieces[0] ?? "");
    this.rest = pieces.pop() ?? "";
    const lines: TextLine[] = [];
    for (const piece of pieces) {
      this.bounded(piece);
      lines.push({ line: this.line, text: piece });
      this.line += 1;
    }
    this.bounded(this.rest);
    return lines;
  }

  private bounded(text: string): void {
    if (text.length <= this.lineCharsMax) return;
    throw new FailureError({
      kind: "too_large",
      code: "line_too_long",
      message: `A line is longer than ${this.lineCharsMax} characters.`,
      where: this.place,
    });
  }
}
