/**
 * Matching by itself: takes new entries in groups, each group one transaction, so that a stop loses nothing and a
 * second start goes on. Entries another matcher holds are skipped; customers are locked in the order of their ids.
 */
import type { CreditorId, Instant, TenantId } from "../../../pure/kernel/index.ts";
import { type Act, type Actor, appendAudit, type Platform, withAct } from "../../../platform/access/index.ts";
import { type EntryFilter, lockNewEntries, openEntryPayloads } from "../../banking/index.ts";
import type { Shape } from "../references.ts";
import { readShapes } from "../store.ts";
import { bookAdvised } from "../advice/book.ts";
import { settlePayouts } from "../settlement/settle.ts";
import type { Booked } from "../writing.ts";
import { again } from "./again.ts";
import { holdAnnounced } from "./announced.ts";
import { matchCredits, type OpenedEntry, type Outcome } from "./credits.ts";
import { matchReturn } from "./returns.ts";

export interface Acknowledgement {
  readonly kind: "payment booked";
  readonly id: string;
  readonly at: Instant;
}

export interface MatchOptions {
  /** Called after the commit that booked a payment, once each. */
  readonly onAck?: (ack: Acknowledgement) => void;
  /** Called after each group with the counts so far. */
  readonly progress?: (counts: MatchCounts) => void;
}

export interface MatchCounts {
  readonly booked: number;
  readonly proposed: number;
  readonly unmatched: number;
}

/**
 * Entries of one transaction: enough to share the reads and the flush to disk, few enough that memory stays small and
 * customers are locked for a moment only.
 */
const GROUP = 1_000;
const GROUP_MIN = 50;
/** Groups at the same time: while the server writes one, the next is read and judged. */
const LANES = 2;

interface Run {
  readonly platform: Platform;
  readonly tenantId: TenantId;
  readonly actor: Actor;
  readonly filter: EntryFilter;
  readonly options: MatchOptions;
  /** One scan of a creditor's numbers a run: lanes that need it at the same moment wait for the same one. */
  readonly shapes: Map<CreditorId, Promise<readonly Shape[]>>;
  readonly counts: { booked: number; proposed: number; unmatched: number };
}

/** What became of a group: outcomes of what was decided, and how many were taken; or that a return comes first. */
type Group = { readonly outcomes: readonly Outcome[]; readonly taken: number } | "return_first" | "credit_first";

/** Matches all new entries of a filter. Safe to run twice, at the same time too: an entry is decided once. */
export async function matchEntries(
  platform: Platform,
  tenantId: TenantId,
  actor: Actor,
  filter: Omit<EntryFilter, "status" | "limit" | "offset">,
  options: MatchOptions = {},
): Promise<MatchCounts> {
  const counts = { booked: 0, proposed: 0, unmatched: 0 };
  // First what a provider's file or a payer's advice explains: that is not guessed at.
  const acknowledge = (bookings: readonly Booked[], { tx }: Act): void => {
    for (const { matchId } of bookings)
      tx.afterCommit(() => options.onAck?.({ kind: "payment booked", id: matchId, at: tx.now }));
  };
  await settlePayouts(platform, tenantId, actor, acknowledge);
  await bookAdvised(platform, tenantId, actor, acknowledge);
  const run: Run = { platform, tenantId, actor, filter, options, shapes: new Map(), counts };
  const current: Promise<unknown>[] = [];
  // A return looks for a payment that another lane may be booking: it waits for the others, and they for it.
  let alone: Promise<unknown> = Promise.resolve();
  let failed = false;
  const lane = async (index: number): Promise<void> => {
    let size = GROUP;
    let patient = false;
    for (;;) {
      for (let seen; seen !== alone; ) await (seen = alone);
      if (failed) return;
      const group = matchGroup(run, size, "credit", patient);
      current[index] = group.catch(() => {});
      const result = await group;
      if (result === "return_first") {
        const before = alone;
        alone = before.then(async () => {
          await Promise.all(current);
          while ((await matchGroup(run, 1, "return", true)) !== "credit_first");
        });
        current[index] = Promise.resolve();
        await alone;
      } else if (result !== "credit_first") {
        if (result.taken === 0) return;
        // When others hold every customer of a group, waiting for them is all that is left to do.
        patient = result.outcomes.length === 0;
        // Many payments of one customer: those left over would be taken and left again and again.
        size =
          !patient && result.outcomes.length * 4 < result.taken
            ? Math.max(GROUP_MIN, result.outcomes.length * 4)
            : GROUP;
      }
    }
  };
  const ended = await Promise.allSettled(
    Array.from({ length: LANES }, (_, index) =>
      lane(index).catch((error: unknown) => {
        failed = true;
        throw error;
      }),
    ),
  );
  for (const end of ended) if (end.status === "rejected") throw end.reason;
  await holdAnnounced(platform, tenantId, actor, (act, creditorIds) => shapesFor(act, run, creditorIds));
  return counts;
}

