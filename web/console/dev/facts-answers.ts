import type { DuplicateRow, Finding, PairState } from "../src/api/contract.ts";
import { PAIRS, pairFor } from "./duplicates.ts";
import * as Facts from "./facts.ts";
import { ACCOUNTS, REVIEW, SURE, TWICE, UNMATCHED } from "./matching.ts";
import { PAYOUT_ROWS, PAYOUTS } from "./payouts.ts";
import { CREDITORS, eur, NOW } from "./people.ts";
import { ACCOUNT_DAYS, SOURCES } from "./sources.ts";
import { type Call, ok, page, type Reply, refuse } from "./replies.ts";

/** Answers of what came in; it keeps what acts change until it is closed. */
export interface FactsState {
  findings: readonly Finding[];
  pairs: readonly DuplicateRow[];
  decided: ReadonlySet<string>;
}
export const freshFacts = (): FactsState => ({ findings: Facts.FINDINGS, pairs: PAIRS, decided: new Set() });

const total = (rows: readonly { readonly amount: { readonly amount: string } }[]) => [
  eur(rows.reduce((sum, row) => sum + Number(row.amount.amount), 0).toFixed(2)),
];
const decide = (state: FactsState, id: string | undefined) => {
  state.decided = new Set([...state.decided, id ?? ""]);
};
const open = <Row extends { readonly id: string }>(state: FactsState, rows: readonly Row[]) =>
  rows.filter((row) => !state.decided.has(row.id));

/** `/bank/…` beyond the entries. */
export function bankFacts(state: FactsState, call: Call, parts: readonly string[]): Reply | undefined {
  switch (parts[1]) {
    case "sure":
      return ok(SURE);
    case "accounts": {
      const account = ACCOUNTS.find((one) => one.accountId === parts[2]);
      return account === undefined
        ? page(call, ACCOUNTS)
        : ok({ ...account, forgottenAt: parts[3] === "forget" ? NOW : null });
    }
    case "review":
      return parts[2] === undefined ? ok(REVIEW) : ok(REVIEW.rows[0]);
    case "ageing":
      return ok(UNMATCHED);
    case "payouts":
      return parts[2] === undefined
        ? page(call, PAYOUT_ROWS, { sums: total(PAYOUT_ROWS) })
        : ok(PAYOUTS.find(({ id }) => id === parts[2]) ?? PAYOUTS[0]);
    case "duplicate-payments": {
      if (parts[2] !== undefined) decide(state, parts[2]);
      return parts[2] === undefined
        ? page(call, open(state, TWICE), { sums: total(open(state, TWICE)) })
        : ok(TWICE[0]);
    }
    default:
      return undefined;
  }
}

function findings(state: FactsState, call: Call, parts: readonly string[]): Reply {
  const found = state.findings.find((one) => one.id === parts[1]);
  if (found !== undefined) {
    const next = parts[2] === "reopen" ? "open" : call.body.includes('"dismiss"') ? "dismissed" : "fixed";
    state.findings = state.findings.map((one) => (one === found ? { ...one, state: next } : one));
    return ok({ ...found, state: next });
  }
  const wanted = call.query.get("state") ?? "open";
  const all = state.findings.filter((one) => one.state === wanted);
  const rows = all.filter(
    (one) =>
      (call.query.get("rule") ?? one.rule.code) === one.rule.code &&
      (call.query.get("severity") ?? one.severity) === one.severity &&
      (call.query.get("customer") ?? one.customer?.id) === one.customer?.id,
  );
  const counts = all.map((one) => ({ rule: one.rule, severity: one.severity, open: 1 }));
  return page(call, rows, { counts });
}

function duplicates(state: FactsState, call: Call, parts: readonly string[]): Reply {
  const row = state.pairs.find((one) => one.id === parts[1]);
  if (row !== undefined) {
    const next = (to: PairState) => {
      state.pairs = state.pairs.map((one) => (one === row ? { ...one, state: to } : one));
      return ok(pairFor({ ...row, state: to }));
    };
    if (parts[2] === "undo") return next("open");
    if (parts[2] === "decide") {
      const { act } = JSON.parse(call.body) as { act: string };
      return next(act === "merge" ? "merged" : (act as PairState));
    }
    return ok(pairFor(row));
  }
  const wanted = call.query.get("state") ?? "open";
  const certainty = call.query.get("certainty");
  const counts: Record<string, number> = {};
  for (const one of state.pairs) {
    counts[one.state] = (counts[one.state] ?? 0) + 1;
    if (one.state === "open") counts[one.certainty] = (counts[one.certainty] ?? 0) + 1;
  }
  return page(
    call,
    state.pairs.filter((one) => one.state === wanted && (certainty ?? one.certainty) === one.certainty),
    { counts },
  );
}

function reconciliation(state: FactsState, call: Call, parts: readonly string[]): Reply {
  if (parts[1] === "differences") {
    if (parts[2] !== undefined) decide(state, parts[2]);
    return parts[2] === undefined ? page(call, open(state, Facts.DIFFERENCES)) : ok(Facts.DIFFERENCES[0]);
  }
  if (parts[1] === "vanished") {
    if (parts[3] === "items") return page(call, Facts.VANISHED);
    if (parts[3] === "decide") decide(state, parts[2]);
    return parts[2] === undefined ? ok(open(state, Facts.STOPS)) : ok(Facts.STOPS[0]);
  }
  return ok({ ...Facts.RECONCILIATION, day: call.query.get("day") ?? Facts.RECONCILIATION.day });
}

export function factsAnswer(state: FactsState, call: Call, parts: readonly string[]): Reply {
  switch (parts[0]) {
    case "reconciliation":
      return reconciliation(state, call, parts);
    case "handback":
      if (parts[1] === "pending") return ok(Facts.PENDING);
      return call.method === "POST" ? ok(Facts.BATCHES[0]) : page(call, Facts.BATCHES);
    case "findings":
      return findings(state, call, parts);
    case "check-rules":
      return call.method === "PATCH"
        ? ok(Facts.ruleFor(parts[1] ?? ""))
        : ok({ creditor: CREDITORS[0], mayChange: true, rules: Facts.RULES.map(([key]) => Facts.ruleFor(key)) });
    case "duplicates":
      return duplicates(state, call, parts);
    case "credit-balances":
      return page(call, Facts.CREDITS, { sums: total(Facts.CREDITS) });
    case "refunds":
      return call.method === "POST" ? ok(Facts.REFUNDS[0]) : page(call, Facts.REFUNDS, { sums: total(Facts.REFUNDS) });
    case "refund-files":
      return call.method === "POST" ? ok(Facts.REFUND_FILES[0]) : page(call, Facts.REFUND_FILES);
    case "sources":
      return parts[1] === undefined ? ok(SOURCES) : ok(SOURCES.sources[0]);
    case "statement-days":
      return parts[1] === undefined ? ok(ACCOUNT_DAYS) : ok(ACCOUNT_DAYS[1]);
    default:
      return refuse(404, "not_found");
  }
}
