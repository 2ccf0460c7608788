/** SQL of merge records and of the stages a strategy knows. */
import type { CreditorId, CustomerId, PlainDate, Uuid } from "../../../pure/kernel/index.ts";
import { type Act, actorName } from "../../../platform/access/index.ts";
import { type Sql, sql } from "../../../platform/database/index.ts";
import type { StageRank } from "../../receivables/index.ts";
import type { MergeRecord, Moved } from "./model.ts";

export async function putRecord({ tx, actor }: Act, record: Omit<MergeRecord, "mergedAt" | "undoneAt">): Promise<void> {
  await tx.execute(sql`
    insert into customer_merge (customer_id, merge_id, tenant_id, merged_id, business_date, moved, merged_by, merged_at)
    values (${record.survivorId}, ${record.mergeId}, ${tx.tenantId}, ${record.mergedId}, ${record.day}::date,
            ${JSON.stringify(record.moved)}::jsonb, ${actorName(actor)}, ${tx.now})`);
}

export async function readRecords({ tx }: Act, condition: Sql): Promise<MergeRecord[]> {
  const rows = await tx.rows<{
    customer_id: CustomerId;
    merge_id: Uuid;
    merged_id: CustomerId;
    business_date: PlainDate;
    moved: Moved;
    merged_at: Date;
    undone_at: Date | null;
  }>(sql`
    select m.customer_id, m.merge_id, m.merged_id, m.business_date, m.moved, m.merged_at, m.undone_at from customer_merge m
    where m.tenant_id = ${tx.tenantId} and ${condition} order by m.merged_at desc, m.merge_id desc`);
  return rows.map((row) => ({
    mergeId: row.merge_id,
    survivorId: row.customer_id,
    mergedId: row.merged_id,
    day: row.business_date,
    moved: row.moved,
    mergedAt: row.merged_at,
    undoneAt: row.undone_at,
  }));
}

export async function closeRecord({ tx, actor }: Act, record: MergeRecord): Promise<void> {
  await tx.execute(sql`
    update customer_merge set undone_by = ${actorName(actor)}, undone_at = ${tx.now}
    where customer_id = ${record.survivorId} and merge_id = ${record.mergeId}`);
}

/** Stages in the order of the strategies in force; what no strategy knows any more counts as the first. */
export async function stageRanks({ tx }: Act): Promise<StageRank> {
  const rows = await tx.rows<{ creditor_id: CreditorId | null; key: string; rank: bigint }>(sql`
    select s.creditor_id, t.stage ->> 'key' as key, t.rank from strategy_version s
    cross join lateral jsonb_array_elements(s.document -> 'stages') with ordinality as t (stage, rank)
    where s.tenant_id = ${tx.tenantId} and s.published_at is not null and s.retired_at is null`);
  const ranks = new Map(rows.map((row) => [`${row.creditor_id ?? ""} ${row.key}`, Number(row.rank)]));
  return (creditorId, stage) =>
    stage === null ? 0 : (ranks.get(`${creditorId} ${stage}`) ?? ranks.get(` ${stage}`) ?? 1);
}
