/** SQL of `reconciliation` and `reconciliation_difference`. */
import {
  type CreditorId,
  type Currency,
  type CustomerId,
  deterministicUuid,
  type Instant,
  type PlainDate,
  type ReceivableId,
  type Uuid,
} from "../../pure/kernel/index.ts";
import { type Act, actorName } from "../../platform/access/index.ts";
import { rowsOf, type Sql, sql } from "../../platform/database/index.ts";
import type { Comparison, Difference, DifferenceKind, Reconciliation } from "./model.ts";

/** Amounts as text: JSON knows no bigint. */
const asJson = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? `${part}n` : part));
const fromJson = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, part: unknown) =>
    typeof part === "string" && /^-?\d+n$/.test(part) ? BigInt(part.slice(0, -1)) : part,
  );

export async function keepReport({ tx }: Act, report: Reconciliation): Promise<void> {
  await tx.execute(sql`
    insert into reconciliation (tenant_id, creditor_id, day, currency, state, report, differences, made_at)
    values (${tx.tenantId}, ${report.creditorId}, ${report.day}::date, ${report.currency}, ${report.state},
            ${asJson(report.comparisons)}::jsonb, ${report.differences.length}, ${tx.now})
    on conflict (creditor_id, day, currency) do update
      set state = excluded.state, report = excluded.report, differences = excluded.differences, made_at = excluded.made_at`);
}

export interface KeptReport {
  readonly creditorId: CreditorId;
  readonly day: PlainDate;
  readonly currency: Currency;
  readonly state: Reconciliation["state"];
  readonly comparisons: readonly Comparison[];
  readonly differences: number;
  readonly madeAt: Instant;
}

/** Reports of days, oldest first. */
export async function reports({ tx }: Act, from: PlainDate, to: PlainDate): Promise<KeptReport[]> {
  const rows = await tx.rows<{
    creditor_id: CreditorId;
    day: PlainDate;
    currency: Currency;
    state: KeptReport["state"];
    report: unknown;
    differences: number;
    made_at: Instant;
  }>(sql`
    select creditor_id, day, currency, state, report, differences, made_at from reconciliation
    where tenant_id = ${tx.tenantId} and day between ${from}::date and ${to}::date order by day, creditor_id, currency`);
  return rows.map((row) => ({
    creditorId: row.creditor_id,
    day: row.day,
    currency: row.currency,
    state: row.state,
    comparisons: fromJson(row.report) as readonly Comparison[],
    differences: row.differences,
    madeAt: row.made_at,
  }));
}

export interface KeptDifference {
  readonly differenceId: Uuid;
  readonly creditorId: CreditorId;
  readonly currency: Currency;
  readonly kind: DifferenceKind;
  readonly customerId: CustomerId | null;
  readonly receivableId: ReceivableId | null;
  readonly theirsMinor: bigint | null;
  readonly oursMinor: bigint | null;
  readonly facts: Readonly<Record<string, string | number>>;
  readonly since: PlainDate;
  readonly state: "open" | "done";
  readonly taskId: Uuid | null;
}

const idOf = (creditorId: CreditorId, { kind, place, currency }: Difference): Uuid =>
  deterministicUuid("reconciliation_difference", creditorId, kind, place, currency);

/**
 * Keeps what was found: new ones open, those that are gone are done. What a person has decided stays decided as long as
 * the amounts are the same. Returns the rows without a task and the tasks of what is gone.
 */
