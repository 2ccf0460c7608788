/** Cases: one customer, creditor and currency on the way to being paid. The ledger keeps them. */
import {
  addDays,
  type CaseId,
  type CreditorId,
  type Currency,
  type CustomerId,
  type PlainDate,
} from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import { rowsOf, type Sql, sql } from "../../platform/database/index.ts";
import { claimDirectoryEntries, removeDirectoryEntries } from "../../platform/sealed/index.ts";
import type { Case } from "./model.ts";
import { present } from "./store.ts";

interface CaseRow {
  readonly case_id: CaseId;
  readonly customer_id: CustomerId;
  readonly creditor_id: CreditorId;
  readonly currency: Currency;
  readonly number: bigint;
  readonly state: Case["state"];
  readonly stage: string | null;
  readonly stage_on: PlainDate | null;
  readonly round: number;
  readonly opened_on: PlainDate;
  readonly closed_on: PlainDate | null;
}

async function readCases({ tx }: Act, condition: Sql): Promise<Case[]> {
  const rows = await tx.rows<CaseRow>(sql`
    select c.case_id, c.customer_id, c.creditor_id, c.currency, c.number, c.state, c.stage, c.stage_on, c.round,
           c.opened_on, c.closed_on
    from dunning_case c where c.tenant_id = ${tx.tenantId} and ${condition}
    order by c.customer_id, c.opened_on, c.case_id`);
  return rows.map((row) => ({
    caseId: row.case_id,
    customerId: row.customer_id,
    creditorId: row.creditor_id,
    currency: row.currency,
    number: row.number.toString(),
    state: row.state,
    round: row.round,
    openedOn: row.opened_on,
    ...(present({ stage: row.stage, stageOn: row.stage_on, closedOn: row.closed_on }) as Partial<Case>),
  }));
}

/** All cases of customers, closed ones too. */
export const casesOf = (act: Act, customerIds: readonly CustomerId[]): Promise<Case[]> =>
  readCases(act, sql`c.customer_id = any(${customerIds}::uuid[])`);

/** Nine digits that don't start with zero, from the random part of an id. */
const numberFrom = (caseId: CaseId): bigint => 100_000_000n + (BigInt(`0x${caseId.slice(24)}`) % 900_000_000n);

/**
 * Keeps the cases of customers as of a business day, set-based:
 * - a case opens when an item is overdue (or falls due within `aheadDays`, for a note ahead) and the netted total
 *   (credit notes and money on account counted) is above zero;
 *   a closed case whose item is open again reopens with the next round;
 * - overdue items join the open case;
 * - an open case whose netted total is not above zero closes. Handed-over cases stay as they are.
 */
