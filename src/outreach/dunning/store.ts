/**
 * One set-based read and one set-based write a batch. Situations are read from the ledger's own rows at the moment
 * of deciding; decisions and messages are written together or not at all.
 */
import type { Act } from "../../platform/access/index.ts";
import { arrayOf, rowsOf, type Sql, sql } from "../../platform/database/index.ts";
import type { CaseId, CreditorId, CustomerId, PlainDate } from "../../pure/kernel/index.ts";
import { bankData, blockedItems } from "../../books/checking/index.ts";
import { type ContactRules, contactFacts } from "../messaging/index.ts";
import { type Decision, NO_ADVICE, type Situation, type SituationItem } from "./model.ts";
import { type Strategy, strategySchema, type Tone } from "./strategy.ts";

interface SituationRow {
  customer_id: CustomerId;
  case_id: CaseId;
  currency: string;
  customer_kind: "consumer" | "business";
  customer_country: string;
  creditor_country: string;
  state: string | null;
  zone: string;
  tone_ceiling: Tone;
  items: (Omit<SituationItem, "stage" | "stageOn"> & { stage: string | null; stageOn: PlainDate | null })[];
  hand_over_proposed: boolean;
  announces_hand_over: boolean;
  hand_over_decided: "approved" | "refused" | null;
}

/** Which customers a read is about: a range of slots, or named ones. */
export type Selection =
  | { readonly firstSlot: number; readonly lastSlot: number }
  | { readonly customerIds: readonly CustomerId[] };

const selected = (selection: Selection): Sql =>
  "customerIds" in selection
    ? sql`c.customer_id = any(${[...selection.customerIds]}::uuid[])`
    : sql`c.slot between ${selection.firstSlot}::smallint and ${selection.lastSlot}::smallint`;

/** Customers of the selection with an open case of this creditor. */
export async function readSituations(
  act: Act,
  creditorId: CreditorId,
  selection: Selection,
  day: PlainDate,
  rules: ContactRules,
): Promise<Situation[]> {
  const rows = await act.tx.rows<SituationRow>(sql`
    select c.customer_id, d.case_id, d.currency, c.kind as customer_kind, c.country as customer_country,
           k.country as creditor_country, k.settings ? 'agencyName' as announces_hand_over, c.state, c.zone, i.tone_ceiling, i.items,
           exists (select from task t where t.customer_id = c.customer_id and t.case_id = d.case_id
                     and t.kind = 'hand_over' and t.state = 'open') as hand_over_proposed,
           (select t.state from task t where t.customer_id = c.customer_id and t.case_id = d.case_id
               and t.kind = 'hand_over' and t.state in ('approved', 'refused') and t.decided_at > coalesce(
                 (select max(m.left_at) from message m where m.customer_id = c.customer_id and m.case_id = d.case_id
                     and m.effect = 'announcement' and m.state in ('left', 'unknown')), '-infinity')
             order by t.decided_at desc limit 1) as hand_over_decided
      from customer c
      join dunning_case d on d.customer_id = c.customer_id and d.creditor_id = ${creditorId} and d.state = 'open'
      join creditor k on k.creditor_id = d.creditor_id
      cross join lateral (
        select json_agg(json_build_object('receivableId', r.receivable_id, 'itemKind', r.item_kind, 'dueOn', r.due_on,
                 'openMinor', r.open_total::text, 'stage', r.stage, 'stageOn', r.stage_on,
                 'assigned', r.assigned_on is not null and r.assigned_on <= ${day}, 'directDebit', r.direct_debit,
                 'brandId', r.brand_id) order by r.due_on, r.receivable_id) as items,
               (array_agg(b.tone_ceiling order by array_position(array['friendly', 'factual', 'firm'], b.tone_ceiling)))[1]
                 as tone_ceiling
          from receivable r join brand b on b.brand_id = r.brand_id
         where r.customer_id = c.customer_id and r.creditor_id = d.creditor_id and r.currency = d.currency
           and r.open_total <> 0) i
     where ${selected(selection)} and c.merged_into is null and i.items is not null
     order by c.customer_id, d.currency`);
  const ids = rows.map((row) => row.customer_id);
  const contact = await contactFacts(act, ids, day);
  const asked = await readAsked(act, ids);
  const blocked = await blockedItems(act, ids);
  const bank = await bankData(act, creditorId);
  return rows.map((row): Situation => {
    const facts = contact.get(row.customer_id);
    if (!facts) throw new Error("contact facts are missing for a customer that was read");
    const { peaceUntil, byStage } = asked.get(row.case_id) ?? { byStage: {} };
    return {
      customerId: row.customer_id,
      creditorId,
      caseId: row.case_id,
      currency: row.currency,
      businessDate: day,
      customerKind: row.customer_kind,
      customerCountry: row.customer_country,
      creditorCountry: row.creditor_country,
      ...(row.state !== null && { state: row.state }),
      zone: row.zone,
      toneCeiling: row.tone_ceiling,
      items: row.items.map(({ stage, stageOn, ...item }) => ({
        ...item,
        ...(stage !== null && { stage }),
        ...(stageOn !== null && { stageOn }),
        ...(blocked.has(item.receivableId) && { findings: blocked.get(item.receivableId) ?? [] }),
      })),
      // A hold of another creditor's case does not concern this one.
      contact: {
        ...facts,
        holds: facts.holds.filter((hold) => hold.caseId === undefined || hold.caseId === row.case_id),
      },
      contactRules: rules,
      ...(peaceUntil !== undefined && { peaceUntil }),
      ...(bank !== undefined && { bankData: bank }),
      asksByStage: byStage,
      handOverProposed: row.hand_over_proposed,
      announcesHandOver: row.announces_hand_over,
      ...(row.hand_over_decided !== null && { handOverDecided: row.hand_over_decided }),
    };
  });
}

