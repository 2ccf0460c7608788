/** What waits for a person: questions, call-backs, and proposals that people decide (invariant 12). */
import {
  type CaseId,
  type Currency,
  type CustomerId,
  type Failure,
  fail,
  type Instant,
  money,
  ok,
  type PlainDate,
  type ReceivableId,
  type Result,
  type UserId,
  type Uuid,
} from "../../pure/kernel/index.ts";
import { type Act, actorName, appendAudits, mayConfirm, mayDecide, readUser } from "../../platform/access/index.ts";
import { rowsOf, type Sql, sql } from "../../platform/database/index.ts";
import { touch } from "../../platform/jobs/index.ts";
import { creditor, lockCustomer } from "../customers/index.ts";
import { keepCases } from "./cases.ts";
import { post } from "./ledger.ts";
import { COMPONENTS, type PostingInput, type Task, type TaskKind } from "./model.ts";
import { present, readReceivables } from "./store.ts";
import { dateIn, EUR, minMinor } from "../../pure/kernel/index.ts";

export interface TaskInput {
  readonly customerId: CustomerId;
  readonly caseId?: CaseId;
  readonly receivableId?: ReceivableId;
  readonly kind: TaskKind;
  readonly amountMinor?: bigint;
  readonly currency?: Currency;
  /** The customer's words, a colleague's reason; sealed. */
  readonly text?: string;
  /** Ids, dates, codes; never a name. */
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly dueOn: PlainDate;
}

/** Kinds that are proposals: something happens only when a person approves. */
const PROPOSALS: readonly TaskKind[] = ["write_off", "hand_over", "refund"];
export const isProposal = (kind: TaskKind): boolean => PROPOSALS.includes(kind);

/** Kinds whose decision stays. */
const FINAL: ReadonlySet<TaskKind> = new Set(["parked_message", "refund", "duplicate_payment"]);
/** Kinds that are over only by a decision of their own, which does something: these can't be ticked off. */
const DECIDED: Readonly<Partial<Record<TaskKind, string>>> = { duplicate_payment: "decision", match_review: "verdict" };

export async function createTask(act: Act, task: TaskInput): Promise<Uuid> {
  const [taskId] = await createTasks(act, [task]);
  if (taskId === undefined) throw new Error("the task was not created");
  return taskId;
}

/** Several tasks, one statement; ids in the order given. */
export async function createTasks(act: Act, tasks: readonly TaskInput[]): Promise<readonly Uuid[]> {
  if (tasks.length === 0) return [];
  const { tx, vault, actor } = act;
  const ids = tasks.map(() => tx.newId<Uuid>());
  const sealed: (Buffer | null)[] = [];
  for (const { customerId, text } of tasks) {
    const words = text?.trim();
    sealed.push(words ? (await vault.forCustomer(tx, customerId)).seal("records", "task", words) : null);
  }
  await tx.execute(sql`
    insert into task (customer_id, task_id, tenant_id, case_id, receivable_id, kind, amount_minor, currency, text_sealed,
                      facts, due_on, created_by, created_at)
    select t.customer_id, t.task_id, ${tx.tenantId}::uuid, t.case_id, t.receivable_id, t.kind, t.amount_minor, t.currency,
           t.text_sealed, t.facts, t.due_on, ${actorName(actor)}::text, ${tx.now}::timestamptz
    from ${rowsOf("t", {
      customer_id: ["uuid", tasks.map((task) => task.customerId)],
      task_id: ["uuid", ids],
      case_id: ["uuid", tasks.map((task) => task.caseId)],
      receivable_id: ["uuid", tasks.map((task) => task.receivableId)],
      kind: ["text", tasks.map((task) => task.kind)],
      amount_minor: ["int8", tasks.map((task) => task.amountMinor)],
      currency: ["text", tasks.map((task) => task.currency)],
      text_sealed: ["bytea", sealed],
      facts: ["jsonb", tasks.map((task) => task.facts ?? {})],
      due_on: ["date", tasks.map((task) => task.dueOn)],
    })}`);
  await touch(tx, ...new Set(tasks.map((task) => task.customerId)));
  return ids;
}

