import type { Day } from "../api/contract.ts";
import { useFormat } from "../app/session.tsx";

export type DayTone = "good" | "miss" | "soon" | "rest" | "note";
export interface StripDay {
  readonly day: Day;
  readonly tone: DayTone;
  /** What the day is, in words; with the date it is the name of the cell. */
  readonly label: string;
}

/** The mark of each tone, for a legend too. */
export const DAY_MARKS: Readonly<Record<DayTone, string>> = { good: "✓", miss: "!", soon: "", rest: "", note: "–" };

const isMonday = (day: Day): boolean => new Date(`${day}T00:00:00Z`).getUTCDay() === 1;

/** Days in a row, oldest first: shape and mark say the state, not the colour alone. Weeks stand apart. */
export function DayStrip({
  days,
  label,
  current,
  onSelect,
}: {
  days: readonly StripDay[];
  label: string;
  current?: Day;
  onSelect?: (day: Day) => void;
}) {
  const format = useFormat();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <div className="daystrip" tabIndex={onSelect === undefined ? 0 : undefined} role="group" aria-label={label}>
      <ol>
        {days.map((one, at) => {
          const monday = isMonday(one.day);
          // A first day next to a Monday would write over its date.
          const named = monday || (at === 0 && !days.slice(1, 3).some((next) => isMonday(next.day)));
          const name = `${format.dayWeek(one.day)}: ${one.label}`;
          const cell = (
            <>
              <span aria-hidden="true">{DAY_MARKS[one.tone]}</span>
              <span className="sr">{name}</span>
            </>
          );
          return (
            <li key={one.day} className={monday ? "week" : undefined}>
              {onSelect === undefined ? (
                <span className={`cell ${one.tone}`} title={name}>
                  {cell}
                </span>
              ) : (
                <button
                  type="button"
                  className={`cell ${one.tone}`}
                  title={name}
                  aria-pressed={one.day === current}
                  onClick={() => onSelect(one.day)}
                >
                  {cell}
                </button>
              )}
              <small aria-hidden="true">{named ? format.dayTick(one.day) : ""}</small>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
