/**
 * Sealed values (invariant 13). AES-256-GCM (NIST SP 800-38D) with a data key; data keys are themselves sealed
 * ("wrapped") by a key derived from the master key (HKDF-SHA-256, RFC 5869).
 *
 *   value   version 1 · nonce 12 · ciphertext · tag 16
 *   key     version 1 · label 1 · nonce 12 · ciphertext 32 · tag 16
 *
 * The associated data says what the value is and whose it is, so a value moved to another row, customer or tenant
 * does not open.
 */
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { type Chance, type Failure, fail, ok, type Result } from "../../pure/kernel/index.ts";

export type SealFailure = Failure<"sealed_broken" | "erased" | "master_key_wrong">;

const VALUE_VERSION = 1;
const NONCE = 12;
const TAG = 16;
const KEY = 32;

/** Two data keys a customer: erasure destroys `contact` at once and `records` on the retention date. */
export type Purpose = "contact" | "records";

/** What a wrapped key is for; part of its associated data, so no key can stand in for another. */
export const KEY_LABELS = {
  "customer-contact": 1,
  "customer-records": 2,
  "tenant-lookup": 3,
  "tenant-data": 4,
  "platform-lookup": 5,
  statement: 6,
} as const;
export type KeyLabel = keyof typeof KEY_LABELS;

/** Joins parts so that no two different lists give the same bytes. */
export function associatedData(...parts: readonly string[]): Buffer {
  let joined = "";
  for (const part of parts) joined += `${joined && "|"}${Buffer.byteLength(part)}:${part}`;
  return Buffer.from(joined);
}

/**
 * The nonce is an HMAC over fresh chance *and* the plaintext: should chance ever repeat (a forked machine, a seeded
 * test), two different values still never share a nonce, which is what would break GCM.
 */
function nonceFor(key: Uint8Array, chance: Chance, aad: Uint8Array, plain: Uint8Array): Buffer {
  return createHmac("sha256", key).update(chance(16)).update(aad).update(plain).digest().subarray(0, NONCE);
}

function encrypt(key: Uint8Array, chance: Chance, header: Buffer, aad: Buffer, plain: Uint8Array): Buffer {
  const bound = Buffer.concat([header, aad]);
  const nonce = nonceFor(key, chance, bound, plain);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(bound);
  const text = cipher.update(plain);
  // GCM is a stream: everything is out by now, and the end only makes the tag.
  cipher.final();
  return Buffer.concat([header, nonce, text, cipher.getAuthTag()]);
}

function decrypt(key: Uint8Array, headerLength: number, aad: Buffer, sealed: Uint8Array): Buffer | undefined {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (bytes.length < headerLength + NONCE + TAG) return undefined;
  const nonce = bytes.subarray(headerLength, headerLength + NONCE);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG });
  decipher.setAAD(Buffer.concat([bytes.subarray(0, headerLength), aad]));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG));
  try {
    const plain = decipher.update(bytes.subarray(headerLength + NONCE, bytes.length - TAG));
    // Checks the tag; as a stream GCM has nothing left to give.
    decipher.final();
    return plain;
  } catch {
    return undefined;
  }
}

/** Seals a value or a whole file held in memory (tens of MB; longer ones go through `sealStream`). */
export function sealBytes(key: Uint8Array, chance: Chance, aad: Buffer, value: string | Uint8Array): Buffer {
  const plain = typeof value === "string" ? Buffer.from(value, "utf8") : value;
  return encrypt(key, chance, Buffer.of(VALUE_VERSION), aad, plain);
}

/** Failure `sealed_broken`: a flipped bit, another key, another customer, tenant, kind or purpose. */
export function openBytes(key: Uint8Array, aad: Buffer, sealed: Uint8Array): Result<Buffer, SealFailure> {
  const plain = sealed[0] === VALUE_VERSION ? decrypt(key, 1, aad, sealed) : undefined;
  return plain ? ok(plain) : broken();
}

export const broken = (): { ok: false; error: SealFailure } =>
  fail("conflict", "sealed_broken", "A sealed value does not open: it was changed, or it belongs to another record.");

/** Text that is not valid UTF-8 was never sealed by us: broken as well. */
export function asText(opened: Result<Buffer, SealFailure>): Result<string, SealFailure> {
  return opened.ok ? ok(opened.value.toString("utf8")) : opened;
}

/** A master key this process knows. The id names it in every row and tells nothing about it. */
export interface MasterKey {
  /** First 8 hex digits of SHA-256 over an HKDF of the key. */
  readonly id: string;
  /** The key that wraps, derived by HKDF; the master key itself is not kept. */
  readonly wrappingKey: Uint8Array;
}

