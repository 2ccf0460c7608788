/** Taking back what was booked of a payout: one line, or all of it. Returns before the payments they took back. */
import { type Failure, fail, ok, type Result, type Uuid } from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { PAYMENT_KIND, settleEntry } from "../../banking/index.ts";
import { lockCustomers, mayOpenCustomer } from "../../customers/index.ts";
import { holdsOf, liftHold, reverseBooking } from "../../receivables/index.ts";
import { type Match, matchesOfLine, setMatchState } from "../store.ts";
import { account, type Source } from "./booking.ts";
import { bookedPayout, lineUnknown, mayBeFee, noteDone } from "./by-hand.ts";
import type { LineTexts } from "./model.ts";
import type { LinePayload } from "./returns.ts";
import { changeLines, changePayout, type LineChange, movePayment, type PayoutLine, payoutLines } from "./store.ts";

/** True for a line whose decision a person can take back; a bare fee is one whatever anybody says. */
export const mayUndo = (line: Pick<PayoutLine, "state" | "kind">): boolean =>
  line.state === "booked" || line.state === "set_aside" || (line.state === "fee" && mayBeFee(line));

/**
 * Takes a line back; it is open then, and only a person books it again. Failures: those of `bookedPayout`,
 * `payout_line_unknown`, `line_not_decided`, `customer_restricted`, `line_went_back`, `erased`, those of `reverseBooking`.
 */
export async function undoLine(act: Act, fingerprint: Buffer, lineNumber: number): Promise<Result<void, Failure>> {
  const found = await bookedPayout(act, fingerprint);
  if (!found.ok) return found;
  const { payout, source } = found.value;
  const line = (await payoutLines(act, fingerprint)).find((one) => one.lineNumber === lineNumber);
  if (!line) return lineUnknown(lineNumber);
  if (!mayUndo(line))
    return fail("conflict", "line_not_decided", "There is nothing to take back of this line.", String(lineNumber));
  const undone = await takeBack(act, source, line);
  if (!undone.ok) return undone;
  await changeLines(act, fingerprint, [undone.value]);
  await account(act, payout, source);
  await noteDone(act, payout, "line_undone", { line: lineNumber });
  return ok(undefined);
}

/**
 * Takes a whole payout back: its lines are open, its entry is free, and nothing is booked of it by itself until it is
 * taken up again. Failures as `undoLine`; then nothing of it is undone, so the caller's transaction must end.
 */
export async function undoPayout(act: Act, fingerprint: Buffer): Promise<Result<void, Failure>> {
  const found = await bookedPayout(act, fingerprint);
  if (!found.ok) return found;
  const { payout, source } = found.value;
  const lines = await payoutLines(act, fingerprint);
  const customers = lines.flatMap(({ booked }) => booked?.customerId ?? []);
  await lockCustomers(act, [...new Set(customers)]);
  // A refund of this payout's own payment stands behind it.
  const order = lines.toSorted(
    (a, b) => (a.grossMinor > 0n ? 1 : 0) - (b.grossMinor > 0n ? 1 : 0) || b.lineNumber - a.lineNumber,
  );
  for (const { lineNumber } of order) {
    // Read again: a return undone before points this payment's line to it again.
    const line = (await payoutLines(act, fingerprint, "booked")).find((one) => one.lineNumber === lineNumber);
    const undone = line && (await takeBack(act, source, line));
    if (undone && !undone.ok) return undone;
    if (undone) await changeLines(act, fingerprint, [undone.value]);
  }
  await changeLines(
    act,
    fingerprint,
    lines.map(({ lineNumber }) => ({ lineNumber, state: "open", reason: null, booked: null })),
  );
  await changePayout(act, fingerprint, { state: "set_aside", entryFingerprint: null, valueOn: null });
  if (source.entryId !== null)
    await settleEntry(act, source.fingerprint, {
      settledMinor: null,
      status: payout.amountMinor > 0n ? "unmatched" : "set_aside",
      score: null,
    });
  await noteDone(act, payout, "undone", { entry: source.entryId });
  return ok(undefined);
}

