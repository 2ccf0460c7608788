/** The handed-in clock of the demo: stands still within a step of a day, and flows once the six weeks are over. */
import { addDays, type Clock, type Instant, instantAt, type PlainDate } from "../../pure/kernel/index.ts";

export const DEMO_ZONE = "Europe/Berlin";

export interface DemoClock {
  readonly now: Clock;
  set(moment: Instant): void;
  /** From now on time goes by as on the real clock, from this moment. */
  flowFrom(moment: Instant): void;
}

/** `real` measures how time goes by once the clock flows; the six weeks never see it. */
export function createDemoClock(real: Clock, start: Instant): DemoClock {
  let moment = start;
  let flowing: Instant | null = null;
  return {
    now: () => new Date(moment.getTime() + (flowing ? Math.max(0, real().getTime() - flowing.getTime()) : 0)),
    set: (to) => {
      moment = to;
      flowing = null;
    },
    flowFrom: (from) => {
      moment = from;
      flowing = real();
    },
  };
}

/** Files arrive, the runs, noon, the evening: the fixed steps of a day. */
export const DAY_TIMES = ["07:00", "09:00", "12:00", "18:00"] as const;
export type DayTime = (typeof DAY_TIMES)[number];

export interface Step {
  readonly day: PlainDate;
  readonly time: DayTime;
  readonly at: Instant;
}

export const momentOf = (day: PlainDate, time: string): Instant =>
  instantAt(day, Number(time.slice(0, 2)), Number(time.slice(3)), DEMO_ZONE);

/** All steps from the first day to the last, both counted. */
export function stepsOf(first: PlainDate, last: PlainDate): Step[] {
  const steps: Step[] = [];
  for (let day = first; day <= last; day = addDays(day, 1))
    for (const time of DAY_TIMES) steps.push({ day, time, at: momentOf(day, time) });
  return steps;
}
