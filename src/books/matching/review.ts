/** The monthly sample of automatic matches that people look at, so that nobody has to believe the figures. */
import {
  addDays,
  type CreditorId,
  type Currency,
  type CustomerId,
  dateIn,
  type Failure,
  fail,
  ok,
  type PlainDate,
  type Result,
  seededRandom,
  type Uuid,
} from "../../pure/kernel/index.ts";
import { type Act, actorName, appendAudit } from "../../platform/access/index.ts";
import { rowsOf, sql } from "../../platform/database/index.ts";
import { creditor, filesOfOne, mayOpenCustomer, survivorOf, survivorsOf } from "../customers/index.ts";
import { createTasks, decideTask, reopenTask } from "../receivables/index.ts";
import { proposeAgain } from "./automatic/credits.ts";
import { openMatchPayload, undoMatch } from "./booking.ts";
import { matchingOf } from "./judging/settings.ts";
import { keepExamples } from "./learning/examples.ts";
import { forgetWholly } from "./learning/memory.ts";
import type { Reason } from "./model.ts";
import { matchById } from "./store.ts";

/** At most so many a month, whatever the share (setting `matching.reviewShare`). */
const DRAWN_MAX = 200;
const DAYS_TO_DECIDE = 14;

/**
 * Puts a random sample of a month's automatic matches up for review (task kind `match_review`), once a creditor and
 * month. `month` is its first day. `seed` (32 bits, from chance) is kept with the month: whoever sorts the month's
 * automatic matches by id, and shuffles them with it by Fisher and Yates, finds the same sample. Returns how many were
 * drawn, undefined when it was done before.
 */
export async function drawReview(
  act: Act,
  creditorId: CreditorId,
  month: PlainDate,
  seed: number,
): Promise<number | undefined> {
  const { tx } = act;
  const of = await creditor(act, creditorId);
  const { zone } = of;
  const rows = await tx.rows<{ customer_id: CustomerId; match_id: Uuid; amount: bigint; currency: Currency }>(sql`
    select m.customer_id, m.match_id, m.amount_minor as amount, m.currency
    from match m join booking b on b.customer_id = m.customer_id and b.booking_id = m.booking_id
    where m.tenant_id = ${tx.tenantId} and b.creditor_id = ${creditorId} and m.state = 'booked' and m.amount_minor > 0
      and m.payout_line is null
      and m.decided_by like 'system:%' and (m.created_at at time zone ${zone})::date >= ${month}::date
      and (m.created_at at time zone ${zone})::date < (${month}::date + interval '1 month')
    order by m.match_id`);
  const share = matchingOf(of).reviewShare;
  const count = share === 0 ? 0 : Math.min(DRAWN_MAX, rows.length, Math.max(1, Math.round(rows.length * share)));
  const inserted = await tx.execute(sql`
    insert into match_review_month (tenant_id, creditor_id, month, matches, drawn, seed, drawn_at)
    values (${tx.tenantId}, ${creditorId}, ${month}::date, ${rows.length}, ${count}, ${seed}, ${tx.now})
    on conflict (creditor_id, month) do nothing`);
  if (inserted === 0) return undefined;
  const random = seededRandom(seed);
  // Each place of the sample goes to one of those not drawn yet (Fisher and Yates).
  for (let at = 0; at < count; at += 1) {
    const other = at + random.integer(rows.length - at);
    const [here, there] = [rows[at], rows[other]];
    if (here && there) [rows[at], rows[other]] = [there, here];
  }
  const dueOn = addDays(dateIn(tx.now, zone), DAYS_TO_DECIDE);
  const sample = rows.slice(0, count);
  const leads = await survivorsOf(
    act,
    sample.map((row) => row.customer_id),
  );
  const taskIds = await createTasks(
    act,
    sample.map((row) => ({
      customerId: leads.get(row.customer_id) ?? row.customer_id,
      kind: "match_review",
      amountMinor: row.amount,
      currency: row.currency,
      facts: { matchId: row.match_id },
      dueOn,
    })),
  );
  await tx.execute(sql`
    insert into match_review (customer_id, match_id, tenant_id, creditor_id, month, task_id)
    select s.customer_id, s.match_id, ${tx.tenantId}::uuid, ${creditorId}::uuid, ${month}::date, s.task_id
    from ${rowsOf("s", {
      customer_id: ["uuid", sample.map((row) => row.customer_id)],
      match_id: ["uuid", sample.map((row) => row.match_id)],
      task_id: ["uuid", taskIds],
    })}`);
  await appendAudit(act, {
    act: "match.review_drawn",
    subject: creditorId,
    details: { month, of: rows.length, drawn: count, seed },
  });
  return count;
}

/** One match of a sample. */
export interface Reviewed {
  readonly reviewId: Uuid;
  readonly month: PlainDate;
  readonly customerId: CustomerId;
  readonly matchId: Uuid;
  readonly bookingId: Uuid;
  readonly entryId: Uuid;
  readonly score: number;
  readonly reasons: readonly Reason[];
  readonly verdict: "right" | "wrong" | null;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
}

/** Months with a sample, newest first, and how many matches booked themselves in them. */
export const reviewMonths = ({ tx }: Act, creditorId?: CreditorId): Promise<{ month: PlainDate; matches: bigint }[]> =>
  tx.rows(sql`
    select month, sum(matches)::bigint as matches from match_review_month
    where tenant_id = ${tx.tenantId} and (${creditorId ?? null}::uuid is null or creditor_id = ${creditorId ?? null}::uuid)
    group by month order by month desc`);

