/** Lists of open items as a creditor's ERP gave them: what each item was listed at, and what vanished. */
import type { CreditorId, Currency, CustomerId, PlainDate, ReceivableId, Uuid } from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { rowsOf, sql } from "../../../platform/database/index.ts";
import { touch } from "../../../platform/jobs/index.ts";
import { lockCustomers } from "../../customers/index.ts";
import { keepCases } from "../cases.ts";
import { post } from "../ledger.ts";
import { COMPONENTS, type Component, type PostingInput } from "../model.ts";
import { createTask } from "../tasks.ts";
import type { StatedItem } from "./stated.ts";

export interface ListPlace {
  readonly creditorId: CreditorId;
  readonly listId: Uuid;
  readonly asOf: PlainDate;
}

/** Keeps what a list says of items; of two rows of one item in a list the sum. */
export function keepListed(
  { tx }: Act,
  place: ListPlace,
  items: readonly (StatedItem & { readonly currency: Currency })[],
): void {
  if (items.length === 0) return;
  tx.send(sql`
    insert into listed_item (customer_id, receivable_id, tenant_id, creditor_id, list_id, listed_on, listed_minor, currency)
    select l.customer_id, l.receivable_id, ${tx.tenantId}::uuid, ${place.creditorId}::uuid, ${place.listId}::uuid,
           ${place.asOf}::date, l.minor, l.currency
    from ${rowsOf("l", {
      customer_id: ["uuid", items.map((item) => item.customerId)],
      receivable_id: ["uuid", items.map((item) => item.receivableId)],
      minor: ["int8", items.map((item) => item.statedMinor)],
      currency: ["text", items.map((item) => item.currency)],
    })}
    on conflict (customer_id, receivable_id) do update
      set list_id = excluded.list_id, listed_on = excluded.listed_on, currency = excluded.currency,
          listed_minor = excluded.listed_minor
            + case when listed_item.list_id = excluded.list_id then listed_item.listed_minor else 0 end`);
}

/**
 * After a whole list: items it does not have are listed at nothing. Of a creditor whose list leads those that stayed open
 * keep what they were listed at: a person said that they are.
 */
export async function keepUnlisted({ tx }: Act, place: ListPlace, listLeads: boolean): Promise<void> {
  await tx.execute(sql`
    update listed_item l set listed_minor = 0, list_id = ${place.listId}, listed_on = ${place.asOf}::date
    from receivable r
    where l.tenant_id = ${tx.tenantId} and l.creditor_id = ${place.creditorId} and l.list_id <> ${place.listId}
      and l.listed_minor <> 0 and r.customer_id = l.customer_id and r.receivable_id = l.receivable_id
      and (r.open_total = 0 or (${!listLeads} and r.issued_on < ${place.asOf}::date))`);
}

/** Items of a creditor that are open now; money on account is not an item of the ERP. */
export async function openCount({ tx }: Act, creditorId: CreditorId): Promise<number> {
  const row = await tx.one<{ count: bigint }>(sql`
    select count(*) as count from receivable r
    where r.tenant_id = ${tx.tenantId} and r.creditor_id = ${creditorId} and r.item_kind <> 'on_account' and r.open_total <> 0`);
  return Number(row?.count ?? 0n);
}

export interface Vanished {
  readonly customerId: CustomerId;
  readonly receivableId: ReceivableId;
  readonly currency: Currency;
  readonly openMinor: bigint;
  readonly lastSeenOn: PlainDate | null;
}

/**
 * Open items the list does not have, or those of certain ones. What is as young as the list and was never listed can't be
 * missing from it.
 */
