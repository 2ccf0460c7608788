/** The file of a customer: who, what is open, what stands in the way, what comes next, what happened. */
import type { z } from "@hono/zod-openapi";
import {
  customerCounts,
  itemLines,
  openTasks,
  timelineOf,
  type TimelineEvent,
} from "../../../oversight/insight/index.ts";
import type { Act } from "../../../platform/access/index.ts";
import { customerFile, type CustomerFile, displayName, notes, reachability } from "../../../books/customers/index.ts";
import { casesOf, claimOn, type Hold, holdsOf } from "../../../books/receivables/index.ts";
import { type Explanation, explain, strategyInForce } from "../../../outreach/dunning/index.ts";
import {
  type CreditorId,
  type CustomerId,
  dateIn,
  ok,
  type PlainDate,
  type Result,
} from "../../../pure/kernel/index.ts";
import { lawInWriting } from "../../../pure/law/index.ts";
import { actorNames, creditorRefs } from "../names.ts";
import { moneyOf, moneyText, say, worded } from "../said/index.ts";
import type { Language, Money, Said } from "../schema/basics.ts";
import type { customer, hold, TimelineEntry } from "../schema/customers.ts";
import { itemOf } from "./items.ts";
import { partiesIn } from "./parties.ts";
import { groundOf } from "./run-preview.ts";

const EVENTS = 200;

/** Failures of `customerFile`. */
export async function customerPage(
  act: Act,
  customerId: CustomerId,
  creditorId: CreditorId | undefined,
  language: Language,
): Promise<Result<z.infer<typeof customer>>> {
  const read = await customerFile(act, customerId);
  if (!read.ok) return read;
  const file = read.value;
  const today = dateIn(act.tx.now, file.zone);
  const ofCreditor = (one: { creditor_id: CreditorId }): boolean =>
    creditorId === undefined || one.creditor_id === creditorId;
  const lines = (await itemLines(act, customerId)).filter(ofCreditor);
  const openLines = lines.filter((line) => line.open_total !== 0n);
  const holds = (await holdsOf(act, [customerId], "all")).get(customerId) ?? [];
  const written = await notes(act, customerId);
  const nameOf = await actorNames(
    act,
    [...holds.map((one) => one.author), ...written.map((one) => one.author)],
    language,
  );
  const names = await creditorRefs(act);
  const counts = await customerCounts(act, customerId);
  const explanations = (await explain(act, customerId, today)).filter(
    (one) => creditorId === undefined || one.creditorId === creditorId,
  );
  const { points } = await reachability(act, customerId, today);
  const cases = (await casesOf(act, [customerId])).filter(
    (one) => one.state !== "closed" && (creditorId === undefined || one.creditorId === creditorId),
  );
  const reached = cases
    .filter((one) => one.stage !== undefined)
    .sort((a, b) => ((a.stageOn ?? "") < (b.stageOn ?? "") ? 1 : -1))[0];
  const next = await nextOf(act, explanations, today, language);
  return ok({
    id: customerId,
    number: file.number,
    name: displayName(file.identity),
    kind: file.kind,
    language: file.language,
    group: file.group ?? null,
    since: lines.reduce<PlainDate | null>(
      (first, line) => (first === null || line.issued_on < first ? line.issued_on : first),
      null,
    ),
    restricted: file.restricted,
    creditors: [...new Set(lines.map((line) => line.creditor_id))].flatMap((one) => names.get(one) ?? []),
    reachableBy: [...new Set(points.map((point) => point.channel))],
    stage: reached?.stage === undefined ? null : say(language, `stage_${reached.stage}`),
    open: sums(openLines.filter((line) => line.open_total > 0n)),
    unallocated: sums(openLines.filter((line) => line.open_total < 0n)),
    counts: {
      items: lines.length,
      messages: counts.messages,
      parties: partiesIn(file, points, today, language).length,
      documents: counts.documents,
    },
    items: await Promise.all(openLines.map((line) => itemOf(act, line, language))),
    explained: await explained(act, customerId, today, language),
    blockers: blockersOf(explanations, language),
    mayWriteFrom: mayWriteFrom(explanations, today),
    next,
    waiting: (await openTasks(act, customerId)).map(({ task_id, kind, due_on }) => ({
      id: task_id,
      kind,
      step: say(language, `step_${kind}`),
      dueOn: due_on,
    })),
    timeline: await timeline(act, file, next, today, language),
    holds: holds.map((one) => holdLine(one, nameOf)),
    parties: partiesIn(file, points, today, language),
    notes: written.map((one) => ({
      id: one.noteId,
      text: one.text,
      author:
        one.fromFile === undefined ? nameOf(one.author) : `${nameOf(one.author)}, ${fromFile(one.fromFile, language)}`,
      at: one.createdAt.toISOString(),
    })),
  });
}

