/** The daily reconciliation, its differences, and snapshots that wait for a person. */
import { z } from "@hono/zod-openapi";
import { decideSnapshot, type StoppedList, stoppedLists, vanishedItems } from "../../../../books/intake/index.ts";
import {
  decideDifference,
  differenceBy,
  differenceOf,
  differences,
  type KeptDifference,
  type KeptReport,
  mayTakeTheirs,
  reports,
} from "../../../../books/reconciliation/index.ts";
import { type Act, can } from "../../../../platform/access/index.ts";
import { creditors } from "../../../../books/customers/index.ts";
import {
  addDays,
  fail,
  ok,
  maxDate,
  type PlainDate,
  type ReceivableId,
  type Result,
  type Uuid,
} from "../../../../pure/kernel/index.ts";
import { arranged, limitOf, listRoute } from "../../list.ts";
import { actorNames, businessDay, creditorRefs, customerRefs, knownCreditor } from "../../names.ts";
import { type Api, route } from "../../route.ts";
import { moneyOf, say } from "../../said/index.ts";
import { creditorQuery, day, id, type Language } from "../../schema/basics.ts";
import * as schema from "../../schema/reconciliation.ts";

type ShownDifference = z.infer<typeof schema.difference>;
type ShownStop = z.infer<typeof schema.vanishedStop>;
type ShownRow = z.infer<typeof schema.reconciliation>["rows"][number];

const DAYS = 30;
const workParams = z.strictObject({ workId: id });
const stopParams = z.strictObject({ stopId: id });
const SIDES = { erp_ledger: ["side_erp", "side_ledger"], bank_ledger: ["side_bank", "side_payments"] } as const;

export function reconciliationRoutes(api: Api): void {
  route(
    api,
    {
      method: "get",
      path: "/reconciliation",
      permission: "bank.read",
      summary: "ERP, ledger and bank of a day, and the days before",
      query: z.strictObject({ ...creditorQuery.shape, day: day.optional() }),
      answer: schema.reconciliation,
    },
    ({ act, query, language }) =>
      act(async (one) => {
        const creditor = await knownCreditor(one, query.creditor);
        if (!creditor.ok) return creditor;
        const today = await businessDay(one, creditor.value);
        const asked = query.day as PlainDate | undefined;
        // The strip of days stays where it is while one looks at its days.
        const last = asked !== undefined && asked <= addDays(today, -DAYS) ? asked : today;
        const kept = (await reports(one, addDays(last, 1 - DAYS), maxDate(last, asked ?? last))).filter(
          ({ creditorId }) => creditor.value === undefined || creditorId === creditor.value,
        );
        const shown =
          asked ??
          kept.reduce<PlainDate | undefined>((day, report) => maxDate(day ?? report.day, report.day), undefined) ??
          today;
        const refs = await creditorRefs(one);
        const leads = new Map((await creditors(one)).map((of) => [of.creditorId, of.leads]));
        const rows = kept
          .filter((report) => report.day === shown)
          .map(
            ({ creditorId, ...report }): ShownRow => ({
              creditor: refs.get(creditorId) ?? { id: creditorId, name: "" },
              leads: leads.get(creditorId) ?? "kulanz",
              currency: report.currency,
              state: report.state,
              comparisons: report.comparisons.map((comparison) =>
                shownComparison(comparison, report.currency, language),
              ),
              differences: report.differences,
            }),
          );
        const at = kept
          .filter((report) => report.day === shown)
          .map(({ madeAt }) => madeAt.toISOString())
          .sort()
          .at(-1);
        const waiting = (await stoppedLists(one)).filter(({ state }) => state === "waiting");
        return ok({
          day: shown,
          at: at ?? null,
          days: Array.from({ length: DAYS }, (_, index) => stateOf(addDays(last, index + 1 - DAYS), kept)),
          rows,
          vanished: waiting.length,
        });
      }),
  );
  listRoute(
    api,
    {
      path: "/reconciliation/differences",
      permission: "bank.read",
      summary: "What did not agree, oldest first",
      filters: { state: z.enum(["open", "done"]).optional() },
      row: schema.difference,
      columns: ["kind", "creditor", "customer", "number", "theirs", "ours", "difference", "since", "state"],
    },
    ({ act, query, language }) =>
      act(async (one) => {
        const { state = "open" } = query as { state?: "open" | "done" };
        const kept = (await differences(one, "all")).filter(
          (row) => row.state === state && (query.creditor === undefined || row.creditorId === query.creditor),
        );
        return arranged(await shownDifferences(one, kept, language), query);
      }),
  );
  route(
    api,
    {
      method: "post",
      path: "/reconciliation/differences/{workId}/decide",
      permission: "receivable.book",
      summary: "Take their amount, keep ours, or say that it is dealt with",
      params: workParams,
      body: schema.differenceDecision,
      answer: schema.difference,
    },
    ({ act, params, body, language }) =>
      act(async (one): Promise<Result<ShownDifference>> => {
        const found = await differenceBy(one, params.workId);
        if (!found) return fail("not_found", "difference_not_found", "There is no such difference.");
        const note = body.note === null ? {} : { note: body.note };
        const decided = await decideDifference(
          one,
          params.workId,
          { act: body.act, ...note },
          await businessDay(one, found.creditorId),
        );
        if (!decided.ok) return decided;
        const [shown] = await shownDifferences(one, [decided.value], language);
        return shown ? ok(shown) : fail("not_found", "difference_not_found", "There is no such difference.");
      }),
  );
  stopRoutes(api);
}

