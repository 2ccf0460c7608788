/**
 * Finding files of one person: keys of what is new or changed are made first, then those files are compared with all
 * others they meet. Both go in batches, each a transaction of its own, so memory is bounded and a killed run goes on
 * where it was. Measured figures: docs/duplicates.md.
 */
import { createHash } from "node:crypto";
import type { CustomerId, TenantId } from "../../pure/kernel/index.ts";
import { type Act, type Actor, type Platform, withAct } from "../../platform/access/index.ts";
import { openForComparison } from "../customers/index.ts";
import { compare } from "./comparing/compare.ts";
import { contactKey, firstNameKey, keysOf } from "./comparing/keys.ts";
import { type View, viewOf } from "./comparing/view.ts";
import {
  accountsOf,
  countTokens,
  countWaiting,
  forgetKeys,
  type Found,
  type KeyRow,
  markCompared,
  meetings,
  nextWaiting,
  putKeys,
  putProposals,
  stampsAfter,
} from "./store.ts";

/** Customers looked at in one transaction while keys are made, and compared in one. */
const PAGE = 2_000;
const BATCH = 500;
/** A key more files have than this tells nothing: a street's high-rise, a form's default. Others still bring them together. */
const BLOCK = 40;
/** Opened files kept between batches. */
const KEPT_VIEWS = 30_000;
/** First names are counted up to this. */
const COMMON = 2_000;
/** Files that share a value are counted up to this; see `MANY` in contacts.ts. */
const SHARED = 20;

export interface FindingCounts {
  /** Files that were new or had changed. */
  readonly compared: number;
  /** Pairs of files that were compared. */
  readonly pairs: number;
  readonly proposed: number;
}

