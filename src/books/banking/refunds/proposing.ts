/** A refund is a proposal until people have agreed (invariant 12). */
import {
  type CustomerId,
  dateIn,
  type Failure,
  fail,
  ok,
  type ReceivableId,
  type Result,
  type Uuid,
} from "../../../pure/kernel/index.ts";
import { type Act, actorName, appendAudit } from "../../../platform/access/index.ts";
import { sql } from "../../../platform/database/index.ts";
import { creditor, lockCustomer, mayOpenCustomer } from "../../customers/index.ts";
import { createTask, decideTask, receivables, withdrawTask } from "../../receivables/index.ts";
import type { Refund } from "./model.ts";
import { originsOf } from "./origin.ts";
import { creditBalances, REFUND_ACCOUNT, REFUND_REASON, refunds } from "./store.ts";

export interface NewRefund {
  readonly customerId: CustomerId;
  /** The item that holds the money. */
  readonly receivableId: ReceivableId;
  /** Minor units of the item's currency, above zero. */
  readonly amountMinor: bigint;
  readonly reason?: string;
}

/**
 * Proposes to give money back to the account it came from. Failures: `customer_not_found`,
 * `customer_restricted`, `item_not_found`, `amount_not_positive`, `credit_too_small` (less rests there), `refund_pending`, `payer_account_unknown`, `refund_several_accounts`, `refund_currency` (SEPA pays euros).
 */
export async function proposeRefund(act: Act, input: NewRefund): Promise<Result<Refund, Failure>> {
  const { tx, vault, actor } = act;
  const { customerId, receivableId, amountMinor } = input;
  const may = await mayOpenCustomer(act, customerId);
  if (!may.ok) return may;
  await lockCustomer(act, customerId);
  const [item] = await receivables(act, customerId, [receivableId]);
  if (!item) return fail("not_found", "item_not_found", "There is no such item.", receivableId);
  if (amountMinor <= 0n)
    return fail("invalid", "amount_not_positive", "The amount of a refund must be above zero.", "amount");
  if (item.currency !== "EUR")
    return fail("invalid", "refund_currency", "Only euros can be paid back by a SEPA payment file.", "currency");
  const { zone } = await creditor(act, item.creditorId);
  const day = dateIn(tx.now, zone);
  const [balance] = await creditBalances(act, day, { customerId, receivableId });
  if (!balance || balance.amountMinor < amountMinor)
    return fail("conflict", "credit_too_small", "Less than this rests with the creditor.", "amount");
  if (balance.refund)
    return fail("conflict", "refund_pending", "A refund of this item is proposed already.", balance.refund.refundId);
  if (!balance.account)
    return fail(
      "conflict",
      "payer_account_unknown",
      "The account the money came from is not known, and a refund goes to no other.",
      "account",
    );
  const origins = await originsOf(act, customerId, receivableId);
  // Of several accounts each gets back what came from it.
  const origin = origins.length > 1 ? origins.find(({ minor }) => minor >= amountMinor) : { account: balance.account };
  if (!origin)
    return fail(
      "conflict",
      "refund_several_accounts",
      "The money came from several accounts, and from none of them as much as this; give it back in parts.",
      "amount",
    );
  const refundId = await createTask(act, {
    customerId,
    receivableId,
    kind: "refund",
    amountMinor,
    currency: item.currency,
    ...(input.reason === undefined ? {} : { text: input.reason }),
    facts: { item: item.number },
    dueOn: day,
  });
  const seal = await vault.forCustomer(tx, customerId);
  const reason = input.reason?.trim();
  await tx.execute(sql`
    insert into refund (customer_id, refund_id, tenant_id, creditor_id, receivable_id, amount_minor, currency,
                        account_sealed, reason_sealed, proposed_by, proposed_at)
    values (${customerId}, ${refundId}, ${tx.tenantId}, ${item.creditorId}, ${receivableId},
            ${amountMinor.toString()}::bigint, ${item.currency},
            ${seal.seal("records", REFUND_ACCOUNT, JSON.stringify(origin.account))},
            ${reason ? seal.seal("records", REFUND_REASON, reason) : null}, ${actorName(actor)}, ${tx.now})`);
  await appendAudit(act, { act: "refund.proposed", subject: refundId, details: { customer: customerId } });
  return found(act, refundId);
}

async function found(act: Act, refundId: Uuid): Promise<Result<Refund, Failure>> {
  const [refund] = await refunds(act, { refundId });
  return refund ? ok(refund) : fail("not_found", "refund_not_found", "There is no such refund.", refundId);
}

export type RefundAct = "approve" | "refuse" | "withdraw";

/**
 * Decides a refund: `approve` and `refuse` as every proposal (role, limit, four eyes), `withdraw` until it stands in a
 * payment file. Failures: `refund_not_found`, `customer_restricted`, `already_done`, `refund_own_proposal`, those of `decideTask`.
 */
export async function decideRefund(act: Act, refundId: Uuid, what: RefundAct): Promise<Result<Refund, Failure>> {
  const read = await found(act, refundId);
  if (!read.ok) return read;
  const { customerId } = read.value;
  const may = await mayOpenCustomer(act, customerId);
  if (!may.ok) return may;
  await lockCustomer(act, customerId);
  // What another decided while this waited for the lock.
  const now = await found(act, refundId);
  if (!now.ok) return now;
  const { state, proposedBy } = now.value;
  if (what === "withdraw") {
    if (state === "in_file" || state === "refused" || state === "withdrawn")
      return fail("conflict", "already_done", "This refund was decided before.", refundId);
    await act.tx.execute(sql`
      update refund set withdrawn_at = ${act.tx.now}
      where customer_id = ${customerId} and refund_id = ${refundId} and file_id is null`);
    await withdrawTask(act, customerId, refundId);
    await appendAudit(act, { act: "refund.withdrawn", subject: refundId, details: { customer: customerId } });
    return found(act, refundId);
  }
  if (state !== "proposed" && state !== "agreed_once")
    return fail("conflict", "already_done", "This refund was decided before.", refundId);
  if (what === "approve" && proposedBy === actorName(act.actor))
    return fail("forbidden", "refund_own_proposal", "Who proposed a refund does not approve it.", refundId);
  const decided = await decideTask(act, customerId, refundId, what);
  return decided.ok ? found(act, refundId) : decided;
}
