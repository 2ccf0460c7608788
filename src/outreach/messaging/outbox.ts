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
} from "../../pure/kernel/index.ts";
import { createTask, openItems, type Receivable } from "../../books/receivables/index.ts";
import { customerFacts, type CustomerFacts } from "../../books/customers/index.ts";
import { contactMoment } from "./contact/hours.ts";
import { contactFacts } from "./contact/facts.ts";
import {
  channelBlockers,
  type ContactRules,
  frequencyBlockers,
  holdBlockers,
  type MessageChannel,
} from "./contact/rules.ts";
import type { ChannelAdapter, Message, MessageRef, Parcel, Rendering, SendOutcome } from "./model.ts";
import {
  dueMessages,
  endAttempt,
  endMessage,
  lockMessage,
  messages,
  markLeaving,
  markLeft,
  openAttempts,
  postponeMessage,
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
  readonly businessDate: PlainDate;
}

/** Everything whose time has come; `concurrency` messages at a time. Ends when nothing is due. */
export async function letDueMessagesLeave(outbox: Outbox, tenantId: TenantId, concurrency = 4): Promise<EndingCounts> {
  const counts: Record<Ending, number> = {
    left: 0,
    dropped: 0,
    parked: 0,
    failed: 0,
    unknown: 0,
    postponed: 0,
    gone: 0,
  };
  for (;;) {
    const due = await withAct(outbox.platform, tenantId, ACTOR, (act) => dueMessages(act, 200));
    if (due.length === 0) return counts;
    const queue = [...due];
    await Promise.all(
      Array.from({ length: concurrency }, async () => {
        for (let ref = queue.shift(); ref !== undefined; ref = queue.shift()) {
          const ending = await letLeave(outbox, tenantId, ref);
          counts[ending] += 1;
        }
      }),
    );
  }
}

export async function letLeave(outbox: Outbox, tenantId: TenantId, ref: MessageRef): Promise<Ending> {
  const checked = await withAct(outbox.platform, tenantId, ACTOR, (act) => checkAndMark(outbox, act, ref));
  if (typeof checked === "string") return checked;
  return renderAndSend(outbox, tenantId, checked);
}

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
  const prepared = await outbox.composer.prepare(act, message, items, customer);
  if (!prepared.ok) {
    await park(act, message, prepared.error, businessDate);
    return "parked";
  }
  const seal = await act.vault.forCustomer(act.tx, ref.customerId);
  const attempt = await markLeaving(act, ref, {
    ...prepared.value,
    valuesSealed: seal.seal("records", "message_values", encode(prepared.value)),
    worker: outbox.worker,
  });
  return { message, attempt, prepared: prepared.value, businessDate };
}

async function claimedItems(act: Act, message: Message): Promise<Receivable[]> {
  const all = (await openItems(act, [message.customerId])).get(message.customerId) ?? [];
  return all.filter((item) => item.creditorId === message.creditorId);
}

/** The same rules as at the decision, on the facts of this moment. The first ground is the recorded reason. */
async function noLongerRight(
  act: Act,
  message: Message,
  items: readonly Receivable[],
  day: PlainDate,
  rules: ContactRules,
): Promise<string | null> {
  if (message.kind === "answer") return null;
  const facts = (await contactFacts(act, [message.customerId], day)).get(message.customerId);
  if (!facts) return "customer_gone";
  const holds = facts.holds.filter((hold) => hold.caseId === undefined || hold.caseId === message.caseId);
  const wide = holdBlockers(
    holds.filter((hold) => hold.receivableId === undefined),
    day,
  );
  if (wide[0]) return wide[0].name;
  const named = new Set<string>(message.receivableIds);
  const free = items.filter((item) => {
    if (item.assignedOn !== undefined && item.assignedOn <= day) return false;
    return (
      holdBlockers(
        holds.filter((hold) => hold.receivableId === item.receivableId),
        day,
      ).length === 0
    );
  });
  const asked = free.filter((item) => named.has(item.receivableId) && item.openTotal > 0n);
  if (asked.length === 0) return items.some((item) => named.has(item.receivableId)) ? "hold_item" : "paid";
  const credits = free.filter((item) => item.openTotal < 0n);
  const netted = [...asked, ...credits].reduce((sum, item) => sum + item.openTotal, 0n);
  if (netted <= 0n) return "paid";
  if (channelBlockers(facts, [message.channel]).length > 0) return `reach_${facts.reach[message.channel]}`;
  return frequencyBlockers(facts, rules, day, message.messageId)[0]?.name ?? null;
}

