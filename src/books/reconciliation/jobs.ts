/** The daily reconciliation. */
import { z } from "zod";
import { type Actor, listTenants, type Platform } from "../../platform/access/index.ts";
import { defineTask, type Task } from "../../platform/jobs/index.ts";
import { reconcileTenant } from "./reconcile.ts";

const ACTOR: Actor = { kind: "system", id: "reconciliation" };

/** `reconciliation.daily`: every creditor of every tenant, as of its own business date. */
export function reconciliationTasks({ platform }: { readonly platform: Platform }): Task[] {
  return [
    defineTask("reconciliation.daily", z.unknown(), async () => {
      const errors: unknown[] = [];
      for (const tenantId of await listTenants(platform.database))
        await reconcileTenant(platform, tenantId, ACTOR).catch((error: unknown) => errors.push(error));
      if (errors.length > 0) throw errors[0];
    }),
  ];
}
