/** The chain of statements of an account: the closing balance of one is the opening balance of the next. */
import type { CreditorId, Currency, PlainDate } from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";

export interface ChainStatement {
  readonly fingerprint: string;
  readonly number: string | null;
  readonly openingMinor: bigint;
  readonly closingMinor: bigint;
  readonly openedOn: PlainDate;
  readonly closedOn: PlainDate;
}

export interface Gap {
  /** `balance`: the balances don't meet. `number`: they meet, but a number is left out. */
  readonly kind: "balance" | "number";
  readonly after: ChainStatement;
  readonly before: ChainStatement;
}

const numberOf = ({ number }: ChainStatement): number | null =>
  number !== null && /^\d{1,9}$/.test(number.trim()) ? Number(number) : null;

/** Statements of one account and currency in any order. A later reading of the same beginning stands for the earlier one. */
export function gapsOf(statements: readonly ChainStatement[]): Gap[] {
  const left = statements.toSorted(
    (a, b) =>
      (a.closedOn < b.closedOn ? -1 : a.closedOn > b.closedOn ? 1 : 0) ||
      (a.openedOn < b.openedOn ? -1 : a.openedOn > b.openedOn ? 1 : 0) ||
      (numberOf(a) ?? 0) - (numberOf(b) ?? 0),
  );
  const gaps: Gap[] = [];
  let last = left.shift();
  while (last && left.length > 0) {
    // Several of one day: the one that fits comes first.
    const day = left[0]?.closedOn;
    const same = left.filter(({ closedOn }) => closedOn === day);
    const fitting: ChainStatement | undefined = same.find(({ openingMinor }) => openingMinor === last?.closingMinor);
    const next: ChainStatement | undefined = fitting ?? left[0];
    if (!next) break;
    left.splice(left.indexOf(next), 1);
    if (next.openingMinor === last.closingMinor) {
      const [before, after] = [numberOf(last), numberOf(next)];
      const skipped =
        before !== null &&
        after !== null &&
        after > before + 1 &&
        next.closedOn.slice(0, 4) === last.closedOn.slice(0, 4);
      if (skipped && next.openedOn > last.openedOn) gaps.push({ kind: "number", after: last, before: next });
    } else if (isReread(last, next)) continue;
    else if (!(next.openingMinor === last.openingMinor && next.openedOn === last.openedOn))
      gaps.push({ kind: "balance", after: last, before: next });
    last = next;
  }
  return gaps;
}

/** Nothing that was not there: the same end, or an end in between of what was read already. */
const isReread = (last: ChainStatement, next: ChainStatement): boolean =>
  next.closedOn === last.closedOn && next.closingMinor === last.closingMinor;

/** Statements with balances of a creditor by account and currency, `ACCOUNT CUR`; interim ones (camt.052, MT942) and advices left out. */
export async function statementChain(
  { tx }: Act,
  creditorId: CreditorId,
): Promise<Map<string, { account: string; currency: Currency; statements: ChainStatement[] }>> {
  const rows = await tx.rows<{
    fingerprint: Buffer;
    account: string;
    currency: Currency;
    number: string | null;
    opening_minor: bigint;
    closing_minor: bigint;
    opened_on: PlainDate | null;
    closed_on: PlainDate;
  }>(sql`
    select fingerprint, account, currency, number, opening_minor, closing_minor, opened_on, closed_on from statement
    where tenant_id = ${tx.tenantId} and creditor_id = ${creditorId} and opening_minor is not null
      and closing_minor is not null and closed_on is not null
      and coalesce(kind, '') !~* '(camt\.?05[24]|942)'
    order by account, currency, closed_on`);
  const chains = new Map<string, { account: string; currency: Currency; statements: ChainStatement[] }>();
  for (const row of rows) {
    const key = `${row.account} ${row.currency}`;
    const chain = chains.get(key) ?? { account: row.account, currency: row.currency, statements: [] };
    chain.statements.push({
      fingerprint: row.fingerprint.toString("hex"),
      number: row.number,
      openingMinor: row.opening_minor,
      closingMinor: row.closing_minor,
      openedOn: row.opened_on ?? row.closed_on,
      closedOn: row.closed_on,
    });
    chains.set(key, chain);
  }
  return chains;
}
