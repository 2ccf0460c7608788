/** Findings as people read and decide them, and what they mean for dunning. */
import {
  type CreditorId,
  type Currency,
  type CustomerId,
  type Failure,
  fail,
  type Instant,
  ok,
  type ReceivableId,
  type Result,
  type Uuid,
} from "../../pure/kernel/index.ts";
import { type Act, actorName, appendAudit } from "../../platform/access/index.ts";
import { arrayOf, type Sql, sql } from "../../platform/database/index.ts";
import { touch } from "../../platform/jobs/index.ts";
import { changeCreditorSettings, creditor, lockCustomer, visibleCustomers } from "../customers/index.ts";
import { checkItems, customersToCheck, writeFindings } from "./check.ts";
import {
  type Finding,
  type FindingFacts,
  type FindingState,
  fits,
  isRule,
  type Rule,
  type RuleKey,
  type RuleSetting,
  rulesOf,
  type Severity,
} from "./model.ts";

/** Open blocking findings by item: rule codes alone, so that decisions see no identity (invariant 7). */
export async function blockedItems(
  act: Act,
  customerIds: readonly CustomerId[],
): Promise<Map<ReceivableId, RuleKey[]>> {
  const rows = await act.tx.rows<{ receivable_id: ReceivableId; rules: RuleKey[] }>(sql`
    select f.receivable_id, array_agg(f.rule order by f.rule) as rules from finding f
     where f.customer_id = any(${arrayOf("uuid", customerIds)}) and f.state = 'open' and f.severity = 'blocking'
     group by f.receivable_id`);
  return new Map(rows.map((row) => [row.receivable_id, row.rules]));
}

interface FindingRow {
  readonly finding_id: Uuid;
  readonly customer_id: CustomerId;
  readonly receivable_id: ReceivableId;
  readonly creditor_id: CreditorId;
  readonly number: string;
  readonly currency: Currency;
  readonly open_total: bigint;
  readonly rule: RuleKey;
  readonly severity: Severity;
  readonly facts: FindingFacts;
  readonly state: FindingState;
  readonly found_at: Instant;
  readonly note_sealed: Buffer | null;
  readonly decided_by: string | null;
  readonly decided_at: Instant | null;
}

export interface FindingFilter {
  readonly findingId?: Uuid;
  readonly rule?: RuleKey;
  readonly severity?: Severity;
  readonly state?: FindingState;
  readonly creditorId?: CreditorId;
  readonly customerIds?: readonly CustomerId[];
}

function conditionOf(act: Act, filter: FindingFilter): Sql {
  const { findingId, rule, severity, state, creditorId, customerIds } = filter;
  return sql`f.tenant_id = ${act.tx.tenantId} and ${visibleCustomers(act)}
    and (${findingId ?? null}::uuid is null or f.finding_id = ${findingId ?? null}::uuid)
    and (${rule ?? null}::text is null or f.rule = ${rule ?? null}::text)
    and (${severity ?? null}::text is null or f.severity = ${severity ?? null}::text)
    and (${state ?? null}::text is null or f.state = ${state ?? null}::text)
    and (${creditorId ?? null}::uuid is null or r.creditor_id = ${creditorId ?? null}::uuid)
    and (${customerIds ?? null}::uuid[] is null or f.customer_id = any(${customerIds ?? null}::uuid[]))`;
}

const FROM = sql`from finding f join customer c on c.customer_id = f.customer_id
  join receivable r on r.customer_id = f.customer_id and r.receivable_id = f.receivable_id`;

const ORDERS = {
  severity: sql`array_position(array['blocking', 'warning', 'hint'], f.severity), r.open_total desc`,
  found: sql`f.found_at desc`,
  open: sql`r.open_total desc`,
  rule: sql`f.rule`,
} as const;
export type FindingOrder = keyof typeof ORDERS;

