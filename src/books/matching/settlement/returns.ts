/** Refunds and chargebacks of a payout: the payment they take back is undone, wholly or in part. */
import { addDays, type CustomerId, dateIn, type PlainDate, type Uuid } from "../../../pure/kernel/index.ts";
import { type Act, actorName } from "../../../platform/access/index.ts";
import { sql } from "../../../platform/database/index.ts";
import { type EntryPayload, PAYMENT_KIND } from "../../banking/index.ts";
import { creditor, lockCustomer } from "../../customers/index.ts";
import { bookPayment, placeHold, reverseBooking } from "../../receivables/index.ts";
import type { Reason } from "../model.ts";
import { insertMatches, type Match, matchById, setMatchState } from "../store.ts";
import type { Booked, MatchPayload } from "../writing.ts";
import type { Source } from "./booking.ts";
import type { LineTexts, OpenReason } from "./model.ts";
import type { LineItems } from "./plan.ts";
import { paymentsByKey, paymentsForItems } from "./items.ts";
import { type LineChange, movePayment, type Payout, type PayoutLine } from "./store.ts";

interface LineMatch {
  readonly booked: Pick<Booked, "customerId" | "matchId" | "bookingId">;
  readonly lineNumber: number;
  /** Minor units, below zero for what went back. */
  readonly amountMinor: bigint;
  readonly reasons: readonly Reason[];
  readonly payload: LinePayload;
}

/** The payload of a line's match; the texts go back to the payout when it is undone. */
export interface LinePayload extends EntryPayload {
  readonly line: LineTexts | null;
}

/** What a line says, as the match keeps it: the provider stands between us and the payer. */
export function payloadOfLine(payout: Pick<Payout, "providerName">, { texts }: PayoutLine): LinePayload {
  return {
    payerName: null,
    payerIban: null,
    ultimatePayer: null,
    payeeName: null,
    payeeIban: null,
    remittance: [payout.providerName, texts?.invoiceNumber ?? [], texts?.orderNumber ?? []].flat(),
    creditorReferences: [],
    documentNumbers: [texts?.invoiceNumber ?? [], texts?.orderNumber ?? []].flat(),
    endToEndId: null,
    mandateId: null,
    transactionId: texts?.reference ?? null,
    bankReference: null,
    returnCode: null,
    returnText: null,
    instructedMinor: null,
    chargesMinor: "0",
    line: texts,
  };
}

/** Match rows of lines; their numbers are sealed anew with the customer's records key. */
export async function keepLineMatches(act: Act, source: Source, lines: readonly LineMatch[]): Promise<void> {
  const seals = await act.vault.forCustomers(
    act.tx,
    lines.map(({ booked }) => booked.customerId),
  );
  const decidedBy = actorName(act.actor);
  const matches = lines.map(({ booked, lineNumber, amountMinor, reasons, payload }) => {
    const seal = seals.get(booked.customerId);
    if (!seal) throw new Error(`customer ${booked.customerId} has no keys in this tenant`);
    const kept: MatchPayload & LinePayload = { ...payload, learnedAccount: false };
    return {
      customerId: booked.customerId,
      matchId: booked.matchId,
      entryFingerprint: source.fingerprint,
      bookingId: booked.bookingId,
      amountMinor,
      currency: source.currency,
      score: 100,
      reasons,
      decidedBy,
      payoutLine: lineNumber,
      payloadSealed: seal.seal("records", PAYMENT_KIND, JSON.stringify(kept)),
    };
  });
  await insertMatches(act, matches);
}

interface Original {
  readonly match: Match;
  readonly designated: readonly Uuid[];
  readonly valueOn: PlainDate;
}

