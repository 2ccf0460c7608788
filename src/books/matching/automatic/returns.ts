/** Money that went back. */
import type { CreditorId, CustomerId, ReceivableId, Uuid } from "../../../pure/kernel/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { findByTokens } from "../../../platform/sealed/index.ts";
import type { Entry, EntryPayload } from "../../banking/index.ts";
import { receivablesOf } from "../../receivables/index.ts";
import { bookReturn } from "../booking.ts";
import { point, type Pointed } from "../gather.ts";
import type { Reason } from "../model.ts";
import type { Shape } from "../references.ts";
import { type Match, matchById, PAYMENT_KINDS, paymentsOf, returnToldBefore } from "../store.ts";
import type { Booked, Proposal } from "../writing.ts";
import { type Outcome, propose } from "./credits.ts";
import { bookedElsewhere, noteReturnSeen } from "./seen.ts";

/**
 * Money that went back (Rücklastschrift). The original is a standing match of the same amount found by end-to-end id,
 * mandate, or numbers in the text; the bank's fee may be in the amount. Only one that is the only one is undone by itself.
 */
export async function matchReturn(
  act: Act,
  { entry, payload }: { entry: Entry; payload: EntryPayload },
  shapes: ReadonlyMap<CreditorId, readonly Shape[]>,
  bookings: Booked[],
): Promise<Outcome> {
  const amounts = new Set([entry.amountMinor]);
  if (payload.instructedMinor !== null) amounts.add(BigInt(payload.instructedMinor));
  const charges = BigInt(payload.chargesMinor);
  if (charges > 0n && charges < entry.amountMinor) amounts.add(entry.amountMinor - charges);

  const byId = async (kind: string, value: string | null, state: Match["state"] = "booked"): Promise<Match[]> => {
    if (value === null) return [];
    const hits = (await findByTokens(act, kind, [value])).get(value) ?? [];
    const matches: Match[] = [];
    for (const hit of hits.slice(0, 50)) {
      const match = await matchById(act, hit.customerId, hit.objectId as Uuid);
      if (match?.state === state && match.currency === entry.currency && amounts.has(match.amountMinor))
        matches.push(match);
    }
    return matches;
  };
  const standing = await byId(PAYMENT_KINDS.endToEnd, payload.endToEndId);
  // The bank refused it before (pain.002): the payment is undone, and this is the money that goes with it.
  if (standing.length === 0)
    for (const undone of await byId(PAYMENT_KINDS.endToEnd, payload.endToEndId, "reversed")) {
      const undoneBy = await returnToldBefore(act, undone);
      if (undoneBy === undefined) continue;
      const decision = { score: 100, reasons: [{ code: "reference" as const }, { code: "amount_item" as const }] };
      const booked = await bookReturn(act, entry, payload, undone, decision, undoneBy);
      if (!booked.ok) continue;
      bookings.push(booked.value);
      return "booked";
    }
  const [pointed] = await point(act, [{ entry, payload }], shapes);
  const owners = new Map<CustomerId, Reason>();
  for (const { token } of pointed?.questions.references ?? [])
    for (const { customerId } of pointed?.pointing.receivables.get(token) ?? [])
      owners.set(customerId, { code: "number", value: token });
  // In a return the customer may stand on either side of the entry.
  const otherSide = payload.payeeIban === null ? [] : await gatherHolders(act, payload.payeeIban);
  const holders = [...(pointed?.pointing.accountHolders ?? []), ...otherSide];
  if (standing.length === 0 && (await bookedElsewhere(act, entry.creditorId))) {
    await noteReturnSeen(act, entry, await concernedBy(act, entry, pointed, holders));
    return "proposed";
  }
  const byReference =
    owners.size > 0 && owners.size <= 20 ? await paymentsOf(act, [...owners.keys()], [...amounts], entry.currency) : [];
  const byAccount =
    holders.length > 0 && holders.length <= 20 ? await paymentsOf(act, holders, [...amounts], entry.currency) : [];

  const ways: readonly {
    readonly matches: readonly Match[];
    readonly score: number;
    readonly reasons: readonly Reason[];
    readonly auto: boolean;
  }[] = [
    {
      matches: standing,
      score: 100,
      reasons: [{ code: "reference" }, { code: "amount_item" }],
      auto: true,
    },
    {
      matches: await byId(PAYMENT_KINDS.mandate, payload.mandateId),
      score: 90,
      reasons: [{ code: "amount_item" }],
      auto: true,
    },
    { matches: byReference, score: 80, reasons: [...owners.values()].slice(0, 3), auto: true },
    { matches: byAccount, score: 50, reasons: [{ code: "account_known" }, { code: "amount_item" }], auto: false },
  ];
  for (const { matches, score, reasons, auto } of ways) {
    const [only, another] = matches;
    if (!only) continue;
    if (auto && !another) {
      const booked = await bookReturn(act, entry, payload, only, { score, reasons });
      if (booked.ok) {
        bookings.push(booked.value);
        return "booked";
      }
    }
    const proposals = matches.slice(0, 3).map(
      (match): Proposal => ({
        customerId: match.customerId,
        score: Math.min(score, 60),
        items: [{ receivableId: null, number: null, amountMinor: (-match.amountMinor).toString() }],
        reasons: [{ code: "return_of", value: match.matchId }, ...reasons],
        returnOf: match.matchId,
      }),
    );
    await propose(act, [{ entry, proposals }]);
    return "proposed";
  }
  await propose(act, [{ entry, proposals: [] }]);
  return "unmatched";
}

/** Whose payment came back, by the numbers in the text, else by the account it went back to. */
async function concernedBy(act: Act, entry: Entry, pointed: Pointed | undefined, holders: readonly CustomerId[]) {
  const found = new Map<CustomerId, { items: Proposal["items"][number][]; reasons: Reason[] }>();
  const named = new Map<CustomerId, Set<ReceivableId>>();
  for (const { token } of pointed?.questions.references ?? [])
    for (const { customerId, receivableId } of pointed?.pointing.receivables.get(token) ?? [])
      named.set(customerId, (named.get(customerId) ?? new Set()).add(receivableId));
  for (const [customerId, ids] of named.size <= 20 ? named : []) {
    const items = (await receivablesOf(act, customerId)).filter(
      (item) => ids.has(item.receivableId) && item.creditorId === entry.creditorId,
    );
    if (items.length === 0) continue;
    const amountMinor = (-entry.amountMinor).toString();
    found.set(customerId, {
      items: items.map(({ receivableId, number }) => ({ receivableId, number, amountMinor })),
      reasons: items.map(({ number }) => ({ code: "number", value: number })),
    });
  }
  if (found.size === 0)
    for (const customerId of holders) found.set(customerId, { items: [], reasons: [{ code: "account_known" }] });
  return found;
}

async function gatherHolders(act: Act, iban: string): Promise<CustomerId[]> {
  return ((await findByTokens(act, "iban", [iban])).get(iban) ?? []).map(({ customerId }) => customerId);
}
