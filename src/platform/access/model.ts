import type { TenantTransaction } from "../database/index.ts";
import type { Vault } from "../sealed/index.ts";

export const ROLES = ["admin", "manager", "agent", "auditor"] as const;
export type Role = (typeof ROLES)[number];

/**
 * Who acts. `user` and `key` are signed in and have a role; `portal` is a customer behind a link (id: the link's or
 * the customer's); `system` is a background task (id: the task's name).
 */
export interface Actor {
  readonly kind: "user" | "key" | "portal" | "system";
  readonly id: string;
  readonly role?: Role;
}

/** One transaction of one tenant, the vault, and who acts. First parameter of every function of `books` and above. */
export interface Act {
  readonly tx: TenantTransaction;
  readonly vault: Vault;
  readonly actor: Actor;
}

/** The actor as the audit chain writes it: `user:<id>`, `key:<id>`, `portal:<id>`, `system:<task>`. */
export const actorName = (actor: Actor): string => `${actor.kind}:${actor.id}`;
