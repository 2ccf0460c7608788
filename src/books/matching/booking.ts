/** Booking a match, by the rule or by a person, and undoing it. The customer is locked before anything is decided. */
import { endAnnounced } from "./automatic/announced.ts";
import { bookedElsewhere } from "./automatic/seen.ts";
import {
  type CustomerId,
  type Failure,
  fail,
  ok,
  type PlainDate,
  type ReceivableId,
  type Result,
  type Uuid,
} from "../../pure/kernel/index.ts";
import { type Act, actorName, appendAudit } from "../../platform/access/index.ts";
import {
  changeEntry,
  type Entry,
  type EntryPayload,
  lockEntry,
  openEntryPayload,
  PAYMENT_KIND,
  resealForStatement,
} from "../banking/index.ts";
import { lockCustomer, mayOpenCustomer } from "../customers/index.ts";
import { reverseBooking } from "../receivables/index.ts";
import type { Reason } from "./model.ts";
import { chargeFee } from "./returns/fee.ts";
import { dropExamples, type Example, keepExamples } from "./learning/examples.ts";
import { unlearn } from "./learning/memory.ts";
import { forgetPayment, type Match, matchById, matchesOfEntries, setMatchState } from "./store.ts";
import { type Booked, bookEntry, keepMatches, type MatchPayload, type Proposal } from "./writing.ts";

/**
 * Books money that went back: the payment of `original` is undone, the case reopens, what the bank charged is handed on
 * (`chargeFee`). `undoneBy`: the booking that undid it before, when the bank had told of it. Failures of `reverseBooking`.
 */
export async function bookReturn(
  act: Act,
  entry: Entry,
  payload: EntryPayload,
  original: Match,
  decision: { readonly score: number; readonly reasons: readonly Reason[] },
  undoneBy?: Uuid,
): Promise<Result<Booked, Failure>> {
  const { customerId } = original;
  const reversed =
    undoneBy === undefined
      ? await reverseBooking(act, customerId, original.bookingId, { valueOn: entry.valueOn, kind: "return" })
      : ok({ bookingId: undoneBy });
  if (!reversed.ok) return reversed;
  await setMatchState(act, original, "reversed");
  await giveUpAgain(act, original, entry.valueOn);
  const feeBookingId = await chargeFee(act, entry, payload, original);
  const matchId = act.tx.newId<Uuid>();
  await keepMatches(act, [
    {
      entry,
      payload: { ...payload, learnedAccount: false, ...(feeBookingId !== undefined && { feeBookingId }) },
      match: {
        customerId,
        matchId,
        entryFingerprint: entry.fingerprint,
        bookingId: reversed.value.bookingId,
        amountMinor: -original.amountMinor,
        currency: entry.currency,
        score: decision.score,
        reasons: [{ code: "return_of", value: original.matchId }, ...decision.reasons],
        decidedBy: actorName(act.actor),
      },
    },
  ]);
  return ok({ matchId, bookingId: reversed.value.bookingId, customerId, allocations: [] });
}

/** The money of this match is gone again, and so is what it was worth to take a write-off back. */
export async function giveUpAgain(act: Act, match: Match, valueOn: PlainDate): Promise<void> {
  const paid = await openMatchPayload(act, match);
  const taken = paid.ok ? paid.value.writeOffBookingId : undefined;
  if (taken !== undefined) await reverseBooking(act, match.customerId, taken, { valueOn, kind: "correction" });
}

/** What a person's choice says of the proposals. */
const taughtBy = (
  proposals: readonly Proposal[],
  chosen: (proposal: Proposal, index: number) => boolean,
): readonly Example[] =>
  proposals.slice(0, 3).flatMap((proposal, index): Example[] => {
    const right = chosen(proposal, index);
    return proposal.features
      ? [{ features: proposal.features, right, source: right ? "confirmed" : "passed_over" }]
      : [];
  });

type EntryProblem = Failure<
  "entry_not_found" | "entry_already_booked" | "entry_not_booked" | "proposal_not_found" | "entry_not_a_credit"
>;

async function openForDecision(
  act: Act,
  entryId: Uuid,
): Promise<Result<{ entry: Entry; payload: EntryPayload }, Failure>> {
  const entry = await lockEntry(act, entryId);
  if (!entry) return fail("not_found", "entry_not_found", "There is no such bank entry.", entryId);
  if (entry.status === "booked")
    return fail("conflict", "entry_already_booked", "This entry is booked already; undo the match first.", entryId);
  if (entry.settledMinor !== null)
    return fail(
      "conflict",
      "entry_is_payout",
      "This entry is a provider's payout, booked line by line; take its open lines.",
      entryId,
    );
  if (await bookedElsewhere(act, entry.creditorId))
    return fail(
      "conflict",
      "booked_elsewhere",
      "Another system leads for this creditor: the money is booked there and the items follow its list.",
      entryId,
    );
  const payload = await openEntryPayload(act, entry);
  return payload.ok ? ok({ entry, payload: payload.value }) : payload;
}

