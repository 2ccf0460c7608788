/** The customer's state, and what is late there: a due day that is no working day moves (§ 193 BGB). */
import type { PlainDate } from "../../../pure/kernel/index.ts";
import { germanState, nextWorkingDay, type State } from "../../../pure/law/index.ts";
import type { CustomerFacts } from "../../../books/customers/index.ts";

export function stateOf(customer: Pick<CustomerFacts, "state">): State | null {
  const read = customer.state === undefined ? null : germanState(customer.state);
  return read?.ok ? read.value : null;
}

/** Whether a due day, moved to a working day, lies before a day. */
export const isLateOn = (dueOn: PlainDate, day: PlainDate, state: State | null): boolean =>
  dueOn < day && nextWorkingDay(dueOn, state) < day;
