/** `kulanz run` and `kulanz explain`. */
import { type Actor, withAct } from "../../platform/access/index.ts";
import {
  type Clock,
  type CustomerId,
  dateIn,
  fail,
  instantAt,
  isUuid,
  ok,
  type PlainDate,
  plainDate,
  type Result,
  type Zone,
} from "../../pure/kernel/index.ts";
import { creditors, customerFacts, findCustomersBy } from "../../books/customers/index.ts";
import { type Explanation, explain, runDunning, type RunReport } from "../../outreach/dunning/index.ts";
import { letDueMessagesLeave, printNewLetters, settleInterrupted } from "../../outreach/messaging/index.ts";
import { type Command, type Invocation, type Output, progressOn, usage } from "./command.ts";
import { creditorNamed, DATABASE_OPTIONS, type Surroundings, tenantOf, withProgram } from "./opening.ts";

const ACTOR: Actor = { kind: "system", id: "cli" };
/** Parts of a run that its progress counts. */
const SLOTS = 1024;

export function runCommands(surroundings: Surroundings): Command[] {
  return [
    {
      name: "run",
      group: "run",
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
      group: "run",
      summary: "May this customer be written to now? All blockers, next stage and date",
      usage: "--customer ID [--date D] [--json]",
      options: { ...DATABASE_OPTIONS, customer: { type: "string" }, date: { type: "string" } },
      run: (invocation) => explainCommand(surroundings, invocation),
    },
  ];
}

/** `--date D` fixes the clock at 09:00 of D, in the zone of the creditor it works for; without it, the real clock. */
interface CommandClock {
  /** Handed to the program; undefined leaves it its own. */
  readonly now: Clock | undefined;
  /** The business date in this zone, where the clock is moved to when it is fixed. */
  dayIn(zone: Zone): PlainDate;
  /** Where the day begins first comes first, so that a fixed clock never goes back. */
  inOrder<T>(all: readonly T[], zoneOf: (one: T) => Zone): T[];
}

function clockOf({ now: real }: Surroundings, invocation: Invocation): Result<CommandClock> {
  const given = invocation.text("date");
  if (given === undefined)
    return ok({ now: undefined, dayIn: (zone) => dateIn(real(), zone), inOrder: (all) => [...all] });
  const date = plainDate(given);
  if (!date.ok) return usage(date.error.message, "--date");
  const nine = (zone: Zone): Date => instantAt(date.value, 9, 0, zone);
  // Until a creditor is known: no zone has its 09:00 earlier.
  let moment = nine("Pacific/Kiritimati");
  return ok({
    now: () => moment,
    dayIn: (zone) => {
      moment = nine(zone);
      return date.value;
    },
    inOrder: (all, zoneOf) => all.toSorted((a, b) => nine(zoneOf(a)).getTime() - nine(zoneOf(b)).getTime()),
  });
}

async function runCommand(surroundings: Surroundings, invocation: Invocation): Promise<Result<Output>> {
  const read = clockOf(surroundings, invocation);
  if (!read.ok) return read;
  const clock = read.value;
  return withProgram(
    surroundings,
    invocation,
    { beside: true, ...(clock.now && { now: clock.now }) },
    async (program) => {
      const tenant = await tenantOf(program, invocation);
      if (!tenant.ok) return tenant;
      const named = await creditorNamed(program, tenant.value, invocation.text("creditor"));
      if (!named.ok) return named;
      const all = await withAct(program.platform, tenant.value, ACTOR, creditors);
      const chosen = all.filter((one) => (named.value ? one.creditorId === named.value : one.closedAt === undefined));
      const dryRun = invocation.flag("dry-run");
      const begun = performance.now();
      const reports: RunReport[] = [];
      const outbox = program.outboxOf(tenant.value);
      let left = 0;
      for (const { creditorId, zone, name } of clock.inOrder(chosen, (one) => one.zone)) {
        const progress = progressOn(invocation.terminal, name);
        const report = await runDunning(program.platform, tenant.value, ACTOR, {
          creditorId,
          businessDate: clock.dayIn(zone),
          dryRun,
          onProgress: (slots) => progress(slots, SLOTS),
        });
        if (!report.ok) return report;
        reports.push(report.value);
        if (dryRun) continue;
        await settleInterrupted(outbox, tenant.value);
        left += (await letDueMessagesLeave(outbox, tenant.value)).left;
        await printNewLetters(program.printOf(tenant.value));
      }
      const json = summary(reports, (performance.now() - begun) / 1000);
      const blockers = Object.entries(json.byBlocker).toSorted(([, a], [, b]) => b - a);
      const text = [
        `${dryRun ? "Dry run, nothing was stored" : "Run"}: ${json.date ?? "no creditor"}, ${json.customers} customers, ${json.items} items.`,
        `${json.decisions.contact} to contact, ${json.decisions.wait} wait, ${json.decisions.blocked} blocked.`,
        `${json.messages} messages${dryRun ? " would be written" : ` written, ${left} left by now`}.`,
        ...(blockers.length > 0 ? ["Why not:"] : []),
        ...blockers.map(([name, count]) => `${String(count).padStart(7)}  ${words(name)}`),
        "",
      ].join("\n");
      return ok({ json, text });
    },
  );
}

