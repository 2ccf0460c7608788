/** What a change of bookings means for the ledger: pure, for one customer, creditor and currency. */
import {
  type CreditorId,
  type Currency,
  type CustomerId,
  deterministicUuid,
  type PlainDate,
  type ReceivableId,
  type Uuid,
} from "../../../pure/kernel/index.ts";
import type { PayableItem, Posting, PostingInput } from "../model.ts";
import {
  type BookingEvent,
  compareEvents,
  type Movement,
  Play,
  type Rules,
  sameMovements,
  standing,
} from "../replay.ts";

export interface Scope {
  readonly customerId: CustomerId;
  readonly creditorId: CreditorId;
  readonly currency: Currency;
}

export const scopeOf = ({ customerId, creditorId, currency }: Scope): Scope => ({ customerId, creditorId, currency });

/** One item a customer, creditor and currency takes the money that no invoice has claimed. */
export const onAccountId = (scope: Scope): ReceivableId =>
  deterministicUuid("on_account", scope.customerId, scope.creditorId, scope.currency) as ReceivableId;

export interface Outcome {
  readonly postings: (PostingInput & { readonly bookingId: Uuid })[];
  /** What the new booking does. */
  readonly movements: readonly Movement[];
  readonly items: readonly PayableItem[];
}

export interface Change {
  readonly add?: BookingEvent;
  /** A booking that never was. */
  readonly remove?: BookingEvent;
  /** Postings besides (the reversal of a charge), as of whose value date later bookings are allocated anew. */
  readonly fixed?: readonly Posting[];
  readonly from: PlainDate;
}

/** Everything a change may touch. */
export interface Account {
  readonly scope: Scope;
  readonly rules: Rules;
  /** Bookings that count from the change's value date on, payments that those return, settlements; in their order. */
  readonly known: readonly BookingEvent[];
  /** Open items, those designated, the on-account item if there is one, those that `partsOf` bookings moved. */
  readonly items: readonly PayableItem[];
  /** All postings of these items. */
  readonly postings: readonly Posting[];
}

/** Which of the known bookings are allocated anew by a change, and which stay as they are. */
export function partsOf(known: readonly BookingEvent[], change: Change) {
  const changed = change.add ?? change.remove;
  const later = known.filter(
    (event) =>
      event.bookingId !== change.remove?.bookingId &&
      (changed ? compareEvents(event, changed) > 0 : event.valueOn >= change.from),
  );
  const undone = new Set([
    ...later.map((event) => event.bookingId),
    ...(change.remove ? [change.remove.bookingId] : []),
  ]);
  return {
    later,
    undone,
    kept: known.filter((event) => !undone.has(event.bookingId)).map((event) => event.bookingId),
    designated: [change.add, ...later].flatMap((event) => event?.designated ?? []),
  };
}

/** Plays the bookings from the change on and says what is to be posted so that the ledger shows the result. */
export function outcomeOf({ scope, rules, known, items, postings: all }: Account, change: Change): Outcome {
  const { later, undone, kept } = partsOf(known, change);
  const account = onAccountId(scope);
  const reversedNow = new Set((change.fixed ?? []).map((posting) => posting.postingId));
  const postings = standing(all).filter((posting) => !reversedNow.has(posting.postingId));

  const byBooking = new Map<Uuid, Posting[]>();
  for (const posting of postings) {
    const list = byBooking.get(posting.bookingId) ?? [];
    list.push(posting);
    byBooking.set(posting.bookingId, list);
  }
  const before = postings.filter((posting) => !undone.has(posting.bookingId));
  const moved = new Map(kept.map((id) => [id, byBooking.get(id) ?? []] as const));
  const play = new Play({ items, onAccountId: account, rules }, before, moved);

  const reversals: Outcome["postings"] = (change.fixed ?? []).map((posting) => reversal(scope, posting));
  const fresh: Outcome["postings"] = [];
  const replace = (bookingId: Uuid, movements: readonly Movement[]): void => {
    const stands = byBooking.get(bookingId) ?? [];
    // What stays as it is is not posted again.
    if (sameMovements(stands, movements)) return;
    reversals.push(...stands.map((posting) => reversal(scope, posting)));
    fresh.push(...movements.map((movement) => ({ ...movement, ...scope, bookingId })));
  };
  if (change.remove) replace(change.remove.bookingId, []);
  const movements = change.add ? play.play(change.add) : [];
  if (change.add)
    fresh.push(...movements.map((movement) => ({ ...movement, ...scope, bookingId: change.add?.bookingId ?? "" })));
  for (const event of later) replace(event.bookingId, play.play(event));
  return { postings: [...reversals, ...fresh], movements, items };
}

/** Undoes a posting on its own value date, so that balances by value date look as if it had not been. */
function reversal(scope: Scope, posting: Posting): Outcome["postings"][number] {
  return {
    customerId: scope.customerId,
    receivableId: posting.receivableId,
    bookingId: posting.bookingId,
    kind: posting.kind,
    component: posting.component,
    amountMinor: -posting.amountMinor,
    currency: posting.currency,
    valueOn: posting.valueOn,
    reverses: posting.postingId,
  };
}