export async function keepCases(
  act: Act,
  customerIds: readonly CustomerId[],
  day: PlainDate,
  aheadDays = 0,
): Promise<{ readonly opened: readonly CaseId[]; readonly closed: readonly CaseId[] }> {
  if (customerIds.length === 0) return { opened: [], closed: [] };
  const { tx } = act;
  const claimable = claimableBefore(addDays(day, aheadDays === 0 ? 0 : aheadDays + 1));
  const wanted = await tx.rows<{
    customer_id: CustomerId;
    creditor_id: CreditorId;
    currency: Currency;
    closing: CaseId | null;
    reopening: CaseId | null;
    opening: boolean;
    joining: CaseId | null;
  }>(sql`
    with standing as (
      select r.customer_id, r.creditor_id, r.currency, sum(r.open_total) as total,
             bool_or(${claimable}) as overdue,
             bool_or(${claimable} and r.case_id is null) as loose,
             (array_agg(r.case_id order by r.due_on) filter (where ${claimable} and r.case_id is not null))[1] as earlier
      from receivable r
      where r.customer_id = any(${customerIds}::uuid[]) and r.tenant_id = ${tx.tenantId} and r.open_total <> 0
      group by r.customer_id, r.creditor_id, r.currency
    ), live as (
      select c.customer_id, c.creditor_id, c.currency, c.case_id, c.state from dunning_case c
      where c.customer_id = any(${customerIds}::uuid[]) and c.tenant_id = ${tx.tenantId} and c.state <> 'closed'
    )
    select coalesce(s.customer_id, l.customer_id) as customer_id, coalesce(s.creditor_id, l.creditor_id) as creditor_id,
           coalesce(s.currency, l.currency) as currency,
           case when l.state = 'open' and coalesce(s.total, 0) <= 0 then l.case_id end as closing,
           case when l.case_id is null and s.overdue and s.total > 0 then s.earlier end as reopening,
           l.case_id is null and coalesce(s.overdue and s.total > 0, false) as opening,
           case when l.state = 'open' and s.loose and s.total > 0 then l.case_id end as joining
    from standing s full join live l
      on l.customer_id = s.customer_id and l.creditor_id = s.creditor_id and l.currency = s.currency`);

  const closed = wanted.flatMap((row) => (row.closing ? [{ customerId: row.customer_id, caseId: row.closing }] : []));
  if (closed.length > 0)
    await tx.execute(sql`
      update dunning_case c set state = 'closed', closed_on = ${day}::date
      from unnest(${closed.map((c) => c.customerId)}::uuid[], ${closed.map((c) => c.caseId)}::uuid[]) as x (customer_id, case_id)
      where c.customer_id = x.customer_id and c.case_id = x.case_id and c.customer_id = any(${customerIds}::uuid[])`);

  const reopened = wanted.flatMap((row) =>
    row.reopening ? [{ customerId: row.customer_id, caseId: row.reopening }] : [],
  );
  if (reopened.length > 0)
    await tx.execute(sql`
      update dunning_case c
      set state = 'open', closed_on = null, round = c.round + 1, stage = null, stage_on = null
      from unnest(${reopened.map((c) => c.customerId)}::uuid[], ${reopened.map((c) => c.caseId)}::uuid[]) as x (customer_id, case_id)
      where c.customer_id = x.customer_id and c.case_id = x.case_id`);

  // What was told in the round before is over: a debit that came back starts with a reminder's distance to the end.
  if (reopened.length > 0)
    await tx.execute(sql`
      update receivable r set stage = null, stage_on = null
      from unnest(${reopened.map((c) => c.customerId)}::uuid[], ${reopened.map((c) => c.caseId)}::uuid[]) as x (customer_id, case_id)
      where r.customer_id = x.customer_id and r.case_id = x.case_id and r.open_total > 0`);

  const fresh = wanted.filter((row) => row.opening && !row.reopening);
  const opened = await openCases(act, fresh, day);
  // Case ids are handed in instead of joined: in a fresh database the planner knows no sizes and joined two tables row by
  // row (9,000 items took 50 s).
  const joining = [
    ...wanted.flatMap((row) => (row.reopening ? [{ ...row, caseId: row.reopening }] : [])),
    ...wanted.flatMap((row) => (row.joining ? [{ ...row, caseId: row.joining }] : [])),
    ...fresh.flatMap((row, index) => {
      const caseId = opened[index];
      return caseId === undefined ? [] : [{ ...row, caseId }];
    }),
  ];
  if (joining.length > 0)
    await tx.execute(sql`
      update receivable r set case_id = x.case_id
      from unnest(${joining.map((j) => j.customer_id)}::uuid[], ${joining.map((j) => j.creditor_id)}::uuid[],
                  ${joining.map((j) => j.currency)}::text[], ${joining.map((j) => j.caseId)}::uuid[])
           as x (customer_id, creditor_id, currency, case_id)
      where r.customer_id = x.customer_id and r.creditor_id = x.creditor_id and r.currency = x.currency
        -- The index by customer; without it every batch of an import read all items there are.
        and r.customer_id = any(${joining.map((j) => j.customer_id)}::uuid[])
        and r.case_id is null and ${claimable}`);
  const fromNew = opened.filter((caseId) => caseId !== undefined);
  return { opened: [...fromNew, ...reopened.map((c) => c.caseId)], closed: closed.map((c) => c.caseId) };
}

/** What decides, of an item that is not written yet, whether its case opens. */
interface FirstItem {
  readonly customerId: CustomerId;
  readonly creditorId: CreditorId;
  readonly currency: Currency;
  readonly itemKind: string;
  readonly dueOn: PlainDate;
  readonly termFromDelivery?: number;
}

/** Customers who have neither items nor cases yet, and the business day of their creditors. */
export interface FirstItems {
  readonly customers: ReadonlySet<CustomerId>;
  readonly dayOf: (creditorId: CreditorId) => PlainDate;
}

/**
 * Opens the cases of first items before these are written, by the rules of `keepCases`, so that an item joins as it is
 * inserted: joining afterwards writes every row and its index entries twice. One id an item; none where it is not
 * overdue, or where a credit note or a term that runs from delivery comes along: those are left to `keepCases`.
 */