export async function keepDifferences(
  { tx }: Act,
  creditorId: CreditorId,
  day: PlainDate,
  found: readonly Difference[],
): Promise<{ readonly untasked: readonly KeptDifference[]; readonly gone: readonly KeptDifference[] }> {
  await tx.execute(sql`
    insert into reconciliation_difference as d (tenant_id, difference_id, creditor_id, currency, kind, customer_id, receivable_id,
                                           theirs_minor, ours_minor, facts, since, seen_on)
    select ${tx.tenantId}::uuid, f.id, ${creditorId}::uuid, f.currency, f.kind, f.customer_id, f.receivable_id, f.theirs, f.ours,
           f.facts::jsonb, ${day}::date, ${day}::date
    from ${rowsOf("f", {
      id: ["uuid", found.map((one) => idOf(creditorId, one))],
      currency: ["text", found.map((one) => one.currency)],
      kind: ["text", found.map((one) => one.kind)],
      customer_id: ["uuid", found.map((one) => one.customerId)],
      receivable_id: ["uuid", found.map((one) => one.receivableId)],
      theirs: ["int8", found.map((one) => one.theirsMinor ?? undefined)],
      ours: ["int8", found.map((one) => one.oursMinor ?? undefined)],
      facts: ["text", found.map((one) => JSON.stringify(one.facts))],
    })}
    on conflict (difference_id) do update set
      since = case when d.state = 'open' then d.since else excluded.since end,
      task_id = case when d.state = 'open' then d.task_id end,
      state = case when d.decided_by is not null and d.theirs_minor is not distinct from excluded.theirs_minor
                        and d.ours_minor is not distinct from excluded.ours_minor then d.state else 'open' end,
      theirs_minor = excluded.theirs_minor, ours_minor = excluded.ours_minor, facts = excluded.facts, seen_on = excluded.seen_on`);
  const ids = found.map((one) => idOf(creditorId, one));
  const gone = await read(
    { tx },
    sql`d.creditor_id = ${creditorId} and d.state = 'open' and d.difference_id <> all(${ids}::uuid[])`,
  );
  await tx.execute(sql`
    update reconciliation_difference set state = 'done', decided_by = null, decided_at = null
    where tenant_id = ${tx.tenantId} and difference_id = any(${gone.map((one) => one.differenceId)}::uuid[])`);
  const untasked = await read(
    { tx },
    sql`d.creditor_id = ${creditorId} and d.state = 'open' and d.task_id is null and d.customer_id is not null`,
  );
  return { untasked, gone };
}

/** Which task each difference has; both in one order. */
export async function setTasks({ tx }: Act, differenceIds: readonly Uuid[], taskIds: readonly Uuid[]): Promise<void> {
  if (differenceIds.length === 0) return;
  await tx.execute(sql`
    update reconciliation_difference d set task_id = t.task_id
    from ${rowsOf("t", { difference_id: ["uuid", differenceIds], task_id: ["uuid", taskIds] })}
    where d.tenant_id = ${tx.tenantId} and d.difference_id = t.difference_id`);
}

/** Closes a difference as a person decided. False: it is not open (any more). */
export async function closeDifference(act: Act, differenceId: Uuid, note: string | undefined): Promise<boolean> {
  const { tx } = act;
  const sealed = note ? (await act.vault.forTenant(tx)).seal("difference_note", note) : null;
  const written = await tx.execute(sql`
    update reconciliation_difference set state = 'done', decided_by = ${actorName(act.actor)}, decided_at = ${tx.now}, note_sealed = ${sealed}
    where tenant_id = ${tx.tenantId} and difference_id = ${differenceId} and state = 'open'`);
  return written === 1;
}

interface DifferenceRow {
  readonly difference_id: Uuid;
  readonly creditor_id: CreditorId;
  readonly currency: Currency;
  readonly kind: DifferenceKind;
  readonly customer_id: CustomerId | null;
  readonly receivable_id: ReceivableId | null;
  readonly theirs_minor: bigint | null;
  readonly ours_minor: bigint | null;
  readonly facts: Readonly<Record<string, string | number>>;
  readonly since: PlainDate;
  readonly state: "open" | "done";
  readonly task_id: Uuid | null;
}

async function read({ tx }: Pick<Act, "tx">, condition: Sql): Promise<KeptDifference[]> {
  const rows = await tx.rows<DifferenceRow>(sql`
    select d.difference_id, d.creditor_id, d.currency, d.kind, d.customer_id, d.receivable_id, d.theirs_minor, d.ours_minor,
           d.facts, d.since, d.state, d.task_id
    from reconciliation_difference d where d.tenant_id = ${tx.tenantId} and ${condition}
    order by d.since, d.difference_id`);
  return rows.map((row) => ({
    differenceId: row.difference_id,
    creditorId: row.creditor_id,
    currency: row.currency,
    kind: row.kind,
    customerId: row.customer_id,
    receivableId: row.receivable_id,
    theirsMinor: row.theirs_minor,
    oursMinor: row.ours_minor,
    facts: row.facts,
    since: row.since,
    state: row.state,
    taskId: row.task_id,
  }));
}

/** Differences that are open, or all. */
export const differences = (act: Act, state: "open" | "all" = "open"): Promise<KeptDifference[]> =>
  read(act, state === "open" ? sql`d.state = 'open'` : sql`true`);

/** One difference by its own id or its task's. */
export async function differenceBy(act: Act, id: Uuid): Promise<KeptDifference | undefined> {
  return (await read(act, sql`(d.difference_id = ${id} or d.task_id = ${id})`))[0];
}