export async function vanishedFrom(
  { tx }: Act,
  place: ListPlace,
  among?: readonly ReceivableId[],
): Promise<Vanished[]> {
  const which =
    among === undefined
      ? sql`(l.list_id is not null or r.issued_on < ${place.asOf}::date)`
      : sql`r.receivable_id = any(${[...among]}::uuid[])`;
  const rows = await tx.rows<{
    customer_id: CustomerId;
    receivable_id: ReceivableId;
    currency: Currency;
    open_total: bigint;
    listed_on: PlainDate | null;
  }>(sql`
    select r.customer_id, r.receivable_id, r.currency, r.open_total, l.listed_on
    from receivable r
    left join listed_item l on l.customer_id = r.customer_id and l.receivable_id = r.receivable_id
    where r.tenant_id = ${tx.tenantId} and r.creditor_id = ${place.creditorId} and r.item_kind <> 'on_account'
      and r.open_total <> 0 and l.list_id is distinct from ${place.listId}::uuid
      and ${which}
    order by r.customer_id, r.receivable_id`);
  return rows.map((row) => ({
    customerId: row.customer_id,
    receivableId: row.receivable_id,
    currency: row.currency,
    openMinor: row.open_total,
    lastSeenOn: row.listed_on,
  }));
}

export async function keepVanished(
  { tx }: Act,
  listId: Uuid,
  items: readonly Vanished[],
  state: "waiting" | "closed" | "kept",
): Promise<void> {
  if (items.length === 0) return;
  await tx.execute(sql`
    insert into vanished_item (customer_id, list_id, receivable_id, tenant_id, open_minor, currency, last_seen_on, state)
    select v.customer_id, ${listId}::uuid, v.receivable_id, ${tx.tenantId}::uuid, v.open_minor, v.currency, v.last_seen_on, ${state}
    from ${rowsOf("v", {
      customer_id: ["uuid", items.map((item) => item.customerId)],
      receivable_id: ["uuid", items.map((item) => item.receivableId)],
      open_minor: ["int8", items.map((item) => item.openMinor)],
      currency: ["text", items.map((item) => item.currency)],
      last_seen_on: ["date", items.map((item) => item.lastSeenOn ?? undefined)],
    })}
    on conflict (customer_id, list_id, receivable_id) do update set state = excluded.state`);
}

/**
 * Closes items that are gone in the leading system: every open component goes by an adjustment, which a later list with
 * the item takes back. Who stands at a hand-over gets a task: others work on it. Cases are kept.
 */
export async function closeVanished(act: Act, place: ListPlace, items: readonly Vanished[]): Promise<void> {
  if (items.length === 0) return;
  const { tx } = act;
  const customerIds = [...new Set(items.map((item) => item.customerId))];
  await lockCustomers(act, customerIds);
  const open = await tx.rows<
    { customer_id: CustomerId; receivable_id: ReceivableId; currency: Currency; handed_over: boolean } & Record<
      `open_${Component}`,
      bigint
    >
  >(sql`
    select r.customer_id, r.receivable_id, r.currency, r.open_principal, r.open_interest, r.open_dunning_cost,
           r.open_collection_cost, coalesce(c.state = 'handed_over', false) as handed_over
    from unnest(${items.map((item) => item.customerId)}::uuid[], ${items.map((item) => item.receivableId)}::uuid[])
         as i (customer_id, receivable_id)
    join receivable r on r.customer_id = i.customer_id and r.receivable_id = i.receivable_id
    left join dunning_case c on c.customer_id = r.customer_id and c.case_id = r.case_id
    where r.tenant_id = ${tx.tenantId}`);
  const postings = open.flatMap((row) =>
    COMPONENTS.flatMap((component): PostingInput[] => {
      const amount = row[`open_${component}`];
      if (amount === 0n) return [];
      const { customer_id: customerId, receivable_id: receivableId, currency } = row;
      const ground = "not_listed";
      const one = { customerId, receivableId, currency, kind: "adjustment", component, ground } as const;
      return [{ ...one, amountMinor: -amount, valueOn: place.asOf }];
    }),
  );
  await post(act, postings, tx.newId<Uuid>());
  keepListed(
    act,
    place,
    items.map((item) => ({ ...item, statedMinor: 0n })),
  );
  await keepVanished(act, place.listId, items, "closed");
  for (const row of open.filter(({ handed_over }) => handed_over))
    await createTask(act, {
      customerId: row.customer_id,
      receivableId: row.receivable_id,
      kind: "vanished_item",
      facts: { list: place.listId, day: place.asOf },
      dueOn: place.asOf,
    });
  await keepCases(act, customerIds, place.asOf);
  await touch(tx, ...customerIds);
}
