import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { sql } from "../../src/platform/database/index.ts";
import {
  CUSTOMER_TOUCHED,
  defineTask,
  enqueue,
  type Liveness,
  startLiveness,
  startWorker,
  type Task,
  touch,
  type Worker,
} from "../../src/platform/jobs/index.ts";
import type { CustomerId } from "../../src/pure/kernel/index.ts";
import { createTestDatabase } from "../support/database.ts";
import { administer } from "../support/server.ts";

const kulanz = await createTestDatabase();
const { database, url, log, now, chance } = kulanz;
const tenant = await kulanz.createTenant("Auftrag GmbH");
afterAll(() => kulanz.drop());

const customer = (n: number) => `0190f3c2-5a7b-7c3d-8e4f-${String(n).padStart(12, "0")}` as CustomerId;
const waiting = () =>
  database.owner((tx) =>
    tx.rows<{ task: string; key: string | null; locked: boolean; payload: unknown }>(sql`
      select t.identifier as task, j.key, j.locked_by is not null as locked, j.payload
      from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id order by j.id`),
  );

let liveness: Liveness;
let worker: Worker | undefined;
beforeEach(async () => {
  await database.owner((tx) => tx.execute(sql`delete from graphile_worker._private_jobs`));
  liveness = await startLiveness({ url, now, chance, log });
});
afterEach(async () => {
  await worker?.stop();
  worker = undefined;
  await liveness.stop();
});
const work = async (tasks: readonly Task[], sweepMs = 200) => {
  worker = await startWorker({ url, log, liveness, tasks, concurrency: 5, sweepMs });
};
async function until(met: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let waited = 0; !(await met()); waited += 20) {
    if (waited > 15_000) throw new Error(`not reached: ${what}`);
    await pause(20);
  }
}

