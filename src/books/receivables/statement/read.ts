/** Reads what a statement of account is composed of. */
import {
  addDays,
  type CreditorId,
  type Currency,
  type CustomerId,
  dateIn,
  fail,
  ok,
  type PlainDate,
  type ReceivableId,
  type Result,
} from "../../../pure/kernel/index.ts";
import { lawCountry } from "../../../pure/law/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { sql } from "../../../platform/database/index.ts";
import { creditor, customerFacts, filesOf, survivorOf } from "../../customers/index.ts";
import type { Posting, Receivable } from "../model.ts";
import { kindOf } from "../paying/interest.ts";
import { onAccountId } from "../paying/outcome.ts";
import { rulesOf } from "../payments.ts";
import { readPostings, readReceivables } from "../store.ts";
import { composeStatement } from "./compose.ts";
import type { StatementOfAccount } from "./model.ts";

/** Which statement: of one creditor and currency, or (left out) of every one the customer has had items with. */
export interface StatementQuery {
  /** Inclusive; the creditor's today when left out. */
  readonly asOf?: PlainDate;
  readonly creditorId?: CreditorId;
  readonly currency?: Currency;
  /** These items alone; what payments paid elsewhere is still named. */
  readonly only?: readonly ReceivableId[];
}

/** A statement looks ahead so many days at most: what a payment on that day would settle. */
const AHEAD_DAYS = 366;

/**
 * Statements of account of a customer, one a creditor and currency, in the order of their ids. Files merged into the
 * customer's are included, and a file that was merged answers for the one that leads.
 * Errors: `customer_not_found`, `statement_day_too_far` (more than 366 days ahead).
 */
export async function statementsOfAccount(
  act: Act,
  customerId: CustomerId,
  query: StatementQuery = {},
): Promise<Result<readonly StatementOfAccount[]>> {
  const lead = await survivorOf(act, customerId);
  const facts = (await customerFacts(act, [lead])).get(lead);
  if (!facts) return fail("not_found", "customer_not_found", "There is no such customer.", customerId);
  const files = (await filesOf(act, [lead])).get(lead) ?? [lead];
  const rows = await readReceivables(act, sql`r.customer_id = any(${files}::uuid[])`);
  const postings = await postingsByFile(act, files);
  const statements: StatementOfAccount[] = [];
  for (const { creditorId, currency, brandId } of scopesOf(rows)) {
    if (query.creditorId !== undefined && query.creditorId !== creditorId) continue;
    if (query.currency !== undefined && query.currency !== currency) continue;
    const of = await creditor(act, creditorId);
    const today = dateIn(act.tx.now, of.zone);
    const asOf = query.asOf ?? today;
    if (asOf > addDays(today, AHEAD_DAYS))
      return fail("invalid", "statement_day_too_far", "A statement looks ahead a year at most.", "asOf");
    const own = rows.filter((item) => item.creditorId === creditorId && item.currency === currency);
    const account = onAccountId({ customerId: lead, creditorId, currency });
    statements.push(
      composeStatement({
        customerId: lead,
        creditorId,
        brandId,
        currency,
        asOf,
        ...united(own, postings, lead, account),
        rules: rulesOf(of),
        ...(query.only && { only: query.only }),
        lawUnsupported: !lawCountry(of.country, facts.country).ok,
      }),
    );
  }
  return ok(statements);
}

/** The newest item of each creditor and currency, in the order of their ids. */
function scopesOf(rows: readonly Receivable[]): Pick<Receivable, "creditorId" | "currency" | "brandId">[] {
  const byAge = [...rows].sort((a, b) => (a.issuedOn < b.issuedOn ? -1 : a.issuedOn > b.issuedOn ? 1 : 0));
  const found = new Map(byAge.map((item) => [`${item.creditorId} ${item.currency}`, item]));
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

async function postingsByFile(
  act: Act,
  files: readonly CustomerId[],
): Promise<ReadonlyMap<CustomerId, readonly Posting[]>> {
  const found = new Map<CustomerId, readonly Posting[]>();
  for (const file of files) found.set(file, await readPostings(act, sql`p.customer_id = ${file}`));
  return found;
}

/**
 * One row an item over all files, and their postings. The row that counts is the one that holds the item: what left a
 * file has no movement there that its transfer doesn't mirror. Money on account of all files is one item.
 */
function united(
  rows: readonly Receivable[],
  byFile: ReadonlyMap<CustomerId, readonly Posting[]>,
  lead: CustomerId,
  account: ReceivableId,
): { readonly items: readonly Receivable[]; readonly postings: readonly Posting[] } {
  const items = new Map<ReceivableId, Receivable>();
  const postings: Posting[] = [];
  for (const row of rows) {
    const own = (byFile.get(row.customerId) ?? []).filter((one) => one.receivableId === row.receivableId);
    const receivableId = row.itemKind === "on_account" ? account : row.receivableId;
    const known = items.get(receivableId);
    const counts = holds(own) || (row.itemKind === "on_account" && row.customerId === lead);
    if (known === undefined || counts) items.set(receivableId, { ...row, receivableId });
    postings.push(...own.map((one) => ({ ...one, receivableId })));
  }
  return { items: [...items.values()], postings };
}

function holds(own: readonly Posting[]): boolean {
  const shares = new Map<string, bigint>();
  for (const one of own) {
    const key = [kindOf(one), one.component, one.ground, one.valueOn].join("|");
    shares.set(key, (shares.get(key) ?? 0n) + one.amountMinor);
  }
  return [...shares.values()].some((minor) => minor !== 0n);
}
