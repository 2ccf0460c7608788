/**
 * Payouts of payment providers: one credit on the bank account is many payments less refunds, chargebacks and fees. Here
 * is what follows from the file alone: identity, amounts in minor units, and when an entry may be a payout's.
 */
import { createHash } from "node:crypto";
import {
  payoutNamedIn,
  type SettlementLineKind,
  type SettlementMapping,
  type SettlementPayout,
} from "../../../pure/formats/index.ts";
import {
  type CreditorId,
  type Currency,
  currency as currencyOf,
  daysBetween,
  type Decimal,
  moneyFromDecimal,
  type PlainDate,
  type TenantId,
} from "../../../pure/kernel/index.ts";
import type { Entry, EntryPayload } from "../../banking/index.ts";
import type { Language } from "../../customers/index.ts";

/** Why a line of a payout is not booked. */
export type OpenReason =
  | "no_number" // neither order nor invoice
  | "number_unknown" // no item has it
  | "number_of_several" // items of several customers have it
  | "item_settled" // paid already: a person decides whose money it is
  | "item_assigned"
  | "original_unknown" // the payment that a refund or chargeback takes back is not booked here
  | "original_smaller" // … or is less than what goes back
  | "undone" // a person took its booking back: only a person books it again
  | "kind_unknown"; // neither payment, refund, chargeback nor fee

const WORDS: Readonly<Record<OpenReason, { readonly de: string; readonly en: string }>> = {
  no_number: { de: "ohne Bestell- und Rechnungsnummer", en: "without order or invoice number" },
  number_unknown: { de: "Nummer ist unbekannt", en: "the number is unknown" },
  number_of_several: { de: "Nummer haben Posten mehrerer", en: "items of several customers have the number" },
  item_settled: { de: "genannter Posten ist schon bezahlt", en: "the item named is already paid" },
  item_assigned: { de: "Posten ist abgetreten", en: "the item is assigned to a third party" },
  original_unknown: {
    de: "ursprüngliche Zahlung ist hier nicht gebucht",
    en: "the payment taken back is not booked here",
  },
  original_smaller: { de: "ursprüngliche Zahlung ist kleiner", en: "the payment taken back is smaller" },
  undone: { de: "Buchung wurde zurückgenommen", en: "its booking was taken back" },
  kind_unknown: { de: "keine Zahlung, Erstattung oder Gebühr", en: "neither payment, refund nor fee" },
}; // prettier-ignore

export const openReasonInWords = (reason: OpenReason, language: Language): string => WORDS[reason][language];

/** `fee`: the provider's price; `set_aside`: a person says that it is no customer's, fee included. */
export type LineState = "open" | "booked" | "fee" | "set_aside";

/** `set_aside`: a person booked it elsewhere or took its booking back; nothing happens to it by itself. */
export type PayoutState = "waiting" | "partial" | "settled" | "set_aside";

/** Numbers of a line as the file writes them; sealed. */
export interface LineTexts {
  readonly orderNumber: string | null;
  readonly invoiceNumber: string | null;
  readonly reference: string | null;
}

/** A line before it is stored; minor units, `gross + fee = net`. */
export interface DraftLine extends LineTexts {
  readonly kind: SettlementLineKind;
  readonly grossMinor: bigint;
  readonly feeMinor: bigint;
  readonly netMinor: bigint;
  readonly doneOn: PlainDate | null;
  readonly original: string | null;
}

export interface DraftPayout {
  readonly fingerprint: Buffer;
  readonly reference: string | null;
  readonly paidOn: PlainDate | null;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  readonly reconciles: boolean;
  /** The file states the amount apart from the lines: that they add up proves that none is missing. */
  readonly stated: boolean;
  readonly lines: readonly DraftLine[];
}

/** Undefined when the currency is unknown or an amount has more decimals than it: that can't be booked. */
export function payoutOf(
  tenantId: TenantId,
  of: { readonly creditorId: CreditorId; readonly provider: string; readonly currency: Currency },
  payout: SettlementPayout,
): DraftPayout | undefined {
  const code = payout.currency === null ? { ok: true as const, value: of.currency } : currencyOf(payout.currency);
  if (!code.ok) return undefined;
  const minorOf = (value: Decimal): bigint | undefined => {
    const money = moneyFromDecimal(value, code.value);
    return money.ok ? money.value.minor : undefined;
  };
  const amountMinor = minorOf(payout.amount);
  if (amountMinor === undefined) return undefined;
  const lines: DraftLine[] = [];
  for (const line of payout.lines) {
    const [gross, net] = [minorOf(line.gross), minorOf(line.net)];
    if (gross === undefined || net === undefined) return undefined;
    const { kind, orderNumber, invoiceNumber, reference, original, date } = line;
    // Where a file's own columns differ (told as a warning), what reached us counts.
    lines.push({
      kind,
      grossMinor: gross,
      feeMinor: net - gross,
      netMinor: net,
      doneOn: date,
      orderNumber,
      invoiceNumber,
      reference,
      original,
    }); // prettier-ignore
  }
  const sum = lines.reduce((total, { netMinor }) => total + netMinor, 0n);
  const identity =
    payout.reference === null
      ? [payout.date, amountMinor.toString(), ...lines.map(({ reference, netMinor }) => `${reference} ${netMinor}`)]
      : [payout.reference];
  return {
    fingerprint: createHash("sha256")
      .update(JSON.stringify(["payout", tenantId, of.creditorId, of.provider, code.value, ...identity]))
      .digest(),
    reference: payout.reference,
    paidOn: payout.date,
    currency: code.value,
    amountMinor,
    reconciles: sum === amountMinor,
    stated: payout.reconciles !== null,
    lines,
  };
}

/** Days from the payout to the credit on the account, weekends and holidays in between; some providers date it ahead. */
export const DAYS_BEFORE = 3;
export const DAYS_AFTER = 10;

const squeezed = (text: string): string => text.toUpperCase().replace(/[^\p{L}\p{N}]/gu, "");
/** A shorter reference stands in a text by chance. */
const REFERENCE_MIN = 5;

/**
 * How well an entry of the same amount and currency is a payout's, 0 for not at all: the provider's own reference in the
 * text before the provider as payer, then the nearer day.
 */
export function payoutFit(
  payout: { readonly provider: string; readonly reference: string | null; readonly paidOn: PlainDate | null },
  entry: { readonly bookedOn: PlainDate; readonly direction: Entry["direction"]; readonly payload: EntryPayload },
  own: readonly SettlementMapping[] = [],
): number {
  const { payload, bookedOn } = entry;
  const texts = [...payload.remittance, ...payload.creditorReferences, ...payload.documentNumbers, payload.endToEndId];
  const text = squeezed(texts.join(""));
  const reference = squeezed(payout.reference ?? "");
  const referenced = reference.length >= REFERENCE_MIN && text.includes(reference);
  const days = payout.paidOn === null ? null : daysBetween(payout.paidOn, bookedOn);
  if (days === null ? !referenced : days < -DAYS_BEFORE || days > DAYS_AFTER) return 0;
  const others =
    entry.direction === "credit" ? [payload.payerName, payload.ultimatePayer] : [payload.payeeName, payload.payerName];
  if (!referenced && !payoutNamedIn(others, { provider: payout.provider, own })) return 0;
  return (referenced ? 1_000 : 100) - Math.abs(days ?? 0);
}
