/**
 * Money a bank announced (camt.052 pending, MT942 expected): weighed like any other, booked never. What it is surely for
 * is not dunned until the booking comes, or for some bank days when it does not.
 */
import {
  addDays,
  type CreditorId,
  type CustomerId,
  dateIn,
  minDate,
  type PlainDate,
  type TenantId,
  type Uuid,
} from "../../../pure/kernel/index.ts";
import { germanState, isWorkingDay } from "../../../pure/law/index.ts";
import { type Act, type Actor, appendAudit, type Platform, withAct } from "../../../platform/access/index.ts";
import { closeAnnounced, type Entry, judgedAnnounced, lockAnnounced, openEntryPayloads } from "../../banking/index.ts";
import { creditor, type Creditor, lockCustomers, survivorOf } from "../../customers/index.ts";
import { liftHold } from "../../receivables/index.ts";
import { matchingOf } from "../judging/settings.ts";
import type { Shape } from "../references.ts";
import { again } from "./again.ts";
import { judgeOnly, type OpenedEntry } from "./credits.ts";
import { holdForMoney } from "./seen.ts";

const GROUP = 200;
/** A value date further ahead than this is not waited for. */
const AHEAD_DAYS = 7;

/** How a creditor's numbers look, as far as the run has read them. */
type ShapesFor = (act: Act, creditorIds: ReadonlySet<CreditorId>) => Promise<ReadonlyMap<CreditorId, readonly Shape[]>>;

/**
 * Judges what was announced (again what was unsure before: its item may have come since), and ends the holds of what has
 * come. After the booked entries were matched.
 */
export async function holdAnnounced(
  platform: Platform,
  tenantId: TenantId,
  actor: Actor,
  shapesFor: ShapesFor,
): Promise<void> {
  let last: Entry | undefined;
  do {
    const after = last;
    last = await again(() => withAct(platform, tenantId, actor, (act) => judgeGroup(act, shapesFor, after)));
  } while (last);
}

/** One group behind `after`, one transaction: the last that was judged. */
async function judgeGroup(act: Act, shapesFor: ShapesFor, after: Entry | undefined): Promise<Entry | undefined> {
  const announced = await lockAnnounced(act, GROUP, after);
  if (announced.length === 0) {
    await endAnnounced(act);
    return undefined;
  }
  const terms = new Map<Entry, { readonly startsOn: PlainDate; readonly endsOn: PlainDate }>();
  for (const entry of announced) {
    const of = await creditor(act, entry.creditorId);
    const startsOn = dateIn(act.tx.now, of.zone);
    const endsOn = holdUntil(entry.valueOn, startsOn, of);
    if (endsOn >= startsOn) terms.set(entry, { startsOn, endsOn });
  }
  const payloads = await openEntryPayloads(act, [...terms.keys()]);
  const entries = [...terms.keys()].flatMap((entry): OpenedEntry[] => {
    const payload = payloads.get(entry.entryId);
    return payload ? [{ entry, payload }] : [];
  });
  const shapes = await shapesFor(act, new Set(entries.map(({ entry }) => entry.creditorId)));
  const judgements = await judgeOnly(act, entries, shapes);
  const sure = new Map(
    judgements.flatMap(({ candidates: [best], blockers }, index) => {
      const entry = entries[index]?.entry;
      return entry && best && blockers.length === 0 ? [[entry, best] as const] : [];
    }),
  );
  await lockCustomers(act, [...new Set([...sure.values()].map(({ customerId }) => customerId))]);
  const judged: Parameters<typeof judgedAnnounced>[1][number][] = [];
  for (const entry of announced) {
    const { fingerprint } = entry;
    const [best, term] = [sure.get(entry), terms.get(entry)];
    if (!best || !term) {
      judged.push({ fingerprint, customerId: null, holdIds: [], again: term !== undefined });
      continue;
    }
    const { customerId } = best;
    const items = best.items.flatMap(({ receivableId }) => (receivableId === null ? [] : [receivableId]));
    judged.push({ fingerprint, customerId, holdIds: await holdForMoney(act, customerId, items, term), again: false });
    await appendAudit(act, {
      act: "match.announced",
      subject: entry.entryId,
      details: { customer: customerId, items, until: term.endsOn },
    });
  }
  await judgedAnnounced(act, judged);
  return announced.at(-1);
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

/** Ends the holds of announcements whose booking is decided; `entry`: of this booking alone. */
export async function endAnnounced(act: Act, entry?: Buffer): Promise<void> {
  const came: { customerId: CustomerId; holdIds: readonly Uuid[] }[] = [];
  // A file that was merged meanwhile took its holds along, under their ids.
  for (const { customerId, holdIds } of await closeAnnounced(act, entry))
    came.push({ customerId: await survivorOf(act, customerId), holdIds });
  await lockCustomers(act, [...new Set(came.map(({ customerId }) => customerId))]);
  // What a person has lifted before is gone already.
  for (const { customerId, holdIds } of came) for (const holdId of holdIds) await liftHold(act, customerId, holdId);
}
