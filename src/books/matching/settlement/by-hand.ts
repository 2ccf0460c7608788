/** What a person decides of a payout and of its open lines. */
import type { CustomerId, Failure, ReceivableId, Result, Uuid } from "../../../pure/kernel/index.ts";
import { fail, ok } from "../../../pure/kernel/index.ts";
import { type Act, appendAudit } from "../../../platform/access/index.ts";
import { entries, lockEntry } from "../../banking/index.ts";
import { lockCustomers } from "../../customers/index.ts";
import { receivablesOf } from "../../receivables/index.ts";
import { bookedElsewhere } from "../automatic/seen.ts";
import { account, bookLines, bookPlanned, itemsOf, type Source, sourceOf } from "./booking.ts";
import { namedItems } from "./items.ts";
import { type OpenReason, openReasonInWords } from "./model.ts";
import { type LineItems, sides } from "./plan.ts";
import { bookReturns } from "./returns.ts";
import { mayPair } from "./settle.ts";
import {
  changeLines,
  changePayout,
  type LineChange,
  lockPayout,
  type Payout,
  type PayoutLine,
  payoutLines,
} from "./store.ts";

export type PayoutAct =
  | { readonly act: "book"; readonly entryId: Uuid | null }
  /** Leave it alone: it is booked elsewhere. */
  | { readonly act: "set_aside" }
  | { readonly act: "take_up" };

export type LineAct =
  | { readonly act: "book"; readonly customerId: CustomerId; readonly items: readonly ReceivableId[] }
  | { readonly act: "fee" }
  | { readonly act: "set_aside" };

export const payoutUnknown = () => fail("not_found", "payout_unknown", "There is no such payout.", "payoutId");
export const lineUnknown = (line: number) =>
  fail("not_found", "payout_line_unknown", "This payout has no such line.", String(line));

export const noteDone = (
  act: Act,
  { fingerprint, provider }: Payout,
  done: string,
  details: Readonly<Record<string, unknown>>,
): Promise<unknown> =>
  appendAudit(act, {
    act: `payout.${done}`,
    subject: fingerprint.toString("hex"),
    details: { provider, ...details },
  });

/** A payout that is booked, in part at least, with what it is booked from. Failures `payout_unknown`, `payout_not_booked`. */
export async function bookedPayout(
  act: Act,
  fingerprint: Buffer,
): Promise<Result<{ readonly payout: Payout; readonly source: Source }, Failure>> {
  const payout = await lockPayout(act, fingerprint);
  if (!payout) return payoutUnknown();
  if (payout.state === "waiting" || payout.state === "set_aside")
    return fail("conflict", "payout_not_booked", "This payout is not booked with a bank entry yet.", "payoutId");
  const [found] =
    payout.entryFingerprint === null ? [] : await entries(act, { fingerprints: [payout.entryFingerprint], limit: 1 });
  const entry = found && (await lockEntry(act, found.entryId));
  return ok({ payout, source: await sourceOf(act, payout, entry) });
}

/**
 * A payout as a person decides: booked with this entry (none for a payout of nothing), left alone, or taken up again.
 * Failures: `payout_unknown`, `payout_decided` (it is booked), `payout_differs` (its lines are not its amount),
 * `payout_entry_needed`, `entry_not_found`, `entry_not_of_payout`, `booked_elsewhere`.
 */
export async function decidePayout(act: Act, fingerprint: Buffer, decision: PayoutAct): Promise<Result<void, Failure>> {
  const payout = await lockPayout(act, fingerprint);
  if (!payout) return payoutUnknown();
  if (payout.state !== "waiting" && payout.state !== "set_aside")
    return fail("conflict", "payout_decided", "This payout is booked; undo it first.", "payoutId");
  if (decision.act !== "book") {
    const state = decision.act === "set_aside" ? "set_aside" : "waiting";
    await changePayout(act, fingerprint, { state, entryFingerprint: null, valueOn: null });
    await noteDone(act, payout, decision.act === "set_aside" ? "set_aside" : "taken_up", {});
    return ok(undefined);
  }
  if (await bookedElsewhere(act, payout.creditorId))
    return fail(
      "conflict",
      "booked_elsewhere",
      "Another system leads for this creditor: the money is booked there and the items follow its list.",
    );
  if (!payout.reconciles)
    return fail("conflict", "payout_differs", "The payout's lines do not add up to its amount.", "payoutId");
  if ((payout.amountMinor === 0n) !== (decision.entryId === null))
    return payout.amountMinor === 0n
      ? fail("invalid", "entry_not_of_payout", "A payout of nothing has no bank entry.", "entryId")
      : fail("invalid", "payout_entry_needed", "Name the bank entry of this payout.", "entryId");
  const entry = decision.entryId === null ? undefined : await lockEntry(act, decision.entryId);
  if (decision.entryId !== null) {
    if (!entry) return fail("not_found", "entry_not_found", "There is no such bank entry.", decision.entryId);
    if (!mayPair(payout, entry))
      return fail(
        "conflict",
        "entry_not_of_payout",
        "This entry has another amount or side than the payout, or is booked.",
        decision.entryId,
      );
  }
  const source = await sourceOf(act, payout, entry);
  const lines = await payoutLines(act, fingerprint, "open");
  const { payments, returns } = sides(lines);
  const booked = await bookLines(act, { payout, source }, lines, await itemsOf(act, payout, [...payments, ...returns]));
  const open = await account(act, payout, source);
  await noteDone(act, payout, "booked", { entry: source.entryId, booked: booked.length, open });
  return ok(undefined);
}