export async function firstCases(
  act: Act,
  items: readonly FirstItem[],
  { customers, dayOf }: FirstItems,
): Promise<(CaseId | undefined)[]> {
  const keyOf = (item: FirstItem): string => `${item.customerId}|${item.creditorId}|${item.currency}`;
  const undecided = new Set<string>();
  for (const item of items)
    if (item.itemKind !== "invoice" || item.termFromDelivery !== undefined || !customers.has(item.customerId))
      undecided.add(keyOf(item));
  const joins = (item: FirstItem): boolean => item.dueOn < dayOf(item.creditorId) && !undecided.has(keyOf(item));
  const groups = new Map(items.filter(joins).map((item) => [keyOf(item), item]));
  const caseOf = new Map<string, CaseId | undefined>();
  for (const day of new Set([...groups.values()].map((item) => dayOf(item.creditorId)))) {
    const rows = [...groups].filter(([, item]) => dayOf(item.creditorId) === day);
    const opened = await openCases(
      act,
      rows.map(([, item]) => ({
        customer_id: item.customerId,
        creditor_id: item.creditorId,
        currency: item.currency,
      })),
      day,
    );
    rows.forEach(([key], index) => caseOf.set(key, opened[index]));
  }
  return items.map((item) => (joins(item) ? caseOf.get(keyOf(item)) : undefined));
}

/** An open invoice that is due before a day; what was assigned to a third party is never dunned. */
const claimableBefore = (day: PlainDate): Sql =>
  sql`(r.item_kind = 'invoice' and r.open_total > 0 and r.due_on < ${day}::date and r.assigned_on is null)`;

/** Ids in the order of the rows; undefined where another transaction opened the case first. */
async function openCases(
  act: Act,
  rows: readonly { customer_id: CustomerId; creditor_id: CreditorId; currency: Currency }[],
  day: PlainDate,
): Promise<(CaseId | undefined)[]> {
  if (rows.length === 0) return [];
  const { tx } = act;
  const cases = rows.map((row) => {
    const caseId = tx.newId<CaseId>();
    return { ...row, caseId, number: numberFrom(caseId) };
  });
  await giveNumbers(act, cases);
  // A payment and an import may find the same customer overdue at the same moment: one case, the other's number goes.
  const written = await tx.rows<{ case_id: CaseId }>(sql`
    insert into dunning_case (customer_id, case_id, tenant_id, creditor_id, currency, number, opened_on)
    select n.customer_id, n.case_id, ${tx.tenantId}::uuid, n.creditor_id, n.currency, n.number, ${day}::date
    from ${rowsOf("n", {
      customer_id: ["uuid", cases.map((c) => c.customer_id)],
      case_id: ["uuid", cases.map((c) => c.caseId)],
      creditor_id: ["uuid", cases.map((c) => c.creditor_id)],
      currency: ["text", cases.map((c) => c.currency)],
      number: ["int8", cases.map((c) => c.number)],
    })}
    on conflict (customer_id, creditor_id, currency) where state = 'open' do nothing
    returning case_id`);
  if (written.length === cases.length) return cases.map((c) => c.caseId);
  const kept = new Set(written.map((row) => row.case_id));
  const lost = cases.filter((c) => !kept.has(c.caseId));
  await removeDirectoryEntries(act, {
    customerIds: lost.map((c) => c.customer_id),
    objectIds: lost.map((c) => c.caseId),
  });
  return cases.map((c) => (kept.has(c.caseId) ? c.caseId : undefined));
}

/** Numbers are random, so some of a big batch are taken already: those get the next free ones. */
async function giveNumbers(
  act: Act,
  cases: { customer_id: CustomerId; caseId: CaseId; number: bigint }[],
): Promise<void> {
  const mine = new Set<bigint>();
  const next = (number: bigint): bigint => (number === 999_999_999n ? 100_000_000n : number + 1n);
  for (let open = [...cases]; open.length > 0; ) {
    for (const one of open) {
      while (mine.has(one.number)) one.number = next(one.number);
      mine.add(one.number);
    }
    const holders = await claimDirectoryEntries(
      act,
      open.map((c) => ({
        kind: "case_number",
        value: c.number.toString(),
        customerId: c.customer_id,
        objectId: c.caseId,
      })),
    );
    open = open.filter((_, index) => holders[index] !== undefined);
  }
}

/** Writes down the stage a case has reached (business date). */
export async function reachStage(
  { tx }: Act,
  cases: readonly { readonly customerId: CustomerId; readonly caseId: CaseId }[],
  stage: string,
  day: PlainDate,
): Promise<void> {
  await tx.execute(sql`
    update dunning_case c set stage = ${stage}, stage_on = ${day}::date
    from unnest(${cases.map((c) => c.customerId)}::uuid[], ${cases.map((c) => c.caseId)}::uuid[]) as x (customer_id, case_id)
    where c.customer_id = x.customer_id and c.case_id = x.case_id`);
}
