/** Sources of files, alarms, and the days of statements. */
import { z } from "@hono/zod-openapi";
import { bankData } from "../../../../books/checking/index.ts";
import { creditors } from "../../../../books/customers/index.ts";
import {
  type AccountDays,
  accountDays,
  checkFiles,
  excuseDay,
  fetchFiles,
  type FileAlarm,
  fileAlarms,
  type FileSource,
  fileSources,
  placeText,
} from "../../../../books/intake/index.ts";
import { type Act, can } from "../../../../platform/access/index.ts";
import {
  type CreditorId,
  dateIn,
  daysBetween,
  fail,
  ok,
  type PlainDate,
  type Result,
} from "../../../../pure/kernel/index.ts";
import { creditorRefs, knownCreditor } from "../../names.ts";
import { type Api, route } from "../../route.ts";
import { alarmInKeys } from "../../present/alarm.ts";
import { say } from "../../said/index.ts";
import { creditorQuery, id, type Language } from "../../schema/basics.ts";
import * as schema from "../../schema/sources.ts";

type ShownDays = z.infer<typeof schema.accountDays>;

export function sourceRoutes(api: Api): void {
  route(
    api,
    {
      method: "get",
      path: "/sources",
      permission: "intake.read",
      summary: "Where files are fetched from, and what is missing",
      query: creditorQuery,
      answer: schema.sources,
    },
    ({ act, query, caller, language }) =>
      act(async (one) => {
        const known = await knownCreditor(one, query.creditor);
        if (!known.ok) return known;
        const refs = await creditorRefs(one);
        const mine = (creditorId: CreditorId | null): boolean =>
          query.creditor === undefined || creditorId === null || creditorId === query.creditor;
        const sources = (await fileSources(one)).filter(({ creditorId }) => mine(creditorId));
        const alarms = (await fileAlarms(one)).filter(({ creditorId }) => mine(creditorId));
        return ok({
          sources: sources.map((source) => shownSource(source, refs, language)),
          alarms: alarms.map((alarm) => shownAlarm(alarm, refs, language)),
          mayFetch: can(caller.actor.role, "intake.import"),
        });
      }),
  );
  route(
    api,
    {
      method: "post",
      path: "/sources/{sourceId}/fetch",
      permission: "intake.import",
      summary: "Look into a source now",
      params: z.strictObject({ sourceId: id }),
      answer: schema.source,
    },
    async ({ act, deps, caller, params, language }) => {
      const [fetched] = await fetchFiles(deps.platform, caller.tenantId, caller.actor, { sourceId: params.sourceId });
      if (!fetched) return fail("not_found", "source_not_found", "There is no such source.");
      await checkFiles(deps.platform, caller.tenantId, caller.actor);
      return act(async (one): Promise<Result<z.infer<typeof schema.source>>> => {
        const source = (await fileSources(one)).find(({ sourceId }) => sourceId === params.sourceId);
        if (!source) return fail("not_found", "source_not_found", "There is no such source.");
        return ok(shownSource(source, await creditorRefs(one), language));
      });
    },
  );
  route(
    api,
    {
      method: "get",
      path: "/statement-days",
      permission: "bank.read",
      summary: "The last days of every account",
      query: z.strictObject({ ...creditorQuery.shape, days: z.coerce.number().int().min(1).max(366).optional() }),
      answer: z.array(schema.accountDays),
    },
    ({ act, query }) =>
      act(async (one) => {
        const known = await knownCreditor(one, query.creditor);
        if (!known.ok) return known;
        const all = await accountDays(one, query.days ?? 42);
        return ok(
          await shownDays(
            one,
            all.filter(({ creditorId }) => query.creditor === undefined || creditorId === query.creditor),
          ),
        );
      }),
  );
  route(
    api,
    {
      method: "post",
      path: "/statement-days/excuse",
      permission: "bank.import",
      summary: "No statement comes on a day, or one comes after all",
      body: schema.excuse,
      answer: schema.accountDays,
    },
    ({ act, body }) =>
      act(async (one): Promise<Result<ShownDays>> => {
        const known = (await accountDays(one, 1)).some(({ account }) => account === body.account);
        if (!known) return fail("not_found", "account_unknown", "No statement of this account was taken in yet.");
        const excused = await excuseDay(one, { ...body, day: body.day as PlainDate });
        if (!excused.ok) return excused;
        const days = (await accountDays(one, 42)).filter(({ account }) => account === body.account);
        const [shown] = await shownDays(one, days);
        return shown
          ? ok(shown)
          : fail("not_found", "account_unknown", "No statement of this account was taken in yet.");
      }),
  );
}

type Refs = Awaited<ReturnType<typeof creditorRefs>>;

function shownSource(source: FileSource, refs: Refs, language: Language): z.infer<typeof schema.source> {
  const { lastError, creditorId } = source;
  return {
    id: source.sourceId,
    kind: source.place.kind,
    name: source.name,
    place: placeText(source.place),
    creditor: (creditorId && refs.get(creditorId)) ?? null,
    state: !source.enabled ? "off" : lastError ? "failing" : "ok",
    schedule: say(language, "source_schedule"),
    lastTriedAt: source.lastTriedAt?.toISOString() ?? null,
    lastFile: source.lastFile && {
      name: source.lastFile.name,
      at: source.lastFile.at.toISOString(),
      importId: source.lastFile.importId,
    },
    error: lastError ? say(language, `source_${lastError.code}`) : null,
    files: source.files,
    refused: source.refused,
  };
}

function shownAlarm(alarm: FileAlarm, refs: Refs, language: Language) {
  const { level, said, advice } = alarmInKeys(alarm);
  return {
    id: alarm.alarmId,
    level,
    said: say(language, ...said),
    advice: say(language, ...advice),
    since: alarm.raisedAt.toISOString(),
    creditor: (alarm.creditorId && refs.get(alarm.creditorId)) ?? null,
  };
}

async function shownDays(act: Act, all: readonly AccountDays[]): Promise<ShownDays[]> {
  const refs = await creditorRefs(act);
  const zones = new Map((await creditors(act)).map(({ creditorId, zone }) => [creditorId, zone]));
  const rows: ShownDays[] = [];
  for (const { account, creditorId, currency, lastStatementTo, days } of all) {
    const data = await bankData(act, creditorId);
    const today = dateIn(act.tx.now, zones.get(creditorId) ?? "Europe/Berlin");
    const mayBeDaysOld = data?.maxAgeDays ?? null;
    rows.push({
      account,
      creditor: refs.get(creditorId) ?? { id: creditorId, name: "" },
      currency,
      lastStatementTo,
      holdsDunning:
        mayBeDaysOld !== null && (lastStatementTo === null || daysBetween(lastStatementTo, today) > mayBeDaysOld),
      mayBeDaysOld,
      missing: days.filter(({ state }) => state === "missing").length,
      days: days.map((day) => ({ ...day, statementId: null })),
    });
  }
  return rows;
}
