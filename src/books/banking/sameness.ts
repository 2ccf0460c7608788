/**
 * Which entries of different files are the same booking. A statement is a list without doubles: two equal entries in it
 * are two bookings. Entries of two statements are the same booking when account, amount, direction and day are the same
 * and nothing that both state contradicts; each entry has at most one partner, the best first.
 *
 * What is compared are keyed hashes, six bytes each, bound to account, amount and direction.
 */
import { hash } from "node:crypto";
import { addDays, type PlainDate, type Uuid } from "../../pure/kernel/index.ts";
import type { DraftEntry, EntryStatus } from "./model.ts";

/** Places in `bank_entry.evidence`. */
const SLOTS = ["reference", "endToEnd", "iban", "text", "name", "transaction"] as const;
type Slot = (typeof SLOTS)[number];
const BYTES = 6;

const NO_REFERENCE = /^(NONREF|NOTPROVIDED|NONE|0*)$/i;
const squeezed = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/[^\p{L}\p{N}]/gu, "")
    .toUpperCase();

/** Hashes of what an entry states, under the secret of its account, amount and direction; zeros: not stated. */
export function evidenceOf(secret: string, draft: DraftEntry): Buffer {
  const { payload } = draft;
  const credit = draft.direction === "credit";
  const given: Record<Slot, string | null> = {
    reference: payload.bankReference,
    endToEnd: payload.endToEndId,
    // Of money that went back, formats disagree on who is payer and who is payee.
    iban: draft.isReturn ? null : credit ? payload.payerIban : payload.payeeIban,
    text: [...payload.creditorReferences, ...payload.remittance].join(""),
    name: draft.isReturn ? null : credit ? payload.payerName : payload.payeeName,
    transaction: payload.transactionId,
  };
  const evidence = Buffer.alloc(SLOTS.length * BYTES);
  SLOTS.forEach((slot, index) => {
    const value = given[slot];
    if (value === null || NO_REFERENCE.test(value)) return;
    // Old formats cut names.
    const plain = slot === "name" ? squeezed(value).slice(0, 20) : squeezed(value);
    if (plain !== "") evidence.write(hash("sha256", `${secret}${slot}${plain}`, "hex"), index * BYTES, BYTES, "hex");
  });
  return evidence;
}

/** Of two, what each place of their evidence says. */
export function compared(a: Buffer, b: Buffer): Readonly<Record<Slot, "same" | "other" | "unknown">> {
  const found = {} as Record<Slot, "same" | "other" | "unknown">;
  const nothing = Buffer.alloc(BYTES);
  SLOTS.forEach((slot, index) => {
    const [one, two] = [a, b].map((all) => all.subarray(index * BYTES, (index + 1) * BYTES)) as [Buffer, Buffer];
    found[slot] = one.equals(nothing) || two.equals(nothing) ? "unknown" : one.equals(two) ? "same" : "other";
  });
  return found;
}

/** `camt` of `camt.053`: files of one family write references and texts alike. */
export const familyOf = (kind: string | null): string =>
  (kind ?? "")
    .replace(/[^a-z]/gi, "")
    .slice(0, 2)
    .toLowerCase();

/** A stored entry that may be the same as one that comes in. */
export interface StoredEntry {
  readonly fingerprint: Buffer;
  readonly entry_id: Uuid;
  readonly statement_fingerprint: Buffer;
  readonly entry_number: number;
  readonly transaction_number: number;
  readonly day_key: Buffer;
  readonly batch_key: Buffer | null;
  readonly evidence: Buffer;
  readonly booked_on: PlainDate;
  readonly value_on: PlainDate;
  readonly status: EntryStatus;
  /** A batch total whose details came. */
  readonly replaced: boolean;
  readonly kind: string | null;
  readonly opening_minor: bigint | null;
  readonly closing_minor: bigint | null;
}

export interface ComingEntry {
  readonly evidence: Buffer;
  readonly bookedOn: PlainDate;
  readonly valueOn: PlainDate;
}

export interface ComingStatement {
  readonly kind: string | null;
  readonly openingMinor: bigint | null;
}

/** Days between a report of the day and the statement: a weekend with a holiday. */
export const DAYS_BETWEEN = 4;
const near = (a: PlainDate, b: PlainDate): boolean => a <= addDays(b, DAYS_BETWEEN) && b <= addDays(a, DAYS_BETWEEN);

/**
 * How well two entries of the same account, amount and direction agree: undefined when they are two bookings, else a
 * number, more is better.
 */