function stopRoutes(api: Api): void {
  route(
    api,
    {
      method: "get",
      path: "/reconciliation/vanished",
      permission: "bank.read",
      summary: "Snapshots in which too much vanished",
      query: creditorQuery,
      answer: z.array(schema.vanishedStop),
    },
    ({ act, query, language, caller }) =>
      act(async (one) => {
        const creditor = await knownCreditor(one, query.creditor);
        if (!creditor.ok) return creditor;
        const lists = (await stoppedLists(one)).filter(
          ({ creditorId }) => creditor.value === undefined || creditorId === creditor.value,
        );
        return ok(await shownStops(one, lists, can(caller.actor.role, "proposal.confirm"), language));
      }),
  );
  listRoute(
    api,
    {
      path: "/reconciliation/vanished/{stopId}/items",
      permission: "receivable.read",
      summary: "Items that are missing from a snapshot, the largest first",
      params: stopParams,
      filters: {},
      row: schema.vanishedItem,
      columns: ["customer", "number", "dueOn", "open", "lastSeenOn"],
    },
    ({ act, params, query }) =>
      act(async (one) => {
        const { stopId } = params as { stopId: Uuid };
        if (!(await stoppedLists(one)).some(({ listId }) => listId === stopId))
          return fail("not_found", "snapshot_not_found", "There is no such stopped snapshot.", stopId);
        const found = await vanishedItems(one, stopId, { limit: limitOf(query), offset: query.offset ?? 0 });
        const customers = await customerRefs(
          one,
          found.rows.map(({ customerId }) => customerId),
        );
        return ok({
          total: found.total,
          rows: found.rows.flatMap((row) => {
            const customer = customers.get(row.customerId);
            if (!customer) return [];
            const { receivableId: itemId, number, dueOn, lastSeenOn } = row;
            return [
              { itemId, customer, number, dueOn, open: moneyOf(row.openMinor, row.currency), lastSeenOn, hint: null },
            ];
          }),
        });
      }),
  );
  route(
    api,
    {
      method: "post",
      path: "/reconciliation/vanished/{stopId}/decide",
      permission: "proposal.confirm",
      summary: "Apply a waiting snapshot exactly as it was, or drop it",
      params: stopParams,
      body: schema.vanishedDecision,
      answer: schema.vanishedStop,
    },
    async ({ act, deps, caller, params, body, language }) => {
      const decision = {
        act: body.act,
        ...(body.itemIds === undefined ? {} : { receivableIds: body.itemIds as ReceivableId[] }),
      };
      const decided = await decideSnapshot(deps.platform, caller.tenantId, caller.actor, params.stopId, decision);
      if (!decided.ok) return decided;
      return act(async (one): Promise<Result<ShownStop>> => {
        const [shown] = await shownStops(one, [decided.value], true, language);
        return shown ? ok(shown) : fail("not_found", "list_not_found", "There is no such list.");
      });
    },
  );
}

