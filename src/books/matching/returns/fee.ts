/**
 * What the bank charged for a failed debit, handed on to the customer as damage (§ 280 I, II, § 286 BGB): the bank's own
 * amount and nothing besides, no flat rate, no work of one's own (BGH, 17.9.2009 – Xa ZR 40/08).
 */
import type { Uuid } from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import type { Entry, EntryPayload } from "../../banking/index.ts";
import { type Creditor, creditor } from "../../customers/index.ts";
import { allocationsOf, keepCases, post } from "../../receivables/index.ts";
import { dateIn } from "../../../pure/kernel/index.ts";
import type { Match } from "../store.ts";

/** The law a fee rests on; ground of its posting. */
export const FEE_GROUND = "§ 280 Abs. 1, 2, § 286 BGB";

/**
 * Reasons (ISO 20022) that lie with the customer: no money, account closed or blocked, payment refused or taken back,
 * and `MS03`, behind which German banks put missing money. Any other reason may be ours or the bank's.
 */
const CUSTOMERS_REASONS: ReadonlySet<string> = new Set(["AM04", "AC04", "AC06", "MD06", "MS02", "MS03"]);

/**
 * Minor units the bank charged with a return of `originalMinor`: what it took beyond the payment, else what it states
 * as charges; where both are there, the smaller.
 */
export function chargedFee(
  entry: Pick<Entry, "amountMinor">,
  payload: Pick<EntryPayload, "chargesMinor">,
  originalMinor: bigint,
): bigint {
  const stated = BigInt(payload.chargesMinor);
  const beyond = entry.amountMinor - originalMinor;
  if (beyond <= 0n) return stated > 0n ? stated : 0n;
  return stated > 0n && stated < beyond ? stated : beyond;
}

/**
 * Whether it may be handed on: never with the creditor's setting `returnFee` at `never`, never outside German law, and
 * only for a reason that lies with the customer. Without a reason it does: § 280 I 2 BGB presumes it.
 */
export function mayHandOn({ settings, country }: Pick<Creditor, "settings" | "country">, code: string | null): boolean {
  if (country !== "DE" || (settings as { returnFee?: "responsible" | "never" }).returnFee === "never") return false;
  return code === null || CUSTOMERS_REASONS.has(code.toUpperCase());
}

/** Posts the fee on the item the payment had paid (of several, the one with the largest part). Its booking id, if any. */
export async function chargeFee(
  act: Act,
  entry: Entry,
  payload: EntryPayload,
  original: Match,
): Promise<Uuid | undefined> {
  const { customerId, bookingId } = original;
  const amountMinor = chargedFee(entry, payload, original.amountMinor);
  const of = await creditor(act, entry.creditorId);
  if (amountMinor === 0n || !mayHandOn(of, payload.returnCode)) return undefined;
  const parts = (await allocationsOf(act, customerId, [bookingId])).get(bookingId) ?? [];
  const [item] = parts
    .filter(({ onAccount }) => !onAccount)
    .sort((a, b) => (a.amountMinor > b.amountMinor ? -1 : a.amountMinor < b.amountMinor ? 1 : 0));
  if (!item) return undefined;
  const feeId = act.tx.newId<Uuid>();
  await post(
    act,
    [
      {
        customerId,
        receivableId: item.receivableId,
        kind: "cost",
        component: "dunning_cost",
        amountMinor,
        currency: entry.currency,
        valueOn: entry.valueOn,
        ground: FEE_GROUND,
      },
    ],
    feeId,
  );
  await keepCases(act, [customerId], dateIn(act.tx.now, of.zone));
  return feeId;
}
