/**
 * The same claim paid twice. Matching leaves a task (`duplicate_payment`) with the entry and the match before it; a
 * person says what becomes of the money. It is booked first, so that it is the customer's whatever is decided.
 */
import {
  type CreditorId,
  type Currency,
  type CustomerId,
  dateIn,
  type Failure,
  fail,
  ok,
  type PlainDate,
  type Result,
  type Uuid,
} from "../../../pure/kernel/index.ts";
import { type Act, appendAudit } from "../../../platform/access/index.ts";
import {
  entries,
  type Entry,
  type EntryPayload,
  lockEntry,
  openEntryPayload,
  proposeRefund,
} from "../../banking/index.ts";
import { creditor, lockCustomer, mayOpenCustomer } from "../../customers/index.ts";
import { allocationsOf, decideTask, onAccountId, settleOnAccount, type Task, tasks } from "../../receivables/index.ts";
import { bookedElsewhere } from "../automatic/seen.ts";
import { bookByHand, openMatchPayload } from "../booking.ts";
import { type Match, matchesOfEntries, paymentsById } from "../store.ts";

/** `refund` proposes it (four eyes decide), `set_off` pays other open items, `keep` leaves it as credit. */
export type TwiceAct = "refund" | "set_off" | "keep";
export type TwiceState = "open" | "refund_proposed" | "set_off" | "kept";

export interface PaidOnce {
  readonly entryId: Uuid;
  readonly on: PlainDate;
  /** Minor units. */
  readonly amountMinor: bigint;
  /** Null where the bank names none, or once the customer is erased. */
  readonly account: string | null;
  readonly remittance: readonly string[];
}

export interface PaidTwice {
  readonly taskId: Uuid;
  readonly customerId: CustomerId;
  readonly creditorId: CreditorId;
  /** Of the item that was paid first; null when that money went to several or to none. */
  readonly number: string | null;
  readonly amountMinor: bigint;
  readonly currency: Currency;
  readonly first: PaidOnce;
  readonly second: PaidOnce;
  readonly state: TwiceState;
}

export interface TwiceFilter {
  readonly state?: "open" | "decided";
  readonly creditorId?: CreditorId;
  readonly taskId?: Uuid;
}

const factOf = (task: Task, name: string): Uuid | undefined => {
  const fact = task.facts[name];
  return typeof fact === "string" ? (fact as Uuid) : undefined;
};

function stateOf(task: Task): TwiceState {
  if (task.state === "open") return "open";
  const { decision } = task.facts;
  return decision === "refund" ? "refund_proposed" : decision === "set_off" ? "set_off" : "kept";
}

/** Payments that came twice, the most urgent first. One whose payment before is not on record any more is left out. */
export async function paidTwice(act: Act, filter: TwiceFilter = {}, limit = 500): Promise<PaidTwice[]> {
  const listed = await tasks(act, {
    kind: "duplicate_payment",
    state: filter.state === "open" ? "open" : "any",
    ...(filter.taskId !== undefined && { taskId: filter.taskId }),
    limit,
  });
  const asked = listed.filter((task) => filter.state !== "decided" || task.state !== "open");
  const firsts = await paymentsById(
    act,
    asked.map(({ customerId }) => customerId),
    asked.flatMap((task) => factOf(task, "matchId") ?? []),
  );
  const entryIds = asked.flatMap((task) => factOf(task, "entryId") ?? []);
  const seconds = entryIds.length === 0 ? [] : await entries(act, { entryIds, limit: entryIds.length });
  const fingerprints = [...firsts.values()].map((match) => match.entryFingerprint);
  const before = fingerprints.length === 0 ? [] : await entries(act, { fingerprints, limit: fingerprints.length });
  const byFingerprint = new Map(before.map((entry) => [entry.fingerprint.toString("hex"), entry]));
  const found: PaidTwice[] = [];
  for (const task of asked) {
    const match = firsts.get(factOf(task, "matchId") ?? "");
    const earlier = match && byFingerprint.get(match.entryFingerprint.toString("hex"));
    const second = seconds.find(({ entryId }) => entryId === factOf(task, "entryId"));
    if (!match || !earlier || !second) continue;
    if (filter.creditorId !== undefined && second.creditorId !== filter.creditorId) continue;
    const parts = (await allocationsOf(act, match.customerId, [match.bookingId])).get(match.bookingId) ?? [];
    const [only, another] = parts.filter(({ onAccount }) => !onAccount);
    found.push({
      taskId: task.taskId,
      customerId: task.customerId,
      creditorId: second.creditorId,
      number: only && !another ? only.number : null,
      amountMinor: second.amountMinor,
      currency: second.currency,
      first: once(earlier, await payloadOf(act, match)),
      second: once(second, await secondPayload(act, second)),
      state: stateOf(task),
    });
  }
  return found;
}