describe("enqueuing", () => {
  it("belongs to the transaction", async () => {
    const failing = database.tenant(tenant, async (tx) => {
      await touch(tx, customer(1));
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await waiting()).toEqual([]);
  });

  it("keeps one job a customer, however often it is touched", async () => {
    await database.tenant(tenant, async (tx) => {
      await touch(tx, customer(1), customer(2), customer(1));
      await touch(tx, customer(2));
    });
    await database.tenant(tenant, (tx) => touch(tx, customer(1)));
    const job = (n: number) => ({
      task: CUSTOMER_TOUCHED,
      key: `touch:${customer(n)}`,
      locked: false,
      payload: { tenantId: tenant, customerId: customer(n) },
    });
    expect((await waiting()).sort((a, b) => (a.key ?? "").localeCompare(b.key ?? ""))).toEqual([job(1), job(2)]);
  });

  it("leaves a job as it is that waits already; one with another payload or another time is replaced", async () => {
    const jobs = () =>
      database.owner((tx) =>
        tx.rows<{ id: bigint; revision: number; n: number; later: boolean }>(sql`
          select id, revision, (payload->>'n')::integer as n, run_at > now() as later from graphile_worker._private_jobs`),
      );
    const put = (n: number, due?: Date) =>
      database.tenant(tenant, (tx) => enqueue(tx, "test.same", [{ payload: { n }, key: "same" }], due));
    expect(await put(1)).toBe(1);
    const [first] = await jobs();
    expect(await put(1)).toBe(1);
    expect(await jobs()).toEqual([first]);
    await put(2);
    expect(await jobs()).toEqual([{ ...first, revision: 1, n: 2 }]);
    await put(2, new Date("2199-01-01T00:00:00Z"));
    expect(await jobs()).toEqual([{ ...first, revision: 2, n: 2, later: true }]);
    await put(2);
    expect(await jobs()).toEqual([{ ...first, revision: 3, n: 2 }]);
  });

  it("takes jobs without keys, and none", async () => {
    const jobs = [{ payload: { n: 1 } }, { payload: { n: 1 } }];
    expect(await database.tenant(tenant, (tx) => enqueue(tx, "test.plain", jobs))).toBe(2);
    expect(await database.system((tx) => enqueue(tx, "test.plain", []))).toBe(0);
    expect(await waiting()).toHaveLength(2);
  });

  it("is all the application may do with jobs", async () => {
    const read = database.tenant(tenant, (tx) => tx.rows(sql`select * from graphile_worker._private_jobs`));
    await expect(read).rejects.toThrow(/permission denied/);
    const planted = database.tenant(tenant, (tx) => tx.execute(sql`select graphile_worker.add_job('x', '{}'::json)`));
    await expect(planted).rejects.toThrow(/permission denied/);
  });

  it("is not fooled by a search path of the caller", async () => {
    const config = await database.owner((tx) =>
      tx.rows<{ config: string[]; owner: string }>(sql`select proconfig as config, proowner::regrole::text as owner
        from pg_proc where proname = 'enqueue' and prosecdef`),
    );
    expect(config).toEqual(Array(2).fill({ config: ["search_path=pg_catalog, pg_temp"], owner: "kulanz_owner" }));
  });
});

describe("a worker", () => {
  it("runs checked payloads and tries failed jobs again", async () => {
    const seen: number[] = [];
    const sum = defineTask("test.sum", z.object({ n: z.number() }), async ({ n }, { attempt }) => {
      if (n === 2 && attempt === 1) throw new Error("Erika Musterfrau");
      seen.push(n);
    });
    await work([sum]);
    await database.tenant(tenant, (tx) =>
      enqueue(tx, "test.sum", [{ payload: { n: 1 } }, { payload: { n: 2 } }, { payload: { n: "x" } }]),
    );
    await until(() => seen.length === 2, "both good jobs done");
    expect(new Set(seen)).toEqual(new Set([1, 2]));
    const failed = () =>
      database.owner((tx) =>
        tx.rows<{ last_error: string }>(sql`select last_error from graphile_worker._private_jobs`),
      );
    await until(async () => (await failed()).length === 1, "only the bad one is left");
    const errors = await failed();
    expect(errors[0]?.last_error).toBe("ZodError");
    expect(JSON.stringify(errors)).not.toContain("Musterfrau");
  });

  it("takes a waiting job only when whoever touched it anew has committed, and sees what they wrote", async () => {
    const seen: string[] = [];
    const read = defineTask(CUSTOMER_TOUCHED, z.object({ tenantId: z.string(), customerId: z.string() }), async () => {
      const row = await database.tenant(tenant, (tx) => tx.one<{ name: string }>(sql`select name from tenant`));
      seen.push(row?.name ?? "");
    });
    await database.tenant(tenant, (tx) => touch(tx, customer(1)));
    await database.tenant(tenant, async (tx) => {
      await tx.execute(sql`update tenant set name = 'Umbenannt GmbH'`);
      await touch(tx, customer(1));
      await work([read]);
      await pause(500);
      expect(seen).toEqual([]);
    });
    await until(() => seen.length > 0, "the job is done");
    expect(seen).toEqual(["Umbenannt GmbH"]);
  });

  it("stops after finishing what runs", async () => {
    let done = false;
    const slow = defineTask("test.slow", z.object({}), async () => {
      await pause(300);
      done = true;
    });
    await work([slow]);
    await database.tenant(tenant, (tx) => enqueue(tx, "test.slow", [{ payload: {} }]));
    await until(async () => (await waiting()).some((job) => job.locked), "job runs");
    await worker?.stop();
    worker = undefined;
    expect(done).toBe(true);
    expect(await waiting()).toEqual([]);
  });

  it("goes on after the server dropped all its connections, in the middle of jobs", async () => {
    const seen = new Set<number>();
    const slow = defineTask("test.dropped", z.object({ n: z.number() }), async ({ n }) => {
      await pause(100);
      seen.add(n);
    });
    await work([slow]);
    const jobs = Array.from({ length: 10 }, (_, n) => ({ payload: { n } }));
    await database.tenant(tenant, (tx) => enqueue(tx, "test.dropped", jobs));
    await until(() => seen.size >= 2, "some are done");
    await administer(
      url,
      "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()",
    );
    await until(() => seen.size === 10, "all are done");
    await database.tenant(tenant, (tx) => enqueue(tx, "test.dropped", [{ payload: { n: 99 } }]));
    await until(() => seen.has(99), "later ones, too");
    await until(() => liveness.isAlive(liveness.workerId).catch(() => false), "alive again");
    await until(async () => (await waiting()).length === 0, "all are closed");
  });

  it("runs what a cron line makes due", async () => {
    let ran = 0;
    const tick = defineTask("test.tick", z.object({}), async () => {
      ran += 1;
    });
    // Known for two hours: the runs of the last hour are made up for at once.
    await database.owner((tx) =>
      tx.execute(sql`insert into graphile_worker._private_known_crontabs (identifier, known_since)
        values ('test.tick', now() - interval '2 hours')`),
    );
    const cron = [{ task: "test.tick", match: "*/30 * * * *", backfillSeconds: 3600 }];
    worker = await startWorker({ url, log, liveness, tasks: [tick], cron });
    await until(() => ran >= 2, "two runs were made up for");
  });

  it("does not start with two tasks of a name or a cron of none", async () => {
    const task = defineTask("test.one", z.object({}), async () => {});
    const start = (tasks: readonly Task[], name: string) =>
      startWorker({ url, log, liveness, tasks, cron: [{ task: name, match: "* * * * *" }] });
    await expect(start([task, task], "test.one")).rejects.toThrow("same name");
    await expect(start([task], "test.two")).rejects.toThrow("names no task");
  });
});

describe("liveness", () => {
  it("knows the living and the dead", async () => {
    const other = await startLiveness({ url, now, chance, log });
    expect(await liveness.isAlive(other.workerId)).toBe(true);
    expect(await liveness.isAlive(liveness.workerId)).toBe(true);
    expect(await liveness.deadOf([other.workerId, customer(9)])).toEqual([customer(9)]);
    await other.stop();
    expect(await liveness.isAlive(other.workerId)).toBe(false);
  });

  it("comes back after the server dropped its connection", async () => {
    await administer(
      url,
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'kulanz-alive' and datname = current_database()",
    );
    await until(() => liveness.isAlive(liveness.workerId).catch(() => false), "alive again");
    expect(await liveness.sweep()).toEqual([]);
  });

  it("frees the jobs of a killed process at once, and no living one's", async () => {
    await database.tenant(tenant, (tx) =>
      enqueue(
        tx,
        "test.endless",
        Array.from({ length: 8 }, (_, n) => ({ payload: { n } })),
      ),
    );
    const child: ChildProcess = fork(join(import.meta.dirname, "worker_process.ts"), [url], {
      execArgv: ["--import", join(import.meta.dirname, "../support/typescript.js")],
    });
    let id = "";
    let running = 0;
    child.on("message", (message: { workerId?: string; running?: boolean }) => {
      if (message.workerId) id = message.workerId;
      if (message.running) running += 1;
    });
    await until(() => id !== "" && running === 3, "child works");
    const locked = async () => (await waiting()).filter((job) => job.locked).length;
    expect(await locked()).toBe(3);
    expect(await liveness.sweep()).toEqual([]);
    expect(await liveness.isAlive(id)).toBe(true);
    const gone = new Promise((done) => child.once("exit", done));
    child.kill("SIGKILL");
    await gone;
    await until(async () => !(await liveness.isAlive(id)), "death seen");
    expect(await locked()).toBe(3);
    // The process and the id under which its jobs were locked.
    expect(await liveness.sweep()).toHaveLength(2);
    expect(await locked()).toBe(0);
    let done = 0;
    await work([
      defineTask("test.endless", z.object({ n: z.number() }), async () => {
        done += 1;
      }),
    ]);
    await until(() => done === 8, "all jobs done by another worker");
  });
});
