/** What is named was given up: the proposal says so, and what booking it would do. */
import { type CustomerId, minMinor, type ReceivableId } from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import type { Entry } from "../../banking/index.ts";
import { type WrittenOff, writtenOff } from "../../receivables/index.ts";
import type { Proposal } from "../writing.ts";

export interface Proposed {
  readonly entry: Entry;
  readonly proposals: readonly Proposal[];
  /** Items whose number stands in the text. */
  readonly named: readonly { readonly customerId: CustomerId; readonly receivableId: ReceivableId }[];
}

/** Named items of the first proposal's customer, when what is named is settled. */
const settledOf = ({ proposals: [best], named }: Proposed): Proposed["named"] =>
  best?.reasons.some(({ code }) => code === "item_settled") &&
  best.items.every(({ receivableId }) => receivableId === null)
    ? named.filter(({ customerId }) => customerId === best.customerId)
    : [];

/**
 * Where the first proposal is for settled items of which some were written off, it is for those: booking it takes the
 * write-off back by as much as was paid, what is more stays on account. One read for all, none when there is no such one.
 */
export async function withWrittenOff(act: Act, proposed: readonly Proposed[]): Promise<readonly Proposed[]> {
  const asked = proposed.flatMap(settledOf);
  if (asked.length === 0) return proposed;
  const found = await writtenOff(act, asked);
  if (found.length === 0) return proposed;
  return proposed.map((one): Proposed => {
    const [best, ...others] = one.proposals;
    const ids = new Set(settledOf(one).map(({ receivableId }) => receivableId));
    const own = found.filter(
      ({ customerId, receivableId }) => customerId === best?.customerId && ids.has(receivableId),
    );
    if (!best || own.length === 0) return one;
    return { ...one, proposals: [towards(best, own, one.entry.amountMinor), ...others] };
  });
}

function towards(best: Proposal, own: readonly WrittenOff[], amountMinor: bigint): Proposal {
  let left = amountMinor;
  const items: Proposal["items"][number][] = [];
  for (const { receivableId, number, minor } of own) {
    const part = minMinor(left, minor);
    if (part <= 0n) continue;
    left -= part;
    items.push({ receivableId, number, amountMinor: part.toString() });
  }
  if (left > 0n) items.push({ receivableId: null, number: null, amountMinor: left.toString() });
  const reasons = best.reasons.flatMap((reason) =>
    reason.code === "item_settled"
      ? own.map(({ number }) => ({ code: "item_written_off" as const, value: number }))
      : reason,
  );
  return { ...best, items, reasons };
}
