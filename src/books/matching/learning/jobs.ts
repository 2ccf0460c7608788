/** What matching does by itself besides matching: forgetting, learning, the monthly sample. */
import { z } from "zod";
import { addDays, dateIn, type PlainDate, type TenantId } from "../../../pure/kernel/index.ts";
import { type Act, type Actor, listTenants, type Platform, withAct } from "../../../platform/access/index.ts";
import { defineTask, type Task } from "../../../platform/jobs/index.ts";
import { creditors, type Creditor } from "../../customers/index.ts";
import { drawReview } from "../review.ts";
import { fade } from "./memory.ts";
import { retrain } from "./retrain.ts";

const ACTOR: Actor = { kind: "system", id: "matching" };

/** First day of the month before that of a day. */
const monthBefore = (day: PlainDate): PlainDate =>
  `${addDays(`${day.slice(0, 7)}-01` as PlainDate, -1).slice(0, 7)}-01` as PlainDate;

/**
 * `matching.learn` (nightly): forgets accounts that have faded, trains where enough was decided. `matching.review`: draws
 * last month's sample; a month that is drawn stays as it is, so a missed day is made up for. `seed`: 32 bits of chance.
 */
export function matchingTasks({
  platform,
  seed,
}: {
  readonly platform: Platform;
  readonly seed: () => number;
}): Task[] {
  const each = async (work: (act: Act, of: Creditor) => Promise<unknown>): Promise<void> => {
    const errors: unknown[] = [];
    const alone = async (tenantId: TenantId): Promise<void> => {
      for (const of of await withAct(platform, tenantId, ACTOR, creditors))
        await withAct(platform, tenantId, ACTOR, (act) => work(act, of)).catch((error: unknown) => errors.push(error));
    };
    for (const tenantId of await listTenants(platform.database)) await alone(tenantId);
    if (errors.length > 0) throw errors[0];
  };
  return [
    defineTask("matching.learn", z.unknown(), () =>
      each(async (act, of) => {
        await fade(act, dateIn(act.tx.now, of.zone));
        await retrain(act, of.creditorId);
      }),
    ),
    defineTask("matching.review", z.unknown(), () =>
      each((act, of) => drawReview(act, of.creditorId, monthBefore(dateIn(act.tx.now, of.zone)), seed())),
    ),
  ];
}
