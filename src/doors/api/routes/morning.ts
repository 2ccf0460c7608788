/** The page of the morning, and the numbers beside the menu. */
import {
  accountStandings,
  AGE_BANDS,
  ageing,
  concerns,
  leadingCurrency,
  overdueParts,
  receivedByWeek,
  receivedSince,
  waitingCounts,
} from "../../../oversight/insight/index.ts";
import { fileAlarms } from "../../../books/intake/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import {
  addDays,
  type CreditorId,
  instantAt,
  ok,
  type PlainDate,
  type Result,
  weekday,
} from "../../../pure/kernel/index.ts";
import type { Call } from "../model.ts";
import { businessDay, creditorRefs, knownCreditor, seatOf, workingDayBefore } from "../names.ts";
import { type Api, route } from "../route.ts";
import { ibanInGroups, moneyOf, say } from "../said/index.ts";
import { creditorQuery, type Language } from "../schema/basics.ts";
import { today, type Today } from "../schema/outreach.ts";
import { counts } from "../schema/session.ts";
import { alarmInKeys } from "../present/alarm.ts";
import { runPreviewOf } from "../present/run-preview.ts";

/** Weeks shown of money received. */
const WEEKS = 13;

export function morningRoutes(api: Api): void {
  route(
    api,
    {
      method: "get",
      path: "/counts",
      permission: "proposal.read",
      summary: "How much waits",
      query: creditorQuery,
      answer: counts,
    },
    ({ act, query }) =>
      act(async (one) => {
        const creditor = await knownCreditor(one, query.creditor);
        if (!creditor.ok) return creditor;
        const waiting = await waitingCounts(one, creditor.value, await businessDay(one, creditor.value));
        return ok({
          worklist: waiting.tasks + waiting.approvals + waiting.holds,
          bankProposed: waiting.proposed,
          bankUnmatched: waiting.unmatched,
          outbox: waiting.parked,
        });
      }),
  );
  route(
    api,
    {
      method: "get",
      path: "/today",
      permission: "run.read",
      summary: "The page of the morning",
      query: creditorQuery,
      answer: today,
    },
    async (call) => {
      const read = await call.act((act) => readToday(act, call.language, call.query.creditor, call.deps.settings.smtp));
      if (!read.ok) return read;
      const run = await runPreviewOf(call as Call, call.query.creditor, undefined);
      // Without a strategy there is no next run; everything else is still worth seeing.
      return ok({ ...read.value, run: run.ok ? run.value.preview : null });
    },
  );
}

async function readToday(
  act: Act,
  language: Language,
  creditor: string | undefined,
  smtp: boolean,
): Promise<Result<Omit<Today, "run">>> {
  const known = await knownCreditor(act, creditor);
  if (!known.ok) return known;
  const creditorId = known.value;
  const day = await businessDay(act, creditorId);
  const { state, zone } = await seatOf(act, creditorId);
  const since = workingDayBefore(day, state);
  const currency = await leadingCurrency(act, creditorId);
  const came = await receivedSince(act, creditorId, since, instantAt(since, 0, 0, zone), currency);
  const parts = (await overdueParts(act, creditorId, day)).filter((part) => part.currency === currency);
  const amountOf = (key: string): bigint => parts.find((part) => part.part === key)?.amount ?? 0n;
  const total = parts.reduce((sum, part) => sum + part.amount, 0n);
  const accounts = await accountStandings(act, creditorId);
  const reached = accounts.flatMap(({ upTo }) => upTo ?? []);
  const bands = await ageing(act, creditorId, day, currency);
  const weeks = await receivedByWeek(act, creditorId, day, currency, WEEKS);
  return ok({
    received: {
      since,
      payments: moneyOf(came.payments, currency),
      entries: came.entries,
      automatic: came.automatic,
      proposed: came.proposed,
      unmatched: came.unmatched,
      returned: came.returned,
      objections: { count: came.disputes, oldestDeadline: came.oldestDispute },
      callBacks: { count: came.callBacks, nextAt: null },
      invoices: came.invoices,
    },
    statements: {
      upTo: reached.length === 0 ? null : reached.reduce((a, b) => (a < b ? b : a)),
      missing: accounts.filter(({ upTo }) => upTo === null || upTo < since).length,
    },
    needsYou: await needs(act, language, creditorId, day, since, smtp),
    overdue: {
      at: act.tx.now.toISOString(),
      total: moneyOf(total, currency),
      parts: (["stage", "hold", "arrangement", "objection", "handed_over", "person", "waiting"] as const).map(
        (key) => ({
          key,
          amount: moneyOf(amountOf(key), currency),
        }),
      ),
      forgotten: moneyOf(amountOf("forgotten"), currency),
    },
    ageing: AGE_BANDS.map(([fromDay, toDay], index) => ({
      fromDay,
      toDay,
      amount: moneyOf(bands[index] ?? 0n, currency),
    })),
    weeks: weeks.map(({ monday, amount }, index) => ({
      ...isoWeek(monday),
      amount: moneyOf(amount, currency),
      current: index === weeks.length - 1,
    })),
  });
}

