/** Strategies as a readable timeline, and a test message to oneself. */
import { z } from "@hono/zod-openapi";
import { openCases } from "../../../../oversight/insight/index.ts";
import { type Act, appendAudit, readUser } from "../../../../platform/access/index.ts";
import { creditors } from "../../../../books/customers/index.ts";
import { type Stage, strategies, type StrategyRow as Version } from "../../../../outreach/dunning/index.ts";
import { contactRules, sendTestMessage } from "../../../../outreach/messaging/index.ts";
import { type CreditorId, dateIn, fail, ok, type Result, type UserId } from "../../../../pure/kernel/index.ts";
import { arranged, listRoute } from "../../list.ts";
import { actorNames } from "../../names.ts";
import { type Api, route } from "../../route.ts";
import { moneyText, say } from "../../said/index.ts";
import { id, type Language } from "../../schema/basics.ts";
import { strategy, strategyRow, type strategyStage, testMessage, testSent } from "../../schema/outreach.ts";
import { stageName } from "../../present/run-preview.ts";

const strategyParams = z.strictObject({ strategyId: id });
const ZONE = "Europe/Berlin";

export function strategyRoutes(api: Api): void {
  listRoute(
    api,
    {
      path: "/strategies",
      permission: "strategy.read",
      summary: "Strategies in force",
      filters: {},
      row: strategyRow,
      columns: ["name", "creditors", "version", "inForceSince", "stages", "customers"],
    },
    (call) => call.act(async (act) => arranged(await rowsOf(act), call.query)),
  );
  route(
    api,
    {
      method: "get",
      path: "/strategies/{strategyId}",
      permission: "strategy.read",
      summary: "A strategy with its stages and versions",
      params: strategyParams,
      query: z.strictObject({ version: z.coerce.number().int().min(1).max(1_000_000).optional() }),
      answer: strategy,
    },
    (call) => call.act((act) => strategyById(act, call.params.strategyId, call.query.version, call.language)),
  );
  route(
    api,
    {
      method: "post",
      path: "/strategies/{strategyId}/stages/{stageKey}/test",
      permission: "message.test",
      summary: "The stage's e-mail with made-up values, to oneself",
      params: z.strictObject({ strategyId: id, stageKey: z.string().regex(/^[a-z][a-z0-9_]{1,40}$/) }),
      body: testMessage,
      answer: testSent,
      status: 201,
    },
    async (call) => {
      const { deps, caller, params, body } = call;
      const ready = await call.act(async (act) => {
        if (caller.actor.kind !== "user")
          return fail("forbidden", "person_needed", "A test goes to a signed-in person.");
        const user = await readUser(act, caller.actor.id as UserId);
        const found = await latest(act, params.strategyId);
        if (!found.ok) return found;
        const stage = found.value.document.stages.find((one) => one.key === params.stageKey);
        if (!stage || !user) return fail("not_found", "stage_unknown", "There is no such stage.", params.stageKey);
        return ok({ stage, email: user.email });
      });
      if (!ready.ok) return ready;
      if (!deps.settings.smtp)
        return fail("conflict", "no_sender", "No mail server is set (KULANZ_SMTP_URL), so nothing can be sent to you.");
      const { stage, email } = ready.value;
      const sent = await sendTestMessage(deps.outboxOf(caller.tenantId), caller.tenantId, {
        stage: stage.key,
        tone: stage.tones[0] ?? "friendly",
        language: body.language,
        to: email,
        userId: caller.actor.id as UserId,
      });
      if (!sent.ok) return sent;
      await call.act(async (act) =>
        ok(await appendAudit(act, { act: "message.tested", subject: sent.value.messageId })),
      );
      return ok({ messageId: sent.value.messageId, sentTo: email });
    },
  );
}

async function latest(act: Act, strategyId: string): Promise<Result<Version>> {
  const own = (await strategies(act)).filter((one) => one.strategyId === strategyId);
  const [found] = own.sort((a, b) => b.version - a.version);
  return found ? ok(found) : fail("not_found", "strategy_unknown", "There is no such strategy.", strategyId);
}

