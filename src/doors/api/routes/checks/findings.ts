/** Findings of the checks before dunning, and the rules a manager reads and switches. */
import { z } from "@hono/zod-openapi";
import { type Act, type Caller, can } from "../../../../platform/access/index.ts";
import {
  changeRule,
  checkRules,
  dismissFinding,
  type Finding,
  findingCounts,
  type FindingFilter,
  findings,
  type FindingState,
  isRule,
  recheckFinding,
  reopenFinding,
  type Rule,
} from "../../../../books/checking/index.ts";
import { type CreditorId, type CustomerId, fail, ok, type Result } from "../../../../pure/kernel/index.ts";
import { limitOf, listRoute, sortingOf, unsortable } from "../../list.ts";
import { actorNames, creditorRefs, customerRefs, knownCreditor } from "../../names.ts";
import { type Api, route } from "../../route.ts";
import { moneyOf, moneyText, say } from "../../said/index.ts";
import { creditorQuery, id, type Language, listOf } from "../../schema/basics.ts";
import * as schema from "../../schema/checking.ts";
import { foundBy } from "../worklist.ts";

type Shown = z.infer<typeof schema.finding>;
const STATES: Readonly<Record<Shown["state"], FindingState>> = {
  open: "open",
  fixed: "resolved",
  dismissed: "dismissed",
};
const SHOWN: Readonly<Record<FindingState, Shown["state"]>> = {
  open: "open",
  resolved: "fixed",
  dismissed: "dismissed",
};
const ORDERS = { severity: "severity", foundAt: "found", item: "open", rule: "rule" } as const;
const findingParams = z.strictObject({ findingId: id });

export function checkingRoutes(api: Api): void {
  listRoute(
    api,
    {
      path: "/findings",
      permission: "proposal.read",
      summary: "What the checks before dunning found",
      filters: {
        rule: z.string().max(60).optional(),
        severity: schema.severity.optional(),
        state: schema.findingState.optional(),
        customer: id.optional(),
      },
      row: schema.finding,
      columns: ["rule", "severity", "state", "customer", "item", "said", "advice", "foundAt", "decidedBy", "note"],
      answer: listOf(schema.finding).extend({ counts: z.array(schema.findingCount) }),
    },
    ({ act, query, caller, language }) =>
      act(async (one) => {
        const sorting = sortingOf(query.sort);
        const order = ORDERS[(sorting?.field ?? "severity") as keyof typeof ORDERS];
        if (!order) return unsortable(sorting?.field ?? "");
        const among = await foundBy(one, query.q);
        if (!among.ok) return among;
        const asked = query as {
          rule?: string;
          severity?: Shown["severity"];
          state?: Shown["state"];
          customer?: string;
        };
        const named = asked.customer === undefined ? undefined : [asked.customer as CustomerId];
        const customerIds = named ?? among.value;
        const base: FindingFilter = {
          ...(query.creditor !== undefined && { creditorId: query.creditor as CreditorId }),
          ...(customerIds !== undefined && { customerIds }),
        };
        if (asked.rule !== undefined && !isRule(asked.rule))
          return fail("invalid", "rule_unknown", "There is no such rule.", "rule");
        const page = await findings(
          one,
          {
            ...base,
            state: STATES[asked.state ?? "open"],
            ...(asked.rule !== undefined && isRule(asked.rule) && { rule: asked.rule }),
            ...(asked.severity !== undefined && { severity: asked.severity }),
          },
          { limit: limitOf(query), offset: query.offset ?? 0, order },
        );
        const counts = await findingCounts(one, base);
        return ok({
          rows: await inWords(one, page.rows, caller, language),
          total: page.total,
          counts: counts.map(({ rule, severity, open }) => ({ rule: ruleName(language, rule), severity, open })),
        });
      }),
  );
  route(
    api,
    {
      method: "post",
      path: "/findings/{findingId}/decide",
      permission: "proposal.decide",
      summary: "Say that the cause is mended (it is checked again), or dismiss a finding with a reason",
      params: findingParams,
      body: schema.findingDecision,
      answer: schema.finding,
    },
    ({ act, params, body, caller, language }) =>
      act(async (one) => {
        const done =
          body.act === "dismiss"
            ? await dismissFinding(one, params.findingId, body.reason ?? "")
            : await recheckFinding(one, params.findingId);
        return shown(one, done, caller, language);
      }),
  );
  route(
    api,
    {
      method: "post",
      path: "/findings/{findingId}/reopen",
      permission: "proposal.decide",
      summary: "Take a dismissal back",
      params: findingParams,
      answer: schema.finding,
    },
    ({ act, params, caller, language }) =>
      act(async (one) => shown(one, await reopenFinding(one, params.findingId), caller, language)),
  );
  route(
    api,
    {
      method: "get",
      path: "/check-rules",
      permission: "strategy.read",
      summary: "The checks before dunning, with what is switched on",
      query: creditorQuery,
      answer: schema.checkRules,
    },
    ({ act, query, caller, language }) =>
      act(async (one) => {
        const known = await knownCreditor(one, query.creditor);
        if (!known.ok) return known;
        const refs = await creditorRefs(one);
        const creditor = known.value === undefined ? [...refs.values()][0] : refs.get(known.value);
        if (!creditor) return fail("not_found", "creditor_unknown", "There is no creditor yet.", "creditor");
        return ok({
          creditor,
          rules: await rulesInWords(
            one,
            creditor.id as CreditorId,
            await checkRules(one, creditor.id as CreditorId),
            language,
          ),
          mayChange: can(caller.actor.role, "strategy.edit"),
        });
      }),
  );
  route(
    api,
    {
      method: "patch",
      path: "/check-rules/{ruleKey}",
      permission: "strategy.edit",
      summary: "Switch or set a check of a creditor",
      params: z.strictObject({ ruleKey: z.string().max(60) }),
      body: schema.checkRuleChange,
      answer: schema.checkRule,
    },
    ({ act, params, body, language }) =>
      act(async (one) => {
        const known = await knownCreditor(one, body.creditorId);
        if (!known.ok) return known;
        const creditorId = body.creditorId as CreditorId;
        const changed = await changeRule(one, creditorId, params.ruleKey, {
          ...(body.on !== undefined && { on: body.on }),
          ...(body.severity !== undefined && { severity: body.severity }),
          ...(body.parameters !== undefined && { parameters: body.parameters }),
        });
        if (!changed.ok) return changed;
        const [rule] = await rulesInWords(one, creditorId, [changed.value], language);
        return rule ? ok(rule) : fail("not_found", "rule_unknown", "There is no such rule.", params.ruleKey);
      }),
  );
}