export interface FindingOptions {
  /** `done` of `total` steps; a file is two: its keys, its comparison. */
  readonly progress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Compares what is new or changed with everything else. Running it again finds nothing new and does nothing. */
export async function findDuplicates(
  platform: Platform,
  tenantId: TenantId,
  actor: Actor,
  { progress, signal }: FindingOptions = {},
): Promise<FindingCounts> {
  const views = new Map<CustomerId, View>();
  let after: CustomerId | null = null;
  for (;;) {
    signal?.throwIfAborted();
    const page: readonly CustomerId[] = await withAct(platform, tenantId, actor, (act) =>
      refreshPage(act, after, views),
    );
    const last = page.at(-1);
    if (last === undefined) break;
    after = last;
  }
  const total = await withAct(platform, tenantId, actor, countWaiting);
  const counts = { compared: 0, pairs: 0, proposed: 0 };
  const common = new Map<string, number>();
  while (!signal?.aborted) {
    const done = await withAct(platform, tenantId, actor, (act) => compareBatch(act, views, common));
    if (done.compared === 0) break;
    counts.compared += done.compared;
    counts.pairs += done.pairs;
    counts.proposed += done.proposed;
    progress?.(counts.compared, Math.max(total, counts.compared));
  }
  return counts;
}

const tokenOf = (seal: { searchToken(word: string): bigint }, key: string): bigint =>
  seal.searchToken(`duplicate|${key}`);

/** Keys of the next customers whose file changed. Returns the customers looked at. */
async function refreshPage(act: Act, after: CustomerId | null, views: Map<CustomerId, View>): Promise<CustomerId[]> {
  const page = await stampsAfter(act, after, PAGE);
  if (page.length === 0) return [];
  const ids = page.map((row) => row.customerId);
  const accounts = await accountsOf(act, ids);
  const gone = page.filter((row) => row.gone && row.known !== null).map((row) => row.customerId);
  if (gone.length > 0) await forgetKeys(act, gone);
  const changed: { customerId: CustomerId; stamp: Buffer }[] = [];
  for (const { customerId, content, known, gone: isGone } of page) {
    const stamp = createHash("sha256")
      .update([content, ...(accounts.get(customerId) ?? [])].join("|"))
      .digest()
      .subarray(0, 16);
    if (!isGone && !known?.equals(stamp)) changed.push({ customerId, stamp });
  }
  const opened = await openViews(
    act,
    changed.map((file) => file.customerId),
    accounts,
  );
  const seal = await act.vault.forTenant(act.tx);
  const keys: KeyRow[] = [];
  for (const [customerId, view] of opened) {
    const { pairing, counting } = keysOf(view);
    for (const key of pairing) keys.push({ token: tokenOf(seal, key), customerId, pairs: true });
    for (const key of counting) keys.push({ token: tokenOf(seal, key), customerId, pairs: false });
    keep(views, customerId, view);
  }
  await putKeys(act, changed, keys);
  return ids;
}

function keep(views: Map<CustomerId, View>, id: CustomerId, view: View): void {
  views.delete(id);
  views.set(id, view);
  // The oldest goes: a map keeps the order of insertion.
  if (views.size > KEPT_VIEWS) for (const oldest of views.keys()) return void views.delete(oldest);
}

async function openViews(
  act: Act,
  ids: readonly CustomerId[],
  accounts: ReadonlyMap<CustomerId, readonly string[]>,
): Promise<Map<CustomerId, View>> {
  const views = new Map<CustomerId, View>();
  for (const [id, file] of await openForComparison(act, ids))
    views.set(id, viewOf({ ...file, accounts: accounts.get(id) ?? [] }));
  return views;
}

async function viewsOf(
  act: Act,
  ids: readonly CustomerId[],
  kept: Map<CustomerId, View>,
): Promise<Map<CustomerId, View>> {
  const found = new Map<CustomerId, View>();
  const missing: CustomerId[] = [];
  for (const id of ids) {
    const view = kept.get(id);
    if (view) found.set(id, view);
    else missing.push(id);
  }
  for (const [id, view] of await openViews(act, missing, await accountsOf(act, missing))) {
    found.set(id, view);
    keep(kept, id, view);
  }
  return found;
}

type Kind = "email" | "phone" | "account";
const KINDS: readonly (readonly [Kind, "emails" | "phones" | "accounts"])[] = [
  ["email", "emails"],
  ["phone", "phones"],
  ["account", "accounts"],
];

async function compareBatch(
  act: Act,
  kept: Map<CustomerId, View>,
  common: Map<string, number>,
): Promise<FindingCounts> {
  const ids = await nextWaiting(act, BATCH);
  if (ids.length === 0) return { compared: 0, pairs: 0, proposed: 0 };
  const pairs = await meetings(act, ids, BLOCK);
  const views = await viewsOf(act, [...new Set(pairs.flat())], kept);
  const seal = await act.vault.forTenant(act.tx);

  if (common.size > 100_000) common.clear();
  const names = [...new Set([...views.values()].flatMap((view) => [view.first.join(""), view.last.join("")]))].filter(
    (name) => !common.has(name),
  );
  const nameTokens = names.map((name) => tokenOf(seal, firstNameKey(name)));
  const nameCounts = await countTokens(act, [...new Set(nameTokens)], COMMON);
  names.forEach((name, index) => common.set(name, nameCounts.get(nameTokens[index] ?? 0n) ?? 0));

  const shared = new Map<string, bigint>();
  for (const [one, other] of pairs) {
    const [a, b] = [views.get(one), views.get(other)];
    if (!a || !b) continue;
    for (const [kind, field] of KINDS)
      for (const value of a[field]) {
        const key = contactKey(kind, value);
        if (b[field].includes(value) && !shared.has(key)) shared.set(key, tokenOf(seal, key));
      }
  }
  const sharedCounts = await countTokens(act, [...shared.values()], SHARED);
  const surroundings = {
    common: (name: string) => common.get(name) ?? 0,
    sharing: (kind: Kind, value: string) => sharedCounts.get(shared.get(contactKey(kind, value)) ?? 0n) ?? 0,
  };

  const found: Found[] = [];
  for (const customerIds of pairs) {
    const [a, b] = [views.get(customerIds[0]), views.get(customerIds[1])];
    const comparison = a && b && compare(a, b, surroundings);
    if (comparison) found.push({ customerIds, comparison });
  }
  await putProposals(act, ids, found);
  await markCompared(act, ids);
  return { compared: ids.length, pairs: pairs.length, proposed: found.length };
}
