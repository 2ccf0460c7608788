/** `kulanz bench dunning`: three runs over the formula's portfolio, beside the floor of the same server and run. */
import { addDays, expectOk, type Failure, fail, ok, type PlainDate, type Result } from "../../pure/kernel/index.ts";
import type { Platform } from "../../platform/access/index.ts";
import { sql, type Transaction } from "../../platform/database/index.ts";
import { runDunning, type RunReport, type Strategy } from "../../outreach/dunning/index.ts";
import { medianOf, minimalFloor, sameRowsFloor } from "./floors.ts";
import { BENCH_ACTOR, furnish } from "./house.ts";
import { peakMemory } from "./memory.ts";
import { BASE_DAY, customersOf, itemOf, writePortfolio } from "./portfolio.ts";

const ROUNDS = 3;

/** Levels by age, without legal effect; no caps, gaps or quiet hours. */
const STRATEGY: Strategy = {
  schema: 1,
  name: "Bench",
  stages: [5, 15, 30, 45].map((days, index) => ({
    key: `level_${index + 1}`,
    days,
    afterPreviousDays: 0,
    effect: "none" as const,
    channels: ["email" as const],
    tones: ["factual" as const],
    termDays: { email: 7, letter: 10 },
    automation: "auto" as const,
  })),
  guardRails: { minimumMinor: {} },
};

export interface RunFigures extends Work {
  readonly seconds: number;
  readonly itemsPerSecond: number;
}

export interface DunningBench {
  readonly items: number;
  readonly customers: number;
  readonly first: RunFigures;
  readonly second: RunFigures;
  readonly daily: RunFigures;
  /** Seconds. */
  readonly floor: {
    readonly minimal: Readonly<Record<Phase, number>>;
    readonly sameRows: { readonly first: number };
  };
  readonly rssMaxMiB: number;
}

export type Phase = "first" | "second" | "daily";
/** Days after the base day on which each run is. */
const DAY_OF: Readonly<Record<Phase, number>> = { first: 0, second: 10, daily: 11 };
const PHASES: readonly (readonly [Phase, PlainDate])[] = (["first", "second", "daily"] as const).map((phase) => [
  phase,
  addDays(BASE_DAY, DAY_OF[phase]),
]);

export interface BenchOptions {
  readonly platform: Platform;
  readonly items: number;
  /** SQL of the floor, as it ships with the contract. */
  readonly floorSql: string;
  readonly progress: (step: string) => void;
}

/** Medians of three rounds, each on fresh rows. Failure `bench_counts_differ`: the runs did other work than the formula says. */
export async function benchDunning(
  options: BenchOptions,
): Promise<Result<DunningBench, Failure<"bench_counts_differ">>> {
  const { items, platform, progress } = options;
  const figures: Record<Phase, RunFigures[]> = { first: [], second: [], daily: [] };
  const sameRows: number[] = [];
  const expected = expectedWork(items);
  for (let round = 1; round <= ROUNDS; round += 1) {
    progress(`round ${round} of ${ROUNDS}: data`);
    const owner = await furnish(platform, `Bench ${round}`, STRATEGY);
    await clear(platform);
    await writePortfolio(platform.database, owner, items);
    for (const [phase, day] of PHASES) {
      progress(`round ${round} of ${ROUNDS}: ${phase} run`);
      const before = await risenItems(platform);
      const begun = performance.now();
      const report = expectOk(
        await runDunning(platform, owner.tenantId, BENCH_ACTOR, { creditorId: owner.creditorId, businessDate: day }),
      );
      const seconds = (performance.now() - begun) / 1000;
      if (phase === "first") sameRows.push(await sameRowsFloor(platform));
      await letAllLeave(platform, day);
      const run = figureOf(report, seconds, items, (await risenItems(platform)) - before);
      const should = expected[phase];
      if (run.risen !== should.risen || run.messages !== should.messages || run.decisions !== should.decisions)
        return fail(
          "conflict",
          "bench_counts_differ",
          `The ${phase} run made ${countsOf(run)}; it should have been ${countsOf(should)}.`,
          phase,
        );
      figures[phase].push(run);
    }
  }
  progress("floor");
  const minimal = await minimalFloor(platform, items, options.floorSql, PHASES, ROUNDS);
  return ok({
    items,
    customers: customersOf(items),
    first: median(figures.first),
    second: median(figures.second),
    daily: median(figures.daily),
    floor: { minimal, sameRows: { first: medianOf(sameRows) } },
    rssMaxMiB: await peakMemory(),
  });
}

