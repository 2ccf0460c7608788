import pg from "pg";
import { type Chance, type Clock, isUuid, newUuid, type Uuid } from "../../pure/kernel/index.ts";
import type { Logger } from "../config/index.ts";
import type { DatabaseRole } from "./roles.ts";
import type { Sql } from "./sql.ts";
import type { Database, TenantTransaction, Transaction } from "./transaction.ts";

export interface DatabaseOptions {
  /** `postgres://login:password@host:port/database` */
  readonly url: string;
  readonly now: Clock;
  readonly chance: Chance;
  readonly log: Logger;
  /** Connections of the role that serves requests (10). The other two roles get few. */
  readonly poolSize?: number;
}

const parserOf = pg.types.getTypeParser as (oid: number, format?: string) => (text: string) => unknown;
const strings = parserOf(1009) as (text: string) => readonly (string | null)[];
const asArray =
  <T>(parse: (text: string) => T) =>
  (text: string): (T | null)[] =>
    strings(text).map((item) => (item === null ? null : parse(item)));
const text = (value: string): string => value;
const parsers = new Map<number, (value: string) => unknown>([
  [20, BigInt],
  [1016, asArray(BigInt)],
  [1082, text],
  [1182, asArray(text)],
  [1700, text],
  [1231, asArray(text)],
]);

/** int8 → bigint, date → `YYYY-MM-DD`, numeric → text, the same in arrays; the rest as `pg` has it. */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format = "text") =>
    (format === "text" ? parsers.get(oid) : undefined) ?? parserOf(oid, format)) as typeof pg.types.getTypeParser,
};

/**
 * How to connect as `role`. The driver lets a query part of the address (`?options=…`) win over its configuration, and
 * with it the role would be gone; so what is there comes first and ours behind it.
 */
export function connectionAs(
  url: string,
  role: DatabaseRole | "login",
  settings: Readonly<Record<string, string | number>> = {},
): { readonly connectionString: string; readonly options: string } {
  const address = new URL(url);
  const words = [address.searchParams.get("options") ?? ""];
  address.searchParams.delete("options");
  const ours = { ...(role !== "login" && { role }), timezone: "UTC", search_path: "public", ...settings };
  for (const [name, value] of Object.entries(ours)) words.push(`-c ${name}=${value}`);
  return { connectionString: address.href, options: words.join(" ").trim() };
}

/**
 * A pool whose connections are `role` from their start; one that turns out to be another (a pooler in between may drop
 * startup options) is refused, because row security would not bind it. Errors of idle connections are logged; without
 * a listener the process would die when the server stops.
 */
export function openPool(
  options: Pick<DatabaseOptions, "url" | "log">,
  role: DatabaseRole | "login",
  size: number,
  types: pg.CustomTypesConfig = typeParsers,
  pipeline = false,
): pg.Pool {
  const pool = new pg.Pool({
    ...connectionAs(options.url, role),
    max: size,
    types,
    pipeline,
    application_name: "kulanz",
    connectionTimeoutMillis: 30_000,
    onConnect: async (client) => {
      if (role === "login") return;
      const { rows } = await client.query<{ name: string }>("select current_user::text as name");
      if (rows[0]?.name !== role)
        throw new Error(`the connection is not of role ${role}: startup options were dropped`);
    },
  });
  // While the pool closes its connections the server may already be stopping: nobody lost anything then.
  const lost = (error: Error): void => {
    if (!pool.ending) options.log.warn("database_connection_lost", { role, error });
  };
  pool.on("error", lost);
  pool.on("connect", (client) => void client.on("error", lost));
  return pool;
}

/** Transactions that are neither committed nor rolled back. */
const running = new WeakSet<Transaction>();

/** 40001 serialization failure, 40P01 deadlock: the server undid the transaction, doing it again is right. */
const REPEATABLE = new Set(["40001", "40P01"]);
const TRIES = 5;
const codeOf = (error: unknown): string | undefined => (error as { code?: string } | undefined)?.code;

/**
 * Opens the database. Transactions are `read committed`.
 *
 * A transaction that PostgreSQL undid because of a deadlock or a serialization failure is done again, five times at
 * most with a growing, random pause. So `work` may run more than once: what it does outside the transaction belongs
 * into `afterCommit`. Any other error rolls back and is thrown on. A statement that failed and was caught inside
 * `work` leaves nothing to commit; that is thrown, too.
 */
