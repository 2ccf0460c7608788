/**
 * A credit that a payment advice explains pays exactly the documents listed: in full, or less Skonto within its term.
 * Anything else that differs is proposed with the documents as the payer means them.
 */
import type { CustomerId, ReceivableId, TenantId, Uuid } from "../../../pure/kernel/index.ts";
import { type Act, type Actor, appendAudit, type Platform, withAct } from "../../../platform/access/index.ts";
import { type Entry, entries, type EntryPayload, lockEntry, openEntryPayloads } from "../../banking/index.ts";
import { creditor, lockCustomer } from "../../customers/index.ts";
import {
  type Concession,
  discountOn,
  findReceivables,
  openItems,
  type Receivable,
  receivables,
} from "../../receivables/index.ts";
import { again } from "../automatic/again.ts";
import { propose } from "../automatic/credits.ts";
import { bookedElsewhere } from "../automatic/seen.ts";
import { matchingOf } from "../judging/settings.ts";
import type { Reason } from "../model.ts";
import { type Booked, bookEntry } from "../writing.ts";
import { adviceCandidates, claimAdvice, type StoredAdvice } from "./store.ts";

/** Books or proposes what advices explain. Safe to run twice. */
export async function bookAdvised(
  platform: Platform,
  tenantId: TenantId,
  actor: Actor,
  booked: (bookings: readonly Booked[], act: Act) => void = () => {},
): Promise<void> {
  const pairs = await withAct(platform, tenantId, actor, pairAdvices);
  for (const { advice, entryId } of pairs)
    await again(() =>
      withAct(platform, tenantId, actor, async (act) => booked(await bookAdvice(act, advice, entryId), act)),
    );
}

const squeezed = (text: string): string => text.toUpperCase().replace(/[^\p{L}\p{N}]/gu, "");
/** Shorter numbers stand in a text by chance. */
const NUMBER_MIN = 4;

/** The advice's number, a document of it, or the payer's name stands in the entry: the amount alone proves nothing. */
function fits(advice: StoredAdvice, payload: EntryPayload): boolean {
  const text = squeezed(
    [...payload.remittance, ...payload.creditorReferences, ...payload.documentNumbers, payload.endToEndId ?? ""].join(
      "",
    ),
  ); // prettier-ignore
  const numbers = [advice.number ?? "", ...advice.lines.map(({ document }) => document)].map(squeezed);
  if (numbers.some((number) => number.length >= NUMBER_MIN && text.includes(number))) return true;
  const payer = squeezed(advice.payer ?? "");
  return payer !== "" && [payload.payerName, payload.ultimatePayer].some((name) => squeezed(name ?? "") === payer);
}

/** Only pairs of which neither side fits another. */
async function pairAdvices(act: Act): Promise<{ advice: StoredAdvice; entryId: Uuid }[]> {
  const candidates = await adviceCandidates(act);
  if (candidates.length === 0) return [];
  const entryIds = [...new Set(candidates.map(({ entryId }) => entryId))];
  const payloads = await openEntryPayloads(act, await entries(act, { entryIds, limit: entryIds.length }));
  const found = candidates.filter(({ advice, entryId }) => {
    const payload = payloads.get(entryId);
    return payload !== undefined && fits(advice, payload);
  });
  return found.filter(
    (one) =>
      found.filter(
        ({ entryId, advice }) => entryId === one.entryId || advice.fingerprint.equals(one.advice.fingerprint),
      ).length === 1,
  );
}

interface Named {
  readonly item: Receivable;
  readonly amountMinor: bigint;
}

const CERTAIN = 100;
/** What differs waits for a person, as the first proposal. */
const PROPOSED = 90;

async function bookAdvice(act: Act, advice: StoredAdvice, entryId: Uuid): Promise<readonly Booked[]> {
  const entry = await lockEntry(act, entryId);
  const payload = entry && (await openEntryPayloads(act, [entry])).get(entryId);
  const free = entry?.status === "new" || entry?.status === "proposed" || entry?.status === "unmatched";
  if (!entry || !payload || !free || (await bookedElsewhere(act, entry.creditorId))) return [];
  const named = await documentsOf(act, advice);
  const [first] = named ?? [];
  if (!named || !first) return [];
  const { customerId } = first.item;
  const reasons: Reason[] = [
    { code: "advice", ...(advice.number === null ? {} : { value: advice.number }) },
    ...named.slice(0, 3).map(({ item }): Reason => ({ code: "number", value: item.number })),
  ];
  const given = await concessionsOf(act, named, entry);
  if (!given) {
    await proposeAdvice(act, entry, customerId, named, reasons);
    return [];
  }
  if (!(await claimAdvice(act, advice.fingerprint, entry.fingerprint))) return [];
  const booked = await bookEntry(act, entry, payload, {
    customerId,
    designated: invoicesOf(named),
    score: CERTAIN,
    reasons: given.length > 0 ? [...reasons, { code: "discount_taken" }] : reasons,
    learn: false,
    concessions: given,
    net: named.some(({ amountMinor }) => amountMinor < 0n),
  });
  await appendAudit(act, {
    act: "match.advised",
    subject: entry.entryId,
    details: { customer: customerId, match: booked.matchId },
  });
  return [booked];
}

