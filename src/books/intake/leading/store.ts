/** SQL of `open_item_list` and `vanished_item`. */
import type {
  CreditorId,
  Currency,
  CustomerId,
  Instant,
  PlainDate,
  ReceivableId,
  Uuid,
} from "../../../pure/kernel/index.ts";
import { type Act, actorName } from "../../../platform/access/index.ts";
import { sql } from "../../../platform/database/index.ts";
import { resolveAlarm } from "../alarms/store.ts";
import { keepVanished, type Vanished } from "../../receivables/index.ts";
import type { ListKind, ListOptions, Stop } from "./lists.ts";

const NAME = "file_name";
const CONTENT = "open_item_list";

/** Day of the last snapshot that was applied. */
export async function latestSnapshot({ tx }: Act, creditorId: CreditorId): Promise<PlainDate | undefined> {
  const row = await tx.one<{ as_of: PlainDate | null }>(sql`
    select max(as_of) as as_of from open_item_list
    where tenant_id = ${tx.tenantId} and creditor_id = ${creditorId} and kind = 'snapshot' and state in ('applied', 'closed')`);
  return row?.as_of ?? undefined;
}

export interface NewList extends Pick<ListOptions, "fingerprint" | "name" | "kind"> {
  readonly creditorId: CreditorId;
  readonly asOf: PlainDate;
  readonly openBefore: number;
  readonly shareLimit: number;
}

/** A list that is being applied; a confirmed one keeps its id and whom it waited for. */
export async function beginList(act: Act, list: NewList & { readonly confirmed?: Uuid }): Promise<Uuid> {
  const { tx } = act;
  if (list.confirmed !== undefined) {
    const written = await tx.execute(sql`
      update open_item_list set state = 'closed', content_sealed = null, decided_by = ${actorName(act.actor)}, decided_at = ${tx.now}
      where tenant_id = ${tx.tenantId} and list_id = ${list.confirmed} and creditor_id = ${list.creditorId} and state = 'waiting'`);
    if (written === 1) {
      await resolveAlarm(act, "snapshot_stopped", list.confirmed);
      return list.confirmed;
    }
  }
  const listId = tx.newId<Uuid>();
  await insertList(act, listId, list, "applied", null, {});
  return listId;
}

async function insertList(
  act: Act,
  listId: Uuid,
  list: NewList,
  state: "applied" | "waiting",
  content: Buffer | null,
  options: object,
): Promise<void> {
  const { tx } = act;
  const seal = await act.vault.forTenant(tx);
  await tx.execute(sql`
    insert into open_item_list (tenant_id, list_id, creditor_id, file_fingerprint, kind, as_of, state, name_sealed,
                                content_sealed, options, items, open_before, vanished, share_limit, created_by, created_at)
    values (${tx.tenantId}, ${listId}, ${list.creditorId}, ${list.fingerprint}, ${list.kind}, ${list.asOf}::date, ${state},
            ${seal.seal(NAME, list.name)}, ${content === null ? null : seal.seal(CONTENT, content)}::bytea,
            ${JSON.stringify(options)}::jsonb, 0, ${list.openBefore}, 0, ${list.shareLimit}, ${actorName(act.actor)}, ${tx.now})`);
}

const amountsOf = (vanished: readonly Vanished[]): Record<string, string> => {
  const sums = new Map<string, bigint>();
  for (const { currency, openMinor } of vanished) sums.set(currency, (sums.get(currency) ?? 0n) + openMinor);
  return Object.fromEntries([...sums].map(([currency, minor]) => [currency, minor.toString()]));
};

/** Counts of a list at its end; what a person confirmed keeps what it had shown. */
export async function endList(
  { tx }: Act,
  listId: Uuid,
  end: { readonly items: number; readonly vanished: readonly Vanished[]; readonly confirmed: boolean },
): Promise<void> {
  const shown = end.confirmed
    ? sql``
    : sql`, vanished = ${end.vanished.length}, vanished_amounts = ${JSON.stringify(amountsOf(end.vanished))}::jsonb`;
  await tx.execute(sql`
    update open_item_list set items = ${end.items}${shown} where tenant_id = ${tx.tenantId} and list_id = ${listId}`);
}

