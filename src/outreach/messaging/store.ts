import { type Act, appendAudit } from "../../platform/access/index.ts";
import { rowsOf, type Sql, sql } from "../../platform/database/index.ts";
import {
  type CustomerId,
  dateIn,
  type Failure,
  fail,
  type Instant,
  type MessageId,
  ok,
  type PlainDate,
  type Result,
} from "../../pure/kernel/index.ts";
import { decideTask, reachStage, tasks } from "../../books/receivables/index.ts";
import { startDefault } from "./arrival.ts";
import type { Evidence, Message, MessageRef, MessageState, QueueInput } from "./model.ts";

/** Queues messages in one statement; one that exists already (same customer, case, stage, round) stays as it is. */
export async function queueMessages(act: Act, inputs: readonly QueueInput[]): Promise<number> {
  if (inputs.length === 0) return 0;
  const column = <T>(pick: (input: QueueInput) => T): T[] => inputs.map(pick);
  return act.tx.execute(sql`
    insert into message (customer_id, message_id, tenant_id, creditor_id, brand_id, case_id, decision_trigger, kind,
                         template_key, stage, round, channel, tone, language, receivable_ids, item_stages, effect, term_days,
                         needs_approval, leave_after, queued_at)
    select m.customer_id, m.message_id, ${act.tx.tenantId}, m.creditor_id, m.brand_id, m.case_id, m.decision_trigger, m.kind,
           m.template_key, m.stage, m.round, m.channel, m.tone, c.language, m.receivable_ids::uuid[], m.item_stages, m.effect,
           m.term_days, m.needs_approval, m.leave_after, ${act.tx.now}
      from ${rowsOf("m", {
        customer_id: ["uuid", column((m) => m.customerId)],
        message_id: ["uuid", column((m) => m.messageId)],
        creditor_id: ["uuid", column((m) => m.creditorId)],
        brand_id: ["uuid", column((m) => m.brandId)],
        case_id: ["uuid", column((m) => m.caseId)],
        decision_trigger: ["text", column((m) => m.decisionTrigger)],
        kind: ["text", column((m) => m.kind)],
        template_key: ["text", column((m) => m.templateKey)],
        stage: ["text", column((m) => m.stage)],
        round: ["int4", column((m) => m.round)],
        channel: ["text", column((m) => m.channel)],
        tone: ["text", column((m) => m.tone)],
        receivable_ids: ["text", column((m) => `{${m.receivableIds.join(",")}}`)],
        item_stages: ["jsonb", column((m) => m.itemStages)],
        effect: ["text", column((m) => m.effect)],
        term_days: ["int2", column((m) => m.termDays)],
        needs_approval: ["bool", column((m) => m.needsApproval)],
        leave_after: ["timestamptz", column((m) => m.leaveAfter)],
      })}
      join customer c on c.customer_id = m.customer_id
    on conflict do nothing`);
}

const COLUMNS = sql`
  m.message_id as "messageId", m.customer_id as "customerId", m.creditor_id as "creditorId", m.brand_id as "brandId",
  m.case_id as "caseId", m.kind, m.template_key as "templateKey", m.template_version as "templateVersion", m.stage, m.round,
  m.channel, m.tone, m.language, m.receivable_ids as "receivableIds", m.item_stages as "itemStages", m.effect,
  m.term_days as "termDays", m.state, m.reason, m.needs_approval as "needsApproval", m.leave_after as "leaveAfter",
  m.queued_at as "queuedAt", m.left_at as "leftAt", m.total_minor as "totalMinor", m.currency,
  m.payments_up_to as "paymentsUpTo", m.term_on as "termOn", m.evidence, m.evidence_at as "evidenceAt"`;

/** Messages whose time has come, oldest first. Nothing is locked: the leaving transaction looks again. */
export async function dueMessages(act: Act, limit: number): Promise<MessageRef[]> {
  return act.tx.rows<MessageRef>(sql`
    select customer_id as "customerId", message_id as "messageId" from message
     where tenant_id = ${act.tx.tenantId} and state = 'queued' and not needs_approval and leave_after <= ${act.tx.now}
     order by leave_after, message_id limit ${limit}`);
}

