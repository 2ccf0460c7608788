/** What a person sees before a run: the decisions it would make, and its start. */
import { type Actor, type Platform, withAct } from "../../platform/access/index.ts";
import {
  type CaseId,
  type CustomerId,
  ok,
  type PlainDate,
  type Result,
  SLOTS,
  type TenantId,
} from "../../pure/kernel/index.ts";
import type { Blocker, MessageChannel } from "../messaging/index.ts";
import { decideBatch, openRun, type RunFailure, type RunRequest } from "./run.ts";
import type { DecisionRow } from "./store.ts";
import type { Strategy } from "./strategy.ts";

/** One case as the next run would decide about it. */
export interface WeighedCase {
  readonly customerId: CustomerId;
  readonly caseId: CaseId;
  readonly currency: string;
  readonly outcome: "contact" | "wait" | "blocked";
  /** Taken (contact), stood in wait of, or blocked. */
  readonly stage: string | null;
  readonly channel: MessageChannel | null;
  readonly effect: string;
  readonly items: number;
  /** Minor units: what is asked for (contact), or what is overdue. */
  readonly amountMinor: bigint;
  readonly oldestDue: PlainDate | null;
  readonly blockers: readonly Blocker[];
  /** First day on which the outcome can be another one. */
  readonly nextOn: PlainDate | null;
}

export interface RunReview {
  readonly runId: string;
  readonly strategy: Strategy;
  readonly cases: readonly WeighedCase[];
}

class Undone extends Error {
  readonly rows: readonly DecisionRow[];
  constructor(rows: readonly DecisionRow[]) {
    super("a preview is rolled back");
    this.rows = rows;
  }
}

const ATTEMPTS = 4;

/**
 * Decides as a run does, cases included, and rolls everything back. Who changes one of these customers at the same moment
 * makes it try again. Failures: `creditor_unknown`, `strategy_missing`.
 */
export async function previewRun(
  platform: Platform,
  tenantId: TenantId,
  actor: Actor,
  request: Pick<RunRequest, "creditorId" | "businessDate">,
): Promise<Result<RunReview, RunFailure>> {
  const dry = { ...request, dryRun: true };
  const opened = await withAct(platform, tenantId, actor, (act) => openRun(act, dry));
  if (!opened.ok) return opened;
  const run = opened.value;
  const cases: WeighedCase[] = [];
  for (let first = 0; first < SLOTS; first += run.slotsABatch) {
    const last = Math.min(first + run.slotsABatch, SLOTS) - 1;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await withAct(platform, tenantId, actor, async (act) => {
          throw new Undone(await decideBatch(act, dry, run, first, last));
        });
      } catch (error) {
        if (error instanceof Undone) {
          cases.push(...error.rows.map(weighed));
          break;
        }
        // 23505: somebody opened a case at the same moment; 40P01: a deadlock with a writer.
        const code = error instanceof Error && "code" in error ? error.code : undefined;
        if ((code !== "23505" && code !== "40P01") || attempt >= ATTEMPTS) throw error;
      }
    }
  }
  return ok({ runId: run.runId, strategy: run.strategy.document, cases });
}

function weighed({ situation, decision }: DecisionRow): WeighedCase {
  const named = new Set<string>(decision.choice.receivableIds);
  const invoices = situation.items.filter((item) => item.itemKind === "invoice");
  const asked =
    decision.outcome === "contact"
      ? invoices.filter((item) => named.has(item.receivableId))
      : invoices.filter((item) => item.dueOn < situation.businessDate);
  return {
    customerId: situation.customerId,
    caseId: situation.caseId,
    currency: situation.currency,
    outcome: decision.outcome,
    stage: decision.stage ?? null,
    channel: decision.choice.channel ?? null,
    effect: decision.choice.effect ?? "none",
    items: situation.items.length,
    amountMinor: asked.reduce((sum, item) => sum + BigInt(item.openMinor), 0n),
    oldestDue: invoices.reduce<PlainDate | null>(
      (oldest, item) => (oldest === null || item.dueOn < oldest ? item.dueOn : oldest),
      null,
    ),
    blockers: decision.blockers,
    nextOn: decision.nextOn ?? null,
  };
}

/** Opens the run of a business date, so that it is known before its work begins; `fresh`: it was not there. */
export async function beginRun(
  platform: Platform,
  tenantId: TenantId,
  actor: Actor,
  request: RunRequest,
): Promise<Result<{ readonly runId: string; readonly fresh: boolean; readonly done: boolean }, RunFailure>> {
  const opened = await withAct(platform, tenantId, actor, (act) => openRun(act, request));
  if (!opened.ok) return opened;
  const { runId, fresh, state } = opened.value;
  return ok({ runId, fresh, done: state === "done" });
}