const once = (entry: Entry, payload: EntryPayload | undefined): PaidOnce => ({
  entryId: entry.entryId,
  on: entry.valueOn,
  amountMinor: entry.amountMinor,
  account: payload?.payerIban ?? null,
  remittance: payload?.remittance ?? [],
});

async function payloadOf(act: Act, match: Match): Promise<EntryPayload | undefined> {
  const opened = await openMatchPayload(act, match);
  return opened.ok ? opened.value : undefined;
}

async function secondPayload(act: Act, entry: Entry): Promise<EntryPayload | undefined> {
  if (entry.payloadSealed !== null) {
    const opened = await openEntryPayload(act, entry);
    return opened.ok ? opened.value : undefined;
  }
  if (entry.customerId === null) return undefined;
  const [match] = await matchesOfEntries(act, [{ customerId: entry.customerId, fingerprint: entry.fingerprint }]);
  return match && payloadOf(act, match);
}

/**
 * Decides what becomes of the second payment. Failures: `work_unknown`, `customer_restricted`, `already_done` (also when the
 * entry was booked to somebody else meanwhile), those of `bookByHand`, and for `refund` those of `proposeRefund`; then nothing is booked.
 */
export async function decidePaidTwice(act: Act, taskId: Uuid, what: TwiceAct): Promise<Result<PaidTwice, Failure>> {
  const [read] = await paidTwice(act, { taskId });
  if (!read) return fail("not_found", "work_unknown", "There is no such work.", taskId);
  const { customerId, creditorId, currency, amountMinor } = read;
  const may = await mayOpenCustomer(act, customerId);
  if (!may.ok) return may;
  await lockCustomer(act, customerId);
  const entry = await lockEntry(act, read.second.entryId);
  const done = () => fail("conflict", "already_done", "This was decided before.", taskId);
  const [now] = await tasks(act, { kind: "duplicate_payment", taskId });
  if (!now || !entry) return done();
  if (entry.status === "booked" && entry.customerId !== customerId) return done();
  const account = onAccountId({ customerId, creditorId, currency });
  if (entry.status !== "booked" && !(what === "keep" && (await bookedElsewhere(act, creditorId)))) {
    const booked = await bookByHand(act, entry.entryId, customerId, what === "set_off" ? [] : [account]);
    if (!booked.ok) return booked;
  } else if (what === "set_off") {
    const { zone } = await creditor(act, creditorId);
    await settleOnAccount(act, customerId, dateIn(act.tx.now, zone));
  }
  if (what === "refund") {
    const proposed = await proposeRefund(act, { customerId, receivableId: account, amountMinor });
    if (!proposed.ok) return proposed;
  }
  const decided = await decideTask(act, customerId, taskId, "done", { decision: what });
  if (!decided.ok) return decided;
  await appendAudit(act, {
    act: "match.paid_twice",
    subject: taskId,
    details: { customer: customerId, decision: what },
  });
  const [after] = await paidTwice(act, { taskId });
  return after ? ok(after) : done();
}
