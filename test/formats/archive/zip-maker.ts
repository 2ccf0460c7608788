/** Makes ZIP archives, good ones and ones that lie, so that each lie can be tested by itself. */
import { crc32, deflateRawSync } from "node:zlib";

export interface ZipFile {
  readonly name: string;
  readonly bytes: Uint8Array | string;
  readonly stored?: boolean;
  readonly flags?: number;
  readonly method?: number;
  readonly attributes?: number;
  /** What the local header says instead. */
  readonly localName?: string;
  readonly localSize?: number;
  /** What both headers say instead. */
  readonly size?: number;
  readonly crc?: number;
  /** Where the directory says the file starts. */
  readonly offset?: number;
  /** Sizes after the data, as streaming writers do. */
  readonly streamed?: boolean;
}

export function zipOf(files: readonly ZipFile[], comment = ""): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const bytes = Buffer.from(file.bytes);
    const packed = file.stored ? bytes : deflateRawSync(bytes);
    const crc = file.crc ?? crc32(bytes);
    const size = file.size ?? bytes.length;
    const flags = (file.flags ?? 0) | (file.streamed ? 8 : 0) | 2048;
    const method = file.method ?? (file.stored ? 0 : 8);
    const header = (name: Buffer, local: boolean): Buffer => {
      const fields = Buffer.alloc(26);
      fields.writeUInt16LE(20, 0);
      fields.writeUInt16LE(flags, 2);
      fields.writeUInt16LE(method, 4);
      const behind = local && file.streamed;
      fields.writeUInt32LE(behind ? 0 : crc, 10);
      fields.writeUInt32LE(behind ? 0 : packed.length, 14);
      fields.writeUInt32LE(behind ? 0 : local ? (file.localSize ?? size) : size, 18);
      fields.writeUInt16LE(name.length, 22);
      return fields;
    };
    const name = Buffer.from(file.name);
    const localName = Buffer.from(file.localName ?? file.name);
    const after = Buffer.alloc(file.streamed ? 16 : 0);
    if (file.streamed) {
      after.writeUInt32LE(0x08074b50, 0);
      after.writeUInt32LE(crc, 4);
      after.writeUInt32LE(packed.length, 8);
      after.writeUInt32LE(size, 12);
    }
    parts.push(Buffer.from("PK\u0003\u0004", "latin1"), header(localName, true), localName, packed, after);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(file.attributes ?? 0, 6);
    tail.writeUInt32LE(file.offset ?? offset, 10);
    directory.push(Buffer.from("PK\u0001\u0002\u0014\u0000", "latin1"), header(name, false), tail, name);
    offset += 30 + localName.length + packed.length + after.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", 0, "latin1");
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...parts, ...directory, end, Buffer.from(comment, "latin1")]);
}
