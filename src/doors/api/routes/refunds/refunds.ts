/** Money that is the customer's: what rests with us, refunds, payment files. */
import { z } from "@hono/zod-openapi";
import {
  createRefundFile,
  type CreditBalance,
  creditBalances,
  decideRefund,
  proposeRefund,
  type Refund,
  type RefundFile,
  refundFileContent,
  refundFiles,
  refunds,
} from "../../../../books/banking/index.ts";
import {
  type Act,
  actorName,
  type Caller,
  can,
  mayConfirm,
  mayDecide,
  readUser,
} from "../../../../platform/access/index.ts";
import {
  type CreditorId,
  type CustomerId,
  EUR,
  fail,
  money,
  moneyFromText,
  ok,
  type ReceivableId,
  type Result,
  type UserId,
  type Uuid,
} from "../../../../pure/kernel/index.ts";
import { arranged, listRoute } from "../../list.ts";
import { actorNames, businessDay, creditorRefs, customerRefs, knownCreditor } from "../../names.ts";
import { type Api, fileRoute, route } from "../../route.ts";
import { moneyOf, say } from "../../said/index.ts";
import { id, type Language } from "../../schema/basics.ts";
import * as schema from "../../schema/refunds.ts";

type ShownBalance = z.infer<typeof schema.creditBalance>;
type ShownRefund = z.infer<typeof schema.refund>;
type ShownFile = z.infer<typeof schema.refundFile>;

/** Sorted and searched in memory, because names are sealed. */
const ROWS = 5_000;
const days = z.coerce.number().int().min(0).max(100_000).optional();
const refundParams = z.strictObject({ refundId: id });
const fileParams = z.strictObject({ fileId: id });

/** Enough to recognise an account, too little to use it. */
const shortened = (iban: string): string => `${iban.slice(0, 2)}•• •••• ${iban.slice(-4)}`;

export function refundRoutes(api: Api): void {
  listRoute(
    api,
    {
      path: "/credit-balances",
      permission: "receivable.read",
      summary: "Money of customers that rests with us, oldest first",
      filters: { agefrom: days, ageto: days },
      row: schema.creditBalance,
      columns: ["customer", "creditor", "amount", "since", "ageDays", "cause", "owed"],
    },
    ({ act, query, caller, language }) =>
      act(async (one) => {
        const creditor = await knownCreditor(one, query.creditor);
        if (!creditor.ok) return creditor;
        const { agefrom, ageto } = query as { agefrom?: number; ageto?: number };
        const day = await businessDay(one, creditor.value);
        const filter = {
          ...(creditor.value !== undefined && { creditorId: creditor.value }),
          ...(agefrom !== undefined && { ageFrom: agefrom }),
          ...(ageto !== undefined && { ageTo: ageto }),
        };
        const rows = await shownBalances(one, await creditBalances(one, day, filter, ROWS), caller, language);
        return arranged(rows, query, { sum: "amount" });
      }),
  );
  listRoute(
    api,
    {
      path: "/refunds",
      permission: "proposal.read",
      summary: "Refunds, newest first",
      filters: { state: schema.refundState.optional() },
      row: schema.refund,
      columns: ["customer", "creditor", "amount", "state", "reason", "proposedBy", "proposedAt", "approvedBy"],
    },
    ({ act, query, caller, language }) =>
      act(async (one) => {
        const creditor = await knownCreditor(one, query.creditor);
        if (!creditor.ok) return creditor;
        const { state } = query as { state?: ShownRefund["state"] };
        const found = await refunds(
          one,
          { ...(state && { state }), ...(creditor.value !== undefined && { creditorId: creditor.value }) },
          ROWS,
        );
        return arranged(await shownRefunds(one, found, caller, language), query, { sum: "amount" });
      }),
  );
  route(
    api,
    {
      method: "post",
      path: "/refunds",
      permission: "proposal.decide",
      summary: "Propose to give money back to the account it came from",
      body: schema.newRefund,
      answer: schema.refund,
    },
    ({ act, body, caller, language }) =>
      act(async (one) => {
        if (body.amount.currency !== "EUR")
          return fail("invalid", "refund_currency", "Only euros can be paid back by a SEPA payment file.", "amount");
        const amount = moneyFromText(body.amount.amount, EUR);
        if (!amount.ok) return amount;
        const made = await proposeRefund(one, {
          customerId: body.customerId as CustomerId,
          receivableId: body.itemId as ReceivableId,
          amountMinor: amount.value.minor,
          ...(body.reason !== null && { reason: body.reason }),
        });
        return shownOne(one, made, caller, language);
      }),
  );
  route(
    api,
    {
      method: "post",
      path: "/refunds/{refundId}/decide",
      permission: "proposal.decide",
      summary: "Approve, refuse or withdraw a refund",
      params: refundParams,
      body: schema.refundDecision,
      answer: schema.refund,
    },
    ({ act, params, body, caller, language }) =>
      act(async (one) => shownOne(one, await decideRefund(one, params.refundId as Uuid, body.act), caller, language)),
  );
  listRoute(
    api,
    {
      path: "/refund-files",
      permission: "proposal.read",
      summary: "Payment files of refunds, newest first",
      filters: {},
      row: schema.refundFile,
      columns: ["creditor", "account", "refunds", "sum", "createdAt", "createdBy"],
    },
    ({ act, query, language }) =>
      act(async (one) => arranged(await shownFiles(one, await refundFiles(one, {}, ROWS), language), query)),
  );
  route(
    api,
    {
      method: "post",
      path: "/refund-files",
      permission: "proposal.confirm",
      summary: "Put all approved refunds of a creditor into a payment file",
      body: schema.newRefundFile,
      answer: schema.refundFile,
    },
    ({ act, body, language }) =>
      act(async (one) => {
        const creditor = await knownCreditor(one, body.creditorId);
        if (!creditor.ok) return creditor;
        const made = await createRefundFile(one, body.creditorId as CreditorId);
        if (!made.ok) return made;
        const [shown] = await shownFiles(one, [made.value], language);
        if (!shown) throw new Error("the payment file is not shown");
        return ok(shown);
      }),
  );
  fileRoute(
    api,
    {
      path: "/refund-files/{fileId}/pain.xml",
      permission: "proposal.confirm",
      summary: "The payment file for the bank (pain.001.001.09)",
      params: fileParams,
      gives: ["application/xml"],
    },
    async ({ act, params }) => {
      const text = await act((one) => refundFileContent(one, params.fileId as Uuid));
      if (!text.ok) return text;
      const headers = {
        "content-type": "application/xml; charset=utf-8",
        "content-disposition": `attachment; filename="refunds-${params.fileId.slice(0, 8)}.xml"`,
        "cache-control": "private, no-store",
      };
      return ok(new Response(text.value, { headers }));
    },
  );
}

