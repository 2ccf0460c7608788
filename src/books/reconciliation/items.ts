/** The ERP's last list against the ledger, item by item, and the ledger against its own postings. */
import type { CreditorId, Currency, CustomerId, PlainDate, ReceivableId } from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import type { Creditor } from "../customers/index.ts";
import { comparison, type Comparison, type Difference, type Step, type StepCode } from "./model.ts";

interface LastLists {
  readonly snapshot_on: PlainDate | null;
  readonly list_on: PlainDate | null;
}

/** Days of the last snapshot and of the last list of any kind that were applied. */
async function lastLists({ tx }: Act, creditorId: CreditorId): Promise<LastLists> {
  const row = await tx.one<LastLists>(sql`
    select max(as_of) filter (where kind = 'snapshot') as snapshot_on, max(as_of) as list_on from open_item_list
    where tenant_id = ${tx.tenantId} and creditor_id = ${creditorId} and state in ('applied', 'closed')`);
  return row ?? { snapshot_on: null, list_on: null };
}

interface ItemRow {
  readonly customer_id: CustomerId;
  readonly receivable_id: ReceivableId;
  readonly number: string;
  readonly currency: Currency;
  readonly issued_on: PlainDate;
  readonly listed_minor: bigint | null;
  readonly principal: bigint;
  readonly claimed: bigint;
  readonly waived: bigint;
  /** Principal as it was when the list was taken in. */
  readonly then_minor: bigint;
  readonly stored: bigint;
  readonly summed: bigint;
  readonly stored_principal: bigint;
}

/** Items that are not simply the same on all sides: the few that need a look. Totals of all come with `totals`. */
async function readItems({ tx }: Act, creditorId: CreditorId): Promise<ItemRow[]> {
  return tx.rows<ItemRow>(sql`
    with summed as (
      select p.customer_id, p.receivable_id, sum(p.amount_minor)::bigint as total,
             coalesce(sum(p.amount_minor) filter (where p.component = 'principal'), 0)::bigint as principal,
             coalesce(sum(p.amount_minor) filter (where p.component = 'principal'
               and p.kind in ('claim', 'credit', 'adjustment')), 0)::bigint as claimed,
             coalesce(sum(p.amount_minor) filter (where p.component = 'principal'
               and p.kind in ('write_off', 'discount')), 0)::bigint as waived,
             coalesce(sum(p.amount_minor) filter (where p.component = 'principal'
               and p.booked_at <= coalesce(o.created_at, p.booked_at)), 0)::bigint as then_minor
      from posting p
      join receivable r on r.customer_id = p.customer_id and r.receivable_id = p.receivable_id
      left join listed_item l on l.customer_id = r.customer_id and l.receivable_id = r.receivable_id
      left join open_item_list o on o.list_id = l.list_id
      where p.tenant_id = ${tx.tenantId} and r.creditor_id = ${creditorId}
      group by p.customer_id, p.receivable_id
    )
    select r.customer_id, r.receivable_id, r.number, r.currency, r.issued_on, l.listed_minor, coalesce(s.principal, 0) as principal,
           coalesce(s.claimed, 0) as claimed, coalesce(s.waived, 0) as waived, coalesce(s.then_minor, 0) as then_minor,
           r.open_total as stored, r.open_principal as stored_principal, coalesce(s.total, 0) as summed
    from receivable r
    left join summed s on s.customer_id = r.customer_id and s.receivable_id = r.receivable_id
    left join listed_item l on l.customer_id = r.customer_id and l.receivable_id = r.receivable_id
    where r.tenant_id = ${tx.tenantId} and r.creditor_id = ${creditorId} and r.item_kind <> 'on_account'
      and (r.open_total <> coalesce(s.total, 0) or r.open_principal <> coalesce(s.principal, 0)
           or (l.listed_minor is null and coalesce(s.principal, 0) <> 0)
           or l.listed_minor <> coalesce(s.principal, 0))
    order by r.number, r.receivable_id`);
}

interface Totals {
  readonly currency: Currency;
  readonly listed_minor: bigint | null;
  readonly listed: bigint;
  readonly principal: bigint;
  readonly open: bigint;
}

