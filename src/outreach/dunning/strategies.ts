import { type Act, actorName, appendAudit } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import { type CreditorId, deterministicUuid, type Failure, fail, ok, type Result } from "../../pure/kernel/index.ts";
import { type Strategy, strategySchema } from "./strategy.ts";

export interface PublishedStrategy {
  readonly strategyId: string;
  readonly version: number;
}

/**
 * Publishes a document as the next version for a creditor (or, with null, for all of the tenant); the version before is
 * retired in the same transaction. Failure: `strategy_invalid` names the place and the rule.
 */
export async function publishStrategy(
  act: Act,
  creditorId: CreditorId | null,
  document: unknown,
): Promise<Result<PublishedStrategy, Failure<"strategy_invalid">>> {
  const parsed = strategySchema.safeParse(document);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return fail("invalid", "strategy_invalid", issue?.message ?? "The strategy is not valid.", issue?.path.join("."));
  }
  const strategyId = deterministicUuid("strategy", act.tx.tenantId, creditorId ?? "tenant");
  // One publication at a time for a strategy.
  await act.tx.one(sql`select pg_advisory_xact_lock(hashtextextended(${strategyId}, 0))`);
  const last = await act.tx.one<{ version: number | null }>(sql`
    select max(version) as version from strategy_version where strategy_id = ${strategyId}`);
  const version = (last?.version ?? 0) + 1;
  await act.tx.execute(sql`
    update strategy_version set retired_at = ${act.tx.now} where strategy_id = ${strategyId} and retired_at is null`);
  await act.tx.execute(sql`
    insert into strategy_version (tenant_id, strategy_id, version, creditor_id, document, published_at, author, created_at)
    values (${act.tx.tenantId}, ${strategyId}, ${version}, ${creditorId}, ${JSON.stringify(parsed.data)}::jsonb,
            ${act.tx.now}, ${actorName(act.actor)}, ${act.tx.now})`);
  await appendAudit(act, { act: "strategy.published", subject: strategyId, details: { version } });
  return ok({ strategyId, version });
}

export interface StrategyRow extends PublishedStrategy {
  readonly creditorId: CreditorId | null;
  readonly document: Strategy;
  readonly publishedAt: Date | null;
  readonly retiredAt: Date | null;
  readonly author: string;
}

/** All versions, newest first. */
export async function strategies(act: Act): Promise<StrategyRow[]> {
  return act.tx.rows<StrategyRow>(sql`
    select strategy_id as "strategyId", version, creditor_id as "creditorId", document, published_at as "publishedAt",
           retired_at as "retiredAt", author
      from strategy_version order by published_at desc nulls last, version desc`);
}
