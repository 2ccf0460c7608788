/** What may be claimed of a receivable on a day: postings by value date plus interest the law gives. */
import type { CustomerId, PlainDate, ReceivableId, Uuid } from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import { touch } from "../../platform/jobs/index.ts";
import { creditor, lockCustomer } from "../customers/index.ts";
import { post } from "./ledger.ts";
import type { Charge, Claim, Posting, PostingInput, Receivable } from "./model.ts";
import { rulesOf } from "./payments.ts";
import { accruedInterest } from "./paying/interest.ts";
import { type InterestMode, standing } from "./replay.ts";
import { NOTHING_OPEN, readPostings, readReceivables, sumOf } from "./store.ts";

/**
 * Claims of one customer as of a day (inclusive), minor units. Interest is counted up to and including that day, by the
 * creditor's rule (see `InterestMode`) unless `interest` overrides it: `always` for a message that is about to claim it.
 * Days whose base rate is not published yet are provisional. Without `receivableIds`: all of the customer.
 */
export async function claimOn(
  act: Act,
  customerId: CustomerId,
  day: PlainDate,
  receivableIds?: readonly ReceivableId[],
  interest?: InterestMode,
): Promise<Map<ReceivableId, Claim>> {
  return (await claimsOn(act, [customerId], day, receivableIds, interest)).get(customerId) ?? new Map();
}

/** `claimOn` for many customers: two statements. Every customer asked for has a map, maybe an empty one. */
export async function claimsOn(
  act: Act,
  customerIds: readonly CustomerId[],
  day: PlainDate,
  receivableIds?: readonly ReceivableId[],
  interest?: InterestMode,
): Promise<Map<CustomerId, Map<ReceivableId, Claim>>> {
  const chosen = receivableIds ?? null;
  const items = await readReceivables(
    act,
    sql`r.customer_id = any(${customerIds}::uuid[])
      and (${chosen}::uuid[] is null or r.receivable_id = any(${chosen}::uuid[]))`,
  );
  const postings = await readPostings(
    act,
    sql`p.customer_id = any(${customerIds}::uuid[]) and p.value_on <= ${day}::date
      and (${chosen}::uuid[] is null or p.receivable_id = any(${chosen}::uuid[]))`,
  );
  const byItem = new Map<ReceivableId, Posting[]>();
  for (const posting of postings) {
    const list = byItem.get(posting.receivableId);
    if (list) list.push(posting);
    else byItem.set(posting.receivableId, [posting]);
  }
  const claims = new Map<CustomerId, Map<ReceivableId, Claim>>(customerIds.map((id) => [id, new Map()]));
  for (const item of items) {
    const own = byItem.get(item.receivableId);
    if (!own) continue;
    const rules = rulesOf(await creditor(act, item.creditorId));
    claims.get(item.customerId)?.set(item.receivableId, claimOf(item, own, day, interest ?? rules.interest));
  }
  return claims;
}

/** `own`: postings of the item with value dates up to the day. */
function claimOf(item: Receivable, own: readonly Posting[], day: PlainDate, mode: InterestMode): Claim {
  const open = { ...NOTHING_OPEN };
  for (const posting of own) open[posting.component] += posting.amountMinor;
  const accrued = accruedInterest(item, standing(own), day, { interest: mode });
  const charges: Charge[] = accrued
    ? [
        {
          component: "interest",
          amountMinor: accrued.sum,
          paragraph: accrued.law,
          baseMinor: accrued.base,
          from: accrued.from,
          to: day,
          provisional: accrued.provisional,
          ...(accrued.rate === undefined ? {} : { ratePercent: accrued.rate }),
          ...(accrued.days === undefined ? {} : { days: accrued.days }),
        },
      ]
    : [];
  return {
    receivableId: item.receivableId,
    on: day,
    currency: item.currency,
    open,
    charges,
    totalMinor: sumOf(open) + (accrued?.sum ?? 0n),
  };
}

/**
 * Posts the interest up to and including a day because a message claims it, or because of a hand-over (invariant 2).
 * Returns the booking id, undefined when there is nothing to post.
 */
export async function postInterest(
  act: Act,
  customerId: CustomerId,
  day: PlainDate,
  receivableIds: readonly ReceivableId[],
): Promise<Uuid | undefined> {
  await lockCustomer(act, customerId);
  const claims = await claimOn(act, customerId, day, receivableIds, "always");
  const postings: PostingInput[] = [...claims.values()].flatMap((claim) =>
    claim.charges.map((charge) => ({
      customerId,
      receivableId: claim.receivableId,
      kind: "interest",
      component: "interest",
      amountMinor: charge.amountMinor,
      currency: claim.currency,
      valueOn: day,
      ground: charge.paragraph,
    })),
  );
  if (postings.length === 0) return undefined;
  const bookingId = act.tx.newId<Uuid>();
  await post(act, postings, bookingId);
  await touch(act.tx, customerId);
  return bookingId;
}

/**
 * Writes down since when a receivable is in default; `since` is the first day that bears interest (law:
 * `firstInterestDay`). `undefined` takes it back (a notice that came back as undeliverable).
 */
export async function setDefault(
  { tx }: Act,
  items: readonly {
    readonly customerId: CustomerId;
    readonly receivableId: ReceivableId;
    readonly since?: PlainDate;
    readonly ground?: string;
  }[],
): Promise<void> {
  await tx.execute(sql`
    update receivable r set default_since = i.since, default_ground = i.ground
    from unnest(${items.map((i) => i.customerId)}::uuid[], ${items.map((i) => i.receivableId)}::uuid[],
                ${items.map((i) => i.since ?? null)}::date[], ${items.map((i) => i.ground ?? null)}::text[])
         as i (customer_id, receivable_id, since, ground)
    where r.customer_id = i.customer_id and r.receivable_id = i.receivable_id`);
}

/** Writes down that an item was assigned to a third party on a day: from then on it is never dunned by us. */
export async function setAssigned(
  act: Act,
  customerId: CustomerId,
  receivableId: ReceivableId,
  on: PlainDate,
): Promise<void> {
  await lockCustomer(act, customerId);
  await act.tx.execute(sql`
    update receivable set assigned_on = ${on}::date where customer_id = ${customerId} and receivable_id = ${receivableId}`);
  await touch(act.tx, customerId);
}
