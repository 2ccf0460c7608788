import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  createLogger,
  defaultDataFolder,
  packageRoot,
  readSettings,
  settingsPageIsFresh,
} from "../../src/platform/config/index.ts";
import { fail, FailureError } from "../../src/pure/kernel/index.ts";

const folder = mkdtempSync(join(tmpdir(), "kulanz-config-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe("settings", () => {
  it("have defaults", () => {
    const settings = readSettings({ KULANZ_DATA: "/data" });
    expect(settings).toEqual({
      ok: true,
      value: {
        dataFolder: "/data",
        host: "127.0.0.1",
        port: 8080,
        publicUrl: "http://localhost:8080",
        trustedProxies: 0,
        letterFolder: "/data/letters",
        logLevel: "info",
        databaseConnections: 10,
        workers: 4,
        unknown: [],
      },
    });
  });

  it("come from the command line before the environment before the file", () => {
    const KULANZ_CONFIG = file("a.conf", `# all\r\nKULANZ_PORT=1\nKULANZ_WORKERS = "2"\n\nKULANZ_LOG_LEVEL=debug\n`);
    const settings = readSettings(
      { KULANZ_CONFIG, KULANZ_WORKERS: "3", KULANZ_PORT: "", PATH: "/bin" },
      { KULANZ_LOG_LEVEL: "error" },
    );
    expect(settings.ok && settings.value).toMatchObject({ port: 1, workers: 3, logLevel: "error" });
  });

  it("tell of mistyped names in the environment", () => {
    const settings = readSettings({ KULANZ_SMPT_URL: "smtp://h", KULANZ_DATA: "/data" });
    expect(settings.ok && settings.value.unknown).toEqual(["KULANZ_SMPT_URL"]);
  });

  it("are found in the data folder", () => {
    file("kulanz.conf", "KULANZ_PUBLIC_URL=https://pay.example/\n");
    const settings = readSettings({ KULANZ_DATA: folder });
    expect(settings.ok && settings.value.publicUrl).toBe("https://pay.example");
    rmSync(join(folder, "kulanz.conf"));
  });

  it.each([
    ["a port that is none", { KULANZ_PORT: "http" }, "setting_invalid", "KULANZ_PORT"],
    ["a port too high", { KULANZ_PORT: "70000" }, "setting_invalid", "KULANZ_PORT"],
    ["another database", { DATABASE_URL: "mysql://u:secret@h/d" }, "setting_invalid", "DATABASE_URL"],
    ["a missing file", { KULANZ_CONFIG: "/nowhere/kulanz.conf" }, "settings_file_unreadable", "/nowhere/kulanz.conf"],
    [
      "a line that is none",
      { KULANZ_CONFIG: file("b.conf", "KULANZ_PORT=1\nhello\n") },
      "setting_invalid",
      join(folder, "b.conf:2"),
    ],
    [
      "a mistyped name in the file",
      { KULANZ_CONFIG: file("c.conf", "PORT=1\n") },
      "setting_unknown",
      join(folder, "c.conf:1"),
    ],
  ])("refuse %s and name the place", (_, environment, code, where) => {
    const read = readSettings(environment);
    expect(read).toMatchObject({ ok: false, error: { code, where } });
    expect(JSON.stringify(read)).not.toContain("secret");
  });

  it("put data where the account can reach it", () => {
    expect(defaultDataFolder({ HOME: "/root" }, true)).toBe("/var/lib/kulanz");
    expect(defaultDataFolder({ HOME: "/home/a" }, false)).toBe("/home/a/.local/share/kulanz");
    expect(defaultDataFolder({ HOME: "/home/a", XDG_DATA_HOME: "/x" }, false)).toBe("/x/kulanz");
  });

  it("are all described, and the page is fresh", () => {
    expect(settingsPageIsFresh(readFileSync(join(packageRoot, "docs/settings.md"), "utf8"))).toBe(true);
  });
});

describe("the logger", () => {
  const now = () => new Date("2026-06-01T09:00:00Z");
  const logged = (level: "debug" | "info", write: (log: ReturnType<typeof createLogger>) => void): string[] => {
    const lines: string[] = [];
    write(createLogger({ level, now, write: (line) => void lines.push(line) }));
    return lines;
  };

  it("writes one JSON object a line with fields of the closed set only", () => {
    const lines = logged("info", (log) => {
      log.info("run_started", { run: "r1", count: 3n, ...({ name: "Erika Musterfrau" } as object) });
      log.info("Erika Musterfrau called");
      log.info("x", { kind: { name: "Erika Musterfrau" } as never });
      log.debug("not_shown");
    });
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { at: "2026-06-01T09:00:00.000Z", level: "info", event: "run_started", run: "r1", count: "3" },
      { at: "2026-06-01T09:00:00.000Z", level: "info", event: "unnamed_event" },
      { at: "2026-06-01T09:00:00.000Z", level: "info", event: "x", kind: "object" },
    ]);
    expect(lines.every((line) => line.endsWith("}\n"))).toBe(true);
  });

  it("tells of errors where they happened and not what they quoted", () => {
    const quoting = Object.assign(new TypeError("Erika\n    at Musterfrau (erika@home.example)"), {
      code: "23505",
      table: "tenant",
      detail: "Erika",
    });
    const failed = fail("invalid", "iban_invalid", "DE00 is no IBAN", "a.csv:3");
    const [line = "", second = ""] = logged("info", (log) => {
      log.error("failed", { error: quoting });
      log.error("failed", { error: new FailureError(failed.error) });
    });
    expect(line + second).not.toMatch(/Erika|Musterfrau|DE00/);
    expect(JSON.parse(line).error).toMatchObject({ name: "TypeError", code: "23505", table: "tenant" });
    expect(JSON.parse(line).error.stack[0]).toMatch(/^at .*config\.test\.ts/);
    expect(JSON.parse(second).error).toMatchObject({ code: "iban_invalid", where: "a.csv:3" });
  });
});
