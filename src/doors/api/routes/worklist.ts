/** The worklist and what a person decides there. */
import { z } from "@hono/zod-openapi";
import { type WorkFilter, type WorkLine, workCounts, workLines } from "../../../oversight/insight/index.ts";
import {
  type Act,
  actorName,
  appendAudit,
  type Caller,
  can,
  mayConfirm,
  mayDecide,
  readUser,
  type User,
} from "../../../platform/access/index.ts";
import {
  decideTask,
  findCustomers,
  isProposal,
  liftHold,
  postponeTask,
  reopenTask,
  type Task,
  type TaskKind,
  taskById,
} from "../../../books/receivables/index.ts";
import { decidePaidTwice, decideReview } from "../../../books/matching/index.ts";
import { decideRefund } from "../../../books/banking/index.ts";
import { mayOpenCustomer } from "../../../books/customers/index.ts";
import { approveMessages, decideMessage, recallMessages } from "../../../outreach/messaging/index.ts";
import {
  type CustomerId,
  EUR,
  fail,
  type MessageId,
  money,
  ok,
  type PlainDate,
  type Result,
  type UserId,
  type Uuid,
} from "../../../pure/kernel/index.ts";
import { limitOf, listRoute, sortingOf, unsortable } from "../list.ts";
import { actorNames, businessDay, creditorRefs, customerRefs, knownCreditor } from "../names.ts";
import { type Api, route } from "../route.ts";
import { moneyOf, moneyText, say } from "../said/index.ts";
import { id, type Language, listOf } from "../schema/basics.ts";
import { workDecision, workItem, workKind, type WorkAct, type WorkItem, type WorkKind } from "../schema/customers.ts";
import { stageName } from "../present/run-preview.ts";
import { reasonInWords } from "../present/customer-page.ts";

const COLUMNS: Readonly<Record<string, string>> = {
  dueOn: "due_on",
  open: "open",
  kind: "kind",
  creditor: "creditor_id",
};
const workParams = z.strictObject({ workId: id });

export function worklistRoutes(api: Api): void {
  listRoute(
    api,
    {
      path: "/worklist",
      permission: "proposal.read",
      summary: "What waits for a person, most urgent first",
      filters: { kind: workKind.optional(), due: z.enum(["now", "later"]).optional() },
      row: workItem,
      columns: ["kind", "customer", "creditor", "step", "why", "open", "dueOn", "agreedBy"],
      answer: listOf(workItem).extend({
        counts: z.partialRecord(z.enum([...workKind.options, "now", "later"]), z.number().int()),
      }),
    },
    ({ act, query, caller, language }) =>
      act(async (one) => {
        const creditor = await knownCreditor(one, query.creditor);
        if (!creditor.ok) return creditor;
        const sorting = sortingOf(query.sort);
        const column = sorting && COLUMNS[sorting.field];
        if (sorting && !column) return unsortable(sorting.field);
        const day = await businessDay(one, creditor.value);
        const among = await foundBy(one, query.q);
        if (!among.ok) return among;
        const asked = query as { kind?: WorkKind; due?: "now" | "later" };
        const base = {
          ...(creditor.value !== undefined && { creditorId: creditor.value }),
          ...(among.value && { among: among.value }),
        };
        const filter: WorkFilter = {
          ...base,
          ...(asked.kind !== undefined && { kind: asked.kind }),
          ...(asked.due !== undefined && { due: asked.due }),
        };
        const page = await workLines(one, filter, day, {
          order: [
            ...(column && sorting
              ? [{ column, descending: sorting.descending }]
              : [{ column: "due_on" }, { column: "open", descending: true }]),
            { column: "work_id" },
          ],
          limit: limitOf(query),
          offset: query.offset ?? 0,
        });
        return ok({
          rows: await inWords(one, page.rows, caller, language),
          total: page.total,
          counts: await workCounts(one, base, day),
        });
      }),
  );
  route(
    api,
    {
      method: "post",
      path: "/worklist/{workId}/decide",
      permission: "proposal.decide",
      summary: "Decide what waits",
      params: workParams,
      body: workDecision,
      answer: workItem,
    },
    ({ act, params, body, caller, language }) =>
      act(async (one) => {
        const line = await lineById(one, params.workId);
        if (!line.ok) return line;
        const [before] = await inWords(one, [line.value], caller, language);
        if (!before) return fail("not_found", "work_unknown", "There is no such work.", params.workId);
        if (line.value.state !== "open")
          return fail("conflict", "task_decided", "This was decided before.", params.workId);
        if (!before.acts.includes(body.act))
          return fail(
            "forbidden",
            "act_not_possible",
            "This can't be decided so here, or your role does not allow it.",
            "act",
          );
        const done = await decide(one, line.value, body.act, body.until as PlainDate | null);
        return done.ok ? workItemById(one, params.workId, caller, language) : done;
      }),
  );
  route(
    api,
    {
      method: "post",
      path: "/worklist/{workId}/reopen",
      permission: "proposal.decide",
      summary: "Take a decision back, where the act can be undone",
      params: workParams,
      answer: workItem,
    },
    ({ act, params, caller, language }) =>
      act(async (one) => {
        const line = await lineById(one, params.workId);
        if (!line.ok) return line;
        if (line.value.source !== "task")
          return fail("conflict", "not_undoable", "This can't be taken back.", params.workId);
        const { customer_id: customerId, kind } = line.value;
        const may = await mayOpenCustomer(one, customerId);
        if (!may.ok) return may;
        // The verdict of a sample goes with its task.
        const reopened: Result<unknown> =
          kind === "match_review"
            ? await decideReview(one, params.workId, null)
            : await reopenTask(one, customerId, params.workId);
        return reopened.ok ? workItemById(one, params.workId, caller, language) : reopened;
      }),
  );
}

