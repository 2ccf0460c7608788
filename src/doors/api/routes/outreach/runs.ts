/** Runs: look ahead, start in the background, follow, recall. */
import { z } from "@hono/zod-openapi";
import { runBlockers, type RunLine, runLines, runStages } from "../../../../oversight/insight/index.ts";
import { type Act, actorCan, type Caller, withAct } from "../../../../platform/access/index.ts";
import { beginRun, runDunning } from "../../../../outreach/dunning/index.ts";
import { recallRun } from "../../../../outreach/messaging/index.ts";
import {
  type CreditorId,
  dateIn,
  fail,
  ok,
  type PlainDate,
  type Result,
  SLOTS,
} from "../../../../pure/kernel/index.ts";
import { creditors } from "../../../../books/customers/index.ts";
import { follow } from "../../events.ts";
import { arranged, listRoute } from "../../list.ts";
import type { Call } from "../../model.ts";
import { actorNames, creditorRefs, customerRefs, knownCreditor } from "../../names.ts";
import { type Api, fileRoute, route } from "../../route.ts";
import { moneyOf } from "../../said/index.ts";
import { day, id, type Language } from "../../schema/basics.ts";
import {
  newRun,
  recalled,
  run,
  runPreview,
  runPreviewRow,
  runRow,
  runState,
  type RunPreviewRow,
  type StageLine,
} from "../../schema/outreach.ts";
import { reasonOf, runPreviewOf, shortGround, stageName } from "../../present/run-preview.ts";
import { foundBy } from "../worklist.ts";

const runParams = z.strictObject({ runId: id });
const RUNS = 5_000;

export function runRoutes(api: Api): void {
  const { deps } = api;
  // Before `/runs/{runId}`: the first that fits answers.
  route(
    api,
    {
      method: "get",
      path: "/runs/preview",
      permission: "run.read",
      summary: "What the next run would do; nothing is stored",
      query: z.strictObject({ creditor: id.optional(), date: day.optional() }),
      answer: runPreview,
    },
    async (call) => {
      const found = await runPreviewOf(call, call.query.creditor, call.query.date as PlainDate | undefined);
      return found.ok ? ok(found.value.preview) : found;
    },
  );
  listRoute(
    api,
    {
      path: "/runs/preview/rows",
      permission: "run.read",
      summary: "The next run, case by case",
      filters: {
        result: z.enum(["contact", "wait", "blocked"]).optional(),
        stage: z.string().max(41).optional(),
        ground: z.string().max(60).optional(),
      },
      row: runPreviewRow,
      columns: ["customer", "result", "stageName", "channel", "reason", "until", "amount"],
    },
    async (call) => {
      const found = await runPreviewOf(call as Call, call.query.creditor, undefined);
      if (!found.ok) return found;
      const { preview, cases } = found.value;
      const query = call.query as { result?: string; stage?: string; ground?: string };
      return call.act(async (act) => {
        const among = await foundBy(act, call.query.q);
        if (!among.ok) return among;
        const wanted = cases.filter(
          (one) =>
            (query.result === undefined || one.outcome === query.result) &&
            (query.stage === undefined || one.stage === query.stage) &&
            (query.ground === undefined || one.blockers.some(({ name }) => name === query.ground)) &&
            (among.value === undefined || among.value.includes(one.customerId)),
        );
        const names = await customerRefs(
          act,
          wanted.map((one) => one.customerId),
        );
        const rows = wanted.flatMap((one): RunPreviewRow[] => {
          const customer = names.get(one.customerId);
          if (!customer) return [];
          return [
            {
              customer,
              result: one.outcome,
              stage: one.stage,
              stageName: stageName(call.language, one.stage),
              channel: one.channel,
              amount: moneyOf(one.amountMinor, one.currency),
              reason: reasonOf(call.language, one, preview.date as PlainDate),
              until: one.blockers.at(-1)?.until ?? (one.outcome === "wait" ? one.nextOn : null),
            },
          ];
        });
        return arranged(rows, call.query, { search: false, sum: "amount" });
      });
    },
  );
  listRoute(
    api,
    {
      path: "/runs",
      permission: "run.read",
      summary: "Runs, newest first",
      filters: { state: runState.optional() },
      row: runRow,
      columns: ["creditor", "date", "state", "startedAt", "startedBy", "finishedAt", "decisions", "messages"],
    },
    (call) =>
      call.act(async (act) => {
        const creditor = await knownCreditor(act, call.query.creditor);
        if (!creditor.ok) return creditor;
        const filter = creditor.value === undefined ? {} : { creditorId: creditor.value };
        const { state } = call.query as { state?: string };
        const lines = (await runLines(act, filter, RUNS)).filter((line) => state === undefined || line.state === state);
        return arranged(await rowsInWords(act, lines, call.language), call.query);
      }),
  );
  route(
    api,
    {
      method: "post",
      path: "/runs",
      permission: "run.start",
      summary: "Start the run of a day, or resume it",
      body: newRun,
      answer: run,
      makes: true,
    },
    async (call) => {
      const known = await call.act(async (act) => {
        const one = (await creditors(act)).find((each) => each.creditorId === call.body.creditorId);
        return one ? ok(one) : fail("not_found", "creditor_unknown", "There is no such creditor.", "creditorId");
      });
      if (!known.ok) return known;
      const today = dateIn(deps.now(), known.value.zone);
      const businessDate = (call.body.date ?? today) as PlainDate;
      if (businessDate > today)
        return fail("invalid", "date_ahead", "A run can't be started for a day that has not come.", "date");
      const request = { creditorId: known.value.creditorId, businessDate };
      const begun = await beginRun(deps.platform, call.caller.tenantId, call.caller.actor, request);
      if (!begun.ok) return begun;
      if (!begun.value.done) goOn(api, call.caller, request);
      if (begun.value.fresh) call.made();
      return call.act((act) => runById(act, begun.value.runId, call.caller, call.language));
    },
  );
  route(
    api,
    {
      method: "get",
      path: "/runs/{runId}",
      permission: "run.read",
      summary: "A run with its stages, blockers and messages",
      params: runParams,
      answer: run,
    },
    (call) => call.act((act) => runById(act, call.params.runId, call.caller, call.language)),
  );
  fileRoute(
    api,
    {
      path: "/runs/{runId}/events",
      permission: "run.read",
      summary: "The progress of a run as events",
      params: runParams,
      gives: ["text/event-stream"],
    },
    async (call) => {
      const once = async () => {
        const found = await withAct(deps.platform, call.caller.tenantId, call.caller.actor, (act) =>
          runById(act, call.params.runId, call.caller, call.language),
        );
        return found.ok ? found.value : undefined;
      };
      if (!(await once())) return fail("not_found", "run_unknown", "There is no such run.", call.params.runId);
      return ok(follow(call.context, once, (found) => found.state === "done"));
    },
  );
  route(
    api,
    {
      method: "post",
      path: "/runs/{runId}/recall",
      permission: "run.recall",
      summary: "Call back what has not left",
      params: runParams,
      answer: recalled,
    },
    (call) =>
      call.act(async (act) => {
        const found = await runById(act, call.params.runId, call.caller, call.language);
        return found.ok ? ok(await recallRun(act, call.params.runId)) : found;
      }),
  );
}

