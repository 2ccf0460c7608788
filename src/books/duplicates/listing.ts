/** Proposals as people work through them, and what they decide. */
import { type CustomerId, type Failure, fail, ok, type Result, type Uuid } from "../../pure/kernel/index.ts";
import { type Act, actorName, appendAudit } from "../../platform/access/index.ts";
import { join, type Sql, sql } from "../../platform/database/index.ts";
import { lockCustomer, mayOpenCustomer, openForComparison, survivorOf, visibleCustomers } from "../customers/index.ts";
import { readRecords } from "./merging/records.ts";
import { MARKS, type Mark, pairIdOf, type PairState, type Proposal, type Suggestion } from "./model.ts";
import { accountsOf, readProposals, setPairState } from "./store.ts";

export interface ProposalFilter {
  readonly state?: PairState;
  readonly suggests?: Suggestion;
  readonly mark?: Mark;
  readonly customerId?: CustomerId;
  readonly limit?: number;
  readonly offset?: number;
}

/** Pairs of files this actor may both open. */
function chosen(act: Act, { state, suggests, mark, customerId }: ProposalFilter): Sql {
  return join(
    [
      sql`true`,
      ...(state === undefined ? [] : [sql`d.state = ${state}`]),
      ...(suggests === undefined ? [] : [sql`d.suggests = ${suggests}`]),
      ...(mark === undefined ? [] : [sql`d.mark = ${mark}`]),
      ...(customerId === undefined ? [] : [sql`(d.customer_id = ${customerId} or d.other_id = ${customerId})`]),
      sql`not exists (select from customer c where c.customer_id in (d.customer_id, d.other_id) and not ${visibleCustomers(act)})`,
    ],
    " and ",
  );
}

/** The surest first. */
export async function proposals(act: Act, filter: ProposalFilter = {}): Promise<Proposal[]> {
  return readProposals(
    act,
    sql`${chosen(act, filter)} order by d.score desc, d.pair_id limit ${filter.limit ?? 1_000_000} offset ${filter.offset ?? 0}`,
  );
}

export async function countProposals(act: Act, filter: ProposalFilter = {}): Promise<Readonly<Record<Mark, number>>> {
  const rows = await act.tx.rows<{ mark: Mark; count: bigint }>(sql`
    select d.mark, count(*) as count from duplicate_proposal d
    where d.tenant_id = ${act.tx.tenantId} and ${chosen(act, filter)} group by d.mark`);
  return Object.fromEntries(
    MARKS.map((mark) => [mark, Number(rows.find((row) => row.mark === mark)?.count ?? 0)]),
  ) as Record<Mark, number>;
}

/** Failure `pair_not_found`, or one of the two is protected: `customer_restricted`. */
export async function proposalById(act: Act, pairId: Uuid): Promise<Result<Proposal, Failure>> {
  const [found] = await readProposals(act, sql`d.pair_id = ${pairId}`);
  if (!found) return fail("not_found", "pair_not_found", "There is no such proposal.", pairId);
  for (const id of found.customerIds) {
    const may = await mayOpenCustomer(act, id);
    if (!may.ok) return may;
  }
  return ok(found);
}

/**
 * Two people (`different`), or one household: remembered, the pair is not proposed again. `open` takes that back.
 * Failures: `pair_not_found`, `pair_decided` (they are merged).
 */
export async function decidePair(
  act: Act,
  pairId: Uuid,
  state: "different" | "household" | "open",
): Promise<Result<true, Failure>> {
  const known = await proposalById(act, pairId);
  if (!known.ok) return known;
  await lockCustomer(act, known.value.customerIds[0]);
  const now = await proposalById(act, pairId);
  if (!now.ok) return now;
  if (now.value.state === "merged")
    return fail("conflict", "pair_decided", "These files were merged. Take that back first.", pairId);
  await setPairState(act, now.value.customerIds, state, state === "open" ? null : actorName(act.actor));
  await appendAudit(act, { act: "duplicate.decided", subject: pairId, details: { state } });
  return ok(true);
}

export interface Relatives {
  readonly mergedInto: CustomerId | null;
  readonly merged: readonly { readonly customerId: CustomerId; readonly at: Date; readonly pairId: Uuid }[];
  readonly household: readonly CustomerId[];
  /** Open proposals to merge. */
  readonly duplicates: readonly Proposal[];
}

/** What a customer's file says of others: where it leads, who was merged into it, who lives with it. */
export async function relatives(act: Act, customerId: CustomerId): Promise<Relatives> {
  const leads = await survivorOf(act, customerId);
  const merges = await readRecords(act, sql`m.customer_id = ${customerId} and m.undone_at is null`);
  const pairs = await proposals(act, { customerId });
  const otherOf = ({ customerIds: [one, other] }: Proposal): CustomerId => (one === customerId ? other : one);
  return {
    mergedInto: leads === customerId ? null : leads,
    merged: merges.map(({ mergedId, mergedAt }) => ({
      customerId: mergedId,
      at: mergedAt,
      pairId: pairIdOf(customerId, mergedId),
    })),
    household: pairs.filter((pair) => pair.state === "household").map(otherOf),
    duplicates: pairs.filter((pair) => pair.state === "open" && pair.suggests === "merge"),
  };
}

/** The two files of a pair opened, with accounts only as agreement: they are stored as keyed hashes. */
export async function openPair(act: Act, customerIds: readonly [CustomerId, CustomerId]) {
  const files = await openForComparison(act, customerIds);
  const accounts = await accountsOf(act, customerIds);
  return customerIds.map((id) => ({ file: files.get(id), accounts: accounts.get(id) ?? [] }));
}
