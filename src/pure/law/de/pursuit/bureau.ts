/**
 * Whether an unpaid claim may be reported to a credit bureau. § 31 II BDSG until 2026-11-19; the successor's words
 * (§§ 30, 37a BDSG) were not read, so its conditions are taken to be no weaker. Counsel confirms before use (C8).
 */
import { addDays, type PlainDate } from "../../../kernel/index.ts";

export interface BureauFacts {
  readonly dueOn: PlainDate;
  /** Days on which written reminders reached the customer after the due date. */
  readonly remindersReceived: readonly PlainDate[];
  /** Day on which the customer was told of a possible report, with the note that an objection prevents it; null: never. */
  readonly toldOn: PlainDate | null;
  readonly disputed: boolean;
  readonly today: PlainDate;
}
export interface BureauBlocker {
  readonly name: "disputed" | "not_due" | "two_reminders" | "four_weeks" | "not_told";
  readonly law: string;
  /** First day on which it no longer holds; absent: when somebody acts. */
  readonly until?: PlainDate;
}

const WAIT_DAYS = 28;

/** Every reason why the claim may not be reported on a day; empty: a person may decide to. No errors. */
export function bureauBlockers(facts: BureauFacts): BureauBlocker[] {
  const { dueOn, toldOn, today } = facts;
  const blockers: BureauBlocker[] = [];
  const law = "§ 31 II Nr. 4 BDSG a.F.";
  if (facts.disputed) blockers.push({ name: "disputed", law: "§ 31 II Nr. 4 d BDSG a.F., BGH I ZR 157/13" });
  if (dueOn > today) blockers.push({ name: "not_due", law, until: dueOn });
  const reminders = facts.remindersReceived.filter((on) => on >= dueOn && on <= today).sort();
  if (reminders.length < 2) blockers.push({ name: "two_reminders", law: `${law} a` });
  const first = reminders[0];
  if (first !== undefined) {
    const from = addDays(first, WAIT_DAYS);
    if (from > today) blockers.push({ name: "four_weeks", law: `${law} b`, until: from });
  }
  if (toldOn === null || toldOn > today) blockers.push({ name: "not_told", law: `${law} c` });
  return blockers;
}
