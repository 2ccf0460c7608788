/** The bank against the ledger: the chain of statements, the entries of each, and what each entry did. */
import type { CreditorId, Currency, CustomerId, PlainDate, Uuid } from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import { type Sql, sql } from "../../platform/database/index.ts";
import { gapsOf, statementChain } from "../banking/index.ts";
import type { Creditor } from "../customers/index.ts";
import { comparison, type Comparison, type Difference, type Step } from "./model.ts";

interface BrokenStatement {
  readonly fingerprint: Buffer;
  readonly account: string;
  readonly currency: Currency;
  readonly closed_on: PlainDate | null;
  readonly brought: number | null;
  readonly brought_minor: bigint | null;
  readonly there: bigint;
  readonly there_minor: bigint;
  readonly opening_minor: bigint | null;
  readonly closing_minor: bigint | null;
  readonly entries: number;
  readonly reconciles: boolean | null;
}

/** Statements of which something is missing, or that don't add up by themselves. */
async function brokenStatements({ tx }: Act, creditorId: CreditorId): Promise<BrokenStatement[]> {
  return tx.rows<BrokenStatement>(sql`
    select s.fingerprint, s.account, s.currency, s.closed_on, s.brought, s.brought_minor, s.opening_minor, s.closing_minor,
           s.entries, s.reconciles, coalesce(e.there, 0) as there, coalesce(e.minor, 0) as there_minor
    from statement s left join (
      select e.statement_fingerprint, count(*) as there,
             sum(case e.direction when 'credit' then e.amount_minor else -e.amount_minor end)::bigint as minor
      from bank_entry e where e.tenant_id = ${tx.tenantId} and e.creditor_id = ${creditorId}
      group by e.statement_fingerprint) e on e.statement_fingerprint = s.fingerprint
    where s.tenant_id = ${tx.tenantId} and s.creditor_id = ${creditorId}
      and (s.reconciles = false or s.brought <> coalesce(e.there, 0) or s.brought_minor <> coalesce(e.minor, 0))
    order by s.account, s.closed_on`);
}

interface Pair {
  readonly match_id: Uuid | null;
  readonly entry_id: Uuid | null;
  readonly customer_id: CustomerId | null;
  readonly statement: Buffer | null;
  readonly currency: Currency;
  readonly status: string | null;
  readonly booked_on: PlainDate | null;
  /** Signed. */
  readonly entry_minor: bigint | null;
  readonly match_minor: bigint | null;
  readonly booking_minor: bigint | null;
}

/** Payouts of nothing have no entry; they are compared as if one of zero had come. */
const payoutsOfNothing = ({ tx }: Act, creditorId: CreditorId): Sql => sql`
  select p.fingerprint, null::uuid as entry_id, null::bytea as statement_fingerprint, null::uuid as customer_id, p.currency,
         case p.state when 'settled' then 'booked' else 'unmatched' end as status, p.entry_value_on as booked_on,
         'credit' as direction, false as is_return, 0::bigint as minor,
         coalesce((select sum(l.net_minor) from payout_line l
                   where l.payout_fingerprint = p.fingerprint and l.tenant_id = p.tenant_id and l.state <> 'open'), 0)::bigint as settled_minor
  from payout p where p.tenant_id = ${tx.tenantId} and p.creditor_id = ${creditorId} and p.amount_minor = 0
    and p.state in ('partial', 'settled')`;

const signedEntries = ({ tx }: Act, creditorId: CreditorId): Sql => sql`
  select e.fingerprint, e.entry_id, e.statement_fingerprint, e.customer_id, e.currency, e.status, e.booked_on, e.direction,
         e.is_return, case e.direction when 'credit' then e.amount_minor else -e.amount_minor end as minor, e.settled_minor
  from bank_entry e where e.tenant_id = ${tx.tenantId} and e.creditor_id = ${creditorId}`;

