/** What is handed back to the ERP. */
import { z } from "@hono/zod-openapi";
import { creditors } from "../../../../books/customers/index.ts";
import {
  handBack,
  type HandBackBatch,
  handBackBatches,
  handBackFile,
  markBatch,
  pendingHandBack,
} from "../../../../books/reconciliation/index.ts";
import type { Act } from "../../../../platform/access/index.ts";
import { type CreditorId, fail, ok, type Result, type Uuid } from "../../../../pure/kernel/index.ts";
import { arranged, listRoute } from "../../list.ts";
import { actorNames, creditorRefs, knownCreditor } from "../../names.ts";
import { type Api, fileRoute, route } from "../../route.ts";
import { moneyOf, say } from "../../said/index.ts";
import { creditorQuery, id, type Language } from "../../schema/basics.ts";
import * as schema from "../../schema/reconciliation.ts";

type ShownBatch = z.infer<typeof schema.handbackBatch>;
const batchParams = z.strictObject({ batchId: id });

export function handBackRoutes(api: Api): void {
  route(
    api,
    {
      method: "get",
      path: "/handback/pending",
      permission: "receivable.read",
      summary: "What the next batch would hold, by creditor",
      query: creditorQuery,
      answer: z.array(schema.handbackPending),
    },
    ({ act, query, language }) =>
      act(async (one) => {
        const known = await knownCreditor(one, query.creditor);
        if (!known.ok) return known;
        const refs = await creditorRefs(one);
        const rows: z.infer<typeof schema.handbackPending>[] = [];
        for (const of of await creditors(one)) {
          if (query.creditor !== undefined && of.creditorId !== query.creditor) continue;
          const { byKind, postings, oldest, missing } = await pendingHandBack(one, of);
          const kinds = missing.map((kind) => say(language, `handback_${kind}`).text).join(", ");
          rows.push({
            creditor: refs.get(of.creditorId) ?? { id: of.creditorId, name: of.name },
            postings,
            oldest,
            ...sumsOf(byKind, language),
            mayNot: missing.length > 0 ? say(language, "handback_accounts_missing", { kinds }) : null,
          });
        }
        return ok(rows);
      }),
  );
  listRoute(
    api,
    {
      path: "/handback/batches",
      permission: "receivable.read",
      summary: "Batches of postings, newest first",
      filters: {},
      row: schema.handbackBatch,
      columns: ["number", "creditor", "from", "to", "postings", "createdAt", "createdBy", "takenAt"],
    },
    ({ act, query, language }) =>
      act(async (one) => {
        const { creditor } = query;
        const rows = await handBackBatches(one, creditor === undefined ? {} : { creditorId: creditor as CreditorId });
        return arranged(await shown(one, rows, language), query);
      }),
  );
  route(
    api,
    {
      method: "post",
      path: "/handback/batches",
      permission: "receivable.book",
      summary: "Put everything pending into batches; answers the oldest that was not fetched",
      body: z.strictObject({ creditorId: id }),
      answer: schema.handbackBatch,
    },
    ({ act, body, language }) =>
      act(async (one): Promise<Result<ShownBatch>> => {
        const creditor = await knownCreditor(one, body.creditorId);
        if (!creditor.ok) return creditor;
        const made = await handBack(one, body.creditorId as CreditorId);
        if (!made.ok) return made;
        const [first] = await shown(one, made.value, language);
        return first ? ok(first) : fail("conflict", "nothing_to_hand_back", "There is nothing to hand back.");
      }),
  );
  route(
    api,
    {
      method: "post",
      path: "/handback/batches/{batchId}/taken",
      permission: "receivable.book",
      summary: "The ERP has the batch",
      params: batchParams,
      answer: schema.handbackBatch,
    },
    ({ act, params, language }) =>
      act(async (one): Promise<Result<ShownBatch>> => {
        await markBatch(one, params.batchId, "taken");
        const [batch] = await shown(one, await handBackBatches(one, { batchId: params.batchId }), language);
        return batch ? ok(batch) : fail("not_found", "batch_not_found", "There is no such batch.");
      }),
  );
  fileRoute(
    api,
    {
      path: "/handback/batches/{batchId}/file",
      permission: "list.export",
      summary: "A batch as a file; the same batch is always the same file",
      params: batchParams,
      query: z.strictObject({ format: z.enum(["datev", "csv"]) }),
      gives: ["text/csv"],
    },
    ({ act, params, query }) =>
      act(async (one): Promise<Result<Response>> => {
        const { batchId } = params as { batchId: Uuid };
        const file = await handBackFile(one, batchId, query.format as "datev" | "csv");
        if (!file.ok) return file;
        await markBatch(one, batchId, "fetched");
        const { bytes, mediaType, name } = file.value;
        return ok(
          new Response(new Uint8Array(bytes), {
            headers: { "content-type": mediaType, "content-disposition": `attachment; filename="${name}"` },
          }),
        );
      }),
  );
}

function sumsOf(byKind: HandBackBatch["byKind"], language: Language) {
  const sums = new Map<string, bigint>();
  for (const { currency, minor } of byKind) sums.set(currency, (sums.get(currency) ?? 0n) + minor);
  return {
    sums: [...sums].map(([currency, minor]) => moneyOf(minor, currency)),
    byKind: byKind.map(({ kind, count, minor, currency }) => ({
      kind: say(language, `handback_${kind}`),
      postings: count,
      amount: moneyOf(minor, currency),
    })),
  };
}

async function shown(act: Act, batches: readonly HandBackBatch[], language: Language): Promise<ShownBatch[]> {
  const refs = await creditorRefs(act);
  const names = await actorNames(
    act,
    batches.map(({ createdBy }) => createdBy),
    language,
  );
  return batches.map((batch) => ({
    id: batch.batchId,
    number: batch.number,
    creditor: refs.get(batch.creditorId) ?? { id: batch.creditorId, name: "" },
    from: batch.from,
    to: batch.to,
    postings: batch.lines,
    ...sumsOf(batch.byKind, language),
    createdAt: batch.createdAt.toISOString(),
    createdBy: names(batch.createdBy),
    takenAt: batch.takenAt?.toISOString() ?? null,
  }));
}
