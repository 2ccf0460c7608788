/**
 * The dunning run. Key: tenant, creditor, business date; starting it again resumes it. Customers lie in 1,024 slots;
 * a batch of slots turns done in the transaction that writes its decisions and messages, so a killed run continues where
 * the last commit was and nobody is decided upon twice (DESIGN, The run).
 */
import { type Act, type Actor, actorName, appendAudit, type Platform, withAct } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import {
  type BrandId,
  type CreditorId,
  type Currency,
  dateIn,
  deterministicUuid,
  type Failure,
  fail,
  fnv1a,
  type MessageId,
  ok,
  type PlainDate,
  type Result,
  SLOTS,
  type TenantId,
} from "../../pure/kernel/index.ts";
import { checkItems } from "../../books/checking/index.ts";
import { attachWaiting } from "../../books/orders/index.ts";
import { createTask, keepCases, keepDeliveries } from "../../books/receivables/index.ts";
import {
  type ContactMoments,
  contactMoments,
  type ContactRules,
  contactRules,
  type QueueInput,
  queueMessages,
} from "../messaging/index.ts";
import { addCounts, countsOf, hashOf, NO_COUNTS, type RunCounts } from "./counts.ts";
import { decide } from "./decide.ts";
import { askAfterClaimedPaid, reportUnreachable } from "./questions.ts";
import { type Decision, NO_ADVICE, type Situation } from "./model.ts";
import {
  type DecisionRow,
  insertDecisions,
  owingCustomers,
  readSituations,
  type StrategyInForce,
  strategyInForce,
} from "./store.ts";
import type { Strategy } from "./strategy.ts";

/** Customers a batch aims at: large enough to be set-based, small enough to commit often. */
const BATCH_CUSTOMERS = 4096;
/** Batches under way at once. */
const LANES = 2;

export type { RunCounts };

export interface RunReport extends RunCounts {
  readonly runId: string;
  readonly creditorId: CreditorId;
  readonly date: PlainDate;
  /** True when this call found the run finished. */
  readonly alreadyDone: boolean;
}

export interface RunRequest {
  readonly creditorId: CreditorId;
  readonly businessDate: PlainDate;
  readonly dryRun?: boolean;
  /** Called after each committed batch: slots done of 1,024. */
  readonly onProgress?: (slotsDone: number) => void;
}

export type RunFailure = Failure<"creditor_unknown" | "strategy_missing" | "date_in_future">;

export interface Run {
  readonly runId: string;
  /** This call made it. */
  readonly fresh: boolean;
  readonly seed: number;
  readonly state: "running" | "done";
  readonly strategy: StrategyInForce;
  readonly rules: ContactRules;
  readonly slotsABatch: number;
}

/** Runs, or resumes, the creditor's business date. Failures: `creditor_unknown`, `strategy_missing`, `date_in_future`. */
export async function runDunning(
  platform: Platform,
  tenantId: TenantId,
  actor: Actor,
  request: RunRequest,
): Promise<Result<RunReport, RunFailure>> {
  const opened = await withAct(platform, tenantId, actor, (act) => openRun(act, request));
  if (!opened.ok) return opened;
  const run = opened.value;
  const report = (counts: RunCounts): RunReport => ({
    ...counts,
    runId: run.runId,
    creditorId: request.creditorId,
    date: request.businessDate,
    alreadyDone: run.state === "done",
  });
  if (request.dryRun) {
    let counts = NO_COUNTS;
    for (let first = 0; first < SLOTS; first += run.slotsABatch) {
      const last = Math.min(first + run.slotsABatch, SLOTS) - 1;
      counts = addCounts(counts, await weighOnly(platform, tenantId, actor, request, run, first, last));
    }
    return ok(report(counts));
  }
  if (run.state !== "done")
    await eachBatch(
      run,
      (first, last) => batch(platform, tenantId, actor, request, run, first, last),
      (slotsDone) => request.onProgress?.(slotsDone),
    );
  return ok(report(await withAct(platform, tenantId, actor, (act) => finishRun(act, run))));
}