/** Proposes to write off what is open of one receivable. Failures: `receivable_not_found`, `nothing_open`. */
export async function proposeWriteOff(
  act: Act,
  customerId: CustomerId,
  receivableId: ReceivableId,
  reason: string,
  dueOn: PlainDate,
): Promise<Result<Uuid, Failure>> {
  const [item] = await readReceivables(act, sql`r.customer_id = ${customerId} and r.receivable_id = ${receivableId}`);
  if (!item) return fail("not_found", "receivable_not_found", "There is no such item.", receivableId);
  if (item.openTotal <= 0n) return fail("conflict", "nothing_open", "Nothing is open on this item.", receivableId);
  const { openTotal: amountMinor, currency } = item;
  return ok(
    await createTask(act, { customerId, receivableId, kind: "write_off", amountMinor, currency, text: reason, dueOn }),
  );
}

/** Open proposals of a kind whose ground fell away; who or what took it away is on record. */
export async function withdrawProposals(
  act: Act,
  customerId: CustomerId,
  caseId: CaseId,
  kind: "hand_over" | "write_off",
): Promise<void> {
  await act.tx.execute(sql`
    update task set state = 'refused', decided_by = ${actorName(act.actor)}, decided_at = ${act.tx.now}
    where customer_id = ${customerId} and case_id = ${caseId} and kind = ${kind} and state = 'open'`);
}

/** Takes one open proposal back; what was decided stays. */
export async function withdrawTask(act: Act, customerId: CustomerId, taskId: Uuid): Promise<void> {
  await act.tx.execute(sql`
    update task set state = 'refused', decided_by = ${actorName(act.actor)}, decided_at = ${act.tx.now}
    where customer_id = ${customerId} and task_id = ${taskId} and state = 'open'`);
}

interface TaskRow {
  readonly task_id: Uuid;
  readonly customer_id: CustomerId;
  readonly case_id: CaseId | null;
  readonly receivable_id: ReceivableId | null;
  readonly kind: TaskKind;
  readonly state: Task["state"];
  readonly amount_minor: bigint | null;
  readonly currency: Currency | null;
  readonly text_sealed: Buffer | null;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly due_on: PlainDate;
  readonly created_by: string;
  readonly created_at: Instant;
  readonly first_approved_by: string | null;
  readonly decided_by: string | null;
  readonly decided_at: Instant | null;
}

async function readTasks({ tx, vault }: Act, condition: Sql, limit: number): Promise<Task[]> {
  const rows = await tx.rows<TaskRow>(sql`
    select t.task_id, t.customer_id, t.case_id, t.receivable_id, t.kind, t.state, t.amount_minor, t.currency,
           t.text_sealed, t.facts, t.due_on, t.created_by, t.created_at, t.first_approved_by, t.decided_by, t.decided_at
    from task t where t.tenant_id = ${tx.tenantId} and ${condition}
    order by t.due_on, t.created_at, t.task_id limit ${limit}`);
  const worded = rows.filter((row) => row.text_sealed !== null).map((row) => row.customer_id);
  const seals = await vault.forCustomers(tx, [...new Set(worded)]);
  return rows.map((row) => {
    const text = row.text_sealed && seals.get(row.customer_id)?.openText("records", "task", row.text_sealed);
    return {
      taskId: row.task_id,
      customerId: row.customer_id,
      kind: row.kind,
      state: row.state,
      facts: row.facts,
      dueOn: row.due_on,
      createdBy: row.created_by,
      createdAt: row.created_at,
      ...(text?.ok ? { text: text.value } : {}),
      ...(present({
        caseId: row.case_id,
        receivableId: row.receivable_id,
        amountMinor: row.amount_minor,
        currency: row.currency,
        firstApprovedBy: row.first_approved_by,
        decidedBy: row.decided_by,
        decidedAt: row.decided_at,
      }) as Partial<Task>),
    };
  });
}

