/** Writing matches, many at once: bookings, matches, entries, what is learned. The entries' rows must be locked. */
import { type CustomerId, dateIn, type ReceivableId, type Uuid } from "../../pure/kernel/index.ts";
import { type Act, actorName } from "../../platform/access/index.ts";
import { changeEntries, type Entry, type EntryPayload, PAYMENT_KIND } from "../banking/index.ts";
import { creditor, learnAccounts, survivorOf } from "../customers/index.ts";
import {
  type Allocation,
  bookPayments,
  type Concession,
  createTasks,
  type OpenOf,
  settleOnAccount,
  takeBackWriteOff,
  type TaskInput,
} from "../receivables/index.ts";
import { learn, strengthen, type Taught } from "./learning/memory.ts";
import { type Candidate, type Reason, scoreOf } from "./model.ts";
import { insertMatches, type Match, rememberPayments } from "./store.ts";

/** A candidate as it stands in `bank_entry.proposals`: ids, numbers, amounts, codes. */
export interface Proposal {
  readonly customerId: CustomerId;
  readonly score: number;
  /** Minor units as text; what stays on account has neither id nor number. */
  readonly items: readonly {
    readonly receivableId: ReceivableId | null;
    readonly number: string | null;
    readonly amountMinor: string;
  }[];
  readonly reasons: readonly Reason[];
  /** Discount or residual that is given when it is booked; minor units as text. */
  readonly concessions?: readonly (Omit<Concession, "minor"> & { readonly minor: string })[];
  /** Its evidence as numbers, for learning. */
  readonly features?: readonly number[];
  /** For money that went back: the match it undoes. */
  readonly returnOf?: Uuid;
}

export const proposalOf = (candidate: Candidate): Proposal => ({
  customerId: candidate.customerId,
  score: scoreOf(candidate),
  items: candidate.items.map((item) => ({ ...item, amountMinor: item.amountMinor.toString() })),
  reasons: candidate.reasons,
  features: candidate.features.map((value) => Math.round(value * 1_000) / 1_000),
  ...(candidate.concessions.length > 0 && {
    concessions: candidate.concessions.map((given) => ({ ...given, minor: `${given.minor}` })),
  }),
});

/** Sealed with the match: what the bank said, whether the match taught the account, the booking of a return's fee. */
export interface MatchPayload extends EntryPayload {
  readonly learnedAccount: boolean;
  readonly features?: readonly number[];
  readonly feeBookingId?: Uuid;
  /** By which a write-off was taken back, so that the item could take the money. */
  readonly writeOffBookingId?: Uuid;
}

export interface Decision {
  readonly customerId: CustomerId;
  /** In the order to be paid (§ 366 I BGB); empty: the statutory order. */
  readonly designated: readonly ReceivableId[];
  readonly score: number;
  readonly reasons: readonly Reason[];
  readonly learn: boolean;
  readonly concessions?: readonly Concession[];
  readonly features?: readonly number[];
  /** Credit notes were counted in: net what stays open afterwards. */
  readonly net: boolean;
}

export interface Booked {
  readonly matchId: Uuid;
  readonly bookingId: Uuid;
  readonly customerId: CustomerId;
  readonly allocations: readonly Allocation[];
}

export interface Decided {
  readonly entry: Entry;
  readonly payload: EntryPayload & Pick<MatchPayload, "writeOffBookingId">;
  readonly decision: Decision;
}

export interface NewMatch {
  readonly entry: Entry;
  readonly payload: MatchPayload;
  readonly match: Omit<Match, "state" | "createdAt" | "payloadSealed">;
}

/** Payloads are re-sealed with the customer's records key: erasing the customer erases them, the statement keeps nothing. */
export async function keepMatches(act: Act, matches: readonly NewMatch[]): Promise<void> {
  const seals = await act.vault.forCustomers(
    act.tx,
    matches.map(({ match }) => match.customerId),
  );
  const sealed = matches.map(({ match, payload }) => {
    const seal = seals.get(match.customerId);
    if (!seal) throw new Error(`customer ${match.customerId} has no keys in this tenant`);
    return { ...match, payloadSealed: seal.seal("records", PAYMENT_KIND, JSON.stringify(payload)) };
  });
  await insertMatches(act, sealed);
  await changeEntries(
    act,
    matches.map(({ entry, match }) => ({
      fingerprint: entry.fingerprint,
      status: "booked",
      customerId: match.customerId,
      score: match.score,
      proposals: [],
    })),
  );
}