interface Asked {
  peaceUntil?: PlainDate;
  readonly byStage: Record<string, number>;
}

/**
 * What each case was asked for. A statement of its own: as a subquery for each customer it took 8 s a batch instead of
 * 0.1 where the planner had last seen the table of messages empty, as before a tenant's first run.
 */
async function readAsked(act: Act, customerIds: readonly CustomerId[]): Promise<Map<CaseId, Asked>> {
  const rows = await act.tx.rows<{ case_id: CaseId; stage: string; asks: number; peace: PlainDate | null }>(sql`
    select m.case_id, m.stage, count(*)::integer as asks,
           max(m.term_on) filter (where m.state in ('left', 'unknown') and m.evidence <> 'revoked') as peace
      from message m
     where m.customer_id = any(${arrayOf("uuid", customerIds)}) and m.kind = 'ask' and m.case_id is not null
       and m.stage is not null
     group by m.case_id, m.stage`);
  const asked = new Map<CaseId, Asked>();
  for (const { case_id, stage, asks, peace } of rows) {
    const one = asked.get(case_id) ?? { byStage: {} };
    one.byStage[stage] = asks;
    if (peace !== null && (one.peaceUntil === undefined || peace > one.peaceUntil)) one.peaceUntil = peace;
    asked.set(case_id, one);
  }
  return asked;
}

/** Customers of a range of slots with anything open at a creditor. */
export async function owingCustomers(
  act: Act,
  creditorId: CreditorId,
  firstSlot: number,
  lastSlot: number,
): Promise<CustomerId[]> {
  const rows = await act.tx.rows<{ customer_id: CustomerId }>(sql`
    select distinct r.customer_id from receivable r join customer c using (customer_id)
     where r.tenant_id = ${act.tx.tenantId} and r.creditor_id = ${creditorId} and r.open_total <> 0
       and c.slot between ${firstSlot}::smallint and ${lastSlot}::smallint
    union
    select d.customer_id from dunning_case d join customer c using (customer_id)
     where d.tenant_id = ${act.tx.tenantId} and d.creditor_id = ${creditorId} and d.state = 'open'
       and c.slot between ${firstSlot}::smallint and ${lastSlot}::smallint`);
  return rows.map((row) => row.customer_id);
}

export interface StrategyInForce {
  readonly strategyId: string;
  readonly version: number;
  readonly document: Strategy;
}

/** The creditor's own strategy, else the tenant's. */
export async function strategyInForce(act: Act, creditorId: CreditorId): Promise<StrategyInForce | undefined> {
  const row = await act.tx.one<{ strategy_id: string; version: number; document: unknown }>(sql`
    select strategy_id, version, document from strategy_version
     where published_at is not null and retired_at is null and (creditor_id = ${creditorId} or creditor_id is null)
     order by (creditor_id is null), published_at desc, version desc limit 1`);
  return row && { strategyId: row.strategy_id, version: row.version, document: strategySchema.parse(row.document) };
}

export interface DecisionRow {
  readonly situation: Situation;
  readonly decision: Decision;
  readonly trigger: string;
  readonly seed: number;
}

/**
 * Writes a batch of decisions; returns how many were new. Fewer than sent means somebody else decided meanwhile:
 * the caller rolls back, reads again and retries.
 */
export async function insertDecisions(
  act: Act,
  strategy: StrategyInForce,
  runId: string | null,
  rows: readonly DecisionRow[],
): Promise<number> {
  if (rows.length === 0) return 0;
  const column = <T>(pick: (row: DecisionRow) => T): T[] => rows.map(pick);
  return act.tx.execute(sql`
    insert into decision (customer_id, trigger, tenant_id, creditor_id, case_id, run_id, business_date, decided_at, outcome,
                          stage, strategy_id, strategy_version, seed, situation, advice, candidates, blockers, choice, next_on)
    select d.customer_id, d.trigger, ${act.tx.tenantId}, d.creditor_id, d.case_id, ${runId}::uuid, d.business_date,
           ${act.tx.now}, d.outcome, d.stage, ${strategy.strategyId}::uuid, ${strategy.version}::integer, d.seed, d.situation,
           ${JSON.stringify(NO_ADVICE)}::jsonb, d.candidates, d.blockers, d.choice, d.next_on
      from ${rowsOf("d", {
        customer_id: ["uuid", column((row) => row.situation.customerId)],
        trigger: ["text", column((row) => row.trigger)],
        creditor_id: ["uuid", column((row) => row.situation.creditorId)],
        case_id: ["uuid", column((row) => row.situation.caseId)],
        business_date: ["date", column((row) => row.situation.businessDate)],
        outcome: ["text", column((row) => row.decision.outcome)],
        stage: ["text", column((row) => row.decision.stage)],
        seed: ["int8", column((row) => row.seed)],
        situation: ["jsonb", column((row) => row.situation)],
        candidates: ["jsonb", column((row) => row.decision.candidates)],
        blockers: ["jsonb", column((row) => row.decision.blockers)],
        choice: ["jsonb", column((row) => row.decision.choice)],
        next_on: ["date", column((row) => row.decision.nextOn)],
      })}
    on conflict do nothing`);
}
