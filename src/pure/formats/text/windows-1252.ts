/**
 * Windows-1252, https://encoding.spec.whatwg.org/index-windows-1252.txt. Own tables in both directions: Node's
 * `TextDecoder` reads whole texts of it as ISO-8859-1 (measured with Node 20.20: `€` becomes a control character).
 */

/** Bytes 0x80 to 0x9F; the rest are the code points themselves. */
const HIGH = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";
const LETTERS: Readonly<Record<string, string>> = {
  ł: "l",
  Ł: "L",
  đ: "d",
  Đ: "D",
  ı: "i",
  ħ: "h",
  ẞ: "SS",
  "−": "-",
  "‐": "-",
  "‑": "-",
  "\u202f": " ",
  "\u2009": " ",
}; // prettier-ignore

function byteOf(character: string): number | null {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80 || (code >= 0xa0 && code <= 0xff)) return code;
  const high = HIGH.indexOf(character);
  return high < 0 ? null : 0x80 + high;
}

export function decodeWindows1252(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  return text.replace(/[\u0080-\u009f]/g, (one) => HIGH[one.charCodeAt(0) - 0x80] ?? one);
}

export interface EncodedText {
  readonly bytes: Uint8Array;
  /** Characters that were written as something else. */
  readonly replaced: number;
}

/**
 * For programs that read nothing else. What it has no place for is written without its accents (`Č` as `C`), else as
 * `?`, and counted: nobody finds out later that a name was changed.
 */
export function encodeWindows1252(text: string): EncodedText {
  const bytes: number[] = [];
  let replaced = 0;
  for (const character of text.normalize("NFC")) {
    const byte = byteOf(character);
    if (byte !== null) {
      bytes.push(byte);
      continue;
    }
    replaced += 1;
    const near = LETTERS[character] ?? character.normalize("NFKD").replace(/\p{M}/gu, "");
    const nearBytes = [...near].map(byteOf);
    if (near === "" || nearBytes.some((one) => one === null)) bytes.push(0x3f);
    else for (const one of nearBytes) bytes.push(one ?? 0x3f);
  }
  return { bytes: Uint8Array.from(bytes), replaced };
}
