/** Payouts of payment providers: what each line did, and what a person decides of those that did nothing. */
import { z } from "@hono/zod-openapi";
import { changeCreditorSettings, creditor, mayOpenCustomer } from "../../../../books/customers/index.ts";
import {
  decideLine,
  decidePayout,
  ownMappings,
  payoutCounts,
  payouts,
  type PayoutState,
  settlementMappings,
  undoLine,
  undoPayout,
} from "../../../../books/matching/index.ts";
import { type Act, appendAudit, type Caller } from "../../../../platform/access/index.ts";
import { SHIPPED_SETTLEMENTS } from "../../../../pure/formats/index.ts";
import {
  type CreditorId,
  type CustomerId,
  type Failure,
  fail,
  ok,
  type ReceivableId,
  type Result,
  type Uuid,
} from "../../../../pure/kernel/index.ts";
import { arranged, listRoute } from "../../list.ts";
import { creditorRefs, knownCreditor } from "../../names.ts";
import { shownPayout, shownPayouts } from "../../present/payouts.ts";
import { type Api, route } from "../../route.ts";
import { id, type Language } from "../../schema/basics.ts";
import {
  payoutDecision,
  payoutDetail,
  payoutId,
  payoutLineDecision,
  payoutRow,
  payoutState,
  settlementMappingsOf,
  settlementMappingsPut,
} from "../../schema/matching.ts";

/** Providers pay out daily: years of it. */
const ROWS = 5_000;
const params = z.strictObject({ payoutId });
const bytes = (hex: string): Buffer => Buffer.from(hex, "hex");

export function payoutRoutes(api: Api): void {
  listRoute(
    api,
    {
      path: "/bank/payouts",
      permission: "bank.read",
      summary: "Payouts of payment providers and marketplaces",
      filters: { state: payoutState.optional() },
      row: payoutRow,
      columns: ["provider", "reference", "creditor", "paidOn", "amount", "state", "lines", "openLines", "open"],
    },
    ({ act, query, language }) =>
      act(async (one) => {
        const whose = await knownCreditor(one, query.creditor);
        if (!whose.ok) return whose;
        const { state } = query as { state?: PayoutState };
        const found = await payouts(one, {
          ...(state && { states: [state] }),
          ...(whose.value !== undefined && { creditorId: whose.value }),
          limit: ROWS,
        });
        const counts = await payoutCounts(one, found);
        const rows = found.flatMap((payout, index) => {
          const count = counts[index];
          return count ? [{ payout, ...count }] : [];
        });
        return arranged(await shownPayouts(one, rows, language), query, { sum: "amount" });
      }),
  );
  route(
    api,
    {
      method: "get",
      path: "/bank/payouts/{payoutId}",
      permission: "bank.read",
      summary: "A payout with its lines and sums",
      params,
      answer: payoutDetail,
    },
    ({ act, params: { payoutId: hex }, caller, language }) => act((one) => detail(one, hex, caller, language)),
  );
  route(
    api,
    {
      method: "post",
      path: "/bank/payouts/{payoutId}/decide",
      permission: "match.decide",
      summary: "Book a payout with a bank entry, leave it alone, take it up again, or take its booking back",
      params,
      body: payoutDecision,
      answer: payoutDetail,
    },
    ({ act, params: { payoutId: hex }, body, caller, language }) =>
      act(async (one) => {
        const decided =
          body.act === "undo"
            ? await undoPayout(one, bytes(hex))
            : await decidePayout(
                one,
                bytes(hex),
                body.act === "book" ? { act: "book", entryId: body.entryId as Uuid | null } : { act: body.act },
              );
        return decided.ok ? detail(one, hex, caller, language) : decided;
      }),
  );
  route(
    api,
    {
      method: "post",
      path: "/bank/payouts/{payoutId}/lines/{line}/decide",
      permission: "match.decide",
      summary: "Book an open line by hand, call it a fee, set it aside, or take back what was decided",
      params: params.extend({ line: z.coerce.number().int().min(1).max(10_000_000) }),
      body: payoutLineDecision,
      answer: payoutDetail,
    },
    ({ act, params: { payoutId: hex, line }, body, caller, language }) =>
      act(async (one) => {
        const decided = await decide(one, bytes(hex), line, body);
        return decided.ok ? detail(one, hex, caller, language) : decided;
      }),
  );
  mappingRoutes(api);
}

async function decide(
  act: Act,
  fingerprint: Buffer,
  line: number,
  body: z.infer<typeof payoutLineDecision>,
): Promise<Result<void, Failure>> {
  if (body.act === "undo") return undoLine(act, fingerprint, line);
  if (body.act !== "book") return decideLine(act, fingerprint, line, { act: body.act });
  const customerId = body.customerId as CustomerId;
  const may = await mayOpenCustomer(act, customerId);
  if (!may.ok) return may;
  return decideLine(act, fingerprint, line, { act: "book", customerId, items: body.items as ReceivableId[] });
}

async function detail(
  act: Act,
  hex: string,
  caller: Caller,
  language: Language,
): Promise<Result<z.infer<typeof payoutDetail>>> {
  const [payout] = await payouts(act, { fingerprint: bytes(hex), limit: 1 });
  if (!payout) return fail("not_found", "payout_unknown", "There is no such payout.", "payoutId");
  return ok(await shownPayout(act, payout, caller, language));
}

/** How settlement files are read: mappings that ship, and those of a creditor. */
function mappingRoutes(api: Api): void {
  const whose = z.strictObject({ creditor: id });
  route(
    api,
    {
      method: "get",
      path: "/creditors/{creditor}/settlement-mappings",
      permission: "creditor.read",
      summary: "Mappings of settlement files that ship, and the creditor's own",
      params: whose,
      answer: settlementMappingsOf,
    },
    ({ act, params: of }) => act((one) => mappingsOf(one, of.creditor)),
  );
  route(
    api,
    {
      method: "put",
      path: "/creditors/{creditor}/settlement-mappings",
      permission: "creditor.edit",
      summary: "Put the creditor's own mappings of settlement files in place of those there",
      params: whose,
      body: settlementMappingsPut,
      answer: settlementMappingsOf,
    },
    ({ act, params: of, body }) =>
      act(async (one) => {
        const known = await knownCreditor(one, of.creditor);
        if (!known.ok) return known;
        const mappings = settlementMappings(body.mappings);
        if (!mappings.ok) return mappings;
        await changeCreditorSettings(one, of.creditor as CreditorId, { settlements: mappings.value });
        await appendAudit(one, {
          act: "creditor.settlements_changed",
          subject: of.creditor,
          details: { mappings: mappings.value.map((mapping) => mapping.id) },
        });
        return mappingsOf(one, of.creditor);
      }),
  );
}

async function mappingsOf(act: Act, creditorId: string): Promise<Result<z.infer<typeof settlementMappingsOf>>> {
  const known = await knownCreditor(act, creditorId);
  if (!known.ok) return known;
  const of = await creditor(act, creditorId as CreditorId);
  return ok({
    creditor: (await creditorRefs(act)).get(of.creditorId) ?? { id: of.creditorId, name: of.name },
    own: [...ownMappings(of)],
    shipped: SHIPPED_SETTLEMENTS.map(({ id: key, provider, layout }) => ({ id: key, provider, layout })),
  });
}
