import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import {
  createDemoClock,
  type DemoAcknowledgement,
  type DemoOptions,
  type DemoProgram,
  type DemoReport,
  demoStart,
  demoTenantId,
  reportText,
  runDemo,
} from "../../src/doors/demo/index.ts";
import { createComposer, createLetterPrinter, letterFolder, localOutbox } from "../../src/outreach/messaging/index.ts";
import type { Platform } from "../../src/platform/access/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { expectOk, type PlainDate } from "../../src/pure/kernel/index.ts";
import { createTestDatabase } from "../support/database.ts";

const printer = createLetterPrinter();
const folders: string[] = [];
const closings: (() => Promise<void>)[] = [];
afterAll(async () => {
  printer.close();
  for (const close of closings) await close();
  for (const folder of folders) rmSync(folder, { recursive: true });
});

interface Demo {
  readonly program: DemoProgram;
  readonly platform: Platform;
  readonly letters: () => string[];
}

async function openDemo(): Promise<Demo> {
  const clock = createDemoClock(() => new Date("2026-11-30T10:00:00Z"), demoStart());
  const kulanz = await createTestDatabase({ start: clock.now() });
  closings.push(() => kulanz.drop());
  const moving = { ...clock, set: (to: Date) => (clock.set(to), kulanz.setNow(to)) };
  const platform: Platform = { database: kulanz.database, vault: kulanz.vault };
  const folder = mkdtempSync(join(tmpdir(), "kulanz-demo-"));
  folders.push(folder);
  const program: DemoProgram = {
    platform,
    clock: moving,
    outboxOf: (tenantId) => ({
      platform,
      worker: "test",
      isAlive: async () => false,
      channels: { email: localOutbox(platform, tenantId), letter: letterFolder(folder) },
      composer: createComposer({ platform, tenantId, printer, publicUrl: () => "http://localhost:8080" }),
    }),
  };
  const letters = (): string[] =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".pdf"));
  return { program, platform, letters };
}

const play = async (demo: Demo, options: DemoOptions = {}): Promise<DemoReport> =>
  expectOk(await runDemo(demo.program, options));

describe("the six weeks", () => {
  test("x", async () => {
    const demo = await openDemo();
    const t = performance.now();
    const report = await play(demo, {
      ...(process.env["UNTIL"] ? { exitAfter: process.env["UNTIL"] as PlainDate } : {}),
    });
    console.log(reportText(report), performance.now() - t);
  }, 400_000);
});
