/** `kulanz bench …`: on a throw-away data folder beside the real one, with durable settings. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../../platform/config/index.ts";
import { ok, type Result } from "../../pure/kernel/index.ts";
import { benchDunning, benchImport } from "../bench/index.ts";
import { type Command, type Invocation, type Options, type Output, usage } from "./command.ts";
import { settingsOf, type Surroundings, withProgram } from "./opening.ts";
import type { Program } from "./program.ts";

const NOTE = "Database and program share this machine's cores; seconds are medians of three where rounds are repeated.";

export function benchCommands(surroundings: Surroundings): Command[] {
  const bench = (
    name: string,
    count: string,
    summary: string,
    work: (program: Program, count: number, invocation: Invocation) => Promise<Result<object>>,
  ): Command => {
    const options: Options = { data: { type: "string" }, [count]: { type: "string" } };
    return {
      name: `bench ${name}`,
      group: "bench",
      summary,
      usage: `--${count} N [--json]`,
      options,
      async run(invocation): Promise<Result<Output>> {
        const number = Number(invocation.text(count));
        if (!Number.isSafeInteger(number) || number < 1)
          return usage(`Give a whole number: --${count} N.`, `--${count}`);
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
        try {
          return await withProgram(aside, inFolder, {}, async (program) => {
            const figures = await work(program, number, invocation);
            return figures.ok
              ? ok({
                  json: { ...figures.value, note: NOTE },
                  text: `${JSON.stringify(figures.value, null, 2)}\n${NOTE}\n`,
                })
              : figures;
          });
        } finally {
          if (own) await rm(folder, { recursive: true, force: true });
        }
      },
    };
  };
  return [
    bench(
      "dunning",
      "items",
      "Three dunning runs over a portfolio made by formula",
      async (program, items, invocation) =>
        benchDunning({
          platform: program.platform,
          items,
          floorSql: await readFile(join(packageRoot, "src/doors/bench/floor.sql"), "utf8"),
          progress: (step) => invocation.terminal.error(`${step}\n`),
        }),
    ),
    bench("import", "entries", "A statement with N entries, read and stored", async (program, entries) =>
      ok(await benchImport(program.platform, entries)),
    ),
  ];
}