async function readTotals({ tx }: Act, creditorId: CreditorId): Promise<Totals[]> {
  return tx.rows<Totals>(sql`
    with postings as (
      select r.currency, sum(p.amount_minor)::bigint as principal
      from posting p join receivable r on r.customer_id = p.customer_id and r.receivable_id = p.receivable_id
      where p.tenant_id = ${tx.tenantId} and r.creditor_id = ${creditorId} and r.item_kind <> 'on_account'
        and p.component = 'principal'
      group by r.currency
    ), items as (
      select r.currency, count(*) filter (where r.open_principal <> 0) as open,
             sum(l.listed_minor)::bigint as listed_minor, count(*) filter (where l.listed_minor <> 0) as listed
      from receivable r
      left join listed_item l on l.customer_id = r.customer_id and l.receivable_id = r.receivable_id
      where r.tenant_id = ${tx.tenantId} and r.creditor_id = ${creditorId} and r.item_kind <> 'on_account'
      group by r.currency
    )
    select i.currency, i.listed_minor, i.listed, coalesce(p.principal, 0) as principal, i.open
    from items i left join postings p on p.currency = i.currency order by i.currency`);
}

export interface ItemsCompared {
  readonly byCurrency: ReadonlyMap<Currency, Comparison>;
  readonly differences: readonly Difference[];
}

/** Compares the ledger with the last list, and with itself. */
export async function compareItems(act: Act, of: Creditor): Promise<ItemsCompared> {
  const lists = await lastLists(act, of.creditorId);
  const differences: Difference[] = [];
  const steps = new Map<string, { code: StepCode; currency: Currency; minor: bigint; count: number }>();
  const explain = (code: StepCode, currency: Currency, minor: bigint): void => {
    const key = `${code} ${currency}`;
    const step = steps.get(key) ?? { code, currency, minor: 0n, count: 0 };
    step.minor += minor;
    step.count += 1;
    steps.set(key, step);
  };
  for (const row of grouped(await readItems(act, of.creditorId))) {
    const base = {
      currency: row.currency,
      customerId: row.customer_id,
      receivableId: row.receivable_id,
      facts: { number: row.number },
      place: row.receivable_id,
    } as const;
    // Against its own postings first; such an item is not compared with the list, so that one fault is one difference.
    if (row.stored !== row.summed || row.stored_principal !== row.principal) {
      differences.push({ ...base, kind: "balance_differs", theirsMinor: row.summed, oursMinor: row.stored });
      continue;
    }
    const { listed_minor: listed, principal } = row;
    if (listed === null) {
      if (principal === 0n || lists.list_on === null) continue;
      const gone = lists.snapshot_on !== null && row.issued_on < lists.snapshot_on && of.leads !== "kulanz";
      if (gone) differences.push({ ...base, kind: "not_listed", theirsMinor: 0n, oursMinor: principal });
      else explain("younger_than_list", row.currency, principal);
    } else if (listed !== principal) {
      if (listed === principal - row.waived) explain("waived_not_booked_there", row.currency, row.waived);
      else if (of.leads === "kulanz" && (listed === row.claimed || listed === row.then_minor))
        explain("booked_since_list", row.currency, principal - listed);
      else differences.push({ ...base, kind: "amount_differs", theirsMinor: listed, oursMinor: principal });
    }
  }
  const byCurrency = new Map<Currency, Comparison>();
  for (const total of await readTotals(act, of.creditorId)) {
    const { currency } = total;
    const own = [...steps.values()].filter((step) => step.currency === currency);
    const kinds = new Set(["amount_differs", "not_listed", "balance_differs"]);
    const different = differences.some((one) => one.currency === currency && kinds.has(one.kind));
    byCurrency.set(
      currency,
      comparison(
        "erp_ledger",
        {
          minor: lists.list_on === null ? null : (total.listed_minor ?? 0n),
          count: lists.list_on === null ? null : Number(total.listed),
          asOf: lists.list_on,
        },
        { minor: total.principal, count: Number(total.open), asOf: null },
        own.map(({ code, minor, count }): Step => ({ code, minor, count })),
        different,
      ),
    );
  }
  return { byCurrency, differences };
}

/** An item that moved to another file by a merge stands twice with one number: together they are one item. */
function grouped(rows: readonly ItemRow[]): ItemRow[] {
  const byNumber = new Map<string, ItemRow>();
  for (const row of rows) {
    const key = `${row.currency} ${row.number}`;
    const known = byNumber.get(key);
    if (!known) {
      byNumber.set(key, row);
      continue;
    }
    const listed =
      known.listed_minor === null && row.listed_minor === null
        ? null
        : (known.listed_minor ?? 0n) + (row.listed_minor ?? 0n);
    const lead = row.principal !== 0n ? row : known;
    byNumber.set(key, {
      ...lead,
      listed_minor: listed,
      principal: known.principal + row.principal,
      claimed: known.claimed + row.claimed,
      waived: known.waived + row.waived,
      then_minor: known.then_minor + row.then_minor,
      stored: known.stored + row.stored,
      summed: known.summed + row.summed,
      stored_principal: known.stored_principal + row.stored_principal,
    });
  }
  return [...byNumber.values()];
}
