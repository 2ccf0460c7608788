import { z } from "zod";
import { listTenants, type Platform } from "../../platform/access/index.ts";
import { defineTask, type Task } from "../../platform/jobs/index.ts";
import type { TenantId } from "../../pure/kernel/index.ts";
import { letDueMessagesLeave, type Outbox, settleInterrupted } from "./outbox.ts";
import { type PrintParts, printNewLetters } from "./print-batch.ts";

/**
 * `outbox.leave`, every minute: settles what a dead process left behind, lets leave what is due, and puts new letters
 * into the print batch of their day. One tenant's trouble does not hold up the others; the first is thrown at the end.
 */
export function outboxTasks(parts: {
  readonly platform: Platform;
  readonly outboxOf: (tenantId: TenantId) => Outbox;
  readonly printOf: (tenantId: TenantId) => PrintParts;
}): Task[] {
  return [
    defineTask("outbox.leave", z.unknown(), async () => {
      const errors: unknown[] = [];
      const attempt = (work: Promise<unknown>): Promise<unknown> => work.catch((error) => errors.push(error));
      for (const tenantId of await listTenants(parts.platform.database)) {
        const outbox = parts.outboxOf(tenantId);
        await attempt(settleInterrupted(outbox, tenantId));
        await attempt(letDueMessagesLeave(outbox, tenantId));
        await attempt(printNewLetters(parts.printOf(tenantId)));
      }
      if (errors.length > 0) throw errors[0];
    }),
  ];
}
