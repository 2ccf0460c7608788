import type { Instant } from "../../../pure/kernel/index.ts";
import { contactAllowed, germanState } from "../../../pure/law/index.ts";
import type { MessageChannel } from "./rules.ts";

/** Where a customer's zone is unknown to this machine, its clock is taken to be this one: never "no quiet hours". */
const FALLBACK_ZONE = "Europe/Berlin";

/** Whose clock and holidays count. */
interface Clockwork {
  readonly zone: string;
  readonly state?: string;
}
export type ContactMoments = (channel: MessageChannel, customer: Clockwork) => Instant;

/**
 * The first moment from `now` on at which a message of this channel may reach the customer: contact hours by the
 * customer's clock, holidays of their state. A letter rings nobody up; when the post brings it is not ours to choose.
 */
export function contactMoment(now: Instant, channel: MessageChannel, customer: Clockwork): Instant {
  if (channel === "letter") return now;
  const read = customer.state === undefined ? null : germanState(customer.state);
  const state = read?.ok ? read.value : null;
  const own = contactAllowed(now, customer.zone, state);
  const answer = own.ok ? own : contactAllowed(now, FALLBACK_ZONE, state);
  if (!answer.ok) throw new Error(`contact hours: ${answer.error.code}`);
  return answer.value.allowed ? now : answer.value.nextAt;
}

/** The same for many messages of one moment: customers of one zone and state share the answer. */
export function contactMoments(now: Instant): ContactMoments {
  const known = new Map<string, Instant>();
  return (channel, customer) => {
    const key = `${channel} ${customer.zone} ${customer.state ?? ""}`;
    const moment = known.get(key) ?? contactMoment(now, channel, customer);
    known.set(key, moment);
    return moment;
  };
}
