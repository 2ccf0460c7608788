/** Background work of intake: fetching files, and alarms of those that don't come. */
import { z } from "zod";
import { type Actor, listTenants, type Platform, withAct } from "../../platform/access/index.ts";
import { defineTask, type Task } from "../../platform/jobs/index.ts";
import type { TenantId } from "../../pure/kernel/index.ts";
import { creditors } from "../customers/index.ts";
import { checkStatements } from "./alarms/check.ts";
import { fetchFiles } from "./fetching/fetch.ts";

const ACTOR: Actor = { kind: "system", id: "fetching" };

/** Alarms of all accounts of a tenant, as of now. */
export async function checkFiles(platform: Platform, tenantId: TenantId, actor: Actor): Promise<void> {
  await withAct(platform, tenantId, actor, async (act) => {
    for (const of of await creditors(act)) if (of.closedAt === undefined) await checkStatements(act, of);
  });
}

/** `intake.fetch`: every source, then the alarms. One tenant's trouble holds up no other; the first is thrown at the end. */
export function intakeTasks({ platform }: { readonly platform: Platform }): Task[] {
  return [
    defineTask("intake.fetch", z.unknown(), async () => {
      const errors: unknown[] = [];
      for (const tenantId of await listTenants(platform.database)) {
        await fetchFiles(platform, tenantId, ACTOR).catch((error: unknown) => errors.push(error));
        await checkFiles(platform, tenantId, ACTOR).catch((error: unknown) => errors.push(error));
      }
      if (errors.length > 0) throw errors[0];
    }),
  ];
}