const invoicesOf = (named: readonly Named[]): ReceivableId[] =>
  named.flatMap(({ item, amountMinor }) => (amountMinor > 0n ? [item.receivableId] : []));

/** The items of all documents, of one customer; read under the lock. Undefined when one is missing or another's. */
async function documentsOf(act: Act, advice: StoredAdvice): Promise<Named[] | undefined> {
  const hits = await findReceivables(
    act,
    advice.lines.map(({ document }) => document),
  );
  const wanted = advice.lines.map((line) => ({ line, ids: hits.get(line.document) ?? [] }));
  const customers = new Set<CustomerId>(wanted.flatMap(({ ids }) => ids.map(({ customerId }) => customerId)));
  const [customerId, another] = customers;
  if (customerId === undefined || another !== undefined) return undefined;
  await lockCustomer(act, customerId);
  const items = await receivables(
    act,
    customerId,
    wanted.flatMap(({ ids }) => ids.map(({ receivableId }) => receivableId)),
  );
  const named: Named[] = [];
  for (const { line, ids } of wanted) {
    const own = items.filter(
      (item) =>
        ids.some(({ receivableId }) => receivableId === item.receivableId) &&
        item.creditorId === advice.creditorId &&
        item.currency === advice.currency &&
        item.assignedOn === undefined,
    );
    const [item, more] = own;
    if (!item || more || named.some((one) => one.item.receivableId === item.receivableId)) return undefined;
    named.push({ item, amountMinor: line.amountMinor });
  }
  return named;
}

/**
 * What is given so that the documents are settled exactly; undefined when they would not be: a person decides then. With
 * credit notes only when nothing else of this customer is open, since netting follows the statutory order.
 */
async function concessionsOf(act: Act, named: readonly Named[], entry: Entry): Promise<Concession[] | undefined> {
  const { discountDays } = matchingOf(await creditor(act, entry.creditorId));
  const given: Concession[] = [];
  for (const { item, amountMinor } of named) {
    const missing = item.openTotal - amountMinor;
    if (missing === 0n && item.openTotal !== 0n) continue;
    const discount = discountOn(item, entry.valueOn, discountDays);
    if (amountMinor <= 0n || missing <= 0n || !discount || missing > discount.most) return undefined;
    given.push({ receivableId: item.receivableId, kind: "discount", minor: missing, ground: discount.ground });
  }
  if (!named.some(({ amountMinor }) => amountMinor < 0n)) return given;
  const [first] = named;
  const open = first ? ((await openItems(act, [first.item.customerId])).get(first.item.customerId) ?? []) : [];
  const listed = new Set(named.map(({ item }) => item.receivableId));
  return given.length === 0 && open.every(({ receivableId }) => listed.has(receivableId)) ? given : undefined;
}

async function proposeAdvice(
  act: Act,
  entry: Entry,
  customerId: CustomerId,
  named: readonly Named[],
  reasons: readonly Reason[],
): Promise<void> {
  const told = (entry.proposals as readonly { readonly reasons: readonly Reason[] }[]).some((proposal) =>
    proposal.reasons.some(({ code }) => code === "advice"),
  );
  if (told) return;
  const paid = named.filter(({ amountMinor }) => amountMinor > 0n);
  const less = paid.some(({ item, amountMinor }) => amountMinor < item.openTotal);
  const proposal = {
    customerId,
    score: PROPOSED,
    items: paid.map(({ item, amountMinor }) => ({
      receivableId: item.receivableId,
      number: item.number,
      amountMinor: amountMinor.toString(),
    })),
    reasons: [...reasons, { code: less ? ("amount_part" as const) : ("amount_over" as const) }],
  };
  await propose(act, [{ entry, proposals: [proposal] }]);
}
