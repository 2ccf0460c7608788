/** The six weeks (a fixed part of them; all with `npm run soak`) on a real database, straight and with deaths in between. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createDemoClock,
  type DemoAcknowledgement,
  type DemoProgram,
  type DemoReport,
  demoStart,
  demoTenantId,
  openDemoDay,
  reportText,
  runDemo,
} from "../../src/doors/demo/index.ts";
import { readPlan } from "../../src/doors/demo/plan.ts";
import { makeSamples } from "../../src/doors/demo/samples/index.ts";
import type { SampleEntry } from "../../src/doors/demo/samples/transfers.ts";
import {
  type ChannelAdapter,
  createComposer,
  createLetterPrinter,
  letterFolder,
  localOutbox,
} from "../../src/outreach/messaging/index.ts";
import { matchesOfFile } from "../../src/books/intake/index.ts";
import { type Platform, verifyAudit, withAct } from "../../src/platform/access/index.ts";
import { type Database, sql } from "../../src/platform/database/index.ts";
import { expectOk, type PlainDate, seededRandom } from "../../src/pure/kernel/index.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

const SOAK = process.env["KULANZ_SOAK"] === "1";
/** Past the first statement, its review and the first answers of customers. */
const UNTIL = (SOAK ? "2026-11-15" : "2026-10-15") as PlainDate;
const DEATHS = SOAK ? 20 : 6;
const TIME = SOAK ? 3_600_000 : 240_000;

const printer = createLetterPrinter();
const samples = makeSamples();

/** Database, letter folder and clock outlive the program; a program can die. */
interface Machine {
  readonly kulanz: TestDatabase;
  readonly platform: Platform;
  readonly acks: DemoAcknowledgement[];
  letters(): string[];
  /** A program that dies in the middle of its nth transaction or sending. */
  start(deathAfter?: number): { readonly program: DemoProgram; readonly work: () => number; ended(): Promise<void> };
  drop(): Promise<void>;
}

async function openMachine(): Promise<Machine> {
  const kulanz = await createTestDatabase({ start: demoStart() });
  const platform: Platform = { database: kulanz.database, vault: kulanz.vault };
  const folder = mkdtempSync(join(tmpdir(), "kulanz-demo-"));
  let programs = 0;
  return {
    kulanz,
    platform,
    acks: [],
    letters: () =>
      readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
        (file) => file.endsWith(".pdf") && !file.includes("druckstapel"),
      ),
    start(deathAfter = Number.POSITIVE_INFINITY) {
      const worker = `program ${(programs += 1)}`;
      let work = 0;
      let dead = false;
      let running = 0;
      /** Before or after the step, in turn: what was committed stays, what was not is rolled back by the throw. */
      async function mortal<T>(act: () => Promise<T>): Promise<T> {
        work += 1;
        running += 1;
        try {
          if (dead || (work >= deathAfter && work % 2 === 0)) throw new Error("dead");
          const value = await act();
          if (work >= deathAfter) throw new Error("dead");
          return value;
        } catch (error) {
          if (work >= deathAfter) dead = true;
          throw error;
        } finally {
          running -= 1;
        }
      }
      const database: Database = {
        ...kulanz.database,
        tenant: (tenantId, inside) => mortal(() => kulanz.database.tenant(tenantId, inside)),
        owner: (inside) => mortal(() => kulanz.database.owner(inside)),
      };
      const own: Platform = { database, vault: kulanz.vault };
      const channel = (adapter: ChannelAdapter): ChannelAdapter => ({
        ...adapter,
        send: (parcel) => mortal(() => adapter.send(parcel)),
      });
      const clock = createDemoClock(() => new Date("2026-11-30T10:00:00Z"), demoStart());
      const program: DemoProgram = {
        platform: own,
        clock: {
          now: clock.now,
          set: (to) => (clock.set(to), kulanz.setNow(to)),
          flowFrom: (from) => (clock.flowFrom(from), kulanz.setNow(from)),
        },
        outboxOf: (tenantId) => ({
          platform: own,
          worker,
          isAlive: async (other) => other === worker,
          channels: { email: channel(localOutbox(platform, tenantId)), letter: channel(letterFolder(folder)) },
          composer: createComposer({ platform: own, tenantId, printer, publicUrl: () => "http://localhost:8080" }),
        }),
      };
      const ended = async (): Promise<void> => {
        while (running > 0) await pause(5);
      };
      return { program, work: () => work, ended };
    },
    async drop() {
      rmSync(folder, { recursive: true });
      await kulanz.drop();
    },
  };
}

