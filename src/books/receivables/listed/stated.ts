/**
 * What a later file says of items that are known: open amounts of a list, claims of an invoice. Told by postings of kind
 * `adjustment`, so that the history stays and nobody counts it as a payment.
 */
import {
  type CustomerId,
  type PlainDate,
  type ReceivableId,
  type Currency,
  type Uuid,
} from "../../../pure/kernel/index.ts";
import { type Act, actorName } from "../../../platform/access/index.ts";
import { rowsOf, sql } from "../../../platform/database/index.ts";
import { touch } from "../../../platform/jobs/index.ts";
import { lockCustomers } from "../../customers/index.ts";
import { post } from "../ledger.ts";
import type { Component, PostingInput } from "../model.ts";

export interface StatedItem {
  readonly customerId: CustomerId;
  readonly receivableId: ReceivableId;
  /** Signed: below zero for a credit note. */
  readonly statedMinor: bigint;
  readonly dueOn?: PlainDate;
}

/**
 * What the amounts mean. `open_there`: open in the system that leads, so the ledger follows. `open_or_claim`: a list while
 * Kulanz leads, which books payments itself: only an item nobody has paid on follows. `claim`: a document states the
 * claim, whatever was paid on it.
 */
export type StatedMeaning = "open_there" | "open_or_claim" | "claim";

export interface StatedHow {
  readonly meaning: StatedMeaning;
  /** Value date of what is posted. */
  readonly day: PlainDate;
  readonly sourceFile: Buffer;
}

export interface StatedOutcome {
  /** Items whose amount or due date moved. */
  readonly changed: ReadonlySet<ReceivableId>;
  /** Of these, open again after they were settled. */
  readonly reopened: ReadonlySet<ReceivableId>;
  /** Stated otherwise, but not clear enough to be changed: for a person. Signed amounts of principal. */
  readonly doubtful: ReadonlyMap<ReceivableId, { readonly statedMinor: bigint; readonly openMinor: bigint }>;
}

interface Standing {
  readonly customer_id: CustomerId;
  readonly receivable_id: ReceivableId;
  readonly currency: Currency;
  readonly due_on: PlainDate;
  readonly follows_delivery: boolean;
  readonly open_principal: bigint;
  /** Claim, credit note and what files changed of them. */
  readonly claimed: bigint;
  /** Waived here; the leading system may not know it yet. */
  readonly waived: bigint;
  readonly taken_interest: bigint;
  readonly taken_dunning_cost: bigint;
  readonly taken_collection_cost: bigint;
}

const readStanding = ({ tx }: Act, items: readonly StatedItem[]): Promise<Standing[]> =>
  tx.rows<Standing>(sql`
    select r.customer_id, r.receivable_id, r.currency, r.due_on, r.term_from_delivery is not null as follows_delivery,
           r.open_principal, s.claimed, s.waived, s.taken_interest, s.taken_dunning_cost, s.taken_collection_cost
    from unnest(${items.map((item) => item.customerId)}::uuid[], ${items.map((item) => item.receivableId)}::uuid[])
         as i (customer_id, receivable_id)
    join receivable r on r.customer_id = i.customer_id and r.receivable_id = i.receivable_id
    cross join lateral (
      select coalesce(sum(p.amount_minor) filter (where p.component = 'principal'
                        and coalesce(p.moved_kind, p.kind) in ('claim', 'credit', 'adjustment')), 0)::bigint as claimed,
             coalesce(sum(p.amount_minor) filter (where p.component = 'principal'
                        and p.kind in ('write_off', 'discount')), 0)::bigint as waived,
             coalesce(sum(p.amount_minor) filter (where p.component = 'interest' and p.kind = 'adjustment'), 0)::bigint
               as taken_interest,
             coalesce(sum(p.amount_minor) filter (where p.component = 'dunning_cost' and p.kind = 'adjustment'), 0)::bigint
               as taken_dunning_cost,
             coalesce(sum(p.amount_minor) filter (where p.component = 'collection_cost' and p.kind = 'adjustment'), 0)::bigint
               as taken_collection_cost
      from posting p where p.customer_id = r.customer_id and p.receivable_id = r.receivable_id) s
    where r.tenant_id = ${tx.tenantId}`);

/** By how much the principal must move; `doubtful` where a person has to say. */
export function movementOf(
  stands: Pick<Standing, "open_principal" | "claimed" | "waived">,
  stated: bigint,
  meaning: StatedMeaning,
): bigint | "doubtful" {
  const { open_principal: open, claimed, waived } = stands;
  if (meaning === "claim") return stated - claimed;
  // What was waived here is not known there until it is handed back and booked.
  if (stated === open || stated === open - waived) return 0n;
  if (meaning === "open_there") return stated - open;
  if (stated === claimed) return 0n;
  return open === claimed ? stated - claimed : "doubtful";
}

const FEES: readonly (readonly [Component, keyof Standing])[] = [
  ["interest", "taken_interest"],
  ["dunning_cost", "taken_dunning_cost"],
  ["collection_cost", "taken_collection_cost"],
];

const differing =
  (stated: ReadonlyMap<ReceivableId, StatedItem>, meaning: StatedMeaning) =>
  (row: Standing): boolean => {
    const item = stated.get(row.receivable_id);
    return item !== undefined && (movementOf(row, item.statedMinor, meaning) !== 0n || movesDue(row, item));
  };

/** How many of these items `applyStated` would move, or ask a person about; nothing is written. */
export async function countDiffering(act: Act, items: readonly StatedItem[], meaning: StatedMeaning): Promise<number> {
  const stated = new Map(items.map((item) => [item.receivableId, item]));
  return (await readStanding(act, items)).filter(differing(stated, meaning)).length;
}

