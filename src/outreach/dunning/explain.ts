import type { Act } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import { type CreditorId, type CustomerId, fnv1a, type PlainDate } from "../../pure/kernel/index.ts";
import { contactRules } from "../messaging/index.ts";
import { decide } from "./decide.ts";
import { type Decision, NO_ADVICE, type Situation } from "./model.ts";
import { readSituations, strategyInForce } from "./store.ts";

export interface Explanation {
  readonly creditorId: CreditorId;
  readonly situation: Situation;
  readonly decision: Decision;
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
        decision: decide(strategy.document, situation, NO_ADVICE, fnv1a(situation.caseId)),
        strategyVersion: strategy.version,
      });
  }
  return explanations;
}
