/** Days of statements: what an account's rhythm expects, what came, what is missing. Pure. */
import { germanState, isWorkingDay } from "../../../pure/law/index.ts";
import { addDays, type PlainDate, weekday } from "../../../pure/kernel/index.ts";
import type { ChainStatement, Gap } from "../../banking/index.ts";

/** How often a statement comes; setting `statementRhythm` of the creditor, by account; daily once one has come. */
export type Rhythm = "daily" | "weekly" | "none";

export type StatementDayState = "received" | "missing" | "partial" | "closed" | "excused" | "expected" | "before";

export interface StatementDay {
  readonly day: PlainDate;
  readonly state: StatementDayState;
}

/** Banks work on no Saturday, Sunday or holiday of the creditor's state. */
export function isBankDay(day: PlainDate, state: string | undefined): boolean {
  const known = state === undefined ? null : germanState(state);
  return isWorkingDay(day, known?.ok === true ? known.value : null);
}

export interface DaysOf {
  readonly statements: readonly ChainStatement[];
  readonly gaps: readonly Gap[];
  /** Days on which entries were booked, whatever file brought them. */
  readonly bookedOn: ReadonlySet<PlainDate>;
  readonly excused: ReadonlySet<PlainDate>;
  readonly rhythm: Rhythm;
  readonly state: string | undefined;
}

/**
 * The days up to today, oldest first. The statement of a day may come until the end of the next bank day. A day without a
 * statement between two whose balances meet is received: nothing happened on it.
 */
export function statementDays(of: DaysOf, today: PlainDate, count: number): StatementDay[] {
  const first = of.statements.map(({ openedOn }) => openedOn).sort()[0];
  const last = of.statements
    .map(({ closedOn }) => closedOn)
    .sort()
    .at(-1);
  const covered = (day: PlainDate): boolean =>
    of.bookedOn.has(day) || of.statements.some(({ openedOn, closedOn }) => openedOn <= day && day <= closedOn);
  const inGap = (day: PlainDate): boolean =>
    of.gaps.some(({ after, before }) => after.closedOn < day && day < before.openedOn);
  return Array.from({ length: count }, (_, index): StatementDay => {
    const day = addDays(today, index - count + 1);
    const state = ((): StatementDayState => {
      if (first === undefined || day < first) return "before";
      if (covered(day)) return "received";
      if (of.excused.has(day)) return "excused";
      if (!isBankDay(day, of.state) || of.rhythm === "none") return "closed";
      if (last !== undefined && day < last) return inGap(day) ? "missing" : "received";
      if (of.rhythm === "weekly" && last !== undefined && day < addDays(last, 8)) return "closed";
      return dueBy(day, of.state) < today ? "missing" : "expected";
    })();
    return { day, state };
  });
}

/** The next bank day: until its end the statement of a day may come. */
function dueBy(day: PlainDate, state: string | undefined): PlainDate {
  let due = addDays(day, 1);
  while (!isBankDay(due, state) || weekday(due) > 5) due = addDays(due, 1);
  return due;
}
