/**
 * Money of a creditor whose ERP leads: it is booked there, and the item follows with the next list. Here it is
 * information: dunning of what it is for waits, so that nobody who has paid is asked again.
 */
import {
  addDays,
  type CreditorId,
  type CustomerId,
  dateIn,
  expectOk,
  type PlainDate,
  type ReceivableId,
  type Uuid,
} from "../../../pure/kernel/index.ts";
import { type Act, appendAudit } from "../../../platform/access/index.ts";
import { changeEntries, type Entry } from "../../banking/index.ts";
import { type Creditor, creditor } from "../../customers/index.ts";
import { holdsOf, liftHold, placeHold } from "../../receivables/index.ts";
import type { Reason } from "../model.ts";
import type { Proposal } from "../writing.ts";

/** Days until the ERP's list must have followed; creditor setting `moneySeenDays`. */
const MONEY_SEEN_DAYS = 7;

export const bookedElsewhere = async (act: Act, creditorId: CreditorId): Promise<boolean> =>
  (await creditor(act, creditorId)).leads !== "kulanz";

const daysOf = ({ settings }: Creditor): number => {
  const { moneySeenDays } = settings as { moneySeenDays?: number };
  return moneySeenDays ?? MONEY_SEEN_DAYS;
};

/**
 * Money is on its way: dunning of these items waits (of the whole customer when none is named). The holds placed. Throws
 * when the hold would end before it starts.
 */
export async function holdForMoney(
  act: Act,
  customerId: CustomerId,
  items: readonly ReceivableId[],
  { startsOn, endsOn }: { readonly startsOn: PlainDate; readonly endsOn: PlainDate },
): Promise<Uuid[]> {
  const holdIds: Uuid[] = [];
  for (const receivableId of items.length > 0 ? items : [undefined]) {
    const item = receivableId === undefined ? {} : { receivableId };
    holdIds.push(expectOk(await placeHold(act, { customerId, ...item, ground: "pending_payment", startsOn, endsOn })));
  }
  return holdIds;
}

/** Sets entries aside with what they are for, and holds those items (the whole customer when none is named). */
export async function noteSeen(
  act: Act,
  seen: readonly { readonly entry: Entry; readonly proposal: Proposal }[],
): Promise<void> {
  for (const { entry, proposal } of seen) {
    const of = await creditor(act, entry.creditorId);
    const day = dateIn(act.tx.now, of.zone);
    const items = proposal.items.flatMap(({ receivableId }) => (receivableId === null ? [] : [receivableId]));
    await holdForMoney(act, proposal.customerId, items, { startsOn: day, endsOn: addDays(day, daysOf(of)) });
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

/**
 * A payment that came back, of a creditor whose ERP leads: it is booked there too. The hold that waited for the money
 * goes, since it did not come; the entry says whom it concerns, as far as numbers or one known account tell.
 */
export async function noteReturnSeen(
  act: Act,
  entry: Entry,
  owners: ReadonlyMap<
    CustomerId,
    { readonly items: readonly Proposal["items"][number][]; readonly reasons: readonly Reason[] }
  >,
): Promise<void> {
  const [only, another] = owners;
  const proposals: Proposal[] = [];
  if (only && !another) {
    const [customerId, { items, reasons }] = only;
    const ids = new Set(items.map(({ receivableId }) => receivableId));
    for (const hold of (await holdsOf(act, [customerId])).get(customerId) ?? []) {
      const ours = hold.ground === "pending_payment" && hold.author.startsWith("system:");
      if (ours && (ids.size === 0 || hold.receivableId === undefined || ids.has(hold.receivableId)))
        await liftHold(act, customerId, hold.holdId);
    }
    proposals.push({ customerId, score: 80, items, reasons });
    await appendAudit(act, { act: "match.return_seen", subject: entry.entryId, details: { customer: customerId } });
  }
  const { fingerprint } = entry;
  await changeEntries(act, [{ fingerprint, status: "set_aside", customerId: null, score: null, proposals }]);
}
