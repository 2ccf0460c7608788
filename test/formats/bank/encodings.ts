/** Text as the bytes of old encodings, which Node can read and not write. */
import { encodeWindows1252 } from "../../../src/pure/formats/text/windows-1252.ts";

export type Encoding = "utf-8" | "utf-16le" | "windows-1252" | "windows-1250" | "iso-8859-2" | "iso-8859-15";

export function encoded(text: string, encoding: Encoding): Uint8Array {
  if (encoding === "utf-8") return Buffer.from(text);
  if (encoding === "utf-16le") return Buffer.from(`\uFEFF${text}`, "utf16le");
  if (encoding === "windows-1252") return encodeWindows1252(text).bytes;
  const byteOf = new Map<string, number>();
  const decoder = new TextDecoder(encoding);
  for (let byte = 255; byte >= 0; byte -= 1) byteOf.set(decoder.decode(Uint8Array.of(byte)), byte);
  return Uint8Array.from([...text], (letter) => {
    const byte = byteOf.get(letter);
    if (byte === undefined) throw new Error(`${encoding} has no ${letter}`);
    return byte;
  });
}
