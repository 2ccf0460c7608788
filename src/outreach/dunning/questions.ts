import type { Act } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import {
  addDays,
  type BrandId,
  type CaseId,
  type CreditorId,
  type CustomerId,
  deterministicUuid,
  type MessageId,
  type PlainDate,
} from "../../pure/kernel/index.ts";
import { createTask, placeHold } from "../../books/receivables/index.ts";
import { contactFacts, contactMoment, queueMessages } from "../messaging/index.ts";
import type { DecisionRow } from "./store.ts";

/** How long all pauses while the customer answers the question. */
const QUESTION_DAYS = 7;

interface EndedHold {
  customer_id: CustomerId;
  case_id: CaseId;
  hold_id: string;
  brand_id: BrandId;
  zone: string;
  state: string | null;
  round: number;
}

/**
 * "I have paid" was said, the hold is over and nothing came: the customer is asked once, and all pauses again. Who can't
 * be asked by e-mail becomes a person's task. Deterministic ids make it safe to repeat. Returns how many were asked.
 */
export async function askAfterClaimedPaid(act: Act, creditorId: CreditorId, day: PlainDate): Promise<number> {
  const ended = await act.tx.rows<EndedHold>(sql`
    select distinct on (h.customer_id, d.case_id) h.customer_id, d.case_id, h.hold_id, i.brand_id, c.zone, c.state,
           (select count(*)::integer + 1 from message m where m.customer_id = h.customer_id and m.case_id = d.case_id
              and m.stage = 'paid_question') as round
      from hold h
      join dunning_case d on d.customer_id = h.customer_id and d.case_id = h.case_id and d.creditor_id = ${creditorId} and d.state = 'open'
      join customer c on c.customer_id = h.customer_id
      cross join lateral (
        select r.brand_id from receivable r where r.customer_id = h.customer_id and r.case_id = d.case_id and r.open_total > 0
         order by r.open_total desc, r.receivable_id limit 1) i
     where h.tenant_id = ${act.tx.tenantId} and h.ground = 'claimed_paid' and h.author like 'portal:%' and h.lifted_at is null
       and h.ends_on < ${day} and h.ends_on >= ${addDays(day, -30)}
       and not exists (select from message m where m.customer_id = h.customer_id and m.case_id = d.case_id
                         and m.stage = 'paid_question' and m.queued_at > h.created_at)
       and not exists (select from task t where t.customer_id = h.customer_id and t.case_id = d.case_id
                         and t.kind = 'claimed_paid' and t.created_at > h.created_at)
       -- Said again meanwhile: that pause is waited for.
       and not exists (select from hold n where n.customer_id = h.customer_id and n.case_id = d.case_id
                         and n.ground = 'claimed_paid' and n.lifted_at is null and n.ends_on >= ${day})
     order by h.customer_id, d.case_id, h.created_at desc`);
  const customerIds = ended.map((row) => row.customer_id);
  const contact = await contactFacts(act, customerIds, day);
  for (const row of ended) {
    await placeHold(act, {
      customerId: row.customer_id,
      caseId: row.case_id,
      ground: "claimed_paid",
      startsOn: day,
      endsOn: addDays(day, QUESTION_DAYS),
    });
    if (contact.get(row.customer_id)?.reach.email !== "usable") {
      await createTask(act, { customerId: row.customer_id, caseId: row.case_id, kind: "claimed_paid", dueOn: day });
      continue;
    }
    await queueMessages(act, [
      {
        messageId: deterministicUuid("paid_question", row.customer_id, row.hold_id) as MessageId,
        customerId: row.customer_id,
        creditorId,
        brandId: row.brand_id,
        caseId: row.case_id,
        // An answer to what the customer told us: it does not count as an ask.
        kind: "answer",
        templateKey: "paid_question",
        stage: "paid_question",
        round: row.round,
        channel: "email",
        tone: "friendly",
        receivableIds: [],
        itemStages: {},
        effect: "none",
        needsApproval: false,
        leaveAfter: contactMoment(act.tx.now, "email", {
          zone: row.zone,
          ...(row.state !== null && { state: row.state }),
        }),
      },
    ]);
  }
  return ended.length;
}

/** Who owes and can't be reached at all becomes a person's task, once while it is open. */
export async function reportUnreachable(act: Act, rows: readonly DecisionRow[]): Promise<void> {
  const lost = rows.filter(
    ({ decision, situation }) =>
      decision.blockers.some(({ name }) => name === "unreachable") &&
      Object.values(situation.contact.reach).every((reach) => reach !== "usable"),
  );
  if (lost.length === 0) return;
  const known = await act.tx.rows<{ case_id: CaseId }>(sql`
    select case_id from task
     where customer_id = any(${lost.map((row) => row.situation.customerId)}::uuid[]) and kind = 'unreachable' and state = 'open'`);
  const open = new Set(known.map((row) => row.case_id));
  for (const { situation } of lost)
    if (!open.has(situation.caseId))
      await createTask(act, {
        customerId: situation.customerId,
        caseId: situation.caseId,
        kind: "unreachable",
        dueOn: situation.businessDate,
      });
}
