/**
 * Lets messages leave. Three steps, so that a dead process never leaves a doubt behind (invariants 4 and 5):
 * 1. one transaction looks again at ledger, holds, consent, quiet hours and caps, and commits the attempt;
 * 2. the message is rendered from what that transaction saw, and handed to its channel;
 * 3. one transaction writes how it ended; the acknowledgement follows the commit.
 */
import { type Actor, type Act, type Platform, withAct } from "../../platform/access/index.ts";
import {
  type CustomerId,
  dateIn,
  type Failure,
  type Instant,
  ok,
  type PlainDate,
  type Result,
  type TenantId,
  type Uuid,
} from "../../pure/kernel/index.ts";
import { createTask, type Receivable } from "../../books/receivables/index.ts";
import { customerFacts, type CustomerFacts, markUndeliverable } from "../../books/customers/index.ts";
import { contactMoment } from "./contact/hours.ts";
import type { MessageChannel } from "./contact/rules.ts";
import { aboutOnly, claimable, claimedItems, noLongerRight } from "./leaving-check.ts";
import type { ChannelAdapter, Message, MessageRef, Parcel, Rendering, SendOutcome } from "./model.ts";
import {
  dueMessages,
  endAttempt,
  endMessage,
  lockMessage,
  markLeaving,
  markLeft,
  openAttempts,
  postponeMessage,
  refusedBefore,
  sealedParts,
  startAttempt,
} from "./store.ts";
import { contactRules } from "./contact/settings.ts";

/** What a message is rendered from, gathered in the leaving transaction; survives JSON. */
export interface Prepared {
  readonly values: unknown;
  readonly templateVersion: number;
  readonly contactPointId: string | null;
  readonly totalMinor: bigint | null;
  readonly currency: string | null;
  readonly paymentsUpTo: PlainDate | null;
  readonly termOn: PlainDate | null;
  readonly from?: string;
  readonly replyTo?: string;
}

/** Fills and renders texts; see `composer.ts`. */
export interface Composer {
  /** Failures name the missing variable: the message is parked. */
  prepare(act: Act, message: Message, items: readonly Receivable[], customer: CustomerFacts): Promise<Result<Prepared>>;
  /** Pure in what `prepare` gave: the same values give the same bytes. */
  render(message: Message, prepared: Prepared): Promise<Result<Rendering>>;
}

export interface Acknowledgement {
  readonly kind: "message left";
  readonly id: string;
  readonly at: Instant;
}

export interface Outbox {
  readonly platform: Platform;
  /** This process, as `worker_alive` knows it. */
  readonly worker: string;
  isAlive(worker: string): Promise<boolean>;
  readonly channels: Readonly<Record<MessageChannel, ChannelAdapter>>;
  readonly composer: Composer;
  readonly acknowledge?: (acknowledgement: Acknowledgement) => void;
}

export type Ending = "left" | "dropped" | "parked" | "failed" | "unknown" | "postponed" | "gone";
export type EndingCounts = Readonly<Record<Ending, number>>;

const ACTOR: Actor = { kind: "system", id: "outbox" };
const RETRY_MINUTES = 15;

interface Leave {
  readonly message: Message;
  readonly attempt: number;
  readonly prepared: Prepared;
  /** Day of the first attempt: a repeated letter keeps its name and its folder. */
  readonly businessDate: PlainDate;
}

/** Attempts this process is at, by message: an open one of its own that is not here was cut off by an error. */
const underway = new Set<string>();

const noEndings = (): Record<Ending, number> => ({
  left: 0,
  dropped: 0,
  parked: 0,
  failed: 0,
  unknown: 0,
  postponed: 0,
  gone: 0,
});

/**
 * Everything whose time has come; `concurrency` messages at a time. Ends when nothing is due. A message that can't be
 * looked at or rendered (a broken machine, a bug) waits a quarter of an hour and does not stand in the way of the others;
 * the first such error is thrown when all others are through.
 */
export async function letDueMessagesLeave(outbox: Outbox, tenantId: TenantId, concurrency = 4): Promise<EndingCounts> {
  const counts = noEndings();
  const errors: unknown[] = [];
  for (;;) {
    const due = await withAct(outbox.platform, tenantId, ACTOR, (act) => dueMessages(act, 200));
    if (due.length === 0) break;
    const queue = [...due];
    await Promise.all(
      Array.from({ length: concurrency }, async () => {
        for (let ref = queue.shift(); ref !== undefined; ref = queue.shift()) {
          const ending = await letLeave(outbox, tenantId, ref, errors);
          counts[ending] += 1;
        }
      }),
    );
  }
  if (errors.length > 0) throw errors[0];
  return counts;
}