const play = (machine: Machine, program: DemoProgram, exitAfter = UNTIL): Promise<DemoReport> =>
  runDemo(program, { exitAfter, onAck: (ack) => void machine.acks.push(ack) }).then((report) => expectOk(report));

/** Every acknowledgement names something that is in the database for good, once. */
async function acknowledged({ platform, acks }: Machine): Promise<Record<string, number>> {
  const ids = (kind: string): string[] => acks.filter((ack) => ack.kind === kind).map(({ id }) => id);
  for (const kind of new Set(acks.map((ack) => ack.kind))) expect(new Set(ids(kind)).size, kind).toBe(ids(kind).length);
  const stored = await platform.database.tenant(demoTenantId, (tx) =>
    tx.one<{ messages: number; matches: number; files: number }>(sql`
      select (select count(*)::integer from message where state = 'left' and message_id = any(${ids("message left")}::uuid[])) as messages,
             (select count(*)::integer from match where match_id = any(${ids("payment booked")}::uuid[])) as matches,
             (select count(*)::integer from import_file where import_id = any(${ids("statement imported")}::uuid[])) as files`),
  );
  const counts = {
    messages: ids("message left").length,
    matches: ids("payment booked").length,
    files: ids("statement imported").length,
  };
  expect(stored).toEqual(counts);
  return counts;
}

