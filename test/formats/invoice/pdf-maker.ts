/** Makes PDF files with attachments in the ways programs write them. */
import { deflateSync } from "node:zlib";

export interface Attachment {
  readonly name: string;
  readonly bytes: Uint8Array | string;
  /** How the content is packed; `none` by default. */
  readonly filter?: "flate" | "hex" | "ascii85" | "none" | "LZWDecode";
}

export interface PdfShape {
  /** Objects in an object stream with a cross-reference stream instead of a table. */
  readonly packed?: boolean;
  readonly predictor?: boolean;
  readonly encrypted?: boolean;
  /** Attachments only among the associated files (`AF`), not in the name tree. */
  readonly associatedOnly?: boolean;
  /** Bytes in front of the file. */
  readonly junk?: string;
  readonly catalogExtra?: string;
}

function ascii85(bytes: Buffer): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4) {
    const group = bytes.subarray(at, at + 4);
    let value = Buffer.concat([group, Buffer.alloc(4 - group.length)]).readUInt32BE();
    let digits = "";
    for (let index = 0; index < 5; index += 1) {
      digits = String.fromCharCode(33 + (value % 85)) + digits;
      value = Math.floor(value / 85);
    }
    text += group.length === 4 && digits === "!!!!!" ? "z" : digits.slice(0, group.length + 1);
  }
  return `${text}~>`;
}

function streamOf(attachment: Attachment): string {
  const bytes = Buffer.from(attachment.bytes);
  const filters = {
    flate: "FlateDecode",
    hex: "ASCIIHexDecode",
    ascii85: "ASCII85Decode",
    LZWDecode: "LZWDecode",
    none: "",
  };
  const kind = attachment.filter ?? "none";
  const data =
    kind === "flate"
      ? deflateSync(bytes).toString("latin1")
      : kind === "hex"
        ? `${bytes.toString("hex")}>`
        : kind === "ascii85"
          ? ascii85(bytes)
          : bytes.toString("latin1");
  const filter = filters[kind] === "" ? "" : ` /Filter /${filters[kind]}`;
  return `<< /Type /EmbeddedFile /Subtype /text#2Fxml${filter} /Length ${data.length} >>\nstream\n${data}\nendstream`;
} // prettier-ignore

/** Rows of a cross-reference stream, with the PNG predictor "up" when asked. */
function packedRows(rows: readonly Buffer[], predictor: boolean): string {
  let before: Buffer = Buffer.alloc(rows[0]?.length ?? 0);
  const data = rows.map((row) => {
    if (!predictor) return row;
    const out = Buffer.from(row.map((byte, index) => (byte - (before[index] ?? 0)) & 0xff));
    before = row;
    return Buffer.concat([Buffer.from([2]), out]);
  });
  return deflateSync(Buffer.concat(data)).toString("latin1");
}

export function pdfOf(attachments: readonly Attachment[], shape: PdfShape = {}): Buffer {
  const objects = new Map<number, string>();
  const names: string[] = [];
  const associated: string[] = [];
  for (const [index, attachment] of attachments.entries()) {
    const [file, specification] = [10 + 2 * index, 11 + 2 * index];
    objects.set(file, streamOf(attachment));
    const name = attachment.name.replace(/[()\\]/g, "\\$&");
    objects.set(specification, `<< /Type /Filespec /F (${name}) /UF (${name}) /EF << /F ${file} 0 R >> >>`);
    names.push(`(${name}) ${specification} 0 R`);
    associated.push(`${specification} 0 R`);
  }
  const tree = shape.associatedOnly ? "" : "/Names << /EmbeddedFiles 4 0 R >>";
  objects.set(1, `<< /Type /Catalog /Pages 2 0 R ${tree} /AF [${associated.join(" ")}] ${shape.catalogExtra ?? ""} >>`);
  objects.set(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
  objects.set(3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >> % a comment (with bracket");
  objects.set(4, "<< /Kids [5 0 R] >>");
  objects.set(5, `<< /Names [${names.join(" ")}] >>`);
  const encrypt = shape.encrypted ? "/Encrypt << /Filter /Standard /V 2 /R 3 >>" : "";
  let text = "%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n";
  const offsets = new Map<number, number>();
  const put = (number: number, body: string): void => {
    offsets.set(number, text.length);
    text += `${number} 0 obj\n${body}\nendobj\n`;
  };
  const inside = [...objects].filter(([number, body]) => shape.packed && number < 100 && !body.includes("stream"));
  for (const [number, body] of objects) if (!inside.some(([other]) => other === number)) put(number, body);
  const size = 100 + attachments.length * 2;
  if (!shape.packed) {
    const start = text.length;
    text += "xref\n0 1\n0000000000 65535 f \n";
    for (const [number, offset] of offsets) text += `${number} 1\n${`${offset}`.padStart(10, "0")} 00000 n \n`;
    text += `trailer\n<< /Size ${size} /Root 1 0 R ${encrypt} >>\nstartxref\n${start}\n%%EOF\n`;
    return Buffer.from((shape.junk ?? "") + text, "latin1");
  }
  let places = "";
  let values = "";
  for (const [number, body] of inside) {
    places += `${number} ${values.length} `;
    values += `${body}\n`;
  }
  const content = deflateSync(Buffer.from(places + values, "latin1")).toString("latin1");
  put(
    98,
    `<< /Type /ObjStm /N ${inside.length} /First ${places.length} /Filter /FlateDecode /Length ${content.length} >>\nstream\n${content}\nendstream`,
  );
  const rows: Buffer[] = [];
  const index: string[] = [];
  const row = (number: number, kind: number, second: number, third: number): void => {
    index.push(`${number} 1`);
    rows.push(Buffer.from([kind, second >> 16, (second >> 8) & 255, second & 255, third]));
  };
  for (const [number, offset] of offsets) row(number, 1, offset, 0);
  for (const [place, [number]] of inside.entries()) row(number, 2, 98, place);
  const start = text.length;
  row(99, 1, start, 0);
  const data = packedRows(rows, shape.predictor ?? false);
  const parameters = shape.predictor ? "/DecodeParms << /Predictor 12 /Columns 5 >>" : "";
  put(
    99,
    `<< /Type /XRef /Size ${size} /W [1 3 1] /Index [${index.join(" ")}] /Root 1 0 R ${encrypt} /Filter /FlateDecode ${parameters} /Length ${data.length} >>\nstream\n${data}\nendstream`,
  );
  text += `startxref\n${start}\n%%EOF\n`;
  return Buffer.from((shape.junk ?? "") + text, "latin1");
} // prettier-ignore
