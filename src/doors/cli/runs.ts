/** `kulanz run` and `kulanz explain`. */
import { type Actor, withAct } from "../../platform/access/index.ts";
import {
  type CreditorId,
  type CustomerId,
  dateIn,
  fail,
  instantAt,
  isUuid,
  ok,
  type PlainDate,
  plainDate,
  type Result,
} from "../../pure/kernel/index.ts";
import { creditors, findCustomersBy } from "../../books/customers/index.ts";
import { explain, runDunning, type RunReport } from "../../outreach/dunning/index.ts";
import { letDueMessagesLeave, settleInterrupted } from "../../outreach/messaging/index.ts";
import { type Command, type Invocation, type Output, progressOn, usage } from "./command.ts";
import { creditorNamed, DATABASE_OPTIONS, type Surroundings, tenantOf, withProgram } from "./opening.ts";

const ACTOR: Actor = { kind: "system", id: "cli" };

export function runCommands(surroundings: Surroundings): Command[] {
  return [
    {
      name: "run",
      summary: "Decide about every customer and let messages leave",
      usage: "[--date D] [--creditor ID] [--dry-run] [--json]",
      options: {
        ...DATABASE_OPTIONS,
        date: { type: "string" },
        creditor: { type: "string" },
        "dry-run": { type: "boolean" },
      },
      run: (invocation) => runCommand(surroundings, invocation),
    },
    {
      name: "explain",
      summary: "May this customer be written to now? All blockers, next stage and date",
      usage: "--customer ID [--date D] [--json]",
      options: { ...DATABASE_OPTIONS, customer: { type: "string" }, date: { type: "string" } },
      run: (invocation) => explainCommand(surroundings, invocation),
    },
  ];
}

interface Clocked {
  readonly date: PlainDate | undefined;
  readonly now: (() => Date) | undefined;
}

/** `--date` fixes the clock at 09:00 of that day in the creditor's zone (`Europe/Berlin` until it is known). */
function clockOf(invocation: Invocation): Result<Clocked> {
  const given = invocation.text("date");
  if (given === undefined) return ok({ date: undefined, now: undefined });
  const date = plainDate(given);
  if (!date.ok) return usage(date.error.message, "--date");
  const moment = instantAt(date.value, 9, 0, "Europe/Berlin");
  return ok({ date: date.value, now: () => moment });
}

async function runCommand(surroundings: Surroundings, invocation: Invocation): Promise<Result<Output>> {
  const clock = clockOf(invocation);
  if (!clock.ok) return clock;
  const { date, now } = clock.value;
  return withProgram(surroundings, invocation, { beside: true, ...(now && { now }) }, async (program) => {
    const tenant = await tenantOf(program, invocation);
    if (!tenant.ok) return tenant;
    const named = await creditorNamed(program, tenant.value, invocation.text("creditor"));
    if (!named.ok) return named;
    const all = await withAct(program.platform, tenant.value, ACTOR, creditors);
    const chosen = all.filter((one) => (named.value ? one.creditorId === named.value : one.closedAt === undefined));
    const dryRun = invocation.flag("dry-run");
    const begun = performance.now();
    const reports: RunReport[] = [];
    for (const { creditorId, zone, name } of chosen) {
      const progress = progressOn(invocation.terminal, name);
      const report = await runDunning(program.platform, tenant.value, ACTOR, {
        creditorId,
        businessDate: date ?? dateIn(program.now(), zone),
        dryRun,
        onProgress: (slots) => progress(slots, 1024),
      });
      if (!report.ok) return report;
      reports.push(report.value);
    }
    let left = 0;
    if (!dryRun) {
      const outbox = program.outboxOf(tenant.value);
      await settleInterrupted(outbox, tenant.value);
      left = (await letDueMessagesLeave(outbox, tenant.value)).left;
    }
    const json = summary(reports, (performance.now() - begun) / 1000);
    const blockers = Object.entries(json.byBlocker).map(([name, count]) => `  ${name}: ${count}`);
    const text = [
      `${dryRun ? "Dry run" : "Run"} of ${json.date}: ${json.customers} customers, ${json.items} items.`,
      `Contact ${json.decisions.contact}, wait ${json.decisions.wait}, blocked ${json.decisions.blocked}; ${json.messages} messages${dryRun ? "" : `, ${left} left now`}.`,
      ...blockers,
      "",
    ].join("\n");
    return ok({ json, text });
  });
}

function summary(reports: readonly RunReport[], seconds: number) {
  const sum = (pick: (report: RunReport) => number): number =>
    reports.reduce((total, report) => total + pick(report), 0);
  const byBlocker: Record<string, number> = {};
  for (const report of reports)
    for (const [name, count] of Object.entries(report.byBlocker)) byBlocker[name] = (byBlocker[name] ?? 0) + count;
  return {
    date: reports[0]?.date ?? null,
    customers: sum((report) => report.customers),
    items: sum((report) => report.items),
    decisions: {
      contact: sum((report) => report.contact),
      wait: sum((report) => report.wait),
      blocked: sum((report) => report.blocked),
    },
    messages: sum((report) => report.messages),
    seconds: Number(seconds.toFixed(3)),
    byBlocker,
  };
}

async function explainCommand(surroundings: Surroundings, invocation: Invocation): Promise<Result<Output>> {
  const named = invocation.text("customer");
  if (named === undefined) return usage("Name the customer by id or number.", "--customer");
  const clock = clockOf(invocation);
  if (!clock.ok) return clock;
  const { date, now } = clock.value;
  return withProgram(surroundings, invocation, { beside: true, ...(now && { now }) }, async (program) => {
    const tenant = await tenantOf(program, invocation);
    if (!tenant.ok) return tenant;
    return withAct(program.platform, tenant.value, ACTOR, async (act): Promise<Result<Output>> => {
      const found = isUuid(named)
        ? [named as CustomerId]
        : ((await findCustomersBy(act, "customer_number", [named])).get(named) ?? []);
      const [customerId] = found;
      if (customerId === undefined)
        return fail("not_found", "customer_unknown", "There is no such customer.", "--customer");
      const day = date ?? dateIn(program.now(), "Europe/Berlin");
      const answers = await explain(act, customerId, day);
      const json = answers.map(({ creditorId, decision, situation, strategyVersion }) => ({
        customer: customerId,
        creditor: creditorId satisfies CreditorId,
        date: day,
        outcome: decision.outcome,
        stage: decision.stage ?? null,
        blockers: decision.blockers.map(({ name, restsOn, until, facts }) => ({
          name,
          ground: restsOn,
          until: until ?? null,
          facts: facts ?? {},
        })),
        next: {
          stage: decision.nextStage ?? decision.stage ?? null,
          date: decision.nextOn ?? (decision.outcome === "contact" ? day : null),
        },
        advice: { reasons: [] },
        items: situation.items.length,
        strategyVersion,
      }));
      const lines = json.flatMap((one) => [
        `${one.outcome === "contact" ? "Yes" : "No"}: ${one.outcome}${one.stage ? `, stage ${one.stage}` : ""}`,
        ...one.blockers.map(
          (blocker) =>
            `  ${blocker.name} (${blocker.ground}) until ${blocker.until ?? "a person or a fact changes it"}`,
        ),
        `  next: ${one.next.stage ?? "nothing"} ${one.next.date ?? ""}`,
      ]);
      return ok({ json, text: `${lines.length === 0 ? "Nothing is open: no case." : lines.join("\n")}\n` });
    });
  });
}