/** Findings this actor may see; blocking ones first, then by what is open. */
export async function findings(
  act: Act,
  filter: FindingFilter,
  page: { readonly limit: number; readonly offset?: number; readonly order?: FindingOrder },
): Promise<{ readonly rows: Finding[]; readonly total: number }> {
  const condition = conditionOf(act, filter);
  const rows = await act.tx.rows<FindingRow>(sql`
    select f.finding_id, f.customer_id, f.receivable_id, r.creditor_id, r.number, r.currency, r.open_total, f.rule,
           f.severity, f.facts, f.state, f.found_at, f.note_sealed, f.decided_by, f.decided_at
      ${FROM} where ${condition} order by ${ORDERS[page.order ?? "severity"]}, f.finding_id
     limit ${page.limit} offset ${page.offset ?? 0}`);
  const count = await act.tx.one<{ count: bigint }>(sql`select count(*) as count ${FROM} where ${condition}`);
  const noted = rows.filter((row) => row.note_sealed !== null).map((row) => row.customer_id);
  const seals = await act.vault.forCustomers(act.tx, [...new Set(noted)]);
  return {
    total: Number(count?.count ?? 0n),
    rows: rows.map((row): Finding => {
      const note = row.note_sealed && seals.get(row.customer_id)?.openText("records", "finding", row.note_sealed);
      return {
        findingId: row.finding_id,
        customerId: row.customer_id,
        receivableId: row.receivable_id,
        creditorId: row.creditor_id,
        number: row.number,
        currency: row.currency,
        openMinor: row.open_total,
        rule: row.rule,
        severity: row.severity,
        facts: row.facts,
        state: row.state,
        foundAt: row.found_at,
        ...(note?.ok && { note: note.value }),
        ...(row.decided_by !== null && { decidedBy: row.decided_by }),
        ...(row.decided_at !== null && { decidedAt: row.decided_at }),
      };
    }),
  };
}

export interface FindingCount {
  readonly rule: RuleKey;
  readonly severity: Severity;
  readonly open: number;
}

/** Open findings by rule and severity, blocking ones first. */
export async function findingCounts(act: Act, filter: FindingFilter): Promise<FindingCount[]> {
  const rows = await act.tx.rows<{ rule: RuleKey; severity: Severity; open: bigint }>(sql`
    select f.rule, f.severity, count(*) as open ${FROM} where ${conditionOf(act, { ...filter, state: "open" })}
     group by f.rule, f.severity
     order by array_position(array['blocking', 'warning', 'hint'], f.severity), count(*) desc, f.rule`);
  return rows.map((row) => ({ ...row, open: Number(row.open) }));
}

async function findingById(act: Act, findingId: Uuid): Promise<Result<Finding, Failure>> {
  const [found] = (await findings(act, { findingId }, { limit: 1 })).rows;
  return found ? ok(found) : fail("not_found", "finding_unknown", "There is no such finding.", findingId);
}

/**
 * Dismisses a finding: a person has looked, and the item may be dunned. It stays dismissed while its facts are the same.
 * Failures: `finding_unknown`, `finding_settled`, `reason_missing`.
 */
export async function dismissFinding(act: Act, findingId: Uuid, reason: string): Promise<Result<Finding, Failure>> {
  const found = await findingById(act, findingId);
  if (!found.ok) return found;
  const { customerId, rule } = found.value;
  const note = reason.trim();
  if (note === "") return fail("invalid", "reason_missing", "Say why this is no obstacle.", "reason");
  await lockCustomer(act, customerId);
  const sealed = (await act.vault.forCustomer(act.tx, customerId)).seal("records", "finding", note);
  const written = await act.tx.execute(sql`
    update finding set state = 'dismissed', note_sealed = ${sealed}, decided_by = ${actorName(act.actor)},
                       decided_at = ${act.tx.now}
     where customer_id = ${customerId} and finding_id = ${findingId} and state = 'open'`);
  if (written === 0) return fail("conflict", "finding_settled", "This was decided before.", findingId);
  await act.tx.execute(sql`
    update task set state = 'done', decided_by = ${actorName(act.actor)}, decided_at = ${act.tx.now}
     where customer_id = ${customerId} and task_id = ${findingId} and state = 'open'`);
  await touch(act.tx, customerId);
  await appendAudit(act, { act: "finding.dismissed", subject: findingId, details: { customer: customerId, rule } });
  return findingById(act, findingId);
}

/** Checks again after a person mended the cause. Failures: `finding_unknown`, `finding_settled`, `still_wrong`. */
export async function recheckFinding(act: Act, findingId: Uuid): Promise<Result<Finding, Failure>> {
  const found = await findingById(act, findingId);
  if (!found.ok) return found;
  if (found.value.state !== "open") return fail("conflict", "finding_settled", "This was decided before.", findingId);
  await lockCustomer(act, found.value.customerId);
  await checkItems(act, [found.value.customerId]);
  const after = await findingById(act, findingId);
  if (after.ok && after.value.state === "open")
    return fail("conflict", "still_wrong", "The check still finds it. Mend the cause, or dismiss it.", findingId);
  return after;
}