/**
 * Books the proposal of this position (from 0) as a person decided. Failures: `entry_not_found`,
 * `entry_already_booked`, `proposal_not_found`, `customer_restricted`, those of `reverseBooking` for a return.
 */
export async function confirmProposal(
  act: Act,
  entryId: Uuid,
  index: number,
): Promise<Result<Booked, EntryProblem | Failure>> {
  const opened = await openForDecision(act, entryId);
  if (!opened.ok) return opened;
  const { entry, payload } = opened.value;
  const proposal = (entry.proposals as readonly Proposal[])[index];
  if (!proposal) return fail("not_found", "proposal_not_found", "This entry has no such proposal.", String(index));
  const { customerId, score, reasons } = proposal;
  const may = await mayOpenCustomer(act, customerId);
  if (!may.ok) return may;
  if (proposal.returnOf !== undefined) {
    const original = await matchById(act, customerId, proposal.returnOf);
    if (original?.state !== "booked")
      return fail(
        "conflict",
        "proposal_not_found",
        "The payment that would be undone is not booked any more.",
        String(index),
      );
    const returned = await bookReturn(act, entry, payload, original, { score, reasons });
    if (returned.ok) await conclude(act, "match.confirmed", entry, returned.value);
    return returned;
  }
  const booked = await bookEntry(act, entry, payload, {
    customerId,
    designated: proposal.items.flatMap(({ receivableId }) => (receivableId === null ? [] : [receivableId])),
    score,
    reasons,
    learn: true,
    ...(proposal.features && { features: proposal.features }),
    concessions: (proposal.concessions ?? []).map((given) => ({ ...given, minor: BigInt(given.minor) })),
    net: reasons.some(({ code }) => code === "amount_all"),
  });
  const proposals = entry.proposals as readonly Proposal[];
  await keepExamples(
    act,
    entry.creditorId,
    booked.matchId,
    taughtBy(proposals, (_, at) => at === index),
  );
  await conclude(act, "match.confirmed", entry, booked);
  return ok(booked);
}

/** Books a credit to a customer and, if named, to items in this order. Failures as `confirmProposal`, `entry_not_a_credit`. */
export async function bookByHand(
  act: Act,
  entryId: Uuid,
  customerId: CustomerId,
  items: readonly ReceivableId[],
): Promise<Result<Booked, EntryProblem | Failure>> {
  const opened = await openForDecision(act, entryId);
  if (!opened.ok) return opened;
  const { entry, payload } = opened.value;
  if (entry.direction !== "credit" || entry.amountMinor === 0n)
    return fail("invalid", "entry_not_a_credit", "Only money that came in can be booked as a payment.", entryId);
  const decision = {
    customerId,
    designated: items,
    score: 100,
    reasons: [{ code: "by_hand" as const }],
    learn: true,
    net: false,
  };
  const booked = await bookEntry(act, entry, payload, decision);
  const chosen = (one: Proposal): boolean =>
    one.customerId === customerId &&
    one.items.length === items.length &&
    one.items.every(({ receivableId }) => receivableId !== null && items.includes(receivableId));
  const proposals = entry.proposals as readonly Proposal[];
  await keepExamples(act, entry.creditorId, booked.matchId, taughtBy(proposals, chosen));
  await conclude(act, "match.by_hand", entry, booked);
  return ok(booked);
}

/** Sets an entry aside: it is no payment of a customer. Failures `entry_not_found`, `entry_already_booked`. */
export async function leaveOpen(act: Act, entryId: Uuid): Promise<Result<void, EntryProblem>> {
  const entry = await lockEntry(act, entryId);
  if (!entry) return fail("not_found", "entry_not_found", "There is no such bank entry.", entryId);
  if (entry.status === "booked")
    return fail("conflict", "entry_already_booked", "This entry is booked; undo the match first.", entryId);
  await changeEntry(act, entry.fingerprint, {
    status: "set_aside",
    customerId: null,
    score: entry.score,
    proposals: entry.proposals,
  });
  await endAnnounced(act, entry.fingerprint);
  await appendAudit(act, { act: "match.set_aside", subject: entryId });
  return ok(undefined);
}