export async function openRun(act: Act, request: RunRequest): Promise<Result<Run, RunFailure>> {
  const creditor = await act.tx.one<{ zone: string }>(
    sql`select zone from creditor where creditor_id = ${request.creditorId} and closed_at is null`,
  );
  if (!creditor) return fail("not_found", "creditor_unknown", "There is no open creditor with this id.", "creditor");
  // A run writes to customers now: what falls due later is not late today. Looking ahead is free.
  if (!request.dryRun && request.businessDate > dateIn(act.tx.now, creditor.zone))
    return fail("invalid", "date_in_future", "The business date has not come yet.", "date");
  const strategy = await strategyInForce(act, request.creditorId);
  if (!strategy)
    return fail(
      "conflict",
      "strategy_missing",
      "No strategy is published for this creditor. Publish one first.",
      "strategy",
    );
  const runId = deterministicUuid("run", act.tx.tenantId, request.creditorId, request.businessDate);
  const count = await act.tx.one<{ customers: bigint }>(sql`
    select count(distinct customer_id) as customers from dunning_case where creditor_id = ${request.creditorId} and state = 'open'`);
  const slotsABatch = Math.max(
    1,
    Math.min(SLOTS, Math.floor((BATCH_CUSTOMERS * SLOTS) / Math.max(1, Number(count?.customers ?? 0)))),
  );
  const rules = await contactRules(act);
  if (request.dryRun)
    return ok({ runId, fresh: true, seed: fnv1a(runId), state: "running", strategy, rules, slotsABatch });
  const inserted = await act.tx.execute(sql`
    insert into dunning_run (tenant_id, run_id, creditor_id, business_date, strategy_id, strategy_version, seed,
                             slots_a_batch, started_by, started_at)
    values (${act.tx.tenantId}, ${runId}, ${request.creditorId}, ${request.businessDate}, ${strategy.strategyId},
            ${strategy.version}, ${fnv1a(runId)}, ${slotsABatch}, ${actorName(act.actor)}, ${act.tx.now})
    on conflict do nothing`);
  if (inserted === 1) {
    await appendAudit(act, { act: "run.started", subject: runId, details: { businessDate: request.businessDate } });
    await askAfterClaimedPaid(act, request.creditorId, request.businessDate);
    // News of an order that came in the same moment as its invoice may have missed it.
    await attachWaiting(act);
  }
  const row = await act.tx.one<{
    state: "running" | "done";
    seed: bigint;
    strategy_id: string;
    strategy_version: number;
    slots_a_batch: number;
  }>(sql`
    select r.state, r.seed, r.strategy_id, r.strategy_version, r.slots_a_batch from dunning_run r where r.run_id = ${runId}`);
  if (!row) throw new Error("the run was not written");
  // A strategy published in the middle of a run counts from the next run on.
  const own =
    row.strategy_id === strategy.strategyId && row.strategy_version === strategy.version
      ? strategy
      : await strategyVersion(act, row.strategy_id, row.strategy_version);
  return ok({
    runId,
    fresh: inserted === 1,
    seed: Number(row.seed),
    state: row.state,
    strategy: own,
    rules,
    slotsABatch: row.slots_a_batch,
  });
}

async function strategyVersion(act: Act, strategyId: string, version: number): Promise<StrategyInForce> {
  const row = await act.tx.one<{ document: StrategyInForce["document"] }>(sql`
    select document from strategy_version where strategy_id = ${strategyId} and version = ${version}`);
  if (!row) throw new Error("the strategy version of a run is gone");
  return { strategyId, version, document: row.document };
}

/**
 * Batches are independent transactions, so while one is decided here the database writes another. After an error no new
 * batch begins, and what is under way ends first.
 */
async function eachBatch(
  run: Run,
  work: (first: number, last: number) => Promise<void>,
  progress: (slotsDone: number) => void,
): Promise<void> {
  let next = 0;
  let done = 0;
  const lane = async (): Promise<void> => {
    while (next < SLOTS) {
      const first = next;
      const last = Math.min(first + run.slotsABatch, SLOTS) - 1;
      next = last + 1;
      try {
        await work(first, last);
      } catch (error) {
        next = SLOTS;
        throw error;
      }
      done += last - first + 1;
      progress(done);
    }
  };
  for (const ended of await Promise.allSettled(Array.from({ length: LANES }, lane)))
    if (ended.status === "rejected") throw ended.reason;
}

/** One transaction: read, decide, write. Retried when somebody else decided about one of these customers meanwhile. */
async function batch(
  platform: Platform,
  tenantId: TenantId,
  actor: Actor,
  request: RunRequest,
  run: Run,
  first: number,
  last: number,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await withAct(platform, tenantId, actor, async (act) => {
        // Two runners at one batch take turns; the second finds it done.
        await act.tx.one(sql`select pg_advisory_xact_lock(hashtextextended(${`${run.runId}:${first}`}, 0))`);
        const done = await act.tx.one(sql`
          select from dunning_run_slot where run_id = ${run.runId} and first_slot <= ${first} and last_slot >= ${last}`);
        if (done) return;
        const rows = await decideBatch(act, request, run, first, last);
        if ((await insertDecisions(act, run.strategy, run.runId, rows)) < rows.length) throw new DecidedElsewhere();
        await carryOut(act, rows);
        const hash = hashOf(rows);
        await act.tx.execute(sql`
          insert into dunning_run_slot (tenant_id, run_id, first_slot, last_slot, done_at, counts, decisions_hash)
          values (${act.tx.tenantId}, ${run.runId}, ${first}, ${last}, ${act.tx.now}, ${JSON.stringify(countsOf(rows))}::jsonb,
                  ${hash})`);
        await appendAudit(act, {
          act: "run.batch",
          subject: run.runId,
          details: { firstSlot: first, lastSlot: last, decisions: rows.length, hash: hash.toString("hex") },
        });
      });
      return;
    } catch (error) {
      if (!isOvertaken(error) || attempt >= 5) throw error;
    }
  }
}

