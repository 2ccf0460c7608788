/**
 * Two files become one, without rewriting ids: the merged file leads to the survivor, everything open and everything that
 * finds the person moves, in one transaction; an undo gives back what moved.
 */
import {
  type CaseId,
  type CustomerId,
  dateIn,
  type Failure,
  fail,
  ok,
  type Result,
  type Uuid,
} from "../../../pure/kernel/index.ts";
import { type Act, appendAudit } from "../../../platform/access/index.ts";
import { sql } from "../../../platform/database/index.ts";
import { touch } from "../../../platform/jobs/index.ts";
import {
  customerFacts,
  filesOfOne,
  lockCustomer,
  mayOpenCustomer,
  movePerson,
  returnPerson,
  survivorOf,
} from "../../customers/index.ts";
import {
  handedOver,
  itemsFrom,
  keepCases,
  moveAttached,
  moveItems,
  partCases,
  returnAccount,
  returnAttached,
  uniteCases,
} from "../../receivables/index.ts";
import { ordered } from "../model.ts";
import { forgetKeys, putMergedPair, setPairState } from "../store.ts";
import type { Merged, MergeFollower, MergeRecord } from "./model.ts";
import { closeRecord, putRecord, readRecords, stageRanks } from "./records.ts";

async function lockBoth(act: Act, a: CustomerId, b: CustomerId): Promise<void> {
  // One by one and by id: two merges that meet can't wait for each other (invariant 9).
  for (const id of ordered(a, b)) await lockCustomer(act, id);
}

const casesMap = (cases: readonly { readonly here: CaseId; readonly there: CaseId }[]): Map<CaseId, CaseId> =>
  new Map(cases.map(({ here, there }) => [here, there]));

/**
 * Merges `mergedId` into `survivorId`. Failures: `same_customer`, `customer_not_found`, `customer_restricted`,
 * `already_merged` (one of them leads elsewhere), `erased`, `case_handed_over`, `refund_pending`, and those of the followers
 * (`message_leaving`).
 */
export async function mergeCustomers(
  act: Act,
  survivorId: CustomerId,
  mergedId: CustomerId,
  followers: readonly MergeFollower[],
): Promise<Result<Uuid, Failure>> {
  const { tx } = act;
  if (survivorId === mergedId) return fail("invalid", "same_customer", "A file can't be merged with itself.", mergedId);
  for (const id of [survivorId, mergedId]) {
    const may = await mayOpenCustomer(act, id);
    if (!may.ok) return may;
  }
  await lockBoth(act, survivorId, mergedId);
  const facts = await customerFacts(act, [survivorId, mergedId]);
  for (const [id, one] of facts)
    if (one.mergedInto !== undefined)
      return fail("conflict", "already_merged", "This file was merged before; it leads to another one.", id);
  const seals = await act.vault.forCustomers(tx, [survivorId, mergedId]);
  for (const [id, seal] of seals)
    if (seal.erased("contact") || seal.erased("records"))
      return fail("conflict", "erased", "The data of one of them was erased: there is nothing to merge.", id);
  if (await handedOver(act, [survivorId, mergedId]))
    return fail(
      "conflict",
      "case_handed_over",
      "A case of one of them was handed over. Merge when it has come back.",
      mergedId,
    );

  if (await refundWaits(act, mergedId))
    return fail(
      "conflict",
      "refund_pending",
      "A refund of the file that goes is not paid out yet. Pay or withdraw it first.",
      mergedId,
    );

  const mergeId = tx.newId<Uuid>();
  const day = dateIn(tx.now, facts.get(survivorId)?.zone as never);
  const cases = await uniteCases(act, mergedId, survivorId, day, await stageRanks(act));
  const map = casesMap(cases);
  const move = { from: mergedId, to: survivorId, bookingId: mergeId, day, cases: map };
  const { items, accounts } = await moveItems(act, move);
  const attached = await moveAttached(act, mergedId, survivorId, map, items);
  const person = await movePerson(act, mergedId, survivorId, mergeId);
  const merged: Merged = { survivorId, mergedId, cases: map };
  const remembered: Record<string, unknown> = {};
  for (const follower of followers) {
    const followed = await follower.merged(act, merged);
    if (!followed.ok) return followed;
    remembered[follower.name] = followed.value;
  }
  await putRecord(act, {
    mergeId,
    survivorId,
    mergedId,
    day,
    moved: { person, items, accounts, cases, attached, followers: remembered },
  });
  await putMergedPair(act, ordered(survivorId, mergedId));
  await forgetKeys(act, [mergedId]);
  await keepCases(act, [survivorId], day);
  await touch(tx, survivorId);
  await appendAudit(act, { act: "customer.merged", subject: mergedId, details: { into: survivorId, merge: mergeId } });
  return ok(mergeId);
}

