import { z } from "zod";
import { type RateLimiter, sweepIdempotencyKeys } from "../http/index.ts";
import { defineTask, type Task } from "../jobs/index.ts";
import type { Platform } from "./act.ts";
import { SESSION_RULES, sweepSessions } from "./sessions.ts";
import { listTenants } from "./tenants.ts";

/** `access.sweep`, every hour: sessions that are over, answers kept for repeated calls, counts of rate limits. */
export function accessTasks({
  platform,
  limiter,
}: {
  readonly platform: Platform;
  readonly limiter: RateLimiter;
}): Task[] {
  return [
    defineTask("access.sweep", z.unknown(), async () => {
      await limiter.sweep();
      for (const tenantId of await listTenants(platform.database)) {
        await sweepIdempotencyKeys(platform.database, tenantId);
        await platform.database.tenant(tenantId, (tx) => sweepSessions({ tx }, SESSION_RULES));
      }
    }),
  ];
}