class DecidedElsewhere extends Error {}

/** Somebody decided about, or opened a case for, one of these customers in the same moment (23505: unique violation). */
const isOvertaken = (error: unknown): boolean =>
  error instanceof DecidedElsewhere || (error instanceof Error && "code" in error && error.code === "23505");

class Weighed extends Error {
  readonly counts: RunCounts;
  constructor(counts: RunCounts) {
    super("a dry run is rolled back");
    this.counts = counts;
  }
}

/** A dry run does what a run does, cases included, and rolls it back. */
async function weighOnly(
  platform: Platform,
  tenantId: TenantId,
  actor: Actor,
  request: RunRequest,
  run: Run,
  first: number,
  last: number,
): Promise<RunCounts> {
  try {
    return await withAct(platform, tenantId, actor, async (act) => {
      throw new Weighed(countsOf(await decideBatch(act, request, run, first, last)));
    });
  } catch (error) {
    if (error instanceof Weighed) return error.counts;
    throw error;
  }
}

export async function decideBatch(
  act: Act,
  request: RunRequest,
  run: Run,
  first: number,
  last: number,
): Promise<DecisionRow[]> {
  const { creditorId, businessDate } = request;
  const owing = await owingCustomers(act, creditorId, first, last);
  await keepDeliveries(act, owing, businessDate);
  await keepCases(act, owing, businessDate, daysAhead(run.strategy.document));
  await checkItems(act, owing);
  const situations = await readSituations(
    act,
    creditorId,
    { firstSlot: first, lastSlot: last },
    businessDate,
    run.rules,
  );
  return situations.map((situation) => {
    const seed = fnv1a(`${run.seed}:${situation.caseId}`);
    return {
      situation,
      decision: decide(run.strategy.document, situation, NO_ADVICE, seed),
      trigger: `run:${run.runId}:${situation.caseId}`,
      seed,
    };
  });
}

/** The strategy's earliest note before the due date. */
const daysAhead = (strategy: Strategy): number => Math.max(0, -Math.min(...strategy.stages.map((stage) => stage.days)));

/** Messages for contacts, proposals for hand-overs. Stages are written when a message has left, not here. */
async function carryOut(act: Act, rows: readonly DecisionRow[]): Promise<void> {
  const contacts = rows.filter((row) => row.decision.outcome === "contact");
  const momentOf = contactMoments(act.tx.now);
  await queueMessages(
    act,
    contacts.filter((row) => row.decision.choice.effect !== "hand_over").map((row) => messageOf(row, momentOf)),
  );
  for (const { situation, decision } of contacts.filter((row) => row.decision.choice.effect === "hand_over"))
    await createTask(act, {
      customerId: situation.customerId,
      caseId: situation.caseId,
      kind: "hand_over",
      amountMinor: openSum(situation, decision),
      currency: situation.currency as Currency,
      facts: { receivableIds: decision.choice.receivableIds },
      dueOn: situation.businessDate,
    });
  await reportUnreachable(act, rows);
}

const openSum = (situation: Situation, decision: Decision): bigint =>
  situation.items
    .filter((item) => decision.choice.receivableIds.includes(item.receivableId))
    .reduce((sum, item) => sum + BigInt(item.openMinor), 0n);

export function messageOf({ situation, decision, trigger }: DecisionRow, momentOf: ContactMoments): QueueInput {
  const { choice, stage } = decision;
  if (!choice.channel || !choice.tone || !stage || choice.effect === "hand_over")
    throw new Error("a contact without channel, tone or stage");
  const round = choice.round ?? 1;
  return {
    messageId: deterministicUuid("message", situation.customerId, situation.caseId, stage, String(round)) as MessageId,
    customerId: situation.customerId,
    creditorId: situation.creditorId,
    brandId: (choice.brandId ?? "") as BrandId,
    caseId: situation.caseId,
    kind: "ask",
    templateKey: stage,
    stage,
    round,
    channel: choice.channel,
    tone: choice.tone,
    receivableIds: choice.receivableIds,
    itemStages: choice.itemStages,
    effect: choice.effect ?? "none",
    ...(choice.termDays !== undefined && { termDays: choice.termDays }),
    needsApproval: choice.needsApproval ?? false,
    leaveAfter: momentOf(choice.channel, situation),
    decisionTrigger: trigger,
  };
}

async function finishRun(act: Act, run: Run): Promise<RunCounts> {
  const finished = await act.tx.execute(sql`
    update dunning_run set state = 'done', done_at = ${act.tx.now} where run_id = ${run.runId} and state = 'running'`);
  const rows = await act.tx.rows<{ counts: RunCounts }>(sql`
    select counts from dunning_run_slot where run_id = ${run.runId} order by first_slot`);
  const counts = rows.reduce((sum, row) => addCounts(sum, row.counts), NO_COUNTS);
  if (finished === 1)
    await appendAudit(act, {
      act: "run.done",
      subject: run.runId,
      details: { contact: counts.contact, wait: counts.wait, blocked: counts.blocked },
    });
  return counts;
}
