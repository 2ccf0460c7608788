/**
 * Items on their way from one file to another of the same person. An item keeps its id: under the other file stands a row
 * of the same id, and its postings are mirrored by transfers on the same value dates, here with the opposite sign, there
 * as they were. So both histories are right on every day, interest goes on from the same first day, and the sum over both
 * files never changes.
 */
import {
  type CaseId,
  type CreditorId,
  type Currency,
  type CustomerId,
  dateIn,
  type PlainDate,
  type ReceivableId,
  type Uuid,
} from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { identifier, join, sql } from "../../../platform/database/index.ts";
import { customerFacts, filesOf, lockCustomers } from "../../customers/index.ts";
import { post } from "../ledger.ts";
import type { Component, PostingInput, PostingKind } from "../model.ts";
import { onAccountId } from "../paying/outcome.ts";

/** What moves of one item: movements of one kind, component and value date, netted. */
interface Share {
  readonly receivableId: ReceivableId;
  readonly kind: PostingKind;
  readonly component: Component;
  readonly ground: string | null;
  readonly valueOn: PlainDate;
  readonly amountMinor: bigint;
}

/** Money on account that moved: it has no item of its own there, so what moved is written down. */
export interface AccountMoved {
  readonly creditorId: CreditorId;
  readonly currency: Currency;
  /** Below zero; minor units as text. */
  readonly amountMinor: string;
}

export interface ItemsMoved {
  readonly items: readonly ReceivableId[];
  readonly accounts: readonly AccountMoved[];
}

export interface Move {
  readonly from: CustomerId;
  readonly to: CustomerId;
  readonly bookingId: Uuid;
  /** Business date: of what is settled here, and of money on account that goes back in part. */
  readonly day: PlainDate;
  /** Which case over there takes the place of a case here. */
  readonly cases: ReadonlyMap<CaseId, CaseId>;
  /** The item over there is further than the one here: its stage and default stay. */
  readonly keepsStage?: boolean;
}

/** Columns that are not copied: set here, kept by postings, or made by the database. */
const OWN = ["customer_id", "case_id", "moved_from", "settled_on", "created_at"];

async function copiedColumns({ tx }: Act): Promise<string[]> {
  const rows = await tx.rows<{ name: string }>(sql`
    select a.attname::text as name from pg_attribute a
    where a.attrelid = 'receivable'::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      and a.attname not like 'open\\_%' order by a.attnum`);
  return rows.map((row) => row.name).filter((name) => !OWN.includes(name));
}

/** Of `receivable r`: it was not left behind. What left has no movement behind that its transfer does not mirror. */
export const heldHere = sql`exists (select from posting p
  where p.customer_id = r.customer_id and p.receivable_id = r.receivable_id
  group by coalesce(p.moved_kind, p.kind), p.component, p.ground, p.value_on having sum(p.amount_minor) <> 0)`;

/** Items at `from` that are `file`'s by origin, or one of `files` merged into it before; settled ones too. */
export async function itemsFrom({ tx }: Act, from: CustomerId, files: readonly CustomerId[]): Promise<ReceivableId[]> {
  const rows = await tx.rows<{ receivable_id: ReceivableId }>(sql`
    select r.receivable_id from receivable r
    where r.tenant_id = ${tx.tenantId} and r.customer_id = ${from} and r.moved_from = any(${files}::uuid[])
      and r.item_kind <> 'on_account' and ${heldHere} order by r.receivable_id`);
  return rows.map((row) => row.receivable_id);
}

/**
 * Items that were settled before their file was merged stay there; those that somebody names again are brought to the
 * customer that leads now, with their history. Returns how many; what is here already is left alone.
 */