const derive = (master: Uint8Array, info: string): Buffer =>
  Buffer.from(hkdfSync("sha256", master, Buffer.alloc(0), `kulanz ${info} v1`, KEY));

/** `bytes`: exactly 32. */
export function masterKeyFrom(bytes: Uint8Array): MasterKey {
  if (bytes.length !== KEY) throw new Error(`a master key has ${KEY} bytes`);
  const id = createHash("sha256").update(derive(bytes, "id")).digest("hex").slice(0, 8);
  return { id, wrappingKey: derive(bytes, "wrap") };
}

/** Known master keys; new keys are wrapped by the current one. */
export interface MasterKeys {
  readonly current: MasterKey;
  readonly known: ReadonlyMap<string, MasterKey>;
  /** The key of this id; reads the source again when it is not known yet, so a rotation reaches running processes. */
  find(id: string): MasterKey | undefined;
}

export type MasterKeyList = readonly [MasterKey, ...MasterKey[]];

/** `reload` reads the source once more; undefined when it can't be read. */
export function masterKeySet(keys: MasterKeyList, reload?: () => MasterKeyList | undefined): MasterKeys {
  let current = keys[0];
  const known = new Map(keys.map((key) => [key.id, key]));
  return {
    get current() {
      return current;
    },
    known,
    find(id) {
      const key = known.get(id);
      if (key || !reload) return key;
      const fresh = reload();
      if (!fresh) return undefined;
      current = fresh[0];
      for (const one of fresh) known.set(one.id, one);
      return known.get(id);
    },
  };
}

export interface WrappedKey {
  readonly wrapped: Buffer;
  readonly masterKeyId: string;
}

export function wrapKey(keys: MasterKeys, chance: Chance, label: KeyLabel, key: Uint8Array): WrappedKey {
  const master = keys.current;
  const header = Buffer.of(VALUE_VERSION, KEY_LABELS[label]);
  const wrapped = encrypt(master.wrappingKey, chance, header, associatedData("key", master.id), key);
  return { wrapped, masterKeyId: master.id };
}

/** Failures: `master_key_wrong` (the key's master key is not known here), `sealed_broken`. */
export function unwrapKey(
  keys: MasterKeys,
  label: KeyLabel,
  wrapped: Uint8Array,
  masterKeyId: string,
): Result<Buffer, SealFailure> {
  const master = keys.find(masterKeyId);
  if (!master) return masterKeyWrong(masterKeyId, keys);
  if (wrapped[0] !== VALUE_VERSION || wrapped[1] !== KEY_LABELS[label]) return broken();
  const key = decrypt(master.wrappingKey, 2, associatedData("key", master.id), wrapped);
  return key?.length === KEY ? ok(key) : broken();
}

/** The same key under the current master key; the label is carried over. */
export function rewrapKey(
  keys: MasterKeys,
  chance: Chance,
  wrapped: Uint8Array,
  masterKeyId: string,
): Result<WrappedKey, SealFailure> {
  const label = (Object.keys(KEY_LABELS) as KeyLabel[]).find((name) => KEY_LABELS[name] === wrapped[1]);
  if (!label) return broken();
  const key = unwrapKey(keys, label, wrapped, masterKeyId);
  return key.ok ? ok(wrapKey(keys, chance, label, key.value)) : key;
}

export function masterKeyWrong(needed: string, keys: MasterKeys): { ok: false; error: Failure<"master_key_wrong"> } {
  const known = [...keys.known.keys()].join(", ");
  return fail(
    "unavailable",
    "master_key_wrong",
    `This data needs master key ${needed}; known here: ${known}. Start with the key that was in use (KULANZ_MASTER_KEY, KULANZ_MASTER_KEY_FILE or the keys folder).`,
  );
}

/** HMAC-SHA-256 of kind and value, 32 bytes. */
export function keyedHash(key: Uint8Array, kind: string, value: string): Buffer {
  return createHmac("sha256", key).update(associatedData(kind, value)).digest();
}

/** SHA-256: for secrets that are random themselves (session, link, API key). */
export const sha256 = (value: string | Uint8Array): Buffer => createHash("sha256").update(value).digest();

/** Compares without telling by time where two values differ. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * One spelling a value, so that equal things have equal tokens. `phone` must come as E.164 already (room customers).
 * An unknown kind is trimmed and brought to Unicode NFC.
 */
export function normaliseValue(kind: string, value: string): string {
  const text = value.normalize("NFKC").trim();
  switch (kind) {
    case "email":
      return text.toLowerCase();
    case "iban":
      return text.replace(/[\s.-]/gu, "").toUpperCase();
    case "reference":
      return text.toUpperCase().replace(/[^\p{L}\p{N}]/gu, "");
    case "phone":
      return text.replace(/[^\d+]/gu, "");
    default:
      return text;
  }
}