/** Entries, matches and bookings that don't say the same. A return may hold the bank's fee besides. */
async function oddPairs(act: Act, creditorId: CreditorId): Promise<Pair[]> {
  const { tx } = act;
  return tx.rows<Pair>(sql`
    with entries as (
      ${signedEntries(act, creditorId)} and (e.status = 'booked' or e.settled_minor is not null)
      union all ${payoutsOfNothing(act, creditorId)}
    ), matches as (
      select m.match_id, m.entry_fingerprint, m.customer_id, m.currency, m.state, m.amount_minor, m.payout_line,
             (select coalesce(sum(-p.amount_minor), 0)::bigint from posting p
              where p.customer_id = m.customer_id and p.booking_id = m.booking_id and p.kind in ('payment', 'return')) as booking_minor
      from match m join booking b on b.customer_id = m.customer_id and b.booking_id = m.booking_id
      where m.tenant_id = ${tx.tenantId} and b.creditor_id = ${creditorId} and b.withdrawn_at is null
    )
    select m.match_id, e.entry_id, m.customer_id, e.statement_fingerprint as statement, coalesce(m.currency, e.currency) as currency,
           e.status, e.booked_on, e.minor as entry_minor, m.amount_minor as match_minor, m.booking_minor
    from entries e full join matches m on m.entry_fingerprint = e.fingerprint
    where e.fingerprint is null or m.booking_minor <> m.amount_minor
      or (m.match_id is null and e.settled_minor is null and (e.direction = 'credit' or e.is_return))
      or (m.payout_line is null and m.amount_minor > 0 and m.amount_minor <> e.minor)
      or (m.payout_line is null and m.amount_minor < 0 and m.amount_minor < e.minor)
    order by e.booked_on, m.match_id`);
}

/** Payouts whose booked lines, open lines and fees are not the entry to the cent. */
async function oddPayouts(act: Act, creditorId: CreditorId): Promise<Difference[]> {
  const { tx } = act;
  const rows = await tx.rows<{
    fingerprint: Buffer;
    entry_id: Uuid | null;
    currency: Currency;
    booked_on: PlainDate;
    minor: bigint;
    ours: bigint;
  }>(sql`
    select e.fingerprint, e.entry_id, e.currency, e.booked_on, e.minor,
           (coalesce(m.minor, 0) + coalesce(l.fees, 0) + coalesce(l.open, 0))::bigint as ours
    from (${signedEntries(act, creditorId)} and e.settled_minor is not null union all ${payoutsOfNothing(act, creditorId)}) e
    left join payout p on p.tenant_id = ${tx.tenantId} and coalesce(p.entry_fingerprint, p.fingerprint) = e.fingerprint
    left join (
      select l.payout_fingerprint, coalesce(sum(l.fee_minor) filter (where l.state = 'booked'), 0)
               + coalesce(sum(l.net_minor) filter (where l.state = 'fee'), 0) as fees,
             sum(l.net_minor) filter (where l.state in ('open', 'set_aside')) as open,
             sum(l.net_minor) filter (where l.state <> 'open') as settled
      from payout_line l where l.tenant_id = ${tx.tenantId} group by l.payout_fingerprint) l
      on l.payout_fingerprint = p.fingerprint
    left join (
      select m.entry_fingerprint, sum(m.amount_minor) as minor from match m
      join booking b on b.customer_id = m.customer_id and b.booking_id = m.booking_id and b.withdrawn_at is null
      where m.tenant_id = ${tx.tenantId} and m.payout_line is not null group by m.entry_fingerprint) m
      on m.entry_fingerprint = e.fingerprint
    where coalesce(m.minor, 0) + coalesce(l.fees, 0) + coalesce(l.open, 0) <> e.minor
      or coalesce(l.settled, 0) <> e.settled_minor`);
  return rows.map(({ fingerprint, entry_id, currency, booked_on, minor, ours }) => ({
    kind: "match_differs",
    place: entry_id ?? `payout ${fingerprint.toString("hex", 0, 8)}`,
    currency,
    theirsMinor: minor,
    oursMinor: ours,
    facts: { ...(entry_id !== null && { entryId: entry_id }), day: booked_on },
  }));
}

interface BankTotals {
  readonly currency: Currency;
  readonly status: string;
  readonly count: bigint;
  /** Money in, less what went back; other money out is no customer's. */
  readonly minor: bigint;
  readonly matched_minor: bigint;
  /** Of providers' payouts: what lines account for, what was booked for it, and what of it a person set aside. */
  readonly settled_minor: bigint;
  readonly gross_minor: bigint;
  readonly aside_minor: bigint;
  readonly aside_lines: bigint;
  readonly matches: bigint;
  readonly last_on: PlainDate | null;
}

