import type { CustomerId, TenantId } from "../../pure/kernel/index.ts";
import { arrayOf, sql, type TenantTransaction, type Transaction } from "../database/index.ts";

export interface NewJob {
  /** Ids and numbers only: payloads are stored in the clear. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** A waiting job of the same key is replaced. A running one is not: a second job follows it. */
  readonly key?: string;
}

/**
 * Puts jobs of one task into the caller's transaction: they exist when it commits and never when it rolls back.
 * `due` is compared with the server's clock; at once when not given. Returns the number of jobs.
 */
export async function enqueue(tx: Transaction, task: string, jobs: readonly NewJob[], due?: Date): Promise<number> {
  // Some 10,000 a statement keep the memory of the server small.
  const size = 10_000;
  let count = 0;
  for (let from = 0; from < jobs.length; from += size) {
    const part = jobs.slice(from, from + size);
    const row = await tx.one<{ count: bigint }>(sql`select public.enqueue(${task}::text,
      ${arrayOf(
        "jsonb",
        part.map((job) => job.payload),
      )}, ${arrayOf(
        "text",
        part.map((job) => job.key),
      )},
      ${due ?? null}::timestamptz) as count`);
    count += Number(row?.count ?? 0);
  }
  return count;
}

/** Name of the job that `touch` leaves; `dunning` owns the task. */
export const CUSTOMER_TOUCHED = "customer.touched";

export interface CustomerTouched {
  readonly tenantId: TenantId;
  readonly customerId: CustomerId;
}

/** Says that something about these customers changed: one keyed job each, in the same transaction. */
export async function touch(tx: TenantTransaction, ...customerIds: readonly CustomerId[]): Promise<void> {
  const { tenantId } = tx;
  const jobs = customerIds.map((customerId) => ({ payload: { tenantId, customerId }, key: `touch:${customerId}` }));
  await enqueue(tx, CUSTOMER_TOUCHED, jobs);
}
