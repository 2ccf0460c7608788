/** Cases, holds and tasks of a file that is merged into another, and their way back. */
import type { CaseId, CreditorId, CustomerId, PlainDate, ReceivableId, Uuid } from "../../../pure/kernel/index.ts";
import { type Act, actorName } from "../../../platform/access/index.ts";
import { sql } from "../../../platform/database/index.ts";
import { casesOf } from "../cases.ts";

interface StageOfCase {
  readonly stage: string | null;
  readonly stageOn: PlainDate | null;
}
export interface CaseMoved {
  readonly here: CaseId;
  readonly there: CaseId;
  /** The case stands there under the same id; else it went into one that was open there. */
  readonly copied: boolean;
  readonly before: StageOfCase;
  /** Of the case it went into, before and after. */
  readonly thereBefore: StageOfCase;
  readonly thereAfter: StageOfCase;
}

/** A higher number is a later stage; nothing said yet is the lowest. */
export type StageRank = (creditorId: CreditorId, stage: string | null) => number;

/** Open cases go into the open case of the same creditor and currency, at the higher stage; else they move as they are. */
export async function uniteCases(
  act: Act,
  from: CustomerId,
  to: CustomerId,
  day: PlainDate,
  rank: StageRank,
): Promise<CaseMoved[]> {
  const { tx } = act;
  const all = (await casesOf(act, [from, to])).filter((one) => one.state === "open");
  const moved: CaseMoved[] = [];
  for (const one of all.filter((each) => each.customerId === from)) {
    const before = { stage: one.stage ?? null, stageOn: one.stageOn ?? null };
    const other = all.find(
      (each) => each.customerId === to && each.creditorId === one.creditorId && each.currency === one.currency,
    );
    if (other) {
      const thereBefore = { stage: other.stage ?? null, stageOn: other.stageOn ?? null };
      const higher = rank(one.creditorId, before.stage) > rank(one.creditorId, thereBefore.stage);
      const thereAfter = higher ? before : thereBefore;
      if (higher)
        await tx.execute(sql`
          update dunning_case set stage = ${before.stage}, stage_on = ${before.stageOn}::date
          where customer_id = ${to} and case_id = ${other.caseId}`);
      moved.push({ here: one.caseId, there: other.caseId, copied: false, before, thereBefore, thereAfter });
    } else {
      await tx.execute(sql`
        insert into dunning_case (customer_id, case_id, tenant_id, creditor_id, currency, number, state, stage, stage_on, round, opened_on)
        select ${to}::uuid, c.case_id, c.tenant_id, c.creditor_id, c.currency, c.number, 'open', c.stage, c.stage_on, c.round, c.opened_on
        from dunning_case c where c.customer_id = ${from} and c.case_id = ${one.caseId}
        on conflict (customer_id, case_id) do update set state = 'open', closed_on = null, stage = excluded.stage,
          stage_on = excluded.stage_on, round = excluded.round`);
      moved.push({
        here: one.caseId,
        there: one.caseId,
        copied: true,
        before,
        thereBefore: before,
        thereAfter: before,
      });
    }
    await tx.execute(sql`
      update dunning_case set state = 'closed', closed_on = ${day}::date where customer_id = ${from} and case_id = ${one.caseId}`);
  }
  return moved;
}

/**
 * Takes `uniteCases` back: the case here is open again at the stage it has reached meanwhile; there it closes, or has the
 * stage it had, unless it went on by itself. `keepCases` of both customers follows.
 */
export async function partCases(
  act: Act,
  from: CustomerId,
  to: CustomerId,
  day: PlainDate,
  cases: readonly CaseMoved[],
): Promise<void> {
  const { tx } = act;
  for (const { here, there, copied, before, thereBefore, thereAfter } of cases) {
    await tx.execute(sql`
      update dunning_case c set state = 'open', closed_on = null, stage = ${before.stage}, stage_on = ${before.stageOn}::date
      where c.customer_id = ${to} and c.case_id = ${here} and c.state = 'closed'
        and not exists (select from dunning_case o where o.customer_id = c.customer_id and o.creditor_id = c.creditor_id
          and o.currency = c.currency and o.state = 'open')`);
    if (copied) {
      await tx.execute(sql`
        update dunning_case c set stage = f.stage, stage_on = f.stage_on from dunning_case f
        where c.customer_id = ${to} and c.case_id = ${here} and f.customer_id = ${from} and f.case_id = ${there}`);
      // Own items that fell due there meanwhile keep it open.
      await tx.execute(sql`
        update dunning_case c set state = 'closed', closed_on = ${day}::date
        where c.customer_id = ${from} and c.case_id = ${there} and c.state = 'open'
          and not exists (select from receivable r where r.customer_id = c.customer_id and r.case_id = c.case_id and r.open_total > 0)`);
    } else
      await tx.execute(sql`
        update dunning_case set stage = ${thereBefore.stage}, stage_on = ${thereBefore.stageOn}::date
        where customer_id = ${from} and case_id = ${there} and stage is not distinct from ${thereAfter.stage}
          and stage_on is not distinct from ${thereAfter.stageOn}::date`);
  }
}

