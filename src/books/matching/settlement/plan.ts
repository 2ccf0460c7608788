/** Which item each line of a payout pays; pure. */
import type { CustomerId, ReceivableId } from "../../../pure/kernel/index.ts";
import type { OpenReason } from "./model.ts";
import type { NamedItem } from "./items.ts";
import type { PayoutLine } from "./store.ts";

export interface PlannedPayment {
  readonly line: PayoutLine;
  readonly customerId: CustomerId;
  /** In the order to be paid. */
  readonly designated: readonly ReceivableId[];
  readonly numbers: readonly string[];
}

export type LineItems = readonly NamedItem[];

/** Lines that bring money, lines that take some back, and what neither books nor waits. */
export function sides(lines: readonly PayoutLine[]): {
  readonly payments: PayoutLine[];
  readonly returns: PayoutLine[];
  readonly fees: PayoutLine[];
  readonly unknown: PayoutLine[];
} {
  const found = {
    payments: [] as PayoutLine[],
    returns: [] as PayoutLine[],
    fees: [] as PayoutLine[],
    unknown: [] as PayoutLine[],
  };
  for (const line of lines) {
    // What no customer paid is the provider's price, whatever the line is called; so is a fee given back.
    if (line.kind === "fee" || (line.grossMinor === 0n && line.kind !== "other")) found.fees.push(line);
    else if (line.kind === "other" || line.kind === "payout") found.unknown.push(line);
    else if (line.grossMinor > 0n) found.payments.push(line);
    else found.returns.push(line);
  }
  return found;
} // prettier-ignore

/**
 * A payment pays the item of its invoice number, else those of its order: the one of exactly its amount, else the oldest
 * first, in part or with more than is open. What is paid already, or is several customers', waits for a person.
 * `left` holds what is open and is drawn down, so that two lines of a payout don't pay one item twice.
 */
export function planPayment(
  line: PayoutLine,
  items: LineItems,
  left: Map<ReceivableId, bigint>,
): PlannedPayment | OpenReason {
  if (!line.texts?.invoiceNumber && !line.texts?.orderNumber) return "no_number";
  const [first] = items;
  if (!first) return "number_unknown";
  if (items.some(({ customerId }) => customerId !== first.customerId)) return "number_of_several";
  const payable = items.filter(({ assigned }) => !assigned);
  if (payable.length === 0) return "item_assigned";
  const openOf = (item: NamedItem): bigint => left.get(item.receivableId) ?? item.openMinor;
  const open = payable.filter((item) => openOf(item) > 0n);
  if (open.length === 0) return "item_settled";
  const exact = open.filter((item) => openOf(item) === line.grossMinor);
  const [only, another] = exact;
  const chosen = only && !another ? [only] : open;
  let rest = line.grossMinor;
  for (const item of chosen) {
    const part = rest < openOf(item) ? rest : openOf(item);
    left.set(item.receivableId, openOf(item) - part);
    rest -= part;
  }
  return {
    line,
    customerId: first.customerId,
    designated: chosen.map(({ receivableId }) => receivableId),
    numbers: chosen.map(({ number }) => number),
  };
}
