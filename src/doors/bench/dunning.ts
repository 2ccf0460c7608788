/** `kulanz bench dunning`: three runs over the formula's portfolio, beside the floor of the same server and run. */
import { addDays, expectOk, type Failure, fail, ok, type PlainDate, type Result } from "../../pure/kernel/index.ts";
import { type Actor, createTenant, type Platform, withAct } from "../../platform/access/index.ts";
import { sql, statement, type Transaction } from "../../platform/database/index.ts";
import { createCreditor } from "../../books/customers/index.ts";
import { publishBrand } from "../../outreach/messaging/index.ts";
import { publishStrategy, runDunning, type RunReport, type Strategy } from "../../outreach/dunning/index.ts";
import { BASE_DAY, customersOf, itemOf, type PortfolioOwner, writePortfolio } from "./portfolio.ts";

const ACTOR: Actor = { kind: "system", id: "bench", role: "admin" };
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

export interface RunFigures {
  readonly seconds: number;
  readonly itemsPerSecond: number;
  readonly decisions: number;
  readonly messages: number;
  readonly risen: number;
}

export interface DunningBench {
  readonly items: number;
  readonly customers: number;
  readonly first: RunFigures;
  readonly second: RunFigures;
  readonly daily: RunFigures;
  readonly floor: { readonly minimal: { readonly first: number; readonly second: number; readonly daily: number } };
  readonly rssMaxMiB: number;
}

type Phase = "first" | "second" | "daily";
const PHASES: readonly (readonly [Phase, PlainDate])[] = [
  ["first", BASE_DAY],
  ["second", addDays(BASE_DAY, 10)],
  ["daily", addDays(BASE_DAY, 11)],
];

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
  for (let round = 1; round <= ROUNDS; round += 1) {
    progress(`round ${round} of ${ROUNDS}: data`);
    const owner = await furnish(platform, round);
    await clear(platform);
    await writePortfolio(platform.database, owner, items);
    for (const [phase, day] of PHASES) {
      progress(`round ${round} of ${ROUNDS}: ${phase} run`);
      const before = await risenItems(platform);
      const begun = performance.now();
      const report = expectOk(
        await runDunning(platform, owner.tenantId, ACTOR, { creditorId: owner.creditorId, businessDate: day }),
      );
      const seconds = (performance.now() - begun) / 1000;
      await letAllLeave(platform, day);
      const risen = (await risenItems(platform)) - before;
      const expected = expectedRise(items, phase);
      if (risen !== expected || (report.messages === 0) !== (expected === 0))
        return fail(
          "conflict",
          "bench_counts_differ",
          `${risen} items rose in the ${phase} run, ${expected} should have.`,
          phase,
        );
      figures[phase].push(figureOf(report, seconds, items, risen));
    }
  }
  progress("floor");
  const minimal =
    options.floorSql === null
      ? { first: Number.NaN, second: Number.NaN, daily: Number.NaN }
      : await floor(platform, items, options.floorSql);
  return ok({
    items,
    customers: customersOf(items),
    first: median(figures.first),
    second: median(figures.second),
    daily: median(figures.daily),
    floor: { minimal },
    rssMaxMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  });
}

const figureOf = (report: RunReport, seconds: number, items: number, risen: number): RunFigures => ({
  seconds: Number(seconds.toFixed(3)),
  itemsPerSecond: Math.round(items / seconds),
  decisions: report.contact + report.wait + report.blocked,
  messages: report.messages,
  risen,
});

function median(rounds: readonly RunFigures[]): RunFigures {
  const sorted = [...rounds].sort((a, b) => a.seconds - b.seconds);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (!middle) throw new Error("no rounds");
  return middle;
}

/** Level an age deserves: 0 to 4. */
const levelAt = (overdueDays: number): number => [5, 15, 30, 45].filter((days) => overdueDays >= days).length;