export function createDatabase(options: DatabaseOptions): Database {
  // Statements go out before the one in front of them is answered: the server works while we prepare what comes next.
  const app = openPool(options, "kulanz_app", options.poolSize ?? 10, typeParsers, true);
  const system = openPool(options, "kulanz_system", 3, typeParsers, true);
  const owner = openPool(options, "kulanz_owner", 2, typeParsers, true);

  async function transact<Tx extends Transaction, T>(
    pool: pg.Pool,
    opening: string,
    shape: (tx: Transaction) => Tx,
    work: (tx: Tx) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const client = await connect(pool, opening);
      const callbacks: (() => void)[] = [];
      const sent: Sent = {};
      const tx = shape(transactionOn(client, options, callbacks, sent));
      running.add(tx);
      let broken: Error | undefined;
      try {
        const value = await work(tx);
        running.delete(tx);
        const { command } = await client.query("commit");
        if (command !== "COMMIT")
          throw sent.failure ?? new Error("a statement of this transaction failed, so it was rolled back");
        for (const callback of callbacks) notify(callback, options.log);
        return value;
      } catch (error) {
        running.delete(tx);
        await client.query("rollback").catch((failed: Error) => {
          broken = failed;
        });
        const code = codeOf(error);
        if (code === undefined || !REPEATABLE.has(code) || attempt === TRIES) throw error;
        options.log.debug("transaction_repeated", { code, attempt });
      } finally {
        client.release(broken);
      }
      const [random = 0] = options.chance(1);
      await new Promise((resolve) => setTimeout(resolve, (random / 255) * 10 * 2 ** attempt));
    }
  }

  return {
    tenant: (tenantId, work) => {
      if (!isUuid(tenantId)) throw new Error("not a tenant id");
      // `set local` and not set_config(): Citus carries only the former to its nodes (citus.propagate_set_commands).
      const opening = `begin; set local kulanz.tenant = '${tenantId}'`;
      return transact(app, opening, (tx): TenantTransaction => Object.assign(tx, { tenantId }), work);
    },
    system: (work) => transact(system, "begin", (tx) => tx, work),
    owner: (work) => transact(owner, "begin", (tx) => tx, work),
    close: async () => {
      await Promise.all([app.end(), system.end(), owner.end()]);
    },
  };
}

/** A connection on which the transaction is open. One the server has closed meanwhile is thrown away and replaced. */
async function connect(pool: pg.Pool, opening: string): Promise<pg.PoolClient> {
  for (let left = pool.totalCount; ; left -= 1) {
    const client = await pool.connect();
    try {
      await client.query(opening);
      return client;
    } catch (error) {
      client.release(error as Error);
      if (left <= 0 || codeOf(error)?.startsWith("42")) throw error;
    }
  }
}

function notify(callback: () => void, log: Logger): void {
  try {
    callback();
  } catch (error) {
    // Committed is committed: what runs afterwards can't make it fail.
    log.error("after_commit_failed", { error });
  }
}

/** The first error of a statement nobody waited for; every later one fails because of it. */
interface Sent {
  failure?: Error;
}

function transactionOn(
  client: pg.ClientBase,
  { now: clock, chance }: Pick<DatabaseOptions, "now" | "chance">,
  callbacks: (() => void)[],
  sent: Sent,
): Transaction {
  const now = clock();
  const run = (query: Sql): Promise<pg.QueryResult> => {
    if (!running.has(tx)) throw new Error("the transaction is over: a statement was not awaited");
    const { text: statement, values } = query;
    return client.query({ text: statement, values: values as unknown[] });
  };
  // Answers come in the order of the statements, so what a send broke is known before what follows fails.
  const awaited = async (query: Sql): Promise<pg.QueryResult> => {
    try {
      return await run(query);
    } catch (error) {
      throw sent.failure ?? error;
    }
  };
  const tx: Transaction = {
    rows: async <Row extends object>(query: Sql) => (await awaited(query)).rows as Row[],
    one: async <Row extends object>(query: Sql) => {
      const { rows } = await awaited(query);
      if (rows.length > 1) throw new Error(`one row expected, ${rows.length} came`);
      return rows[0] as Row | undefined;
    },
    execute: async (query) => (await awaited(query)).rowCount ?? 0,
    send: (query) => {
      run(query).catch((error: Error) => {
        sent.failure ??= error;
      });
    },
    now,
    newId: <Name extends Uuid>() => newUuid(now, chance) as Name,
    afterCommit: (callback) => void callbacks.push(callback),
  };
  return tx;
}