/** One group, one transaction. With `credit` it stops before the first return, with `return` it takes one return. */
async function matchGroup(run: Run, size: number, side: "credit" | "return", patient: boolean): Promise<Group> {
  const group = await again(() =>
    withAct(run.platform, run.tenantId, run.actor, (act) => matchIn(act, run, size, side, patient)),
  );
  if (typeof group === "string" || group.taken === 0) return group;
  for (const outcome of group.outcomes) run.counts[outcome] += 1;
  run.options.progress?.({ ...run.counts });
  return group;
}

async function matchIn(act: Act, run: Run, size: number, side: "credit" | "return", patient: boolean): Promise<Group> {
  const locked = await lockNewEntries(act, run.filter, size);
  const [first] = locked;
  if (!first) return side === "return" ? "credit_first" : { outcomes: [], taken: 0 };
  // A return locks a customer we don't know yet, so it goes alone; entries not taken stay new.
  const firstReturn = locked.findIndex(({ direction }) => direction === "debit");
  if (side === "return" && firstReturn !== 0) return "credit_first";
  if (side === "credit" && firstReturn === 0) return "return_first";
  const taken = firstReturn > 0 ? locked.slice(0, firstReturn) : locked;
  const payloads = await openEntryPayloads(act, taken);
  const entries = taken.map((entry): OpenedEntry => {
    const payload = payloads.get(entry.entryId);
    if (!payload) throw new Error(`the payload of entry ${entry.entryId} does not open`);
    return { entry, payload };
  });
  const shapes = await shapesFor(act, run, new Set(taken.map(({ creditorId }) => creditorId)));

  const bookings: Booked[] = [];
  const [only] = entries;
  const outcomes =
    side === "return"
      ? only
        ? [await matchReturn(act, only, shapes, bookings)]
        : []
      : await matchCredits(act, entries, shapes, bookings, patient);

  const count = (outcome: Outcome): number => outcomes.filter((one) => one === outcome).length;
  await appendAudit(act, {
    act: "match.batch",
    details: {
      booked: count("booked"),
      proposed: count("proposed"),
      unmatched: count("unmatched"),
      matches: bookings.map(({ matchId }) => matchId),
    },
  });
  const { now } = act.tx;
  for (const { matchId } of bookings)
    act.tx.afterCommit(() => run.options.onAck?.({ kind: "payment booked", id: matchId, at: now }));
  return { outcomes, taken: taken.length };
}

async function shapesFor(
  act: Act,
  { shapes }: Run,
  creditorIds: ReadonlySet<CreditorId>,
): Promise<Map<CreditorId, readonly Shape[]>> {
  const found = new Map<CreditorId, readonly Shape[]>();
  for (const creditorId of creditorIds) {
    let reading = shapes.get(creditorId);
    if (!reading) {
      reading = readShapes(act, creditorId);
      shapes.set(creditorId, reading);
      // What failed is read again by whoever comes next.
      reading.catch(() => shapes.delete(creditorId));
    }
    found.set(creditorId, await reading);
  }
  return found;
}
