/** What a payout comes to, and what its booked lines say. */
import type { Uuid } from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { PAYMENT_KIND } from "../../banking/index.ts";
import { paymentsById } from "../store.ts";
import type { LineTexts } from "./model.ts";
import type { LinePayload } from "./returns.ts";
import type { PayoutLine } from "./store.ts";

/** Minor units; `paid + returned + fees` is what the lines come to. */
export interface PayoutSums {
  readonly paid: bigint;
  /** Below zero. */
  readonly returned: bigint;
  /** Below zero: what the provider kept. */
  readonly fees: bigint;
  readonly net: bigint;
  /** Of it not booked yet, and set aside; net. */
  readonly open: bigint;
  readonly setAside: bigint;
  readonly openLines: number;
}

export function sumsOf(lines: readonly PayoutLine[]): PayoutSums {
  const sum = (read: (line: PayoutLine) => bigint): bigint => lines.reduce((total, line) => total + read(line), 0n);
  const gross = (line: PayoutLine): bigint => (line.state === "fee" ? 0n : line.grossMinor);
  const net = (state: PayoutLine["state"]): bigint => sum((line) => (line.state === state ? line.netMinor : 0n));
  return {
    paid: sum((line) => (gross(line) > 0n ? gross(line) : 0n)),
    returned: sum((line) => (gross(line) < 0n ? gross(line) : 0n)),
    fees: sum((line) => line.netMinor - gross(line)),
    net: sum((line) => line.netMinor),
    open: net("open"),
    setAside: net("set_aside"),
    openLines: lines.filter(({ state }) => state === "open").length,
  };
}

/** Numbers of lines by line number; of booked ones from where they were kept. Missing: the customer is erased. */
export async function lineTexts(act: Act, lines: readonly PayoutLine[]): Promise<ReadonlyMap<number, LineTexts>> {
  const booked = lines.flatMap((line) => (line.booked ? [{ ...line.booked, lineNumber: line.lineNumber }] : []));
  const customers = [...new Set(booked.map(({ customerId }) => customerId))];
  const matches = await paymentsById(
    act,
    customers,
    booked.map(({ matchId }) => matchId),
  ); // prettier-ignore
  const seals = await act.vault.forCustomers(act.tx, customers);
  const texts = (customerId: (typeof customers)[number], matchId: Uuid): LineTexts | null => {
    const match = matches.get(matchId);
    const text = match && seals.get(customerId)?.openText("records", PAYMENT_KIND, match.payloadSealed);
    return text?.ok ? (JSON.parse(text.value) as LinePayload).line : null;
  };
  const found = new Map<number, LineTexts>();
  for (const { lineNumber, texts: own } of lines) if (own) found.set(lineNumber, own);
  for (const { lineNumber, customerId, matchId } of booked) {
    const own = texts(customerId, matchId);
    if (own) found.set(lineNumber, own);
  }
  return found;
}
