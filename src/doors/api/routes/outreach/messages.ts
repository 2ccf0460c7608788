/** Messages as they left, and why; what a person decides about unclear ones. */
import { z } from "@hono/zod-openapi";
import {
  messageDecision,
  type MessageLine,
  messageLines,
  messageSteps,
  type PageRequest,
} from "../../../../oversight/insight/index.ts";
import { type Act, actorCan, appendAudit, type Caller } from "../../../../platform/access/index.ts";
import {
  type ComposerParts,
  decideMessage,
  letterPicture,
  markBounced,
  message as readMessage,
  openMessage,
} from "../../../../outreach/messaging/index.ts";
import { type CustomerId, deterministicUuid, fail, ok, type Result } from "../../../../pure/kernel/index.ts";
import { limitOf, listRoute, sortingOf, unsortable } from "../../list.ts";
import { customerRefs, knownCreditor } from "../../names.ts";
import { type Api, fileRoute, route } from "../../route.ts";
import { moneyOf, moneyText, say } from "../../said/index.ts";
import { channel, id, type Language, yesNo } from "../../schema/basics.ts";
import { message, type MessageRow, messageRow, messageState, parkedDecision } from "../../schema/outreach.ts";
import { reasonInWords } from "../../present/customer-page.ts";
import { stageName } from "../../present/run-preview.ts";
import { foundBy } from "../worklist.ts";

const messageParams = z.strictObject({ messageId: id });
const COLUMNS: Readonly<Record<string, string>> = {
  channel: "channel",
  stage: "stage",
  stageName: "stage",
  state: "state",
  evidence: "evidence",
  amount: "amount",
  createdAt: "created_at",
  leftAt: "left_at",
};
/** A page of its own: nothing in it runs, loads, sends or reaches the console around it. */
const SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

