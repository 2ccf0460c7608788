/**
 * Who may do what: a closed list, denied unless a role has it. An agent works on cases, a manager decides how the
 * process runs, an admin also looks after people, keys and settings, an auditor reads everything and changes nothing.
 */
import { type Failure, fail, type Money, ok, type Result, type UserId } from "../../pure/kernel/index.ts";
import type { Actor, Role } from "./model.ts";

const AGENT = ["agent", "manager", "admin"] as const;
const MANAGER = ["manager", "admin"] as const;
const READERS = ["agent", "manager", "admin", "auditor"] as const;

const TABLE = {
  "customer.read": READERS,
  "customer.search": READERS,
  "customer.edit": AGENT,
  "customer.merge": AGENT, // can be taken back
  /** Files with restricted view (VIP, staff, threatened people). */
  "customer.read_protected": ["manager", "admin", "auditor"],
  "customer.protect": MANAGER,
  "receivable.read": READERS,
  "receivable.book": AGENT,
  "receivable.write_off": AGENT, // proposes; the limit says who decides
  "hold.set": AGENT,
  "hold.release": AGENT,
  "arrangement.make": AGENT,
  "bank.read": READERS,
  "bank.import": AGENT,
  "match.decide": AGENT,
  "intake.read": READERS,
  "intake.import": AGENT,
  "intake.map": AGENT,
  "message.read": READERS,
  "message.write": AGENT,
  "message.recall": AGENT,
  "message.test": AGENT,
  "template.read": READERS,
  "template.edit": MANAGER,
  "template.publish": MANAGER,
  "strategy.read": READERS,
  "strategy.edit": MANAGER,
  "strategy.publish": MANAGER,
  "run.read": READERS,
  "run.start": MANAGER,
  "run.recall": MANAGER,
  "proposal.read": READERS,
  "proposal.decide": AGENT, // within the limit alone, above it with a second person
  "proposal.confirm": MANAGER, // the second pair of eyes
  "insight.read": ["manager", "admin", "auditor"],
  "list.export": READERS,
  "creditor.read": READERS,
  "creditor.edit": ["admin"],
  "privacy.export": ["manager", "admin"],
  "privacy.erase": ["admin"],
  "user.read": ["admin", "auditor"],
  "user.manage": ["admin"],
  "api_key.read": ["admin", "auditor"],
  "api_key.manage": ["admin"],
  "tenant.settings": ["admin"],
  "audit.read": ["admin", "auditor"],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof TABLE;
export const PERMISSIONS = Object.keys(TABLE) as readonly Permission[];
/** Permissions that change nothing but the record of who looked. */
export const READING: ReadonlySet<Permission> = new Set(
  PERMISSIONS.filter((name) => /\.(read|read_protected|search|export)$/.test(name) && name !== "privacy.export"),
);

export function can(role: Role | undefined, permission: Permission): boolean {
  if (role === undefined || !Object.hasOwn(TABLE, permission)) return false;
  return (TABLE[permission] as readonly Role[]).includes(role);
}

/** A background task of ours may do what it was built for; a customer behind a link is let in by the portal alone. */
export function actorCan(actor: Actor, permission: Permission): boolean {
  return actor.kind === "system" || (actor.kind !== "portal" && can(actor.role, permission));
}

/** Failure `not_allowed`. */
export function demand(actor: Actor, permission: Permission): Result<true, Failure<"not_allowed">> {
  if (actorCan(actor, permission)) return ok(true);
  return fail("forbidden", "not_allowed", "Your role does not allow this.", permission);
}

export interface Decider {
  readonly userId: UserId;
  readonly role: Role;
  /** May decide up to this amount alone. */
  readonly limit: Money;
}

/**
 * Invariant 12: `alone` within the person's limit, `four_eyes` above it. The sign of the amount does not matter.
 * Nothing is converted: an amount in another currency than the limit's needs four eyes. Failure `not_allowed`.
 */
export function mayDecide(decider: Decider, amount: Money): Result<"alone" | "four_eyes", Failure<"not_allowed">> {
  if (!can(decider.role, "proposal.decide"))
    return fail("forbidden", "not_allowed", "Your role does not allow this.", "proposal.decide");
  const size = amount.minor < 0n ? -amount.minor : amount.minor;
  return ok(amount.currency === decider.limit.currency && size <= decider.limit.minor ? "alone" : "four_eyes");
}

/** The second pair of eyes: another person, with the role for it. Failures `same_person`, `not_allowed`. */
export function mayConfirm(
  second: Pick<Decider, "userId" | "role">,
  firstUserId: UserId,
): Result<true, Failure<"same_person" | "not_allowed">> {
  if (second.userId === firstUserId)
    return fail("forbidden", "same_person", "A second person must confirm what the first decided.");
  if (!can(second.role, "proposal.confirm"))
    return fail("forbidden", "not_allowed", "Your role does not allow this.", "proposal.confirm");
  return ok(true);
}
