/**
 * Where master keys come from. `KULANZ_MASTER_KEY` or the file of `KULANZ_MASTER_KEY_FILE` hold one or more keys
 * (32 bytes each, hex or base64, separated by commas or white space; the first is current, the others are former ones
 * that rows may still need). Without either, `DIR/keys/master.key` is created and `master.<id>.key` are former ones.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { copyFile, link, mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Chance, type Failure, fail, ok, type Result } from "../../pure/kernel/index.ts";
import { type MasterKey, type MasterKeyList, type MasterKeys, masterKeyFrom, masterKeySet } from "./model.ts";

export type MasterKeyFailure = Failure<"master_key_invalid" | "master_key_unreadable" | "master_key_permissions">;

export interface MasterKeySource {
  /** `KULANZ_MASTER_KEY`. */
  readonly text?: string;
  /** `KULANZ_MASTER_KEY_FILE`. */
  readonly file?: string;
  /** `DIR/keys`. */
  readonly folder: string;
}

const invalid = (where: string): Result<never, MasterKeyFailure> =>
  fail("invalid", "master_key_invalid", "A master key is 32 bytes, written as 64 hex digits or as base64.", where);

function parseKey(text: string): MasterKey | undefined {
  const bytes = /^[0-9a-f]{64}$/i.test(text)
    ? Buffer.from(text, "hex")
    : /^[A-Za-z0-9+/_-]{43}=?$/.test(text)
      ? Buffer.from(text, "base64")
      : undefined;
  return bytes?.length === 32 ? masterKeyFrom(bytes) : undefined;
}

function parseKeys(text: string): MasterKeyList | undefined {
  const parts = text.split(/[\s,]+/).filter((part) => part !== "");
  const [first, ...others] = parts.map(parseKey);
  if (!first || others.includes(undefined)) return undefined;
  return [first, ...others.filter((key) => key !== undefined)];
}

/** Failure `master_key_invalid`; the text itself is never repeated. */
export function readMasterKeys(text: string, where: string): Result<MasterKeys, MasterKeyFailure> {
  const keys = parseKeys(text);
  return keys ? ok(masterKeySet(keys)) : invalid(where);
}

/**
 * A key file that others may read is refused: whoever reads it can open every sealed value. Reading is synchronous,
 * because a key that appears while the program runs is looked up in the middle of opening a value.
 */
function readKeyFile(path: string): Result<string, MasterKeyFailure> {
  try {
    const { mode } = statSync(path);
    if ((mode & 0o077) !== 0) {
      const shown = (mode & 0o777).toString(8).padStart(4, "0");
      return fail(
        "forbidden",
        "master_key_permissions",
        `The master key file has mode ${shown}; only its owner may read it (chmod 600).`,
        path,
      );
    }
    return ok(readFileSync(path, "utf8"));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    return fail("unavailable", "master_key_unreadable", `The master key file can't be read (${code}).`, path);
  }
}

/** All keys of the files, the first of the first file is current. */
function readKeyFiles(paths: readonly string[], where: string): Result<MasterKeyList, MasterKeyFailure> {
  let all = "";
  for (const path of paths) {
    const text = readKeyFile(path);
    if (!text.ok) return text;
    all += `${text.value}\n`;
  }
  const keys = parseKeys(all);
  return keys ? ok(keys) : invalid(where);
}

function reloading(read: () => Result<MasterKeyList, MasterKeyFailure>): Result<MasterKeys, MasterKeyFailure> {
  const keys = read();
  if (!keys.ok) return keys;
  return ok(
    masterKeySet(keys.value, () => {
      const again = read();
      return again.ok ? again.value : undefined;
    }),
  );
}

/**
 * Written whole and on disk before it counts: a key lost in a crash is data lost for ever. A new key never takes the
 * place of one that another process made at the same moment, unless it is meant to.
 */
async function writeKeyFile(path: string, chance: Chance, how: "create" | "replace"): Promise<void> {
  const next = `${path}.${Buffer.from(chance(6)).toString("hex")}.next`;
  const file = await open(next, "wx", 0o600);
  try {
    await file.writeFile(`${Buffer.from(chance(32)).toString("hex")}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  if (how === "replace") await rename(next, path);
  else {
    await link(next, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    await rm(next);
  }
  await sync(join(path, ".."));
}

/** A file or a folder (its names) to the disk. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const FORMER = /^master\.[0-9a-f]{8}\.key$/;

/** Failures: `master_key_invalid`, `master_key_unreadable`, `master_key_permissions`, each with the place. */
export async function loadMasterKeys(
  source: MasterKeySource,
  chance: Chance,
): Promise<Result<MasterKeys, MasterKeyFailure>> {
  if (source.text !== undefined && source.text !== "") return readMasterKeys(source.text, "KULANZ_MASTER_KEY");
  const { file, folder } = source;
  if (file !== undefined && file !== "") return reloading(() => readKeyFiles([file], file));
  const current = join(folder, "master.key");
  if (!existsSync(current)) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeKeyFile(current, chance, "create");
  }
  return reloading(() => {
    const former = readdirSync(folder).filter((name) => FORMER.test(name));
    return readKeyFiles([current, ...former.sort().map((name) => join(folder, name))], folder);
  });
}

/**
 * Makes a new current key in the keys folder and keeps the present one as a former key. Safe to kill at any moment:
 * the former copy is complete before the new key takes its place.
 */
export async function renewMasterKeyFile(
  folder: string,
  chance: Chance,
): Promise<Result<MasterKeys, MasterKeyFailure>> {
  const loaded = await loadMasterKeys({ folder }, chance);
  if (!loaded.ok) return loaded;
  const former = join(folder, `master.${loaded.value.current.id}.key`);
  if (!existsSync(former)) {
    await copyFile(join(folder, "master.key"), `${former}.next`);
    await sync(`${former}.next`);
    await rename(`${former}.next`, former);
    await sync(folder);
  }
  await writeKeyFile(join(folder, "master.key"), chance, "replace");
  return loadMasterKeys({ folder }, chance);
}

/**
 * Deletes the files of former keys that no row needs any more (`unused` of the rotation's report), after a backup was
 * made under the new key. Returns the ids deleted.
 */
export async function removeFormerMasterKeys(folder: string, ids: readonly string[]): Promise<readonly string[]> {
  const removed = ids.filter((id) => existsSync(join(folder, `master.${id}.key`)));
  for (const id of removed) await rm(join(folder, `master.${id}.key`));
  await sync(folder);
  return removed;
}