export function messageRoutes(api: Api): void {
  listRoute(
    api,
    {
      path: "/messages",
      permission: "message.read",
      summary: "Messages, newest first",
      filters: {
        state: messageState.optional(),
        channel: channel.optional(),
        customer: id.optional(),
        run: id.optional(),
        local: yesNo,
      },
      row: messageRow,
      columns: [
        "customer",
        "channel",
        "stageName",
        "subject",
        "state",
        "reason",
        "evidence",
        "amount",
        "createdAt",
        "leftAt",
        "local",
      ],
    },
    (call) =>
      call.act(async (act) => {
        const creditor = await knownCreditor(act, call.query.creditor);
        if (!creditor.ok) return creditor;
        const among = await foundBy(act, call.query.q);
        if (!among.ok) return among;
        const sorting = sortingOf(call.query.sort);
        const column = sorting && COLUMNS[sorting.field];
        if (sorting && !column) return unsortable(sorting.field);
        const query = call.query as {
          state?: string;
          channel?: string;
          customer?: string;
          run?: string;
          local?: "yes" | "no";
        };
        const page = await messageLines(
          act,
          {
            ...(query.state !== undefined && { state: query.state }),
            ...(query.channel !== undefined && { channel: query.channel }),
            ...(query.customer !== undefined && { customerId: query.customer as CustomerId }),
            ...(query.run !== undefined && { runId: query.run }),
            ...(query.local !== undefined && { local: query.local === "yes" }),
            ...(among.value && { among: among.value }),
            ...(creditor.value !== undefined && { creditorId: creditor.value }),
          },
          {
            order: [
              column && sorting
                ? { column, descending: sorting.descending }
                : { column: "created_at", descending: true },
              { column: "message_id" },
            ],
            limit: limitOf(call.query),
            offset: call.query.offset ?? 0,
          },
        );
        return ok({
          rows: await rowsInWords(act, page.rows, call.language),
          total: page.total,
          sums: [...page.sums].map(([currency, minor]) => moneyOf(minor, currency)),
        });
      }),
  );
  route(
    api,
    {
      method: "get",
      path: "/messages/{messageId}",
      permission: "message.read",
      summary: "A message as it left, and why",
      params: messageParams,
      answer: message,
    },
    (call) => call.act((act) => messageById(act, call.params.messageId, call.caller, call.language)),
  );
  fileRoute(
    api,
    {
      path: "/messages/{messageId}/preview",
      permission: "message.read",
      summary: "The mail as a page of its own, sandboxed",
      params: messageParams,
      gives: ["text/html"],
    },
    (call) =>
      call.act(async (act) => {
        const line = await lineById(act, call.params.messageId);
        if (!line.ok) return line;
        const opened = await openMessage(act, { customerId: line.value.customer_id, messageId: line.value.message_id });
        if (!opened.ok) return opened;
        const html = opened.value.rendering?.html;
        if (html === undefined)
          return fail("not_found", "preview_not_found", "There is no mail to look at.", call.params.messageId);
        return ok(shown(html, "text/html; charset=utf-8", SANDBOX));
      }),
  );
  fileRoute(
    api,
    {
      path: "/messages/{messageId}/letter.pdf",
      permission: "message.read",
      summary: "The letter as it was printed",
      params: messageParams,
      gives: ["application/pdf"],
    },
    (call) =>
      call.act(async (act) => {
        const line = await lineById(act, call.params.messageId);
        if (!line.ok) return line;
        const opened = await openMessage(act, { customerId: line.value.customer_id, messageId: line.value.message_id });
        if (!opened.ok) return opened;
        const pdf = opened.value.rendering?.pdf;
        if (pdf === undefined)
          return fail("not_found", "letter_not_found", "There is no letter to look at.", call.params.messageId);
        await appendAudit(act, { act: "document.opened", subject: call.params.messageId });
        return ok(
          shown(
            Buffer.from(pdf, "base64"),
            "application/pdf",
            "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'",
            `${call.params.messageId}.pdf`,
          ),
        );
      }),
  );
  fileRoute(
    api,
    {
      path: "/messages/{messageId}/letter.svg",
      permission: "message.read",
      summary: "The letter's first page as a picture",
      params: messageParams,
      gives: ["image/svg+xml"],
    },
    async (call) => {
      const read = await call.act(async (act) => {
        const line = await lineById(act, call.params.messageId);
        if (!line.ok) return line;
        const ref = { customerId: line.value.customer_id, messageId: line.value.message_id };
        const opened = await openMessage(act, ref);
        if (!opened.ok) return opened;
        const found = await readMessage(act, ref);
        return found ? ok({ found, prepared: opened.value.prepared }) : unknown(call.params.messageId);
      });
      if (!read.ok) return read;
      const { deps, caller } = call;
      const parts: ComposerParts = {
        platform: deps.platform,
        tenantId: caller.tenantId,
        printer: deps.printer,
        publicUrl: () => deps.settings.publicUrl,
      };
      const picture = await letterPicture(parts, read.value.found, read.value.prepared);
      return picture.ok ? ok(shown(picture.value, "image/svg+xml", `${SANDBOX}; font-src data:`)) : picture;
    },
  );
  route(
    api,
    {
      method: "post",
      path: "/messages/{messageId}/decide",
      permission: "proposal.decide",
      summary: "What a person found out about an unclear message",
      params: messageParams,
      body: parkedDecision,
      answer: message,
    },
    (call) =>
      call.act(async (act) => {
        const line = await lineById(act, call.params.messageId);
        if (!line.ok) return line;
        const ref = { customerId: line.value.customer_id, messageId: line.value.message_id };
        const done = await decideMessage(act, ref, call.body.decision);
        return done.ok ? messageById(act, call.params.messageId, call.caller, call.language) : done;
      }),
  );
  route(
    api,
    {
      method: "post",
      path: "/messages/{messageId}/bounced",
      permission: "message.write",
      summary: "It came back: nothing goes to that address any more, and what rested on its arrival is taken back",
      params: messageParams,
      answer: message,
    },
    (call) =>
      call.act(async (act) => {
        const line = await lineById(act, call.params.messageId);
        if (!line.ok) return line;
        const done = await markBounced(act, line.value.message_id);
        return done.ok ? messageById(act, call.params.messageId, call.caller, call.language) : done;
      }),
  );
}

/** A file that is looked at beside the console. */
export function shown(body: string | Uint8Array, type: string, policy: string, name?: string): Response {
  return new Response(typeof body === "string" ? body : new Uint8Array(body), {
    headers: {
      "content-type": type,
      "content-security-policy": policy,
      "x-frame-options": "SAMEORIGIN",
      ...(name !== undefined && { "content-disposition": `inline; filename="${name}"` }),
    },
  });
}

