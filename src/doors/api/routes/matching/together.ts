/** Bank entries seen together: sure proposals booked in one act, and how long unmatched money has been waiting. */
import { z } from "@hono/zod-openapi";
import {
  UNMATCHED_BANDS,
  type AgeLine,
  entryLines,
  sureLines,
  unmatchedByAge,
} from "../../../../oversight/insight/index.ts";
import { confirmProposal, proposeAgain, undoMatch } from "../../../../books/matching/index.ts";
import { type Currency, ok, type Result, type Uuid } from "../../../../pure/kernel/index.ts";
import { businessDay, knownCreditor } from "../../names.ts";
import { type Api, route } from "../../route.ts";
import type { Call } from "../../model.ts";
import { moneyOf, say, worded } from "../../said/index.ts";
import { creditorQuery } from "../../schema/basics.ts";
import { batchDone, bookSure, entryIds, sureGroup, unmatchedAgeing } from "../../schema/matching.ts";

type BatchDone = z.infer<typeof batchDone>;

export function bankTogetherRoutes(api: Api): void {
  route(
    api,
    {
      method: "get",
      path: "/bank/sure",
      permission: "bank.read",
      summary: "Sure proposals by what makes them sure",
      query: creditorQuery,
      answer: z.array(sureGroup),
    },
    ({ act, query, language }) =>
      act(async (one) => {
        const creditor = await knownCreditor(one, query.creditor);
        if (!creditor.ok) return creditor;
        const lines = await sureLines(one, creditor.value);
        return ok(
          [...grouped(lines, (line) => line.kind)].map(([kind, group]) => ({
            kind: say(language, `sure_${kind}`),
            entries: group.reduce((sum, line) => sum + line.entries, 0),
            sums: group.map((line) => moneyOf(line.amount, line.currency)),
            probability: Math.min(...group.map((line) => line.lowest)) / 100,
          })),
        );
      }),
  );
  route(
    api,
    {
      method: "post",
      path: "/bank/book-sure",
      permission: "match.decide",
      summary: "Book sure proposals together; what is no longer sure is left",
      body: bookSure,
      answer: batchDone,
    },
    (call) =>
      eachAlone(call, call.body.entryIds, async (act, entryId) => {
        const page = await entryLines(act, { entryId }, { order: [{ column: "entry_id" }], limit: 1, offset: 0 });
        if (`sure_${page.rows[0]?.sure ?? ""}` !== call.body.kind) return say(call.language, "no_longer_sure");
        const booked = await confirmProposal(act, entryId, 0);
        return booked.ok ? undefined : booked;
      }),
  );
  route(
    api,
    {
      method: "post",
      path: "/bank/reopen",
      permission: "match.decide",
      summary: "Take bookings back, with their proposals",
      body: entryIds,
      answer: batchDone,
    },
    (call) =>
      eachAlone(call, call.body.entryIds, async (act, entryId) => {
        const undone = await undoMatch(act, entryId);
        if (!undone.ok) return undone;
        await proposeAgain(act, entryId);
        return undefined;
      }),
  );
  route(
    api,
    {
      method: "get",
      path: "/bank/ageing",
      permission: "bank.read",
      summary: "Unmatched money by days since it was booked",
      query: creditorQuery,
      answer: z.array(unmatchedAgeing),
    },
    ({ act, query }) =>
      act(async (one) => {
        const creditor = await knownCreditor(one, query.creditor);
        if (!creditor.ok) return creditor;
        const lines = await unmatchedByAge(one, creditor.value, await businessDay(one, creditor.value));
        return ok([...grouped(lines, (line) => line.currency)].map(([currency, group]) => ageingOf(currency, group)));
      }),
  );
}

type Left = BatchDone["left"][number]["why"];

/** A transaction an entry: what can't be done is left with its reason, the others stand. */
async function eachAlone(
  { act }: Pick<Call, "act">,
  ids: readonly string[],
  work: (act: Parameters<Parameters<Call["act"]>[0]>[0], entryId: Uuid) => Promise<Left | Result<unknown> | undefined>,
): Promise<Result<BatchDone>> {
  const done: string[] = [];
  const left: BatchDone["left"] = [];
  for (const id of new Set(ids)) {
    let why: Left | undefined;
    const result = await act(async (one): Promise<Result<undefined>> => {
      const answer = await work(one, id as Uuid);
      if (answer === undefined) return ok(undefined);
      if (!("ok" in answer)) {
        why = answer;
        return ok(undefined);
      }
      return answer.ok ? ok(undefined) : answer;
    });
    if (!result.ok) why = worded(result.error.code, result.error.message);
    if (why === undefined) done.push(id);
    else left.push({ entryId: id, why });
  }
  return ok({ done, left });
}

function grouped<Key, Line>(lines: readonly Line[], keyOf: (line: Line) => Key): Map<Key, Line[]> {
  const groups = new Map<Key, Line[]>();
  for (const line of lines) groups.set(keyOf(line), [...(groups.get(keyOf(line)) ?? []), line]);
  return groups;
}

function ageingOf(currency: Currency, lines: readonly AgeLine[]): z.infer<typeof unmatchedAgeing> {
  const of = (band: number) => lines.find((line) => line.band === band);
  const bands = [...UNMATCHED_BANDS, null].map((toDay, band) => ({
    fromDay: band === 0 ? 0 : (UNMATCHED_BANDS[band - 1] ?? 0) + 1,
    toDay,
    entries: of(band)?.entries ?? 0,
    amount: moneyOf(of(band)?.amount ?? 0n, currency),
  }));
  return {
    currency,
    entries: lines.reduce((sum, line) => sum + line.entries, 0),
    amount: moneyOf(
      lines.reduce((sum, line) => sum + line.amount, 0n),
      currency,
    ),
    oldest: lines.map((line) => line.oldest).sort()[0] ?? null,
    bands,
  };
}
