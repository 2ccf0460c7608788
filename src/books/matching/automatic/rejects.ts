/** Direct debits and refunds a bank refused (pain.002): what was booked for them is undone. */
import type { PlainDate, Uuid } from "../../../pure/kernel/index.ts";
import { type Act, appendAudit } from "../../../platform/access/index.ts";
import { findByTokens } from "../../../platform/sealed/index.ts";
import { settleRefunds } from "../../banking/index.ts";
import { reverseBooking } from "../../receivables/index.ts";
import { giveUpAgain } from "../booking.ts";
import { type Match, matchById, PAYMENT_KINDS, setMatchState } from "../store.ts";

/**
 * Undoes the payment with this end-to-end id and amount (minor units), if exactly one stands: its case reopens with its
 * history. A refund of ours that was refused is a credit balance again. True when it did. A refused debit that was never
 * booked changes nothing.
 */
export async function undoRejected(
  act: Act,
  rejected: { readonly endToEndId: string; readonly amountMinor: bigint; readonly currency: string },
  on: PlainDate,
): Promise<boolean> {
  const { endToEndId, amountMinor, currency } = rejected;
  if ((await settleRefunds(act, [{ fingerprint: null, endToEndId, amountMinor, paid: false, on }])) > 0) return true;
  const hits = (await findByTokens(act, PAYMENT_KINDS.endToEnd, [endToEndId])).get(endToEndId) ?? [];
  const standing: Match[] = [];
  for (const hit of hits.slice(0, 50)) {
    const match = await matchById(act, hit.customerId, hit.objectId as Uuid);
    if (match?.state === "booked" && match.currency === currency && match.amountMinor === amountMinor)
      standing.push(match);
  }
  const [only, another] = standing;
  if (!only || another) return false;
  const reversed = await reverseBooking(act, only.customerId, only.bookingId, { valueOn: on, kind: "return" });
  if (!reversed.ok) return false;
  await setMatchState(act, only, "reversed");
  await giveUpAgain(act, only, on);
  await appendAudit(act, { act: "match.rejected", subject: only.matchId, details: { customer: only.customerId } });
  return true;
}