export interface TaskFilter {
  readonly customerId?: CustomerId;
  readonly kind?: TaskKind;
  readonly taskId?: Uuid;
  /** Open ones when not given. */
  readonly state?: Task["state"] | "any";
  readonly dueUntil?: PlainDate;
  readonly limit?: number;
}

/** Tasks, the most urgent first. */
export async function tasks(act: Act, filter: TaskFilter = {}): Promise<Task[]> {
  const state = filter.state ?? "open";
  return readTasks(
    act,
    sql`(${state} = 'any' or t.state = ${state})
      and (${filter.customerId ?? null}::uuid is null or t.customer_id = ${filter.customerId ?? null}::uuid)
      and (${filter.kind ?? null}::text is null or t.kind = ${filter.kind ?? null}::text)
      and (${filter.taskId ?? null}::uuid is null or t.task_id = ${filter.taskId ?? null}::uuid)
      and (${filter.dueUntil ?? null}::date is null or t.due_on <= ${filter.dueUntil ?? null}::date)`,
    filter.limit ?? 500,
  );
}

/** One task, decided ones too. */
export async function taskById(act: Act, customerId: CustomerId, taskId: Uuid): Promise<Task | undefined> {
  return (await readTasks(act, sql`t.customer_id = ${customerId} and t.task_id = ${taskId}`, 1))[0];
}

/** Puts an open task off until a day. Failures: `task_decided` (or none of this id). */
export async function postponeTask(
  act: Act,
  customerId: CustomerId,
  taskId: Uuid,
  dueOn: PlainDate,
): Promise<Result<true, Failure>> {
  await lockCustomer(act, customerId);
  const written = await act.tx.execute(sql`
    update task set due_on = ${dueOn}::date where customer_id = ${customerId} and task_id = ${taskId} and state = 'open'`);
  if (written === 0) return fail("conflict", "task_decided", "This was decided before.", taskId);
  await appendAudits(act, [{ act: "task.postponed", subject: taskId, details: { dueOn } }]);
  return ok(true);
}

/**
 * Opens a task again that was only ticked off. What was approved or refused had an effect and stays decided.
 * Failures: `task_not_found`, `not_undoable`.
 */
export async function reopenTask(act: Act, customerId: CustomerId, taskId: Uuid): Promise<Result<true, Failure>> {
  await lockCustomer(act, customerId);
  const task = await taskById(act, customerId, taskId);
  if (!task) return fail("not_found", "task_not_found", "There is no such task.", taskId);
  if (task.state === "open") return ok(true);
  // A refund that was refused or withdrawn is proposed anew; what was paid twice is booked.
  if (task.state === "approved" || FINAL.has(task.kind))
    return fail("conflict", "not_undoable", "This can't be taken back.", taskId);
  await act.tx.execute(sql`
    update task set state = 'open', decided_by = null, decided_at = null, first_approved_by = null
    where customer_id = ${customerId} and task_id = ${taskId}`);
  await touch(act.tx, customerId);
  await appendAudits(act, [{ act: "task.reopened", subject: taskId, details: { kind: task.kind } }]);
  return ok(true);
}

/**
 * Closes a task or decides a proposal. Proposals need a signed-in person whose role and limit allow the amount; above
 * the limit the first approval is noted (`second_needed`) and another person with the role for it confirms. An
 * approved write-off posts what is open of the item, at most the amount proposed. `facts` are added to the task's.
 * Failures: `task_not_found`, `task_decided`, `task_needs_decision`, `person_needed`, `not_allowed`, `same_person`.
 */