export function agreement(coming: ComingEntry, of: ComingStatement, stored: StoredEntry): number | undefined {
  const { reference, endToEnd, iban, text, name, transaction } = compared(coming.evidence, stored.evidence);
  const sameFamily = familyOf(of.kind) === familyOf(stored.kind);
  const sameKind = of.kind === stored.kind;
  const proven = reference === "same" || endToEnd === "same" || transaction === "same";
  // A report of the day may give another booking day than the statement; then only a reference proves it.
  if (coming.bookedOn !== stored.booked_on && !(proven && !sameKind && near(coming.bookedOn, stored.booked_on)))
    return undefined;
  if (endToEnd === "other" || iban === "other" || transaction === "other") return undefined;
  if (sameFamily && reference === "other") return undefined;
  if (sameFamily && !proven && (text === "other" || name === "other")) return undefined;
  // One statement that goes on where the other ended tells of other bookings, however alike.
  const follows =
    sameKind &&
    of.openingMinor !== null &&
    of.openingMinor === stored.closing_minor &&
    stored.opening_minor !== stored.closing_minor;
  if (follows && reference !== "same") return undefined;
  const points =
    (reference === "same" ? 32 : 0) +
    (endToEnd === "same" || transaction === "same" ? 16 : 0) +
    (text === "same" ? 8 : 0) +
    (iban === "same" ? 4 : 0) +
    (name === "same" ? 2 : 0);
  if (points > 0) return points;
  const says = (evidence: Buffer): boolean => evidence.some((byte) => byte !== 0);
  const silent = !says(coming.evidence) || !says(stored.evidence);
  // Two statements of one kind write the same booking alike; of two kinds, one may say nothing but the amount.
  return silent && (!sameKind || (!says(coming.evidence) && !says(stored.evidence))) ? 1 : undefined;
}

/** Nobody is named: it may be the total of a batch. */
export const namesNobody = (evidence: Buffer): boolean => {
  const at = SLOTS.indexOf("iban") * BYTES;
  return evidence.subarray(at, at + BYTES).every((byte) => byte === 0);
};

const [REFERENCE, TEXT] = [SLOTS.indexOf("reference"), SLOTS.indexOf("text")];
const WEAK = new Set([SLOTS.indexOf("iban"), SLOTS.indexOf("name")]);

/**
 * Stored entries of one account, amount and direction, found by what they state, so that thousands of equal amounts on
 * a day are not all compared with each other. Left out is what could not agree: within a family another reference, or
 * another text, is another booking.
 */
export class Candidates {
  private readonly lists = new Map<string, StoredEntry[]>();
  private readonly families = new Set<string>();
  private readonly silent: StoredEntry[] = [];
  private readonly all: StoredEntry[] = [];

  add(entry: StoredEntry): void {
    this.all.push(entry);
    const stated = statedIn(entry.evidence);
    if (stated.size === 0) this.silent.push(entry);
    const family = familyOf(entry.kind);
    this.families.add(family);
    const sort = `${family}|${stated.has(REFERENCE)}|${stated.has(TEXT)}`;
    for (const [slot, value] of stated) {
      const key = `${slot}|${sort}|${value}`;
      const list = this.lists.get(key);
      if (list) list.push(entry);
      else this.lists.set(key, [entry]);
    }
  }

  /**
   * Those that agree, with how well, without those that are taken. Of many that state the same value, as many as entries
   * come (`most`) are enough for each of them to find one.
   */
  for(
    coming: ComingEntry,
    of: ComingStatement,
    taken: ReadonlySet<StoredEntry>,
    most: number,
  ): ReadonlyMap<StoredEntry, number> {
    const { evidence } = coming;
    const { kind } = of;
    const found = new Map<StoredEntry, number>();
    const take = (list: readonly StoredEntry[]): void => {
      let left = most;
      for (const entry of list) {
        if (left === 0) return;
        const points = taken.has(entry) ? undefined : agreement(coming, of, entry);
        if (points === undefined) continue;
        found.set(entry, points);
        left -= 1;
      }
    };
    const stated = statedIn(evidence);
    if (stated.size === 0) {
      take(this.all);
      return found;
    }
    take(this.silent);
    for (const family of this.families)
      for (const referred of [true, false])
        for (const worded of [true, false]) {
          const same = family === familyOf(kind);
          for (const [slot, value] of stated) {
            if (same && referred && stated.has(REFERENCE) && slot !== REFERENCE) continue;
            if (same && worded && stated.has(TEXT) && WEAK.has(slot)) continue;
            const list = this.lists.get(`${slot}|${family}|${referred}|${worded}|${value}`);
            if (list) take(list);
          }
        }
    return found;
  }
}

/** What an evidence states, by its place. */
export function statedIn(evidence: Buffer): Map<number, string> {
  const stated = new Map<number, string>();
  SLOTS.forEach((_, index) => {
    const part = evidence.toString("latin1", index * BYTES, (index + 1) * BYTES);
    if (part !== "\0".repeat(BYTES)) stated.set(index, part);
  });
  return stated;
}

/** Pairs of coming and stored entries, best agreement first, each at most once; `taken` grows by those found. */
export function paired<Coming extends ComingEntry>(
  coming: readonly (readonly [Coming, Candidates | undefined])[],
  of: ComingStatement,
  taken: Set<StoredEntry>,
): Map<Coming, StoredEntry> {
  const found: { coming: Coming; stored: StoredEntry; points: number }[] = [];
  for (const [one, candidates] of coming) {
    if (!candidates) continue;
    for (const [two, points] of candidates.for(one, of, taken, coming.length))
      found.push({ coming: one, stored: two, points });
  }
  found.sort((a, b) => b.points - a.points);
  const pairs = new Map<Coming, StoredEntry>();
  for (const pair of found) {
    if (pairs.has(pair.coming) || taken.has(pair.stored)) continue;
    pairs.set(pair.coming, pair.stored);
    taken.add(pair.stored);
  }
  return pairs;
}
