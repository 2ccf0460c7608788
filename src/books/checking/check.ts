/**
 * The check: all rules over all open items of many customers, in a handful of statements, and the difference written.
 * Nothing is remembered but the findings, so it may be done at any time: when items come, when a customer changed, before
 * a run. A finding whose cause is gone resolves by itself.
 */
import {
  type CreditorId,
  type CustomerId,
  deterministicUuid,
  type ReceivableId,
  type Uuid,
} from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import { arrayOf, rowsOf, type Sql, sql } from "../../platform/database/index.ts";
import { touch } from "../../platform/jobs/index.ts";
import { type Creditor, creditors } from "../customers/index.ts";
import { keepAnswers, type StoredIdentities } from "./identities.ts";
import {
  type CheckCounts,
  type FindingFacts,
  type FindingState,
  type Hit,
  isStated,
  type Rule,
  type RuleKey,
  rulesOf,
  type Severity,
} from "./model.ts";
import { RULE_SQL } from "./rules.ts";

/** Who finds, and who resolves what is no longer so. */
const AUTHOR = "system:checking";

export const findingIdOf = (receivableId: ReceivableId, rule: RuleKey): Uuid =>
  deterministicUuid("finding", receivableId, rule);

interface InForce {
  readonly creditor: Creditor;
  readonly rules: readonly Rule[];
}

/**
 * Checks the open items of these customers. Customers whose findings changed are touched. What was just stored of new
 * customers may be handed over, so that it is not opened again.
 */
export async function checkItems(
  act: Act,
  customerIds: readonly CustomerId[],
  stored?: StoredIdentities,
): Promise<CheckCounts> {
  if (customerIds.length === 0) return { found: 0, resolved: 0 };
  const inForce = (await creditors(act)).map((creditor) => ({ creditor, rules: rulesOf(creditor.settings) }));
  const on = new Set(inForce.flatMap(({ rules }) => rules.flatMap((rule) => (rule.on ? [rule.key] : []))));
  if (on.has("customer_unknown") || on.has("address_incomplete") || on.has("wrong_customer_kind"))
    await keepAnswers(act, customerIds, stored);
  const hits = await hitsOf(act, customerIds, inForce, on);
  return compare(act, customerIds, hits, inForce);
}

async function hitsOf(
  act: Act,
  customerIds: readonly CustomerId[],
  inForce: readonly InForce[],
  on: ReadonlySet<RuleKey>,
): Promise<Hit[]> {
  const { tx } = act;
  const set = inForce.flatMap(({ creditor, rules }) =>
    rules.filter((rule) => rule.on && !isStated(rule.key)).map((rule) => ({ creditor, rule })),
  );
  const looked = Object.entries(RULE_SQL)
    .filter(([key]) => on.has(key as RuleKey))
    .map(
      ([key, { fails, facts, joins }]) => sql`
        select i.customer_id, i.receivable_id, k.rule, k.severity, ${facts} as facts
          from item i join k on k.creditor_id = i.creditor_id and k.rule = ${key} ${joins ?? sql``} where ${fails}`,
    )
    .reduce<Sql | undefined>((all, one) => (all === undefined ? one : sql`${all} union all ${one}`), undefined);
  if (looked === undefined) return [];
  const ids = arrayOf("uuid", customerIds);
  const rows = await tx.rows<{
    customer_id: CustomerId;
    receivable_id: ReceivableId;
    rule: RuleKey;
    severity: Severity;
    facts: FindingFacts;
  }>(sql`
    with k as materialized (
      select * from ${rowsOf("k", {
        creditor_id: ["uuid", set.map(({ creditor }) => creditor.creditorId)],
        rule: ["text", set.map(({ rule }) => rule.key)],
        severity: ["text", set.map(({ rule }) => rule.severity)],
        days: ["int4", set.map(({ rule }) => rule.parameters.find(({ name }) => name === "days")?.value ?? 0)],
        zone: ["text", set.map(({ creditor }) => creditor.zone)],
      })}
    ), item as materialized (
      select * from (
        select r.customer_id, r.receivable_id, r.creditor_id, r.number, r.order_number, r.currency, r.customer_kind, r.issued_on,
               r.due_on, r.due_date_agreed, r.notice_30_days, r.term_from_delivery, r.open_total, r.assigned_on,
               r.created_at::date as taken_on, p.claimed,
               first_value(r.receivable_id) over (
                 partition by r.customer_id, r.creditor_id, upper(regexp_replace(r.number, '[^[:alnum:]]', '', 'g'))
                 order by r.created_at, r.issued_on, r.due_on, r.number collate "C", r.receivable_id) as same_number,
               first_value(r.receivable_id) over (
                 partition by r.customer_id, r.creditor_id, r.currency, p.claimed, r.issued_on, r.order_number
                 order by r.created_at, r.issued_on, r.due_on, r.number collate "C", r.receivable_id) as same_amount
          from receivable r
          -- Looked up item by item: as a join of two sets it became a nested loop where the planner knew no sizes
          -- (5,000 items took 3 s).
          cross join lateral (
            select coalesce(sum(amount_minor), 0) as claimed from posting p
             where p.customer_id = r.customer_id and p.receivable_id = r.receivable_id and coalesce(p.moved_kind, p.kind) = 'claim') p
         where r.customer_id = any(${ids}) and r.tenant_id = ${tx.tenantId} and r.item_kind = 'invoice') x
       where x.open_total > 0 and x.assigned_on is null
    ), account as (
      select customer_id, creditor_id, currency, -sum(open_total) as credit from receivable
       where customer_id = any(${ids}) and item_kind = 'on_account' and open_total < 0
       group by customer_id, creditor_id, currency
    ), inbox as (
      select distinct on (receivable_id) e.entry_id, e.booked_on, e.amount_minor, e.currency,
             (x.value #>> '{}')::uuid as receivable_id
        from bank_entry e cross join lateral jsonb_path_query(e.proposals, '$.**.receivableId') as x (value)
       where e.tenant_id = ${tx.tenantId} and e.status in ('proposed', 'unmatched') and e.direction = 'credit'
       order by receivable_id, e.booked_on, e.entry_id
    )
    ${looked}`);
  return rows.map((row) => ({
    customerId: row.customer_id,
    receivableId: row.receivable_id,
    rule: row.rule,
    severity: row.severity,
    facts: row.facts,
  }));
}

