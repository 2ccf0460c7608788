/**
 * Rules over all channels, stages and creditors of a tenant: when may this customer be asked at all?
 * Pure; every function returns all grounds, never only the first. Asks count against caps; answers and receipts don't.
 */
import { addDays, maxDate, type PlainDate } from "../../../pure/kernel/index.ts";
import type { BankData } from "../../../books/checking/index.ts";
import { type Hold, holdIsActive } from "../../../books/receivables/index.ts";

export type MessageChannel = "email" | "letter";

/** Why something may not happen now: a stable name, the law or setting it rests on, and the last day it holds. */
export interface Blocker {
  readonly name: string;
  /** Paragraph, or the setting's path. */
  readonly restsOn: string;
  /** Last day on which it holds; undefined: until a person or a fact changes it. */
  readonly until?: PlainDate;
  /** Days, counts and ids for the sentence shown to people. Never a name. */
  readonly facts?: Readonly<Record<string, string | number>>;
}

/** Set per tenant (`tenant.settings.contactRules`). */
export interface ContactRules {
  /** Days that must lie between two asks. */
  readonly gapDays: number;
  readonly maximumAsks: number;
  readonly withinDays: number;
}

/** Two letters and two mails fit into a month; more is persistence (§ 4a UWG, rule CONTACT-1). */
export const DEFAULT_CONTACT_RULES: ContactRules = { gapDays: 7, maximumAsks: 4, withinDays: 30 };

export interface Ask {
  readonly on: PlainDate;
  readonly stage?: string;
  readonly messageId: string;
}

export type Reach = "usable" | "missing" | "consent_withdrawn" | "undeliverable";

/** What the rules look at; no identity. */
export interface ContactFacts {
  /** Asks that left or wait to leave, newest last, over all creditors of the tenant. */
  readonly asks: readonly Ask[];
  readonly reach: Readonly<Record<MessageChannel, Reach>>;
  readonly holds: readonly Hold[];
  /** Messages whose outcome a person must settle first. */
  readonly unclearMessages: number;
  /** Asks that are queued or leaving: a second one would overtake them. */
  readonly waitingMessages: number;
  /** Payments in the bank inbox that are most likely this customer's and wait for a person. */
  readonly proposedPayments?: number;
}

const HOLD_LAW: Readonly<Record<string, string>> = {
  withdrawn: "§§ 355, 357 BGB",
  not_delivered: "§ 320 BGB",
  insolvency: "§§ 87, 89 InsO",
  dispute: "BGH I ZR 157/13",
  minor: "§§ 104 ff. BGB",
  guardianship: "§ 1814 BGB",
};

export function holdBlockers(holds: readonly Hold[], day: PlainDate): Blocker[] {
  return holds
    .filter((hold) => holdIsActive(hold, day))
    .map((hold) => ({
      name: `hold_${hold.ground}`,
      restsOn: HOLD_LAW[hold.ground] ?? "hold",
      ...(hold.endsOn && { until: hold.endsOn }),
      facts: { holdId: hold.holdId, startsOn: hold.startsOn },
    }));
}

/** Open blocking findings of an item: no end, until the cause is gone or a person has dismissed it. */
export const findingBlockers = (rules: readonly string[] = []): Blocker[] =>
  rules.map((rule) => ({ name: `finding_${rule}`, restsOn: `creditor.settings.checking.${rule}` }));

/** Bank data older than set: whoever paid since then would be asked wrongly. Ends with the next statement. */
export function bankDataBlockers(data: BankData | undefined, day: PlainDate): Blocker[] {
  if (data === undefined || (data.until !== null && addDays(data.until, data.maxAgeDays) >= day)) return [];
  return [
    {
      name: data.until === null ? "bank_data_missing" : "bank_data_stale",
      restsOn: "creditor.settings.bankDataMaxAgeDays",
      facts: { maxAgeDays: data.maxAgeDays, ...(data.until !== null && { until: data.until }) },
    },
  ];
}

/** Gap and cap. `exceptMessageId`: the message that is about to leave does not stand in its own way. */
export function frequencyBlockers(
  facts: ContactFacts,
  rules: ContactRules,
  day: PlainDate,
  exceptMessageId?: string,
): Blocker[] {
  const blockers: Blocker[] = [];
  const asks = facts.asks.filter((ask) => ask.messageId !== exceptMessageId && ask.on <= day);
  const last = asks.reduce<PlainDate | undefined>(
    (latest, ask) => (latest ? maxDate(latest, ask.on) : ask.on),
    undefined,
  );
  if (last !== undefined && addDays(last, rules.gapDays) > day)
    blockers.push({
      name: "gap",
      restsOn: "contactRules.gapDays",
      until: addDays(last, rules.gapDays - 1),
      facts: { lastOn: last, gapDays: rules.gapDays },
    });
  const recent = asks.filter((ask) => addDays(ask.on, rules.withinDays) > day).sort((a, b) => (a.on < b.on ? -1 : 1));
  const oldestCounting = recent[recent.length - rules.maximumAsks];
  if (oldestCounting !== undefined)
    blockers.push({
      name: "cap",
      restsOn: "contactRules.maximumAsks, § 4a UWG",
      until: addDays(oldestCounting.on, rules.withinDays - 1),
      facts: { asks: recent.length, withinDays: rules.withinDays },
    });
  return blockers;
}

export function channelBlockers(facts: ContactFacts, channels: readonly MessageChannel[]): Blocker[] {
  if (channels.some((channel) => facts.reach[channel] === "usable")) return [];
  const grounds = channels.map((channel) => `${channel}: ${facts.reach[channel]}`).join(", ");
  return [{ name: "unreachable", restsOn: "contact_point", facts: { grounds } }];
}

/** Who has probably paid is not asked before a colleague has looked (invariant 4). */
export const paymentBlockers = ({ proposedPayments = 0 }: ContactFacts): Blocker[] =>
  proposedPayments > 0
    ? [{ name: "payment_proposed", restsOn: "bank inbox", facts: { payments: proposedPayments } }]
    : [];

export function outboxBlockers(facts: ContactFacts): Blocker[] {
  const blockers: Blocker[] = paymentBlockers(facts);
  if (facts.unclearMessages > 0)
    blockers.push({ name: "message_unclear", restsOn: "outbox", facts: { messages: facts.unclearMessages } });
  if (facts.waitingMessages > 0)
    blockers.push({ name: "message_waiting", restsOn: "outbox", facts: { messages: facts.waitingMessages } });
  return blockers;
}