/** Drops queued asks of a customer that the rules no longer allow. Returns how many. */
export async function recheckQueued(act: Act, customerId: CustomerId): Promise<number> {
  const queued = await messages(act, { customerId, states: ["queued"] });
  if (queued.length === 0) return 0;
  const rules = await contactRules(act);
  const customer = (await customerFacts(act, [customerId])).get(customerId);
  if (!customer) return 0;
  let dropped = 0;
  for (const ref of queued) {
    const message = await lockMessage(act, ref);
    if (message?.state !== "queued") continue;
    const ground = await noLongerRight(
      act,
      message,
      await claimedItems(act, message),
      dateIn(act.tx.now, customer.zone),
      rules,
    );
    // A gap or cap passes by itself; only what has truly changed drops a message before its turn.
    if (ground === null || ground === "gap" || ground === "cap") continue;
    await endMessage(act, message, "dropped", ground);
    dropped += 1;
  }
  return dropped;
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
async function renderAndSend(outbox: Outbox, tenantId: TenantId, leave: Leave): Promise<Ending> {
  const { message, attempt, prepared, businessDate } = leave;
  const rendered = await outbox.composer.render(message, prepared);
  if (!rendered.ok)
    return withAct(outbox.platform, tenantId, ACTOR, async (act): Promise<Ending> => {
      await lockMessage(act, message);
      await endAttempt(act, message, attempt, "failed", null);
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
  { message, attempt, businessDate }: Leave,
  rendering: Rendering,
  outcome: SendOutcome,
): Promise<Ending> {
  await lockMessage(act, message);
  switch (outcome.kind) {
    case "left": {
      const seal = await act.vault.forCustomer(act.tx, message.customerId);
      const sealed = seal.seal("records", "message_rendering", JSON.stringify(rendering));
      await endAttempt(act, message, attempt, "left", outcome.reference ?? null);
      await markLeft(act, message, sealed, outcome.evidence, businessDate);
      const at = act.tx.now;
      act.tx.afterCommit(() => outbox.acknowledge?.({ kind: "message left", id: message.messageId, at }));
      return "left";
    }
    case "refused": {
      await endAttempt(act, message, attempt, "failed", null);
      if (outcome.permanent) {
        await endMessage(act, message, "failed", outcome.reason);
        return "failed";
      }
      await postponeMessage(act, message, new Date(act.tx.now.getTime() + RETRY_MINUTES * 60_000), outcome.reason);
      return "postponed";
    }
    case "unclear": {
      await endAttempt(act, message, attempt, "unknown", null);
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
  const counts: Record<Ending, number> = {
    left: 0,
    dropped: 0,
    parked: 0,
    failed: 0,
    unknown: 0,
    postponed: 0,
    gone: 0,
  };
  const open = await withAct(outbox.platform, tenantId, ACTOR, openAttempts);
  const alive = new Map<string, boolean>();
  for (const ref of open) {
    if (!alive.has(ref.worker))
      alive.set(ref.worker, ref.worker === outbox.worker || (await outbox.isAlive(ref.worker)));
    if (alive.get(ref.worker)) continue;
    const again = await withAct(outbox.platform, tenantId, ACTOR, async (act): Promise<Ending | Leave> => {
      const message = await lockMessage(act, ref);
      if (message?.state !== "leaving") return "gone";
      await endAttempt(act, ref, ref.number, "unknown", null);
      const customer = (await customerFacts(act, [ref.customerId])).get(ref.customerId);
      const businessDate = dateIn(act.tx.now, customer?.zone ?? "Europe/Berlin");
      const prepared = await preparedBefore(act, message.customerId, ref);
      if (!outbox.channels[message.channel].repeatable || !prepared.ok) {
        await unclear(act, message, "process_died", businessDate);
        return "unknown";
      }
      const attempt = await startAttempt(act, ref, outbox.worker);
      return { message, attempt, prepared: prepared.value, businessDate };
    });
    const ending = typeof again === "string" ? again : await renderAndSend(outbox, tenantId, again);
    counts[ending] += 1;
  }
  return counts;
}

async function preparedBefore(act: Act, customerId: CustomerId, ref: MessageRef): Promise<Result<Prepared>> {
  const parts = await sealedParts(act, ref);
  const seal = await act.vault.forCustomer(act.tx, customerId);
  const text = seal.openText("records", "message_values", parts?.values ?? Buffer.alloc(0));
  return text.ok ? ok(decode(text.value)) : text;
}

const encode = (prepared: Prepared): string =>
  JSON.stringify(prepared, (_, value: unknown) => (typeof value === "bigint" ? { bigint: value.toString() } : value));
const decode = (text: string): Prepared =>
  JSON.parse(text, (_, value: unknown) =>
    typeof value === "object" && value !== null && "bigint" in value ? BigInt(String(value.bigint)) : value,
  ) as Prepared;