function sums(lines: readonly { open_total: bigint; currency: string }[]): Money[] {
  const found = new Map<string, bigint>();
  for (const { open_total, currency } of lines) found.set(currency, (found.get(currency) ?? 0n) + open_total);
  return [...found].map(([currency, minor]) => moneyOf(minor, currency));
}

/** Interest that may be claimed today and is not posted yet, with its law. */
async function explained(act: Act, customerId: CustomerId, day: PlainDate, language: Language): Promise<Said[]> {
  const numbers = new Map((await itemLines(act, customerId)).map((line) => [line.receivable_id, line.number]));
  return [...(await claimOn(act, customerId, day, undefined, "always")).values()].flatMap((claim) =>
    claim.charges
      .filter((charge) => charge.amountMinor > 0n)
      .map((charge) =>
        say(language, "explained_interest", {
          amount: moneyText(charge.amountMinor, claim.currency),
          law: lawInWriting(charge.paragraph, language),
          number: numbers.get(claim.receivableId) ?? "",
        }),
      ),
  );
}

const BASES: Readonly<Record<string, string>> = {
  hold: "basis_hold",
  law: "basis_law",
  "bank inbox": "basis_bank",
  outbox: "basis_outbox",
  contact_point: "basis_contact_point",
  "message.term": "basis_term",
};

function basisOf(language: Language, restsOn: string): Said {
  if (restsOn.startsWith("contactRules")) return say(language, "basis_gap");
  if (restsOn.startsWith("strategy")) return say(language, "basis_strategy");
  if (restsOn.startsWith("creditor.settings.checking")) return say(language, "basis_checking");
  if (restsOn.startsWith("creditor.settings.bankData")) return say(language, "basis_bank");
  const known = BASES[restsOn];
  return known ? say(language, known) : worded("law", lawInWriting(restsOn, language));
}

function blockersOf(explanations: readonly Explanation[], language: Language): z.infer<typeof customer>["blockers"] {
  const seen = new Map<string, z.infer<typeof customer>["blockers"][number]>();
  for (const { blockers } of explanations)
    for (const { name, restsOn, until, facts } of blockers) {
      const holdId = typeof facts?.["holdId"] === "string" ? facts["holdId"] : null;
      seen.set(`${name} ${until ?? ""} ${holdId ?? ""}`, {
        ground: groundOf(language, name, facts),
        basis: basisOf(language, restsOn),
        until: until ?? null,
        holdId,
      });
    }
  return [...seen.values()];
}

/** The first day on which nothing stands against writing, over all cases; null where none is in sight. */
function mayWriteFrom(explanations: readonly Explanation[], today: PlainDate): PlainDate | null {
  const days = explanations.flatMap(({ decision, nextOn }) =>
    decision.outcome === "contact" ? [today] : nextOn === undefined ? [] : [nextOn],
  );
  return days.sort()[0] ?? null;
}

async function nextOf(
  act: Act,
  explanations: readonly Explanation[],
  today: PlainDate,
  language: Language,
): Promise<z.infer<typeof customer>["next"]> {
  const candidates = explanations.flatMap(({ creditorId, decision, situation, nextOn }) => {
    const key = decision.nextStage ?? decision.stage;
    const on = decision.outcome === "contact" ? today : nextOn;
    return key === undefined || on === undefined ? [] : [{ creditorId, decision, situation, key, on }];
  });
  const first = candidates.sort((a, b) => (a.on < b.on ? -1 : 1))[0];
  if (!first) return null;
  const strategy = await strategyInForce(act, first.creditorId);
  const stage = strategy?.document.stages.find((one) => one.key === first.key);
  const oldest = first.situation.items
    .filter((one) => one.itemKind === "invoice")
    .map((one) => one.dueOn)
    .sort()[0];
  return {
    stage: say(language, `stage_${first.key}`),
    channel: first.decision.choice.channel ?? stage?.channels[0] ?? "letter",
    on: first.on,
    reasons: [
      ...(oldest === undefined ? [] : [say(language, "why_oldest", { on: oldest })]),
      ...(stage ? [say(language, `effect_${stage.effect}`)] : []),
    ],
  };
}