const ruleName = (language: Language, key: string) => ({ ...say(language, `check_${key}`), code: key });

async function shown(act: Act, done: Result<Finding>, caller: Caller, language: Language): Promise<Result<Shown>> {
  if (!done.ok) return done;
  const [one] = await inWords(act, [done.value], caller, language);
  return one ? ok(one) : fail("not_found", "finding_unknown", "There is no such finding.");
}

async function inWords(act: Act, rows: readonly Finding[], caller: Caller, language: Language): Promise<Shown[]> {
  const customers = await customerRefs(
    act,
    rows.map((row) => row.customerId),
  );
  const creditors = await creditorRefs(act);
  const nameOf = await actorNames(
    act,
    rows.map((row) => row.decidedBy ?? null),
    language,
  );
  return rows.map((row) => ({
    id: row.findingId,
    rule: ruleName(language, row.rule),
    severity: row.severity,
    state: SHOWN[row.state],
    creditor: creditors.get(row.creditorId) ?? { id: row.creditorId, name: "" },
    customer: customers.get(row.customerId) ?? null,
    item: { id: row.receivableId, number: row.number, open: moneyOf(row.openMinor, row.currency) },
    said: say(language, `finding_${row.rule}`, sayable(row)),
    advice: say(language, `advice_${row.rule}`),
    foundAt: row.foundAt.toISOString(),
    dueOn: null,
    decidedBy: row.decidedBy === undefined ? null : nameOf(row.decidedBy),
    decidedAt: row.decidedAt?.toISOString() ?? null,
    note: row.note ?? null,
    mayDecide: row.state === "open" && can(caller.actor.role, "proposal.decide"),
  }));
}

/** Facts as values of a sentence; amounts with their currency. */
const sayable = ({ facts, currency }: Finding): Record<string, string> =>
  Object.fromEntries(
    Object.entries(facts).map(([key, value]) => [
      key.replace(/Minor$/, ""),
      key.endsWith("Minor") ? moneyText(BigInt(value), currency) : String(value),
    ]),
  );

async function rulesInWords(
  act: Act,
  creditorId: CreditorId,
  rules: readonly Rule[],
  language: Language,
): Promise<z.infer<typeof schema.checkRule>[]> {
  const counts = await findingCounts(act, { creditorId });
  const nameOf = await actorNames(
    act,
    rules.map((rule) => rule.changedBy ?? null),
    language,
  );
  return rules.map((rule) => ({
    key: rule.key,
    name: ruleName(language, rule.key),
    explains: say(language, `check_${rule.key}_explains`),
    on: rule.on,
    severity: rule.severity,
    parameters: rule.parameters.map((one) => ({ ...one, said: say(language, `check_parameter_${one.name}`) })),
    open: counts.filter((one) => one.rule === rule.key).reduce((sum, one) => sum + one.open, 0),
    changedBy: rule.changedBy === undefined ? null : nameOf(rule.changedBy),
    changedAt: rule.changedAt ?? null,
  }));
}
