/** The customer pays us although the claim is with somebody else, who must hear of it: a task says whom and how much. */
import type { CaseId, CustomerId, PlainDate, ReceivableId, Uuid } from "../../../pure/kernel/index.ts";
import { type Act, actorName } from "../../../platform/access/index.ts";
import { arrayOf, sql } from "../../../platform/database/index.ts";
import type { Allocation, PayableItem } from "../model.ts";
import { createTasks, type TaskInput } from "../tasks.ts";

/** A payment as it was booked. */
interface Paid {
  readonly customerId: CustomerId;
  readonly bookingId: Uuid;
  readonly allocations: readonly Allocation[];
  readonly items: readonly PayableItem[];
  /** The creditor's business date. */
  readonly day: PlainDate;
}

/**
 * Tasks `tell_partner` for what went to items of a case that was handed over, or that were assigned. Returns, in the
 * order given, the minor units of each payment that are a partner's business.
 */
export async function tellPartners(act: Act, payments: readonly Paid[]): Promise<readonly bigint[]> {
  const paid = payments.map(({ allocations, items, day }) =>
    allocations.flatMap(({ receivableId, amountMinor, onAccount }) => {
      const item = onAccount ? undefined : items.find((one) => one.receivableId === receivableId);
      const assigned = item?.assignedOn !== undefined && item.assignedOn <= day;
      return item && (assigned || item.caseId !== undefined) ? [{ item, amountMinor, assigned }] : [];
    }),
  );
  const away = await handedOver(
    act,
    payments,
    paid.flat().map(({ item }) => item),
  ); // prettier-ignore
  const tasks: TaskInput[] = [];
  const sums = payments.map(({ customerId, bookingId, day }, index) => {
    const parts = (paid[index] ?? []).filter(
      ({ item, assigned }) => assigned || (item.caseId !== undefined && away.has(item.caseId)),
    );
    const amountMinor = parts.reduce((sum, part) => sum + part.amountMinor, 0n);
    const [first] = parts;
    if (!first || amountMinor <= 0n) return 0n;
    const { caseId, currency } = first.item;
    const why = first.assigned ? "assigned" : "handed_over";
    const base = { customerId, kind: "tell_partner", amountMinor, currency, dueOn: day } as const;
    tasks.push({
      ...base,
      ...(caseId !== undefined && { caseId }),
      ...(parts.length === 1 && { receivableId: first.item.receivableId }),
      facts: { bookingId, why },
    });
    return amountMinor;
  });
  await createTasks(act, tasks);
  return sums;
}

async function handedOver(
  { tx }: Act,
  payments: readonly Paid[],
  items: readonly PayableItem[],
): Promise<ReadonlySet<CaseId>> {
  const cases = [...new Set(items.flatMap(({ caseId }) => caseId ?? []))];
  if (cases.length === 0) return new Set();
  const rows = await tx.rows<{ case_id: CaseId }>(sql`
    select c.case_id from dunning_case c
    where c.customer_id = any(${arrayOf("uuid", [...new Set(payments.map(({ customerId }) => customerId))])})
      and c.case_id = any(${arrayOf("uuid", cases)}) and c.tenant_id = ${tx.tenantId} and c.state = 'handed_over'`);
  return new Set(rows.map((row) => row.case_id));
}

/**
 * The payment of a booking was undone or went back: who was not told yet need not be; who was, is told of that too.
 */
export async function tellPartnersBack(
  act: Act,
  customerId: CustomerId,
  bookingId: Uuid,
  day: PlainDate,
): Promise<void> {
  const { tx } = act;
  const about = sql`customer_id = ${customerId} and tenant_id = ${tx.tenantId} and kind = 'tell_partner'
    and facts->>'bookingId' = ${bookingId}`;
  await tx.execute(sql`
    update task set state = 'refused', decided_by = ${actorName(act.actor)}, decided_at = ${tx.now}
    where ${about} and state = 'open'`);
  const told = await tx.rows<{
    case_id: CaseId | null;
    receivable_id: ReceivableId | null;
    amount_minor: bigint;
    currency: PayableItem["currency"];
  }>(sql`
    select case_id, receivable_id, amount_minor, currency from task
    where ${about} and state = 'done' and facts->>'why' <> 'went_back'`);
  await createTasks(
    act,
    told.map((row) => ({
      customerId,
      kind: "tell_partner",
      amountMinor: row.amount_minor,
      currency: row.currency,
      ...(row.case_id !== null && { caseId: row.case_id }),
      ...(row.receivable_id !== null && { receivableId: row.receivable_id }),
      facts: { bookingId, why: "went_back" },
      dueOn: day,
    })),
  );
}