export function expectedRise(items: number, phase: Phase): number {
  const [before, after] = phase === "first" ? [Number.NEGATIVE_INFINITY, 0] : phase === "second" ? [0, 10] : [10, 11];
  let risen = 0;
  for (let i = 1; i <= items; i += 1) {
    const { overdueDays } = itemOf(i, items);
    const earlier = before === Number.NEGATIVE_INFINITY ? 0 : levelAt(overdueDays + before);
    if (levelAt(overdueDays + after) > earlier) risen += 1;
  }
  return risen;
}

async function furnish(platform: Platform, round: number): Promise<PortfolioOwner> {
  const tenantId = expectOk(await createTenant(platform.database, platform.vault, { name: `Bench ${round}` }));
  return withAct(platform, tenantId, ACTOR, async (act) => {
    await act.tx.execute(sql`
      update tenant set settings = '{"contactRules":{"gapDays":0,"maximumAsks":1000,"withinDays":7}}' where tenant_id = ${tenantId}`);
    const creditorId = expectOk(
      await createCreditor(act, {
        name: "Bench",
        address: {},
        legalFooter: "Bench",
        country: "DE",
        zone: "Europe/Berlin",
        deductsInputTax: true,
        leads: "kulanz",
        privacyContact: "bench@bench.example",
        settings: {},
        accounts: [],
      }),
    );
    const brandId = expectOk(
      await publishBrand(act, {
        creditorId,
        code: "bench",
        name: "Bench",
        colour: "#1e5b4b",
        contact: {
          shortName: "Bench",
          team: { de: "Bench", en: "Bench" },
          person: "Bench",
          personFirstName: "Bench",
          phone: "000",
          phoneHours: { de: "–", en: "–" },
          replyTo: "bench@bench.example",
          sender: "bench@bench.example",
        },
        toneCeiling: "factual",
      }),
    );
    expectOk(await publishStrategy(act, creditorId, STRATEGY));
    return { tenantId, creditorId, brandId };
  });
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

/** The least that any system must write, as plain set-based SQL on the same data (`floor.sql`, unchanged). */
async function floor(platform: Platform, items: number, text: string): Promise<DunningBench["floor"]["minimal"]> {
  const [tables = "", step = ""] = text.split(/^-- with :day bound.*$/m);
  const seconds: Record<Phase, number[]> = { first: [], second: [], daily: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    await asOwner(platform, (tx) => tx.execute(sql`drop schema if exists floor cascade`));
    await asOwner(platform, (tx) => tx.execute(sql`create schema floor`));
    const inFloor = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
      asOwner(platform, async (tx) => {
        await tx.execute(sql`set local search_path = floor, public`);
        return work(tx);
      });
    const [source = "", ...rest] = tables
      .split(";")
      .map((part) => part.trim())
      .filter((part) => part !== "");
    await inFloor((tx) => tx.execute(statement(source)));
    await inFloor(async (tx) => {
      for (let from = 1; from <= items; from += 50_000) {
        const rows = Array.from({ length: Math.min(50_000, items - from + 1) }, (_, k) => ({
          i: from + k,
          ...itemOf(from + k, items),
        }));
        await tx.execute(sql`
          insert into floor_item_source select * from unnest(${rows.map((row) => row.i)}::bigint[], ${rows.map((row) => row.customer)}::bigint[],
            ${rows.map((row) => addDays(BASE_DAY, -row.overdueDays))}::date[], ${rows.map((row) => row.cents)}::bigint[])`);
      }
    });
    for (const one of rest) if (!/^(--[^\n]*\s*)*$/.test(one)) await inFloor((tx) => tx.execute(statement(one)));
    for (const [phase, day] of PHASES) {
      const begun = performance.now();
      await inFloor((tx) => tx.execute(statement(step.replaceAll(":day", `date '${day}'`).replace(/;\s*$/, ""))));
      seconds[phase].push((performance.now() - begun) / 1000);
    }
  }
  const middle = (phase: Phase): number =>
    Number(([...seconds[phase]].sort((a, b) => a - b)[1] ?? Number.NaN).toFixed(3));
  return { first: middle("first"), second: middle("second"), daily: middle("daily") };
}