export async function decideTask(
  act: Act,
  customerId: CustomerId,
  taskId: Uuid,
  decision: "approve" | "refuse" | "done",
  facts: Task["facts"] = {},
): Promise<Result<"decided" | "second_needed", Failure>> {
  const { tx, actor } = act;
  await lockCustomer(act, customerId);
  const [task] = await readTasks(act, sql`t.customer_id = ${customerId} and t.task_id = ${taskId}`, 1);
  if (!task) return fail("not_found", "task_not_found", "There is no such task.", taskId);
  if (task.state !== "open") return fail("conflict", "task_decided", "This was decided before.", taskId);
  const wanted = DECIDED[task.kind];
  if (wanted !== undefined && facts[wanted] === undefined)
    return fail("invalid", "task_needs_decision", "This is over only when it is decided.", taskId);
  if (isProposal(task.kind)) {
    const allowed = await mayBeDecided(act, task, decision);
    if (!allowed.ok) return allowed;
    if (allowed.value === "second_needed") {
      await tx.execute(sql`
        update task set first_approved_by = ${actorName(actor)} where customer_id = ${customerId} and task_id = ${taskId}`);
      await appendAudits(act, [{ act: "proposal.first_approved", subject: taskId, details: { kind: task.kind } }]);
      return ok("second_needed");
    }
  }
  const state = decision === "done" ? "done" : decision === "refuse" ? "refused" : "approved";
  await tx.execute(sql`
    update task set state = ${state}, decided_by = ${actorName(actor)}, decided_at = ${tx.now},
                    facts = facts || ${JSON.stringify(facts)}::jsonb
    where customer_id = ${customerId} and task_id = ${taskId}`);
  if (state === "approved" && task.kind === "write_off") await writeOff(act, task);
  await touch(tx, customerId);
  await appendAudits(act, [{ act: `task.${state}`, subject: taskId, details: { kind: task.kind } }]);
  return ok("decided");
}

async function mayBeDecided(
  act: Act,
  task: Task,
  decision: "approve" | "refuse" | "done",
): Promise<Result<"decided" | "second_needed", Failure>> {
  const { actor } = act;
  if (decision === "done")
    return fail("invalid", "proposal_needs_decision", "A proposal is approved or refused.", task.taskId);
  const person = actor.kind === "user" ? await readUser(act, actor.id as UserId) : undefined;
  if (!person || person.disabledAt !== null)
    return fail("forbidden", "person_needed", "A signed-in person has to look at this.", task.taskId);
  const amount = money(task.amountMinor ?? 0n, task.currency ?? EUR);
  const alone = mayDecide(person, amount);
  if (!alone.ok) return alone;
  if (decision === "refuse" || alone.value === "alone") return ok("decided");
  if (task.firstApprovedBy === undefined) return ok("second_needed");
  const confirmed = mayConfirm(person, task.firstApprovedBy.replace(/^user:/, "") as UserId);
  return confirmed.ok ? ok("decided") : confirmed;
}

/** Posts the write-off of an approved proposal; what was paid meanwhile is no longer written off. */
async function writeOff(act: Act, task: Task): Promise<void> {
  const { customerId, receivableId } = task;
  if (receivableId === undefined) return;
  const [item] = await readReceivables(act, sql`r.customer_id = ${customerId} and r.receivable_id = ${receivableId}`);
  if (!item) return;
  const of = await creditor(act, item.creditorId);
  const day = dateIn(act.tx.now, of.zone);
  let left = task.amountMinor ?? item.openTotal;
  const postings: PostingInput[] = [];
  for (const component of [...COMPONENTS].reverse()) {
    const amount = minMinor(left, item.open[component]);
    if (amount <= 0n) continue;
    left -= amount;
    const base = { customerId, receivableId, kind: "write_off", currency: item.currency } as const;
    postings.push({ ...base, component, amountMinor: -amount, valueOn: day });
  }
  await post(act, postings, act.tx.newId<Uuid>());
  await keepCases(act, [customerId], day);
}