/** The sample of a month, or one of its matches; what is not decided yet first. */
export async function reviewSample(
  { tx }: Act,
  filter: { readonly month?: PlainDate; readonly creditorId?: CreditorId; readonly reviewId?: Uuid },
): Promise<Reviewed[]> {
  const rows = await tx.rows<{
    task_id: Uuid;
    month: PlainDate;
    customer_id: CustomerId;
    match_id: Uuid;
    booking_id: Uuid;
    entry_id: Uuid;
    score: number;
    reasons: readonly Reason[];
    verdict: Reviewed["verdict"];
    decided_by: string | null;
    decided_at: Date | null;
  }>(sql`
    select v.task_id, v.month, v.customer_id, v.match_id, m.booking_id, e.entry_id, m.score, m.reasons, v.verdict,
           v.decided_by, v.decided_at
    from match_review v join match m on m.customer_id = v.customer_id and m.match_id = v.match_id
    join bank_entry e on e.fingerprint = m.entry_fingerprint
    where v.tenant_id = ${tx.tenantId} and (${filter.month ?? null}::date is null or v.month = ${filter.month ?? null}::date)
      and (${filter.creditorId ?? null}::uuid is null or v.creditor_id = ${filter.creditorId ?? null}::uuid)
      and (${filter.reviewId ?? null}::uuid is null or v.task_id = ${filter.reviewId ?? null}::uuid)
    order by v.verdict is not null, v.match_id`);
  return rows.map((row) => ({
    reviewId: row.task_id,
    month: row.month,
    customerId: row.customer_id,
    matchId: row.match_id,
    bookingId: row.booking_id,
    entryId: row.entry_id,
    score: row.score,
    reasons: row.reasons,
    verdict: row.verdict,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at,
  }));
}

/** Whose task asks for the verdict: the match stays with its file, an open task goes along with a merge. */
async function taskHolder(act: Act, customerId: CustomerId, taskId: Uuid): Promise<CustomerId> {
  const lead = await survivorOf(act, customerId);
  const files = await filesOfOne(act, lead);
  const row = await act.tx.one<{ customer_id: CustomerId }>(sql`
    select customer_id from task where customer_id = any(${files}::uuid[]) and task_id = ${taskId}
    order by state = 'open' desc, decided_at desc limit 1`);
  return row?.customer_id ?? customerId;
}

/**
 * What a person found of a sampled match. `wrong` undoes it, takes the account away that pointed to the
 * customer and proposes anew; `right` is an example to learn from; null takes `right` back. Failures: `review_not_found`, `customer_restricted`,
 * `not_undoable` once it was found wrong, those of `undoMatch`.
 */
export async function decideReview(
  act: Act,
  reviewId: Uuid,
  verdict: Reviewed["verdict"],
): Promise<Result<Reviewed, Failure>> {
  const { tx } = act;
  const [one] = await reviewSample(act, { reviewId });
  if (!one) return fail("not_found", "review_not_found", "There is no such match in a sample.", reviewId);
  const lead = await survivorOf(act, one.customerId);
  const may = await mayOpenCustomer(act, lead);
  if (!may.ok) return may;
  if (one.verdict === verdict) return ok(one);
  if (one.verdict === "wrong")
    return fail("conflict", "not_undoable", "The match was undone; book the payment anew in the bank inbox.", reviewId);
  const { customerId } = one;
  const match = await matchById(act, customerId, one.matchId);
  const entry = await tx.one<{ creditor_id: CreditorId }>(sql`
    select creditor_id from bank_entry where entry_id = ${one.entryId} and tenant_id = ${tx.tenantId}`);
  if (!match || !entry) return fail("not_found", "review_not_found", "There is no such match in a sample.", reviewId);
  const payload = await openMatchPayload(act, match);
  if (verdict === "wrong") {
    // Who undid it before has said so already.
    if (match.state === "booked") {
      const undone = await undoMatch(act, one.entryId);
      if (!undone.ok) return undone;
    }
    if (payload.ok && payload.value.payerIban !== null) await forgetWholly(act, lead, payload.value.payerIban);
    // Judged by what is known now: without the account that pointed to the wrong customer.
    await proposeAgain(act, one.entryId);
  } else if (verdict === "right" && payload.ok && payload.value.features)
    await keepExamples(act, entry.creditor_id, one.matchId, [
      { features: payload.value.features, right: true, source: "reviewed" },
    ]);
  await tx.execute(sql`
    update match_review set verdict = ${verdict}, decided_by = ${verdict === null ? null : actorName(act.actor)},
      decided_at = ${verdict === null ? null : tx.now}::timestamptz
    where customer_id = ${customerId} and match_id = ${one.matchId}`);
  const asked = await taskHolder(act, customerId, reviewId);
  const done =
    verdict === null
      ? await reopenTask(act, asked, reviewId)
      : await decideTask(act, asked, reviewId, "done", { verdict });
  if (!done.ok && done.error.code !== "task_decided") return done;
  await appendAudit(act, { act: "match.reviewed", subject: one.entryId, details: { match: one.matchId, verdict } });
  const [after] = await reviewSample(act, { reviewId });
  return ok(after ?? one);
}