interface KnownRow {
  readonly customer_id: CustomerId;
  readonly receivable_id: ReceivableId;
  readonly creditor_id: CreditorId;
  readonly rule: RuleKey;
  readonly severity: Severity;
  readonly facts: FindingFacts;
  readonly state: FindingState;
  readonly stated: boolean;
  readonly item_open: boolean;
  readonly task_state: string | null;
  readonly task_by: string | null;
}

/** Writes the difference between what is found now and what is known. */
async function compare(
  act: Act,
  customerIds: readonly CustomerId[],
  hits: readonly Hit[],
  inForce: readonly InForce[],
): Promise<CheckCounts> {
  const known = await act.tx.rows<KnownRow>(sql`
    select f.customer_id, f.receivable_id, r.creditor_id, f.rule, f.severity, f.facts, f.state, f.stated,
           r.open_total > 0 and r.assigned_on is null as item_open, t.state as task_state, t.decided_by as task_by
      from finding f
      join receivable r on r.customer_id = f.customer_id and r.receivable_id = f.receivable_id
      left join task t on t.customer_id = f.customer_id and t.task_id = f.finding_id
     where f.customer_id = any(${arrayOf("uuid", customerIds)}) and f.tenant_id = ${act.tx.tenantId}`);
  const byKey = new Map(known.map((row) => [`${row.receivable_id}:${row.rule}`, row]));
  const ruleOf = new Map(
    inForce.flatMap(({ creditor, rules }) =>
      rules.map((rule) => [`${creditor.creditorId}:${rule.key}`, rule] as const),
    ),
  );
  // What the file stated is found as long as its item is open and the rule is on.
  const stated = known.flatMap((row): Hit[] => {
    const rule = ruleOf.get(`${row.creditor_id}:${row.rule}`);
    if (!row.stated || !row.item_open || !rule?.on) return [];
    const { customer_id: customerId, receivable_id: receivableId, facts } = row;
    return [{ customerId, receivableId, rule: row.rule, severity: rule.severity, facts }];
  });
  const now = new Map([...hits, ...stated].map((hit) => [`${hit.receivableId}:${hit.rule}`, hit]));
  const opened: Hit[] = [];
  for (const [key, hit] of now) {
    const before = byKey.get(key);
    if (before === undefined) opened.push(hit);
    // Ticked off in the worklist: the person has looked, and it stays so while the facts are the same.
    else if (before.state === "open" && before.task_state !== null && before.task_state !== "open") continue;
    else if (before.state === "open" && before.severity === hit.severity && same(before.facts, hit.facts)) continue;
    else if (before.state === "dismissed" && same(before.facts, hit.facts)) continue;
    else opened.push(hit);
  }
  const ticked = known.filter((row) => row.state === "open" && row.task_state !== null && row.task_state !== "open");
  const gone = known.filter((row) => row.state === "open" && !now.has(`${row.receivable_id}:${row.rule}`));
  await writeFindings(act, opened);
  await endFindings(act, gone, "resolved");
  await endFindings(
    act,
    ticked.filter((row) => now.has(`${row.receivable_id}:${row.rule}`)),
    "dismissed",
  );
  const changed = new Set([...opened.map((hit) => hit.customerId), ...gone.map((row) => row.customer_id)]);
  await touch(act.tx, ...changed);
  return { found: opened.length, resolved: gone.length };
}