const unknown = (messageId: string): ReturnType<typeof fail> =>
  fail("not_found", "message_not_found", "There is no such message.", messageId);
const ONE: PageRequest = { order: [{ column: "message_id" }], limit: 1, offset: 0 };

async function lineById(act: Act, messageId: string): Promise<Result<MessageLine>> {
  const [line] = (await messageLines(act, { messageId }, ONE)).rows;
  return line ? ok(line) : unknown(messageId);
}

async function rowsInWords(act: Act, lines: readonly MessageLine[], language: Language): Promise<MessageRow[]> {
  const names = await customerRefs(
    act,
    lines.map((line) => line.customer_id),
  );
  const rows: MessageRow[] = [];
  for (const line of lines) {
    const stage = stageName(language, line.stage ?? line.template_key) ?? "";
    const opened =
      line.state === "left"
        ? await openMessage(act, { customerId: line.customer_id, messageId: line.message_id })
        : undefined;
    rows.push({
      id: line.message_id,
      customer: names.get(line.customer_id) ?? null,
      channel: line.channel,
      stage: line.stage,
      stageName: stage,
      subject:
        (opened?.ok ? opened.value.rendering?.subject : undefined) ??
        (line.state === "left" ? stage : say(language, "subject_waiting", { stage }).text),
      state: line.state as MessageRow["state"],
      reason: line.reason === null ? null : reasonInWords(line.reason, language),
      needsApproval: line.needs_approval,
      evidence: line.evidence as MessageRow["evidence"],
      amount: line.amount === null || line.currency === null ? null : moneyOf(line.amount, line.currency),
      createdAt: line.created_at.toISOString(),
      leftAt: line.left_at?.toISOString() ?? null,
      local: line.local,
      runId: line.run_id,
    });
  }
  return rows;
}

/** Failures `message_not_found`, `erased`. */
async function messageById(
  act: Act,
  messageId: string,
  caller: Caller,
  language: Language,
): Promise<Result<z.infer<typeof message>>> {
  const found = await lineById(act, messageId);
  if (!found.ok) return found;
  const line = found.value;
  const ref = { customerId: line.customer_id, messageId: line.message_id };
  const stored = await readMessage(act, ref);
  const opened = await openMessage(act, ref);
  if (!opened.ok) return opened;
  const [row] = await rowsInWords(act, [line], language);
  if (!stored || !row) return unknown(messageId);
  const { rendering, prepared, recipient } = opened.value;
  const decision = await messageDecision(act, line.customer_id, messageId);
  const steps = await messageSteps(act, line.customer_id, messageId);
  return ok({
    ...row,
    language: stored.language,
    tone: stored.tone,
    brand: line.brand,
    sender: prepared?.from ?? line.brand,
    recipient: [...recipient],
    text: rendering?.text ?? "",
    preview:
      rendering === null
        ? "text"
        : line.channel === "letter"
          ? "letter"
          : rendering.html === undefined
            ? "text"
            : "html",
    template: {
      name: stageName(language, line.template_key) ?? line.template_key,
      version: stored.templateVersion ?? 0,
    },
    why:
      decision === undefined
        ? [say(language, "why_answer")]
        : [
            say(language, "why_stage", { stage: row.stageName ?? "" }),
            say(language, "why_items", {
              count: decision.items,
              amount: moneyText(decision.amount, decision.currency),
            }),
            ...(decision.oldest_due === null ? [] : [say(language, "why_oldest", { on: decision.oldest_due })]),
            say(language, "why_channel", { channel: say(language, `channel_${line.channel}`).text }),
          ],
    decision:
      decision === undefined
        ? null
        : {
            id: deterministicUuid("decision", line.customer_id, decision.trigger),
            at: decision.decided_at.toISOString(),
            strategy: decision.strategy,
            version: decision.version,
          },
    steps: steps.map((step) => ({ state: step.state, at: step.at.toISOString(), said: null })),
    mayMarkBounced:
      line.state === "left" &&
      !["revoked", "portal_opened", "registered"].includes(line.evidence) &&
      actorCan(caller.actor, "message.write"),
    mayDecide: (line.state === "unknown" || line.state === "parked") && actorCan(caller.actor, "proposal.decide"),
  });
}
