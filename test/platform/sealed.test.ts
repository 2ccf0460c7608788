import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import {
  associatedData,
  keyedHash,
  masterKeyFrom,
  masterKeySet,
  normaliseValue,
  openBytes,
  rewrapKey,
  sealBytes,
  unwrapKey,
  wrapKey,
} from "../../src/platform/sealed/model.ts";
import {
  loadMasterKeys,
  readMasterKeys,
  removeFormerMasterKeys,
  renewMasterKeyFile,
} from "../../src/platform/sealed/masterkeys.ts";
import { openStream, sealStream } from "../../src/platform/sealed/stream.ts";
import { FailureError } from "../../src/pure/kernel/index.ts";

const chance = (bytes: number): Uint8Array => randomBytes(bytes);
const key = randomBytes(32);
const aad = associatedData("tenant", "customer", "contact", "identity");

describe("sealed values", () => {
  test("what was sealed opens again, byte for byte", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.string(), (value, kind) => {
        const bound = associatedData("t", "c", kind);
        const opened = openBytes(key, bound, sealBytes(key, chance, bound, value));
        expect(opened.ok && Buffer.compare(opened.value, value)).toBe(0);
      }),
    );
  });

  test("any flipped bit, any shorter or longer value fails as a result and never throws", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), fc.nat(), fc.nat(7), (value, at, bit) => {
        const sealed = sealBytes(key, chance, aad, value);
        const changed = Buffer.from(sealed);
        const index = at % changed.length;
        changed[index] = (changed[index] ?? 0) ^ (1 << bit);
        expect(openBytes(key, aad, changed)).toMatchObject({ ok: false, error: { code: "sealed_broken" } });
        expect(openBytes(key, aad, sealed.subarray(0, index)).ok).toBe(false);
        expect(openBytes(key, aad, Buffer.concat([sealed, Buffer.of(0)])).ok).toBe(false);
      }),
    );
  });

  test("random bytes never open and never throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(openBytes(key, aad, bytes).ok).toBe(false);
        const keys = masterKeySet([masterKeyFrom(key)]);
        expect(unwrapKey(keys, "statement", bytes, keys.current.id).ok).toBe(false);
        expect(rewrapKey(keys, chance, bytes, keys.current.id).ok).toBe(false);
      }),
    );
  });

  test("another tenant, customer, purpose or kind does not open, nor do parts that only join to the same text", () => {
    const sealed = sealBytes(key, chance, aad, "Marlene Quitte");
    for (const other of [
      associatedData("tenanT", "customer", "contact", "identity"),
      associatedData("tenant", "customer2", "contact", "identity"),
      associatedData("tenant", "customer", "records", "identity"),
      associatedData("tenant", "customer", "contact", "letter"),
      associatedData("tenant", "customercontact", "identity"),
    ]) {
      expect(openBytes(key, other, sealed).ok).toBe(false);
    }
    expect(openBytes(randomBytes(32), aad, sealed).ok).toBe(false);
  });

  test("equal values look different, unless chance repeats; different values never share a nonce even then", () => {
    const stuck = (bytes: number): Uint8Array => Buffer.alloc(bytes, 7);
    expect(sealBytes(key, chance, aad, "a").equals(sealBytes(key, chance, aad, "a"))).toBe(false);
    const nonces = ["a", "b", "aa", ""].map((value) =>
      sealBytes(key, stuck, aad, value).subarray(1, 13).toString("hex"),
    );
    expect(new Set(nonces).size).toBe(4);
  });

  test("nothing of the value shows in the sealed bytes", () => {
    const sealed = sealBytes(key, chance, aad, "Marlene Quitte DE02120300000000202051");
    for (const encoding of ["utf8", "latin1", "base64", "hex"] as const) {
      expect(sealed.toString(encoding)).not.toContain("Marlene");
    }
    expect(sealed.includes("DE0212")).toBe(false);
  });
});

