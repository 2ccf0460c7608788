/** When default (Verzug) starts: §§ 286, 187, 188, 193 BGB. */
import { addDays, maxDate, type PlainDate } from "../../kernel/index.ts";
import type { State } from "./data/holiday-rules.ts";
import { nextWorkingDay } from "./holidays.ts";

export interface DefaultFacts {
  /** First day on which payment can be asked for, as agreed or printed on the invoice; null: due at once (§ 271 I BGB). */
  readonly dueDate: PlainDate | null;
  /** The day was agreed in the contract or set by law, not only printed on the invoice (§ 286 II Nr. 1 BGB). */
  readonly dueDateAgreed: boolean;
  /** The due date was counted from a delivery by a term agreed in the contract (§ 286 II Nr. 2 BGB). */
  readonly termFromDelivery?: boolean;
  readonly customerKind: "consumer" | "business";
  /** State of the place of performance, for its holidays; null: only nationwide ones. */
  readonly state: State | null;
  /** Day the invoice arrived; null: unknown. */
  readonly invoiceReceived: PlainDate | null;
  /** The invoice told the consumer what 30 days lead to (§ 286 III 1 half-sentence 2 BGB). */
  readonly notice30Days: boolean;
  /** Day the goods or the service were received; counts where a business's receipt of the invoice is uncertain. */
  readonly performanceReceived?: PlainDate | null;
  /** Day a dunning notice (Mahnung) arrived. */
  readonly noticeReceived?: PlainDate | null;
  /** Last day to pay as set in that notice. */
  readonly noticeDeadline?: PlainDate | null;
  /** Day a serious and final refusal to pay arrived. */
  readonly refusalReceived?: PlainDate | null;
  /** § 286 IV BGB: false holds default off while the customer is not responsible for the delay. Set by a person. */
  readonly customerResponsible?: boolean;
}

export type DefaultGround = "calendar_date" | "term_from_event" | "thirty_days" | "notice" | "refusal";

export interface DefaultStart {
  readonly ground: DefaultGround;
  readonly law: string;
  /** Last day on which payment avoids default by this ground; null where the act of a day causes it. */
  readonly lastDayToPay: PlainDate | null;
  /** Day from which the customer is in default. */
  readonly inDefaultFrom: PlainDate;
  /** First day that bears default interest. */
  readonly firstInterestDay: PlainDate;
}

/** After a last day to pay, default and interest begin with the next day. */
function afterDeadline(ground: DefaultGround, law: string, lastDayToPay: PlainDate): DefaultStart {
  const next = addDays(lastDayToPay, 1);
  return { ground, law, lastDayToPay, inDefaultFrom: next, firstInterestDay: next };
}

/** Default arises in the course of that day, so interest starts on the day after (§ 187 I BGB by analogy). */
function duringDay(ground: DefaultGround, law: string, day: PlainDate): DefaultStart {
  return { ground, law, lastDayToPay: null, inDefaultFrom: day, firstInterestDay: addDays(day, 1) };
}

/**
 * § 286 II Nr. 1 and 2 BGB: an agreed day, or one that is counted by the calendar from an event such as the delivery; a
 * day that is no working day moves (§ 193 BGB). Null: the day is only printed on the invoice.
 */
export function defaultByCalendar(facts: DefaultFacts): DefaultStart | null {
  if (facts.dueDate === null) return null;
  const lastDay = nextWorkingDay(facts.dueDate, facts.state);
  if (facts.termFromDelivery === true)
    return afterDeadline("term_from_event", "§ 286 II Nr. 2, §§ 187 I, 188 I, 193 BGB", lastDay);
  return facts.dueDateAgreed ? afterDeadline("calendar_date", "§ 286 II Nr. 1, § 193 BGB", lastDay) : null;
}

/** § 286 III BGB: 30 days after due date and arrival of the invoice; a consumer only with the note on it. */
export function defaultByThirtyDays(facts: DefaultFacts): DefaultStart | null {
  if (facts.customerKind === "consumer" && !facts.notice30Days) return null;
  const uncertain = facts.invoiceReceived === null && facts.customerKind === "business";
  const received = uncertain ? (facts.performanceReceived ?? null) : facts.invoiceReceived;
  // Without a due date (§ 271 I BGB) the claim is due when the invoice arrives; receipt of goods alone dates nothing.
  if (received === null || (uncertain && facts.dueDate === null)) return null;
  const from = facts.dueDate === null ? received : maxDate(facts.dueDate, received);
  const law = `§ 286 III ${uncertain ? "2" : "1"}, §§ 187 I, 188 I, 193 BGB`;
  return afterDeadline("thirty_days", law, nextWorkingDay(addDays(from, 30), facts.state));
}

/**
 * § 286 I 1 BGB. A notice before the due date has no effect. A notice that grants a deadline leads to default
 * when that has passed; a customer is never in default before the last day to pay is over.
 */
export function defaultByNotice(facts: DefaultFacts): DefaultStart | null {
  const received = facts.noticeReceived ?? null;
  if (received === null || (facts.dueDate !== null && received < facts.dueDate)) return null;
  const deadline = facts.noticeDeadline ?? null;
  if (deadline !== null && deadline > received)
    return afterDeadline("notice", "§ 286 I 1, § 193 BGB", nextWorkingDay(deadline, facts.state));
  return duringDay("notice", "§ 286 I 1, § 187 I BGB", notBeforeDue(received, facts));
}

/** § 286 II Nr. 3 BGB; refused before the due date, default starts when that day has come. */
export function defaultByRefusal(facts: DefaultFacts): DefaultStart | null {
  const refused = facts.refusalReceived ?? null;
  return refused === null ? null : duringDay("refusal", "§ 286 II Nr. 3 BGB", notBeforeDue(refused, facts));
}

const notBeforeDue = (day: PlainDate, facts: DefaultFacts): PlainDate =>
  facts.dueDate === null ? day : maxDate(day, nextWorkingDay(facts.dueDate, facts.state));

export interface DefaultAnswer {
  /** The earliest start by any ground; null: not in default by what is known. */
  readonly start: DefaultStart | null;
  /** Nothing known so far leads to default: only a dunning notice can. */
  readonly noticeNeeded: boolean;
  /** All grounds that apply, earliest first. */
  readonly grounds: readonly DefaultStart[];
}

/** First day of default with its ground. Days are plain dates at the place of performance; no errors. */
export function defaultStart(facts: DefaultFacts): DefaultAnswer {
  const grounds = [
    defaultByCalendar(facts),
    defaultByThirtyDays(facts),
    defaultByNotice(facts),
    defaultByRefusal(facts),
  ]
    .filter((ground) => ground !== null)
    .sort((a, b) => (a.firstInterestDay < b.firstInterestDay ? -1 : a.firstInterestDay > b.firstInterestDay ? 1 : 0));
  const start = facts.customerResponsible === false ? null : (grounds[0] ?? null);
  return { start, noticeNeeded: grounds.length === 0, grounds };
}