async function bankTotals(act: Act, creditorId: CreditorId): Promise<BankTotals[]> {
  const { tx } = act;
  return tx.rows<BankTotals>(sql`
    select e.currency, e.status, count(e.entry_id) as count, sum(e.minor)::bigint as minor,
           coalesce(sum(m.amount_minor), 0)::bigint as matched_minor, count(m.match_id) as matches, max(e.booked_on) as last_on,
           coalesce(sum(e.settled_minor), 0)::bigint as settled_minor, coalesce(sum(g.minor), 0)::bigint as gross_minor,
           coalesce(sum(a.minor), 0)::bigint as aside_minor, coalesce(sum(a.count), 0)::bigint as aside_lines
    from (${signedEntries(act, creditorId)} and not e.replaced
            and (e.direction = 'credit' or e.is_return or e.settled_minor is not null)
          union all ${payoutsOfNothing(act, creditorId)}) e
    left join (
      select m.match_id, m.customer_id, m.entry_fingerprint, m.amount_minor from match m
      join booking b on b.customer_id = m.customer_id and b.booking_id = m.booking_id
      where m.tenant_id = ${tx.tenantId} and b.withdrawn_at is null) m
      on m.customer_id = e.customer_id and m.entry_fingerprint = e.fingerprint
    left join (
      select m.entry_fingerprint, sum(m.amount_minor) as minor from match m
      join booking b on b.customer_id = m.customer_id and b.booking_id = m.booking_id and b.withdrawn_at is null
      where m.tenant_id = ${tx.tenantId} and m.payout_line is not null group by m.entry_fingerprint) g
      on g.entry_fingerprint = e.fingerprint
    left join (
      select coalesce(p.entry_fingerprint, p.fingerprint) as fingerprint, sum(l.net_minor) as minor, count(*) as count
      from payout p join payout_line l on l.payout_fingerprint = p.fingerprint and l.tenant_id = p.tenant_id
      where p.tenant_id = ${tx.tenantId} and p.creditor_id = ${creditorId} and l.state = 'set_aside'
      group by 1) a on a.fingerprint = e.fingerprint
    group by e.currency, e.status order by e.currency, e.status`);
}

/** What payments of the bank did in the ledger: the postings of bookings that have a match. */
async function bankPostings(
  { tx }: Act,
  creditorId: CreditorId,
): Promise<Map<Currency, { minor: bigint; count: number }>> {
  const rows = await tx.rows<{ currency: Currency; minor: bigint; count: bigint }>(sql`
    select p.currency, sum(-p.amount_minor)::bigint as minor, count(distinct m.match_id) as count
    from match m
    join booking b on b.customer_id = m.customer_id and b.booking_id = m.booking_id
    join posting p on p.customer_id = m.customer_id and p.booking_id = m.booking_id and p.kind in ('payment', 'return')
    where m.tenant_id = ${tx.tenantId} and b.creditor_id = ${creditorId} and b.withdrawn_at is null
    group by p.currency`);
  return new Map(rows.map(({ currency, minor, count }) => [currency, { minor, count: Number(count) }]));
}

export interface BankCompared {
  readonly byCurrency: ReadonlyMap<Currency, Comparison>;
  readonly differences: readonly Difference[];
}

export async function compareBank(act: Act, of: Creditor): Promise<BankCompared> {
  const differences = [
    ...(await chainDifferences(act, of.creditorId)),
    ...(await entryDifferences(act, of.creditorId)),
    ...(await oddPayouts(act, of.creditorId)),
  ];
  const posted = await bankPostings(act, of.creditorId);
  const totals = await bankTotals(act, of.creditorId);
  const byCurrency = new Map<Currency, Comparison>();
  for (const currency of new Set([...totals.map((total) => total.currency), ...posted.keys()])) {
    const own = totals.filter((total) => total.currency === currency);
    const sum = (rows: readonly BankTotals[], read: (row: BankTotals) => bigint): bigint =>
      rows.reduce((total, row) => total + read(row), 0n);
    const booked = own.filter(({ status }) => status === "booked");
    const aside = own.filter(({ status }) => status === "set_aside");
    const open = own.filter(({ status }) => status !== "booked" && status !== "set_aside");
    const count = (rows: readonly BankTotals[]): number => Number(sum(rows, (row) => row.count));
    // Payouts are counted apart: what lines account for is gross less the provider's fees.
    const settled = sum(own, (row) => row.settled_minor);
    const linesAside = sum(own, (row) => row.aside_minor);
    const fees = sum(own, (row) => row.gross_minor) - (settled - linesAside);
    const rest = (row: BankTotals): bigint => row.minor - row.settled_minor;
    const charges = sum(booked, (row) => row.matched_minor) - sum(booked, rest);
    const steps: Step[] = [
      { code: "not_matched", minor: -sum(open, rest), count: count(open) },
      {
        code: of.leads === "kulanz" ? "set_aside" : "seen",
        minor: -sum(aside, rest) - linesAside,
        count: count(aside) + Number(sum(own, (row) => row.aside_lines)),
      },
      { code: "bank_charges", minor: charges, count: charges === 0n ? 0 : 1 },
      ...(settled === 0n && fees === 0n ? [] : [{ code: "provider_fees" as const, minor: fees, count: 1 }]),
    ];
    const ledger = posted.get(currency) ?? { minor: 0n, count: 0 };
    const last = own.map(({ last_on }) => last_on).reduce((a, b) => ((a ?? "") > (b ?? "") ? a : b), null);
    byCurrency.set(
      currency,
      comparison(
        "bank_ledger",
        { minor: sum(own, ({ minor }) => minor), count: count(own), asOf: last },
        { minor: ledger.minor, count: ledger.count, asOf: null },
        steps,
        differences.some((one) => one.currency === currency),
      ),
    );
  }
  return { byCurrency, differences };
}

