/** `kulanz bench …`: on a throw-away data folder beside the real one, with durable settings. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { listTenants } from "../../platform/access/index.ts";
import { packageRoot } from "../../platform/config/index.ts";
import { fail, ok, type Result } from "../../pure/kernel/index.ts";
import {
  BENCH_CLOCK_START,
  benchDunning,
  benchImport,
  benchLetters,
  benchMails,
  benchMatch,
  benchPortal,
} from "../bench/index.ts";
import { type Command, type Invocation, type Options, type Output, usage } from "./command.ts";
import { settingsOf, type Surroundings, withProgram } from "./opening.ts";
import type { Program } from "./program.ts";

const NOTE =
  "PostgreSQL, Kulanz and the load run on this machine's cores together. Seconds of repeated rounds are medians of three, latencies medians of five. Memory is the sum of the peaks of all processes of Kulanz, PostgreSQL apart.";

interface Bench {
  readonly name: string;
  readonly summary: string;
  /** Whole numbers above zero, all needed. */
  readonly counts: readonly string[];
  work(program: Program, counts: readonly number[], progress: (step: string) => void): Promise<Result<object>>;
}

const BENCHES: readonly Bench[] = [
  {
    name: "dunning",
    summary: "Three dunning runs over a portfolio made by formula",
    counts: ["items"],
    work: async ({ platform }, [items = 0], progress) =>
      benchDunning({
        platform,
        items,
        floorSql: await readFile(join(packageRoot, "src/doors/bench/floor.sql"), "utf8"),
        progress,
      }),
  },
  {
    name: "match",
    summary: "Payments of a portfolio, matched and booked",
    counts: ["transactions", "items"],
    work: async ({ platform }, [transactions = 0, items = 0], progress) =>
      items < 3 * transactions
        ? usage("There must be at least three times as many items as transactions.", "--items")
        : ok(await benchMatch({ platform, transactions, items, progress })),
  },
  {
    name: "import",
    summary: "A statement with N entries and a list of N open items, read and stored",
    counts: ["entries"],
    work: async ({ platform }, [entries = 0]) => ok(await benchImport(platform, entries)),
  },
  {
    name: "letters",
    summary: "N letters through the outbox, printed and laid down",
    counts: ["count"],
    work: async ({ platform, outboxOf }, [count = 0], progress) =>
      ok(await benchLetters({ platform, count, outboxOf, progress })),
  },
  {
    name: "mails",
    summary: "N mails through the outbox, by SMTP to a server on loopback",
    counts: ["count"],
    work: async ({ platform, outboxOf }, [count = 0], progress) =>
      ok(await benchMails({ platform, count, outboxOf, progress })),
  },
  {
    name: "portal",
    summary: "A customer's page over HTTP on loopback, for N seconds",
    counts: ["seconds"],
    work: async (program, [seconds = 0], progress) =>
      ok(
        await benchPortal({
          platform: program.platform,
          seconds,
          startWeb: () => program.startWeb(0),
          progress,
        }),
      ),
  },
];

export const benchCommands = (surroundings: Surroundings): Command[] =>
  BENCHES.map((bench) => {
    const options: Options = {
      data: { type: "string" },
      ...Object.fromEntries(bench.counts.map((count) => [count, { type: "string" as const }])),
    };
    return {
      name: `bench ${bench.name}`,
      group: "bench",
      summary: bench.summary,
      usage: `${bench.counts.map((count) => `--${count} N`).join(" ")} [--json]`,
      options,
      run: (invocation) => runBench(surroundings, bench, invocation),
    };
  });

async function runBench(surroundings: Surroundings, bench: Bench, invocation: Invocation): Promise<Result<Output>> {
  const counts: number[] = [];
  for (const count of bench.counts) {
    const number = Number(invocation.text(count));
    if (!Number.isSafeInteger(number) || number < 1) return usage(`Give a whole number: --${count} N.`, `--${count}`);
    counts.push(number);
  }
  const settings = settingsOf(surroundings, invocation);
  if (!settings.ok) return settings;
  const folder = `${settings.value.dataFolder}-bench`;
  // A server somebody else runs is used as it is; the built-in one gets a folder of its own.
  const own = settings.value.databaseUrl === undefined;
  const aside: Surroundings = own
    ? { ...surroundings, environment: { ...surroundings.environment, KULANZ_DATA: folder } }
    : surroundings;
  const inFolder: Invocation = {
    ...invocation,
    text: (option) => (option === "data" && own ? folder : invocation.text(option)),
  };
  // What a bench that was killed left behind; the next one starts from nothing.
  if (own) await rm(folder, { recursive: true, force: true });
  const begun = performance.now();
  const now = (): Date => new Date(BENCH_CLOCK_START + performance.now() - begun);
  try {
    return await withProgram(aside, inFolder, { now }, async (program) => {
      // Benches empty the tables they fill: nobody else's rows may be in there.
      if ((await listTenants(program.platform.database)).length > 0)
        return fail(
          "conflict",
          "database_in_use",
          "Benchmarks need an empty database of their own; this one has tenants.",
          "DATABASE_URL",
        );
      const figures = await bench.work(program, counts, (step) => invocation.terminal.error(`${step}\n`));
      if (!figures.ok) return figures;
      return ok({
        json: { ...figures.value, note: NOTE },
        text: `${JSON.stringify(figures.value, null, 2)}\n${NOTE}\n`,
      });
    });
  } finally {
    if (own) await rm(folder, { recursive: true, force: true });
  }
}
