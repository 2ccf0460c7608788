/**
 * Settings come from the environment and from a file with the same names (`NAME=value` lines); the environment wins.
 * Every setting stands in `settingsSchema` with its description, from which `docs/settings.md` is made.
 */
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { type Failure, fail, ok, type Result } from "../../pure/kernel/index.ts";
import { logLevels } from "./logger.ts";

interface Note {
  /** What it does, one or two sentences. */
  readonly about: string;
  readonly example?: string;
  /** What holds when it is not set, in words. */
  readonly otherwise?: string;
  /** Its value is never shown. */
  readonly secret?: boolean;
}

const notes = z.registry<Note>();
const wholeNumber = (least: number, most: number) =>
  z.coerce
    .number(`Give a whole number from ${least} to ${most}.`)
    .int(`Give a whole number from ${least} to ${most}.`)
    .min(least, `Give a number from ${least} to ${most}.`)
    .max(most, `Give a number from ${least} to ${most}.`);
const address = (...schemes: string[]) =>
  z
    .string()
    .refine(
      (value) => URL.canParse(value) && schemes.includes(new URL(value).protocol.slice(0, -1)),
      `Give an address that begins with ${schemes.map((scheme) => `${scheme}://`).join(" or ")}.`,
    );
const folder = z.string().transform((value) => resolve(value));

/** All settings by the names under which they are given. */
const settingsSchema = z.object({
  DATABASE_URL: address("postgres", "postgresql").optional().register(notes, {
    about:
      "The PostgreSQL server (15 to 18) to use. Its login needs the right to create roles, or the roles are made beforehand.",
    otherwise: "a built-in PostgreSQL in the data folder",
    example: "postgres://kulanz:…@db.example/kulanz",
    secret: true,
  }),
  KULANZ_DATA: folder.optional().register(notes, {
    about: "The data folder: built-in database, keys, letters, local outbox.",
    otherwise: "`/var/lib/kulanz` as root, else `$XDG_DATA_HOME/kulanz` or `~/.local/share/kulanz`",
    example: "/srv/kulanz",
  }),
  KULANZ_CONFIG: folder.optional().register(notes, {
    about: "A file with settings, one `NAME=value` a line, `#` begins a comment. Only the environment can name it.",
    otherwise: "`kulanz.conf` in the data folder, where there is one",
    example: "/etc/kulanz.conf",
  }),
  KULANZ_MASTER_KEY: z.string().min(1, "Give at least one key.").optional().register(notes, {
    about:
      "The master key: 32 bytes as hex or base64. Several, separated by commas, while a key is exchanged; the first is the current one.",
    otherwise: "`keys/master.key` in the data folder, made at the first start. Keep a copy apart from the backups",
    secret: true,
  }),
  KULANZ_MASTER_KEY_FILE: folder.optional().register(notes, {
    about: "A file with the master key instead of `KULANZ_MASTER_KEY`; only its owner may read it (0600).",
    example: "/run/secrets/kulanz-master-key",
  }),
  KULANZ_HOST: z.string().min(1).default("127.0.0.1").register(notes, {
    about: "The address on which the web server listens. Put a proxy that speaks TLS in front before opening it.",
    example: "0.0.0.0",
  }),
  KULANZ_PORT: wholeNumber(0, 65_535).default(8080).register(notes, {
    about: "The port of the web server; 0 takes a free one.",
  }),
  KULANZ_TRUSTED_PROXIES: wholeNumber(0, 8).default(0).register(notes, {
    about:
      "How many proxies of yours stand in front. Rate limits then count by the address that the outermost of them saw; with too small a number all visitors share one limit, with too large a one they can choose their own.",
    example: "1",
  }),
  KULANZ_PUBLIC_URL: address("http", "https")
    .transform((value) => value.replace(/\/+$/, ""))
    .optional()
    .register(notes, {
      about: "The address under which customers and staff reach Kulanz; links in messages begin with it.",
      otherwise: "`http://localhost` with the port",
      example: "https://pay.example",
    }),
  KULANZ_SMTP_URL: address("smtp", "smtps").optional().register(notes, {
    about: "The mail server for outgoing mail.",
    otherwise: "mails stay in a local outbox that the console shows",
    example: "smtps://user:…@mail.example:465",
    secret: true,
  }),
  KULANZ_LETTER_DIR: folder.optional().register(notes, {
    about: "The folder into which letters (PDF) and print batches are laid.",
    otherwise: "`letters` in the data folder",
    example: "/srv/print/in",
  }),
  KULANZ_LOG_LEVEL: z
    .enum(logLevels, `Give one of ${logLevels.join(", ")}.`)
    .default("info")
    .register(notes, {
      about: `How much is logged to standard error, one JSON object a line: ${logLevels.join(", ")}.`,
    }),
  KULANZ_DATABASE_CONNECTIONS: wholeNumber(2, 200).default(10).register(notes, {
    about: "Database connections of a process that serve requests and jobs; some ten more are used for machinery.",
  }),
  KULANZ_WORKERS: wholeNumber(1, 64).default(4).register(notes, {
    about: "How many background jobs a process runs at the same time.",
  }),
});