async function rowsOf(act: Act): Promise<z.infer<typeof strategyRow>[]> {
  const all = await strategies(act);
  const open = (await creditors(act)).filter((one) => one.closedAt === undefined);
  const customers = await openCases(act);
  const own = new Set(
    all.filter((one) => one.retiredAt === null && one.publishedAt !== null).map((one) => one.creditorId),
  );
  const newest = new Map<string, Version>();
  for (const one of all) if ((newest.get(one.strategyId)?.version ?? 0) < one.version) newest.set(one.strategyId, one);
  return [...newest.values()].map((one) => {
    // The tenant's strategy is for all creditors that have none of their own.
    const under = open.filter((each) =>
      one.creditorId === null ? !own.has(each.creditorId) : each.creditorId === one.creditorId,
    );
    return {
      id: one.strategyId,
      name: one.document.name,
      creditors: under.map(({ creditorId, name }) => ({ id: creditorId, name })),
      version: one.version,
      inForceSince: one.publishedAt === null || one.retiredAt !== null ? null : dateIn(one.publishedAt, ZONE),
      stages: one.document.stages.length,
      customers: under.reduce((sum, each) => sum + (customers.get(each.creditorId as CreditorId) ?? 0), 0),
    };
  });
}

/** Failures `strategy_unknown`, `version_unknown`. */
async function strategyById(
  act: Act,
  strategyId: string,
  version: number | undefined,
  language: Language,
): Promise<Result<z.infer<typeof strategy>>> {
  const row = (await rowsOf(act)).find((one) => one.id === strategyId);
  const versions = (await strategies(act))
    .filter((one) => one.strategyId === strategyId)
    .sort((a, b) => b.version - a.version);
  if (!row) return fail("not_found", "strategy_unknown", "There is no such strategy.", strategyId);
  const chosen = version === undefined ? versions[0] : versions.find((one) => one.version === version);
  if (!chosen) return fail("not_found", "version_unknown", "There is no such version.", "version");
  const rules = await contactRules(act);
  const nameOf = await actorNames(
    act,
    versions.map((one) => one.author),
    language,
  );
  const { document } = chosen;
  const minimum = Object.entries(document.guardRails.minimumMinor).map(([currency, minor]) =>
    moneyText(BigInt(minor), currency),
  );
  const day = (at: Date | null): string | null => at && dateIn(at, ZONE);
  return ok({
    ...row,
    name: document.name,
    version: chosen.version,
    inForceSince: chosen.retiredAt === null ? day(chosen.publishedAt) : null,
    stages: document.stages.length,
    stageList: document.stages.map((stage) => stageOf(stage, language)),
    rails: [
      ...minimum.map((amount) => ({
        label: say(language, "rail_minimum"),
        value: say(language, "rail_amount", { amount }),
      })),
      { label: say(language, "rail_gap"), value: say(language, "rail_days", { days: rules.gapDays }) },
      {
        label: say(language, "rail_cap"),
        value: say(language, "rail_asks", { asks: rules.maximumAsks, days: rules.withinDays }),
      },
    ],
    versions: versions.map((one) => ({
      version: one.version,
      at: (one.publishedAt ?? act.tx.now).toISOString(),
      by: nameOf(one.author),
      inForceSince: day(one.publishedAt),
      note: null,
    })),
    document,
  });
}

function stageOf(stage: Stage, language: Language): z.infer<typeof strategyStage> {
  const byPerson = stage.effect === "hand_over";
  return {
    key: stage.key,
    name: stageName(language, stage.key) ?? stage.key,
    day: stage.days,
    automation: stage.automation,
    decidedByPerson: byPerson,
    channels: [...stage.channels],
    tone: byPerson ? null : (stage.tones[0] ?? null),
    effect: [say(language, `effect_${stage.effect}`)],
    offers:
      stage.channels.length === 0
        ? []
        : [say(language, "offer_term", { email: stage.termDays.email, letter: stage.termDays.letter })],
    costs: byPerson ? [] : [say(language, "cost_none")],
    exceptions: [
      ...(stage.days < 0 ? [say(language, "exception_direct_debit")] : []),
      ...(stage.afterPreviousDays > 0 ? [say(language, "exception_after", { days: stage.afterPreviousDays })] : []),
    ],
  };
}
