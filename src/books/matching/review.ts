/** The monthly sample of automatic matches that people look at, so that nobody has to believe the figures. */
import {
  addDays,
  type CreditorId,
  type Currency,
  type CustomerId,
  dateIn,
  type PlainDate,
  type Random,
  type Uuid,
} from "../../pure/kernel/index.ts";
import { type Act, appendAudit } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import { creditor } from "../customers/index.ts";
import { createTasks } from "../receivables/index.ts";

/** Share of the month's automatic matches (setting `matching.reviewShare`), and how many at most. */
const SHARE = 0.01;
const DRAWN_MAX = 200;
const DAYS_TO_DECIDE = 14;

/**
 * Puts a random sample of a month's automatic matches up for review (task kind `match_review`), once a creditor and
 * month. `month` is its first day. Equal chance, equal sample. Returns how many were drawn, undefined when it was done.
 */
export async function drawReview(
  act: Act,
  creditorId: CreditorId,
  month: PlainDate,
  random: Random,
): Promise<number | undefined> {
  const { tx } = act;
  const { settings, zone } = await creditor(act, creditorId);
  const rows = await tx.rows<{ customer_id: CustomerId; match_id: Uuid; amount: bigint; currency: Currency }>(sql`
    select m.customer_id, m.match_id, m.amount_minor as amount, m.currency
    from match m join booking b on b.customer_id = m.customer_id and b.booking_id = m.booking_id
    where m.tenant_id = ${tx.tenantId} and b.creditor_id = ${creditorId} and m.state = 'booked' and m.amount_minor > 0
      and m.payout_line is null
      and m.decided_by like 'system:%' and (m.created_at at time zone ${zone})::date >= ${month}::date
      and (m.created_at at time zone ${zone})::date < (${month}::date + interval '1 month')
    order by m.match_id`);
  const wanted = (settings as { matching?: { reviewShare?: number } }).matching?.reviewShare;
  const share = typeof wanted === "number" && wanted >= 0 && wanted <= 1 ? wanted : SHARE;
  const count = share === 0 ? 0 : Math.min(DRAWN_MAX, rows.length, Math.max(1, Math.round(rows.length * share)));
  const inserted = await tx.execute(sql`
    insert into match_review_month (tenant_id, creditor_id, month, matches, drawn, drawn_at)
    values (${tx.tenantId}, ${creditorId}, ${month}::date, ${rows.length}, ${count}, ${tx.now})
    on conflict (creditor_id, month) do nothing`);
  if (inserted === 0) return undefined;
  // Each place of the sample goes to one of those not drawn yet (Fisher and Yates).
  for (let at = 0; at < count; at += 1) {
    const other = at + random.integer(rows.length - at);
    const [here, there] = [rows[at], rows[other]];
    if (here && there) [rows[at], rows[other]] = [there, here];
  }
  const dueOn = addDays(dateIn(tx.now, zone), DAYS_TO_DECIDE);
  await createTasks(
    act,
    rows.slice(0, count).map((row) => ({
      customerId: row.customer_id,
      kind: "match_review",
      amountMinor: row.amount,
      currency: row.currency,
      facts: { matchId: row.match_id },
      dueOn,
    })),
  );
  await appendAudit(act, { act: "match.review_drawn", subject: creditorId, details: { month, drawn: count } });
  return count;
}
