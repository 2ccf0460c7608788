/**
 * Money of a creditor whose ERP leads: it is booked there, and the item follows with the next list. Here it is
 * information: dunning of what it is for waits, so that nobody who has paid is asked again.
 */
import { addDays, type CreditorId, dateIn } from "../../../pure/kernel/index.ts";
import { type Act, appendAudit } from "../../../platform/access/index.ts";
import { changeEntries, type Entry } from "../../banking/index.ts";
import { type Creditor, creditor } from "../../customers/index.ts";
import { placeHold } from "../../receivables/index.ts";
import type { Proposal } from "../writing.ts";

/** Days until the ERP's list must have followed; creditor setting `moneySeenDays`. */
const MONEY_SEEN_DAYS = 7;

export const bookedElsewhere = async (act: Act, creditorId: CreditorId): Promise<boolean> =>
  (await creditor(act, creditorId)).leads !== "kulanz";

const daysOf = ({ settings }: Creditor): number => {
  const { moneySeenDays } = settings as { moneySeenDays?: number };
  return moneySeenDays ?? MONEY_SEEN_DAYS;
};

/** Sets entries aside with what they are for, and holds those items (the whole customer when none is named). */
export async function noteSeen(
  act: Act,
  seen: readonly { readonly entry: Entry; readonly proposal: Proposal }[],
): Promise<void> {
  for (const { entry, proposal } of seen) {
    const of = await creditor(act, entry.creditorId);
    const day = dateIn(act.tx.now, of.zone);
    const items = proposal.items.flatMap(({ receivableId }) => (receivableId === null ? [] : [receivableId]));
    for (const receivableId of items.length > 0 ? items : [undefined])
      await placeHold(act, {
        customerId: proposal.customerId,
        ...(receivableId === undefined ? {} : { receivableId }),
        ground: "pending_payment",
        startsOn: day,
        endsOn: addDays(day, daysOf(of)),
      });
    await appendAudit(act, {
      act: "match.seen",
      subject: entry.entryId,
      details: { customer: proposal.customerId, items },
    });
  }
  await changeEntries(
    act,
    seen.map(({ entry, proposal }) => ({
      fingerprint: entry.fingerprint,
      status: "set_aside",
      customerId: null,
      score: proposal.score,
      proposals: [proposal],
    })),
  );
}
