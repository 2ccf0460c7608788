/**
 * Who pays from which account. Learned from confirmed matches and from sure automatic ones; every payment weighs one and
 * half of that a year later. What weighs too little, was undone or taken away by a person no longer points to anybody:
 * the directory then has no entry of it. The account number is kept sealed, and as the keyed hash it is found by.
 *
 * What was learned stays with the file that learned it: a merge changes who its directory entry leads to, so that a payment
 * finds the survivor, and an undo gives it back. Payments of the survivor count for the accounts of all its files.
 */
import { addDays, type CustomerId, type PlainDate, type Uuid } from "../../../pure/kernel/index.ts";
import { type Act, actorName, appendAudit } from "../../../platform/access/index.ts";
import { rowsOf, type Sql, sql } from "../../../platform/database/index.ts";
import { normaliseValue } from "../../../platform/sealed/index.ts";
import { filesJoined, filesOfOne, survivorOf } from "../../customers/index.ts";

const KIND = "known_account";
/** Days in which a payment's weight halves. */
const HALF_LIFE = 365;
/** Below, an account is forgotten: one payment after two years, four after four. */
const KEPT = 0.25;

export interface Taught {
  readonly customerId: CustomerId;
  readonly iban: string;
  readonly relation: "own" | "pays_for";
  readonly how: "automatic" | "confirmed" | "by_hand";
  readonly matchId: Uuid;
  readonly paidOn: PlainDate;
}

async function tokenOf({ tx, vault }: Act): Promise<(iban: string) => Buffer> {
  const keys = await vault.forTenant(tx);
  return (iban) => keys.lookupToken("iban", normaliseValue("iban", iban));
}

const faded = (day: Sql): Sql => sql`k.weight * power(0.5, greatest(0, ${day} - k.weighed_on) / ${HALF_LIFE}::float8)`;

/**
 * Remembers accounts (set-based). What a person took away, of whichever file of the customer, is not learned again by
 * itself, only by a person's own match; returns those that count, by index.
 */
export async function learn(act: Act, taught: readonly Taught[]): Promise<ReadonlySet<number>> {
  if (taught.length === 0) return new Set();
  const { tx, vault } = act;
  const token = await tokenOf(act);
  const byKey = new Map<string, number[]>();
  taught.forEach((one, index) => {
    const key = `${one.customerId} ${token(one.iban).toString("hex")}`;
    byKey.set(key, [...(byKey.get(key) ?? []), index]);
  });
  const once = [...byKey.values()].flatMap(([index]) => (index === undefined ? [] : (taught[index] ?? [])));
  const seals = await vault.forCustomers(
    tx,
    once.map(({ customerId }) => customerId),
  );
  const sealed = once.map(({ customerId, iban }) => {
    const seal = seals.get(customerId);
    if (!seal) throw new Error(`customer ${customerId} has no keys in this tenant`);
    return seal.seal("contact", KIND, iban);
  });
  const files = await filesJoined(
    act,
    once.map(({ customerId }) => customerId),
  );
  const rows = await tx.rows<{ key: string }>(sql`
    insert into known_account as k (customer_id, token, tenant_id, account_sealed, relation, how, weight, weighed_on,
                                    payments, last_paid_on, learned_at, learned_match)
    select n.customer_id, n.token, ${tx.tenantId}::uuid, n.account_sealed, n.relation, n.how, 1, n.paid_on, 1, n.paid_on,
           ${tx.now}::timestamptz, n.match_id
    from ${rowsOf("n", {
      customer_id: ["uuid", once.map((one) => one.customerId)],
      token: ["bytea", once.map((one) => token(one.iban))],
      account_sealed: ["bytea", sealed],
      relation: ["text", once.map((one) => one.relation)],
      how: ["text", once.map((one) => one.how)],
      paid_on: ["date", once.map((one) => one.paidOn)],
      match_id: ["uuid", once.map((one) => one.matchId)],
    })}
    where n.how <> 'automatic' or not exists (select from ${files} join known_account o on o.customer_id = f.file
      where f.lead = n.customer_id and o.token = n.token and o.forgotten_by like 'user:%')
    on conflict (customer_id, token) do update set
      weight = 1 + case when k.forgotten_at is null then ${faded(sql`excluded.weighed_on`)} else 0 end,
      weighed_on = greatest(k.weighed_on, excluded.weighed_on), payments = k.payments + 1,
      last_paid_on = greatest(k.last_paid_on, excluded.last_paid_on), relation = excluded.relation,
      how = case when k.forgotten_at is null then k.how else excluded.how end,
      learned_at = case when k.forgotten_at is null then k.learned_at else excluded.learned_at end,
      learned_match = case when k.forgotten_at is null then k.learned_match else excluded.learned_match end,
      forgotten_at = null, forgotten_by = null
    returning k.customer_id || ' ' || encode(k.token, 'hex') as key`);
  return new Set(rows.flatMap(({ key }) => byKey.get(key) ?? []));
}

