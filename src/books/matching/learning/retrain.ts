/**
 * Weights of a creditor's own decisions: drawn from the weights in use, tried on the newest quarter, used only when they
 * are no worse there and would book nothing wrong that the weights in use would not. Deterministic: equal examples give equal weights.
 */
import { logLoss, trainLogistic } from "../../../pure/statistics/index.ts";
import type { CreditorId } from "../../../pure/kernel/index.ts";
import { type Act, appendAudit } from "../../../platform/access/index.ts";
import { sql } from "../../../platform/database/index.ts";
import { creditor } from "../../customers/index.ts";
import { matchingOf } from "../judging/settings.ts";
import { FEATURE_VERSION, type MatchModel, probabilityOf } from "./model.ts";
import { SHIPPED } from "./shipped.ts";

/** Fewer decisions say nothing yet. */
export const EXAMPLES_MIN = 200;
/** New ones since the last training that make another worth it. */
const NEW_MIN = 20;
/** The newest are enough, and keep the habits of today. */
const EXAMPLES_MAX = 20_000;
/** How strongly the weights in use are held on to: as so many examples. */
const RIDGE = 5;

interface Row {
  readonly features: readonly number[];
  readonly right: boolean;
}

export interface Trained {
  readonly model: Pick<MatchModel, "features" | "weights" | "calibration">;
  readonly lossBefore: number;
  readonly lossAfter: number;
  /** Why it isn't used; undefined: it is. */
  readonly refused?: "loss_worse" | "wrong_automatic";
}

/** Trains on all but the newest quarter and tries on that. Pure. `rows` oldest first. */
export function trainOn(rows: readonly Row[], inUse: MatchModel, threshold: number): Trained {
  const width = inUse.weights.length;
  const cut = Math.floor(rows.length * 0.75);
  const [old, newest] = [rows.slice(0, cut), rows.slice(cut)];
  const weights = trainLogistic(
    {
      width,
      features: Float64Array.from(old.flatMap(({ features }) => features)),
      labels: Uint8Array.from(old, ({ right }) => Number(right)),
    },
    RIDGE,
    inUse.weights,
  );
  const model = { features: inUse.features, weights: [...weights], calibration: inUse.calibration };
  const labels = newest.map(({ right }) => Number(right));
  const by = (one: MatchModel): number[] => newest.map(({ features }) => probabilityOf(one, features));
  const after = by({ ...model, version: "" });
  const before = by(inUse);
  const lossBefore = logLoss(before, labels);
  const lossAfter = logLoss(after, labels);
  // What the weights in use get wrong too is no reason to keep them.
  const wrong = newest.some(
    ({ right }, index) => !right && (after[index] ?? 0) >= threshold && (before[index] ?? 0) < threshold,
  );
  const refused = lossAfter > lossBefore ? "loss_worse" : wrong ? "wrong_automatic" : undefined;
  return { model, lossBefore, lossAfter, ...(refused && { refused }) };
}

/** The model a creditor's payments are judged by: its own newest that was promoted, else the one that ships. */
export async function modelOf({ tx }: Act, creditorId: CreditorId): Promise<MatchModel> {
  const row = await tx.one<{ version: number; weights: number[]; calibration: MatchModel["calibration"] }>(sql`
    select m.version, m.weights, m.calibration from match_model m
    where m.creditor_id = ${creditorId} and m.tenant_id = ${tx.tenantId} and m.promoted
      and m.feature_version = ${FEATURE_VERSION}
    order by m.version desc limit 1`);
  return row ? { ...row, version: `own-${row.version}`, features: FEATURE_VERSION } : SHIPPED;
}

/** Trains when there is enough that is new; undefined when there isn't. */
export async function retrain(act: Act, creditorId: CreditorId): Promise<Trained | undefined> {
  const { tx } = act;
  const last = await tx.one<{ version: number; examples: number }>(sql`
    select version, examples from match_model where creditor_id = ${creditorId} and feature_version = ${FEATURE_VERSION}
    order by version desc limit 1`);
  const newest = await tx.rows<{ features: number[]; was_right: boolean }>(sql`
    select features, was_right from match_example
    where creditor_id = ${creditorId} and tenant_id = ${tx.tenantId} and feature_version = ${FEATURE_VERSION}
    order by learned_on desc, example_id desc limit ${EXAMPLES_MAX}`);
  const enough = Math.max(EXAMPLES_MIN, Math.min(EXAMPLES_MAX, (last?.examples ?? 0) + NEW_MIN));
  if (newest.length < enough) return undefined;
  const { threshold } = matchingOf(await creditor(act, creditorId));
  const rows = newest.reverse().map((row) => ({ features: row.features, right: row.was_right }));
  const trained = trainOn(rows, await modelOf(act, creditorId), threshold);
  const { model, lossBefore, lossAfter, refused } = trained;
  await tx.execute(sql`
    insert into match_model (creditor_id, version, tenant_id, feature_version, weights, calibration, examples, loss_before,
                             loss_after, promoted, refused_why, trained_at)
    select ${creditorId}, coalesce(max(m.version), 0) + 1, ${tx.tenantId}, ${FEATURE_VERSION},
           ${`{${model.weights.join(",")}}`}::float8[], ${JSON.stringify(model.calibration)}::jsonb, ${rows.length},
           ${lossBefore}, ${lossAfter}, ${refused === undefined}, ${refused ?? null}, ${tx.now}
    from match_model m where m.creditor_id = ${creditorId}`);
  await appendAudit(act, {
    act: "match.model_trained",
    subject: creditorId,
    details: { examples: rows.length, promoted: refused === undefined, ...(refused && { refused }) },
  });
  return trained;
}

/** What the bank inbox says of learning. */
export interface Learning {
  readonly examples: number;
  /** 0: the model that ships. */
  readonly version: number;
  readonly since: Date | null;
}

/** Of one creditor, or of the one that learned most. */
export async function learningOf({ tx }: Act, creditorId?: CreditorId): Promise<Learning> {
  const row = await tx.one<{ examples: bigint; version: number | null; since: Date | null }>(sql`
    select count(*) as examples, m.version, m.trained_at as since
    from match_example e left join lateral (select version, trained_at from match_model m
      where m.creditor_id = e.creditor_id and m.promoted and m.feature_version = ${FEATURE_VERSION}
      order by version desc limit 1) m on true
    where e.tenant_id = ${tx.tenantId} and e.feature_version = ${FEATURE_VERSION}
      and (${creditorId ?? null}::uuid is null or e.creditor_id = ${creditorId ?? null}::uuid)
    group by e.creditor_id, m.version, m.trained_at order by 1 desc limit 1`);
  return { examples: Number(row?.examples ?? 0n), version: row?.version ?? 0, since: row?.since ?? null };
}