/** Keeps a snapshot that was stopped, whole and sealed, until a person has decided. The same file waits once. */
export async function holdList(
  act: Act,
  list: Omit<NewList, "creditorId" | "asOf" | "openBefore">,
  stop: Stop,
  content: Buffer,
  options: object,
): Promise<Uuid> {
  const { tx } = act;
  const waiting = await tx.one<{ list_id: Uuid }>(sql`
    select list_id from open_item_list where tenant_id = ${tx.tenantId} and state = 'waiting'
      and creditor_id = ${stop.creditor.creditorId} and file_fingerprint = ${list.fingerprint}`);
  if (waiting) return waiting.list_id;
  const listId = tx.newId<Uuid>();
  const { creditorId } = stop.creditor;
  await insertList(
    act,
    listId,
    { ...list, creditorId, asOf: stop.asOf, openBefore: stop.openBefore },
    "waiting",
    content,
    options,
  );
  await endList(act, listId, { items: stop.items, vanished: stop.vanished, confirmed: false });
  await keepVanished(act, listId, stop.vanished, "waiting");
  return listId;
}

/** Decides that the file was incomplete: nothing of it is applied, its content goes. False: it does not wait (any more). */
export async function discardList(act: Act, listId: Uuid): Promise<boolean> {
  const { tx } = act;
  const written = await tx.execute(sql`
    update open_item_list set state = 'kept', content_sealed = null, decided_by = ${actorName(act.actor)}, decided_at = ${tx.now}
    where tenant_id = ${tx.tenantId} and list_id = ${listId} and state = 'waiting'`);
  if (written === 1)
    await tx.execute(sql`
      update vanished_item set state = 'kept' where tenant_id = ${tx.tenantId} and list_id = ${listId}`);
  return written === 1;
}

/** Older snapshots that still wait are settled by a younger one that was applied: they can't be applied any more. */
export async function dropOutdated(act: Act, creditorId: CreditorId, asOf: PlainDate): Promise<void> {
  const { tx } = act;
  const older = await tx.rows<{ list_id: Uuid }>(sql`
    update open_item_list set state = 'kept', content_sealed = null, decided_by = ${actorName(act.actor)}, decided_at = ${tx.now}
    where tenant_id = ${tx.tenantId} and creditor_id = ${creditorId} and state = 'waiting' and as_of < ${asOf}::date
    returning list_id`);
  if (older.length === 0) return;
  await tx.execute(sql`
    update vanished_item set state = 'kept'
    where tenant_id = ${tx.tenantId} and list_id = any(${older.map(({ list_id }) => list_id)}::uuid[])`);
  for (const { list_id } of older) await resolveAlarm(act, "snapshot_stopped", list_id);
}

export interface StoppedList {
  readonly listId: Uuid;
  readonly creditorId: CreditorId;
  readonly kind: ListKind;
  readonly asOf: PlainDate;
  readonly state: "applied" | "waiting" | "closed" | "kept";
  readonly name: string;
  readonly items: number;
  readonly openBefore: number;
  readonly vanished: number;
  /** By currency, minor units. */
  readonly vanishedAmounts: Readonly<Record<string, string>>;
  readonly shareLimit: number;
  readonly options: Readonly<Record<string, unknown>>;
  readonly createdAt: Instant;
  readonly decidedBy: string | null;
  readonly decidedAt: Instant | null;
}

interface ListRow {
  readonly list_id: Uuid;
  readonly creditor_id: CreditorId;
  readonly kind: ListKind;
  readonly as_of: PlainDate;
  readonly state: StoppedList["state"];
  readonly name_sealed: Buffer;
  readonly items: number;
  readonly open_before: number;
  readonly vanished: number;
  readonly vanished_amounts: Readonly<Record<string, string>>;
  readonly share_limit: number;
  readonly options: Readonly<Record<string, unknown>>;
  readonly created_at: Instant;
  readonly decided_by: string | null;
  readonly decided_at: Instant | null;
}

