import { z } from "zod";
import { type Actor, listTenants, type Platform, withAct } from "../../platform/access/index.ts";
import { CUSTOMER_TOUCHED, defineTask, type Task } from "../../platform/jobs/index.ts";
import { type CustomerId, dateIn, type TenantId } from "../../pure/kernel/index.ts";
import { customerFacts, lockCustomer } from "../../books/customers/index.ts";
import { checkItems, customersToCheck } from "../../books/checking/index.ts";
import { bringAlong } from "../../books/duplicates/index.ts";
import { attachWaiting } from "../../books/orders/index.ts";
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
    // What fell open again on a merged file belongs to the one that leads.
    await bringAlong(act, customerId);
    // Whoever changes a customer locks it first (invariant 9); the case comes after.
    await lockCustomer(act, customerId);
    await keepDeliveries(act, [customerId]);
    await keepCases(act, [customerId], dateIn(act.tx.now, customer.zone));
    await checkItems(act, [customerId]);
    await recheckQueued(act, customerId);
  });
}

/** Customers of one transaction of the sweep. */
const SWEPT = 2_000;

/**
 * `facts.sweep`, every night: events that missed their order are attached, pauses and tasks of orders whose days have
 * passed are kept, items are checked again. A run does the same for its customers; this is for the worklist of the morning.
 */
async function sweepFacts(platform: Platform): Promise<void> {
  for (const tenantId of await listTenants(platform.database)) {
    const all = await withAct(platform, tenantId, ACTOR, async (act) => {
      await attachWaiting(act);
      return customersToCheck(act);
    });
    for (let from = 0; from < all.length; from += SWEPT)
      await withAct(platform, tenantId, ACTOR, async (act) => {
        const part = all.slice(from, from + SWEPT);
        await keepDeliveries(act, part);
        await checkItems(act, part);
      });
  }
}

const touched = z.object({ tenantId: z.uuid(), customerId: z.uuid() });

export function dunningTasks(parts: { readonly platform: Platform }): Task[] {
  return [
    defineTask("facts.sweep", z.unknown(), () => sweepFacts(parts.platform)),
    defineTask(CUSTOMER_TOUCHED, touched, ({ tenantId, customerId }) =>
      reconsider(parts.platform, tenantId as TenantId, customerId as CustomerId),
    ),
  ];
}