/** Cases of these customers that were handed over: they are not ours to move. */
export async function handedOver(act: Act, customerIds: readonly CustomerId[]): Promise<boolean> {
  return (await casesOf(act, customerIds)).some((one) => one.state === "handed_over");
}

export interface Attached {
  readonly holds: readonly Uuid[];
  readonly tasks: readonly Uuid[];
}

/** Holds that stand and tasks that are open, under the same ids there; what names an item or case that stays, stays. */
export async function moveAttached(
  act: Act,
  from: CustomerId,
  to: CustomerId,
  cases: ReadonlyMap<CaseId, CaseId>,
  items: readonly ReceivableId[],
): Promise<Attached> {
  const { tx, vault } = act;
  const [here, there] = [await vault.forCustomer(tx, from), await vault.forCustomer(tx, to)];
  const reseal = (kind: string, sealed: Buffer | null): Buffer | null => {
    const opened = sealed && here.open("records", kind, sealed);
    return opened?.ok ? there.seal("records", kind, opened.value) : null;
  };
  type Row = { id: Uuid; case_id: CaseId | null; receivable_id: ReceivableId | null; sealed: Buffer | null };
  const known = (row: Row): boolean =>
    (row.case_id === null || cases.has(row.case_id)) &&
    (row.receivable_id === null || items.includes(row.receivable_id));
  const holds = (
    await tx.rows<Row>(sql`
      select hold_id as id, case_id, receivable_id, comment_sealed as sealed from hold
      where customer_id = ${from} and lifted_at is null order by hold_id`)
  ).filter(known);
  for (const row of holds)
    await tx.execute(sql`
      insert into hold (customer_id, hold_id, tenant_id, case_id, receivable_id, ground, author, starts_on, ends_on, comment_sealed, created_at)
      select ${to}::uuid, h.hold_id, h.tenant_id, ${row.case_id && cases.get(row.case_id)}::uuid, h.receivable_id, h.ground, h.author,
             h.starts_on, h.ends_on, ${reseal("hold", row.sealed)}::bytea, h.created_at
      from hold h where h.customer_id = ${from} and h.hold_id = ${row.id}
      on conflict (customer_id, hold_id) do update set lifted_at = null, lifted_by = null, ends_on = excluded.ends_on`);
  const tasks = (
    await tx.rows<Row & { kind: string }>(sql`
      select task_id as id, case_id, receivable_id, text_sealed as sealed, kind from task
      where customer_id = ${from} and state = 'open' and kind <> 'parked_message' order by task_id`)
  ).filter(known);
  for (const row of tasks) {
    await tx.execute(sql`
      insert into task (customer_id, task_id, tenant_id, case_id, receivable_id, kind, state, amount_minor, currency, text_sealed,
                        facts, due_on, created_by, created_at, first_approved_by)
      select ${to}::uuid, t.task_id, t.tenant_id, ${row.case_id && cases.get(row.case_id)}::uuid, t.receivable_id, t.kind, 'open',
             t.amount_minor, t.currency, ${reseal("task", row.sealed)}::bytea, t.facts, t.due_on, t.created_by, t.created_at, t.first_approved_by
      from task t where t.customer_id = ${from} and t.task_id = ${row.id}
      on conflict (customer_id, task_id) do update set state = 'open', decided_by = null, decided_at = null`);
    await tx.execute(sql`
      update task set state = 'done', decided_by = ${actorName(act.actor)}, decided_at = ${tx.now}
      where customer_id = ${from} and task_id = ${row.id}`);
  }
  return { holds: holds.map((row) => row.id), tasks: tasks.map((row) => row.id) };
}

/** Takes `moveAttached` back; what was lifted or decided meanwhile is so here as well. */
export async function returnAttached(
  act: Act,
  from: CustomerId,
  to: CustomerId,
  { holds, tasks }: Attached,
): Promise<void> {
  const { tx } = act;
  await tx.execute(sql`
    update hold h set lifted_at = c.lifted_at, lifted_by = c.lifted_by, ends_on = c.ends_on from hold c
    where h.customer_id = ${to} and c.customer_id = ${from} and c.hold_id = h.hold_id and h.hold_id = any(${holds}::uuid[])`);
  await tx.execute(sql`
    update hold set lifted_at = ${tx.now}, lifted_by = ${actorName(act.actor)}
    where customer_id = ${from} and hold_id = any(${holds}::uuid[]) and lifted_at is null`);
  await tx.execute(sql`
    update task t set state = c.state, decided_by = c.decided_by, decided_at = c.decided_at, due_on = c.due_on,
           first_approved_by = c.first_approved_by from task c
    where t.customer_id = ${to} and c.customer_id = ${from} and c.task_id = t.task_id and t.task_id = any(${tasks}::uuid[])`);
  await tx.execute(sql`
    update task set state = 'done', decided_by = ${actorName(act.actor)}, decided_at = ${tx.now}
    where customer_id = ${from} and task_id = any(${tasks}::uuid[]) and state = 'open'`);
}
