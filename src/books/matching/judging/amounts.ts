/** What an amount may settle: items, sets of items, with a discount taken or a small residual left. Minor units. */
import type { Concession } from "../../receivables/index.ts";
import type { OpenItem, ProposedItem } from "../model.ts";

/** What a creditor lets go when a named item is almost paid: both limits hold. */
export interface Tolerance {
  readonly amountMinor: bigint;
  /** Of what is open, 0 to 1. */
  readonly share: number;
}

export const sumOf = (items: readonly OpenItem[]): bigint => items.reduce((sum, item) => sum + item.openMinor, 0n);
const claimSum = (items: readonly OpenItem[]): bigint =>
  items.reduce((sum, item) => sum + (item.claimMinor ?? item.openMinor), 0n);

/** Discount that may be taken of these items together. */
export const discountOf = (items: readonly OpenItem[]): { readonly least: bigint; readonly most: bigint } => ({
  least: items.reduce((sum, { discount }) => sum + (discount?.least ?? 0n), 0n),
  most: items.reduce((sum, { discount }) => sum + (discount?.most ?? 0n), 0n),
});

/** Exactly what is left when all the discount is taken, rounded either way. */
function discounted(items: readonly OpenItem[], amount: bigint): boolean {
  const { least, most } = discountOf(items);
  const missing = sumOf(items) - amount;
  return most > 0n && missing > 0n && missing >= least && missing <= most;
}

/** Amounts that settle an item: its balance, what a notice asks for on that day, or its balance less Skonto. */
export const settles = (item: OpenItem, amount: bigint): boolean =>
  item.openMinor === amount ||
  item.claimMinor === amount ||
  (item.discount !== undefined && discounted([item], amount));

export const settleAll = (items: readonly OpenItem[], amount: bigint): boolean =>
  items.length > 0 && (sumOf(items) === amount || claimSum(items) === amount || discounted(items, amount));

export function withinTolerance(items: readonly OpenItem[], amount: bigint, tolerance: Tolerance | undefined): boolean {
  if (tolerance === undefined || items.length === 0) return false;
  const open = sumOf(items);
  const missing = open - amount;
  return missing > 0n && missing <= tolerance.amountMinor && Number(missing) <= tolerance.share * Number(open);
}

/** How what is missing is given: discounts in the order of the items, or a residual on the last of them. */
export function concessionsOf(items: readonly OpenItem[], amount: bigint, waived: boolean): Concession[] {
  let missing = sumOf(items) - amount;
  const last = items.at(-1);
  if (missing <= 0n || !last) return [];
  if (waived) return [{ receivableId: last.receivableId, kind: "write_off", minor: missing, ground: "tolerance" }];
  if (missing > discountOf(items).most) return [];
  const given: Concession[] = [];
  for (const { receivableId, discount } of items) {
    const minor = discount === undefined || discount.most < missing ? (discount?.most ?? 0n) : missing;
    if (minor === 0n || !discount) continue;
    missing -= minor;
    given.push({ receivableId, kind: "discount", minor, ground: discount.ground });
  }
  return given;
}

/** The amount spread over the items in order; what is left stays on account. */
export function spread(items: readonly OpenItem[], amount: bigint, concessions: readonly Concession[]): ProposedItem[] {
  let rest = amount;
  const spreadOut: ProposedItem[] = [];
  items.forEach((item, index) => {
    const claim = item.claimMinor ?? item.openMinor;
    const given = concessions.find(({ receivableId }) => receivableId === item.receivableId)?.minor ?? 0n;
    // The last item takes interest that is not posted yet, so that a full payment of a claim leaves nothing over.
    const cap = (index === items.length - 1 && rest === claim ? claim : item.openMinor) - given;
    const share = rest < cap ? rest : cap;
    if (share > 0n) spreadOut.push({ receivableId: item.receivableId, number: item.number, amountMinor: share });
    rest -= share > 0n ? share : 0n;
  });
  if (rest > 0n) spreadOut.push({ receivableId: null, number: null, amountMinor: rest });
  return spreadOut;
}

const SEVERAL =
  /\b(?:alle|s(?:ä|ae)mtliche|mehrere|diverse|div|versch(?:iedene)?|all|several|various)\b\.?\s*(?:open|offenen?|unsere|ihre|unpaid)?\s*(?:re(?:chnung(?:en)?)?|rg|posten|ops?|betr(?:ä|ae)ge|forderungen|invoices|items|bills)\b|\boffenen?\s*(?:posten|rechnungen|betr(?:ä|ae)ge)\b|\bopen\s+(?:items|invoices)\b|\bsammel(?:zahlung|(?:ü|ue)berweisung)\b|\bu\.\s?a\b|\bua\b|\bund (?:andere|weitere)\b|\band others\b|\bet al\b/iu;

/** Whether the text says that it pays several items without naming all: "alle Rechnungen", "offene Posten", "RE-1 u.a.". */
export const meansSeveral = (lines: readonly string[]): boolean => SEVERAL.test(lines.join(" "));

/** Sets are searched among so many items, of more only when the text says there are several. */
const ITEMS = 12;
const ITEMS_WHEN_SAID = 24;
const SETS = 3;
/** Steps of the search, so that a file of many equal amounts stays cheap. */
const STEPS = 20_000;

/**
 * Sets of two or more items that add up to exactly the amount and contain those of `having`: the smallest first, of
 * equal size those with the oldest items (`items` come oldest first). At most three.
 */
export function setsOf(
  items: readonly OpenItem[],
  amount: bigint,
  said: boolean,
  having: readonly OpenItem[] = [],
): (readonly OpenItem[])[] {
  if (items.length > (said ? ITEMS_WHEN_SAID : ITEMS)) return [];
  const free = items.filter((item) => !having.includes(item));
  const wanted = amount - sumOf(having);
  const found: (readonly OpenItem[])[] = [];
  if (wanted < 0n || sumOf(free) < wanted) return found;
  let steps = STEPS;
  const search = (from: number, count: number, left: bigint, chosen: readonly OpenItem[]): void => {
    if (count === 0) {
      if (left === 0n) {
        const set = new Set([...having, ...chosen]);
        found.push(items.filter((item) => set.has(item)));
      }
      return;
    }
    for (let index = from; index + count <= free.length && found.length < SETS && steps > 0; index += 1) {
      const item = free[index];
      steps -= 1;
      if (item && item.openMinor <= left) search(index + 1, count - 1, left - item.openMinor, [...chosen, item]);
    }
  };
  for (let size = Math.max(0, 2 - having.length); size <= free.length && found.length < SETS && steps > 0; size += 1)
    search(0, size, wanted, []);
  return found;
}