/** A refund names the item that holds its money: it is decided where that stands. */
const refundWaits = async ({ tx }: Act, customerId: CustomerId): Promise<boolean> =>
  (await tx.one(sql`
    select f.refund_id from refund f join task t on t.customer_id = f.customer_id and t.task_id = f.refund_id
    where f.customer_id = ${customerId} and f.withdrawn_at is null and f.file_id is null and t.state in ('open', 'approved')
    limit 1`)) !== undefined;

/** The merge of these two that stands, if there is one. */
export async function standingMerge(act: Act, a: CustomerId, b: CustomerId): Promise<MergeRecord | undefined> {
  const [record] = await readRecords(
    act,
    sql`m.undone_at is null and ((m.customer_id = ${a} and m.merged_id = ${b}) or (m.customer_id = ${b} and m.merged_id = ${a}))`,
  );
  return record;
}

/** Why a merge can't be taken back now; undefined: it can. */
async function objection(act: Act, record: MergeRecord): Promise<Result<never, Failure> | undefined> {
  if (record.undoneAt !== null)
    return fail("conflict", "merge_undone", "This merge was taken back before.", record.mergeId);
  if ((await survivorOf(act, record.survivorId)) !== record.survivorId)
    return fail(
      "conflict",
      "merge_not_latest",
      "The file that stayed was merged into another since. Take that back first.",
      record.survivorId,
    );
  const [later] = await readRecords(
    act,
    sql`m.customer_id = ${record.survivorId} and m.undone_at is null and m.merged_at > ${record.mergedAt}`,
  );
  // Cases and addresses lie on one another: the last merge goes first.
  if (later)
    return fail(
      "conflict",
      "merge_not_latest",
      "Another file was merged into this one since. Take that back first.",
      later.mergedId,
    );
  const seals = await act.vault.forCustomers(act.tx, [record.survivorId, record.mergedId]);
  for (const [id, seal] of seals)
    if (seal.erased("contact") || seal.erased("records"))
      return fail("conflict", "erased", "The data was erased since: a merge can't be taken back any more.", id);
  if (await handedOver(act, [record.survivorId]))
    return fail(
      "conflict",
      "case_handed_over",
      "A case was handed over since. Take the merge back when it has come back.",
      record.survivorId,
    );
  return undefined;
}

export interface Undone {
  /** Money on account that was spent since and could not go back, by currency; minor units. */
  readonly spentMinor: Readonly<Record<string, bigint>>;
}

/**
 * Takes a merge back. Items of the merged file go back with whatever is open of them: what was paid since stays paid,
 * charges since go along; so do items that came since under its number. What came to the survivor otherwise (items under
 * its own number, payments, messages, notes) stays there. Failures: `merge_not_found`, `merge_undone`,
 * `merge_not_latest`, `erased`, `case_handed_over`, those of the followers.
 */