/** `q` of lists of work, messages and runs: the clerk's search for customers, written down as every search. */
export async function foundBy(act: Act, q: string | undefined): Promise<Result<CustomerId[] | undefined>> {
  const text = q?.trim() ?? "";
  if (text === "") return ok(undefined);
  const found = await findCustomers(act, text, 200);
  if (found.ok) return ok(found.value.map((hit) => hit.customerId));
  return found.error.code === "search_text_missing" ? ok([]) : found;
}

async function lineById(act: Act, workId: Uuid): Promise<Result<WorkLine>> {
  const page = await workLines(act, { workId, decided: true }, await businessDay(act), {
    order: [{ column: "work_id" }],
    limit: 1,
    offset: 0,
  });
  const [line] = page.rows;
  return line ? ok(line) : fail("not_found", "work_unknown", "There is no such work.", workId);
}

export async function workItemById(
  act: Act,
  workId: Uuid,
  caller: Caller,
  language: Language,
): Promise<Result<WorkItem>> {
  const line = await lineById(act, workId);
  if (!line.ok) return line;
  const [item] = await inWords(act, [line.value], caller, language);
  return item ? ok(item) : fail("not_found", "work_unknown", "There is no such work.", workId);
}

async function decide(act: Act, line: WorkLine, what: WorkAct, until: PlainDate | null): Promise<Result<unknown>> {
  const { customer_id: customerId, work_id: workId } = line;
  const may = await mayOpenCustomer(act, customerId);
  if (!may.ok) return may;
  const ref = { customerId, messageId: line.message_id as MessageId };
  switch (what) {
    case "later":
      return until === null
        ? fail("invalid", "day_missing", "Until when?", "until")
        : postponeTask(act, customerId, workId, until);
    case "end_hold": {
      const lifted = await liftHold(act, customerId, workId);
      if (lifted.ok) await appendAudit(act, { act: "hold.lifted", subject: workId, details: { customer: customerId } });
      return lifted;
    }
    case "left":
    case "send_again":
    case "drop":
      return decideMessage(act, ref, what);
    case "approve":
    case "refuse":
      if (line.kind === "approval") return decideApproval(act, ref, what);
      // Four eyes on a refund begin with the person who proposed it.
      if (line.kind === "refund") return decideRefund(act, workId, what);
      return decideTask(act, customerId, workId, what);
    case "done":
      return decideTask(act, customerId, workId, "done");
    case "refund":
    case "set_off":
    case "keep":
      return decidePaidTwice(act, workId, what);
    case "right":
    case "wrong":
      return decideReview(act, workId, what);
  }
}

async function decideApproval(
  act: Act,
  ref: { customerId: CustomerId; messageId: MessageId },
  what: "approve" | "refuse",
) {
  const changed =
    what === "approve" ? await approveMessages(act, [ref]) : await recallMessages(act, [ref], "not_approved");
  if (changed === 0) return fail("conflict", "message_settled", "The message waits no longer.", ref.messageId);
  await appendAudit(act, { act: what === "approve" ? "message.approved" : "message.refused", subject: ref.messageId });
  return ok(true);
}

