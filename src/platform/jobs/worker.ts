import { EventEmitter } from "node:events";
import { parseCronItems, type Runner, run, type TaskList, type WorkerPool } from "graphile-worker";
import pg from "pg";
import { describeError, type Logger } from "../config/index.ts";
import { openPool } from "../database/index.ts";
import { quietLogger } from "./install.ts";
import type { Liveness } from "./liveness.ts";
import type { Cron, Task } from "./model.ts";

export interface WorkerOptions {
  readonly url: string;
  readonly log: Logger;
  readonly liveness: Liveness;
  readonly tasks: readonly Task[];
  readonly cron?: readonly Cron[];
  /** Jobs at the same time (4). */
  readonly concurrency?: number;
  /** How often dead workers are looked for; milliseconds (5,000). */
  readonly sweepMs?: number;
}

export interface Worker {
  /** Takes no more jobs, lets the running ones finish (10 s, then their signal aborts), gives the rest back. */
  stop(): Promise<void>;
}

const FINISH_MS = 10_000;
/** Pause before the library's runner is started anew after it ended by itself. */
const RESTART_MS = 500;

/** Runs jobs until `stop`. Frees the jobs of workers that were killed, at its start and every few seconds. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { log, liveness, concurrency = 4, sweepMs = 5_000 } = options;
  const known = new Set(options.tasks.map((task) => task.name));
  if (known.size !== options.tasks.length) throw new Error("two tasks have the same name");
  for (const { task } of options.cron ?? []) if (!known.has(task)) throw new Error(`cron names no task: ${task}`);

  await liveness.sweep();
  // The library writes ids as JSON, so it gets the driver's own types: a bigint would break it.
  const pool = openPool(options, "kulanz_owner", concurrency + 4, pg.types);
  const events = new EventEmitter();
  // Jobs are locked under the pool's id, so that id must be known to die with this process.
  let named: Promise<void> = Promise.resolve();
  let poolId = "";
  events.on("pool:create", ({ workerPool }: { workerPool: WorkerPool }) => {
    poolId = workerPool.id;
    named = liveness.alias(workerPool.id);
  });
  const start = (): Promise<Runner> =>
    run({
      pgPool: pool,
      concurrency,
      noHandleSignals: true,
      logger: quietLogger,
      events: events as never,
      taskList: taskList(options),
      parsedCronItems: parseCronItems(
        (options.cron ?? []).map(({ task, match, backfillSeconds = 0 }) => ({
          task,
          match,
          identifier: task,
          options: { backfillPeriod: backfillSeconds * 1000 },
        })),
      ),
      preset: {
        worker: {
          pollInterval: 1_000,
          gracefulShutdownAbortTimeout: FINISH_MS,
          // Without a batch nobody awaits the statement that closes a job: `stop` would not wait for it, and a server
          // that restarts would end this process by an unhandled rejection.
          completeJobBatchDelay: 5,
          failJobBatchDelay: 5,
        },
      },
    });
  let stopped = false;
  let restart: NodeJS.Timeout | undefined;
  let runner = await start();
  await named;
  watch();

  /**
   * The library closes its pool of workers when a connection breaks while it closes a job, and its runner may never tell
   * (its promise stays open). Nobody would work then although the process lives: what the pool had locked is freed (its
   * handlers have all ended), and a new one is started until it stands.
   */
  function watch(): void {
    const watched = runner;
    let over = false;
    const ended = (error?: unknown): void => {
      if (stopped || over) return;
      over = true;
      log.error("worker_ended", { error });
      void watched.stop().catch(() => {});
      restart = setTimeout(() => void again(), RESTART_MS);
    };
    runner.promise.then(() => ended(), ended);
    events.once("pool:gracefulShutdown:complete", () => ended());
  }
  async function again(): Promise<void> {
    try {
      await pool.query("select graphile_worker.force_unlock_workers($1)", [[poolId]]);
      runner = await start();
      await named;
      log.info("worker_started_again", {});
      if (stopped) await runner.stop().catch(() => {});
      else watch();
    } catch (error) {
      if (stopped) return;
      log.warn("worker_not_started", { error });
      restart = setTimeout(() => void again(), RESTART_MS);
    }
  }

  let sweeping = Promise.resolve();
  const timer = setInterval(() => {
    sweeping = liveness.sweep().then(
      () => {},
      (error: unknown) => log.warn("sweep_failed", { error }),
    );
  }, sweepMs);
  timer.unref();
  return {
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      clearTimeout(restart);
      await sweeping;
      await runner.stop().catch((error: unknown) => log.warn("worker_stop", { error }));
      await pool.end();
    },
  };
}

function taskList({ tasks, log, liveness }: WorkerOptions): TaskList {
  const list: TaskList = {};
  for (const task of tasks)
    list[task.name] = async (payload, helpers) => {
      const { job } = helpers;
      const context = {
        jobId: String(job.id),
        attempt: job.attempts,
        workerId: liveness.workerId,
        signal: helpers.abortSignal ?? new AbortController().signal,
      };
      try {
        await task.run(payload, context);
        log.debug("job_done", { task: task.name, job: context.jobId });
      } catch (error) {
        log.error("job_failed", { task: task.name, job: context.jobId, attempt: context.attempt, error });
        // The library stores the message with the job: only what is safe to store.
        const { code, name } = describeError(error);
        throw new Error(String(code ?? name));
      }
    };
  return list;
}
