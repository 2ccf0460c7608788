/**
 * Who lives? Each process holds a session advisory lock on its own key from start to end; the server drops it with the
 * connection, also after `kill -9`. `worker_alive` maps a process id, and the ids under which the job library locks
 * jobs, to that key. So whether a process is dead can be asked at once and without waiting for a time-out.
 */
import pg from "pg";
import { type Chance, type Clock, newUuid } from "../../pure/kernel/index.ts";
import type { Logger } from "../config/index.ts";
import { connectionAs, typeParsers } from "../database/index.ts";

export interface LivenessOptions {
  readonly url: string;
  readonly now: Clock;
  readonly chance: Chance;
  readonly log: Logger;
}

export interface Liveness {
  /** Id of this process, new at every start. */
  readonly workerId: string;
  /** False for a process that ended, however it did, and for an id nobody has. */
  isAlive(workerId: string): Promise<boolean>;
  /** Those of these ids that are dead. */
  deadOf(workerIds: readonly string[]): Promise<readonly string[]>;
  /** Lets another id live and die with this process. */
  alias(id: string): Promise<void>;
  /** Frees the jobs of dead workers at once and forgets them. Returns their ids. */
  sweep(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Advisory locks of this database as pg_locks shows them: the key's halves in two columns. */
const held = `select ((l.classid::bigint << 32) | l.objid::bigint) from pg_locks l
  where l.locktype = 'advisory' and l.objsubid = 1 and l.granted
    and l.database = (select d.oid from pg_database d where d.datname = current_database())`;

const RECONNECT_MS = 500;
const KEEPALIVE = { tcp_keepalives_idle: 10, tcp_keepalives_interval: 5, tcp_keepalives_count: 3 };

export async function startLiveness(options: LivenessOptions): Promise<Liveness> {
  const { log, now } = options;
  const workerId = newUuid(now(), options.chance);
  const ids = new Set([workerId]);
  let stopped = false;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function connect(): Promise<void> {
    const fresh = new pg.Client({
      // A machine that vanished is noticed within half a minute.
      ...connectionAs(options.url, "kulanz_owner", KEEPALIVE),
      types: typeParsers,
      application_name: "kulanz-alive",
      keepAlive: true,
    });
    fresh.on("error", () => {});
    fresh.once("end", () => {
      if (client === fresh) lost();
    });
    await fresh.connect();
    try {
      // First the lock, then the row: a row without its lock means death.
      await fresh.query("select pg_advisory_lock(hashtextextended($1, 42))", [workerId]);
      for (const id of ids) await register(fresh, id);
      client = fresh;
    } catch (error) {
      await fresh.end().catch(() => {});
      throw error;
    }
  }

  /** The server restarted, say. Until the lock is ours again others take us for dead, which our tasks must bear. */
  function lost(): void {
    client = undefined;
    if (stopped) return;
    log.warn("liveness_lost", { worker: workerId });
    const again = (): void => {
      if (stopped) return;
      connect().then(
        () => {
          if (stopped) void client?.end();
          else log.info("liveness_regained", { worker: workerId });
        },
        () => {
          timer = setTimeout(again, RECONNECT_MS);
        },
      );
    };
    timer = setTimeout(again, RECONNECT_MS);
  }

  const register = (on: pg.Client, id: string): Promise<unknown> =>
    on.query(
      `insert into worker_alive (worker, lock_key, since) values ($1, hashtextextended($2, 42), $3)
       on conflict (worker) do nothing`,
      [id, workerId, now()],
    );

  let last: Promise<unknown> = Promise.resolve();
  const ask = <Row extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<pg.QueryResult<Row>> => {
    const next = last.then(() => {
      if (client === undefined) throw new Error("no connection to the database");
      return client.query<Row>(text, values);
    });
    last = next.catch(() => {});
    return next;
  };

  async function deadOf(workerIds: readonly string[]): Promise<readonly string[]> {
    const living = await ask<{ worker: string }>(
      `select worker from worker_alive where worker = any($1) and lock_key in (${held})`,
      [workerIds],
    );
    const names = new Set(living.rows.map((row) => row.worker));
    return workerIds.filter((id) => !names.has(id));
  }

  await connect();
  return {
    workerId,
    deadOf,
    isAlive: async (id) => (await deadOf([id])).length === 0,
    alias: async (id) => {
      ids.add(id);
      if (client !== undefined) await register(client, id);
    },
    sweep: async () => {
      // A lock on jobs under an id that was never written down belongs to a process killed in its first moments.
      const dead = await ask<{ worker: string }>(
        `select worker from worker_alive where lock_key not in (${held})
         union select locked_by from graphile_worker._private_jobs
         where locked_at < now() - interval '1 minute' and locked_by not in (select worker from worker_alive)`,
        [],
      );
      const found = dead.rows.map((row) => row.worker);
      if (found.length === 0) return found;
      // In this order: a sweeper killed in between leaves the name for the next one.
      await ask("select graphile_worker.force_unlock_workers($1)", [found]);
      await ask(`delete from worker_alive where worker = any($1) and lock_key not in (${held})`, [found]);
      log.warn("dead_workers_swept", { count: found.length });
      return found;
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      const ending = client;
      client = undefined;
      if (ending === undefined) return;
      await ending.query("delete from worker_alive where worker = any($1)", [[...ids]]).catch(() => {});
      await ending.end().catch(() => {});
    },
  };
}