export type SettingName = keyof z.input<typeof settingsSchema>;

/** All settings as the program uses them. */
export interface Settings {
  readonly databaseUrl?: string;
  readonly dataFolder: string;
  readonly masterKey?: string;
  readonly masterKeyFile?: string;
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string;
  readonly trustedProxies: number;
  readonly smtpUrl?: string;
  readonly letterFolder: string;
  readonly logLevel: (typeof logLevels)[number];
  readonly databaseConnections: number;
  readonly workers: number;
  /** KULANZ_… names of the environment that are no settings, most likely mistyped; to be warned about at start. */
  readonly unknown: readonly string[];
}

export type Environment = Readonly<Record<string, string | undefined>>;
export type SettingFailure = Failure<"setting_invalid" | "setting_unknown" | "settings_file_unreadable">;

/**
 * Reads and checks the settings. `given` (options of the command line, by setting name) wins over the environment,
 * the environment over the file. An empty value counts as not set.
 * Errors: `setting_invalid`, `setting_unknown` (a name in the file that does not exist), `settings_file_unreadable`.
 * `where` is the setting's name or the file's line.
 */
export function readSettings(
  environment: Environment,
  given: Partial<Record<SettingName, string>> = {},
): Result<Settings, SettingFailure> {
  const direct = { ...known(environment), ...known(given) };
  const dataFolder = resolve(direct["KULANZ_DATA"] ?? defaultDataFolder(environment, process.getuid?.() === 0));
  const named = direct["KULANZ_CONFIG"];
  const file = named ?? join(dataFolder, "kulanz.conf");
  const kept = named !== undefined || existsSync(file) ? readSettingsFile(file) : ok<Record<string, string>>({});
  if (!kept.ok) return kept;

  const checked = settingsSchema.safeParse({ ...kept.value, ...direct });
  if (!checked.success) {
    const issue = checked.error.issues[0];
    const name = String(issue?.path[0] ?? "");
    return fail("invalid", "setting_invalid", `${name} can't be used. ${issue?.message ?? ""}`.trim(), name);
  }
  const value = checked.data;
  // The file lies in the data folder unless named: it can set that folder only when it was found elsewhere.
  const data = value.KULANZ_DATA ?? dataFolder;
  return ok({
    ...(value.DATABASE_URL !== undefined && { databaseUrl: value.DATABASE_URL }),
    dataFolder: data,
    ...(value.KULANZ_MASTER_KEY !== undefined && { masterKey: value.KULANZ_MASTER_KEY }),
    ...(value.KULANZ_MASTER_KEY_FILE !== undefined && { masterKeyFile: value.KULANZ_MASTER_KEY_FILE }),
    host: value.KULANZ_HOST,
    port: value.KULANZ_PORT,
    trustedProxies: value.KULANZ_TRUSTED_PROXIES,
    publicUrl: value.KULANZ_PUBLIC_URL ?? `http://localhost:${value.KULANZ_PORT}`,
    ...(value.KULANZ_SMTP_URL !== undefined && { smtpUrl: value.KULANZ_SMTP_URL }),
    letterFolder: value.KULANZ_LETTER_DIR ?? join(data, "letters"),
    logLevel: value.KULANZ_LOG_LEVEL,
    databaseConnections: value.KULANZ_DATABASE_CONNECTIONS,
    workers: value.KULANZ_WORKERS,
    unknown: Object.keys(environment).filter((name) => name.startsWith("KULANZ_") && !(name in settingsSchema.shape)),
  });
}