/** What this caller may do with it, the advised act first. */
function actsOf(line: WorkLine, caller: Caller, user: User | undefined): WorkAct[] {
  if (line.state !== "open" || !can(caller.actor.role, "proposal.decide")) return [];
  switch (line.kind) {
    case "approval":
      return ["approve", "refuse"];
    case "hold_review":
      return ["end_hold"];
    case "parked_message":
      return ["send_again", "left", "drop", "later"];
    case "duplicate_payment":
      return can(caller.actor.role, "match.decide") ? ["refund", "set_off", "keep", "later"] : ["later"];
    case "match_review":
      return can(caller.actor.role, "match.decide") ? ["right", "wrong", "later"] : ["later"];
    default:
      if (!isProposal(line.kind as TaskKind)) return ["done", "later"];
  }
  if (!user) return [];
  if (line.kind === "refund" && line.created_by === actorName(caller.actor)) return ["refuse", "later"];
  const alone = mayDecide(user, money(line.amount ?? 0n, line.currency ?? EUR));
  if (!alone.ok) return [];
  const first = line.first_approved_by?.replace(/^user:/, "") as UserId | undefined;
  const second = alone.value === "alone" || first === undefined || mayConfirm(user, first).ok;
  return second ? ["approve", "refuse", "later"] : ["refuse", "later"];
}

async function inWords(act: Act, lines: readonly WorkLine[], caller: Caller, language: Language): Promise<WorkItem[]> {
  const refs = await customerRefs(
    act,
    lines.map((line) => line.customer_id),
  );
  const creditors = await creditorRefs(act);
  const user = caller.actor.kind === "user" ? await readUser(act, caller.actor.id as UserId) : undefined;
  const nameOf = await actorNames(
    act,
    lines.map((line) => line.first_approved_by),
    language,
  );
  const tasks = new Map<Uuid, Task>();
  for (const line of lines)
    if (line.source === "task") {
      const task = await taskById(act, line.customer_id, line.work_id);
      if (task) tasks.set(line.work_id, task);
    }
  return lines.map((line): WorkItem => {
    const currency = line.currency ?? "EUR";
    const task = tasks.get(line.work_id);
    const amount = moneyText(line.amount ?? 0n, currency);
    const proposal = line.source === "task" && isProposal(line.kind as TaskKind);
    const alone = proposal && user ? mayDecide(user, money(line.amount ?? 0n, line.currency ?? EUR)) : undefined;
    const reason = typeof line.facts["reason"] === "string" ? line.facts["reason"] : undefined;
    return {
      id: line.work_id,
      kind: line.kind as WorkKind,
      customer: refs.get(line.customer_id) ?? null,
      creditor: (line.creditor_id && creditors.get(line.creditor_id)) || null,
      step: say(
        language,
        `step_${line.kind}`,
        line.kind === "approval" ? { stage: stageName(language, line.stage) ?? "" } : {},
      ),
      why: say(language, whyKey(line), whyValues(line, amount, language)),
      open: line.open === null ? null : moneyOf(line.open, currency),
      dueOn: line.due_on,
      dueAt: null,
      acts: actsOf(line, caller, user),
      messageId: line.message_id,
      agreedBy: line.first_approved_by === null ? null : nameOf(line.first_approved_by),
      evidence: [
        ...(line.number === null ? [] : [say(language, "evidence_number", { number: line.number })]),
        ...(line.stage === null || line.stage_on === null
          ? []
          : [say(language, "evidence_stage", { stage: stageName(language, line.stage) ?? "", on: line.stage_on })]),
        ...(line.open === null ? [] : [say(language, "evidence_open", { amount: moneyText(line.open, currency) })]),
        ...(reason === undefined
          ? []
          : [line.kind === "dispute" ? say(language, `dispute_${reason}`) : reasonInWords(reason, language)]),
      ],
      mayDo: alone?.ok ? [say(language, alone.value === "alone" ? "may_within_limit" : "may_four_eyes")] : [],
      latest:
        task?.text === undefined
          ? null
          : {
              text: line.kind === "callback" ? phoneInWords(task.text, language) : task.text,
              source: say(language, task.createdBy.startsWith("portal") ? "source_customer" : "source_colleague"),
              at: task.createdAt.toISOString(),
            },
    };
  });
}

/** A number alone is said to be one. */
const phoneInWords = (text: string, language: Language): string =>
  /^\+?[\d\s/()-]{5,}$/.test(text) ? say(language, "phone_number", { number: text }).text : text;

function whyValues(line: WorkLine, amount: string, language: Language): Readonly<Record<string, string>> {
  if (line.kind === "hold_review")
    return { since: String(line.facts["since"] ?? ""), ground: say(language, `hold_${line.ground ?? "manual"}`).text };
  return { amount };
}

/** Of some kinds of work there is more than one reason. */
const whyKey = ({ kind, facts }: WorkLine): string =>
  kind === "tell_partner" && facts["why"] === "went_back" ? "why_tell_partner_back" : `why_${kind}`;
