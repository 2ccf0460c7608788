/**
 * Where master keys come from. `KULANZ_MASTER_KEY` or the file of `KULANZ_MASTER_KEY_FILE` hold one or more keys
 * (32 bytes each, hex or base64, separated by commas or white space; the first is current, the others are former ones
 * that rows may still need). Without either, `DIR/keys/master.key` is created and `master.<id>.key` are former ones.
 */
import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Chance, type Failure, fail, ok, type Result } from "../../pure/kernel/index.ts";
import { type MasterKey, type MasterKeys, masterKeyFrom, masterKeySet } from "./model.ts";

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

/** Failure `master_key_invalid`; the text itself is never repeated. */
export function readMasterKeys(text: string, where: string): Result<MasterKeys, MasterKeyFailure> {
  const keys = text.split(/[\s,]+/).filter((part) => part !== "").map(parseKey); // biome-ignore format: one step
  const [first, ...others] = keys;
  if (!first || others.includes(undefined)) return invalid(where);
  return ok(masterKeySet([first, ...others.filter((key) => key !== undefined)]));
}

/** A key file that others may read is refused: whoever reads it can open every sealed value. */
async function readKeyFile(path: string): Promise<Result<string, MasterKeyFailure>> {
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0) {
      const shown = (mode & 0o777).toString(8).padStart(4, "0");
      return fail("forbidden", "master_key_permissions", `The master key file has mode ${shown}; only its owner may read it (chmod 600).`, path); // biome-ignore format: one sentence
    }
    return ok(await readFile(path, "utf8"));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    return fail("unavailable", "master_key_unreadable", `The master key file can't be read (${code}).`, path);
  }
}

/** Written whole and on disk before it counts: a key lost in a crash is data lost for ever. */
async function writeKeyFile(path: string, chance: Chance): Promise<void> {
  const next = `${path}.next`;
  await rm(next, { force: true });
  const file = await open(next, "wx", 0o600);
  try {
    await file.writeFile(`${Buffer.from(chance(32)).toString("hex")}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(next, path);
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
const exists = (path: string): Promise<boolean> => stat(path).then(() => true, () => false); // biome-ignore format: short

/** Failures: `master_key_invalid`, `master_key_unreadable`, `master_key_permissions`, each with the place. */
export async function loadMasterKeys(
  source: MasterKeySource,
  chance: Chance,
): Promise<Result<MasterKeys, MasterKeyFailure>> {
  if (source.text !== undefined && source.text !== "") return readMasterKeys(source.text, "KULANZ_MASTER_KEY");
  if (source.file !== undefined && source.file !== "") {
    const text = await readKeyFile(source.file);
    return text.ok ? readMasterKeys(text.value, source.file) : text;
  }
  const current = join(source.folder, "master.key");
  if (!(await exists(current))) {
    await mkdir(source.folder, { recursive: true, mode: 0o700 });
    await writeKeyFile(current, chance);
  }
  const former = (await readdir(source.folder)).filter((name) => FORMER.test(name)).sort();
  let all = "";
  for (const path of [current, ...former.map((name) => join(source.folder, name))]) {
    const text = await readKeyFile(path);
    if (!text.ok) return text;
    all += `${text.value}\n`;
  }
  return readMasterKeys(all, source.folder);
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
  if (!(await exists(former))) {
    await copyFile(join(folder, "master.key"), `${former}.next`);
    await sync(`${former}.next`);
    await rename(`${former}.next`, former);
    await sync(folder);
  }
  await writeKeyFile(join(folder, "master.key"), chance);
  return loadMasterKeys({ folder }, chance);
}