/** ISO 8601: the week belongs to the year of its Thursday. */
function isoWeek(monday: PlainDate): { year: number; week: number } {
  const thursday = addDays(monday, 3);
  const year = Number(thursday.slice(0, 4));
  const first = `${year}-01-04` as PlainDate;
  const firstMonday = addDays(first, 1 - weekday(first));
  const days = (Date.parse(`${monday}T00:00:00Z`) - Date.parse(`${firstMonday}T00:00:00Z`)) / 86_400_000;
  return { year, week: Math.round(days / 7) + 1 };
}

type Need = Today["needsYou"][number];

async function needs(
  act: Act,
  language: Language,
  creditorId: CreditorId | undefined,
  day: PlainDate,
  since: PlainDate,
  smtp: boolean,
): Promise<Need[]> {
  const waiting = await waitingCounts(act, creditorId, day);
  const more = await concerns(act);
  const names = await creditorRefs(act);
  const found: Need[] = [];
  const tell = (
    level: Need["level"],
    when: boolean | number,
    [title, values]: readonly [string, Readonly<Record<string, string | number>>?],
    detail: readonly [string, Readonly<Record<string, string | number>>?] | null,
    to: string | null,
    search: Readonly<Record<string, string>> = {},
  ): void => {
    if (!when) return;
    found.push({
      level,
      title: say(language, title, values),
      detail: detail && say(language, detail[0], detail[1]),
      link: to === null ? null : { to, search },
    });
  };
  tell("problem", waiting.parked, ["need_parked", { count: waiting.parked }], ["need_parked_detail"], "/messages", {
    state: "parked",
  });
  for (const id of more.withoutStrategy)
    tell("problem", true, ["need_strategy", { creditor: names.get(id)?.name ?? "" }], null, "/strategies");
  tell("problem", !more.texts, ["need_texts"], null, null);
  tell(
    "problem",
    more.notReconciled,
    ["need_not_reconciled", { count: more.notReconciled }],
    ["need_not_reconciled_detail"],
    "/bank/statements",
    { reconciles: "no" },
  );
  const alarms = (await fileAlarms(act)).filter(
    (alarm) => creditorId === undefined || alarm.creditorId === null || alarm.creditorId === creditorId,
  );
  for (const alarm of alarms) {
    const { level, said, advice, to } = alarmInKeys(alarm);
    tell(level, true, said, advice, to);
  }
  for (const { iban, upTo } of await accountStandings(act, creditorId))
    tell(
      "notice",
      upTo !== null && upTo < since && !alarms.some(({ account }) => account === iban),
      ["need_statement", { account: ibanInGroups(iban) }],
      upTo === null ? null : ["need_statement_detail", { since: upTo }],
      "/imports",
    );
  tell("notice", waiting.proposed, ["need_proposals", { count: waiting.proposed }], null, "/bank");
  tell("notice", waiting.unmatched, ["need_unmatched", { count: waiting.unmatched }], null, "/bank", {
    view: "unmatched",
  });
  tell("notice", more.decisions, ["need_proposed_decisions", { count: more.decisions }], null, "/worklist");
  tell("notice", waiting.approvals, ["need_approval", { count: waiting.approvals }], null, "/worklist", {
    kind: "approval",
  });
  tell(
    "notice",
    waiting.holds,
    ["need_holds", { count: waiting.holds }],
    more.oldestHold === null ? null : ["need_holds_detail", { since: more.oldestHold }],
    "/worklist",
    { kind: "hold_review" },
  );
  tell("info", smtp ? 0 : waiting.local, ["need_local", { count: waiting.local }], ["need_local_detail"], "/messages", {
    local: "yes",
  });
  return found;
}