/** Locks the customer first, then reads: whoever changes a customer does the same (invariant 9). */
export async function lockMessage(act: Act, ref: MessageRef): Promise<Message | undefined> {
  await act.tx.one(sql`select from customer where customer_id = ${ref.customerId} for update`);
  return act.tx.one<Message>(sql`
    select ${COLUMNS} from message m
     where m.customer_id = ${ref.customerId} and m.message_id = ${ref.messageId} for update`);
}

export async function message(act: Act, ref: MessageRef): Promise<Message | undefined> {
  return act.tx.one<Message>(sql`
    select ${COLUMNS} from message m where m.customer_id = ${ref.customerId} and m.message_id = ${ref.messageId}`);
}

export interface MessageFilter {
  readonly customerId?: CustomerId;
  readonly states?: readonly MessageState[];
  readonly runId?: string;
  readonly messageId?: MessageId;
}

export async function messages(act: Act, filter: MessageFilter, limit = 500): Promise<Message[]> {
  return act.tx.rows<Message>(sql`
    select ${COLUMNS} from message m where ${filtered(act, filter)}
     order by coalesce(m.left_at, m.leave_after) desc, m.message_id limit ${limit}`);
}

function filtered(act: Act, filter: MessageFilter): Sql {
  return sql`m.tenant_id = ${act.tx.tenantId}
    and (${filter.customerId ?? null}::uuid is null or m.customer_id = ${filter.customerId ?? null})
    and (${filter.messageId ?? null}::uuid is null or m.message_id = ${filter.messageId ?? null})
    and (${filter.states ? [...filter.states] : null}::text[] is null or m.state = any(${filter.states ? [...filter.states] : null}))
    and (${filter.runId ?? null}::uuid is null or exists (
      select from decision d where d.customer_id = m.customer_id and d.trigger = m.decision_trigger
         and d.run_id = ${filter.runId ?? null}))`;
}

export async function endMessage(
  act: Act,
  ref: MessageRef,
  state: "dropped" | "parked" | "failed" | "unknown",
  reason: string,
): Promise<void> {
  await act.tx.execute(sql`
    update message set state = ${state}, reason = ${reason}
     where customer_id = ${ref.customerId} and message_id = ${ref.messageId}`);
}

export async function postponeMessage(act: Act, ref: MessageRef, leaveAfter: Instant, reason: string): Promise<void> {
  await act.tx.execute(sql`
    update message set state = 'queued', leave_after = ${leaveAfter}, reason = ${reason}
     where customer_id = ${ref.customerId} and message_id = ${ref.messageId}`);
}

export interface Leaving {
  readonly totalMinor: bigint | null;
  readonly currency: string | null;
  readonly paymentsUpTo: PlainDate | null;
  readonly termOn: PlainDate | null;
  readonly templateVersion: number;
  readonly contactPointId: string | null;
  readonly receivableIds: readonly string[];
  readonly itemStages: Readonly<Record<string, string>>;
  readonly valuesSealed: Buffer;
  readonly worker: string;
}

/** `queued → leaving`, with the attempt on record before anything leaves. Returns the attempt's number. */
export async function markLeaving(act: Act, ref: MessageRef, leaving: Leaving): Promise<number> {
  await act.tx.execute(sql`
    update message set state = 'leaving', reason = null, total_minor = ${leaving.totalMinor}, currency = ${leaving.currency},
           payments_up_to = ${leaving.paymentsUpTo}, term_on = ${leaving.termOn},
           template_version = ${leaving.templateVersion}, contact_point_id = ${leaving.contactPointId},
           receivable_ids = ${[...leaving.receivableIds]}::uuid[], item_stages = ${JSON.stringify(leaving.itemStages)}::jsonb,
           values_sealed = ${leaving.valuesSealed}
     where customer_id = ${ref.customerId} and message_id = ${ref.messageId}`);
  return startAttempt(act, ref, leaving.worker);
}