describe("wrapped keys", () => {
  const old = masterKeyFrom(randomBytes(32));
  const next = masterKeyFrom(randomBytes(32));

  test("a key opens under its own label and master key only", () => {
    const keys = masterKeySet([old]);
    const wrapped = wrapKey(keys, chance, "customer-contact", key);
    const opened = unwrapKey(keys, "customer-contact", wrapped.wrapped, wrapped.masterKeyId);
    expect(opened.ok && opened.value.equals(key)).toBe(true);
    expect(unwrapKey(keys, "customer-records", wrapped.wrapped, wrapped.masterKeyId).ok).toBe(false);
    const relabelled = Buffer.from(wrapped.wrapped);
    relabelled[1] = 2;
    expect(unwrapKey(keys, "customer-records", relabelled, wrapped.masterKeyId).ok).toBe(false);
    const unknown = unwrapKey(masterKeySet([next]), "customer-contact", wrapped.wrapped, wrapped.masterKeyId);
    expect(unknown).toMatchObject({ ok: false, error: { code: "master_key_wrong" } });
  });

  test("after a new wrap the same key opens without the former master key", () => {
    const wrapped = wrapKey(masterKeySet([old]), chance, "tenant-data", key);
    const fresh = rewrapKey(masterKeySet([next, old]), chance, wrapped.wrapped, wrapped.masterKeyId);
    if (!fresh.ok) throw new Error(fresh.error.code);
    expect(fresh.value.masterKeyId).toBe(next.id);
    const opened = unwrapKey(masterKeySet([next]), "tenant-data", fresh.value.wrapped, fresh.value.masterKeyId);
    expect(opened.ok && opened.value.equals(key)).toBe(true);
  });
});

describe("sealed streams", () => {
  async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    for await (const part of source) parts.push(part);
    return Buffer.concat(parts);
  }
  function* cut(bytes: Uint8Array, size: number): Generator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }

  test.each([0, 1, 17, 65_535, 65_536, 65_537, 131_072, 1_000_003])("%i bytes, read in odd pieces", async (length) => {
    const plain = randomBytes(length);
    const sealed = await collect(sealStream(key, chance, aad, cut(plain, 4_099)));
    const opened = await collect(openStream(key, aad, cut(sealed, 777)));
    expect(opened.equals(plain)).toBe(true);
  });

  test("cut off, changed, with two pieces swapped, or another's: refused", async () => {
    const piece = 65_536 + 16;
    const sealed = await collect(sealStream(key, chance, aad, cut(randomBytes(200_000), 65_536)));
    const swapped = Buffer.concat([
      sealed.subarray(0, 17),
      sealed.subarray(17 + piece, 17 + 2 * piece),
      sealed.subarray(17, 17 + piece),
      sealed.subarray(17 + 2 * piece),
    ]);
    const changed = Buffer.from(sealed);
    changed[100_000] = (changed[100_000] ?? 0) ^ 1;
    const broken = [sealed.subarray(0, 17 + piece), sealed.subarray(0, 17), sealed.subarray(0, 3), swapped, changed];
    for (const bytes of broken) {
      await expect(collect(openStream(key, aad, [bytes]))).rejects.toBeInstanceOf(FailureError);
    }
    await expect(collect(openStream(key, associatedData("other"), [sealed]))).rejects.toBeInstanceOf(FailureError);
    await expect(collect(openStream(key, aad, []))).rejects.toBeInstanceOf(FailureError);
  });
});

describe("look-up values", () => {
  test.each([
    ["email", " Kim.Beispiel@Post.EXAMPLE ", "kim.beispiel@post.example"],
    ["iban", "de02 1203 0000 0000 2020 51", "DE02120300000000202051"],
    ["reference", "Re-Nr. 2026/0042_ä", "RENR20260042Ä"],
    ["phone", "+49 30 123-45", "+493012345"],
    ["other", " As Is ", "As Is"],
  ])("%s: %j becomes %j", (kind, value, expected) => {
    expect(normaliseValue(kind, value)).toBe(expected);
    expect(normaliseValue(kind, expected)).toBe(expected);
  });

  test("composed and decomposed letters are the same e-mail", () => {
    expect(normaliseValue("email", "mu\u0308ller@post.example")).toBe(
      normaliseValue("email", "m\u00fcller@post.example"),
    );
  });

  test("kind and value can't slip into each other", () => {
    expect(keyedHash(key, "a", "bc").equals(keyedHash(key, "ab", "c"))).toBe(false);
  });
});

