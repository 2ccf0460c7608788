/** What became of bank entries, as the contract shows it (`kulanz matches --json`). */
import { type CustomerId, formatMinor, type Uuid } from "../../pure/kernel/index.ts";
import type { Act } from "../../platform/access/index.ts";
import { type Entry, entries as readEntries, type KnownEntry, openEntryPayloads } from "../banking/index.ts";
import type { Language } from "../customers/index.ts";
import { allocationsOf } from "../receivables/index.ts";
import { openMatchPayload } from "./booking.ts";
import { reasonInWords } from "./reasons.ts";
import { type Match, matchById, matchesOfEntries, matchesOfPayouts } from "./store.ts";
import type { Proposal } from "./writing.ts";

export interface MatchedItem {
  /** Null for an amount that stays on account. */
  readonly number: string | null;
  readonly amount: string;
}

/** The contract's element; `transaction` and `customerIds` are ours besides. */
export interface EntryMatches {
  readonly file: string;
  /** Position in the file, from 1. */
  readonly entry: number;
  /** Position in a batch entry, from 1; 0 without details. */
  readonly transaction: number;
  readonly entryId: Uuid;
  readonly endToEndId: string | null;
  /** Negative for money that went out. */
  readonly amount: string;
  readonly currency: string;
  readonly status: "booked" | "proposed" | "unmatched";
  readonly score: number | null;
  /** Of a payout what its lines paid and took back, without the fees the provider kept. */
  readonly booked: readonly MatchedItem[];
  readonly proposals: readonly {
    readonly score: number;
    readonly items: readonly MatchedItem[];
    readonly reasons: readonly string[];
  }[];
}

const PIECE = 1_000;

/** A file and the entries of it that another file had brought before. */
export interface ReportedFile {
  readonly fingerprint: Buffer;
  readonly name: string;
  readonly known: readonly KnownEntry[];
}

/**
 * Entries of one file, in file order, a thousand at a time: nobody holds a large file whole, but for one that has entries
 * in common with another. `acting` gives each piece its transaction, so that opened keys don't pile up either.
 */
export async function* matchesOf(
  acting: <T>(work: (act: Act) => Promise<T>) => Promise<T>,
  { fingerprint, name, known }: ReportedFile,
  language: Language,
): AsyncGenerator<readonly EntryMatches[]> {
  const found: EntryMatches[] = [];
  for (let after: Parameters<typeof readEntries>[1]["after"]; ; ) {
    const last = after;
    const piece = await acting(async (act) => {
      const list = await readEntries(act, { fileFingerprint: fingerprint, limit: PIECE, ...(last && { after: last }) });
      return matchesOfList(act, list, name, language);
    });
    if (known.length === 0) yield piece;
    else found.push(...piece);
    const end = piece.at(-1);
    if (!end || piece.length < PIECE) break;
    after = { entryNumber: end.entry, transactionNumber: end.transaction };
  }
  for (let from = 0; from < known.length; from += PIECE) {
    const part = known.slice(from, from + PIECE);
    const shown = await acting(async (act) => {
      const list = await readEntries(act, { entryIds: part.map(([, , entryId]) => entryId), limit: PIECE });
      return new Map((await matchesOfList(act, list, name, language)).map((one) => [one.entryId, one]));
    });
    for (const [entry, transaction, entryId] of part) {
      const one = shown.get(entryId);
      if (one) found.push({ ...one, entry, transaction });
    }
  }
  if (found.length > 0) yield found.sort((a, b) => a.entry - b.entry || a.transaction - b.transaction);
}

const bookedOf = (entry: Entry): entry is Entry & { customerId: CustomerId } =>
  entry.status === "booked" && entry.customerId !== null;

async function matchesOfList(
  act: Act,
  list: readonly Entry[],
  file: string,
  language: Language,
): Promise<EntryMatches[]> {
  const payloads = await openEntryPayloads(act, list);
  const nobodys = list.filter(({ customerId }) => customerId === null).map(({ fingerprint }) => fingerprint);
  const found = [...(await matchesOfEntries(act, list.filter(bookedOf))), ...(await matchesOfPayouts(act, nobodys))];
  const matches = new Map<string, Match[]>();
  for (const match of found) {
    const key = match.entryFingerprint.toString("hex");
    matches.set(key, [...(matches.get(key) ?? []), match]);
  }
  const customers = [...new Set(found.map(({ customerId }) => customerId))];
  const bookings = found.map(({ bookingId }) => bookingId);
  const allocations = new Map<Uuid, readonly MatchedItem[]>();
  for (const [bookingId, parts] of await allocationsOf(act, customers, bookings))
    allocations.set(
      bookingId,
      parts.map((part) => ({ number: part.onAccount ? null : part.number, amount: part.amountMinor.toString() })),
    );
  // Keys of all at once; opened one by one they would be a statement each.
  await act.vault.forCustomers(act.tx, customers);

  const elements: EntryMatches[] = [];
  for (const entry of list) {
    const shown = (minor: string | bigint): string => formatMinor(BigInt(minor), entry.currency);
    let endToEndId = payloads.get(entry.entryId)?.endToEndId ?? null;
    const booked: MatchedItem[] = [];
    for (const match of matches.get(entry.fingerprint.toString("hex")) ?? []) {
      // Payer data of a payout stays with its entry; that of a payment has moved to its customer.
      const payload = entry.customerId === null ? undefined : await openMatchPayload(act, match);
      if (payload?.ok) endToEndId = payload.value.endToEndId;
      for (const part of await partsOf(act, match, allocations))
        booked.push({ number: part.number, amount: shown(part.amount) });
    }
    elements.push({
      file,
      entry: entry.entryNumber,
      transaction: entry.transactionNumber,
      entryId: entry.entryId,
      endToEndId,
      amount: shown(entry.direction === "credit" ? entry.amountMinor : -entry.amountMinor),
      currency: entry.currency,
      status: entry.status === "booked" || entry.status === "proposed" ? entry.status : "unmatched",
      score: entry.score,
      booked,
      proposals: (entry.proposals as readonly Proposal[]).map((proposal) => ({
        score: proposal.score,
        items: proposal.items.map((item) => ({ number: item.number, amount: shown(item.amountMinor) })),
        reasons: proposal.reasons.map((reason) => reasonInWords(reason, language)),
      })),
    });
  }
  return elements;
}

/** Where the money of a match is now; a return shows the amounts it took back. */
async function partsOf(
  act: Act,
  match: Match,
  known: ReadonlyMap<Uuid, readonly MatchedItem[]>,
): Promise<readonly MatchedItem[]> {
  const stands = known.get(match.bookingId);
  if (stands) return stands;
  const original = match.reasons.find(({ code }) => code === "return_of")?.value;
  const returned = original === undefined ? undefined : await matchById(act, match.customerId, original);
  if (!returned) return [{ number: null, amount: match.amountMinor.toString() }];
  const parts = (await allocationsOf(act, match.customerId, [returned.bookingId])).get(returned.bookingId);
  if (!parts) return [{ number: null, amount: match.amountMinor.toString() }];
  return parts.map((part) => ({ number: part.onAccount ? null : part.number, amount: (-part.amountMinor).toString() }));
}