/** Payments from accounts that are known already make them weigh more. */
export async function strengthen(
  act: Act,
  paid: readonly Pick<Taught, "customerId" | "iban" | "paidOn">[],
): Promise<void> {
  if (paid.length === 0) return;
  const token = await tokenOf(act);
  const files = await filesJoined(
    act,
    paid.map((one) => one.customerId),
  );
  await act.tx.execute(sql`
    update known_account k set weight = 1 + ${faded(sql`p.paid_on`)}, weighed_on = greatest(k.weighed_on, p.paid_on),
      payments = k.payments + 1, last_paid_on = greatest(k.last_paid_on, p.paid_on)
    from ${rowsOf("p", {
      customer_id: ["uuid", paid.map((one) => one.customerId)],
      token: ["bytea", paid.map((one) => token(one.iban))],
      paid_on: ["date", paid.map((one) => one.paidOn)],
    })} join ${files} on f.lead = p.customer_id
    where k.customer_id = f.file and k.token = p.token and k.forgotten_at is null`);
}

/** An entry's object is the file whose account it is; its customer, the file that leads. */
async function dropFromDirectory({ tx }: Act, files: readonly CustomerId[], token: Buffer): Promise<void> {
  await tx.execute(sql`
    delete from directory_entry where token = ${token} and object_id = any(${files}::uuid[]) and kind = 'iban'`);
}

/**
 * A match was undone. What it taught first goes; an account that other payments taught too weighs one less. `taught`: the
 * match learned the account; one it only rested on stays when nothing was remembered of it (an item list named it).
 */
export async function unlearn(
  act: Act,
  customerId: CustomerId,
  iban: string,
  of: { readonly matchId: Uuid; readonly taught: boolean },
): Promise<void> {
  const token = (await tokenOf(act))(iban);
  const { now } = act.tx;
  const files = await filesOfOne(act, customerId);
  const gone = sql`k.weight - 1 < ${KEPT}::real or k.learned_match = ${of.matchId}`;
  const rows = await act.tx.rows<{ file: CustomerId; gone: boolean }>(sql`
    update known_account k set payments = greatest(0, k.payments - 1), weight = greatest(0, k.weight - 1),
      forgotten_at = case when ${gone} then ${now}::timestamptz end,
      forgotten_by = case when ${gone} then 'system:undone' end
    where k.customer_id = any(${files}::uuid[]) and k.token = ${token} and k.forgotten_at is null
    returning k.customer_id as file, k.forgotten_at is not null as gone`);
  const dropped = rows.length === 0 ? (of.taught ? files : []) : rows.flatMap((row) => (row.gone ? [row.file] : []));
  await dropFromDirectory(act, dropped, token);
}

/** A person found a match wrong: its account points to this customer no longer, whichever of its files was taught it. */
export async function forgetWholly(act: Act, customerId: CustomerId, iban: string): Promise<void> {
  const token = (await tokenOf(act))(iban);
  const files = await filesOfOne(act, customerId);
  for (const file of files) await setRemembered(act, file, token, false);
  // An item list may have named it, of which nothing is remembered.
  await dropFromDirectory(act, files, token);
}

/** Forgets what has faded; returns how many accounts. For one tenant, by its jobs. */
export async function fade(act: Act, day: PlainDate): Promise<number> {
  const rows = await act.tx.rows<{ customer_id: CustomerId; token: Buffer }>(sql`
    update known_account k set forgotten_at = ${act.tx.now}, forgotten_by = 'system:fading'
    where k.tenant_id = ${act.tx.tenantId} and k.forgotten_at is null and k.weighed_on < ${addDays(day, -HALF_LIFE)}::date
      and ${faded(sql`${day}::date`)} < ${KEPT}
    returning k.customer_id, k.token`);
  if (rows.length === 0) return 0;
  await act.tx.execute(sql`
    delete from directory_entry d using ${rowsOf("f", {
      customer_id: ["uuid", rows.map((row) => row.customer_id)],
      token: ["bytea", rows.map((row) => row.token)],
    })}
    where d.token = f.token and d.object_id = f.customer_id and d.kind = 'iban'`);
  await appendAudit(act, { act: "accounts.faded", details: { accounts: rows.length } });
  return rows.length;
}

