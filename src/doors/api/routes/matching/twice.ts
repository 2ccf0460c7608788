/** Payments made twice: listed, and decided by a person. */
import { z } from "@hono/zod-openapi";
import { decidePaidTwice, type PaidTwice, paidTwice, type TwiceAct } from "../../../../books/matching/index.ts";
import { type Act, type Caller, can } from "../../../../platform/access/index.ts";
import { fail, ok, type Uuid } from "../../../../pure/kernel/index.ts";
import { arranged, listRoute } from "../../list.ts";
import { customerRefs, knownCreditor } from "../../names.ts";
import { type Api, route } from "../../route.ts";
import { moneyOf, say } from "../../said/index.ts";
import { id, type Language } from "../../schema/basics.ts";
import { duplicatePayment, twiceDecision } from "../../schema/matching.ts";

type Shown = z.infer<typeof duplicatePayment>;

/** Sorted and searched in memory, because names are sealed. */
const ROWS = 5_000;

export function paidTwiceRoutes(api: Api): void {
  listRoute(
    api,
    {
      path: "/bank/duplicate-payments",
      permission: "bank.read",
      summary: "Claims that were paid twice",
      filters: { state: z.enum(["open", "decided"]).optional() },
      row: duplicatePayment,
      columns: ["customer", "number", "amount", "why", "state"],
    },
    ({ act, query, caller, language }) =>
      act(async (one) => {
        const creditor = await knownCreditor(one, query.creditor);
        if (!creditor.ok) return creditor;
        const { state = "open" } = query as { state?: "open" | "decided" };
        const filter = { state, ...(creditor.value !== undefined && { creditorId: creditor.value }) };
        return arranged(await shownTwice(one, await paidTwice(one, filter, ROWS), caller, language), query, {
          sum: "amount",
        });
      }),
  );
  route(
    api,
    {
      method: "post",
      path: "/bank/duplicate-payments/{workId}/decide",
      permission: "match.decide",
      summary: "Propose the second payment's refund, set it off, or keep it as credit",
      params: z.strictObject({ workId: id }),
      body: twiceDecision,
      answer: duplicatePayment,
    },
    ({ act, params, body, caller, language }) =>
      act(async (one) => {
        if (!mayDo(caller).includes(body.act))
          return fail("forbidden", "not_allowed", "Your role does not allow this.");
        const decided = await decidePaidTwice(one, params.workId as Uuid, body.act);
        if (!decided.ok) return decided;
        const [shown] = await shownTwice(one, [decided.value], caller, language);
        return shown ? ok(shown) : fail("not_found", "work_unknown", "There is no such work.", params.workId);
      }),
  );
}

/** A refund is a proposal: who makes one must be allowed to. */
const mayDo = ({ actor }: Caller): TwiceAct[] =>
  can(actor.role, "match.decide")
    ? [...(can(actor.role, "proposal.decide") ? (["refund"] as const) : []), "set_off", "keep"]
    : [];

async function shownTwice(act: Act, list: readonly PaidTwice[], caller: Caller, language: Language): Promise<Shown[]> {
  const customers = await customerRefs(act, [...new Set(list.map((one) => one.customerId))]);
  return list.flatMap((one): Shown[] => {
    const customer = customers.get(one.customerId);
    if (!customer) return [];
    const { first, second, currency } = one;
    const accounts = first.account === null || second.account === null ? "" : "_account";
    const same = first.account === second.account ? "_same" : "_other";
    const once = (payment: PaidTwice["first"]): Shown["first"] => ({
      entryId: payment.entryId,
      on: payment.on,
      amount: moneyOf(payment.amountMinor, currency),
      account: payment.account ?? "",
      remittance: payment.remittance.join(" "),
    });
    return [
      {
        id: one.taskId,
        customer,
        number: one.number,
        amount: moneyOf(one.amountMinor, currency),
        first: once(first),
        second: once(second),
        why: say(language, accounts === "" ? "paid_twice" : `paid_twice${same}${accounts}`),
        state: one.state,
        acts: one.state === "open" ? mayDo(caller) : [],
      },
    ];
  });
}
