/**
 * What rests on the arrival of a message: stages, the start of default, a proposed hand-over. It is written when the
 * message has left, and taken back when it came back (DESIGN, Arrival).
 */
import { type Act, appendAudit } from "../../platform/access/index.ts";
import { touch } from "../../platform/jobs/index.ts";
import { sql } from "../../platform/database/index.ts";
import {
  addDays,
  type CaseId,
  type CustomerId,
  type Failure,
  fail,
  type MessageId,
  ok,
  type PlainDate,
  type ReceivableId,
  type Result,
  type Uuid,
} from "../../pure/kernel/index.ts";
import { defaultByNotice } from "../../pure/law/index.ts";
import { customerFacts, lockCustomer, markUndeliverable } from "../../books/customers/index.ts";
import { receivablesOf, setDefault, withdrawProposals } from "../../books/receivables/index.ts";
import { isLateOn, stateOf } from "./composing/place.ts";
import { standingDefault } from "./composing/values-law.ts";
import type { MessageChannel } from "./contact/rules.ts";

/** Days after dispatch on which a message is taken to have arrived. No law says so for private post: cautious. */
const ARRIVAL_DAYS: Readonly<Record<MessageChannel, number>> = { email: 0, letter: 4 };

interface Notice {
  readonly customerId: CustomerId;
  readonly messageId: MessageId;
  readonly channel: MessageChannel;
  readonly receivableIds: readonly ReceivableId[];
  readonly leftOn: PlainDate;
  readonly termOn: PlainDate | null;
}

/**
 * A notice has left: the items it names that are late and not in default yet come into default by it. Interest days
 * begin after its term, because it promises none to who pays until then (§§ 286 I 1, 187 I, 193 BGB).
 */
export async function startDefault(act: Act, notice: Notice): Promise<void> {
  const customer = (await customerFacts(act, [notice.customerId])).get(notice.customerId);
  // What the notice said, see `default.byThisNotice`.
  if (customer?.country !== "DE") return;
  const state = stateOf(customer);
  const named = new Set<string>(notice.receivableIds);
  const starts = (await receivablesOf(act, notice.customerId)).flatMap((item) => {
    if (!named.has(item.receivableId) || item.itemKind !== "invoice") return [];
    if (!isLateOn(item.dueOn, notice.leftOn, state)) return [];
    if (item.defaultSince !== undefined || standingDefault(item, state, notice.leftOn)) return [];
    const start = defaultByNotice({
      dueDate: item.dueOn,
      dueDateAgreed: item.dueDateAgreed,
      customerKind: item.customerKind,
      state,
      invoiceReceived: null,
      notice30Days: item.notice30Days,
      noticeReceived: addDays(notice.leftOn, ARRIVAL_DAYS[notice.channel]),
      noticeDeadline: notice.termOn,
    });
    const { customerId, receivableId } = item;
    return start ? [{ customerId, receivableId, since: start.firstInterestDay, ground: start.ground }] : [];
  });
  if (starts.length > 0) await setDefault(act, starts);
}

/** Notices with effect in law that left and did not come back, oldest first. */
async function standingNotices(act: Act, customerId: CustomerId): Promise<Notice[]> {
  return act.tx.rows<Notice>(sql`
    select m.customer_id as "customerId", m.message_id as "messageId", m.channel, m.receivable_ids as "receivableIds",
           (m.left_at at time zone c.zone)::date as "leftOn", m.term_on as "termOn"
      from message m join customer c using (customer_id)
     where m.customer_id = ${customerId} and m.kind = 'ask' and m.effect <> 'none' and m.state = 'left'
       and m.evidence <> 'revoked'
     order by m.left_at, m.message_id`);
}

export type BounceFailure = Failure<"message_not_found" | "message_not_left" | "arrival_proven">;

/**
 * A message came back (bounce, returned letter): nothing goes to that address any more, and the stages, the start of
 * default and the proposed hand-over that rested on it are taken back, so the next run asks again on another way.
 * Saying it twice changes nothing. Failures: `message_not_found`, `message_not_left`, `arrival_proven` (the portal was
 * opened through its link, or delivery was registered).
 */