/** The standing payment that a line takes back: by the provider's number, else by the item it names. */
async function originalOf(act: Act, line: PayoutLine, items: LineItems): Promise<Original | OpenReason> {
  const wanted = -line.grossMinor;
  const keys = [line.originalKey, line.referenceKey].filter((key) => key !== null);
  const known = await paymentsByKey(act, keys);
  const byKey = keys.flatMap((key) => known.get(key.toString("hex")) ?? []);
  const [first] = items;
  const one = first && items.every(({ customerId }) => customerId === first.customerId);
  const found: { readonly customerId: CustomerId; readonly matchId: Uuid }[] =
    byKey.length > 0 || !one ? byKey : await paymentsForItems(act, items);
  const standing: Original[] = [];
  for (const { customerId, matchId } of new Map(found.map((hit) => [hit.matchId, hit])).values()) {
    await lockCustomer(act, customerId);
    const match = await matchById(act, customerId, matchId);
    const booking =
      match?.state === "booked" && match.amountMinor > 0n
        ? await act.tx.one<{ designated: Uuid[]; value_on: PlainDate }>(sql`
            select b.designated, b.value_on from booking b
            where b.customer_id = ${customerId} and b.booking_id = ${match.bookingId} and b.withdrawn_at is null`)
        : undefined;
    if (match && booking) standing.push({ match, designated: booking.designated, valueOn: booking.value_on });
  }
  if (standing.length === 0) return "original_unknown";
  const enough = standing.filter(({ match }) => match.amountMinor >= wanted);
  const exact = enough.filter(({ match }) => match.amountMinor === wanted);
  const [only, another] = exact.length > 0 ? exact : enough;
  if (!only) return "original_smaller";
  return another && byKey.length === 0 ? "number_of_several" : only;
}

/** Days in which the credit note for a refund is expected; until then what reopened is not dunned. */
const REFUND_HOLD_DAYS = 21;

/**
 * Books what went back. A payment is undone as a whole; of one that went back in part the rest is booked anew, behind the
 * return. A chargeback reopens the item; after a refund the creditor's credit note is awaited.
 */
export async function bookReturns(
  act: Act,
  of: {
    readonly payout: Payout;
    readonly source: Source;
    readonly returns: readonly PayoutLine[];
    readonly items: ReadonlyMap<number, LineItems>;
  },
): Promise<{ readonly changes: LineChange[]; readonly bookings: Booked[] }> {
  const { payout, source } = of;
  const changes: LineChange[] = [];
  const bookings: Booked[] = [];
  for (const line of of.returns) {
    const { lineNumber } = line;
    const original = await originalOf(act, line, of.items.get(lineNumber) ?? []);
    if (typeof original === "string") {
      changes.push({ lineNumber, state: "open", reason: original, booked: null });
      continue;
    }
    const { match, designated } = original;
    const { customerId } = match;
    const day = line.doneOn !== null && line.doneOn < source.valueOn ? line.doneOn : source.valueOn;
    const valueOn = day < original.valueOn ? original.valueOn : day;
    const reversed = await reverseBooking(act, customerId, match.bookingId, { valueOn, kind: "return" });
    if (!reversed.ok) {
      changes.push({ lineNumber, state: "open", reason: "original_unknown", booked: null });
      continue;
    }
    await setMatchState(act, match, "reversed");
    const back: Booked = {
      customerId,
      matchId: act.tx.newId<Uuid>(),
      bookingId: reversed.value.bookingId,
      allocations: [],
    };
    const made: LineMatch[] = [
      {
        booked: back,
        lineNumber,
        amountMinor: -match.amountMinor,
        reasons: [{ code: "return_of", value: match.matchId }],
        payload: payloadOfLine(payout, line),
      },
    ];
    const rest = match.amountMinor + line.grossMinor;
    if (rest > 0n) {
      const { creditorId, currency } = payout;
      const payment = await bookPayment(act, {
        customerId,
        creditorId,
        amountMinor: rest,
        currency,
        // On the same day payments come before returns: it would be allocated while the item is still paid.
        valueOn: addDays(valueOn, 1),
        designated: designated as Parameters<typeof bookPayment>[1]["designated"],
      });
      const { bookingId, allocations } = payment;
      const again: Booked = { customerId, matchId: act.tx.newId<Uuid>(), bookingId, allocations };
      made.push({
        booked: again,
        lineNumber,
        amountMinor: rest,
        reasons: [{ code: "payout_rest", value: match.matchId }],
        payload: payloadOfLine(payout, line),
      });
      bookings.push(again);
      await movePayment(act, customerId, match.matchId, again.matchId);
    }
    await keepLineMatches(act, source, made);
    bookings.push(back);
    changes.push({ lineNumber, state: "booked", reason: null, booked: back });
    if (line.kind === "refund") {
      const { zone } = await creditor(act, payout.creditorId);
      const startsOn = dateIn(act.tx.now, zone);
      for (const receivableId of designated)
        await placeHold(act, {
          customerId,
          receivableId: receivableId as LineItems[number]["receivableId"],
          ground: "returned",
          startsOn,
          endsOn: addDays(startsOn, REFUND_HOLD_DAYS),
        });
    }
  }
  return { changes, bookings };
}