const words = (name: string): string => name.replaceAll("_", " ");

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
  const read = clockOf(surroundings, invocation);
  if (!read.ok) return read;
  const clock = read.value;
  return withProgram(
    surroundings,
    invocation,
    { beside: true, ...(clock.now && { now: clock.now }) },
    async (program) => {
      const tenant = await tenantOf(program, invocation);
      if (!tenant.ok) return tenant;
      const asked = await withAct(program.platform, tenant.value, ACTOR, async (act) => {
        const found = (await findCustomersBy(act, "customer_number", [named])).get(named) ?? [];
        const known = await customerFacts(act, isUuid(named) ? [...found, named as CustomerId] : found);
        return { customerId: [...known.keys()][0], all: await creditors(act) };
      });
      const { customerId } = asked;
      if (customerId === undefined)
        return fail("not_found", "customer_unknown", "There is no customer with this id or number.", "--customer");
      // Each creditor's case is looked at on that creditor's day.
      const json: Explained[] = [];
      for (const { creditorId, zone, name } of clock.inOrder(asked.all, (one) => one.zone)) {
        const date = clock.dayIn(zone);
        const answers = await withAct(program.platform, tenant.value, ACTOR, (act) => explain(act, customerId, date));
        for (const answer of answers)
          if (answer.creditorId === creditorId) json.push(explained(customerId, name, date, answer));
      }
      const text = json.map(explanation).join("\n");
      return ok({ json, text: json.length === 0 ? "Nothing is open: there is no case.\n" : text });
    },
  );
}

function explained(
  customer: CustomerId,
  creditorName: string,
  date: PlainDate,
  { creditorId, decision, blockers, nextOn, situation, strategyVersion }: Explanation,
) {
  return {
    customer,
    creditor: creditorId,
    creditorName,
    currency: situation.currency,
    date,
    outcome: decision.outcome,
    stage: decision.stage ?? null,
    blockers: blockers.map(({ name, restsOn, until, facts }) => ({
      name,
      ground: restsOn,
      until: until ?? null,
      facts: facts ?? {},
    })),
    next: {
      stage: decision.nextStage ?? decision.stage ?? null,
      date: nextOn ?? (decision.outcome === "contact" ? date : null),
    },
    advice: { reasons: [] },
    items: situation.items.length,
    strategyVersion,
  };
}
type Explained = ReturnType<typeof explained>;

const OUTCOMES = { contact: "yes", wait: "not yet", blocked: "no" } as const;

function explanation(one: Explained): string {
  return [
    `${one.creditorName}, ${one.items} open item(s) in ${one.currency}, on ${one.date}`,
    `  May we write? ${OUTCOMES[one.outcome]}${one.stage ? `: ${words(one.stage)}` : ""}`,
    ...one.blockers.map(
      ({ name, ground, until }) =>
        `  Blocked by ${words(name)} (${ground}), ${until === null ? "until a person or a new fact changes it" : `until ${until}`}`,
    ),
    `  Next: ${one.next.stage ? words(one.next.stage) : "nothing"}${one.next.date ? ` on ${one.next.date}` : ""}`,
    "",
  ].join("\n");
}