/** Books an entry to a customer; see `bookEntries`. */
export async function bookEntry(act: Act, entry: Entry, payload: EntryPayload, decision: Decision): Promise<Booked> {
  // A proposal may name a file that was merged since.
  const customerId = await survivorOf(act, decision.customerId);
  const { designated } = decision;
  const writeOffBookingId = await takeBackWriteOff(act, customerId, designated, entry.amountMinor, entry.valueOn);
  const kept = { ...payload, ...(writeOffBookingId !== undefined && { writeOffBookingId }) };
  const [booked] = await bookEntries(act, [{ entry, payload: kept, decision: { ...decision, customerId } }]);
  if (!booked) throw new Error("the entry was not booked");
  return booked;
}

/**
 * Books entries to their customers, who are locked before anything else. Results in the order given. `open`: open items
 * as read under the lock, when the caller has them.
 */
export async function bookEntries(act: Act, decided: readonly Decided[], open?: OpenOf): Promise<readonly Booked[]> {
  if (decided.length === 0) return [];
  const payments = await bookPayments(
    act,
    decided.map(({ entry, decision }) => ({
      customerId: decision.customerId,
      creditorId: entry.creditorId,
      amountMinor: entry.amountMinor,
      currency: entry.currency,
      valueOn: entry.valueOn,
      designated: decision.designated,
      ...(decision.concessions && { concessions: decision.concessions }),
    })),
    open,
  );
  const decidedBy = actorName(act.actor);
  const matches = decided.map(({ entry, payload, decision }, index) => {
    const payment = payments[index];
    if (!payment) throw new Error("a payment was not booked");
    const match = {
      customerId: decision.customerId,
      matchId: act.tx.newId<Uuid>(),
      entryFingerprint: entry.fingerprint,
      bookingId: payment.bookingId,
      amountMinor: entry.amountMinor,
      currency: entry.currency,
      score: decision.score,
      reasons: [...decision.reasons, ...(payment.partnerMinor > 0n ? [PARTNERS] : [])],
      decidedBy,
    };
    const learnedAccount = decision.learn && payload.payerIban !== null;
    const { features } = decision;
    return { entry, decision, payment, match, payload: { ...payload, learnedAccount, ...(features && { features }) } };
  });
  await keepMatches(act, matches);
  await rememberPayments(act, matches);
  await rememberAccounts(act, matches);
  for (const { decision, entry } of matches)
    if (decision.net) await settleOnAccount(act, decision.customerId, entry.valueOn);
  const tasks: TaskInput[] = [];
  for (const { entry, match, payment } of matches) {
    if (payment.onAccountMinor <= 0n) continue;
    const { zone } = await creditor(act, entry.creditorId);
    tasks.push({
      customerId: match.customerId,
      kind: "overpayment",
      amountMinor: payment.onAccountMinor,
      currency: entry.currency,
      facts: { entryId: entry.entryId, matchId: match.matchId },
      dueOn: dateIn(act.tx.now, zone),
    });
  }
  await createTasks(act, tasks);
  return matches.map(({ match, payment }) => ({
    matchId: match.matchId,
    bookingId: match.bookingId,
    customerId: match.customerId,
    allocations: payment.allocations,
  }));
}

/** The money is booked, and somebody else must hear of it. */
const PARTNERS: Reason = { code: "case_handed_over" };

/** Accounts that matches teach are remembered; those they rested on weigh more. */
async function rememberAccounts(
  act: Act,
  matches: readonly {
    readonly entry: Entry;
    readonly payload: MatchPayload;
    readonly match: Pick<Match, "customerId" | "matchId" | "reasons">;
  }[],
): Promise<void> {
  const how = act.actor.kind === "user" ? "confirmed" : "automatic";
  const taught: Taught[] = [];
  const known: Taught[] = [];
  for (const { entry, payload, match } of matches) {
    if (payload.payerIban === null) continue;
    const codes = match.reasons.map(({ code }) => code);
    const one = {
      customerId: match.customerId,
      iban: payload.payerIban,
      relation: codes.includes("name_contradicts") ? "pays_for" : "own",
      how: codes.includes("by_hand") ? "by_hand" : how,
      matchId: match.matchId,
      paidOn: entry.valueOn,
    } as const;
    if (payload.learnedAccount) taught.push(one);
    else if (codes.includes("account_known") || codes.includes("account_shared")) known.push(one);
  }
  const counts = await learn(act, taught);
  await learnAccounts(
    act,
    taught.filter((_, index) => counts.has(index)),
  );
  await strengthen(act, known);
}