export async function bringHome(
  act: Act,
  wanted: readonly { readonly customerId: CustomerId; readonly receivableId: ReceivableId }[],
): Promise<number> {
  const { tx } = act;
  const leads = [...new Set(wanted.map(({ customerId }) => customerId))];
  const files = new Map([...(await filesOf(act, leads))].filter(([, own]) => own.length > 1));
  let count = 0;
  for (const [to, own] of files) {
    const ids = wanted.filter(({ customerId }) => customerId === to).map(({ receivableId }) => receivableId);
    await lockCustomers(act, own);
    const rows = await tx.rows<{ customer_id: CustomerId; receivable_id: ReceivableId }>(sql`
      select r.customer_id, r.receivable_id from receivable r
      where r.tenant_id = ${tx.tenantId} and r.customer_id = any(${own}::uuid[]) and r.customer_id <> ${to}
        and r.receivable_id = any(${ids}::uuid[]) and ${heldHere} order by 1, 2`);
    const zone = (await customerFacts(act, [to])).get(to)?.zone;
    for (const from of new Set(rows.map((row) => row.customer_id))) {
      const settled = rows.flatMap((row) => (row.customer_id === from ? [row.receivable_id] : []));
      const move = { from, to, bookingId: tx.newId<Uuid>(), day: dateIn(tx.now, zone as never), cases: new Map() };
      count += (await moveItems(act, move, settled)).items.length;
    }
  }
  return count;
}

interface Standing {
  readonly receivable_id: ReceivableId;
  readonly creditor_id: CreditorId;
  readonly currency: Currency;
  readonly item_kind: string;
  readonly case_id: CaseId | null;
  readonly open_total: bigint;
}

/**
 * Moves what is open (or only certain items, open or not): both customers must be locked. The item there takes over stage,
 * start of default and all that is known of it.
 */
export async function moveItems(act: Act, move: Move, only?: readonly ReceivableId[]): Promise<ItemsMoved> {
  const { tx } = act;
  const items = await tx.rows<Standing>(sql`
    select r.receivable_id, r.creditor_id, r.currency, r.item_kind, r.case_id, r.open_total from receivable r
    where r.tenant_id = ${tx.tenantId} and r.customer_id = ${move.from}
      and (r.open_principal <> 0 or r.open_interest <> 0 or r.open_dunning_cost <> 0 or r.open_collection_cost <> 0
           or r.receivable_id = any(${only ?? []}::uuid[]))
      and (${only ?? null}::uuid[] is null or r.receivable_id = any(${only ?? []}::uuid[]))
    order by r.receivable_id`);
  if (items.length === 0) return { items: [], accounts: [] };
  const ids = items.map((item) => item.receivable_id);
  const target = new Map<ReceivableId, ReceivableId>(
    items.map((item) => [
      item.receivable_id,
      item.item_kind === "on_account"
        ? onAccountId({ customerId: move.to, creditorId: item.creditor_id, currency: item.currency })
        : item.receivable_id,
    ]),
  );
  const columns = (await copiedColumns(act)).filter((name) => name !== "receivable_id").map(identifier);
  await tx.execute(sql`
    insert into receivable (customer_id, receivable_id, case_id, moved_from, created_at, ${join(columns, ", ")})
    select ${move.to}::uuid, t.target, m.there, coalesce(r.moved_from, r.customer_id), ${tx.now}::timestamptz,
           ${join(
             columns.map((name) => sql`r.${name}`),
             ", ",
           )}
    from unnest(${ids}::uuid[], ${ids.map((id) => target.get(id))}::uuid[]) as t (receivable_id, target)
    join receivable r on r.customer_id = ${move.from} and r.receivable_id = t.receivable_id
    left join unnest(${[...move.cases.keys()]}::uuid[], ${[...move.cases.values()]}::uuid[]) as m (here, there) on m.here = r.case_id
    on conflict (customer_id, receivable_id) do update set stage = excluded.stage, stage_on = excluded.stage_on,
      default_since = excluded.default_since, default_ground = excluded.default_ground,
      assigned_on = excluded.assigned_on, case_id = coalesce(excluded.case_id, receivable.case_id)
      where receivable.item_kind <> 'on_account' and not ${move.keepsStage ?? false}`);
  const shares = await sharesOf(act, move.from, ids);
  const byItem = new Map(items.map((item) => [item.receivable_id, item]));
  const here: PostingInput[] = [];
  const there: PostingInput[] = [];
  for (const share of shares) {
    const item = byItem.get(share.receivableId);
    const to = target.get(share.receivableId);
    if (!item || !to) continue;
    const base = {
      kind: "transfer" as const,
      component: share.component,
      currency: item.currency,
      valueOn: share.valueOn,
      movedKind: share.kind,
      ...(share.ground === null ? {} : { ground: share.ground }),
    };
    here.push({ ...base, customerId: move.from, receivableId: share.receivableId, amountMinor: -share.amountMinor });
    there.push({ ...base, customerId: move.to, receivableId: to, amountMinor: share.amountMinor });
  }
  // One customer's rows a statement (invariant 9).
  await post(act, here, move.bookingId);
  await post(act, there, move.bookingId);
  await tx.execute(sql`
    update receivable set settled_on = ${move.day}::date
    where customer_id = ${move.from} and receivable_id = any(${ids}::uuid[]) and open_total = 0 and settled_on is null`);
  return {
    items: items.filter((item) => item.item_kind !== "on_account").map((item) => item.receivable_id),
    accounts: items
      .filter((item) => item.item_kind === "on_account")
      .map((item) => ({
        creditorId: item.creditor_id,
        currency: item.currency,
        amountMinor: item.open_total.toString(),
      })),
  };
}

