/** One creditor, one day: compare, keep the report, open and close differences and their tasks. */
import {
  type Currency,
  type CreditorId,
  dateIn,
  EUR,
  type Failure,
  fail,
  formatMinor,
  ok,
  type PlainDate,
  type Result,
  type TenantId,
  type Uuid,
} from "../../pure/kernel/index.ts";
import { type Act, type Actor, appendAudit, type Platform, withAct } from "../../platform/access/index.ts";
import { type Creditor, creditors } from "../customers/index.ts";
import { applyStated, createTasks, decideTask, keepCases, type TaskInput } from "../receivables/index.ts";
import { compareBank } from "./bank.ts";
import { compareItems } from "./items.ts";
import { type Difference, differenceOf, type Reconciliation, type ReconciliationState } from "./model.ts";
import { closeDifference, differenceBy, type KeptDifference, keepDifferences, keepReport, setTasks } from "./store.ts";

const worst = (states: readonly ReconciliationState[]): ReconciliationState =>
  states.includes("different") ? "different" : states.includes("equal") ? "equal" : "waiting";

/** What stands between ERP, ledger and bank now, by currency. Nothing is kept. */
export async function compare(act: Act, of: Creditor, day: PlainDate): Promise<Reconciliation[]> {
  const items = await compareItems(act, of);
  const bank = await compareBank(act, of);
  const all = withoutEchoes([...items.differences, ...bank.differences]);
  const currencies = new Set<Currency>([
    ...items.byCurrency.keys(),
    ...bank.byCurrency.keys(),
    ...all.map((one) => one.currency),
  ]);
  if (currencies.size === 0) currencies.add(EUR);
  return [...currencies].sort().map((currency) => {
    const differences = all.filter((one) => one.currency === currency);
    const comparisons = [items.byCurrency.get(currency), bank.byCurrency.get(currency)].filter(
      (one) => one !== undefined,
    );
    const state = differences.length > 0 ? "different" : worst(comparisons.map((one) => one.state));
    return { creditorId: of.creditorId, day, currency, leads: of.leads, state, comparisons, differences };
  });
}

/** A posting that was changed shows at its item and at its payment; it is one fault. */
function withoutEchoes(found: readonly Difference[]): Difference[] {
  const size = (one: Difference): bigint => {
    const by = differenceOf(one);
    return by < 0n ? -by : by;
  };
  const balances = found.filter(({ kind }) => kind === "balance_differs");
  return found.filter(
    (one) =>
      one.kind !== "booking_differs" ||
      !balances.some((balance) => balance.customerId === one.customerId && size(balance) === size(one)),
  );
}

/** Reconciles a creditor as of a day, and keeps report, differences and tasks. Safe to repeat. */
export async function reconcile(act: Act, of: Creditor, day: PlainDate): Promise<Reconciliation[]> {
  const found = await compare(act, of, day);
  for (const report of found) await keepReport(act, report);
  const { untasked, gone } = await keepDifferences(
    act,
    of.creditorId,
    day,
    found.flatMap(({ differences }) => differences),
  );
  const made = await createTasks(
    act,
    untasked.map((one) => taskOf(one, day)),
  );
  await setTasks(
    act,
    untasked.map(({ differenceId }) => differenceId),
    made,
  );
  // Decided by a person meanwhile: nothing is left to do.
  for (const { customerId, taskId } of gone)
    if (customerId && taskId) await decideTask(act, customerId, taskId, "done");
  await appendAudit(act, {
    act: "reconciliation.made",
    subject: of.creditorId,
    details: { day, differences: found.reduce((sum, { differences }) => sum + differences.length, 0) },
  });
  return found;
}

function taskOf(one: KeptDifference, day: PlainDate): TaskInput {
  const shown = (minor: bigint | null): string => (minor === null ? "" : formatMinor(minor, one.currency));
  return {
    customerId: one.customerId as NonNullable<typeof one.customerId>,
    ...(one.receivableId === null ? {} : { receivableId: one.receivableId }),
    kind: "difference",
    amountMinor: differenceOf(one),
    currency: one.currency,
    facts: { rule: one.kind, expected: shown(one.theirsMinor), found: shown(one.oursMinor), day, ...one.facts },
    dueOn: day,
  };
}

/** All creditors of a tenant, each in its own transaction and as of its own business date unless a day is named. */
export async function reconcileTenant(
  platform: Platform,
  tenantId: TenantId,
  actor: Actor,
  which: { readonly day?: PlainDate; readonly creditorId?: CreditorId } = {},
): Promise<Reconciliation[]> {
  const all = await withAct(platform, tenantId, actor, creditors);
  const found: Reconciliation[] = [];
  for (const of of all) {
    if (of.closedAt !== undefined || (which.creditorId !== undefined && of.creditorId !== which.creditorId)) continue;
    found.push(
      ...(await withAct(platform, tenantId, actor, (act) =>
        reconcile(act, of, which.day ?? dateIn(act.tx.now, of.zone)),
      )),
    );
  }
  return found;
}

export type DifferenceAct = "take_theirs" | "keep_ours" | "done";

/**
 * What a person decides of a difference. `take_theirs`: the item follows the list, by an adjustment. Failures:
 * `difference_not_found`, `difference_decided`, `nothing_to_take` (not a difference of an item).
 */
export async function decideDifference(
  act: Act,
  id: Uuid,
  decision: { readonly act: DifferenceAct; readonly note?: string },
  day: PlainDate,
): Promise<Result<KeptDifference, Failure>> {
  const one = await differenceBy(act, id);
  if (!one) return fail("not_found", "difference_not_found", "There is no such difference.", id);
  if (one.state === "done") return fail("conflict", "difference_decided", "This was decided before.", id);
  if (decision.act === "take_theirs") {
    const { customerId, receivableId, theirsMinor } = one;
    if (!customerId || !receivableId || theirsMinor === null || !mayTakeTheirs(one))
      return fail("invalid", "nothing_to_take", "Only an item can follow the list.", id);
    await applyStated(act, [{ customerId, receivableId, statedMinor: theirsMinor }], {
      meaning: "open_there",
      day,
      sourceFile: Buffer.alloc(0),
    });
    await keepCases(act, [customerId], day);
  }
  if (!(await closeDifference(act, one.differenceId, decision.note)))
    return fail("conflict", "difference_decided", "This was decided before.", id);
  if (one.customerId && one.taskId) await decideTask(act, one.customerId, one.taskId, "done");
  await appendAudit(act, { act: `difference.${decision.act}`, subject: one.differenceId, details: { kind: one.kind } });
  return ok({ ...one, state: "done" });
}

export const mayTakeTheirs = ({ kind }: Pick<KeptDifference, "kind">): boolean =>
  kind === "amount_differs" || kind === "not_listed";