function stateOf(on: PlainDate, kept: readonly KeptReport[]) {
  const states = kept.filter((report) => report.day === on).map(({ state }) => state);
  const state = (["different", "equal", "waiting"] as const).find((one) => states.includes(one));
  return { day: on, state: state ?? ("none" as const) };
}

function shownComparison(
  { kind, state, left, right, steps, differenceMinor }: KeptReport["comparisons"][number],
  currency: string,
  language: Language,
): ShownRow["comparisons"][number] {
  const [first, second] = SIDES[kind];
  const side = ({ minor, count, asOf }: typeof left, code: string) => ({
    said: say(language, code),
    amount: minor === null ? null : moneyOf(minor, currency),
    count,
    asOf,
  });
  return {
    kind,
    state,
    left: side(left, first),
    right: side(right, second),
    steps: steps.map(({ code, minor, count }) => ({
      said: say(language, `step_${code}`),
      amount: moneyOf(minor, currency),
      count,
    })),
    difference: differenceMinor === null ? null : moneyOf(differenceMinor, currency),
  };
}

async function shownDifferences(
  act: Act,
  kept: readonly KeptDifference[],
  language: Language,
): Promise<ShownDifference[]> {
  const customers = await customerRefs(
    act,
    kept.map(({ customerId }) => customerId),
  );
  const refs = await creditorRefs(act);
  return kept.map((one) => {
    const shown = (minor: bigint | null) => (minor === null ? null : moneyOf(minor, one.currency));
    const number = one.facts["number"];
    return {
      id: one.taskId ?? one.differenceId,
      kind: say(language, `difference_${one.kind}`, one.facts),
      creditor: refs.get(one.creditorId) ?? { id: one.creditorId, name: "" },
      customer: (one.customerId && customers.get(one.customerId)) ?? null,
      itemId: one.receivableId,
      number: number === undefined ? null : String(number),
      theirs: shown(one.theirsMinor),
      ours: shown(one.oursMinor),
      difference: moneyOf(differenceOf(one), one.currency),
      advice: say(language, `advice_${one.kind}`),
      since: one.since,
      state: one.state,
      acts: mayTakeTheirs(one) ? (["take_theirs", "keep_ours", "done"] as const).slice() : (["done"] as const).slice(),
    };
  });
}

async function shownStops(
  act: Act,
  lists: readonly StoppedList[],
  mayDecide: boolean,
  language: Language,
): Promise<ShownStop[]> {
  const refs = await creditorRefs(act);
  const names = await actorNames(
    act,
    lists.map(({ decidedBy }) => decidedBy),
    language,
  );
  return lists.map((list) => ({
    id: list.listId,
    creditor: refs.get(list.creditorId) ?? { id: list.creditorId, name: "" },
    file: list.name,
    at: list.createdAt.toISOString(),
    items: list.vanished,
    amounts: Object.entries(list.vanishedAmounts).map(([currency, minor]) => moneyOf(BigInt(minor), currency)),
    of: list.openBefore,
    share: list.openBefore === 0 ? 0 : list.vanished / list.openBefore,
    limit: list.shareLimit,
    state: list.state === "applied" ? "closed" : list.state,
    decidedBy: list.decidedBy === null ? null : names(list.decidedBy),
    decidedAt: list.decidedAt?.toISOString() ?? null,
    mayDecide: mayDecide && list.state === "waiting",
  }));
}