/** Facts are flat; the database may give their keys in another order. */
function same(a: FindingFacts, b: FindingFacts): boolean {
  const flat = (facts: FindingFacts): string =>
    JSON.stringify(Object.entries(facts).toSorted(([x], [y]) => (x < y ? -1 : 1)));
  return flat(a) === flat(b);
}

/** Opens findings, and the tasks of those that are more than a hint. */
export async function writeFindings(act: Act, hits: readonly Hit[], stated = false): Promise<void> {
  if (hits.length === 0) return;
  const { tx } = act;
  const rows = hits.map((hit) => ({ ...hit, findingId: findingIdOf(hit.receivableId, hit.rule) }));
  const columns = {
    customer_id: ["uuid", rows.map((row) => row.customerId)],
    receivable_id: ["uuid", rows.map((row) => row.receivableId)],
    finding_id: ["uuid", rows.map((row) => row.findingId)],
    rule: ["text", rows.map((row) => row.rule)],
    severity: ["text", rows.map((row) => row.severity)],
    facts: ["jsonb", rows.map((row) => row.facts)],
  } as const;
  await tx.execute(sql`
    insert into finding (customer_id, receivable_id, rule, tenant_id, finding_id, severity, facts, stated, found_at)
    select h.customer_id, h.receivable_id, h.rule, ${tx.tenantId}::uuid, h.finding_id, h.severity, h.facts, ${stated},
           ${tx.now}::timestamptz
      from ${rowsOf("h", columns)}
    on conflict (customer_id, receivable_id, rule) do update
       set severity = excluded.severity, facts = excluded.facts, state = 'open', note_sealed = null, decided_by = null,
           decided_at = null, stated = finding.stated or excluded.stated,
           found_at = case when finding.state = 'open' then finding.found_at else excluded.found_at end`);
  await tx.execute(sql`
    insert into task (customer_id, task_id, tenant_id, receivable_id, kind, facts, due_on, created_by, created_at)
    select h.customer_id, h.finding_id, ${tx.tenantId}::uuid, h.receivable_id, 'finding',
           h.facts || jsonb_build_object('rule', h.rule, 'severity', h.severity),
           (${tx.now}::timestamptz at time zone 'UTC')::date, ${AUTHOR}, ${tx.now}::timestamptz
      from ${rowsOf("h", columns)} where h.severity <> 'hint'
    on conflict (customer_id, task_id) do update
       set state = 'open', facts = excluded.facts, decided_by = null, decided_at = null`);
  // What became a hint is no work any more.
  await tx.execute(sql`
    update task t set state = 'done', decided_by = ${AUTHOR}, decided_at = ${tx.now}
      from ${rowsOf("h", columns)}
     where t.customer_id = h.customer_id and t.task_id = h.finding_id and t.state = 'open' and h.severity = 'hint'`);
}

async function endFindings(act: Act, rows: readonly KnownRow[], state: "resolved" | "dismissed"): Promise<void> {
  if (rows.length === 0) return;
  const { tx } = act;
  const ended = {
    customer_id: ["uuid", rows.map((row) => row.customer_id)],
    finding_id: ["uuid", rows.map((row) => findingIdOf(row.receivable_id, row.rule))],
    decided_by: ["text", rows.map((row) => (state === "dismissed" ? row.task_by : null) ?? AUTHOR)],
  } as const;
  await tx.execute(sql`
    update finding f set state = ${state}, decided_by = e.decided_by, decided_at = ${tx.now}
      from ${rowsOf("e", ended)}
     where f.customer_id = e.customer_id and f.finding_id = e.finding_id and f.state = 'open'`);
  await tx.execute(sql`
    update task t set state = 'done', decided_by = e.decided_by, decided_at = ${tx.now}
      from ${rowsOf("e", ended)}
     where t.customer_id = e.customer_id and t.task_id = e.finding_id and t.state = 'open'`);
}

/** Customers with anything open at a creditor (or at any), for a check of all. */
export async function customersToCheck(act: Act, creditorId?: CreditorId): Promise<CustomerId[]> {
  const rows = await act.tx.rows<{ customer_id: CustomerId }>(sql`
    select distinct customer_id from receivable
     where tenant_id = ${act.tx.tenantId} and open_total <> 0
       and (${creditorId ?? null}::uuid is null or creditor_id = ${creditorId ?? null}::uuid)`);
  return rows.map((row) => row.customer_id);
}
