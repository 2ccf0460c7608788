/** What matching learned, and the monthly sample of what it booked by itself. */
import { z } from "@hono/zod-openapi";
import {
  decideReview,
  knownAccounts,
  reviewMonths,
  reviewSample,
  setRemembered,
} from "../../../../books/matching/index.ts";
import { mayOpenCustomer } from "../../../../books/customers/index.ts";
import { type CustomerId, fail, ok, type PlainDate, type Result, type Uuid } from "../../../../pure/kernel/index.ts";
import { arranged, listRoute } from "../../list.ts";
import { knownCreditor } from "../../names.ts";
import { shownAccounts, shownReviews } from "../../present/learned.ts";
import { type Api, route } from "../../route.ts";
import { creditorQuery, id } from "../../schema/basics.ts";
import { knownAccount, matchReview, reviewRow, reviewVerdict } from "../../schema/learned.ts";

/** Sorted and searched in memory, because names and accounts are sealed. */
const ROWS = 5_000;
const accountParams = z.strictObject({ accountId: z.string().regex(/^[0-9a-f]{2,128}$/) });
const whose = z.strictObject({ customerId: id });

export function bankLearnedRoutes(api: Api): void {
  listRoute(
    api,
    {
      path: "/bank/accounts",
      permission: "bank.read",
      summary: "Accounts matching knows customers by",
      filters: { customer: id.optional() },
      row: knownAccount,
      columns: ["customer", "iban", "relation", "learned", "learnedAt", "lastPaidOn", "payments", "forgottenAt"],
    },
    ({ act, query, language }) =>
      act(async (one) => {
        const { customer } = query as { customer?: string };
        const { rows } = await knownAccounts(
          one,
          customer === undefined ? {} : { customerId: customer as CustomerId },
          ROWS,
        );
        return arranged(await shownAccounts(one, rows, language), query);
      }),
  );
  for (const [verb, remembered] of [
    ["forget", false],
    ["remember", true],
  ] as const)
    route(
      api,
      {
        method: "post",
        path: `/bank/accounts/{accountId}/${verb}`,
        permission: "match.decide",
        summary: remembered ? "Know a customer by this account again" : "No longer know a customer by this account",
        params: accountParams,
        body: whose,
        answer: knownAccount,
      },
      ({ act, params, body, language }) =>
        act(async (one) => {
          const customerId = body.customerId as CustomerId;
          const may = await mayOpenCustomer(one, customerId);
          if (!may.ok) return may;
          const token = Buffer.from(params.accountId, "hex");
          const unknown = fail("not_found", "account_unknown", "This customer has no such account.", params.accountId);
          if (!(await setRemembered(one, customerId, token, remembered))) return unknown;
          const { rows } = await knownAccounts(one, { customerId, token }, ROWS);
          const [shown] = await shownAccounts(
            one,
            rows.filter((row) => row.customerId === customerId),
            language,
          );
          return shown ? ok(shown) : unknown;
        }),
    );
  route(
    api,
    {
      method: "get",
      path: "/bank/review",
      permission: "bank.read",
      summary: "The monthly sample of automatic matches",
      query: creditorQuery.extend({
        month: z
          .string()
          .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
          .optional(),
      }),
      answer: matchReview,
    },
    ({ act, query, language }) =>
      act(async (one): Promise<Result<z.infer<typeof matchReview>>> => {
        const creditor = await knownCreditor(one, query.creditor);
        if (!creditor.ok) return creditor;
        const months = await reviewMonths(one, creditor.value);
        const month = query.month ?? months[0]?.month.slice(0, 7) ?? one.tx.now.toISOString().slice(0, 7);
        const sample = await reviewSample(one, {
          month: `${month}-01` as PlainDate,
          ...(creditor.value !== undefined && { creditorId: creditor.value }),
        });
        const decided = sample.filter(({ verdict }) => verdict !== null).length;
        const wrong = sample.filter(({ verdict }) => verdict === "wrong").length;
        return ok({
          month,
          months: months.map((known) => known.month.slice(0, 7)),
          automatic: Number(months.find((known) => known.month.startsWith(month))?.matches ?? 0n),
          decided,
          wrong,
          errorRate: wilson(wrong, decided),
          rows: await shownReviews(one, sample, language),
        });
      }),
  );
  route(
    api,
    {
      method: "post",
      path: "/bank/review/{reviewId}",
      permission: "match.decide",
      summary: "Say whether an automatic match was right; a wrong one is undone",
      params: z.strictObject({ reviewId: id }),
      body: reviewVerdict,
      answer: reviewRow,
    },
    ({ act, params, body, language }) =>
      act(async (one) => {
        const decided = await decideReview(one, params.reviewId as Uuid, body.verdict);
        if (!decided.ok) return decided;
        const [shown] = await shownReviews(one, [decided.value], language);
        return shown ? ok(shown) : fail("not_found", "review_not_found", "There is no such match in a sample.");
      }),
  );
}

/** 95 % interval of a share (Wilson 1927), null of nothing. */
function wilson(hits: number, of: number): { low: number; high: number } | null {
  if (of === 0) return null;
  const z2 = 1.959964 ** 2;
  const share = hits / of;
  const middle = share + z2 / (2 * of);
  const reach = 1.959964 * Math.sqrt((share * (1 - share)) / of + z2 / (4 * of * of));
  const part = (value: number): number => Math.min(1, Math.max(0, value / (1 + z2 / of)));
  return { low: part(middle - reach), high: part(middle + reach) };
}
