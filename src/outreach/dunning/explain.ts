import type { Act } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import { addDays, type CreditorId, type CustomerId, fnv1a, maxDate, type PlainDate } from "../../pure/kernel/index.ts";
import { type Blocker, contactRules } from "../messaging/index.ts";
import { decide, standingBlockers } from "./decide.ts";
import { type Decision, NO_ADVICE, type Situation } from "./model.ts";
import { readSituations, strategyInForce } from "./store.ts";
import type { Strategy } from "./strategy.ts";

export interface Explanation {
  readonly creditorId: CreditorId;
  readonly situation: Situation;
  readonly decision: Decision;
  /** Why nothing may be sent now: the decision's own grounds, or, while no stage is due, all that stand in the way. */
  readonly blockers: readonly Blocker[];
  /** First day on which something can happen without a new fact; undefined: none is in sight. */
  readonly nextOn?: PlainDate;
  readonly strategyVersion: number;
}

/** "May this be dunned?": what a run on this day would decide, per open case, with all blockers. Writes nothing. */
export async function explain(act: Act, customerId: CustomerId, day: PlainDate): Promise<Explanation[]> {
  const creditors = await act.tx.rows<{ creditor_id: CreditorId }>(sql`
    select distinct creditor_id from dunning_case where customer_id = ${customerId} and state = 'open' order by 1`);
  const rules = await contactRules(act);
  const explanations: Explanation[] = [];
  for (const { creditor_id: creditorId } of creditors) {
    const strategy = await strategyInForce(act, creditorId);
    if (!strategy) continue;
    for (const situation of await readSituations(act, creditorId, { customerIds: [customerId] }, day, rules))
      explanations.push({
        creditorId,
        situation,
        strategyVersion: strategy.version,
        ...weighed(strategy.document, situation),
      });
  }
  return explanations;
}

function weighed(strategy: Strategy, situation: Situation): Pick<Explanation, "decision" | "blockers" | "nextOn"> {
  const decision = decide(strategy, situation, NO_ADVICE, fnv1a(situation.caseId));
  if (decision.outcome !== "wait")
    return { decision, blockers: decision.blockers, ...(decision.nextOn && { nextOn: decision.nextOn }) };
  const blockers = standingBlockers(strategy, situation, decision.nextStage);
  // A ground without an end leaves no day in sight.
  if (decision.nextOn === undefined || blockers.some((blocker) => blocker.until === undefined))
    return { decision, blockers };
  const last = blockers.at(-1)?.until;
  const nextOn = last === undefined ? decision.nextOn : maxDate(decision.nextOn, addDays(last, 1));
  return { decision, blockers, nextOn };
}