async function takeBack(act: Act, source: Source, line: PayoutLine): Promise<Result<LineChange, Failure>> {
  const { lineNumber, booked } = line;
  const open: LineChange = { lineNumber, state: "open", reason: "undone", booked: null };
  if (!booked) return ok(open);
  const may = await mayOpenCustomer(act, booked.customerId);
  if (!may.ok) return may;
  await lockCustomers(act, [booked.customerId]);
  const made = await matchesOfLine(act, booked.customerId, source.fingerprint, lineNumber);
  const texts = await textsOf(act, made, booked.matchId);
  if (!texts.ok) return texts;
  const undone = line.grossMinor > 0n ? await undoPayment(act, made, line) : await undoReturn(act, made, line);
  return undone.ok ? ok({ ...open, ...(texts.value && { texts: texts.value }) }) : undone;
}

const wentBack = ({ lineNumber }: PayoutLine) =>
  fail("conflict", "line_went_back", "This payment went back; undo the refund first.", String(lineNumber));

const correct = (act: Act, match: Match, line: PayoutLine) =>
  // The day is not used: a correction undoes postings on their own.
  reverseBooking(act, match.customerId, match.bookingId, { valueOn: line.doneOn ?? EPOCH, kind: "correction" });
const EPOCH = "1970-01-01" as NonNullable<PayoutLine["doneOn"]>;

async function undoPayment(act: Act, made: readonly Match[], line: PayoutLine): Promise<Result<void, Failure>> {
  const match = made.find(({ matchId, state }) => matchId === line.booked?.matchId && state === "booked");
  if (!match) return wentBack(line);
  const corrected = await correct(act, match, line);
  if (!corrected.ok) return corrected;
  await setMatchState(act, match, "reversed");
  return ok(undefined);
}

/** The payment that went back stands again; what was booked anew of it is undone. */
async function undoReturn(act: Act, made: readonly Match[], line: PayoutLine): Promise<Result<void, Failure>> {
  const back = made.find(({ matchId, state }) => matchId === line.booked?.matchId && state === "booked");
  const original = back?.reasons.find(({ code }) => code === "return_of")?.value as Uuid | undefined;
  if (!back || original === undefined) return wentBack(line);
  const { customerId } = back;
  const rest = made.find(
    ({ reasons, createdAt }) =>
      reasons.some(({ code, value }) => code === "payout_rest" && value === original) && +createdAt === +back.createdAt,
  ); // prettier-ignore
  if (rest && rest.state !== "booked") return wentBack(line);
  for (const match of rest ? [rest, back] : [back]) {
    const corrected = await correct(act, match, line);
    if (!corrected.ok) return corrected;
    await setMatchState(act, match, "reversed");
  }
  await setMatchState(act, { customerId, matchId: original }, "booked");
  if (rest) await movePayment(act, customerId, rest.matchId, original);
  // The credit note that the refund announced is awaited no longer.
  for (const hold of (await holdsOf(act, [customerId])).get(customerId) ?? [])
    if (line.kind === "refund" && hold.ground === "returned" && +hold.createdAt === +back.createdAt)
      await liftHold(act, customerId, hold.holdId);
  return ok(undefined);
}

/** What the file says of a line, as it was kept with the customer. Failure `erased`. */
async function textsOf(act: Act, made: readonly Match[], matchId: Uuid): Promise<Result<LineTexts | null, Failure>> {
  const match = made.find((one) => one.matchId === matchId) ?? made[0];
  if (!match) return ok(null);
  const seal = await act.vault.forCustomer(act.tx, match.customerId);
  const text = seal.openText("records", PAYMENT_KIND, match.payloadSealed);
  return text.ok ? ok((JSON.parse(text.value) as LinePayload).line) : text;
}