/**
 * Brings known items to what is stated, set-based. Locks the customers of what moves. Cases are kept by `keepCases`
 * afterwards, payments of changed claims are allocated anew by `allocateAnew`.
 */
export async function applyStated(act: Act, items: readonly StatedItem[], how: StatedHow): Promise<StatedOutcome> {
  const changed = new Set<ReceivableId>();
  const reopened = new Set<ReceivableId>();
  const doubtful = new Map<ReceivableId, { statedMinor: bigint; openMinor: bigint }>();
  if (items.length === 0) return { changed, reopened, doubtful };
  const stated = new Map(items.map((item) => [item.receivableId, item]));
  const differs = differing(stated, how.meaning);
  const suspects = (await readStanding(act, items)).filter(differs);
  if (suspects.length === 0) return { changed, reopened, doubtful };
  await lockCustomers(act, [...new Set(suspects.map((row) => row.customer_id))]);
  const locked = suspects.flatMap((row) => stated.get(row.receivable_id) ?? []);
  const postings: PostingInput[] = [];
  const moves: { row: Standing; item: StatedItem; delta: bigint }[] = [];
  for (const row of await readStanding(act, locked)) {
    const item = stated.get(row.receivable_id);
    if (!item || !differs(row)) continue;
    const delta = movementOf(row, item.statedMinor, how.meaning);
    if (delta === "doubtful") {
      doubtful.set(row.receivable_id, { statedMinor: item.statedMinor, openMinor: row.open_principal });
      continue;
    }
    const again = row.open_principal === 0n && delta !== 0n;
    if (again) reopened.add(row.receivable_id);
    const ground = how.meaning === "claim" ? "corrected" : again ? "listed_again" : "amount_listed";
    const base = { customerId: row.customer_id, receivableId: row.receivable_id, currency: row.currency } as const;
    const one = { ...base, kind: "adjustment", valueOn: how.day, ground } as const;
    if (delta !== 0n) postings.push({ ...one, component: "principal", amountMinor: delta });
    // Fees that went when the item vanished come back with it.
    if (again)
      for (const [component, column] of FEES) {
        const taken = row[column] as bigint;
        if (taken < 0n) postings.push({ ...one, component, amountMinor: -taken });
      }
    moves.push({ row, item, delta });
    changed.add(row.receivable_id);
  }
  await post(act, postings, act.tx.newId<Uuid>());
  await moveDueDates(
    act,
    moves.filter(({ row, item }) => movesDue(row, item)),
  );
  await keepChanges(act, moves, how);
  await touch(act.tx, ...new Set(moves.map(({ row }) => row.customer_id)));
  return { changed, reopened, doubtful };
}

/** A due date that runs from delivery is counted by us and not moved by a list. */
const movesDue = (row: Standing, { dueOn }: StatedItem): boolean =>
  dueOn !== undefined && dueOn !== row.due_on && !row.follows_delivery;

interface Move {
  readonly row: Standing;
  readonly item: StatedItem;
  readonly delta: bigint;
}

/** Default that had begun before the new due date had not begun. */
async function moveDueDates({ tx }: Act, moves: readonly Move[]): Promise<void> {
  if (moves.length === 0) return;
  await tx.execute(sql`
    update receivable r set due_on = x.due_on, issued_on = least(r.issued_on, x.due_on),
      default_since = case when r.default_since <= x.due_on then null else r.default_since end,
      default_ground = case when r.default_since <= x.due_on then null else r.default_ground end
    from ${rowsOf("x", {
      customer_id: ["uuid", moves.map(({ row }) => row.customer_id)],
      receivable_id: ["uuid", moves.map(({ row }) => row.receivable_id)],
      due_on: ["date", moves.map(({ item }) => item.dueOn)],
    })}
    where r.customer_id = x.customer_id and r.receivable_id = x.receivable_id and r.tenant_id = ${tx.tenantId}`);
}

async function keepChanges(act: Act, moves: readonly Move[], how: StatedHow): Promise<void> {
  const changes = moves.flatMap(({ row, item, delta }) => [
    ...(delta === 0n
      ? []
      : [{ row, field: "amount", before: `${row.open_principal}`, after: `${row.open_principal + delta}` }]),
    ...(movesDue(row, item) ? [{ row, field: "due_on", before: row.due_on, after: item.dueOn ?? "" }] : []),
  ]);
  await insertChanges(
    act,
    changes.map(({ row, ...change }) => ({
      customerId: row.customer_id,
      receivableId: row.receivable_id,
      ...change,
    })),
    how.sourceFile,
  );
}

export interface ItemChange {
  readonly customerId: CustomerId;
  readonly receivableId: ReceivableId;
  readonly field: string;
  readonly before: string | null;
  readonly after: string;
}

/** What a file changed of items, kept for the item's history. */
export async function insertChanges(act: Act, changes: readonly ItemChange[], sourceFile: Buffer): Promise<void> {
  if (changes.length === 0) return;
  const { tx } = act;
  await tx.execute(sql`
    insert into receivable_change (customer_id, change_id, tenant_id, receivable_id, field, before, after, source_file,
                                   changed_by, changed_at)
    select c.customer_id, c.change_id, ${tx.tenantId}::uuid, c.receivable_id, c.field, c.before, c.after,
           ${sourceFile}::bytea, ${actorName(act.actor)}, ${tx.now}::timestamptz
    from ${rowsOf("c", {
      customer_id: ["uuid", changes.map((change) => change.customerId)],
      change_id: ["uuid", changes.map(() => tx.newId<Uuid>())],
      receivable_id: ["uuid", changes.map((change) => change.receivableId)],
      field: ["text", changes.map((change) => change.field)],
      before: ["text", changes.map((change) => change.before ?? undefined)],
      after: ["text", changes.map((change) => change.after)],
    })}`);
}
