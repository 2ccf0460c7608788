import { z } from "zod";
import { type Actor, type Platform, withAct } from "../../platform/access/index.ts";
import { CUSTOMER_TOUCHED, defineTask, type Task } from "../../platform/jobs/index.ts";
import { type CustomerId, dateIn, type TenantId } from "../../pure/kernel/index.ts";
import { customerFacts, lockCustomer } from "../../books/customers/index.ts";
import { checkItems } from "../../books/checking/index.ts";
import { keepCases, keepDeliveries } from "../../books/receivables/index.ts";
import { recheckQueued } from "../messaging/index.ts";

const ACTOR: Actor = { kind: "system", id: "dunning" };

/**
 * A customer changed: cases open and close, and messages that wait to leave and are no longer right are dropped now
 * instead of at their turn. Correctness does not rest on this (the outbox looks again), speed does.
 */
export async function reconsider(platform: Platform, tenantId: TenantId, customerId: CustomerId): Promise<void> {
  await withAct(platform, tenantId, ACTOR, async (act) => {
    const customer = (await customerFacts(act, [customerId])).get(customerId);
    if (!customer) return;
    // Whoever changes a customer locks it first (invariant 9); the case comes after.
    await lockCustomer(act, customerId);
    await keepDeliveries(act, [customerId]);
    await keepCases(act, [customerId], dateIn(act.tx.now, customer.zone));
    await checkItems(act, [customerId]);
    await recheckQueued(act, customerId);
  });
}

const touched = z.object({ tenantId: z.uuid(), customerId: z.uuid() });

export function dunningTasks(parts: { readonly platform: Platform }): Task[] {
  return [
    defineTask(CUSTOMER_TOUCHED, touched, ({ tenantId, customerId }) =>
      reconsider(parts.platform, tenantId as TenantId, customerId as CustomerId),
    ),
  ];
}
