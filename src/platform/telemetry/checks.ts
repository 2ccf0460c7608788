import { type Database, readMigrations, sql } from "../database/index.ts";
import type { Vault } from "../sealed/index.ts";

/** One thing without which no request can be served. */
export interface Check {
  /** `database`, `migrations`, `keys`: shown to anybody, so a word of ours. */
  readonly name: string;
  /** Undefined when all is well, else a snake_case code (`behind`, `unreachable`); a throw counts as `unreachable`. */
  readonly run: () => Promise<string | undefined>;
}

export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, string>>;
}

const CHECK_MILLISECONDS = 3000;

/** Runs all checks at once; one that does not answer within three seconds is `timeout`. */
export async function readiness(checks: readonly Check[]): Promise<Readiness> {
  const answers = await Promise.all(
    checks.map(async ({ name, run }) => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<string>((resolve) => {
        timer = setTimeout(resolve, CHECK_MILLISECONDS, "timeout");
      });
      const answer = await Promise.race([answerOf(run), late]);
      clearTimeout(timer);
      return [name, answer] as const;
    }),
  );
  return { ready: answers.every(([, answer]) => answer === "ok"), checks: Object.fromEntries(answers) };
}

async function answerOf(run: Check["run"]): Promise<string> {
  try {
    return (await run()) ?? "ok";
  } catch {
    return "unreachable";
  }
}

/** Database answers, its migrations are this program's, and the master key in use is known here. */
export function platformChecks(database: Database, vault: Vault): readonly Check[] {
  const expected = readMigrations().map((migration) => `${migration.name} ${migration.sha256}`);
  return [
    {
      name: "database",
      run: async () => {
        await database.system((tx) => tx.one(sql`select 1 as one`));
        return undefined;
      },
    },
    {
      name: "migrations",
      run: async () => {
        const rows = await database.system((tx) =>
          tx.rows<{ level: string }>(sql`select name || ' ' || sha256 as level from schema_migration order by name`),
        );
        const levels = rows.map((row) => row.level);
        if (levels.length < expected.length) return "behind";
        return levels.join() === expected.join() ? undefined : "different";
      },
    },
    {
      name: "keys",
      run: async () => {
        const row = await database.system((tx) =>
          tx.one<{ id: string }>(sql`
            select value->>'masterKeyId' as id from platform_setting where name = 'platform_lookup_key'`),
        );
        if (!row) return "missing";
        return vault.masterKeys.find(row.id) ? undefined : "unknown";
      },
    },
  ];
}