async function shownBalances(
  act: Act,
  balances: readonly CreditBalance[],
  caller: Caller,
  language: Language,
): Promise<ShownBalance[]> {
  const customers = await customerRefs(act, [...new Set(balances.map((one) => one.customerId))]);
  const creditors = await creditorRefs(act);
  const decides = can(caller.actor.role, "proposal.decide");
  return balances.flatMap((one): ShownBalance[] => {
    const customer = customers.get(one.customerId);
    const creditor = creditors.get(one.creditorId);
    if (!customer || !creditor) return [];
    return [
      {
        id: one.receivableId,
        customer,
        creditor,
        amount: moneyOf(one.amountMinor, one.currency),
        since: one.since,
        ageDays: one.ageDays,
        cause: say(language, `credit_${one.cause}`),
        account: one.account && { iban: shortened(one.account.iban), holder: one.account.holder },
        owed: moneyOf(one.owedMinor, one.currency),
        refund: one.refund && { id: one.refund.refundId, state: one.refund.state },
        mayPropose: decides && one.refund === null && one.account !== null && one.currency === "EUR",
      },
    ];
  });
}

async function shownOne(
  act: Act,
  found: Result<Refund>,
  caller: Caller,
  language: Language,
): Promise<Result<ShownRefund>> {
  if (!found.ok) return found;
  const [shown] = await shownRefunds(act, [found.value], caller, language);
  return shown ? ok(shown) : fail("not_found", "refund_not_found", "There is no such refund.", found.value.refundId);
}

async function shownRefunds(
  act: Act,
  list: readonly Refund[],
  caller: Caller,
  language: Language,
): Promise<ShownRefund[]> {
  const customers = await customerRefs(act, [...new Set(list.map((one) => one.customerId))]);
  const creditors = await creditorRefs(act);
  const names = await actorNames(
    act,
    list.flatMap((one) => [one.proposedBy, one.firstApprovedBy, one.decidedBy]),
    language,
  );
  const user = caller.actor.kind === "user" ? await readUser(act, caller.actor.id as UserId) : undefined;
  const why = (one: Refund): string | null => {
    if (one.state !== "proposed" && one.state !== "agreed_once") return null;
    if (!user || !can(caller.actor.role, "proposal.decide")) return "refund_not_role";
    if (one.proposedBy === actorName(caller.actor)) return "refund_not_own";
    const alone = mayDecide(user, money(one.amountMinor, one.currency));
    if (!alone.ok) return "refund_not_role";
    if (alone.value === "alone" || one.firstApprovedBy === null) return null;
    return mayConfirm(user, one.firstApprovedBy.replace(/^user:/, "") as UserId).ok ? null : "refund_not_second";
  };
  return list.flatMap((one): ShownRefund[] => {
    const customer = customers.get(one.customerId);
    const creditor = creditors.get(one.creditorId);
    if (!customer || !creditor || !one.account) return [];
    const open = one.state === "proposed" || one.state === "agreed_once";
    const mayNot = why(one);
    const decides = can(caller.actor.role, "proposal.decide");
    const acts: ShownRefund["acts"] = [
      ...(open && mayNot === null ? (["approve"] as const) : []),
      ...(open && decides ? (["refuse"] as const) : []),
      ...(decides && (open || one.state === "approved") ? (["withdraw"] as const) : []),
    ];
    return [
      {
        id: one.refundId,
        customer,
        creditor,
        amount: moneyOf(one.amountMinor, one.currency),
        account: { iban: shortened(one.account.iban), holder: one.account.holder },
        state: one.state,
        reason: one.reason,
        proposedBy: names(one.proposedBy),
        proposedAt: one.proposedAt.toISOString(),
        firstApprovedBy: one.firstApprovedBy && names(one.firstApprovedBy),
        approvedBy:
          one.decidedBy && (one.state === "approved" || one.state === "in_file") ? names(one.decidedBy) : null,
        fileId: one.fileId,
        acts,
        mayNot: mayNot === null ? null : say(language, mayNot),
      },
    ];
  });
}

async function shownFiles(act: Act, files: readonly RefundFile[], language: Language): Promise<ShownFile[]> {
  const creditors = await creditorRefs(act);
  const names = await actorNames(
    act,
    files.map((file) => file.createdBy),
    language,
  );
  return files.flatMap((file): ShownFile[] => {
    const creditor = creditors.get(file.creditorId);
    if (!creditor) return [];
    return [
      {
        id: file.fileId,
        creditor,
        account: file.account,
        refunds: file.refunds,
        sum: moneyOf(file.sumMinor, file.currency),
        createdAt: file.createdAt.toISOString(),
        createdBy: names(file.createdBy),
      },
    ];
  });
}