const STRONG = new Set(["payment_in", "payment_back", "portal_paid_claimed", "portal_callback", "portal_dispute"]);
const UNSENT = new Set(["message_dropped", "message_failed", "message_parked", "message_unknown"]);

async function timeline(
  act: Act,
  file: CustomerFile,
  next: z.infer<typeof customer>["next"],
  today: PlainDate,
  language: Language,
): Promise<TimelineEntry[]> {
  const events = await timelineOf(act, file.customerId, file.zone, EVENTS);
  const planned: TimelineEntry[] =
    next === null || next.on < today
      ? []
      : [
          {
            id: "next",
            when: "planned",
            on: next.on,
            at: null,
            title: say(language, "planned_step", { stage: next.stage.text }),
            detail: null,
            strong: false,
            messageId: null,
            itemId: null,
          },
        ];
  const ahead = events
    .filter((event) => event.planned || event.on > today)
    .map((event) => entryOf(event, today, language));
  const past = events
    .filter((event) => !event.planned && event.on <= today)
    .map((event) => entryOf(event, today, language));
  const now: TimelineEntry = {
    id: "now",
    when: "now",
    on: today,
    at: null,
    title: say(language, "case_today"),
    detail: null,
    strong: false,
    messageId: null,
    itemId: null,
  };
  return [...planned, ...ahead, now, ...past];
}

function entryOf(event: TimelineEvent, today: PlainDate, language: Language): TimelineEntry {
  const values = {
    ...event.values,
    ...(event.amount !== null && { amount: moneyText(event.amount, event.currency ?? "EUR") }),
  };
  return {
    id: event.id,
    when: event.planned || event.on > today ? "planned" : "past",
    on: event.on,
    at: event.at?.toISOString() ?? null,
    title: titleOf(event, values, language),
    detail: withFile(detailOf(event, values, language), event.from_file, language),
    strong: STRONG.has(event.code),
    messageId: event.message_id,
    itemId: event.item_id,
  };
}

const fromFile = (number: string, language: Language): string => say(language, "from_file", { number }).text;

/** What happened in a file before it was merged into this one says so. */
function withFile(detail: Said | null, number: string | null, language: Language): Said | null {
  if (number === null) return detail;
  if (detail === null) return say(language, "from_file", { number });
  return { ...detail, text: `${detail.text}, ${fromFile(number, language)}` };
}

function titleOf({ code, values }: TimelineEvent, said: Readonly<Record<string, string>>, language: Language): Said {
  if (code.startsWith("message_")) return { ...say(language, `stage_${values["stage"] ?? "none"}`), code };
  if (code === "hold_placed" || code === "hold_lifted")
    return say(language, code, { ground: say(language, `hold_${values["ground"] ?? "manual"}`).text });
  return say(language, code, said);
}

function detailOf(
  { code, values }: TimelineEvent,
  said: Readonly<Record<string, string>>,
  language: Language,
): Said | null {
  if (UNSENT.has(code)) return reasonInWords(values["reason"] ?? "", language);
  if (code === "message_left") {
    const channel = say(language, `channel_${values["channel"] ?? "email"}`).text;
    return worded(
      "message_left",
      said["amount"] === undefined ? channel : `${channel}, ${say(language, "rail_amount", said).text}`,
    );
  }
  if (code.startsWith("order_")) return say(language, "order_number", { number: values["order"] ?? "" });
  if (code === "hold_placed")
    return values["until"] ? say(language, "hold_until", { until: values["until"] }) : say(language, "hold_open");
  return null;
}

/** Why a message did not leave; grounds of holds and rules are known by name, the rest is technical. */
export function reasonInWords(reason: string, language: Language): Said {
  const code = reason.split(":")[0] ?? "";
  const own = say(language, `reason_${code}`);
  if (own.text !== `reason ${code}`.replaceAll("_", " ")) return own;
  const ground = groundOf(language, code);
  if (ground.text !== code.replaceAll("_", " ")) return ground;
  return say(language, "reason_technical", { reason: code });
}

function holdLine(one: Hold, nameOf: (actor: string) => string): z.infer<typeof hold> {
  return {
    id: one.holdId,
    ground: one.ground,
    note: one.comment ?? null,
    itemId: one.receivableId ?? null,
    author: nameOf(one.author),
    from: one.startsOn,
    until: one.endsOn ?? null,
    endedAt: (one.liftedAt ?? null)?.toISOString() ?? null,
  };
}
