/** What must still be true when a message leaves: asked again in the transaction that marks it as leaving (invariant 4). */
import type { Act } from "../../platform/access/index.ts";
import { type CustomerId, dateIn, type PlainDate } from "../../pure/kernel/index.ts";
import { type Case, casesOf, type Hold, holdsOf, openItems, type Receivable } from "../../books/receivables/index.ts";
import { bankData, blockedItems } from "../../books/checking/index.ts";
import { customerFacts } from "../../books/customers/index.ts";
import { contactFacts } from "./contact/facts.ts";
import {
  bankDataBlockers,
  channelBlockers,
  type ContactRules,
  frequencyBlockers,
  holdBlockers,
  paymentBlockers,
} from "./contact/rules.ts";
import { contactRules } from "./contact/settings.ts";
import type { Message } from "./model.ts";
import { endMessage, lockMessage, messages } from "./store.ts";

async function caseOf(act: Act, message: Message): Promise<Case | undefined> {
  return (await casesOf(act, [message.customerId])).find((one) => one.caseId === message.caseId);
}

/** Open items of the message's creditor in its case's currency: nothing is netted or summed across currencies. */
export async function claimedItems(act: Act, message: Message): Promise<Receivable[]> {
  const all = (await openItems(act, [message.customerId])).get(message.customerId) ?? [];
  const currency = (await caseOf(act, message))?.currency;
  return all.filter((item) => item.creditorId === message.creditorId && item.currency === currency);
}

/** Open blocking findings by item. */
type Found = Awaited<ReturnType<typeof blockedItems>>;

/**
 * Whether an item counts. A hold or a blocking finding keeps an item from being asked for; a credit always counts for the
 * customer.
 */
const isFree = (item: Receivable, holds: readonly Hold[], found: Found, day: PlainDate): boolean =>
  !found.has(item.receivableId) &&
  !(item.assignedOn !== undefined && item.assignedOn <= day) &&
  (item.openTotal < 0n ||
    holdBlockers(
      holds.filter((hold) => hold.receivableId === item.receivableId),
      day,
    ).length === 0);

/** What an ask may claim at this moment: an item that was held or assigned since the decision is no longer asked for. */
export async function claimable(
  act: Act,
  message: Message,
  items: Receivable[],
  day: PlainDate,
): Promise<Receivable[]> {
  if (message.kind === "answer") return items;
  const holds = (await holdsOf(act, [message.customerId])).get(message.customerId) ?? [];
  const found = await blockedItems(act, [message.customerId]);
  return items.filter((item) => isFree(item, holds, found, day));
}

/** The message, about what it still claims: an item that is not asked for is not told of its stage either. */
export function aboutOnly(message: Message, claimed: readonly Receivable[]): Message {
  if (message.kind === "answer") return message;
  const open = new Set<string>(claimed.filter((item) => item.openTotal > 0n).map((item) => item.receivableId));
  return {
    ...message,
    receivableIds: message.receivableIds.filter((id) => open.has(id)),
    itemStages: Object.fromEntries(Object.entries(message.itemStages).filter(([id]) => open.has(id))),
  };
}

/** The same rules as at the decision, on the facts of this moment. The first ground is the recorded reason. */
export async function noLongerRight(
  act: Act,
  message: Message,
  items: readonly Receivable[],
  day: PlainDate,
  rules: ContactRules,
): Promise<string | null> {
  if (message.kind === "answer") {
    // An answer is owed whatever is open; a question about money that has come meanwhile is not.
    const settled = !items.some((item) => item.openTotal > 0n);
    return message.templateKey === "paid_question" && settled ? "paid" : null;
  }
  if ((await caseOf(act, message))?.state === "handed_over") return "handed_over";
  const facts = (await contactFacts(act, [message.customerId], day)).get(message.customerId);
  if (!facts) return "customer_gone";
  const holds = facts.holds.filter((hold) => hold.caseId === undefined || hold.caseId === message.caseId);
  const wide = holdBlockers(
    holds.filter((hold) => hold.receivableId === undefined),
    day,
  );
  if (wide[0]) return wide[0].name;
  const named = new Set<string>(message.receivableIds);
  const found = await blockedItems(act, [message.customerId]);
  const free = items.filter((item) => isFree(item, holds, found, day));
  const asked = free.filter((item) => named.has(item.receivableId) && item.openTotal > 0n);
  if (asked.length === 0) {
    const standing = items.filter((item) => named.has(item.receivableId));
    if (standing.some((item) => found.has(item.receivableId))) return "finding";
    return standing.length > 0 ? "hold_item" : "paid";
  }
  const credits = free.filter((item) => item.openTotal < 0n);
  const netted = [...asked, ...credits].reduce((sum, item) => sum + item.openTotal, 0n);
  if (netted <= 0n) return "paid";
  if (channelBlockers(facts, [message.channel]).length > 0) return `reach_${facts.reach[message.channel]}`;
  const proposed = paymentBlockers(facts)[0];
  if (proposed) return proposed.name;
  const stale = bankDataBlockers(await bankData(act, message.creditorId), day)[0];
  if (stale) return stale.name;
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
    // A gap or cap passes by itself, and statements come; only what has truly changed drops a message before its turn.
    if (ground === null || ground === "gap" || ground === "cap" || ground.startsWith("bank_data_")) continue;
    await endMessage(act, message, "dropped", ground);
    dropped += 1;
  }
  return dropped;
}