export async function startAttempt(act: Act, ref: MessageRef, worker: string): Promise<number> {
  const row = await act.tx.one<{ attempt: number }>(sql`
    insert into message_attempt (customer_id, message_id, attempt, tenant_id, worker, started_at)
    select ${ref.customerId}, ${ref.messageId}, coalesce(max(attempt), 0) + 1, ${act.tx.tenantId}, ${worker}, ${act.tx.now}
      from message_attempt where customer_id = ${ref.customerId} and message_id = ${ref.messageId}
    returning attempt`);
  if (!row) throw new Error("the attempt was not written");
  return row.attempt;
}

/** False when the attempt had ended before: somebody else settled it, and its word counts. */
export async function endAttempt(
  act: Act,
  ref: MessageRef,
  attempt: number,
  outcome: "left" | "failed" | "unknown",
  providerReference: string | null,
): Promise<boolean> {
  const ended = await act.tx.execute(sql`
    update message_attempt set ended_at = ${act.tx.now}, outcome = ${outcome}, provider_reference = ${providerReference}
     where customer_id = ${ref.customerId} and message_id = ${ref.messageId} and attempt = ${attempt} and ended_at is null`);
  return ended === 1;
}

/** Whether a message to the same address was refused for good before. */
export async function refusedBefore(act: Act, ref: MessageRef, contactPointId: string): Promise<boolean> {
  const row = await act.tx.one(sql`
    select from message where customer_id = ${ref.customerId} and contact_point_id = ${contactPointId}
       and message_id <> ${ref.messageId} and state = 'failed' limit 1`);
  return row !== undefined;
}

/** `leaving → left`; items and case take the stage they were told of only now. */
export async function markLeft(
  act: Act,
  sent: Message,
  renderingSealed: Buffer | null,
  evidence: Evidence,
  businessDate: PlainDate,
): Promise<void> {
  await act.tx.execute(sql`
    update message set state = 'left', left_at = ${act.tx.now}, rendering_sealed = ${renderingSealed},
           evidence = ${evidence}, evidence_at = ${act.tx.now}
     where customer_id = ${sent.customerId} and message_id = ${sent.messageId}`);
  if (sent.kind !== "ask") return;
  await act.tx.execute(sql`
    update receivable r set stage = s.value, stage_on = ${businessDate}
      from jsonb_each_text(${JSON.stringify(sent.itemStages)}::jsonb) s
     where r.customer_id = ${sent.customerId} and r.receivable_id = s.key::uuid`);
  if (sent.caseId !== null && sent.stage !== null)
    await reachStage(act, [{ customerId: sent.customerId, caseId: sent.caseId }], sent.stage, businessDate);
  if (sent.effect === "none") return;
  const row = await act.tx.one<{ termOn: PlainDate | null }>(sql`
    select term_on as "termOn" from message where customer_id = ${sent.customerId} and message_id = ${sent.messageId}`);
  await startDefault(act, { ...sent, leftOn: businessDate, termOn: row?.termOn ?? null });
}

export interface OpenAttempt extends MessageRef {
  readonly number: number;
  readonly worker: string;
}

/** Attempts without an end, for the recovery after a process died. */
export async function openAttempts(act: Act): Promise<OpenAttempt[]> {
  return act.tx.rows<OpenAttempt>(sql`
    select customer_id as "customerId", message_id as "messageId", attempt as number, worker
      from message_attempt where tenant_id = ${act.tx.tenantId} and ended_at is null`);
}

export async function sealedParts(
  act: Act,
  ref: MessageRef,
): Promise<{ values: Buffer | null; rendering: Buffer | null } | undefined> {
  return act.tx.one(sql`
    select values_sealed as values, rendering_sealed as rendering from message
     where customer_id = ${ref.customerId} and message_id = ${ref.messageId}`);
}