describe("master keys", () => {
  const folders: string[] = [];
  const folder = async (): Promise<string> => {
    const made = await mkdtemp(join(tmpdir(), "kulanz-keys-"));
    folders.push(made);
    return join(made, "keys");
  };
  afterAll(async () => {
    for (const made of folders) await rm(made, { recursive: true });
  });

  test("hex, base64 and several at once; the first is current", () => {
    const bytes = randomBytes(32);
    const id = masterKeyFrom(bytes).id;
    expect(id).toMatch(/^[0-9a-f]{8}$/);
    for (const text of [bytes.toString("hex"), bytes.toString("base64"), ` ${bytes.toString("base64url")}\n`]) {
      const keys = readMasterKeys(text, "test");
      expect(keys.ok && keys.value.current.id).toBe(id);
    }
    const two = readMasterKeys(`${bytes.toString("hex")}, ${randomBytes(32).toString("hex")}`, "test");
    expect(two.ok && [two.value.current.id, two.value.known.size]).toEqual([id, 2]);
  });

  test.each(["", "short", "zz".repeat(32), `${"00".repeat(32)} nonsense`])(
    "refused without repeating it: %j",
    (text) => {
      const keys = readMasterKeys(text, "KULANZ_MASTER_KEY");
      expect(keys).toMatchObject({ ok: false, error: { code: "master_key_invalid", where: "KULANZ_MASTER_KEY" } });
      if (!keys.ok && text !== "") expect(keys.error.message).not.toContain(text);
    },
  );

  test("made once with 0600, read again, refused when others may read it", async () => {
    const place = await folder();
    const first = await loadMasterKeys({ folder: place }, chance);
    const again = await loadMasterKeys({ folder: place }, chance);
    if (!first.ok || !again.ok) throw new Error("not loaded");
    expect(again.value.current.id).toBe(first.value.current.id);
    expect((await stat(join(place, "master.key"))).mode & 0o777).toBe(0o600);
    await chmod(join(place, "master.key"), 0o640);
    const refused = await loadMasterKeys({ folder: place }, chance);
    expect(refused).toMatchObject({ ok: false, error: { code: "master_key_permissions" } });
  });

  test("processes that start at the same moment agree on one key", async () => {
    const place = await folder();
    const loaded = await Promise.all(Array.from({ length: 8 }, () => loadMasterKeys({ folder: place }, chance)));
    expect(new Set(loaded.map((keys) => keys.ok && keys.value.current.id)).size).toBe(1);
    expect(await readdir(place)).toEqual(["master.key"]);
  });

  test("a given file counts before the folder, the environment before both", async () => {
    const place = await folder();
    const file = `${place}.given`;
    const [a, b] = [randomBytes(32), randomBytes(32)];
    await writeFile(file, a.toString("hex"), { mode: 0o600 });
    const byFile = await loadMasterKeys({ file, folder: place }, chance);
    expect(byFile.ok && byFile.value.current.id).toBe(masterKeyFrom(a).id);
    const byText = await loadMasterKeys({ text: b.toString("hex"), file, folder: place }, chance);
    expect(byText.ok && byText.value.current.id).toBe(masterKeyFrom(b).id);
    const missing = await loadMasterKeys({ file: `${file}.missing`, folder: place }, chance);
    expect(missing).toMatchObject({ ok: false, error: { code: "master_key_unreadable" } });
  });

  test("a renewed key is current, the former stays known", async () => {
    const place = await folder();
    const first = await loadMasterKeys({ folder: place }, chance);
    const renewed = await renewMasterKeyFile(place, chance);
    if (!first.ok || !renewed.ok) throw new Error("not loaded");
    const former = first.value.current.id;
    expect(renewed.value.current.id).not.toBe(former);
    expect([...renewed.value.known.keys()]).toContain(former);
    // A process that was started before knows the new key as soon as it meets it, and uses it from then on.
    expect(first.value.find("00000000")).toBeUndefined();
    expect(first.value.find(renewed.value.current.id)?.id).toBe(renewed.value.current.id);
    expect(first.value.current.id).toBe(renewed.value.current.id);
    for (const name of await readdir(place)) {
      expect((await stat(join(place, name))).mode & 0o777).toBe(0o600);
      expect((await readFile(join(place, name), "utf8")).trim()).toMatch(/^[0-9a-f]{64}$/);
    }
    expect(await removeFormerMasterKeys(place, [former, "00000000"])).toEqual([former]);
    expect(await readdir(place)).toEqual(["master.key"]);
  });
});