/** Takes an entry up again that a person set aside; its proposals were kept. Failures `entry_not_found`, `entry_not_booked`. */
export async function takeUpAgain(act: Act, entryId: Uuid): Promise<Result<void, EntryProblem>> {
  const entry = await lockEntry(act, entryId);
  if (!entry) return fail("not_found", "entry_not_found", "There is no such bank entry.", entryId);
  if (entry.status !== "set_aside" || (entry.direction === "debit" && !entry.isReturn))
    return fail("conflict", "entry_not_booked", "This entry was not set aside.", entryId);
  await changeEntry(act, entry.fingerprint, {
    status: entry.proposals.length > 0 ? "proposed" : "unmatched",
    customerId: null,
    score: entry.score,
    proposals: entry.proposals,
  });
  await appendAudit(act, { act: "match.taken_up", subject: entryId });
  return ok(undefined);
}

/**
 * Undoes a match as if it had not been: its booking is corrected, the payer data goes back under the statement's key,
 * an account learned from it is forgotten. The entry is unmatched then and is not matched by itself again.
 * Failures: `entry_not_found`, `entry_not_booked`, `customer_restricted`, `erased`, those of `reverseBooking`.
 */
export async function undoMatch(act: Act, entryId: Uuid): Promise<Result<void, EntryProblem | Failure>> {
  const entry = await lockEntry(act, entryId);
  if (!entry) return fail("not_found", "entry_not_found", "There is no such bank entry.", entryId);
  const { customerId } = entry;
  if (entry.settledMinor !== null)
    return fail("conflict", "entry_is_payout", "This entry is a provider's payout, booked line by line.", entryId);
  if (entry.status !== "booked" || customerId === null)
    return fail("conflict", "entry_not_booked", "This entry has no match to undo.", entryId);
  const may = await mayOpenCustomer(act, customerId);
  if (!may.ok) return may;
  await lockCustomer(act, customerId);
  const [match] = await matchesOfEntries(act, [{ customerId, fingerprint: entry.fingerprint }]);
  if (!match)
    return fail("conflict", "entry_not_booked", "The payment of this entry went back; undo the return first.", entryId);
  const payload = await openMatchPayload(act, match);
  if (!payload.ok) return payload;
  const reversed = await reverseBooking(act, customerId, match.bookingId, {
    valueOn: entry.valueOn,
    kind: "correction",
  });
  if (!reversed.ok) return reversed;
  await setMatchState(act, match, "reversed");
  const returned = match.reasons.find(({ code }) => code === "return_of")?.value;
  if (returned !== undefined) await setMatchState(act, { customerId, matchId: returned }, "booked");
  await forgetPayment(act, match);
  const { learnedAccount, payerIban, features: evidence } = payload.value;
  if (payerIban !== null && (learnedAccount || match.reasons.some(({ code }) => code === "account_known")))
    await unlearn(act, customerId, payerIban, { matchId: match.matchId, taught: learnedAccount });
  await dropExamples(act, entry.creditorId, match.matchId);
  if (evidence && match.decidedBy.startsWith("system:"))
    await keepExamples(act, entry.creditorId, match.matchId, [{ features: evidence, right: false, source: "undone" }]);
  const { learnedAccount: _, features: __, feeBookingId, writeOffBookingId, ...plain } = payload.value;
  // Waived or undone by a person before: then there is nothing left to take back.
  for (const besides of [feeBookingId, writeOffBookingId])
    if (besides !== undefined)
      await reverseBooking(act, customerId, besides, { valueOn: entry.valueOn, kind: "correction" });
  await changeEntry(act, entry.fingerprint, {
    status: "unmatched",
    customerId: null,
    score: null,
    proposals: [],
    payloadSealed: await resealForStatement(act, entry, plain),
  });
  await appendAudit(act, {
    act: "match.undone",
    subject: entryId,
    details: { customer: customerId, match: match.matchId },
  });
  return ok(undefined);
}

/** What the bank said of a booked entry. Failure `erased` once the customer's records key is gone. */
export async function openMatchPayload(act: Act, match: Match): Promise<Result<MatchPayload, Failure>> {
  const seal = await act.vault.forCustomer(act.tx, match.customerId);
  const text = seal.openText("records", PAYMENT_KIND, match.payloadSealed);
  return text.ok ? ok(JSON.parse(text.value) as MatchPayload) : text;
}

/** A person has booked it: what its announcement held is held no longer. */
async function conclude(act: Act, name: string, entry: Entry, booked: Booked): Promise<void> {
  await endAnnounced(act, entry.fingerprint);
  await appendAudit(act, {
    act: name,
    subject: entry.entryId,
    details: { customer: booked.customerId, match: booked.matchId },
  });
}