describe("the six weeks", () => {
  let straight: Machine;
  let report: DemoReport;
  let work = 0;
  beforeAll(async () => {
    straight = await openMachine();
    const started = straight.start();
    report = await play(straight, started.program);
    work = started.work();
  }, TIME);
  afterAll(async () => {
    await straight?.drop();
    printer.close();
  });

  test("report what the files hold", () => {
    expect(report.reached).toBe(UNTIL);
    const plan = readPlan();
    const arrived = new Set(plan.arrivals.filter(({ on }) => on <= UNTIL).map(({ file }) => file));
    expect(Object.values(report.files).reduce((sum, count) => sum + count, 0)).toBe(arrived.size);
    for (const [index, key] of (["garden", "utility"] as const).entries()) {
      const one = report.creditors[index];
      const items = samples.items.filter((item) => item.creditor === key && item.arrivesOn <= UNTIL);
      const statements = samples.statements[key].filter(({ file }) => arrived.has(file));
      expect(one?.imported.items).toBe(items.length);
      expect(one?.imported.statements).toBe(statements.length);
      const entries = statements.reduce((sum, { statement }) => sum + statement.entries.length, 0);
      expect(one?.imported.entries).toBe(entries);
      const { automatically, confirmed } = one?.matched ?? { automatically: 0, confirmed: 0 };
      expect(automatically + confirmed + (one?.stillProposed ?? 0) + (one?.unmatched ?? 0)).toBe(entries);
      // Most payments book by themselves, some wait for a person, some are nobody's.
      expect(automatically / entries).toBeGreaterThan(0.6);
      expect(one?.proposed).toBeGreaterThan(0);
      expect(one?.unmatched).toBeGreaterThan(0);
      for (const { amount } of [...(one?.paid ?? []), ...(one?.stillOpen ?? [])])
        expect(amount).toMatch(/^\d+\.\d{2}$/);
    }
    for (const stage of ["pre_due", "reminder", "dunning_notice"])
      expect(report.messages[stage]?.["email"]).toBeGreaterThan(0);
    expect(report.messages["reminder"]?.["letter"]).toBeGreaterThan(0);
    // A payment that crossed a notice: it was decided on Sunday and is no longer right on Monday.
    const dropped = report.creditors.flatMap(({ messages }) => messages).reduce((sum, one) => sum + one.dropped, 0);
    if (SOAK) expect(dropped).toBeGreaterThanOrEqual(1);
    // Nothing waits for a person because of us.
    for (const { messages } of report.creditors) for (const { toLookAt } of messages) expect(toLookAt).toBe(0);
    expect(report.tasks["parked_message"] ?? 0).toBe(0);
    expect(reportText(report)).toContain("Wurzelfroh Gartenbedarf GmbH");
  });

  test("book no payment to a customer it was not from", async () => {
    const customerOf = new Map(samples.items.map(({ number, customer }) => [number, customer.number]));
    await withAct(straight.platform, demoTenantId, { kind: "system", id: "test" }, async (act) => {
      for (const { file, statement } of [...samples.statements.garden, ...samples.statements.utility]) {
        const found = await matchesOfFile(act, file.split("/")[1]);
        if (!found.ok) continue; // not arrived yet
        for (const { entry, status, booked } of found.value) {
          const { truth, kind } = statement.entries[entry - 1] as SampleEntry;
          if (status !== "booked") continue;
          expect(kind, `${file} ${entry}`).not.toBe("own");
          const numbers = booked.flatMap(({ number }) => number ?? []);
          // Money that went back is booked nowhere any more.
          if (numbers.length === 0) continue;
          // What is left over may pay another invoice of the same customer (§ 366 II BGB), never anybody else's.
          expect(
            numbers.filter((number) => truth.includes(number)),
            `${file} ${entry}`,
          ).not.toEqual([]);
          const payers = new Set(truth.map((number) => customerOf.get(number)));
          for (const number of numbers) expect(payers, `${file} ${entry}`).toContain(customerOf.get(number));
        }
      }
    });
  });

  test("acknowledge what is committed; letters lie in the folder, once each", async () => {
    const { messages, matches, files } = await acknowledged(straight);
    const left = Object.values(report.messages).flatMap((channels) => Object.values(channels));
    expect(messages).toBe(left.reduce((sum, count) => sum + count, 0));
    expect(matches).toBe(
      report.creditors.reduce((sum, { matched }) => sum + matched.automatically + matched.confirmed, 0),
    );
    expect(files).toBe(report.creditors.reduce((sum, { imported }) => sum + imported.statements, 0));
    const letters = Object.values(report.messages).reduce((sum, channels) => sum + (channels["letter"] ?? 0), 0);
    expect(straight.letters()).toHaveLength(letters);
    const audit = await withAct(straight.platform, demoTenantId, { kind: "system", id: "test" }, (act) =>
      verifyAudit(act.tx),
    );
    expect(audit).toMatchObject({ ok: true });
  });

  test("customers speak, and it has its effect", async () => {
    const visits = await straight.platform.database.tenant(demoTenantId, (tx) =>
      tx.rows<{ act: string }>(sql`select distinct act from portal_visit order by act`),
    );
    expect(visits.map(({ act }) => act)).toEqual(
      expect.arrayContaining(["callback", "dispute", "giro_shown", "paid_claimed"]),
    );
    const planned = (act: string): number =>
      readPlan().acts.filter((scene) => scene.act === act && scene.on <= UNTIL).length;
    expect(report.tasks["callback"]).toBe(planned("call_me"));
    expect(report.tasks["dispute"]).toBe(planned("something_is_wrong"));
  });

  test(
    "played again on the same data, nothing happens twice",
    async () => {
      const before = straight.acks.length;
      expect(await play(straight, straight.start().program)).toEqual(report);
      expect(straight.acks.length).toBe(before);
    },
    TIME,
  );

  test(
    "killed at seeded moments and started again, they come to the same report",
    async () => {
      const machine = await openMachine();
      try {
        const random = seededRandom(20_261_122);
        let deaths = 0;
        let last: DemoReport | undefined;
        while (last === undefined) {
          // Far enough apart to reach the end, at odd and even moments alike.
          const share = Math.floor((work / (DEATHS + 1)) * (0.5 + random.next()));
          const { program, ended } = machine.start(deaths < DEATHS ? share : undefined);
          try {
            last = await play(machine, program);
          } catch (error) {
            expect((error as Error).message).toBe("dead");
            deaths += 1;
          }
          await ended();
        }
        expect(deaths).toBeGreaterThanOrEqual(Math.min(3, DEATHS));
        expect(last).toEqual(report);
        // An acknowledgement may die with its process; none is given twice, none for something that is not there.
        await acknowledged(machine);
        const letters = Object.values(report.messages).reduce((sum, channels) => sum + (channels["letter"] ?? 0), 0);
        expect(machine.letters()).toHaveLength(letters);
      } finally {
        await machine.drop();
      }
    },
    TIME,
  );

  test("afterwards time goes on from the next morning", async () => {
    const { program } = straight.start();
    await openDemoDay(program);
    expect(program.clock.now().toISOString()).toBe("2026-11-16T07:00:00.000Z");
  });
});