export async function undoMerge(
  act: Act,
  survivorId: CustomerId,
  mergeId: Uuid,
  followers: readonly MergeFollower[],
): Promise<Result<Undone, Failure>> {
  const found = sql`m.customer_id = ${survivorId} and m.merge_id = ${mergeId}`;
  const [known] = await readRecords(act, found);
  if (!known) return fail("not_found", "merge_not_found", "There is no such merge.", mergeId);
  await lockBoth(act, known.survivorId, known.mergedId);
  const [record] = await readRecords(act, found);
  if (!record) return fail("not_found", "merge_not_found", "There is no such merge.", mergeId);
  const refused = await objection(act, record);
  if (refused) return refused;
  const { tx } = act;
  const { mergedId, moved } = record;
  const zone = (await customerFacts(act, [survivorId])).get(survivorId)?.zone;
  const day = dateIn(tx.now, zone as never);
  const back = casesMap(moved.cases.map(({ here, there }) => ({ here: there, there: here })));
  const move = { from: survivorId, to: mergedId, bookingId: tx.newId<Uuid>(), day, cases: back };
  const items = await itemsFrom(act, survivorId, await filesOfOne(act, mergedId));
  await moveItems(act, move, items);
  const spentMinor: Record<string, bigint> = {};
  for (const account of moved.accounts) {
    const spent = await returnAccount(act, move, account, mergeId);
    if (spent > 0n) spentMinor[account.currency] = (spentMinor[account.currency] ?? 0n) + spent;
  }
  await returnAttached(act, survivorId, mergedId, moved.attached);
  await partCases(act, survivorId, mergedId, day, moved.cases);
  await returnPerson(act, survivorId, mergedId, mergeId, moved.person, items);
  const merged: Merged = { survivorId, mergedId, cases: casesMap(moved.cases) };
  for (const follower of followers) await follower.undone(act, merged, moved.followers[follower.name]);
  await closeRecord(act, record);
  await setPairState(act, ordered(survivorId, mergedId), "open", null);
  await keepCases(act, [survivorId], day);
  await keepCases(act, [mergedId], day);
  await touch(tx, survivorId, mergedId);
  await appendAudit(act, {
    act: "customer.merge_undone",
    subject: mergedId,
    details: { from: survivorId, merge: mergeId },
  });
  return ok({ spentMinor });
}

/**
 * Brings along what fell open again on the wrong side: a payment the merged file made went back, or one the survivor made
 * on an item that was given back. Called when a customer was touched; does nothing for others. Returns the items moved.
 */
export async function bringAlong(act: Act, customerId: CustomerId): Promise<number> {
  const records = await readRecords(act, sql`m.merged_id = ${customerId} or m.customer_id = ${customerId}`);
  let count = 0;
  for (const record of records) {
    const [from, to] =
      record.undoneAt === null ? [record.mergedId, record.survivorId] : [record.survivorId, record.mergedId];
    // Taken back, and merged again since: what is open here is at home.
    if (from !== customerId || (await survivorOf(act, to)) !== to) continue;
    await lockBoth(act, from, to);
    const files = await filesOfOne(act, record.mergedId);
    const day = dateIn(act.tx.now, (await customerFacts(act, [to])).get(to)?.zone as never);
    const pairs = record.moved.cases.map(({ here, there }) =>
      record.undoneAt === null ? { here, there } : { here: there, there: here },
    );
    const open = await act.tx.rows<{ receivable_id: string }>(sql`
      select r.receivable_id from receivable r where r.customer_id = ${from} and r.open_total <> 0
        and (${record.undoneAt === null} or r.moved_from = any(${files}::uuid[]))`);
    if (open.length === 0) continue;
    const move = { from, to, bookingId: act.tx.newId<Uuid>(), day, cases: casesMap(pairs), keepsStage: true };
    const { items, accounts } = await moveItems(
      act,
      move,
      open.map((row) => row.receivable_id as never),
    );
    count += items.length + accounts.length;
    await keepCases(act, [from], day);
    await keepCases(act, [to], day);
    await touch(act.tx, to);
    if (record.undoneAt === null) break;
  }
  return count;
}
