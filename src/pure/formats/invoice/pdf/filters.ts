/** Filters of PDF streams, ISO 32000-1 clause 7.4: what attachments and cross-reference streams are packed with. */
import { constants, inflateSync } from "node:zlib";
import { FailureError } from "../../../kernel/index.ts";
import { brokenPdf } from "./values.ts";

export interface PdfFilter {
  readonly name: string;
  readonly predictor: number;
  readonly columns: number;
  /** Bytes a pixel. */
  readonly size: number;
}

const tooLarge = (): FailureError =>
  new FailureError({ kind: "too_large", code: "pdf_too_large", message: "A part of the PDF unpacks to too much." });

function inflated(bytes: Buffer, bytesMax: number): Buffer {
  try {
    // A missing check sum at the end is common and harmless: what was packed is whole by then.
    return inflateSync(bytes, { maxOutputLength: Math.max(1, bytesMax), finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge();
    throw brokenPdf("Packed data in the PDF is damaged.");
  }
}

const paeth = (a: number, b: number, c: number): number => {
  const p = a + b - c;
  const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
};

/** PNG predictors, https://www.w3.org/TR/png/#9Filters. */
function unpredicted(bytes: Buffer, { predictor, columns, size }: PdfFilter): Buffer {
  if (predictor < 10) return bytes;
  const row = columns * size;
  if (!(row > 0 && row < 65_536)) throw brokenPdf("A predictor of the PDF is absurd.");
  const rows = Math.floor(bytes.length / (row + 1));
  const out = Buffer.alloc(rows * row);
  for (let y = 0; y < rows; y += 1) {
    const kind = bytes[y * (row + 1)];
    for (let x = 0; x < row; x += 1) {
      const left = x >= size ? (out[y * row + x - size] ?? 0) : 0;
      const up = y > 0 ? (out[(y - 1) * row + x] ?? 0) : 0;
      const corner = y > 0 && x >= size ? (out[(y - 1) * row + x - size] ?? 0) : 0;
      const added = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][kind ?? 0] ?? 0;
      out[y * row + x] = ((bytes[y * (row + 1) + 1 + x] ?? 0) + added) & 0xff;
    }
  }
  return out;
}

function ascii85(bytes: Buffer): Buffer {
  const text = bytes
    .toString("latin1")
    .replace(/\s/g, "")
    .replace(/^<~/, "")
    .replace(/~>[^]*$/, "")
    .replace(/z/g, "!!!!!");
  if (/[^!-u]/.test(text)) throw brokenPdf("Packed data in the PDF is damaged.");
  const out = Buffer.alloc(Math.ceil(text.length / 5) * 4);
  let length = 0;
  for (let at = 0; at < text.length; at += 5) {
    const group = text.slice(at, at + 5);
    let value = 0;
    for (const one of group.padEnd(5, "u")) value = value * 85 + (one.charCodeAt(0) - 33);
    if (value > 0xffffffff) throw brokenPdf("Packed data in the PDF is damaged.");
    out.writeUInt32BE(value, length);
    length += group.length - 1;
  }
  return out.subarray(0, length);
} // prettier-ignore

/** Unpacks to at most `bytesMax`; throws `FailureError` with a `PdfFailure`. */
export function unfiltered(bytes: Buffer, filters: readonly PdfFilter[], bytesMax: number): Buffer {
  let data = bytes;
  if (filters.length > 4) throw brokenPdf("A part of the PDF is packed too many times.");
  for (const filter of filters) {
    if (filter.name === "FlateDecode" || filter.name === "Fl") data = unpredicted(inflated(data, bytesMax), filter);
    else if (filter.name === "ASCIIHexDecode" || filter.name === "AHx")
      data = Buffer.from(
        data
          .toString("latin1")
          .replace(/>[^]*$/, "")
          .replace(/\s/g, ""),
        "hex",
      );
    else if (filter.name === "ASCII85Decode" || filter.name === "A85") data = ascii85(data);
    else
      throw new FailureError({
        kind: "invalid",
        code: "pdf_filter_unknown",
        message: `A part of the PDF is packed with ${filter.name.slice(0, 30)}, which is not supported.`,
      });
    if (data.length > bytesMax) throw tooLarge();
  }
  return data;
}