/** Takes a dismissal back. Failures: `finding_unknown`, `finding_settled` (resolved by itself, or open). */
export async function reopenFinding(act: Act, findingId: Uuid): Promise<Result<Finding, Failure>> {
  const found = await findingById(act, findingId);
  if (!found.ok) return found;
  if (found.value.state !== "dismissed")
    return fail("conflict", "finding_settled", "Only what was dismissed can be taken back.", findingId);
  const { customerId, rule } = found.value;
  await lockCustomer(act, customerId);
  await writeFindings(act, [found.value]);
  await touch(act.tx, customerId);
  await appendAudit(act, { act: "finding.reopened", subject: findingId, details: { customer: customerId, rule } });
  return findingById(act, findingId);
}

/**
 * What a file says about its own item that no later check can see; the task comes with it. Null: a later file of the item
 * no longer says so, and the next check resolves it.
 */
export async function stateFinding(
  act: Act,
  item: { readonly customerId: CustomerId; readonly receivableId: ReceivableId; readonly creditorId: CreditorId },
  key: RuleKey,
  facts: FindingFacts | null,
): Promise<void> {
  if (facts === null) {
    await act.tx.execute(sql`
      update finding set stated = false
       where customer_id = ${item.customerId} and receivable_id = ${item.receivableId} and rule = ${key} and stated`);
    return;
  }
  const rule = rulesOf((await creditor(act, item.creditorId)).settings).find((one) => one.key === key);
  if (rule?.on) await writeFindings(act, [{ ...item, rule: key, severity: rule.severity, facts }], true);
}

export const checkRules = async (act: Act, creditorId: CreditorId): Promise<Rule[]> =>
  rulesOf((await creditor(act, creditorId)).settings);

/** Customers that are checked at once when a rule was changed; of more, the next run and the sweep take care. */
const AT_ONCE = 5_000;

/**
 * Switches or sets a rule of a creditor and checks its items. Failures: `rule_unknown`, `parameter_unknown`,
 * `parameter_out_of_range`.
 */
export async function changeRule(
  act: Act,
  creditorId: CreditorId,
  key: string,
  change: Pick<RuleSetting, "on" | "severity" | "parameters">,
): Promise<Result<Rule, Failure>> {
  if (!isRule(key)) return fail("not_found", "rule_unknown", "There is no such rule.", key);
  const { settings } = await creditor(act, creditorId);
  const before = rulesOf(settings).find((rule) => rule.key === key);
  if (!before) throw new Error("a rule without defaults");
  for (const [name, value] of Object.entries(change.parameters ?? {})) {
    const parameter = before.parameters.find((one) => one.name === name);
    if (!parameter) return fail("invalid", "parameter_unknown", "This rule has no such number.", name);
    if (!fits(parameter, value))
      return fail(
        "invalid",
        "parameter_out_of_range",
        `A whole number from ${parameter.min} to ${parameter.max}.`,
        name,
      );
  }
  const checking = (settings["checking"] ?? {}) as Readonly<Record<string, RuleSetting>>;
  const own: RuleSetting = {
    ...checking[key],
    ...(change.on !== undefined && { on: change.on }),
    ...(change.severity !== undefined && { severity: change.severity }),
    ...(change.parameters !== undefined && { parameters: { ...checking[key]?.parameters, ...change.parameters } }),
    changedBy: actorName(act.actor),
    changedAt: act.tx.now.toISOString(),
  };
  await changeCreditorSettings(act, creditorId, { checking: { ...checking, [key]: own } });
  await appendAudit(act, {
    act: "check_rule.changed",
    subject: creditorId,
    details: { rule: key, on: own.on ?? before.on, severity: own.severity ?? before.severity },
  });
  await checkItems(act, (await customersToCheck(act, creditorId)).slice(0, AT_ONCE));
  const after = (await checkRules(act, creditorId)).find((rule) => rule.key === key);
  return after ? ok(after) : fail("not_found", "rule_unknown", "There is no such rule.", key);
}
