/** What the next run would do, grouped, and its rows. */
import { accountStandings, anyRunDone, waitingCounts } from "../../../oversight/insight/index.ts";
import { actorCan } from "../../../platform/access/index.ts";
import { creditors } from "../../../books/customers/index.ts";
import { previewRun, type Strategy, type WeighedCase } from "../../../outreach/dunning/index.ts";
import { dateIn, daysBetween, fail, ok, type PlainDate, type Result } from "../../../pure/kernel/index.ts";
import type { Call } from "../model.ts";
import { seatOf, workingDayBefore } from "../names.ts";
import { ibanInGroups, moneyOf, say } from "../said/index.ts";
import type { Language, Said } from "../schema/basics.ts";
import type { RunPreview, StageLine } from "../schema/outreach.ts";

export interface Previewed {
  readonly preview: RunPreview;
  readonly cases: readonly WeighedCase[];
}

/** A ground in words; the same for previews, customers and runs. */
export const groundOf = (
  language: Language,
  name: string,
  facts: Readonly<Record<string, string | number>> = {},
): Said => say(language, name, Object.fromEntries(Object.entries(facts).filter(([key]) => key !== "holdId")));

export const stageName = (language: Language, key: string | null): string | null =>
  key === null ? null : say(language, `stage_${key}`).text;

/** One creditor, or all of the tenant together (then nothing can be started). Failures `creditor_unknown`, `strategy_missing`. */
export async function runPreviewOf(
  call: Pick<Call, "act" | "deps" | "caller" | "language">,
  creditor: string | undefined,
  date: PlainDate | undefined,
): Promise<Result<Previewed>> {
  const { deps, caller, language } = call;
  const read = await call.act(async (act) => ok((await creditors(act)).filter((one) => one.closedAt === undefined)));
  if (!read.ok) return read;
  const all = read.value;
  const chosen = creditor === undefined ? all : all.filter((one) => one.creditorId === creditor);
  if (chosen.length === 0) return fail("not_found", "creditor_unknown", "There is no such creditor.", "creditor");
  const cases: WeighedCase[] = [];
  const cautions: Said[] = [];
  const strategies: Strategy[] = [];
  const runIds: string[] = [];
  for (const { creditorId, zone, name } of chosen) {
    const businessDate = date ?? dateIn(deps.now(), zone);
    const found = await previewRun(deps.platform, caller.tenantId, caller.actor, { creditorId, businessDate });
    if (!found.ok) {
      if (chosen.length === 1) return found;
      cautions.push(say(language, "caution_no_strategy", { creditor: name }));
      continue;
    }
    cases.push(...found.value.cases);
    strategies.push(found.value.strategy);
    runIds.push(found.value.runId);
  }
  const only = chosen.length === 1 ? chosen[0] : undefined;
  const day = date ?? dateIn(deps.now(), (only ?? chosen[0])?.zone ?? "Europe/Berlin");
  const more = await call.act(async (act) => {
    const said: Said[] = [];
    const { state } = await seatOf(act, only?.creditorId);
    const expected = workingDayBefore(day, state);
    for (const { iban, upTo } of await accountStandings(act, only?.creditorId))
      if (upTo !== null && upTo < expected)
        said.push(say(language, "caution_statement_missing", { account: ibanInGroups(iban), since: upTo }));
    const { proposed } = await waitingCounts(act, only?.creditorId, day);
    if (proposed > 0) said.push(say(language, "caution_proposals", { count: proposed }));
    return ok({ said, done: await anyRunDone(act, runIds) });
  });
  if (!more.ok) return more;
  cautions.push(...more.value.said);
  if (more.value.done && only) cautions.push(say(language, "caution_run_done"));
  if (!deps.settings.smtp && cases.some((one) => one.channel === "email"))
    cautions.push(say(language, "caution_no_sender"));
  const of = (outcome: WeighedCase["outcome"]): readonly WeighedCase[] =>
    cases.filter((one) => one.outcome === outcome);
  const preview: RunPreview = {
    creditor: only ? { id: only.creditorId, name: only.name } : null,
    date: day,
    plannedAt: null,
    customers: new Set(cases.map((one) => one.customerId)).size,
    items: cases.reduce((sum, one) => sum + one.items, 0),
    decisions: { contact: of("contact").length, wait: of("wait").length, blocked: of("blocked").length },
    stages: stageLines(language, of("contact"), strategies),
    byBlocker: groundsOf(language, of("blocked")),
    cautions,
    mayStart: only !== undefined && actorCan(caller.actor, "run.start") && !more.value.done && runIds.length > 0,
  };
  return ok({ preview, cases });
}

function stageLines(
  language: Language,
  contacts: readonly WeighedCase[],
  strategies: readonly Strategy[],
): StageLine[] {
  const order = [...new Set(strategies.flatMap((one) => one.stages.map((stage) => stage.key)))];
  const lines = new Map<
    string,
    { customers: Set<string>; sums: Map<string, bigint>; channels: Map<string, number>; proposal: boolean }
  >();
  for (const one of contacts) {
    const key = one.stage ?? "";
    const line = lines.get(key) ?? { customers: new Set(), sums: new Map(), channels: new Map(), proposal: false };
    line.customers.add(one.customerId);
    line.sums.set(one.currency, (line.sums.get(one.currency) ?? 0n) + one.amountMinor);
    if (one.channel) line.channels.set(one.channel, (line.channels.get(one.channel) ?? 0) + 1);
    line.proposal ||= one.effect === "hand_over";
    lines.set(key, line);
  }
  return [...lines]
    .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
    .map(([stage, line]) => {
      const [currency = "EUR", amount = 0n] = [...line.sums].sort(([, a], [, b]) => (a < b ? 1 : -1))[0] ?? [];
      return {
        stage,
        name: stageName(language, stage) ?? stage,
        proposal: line.proposal,
        customers: line.customers.size,
        amount: moneyOf(amount, currency),
        byChannel: Object.fromEntries(line.channels),
      };
    });
}

function groundsOf(language: Language, blocked: readonly WeighedCase[]): RunPreview["byBlocker"] {
  const customers = new Map<string, Set<string>>();
  for (const one of blocked)
    for (const { name } of one.blockers) customers.set(name, (customers.get(name) ?? new Set()).add(one.customerId));
  return [...customers]
    .sort(([, a], [, b]) => b.size - a.size)
    .map(([name, set]) => ({ ground: shortGround(language, name), customers: set.size }));
}

/** Without the days and counts of one customer. */
export function shortGround(language: Language, name: string): Said {
  const general = `ground_${name}`;
  const said = say(language, general);
  return said.text === general.replaceAll("_", " ") ? groundOf(language, name) : { ...said, code: name };
}

/** Why this case is contacted, waits or is blocked; the ground that lasts longest speaks. */
export function reasonOf(language: Language, one: WeighedCase, day: PlainDate): Said {
  const last = one.blockers.at(-1);
  if (one.outcome === "blocked" && last) return groundOf(language, last.name, last.facts);
  if (one.outcome === "contact" && one.oldestDue !== null)
    return say(language, "stage_reached", {
      stage: stageName(language, one.stage) ?? "",
      days: daysBetween(one.oldestDue, day),
    });
  return one.nextOn === null ? say(language, "nothing_due") : say(language, "due_later", { on: one.nextOn });
}
