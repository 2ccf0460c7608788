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

/**
 * True when one of these payers is a provider (the one of this id, when given) that pays out for many customers; `own`:
 * the creditor's mappings beside those that ship.
 */
export const payoutNamedIn = (
  payers: readonly (string | null)[],
  { provider, own = [] }: { readonly provider?: string; readonly own?: readonly SettlementMapping[] } = {},
): boolean =>
  [...own, ...BUILT_IN].some(
    ({ id, payers: names }) =>
      (provider === undefined || id === provider) &&
      names.some((name) => payers.some((payer) => payer !== null && words(payer).includes(words(name)))),
  );
