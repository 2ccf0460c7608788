/** What the bank says of payer and purpose, sealed under its statement's key until a match re-seals it. */
import { type Failure, FailureError, fail, ok, type Result } from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import type { KeySeal } from "../../platform/sealed/index.ts";
import { type Entry, type EntryPayload, PAYMENT_KIND } from "./model.ts";
import { readStatementKey, type StatementKey } from "./store.ts";

const ownerOf = (act: Act, fingerprint: Buffer): string =>
  `${act.tx.tenantId}|statement|${fingerprint.toString("hex")}`;

/** The seal of a statement whose key was read. Throws `FailureError` when its key does not open. */
export function sealWith(act: Act, key: StatementKey): KeySeal {
  const opened = act.vault.withKey(key.wrapped, key.masterKeyId, ownerOf(act, key.fingerprint));
  if (!opened.ok) throw new FailureError(opened.error);
  return opened.value;
}

/**
 * Payer and text of an entry that has no match yet. Failures: `payload_moved` (it is sealed with the customer it was
 * matched to: see `matching`), `sealed_broken`, `master_key_wrong`.
 */
export async function openEntryPayload(act: Act, entry: Entry): Promise<Result<EntryPayload, Failure>> {
  if (entry.payloadSealed === null)
    return fail(
      "conflict",
      "payload_moved",
      "What the payer wrote is kept with the customer it was matched to.",
      entry.entryId,
    );
  const key = await readStatementKey(act, entry.statementFingerprint);
  if (!key) throw new Error("an entry without its statement");
  const opened = act.vault.withKey(key.wrapped, key.masterKeyId, ownerOf(act, key.fingerprint));
  if (!opened.ok) return opened;
  const text = opened.value.openText(PAYMENT_KIND, entry.payloadSealed);
  return text.ok ? ok(JSON.parse(text.value) as EntryPayload) : text;
}

/** The same for many entries; those that don't open are missing. Each statement's key is read once. */
export async function openEntryPayloads(act: Act, entries: readonly Entry[]): Promise<Map<string, EntryPayload>> {
  const seals = new Map<string, KeySeal>();
  const found = new Map<string, EntryPayload>();
  for (const entry of entries) {
    if (entry.payloadSealed === null) continue;
    const id = entry.statementFingerprint.toString("hex");
    let seal = seals.get(id);
    if (!seal) {
      const key = await readStatementKey(act, entry.statementFingerprint);
      if (!key) continue;
      const opened = act.vault.withKey(key.wrapped, key.masterKeyId, ownerOf(act, key.fingerprint));
      if (!opened.ok) throw new FailureError(opened.error);
      seal = opened.value;
      seals.set(id, seal);
    }
    const text = seal.openText(PAYMENT_KIND, entry.payloadSealed);
    if (text.ok) found.set(entry.entryId, JSON.parse(text.value) as EntryPayload);
  }
  return found;
}

/** Seals payer data under the statement's key again, after a match was undone. */
export async function resealForStatement(act: Act, entry: Entry, payload: EntryPayload): Promise<Buffer> {
  const key = await readStatementKey(act, entry.statementFingerprint);
  if (!key) throw new Error("an entry without its statement");
  return sealWith(act, key).seal(PAYMENT_KIND, JSON.stringify(payload));
}