/** Lists that waited or wait for a person, waiting ones first; or one list by its id. */
export async function stoppedLists(act: Act, listId?: Uuid): Promise<StoppedList[]> {
  const { tx } = act;
  const rows = await tx.rows<ListRow>(sql`
    select list_id, creditor_id, kind, as_of, state, name_sealed, items, open_before, vanished, vanished_amounts, share_limit,
           options, created_at, decided_by, decided_at
    from open_item_list
    where tenant_id = ${tx.tenantId} and (list_id = ${listId ?? null}::uuid or (${listId ?? null}::uuid is null and state <> 'applied'))
    order by state = 'waiting' desc, created_at desc limit 100`);
  const seal = await act.vault.forTenant(tx);
  return rows.map((row) => {
    const name = seal.openText(NAME, row.name_sealed);
    return {
      listId: row.list_id,
      creditorId: row.creditor_id,
      kind: row.kind,
      asOf: row.as_of,
      state: row.state,
      name: name.ok ? name.value : "",
      items: row.items,
      openBefore: row.open_before,
      vanished: row.vanished,
      vanishedAmounts: row.vanished_amounts,
      shareLimit: row.share_limit,
      options: row.options,
      createdAt: row.created_at,
      decidedBy: row.decided_by,
      decidedAt: row.decided_at,
    };
  });
}

/** The file of a list that waits. */
export async function contentOfList(act: Act, listId: Uuid): Promise<Buffer | undefined> {
  const row = await act.tx.one<{ content_sealed: Buffer | null }>(sql`
    select content_sealed from open_item_list where tenant_id = ${act.tx.tenantId} and list_id = ${listId} and state = 'waiting'`);
  if (!row?.content_sealed) return undefined;
  const opened = (await act.vault.forTenant(act.tx)).open(CONTENT, row.content_sealed);
  return opened.ok ? opened.value : undefined;
}

export interface VanishedRow {
  readonly customerId: CustomerId;
  readonly receivableId: ReceivableId;
  readonly number: string;
  readonly dueOn: PlainDate;
  readonly openMinor: bigint;
  readonly currency: Currency;
  readonly lastSeenOn: PlainDate | null;
  readonly state: "waiting" | "closed" | "kept";
}

/** What is missing from a list, the largest first; with the number of all. */
export async function vanishedItems(
  { tx }: Act,
  listId: Uuid,
  page: { readonly limit: number; readonly offset: number },
): Promise<{ readonly rows: VanishedRow[]; readonly total: number }> {
  const rows = await tx.rows<{
    customer_id: CustomerId;
    receivable_id: ReceivableId;
    number: string;
    due_on: PlainDate;
    open_minor: bigint;
    currency: Currency;
    last_seen_on: PlainDate | null;
    state: VanishedRow["state"];
    total: bigint;
  }>(sql`
    select v.customer_id, v.receivable_id, r.number, r.due_on, v.open_minor, v.currency, v.last_seen_on, v.state,
           count(*) over () as total
    from vanished_item v join receivable r on r.customer_id = v.customer_id and r.receivable_id = v.receivable_id
    where v.tenant_id = ${tx.tenantId} and v.list_id = ${listId}
    order by abs(v.open_minor) desc, v.receivable_id limit ${page.limit} offset ${page.offset}`);
  return {
    total: Number(rows[0]?.total ?? 0n),
    rows: rows.map((row) => ({
      customerId: row.customer_id,
      receivableId: row.receivable_id,
      number: row.number,
      dueOn: row.due_on,
      openMinor: row.open_minor,
      currency: row.currency,
      lastSeenOn: row.last_seen_on,
      state: row.state,
    })),
  };
}