async function sharesOf({ tx }: Act, customerId: CustomerId, ids: readonly ReceivableId[]): Promise<Share[]> {
  const rows = await tx.rows<{
    receivable_id: ReceivableId;
    kind: PostingKind;
    component: Component;
    ground: string | null;
    value_on: PlainDate;
    amount: bigint;
  }>(sql`
    select p.receivable_id, coalesce(p.moved_kind, p.kind) as kind, p.component, p.ground, p.value_on,
           sum(p.amount_minor)::bigint as amount
    from posting p where p.customer_id = ${customerId} and p.receivable_id = any(${ids}::uuid[])
    group by p.receivable_id, coalesce(p.moved_kind, p.kind), p.component, p.ground, p.value_on
    having sum(p.amount_minor) <> 0 order by p.receivable_id, p.value_on`);
  return rows.map((row) => ({
    receivableId: row.receivable_id,
    kind: row.kind,
    component: row.component,
    ground: row.ground,
    valueOn: row.value_on,
    amountMinor: row.amount,
  }));
}

/**
 * Gives money on account back, as much as still rests there: what meanwhile paid an item is spent. Returns what could not
 * go back, minor units. Whole amounts go back on the value dates they came with.
 */
export async function returnAccount(
  act: Act,
  move: Omit<Move, "cases">,
  moved: AccountMoved,
  mergeBooking: Uuid,
): Promise<bigint> {
  const { tx } = act;
  const scope = { creditorId: moved.creditorId, currency: moved.currency };
  const [here, there] = [
    onAccountId({ ...scope, customerId: move.from }),
    onAccountId({ ...scope, customerId: move.to }),
  ];
  const row = await tx.one<{ open_principal: bigint }>(sql`
    select open_principal from receivable where customer_id = ${move.from} and receivable_id = ${here}`);
  const wanted = -BigInt(moved.amountMinor);
  const rests = row && row.open_principal < 0n ? -row.open_principal : 0n;
  const back = wanted < rests ? wanted : rests;
  if (back <= 0n) return wanted;
  const came = await tx.rows<{ amount_minor: bigint; value_on: PlainDate; moved_kind: PostingKind }>(sql`
    select amount_minor, value_on, coalesce(moved_kind, kind) as moved_kind from posting
    where customer_id = ${move.from} and receivable_id = ${here} and booking_id = ${mergeBooking} and component = 'principal'`);
  const parts =
    back === wanted && came.reduce((sum, part) => sum + part.amount_minor, 0n) === -wanted
      ? came
      : [{ amount_minor: -back, value_on: move.day, moved_kind: "transfer" as const }];
  const mirrored = (customerId: CustomerId, receivableId: ReceivableId, sign: bigint): PostingInput[] =>
    parts.map((part) => ({
      customerId,
      receivableId,
      kind: "transfer",
      component: "principal",
      amountMinor: sign * part.amount_minor,
      currency: moved.currency,
      valueOn: part.value_on,
      movedKind: part.moved_kind,
    }));
  await post(act, mirrored(move.from, here, -1n), move.bookingId);
  await post(act, mirrored(move.to, there, 1n), move.bookingId);
  return wanted - back;
}
