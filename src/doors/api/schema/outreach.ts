import { z } from "@hono/zod-openapi";
import {
  channel,
  creditorRef,
  customerRef,
  day,
  id,
  instant,
  language,
  money,
  progress,
  said,
  tone,
} from "./basics.ts";

const count = z.number().int();
export const runState = z.enum(["running", "done"]);
export const stageLine = z.strictObject({
  stage: z.string(),
  name: z.string(),
  proposal: z.boolean(),
  customers: count,
  amount: money,
  byChannel: z.partialRecord(channel, count),
});
export const decisions = z.strictObject({ contact: count, wait: count, blocked: count });
const byBlocker = z.array(z.strictObject({ ground: said, customers: count }));
export const runPreview = z
  .strictObject({
    creditor: creditorRef.nullable(),
    date: day,
    plannedAt: instant.nullable(),
    customers: count,
    items: count,
    decisions,
    stages: z.array(stageLine),
    byBlocker,
    cautions: z.array(said),
    mayStart: z.boolean(),
  })
  .openapi("RunPreview");
export const runPreviewRow = z
  .strictObject({
    customer: customerRef,
    result: z.enum(["contact", "wait", "blocked"]),
    stage: z.string().nullable(),
    stageName: z.string().nullable(),
    channel: channel.nullable(),
    amount: money,
    reason: said,
    until: day.nullable(),
  })
  .openapi("RunPreviewRow");
export const messageCounts = z.strictObject({
  queued: count,
  leaving: count,
  left: count,
  failed: count,
  dropped: count,
  unknown: count,
  parked: count,
  needsApproval: count,
});
export const runRow = z
  .strictObject({
    id,
    creditor: creditorRef,
    date: day,
    state: runState,
    startedAt: instant,
    startedBy: z.string(),
    finishedAt: instant.nullable(),
    decisions,
    messages: messageCounts,
  })
  .openapi("RunRow");
export const run = runRow
  .extend({ slots: progress, stages: z.array(stageLine), byBlocker, recallable: count, mayRecall: z.boolean() })
  .openapi("Run");
export const newRun = z.strictObject({ creditorId: id, date: day.optional() });
export const recalled = z.strictObject({ recalled: count, alreadyLeft: count });

export const messageState = z.enum(["queued", "leaving", "left", "failed", "unknown", "dropped", "parked"]);
export const messageRow = z
  .strictObject({
    id,
    customer: customerRef.nullable(),
    channel,
    stage: z.string().nullable(),
    stageName: z.string().nullable(),
    subject: z.string(),
    state: messageState,
    reason: said.nullable(),
    needsApproval: z.boolean(),
    evidence: z.enum(["none", "handed_over", "accepted", "portal_opened", "registered", "revoked"]),
    amount: money.nullable(),
    createdAt: instant,
    leftAt: instant.nullable(),
    local: z.boolean(),
    runId: id.nullable(),
  })
  .openapi("MessageRow");
export const message = messageRow
  .extend({
    language,
    tone,
    brand: z.string(),
    sender: z.string(),
    recipient: z.array(z.string()),
    text: z.string(),
    preview: z.enum(["html", "letter", "text"]),
    template: z.strictObject({ name: z.string(), version: count }),
    why: z.array(said),
    decision: z.strictObject({ id, at: instant, strategy: z.string(), version: count }).nullable(),
    steps: z.array(
      z.strictObject({
        state: z.enum([...messageState.options, "opened", "bounced"]),
        at: instant,
        said: said.nullable(),
      }),
    ),
    mayDecide: z.boolean(),
    mayMarkBounced: z.boolean(),
  })
  .openapi("Message");
export const printDay = z.strictObject({ day, letters: count, files: count }).openapi("PrintDay");
export const parkedDecision = z.strictObject({ decision: z.enum(["left", "send_again", "drop"]) });

export const strategyRow = z
  .strictObject({
    id,
    name: z.string(),
    creditors: z.array(creditorRef),
    version: count,
    inForceSince: day.nullable(),
    stages: count,
    customers: count,
  })
  .openapi("StrategyRow");
export const strategyStage = z.strictObject({
  key: z.string(),
  name: z.string(),
  day: count,
  automation: z.enum(["auto", "approve", "off"]),
  decidedByPerson: z.boolean(),
  channels: z.array(channel),
  tone: tone.nullable(),
  effect: z.array(said),
  offers: z.array(said),
  costs: z.array(said),
  exceptions: z.array(said),
});
export const strategy = strategyRow
  .extend({
    stageList: z.array(strategyStage),
    rails: z.array(z.strictObject({ label: said, value: said })),
    versions: z.array(
      z.strictObject({
        version: count,
        at: instant,
        by: z.string(),
        inForceSince: day.nullable(),
        note: z.string().nullable(),
      }),
    ),
    document: z.unknown(),
  })
  .openapi("Strategy");
export const testMessage = z.strictObject({ language });
export const testSent = z.strictObject({ messageId: id, sentTo: z.string() });

export const today = z
  .strictObject({
    run: runPreview.nullable(),
    received: z.strictObject({
      since: day,
      payments: money,
      entries: count,
      automatic: count,
      proposed: count,
      unmatched: count,
      returned: count,
      objections: z.strictObject({ count, oldestDeadline: day.nullable() }),
      callBacks: z.strictObject({ count, nextAt: instant.nullable() }),
      invoices: count,
    }),
    statements: z.strictObject({ upTo: day.nullable(), missing: count }),
    needsYou: z.array(
      z.strictObject({
        level: z.enum(["problem", "notice", "info"]),
        title: said,
        detail: said.nullable(),
        link: z.strictObject({ to: z.string(), search: z.record(z.string(), z.string()) }).nullable(),
      }),
    ),
    overdue: z.strictObject({
      at: instant,
      total: money,
      parts: z.array(
        z.strictObject({
          key: z.enum(["stage", "hold", "arrangement", "objection", "handed_over", "person", "waiting"]),
          amount: money,
        }),
      ),
      forgotten: money,
    }),
    ageing: z.array(z.strictObject({ fromDay: count, toDay: count.nullable(), amount: money })),
    weeks: z.array(z.strictObject({ year: count, week: count, amount: money, current: z.boolean() })),
  })
  .openapi("Today");
export type RunPreview = z.infer<typeof runPreview>;
export type RunPreviewRow = z.infer<typeof runPreviewRow>;
export type MessageRow = z.infer<typeof messageRow>;
export type StageLine = z.infer<typeof stageLine>;
export type Today = z.infer<typeof today>;
