/**
 * Money a bank announced (camt.052 pending, MT942 expected): weighed like any other, booked never. What it is surely for
 * is not dunned until the booking comes, or for some bank days when it does not.
 */
import {
  addDays,
  type CustomerId,
  dateIn,
  minDate,
  type PlainDate,
  type TenantId,
  type Uuid,
} from "../../../pure/kernel/index.ts";
import { germanState, isWorkingDay } from "../../../pure/law/index.ts";
import { type Act, type Actor, appendAudit, type Platform, withAct } from "../../../platform/access/index.ts";
import { closeAnnounced, judgedAnnounced, lockAnnounced, openEntryPayloads } from "../../banking/index.ts";
import { creditor, type Creditor, lockCustomers, survivorOf } from "../../customers/index.ts";
import { liftHold } from "../../receivables/index.ts";
import { matchingOf } from "../judging/settings.ts";
import { again } from "./again.ts";
import { judgeOnly, type OpenedEntry } from "./credits.ts";
import { holdForMoney } from "./seen.ts";

const GROUP = 200;
/** A value date further ahead than this is not waited for. */
const AHEAD_DAYS = 7;

/** Judges what was announced, and ends the holds of what has come. After the booked entries were matched. */
export async function holdAnnounced(platform: Platform, tenantId: TenantId, actor: Actor): Promise<void> {
  const group = (): Promise<number> => again(() => withAct(platform, tenantId, actor, judgeGroup));
  while ((await group()) > 0);
}

/** One group, one transaction: how many were judged. */
async function judgeGroup(act: Act): Promise<number> {
  const announced = await lockAnnounced(act, GROUP);
  if (announced.length === 0) {
    await endHolds(act);
    return 0;
  }
  const payloads = await openEntryPayloads(act, announced);
  const entries = announced.flatMap((entry): OpenedEntry[] => {
    const payload = payloads.get(entry.entryId);
    return payload ? [{ entry, payload }] : [];
  });
  const judgements = await judgeOnly(act, entries);
  const sure = new Map(
    judgements.flatMap(({ candidates: [best], blockers }, index) => {
      const entry = entries[index]?.entry;
      return entry && best && blockers.length === 0 ? [[entry, best] as const] : [];
    }),
  );
  await lockCustomers(act, [...new Set([...sure.values()].map(({ customerId }) => customerId))]);
  const judged: { fingerprint: Buffer; customerId: CustomerId | null; holdIds: Uuid[] }[] = [];
  for (const entry of announced) {
    const best = sure.get(entry);
    const of = await creditor(act, entry.creditorId);
    const day = dateIn(act.tx.now, of.zone);
    const endsOn = holdUntil(entry.valueOn, day, of);
    const holds = best !== undefined && endsOn >= day;
    const items = best?.items.flatMap(({ receivableId }) => (receivableId === null ? [] : [receivableId])) ?? [];
    const holdIds = holds ? await holdForMoney(act, best.customerId, items, { startsOn: day, endsOn }) : [];
    judged.push({ fingerprint: entry.fingerprint, customerId: holds ? best.customerId : null, holdIds });
    if (holds)
      await appendAudit(act, {
        act: "match.announced",
        subject: entry.entryId,
        details: { customer: best.customerId, items, until: endsOn },
      });
  }
  await judgedAnnounced(act, judged);
  return announced.length;
}

/** So many bank days after the day the money is expected on (creditor setting `matching.announcedDays`). */
function holdUntil(expectedOn: PlainDate, today: PlainDate, of: Creditor): PlainDate {
  const state = germanState(of.state ?? "");
  let end = minDate(expectedOn, addDays(today, AHEAD_DAYS));
  for (let left = matchingOf(of).announcedDays; left > 0; ) {
    end = addDays(end, 1);
    if (isWorkingDay(end, state.ok ? state.value : null)) left -= 1;
  }
  return end;
}

async function endHolds(act: Act): Promise<void> {
  const came: { customerId: CustomerId; holdIds: readonly Uuid[] }[] = [];
  // A file that was merged meanwhile took its holds along, under their ids.
  for (const { customerId, holdIds } of await closeAnnounced(act))
    came.push({ customerId: await survivorOf(act, customerId), holdIds });
  await lockCustomers(act, [...new Set(came.map(({ customerId }) => customerId))]);
  // What a person has lifted before is gone already.
  for (const { customerId, holdIds } of came) for (const holdId of holdIds) await liftHold(act, customerId, holdId);
}
