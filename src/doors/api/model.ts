/** What the API is given, and what a route's handler sees of a call. */
import type { Context } from "hono";
import type { AccessEnv, Act, Caller, Gate, Platform } from "../../platform/access/index.ts";
import type { Logger } from "../../platform/config/index.ts";
import type { RateLimiter } from "../../platform/http/index.ts";
import type { Chance, Clock, Result, TenantId } from "../../pure/kernel/index.ts";
import type { LetterPrinter, Outbox } from "../../outreach/messaging/index.ts";
import type { Language } from "./schema/basics.ts";

export interface ApiDeps {
  readonly platform: Platform;
  readonly gate: Gate;
  readonly outboxOf: (tenantId: TenantId) => Outbox;
  readonly now: Clock;
  readonly chance: Chance;
  readonly log: Logger;
  readonly printer: LetterPrinter;
  readonly rateLimiter: RateLimiter;
  readonly settings: {
    readonly publicUrl: string;
    /** A mail server is set; else mails stay in the local outbox. */
    readonly smtp: boolean;
    /** Proxies of ours in front, for rate limits by address (0). */
    readonly trustedProxies?: number;
  };
  /** Every answer is checked against its schema (tests). */
  readonly checkAnswers?: boolean;
}

export interface Call<Params = unknown, Query = unknown, Body = unknown> {
  readonly deps: ApiDeps;
  readonly caller: Caller;
  readonly language: Language;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly context: Context<AccessEnv>;
  /** The answer says that something was made (201) where the route's own status is another. */
  made(): void;
  /** The caller's act: one transaction, all or nothing. */
  act<T>(work: (act: Act) => Promise<Result<T>>): Promise<Result<T>>;
}