async function letLeave(outbox: Outbox, tenantId: TenantId, ref: MessageRef, errors: unknown[]): Promise<Ending> {
  let checked: Ending | Leave;
  try {
    checked = await withAct(outbox.platform, tenantId, ACTOR, (act) => checkAndMark(outbox, act, ref));
  } catch (error) {
    errors.push(error);
    return withAct(outbox.platform, tenantId, ACTOR, async (act): Promise<Ending> => {
      const message = await lockMessage(act, ref);
      if (message?.state !== "queued") return "gone";
      await postponeMessage(act, ref, inAWhile(act), "error");
      return "postponed";
    });
  }
  return typeof checked === "string" ? checked : renderAndSend(outbox, tenantId, checked, errors);
}

const inAWhile = (act: Act): Instant => new Date(act.tx.now.getTime() + RETRY_MINUTES * 60_000);

/** Step 1. Returns how it ended, or what is now committed as leaving. */
async function checkAndMark(outbox: Outbox, act: Act, ref: MessageRef): Promise<Ending | Leave> {
  const message = await lockMessage(act, ref);
  if (message?.state !== "queued" || message.needsApproval || message.leaveAfter > act.tx.now) return "gone";
  const customer = (await customerFacts(act, [ref.customerId])).get(ref.customerId);
  if (!customer) throw new Error("a message without its customer");
  const businessDate = dateIn(act.tx.now, customer.zone);

  const moment = contactMoment(act.tx.now, message.channel, customer);
  if (moment > act.tx.now) {
    await postponeMessage(act, ref, moment, "quiet_hours");
    return "postponed";
  }
  const items = await claimedItems(act, message);
  const ground = await noLongerRight(act, message, items, businessDate, await contactRules(act));
  if (ground !== null) {
    await endMessage(act, ref, "dropped", ground);
    return "dropped";
  }
  const claimed = await claimable(act, message, items, businessDate);
  const about = aboutOnly(message, claimed);
  const prepared = await outbox.composer.prepare(act, about, claimed, customer);
  if (!prepared.ok) {
    await park(act, message, prepared.error, businessDate);
    return "parked";
  }
  const seal = await act.vault.forCustomer(act.tx, ref.customerId);
  const attempt = await markLeaving(act, ref, {
    ...prepared.value,
    receivableIds: about.receivableIds,
    itemStages: about.itemStages,
    valuesSealed: seal.seal("records", "message_values", encode({ prepared: prepared.value, leavesOn: businessDate })),
    worker: outbox.worker,
  });
  return { message: about, attempt, prepared: prepared.value, businessDate };
}

async function park(act: Act, message: Message, failure: Failure, day: PlainDate): Promise<void> {
  await endMessage(act, message, "parked", `${failure.code}${failure.where ? `: ${failure.where}` : ""}`);
  await createTask(act, {
    customerId: message.customerId,
    ...(message.caseId !== null && { caseId: message.caseId }),
    kind: "parked_message",
    facts: { messageId: message.messageId, reason: failure.code, ...(failure.where && { where: failure.where }) },
    dueOn: day,
  });
}

/** Steps 2 and 3. */
async function renderAndSend(outbox: Outbox, tenantId: TenantId, leave: Leave, errors: unknown[]): Promise<Ending> {
  underway.add(leave.message.messageId);
  try {
    return await renderAndSendOnce(outbox, tenantId, leave, errors);
  } finally {
    underway.delete(leave.message.messageId);
  }
}

async function renderAndSendOnce(outbox: Outbox, tenantId: TenantId, leave: Leave, errors: unknown[]): Promise<Ending> {
  const { message, attempt, prepared, businessDate } = leave;
  let rendered: Result<Rendering>;
  try {
    rendered = await outbox.composer.render(message, prepared);
  } catch (error) {
    // Nothing was handed over, so trying again is safe.
    errors.push(error);
    return withAct(outbox.platform, tenantId, ACTOR, async (act): Promise<Ending> => {
      await lockMessage(act, message);
      if (!(await endAttempt(act, message, attempt, "failed", null))) return "gone";
      await postponeMessage(act, message, inAWhile(act), "error");
      return "postponed";
    });
  }
  if (!rendered.ok)
    return withAct(outbox.platform, tenantId, ACTOR, async (act): Promise<Ending> => {
      await lockMessage(act, message);
      if (!(await endAttempt(act, message, attempt, "failed", null))) return "gone";
      await park(act, message, rendered.error, businessDate);
      return "parked";
    });
  const parcel: Parcel = {
    messageId: message.messageId,
    customerId: message.customerId,
    brandId: message.brandId,
    rendering: rendered.value,
    leavesOn: businessDate,
    ...(prepared.from !== undefined && { from: prepared.from }),
    ...(prepared.replyTo !== undefined && { replyTo: prepared.replyTo }),
  };
  const outcome = await outbox.channels[message.channel].send(parcel);
  return withAct(outbox.platform, tenantId, ACTOR, (act) => conclude(outbox, act, leave, rendered.value, outcome));
}