/** Recall: what has not left is dropped; what is leaving can't be stopped any more. */
export async function recallMessages(act: Act, refs: readonly MessageRef[], reason: string): Promise<number> {
  await lockCustomersOf(act, refs);
  return act.tx.execute(sql`
    update message m set state = 'dropped', reason = ${reason}
      from unnest(${refs.map((ref) => ref.customerId)}::uuid[], ${refs.map((ref) => ref.messageId)}::uuid[]) as r (customer_id, message_id)
     where m.customer_id = r.customer_id and m.message_id = r.message_id and m.state = 'queued'`);
}

/** Recall of a whole run, one statement; what is leaving or has left can't be stopped. */
export async function recallRun(
  act: Act,
  runId: string,
): Promise<{ readonly recalled: number; readonly alreadyLeft: number }> {
  const recalled = await act.tx.execute(sql`
    update message m set state = 'dropped', reason = 'recalled'
      from decision d
     where m.tenant_id = ${act.tx.tenantId} and d.run_id = ${runId} and d.customer_id = m.customer_id
       and d.trigger = m.decision_trigger and m.state = 'queued'`);
  const row = await act.tx.one<{ left: bigint }>(sql`
    select count(*) as left from message m join decision d on d.customer_id = m.customer_id and d.trigger = m.decision_trigger
     where d.run_id = ${runId} and m.tenant_id = ${act.tx.tenantId} and m.state in ('leaving', 'left', 'unknown')`);
  if (recalled > 0) await appendAudit(act, { act: "run.recalled", subject: runId, details: { messages: recalled } });
  return { recalled, alreadyLeft: Number(row?.left ?? 0n) };
}

export type SettledAs = "left" | "send_again" | "drop";

/**
 * What a person found out about a message with an unclear outcome (`unknown`), or decides about a parked one. Kulanz
 * repeats nothing by itself: `send_again` queues it anew and all rules are asked again. The task about it is closed.
 * Failures: `message_not_found`, `message_settled` (decided before), `never_left` (a parked one was not rendered).
 */
export async function decideMessage(act: Act, ref: MessageRef, as: SettledAs): Promise<Result<true, Failure>> {
  const found = await lockMessage(act, ref);
  if (!found) return fail("not_found", "message_not_found", "There is no such message.", ref.messageId);
  if (found.state !== "unknown" && found.state !== "parked")
    return fail("conflict", "message_settled", "This was decided before.", ref.messageId);
  if (as === "left" && found.state === "parked")
    return fail("conflict", "never_left", "This message was never handed over.", ref.messageId);
  if (as === "send_again") await postponeMessage(act, ref, act.tx.now, "decided_by_person");
  else if (as === "drop") await endMessage(act, ref, "dropped", "dropped_by_person");
  else {
    const rendering = (await sealedParts(act, ref))?.rendering ?? null;
    await markLeft(act, found, rendering, "handed_over", dateIn(act.tx.now, "Europe/Berlin"));
  }
  for (const task of await tasks(act, { customerId: found.customerId, kind: "parked_message" }))
    if (task.facts["messageId"] === found.messageId) await decideTask(act, found.customerId, task.taskId, "done");
  await appendAudit(act, { act: "message.decided", subject: found.messageId, details: { as } });
  return ok(true);
}

/** One after the other, in the order of their keys: no statement locks across customers (invariant 9). */
async function lockCustomersOf(act: Act, refs: readonly MessageRef[]): Promise<void> {
  for (const customerId of [...new Set(refs.map((ref) => ref.customerId))].sort())
    await act.tx.one(sql`select from customer where customer_id = ${customerId} for update`);
}

export async function approveMessages(act: Act, refs: readonly MessageRef[]): Promise<number> {
  await lockCustomersOf(act, refs);
  return act.tx.execute(sql`
    update message m set needs_approval = false
      from unnest(${refs.map((ref) => ref.customerId)}::uuid[], ${refs.map((ref) => ref.messageId)}::uuid[]) as r (customer_id, message_id)
     where m.customer_id = r.customer_id and m.message_id = r.message_id and m.state = 'queued'`);
}