const known = (values: Environment): Record<string, string> =>
  Object.fromEntries(
    Object.keys(settingsSchema.shape).flatMap((name) => {
      const value = values[name];
      return value === undefined || value === "" ? [] : [[name, value]];
    }),
  );

const unknownSetting = (name: string, where: string): Result<never, SettingFailure> =>
  fail(
    "invalid",
    "setting_unknown",
    `There is no setting ${name.slice(0, 60)}. All are listed in docs/settings.md.`,
    where,
  );

/** As root a place that the database's account can reach; else the user's own. */
export function defaultDataFolder(environment: Environment, asRoot: boolean): string {
  if (asRoot) return "/var/lib/kulanz";
  const home = environment["HOME"] || homedir();
  return join(environment["XDG_DATA_HOME"] || join(home, ".local", "share"), "kulanz");
}

function readSettingsFile(file: string): Result<Record<string, string>, SettingFailure> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const code = (error as { code?: string }).code ?? "error";
    return fail("invalid", "settings_file_unreadable", `The settings file can't be read (${code}).`, file);
  }
  const values: Record<string, string> = {};
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const where = `${file}:${index + 1}`;
    if (/^\s*(#|$)/.test(line)) continue;
    const match = /^\s*([A-Z][A-Z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line);
    if (!match) return fail("invalid", "setting_invalid", "This line is not NAME=value.", where);
    const [, name = "", value = ""] = match;
    if (!(name in settingsSchema.shape) || name === "KULANZ_CONFIG") return unknownSetting(name, where);
    const quoted = /^"(.*)"$/.exec(value) ?? /^'(.*)'$/.exec(value);
    if (value !== "") values[name] = quoted?.[1] ?? value;
  }
  return ok(values);
}

/** The text of `docs/settings.md`. */
export function settingsPage(): string {
  const lines = [
    "# Settings",
    "",
    "Given by the environment, or by a file with the same names, one `NAME=value` a line (`KULANZ_CONFIG`, else `kulanz.conf` in the data folder). The environment wins over the file, an option of the command line over both. An unknown name in the file is refused, one in the environment is warned about.",
    "",
    "This page is made from the schema in `src/platform/config/settings.ts`.",
    "",
  ];
  for (const [name, schema] of Object.entries(settingsSchema.shape)) {
    const note = notes.get(schema as never) as Note | undefined;
    if (note === undefined) throw new Error(`setting ${name} has no description`);
    const standard =
      schema instanceof z.ZodDefault ? `\`${String(schema.def.defaultValue)}\`` : (note.otherwise ?? "not set");
    lines.push(`## ${name}`, "", note.about, "", `Not given: ${standard}.`);
    if (note.example !== undefined) lines.push(`Example: \`${note.example}\`.`);
    if (note.secret) lines.push("Secret: never shown or logged.");
    lines.push("");
  }
  return `${lines.join("\n").trim()}\n`;
}

/** Whether the page in the repository is the one the schema gives. */
export const settingsPageIsFresh = (page: string): boolean => page === settingsPage();