export async function markBounced(act: Act, messageId: MessageId): Promise<Result<true, BounceFailure>> {
  const owner = await act.tx.one<{ customerId: CustomerId }>(sql`
    select customer_id as "customerId" from message where tenant_id = ${act.tx.tenantId} and message_id = ${messageId}`);
  if (!owner) return fail("not_found", "message_not_found", "There is no such message.", messageId);
  const { customerId } = owner;
  await lockCustomer(act, customerId);
  const message = await act.tx.one<{
    state: string;
    evidence: string;
    kind: string;
    effect: string;
    caseId: CaseId | null;
    contactPointId: Uuid | null;
    receivableIds: ReceivableId[];
  }>(sql`
    select state, evidence, kind, effect, case_id as "caseId", contact_point_id as "contactPointId",
           receivable_ids as "receivableIds"
      from message where customer_id = ${customerId} and message_id = ${messageId}`);
  if (message?.state !== "left") return fail("conflict", "message_not_left", "This message has not left.", messageId);
  if (message.evidence === "revoked") return ok(true);
  if (message.evidence === "portal_opened" || message.evidence === "registered")
    return fail("conflict", "arrival_proven", "This message is known to have arrived.", messageId);
  await act.tx.execute(sql`
    update message set evidence = 'revoked', evidence_at = ${act.tx.now}
     where customer_id = ${customerId} and message_id = ${messageId}`);
  if (message.contactPointId !== null) await markUndeliverable(act, customerId, message.contactPointId);
  if (message.kind === "ask") await takeBack(act, customerId, message.caseId, message.receivableIds);
  if (message.effect !== "none") {
    const rested = (await receivablesOf(act, customerId)).filter(
      (item) => message.receivableIds.includes(item.receivableId) && item.defaultGround === "notice",
    );
    if (rested.length > 0) {
      await setDefault(
        act,
        rested.map(({ receivableId }) => ({ customerId, receivableId })),
      );
      for (const notice of await standingNotices(act, customerId)) await startDefault(act, notice);
    }
  }
  if (message.effect === "announcement" && message.caseId !== null)
    await withdrawProposals(act, customerId, message.caseId, "hand_over");
  await appendAudit(act, { act: "message.bounced", subject: messageId });
  await touch(act.tx, customerId);
  return ok(true);
}

/** Items and case stand where the newest message that did not come back left them. */
async function takeBack(
  act: Act,
  customerId: CustomerId,
  caseId: CaseId | null,
  receivableIds: readonly ReceivableId[],
): Promise<void> {
  await act.tx.execute(sql`
    update receivable r set stage = told.stage, stage_on = told.on
      from unnest(${[...receivableIds]}::uuid[]) as i (receivable_id)
      left join lateral (
        select m.item_stages ->> i.receivable_id::text as stage, (m.left_at at time zone c.zone)::date as on
          from message m join customer c using (customer_id)
         where m.customer_id = ${customerId} and m.kind = 'ask' and m.state = 'left' and m.evidence <> 'revoked'
           and m.item_stages ? i.receivable_id::text
         order by m.left_at desc limit 1) told on true
     where r.customer_id = ${customerId} and r.receivable_id = i.receivable_id`);
  if (caseId === null) return;
  await act.tx.execute(sql`
    update dunning_case d set stage = told.stage, stage_on = told.on
      from (select ${caseId}::uuid as case_id) i
      left join lateral (
        select m.stage, (m.left_at at time zone c.zone)::date as on
          from message m join customer c using (customer_id)
         where m.customer_id = ${customerId} and m.case_id = ${caseId} and m.kind = 'ask' and m.state = 'left'
           and m.evidence <> 'revoked'
         order by m.left_at desc limit 1) told on true
     where d.customer_id = ${customerId} and d.case_id = i.case_id`);
}
