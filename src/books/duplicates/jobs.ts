import { z } from "zod";
import { type Actor, listTenants, type Platform } from "../../platform/access/index.ts";
import { defineTask, type Task } from "../../platform/jobs/index.ts";
import type { TenantId } from "../../pure/kernel/index.ts";
import { findDuplicates } from "./finding.ts";

const ACTOR: Actor = { kind: "system", id: "duplicates" };
/** With `{tenantId}` after an import, without by night for all. */
export const FIND_DUPLICATES = "duplicates.find";

/** `duplicates.find`: what is new or changed is compared with the rest. Killed, it goes on where it was. */
export function duplicateTasks({ platform }: { readonly platform: Platform }): Task[] {
  return [
    defineTask(
      FIND_DUPLICATES,
      z.object({ tenantId: z.uuid().optional() }).loose(),
      async ({ tenantId }, { signal }) => {
        const tenants = tenantId === undefined ? await listTenants(platform.database) : [tenantId as TenantId];
        for (const one of tenants) await findDuplicates(platform, one, ACTOR, { signal });
      },
    ),
  ];
}