/** The run goes on in the background; a process that dies leaves it to be resumed by the next start. */
function goOn(
  { deps }: Api,
  caller: Caller,
  request: { readonly creditorId: CreditorId; readonly businessDate: PlainDate },
): void {
  void runDunning(deps.platform, caller.tenantId, caller.actor, request).then(
    (result) => {
      if (!result.ok) deps.log.warn("run_refused", { code: result.error.code });
    },
    (error: unknown) =>
      deps.log.error("run_failed", { error: error instanceof Error ? error : new Error("run failed") }),
  );
}

/** Failure `run_unknown`. */
async function runById(
  act: Act,
  runId: string,
  caller: Caller,
  language: Language,
): Promise<Result<z.infer<typeof run>>> {
  const [line] = await runLines(act, { runId }, 1);
  const [row] = line ? await rowsInWords(act, [line], language) : [];
  if (!line || !row) return fail("not_found", "run_unknown", "There is no such run.", runId);
  const recallable = row.messages.queued;
  return ok({
    ...row,
    slots: { done: line.slots, total: SLOTS },
    stages: await stagesOf(act, runId, language),
    byBlocker: (await runBlockers(act, runId)).map(({ name, customers }) => ({
      ground: shortGround(language, name),
      customers,
    })),
    recallable,
    mayRecall: recallable > 0 && actorCan(caller.actor, "run.recall"),
  });
}

const LADDER: readonly string[] = ["pre_due", "reminder", "dunning_notice", "final_notice", "hand_over"];

async function stagesOf(act: Act, runId: string, language: Language): Promise<StageLine[]> {
  const stages = new Map<string, StageLine & { minor: bigint }>();
  for (const line of await runStages(act, runId)) {
    const known = stages.get(line.stage);
    const minor = (known?.minor ?? 0n) + line.amount;
    stages.set(line.stage, {
      stage: line.stage,
      name: stageName(language, line.stage) ?? line.stage,
      proposal: line.proposal || known?.proposal === true,
      customers: (known?.customers ?? 0) + line.customers,
      minor,
      amount: moneyOf(minor, line.currency),
      byChannel: { ...known?.byChannel, ...(line.channel !== null && { [line.channel]: line.customers }) },
    });
  }
  const rank = (line: StageLine): number => LADDER.indexOf(line.stage);
  return [...stages.values()].sort((a, b) => rank(a) - rank(b)).map(({ minor: _, ...line }) => line);
}

async function rowsInWords(act: Act, lines: readonly RunLine[], language: Language): Promise<z.infer<typeof runRow>[]> {
  const names = await creditorRefs(act);
  const nameOf = await actorNames(
    act,
    lines.map((line) => line.started_by),
    language,
  );
  return lines.map((line) => {
    const of = (state: string): number => line.messages[state] ?? 0;
    return {
      id: line.run_id,
      creditor: names.get(line.creditor_id) ?? { id: line.creditor_id, name: "" },
      date: line.business_date,
      state: line.state,
      startedAt: line.started_at.toISOString(),
      startedBy: nameOf(line.started_by),
      finishedAt: line.done_at?.toISOString() ?? null,
      decisions: { contact: line.contact, wait: line.wait, blocked: line.blocked },
      messages: {
        queued: of("queued") + of("approval"),
        leaving: of("leaving"),
        left: of("left"),
        failed: of("failed"),
        dropped: of("dropped"),
        unknown: of("unknown"),
        parked: of("parked"),
        needsApproval: of("approval"),
      },
    };
  });
}
