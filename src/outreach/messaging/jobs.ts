import { z } from "zod";
import { listTenants, type Platform } from "../../platform/access/index.ts";
import { defineTask, type Task } from "../../platform/jobs/index.ts";
import type { TenantId } from "../../pure/kernel/index.ts";
import { letDueMessagesLeave, type Outbox, settleInterrupted } from "./outbox.ts";

/** `outbox.leave`, every minute: settles what a dead process left behind, then lets leave what is due. */
export function outboxTasks(parts: {
  readonly platform: Platform;
  readonly outboxOf: (tenantId: TenantId) => Outbox;
}): Task[] {
  return [
    defineTask("outbox.leave", z.unknown(), async () => {
      for (const tenantId of await listTenants(parts.platform.database)) {
        const outbox = parts.outboxOf(tenantId);
        await settleInterrupted(outbox, tenantId);
        await letDueMessagesLeave(outbox, tenantId);
      }
    }),
  ];
}
