/** What a batch of decisions amounts to: counts for people, a hash for the audit trail. */
import { createHash } from "node:crypto";
import type { Decision } from "./model.ts";
import type { DecisionRow } from "./store.ts";

export interface RunCounts {
  readonly customers: number;
  readonly items: number;
  readonly contact: number;
  readonly wait: number;
  readonly blocked: number;
  readonly messages: number;
  readonly byBlocker: Readonly<Record<string, number>>;
}

export const NO_COUNTS: RunCounts = {
  customers: 0,
  items: 0,
  contact: 0,
  wait: 0,
  blocked: 0,
  messages: 0,
  byBlocker: {},
};

export function countsOf(rows: readonly DecisionRow[]): RunCounts {
  const byBlocker: Record<string, number> = {};
  for (const row of rows) for (const { name } of row.decision.blockers) byBlocker[name] = (byBlocker[name] ?? 0) + 1;
  const of = (outcome: Decision["outcome"]): number => rows.filter((row) => row.decision.outcome === outcome).length;
  return {
    customers: new Set(rows.map((row) => row.situation.customerId)).size,
    items: rows.reduce((sum, row) => sum + row.situation.items.length, 0),
    contact: of("contact"),
    wait: of("wait"),
    blocked: of("blocked"),
    messages: rows.filter((row) => row.decision.outcome === "contact" && row.decision.choice.effect !== "hand_over")
      .length,
    byBlocker,
  };
}

export function addCounts(a: RunCounts, b: RunCounts): RunCounts {
  const byBlocker: Record<string, number> = { ...a.byBlocker };
  for (const [name, count] of Object.entries(b.byBlocker)) byBlocker[name] = (byBlocker[name] ?? 0) + count;
  return {
    customers: a.customers + b.customers,
    items: a.items + b.items,
    contact: a.contact + b.contact,
    wait: a.wait + b.wait,
    blocked: a.blocked + b.blocked,
    messages: a.messages + b.messages,
    byBlocker,
  };
}

export function hashOf(rows: readonly DecisionRow[]): Buffer {
  const hash = createHash("sha256");
  for (const { trigger, decision } of rows) hash.update(`${trigger}\n${JSON.stringify(decision)}\n`);
  return hash.digest();
}
