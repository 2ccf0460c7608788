/** Settlement files taken in: each payout is stored once, whatever file tells of it. */
import type { Settlement } from "../../../pure/formats/index.ts";
import type { CreditorId, Currency } from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { payoutOf } from "./model.ts";
import { keepPayout } from "./store.ts";

export interface SettlementTaken {
  /** Lines of payouts. */
  readonly new: number;
  readonly known: number;
  readonly warnings: readonly string[];
  /** Payouts that can't be booked. */
  readonly failed: number;
}

/** `currency`: of payouts that name none. Lines that no payout has paid yet come with a later file and are told only. */
export async function takeSettlement(
  act: Act,
  settlement: Settlement,
  of: { readonly creditorId: CreditorId; readonly fileFingerprint: Buffer; readonly currency: Currency },
): Promise<SettlementTaken> {
  const counts = { new: 0, known: 0, failed: 0 };
  const warnings: string[] = [];
  const { provider, providerName } = settlement;
  for (const stated of settlement.payouts) {
    const payout = payoutOf(act.tx.tenantId, { ...of, provider }, stated);
    if (!payout) {
      counts.failed += 1;
      warnings.push("A payout has amounts or a currency that can't be booked; it was left out.");
      continue;
    }
    const kept = await keepPayout(act, { ...of, provider, providerName }, payout);
    counts[kept === "known" ? "known" : "new"] += payout.lines.length;
  }
  return { ...counts, warnings };
}