async function chainDifferences(act: Act, creditorId: CreditorId): Promise<Difference[]> {
  const found: Difference[] = [];
  for (const { account, currency, statements } of (await statementChain(act, creditorId)).values())
    for (const gap of gapsOf(statements))
      if (gap.kind === "balance")
        found.push({
          kind: "statement_gap",
          place: `${account} ${gap.after.closedOn} ${gap.before.fingerprint.slice(0, 16)}`,
          currency,
          theirsMinor: gap.before.openingMinor,
          oursMinor: gap.after.closingMinor,
          facts: { account, from: gap.after.closedOn, to: gap.before.openedOn },
        });
  return found;
}

/** One fault is one difference: what a lost or changed entry makes of its statement's sum is not told again. */
async function entryDifferences(act: Act, creditorId: CreditorId): Promise<Difference[]> {
  const pairs = await oddPairs(act, creditorId);
  const found: Difference[] = pairs.map(pairDifference);
  const lost = pairs.filter(({ entry_id }) => entry_id === null);
  for (const statement of await brokenStatements(act, creditorId)) {
    const facts = { account: statement.account, day: statement.closed_on ?? "" };
    const base = { currency: statement.currency, facts, place: statement.fingerprint.toString("hex") } as const;
    const { brought, brought_minor: broughtMinor, there, there_minor: thereMinor } = statement;
    if (brought !== null && broughtMinor !== null && (BigInt(brought) !== there || broughtMinor !== thereMinor)) {
      const missing = broughtMinor - thereMinor;
      const byLoss = explained(lost, brought - Number(there), missing);
      const byChange = pairs.some(
        (pair) =>
          pair.statement?.equals(statement.fingerprint) === true &&
          (pair.match_minor ?? 0n) - (pair.entry_minor ?? 0n) === missing,
      );
      if (!byLoss && !(BigInt(brought) === there && byChange))
        found.push({
          ...base,
          kind: "entries_missing",
          theirsMinor: broughtMinor,
          oursMinor: thereMinor,
          facts: { ...facts, missing: brought - Number(there) },
        });
    } else if (statement.reconciles === false && statement.opening_minor !== null && statement.closing_minor !== null) {
      const whole = there === BigInt(statement.entries);
      const oursMinor = whole ? statement.opening_minor + thereMinor : null;
      found.push({ ...base, kind: "statement_broken", theirsMinor: statement.closing_minor, oursMinor });
    }
  }
  return found;
}

/** Takes the lost matches that make up what a statement lacks. */
function explained(lost: Pair[], count: number, missing: bigint): boolean {
  if (count <= 0) return false;
  const single = count === 1 ? lost.findIndex(({ match_minor }) => match_minor === missing) : -1;
  if (single >= 0) {
    lost.splice(single, 1);
    return true;
  }
  const all = lost.reduce((sum, { match_minor }) => sum + (match_minor ?? 0n), 0n);
  if (lost.length !== count || all !== missing) return false;
  lost.length = 0;
  return true;
}

function pairDifference(pair: Pair): Difference {
  const base = {
    currency: pair.currency,
    ...(pair.customer_id === null ? {} : { customerId: pair.customer_id }),
    place: pair.match_id ?? pair.entry_id ?? "",
    facts: {
      ...(pair.entry_id === null ? {} : { entryId: pair.entry_id }),
      ...(pair.booked_on === null ? {} : { day: pair.booked_on }),
    },
  };
  if (pair.entry_id === null) return { ...base, kind: "entry_lost", theirsMinor: null, oursMinor: pair.match_minor };
  if (pair.match_id === null)
    return { ...base, kind: "entry_without_match", theirsMinor: pair.entry_minor, oursMinor: null };
  if (pair.booking_minor !== pair.match_minor)
    return { ...base, kind: "booking_differs", theirsMinor: pair.entry_minor, oursMinor: pair.booking_minor };
  return { ...base, kind: "match_differs", theirsMinor: pair.entry_minor, oursMinor: pair.match_minor };
}
