/** The providers that ship with the product, and how their credits are told on a bank statement. */
import { type SettlementMapping, settlementMapping } from "./mapping.ts";
import { SETTLEMENT_MAPPINGS } from "./mappings.ts";

export const BUILT_IN: readonly SettlementMapping[] = SETTLEMENT_MAPPINGS.map((data) => {
  const mapping = settlementMapping(data);
  if (!mapping.ok) throw new Error(`${data.id}: ${mapping.error.message} (${mapping.error.where})`);
  return mapping.value;
});

const words = (text: string): string =>
  ` ${text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()} `;

/** The payers of a mapping as words; asked for every credit that comes in. */
const payersOf = new WeakMap<SettlementMapping, readonly string[]>();
function payerWords(mapping: SettlementMapping): readonly string[] {
  let known = payersOf.get(mapping);
  if (!known) payersOf.set(mapping, (known = mapping.payers.map(words)));
  return known;
}

/**
 * True when one of these payers is a provider (the one of this id, when given) that pays out for many customers; `own`:
 * the creditor's mappings beside those that ship.
 */
export const payoutNamedIn = (
  payers: readonly (string | null)[],
  { provider, own = [] }: { readonly provider?: string; readonly own?: readonly SettlementMapping[] } = {},
): boolean => {
  const written = payers.flatMap((payer) => (payer === null ? [] : [words(payer)]));
  const names = (mapping: SettlementMapping): boolean =>
    (provider === undefined || mapping.id === provider) &&
    payerWords(mapping).some((name) => written.some((payer) => payer.includes(name)));
  return own.some(names) || BUILT_IN.some(names);
};
