/**
 * Plays the six weeks day by day: files in the morning, matching, the runs at nine, what people do, letting messages leave
 * at each step, and in the evening the search for duplicates and the reconciliation. Every step can be played again; where
 * a stopped demo goes on is read from what was committed.
 */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Actor, Platform } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import { findDuplicates } from "../../books/duplicates/index.ts";
import { importFile } from "../../books/intake/index.ts";
import { matchEntries } from "../../books/matching/index.ts";
import { reconcileTenant } from "../../books/reconciliation/index.ts";
import { letDueMessagesLeave, type Outbox, settleInterrupted } from "../../outreach/messaging/index.ts";
import { runDunning } from "../../outreach/dunning/index.ts";
import {
  addDays,
  type Failure,
  fail,
  type Instant,
  ok,
  type PlainDate,
  type Result,
  type TenantId,
} from "../../pure/kernel/index.ts";
import { playAct } from "./acts.ts";
import { type DemoClock, momentOf, type Step, stepsOf } from "./clock.ts";
import { type DemoPlan, readPlan, samplesFolder } from "./plan.ts";
import { type DemoReport, readReport } from "./report.ts";
import { type CreditorKey, DEMO_CREDITORS } from "./setting.ts";
import { type DemoHouse, demoTenantId, setUpDemo } from "./set-up.ts";

/** Something is committed for good. */
export interface DemoAcknowledgement {
  readonly kind: "statement imported" | "payment booked" | "message left";
  readonly id: string;
  readonly at: Instant;
}

/** The running program as the demo needs it; its database and vault must have been opened with the demo's clock. */
export interface DemoProgram {
  readonly platform: Platform;
  readonly clock: DemoClock;
  outboxOf(tenantId: TenantId): Outbox;
}

export interface DemoOptions {
  /** After each commit. */
  readonly onAck?: (acknowledgement: DemoAcknowledgement) => void;
  /** After each step: steps done and all steps, and the day that is played. */
  readonly onProgress?: (done: number, all: number, day: PlainDate) => void;
  /** Stop after this day; a later start goes on from there. */
  readonly exitAfter?: PlainDate;
  /** Stops before the next step. */
  readonly stop?: AbortSignal;
}

const MATCHING: Actor = { kind: "system", id: "matching" };
const NIGHT: Actor = { kind: "system", id: "facts" };
const RUN: Actor = { kind: "system", id: "run" };

/** The moment before the first step: set-up. */
export const demoStart = (plan: Pick<DemoPlan, "firstDay"> = readPlan()): Instant => momentOf(plan.firstDay, "06:00");

/** Plays what was not played yet and reports. Failures: `sample_refused` and those of set-up and run. */
export async function runDemo(program: DemoProgram, options: DemoOptions = {}): Promise<Result<DemoReport>> {
  const { platform, clock } = program;
  const plan = readPlan();
  const steps = stepsOf(plan.firstDay, plan.lastDay);
  const last = steps.at(-1) as Step;
  clock.set(demoStart(plan));
  const reached = await reachedMoment(platform, last.at);
  if (reached !== null) clock.set(reached);
  const house = await setUpDemo(platform);
  if (!house.ok) return house;
  let done = 0;
  for (const step of steps) {
    if (options.exitAfter !== undefined && step.day > options.exitAfter) break;
    if (options.stop?.aborted) break;
    done += 1;
    // Steps are played one after the other: what lies before the last committed moment is complete.
    if (reached !== null && step.at < reached) continue;
    clock.set(step.at);
    const played = await playStep(program, house.value, plan, step, options);
    if (!played.ok) return played;
    options.onProgress?.(done, steps.length, step.day);
  }
  return ok(await readReport(platform, house.value, plan));
}

/** When the demo is over, time goes on from the next morning, or from the last thing that was done after it. */
export async function openDemoDay({ platform, clock }: DemoProgram, plan: DemoPlan = readPlan()): Promise<void> {
  const morning = momentOf(addDays(plan.lastDay, 1), "08:00");
  const later = await reachedMoment(platform, null);
  clock.flowFrom(later !== null && later > morning ? later : morning);
}

/** The last moment with a committed trace, up to a limit; null before set-up. */
async function reachedMoment(platform: Platform, limit: Instant | null): Promise<Instant | null> {
  return platform.database.tenant(demoTenantId, async (tx) => {
    const row = await tx.one<{ reached: Instant | null }>(sql`
      select max(t.at) as reached from (
        select a.at from audit_entry a where a.tenant_id = ${tx.tenantId}
        union all select m.started_at from message_attempt m where m.tenant_id = ${tx.tenantId}
        union all select v.at from portal_visit v where v.tenant_id = ${tx.tenantId}
        union all select i.imported_at from import_file i where i.tenant_id = ${tx.tenantId}
        union all select h.created_at from hold h where h.tenant_id = ${tx.tenantId}
      ) t where ${limit}::timestamptz is null or t.at <= ${limit}::timestamptz`);
    return row?.reached ?? null;
  });
}

async function playStep(
  program: DemoProgram,
  house: DemoHouse,
  plan: DemoPlan,
  step: Step,
  options: DemoOptions,
): Promise<Result<true>> {
  if (step.time === "07:00") {
    const taken = await takeFiles(program, house, plan, step, options);
    if (!taken.ok) return taken;
  }
  if (step.time === "09:00")
    for (const { key } of DEMO_CREDITORS) {
      const run = await runDunning(program.platform, house.tenantId, RUN, {
        creditorId: house.creditors[key],
        businessDate: step.day,
      });
      if (!run.ok) return run;
    }
  for (const scene of plan.acts)
    if (scene.on === step.day && scene.at === step.time)
      await playAct(program.platform, house, scene, { onAck: options.onAck });
  const outbox = program.outboxOf(house.tenantId);
  // What the worker does by night.
  if (step.time === "18:00") {
    await findDuplicates(program.platform, house.tenantId, NIGHT);
    await reconcileTenant(program.platform, house.tenantId, NIGHT);
  }
  const own: Outbox = options.onAck ? { ...outbox, acknowledge: options.onAck } : outbox;
  await settleInterrupted(own, house.tenantId);
  await letDueMessagesLeave(own, house.tenantId);
  return ok(true);
}

async function takeFiles(
  { platform }: DemoProgram,
  house: DemoHouse,
  plan: DemoPlan,
  step: Step,
  options: DemoOptions,
): Promise<Result<true, Failure<"sample_refused">>> {
  const agent: Actor = { kind: "user", id: house.users.agent, role: "agent" };
  const creditorOf = (key: CreditorKey) => house.creditors[key];
  for (const { on, creditor, file } of plan.arrivals) {
    if (on !== step.day) continue;
    const input = {
      name: basename(file),
      content: readFileSync(join(samplesFolder, file)),
      creditorId: creditorOf(creditor),
    };
    const report = await importFile(platform, house.tenantId, agent, input, {
      onAck: ({ kind, id, at }) => {
        if (kind === "statement imported") options.onAck?.({ kind, id, at });
      },
    });
    if (report.status !== "ok")
      return fail(
        "invalid",
        "sample_refused",
        `A sample file was not taken in: ${report.error?.message ?? report.warnings[0] ?? report.status}`,
        `samples/${file}`,
      );
  }
  await matchEntries(platform, house.tenantId, MATCHING, {}, options.onAck ? { onAck: options.onAck } : {});
  return ok(true);
}
