/**
 * Sealed files of any length, in pieces of 64 KiB: the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015)
 * over AES-256-GCM. Each piece's nonce is prefix · counter · last?, so pieces can't be swapped, dropped or cut off.
 *
 *   file    version 2 · salt 16 · pieces of (ciphertext up to 64 KiB · tag 16)
 *
 * Each file has its own key, HKDF(data key, salt), so the counter may start at zero.
 */
import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";
import { type Chance, FailureError } from "../../pure/kernel/index.ts";
import { broken } from "./model.ts";

const VERSION = 2;
const SALT = 16;
const TAG = 16;
const PIECE = 64 * 1024;

export type Bytes = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

const fileKey = (key: Uint8Array, salt: Uint8Array): Buffer =>
  Buffer.from(hkdfSync("sha256", key, salt, "kulanz file v1", 32));

function nonceOf(counter: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(counter, 7);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

async function* pieces(source: Bytes, size: number): AsyncGenerator<{ bytes: Buffer; last: boolean }> {
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    held = Buffer.concat([held, chunk]);
    // The last piece is only known at the end, so one full piece always stays held.
    while (held.length > size) {
      yield { bytes: held.subarray(0, size), last: false };
      held = held.subarray(size);
    }
  }
  yield { bytes: held, last: true };
}

/** Seals a stream; memory stays at a few pieces. */
export async function* sealStream(key: Uint8Array, chance: Chance, aad: Buffer, source: Bytes): AsyncGenerator<Buffer> {
  const salt = Buffer.from(chance(SALT));
  const own = fileKey(key, salt);
  yield Buffer.concat([Buffer.of(VERSION), salt]);
  let counter = 0;
  for await (const { bytes, last } of pieces(source, PIECE)) {
    const cipher = createCipheriv("aes-256-gcm", own, nonceOf(counter, last)).setAAD(aad);
    const body = Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
    yield body;
    counter += 1;
  }
}

/**
 * Opens a sealed stream. A generator can only throw: a `FailureError` with `sealed_broken` comes at the first piece
 * that was changed, or at the end when the file was cut off. Don't act on the pieces before the end was reached.
 */
export async function* openStream(key: Uint8Array, aad: Buffer, source: Bytes): AsyncGenerator<Buffer> {
  const refuse = (): never => {
    throw new FailureError(broken().error);
  };
  let head: Buffer = Buffer.alloc(0);
  let own: Buffer | undefined;
  const body = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      if (own) {
        yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
        continue;
      }
      head = Buffer.concat([head, chunk]);
      if (head.length <= SALT) continue;
      if (head[0] !== VERSION) refuse();
      own = fileKey(key, head.subarray(1, 1 + SALT));
      yield head.subarray(1 + SALT);
    }
  };
  let counter = 0;
  for await (const { bytes, last } of pieces(body(), PIECE + TAG)) {
    if (!own || bytes.length < TAG) return refuse();
    const decipher = createDecipheriv("aes-256-gcm", own, nonceOf(counter, last), { authTagLength: TAG }).setAAD(aad);
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG));
    const plain = decipher.update(bytes.subarray(0, bytes.length - TAG));
    try {
      decipher.final();
    } catch {
      refuse();
    }
    yield plain;
    counter += 1;
  }
}