/** An account matching knows a customer by; `customerId` is the file that learned it. */
export interface KnownAccount {
  readonly token: Buffer;
  readonly customerId: CustomerId;
  /** Null once the customer's contact key is gone. */
  readonly iban: string | null;
  readonly relation: "own" | "pays_for" | "shared";
  readonly how: "automatic" | "confirmed" | "by_hand" | "remembered";
  readonly learnedAt: Date;
  readonly lastPaidOn: PlainDate | null;
  readonly payments: number;
  readonly forgottenAt: Date | null;
}

/** Accounts by condition, the last learned first; `total` counts all. A customer's are those of all its files. */
export async function knownAccounts(
  act: Act,
  filter: { readonly customerId?: CustomerId; readonly matchId?: Uuid; readonly token?: Buffer },
  limit: number,
  offset = 0,
): Promise<{ readonly rows: readonly KnownAccount[]; readonly total: number }> {
  const { tx, vault } = act;
  const files = filter.customerId === undefined ? null : await filesOfOne(act, filter.customerId);
  const found = await tx.rows<{
    customer_id: CustomerId;
    token: Buffer;
    account_sealed: Buffer;
    relation: "own" | "pays_for";
    how: KnownAccount["how"];
    learned_at: Date;
    last_paid_on: PlainDate | null;
    payments: number;
    forgotten_at: Date | null;
    others: boolean;
    total: bigint;
  }>(sql`
    select k.customer_id, k.token, k.account_sealed, k.relation, k.how, k.learned_at, k.last_paid_on, k.payments,
           k.forgotten_at, exists (select from directory_entry d where d.token = k.token and d.kind = 'iban'
             and d.customer_id not in (select o.customer_id from directory_entry o where o.token = k.token
               and o.object_id = k.customer_id union all select k.customer_id)) as others, count(*) over () as total
    from known_account k
    where k.tenant_id = ${tx.tenantId}
      and (${files}::uuid[] is null or k.customer_id = any(${files}::uuid[]))
      and (${filter.matchId ?? null}::uuid is null or k.learned_match = ${filter.matchId ?? null}::uuid)
      and (${filter.token ?? null}::bytea is null or k.token = ${filter.token ?? null}::bytea)
    order by k.learned_at desc, k.customer_id, k.token limit ${limit} offset ${offset}`);
  const seals = await vault.forCustomers(tx, [...new Set(found.map((row) => row.customer_id))]);
  const rows = found.map((row): KnownAccount => {
    const opened = seals.get(row.customer_id)?.openText("contact", KIND, row.account_sealed);
    return {
      token: row.token,
      customerId: row.customer_id,
      iban: opened?.ok ? opened.value : null,
      relation: row.others ? "shared" : row.relation,
      how: row.how,
      learnedAt: row.learned_at,
      lastPaidOn: row.last_paid_on,
      payments: row.payments,
      forgottenAt: row.forgotten_at,
    };
  });
  return { rows, total: Number(found[0]?.total ?? 0n) };
}

/** A person takes an account away from a file, or gives it back; false when the file has no such account. */
export async function setRemembered(
  act: Act,
  customerId: CustomerId,
  token: Buffer,
  remembered: boolean,
): Promise<boolean> {
  const { tx } = act;
  const by = actorName(act.actor);
  const lead = await survivorOf(act, customerId);
  const changed = await tx.execute(
    remembered
      ? sql`update known_account k set forgotten_at = null, forgotten_by = null, weight = greatest(k.weight, 1),
              weighed_on = greatest(k.weighed_on, ${tx.now}::timestamptz::date), how = 'remembered'
            where k.customer_id = ${customerId} and k.token = ${token} and k.tenant_id = ${tx.tenantId}`
      : sql`update known_account k set forgotten_at = ${tx.now}, forgotten_by = ${by}
            where k.customer_id = ${customerId} and k.token = ${token} and k.tenant_id = ${tx.tenantId}`,
  );
  if (changed === 0) return false;
  if (remembered)
    await tx.execute(sql`
      insert into directory_entry (token, kind, tenant_id, customer_id, object_id, origin_id)
      values (${token}, 'iban', ${tx.tenantId}, ${lead}, ${customerId}, ${lead === customerId ? null : customerId}::uuid)
      on conflict do nothing`);
  else await dropFromDirectory(act, [customerId], token);
  await appendAudit(act, { act: remembered ? "account.remembered" : "account.forgotten", subject: customerId });
  return true;
}

/** Erased people are known by no account any more. */
export async function forgetAccounts({ tx }: Pick<Act, "tx">, ids: readonly CustomerId[]): Promise<void> {
  await tx.execute(sql`
    delete from known_account where tenant_id = ${tx.tenantId} and customer_id = any(${ids}::uuid[])`);
}