async function conclude(
  outbox: Outbox,
  act: Act,
  { message, attempt, prepared, businessDate }: Leave,
  rendering: Rendering,
  outcome: SendOutcome,
): Promise<Ending> {
  const now = await lockMessage(act, message);
  switch (outcome.kind) {
    case "left": {
      // Somebody took this process for dead and settled the message. That it left is true all the same, but once.
      if (now?.state === "left") return "gone";
      const seal = await act.vault.forCustomer(act.tx, message.customerId);
      const sealed = seal.seal("records", "message_rendering", JSON.stringify(rendering));
      await endAttempt(act, message, attempt, "left", outcome.reference ?? null);
      await markLeft(act, message, sealed, outcome.evidence, businessDate);
      const at = act.tx.now;
      act.tx.afterCommit(() => outbox.acknowledge?.({ kind: "message left", id: message.messageId, at }));
      return "left";
    }
    case "refused": {
      if (!(await endAttempt(act, message, attempt, "failed", null))) return "gone";
      if (outcome.permanent) {
        await endMessage(act, message, "failed", outcome.reason);
        const point = prepared.contactPointId;
        if (point !== null && (outcome.address || (await refusedBefore(act, message, point))))
          await markUndeliverable(act, message.customerId, point as Uuid);
        return "failed";
      }
      await postponeMessage(act, message, inAWhile(act), outcome.reason);
      return "postponed";
    }
    case "unclear": {
      if (!(await endAttempt(act, message, attempt, "unknown", null))) return "gone";
      await unclear(act, message, outcome.reason, businessDate);
      return "unknown";
    }
  }
}

async function unclear(act: Act, message: Message, reason: string, day: PlainDate): Promise<void> {
  await park(act, message, { kind: "unavailable", code: "outcome_unclear", message: reason }, day);
  await endMessage(act, message, "unknown", reason);
}

/**
 * After a process died: what it was sending is settled. A repeatable channel sends the same parcel again; otherwise the
 * message becomes `unknown` and waits for a person. Messages of living processes are left alone.
 */
export async function settleInterrupted(outbox: Outbox, tenantId: TenantId): Promise<EndingCounts> {
  const counts = noEndings();
  const errors: unknown[] = [];
  const open = await withAct(outbox.platform, tenantId, ACTOR, openAttempts);
  const alive = new Map<string, boolean>();
  for (const ref of open) {
    const own = ref.worker === outbox.worker;
    if (!own && !alive.has(ref.worker)) alive.set(ref.worker, await outbox.isAlive(ref.worker));
    if (own ? underway.has(ref.messageId) : alive.get(ref.worker)) continue;
    const again = await withAct(outbox.platform, tenantId, ACTOR, async (act): Promise<Ending | Leave> => {
      const message = await lockMessage(act, ref);
      // The attempt may have ended meanwhile, or another process settles it.
      if (message?.state !== "leaving" || !(await endAttempt(act, ref, ref.number, "unknown", null))) return "gone";
      const customer = (await customerFacts(act, [ref.customerId])).get(ref.customerId);
      const businessDate = dateIn(act.tx.now, customer?.zone ?? "Europe/Berlin");
      const prepared = await preparedBefore(act, message.customerId, ref);
      if (!outbox.channels[message.channel].repeatable || !prepared.ok) {
        await unclear(act, message, "process_died", businessDate);
        return "unknown";
      }
      const attempt = await startAttempt(act, ref, outbox.worker);
      return { message, attempt, prepared: prepared.value.prepared, businessDate: prepared.value.leavesOn };
    });
    const ending = typeof again === "string" ? again : await renderAndSend(outbox, tenantId, again, errors);
    counts[ending] += 1;
  }
  if (errors.length > 0) throw errors[0];
  return counts;
}

interface Kept {
  readonly prepared: Prepared;
  readonly leavesOn: PlainDate;
}

async function preparedBefore(act: Act, customerId: CustomerId, ref: MessageRef): Promise<Result<Kept>> {
  const parts = await sealedParts(act, ref);
  const seal = await act.vault.forCustomer(act.tx, customerId);
  const text = seal.openText("records", "message_values", parts?.values ?? Buffer.alloc(0));
  return text.ok ? ok(decode(text.value)) : text;
}

const encode = (kept: Kept): string =>
  JSON.stringify(kept, (_, value: unknown) => (typeof value === "bigint" ? { bigint: value.toString() } : value));
const decode = (text: string): Kept =>
  JSON.parse(text, (_, value: unknown) =>
    typeof value === "object" && value !== null && "bigint" in value ? BigInt(String(value.bigint)) : value,
  ) as Kept;

/** What `values_sealed` of a message holds, opened: for people who look at it. */
export const decodePrepared = (text: string): Prepared => decode(text).prepared;
