/** Which booking an announcement became, and which announcement comes again in a later report. Pure. */
import { addDays, type PlainDate } from "../../../pure/kernel/index.ts";
import { compared, DAYS_BETWEEN, familyOf, statedIn } from "../sameness.ts";

/** What an announcement or a booked entry is recognised by. */
export interface Told {
  readonly dayKey: Buffer;
  readonly evidence: Buffer;
  readonly on: PlainDate;
  readonly kind: string | null;
}

/**
 * How well an announcement and another telling of the same account, amount and direction agree: undefined when they are
 * two payments, else a number, more is better. Other than between two booked entries the day may differ (banks book
 * later than they announce), and so may the bank's reference where the payer's own is the same.
 */
export function tellsOf(one: Told, other: Told): number | undefined {
  if (one.on > addDays(other.on, DAYS_BETWEEN) || other.on > addDays(one.on, DAYS_BETWEEN)) return undefined;
  const { reference, endToEnd, iban, text, name, transaction } = compared(one.evidence, other.evidence);
  if (endToEnd === "other" || iban === "other" || transaction === "other") return undefined;
  const proven = endToEnd === "same" || transaction === "same";
  const sameFamily = familyOf(one.kind) === familyOf(other.kind);
  if (sameFamily && !proven && reference === "other") return undefined;
  if (sameFamily && !proven && reference !== "same" && (text === "other" || name === "other")) return undefined;
  const points =
    (reference === "same" ? 32 : 0) +
    (proven ? 16 : 0) +
    (text === "same" ? 8 : 0) +
    (iban === "same" ? 4 : 0) +
    (name === "same" ? 2 : 0);
  // Of two that agree, the one of the same day.
  return points > 0 ? points + (one.on === other.on ? 1 : 0) : undefined;
}

/** Pairs, the best agreement first, each of both sides at most once. One that states nothing but its amount has none. */
export function pairTold<One extends Told, Other extends Told>(
  ones: readonly One[],
  others: readonly Other[],
): Map<One, Other> {
  const keysOf = ({ dayKey, evidence }: Told): string[] =>
    [...statedIn(evidence)].map(([slot, value]) => `${dayKey.toString("latin1")}|${slot}|${value}`);
  const stating = new Map<string, Other[]>();
  for (const other of others)
    for (const key of keysOf(other)) {
      const list = stating.get(key);
      if (list) list.push(other);
      else stating.set(key, [other]);
    }
  const found: { one: One; other: Other; points: number }[] = [];
  for (const one of ones) {
    const seen = new Set<Other>();
    for (const other of keysOf(one).flatMap((key) => stating.get(key) ?? [])) {
      if (seen.has(other)) continue;
      seen.add(other);
      const points = tellsOf(one, other);
      if (points !== undefined) found.push({ one, other, points });
    }
  }
  found.sort((a, b) => b.points - a.points);
  const pairs = new Map<One, Other>();
  const taken = new Set<Other>();
  for (const { one, other } of found) {
    if (pairs.has(one) || taken.has(other)) continue;
    pairs.set(one, other);
    taken.add(other);
  }
  return pairs;
}
