import { expectOk, FailureError, type Result, type TenantId } from "../../pure/kernel/index.ts";
import type { Database } from "../database/index.ts";
import type { Vault } from "../sealed/index.ts";
import type { Act, Actor } from "./model.ts";

/** What acts need of the running program. */
export interface Platform {
  readonly database: Database;
  readonly vault: Vault;
}

/** Runs `work` in one transaction of the tenant. Commits when it resolves (with a failed result too), rolls back when it throws. */
export async function withAct<T>(
  platform: Platform,
  tenantId: TenantId,
  actor: Actor,
  work: (act: Act) => Promise<T>,
): Promise<T> {
  return platform.database.tenant(tenantId, (tx) => work({ tx, vault: platform.vault, actor }));
}

/** As `withAct`, but all or nothing: a failed result or a thrown `FailureError` rolls back and is returned as the result. */
export async function tryAct<T>(
  platform: Platform,
  tenantId: TenantId,
  actor: Actor,
  work: (act: Act) => Promise<Result<T>>,
): Promise<Result<T>> {
  try {
    return { ok: true, value: await withAct(platform, tenantId, actor, async (act) => expectOk(await work(act))) };
  } catch (error) {
    if (error instanceof FailureError) return { ok: false, error: error.failure };
    throw error;
  }
}
