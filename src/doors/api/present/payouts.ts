/** Payouts with their lines and sums, in words. */
import type { z } from "@hono/zod-openapi";
import { type Act, actorCan, type Caller } from "../../../platform/access/index.ts";
import { entries, openEntryPayloads } from "../../../books/banking/index.ts";
import {
  entriesForPayout,
  lineTexts,
  mayBeFee,
  mayUndo,
  openReasonInWords,
  type Payout,
  type PayoutLine,
  payoutLines,
  payouts,
  type PayoutSums,
  sumsOf,
} from "../../../books/matching/index.ts";
import type { Currency } from "../../../pure/kernel/index.ts";
import { creditorRefs, customerRefs } from "../names.ts";
import { moneyOf, say, worded } from "../said/index.ts";
import type { Language, Said } from "../schema/basics.ts";
import type { entryPayout, payoutDetail, payoutLine, payoutRow, payoutSums } from "../schema/matching.ts";

type Row = z.infer<typeof payoutRow>;

function saidOf(payout: Payout, sums: Pick<PayoutSums, "openLines">, lines: number, language: Language): Said {
  if (payout.state === "partial") return say(language, "payout_partial", { open: sums.openLines, lines });
  if (payout.state !== "waiting") return say(language, `payout_${payout.state}`);
  if (!payout.reconciles) return say(language, "payout_differs");
  if (payout.amountMinor !== 0n) return say(language, "payout_waiting");
  return say(language, payout.stated ? "payout_waiting_zero" : "payout_waiting_nothing");
}

export const shownSums = (sums: PayoutSums, currency: Currency): z.infer<typeof payoutSums> => ({
  paid: moneyOf(sums.paid, currency),
  returned: moneyOf(sums.returned, currency),
  fees: moneyOf(sums.fees, currency),
  net: moneyOf(sums.net, currency),
  open: moneyOf(sums.open, currency),
  setAside: moneyOf(sums.setAside, currency),
});

/** What a payout comes to, without its lines. */
export interface Summed {
  readonly payout: Payout;
  readonly lines: number;
  readonly openLines: number;
  readonly openMinor: bigint;
}

export async function shownPayouts(act: Act, list: readonly Summed[], language: Language): Promise<Row[]> {
  const names = await creditorRefs(act);
  return list.map(({ payout, lines, openLines, openMinor }) => ({
    id: payout.fingerprint.toString("hex"),
    creditor: names.get(payout.creditorId) ?? { id: payout.creditorId, name: "" },
    provider: payout.providerName,
    reference: payout.reference,
    paidOn: payout.paidOn,
    amount: moneyOf(payout.amountMinor, payout.currency),
    state: payout.state,
    said: saidOf(payout, { openLines }, lines, language),
    lines,
    openLines,
    open: moneyOf(openMinor, payout.currency),
  }));
}

export async function shownPayout(
  act: Act,
  payout: Payout,
  caller: Caller,
  language: Language,
): Promise<z.infer<typeof payoutDetail>> {
  const { currency, fingerprint, state } = payout;
  const lines = await payoutLines(act, fingerprint);
  const sums = sumsOf(lines);
  const counted = { payout, lines: lines.length, openLines: sums.openLines, openMinor: sums.open };
  const [row] = await shownPayouts(act, [counted], language);
  if (!row) throw new Error("a payout without its row");
  const may = actorCan(caller.actor, "match.decide");
  const customers = await customerRefs(
    act,
    lines.map(({ booked }) => booked?.customerId ?? null),
  );
  const texts = await lineTexts(act, lines);
  const [entry] =
    payout.entryFingerprint === null ? [] : await entries(act, { fingerprints: [payout.entryFingerprint], limit: 1 });
  const booked = state === "partial" || state === "settled";
  const candidates = booked ? [] : await candidatesOf(act, fingerprint);
  const bookable = payout.reconciles && (payout.amountMinor === 0n || candidates.length > 0);
  return {
    ...row,
    sums: shownSums(sums, currency),
    entryId: entry?.entryId ?? null,
    entryLines: lines.map((line): z.infer<typeof payoutLine> => {
      // Of a file that the caller may not open, only the money is told.
      const customer = (line.booked && customers.get(line.booked.customerId)) ?? null;
      const own = line.booked && !customer ? undefined : texts.get(line.lineNumber);
      return {
        number: line.lineNumber,
        kind: say(language, `payout_line_${line.kind}`),
        doneOn: line.doneOn,
        orderNumber: own?.orderNumber ?? null,
        invoiceNumber: own?.invoiceNumber ?? null,
        reference: own?.reference ?? null,
        gross: moneyOf(line.grossMinor, currency),
        fee: moneyOf(line.feeMinor, currency),
        net: moneyOf(line.netMinor, currency),
        state: line.state,
        said: lineSaid(line, language),
        customer,
        acts: may && booked ? actsOf(line) : [],
      };
    }),
    candidates,
    acts: !may
      ? []
      : booked
        ? ["undo"]
        : [...(bookable ? (["book"] as const) : []), state === "waiting" ? "set_aside" : "take_up"],
  };
}

function lineSaid({ state, reason }: PayoutLine, language: Language): Said {
  if (state === "open")
    return reason === null ? say(language, "payout_line_waits") : worded(reason, openReasonInWords(reason, language));
  return say(language, state === "fee" ? "payout_line_is_fee" : `payout_line_${state}`);
}

function actsOf(line: PayoutLine): z.infer<typeof payoutLine>["acts"] {
  if (line.state !== "open") return mayUndo(line) ? ["undo"] : [];
  return [
    ...(line.grossMinor === 0n ? [] : (["book"] as const)),
    ...(mayBeFee(line) ? (["fee"] as const) : []),
    "set_aside",
  ];
}

async function candidatesOf(act: Act, fingerprint: Buffer): Promise<z.infer<typeof payoutDetail>["candidates"]> {
  const entryIds = await entriesForPayout(act, fingerprint);
  if (entryIds.length === 0) return [];
  const found = await entries(act, { entryIds, limit: entryIds.length });
  const payloads = await openEntryPayloads(act, found);
  return entryIds.flatMap((entryId) => {
    const [entry, payload] = [found.find((one) => one.entryId === entryId), payloads.get(entryId)];
    if (!entry) return [];
    const other = entry.direction === "credit" ? payload?.payerName : payload?.payeeName;
    return [
      {
        entryId,
        bookedOn: entry.bookedOn,
        payer: other ?? payload?.ultimatePayer ?? null,
        remittance: payload?.remittance.join(" ") ?? "",
      },
    ];
  });
}

/** The payout that a bank entry is, undefined for every other. */
export async function payoutOfEntry(
  act: Act,
  fingerprint: Buffer,
  language: Language,
): Promise<z.infer<typeof entryPayout> | undefined> {
  const [payout] = await payouts(act, { entryFingerprint: fingerprint, limit: 1 });
  if (!payout) return undefined;
  const lines = await payoutLines(act, payout.fingerprint);
  const sums = sumsOf(lines);
  return {
    id: payout.fingerprint.toString("hex"),
    provider: payout.providerName,
    reference: payout.reference,
    said: saidOf(payout, sums, lines.length, language),
    sums: shownSums(sums, payout.currency),
    openLines: sums.openLines,
    lines: lines.length,
  };
}
