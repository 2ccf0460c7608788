/** Opening the vault at start, with the check that this data was made under a master key we know. */
import { type Chance, type Failure, ok, type Result } from "../../pure/kernel/index.ts";
import type { Database } from "../database/index.ts";
import { type MasterKeys, masterKeyWrong, rewrapKey, type SealFailure, unwrapKey, wrapKey } from "./model.ts";
import {
  countKeys,
  type KeyColumn,
  keepPlatformKey,
  keyColumns,
  readKeys,
  replaceKeys,
  replacePlatformKey,
  unknownKey,
} from "./store.ts";
import { createVault, type Vault } from "./vault.ts";

/**
 * The platform's look-up key, kept wrapped in `platform_setting`, is also the check value: it opens under the right
 * master key alone. Made when the database is new. Failures: `master_key_wrong`, `sealed_broken`.
 */
export async function openVault(
  database: Database,
  masterKeys: MasterKeys,
  chance: Chance,
): Promise<Result<Vault, SealFailure>> {
  const fresh = wrapKey(masterKeys, chance, "platform-lookup", chance(32));
  const kept = await database.system((tx) =>
    keepPlatformKey(tx, { wrapped: fresh.wrapped.toString("base64"), masterKeyId: fresh.masterKeyId }),
  );
  const wrapped = Buffer.from(kept.wrapped, "base64");
  const key = unwrapKey(masterKeys, "platform-lookup", wrapped, kept.masterKeyId);
  if (!key.ok) {
    // A known id whose key does not open the check value is a wrong key all the same.
    return key.error.code === "sealed_broken" ? masterKeyWrong(kept.masterKeyId, masterKeys) : key;
  }
  return ok(createVault({ masterKeys, chance, platformKey: key.value }));
}

export interface RotationProgress {
  readonly table: string;
  /** Rows of this run brought under the current master key so far. */
  readonly rewrapped: number;
  /** Rows of this table that still need it. */
  readonly left: number;
}

export interface RotationReport {
  readonly masterKeyId: string;
  readonly rewrapped: number;
  /** Former master keys that no row needs any more; their files may be removed. */
  readonly unused: readonly string[];
}

/**
 * Brings every wrapped key of the database under the current master key, in batches of `batch` rows, each its own
 * transaction: killed, it goes on where it was. Sealed values stay as they are, only their keys are wrapped anew.
 * Runs beside a working system whose processes know both master keys. Failures: `master_key_wrong`, `sealed_broken`
 * (with the table in `where`); what was done before stays done.
 */
export async function rotateMasterKey(
  database: Database,
  masterKeys: MasterKeys,
  chance: Chance,
  options: { readonly batch?: number; readonly progress?: (progress: RotationProgress) => void } = {},
): Promise<Result<RotationReport, Failure>> {
  const batch = options.batch ?? 2000;
  const current = masterKeys.current.id;
  const former = [...masterKeys.known.keys()].filter((id) => id !== current);
  let rewrapped = 0;
  let missed = 0;
  for (const table of await database.owner(keyColumns)) {
    let left = await database.owner((tx) => countKeys(tx, table, former));
    let idle = 0;
    while (left > 0 && idle < 3) {
      const step = await database.owner(async (tx) => {
        const rows = await readKeys(tx, table, former, batch);
        const changed = rows.map((row) => rewrapRow(masterKeys, chance, table, row.keys, row.master_key_id));
        const failed = changed.find((row) => !row.ok);
        if (failed && !failed.ok) return failed;
        const values = changed.flatMap((row) => (row.ok ? [row.value] : []));
        // Compared with the old bytes, not locked: an erasure in between wins, and the row is read again.
        return ok(await replaceKeys(tx, table, rows, values, current));
      });
      if (!step.ok) return step;
      rewrapped += step.value;
      idle = step.value > 0 ? 0 : idle + 1;
      // Counted anew only when a batch came to nothing: counting costs as much as a batch.
      left = idle === 0 ? Math.max(left - step.value, 0) : await database.owner((tx) => countKeys(tx, table, former));
      options.progress?.({ table: table.table, rewrapped, left });
    }
    missed += await database.owner((tx) => countKeys(tx, table, former));
    const unknown = await database.owner((tx) => unknownKey(tx, table, [...masterKeys.known.keys()]));
    if (unknown !== undefined) {
      const { error } = masterKeyWrong(unknown, masterKeys);
      return { ok: false, error: { ...error, where: table.table } };
    }
  }
  // Last, because it is the check value: until then a start without the former key is refused.
  const platform = await database.system((tx) =>
    replacePlatformKey(tx, (key) => rewrapPlatform(masterKeys, chance, key)),
  );
  if (!platform.ok) return platform;
  return ok({ masterKeyId: current, rewrapped: rewrapped + platform.value, unused: missed === 0 ? former : [] });
}

function rewrapRow(
  keys: MasterKeys,
  chance: Chance,
  table: KeyColumn,
  wrapped: readonly Buffer[],
  masterKeyId: string,
): Result<Buffer[], Failure> {
  const fresh: Buffer[] = [];
  for (const key of wrapped) {
    const next = rewrapKey(keys, chance, key, masterKeyId);
    if (!next.ok) return { ok: false, error: { ...next.error, where: table.table } };
    fresh.push(next.value.wrapped);
  }
  return ok(fresh);
}

function rewrapPlatform(
  keys: MasterKeys,
  chance: Chance,
  kept: { readonly wrapped: string; readonly masterKeyId: string },
): Result<{ wrapped: string; masterKeyId: string }, Failure> {
  const next = rewrapKey(keys, chance, Buffer.from(kept.wrapped, "base64"), kept.masterKeyId);
  if (!next.ok) return next;
  return ok({ wrapped: next.value.wrapped.toString("base64"), masterKeyId: next.value.masterKeyId });
}
