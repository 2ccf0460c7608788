/**
 * Words: a *task* is a named kind of background work, a *job* one piece of it that waits or runs, a *key* makes two
 * waiting jobs one, a *worker* is a process that runs jobs. A job may run twice (its worker was killed after doing it
 * and before saying so), so tasks are idempotent.
 */
import type { z } from "zod";

export interface JobContext {
  readonly jobId: string;
  /** 1 at the first try. */
  readonly attempt: number;
  /** The process that runs it (see `Liveness`). */
  readonly workerId: string;
  /** Aborts when the worker stops and the time for finishing is over. */
  readonly signal: AbortSignal;
}

export interface Task {
  /** `room.verb`, for example `dunning.reconsider`. */
  readonly name: string;
  run(payload: unknown, context: JobContext): Promise<void>;
}

/** A task whose payload is checked before it runs. An expected failure is thrown and leads to a later try. */
export function defineTask<Payload>(
  name: string,
  schema: z.ZodType<Payload>,
  run: (payload: Payload, context: JobContext) => Promise<void>,
): Task {
  return { name, run: async (payload, context) => run(schema.parse(payload), context) };
}

/** Work that comes again and again. */
export interface Cron {
  readonly task: string;
  /** Five fields, UTC: minute, hour, day of month, month, day of week. */
  readonly match: string;
  /** Runs that were missed while no worker lived are made up for within this time (0). */
  readonly backfillSeconds?: number;
}
