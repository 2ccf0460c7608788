/**
 * Counts in fixed windows in one SQL statement, so the count is exact however many processes take at once, and
 * follows the clock that is handed in. Keys are hashed under the platform's look-up key: the table and the logs hold no
 * addresses and no e-mails.
 */
import type { MiddlewareHandler } from "hono";
import { type Instant, type Failure } from "../../pure/kernel/index.ts";
import { type Database, sql } from "../database/index.ts";
import type { Vault } from "../sealed/index.ts";
import { type HttpEnv, refuse } from "./model.ts";

export interface RateKey {
  /** What is counted: `login_account`, `portal_link`, `api`. */
  readonly scope: string;
  /** For whom: an address, an account, a link. */
  readonly key: string;
}

export interface Taken {
  readonly allowed: boolean;
  readonly remaining: number;
  readonly resetsAt: Instant;
  /** Whole seconds until then, at least 1. */
  readonly retryAfter: number;
}

export interface RateLimiter {
  /** Counts one; allowed while no more than `limit` were counted within the window of `seconds` that the first opened. */
  take(key: RateKey, limit: number, seconds: number): Promise<Taken>;
  /** Forgets the count (after a right password). */
  reset(key: RateKey): Promise<void>;
  /** Deletes windows that are over. For a periodic task. */
  sweep(): Promise<number>;
}

export function createRateLimiter(database: Database, vault: Vault): RateLimiter {
  const token = ({ scope, key }: RateKey): Buffer => vault.platformToken(`rate:${scope}`, key).subarray(0, 16);
  return {
    async take(key, limit, seconds) {
      return database.system(async (tx) => {
        const ends = new Date(tx.now.getTime() + seconds * 1000);
        const row = await tx.one<{ taken: number; resets_at: Instant }>(sql`
          insert into rate_limit as r (token, taken, resets_at) values (${token(key)}, 1, ${ends})
          on conflict (token) do update set
            taken = case when r.resets_at <= ${tx.now} then 1 else least(r.taken + 1, 1000000000) end,
            resets_at = case when r.resets_at <= ${tx.now} then excluded.resets_at else r.resets_at end
          returning taken, resets_at`);
        if (!row) throw new Error("the rate limiter wrote no row");
        return {
          allowed: row.taken <= limit,
          remaining: Math.max(limit - row.taken, 0),
          resetsAt: row.resets_at,
          retryAfter: Math.max(Math.ceil((row.resets_at.getTime() - tx.now.getTime()) / 1000), 1),
        };
      });
    },
    async reset(key) {
      await database.system((tx) => tx.execute(sql`delete from rate_limit where token = ${token(key)}`));
    },
    async sweep() {
      return database.system((tx) => tx.execute(sql`delete from rate_limit where resets_at <= ${tx.now}`));
    },
  };
}

const LIMITED: Failure<"rate_limited"> = {
  kind: "rate_limited",
  code: "rate_limited",
  message: "Too many requests. Please wait a moment.",
};

/** Limits a route; `keyOf` says for whom (an undefined key is not limited). Headers after RFC 9110 (`retry-after`). */
export function rateLimited(
  limiter: RateLimiter,
  rule: { readonly scope: string; readonly limit: number; readonly seconds: number },
  keyOf: (context: Parameters<MiddlewareHandler<HttpEnv>>[0]) => string | undefined,
): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    const key = keyOf(context);
    if (key === undefined) return next();
    const taken = await limiter.take({ scope: rule.scope, key }, rule.limit, rule.seconds);
    if (taken.allowed) return next();
    context.header("retry-after", String(taken.retryAfter));
    return refuse(context, LIMITED);
  };
}