const figureOf = (report: RunReport, seconds: number, items: number, risen: number): RunFigures => ({
  seconds: Number(seconds.toFixed(3)),
  itemsPerSecond: Math.round(items / seconds),
  decisions: report.contact + report.wait + report.blocked,
  messages: report.messages,
  risen,
});

const countsOf = ({ decisions, messages, risen }: Work): string =>
  `${decisions} decisions, ${messages} messages, ${risen} risen items`;

function median(rounds: readonly RunFigures[]): RunFigures {
  const middle = [...rounds].sort((a, b) => a.seconds - b.seconds)[Math.floor(rounds.length / 2)];
  if (!middle) throw new Error("no rounds");
  return middle;
}

/** Level an age deserves: 0 to 4. */
const levelAt = (overdueDays: number): number => [5, 15, 30, 45].filter((days) => overdueDays >= days).length;

interface Work {
  readonly decisions: number;
  readonly messages: number;
  readonly risen: number;
}

/** What each run has to do, by the formula alone: a decision a customer with an open item, a message a customer with a rise. */
export function expectedWork(items: number): Readonly<Record<Phase, Work>> {
  const owing = new Set<number>();
  const rising: Record<Phase, number[]> = { first: [], second: [], daily: [] };
  for (let i = 1; i <= items; i += 1) {
    const { customer, overdueDays } = itemOf(i, items);
    owing.add(customer);
    let told = 0;
    for (const [phase] of PHASES) {
      const level = levelAt(overdueDays + DAY_OF[phase]);
      if (level > told) rising[phase].push(customer);
      told = level;
    }
  }
  const work = (phase: Phase): Work => ({
    decisions: owing.size,
    messages: new Set(rising[phase]).size,
    risen: rising[phase].length,
  });
  return { first: work("first"), second: work("second"), daily: work("daily") };
}

/** Rows of the round before; the tables are the bench's own. */
async function clear(platform: Platform): Promise<void> {
  await platform.database.owner((tx) =>
    tx.execute(
      sql`truncate message_attempt, message, decision, posting, receivable, dunning_case, contact_point, customer cascade`,
    ),
  );
}

const asOwner = <T>(platform: Platform, work: (tx: Transaction) => Promise<T>): Promise<T> =>
  platform.database.owner(work);

/** Not timed: the outbox's work, so that the next run finds what was told. */
async function letAllLeave(platform: Platform, day: PlainDate): Promise<void> {
  await asOwner(platform, async (tx) => {
    await tx.execute(sql`
      update receivable r set stage = s.value, stage_on = ${day}
        from message m cross join lateral jsonb_each_text(m.item_stages) s
       where m.state = 'queued' and r.customer_id = m.customer_id and r.receivable_id = s.key::uuid`);
    await tx.execute(sql`update message set state = 'left', left_at = ${tx.now} where state = 'queued'`);
    await tx.execute(sql`analyze message`);
  });
}

const risenItems = (platform: Platform): Promise<number> =>
  asOwner(platform, async (tx) => {
    // Each rise of a level counts once an item, however many levels it passes.
    const row = await tx.one<{ risen: bigint }>(sql`
      select count(*) as risen from (
        select distinct s.key, s.value from message m cross join lateral jsonb_each_text(m.item_stages) s where m.state = 'left') told`);
    return Number(row?.risen ?? 0);
  });