/**
 * An open line as a person decides: a payment or refund of this customer (and these items), the provider's price, or no
 * customer's at all. Failures: those of `bookedPayout`, `payout_line_unknown`, `line_decided`, `line_no_payment`,
 * `line_no_fee`, `item_unknown`, `item_assigned`, `original_unknown`, `original_smaller`, `number_of_several`.
 */
export async function decideLine(
  act: Act,
  fingerprint: Buffer,
  lineNumber: number,
  decision: LineAct,
): Promise<Result<void, Failure>> {
  const found = await bookedPayout(act, fingerprint);
  if (!found.ok) return found;
  const { payout, source } = found.value;
  const line = (await payoutLines(act, fingerprint)).find((one) => one.lineNumber === lineNumber);
  if (!line) return lineUnknown(lineNumber);
  if (line.state !== "open")
    return fail("conflict", "line_decided", "This line is decided; undo it first.", String(lineNumber));
  if (decision.act === "book") {
    const booked = await bookLine(act, { payout, source }, line, decision);
    if (!booked.ok) return booked;
  } else {
    if (decision.act === "fee" && !mayBeFee(line))
      return fail("invalid", "line_no_fee", "What a customer paid or got back is no fee.", String(lineNumber));
    const state = decision.act === "fee" ? "fee" : "set_aside";
    await changeLines(act, fingerprint, [{ lineNumber, state, reason: null, booked: null }]);
  }
  const open = await account(act, payout, source);
  await noteDone(act, payout, `line_${decision.act}`, {
    line: lineNumber,
    open,
    ...(decision.act === "book" && { customer: decision.customerId }),
  });
  return ok(undefined);
}

/** The file does not say what it is: then it may be the provider's price. */
export const mayBeFee = ({ kind }: Pick<PayoutLine, "kind">): boolean => kind === "other" || kind === "payout";

async function bookLine(
  act: Act,
  of: { readonly payout: Payout; readonly source: Source },
  line: PayoutLine,
  { customerId, items }: LineAct & { readonly act: "book" },
): Promise<Result<void, Failure>> {
  const { payout, source } = of;
  const { lineNumber } = line;
  await lockCustomers(act, [customerId]);
  const wanted = items.length > 0 || line.grossMinor > 0n ? items : await itemsOfCustomer(act, customerId);
  const named = await namedItems(
    act,
    payout,
    [...new Set(wanted)].map((receivableId) => ({ customerId, receivableId })),
  );
  if (items.length > 0 && named.length !== new Set(items).size)
    return fail("invalid", "item_unknown", "An item is not this customer's, or of another currency.", "items");
  if (items.length > 0 && named.some(({ assigned }) => assigned))
    return fail("conflict", "item_assigned", "The item is assigned to a third party.", "items");
  if (line.grossMinor > 0n) {
    const numbers = items.flatMap((id) => named.find(({ receivableId }) => receivableId === id)?.number ?? []);
    await bookPlanned(act, of, [{ line, customerId, designated: items, numbers }], [{ code: "by_hand" }]);
    return ok(undefined);
  }
  if (line.grossMinor === 0n)
    return fail("invalid", "line_no_payment", "This line moves no customer's money.", String(lineNumber));
  const known: ReadonlyMap<number, LineItems> = new Map([[lineNumber, named]]);
  const { changes } = await bookReturns(act, { payout, source, returns: [line], items: known });
  const reason = changes.find(({ state }) => state === "open")?.reason;
  if (reason) return refused(reason, lineNumber);
  await changeLines(act, payout.fingerprint, changes satisfies LineChange[]);
  return ok(undefined);
}

const refused = (reason: OpenReason, line: number) =>
  fail("conflict", reason, `Not booked: ${openReasonInWords(reason, "en")}.`, String(line));

const itemsOfCustomer = async (act: Act, customerId: CustomerId): Promise<readonly ReceivableId[]> =>
  (await receivablesOf(act, customerId)).map(({ receivableId }) => receivableId);
